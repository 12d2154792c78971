"""The identities of this process: where they come from, who asks with which, what that costs."""

from crawler.identities.pool import LOOK_SECONDS, IdentityPool, NobodyMayAsk, Pause, Stopped
from crawler.identities.wanted import ANY, Wanted

__all__ = ["ANY", "LOOK_SECONDS", "IdentityPool", "NobodyMayAsk", "Pause", "Stopped", "Wanted"]
