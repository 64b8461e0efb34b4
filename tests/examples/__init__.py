"""The notebooks of the examples."""
