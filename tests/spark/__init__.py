"""Tests of the same answers on Apache Spark."""
