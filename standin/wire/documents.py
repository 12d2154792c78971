"""HTML documents around the data scripts."""

from __future__ import annotations

from html import escape

_HEAD = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1.0"/><title>%s</title>
<script id="tiktok-environment" type="application/json">{"slardar":{"reportDomain":"mon.example"},\
"regionInfo":{"vgeo":"VGeo-US","vregion":"US-TTP2"}}</script>
<style>%s</style></head><body><div id="app"></div>
"""
_STYLE = "".join(
    f".css-{n:x}-Div{{display:flex;flex-direction:column;padding:{n % 16}px;}}" for n in range(600)
)
_MARK = b"</script><script>window.__standin__ = true;</script>"
_SCRIPTS = b'<script src="/static/webmssdk.js"></script><script src="/static/app.js" defer></script>'
_END = b"</body></html>"


def universal_page(title: str, data: bytes) -> bytes:
    """Return a current page: its data in `__UNIVERSAL_DATA_FOR_REHYDRATION__`, and scripts that go on from it."""
    script = b'<script id="__UNIVERSAL_DATA_FOR_REHYDRATION__" type="application/json">'
    return _head(title) + script + _inert(data) + _MARK + _SCRIPTS + _END


def embed_page(title: str, data: bytes) -> bytes:
    """Return an embed page: its data in `__FRONTITY_CONNECT_STATE__`."""
    script = b'<script id="__FRONTITY_CONNECT_STATE__" type="application/json">'
    return _head(title) + script + _inert(data) + _MARK + _END


def _head(title: str) -> bytes:
    return (_HEAD % (escape(title), _STYLE)).encode("utf-8", "replace")


def _inert(data: bytes) -> bytes:
    return data.replace(b"</", b"<\\u002F")
