"""Tests of `occupations`."""
