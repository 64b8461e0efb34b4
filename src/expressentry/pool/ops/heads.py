"""Heads of the chain in a file that others keep: one line of JSON each, and the file only grows.

The owner of a server can compute a whole chain again, or restore an older backup; nothing in the pool shows it. A head
that somebody else has kept does.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from expressentry.errors import FileError, Problem
from expressentry.files import PUBLIC, write_atomically
from expressentry.pool.acts.kinds import is_digest
from expressentry.pool.acts.model import Head
from expressentry.text import Text, same

_KEYS = {"event", "hash", "round"}
_LONGEST = 1000


def read_heads(path: Path) -> list[Head]:
    """Read published heads.

    Raises:
        FileError: The file cannot be read, or a line is no head; it names the line.
    """
    try:
        with path.open(encoding="utf-8") as file:
            return [_head(path, n, line) for n, line in enumerate(iter(lambda: file.readline(_LONGEST), ""), 1)]
    except UnicodeDecodeError:
        raise _not_heads(path, 1) from None
    except OSError as error:
        raise FileError(Problem("unreadable", str(path), same(error.strerror or str(error)), _MADE)) from None


def add_heads(path: Path, heads: Sequence[Head]) -> int:
    """Add the heads that a file does not have yet; return how many. What it has stays as it is.

    Raises:
        FileError: The file has heads of another chain, or of events that this pool does not have; or it cannot be
            read or written.
    """
    kept = read_heads(path) if path.exists() else []
    ours, newest = {one.event: one for one in heads}, max((one.event for one in heads), default=0)
    for one in kept:
        if one.event > newest or (one.event in ours and ours[one.event].hash != one.hash):
            rule = Text("event {n} of it is not in this pool", "son événement {n} n'est pas dans ce bassin")
            fix = Text("run `expressentry pool verify --heads`", "lancer `expressentry pool verify --heads`")
            raise FileError(Problem("other_chain", str(path), rule.fill(n=one.event), fix))
    known = {(one.event, one.round) for one in kept}
    new = [one for one in heads if (one.event, one.round) not in known]
    if new:
        lines = [json.dumps({"event": one.event, "hash": one.hash, "round": one.round}) + "\n" for one in new]
        before = path.read_text(encoding="utf-8") if kept else ""
        write_atomically(path, before + "".join(lines), mode=PUBLIC, durable=True)
    return len(new)


def _head(path: Path, number: int, line: str) -> Head:
    try:
        read = json.loads(line)
    except (ValueError, RecursionError):
        raise _not_heads(path, number) from None
    if not isinstance(read, dict) or read.keys() != _KEYS or not is_digest(read["hash"]):
        raise _not_heads(path, number)
    if type(read["event"]) is not int or not isinstance(read["round"], int | None):
        raise _not_heads(path, number)
    return Head(read["event"], read["hash"], read["round"])


def _not_heads(path: Path, number: int) -> FileError:
    rule = Text("line {n} is no head of a chain", "la ligne {n} n'est pas une tête de chaîne").fill(n=number)
    return FileError(Problem("not_heads", str(path), rule, _MADE))


_MADE = Text(
    "give a file that `expressentry pool heads` wrote", "donner un fichier écrit par `expressentry pool heads`"
)
