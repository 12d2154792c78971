"""Fixtures shared by all rooms."""

pytest_plugins = ["tests.fixtures.standin"]
