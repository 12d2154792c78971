"""Payload to items, by shape: whoever sent it and whenever, what is recognised is read."""

from __future__ import annotations

from tiktok.parsing.documents import Document
from tiktok.parsing.results import ListPage, Parsed, Visitor
from tiktok.parsing.shapes import SHAPES

__all__ = ["ListPage", "Parsed", "Visitor", "parse"]


def parse(document: Document) -> Parsed:
    """Read whatever the document holds. Never raises: what is not understood is left out."""
    if not document.payload:
        return Parsed()
    for shape in SHAPES:
        if shape.recognises(document.payload):
            parsed = shape.parse(document.payload)
            parsed.shape = shape.name
            return parsed
    return Parsed()
