"""Trouble on demand: refusals, broken transport and distorted answers, per path and per identity."""

from standin.faults import browsers, distortions, refusals, transport

__all__ = ["browsers", "distortions", "refusals", "transport"]
