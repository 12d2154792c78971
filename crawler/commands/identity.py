"""`scrapy identity`: the operator's own accounts, and how all identities are."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from rich.console import Console
from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.exceptions import UsageError
from sqlalchemy import Engine

from crawler.identity_tables import (
    print_critical,
    print_identities,
    print_refusals,
    print_renewals,
    say,
    terminal,
)
from crawler.renewal import Renewal, RenewalSpider
from store.config import Config, load_config
from store.engine import open_engine
from store.errors import IdentityRefused, ProxiesUnavailable, StoreError
from store.exits import Exit, ExitBook, refresh_exits
from store.identities import IdentityBook
from store.identities.imports import cookie_site, device_of
from store.key_rotation import rotate
from store.schema import migrate
from store.secrets import Keyring
from tiktok.cookie_formats import MAX_BYTES, read_cookies, warnings_about
from tiktok.cookies import CRITICAL, critical_cookies
from tiktok.errors import UnreadableCookies

BAD_INPUT = 2
INCOMPLETE = 3
STDIN = "-"


class Command(ScrapyCommand):
    """Import, list, retire; make a new key."""

    requires_project = True
    requires_crawler_process = False
    default_settings = {"LOG_ENABLED": False}  # noqa: RUF012  # declared so by Scrapy

    def syntax(self) -> str:
        return "import FILE | list | renew | rotate-key | retire ID"

    def short_desc(self) -> str:
        return "Import your own TikTok cookies, list, renew or retire identities, change the key that encrypts them"

    def long_desc(self) -> str:
        return (
            "import FILE: take cookies from Cookie-Editor's JSON, a Netscape cookies.txt, a Cookie header or "
            "Playwright's storage state (- reads standard input). "
            "list: show all identities, their health and how long their cookies last. "
            "renew: visit the site in a browser with each account whose login ends within seven days. "
            "rotate-key: make a new key and encrypt everything with it; crawls may go on meanwhile. "
            "retire ID: never use an identity again, and forget its cookies."
        )

    def add_options(self, parser: ArgumentParser) -> None:
        super().add_options(parser)
        group = parser.add_argument_group("import")
        group.add_argument("--label", help="what to call the account (default: the file's name)")
        group.add_argument(
            "--user-agent", metavar="UA", help="User-Agent of the browser the cookies are from"
        )
        group.add_argument("--exit", metavar="NAME", help="proxy to bind it to, as host:port, or direct")
        group = parser.add_argument_group("renew")
        group.add_argument("--all", action="store_true", help="also accounts that are not due")
        group = parser.add_argument_group("rotate-key")
        group.add_argument(
            "--forget-old", action="store_true", help="then delete the older keys from the file"
        )

    def run(self, args: list[str], opts: Namespace) -> None:
        actions = {"import": _import, "list": _list, "rotate-key": _rotate_key, "retire": _retire}
        if args[:1] == ["renew"]:
            self._renew(args[1:], everyone=opts.all)
            return
        unknown = [arg for arg in args if arg.startswith("-") and arg != STDIN]
        if not args or args[0] not in actions or unknown:
            raise UsageError(f"unknown: {' '.join(unknown or args[:1]) or 'what to do'}")
        try:
            actions[args[0]](args[1:], opts)
        except (StoreError, UnreadableCookies) as error:
            _refuse(str(error))

    def _renew(self, args: list[str], *, everyone: bool) -> None:
        """Let a crawl of its own do it; what could not be renewed makes the exit status 3."""
        _expect(args, 0)
        assert self.settings
        try:
            _Books()
        except StoreError as error:
            _refuse(str(error))
        done: list[Renewal] = []
        process = AsyncCrawlerProcess(self.settings)
        process.crawl(RenewalSpider, everyone=everyone, done=done.append)
        process.start()
        print_renewals(terminal(), done)
        self.exitcode = INCOMPLETE if any(one.trouble for one in done) else 0


class _Books:
    """Everything that the actions work on."""

    def __init__(self) -> None:
        self.config: Config = load_config()
        self.config.make_data_dir()
        self.engine: Engine = open_engine(self.config.database_url)
        migrate(self.engine)
        self.keyring = Keyring.load(self.config)
        self.exits = ExitBook(self.engine, self.keyring)
        self.identities = IdentityBook(self.engine, self.keyring, self.config.ms_tokens)
        self.now = datetime.now(UTC)


def _import(args: list[str], opts: Namespace) -> None:
    if len(args) != 1:
        raise UsageError("name one file of cookies, or - for standard input")
    books, console = _Books(), terminal()
    paste = read_cookies(_read(args[0]), books.now, site=cookie_site(books.config))
    print_refusals(console, paste.refusals)
    if not any(cookie.name in CRITICAL for cookie in paste.cookies):
        raise IdentityRefused(
            f"{paste.format}: none of {', '.join(CRITICAL)} can be used; nothing was imported"
        )
    exit_ = _exit(books, opts.exit, console)
    label = opts.label or ("account" if args[0] == STDIN else Path(args[0]).stem)
    account = books.identities.import_account(
        label,
        paste.cookies,
        books.now,
        device=device_of(paste.cookies, opts.user_agent or books.config.user_agent),
        exit_id=exit_.id,
    )
    done = "imported as" if account.created_at == books.now else "took the place of the older ones of"
    say(console, f"{paste.format}: {len(paste.cookies)} cookies {done} identity {account.id}, {label}")
    print_critical(console, critical_cookies(account.cookies, books.now))
    warnings = warnings_about(paste.cookies)
    if account.exit_id != exit_.id and opts.exit:
        warnings.append(
            "it keeps the exit that it has had from the start; retire it first to give it another"
        )
    if not opts.user_agent:
        warnings.append(
            "no --user-agent: give that of the browser the cookies are from, they belong together"
        )
    for warning in warnings:
        say(console, f"Warning: {warning}")


def _list(args: list[str], _opts: Namespace) -> None:
    _expect(args, 0)
    books = _Books()
    print_identities(terminal(), books.identities.list_identities(books.now), books.now)


def _rotate_key(args: list[str], opts: Namespace) -> None:
    _expect(args, 0)
    books, console = _Books(), terminal()
    if books.config.secret_keys:
        say(console, "The keys are those of SECRET_KEYS: put a new one in front of them to change it")
    else:
        books.keyring.add_key()
    done = rotate(books.engine, books.keyring)
    say(console, f"{done:,} secrets are under the key {books.keyring.ids[0]} now")
    if opts.forget_old:
        say(console, f"{books.keyring.forget_old_keys():,} older keys are gone from the file")


def _retire(args: list[str], _opts: Namespace) -> None:
    _expect(args, 1)
    if not args[0].isascii() or not args[0].isdigit() or len(args[0]) > 18:
        raise UsageError("name an identity by its number; scrapy identity list shows it")
    books = _Books()
    books.identities.retire(int(args[0]))
    say(terminal(), f"Identity {args[0]} is retired, its cookies are forgotten")


def _expect(args: list[str], count: int) -> None:
    if len(args) != count:
        raise UsageError("too many or too few arguments")


def _read(name: str) -> bytes:
    """Read no more than can be cookies: somebody may have named a video."""
    try:
        if name == STDIN:
            return sys.stdin.buffer.read(MAX_BYTES + 1)
        with Path(name).open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise IdentityRefused(f"{name} can't be read: {error.strerror}; name a file with cookies") from None


def _exit(books: _Books, name: str | None, console: Console) -> Exit:
    try:
        refresh_exits(books.exits, books.config, books.now)
    except ProxiesUnavailable as error:
        say(console, f"Warning: {error}")
    if name:
        found = books.exits.find(name)
        if found is None:
            raise IdentityRefused(
                f"No exit, or more than one, is called {name}; name it as scheme://host:port"
            )
        return found
    chosen = books.exits.choose(books.config.proxy_algorithm, books.now)
    if chosen is None:
        raise IdentityRefused("No exit is usable at present; name one with --exit")
    return chosen


def _refuse(line: str) -> NoReturn:
    print(f"scrapy identity: {line}", file=sys.stderr)  # noqa: T201  # a command's own voice
    sys.exit(BAD_INPUT)
