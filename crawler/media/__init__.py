"""How media get here: as the visit that found their links would fetch them."""
