"""Trouble on demand: refusals, broken transport and distorted answers, per path and per identity."""

from standin.faults import distortions, refusals, transport

__all__ = ["distortions", "refusals", "transport"]
