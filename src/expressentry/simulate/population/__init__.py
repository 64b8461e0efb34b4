"""Drawing people for one day: archetypes, a copula, and what depends on either."""
