"""The memory: what was collected, with its history, in SQLite or MySQL."""
