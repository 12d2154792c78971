"""`/metrics`: what an operator's Prometheus reads. See docs/metrics.md.

`prometheus_client` decides when it is imported whether processes add up: so this package is imported where the
application is made, in each process, and not before `processes.share_counts`.
"""
