"""The data script of a page: the scopes every page carries around the one that matters.

Real pages weigh 250–400 kB, nearly all of it translations and experiment switches; both are imitated in
size and in kind, down to healthy pages containing the words of unhealthy ones ("captcha", "Please wait...").
"""

from __future__ import annotations

from functools import lru_cache

from standin.dice import draw, pick
from standin.wire.templates import Template, encode
from standin.world.accounts import CAST_SEED
from standin.world.texts import REMARKS, SUBJECTS

_SENTENCES = (
    "Please wait...", "Solve the captcha to continue", "Log in to follow creators", "Something went wrong",
    "Drag the slider to fit the puzzle", "This account is private", "Video currently unavailable",
)  # fmt: skip


def _translations(count: int) -> dict[str, str]:
    texts = {}
    for number in range(count):
        words = draw(CAST_SEED, "translation", number)
        sentence = (
            pick(_SENTENCES, words[0])
            if number % 25 == 0
            else f"{pick(SUBJECTS, words[1])}, {pick(REMARKS, words[2])}"
        )
        texts[f"pc_web_{pick(SUBJECTS, words[3]).split()[-1].lower()}_{number}_label"] = sentence
    return texts


def _experiments() -> dict[str, dict[str, str]]:
    return {f"webapp_experiment_{number}": {"vid": f"v{number % 5}"} for number in range(700)}


_CONTEXT = Template.of(
    {
        "language": "en",
        "region": "US",
        "appId": 1233,
        "appType": "m",
        "wid": "<<wid>>",
        "webIdCreatedTime": "<<first_seen>>",
        "odinId": "<<odin_id>>",
        "nonce": "<<nonce>>",
        "botType": "others",
        "requestId": "<<request_id>>",
        "clusterRegion": "TTP",
        "csrfToken": "<<csrf>>",
        "userAgent": "<<#user_agent>>",
        "abTestVersion": {"versionName": "<<wid>>", "parameters": _experiments()},
        "encryptedWebid": "<<nonce>>",
        "host": "www.tiktok.com",
    }
)

_BIZ = {
    "os": "mac",
    "isMobile": False,
    "isAndroid": False,
    "isIOS": False,
    "jumpType": "m",
    "geoCity": {"City": "Los Angeles", "Subdivisions": "California", "SubdivisionsArr": ["California"]},
    "isGoogleBot": False,
    "isBot": False,
    "isSearchEngineBot": False,
    "isTTP": True,
    "idc": "useast8",
    "vgeo": "VGeo-US",
    "vregion": "US-TTP2",
    "domains": {
        "kind": "us",
        "captcha": "rc-verification16-normal-useast5.tiktokv.us",
        "rootApi": "www.tiktok.com",
        "webcastApi": "https://webcast.us.tiktok.com",
    },
    "config": {
        "featureFlags": {f"feature_switch_{number}": number % 2 == 0 for number in range(400)},
        "cookieBanner": {
            "i18n": {f"cookie_banner_text_{n}": f"cookiesUpdate_banner_{n}" for n in range(250)}
        },
    },
}


@lru_cache(maxsize=2)
def surroundings(*, bare: bool) -> bytes:
    """Return the scopes that never change; the client-rendered shell has fewer translations."""
    translations = encode(_translations(1_100 if bare else 2_000))
    return b'"webapp.biz-context":%b,"webapp.i18n-translation":%b,"webapp.a-b":{"a":{}}' % (
        encode(_BIZ),
        translations,
    )


def data_script(context: bytes, canonical: str, scope: bytes, *, bare: bool = False) -> bytes:
    """Return the whole `__DEFAULT_SCOPE__` object; `scope` is `"name":{…}` or nothing."""
    seo = encode({"canonical": canonical, "pageId": "52344348728479205", "vidList": ["73675307"]})
    rest = b"," + scope if scope else b""
    return b'{"__DEFAULT_SCOPE__":{"webapp.app-context":%b,%b,"seo.abtest":%b%b}}' % (
        context,
        surroundings(bare=bare),
        seo,
        rest,
    )


def app_context(values: dict[str, bytes]) -> bytes:
    """Return `webapp.app-context` for one visitor."""
    return _CONTEXT.fill(values)
