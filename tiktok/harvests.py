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
from tiktok.parsing import ListPage, Parsed, Visitor
from tiktok.parsing.results import distinct
from tiktok.replies import Reply
from tiktok.routes import SHOP_LISTS, Operation
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
"""Endpoints (below `/api/`) that a page's script asks for what the operation wants; the others are its own affair."""

SUBJECTS: Mapping[str, str] = MappingProxyType(
    {
        "item/detail": "itemId",
        "challenge/detail": "challengeName",
        "music/detail": "musicId",
        "music/item_list": "musicID",
        "comment/list": "aweme_id",
        "comment/list/reply": "item_id",
        "search/item/full": "keyword",
        "search/general/full": "keyword",
        "search/user/full": "keyword",
    }
)
"""The parameter in which an endpoint takes a target's key."""

ASKED_ALIKE = SHOP_LISTS | {Operation.TRENDING}
"""Lists whose requests don't differ in their addresses: a feed, and those of the shop, whose places are posted."""

ALONGSIDE = frozenset({"comment/list/reply"})
"""Answers whose rows come along with the list's own: how they page says nothing about the list."""

_CURSORS = ("cursor", "offset", "minCursor", "comment_id")
"""Parameters that tell one place of a list from another."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, judged when it came. Of good ones only the content is kept: bodies are what a long list weighs."""

    endpoint: str
    reply: Reply
    judgement: Judgement
    parsed: Parsed

    @property
    def is_ok(self) -> bool:
        return self.judgement.verdict is Verdict.OK

    def lightened(self) -> Answer:
        """The same without the body."""
        return replace(self, reply=replace(self.reply, body=b"", _document=None, _parsed=self.parsed))


@dataclass(slots=True)
class Harvest:
    """The answers of one visit, in the order of the list."""

    operation: Operation
    target: Target
    known: Known = field(default_factory=Known)
    page: Answer | None = None
    """The document itself: the last one, where the first only made the browser wait."""
    size: int = 0
    """How many answers came, of any kind."""
    along: int = 0
    """How many of these came along with the list's own."""
    _answers: dict[tuple[str, ...], Answer] = field(default_factory=dict)

    def wants(self, url: str) -> bool:
        """Tell whether an answer from this address belongs here."""
        endpoint = _endpoint(url)
        if (
            self.operation in SHOP_LISTS
        ):  # each page has an endpoint of its own, and not all of them are known
            return endpoint.startswith("shop/") and endpoint.endswith("/product_list")
        if endpoint not in FETCHES.get(self.operation, ()):
            return False
        query = dict(parse_qsl(urlsplit(url).query))
        return all(
            query.get(name, value).casefold() == value.casefold() for name, value in self._subject(endpoint)
        )

    def add(self, reply: Reply) -> None:
        """Keep an answer; one that was asked again takes the place of the earlier."""
        answer = self._judged(reply)
        query = dict(parse_qsl(urlsplit(reply.url).query))
        place = tuple(query.get(name, "") for name in _CURSORS)
        if self.operation in ASKED_ALIKE:
            place = (str(self.size),)
        self.size += 1
        self.along += answer.endpoint in ALONGSIDE
        key = (answer.endpoint, *place)
        others = (kept for at, kept in self._answers.items() if at != key and kept.endpoint not in ALONGSIDE)
        is_spoken_for = any(kept.is_ok and kept.parsed.items for kept in others)
        self._answers[key] = answer.lightened() if answer.is_ok and is_spoken_for else answer

    def show(self, reply: Reply) -> None:
        """Take the document, in the place of one that led here."""
        self.page = self._judged(reply)

    @property
    def answers(self) -> list[Answer]:
        """What was fetched about the list or record itself."""
        return [answer for answer in self._answers.values() if answer.endpoint not in ALONGSIDE]

    @property
    def latest(self) -> Answer | None:
        """The last answer about the list or record itself."""
        return next((one for one in reversed(self._answers.values()) if one.endpoint not in ALONGSIDE), None)

    def row_keys(self) -> Iterator[str]:
        """Keys of the rows so far, some perhaps twice."""
        for page in self._pages:
            yield from page.keys

    @property
    def has_ended(self) -> bool:
        """True when the list itself said that there is no more."""
        return self._says_more is False

    @property
    def is_waiting_page(self) -> bool:
        """True while all there is makes the browser prove itself."""
        return self.page is not None and self.page.judgement.verdict is Verdict.WAF_CHALLENGE

    @property
    def judgement(self) -> Judgement | None:
        """What the harvest means so far; `None` before anything came."""
        speaker = self._speaker()
        return speaker.judgement if speaker else None

    @property
    def refusal(self) -> Judgement | None:
        """What the latest answer was refused with; the document, where nothing was fetched yet."""
        latest = self.latest
        if latest is not None:
            return None if latest.is_ok else latest.judgement
        if self.page is None or self.page.is_ok or self.page.judgement.verdict is Verdict.NO_DATA:
            return None
        return self.page.judgement

    @property
    def broken_off(self) -> Judgement | None:
        """The refusal in the middle of a list that had begun well."""
        return self.refusal if self.operation.is_list and any(self.row_keys()) else None

    def reply(self, stopped: str | None = None) -> Reply:
        """Speak as one; `stopped` says why the visit ended before the list did."""
        speaker = self._speaker()
        assert speaker, "a visit without a document ends in an exception"
        parsed = self._merged(stopped) if speaker.is_ok else speaker.parsed
        parts = (self.page, *self._answers.values())
        return replace(
            speaker.reply,
            parts=tuple(part.reply for part in parts if part),
            _document=speaker.reply.document,
            _parsed=replace(parsed, visitor=parsed.visitor or self._visitor()),
        )

    def _judged(self, reply: Reply) -> Answer:
        endpoint = _endpoint(reply.url)
        operation = Operation.REPLIES if endpoint in ALONGSIDE else self.operation
        return Answer(endpoint, reply, judge(reply, operation), reply.parsed)

    def _subject(self, endpoint: str) -> Iterator[tuple[str, str]]:
        """Parameters that name what was asked about, as far as it is known."""
        names = {
            "secUid": self.known.sec_uid or self.target.sec_uid,
            "challengeID": self.known.challenge_id,
            SUBJECTS.get(endpoint, ""): self.target.key,
        }
        yield from ((name, value) for name, value in names.items() if name and value)

    def _speaker(self) -> Answer | None:
        """The part that says best what the visit came to.

        Rows or a record; else what says that there are none; else what says that the target is gone; else the
        latest refusal; and the document itself where its script asked nothing.
        """
        parts = [*self.answers, self.page]
        told = [part for part in parts if part]
        good = next((part for part in told if part.is_ok and part.parsed.items), None)
        empty = next((part for part in told if part.is_ok), None)
        dead = next((part for part in told if part.judgement.verdict in PERMANENT), None)
        return good or empty or dead or self.latest or self.page

    def _merged(self, stopped: str | None) -> Parsed:
        """All parts in order; what the last page of a list says about going on counts for the whole."""
        parts = [part.parsed for part in (*self._answers.values(), self.page) if part]
        return Parsed(
            items=distinct(item for part in parts for item in part.items),
            page=self._list_page(stopped) if self.operation.is_list else None,
            defects=[defect for part in parts for defect in part.defects],
        )

    def _list_page(self, stopped: str | None) -> ListPage | None:
        pages = self._pages
        if not pages:
            return None
        return ListPage(
            keys=list(dict.fromkeys(self.row_keys())),
            has_more=None if self.broken_off else self._says_more,
            declared=next((page.declared for page in pages if page.declared is not None), None),
            stopped=stopped or (f"broken off by {self.broken_off.verdict}" if self.broken_off else None),
        )

    @property
    def _pages(self) -> list[ListPage]:
        """The list's pages; a page of the shop comes with the first of them."""
        parts = [self.page, *self.answers] if self.operation in SHOP_LISTS else self.answers
        return [part.parsed.page for part in parts if part and part.parsed.page]

    @property
    def _says_more(self) -> bool | None:
        """What was last said about more; of several lists, each of which ends apart, only the page can tell."""
        pages = self._pages
        if not pages or (pages[0].lists > 1 and len(pages) > 1):
            return None
        if self.latest and not self.latest.parsed.page:
            return None
        return pages[-1].has_more

    def _visitor(self) -> Visitor | None:
        return self.page.parsed.visitor if self.page else None


def _endpoint(url: str) -> str:
    return urlsplit(url).path.partition("/api/")[2].strip("/")
