"""Nominee streams of the provinces and territories."""
