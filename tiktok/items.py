"""What a crawl collects. Every field's name, meaning and unit is defined here, once.

A field has the same name in the item, in the database column and in the API's JSON. An item needs
its key (`id`, for a hashtag its `name`); everything else is `None` when the payload did not say it, never 0
or "".

Counters come in two precisions. TikTok shows posts' counters *display-rounded*: exact below 10,000, to the
nearest hundred from 10,000, to the nearest 100,000 from 1,000,000. `exact_counters` names those fields of the
item whose value is exact, because the source is exact or because the value is below 10,000.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar


class VideoKind(StrEnum):
    """What sort of post a `Video` is."""

    VIDEO = "video"
    PHOTO = "photo"
    STORY = "story"


@dataclass(slots=True, kw_only=True)
class Image:
    """One slide of a photo post."""

    url: str
    """Link to the file; signed and expiring."""
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""


@dataclass(slots=True, kw_only=True)
class Rendition:
    """One file in which a video is offered: a rung of its quality ladder."""

    urls: list[str]
    """Links to the same file, CDN hosts first, TikTok's own redirect last; signed and expiring."""
    codec: str | None = None
    """TikTok's name: `h264`, `h265_hvc1`, `bytevc2`."""
    width: int | None = None
    """Pixels."""
    height: int | None = None
    """Pixels."""
    bitrate: int | None = None
    """Bits per second."""
    size_bytes: int | None = None
    """Length of the file in bytes, as declared."""
    quality: str | None = None
    """TikTok's name of the rung (`GearName`), for example `normal_540_0`."""
    has_watermark: bool = False
    """True for the download link, which TikTok stamps; the playing links are clean."""


@dataclass(slots=True, kw_only=True)
class Subtitle:
    """One subtitle file of a video."""

    url: str
    """Link to the file; signed and expiring."""
    language: str | None = None
    """TikTok's language code, for example `eng-US`."""
    format: str | None = None
    """`webvtt` or `creator_caption` (JSON)."""
    source: str | None = None
    """`ASR` speech recognition, `MT` machine translation, `LC` uploaded by the author."""


@dataclass(slots=True, kw_only=True)
class Item:
    """What all items share: where and when they were seen. The crawler fills both in."""

    type: ClassVar[str]
    """Name of the item's type in exports and in `python -m tiktok`."""
    offer: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that say what something costs. They are quoted together: where the first of them is
    told, all are. Their changes are kept as history."""
    counters: ClassVar[tuple[str, ...]] = ()
    """Names of the fields that count something and whose changes are kept as history."""

    route: str | None = field(default=None, compare=False)
    """Route that answered (`tiktok.routes.Route`)."""
    scraped_at: datetime | None = field(default=None, compare=False)
    """When the answer was received, UTC."""

    @property
    def key(self) -> str:
        """What tells this item from others of its type: `id`, for a hashtag `name`."""
        raise NotImplementedError(type(self).__name__)


@dataclass(slots=True, kw_only=True)
class Video(Item):
    """A post: video, photo post or story."""

    type: ClassVar[str] = "video"
    counters: ClassVar[tuple[str, ...]] = ("views", "likes", "shares", "comments_count", "saves", "reposts")

    id: str
    """Decimal digits; `int(id) >> 32` is the upload time in epoch seconds."""
    kind: VideoKind = VideoKind.VIDEO
    """`photo` when the post has images, `story` for stories."""
    url: str | None = None
    """Canonical page, `https://www.tiktok.com/@{username}/video/{id}` (`/photo/` for photo posts)."""
    description: str | None = None
    """Caption as written, `""` when the author wrote none."""
    created_at: datetime | None = None
    """Upload time, UTC; from `createTime`, else from the id."""
    user_id: str | None = None
    """Author's numeric id."""
    username: str | None = None
    """Author's @name, lower-case, without the @."""
    display_name: str | None = None
    """Author's shown name at the time of the crawl."""
    sec_uid: str | None = None
    """Author's opaque id, stable across renames."""
    sound_id: str | None = None
    """Sound the post uses."""
    sound_title: str | None = None
    """The sound's title as the post shows it."""
    hashtags: list[str] = field(default_factory=list)
    """Names without #, lower-case, in order of appearance, none twice."""
    mentions: list[str] = field(default_factory=list)
    """Usernames mentioned in the caption, lower-case, none twice."""
    views: int | None = None
    """Plays (`playCount`); display-rounded everywhere seen so far."""
    likes: int | None = None
    """`diggCount`; display-rounded everywhere seen so far."""
    shares: int | None = None
    """`shareCount`; display-rounded everywhere seen so far."""
    comments_count: int | None = None
    """`commentCount`, replies included; display-rounded everywhere seen so far."""
    saves: int | None = None
    """`collectCount`; exact on desktop pages, display-rounded in lists and on mobile pages."""
    reposts: int | None = None
    """`repostCount`; mostly 0 for guests."""
    exact_counters: frozenset[str] = frozenset()
    """Counters of this item whose value is exact (see the module's head)."""
    duration: float | None = None
    """Seconds; `None` for photo posts."""
    width: int | None = None
    """Pixels, of the default rendition."""
    height: int | None = None
    """Pixels, of the default rendition."""
    cover_url: str | None = None
    """Still picture, best first (`originCover`, then `cover`); signed and expiring."""
    images: list[Image] = field(default_factory=list)
    """Slides of a photo post, in order."""
    renditions: list[Rendition] = field(default_factory=list)
    """Files the video is offered in, as listed; the watermarked download link last."""
    subtitles: list[Subtitle] = field(default_factory=list)
    """Subtitle files."""
    language: str | None = None
    """Caption's language as TikTok detected it (`textLanguage`), ISO 639-1."""
    region: str | None = None
    """Country of upload (`locationCreated`), ISO 3166-1 alpha-2."""
    place: str | None = None
    """Name of the tagged place (`poi.name`)."""
    playlist_id: str | None = None
    """Playlist (mix) the post belongs to."""
    duet_of_id: str | None = None
    """Video this one is a duet with."""
    is_pinned: bool | None = None
    """Pinned on top of its author's profile; only lists of a profile tell."""
    is_ad: bool | None = None
    """Marked as advertising or paid partnership."""
    is_ai_generated: bool | None = None
    """Labelled as AI-generated."""
    is_private: bool | None = None
    """Only its author may see it."""
    is_taken_down: bool | None = None
    """Removed by TikTok while its metadata is still served."""
    is_age_gated: bool | None = None
    """Classified content: shown after login only; the media is missing for guests."""

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True, kw_only=True)
class User(Item):
    """A profile."""

    type: ClassVar[str] = "user"
    counters: ClassVar[tuple[str, ...]] = (
        "followers",
        "following",
        "total_likes",
        "total_videos",
        "likes_given",
    )

    id: str
    """Numeric id; survives renames."""
    username: str | None = None
    """The @name, lower-case, without the @."""
    url: str | None = None
    """Canonical page, `https://www.tiktok.com/@{username}`."""
    sec_uid: str | None = None
    """Opaque id (`secUid`) that TikTok's own requests use; stable across renames."""
    display_name: str | None = None
    """Shown name (`nickname`)."""
    bio: str | None = None
    """Profile text (`signature`), `""` when the user wrote none."""
    bio_link: str | None = None
    """Link in the bio, as written: it may lack a scheme."""
    avatar_url: str | None = None
    """Largest picture offered; signed and expiring."""
    created_at: datetime | None = None
    """When the account was made, UTC; lists do not tell."""
    verified: bool | None = None
    """Has the check mark."""
    is_private: bool | None = None
    """Posts are visible to approved followers only."""
    is_seller: bool | None = None
    """Sells in TikTok Shop (`ttSeller`)."""
    is_organization: bool | None = None
    """Marked as an organization's account."""
    category: str | None = None
    """Business category (`commerceUserInfo.category`)."""
    language: str | None = None
    """Language of the account's interface."""
    region: str | None = None
    """Country, ISO 3166-1 alpha-2; no longer sent by the web since 2025."""
    live_room_id: str | None = None
    """Room id while the account is live."""
    followers: int | None = None
    """`followerCount`; exact on profile pages with `statsV2`, else display-rounded."""
    following: int | None = None
    """`followingCount`; precision as `followers`."""
    total_likes: int | None = None
    """Likes received (`heartCount`); precision as `followers`."""
    total_videos: int | None = None
    """Public posts (`videoCount`); precision as `followers`."""
    likes_given: int | None = None
    """`diggCount`; precision as `followers`."""
    exact_counters: frozenset[str] = frozenset()
    """Counters of this item whose value is exact (see the module's head)."""

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True, kw_only=True)
class Sound(Item):
    """A piece of music or an original sound."""

    type: ClassVar[str] = "sound"
    counters: ClassVar[tuple[str, ...]] = ("total_videos",)

    id: str
    """Numeric id."""
    title: str | None = None
    """Title."""
    author: str | None = None
    """Artist's name as shown (`authorName`)."""
    album: str | None = None
    """Album."""
    url: str | None = None
    """Canonical page, `https://www.tiktok.com/music/{slug}-{id}`."""
    duration: float | None = None
    """Seconds."""
    is_original: bool | None = None
    """Made by a user rather than licensed."""
    is_copyrighted: bool | None = None
    """Marked as copyrighted."""
    cover_url: str | None = None
    """Largest cover offered; signed and expiring."""
    play_url: str | None = None
    """Link to the audio file; signed, expires after hours; missing when the sound was removed."""
    total_videos: int | None = None
    """Posts that use the sound; display-rounded."""
    exact_counters: frozenset[str] = frozenset()
    """Counters of this item whose value is exact (see the module's head)."""

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True, kw_only=True)
class Hashtag(Item):
    """A hashtag, TikTok's "challenge"."""

    type: ClassVar[str] = "hashtag"
    counters: ClassVar[tuple[str, ...]] = ("views", "total_videos")

    name: str
    """Name without #, lower-case; any script."""
    id: str | None = None
    """Numeric challenge id; captions do not always tell it."""
    url: str | None = None
    """Canonical page, `https://www.tiktok.com/tag/{name}`."""
    description: str | None = None
    """TikTok's text about it."""
    cover_url: str | None = None
    """Picture; signed and expiring."""
    is_commerce: bool | None = None
    """Belongs to a commercial campaign."""
    views: int | None = None
    """Plays of all posts with it; display-rounded."""
    total_videos: int | None = None
    """Posts with it; display-rounded."""
    exact_counters: frozenset[str] = frozenset()
    """Counters of this item whose value is exact (see the module's head)."""

    @property
    def key(self) -> str:
        return self.name


@dataclass(slots=True, kw_only=True)
class Comment(Item):
    """A comment or a reply to one."""

    type: ClassVar[str] = "comment"

    id: str
    """Numeric id (`cid`)."""
    video_id: str | None = None
    """Post it was written under."""
    parent_id: str | None = None
    """Comment it replies to; `None` on the top level."""
    text: str | None = None
    """As written; `""` when it holds only a picture."""
    created_at: datetime | None = None
    """When it was written, UTC."""
    user_id: str | None = None
    """Its author's numeric id."""
    username: str | None = None
    """Its author's @name, lower-case."""
    display_name: str | None = None
    """Its author's shown name."""
    likes: int | None = None
    """`digg_count`."""
    replies_count: int | None = None
    """Replies to it (`reply_comment_total`); `None` on replies."""
    language: str | None = None
    """As TikTok detected it, ISO 639-1; `None` when TikTok says unknown."""
    is_pinned: bool | None = None
    """Pinned by the post's author."""
    is_liked_by_author: bool | None = None
    """Liked by the post's author."""
    image_urls: list[str] = field(default_factory=list)
    """Pictures in the comment; signed, expire after about a year."""

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True, kw_only=True)
class Sku:
    """One variant of a product that can be bought."""

    id: str
    """Numeric id (`sku_id`)."""
    properties: dict[str, str] = field(default_factory=dict)
    """What tells it from the others, as shown: `{"Color": "Black", "Size": "M"}`."""
    price: Decimal | None = None
    """Price now, in the product's currency; `None` when it is masked."""
    original_price: Decimal | None = None
    """Price before the discount; `None` without one."""
    stock: int | None = None
    """Pieces left, as the page says."""
    is_available: bool | None = None
    """Can be bought. The site's status 1 is known to mean so, and a stock of 0 not; else unknown."""


@dataclass(slots=True, kw_only=True)
class Product(Item):
    """A product of TikTok Shop (facts of the shop, 4)."""

    type: ClassVar[str] = "product"
    offer: ClassVar[tuple[str, ...]] = ("price", "currency", "original_price", "discount")
    counters: ClassVar[tuple[str, ...]] = ("sales_count", "review_count")

    id: str
    """Numeric id, about 19 digits."""
    url: str | None = None
    """Canonical page as the site names it, else `https://shop.tiktok.com/view/product/{id}`."""
    title: str | None = None
    """Name of the product."""
    description: str | None = None
    """Its text without markup, paragraphs on lines of their own; lists do not tell it."""
    price: Decimal | None = None
    """Price now, as the page shows it first: that of the cheapest variant, after the discounts that the page has
    taken off. `None` when the site masks it."""
    currency: str | None = None
    """ISO 4217, for example `USD`."""
    original_price: Decimal | None = None
    """Price before the discount; `None` without one."""
    discount: int | None = None
    """Percent off, as the site says, else computed; `None` without one."""
    sales_count: int | None = None
    """Pieces sold so far (`sold_count`), exact."""
    review_count: int | None = None
    """Reviews, exact."""
    exact_counters: frozenset[str] = frozenset()
    """Counters of this item whose value is exact (see the module's head)."""
    rating: float | None = None
    """Mean of the reviews, 1 to 5; `None` while there are none."""
    seller_id: str | None = None
    """Shop that sells it."""
    seller_name: str | None = None
    """The shop's shown name."""
    category_id: str | None = None
    """Narrowest category."""
    categories: list[str] = field(default_factory=list)
    """Names of its categories, the widest first; lists do not tell them."""
    image_urls: list[str] = field(default_factory=list)
    """Pictures, one link each; lists tell the first only."""
    skus: list[Sku] = field(default_factory=list)
    """Variants; only the product's own page tells all."""
    is_available: bool | None = None
    """False when the site says that it can't be bought at present."""
    region: str | None = None
    """Country in which it is sold, ISO 3166-1 alpha-2."""

    @property
    def key(self) -> str:
        return self.id


@dataclass(slots=True, kw_only=True)
class Seller(Item):
    """A shop in TikTok Shop."""

    type: ClassVar[str] = "seller"

    id: str
    """Numeric id (`seller_id`)."""
    name: str | None = None
    """Shown name (`shop_name`)."""
    url: str | None = None
    """The shop's page."""
    bio: str | None = None
    """Its own line about itself (`shop_slogan`)."""
    avatar_url: str | None = None
    """Logo."""
    location: str | None = None
    """Country of the seller, as shown."""
    region: str | None = None
    """Country in which it sells, ISO 3166-1 alpha-2."""
    rating: float | None = None
    """Mean rating of the shop, up to 5; `None` while there is none."""
    followers: int | None = None
    """`followers_count`."""
    sales_count: int | None = None
    """Pieces sold so far."""
    review_count: int | None = None
    """Reviews of all its products."""
    total_products: int | None = None
    """Products on sale."""
    total_videos: int | None = None
    """Videos about its products."""

    @property
    def key(self) -> str:
        return self.id


ITEM_TYPES: tuple[type[Item], ...] = (Video, User, Sound, Hashtag, Comment, Product, Seller)
"""All item types, in the order in which exports list their columns."""

ROUNDED_FROM = 10_000
"""Counters below this are exact wherever they were read."""


def display_round(value: int) -> int:
    """Round a counter as TikTok's web does (facts seen 2025-07 to 2026-07 on post pages).

    >>> display_round(9_999), display_round(105_249), display_round(1_354_097)
    (9999, 105200, 1400000)
    """
    step = 1 if value < ROUNDED_FROM else 100 if value < 1_000_000 else 100_000
    return (value + step // 2) // step * step


def json_value(value: object) -> object:
    """What of an item JSON has no form for, as JSON: amounts as numbers, sets as sorted lists.

    Amounts have at most fifteen digits, which such a number holds exactly. Raises `TypeError` for anything else.
    """
    match value:
        case Decimal():
            return float(value)
        case frozenset():
            return sorted(value)
    raise TypeError(f"{type(value).__name__} is not part of an item")
