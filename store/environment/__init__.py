"""How the texts of the environment become values: `general` of any kind, `particular` to this project."""
