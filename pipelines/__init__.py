"""The stations an item passes between a spider and the database, in the order of their numbers."""
