"""One answer of the site, decoded and parsed at most once, however many ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tiktok.parsing import Parsed, parse
from tiktok.parsing.documents import Document, read_document


@dataclass(slots=True)
class Reply:
    """What came back for one request, or why nothing did."""

    url: str
    """Final URL, after redirects."""
    status: int = 0
    """HTTP status; 0 when no answer came."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    body: bytes = b""
    """Decompressed body."""
    error: str | None = None
    """Name of the transport failure when no answer came (`TimeoutError`, …)."""
    parts: tuple[Reply, ...] = ()
    """Where a browser gathered the reply: the page's document and each answer that its script got."""
    _document: Document | None = field(default=None, repr=False)
    _parsed: Parsed | None = field(default=None, repr=False)

    @property
    def document(self) -> Document:
        """The body, decoded."""
        if self._document is None:
            self._document = read_document(self.body)
        return self._document

    @property
    def parsed(self) -> Parsed:
        """The document's items and list state."""
        if self._parsed is None:
            self._parsed = parse(self.document)
        return self._parsed

    def forget_document(self) -> None:
        """Free what was decoded, which is twice as large as the body; items stay.

        Whoever asks for it later has the body decoded anew.
        """
        self._document = None
