"""What a page fetched for itself while a browser showed it: several answers, one reply.

A visit tells its harvest every answer that the page's script got. The harvest keeps those that belong to what
was asked, each place of a list once, and finally speaks as one `Reply`: judged, parsed and walked like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from urllib.parse import parse_qsl, urlsplit

from tiktok.endpoints import Known
from tiktok.items import Item
from tiktok.parsing import ListPage, Parsed, Visitor
from tiktok.parsing.results import distinct
from tiktok.replies import Reply
from tiktok.routes import Operation
from tiktok.targets import Target
from tiktok.verdicts import PERMANENT, Judgement, Verdict, judge

FETCHES: Mapping[Operation, tuple[str, ...]] = MappingProxyType(
    {
        Operation.PROFILE: ("user/detail",),
        Operation.PROFILE_VIDEOS: ("post/item_list", "creator/item_list"),
        Operation.VIDEO: ("item/detail",),
        Operation.HASHTAG: ("challenge/detail",),
        Operation.HASHTAG_VIDEOS: ("challenge/item_list",),
        Operation.SOUND: ("music/detail",),
        Operation.SOUND_VIDEOS: ("music/item_list",),
        Operation.COMMENTS: ("comment/list", "comment/list/reply"),
        Operation.SEARCH_VIDEOS: ("search/item/full", "search/general/full"),
        Operation.SEARCH_USERS: ("search/user/full",),
        Operation.TRENDING: ("recommend/item_list",),
    }
)
"""Endpoints (below `/api/`) that a page's own script asks for what the operation wants; others are its own affair."""

ALONGSIDE = frozenset({"comment/list/reply"})
"""Answers whose rows come along with the list's own: how they page says nothing about the list."""

_CURSORS = ("cursor", "offset", "minCursor", "comment_id")
"""Parameters that tell one place of a list from another."""


@dataclass(slots=True)
class Harvest:
    """The answers of one visit, in the order of the list."""

    operation: Operation
    target: Target
    known: Known = field(default_factory=Known)
    page: Reply | None = None
    """The document itself: the last one, where the first only made the browser wait."""
    _answers: dict[tuple[str, ...], Reply] = field(default_factory=dict)

    def wants(self, url: str) -> bool:
        """Tell whether an answer from this address belongs here."""
        endpoint = _endpoint(url)
        if endpoint not in FETCHES.get(self.operation, ()):
            return False
        query = dict(parse_qsl(urlsplit(url).query))
        return all(
            query.get(name, value).casefold() == value.casefold() for name, value in self._subject(endpoint)
        )

    def add(self, reply: Reply) -> None:
        """Keep an answer; one that was asked again takes the place of the earlier."""
        query = dict(parse_qsl(urlsplit(reply.url).query))
        place = tuple(query.get(name, "") for name in _CURSORS)
        if self.operation is Operation.TRENDING:  # a feed is asked the same question again and again
            place = (str(len(self._answers)),)
        self._answers[_endpoint(reply.url), *place] = reply

    @property
    def answers(self) -> list[Reply]:
        """What was fetched about the list or record itself."""
        return [reply for (endpoint, *_), reply in self._answers.items() if endpoint not in ALONGSIDE]

    @property
    def size(self) -> int:
        """How many answers there are, of any kind."""
        return len(self._answers)

    def row_keys(self) -> Iterator[str]:
        """Keys of the rows so far, some perhaps twice."""
        for reply in self.answers:
            if reply.parsed.page:
                yield from reply.parsed.page.keys

    @property
    def last_page(self) -> ListPage | None:
        """How the list described itself last, where its last answer was good."""
        return self.answers[-1].parsed.page if self.answers else None

    @property
    def is_waiting_page(self) -> bool:
        """True while all there is makes the browser prove itself."""
        return self.page is not None and judge(self.page).verdict is Verdict.WAF_CHALLENGE

    def judgement(self) -> Judgement | None:
        """What the harvest means so far; `None` before anything came."""
        speaker = self._speaker()
        return speaker[1] if speaker else None

    def refusal(self) -> Judgement | None:
        """What the latest answer was refused with, or the document where nothing was fetched."""
        latest = self.answers[-1] if self.answers else self.page
        judgement = judge(latest, self.operation) if latest else None
        if judgement is None or judgement.verdict is Verdict.OK:
            return None
        return None if latest is self.page and judgement.verdict is Verdict.NO_DATA else judgement

    def broken_off(self) -> Judgement | None:
        """The refusal in the middle of a list that had begun well."""
        return self.refusal() if self.operation.is_list and any(self.row_keys()) else None

    def reply(self, stopped: str | None = None) -> Reply:
        """Speak as one; `stopped` says why the visit ended before the list did."""
        speaker = self._speaker()
        assert speaker, "a visit without a document ends in an exception"
        reply, judgement = speaker
        parts = tuple(part for part in (self.page, *self._answers.values()) if part)
        parsed = self._merged(stopped) if judgement.verdict is Verdict.OK else reply.parsed
        visitor = parsed.visitor or self._visitor()
        return replace(reply, parts=parts, _document=reply.document, _parsed=replace(parsed, visitor=visitor))

    def _subject(self, endpoint: str) -> Iterator[tuple[str, str]]:
        """Parameters that name what was asked about, as far as it is known."""
        names: Mapping[str, str | None] = {
            "secUid": self.known.sec_uid or self.target.sec_uid,
            "challengeID": self.known.challenge_id,
            "challengeName": self.target.key if endpoint == "challenge/detail" else None,
            "musicId": self.target.key if endpoint == "music/detail" else None,
            "musicID": self.target.key if endpoint == "music/item_list" else None,
            "itemId": self.target.key if endpoint == "item/detail" else None,
            "aweme_id": self.target.key if endpoint == "comment/list" else None,
            "item_id": self.target.key if endpoint == "comment/list/reply" else None,
            "keyword": self.target.key if endpoint.startswith("search/") else None,
        }
        yield from ((name, value) for name, value in names.items() if value)

    def _speaker(self) -> tuple[Reply, Judgement] | None:
        """The part that says best what the visit came to.

        Rows or a record; else what says that there are none; else what says that the target is gone; else the
        latest refusal; and the document itself where its script asked nothing.
        """
        replies = [*reversed(self.answers), *filter(None, [self.page])]
        judged = [(reply, judge(reply, self.operation)) for reply in replies]
        return min(judged, key=_rank, default=None)

    def _merged(self, stopped: str | None) -> Parsed:
        """All parts in order; what the last page of a list says about going on counts for the whole."""
        parts = [reply.parsed for reply in filter(None, [*self._answers.values(), self.page])]
        items: list[Item] = distinct(item for part in parts for item in part.items)
        whole = Parsed(items=items, visitor=self._visitor())
        whole.defects = [defect for part in parts for defect in part.defects]
        pages = [reply.parsed.page for reply in self.answers if reply.parsed.page]
        if self.operation.is_list and pages:
            is_whole = self.broken_off() is None
            whole.page = ListPage(
                keys=list(dict.fromkeys(self.row_keys())),
                has_more=pages[-1].has_more if is_whole else None,
                declared=next((page.declared for page in pages if page.declared is not None), None),
                stopped=stopped,
            )
        return whole

    def _visitor(self) -> Visitor | None:
        return self.page.parsed.visitor if self.page else None


def _rank(judged: tuple[Reply, Judgement]) -> int:
    reply, judgement = judged
    if judgement.verdict is Verdict.OK:
        return 0 if reply.parsed.items else 1
    return 2 if judgement.verdict in PERMANENT else 3


def _endpoint(url: str) -> str:
    return urlsplit(url).path.partition("/api/")[2].strip("/")
