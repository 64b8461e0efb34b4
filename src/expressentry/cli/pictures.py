"""Before a picture is drawn: can it be."""

from __future__ import annotations

from pathlib import Path

from expressentry.cli.extras import needs


def drawable(path: str) -> None:
    """Refuse a picture where what draws it is not installed, or the ending names no picture."""
    needs("charts", "altair", "vl_convert")
    from expressentry.present.charts.save import check_ending

    check_ending(Path(path))
