"""What can be done to a pool: submit, invite, expire, cancel, re-score, verify."""
