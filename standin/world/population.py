"""Everybody and everything there is, found by any of its names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from standin.world.accounts import EPOCH, Account, cast_account, ordinary_account, ordinary_number
from standin.world.cast import CAST, DAY_SECONDS
from standin.world.ids import Space, read_id, read_sec_uid
from standin.world.posts import Post, post_number, posts_until
from standin.world.shop.catalogue import Catalogue

PRODUCTS = 24_000
_NUMBER_OF_CAST = {role.username: number for number, role in enumerate(CAST)}


@dataclass(frozen=True)
class World:
    """The population of one seed. Nothing is kept: a million accounts cost as much as one."""

    seed: int
    users: int
    products: int = PRODUCTS
    """Ordinary products of the shop, beside the named ones."""

    @cached_property
    def catalogue(self) -> Catalogue:
        """The shop."""
        return Catalogue(self.seed, self.products)

    @cached_property
    def total(self) -> int:
        """Named and ordinary accounts together."""
        return len(CAST) + self.users

    def account(self, number: int) -> Account | None:
        """Find an account by its number."""
        return _account(number, self.seed) if 0 <= number < self.total else None

    def account_called(self, username: str) -> Account | None:
        """Find an account by its present username, in any case."""
        username = username.lower()
        number = _NUMBER_OF_CAST.get(username)
        if number is None:
            number = ordinary_number(username)
        account = None if number is None else self.account(number)
        return account if account and account.username == username else None

    def account_with_sec_uid(self, sec_uid: str) -> Account | None:
        """Find an account by its secUid."""
        number = read_sec_uid(sec_uid)
        return None if number is None else self.account(number)

    def account_with_id(self, user_id: str) -> Account | None:
        """Find an account by its numeric id."""
        read = read_id(Space.ACCOUNT, user_id)
        account = self.account(read[1]) if read else None
        return account if account and account.id == user_id else None

    def account_in_slot(self, handle: str) -> Account | None:
        """Find whom the site means by `/@handle`: a username, a numeric id or a secUid."""
        return (
            self.account_called(handle) or self.account_with_id(handle) or self.account_with_sec_uid(handle)
        )

    def post(self, post_id: str, now: int) -> Post | None:
        """Find a post by its id, if it has appeared."""
        read = read_id(Space.POST, post_id)
        author = self.account(read[1]) if read else None
        if read is None or author is None or not author.started <= read[0] < now:
            return None
        post = post_number(author, (read[0] - author.started) // author.role.step)
        return post if post.id == post_id and author.role.posts else None

    def ordinary_usernames(self, count: int) -> Iterator[str]:
        """Name the first so many ordinary accounts."""
        for number in range(len(CAST), len(CAST) + count):
            yield _account(number, self.seed).username


@lru_cache(maxsize=8192)
def _account(number: int, seed: int) -> Account:
    return cast_account(number) if number < len(CAST) else ordinary_account(number, seed)


def now_on(day: int) -> int:
    """Return the moment the site's clock shows on a day."""
    return EPOCH + day * DAY_SECONDS


def posts_on(author: Account, day: int) -> int:
    """Return how many posts an account has on a day."""
    return posts_until(author, now_on(day))


def history(author: Account, before: int, count: int, now: int) -> list[Post]:
    """Return up to `count` posts older than a moment, newest first, that have appeared by now."""
    return newest_first(author, posts_until(author, min(before, now)), count)


def newest_first(author: Account, older: int, count: int) -> list[Post]:
    """Return the last `count` of an author's first `older` posts, newest first."""
    return [post_number(author, number) for number in range(older - 1, max(-1, older - 1 - count), -1)]
