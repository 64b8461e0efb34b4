"""Tests of `factors`."""
