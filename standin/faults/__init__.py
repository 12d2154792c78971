"""Trouble on demand: refusals, broken transport and distorted answers, per path and per identity."""

from standin.faults import browsers, distortions, refusals, shops, transport

__all__ = ["browsers", "distortions", "refusals", "shops", "transport"]
