"""What a station sees of Scrapy's engine."""

from __future__ import annotations


class ClosingEngine:
    """Stands where Scrapy's engine stands, and notes why it was asked to close."""

    def __init__(self) -> None:
        self.reasons: list[str] = []

    async def close_spider_async(self, *, reason: str) -> None:
        self.reasons.append(reason)
