"""Sound objects: inside posts and on their own."""

from __future__ import annotations

from functools import lru_cache
from hashlib import md5

from standin.wire.links import image_link, sound_link, sound_uri
from standin.wire.moment import Moment
from standin.wire.templates import Template, decode, encode
from standin.world.sounds import Sound

_SOUND = Template.of(
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
            "id": sound.id.encode(),
            "title": encode(sound.title),
            "author_name": encode(sound.author_name),
            "original": encode(sound.owner is not None),
            "copyrighted": encode(sound.owner is None),
            "duration": b"%d" % sound.duration,
            "cdn": moment.cdn.origin.encode(),
            "uri": sound_uri(sound),
            "md5": name,
            "log": name[:20],
            "signature": name[:27],
            "expire": b"%d" % moment.media_expiry,
            "sound_expire_hex": b"%x" % moment.sound_expiry,
        }
    )


def sound_cover(sound: Sound, moment: Moment) -> str:
    """Return the link of the sound's large cover."""
    link: str = decode(sound_object(sound, moment))["coverLarge"]
    return link
