"""Media links as TikTok's CDN signs them: long, per file, and expiring.

`<<cdn>>` is where the stand-in's own CDN answers (`standin/cdn/`); `<<uri>>` names whose file it is.
"""

from __future__ import annotations

from collections.abc import Sequence

from standin.world.accounts import Account
from standin.world.posts import Post
from standin.world.sounds import Sound

EXPIRY_SECONDS = 172_800
"""Links of a page live 48 hours."""
SOUND_EXPIRY_SECONDS = 21_600
"""Sound links live 6 hours."""

CAPTION_BYTES = 1_933
"""Size of every subtitle file."""

_PLAY_QUERY = (
    "/?a=1988&bti=ODszNWYuMDE6&&bt=1267&ft=4KJMyMzm8Zmo0K2bC14jVHk~XpWrKsd.&mime_type=video_mp4&rc=aDs4NDU6"
    "Zmc4ZjtnODw8NUBpM2Q5OXQ5cjY6czMzZzczNEBgMTQxYTYxNS8xLzFjYzEvYSNxbGUvMmRrcF5hLS1kMS9zcw%3D%3D&btag=e0"
    "00b8000&expire=<<expire>>&l=20261001000000<<log>>&ply_type=2&policy=2&signature=<<md5>>&tk=tt_chain_token"
)
_REDIRECT_QUERY = "&line=0&ply_type=2&signaturev3=dmlkZW9faWQ7ZmlsZV9pZDtpdGVtX2lk&tk=tt_chain_token"
_IMAGE_QUERY = (
    "dr=9636&x-expires=<<expire>>&x-signature=<<signature>>%3D&t=4d5b0474&ps=13740610&shp=81f88b70"
    "&shcp=43f4a2f9&idc=useast8"
)


def play_links(rung: str) -> list[str]:
    """Return the three links of one file: from two places of the CDN, then the site's own redirect."""
    return [
        play_link("useast5", rung),
        play_link("useast8", rung),
        f"<<cdn>>/aweme/v1/play/?rung={rung}&faid=1988&file_id=<<md5>>&is_play_url=1&item_id=<<id>>{_REDIRECT_QUERY}",
    ]


def play_link(place: str, rung: str) -> str:
    """Return the link of one file of a video."""
    return f"<<cdn>>/video/tos/{place}/tos-{place}-ve-0068c003-tx/<<uri>>{rung}{_PLAY_QUERY}"


def image_link(name: str, shape: str, form: str = "jpeg", place: str = "useast5") -> str:
    """Return the link of one still; `name` tells the pictures of a post apart."""
    file = f"<<uri>>{name}~tplv-tiktokx-{shape}.{form}"
    return f"<<cdn>>/tos-{place}-p-0068-tx/{file}?{_IMAGE_QUERY}"


def sound_link() -> str:
    """Return the link of a sound; its expiry is the hexadecimal second segment of the path."""
    return (
        "<<cdn>>/<<md5>>/<<sound_expire_hex>>/video/tos/useast5/"
        "tos-useast5-ve-27dcd7-tx/<<uri>>/?a=1233&bti=ODszNWYuMDE6&ch=0&cr=0&dr=0&er=0&lr=default&cd=0%7C0"
        "%7C0%7C0&br=250&bt=125&ft=GSDrKInz7ThWyKrKXq8Zmo&mime_type=audio_mp4&qs=6&rc=NzM5ZWVoOWc2aWQ2"
        "NDU7O0Bpam41dGo5cnJ3ODMzODU8NEBgNDQ%3D&vvpl=1&l=20261001000000<<log>>&btag=e00078000"
    )


def caption_link() -> str:
    """Return the link of a subtitle file."""
    return (
        "<<cdn>>/<<md5>>/<<expire_hex>>/video/tos/useast5/tos-useast5-v-0068c799-tx/"
        "<<uri>>s/?a=1988&bti=ODszNWYuMDE6&ch=0&cr=13&dr=0&er=0&lr=all&cd=0%7C0%7C0%7C0&br=3866&bt=1933"
        "&ft=4KJMyMzm8Zmo0K2bC14jVHk&mime_type=video_mp4&qs=13&rc=anhtaHI5cnY6czMzZzczNEBpanhtaHI5cnY6"
        "&l=20261001000000<<log>>&btag=e000b8000"
    )


def avatar_links(name: str) -> dict[str, str]:
    """Return the three sizes of an avatar, keyed as user objects key them."""
    sizes: Sequence[tuple[str, int]] = (("Larger", 1080), ("Medium", 720), ("Thumb", 100))
    return {f"avatar{word}": image_link(f"{name}-avt", f"cropcenter:{size}:{size}") for word, size in sizes}


def post_uri(post: Post) -> bytes:
    """Return the name of a post's files: its id, by which the CDN finds it again, and what only the site knows."""
    return _uri(post.id, post.drawn.hex())


def sound_uri(sound: Sound) -> bytes:
    """Return the name of a sound's files."""
    return _uri(sound.id, sound.id[::-1])


def avatar_uri(account: Account) -> bytes:
    """Return the name of an account's pictures."""
    return _uri(account.id, account.id[::-1])


def _uri(entity_id: str, rest: str) -> bytes:
    return f"{int(entity_id):016x}{rest[:16]}".encode()
