"""Feeds for tests: two as the department published them, and rows of our own.

The copy of 2024-04-06 is one whose owner filled in the distributions of rounds 223, 224, 226 and 227, where the
department has zeros; the tests count on that.
"""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

from expressentry.rounds.record import Record, RecordSource
from expressentry.text import same

FOLDER = Path(__file__).parent / "feed"
OLD, NEW = "2024-04-06", "2026-08-20"
EMPTY = Record((), (), (), date(2015, 1, 1), {})


def feed_bytes(day: str) -> bytes:
    """A feed as published."""
    return gzip.decompress((FOLDER / f"ee_rounds_123_en_{day}.json.gz").read_bytes())


def rows_of(day: str) -> list[dict[str, Any]]:
    """The rows of a published feed, the newest first."""
    rows: list[dict[str, Any]] = json.loads(feed_bytes(day))["rounds"]
    return rows


def as_bytes(rows: list[dict[str, Any]], encoding: str = "utf-8") -> bytes:
    """Rows as a feed."""
    return json.dumps({"classes": "wb-tables", "rounds": rows}, ensure_ascii=False).encode(encoding)


def row(number: str = "448", **changes: str) -> dict[str, Any]:
    """One row in the department's form, with no distribution unless one is given."""
    return {
        "drawNumber": number,
        "drawDate": "2026-10-14",
        "drawDateFull": "October 14, 2026",
        "drawName": "Canadian Experience Class",
        "drawSize": "1,000",
        "drawCRS": "515",
        "drawText2": "Canadian Experience Class",
        "drawDateTime": "October 14, 2026 at 14:20:03 UTC",
        "drawCutOff": "May 01, 2026 at 10:00:00 UTC",
        "drawDistributionAsOn": "October 12, 2026",
        **{f"dd{at}": "0" for at in range(1, 19)},
        **changes,
    }


def source(id_: str = "a-feed", seen: date = date(2026, 10, 14)) -> RecordSource:
    """A source for rows of a test."""
    return RecordSource(id_, same(id_), "", seen, "one_source")
