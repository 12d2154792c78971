"""The legs: spiders ask, middlewares carry, stations store."""
