"""A bare server of any PostgreSQL that this machine has: Debian's, and each that a wheel carries."""

from __future__ import annotations

import os
import re
import subprocess
import sysconfig
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from expressentry.files import Folder
from expressentry.pool.server.binaries import Binaries
from tests.pool.servers import NOBODY, folder_of


def installed() -> dict[int, Binaries]:
    """The programs of each version, by its number."""
    wheels = Path(sysconfig.get_path("platlib"))
    found = {}
    for folder in (*wheels.glob("*/pginstall*/bin"), *Path("/usr/lib/postgresql").glob("*/bin")):
        if (folder / "initdb").is_file():
            said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
            if number := re.search(r"\) (\d+)", said):
                found[int(number[1])] = Binaries(folder, int(number[1]))
    return found


def _as_somebody() -> dict[str, Any]:
    """PostgreSQL does not run as root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}


@contextmanager
def bare_server(binaries: Binaries) -> Iterator[str]:
    """A server with nothing in it, for as long as the block runs; the answer is the superuser's address."""
    with folder_of(f"version{binaries.major}") as home:
        home.chmod(0o755)
        place = home / "place"
        place.mkdir(mode=0o700)
        if os.getuid() == 0:
            os.chown(place, NOBODY, NOBODY)
            if not binaries.is_open_to(NOBODY):
                binaries = binaries.copied_to(Folder(home))
        quiet: dict[str, Any] = {"check": True, "stdout": subprocess.DEVNULL, "cwd": place, **_as_somebody()}
        data, log = str(place / "data"), str(place / "log")
        initdb = [binaries["initdb"], "-D", data, "--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-sync"]
        subprocess.run(initdb, **quiet)
        options = f"-c listen_addresses='' -c unix_socket_directories={place} -c fsync=off"
        subprocess.run([binaries["pg_ctl"], "-D", data, "-l", log, "-o", options, "-w", "start"], **quiet)
        try:
            yield f"postgresql://postgres@/postgres?host={place}"
        finally:
            subprocess.run([binaries["pg_ctl"], "-D", data, "-m", "immediate", "stop"], **quiet)
