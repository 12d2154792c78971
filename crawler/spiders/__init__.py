"""One spider per kind of target. They ask and pass on; understanding is in `tiktok`."""
