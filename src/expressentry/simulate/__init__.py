"""A synthetic population of the pool, and what becomes of it: nobody in it exists."""
