"""Collections: each account keeps one, of other people's posts."""

from __future__ import annotations

from dataclasses import dataclass

from standin.world.accounts import Account
from standin.world.ids import Space, make_id, read_id
from standin.world.lists import PostList, found_posts
from standin.world.population import World

LENGTH = 45


@dataclass(frozen=True, slots=True)
class Collection:
    """One public collection."""

    owner: Account

    @property
    def id(self) -> str:
        return make_id(Space.COLLECTION, self.owner.created, self.owner.number)

    @property
    def title(self) -> str:
        return "saved for later"


def collection_with_id(world: World, collection_id: str) -> Collection | None:
    """Find a collection by its id."""
    read = read_id(Space.COLLECTION, collection_id)
    owner = world.account(read[1]) if read else None
    collection = Collection(owner) if owner else None
    return collection if collection and collection.id == collection_id else None


def collection_posts(world: World, collection: Collection) -> PostList:
    """Return what a collection holds."""
    return found_posts(world, f"collection {collection.id}", LENGTH)
