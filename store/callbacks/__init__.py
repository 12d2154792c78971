"""Callbacks: what a client's receiver is told when its job has ended."""
