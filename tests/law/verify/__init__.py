"""Tests of the law beside what is published."""
