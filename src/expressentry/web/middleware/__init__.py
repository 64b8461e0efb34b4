"""What every request passes first: headers and limits."""
