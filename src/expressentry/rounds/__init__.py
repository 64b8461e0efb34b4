"""Rounds of invitations: the ranking rule, the published record, where a score stands, what IRCC publishes next."""
