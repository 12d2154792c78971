"""Attacks: the OWASP API Security Top 10 of 2023, one module per item, over all families there are."""
