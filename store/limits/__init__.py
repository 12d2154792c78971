"""Who may ask the API how often: counted exactly over all its processes, in Redis or in a file. See docs/limits.md.

`opening.open_counters` opens the counters; `Counters.take` counts a request in all limits that it meets, or in none.
"""
