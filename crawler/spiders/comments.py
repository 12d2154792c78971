"""`scrapy crawl comments -a video=…`: posts with their comments and the replies to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from scrapy import Request

from crawler.errands import Answer, Errand
from crawler.list_runs import Turn
from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from store.queries.known import comments_lacking_replies
from tiktok.endpoints import Known
from tiktok.items import Comment, Video
from tiktok.outcomes import Listing
from tiktok.routes import Operation


class CommentsSpider(ListSpider):
    """The post first, for its declared count; then comments; then the replies a page of comments only hints at."""

    name = "comments"
    operation = Operation.VIDEO
    record_type = Video

    async def follow_record(self, answer: Answer, record: Video) -> Parts:
        known = Known(username=record.username, user_id=record.user_id, sec_uid=record.sec_uid)
        return await self.begin_list(Operation.COMMENTS, answer.errand.target, known)

    async def follow_rows(self, answer: Answer, turn: Turn) -> Parts:
        """Ask for the replies that a page of comments counts but doesn't hold."""
        if not self.arguments["replies"] or answer.errand.operation is not Operation.COMMENTS:
            return []
        inlined = Counter(item.parent_id for item in answer.reply.parsed.items if isinstance(item, Comment))
        asks: Parts = []
        for comment in turn.rows:
            if isinstance(comment, Comment) and (comment.replies_count or 0) > inlined[comment.id]:
                asks += await self._ask_for_replies(answer.errand, comment.id, comment.replies_count)
        return asks

    async def catch_up(self, errand: Errand) -> Parts:
        """Ask for the replies to stored comments that the earlier crawl did not get to."""
        if not self.arguments["replies"] or errand.operation is not Operation.COMMENTS:
            return []
        lacking = await self.look_up(comments_lacking_replies, errand.target.key)
        asks: Parts = []
        for comment_id, replies in lacking.items():
            asks += await self._ask_for_replies(errand, comment_id, replies)
        return asks

    async def _ask_for_replies(self, errand: Errand, comment_id: str, replies: int | None) -> Parts:
        known = replace(errand.known, comment_id=comment_id)
        parts = await self.begin_list(Operation.REPLIES, errand.target, known, replies, of=comment_id)
        for request in (part for part in parts if isinstance(part, Request)):
            # At once: kept until the whole page is asked for, it would hold an identity that the others wait for.
            self.crawler.engine.crawl(request)
        return [part for part in parts if not isinstance(part, Request)]

    def unaskable(self, errand: Errand) -> Parts:
        parts = super().unaskable(errand)
        return parts[:1] if errand.operation is Operation.REPLIES else parts

    def end_list(self, answer: Answer, listing: Listing) -> Parts:
        """Replies end with their own list state; the post's outcome is that of its comments."""
        if answer.errand.operation is Operation.REPLIES:
            return [listing]
        return super().end_list(answer, listing)
