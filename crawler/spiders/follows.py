"""`scrapy crawl follows -a user=… -a kind=followers|following`: who follows a profile, or whom it follows."""

from __future__ import annotations

from crawler.errands import Answer
from crawler.spiders.base import Parts
from crawler.spiders.lists import ListSpider
from tiktok.endpoints import Known
from tiktok.items import User
from tiktok.routes import Operation
from tiktok.verdicts import Verdict


class FollowsSpider(ListSpider):
    """The newest first, five to ten thousand of them; many accounts hide whom they follow (facts B.4)."""

    name = "follows"
    operation = Operation.PROFILE
    record_type = User

    async def follow_record(self, answer: Answer, record: User) -> Parts:
        if record.is_private:
            return [self.outcome(answer, Verdict.PRIVATE, "the account is private")]
        operation, declared = Operation.FOLLOWERS, record.followers
        if self.arguments["kind"] == "following":
            operation, declared = Operation.FOLLOWING, record.following
        known = Known(username=record.username, sec_uid=record.sec_uid, user_id=record.id)
        return await self.begin_list(operation, answer.errand.target, known, declared)
