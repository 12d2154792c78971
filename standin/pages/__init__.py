"""The HTML pages, and the small public endpoints beside them, one module per kind."""
