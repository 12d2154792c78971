from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tiktok.media.expiry import expires_at, is_expired

EPOCH = 1_784_246_400
END = datetime.fromtimestamp(EPOCH, UTC)


@pytest.mark.parametrize(
    "url",
    [
        f"https://v16-webapp-prime.us.tiktok.com/video/tos/x/?a=1988&expire={EPOCH}&l=20261001",
        f"https://p16-common-sign.tiktokcdn-us.com/x~tplv.jpeg?dr=9636&x-expires={EPOCH}&x-signature=a%3D",
        f"https://v16-ies-music.tiktokcdn-us.com/{'0a' * 16}/{EPOCH:x}/video/tos/x/?a=1233",
        f"https://v16-webapp.us.tiktok.com/{'F0' * 16}/{EPOCH:X}/video/tos/x/?a=1988",
    ],
)
def test_a_link_tells_when_it_ends(url: str) -> None:
    assert expires_at(url) == END
    assert not is_expired(url, END - timedelta(minutes=5))
    assert is_expired(url, END - timedelta(seconds=30)), "it would end on the way"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.tiktok.com/aweme/v1/play/?file_id=x&item_id=7123",
        "https://v16.example/video/?expire=soon",
        "https://v16.example/video/?expire=99999999999999999999",
        "https://v16.example/abc/6a59a000/",
        "",
    ],
)
def test_a_link_that_does_not_tell_is_tried(url: str) -> None:
    assert expires_at(url) is None
    assert not is_expired(url, END)
