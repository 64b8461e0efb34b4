"""After an invitation: whether it is still valid, what to prepare, and by when."""
