"""A watch that is killed at random, again and again: `python notify_storm.py KILLS SEED PROFILE STATE ADDRESS`.

Every run is a fork of this process, which has read the modules already; the days go on ten at a time.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from datetime import date, timedelta

from expressentry.answers import notify as _  # noqa: F401
from expressentry.cli import run

FIRST = date(2024, 1, 2)
STEP = timedelta(days=10)


def words(profile: str, state: str, address: str, at: int) -> list[str]:
    """The command of a day."""
    day = str(FIRST + at * STEP)
    return ["watch", profile, "--since", state, "--notify", address, "--on", day, "--lang", "en"]


def main() -> None:
    """Run and kill, and at the end run whole."""
    kills, seed, profile, state, address = sys.argv[1:]
    draw = random.Random(int(seed))
    run(words(profile, state, address, 0))
    begun = time.monotonic()
    run(words(profile, state, address, 1))
    usual, killed = time.monotonic() - begun, 0
    for at in range(2, int(kills) + 2):
        pid = os.fork()
        if not pid:
            run(words(profile, state, address, at))
            os._exit(0)
        time.sleep(draw.uniform(0, 1.3 * usual))
        os.kill(pid, signal.SIGKILL)
        killed += os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) < 0
    run(words(profile, state, address, int(kills) + 1))
    print(killed)  # noqa: T201


if __name__ == "__main__":
    main()
