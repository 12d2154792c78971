"""`/api/v1/proxy/status` and `/token-stats`: what this installation asks with. Nothing of it is secret."""

from __future__ import annotations

from typing import Any

from store.clients.client import Role
from store.exits.book import ExitBook
from store.exits.exit import DIRECT, ExitState, ExitStatus
from store.identities import IdentityBook
from store.secrets import Keyring
from webapi import current
from webapi.limits.groups import LIVE_OTHER
from webapi.live.blueprint import LiveBlueprint
from webapi.live.examples import PROXIES, TOKEN_COUNTS
from webapi.live.schemas import ProxyStatusSchema, TokenStatsSchema

PROXY = LiveBlueprint("proxy", "/api/v1/proxy", LIVE_OTHER, "The proxies we ask through")
TOKENS = LiveBlueprint("tokens", "/token-stats", LIVE_OTHER, "The msTokens we ask with")


@PROXY.route("/status")
@PROXY.response(200, ProxyStatusSchema, example=PROXIES)
@PROXY.errors(401, 403, 500)
def proxy_status() -> dict[str, Any]:
    """Get the status of the proxies

    Which ones they are is shown to admins only.
    """
    config = current.config()
    statuses = ExitBook(current.engine(), Keyring.load(config)).status()
    proxies = [one for one in statuses if one.source != DIRECT]
    return {
        "data": {
            "enabled": config.enable_proxy,
            "required": config.enable_proxy and config.require_proxy,
            "algorithm": config.proxy_algorithm,
            "total": len(proxies),
            "working": sum(one.state is ExitState.READY for one in proxies),
            "proxies": list(map(_proxy, proxies)) if Role.ADMIN in current.client().roles else None,
        }
    }


@TOKENS.route("")
@TOKENS.response(200, TokenStatsSchema, example=TOKEN_COUNTS)
@TOKENS.errors(401, 403, 500)
def token_stats() -> dict[str, Any]:
    """Get token statistics"""
    config = current.config()
    counts = IdentityBook(current.engine(), Keyring.load(config), config.ms_tokens).counts(current.now())
    tokens = {
        "healthy_tokens": counts.healthy_tokens,
        "resting_tokens": counts.cooling_tokens,
        "expired_tokens": counts.expired_tokens,
        "unused_tokens": counts.unused_tokens,
    }
    identities = {
        "ready": counts.ready,
        "in_use": counts.leased,
        "resting": counts.cooling,
        "expired": counts.expired,
        "logged_in": counts.logged_in,
    }
    return {"data": {"total_tokens": sum(tokens.values()), **tokens, "identities": identities}}


def _proxy(status: ExitStatus) -> dict[str, Any]:
    return {
        "name": status.name,
        "from": status.source,
        "state": status.state,
        "reason": status.reason,
        "country": status.country,
        "identities": status.identities,
        "failures": status.failures,
        "resting_until": status.cooldown_until,
        "last_used_at": status.last_used_at,
    }
