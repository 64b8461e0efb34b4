"""The commands of the pool."""
