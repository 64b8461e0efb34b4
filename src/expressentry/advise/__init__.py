"""What changes, and what to do about it: advice from a person's dated facts."""
