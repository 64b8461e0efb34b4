"""Where a pool is kept: PostgreSQL, or plain memory."""
