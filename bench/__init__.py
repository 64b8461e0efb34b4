"""Speed and memory, as ratios against a named peer in one run."""
