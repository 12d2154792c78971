"""Fixtures shared by all rooms."""

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.cache",
    "tests.fixtures.databases",
    "tests.fixtures.drive",
    "tests.fixtures.house",
    "tests.fixtures.lines",
    "tests.fixtures.pace",
    "tests.fixtures.receivers",
    "tests.fixtures.redirector",
    "tests.fixtures.standin",
]
