"""The statements of the pool: plain SQL in named blocks, each with a line that says what it is for."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_BLOCK = re.compile(r"^-- name: (\w+)\n-- ([^\n]+)\n(.*?)(?=^-- name: |\Z)", re.MULTILINE | re.DOTALL)


@cache
def statements() -> dict[str, str]:
    """Every statement by its name."""
    files = sorted(Path(__file__).parent.glob("*.sql"))
    blocks = [block for file in files for block in _BLOCK.findall(file.read_text(encoding="utf-8"))]
    return {name: text.strip().rstrip(";") for name, _, text in blocks}
