"""The shop's captcha page as a plain client gets it: about 5.7 kB, status 200 (facts §8)."""

from __future__ import annotations

from functools import cache

from standin.dice import digest
from standin.wire.templates import encode

_DOTS = "".join(
    f".dot i:nth-child({n}) {{ animation-delay: 0.{n}s; width: {8 + n}px; height: {8 + n}px; opacity: 0.{9 - n} }}\n"
    for n in range(1, 9)
)
_DETAIL_PIECES = 69
"""64 hexadecimal digits each."""


@cache
def security_check() -> str:
    """Return the page; `captcha-config` says what the loader would draw."""
    detail = "".join(digest(0, "captcha", piece).hex()[:64] for piece in range(_DETAIL_PIECES))
    config = {
        "aid": 0,
        "verify_data": {
            "code": "10000",
            "from": "oec_whale",
            "type": "verify",
            "region": "sg",
            "subtype": "slide",
            "detail": detail,
            "fp": "verify_standin",
            "log_id": "20261001000000STANDIN",
        },
    }
    return (
        '<html>\n<head>\n<meta charset="utf-8">\n<title>Security Check</title>\n'
        '<script src="/static/oec-ttweb-captcha/index.js"></script>\n'
        f"<style>\n{_DOTS}</style>\n</head>\n<body>\n"
        '<div id="captcha_container"></div>\n<div class="dot"><i></i><i></i><i></i></div>\n</body>\n'
        f'<script type="application/json" id="captcha-config">\n{encode(config).decode()}\n</script>\n'
        '<script src="/static/oec-ttweb-captcha/captcha-init.js"></script>\n</html>'
    )
