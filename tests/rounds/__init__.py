"""Tests of `rounds`."""
