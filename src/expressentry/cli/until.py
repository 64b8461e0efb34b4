"""Working until asked to end: SIGTERM and Ctrl-C are heard between two pieces of work, never in the middle of one."""

from __future__ import annotations

import os
import select
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def until_ended() -> Iterator[Callable[[float], bool]]:
    """Give a wait of so many seconds, which ends at once and says true when the end was asked for."""
    heard, told = os.pipe()
    os.set_blocking(told, False)

    def hear(*_: object) -> None:
        os.write(told, b".")

    before = {number: signal.signal(number, hear) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda seconds: bool(select.select([heard], [], [], seconds)[0])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        os.close(heard)
        os.close(told)
