"""`expressentry forecast`."""
