"""A person's dated facts: model, reading, consistency, JSON Schema, interview."""
