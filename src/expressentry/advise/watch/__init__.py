"""News for a person since the last look."""
