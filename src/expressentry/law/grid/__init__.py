"""Grids of points: the tree, how a file becomes one, cells, and what differs between two."""
