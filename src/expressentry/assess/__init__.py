"""What a rule set says of a person's factors: for one person, or for a frame."""
