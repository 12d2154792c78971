"""This family's envelope, `{"detail", "error_code", "timestamp"}`, in the words of its document."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from webapi import current
from webapi.extensions.blueprints import FamilyBlueprint
from webapi.extensions.envelopes import Problem
from webapi.extensions.json import written

CODES = {
    400: ("INVALID_QUERY", "Query inválida"),
    401: ("UNAUTHORIZED", "Token inválido/ausente"),
    403: ("FORBIDDEN", "Sem permissão (plano)"),
    404: ("NOT_FOUND", "Não encontrado"),
    405: ("METHOD_NOT_ALLOWED", "Método não permitido"),
    413: ("PAYLOAD_TOO_LARGE", "Corpo grande demais"),
    429: ("RATE_LIMITED", "Limite excedido"),
    500: ("SCRAPER_ERROR", "Erro interno do scraper"),
    503: ("API_UNAVAILABLE", "TikTok API indisponível"),
}
"""Status → code, and what it means; the details follow behind a colon."""


class ShopErrorSchema(Schema):
    """What went wrong."""

    detail = fields.String(required=True, metadata={"example": "Limite excedido: try again in 60 s"})
    error_code = fields.String(required=True, metadata={"example": "RATE_LIMITED"})
    timestamp = fields.String(required=True, metadata={"example": "2025-07-07T10:30:00Z"})


class ShopBlueprint(FamilyBlueprint):
    """Endpoints of this family."""

    ERROR_SCHEMA = ShopErrorSchema


def envelope(problem: Problem) -> dict[str, Any]:
    """Put a problem into this family's words."""
    code, meaning = CODES.get(problem.status, CODES[500 if problem.status >= 500 else 400])
    return {
        "detail": f"{meaning}: {problem.details or problem.message}",
        "error_code": code,
        "timestamp": written(current.now()),
    }
