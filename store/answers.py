"""How many answers of each route were judged how, over all crawls there ever were: a table that stays small."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy.dialects import mysql, sqlite

from store.engine import is_mysql
from store.models.crawls import AnswerCountRow
from store.transactions import in_transaction

ANSWERS = cast("Table", AnswerCountRow.__table__)

RouteAndVerdict = tuple[str, str]


def add_answers(engine: Engine, counts: Mapping[RouteAndVerdict, int]) -> None:
    """Add what a crawl got since it last said so."""
    # Everybody locks the rows in the same order.
    rows = [
        {"route": route, "verdict": verdict, "answers": answers}
        for (route, verdict), answers in sorted(counts.items())
    ]

    def work(connection: Connection) -> None:
        known = ANSWERS.c.answers
        if is_mysql(connection):
            into = mysql.insert(ANSWERS)
            connection.execute(into.on_duplicate_key_update(answers=known + into.inserted.answers), rows)
        else:
            other = sqlite.insert(ANSWERS)
            changes = {"answers": known + other.excluded.answers}
            connection.execute(
                other.on_conflict_do_update(index_elements=[*ANSWERS.primary_key], set_=changes), rows
            )

    if rows:
        in_transaction(engine, work)


def read_answers(connection: Connection) -> dict[RouteAndVerdict, int]:
    """All of them."""
    return {(row.route, row.verdict): row.answers for row in connection.execute(select(ANSWERS))}
