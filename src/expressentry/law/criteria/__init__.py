"""Criteria: programs and categories as findings of three values."""
