"""What can go wrong in the mind: only what a caller hands in; no answer of the site is an error.

TikTokError
 ├─ InvalidTarget           the text names nothing that can be crawled
 ├─ InvalidQuestion         a lookup's parameters make no sense; names the field
 ├─ ShortLinkError
 │   ├─ ShortLinkDeadEnd    led to the bare front page: deleted, or shown to browsers only
 │   ├─ ShortLinkUnresolved stopped before it reached a page we know
 │   ├─ TooManyHops         redirected more often than we follow
 │   └─ ForeignHop          led away from TikTok, or to an address we never visit
 ├─ UnreadableCookies       a paste that is none of the formats
 ├─ MissingKnowledge        the request needs something that an earlier answer has to tell first
 └─ NoRequest               no request asks for this over that route
"""

from __future__ import annotations


class TikTokError(Exception):
    """Base of all errors of this room."""


class InvalidTarget(TikTokError, ValueError):  # noqa: N818  # errors here are named after what happened
    """The text names nothing that can be crawled; `str()` is one line that ends with the fix."""

    def __init__(self, field: str, value: str, reason: str, fix: str) -> None:
        super().__init__(field, value, reason, fix)
        self.field = field
        self.value = value
        self.reason = reason
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.field}: {_shown(self.value)} {self.reason}; {self.fix}"


class InvalidQuestion(TikTokError, ValueError):  # noqa: N818  # as above
    """A lookup's parameters make no sense; `str()` is one line that ends with the fix."""

    def __init__(self, field: str, problem: str, fix: str) -> None:
        super().__init__(field, problem, fix)
        self.field = field
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"{self.field}: {self.problem}; {self.fix}"


class ShortLinkError(TikTokError):
    """A short link that could not be followed to its end."""

    explanation = "could not be followed"

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.url = url

    def __str__(self) -> str:
        return f"short link: {_shown(self.url)} {self.explanation}"


class ShortLinkDeadEnd(ShortLinkError):  # noqa: N818  # as above
    """Led to the bare front page."""

    explanation = "is the front page: the link is dead, or opens in a browser only"


class ShortLinkUnresolved(ShortLinkError):  # noqa: N818  # as above
    """Stopped before it reached a page we know."""

    explanation = "leads no further and is no page that can be crawled"


class TooManyHops(ShortLinkError):  # noqa: N818  # as above
    """Redirected more often than we follow."""

    explanation = "is one redirect too many"


class ForeignHop(ShortLinkError):  # noqa: N818  # as above
    """Led away from TikTok, or to an address we never visit."""

    explanation = "is not one of TikTok's public addresses and was not visited"


class UnreadableCookies(TikTokError, ValueError):  # noqa: N818  # as above
    """A paste that is none of the formats; nothing of it is quoted."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(problem, fix)
        self.problem = problem
        self.fix = fix

    def __str__(self) -> str:
        return f"cookies: {self.problem}; {self.fix}"


class MissingKnowledge(TikTokError):  # noqa: N818  # as above
    """The request needs something that an earlier answer has to tell first."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field

    def __str__(self) -> str:
        return f"{self.field} is not known yet"


class NoRequest(TikTokError):  # noqa: N818  # as above
    """No request asks for this operation over that route."""

    def __init__(self, operation: str, route: str) -> None:
        super().__init__(operation, route)
        self.operation = operation
        self.route = route

    def __str__(self) -> str:
        return f"no request asks for {self.operation} over {self.route}"


def _shown(value: str, longest: int = 120) -> str:
    """The value quoted on one line, cut when it is long."""
    return repr(value if len(value) <= longest else value[:longest] + "…")
