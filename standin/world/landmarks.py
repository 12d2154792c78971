"""Addresses that exist in every population: what tests, the demo and the documentation point at."""

from __future__ import annotations

from typing import Any

from standin.world.cast import CAST
from standin.world.collections import Collection
from standin.world.population import World, now_on
from standin.world.posts import post_number, posts_until
from standin.world.shop.cast import SHELVES, SPECIALS
from standin.world.shop.categories import children_of
from standin.world.sounds import shared_sound
from standin.world.tags import TAG_CALLED


def landmarks(world: World) -> dict[str, Any]:
    """Return the named accounts, their marked posts, and one of everything else; the same under every seed."""
    return {
        "accounts": {role.username: _account(world, number) for number, role in enumerate(CAST)},
        "marked_posts": {
            f"{mark}": post_number(account, number).id
            for cast_number in range(len(CAST))
            if (account := world.account(cast_number))
            for number, mark in account.role.marks.items()
        },
        "hashtag": {"name": "funny", "id": TAG_CALLED["funny"].id},
        "sound": {"id": shared_sound(0).id, "title": shared_sound(0).title},
        "collection": {"id": _collection(world)},
        "searches": ["iphone case", "fone bluetooth"],
        "products": {
            special.name: {
                "about": special.about,
                "id": world.catalogue.product(number).id,
                "front": special.front,
            }
            for number, special in enumerate(SPECIALS)
        },
        "stores": {seller.name: seller.id for seller in map(world.catalogue.seller, range(len(SHELVES)))},
        "categories": {category.name: category.id for category in children_of("0")},
    }


def _account(world: World, number: int) -> dict[str, Any]:
    account = world.account(number)
    if account is None:
        raise LookupError(number)
    posts = posts_until(account, now_on(0))
    return {
        "about": account.role.about,
        "id": account.id,
        "sec_uid": account.sec_uid,
        "posts": posts,
        "newest_post": post_number(account, posts - 1).id if posts else None,
        "newest_photo_post": next((post_number(account, number).id for number in _photos(posts)), None),
    }


def _photos(posts: int) -> range:
    """Return the numbers of the photo posts, newest first."""
    newest = posts - 1
    return range(newest - (newest - 5) % 8, -1, -8)


def _collection(world: World) -> str:
    owner = world.account(0)
    if owner is None:
        raise LookupError(0)
    return Collection(owner).id
