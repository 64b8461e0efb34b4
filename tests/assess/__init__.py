"""Tests of `assess`."""
