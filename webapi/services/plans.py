"""What a client's plan allows."""

from __future__ import annotations

from store.clients.client import Client, Plan, Role
from webapi.services.errors import Forbidden

PAID = frozenset({Plan.PRO, Plan.ENTERPRISE})


def require_paid_plan(client: Client) -> None:
    """Raise `Forbidden` for clients of the free plan; who runs the installation may do everything."""
    if client.plan not in PAID and Role.ADMIN not in client.roles:
        raise Forbidden(f"the plan {client.plan} does not include this; Pro and Enterprise do")
