"""The embedded PostgreSQL server: started, shared, watched and stopped."""
