"""A process that holds an embedded server: says `open PID` or `refused CODE`, and closes at the end of its input."""

from __future__ import annotations

import sys
from pathlib import Path

from expressentry.errors import PoolError
from expressentry.pool.server.embedded import open_embedded


def say(line: str) -> None:
    """Write a line that is seen at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(folder: Path) -> None:
    """Hold the server of a folder."""
    try:
        with open_embedded(folder) as server:
            say(f"open {server.supervisor.cluster.pid()}")
            sys.stdin.read()
    except PoolError as error:
        say(f"refused {error.problems[0].code}")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
