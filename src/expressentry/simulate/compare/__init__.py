"""A baseline and scenarios side by side: cut-offs, waiting times, who gains and who loses."""
