"""From a request to its answer: the target read, looked up, and served as the cache has it."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Response

from store.cache import Cached
from tiktok.lookups import SUBJECTS, Lookup, Question
from tiktok.targets import TargetKind
from tiktok.urls import read_target
from webapi import current
from webapi.extensions.json import written
from webapi.services.lookups import LookupRefused


def answer(lookup: Lookup, given: dict[str, Any], text: str = "", field: str = "target") -> Response:
    """Look up what a request asks for; `field` names its target in errors."""
    question = Question(
        lookup, _name(lookup, text, field), count=given.get("count"), cursor=given.get("cursor")
    )
    return Response(
        _shown(current.home().lookups.find(question, fresh=given["fresh"])), mimetype="application/json"
    )


def _name(lookup: Lookup, text: str, field: str) -> str:
    """The target in the form that all its writings share."""
    if lookup is Lookup.TRENDING:
        return ""
    site = current.config().tiktok_base_url
    target = read_target(text, SUBJECTS[lookup], now=current.now(), field=field, site=site)
    return target.url if target.kind is TargetKind.SHORT_LINK else target.key


def _shown(cached: Cached) -> bytes:
    """What the cache has is the answer but for how old it is: put behind, without reading the rest again."""
    refusal = LookupRefused.read(cached.refusal) if cached.refusal else None
    age = {
        "cached": cached.cached,
        "cached_at": written(cached.stored_at) if cached.cached else None,
        "stale": cached.stale,
        "stale_reason": f"{refusal.outcome}: {refusal.reason}" if refusal else None,
    }
    return cached.body[:-1] + b"," + orjson.dumps(age)[1:]
