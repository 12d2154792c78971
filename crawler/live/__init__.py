"""Answers while the caller waits: a resident crawl that takes one question after the other (docs/live.md)."""
