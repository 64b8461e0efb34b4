"""Tests of the questions that every face asks."""
