"""A small pretend TikTok for tests, demo and benchmarks. It imports nothing of the project's other rooms."""
