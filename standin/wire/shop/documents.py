"""Router documents: what a page's loader found, as JSON of its own and inside the page (facts §3)."""

from __future__ import annotations

from html import escape
from typing import Any, NamedTuple

from standin.dice import draw, pick
from standin.wire.templates import encode
from standin.world.accounts import CAST_SEED
from standin.world.shop.words import MAKERS, REMARKS

_WEIGHT = 900
"""Rules and rows that make a page as heavy as real ones, 250 kB and more."""


class Page(NamedTuple):
    """One page of the shop."""

    route: str
    """Key of its loader, by which `__loader` asks for its data alone."""
    title: str
    canonical: str
    node: dict[str, Any]
    """What the loader found."""
    picture: str = ""


def component(
    name: str, data: dict[str, Any] | None = None, *, kind: str = "", config: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Return an entry of `components_map`; parts that load later have no data."""
    entry: dict[str, Any] = {
        "component_type": kind or name,
        "component_name": name,
        "fe_config": config or {"data_source": {"need_fetch_at_first_screen": data is not None}},
    }
    if data is not None:
        entry["component_data"] = data
    return entry


def page_config(name: str, components: list[dict[str, Any]], global_data: dict[str, Any]) -> dict[str, Any]:
    """Return `page_config`."""
    return {
        "global_fe_config": {"page_name": name},
        "components_map": components,
        "global_data": global_data,
    }


def html_page(page: Page) -> bytes:
    """Return the document around a loader's data: meta tags say no price, and healthy pages know the word captcha."""
    data = encode({"loaderData": {"layout": None, page.route: page.node}, "errors": None})
    crumbs = encode({"@context": "https://schema.org", "@type": "BreadcrumbList", "itemListElement": []})
    head = _HEAD % (escape(page.title), escape(page.canonical), escape(page.title), escape(page.picture))
    return b"".join(
        (
            head.encode("utf-8", "replace"),
            crumbs,
            _FILLER,
            b'<script type="application/json" id="__MODERN_ROUTER_DATA__">',
            data.replace(b"/", b"\\u002F"),
            b'</script><script src="/static/webmssdk.js"></script><script src="/static/shop.js" defer></script>',
            b"</body></html>",
        )
    )


_HEAD = (
    '<!DOCTYPE html><html dir="ltr" lang="en"><head><meta charset="utf-8"/><title>%s - TikTok Shop</title>'
    '<link rel="canonical" href="%s"/><meta property="og:title" content="%s"/><meta property="og:image" content="%s"/>'
    '<link rel="prefetch" href="data:,oec-ttweb-captcha"/><script type="application/ld+json">'
)


def _filler() -> bytes:
    rows = []
    for number in range(_WEIGHT):
        words = draw(CAST_SEED, "shop filler", number)
        name = f"{pick(MAKERS, words[0])}, {pick(REMARKS, words[1])}"
        rows.append(
            f".a{words[2]:08x}-{number}{{display:flex;padding:{words[3] % 16}px;content:'{escape(name)}'}}"
        )
    loadable = encode([f"chunk_{number}" for number in range(200)]).decode()
    ssr = encode(
        {"data": {"i18nData": {f"text_{n}": pick(REMARKS, n) for n in range(_WEIGHT)}}, "mode": "string"}
    )
    return (
        f"</script><style>{''.join(rows)}</style></head><body>"
        f'<div id="root"></div><script id="__LOADABLE_REQUIRED_CHUNKS__" type="application/json">{loadable}</script>'
        f'<script type="application/json" id="__MODERN_SSR_DATA__">{ssr.decode()}</script>'
    ).encode()


_FILLER = _filler()
