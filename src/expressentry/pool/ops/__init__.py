"""Running a pool: status, health, publication, backup, logs."""
