"""Tests of `advise`."""
