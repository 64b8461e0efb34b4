"""Invented people with the facts of typical and of public cases, and tests of what is right for them."""
