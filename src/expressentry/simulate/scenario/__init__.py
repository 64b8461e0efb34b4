"""A scenario: what a simulation supposes, read from one TOML file and checked before anything runs."""
