"""A draft: the answers so far, in the user's own folder, written whole after each answer."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from expressentry.errors import FileError, Problem
from expressentry.profile.interview.engine import Answered
from expressentry.text import Text, same


class Draft:
    """The draft of one file; drafts of files of the same name in two folders are two."""

    def __init__(self, folder: Path, target: Path) -> None:
        mark = hashlib.sha256(str(target.resolve()).encode()).hexdigest()[:8]
        self.path = folder / f"{target.stem}-{mark}.json"

    def read(self) -> list[Answered]:
        """The answers of an earlier sitting; none where there was none, or its draft cannot be read."""
        try:
            found: Any = json.loads(self.path.read_text(encoding="utf-8"))
            return [(str(where), value) for where, value in found["answers"]]
        except (OSError, ValueError, KeyError, TypeError):
            return []

    def write(self, answers: list[Answered]) -> None:
        """Keep the answers: whole or not at all, readable by their owner only."""
        new = self.path.with_suffix(".part")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            opened = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                json.dump({"answers": answers}, file, ensure_ascii=False)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
        except OSError as error:
            raise cannot_write(self.path, error) from None

    def remove(self) -> None:
        """Forget the draft."""
        self.path.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> FileError:
    """The error for a file that cannot be written."""
    fix = Text("make room, or choose another place", "faire de la place, ou choisir un autre endroit")
    return FileError(Problem("unwritable", str(path), same(error.strerror or str(error)), fix))
