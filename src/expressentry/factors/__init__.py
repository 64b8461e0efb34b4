"""What the grids see of a person on a day: schema, checks, tables, and the derivation from a profile."""
