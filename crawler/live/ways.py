"""How each lookup is asked: by which spider, and what of all that it finds is the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from crawler.spiders.base import TikTokSpider
from crawler.spiders.comments import CommentsSpider
from crawler.spiders.follows import FollowsSpider
from crawler.spiders.hashtag import HashtagSpider
from crawler.spiders.lists import ListSpider
from crawler.spiders.profile import ProfileSpider
from crawler.spiders.search import SearchSpider
from crawler.spiders.shop import ShopSpider
from crawler.spiders.sound import SoundSpider
from crawler.spiders.trending import TrendingSpider
from crawler.spiders.video import VideoSpider
from tiktok.items import Comment, Hashtag, Item, Product, Sound, User, Video
from tiktok.lookups import Lookup, Question
from tiktok.routes import Operation
from tiktok.urls import Target


class ProfileRecordSpider(TikTokSpider):
    """A profile without its posts."""

    name = "profile"
    operation = Operation.PROFILE
    record_type = User


class HashtagRecordSpider(TikTokSpider):
    """A hashtag without its posts."""

    name = "hashtag"
    operation = Operation.HASHTAG
    record_type = Hashtag


class SoundRecordSpider(TikTokSpider):
    """A sound without its posts."""

    name = "sound"
    operation = Operation.SOUND
    record_type = Sound


@dataclass(frozen=True, slots=True)
class Way:
    """How one lookup is asked."""

    spider: type[TikTokSpider]
    answers: type[Item]
    """What the answer consists of: the record, or the list's rows."""
    arguments: Mapping[str, str] = field(default_factory=dict)
    """Of the spider, beside the target and the limit."""
    named: str | None = None
    """The argument that takes the target's word, where several could name one."""

    def spider_for(self, question: Question, target: Target) -> TikTokSpider:
        """Make the spider of one lookup. It lives without an engine of its own."""
        given = dict(self.arguments)
        if self.named:
            given[self.named] = target.word or target.url
        elif named := self.spider.declared_target():
            given[named] = target.url
        if issubclass(self.spider, ListSpider):
            given["limit"] = str(question.rows)
        return self.spider(**given)


WAYS: Mapping[Lookup, Way] = MappingProxyType(
    {
        Lookup.USER: Way(ProfileRecordSpider, User),
        Lookup.VIDEO: Way(VideoSpider, Video),
        Lookup.HASHTAG: Way(HashtagRecordSpider, Hashtag),
        Lookup.SOUND: Way(SoundRecordSpider, Sound),
        Lookup.USER_VIDEOS: Way(ProfileSpider, Video),
        Lookup.USER_FOLLOWERS: Way(FollowsSpider, User, {"kind": "followers"}),
        Lookup.USER_FOLLOWING: Way(FollowsSpider, User, {"kind": "following"}),
        Lookup.COMMENTS: Way(CommentsSpider, Comment, {"replies": "0"}),
        Lookup.HASHTAG_VIDEOS: Way(HashtagSpider, Video),
        Lookup.SOUND_VIDEOS: Way(SoundSpider, Video),
        Lookup.SEARCH_USERS: Way(SearchSpider, User, {"kind": "users"}),
        Lookup.SEARCH_VIDEOS: Way(SearchSpider, Video, {"kind": "videos"}),
        Lookup.TRENDING: Way(TrendingSpider, Video),
        Lookup.SHOP_SEARCH: Way(ShopSpider, Product, named="q"),
        Lookup.SHOP_PRODUCT: Way(ShopSpider, Product, named="product"),
        Lookup.SHOP_TRENDING: Way(ShopSpider, Product, {"trending": "1"}, named="category"),
    }
)
"""The lookups that are served."""
