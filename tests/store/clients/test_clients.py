"""Clients and their credentials, in both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from store.clients.book import (
    add_api_key,
    client_by_api_key,
    client_by_secret,
    create_client,
    create_first_client,
    disable_client,
    list_clients,
    revoke_api_key,
    rotate_credentials,
)
from store.clients.client import NewCredentials, Plan, Role
from store.clients.errors import ClientNotFound, ClientRefused, CredentialsRefused
from store.clients.secrets import is_api_key, key_prefix
from store.clients.sessions import (
    LIFE,
    Session,
    begin_session,
    client_of_session,
    forget_ended_sessions,
    refresh_session,
    revoke_session,
)
from store.models.clients import API_KEYS, CLIENTS, SESSIONS

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def test_secret_and_key_lead_to_their_client_and_nothing_else_does(engine: Engine) -> None:
    made = create_client(engine, "reports", Plan.PRO, NOW, [Role.ADMIN])
    other = create_client(engine, "other", Plan.FREE, NOW)

    assert client_by_secret(engine, made.client.id, made.client_secret) == made.client
    assert client_by_api_key(engine, made.api_key) == made.client
    assert (made.client.plan, made.client.roles) == (Plan.PRO, frozenset({Role.ADMIN}))
    for client_id, secret in (
        (made.client.id, other.client_secret),
        (made.client.id, ""),
        ("cl_nobody", made.client_secret),
    ):
        with pytest.raises(CredentialsRefused, match="client_id or client_secret is wrong"):
            client_by_secret(engine, client_id, secret)
    for key in ("", "tk_", "clé", made.api_key[:-1], made.client_secret):
        with pytest.raises(CredentialsRefused):
            client_by_api_key(engine, key)


def test_no_table_holds_what_was_given_out(engine: Engine) -> None:
    made = create_client(engine, "reports", Plan.FREE, NOW)
    session = begin_session(engine, made.client, NOW)

    with engine.connect() as connection:
        stored = str([connection.execute(select(table)).all() for table in (CLIENTS, API_KEYS, SESSIONS)])

    for secret in (made.client_secret, made.api_key, session.refresh_token):
        assert secret not in stored
        assert secret not in repr(made) + repr(session)


def test_a_misspelt_key_is_told_from_a_key_without_a_look_into_the_database(engine: Engine) -> None:
    key = create_client(engine, "reports", Plan.FREE, NOW).api_key

    assert is_api_key(key)
    assert not is_api_key(key.swapcase())
    assert not is_api_key(key[:10] + ("a" if key[10] != "a" else "b") + key[11:])


def test_a_name_is_taken_once(engine: Engine) -> None:
    create_client(engine, "reports", Plan.FREE, NOW)

    with pytest.raises(ClientRefused, match="name: there is a client 'reports'"):
        create_client(engine, " reports ", Plan.FREE, NOW)
    with pytest.raises(ClientRefused, match="name: "):
        create_client(engine, "\n", Plan.FREE, NOW)


def test_of_many_first_starts_one_makes_the_first_client(engine: Engine) -> None:
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: create_first_client(engine, NOW), range(6)))

    assert len([one for one in made if one]) == 1
    assert [(client.name, client.roles) for client, _ in list_clients(engine)] == [
        ("admin", frozenset({Role.ADMIN}))
    ]


def test_keys_come_and_go_one_by_one(engine: Engine) -> None:
    made = create_client(engine, "reports", Plan.FREE, NOW)
    second = add_api_key(engine, "reports", NOW)

    assert revoke_api_key(engine, key_prefix(made.api_key), LATER)

    assert not revoke_api_key(engine, key_prefix(made.api_key), LATER)
    assert client_by_api_key(engine, second) == made.client
    with pytest.raises(CredentialsRefused):
        client_by_api_key(engine, made.api_key)
    assert list_clients(engine) == [(made.client, [key_prefix(second)])]


def test_new_credentials_make_all_old_ones_worthless(engine: Engine) -> None:
    old = create_client(engine, "reports", Plan.FREE, NOW)
    session = begin_session(engine, old.client, NOW)

    new = rotate_credentials(engine, old.client.id, LATER)

    assert client_by_secret(engine, new.client.id, new.client_secret) == old.client
    assert client_by_api_key(engine, new.api_key) == old.client
    assert_shut_out(engine, old, session)


def test_a_disabled_client_is_shut_out_with_all_it_holds(engine: Engine) -> None:
    made = create_client(engine, "reports", Plan.FREE, NOW)
    session = begin_session(engine, made.client, NOW)

    assert disable_client(engine, "reports", LATER).disabled_at == LATER

    assert_shut_out(engine, made, session)
    with pytest.raises(ClientNotFound):
        disable_client(engine, "nobody", LATER)


def assert_shut_out(engine: Engine, old: NewCredentials, session: Session) -> None:
    with pytest.raises(CredentialsRefused):
        client_by_secret(engine, old.client.id, old.client_secret)
    with pytest.raises(CredentialsRefused):
        client_by_api_key(engine, old.api_key)
    with pytest.raises(CredentialsRefused):
        client_of_session(engine, session.id, LATER)
    with pytest.raises(CredentialsRefused):
        refresh_session(engine, session.refresh_token, LATER)


def test_a_refresh_token_is_good_once_and_the_second_use_ends_its_session(engine: Engine) -> None:
    client = create_client(engine, "reports", Plan.FREE, NOW).client
    first = begin_session(engine, client, NOW)
    bystander = begin_session(engine, client, NOW)
    second = refresh_session(engine, first.refresh_token, LATER)
    assert client_of_session(engine, first.id, LATER) == client

    with pytest.raises(CredentialsRefused):
        refresh_session(engine, first.refresh_token, LATER)

    with pytest.raises(CredentialsRefused):
        refresh_session(engine, second.refresh_token, LATER)
    with pytest.raises(CredentialsRefused):
        client_of_session(engine, first.id, LATER)
    assert refresh_session(engine, bystander.refresh_token, LATER).id == bystander.id


def test_of_many_who_use_one_refresh_token_at_once_one_gets_the_next_and_it_is_worthless(
    engine: Engine,
) -> None:
    session = begin_session(engine, create_client(engine, "reports", Plan.FREE, NOW).client, NOW)

    def refresh(_: int) -> str | None:
        try:
            return refresh_session(engine, session.refresh_token, LATER).refresh_token
        except CredentialsRefused:
            return None

    with ThreadPoolExecutor(4) as pool:
        tokens = [token for token in pool.map(refresh, range(4)) if token]

    assert len(tokens) == 1
    with pytest.raises(CredentialsRefused):
        refresh_session(engine, tokens[0], LATER)


@pytest.mark.parametrize("token", ["", "tr_", "tr_x_y", "no token", "tr_\ud800_" + "a" * 43])
def test_what_is_no_refresh_token_is_refused(engine: Engine, token: str) -> None:
    with pytest.raises(CredentialsRefused):
        refresh_session(engine, token, NOW)


def test_a_session_ends_by_itself_or_when_somebody_says_so(engine: Engine) -> None:
    client = create_client(engine, "reports", Plan.FREE, NOW).client
    old, revoked = begin_session(engine, client, NOW), begin_session(engine, client, NOW)
    revoke_session(engine, revoked.id, NOW)

    with pytest.raises(CredentialsRefused):
        client_of_session(engine, revoked.id, NOW)
    with pytest.raises(CredentialsRefused):
        client_of_session(engine, old.id, NOW + LIFE)
    with pytest.raises(CredentialsRefused):
        refresh_session(engine, old.refresh_token, NOW + LIFE)
    assert forget_ended_sessions(engine, NOW + LIFE) == 2
