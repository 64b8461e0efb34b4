"""A person: what the grids see on a day, checked against the schema."""
