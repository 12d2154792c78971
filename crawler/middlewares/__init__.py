"""Downloader middlewares, one concern each; their order is in `crawler.settings`."""
