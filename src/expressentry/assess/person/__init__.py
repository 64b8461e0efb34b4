"""One person: the score with its lines, the programs and the categories."""
