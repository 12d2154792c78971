"""Clients at the command line: `flask --app webapi client create | list | rotate | disable | add-key | revoke-key`."""

from __future__ import annotations

import click
import orjson
from flask.cli import AppGroup

from store.clients.book import (
    add_api_key,
    create_client,
    disable_client,
    list_clients,
    revoke_api_key,
    rotate_credentials,
)
from store.clients.client import NewCredentials, Plan, Role
from store.clients.errors import ClientError
from webapi import current
from webapi.terminal import print_table, say

CLIENTS = AppGroup("client", help="Who may use the API.")

# As texts: of an enumeration Click would take the names.
PLANS = [str(plan) for plan in Plan]
ROLES = [str(role) for role in Role]

as_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON, in the last line.")


@CLIENTS.command()
@click.argument("name")
@click.option("--plan", type=click.Choice(PLANS), default=PLANS[0], show_default=True)
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, help="May be given several times.")
@as_json
def create(name: str, plan: str, roles: tuple[str, ...], *, as_json: bool) -> None:
    """Make a client and print its credentials, once."""
    try:
        made = create_client(
            current.engine(), name, Plan(plan), current.now(), [Role(role) for role in roles]
        )
    except ClientError as error:
        raise click.ClickException(str(error)) from None
    show(made, as_json=as_json)


@CLIENTS.command(name="list")
def list_all() -> None:
    """List clients and the beginnings of their keys."""
    rows = [
        (
            client.id,
            client.name,
            client.plan,
            ", ".join(sorted(client.roles)) or None,
            ", ".join(keys) or None,
            client.created_at,
            client.disabled_at,
        )
        for client, keys in list_clients(current.engine())
    ]
    print_table(("client_id", "name", "plan", "roles", "keys", "made", "disabled"), rows)


@CLIENTS.command()
@click.argument("client")
@as_json
def rotate(client: str, *, as_json: bool) -> None:
    """Give a client a new secret and key; all it had before is refused."""
    try:
        made = rotate_credentials(current.engine(), client, current.now())
    except ClientError as error:
        raise click.ClickException(str(error)) from None
    show(made, as_json=as_json)


@CLIENTS.command()
@click.argument("client")
def disable(client: str) -> None:
    """Shut a client out; its jobs stay."""
    try:
        disabled = disable_client(current.engine(), client, current.now())
    except ClientError as error:
        raise click.ClickException(str(error)) from None
    say(f"{disabled.id} {disabled.name} is disabled")


@CLIENTS.command()
@click.argument("client")
def add_key(client: str) -> None:
    """Give a client one more API key and print it, once."""
    try:
        say(add_api_key(current.engine(), client, current.now()))
    except ClientError as error:
        raise click.ClickException(str(error)) from None


@CLIENTS.command()
@click.argument("prefix")
def revoke_key(prefix: str) -> None:
    """Revoke the API key with this beginning, as `list` shows it."""
    if not revoke_api_key(current.engine(), prefix, current.now()):
        raise click.ClickException(f"There is no good key {prefix}; see: flask --app webapi client list")
    say(f"{prefix} is revoked")


def show(made: NewCredentials, *, as_json: bool = False) -> None:
    """Print what nobody can look up later."""
    lines = {"client_id": made.client.id, "client_secret": made.client_secret, "api_key": made.api_key}
    if as_json:
        say(orjson.dumps(lines).decode())
        return
    say(f"Client {made.client.name}, plan {made.client.plan}. Keep these, they are shown once:")
    for name, value in lines.items():
        say(f"  {name:13} {value}")
