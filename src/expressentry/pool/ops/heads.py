"""Heads of the chain in a file that others keep: one line of JSON each, and the file only grows.

The owner of a server can compute a whole chain again, or restore an older backup; nothing in the pool shows it. A head
that somebody else has kept does.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path

from expressentry.documents import load_json, unreadable
from expressentry.errors import FileError, Problem
from expressentry.files import PUBLIC, is_there, open_file, write_atomically
from expressentry.pool.acts.kinds import is_digest
from expressentry.pool.acts.model import Head
from expressentry.text import Text

_KEYS = {"event", "hash", "round"}
_LONGEST = 1000


def read_heads(path: Path) -> list[Head]:
    """Read published heads.

    Raises:
        FileError: The file cannot be read, or a line is no head; it names the line.
    """
    try:
        with open_file(path) as file:
            lines = list(iter(lambda: file.readline(_LONGEST), b""))
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name itself
        raise unreadable(str(path), error, _MADE) from None
    return [_head(path, n, line) for n, line in enumerate(lines, 1)]


def add_heads(path: Path, heads: Sequence[Head], hashes: Callable[[Collection[int]], Mapping[int, str]]) -> int:
    """Add the heads that a file does not have yet; return how many. What it has stays as it is.

    Args:
        path: The file; it is made where it is not there.
        heads: The heads of the pool.
        hashes: Gives the hash of each of some events of the pool, as far as it has them. A head that was the newest
            once lies between two rounds now: without its hash, heads of a fork of the chain would be added behind it.

    Raises:
        FileError: The file has heads of another chain, or of events that this pool does not have; or it cannot be
            read or written.
    """
    kept = read_heads(path) if is_there(path) else []
    ours = hashes({one.event for one in kept})
    for one in kept:
        if ours.get(one.event) != one.hash:
            rule = Text("event {n} of it is not in this pool", "son événement {n} n'est pas dans ce bassin")
            fix = Text("run `expressentry pool verify --heads`", "lancer `expressentry pool verify --heads`")
            raise FileError(Problem("other_chain", str(path), rule.fill(n=one.event), fix))
    known = {(one.event, one.round) for one in kept}
    new = [one for one in heads if (one.event, one.round) not in known]
    if new:
        before = "".join(map(_line, kept))
        write_atomically(path, before + "".join(map(_line, new)), mode=PUBLIC, durable=True)
    return len(new)


def _line(one: Head) -> str:
    return json.dumps({"event": one.event, "hash": one.hash, "round": one.round}) + "\n"


def _head(path: Path, number: int, line: bytes) -> Head:
    try:
        read = load_json(line)
    except ValueError:
        raise _not_heads(path, number) from None
    if not isinstance(read, dict) or read.keys() != _KEYS or not is_digest(read["hash"]):
        raise _not_heads(path, number)
    if type(read["event"]) is not int or read["event"] < 1 or type(read["round"]) not in (int, type(None)):
        raise _not_heads(path, number)
    return Head(read["event"], read["hash"], read["round"])


def _not_heads(path: Path, number: int) -> FileError:
    rule = Text("line {n} is no head of a chain", "la ligne {n} n'est pas une tête de chaîne").fill(n=number)
    return FileError(Problem("not_heads", str(path), rule, _MADE))


_MADE = Text(
    "give a file that `expressentry pool heads` wrote", "donner un fichier écrit par `expressentry pool heads`"
)
