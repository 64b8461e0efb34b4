"""Tests of expressentry."""
