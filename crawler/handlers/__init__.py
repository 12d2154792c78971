"""Download handlers: how a request gets onto the wire."""
