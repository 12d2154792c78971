"""As whom a file is asked for: the visitor who was shown its link (facts E.2)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from scrapy import Request

from store.identities import Identity
from tiktok.cookies import newest

CHAIN_TOKEN = "tt_chain_token"  # noqa: S105  # a cookie's name
REFERER = "https://www.tiktok.com/"
"""Whatever site is crawled: a stand-in's CDN wants it as TikTok's does."""

PLAYER = {
    "Referer": REFERER,
    "Accept": "*/*",
    "Accept-Encoding": "identity",  # a packed file has neither length nor parts
    "Sec-Fetch-Mode": "no-cors",
    "Sec-Fetch-Site": "same-site",
}


@dataclass(frozen=True, slots=True)
class Access:
    """The CDN compares these with what the link was made for."""

    user_agent: str
    chain_token: str | None = field(default=None, repr=False)
    proxy: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, identity: Identity, request: Request) -> Self:
        """Take down who got an answer, before the identity asks for something else."""
        token = newest(identity.cookies, CHAIN_TOKEN)
        return cls(identity.device.user_agent, token.value if token else None, request.meta.get("proxy"))

    def headers(self) -> dict[str, str]:
        """What a request for a file says: that it comes from the browser which plays it."""
        cookie = {"Cookie": f"{CHAIN_TOKEN}={self.chain_token}"} if self.chain_token else {}
        return {"User-Agent": self.user_agent, **PLAYER, **cookie}
