"""Tests of `noc`."""
