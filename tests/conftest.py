"""Fixtures shared by all rooms."""

pytest_plugins = [
    "tests.fixtures.browser",
    "tests.fixtures.cache",
    "tests.fixtures.databases",
    "tests.fixtures.drive",
    "tests.fixtures.lines",
    "tests.fixtures.live",
    "tests.fixtures.pace",
    "tests.fixtures.programs",
    "tests.fixtures.receivers",
    "tests.fixtures.redirector",
    "tests.fixtures.standin",
    "tests.fixtures.house",  # imports receivers
]
