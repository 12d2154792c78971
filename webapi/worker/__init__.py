"""The worker: everything that has to happen by itself. `python -m webapi.worker`, as many as you like."""
