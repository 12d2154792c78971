"""Post objects (`itemStruct`) as bytes: what lists and pages say about one post."""

from __future__ import annotations

from functools import lru_cache

from standin.dice import digest, pick
from standin.wire.ladder import declared_sizes
from standin.wire.links import post_uri
from standin.wire.moment import Moment
from standin.wire.post_shapes import post_shape, slides_shape
from standin.wire.sounds import NO_SOUND, sound_object
from standin.wire.tags import tag_objects, text_extra
from standin.wire.templates import Template, encode
from standin.wire.users import as_texts, author_object, shown_counts
from standin.world.accounts import Account
from standin.world.cast import Mark
from standin.world.counters import displayed
from standin.world.posts import Post, tags_of
from standin.world.sounds import sound_of_post
from standin.world.texts import LANGUAGES, REGIONS

_LIST_VIDEO, _LIST_PHOTO = (Template.of(post_shape(on_page=False, photo=photo)) for photo in (False, True))
_PAGE_VIDEO, _PAGE_PHOTO = (Template.of(post_shape(on_page=True, photo=photo)) for photo in (False, True))
_PAGE_SILENT = Template.of(post_shape(on_page=True, silent=True))
_PAGE_GATED = Template.of(post_shape(on_page=True, video=False))

_FEWEST_SLIDES = 2
_SLIDES = [Template.of(slides_shape(count)) for count in range(_FEWEST_SLIDES, _FEWEST_SLIDES + 8)]


def list_post(post: Post, moment: Moment, *, pinned: bool = False) -> bytes:
    """Return a post as lists carry it; `isPinnedItem` is told on page one only."""
    template = _LIST_PHOTO if post.is_photo else _LIST_VIDEO
    return _of_author(template, post.author, moment, post.number % 2).fill(
        _values(post, moment, pinned=pinned)
    )


def page_post(post: Post, moment: Moment) -> bytes:
    """Return a post as its own page carries it; an age-gated one comes without its video."""
    template = _PAGE_PHOTO if post.is_photo else _PAGE_SILENT if post.has_silent_rung else _PAGE_VIDEO
    if post.mark is Mark.AGE_GATED:
        template = _PAGE_GATED
    shared = _author_values(post.author, moment, post.number % 2)
    return template.fill({**shared, **_values(post, moment), **_mark_values(post.mark)})


def _values(post: Post, moment: Moment, *, pinned: bool = False) -> dict[str, bytes]:
    """Return what differs between an author's posts; kept in one piece, as it runs 15 times per list page."""
    caption = post.caption
    tagged = not post.author.role.unusual_texts
    hexadecimal = post.drawn.hex().encode()
    duration = post.duration
    plays, likes, shares, comments, saves = post.counters(moment.now)
    values = {
        "id": post.id.encode(),
        "desc": encode(caption),
        "created": b"%d" % post.created,
        "plays": b"%d" % displayed(plays),
        "likes": b"%d" % displayed(likes),
        "shares": b"%d" % displayed(shares),
        "comments": b"%d" % displayed(comments),
        "saves": b"%d" % displayed(saves),
        "saves_exact": b"%d" % saves,
        "text_extra": text_extra(len(caption), tags_of(post.author)) if tagged else b"[]",
        "pinned": b"true" if pinned else b"false",
        "uri": post_uri(post),
        "md5": hexadecimal[32:64],
        "duration": b"%d" % duration,
        **declared_sizes(duration, moment.cdn.video_bytes),
    }
    if post.is_photo:
        shared = _author_values(post.author, moment, post.number % 2)
        values["images"] = _SLIDES[post.words[12] % len(_SLIDES)].fill({**shared, **values})
    return values


@lru_cache(maxsize=1024)
def _of_author(template: Template, author: Account, moment: Moment, parity: int) -> Template:
    """Return a template with everything filled that an author's odd or even posts share."""
    return template.fill_some(_author_values(author, moment, parity))


@lru_cache(maxsize=1024)
def _author_values(author: Account, moment: Moment, parity: int) -> dict[str, bytes]:
    counts = shown_counts(author, moment)
    signed = digest(author.seed, "signature", author.number, moment.hour).hex().encode()
    return {
        "author": encode(author_object(author, moment)),
        "author_stats": encode(counts),
        "author_stats_v2": encode(as_texts(counts)),
        "sound": sound_object(sound_of_post(author, parity), moment),
        "challenges": b"[]" if author.role.unusual_texts else tag_objects(tags_of(author)),
        "region": pick(REGIONS, author.words[11]).encode(),
        "language": pick(LANGUAGES, author.words[11]).encode(),
        "cdn": moment.cdn.origin.encode(),
        "log": signed[:20],
        "signature": signed[20:47],
        "expire": b"%d" % moment.media_expiry,
        "expire_hex": b"%x" % moment.media_expiry,
        "sound_expire_hex": b"%x" % moment.sound_expiry,
        "taken_down": b"false",
        "private": b"false",
    }


def _mark_values(mark: Mark | None) -> dict[str, bytes]:
    """Return what a page says otherwise about a post that is marked."""
    return {
        Mark.SOUND_REMOVED: {"sound": NO_SOUND},
        Mark.TAKEN_DOWN: {"taken_down": b"true"},
        Mark.PRIVATE: {"private": b"true"},
    }.get(mark or Mark.DELETED, {})
