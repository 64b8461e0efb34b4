"""How many examples Hypothesis draws: a third in the usual run, all in the long one."""

from __future__ import annotations

import os

LONG = "EXPRESSENTRY_LONG" in os.environ
"""`make test-long` sets it."""


def often(examples: int) -> int:
    """The number of examples of this run: a third in the usual one, five at least."""
    return examples if LONG else max(5, examples // 3)
