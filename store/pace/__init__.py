"""The pace: how often we ask TikTok, agreed upon by all processes and nodes. See docs/pace.md.

`open_governor` opens it; `Governor.turn` waits until one more request may be sent; `Rates` knows the buckets
that a request takes part in.
"""

from __future__ import annotations

from store.pace.buckets import Bucket
from store.pace.governor import Governor, TurnTooLate
from store.pace.homes import open_governor
from store.pace.rates import Rates

__all__ = ["Bucket", "Governor", "Rates", "TurnTooLate", "open_governor"]
