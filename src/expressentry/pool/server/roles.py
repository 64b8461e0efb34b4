"""The roles of the pool. None can do more than its work; `owner` makes and changes the schema."""

from __future__ import annotations

ROLES = {name: f"expressentry_{name}" for name in ("operator", "web", "sealer", "auditor")}
"""Each role and its name on the server; what it may do is written in the migrations."""
