"""Profiles: `/api/tiktok/profiles`, one at once, or lists of them with a callback.

The worker uses `documents`, too, and needs nothing of the web for it: so the endpoints are in `routes` alone.
"""
