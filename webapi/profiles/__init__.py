"""Profiles in bulk: the documents of `POST /api/tiktok/profiles` and of its callbacks."""
