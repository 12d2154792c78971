"""Schedules: jobs that come again, each due time exactly once whatever the number of workers."""
