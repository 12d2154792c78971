"""`scrapy crawl comments -a video=…`: posts with their comments and the replies to them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from scrapy import Request

from crawler.errands import Answer, Errand
from crawler.list_runs import Turn
from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from store.queries.known import comments_lacking_replies
from tiktok.endpoints import Known
from tiktok.items import Comment, Video
from tiktok.outcomes import Listing, Outcome
from tiktok.routes import Operation
from tiktok.verdicts import Judgement


class CommentsSpider(ListSpider):
    """The post first, for its declared count; then comments; then the replies a page of comments only hints at."""

    name = "comments"
    operation = Operation.VIDEO
    record_type = Video

    def __init__(self, name: str | None = None, **given: Any) -> None:
        super().__init__(name, **given)
        self.threads: Counter[str] = Counter()
        """How many lists of replies are under way, by post."""
        self.outcomes: dict[str, Outcome] = {}
        """Of posts whose comments have ended and whose replies have not: a crawl that is killed asks for both again."""

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
        self.threads[errand.target.key] += 1
        known = replace(errand.known, comment_id=comment_id)
        parts = await self.begin_list(Operation.REPLIES, errand.target, known, replies, of=comment_id)
        for request in (part for part in parts if isinstance(part, Request)):
            # At once: kept until the whole page is asked for, it would hold an identity that the others wait for.
            self.crawler.engine.crawl(request)
        return [part for part in parts if not isinstance(part, Request)]

    def unaskable(self, errand: Errand, why: Judgement | None = None) -> Parts:
        return self._end_branch(errand, super().unaskable(errand, why))

    def end_list(self, answer: Answer, listing: Listing) -> Parts:
        return self._end_branch(answer.errand, super().end_list(answer, listing))

    def _end_branch(self, errand: Errand, ends: Parts) -> Parts:
        """Tell of a list that it ended, and of the post when none of its lists is under way any more.

        Replies end with their own list state; the post's outcome is that of its comments.
        """
        key = errand.target.key
        records = [end for end in ends if not isinstance(end, Outcome)]
        if errand.operation is Operation.REPLIES:
            self.threads[key] -= 1
        else:
            self.outcomes.update((end.target, end) for end in ends if isinstance(end, Outcome))
        if self.threads[key] or key not in self.outcomes:
            return records
        del self.threads[key]
        return [*records, self.outcomes.pop(key)]
