"""Rounds of invitations: ranking, eligibility, the published record and its updates, positions in the pool."""
