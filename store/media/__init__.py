"""The archive: which files there are, who asked for them, and the stores that keep them."""
