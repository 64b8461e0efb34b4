"""`expressentry simulate`: a synthetic population of the pool, and what is done with it."""
