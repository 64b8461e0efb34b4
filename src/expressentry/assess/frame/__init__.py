"""Many people in a Polars frame or a file: the same definitions, evaluated in columns."""
