"""What a watch remembers of each person between two runs: digests, the last day, the answers of that day.

No fact of a profile is kept: neither a name nor a birth date nor a document. A person is known by a digest of where
the file is, the content of the file by another. The score and the answers are kept because they cannot be worked out
again once the file has changed. A message that waits for its receiver is kept with its words, until it is taken.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from expressentry.dates import parse_day
from expressentry.documents import load_json, read_bytes
from expressentry.errors import FileError, Problem
from expressentry.text import Text

VERSION = 2


@dataclass(frozen=True, slots=True)
class Seen:
    """One person as last seen: day, digest of the file, law and newest round of that day, and the answers.

    `announced_until` is the last day ahead whose news was given.
    """

    as_of: date
    announced_until: date
    digest: str
    rule_set: str
    law: str
    established: bool
    newest_round: str | None
    totals: tuple[int, ...]
    programs: Mapping[str, bool | None]
    categories: Mapping[str, bool | None]


State = Mapping[str, Seen]
_PAGES = "pages"
"""The key of the changes of the department's pages that were reported."""
_OUTBOX = "outbox"
"""The key of the messages that their receivers have not taken yet."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one receiver: the address of its event, which is always the same, a title and a text.

    A receiver is known by a digest of its address, which may hold a password.
    """

    receiver: str
    event: str
    title: str
    text: str


def key_of(path: Path) -> str:
    """What a person is known by: a digest of where the file is."""
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:16]


def digest_of(path: Path) -> str:
    """The digest of the content of a file.

    Raises:
        FileError: It cannot be read.
    """
    return hashlib.sha256(read_bytes(path)).hexdigest()


def read_state(path: Path) -> dict[str, Seen]:
    """Read a state; a missing file is an empty one.

    Raises:
        FileError: The file cannot be read, or is not a state.
    """
    return _read(path)[0]


def read_reported(path: Path) -> frozenset[str]:
    """The changes of the department's pages that were reported, by their ids; none where there is no file.

    Raises:
        FileError: The file cannot be read, or is not a state.
    """
    return _read(path)[1]


def read_outbox(path: Path) -> list[Message]:
    """The messages that their receivers have not taken yet; none where there is no file.

    Raises:
        FileError: The file cannot be read, or is not a state.
    """
    return _read(path)[2]


def _read(path: Path) -> tuple[dict[str, Seen], frozenset[str], list[Message]]:
    if not os.path.lexists(path):
        return {}, frozenset(), []
    fix = Text(
        "name another file, or remove this one to start again",
        "nommer un autre fichier, ou supprimer celui-ci pour recommencer",
    )
    try:
        data = load_json(read_bytes(path, fix=fix))
        if data["version"] != VERSION:
            raise ValueError(f"version {data['version']}")
        people = {key: _seen(one) for key, one in data["people"].items()}
        return people, frozenset(map(str, data.get(_PAGES, ()))), [Message(**one) for one in data.get(_OUTBOX, ())]
    except (ValueError, KeyError, TypeError, AttributeError):
        rule = Text("not a state file of `expressentry watch`", "pas un fichier d'état de `expressentry watch`")
        raise FileError(Problem("not_a_state", str(path), rule, fix)) from None


def state_text(state: State, reported: Collection[str] = (), outbox: Iterable[Message] = ()) -> bytes:
    """A state as its file has it, with the changes of pages that were reported, and the messages not taken yet."""
    people = {
        key: {**asdict(one), "as_of": str(one.as_of), "announced_until": str(one.announced_until)}
        for key, one in state.items()
    }
    pages: dict[str, Any] = {_PAGES: sorted(reported)} if reported else {}
    waiting = [asdict(one) for one in outbox]
    pages |= {_OUTBOX: waiting} if waiting else {}
    return (json.dumps({"version": VERSION, "people": people, **pages}, indent=1, sort_keys=True) + "\n").encode()


def _seen(data: Mapping[str, Any]) -> Seen:
    days = {name: parse_day(data[name]) for name in ("as_of", "announced_until")}
    totals = tuple(map(int, data["totals"]))
    if not totals:
        raise ValueError("no total")
    return Seen(**{**data, **days, "totals": totals})
