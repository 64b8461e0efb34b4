"""What stands before every request: headers and limits."""
