"""The shop's pages: products, searches, categories, stores and the front page."""
