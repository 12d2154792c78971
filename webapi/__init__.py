"""The front door: what people and programs ask us for, and the worker that sees to it."""
