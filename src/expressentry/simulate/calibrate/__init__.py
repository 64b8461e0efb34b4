"""Weights by which invented people add up to what was published, and what these figures leave open."""
