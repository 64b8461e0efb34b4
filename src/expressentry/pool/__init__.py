"""The live pool on PostgreSQL: an embedded server by default, any server by its address."""
