"""Every day on which something changes, and why."""
