"""What the routes of all families do. Nothing here knows HTTP."""
