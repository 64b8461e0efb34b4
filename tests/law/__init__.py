"""Tests of `law`."""
