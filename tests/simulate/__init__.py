"""Tests of the synthetic population and of what becomes of it."""
