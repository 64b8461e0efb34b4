"""Structured logs: one JSON line an act, with what was done and how long it took. Nothing personal is in them."""

from __future__ import annotations

import json
import logging
from pathlib import Path

LOGGER = logging.getLogger("expressentry.pool")
FIELDS = ("act", "events", "milliseconds", "tries", "error")


class Lines(logging.Formatter):
    """A record as a line of JSON: instant, level, and the fields of the pool."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line; only fields of the pool come out, so that no facts can slip in."""
        told = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        stamp = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        return json.dumps({"at": stamp, "level": record.levelname.lower(), **told})


def log_to(path: Path) -> None:
    """Send the lines to a file from now on, each line once."""
    if any(getattr(one, "baseFilename", None) == str(path.absolute()) for one in LOGGER.handlers):
        return
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(Lines())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def log_act(act: str, events: list[str], seconds: float, tries: int, error: str | None = None) -> None:
    """Note an act: `weak`, `strong` or `look`, the kinds of its events, its time, how often it was begun."""
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    values = {"act": act, "events": events, "milliseconds": round(seconds * 1000, 1), "tries": tries}
    LOGGER.log(logging.ERROR if error else logging.INFO, act, extra={**values, **({"error": error} if error else {})})
