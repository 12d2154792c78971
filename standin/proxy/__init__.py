"""A proxy for tests: HTTP or SOCKS5, with a password, a name of its own, and trouble on demand."""
