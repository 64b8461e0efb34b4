"""Combinations of steps: what each brings, and which reach a target."""
