"""Sound objects: inside posts and on their own."""

from __future__ import annotations

from functools import lru_cache
from hashlib import md5

from standin.wire.links import image_link, sound_link
from standin.wire.moment import Moment
from standin.wire.templates import Template, decode, encode
from standin.world.sounds import Sound

_SOUND = Template(
    {
        "id": "<<id>>",
        "title": "<<#title>>",
        "playUrl": sound_link(),
        "coverThumb": image_link("-music", "cropcenter:100:100"),
        "coverMedium": image_link("-music", "cropcenter:720:720"),
        "coverLarge": image_link("-music", "cropcenter:1080:1080"),
        "authorName": "<<#author_name>>",
        "original": "<<#original>>",
        "private": False,
        "duration": "<<#duration>>",
        "album": "",
        "scheduleSearchTime": 0,
        "collected": False,
        "isCopyrighted": "<<#copyrighted>>",
        "preciseDuration": {
            "preciseDuration": "<<#duration>>",
            "preciseAuditionDuration": "<<#duration>>",
            "preciseShootDuration": "<<#duration>>",
            "preciseVideoDuration": "<<#duration>>",
        },
        "tt2dsp": {},
    }
)

NO_SOUND = encode({"id": "", "title": "", "authorName": "", "original": False, "duration": 0})
"""What is left in a post when its sound was removed."""


@lru_cache(maxsize=4096)
def sound_object(sound: Sound, moment: Moment) -> bytes:
    """Return the sound, encoded."""
    name = md5(sound.id.encode(), usedforsecurity=False).hexdigest().encode()
    return _SOUND.fill(
        {
            b"id": sound.id.encode(),
            b"title": encode(sound.title),
            b"author_name": encode(sound.author_name),
            b"original": encode(sound.owner is not None),
            b"copyrighted": encode(sound.owner is None),
            b"duration": b"%d" % sound.duration,
            b"uri": name,
            b"md5": name,
            b"log": name[:20],
            b"signature": name[:27],
            b"expire": b"%d" % moment.media_expiry,
            b"sound_expire_hex": b"%x" % moment.sound_expiry,
        }
    )


def sound_cover(sound: Sound, moment: Moment) -> str:
    """Return the link of the sound's large cover."""
    link: str = decode(sound_object(sound, moment))["coverLarge"]
    return link
