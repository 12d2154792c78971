"""A bulk job through chaos: processes are killed at random, and nothing may be lost, doubled or told twice."""
