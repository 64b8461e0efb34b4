"""The law as data: instruments, columns, grids, the rule set of a day."""
