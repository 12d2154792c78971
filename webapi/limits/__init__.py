"""Who may ask how often: which limits an endpoint has, and how requests are counted against them."""
