"""The JSON endpoints under `/api/`, one module per family."""
