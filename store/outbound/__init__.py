"""Requests to URLs that users give: vetted first, then sent to exactly the address that was vetted."""
