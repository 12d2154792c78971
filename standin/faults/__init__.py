"""Trouble on demand: refusals, broken transport and distorted answers, per path and per identity."""
