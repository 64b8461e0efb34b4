"""Commands that run on as a service: again and again until they are asked to end, with pauses that suit a server."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from expressentry.cli.options import Parsed
from expressentry.cli.support import note
from expressentry.errors import FileError, LawError, RecordError
from expressentry.text import Text

JITTER = 0.1
"""A pause is up to a tenth longer or shorter, so that many installations do not ask at one moment."""
FIRST_SECONDS = 60.0
"""The pause after a first failure; it doubles with each one that follows, up to the usual pause."""
_LONGEST_WAIT_SECONDS = 1.0
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_PERIOD = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)([smhd]?)")


def period(least: str, most: str, unit: str = "") -> Parsed:
    """A length of time such as `90s`, `30m`, `6h` or `1d`, in seconds; a number alone is of the unit given.

    >>> period("1m", "7d").convert("1.5h", None, None)
    5400.0
    """

    def seconds(text: str) -> float:
        found = _PERIOD.fullmatch(text.strip())
        if found is None or not (found[2] or unit):
            raise ValueError(text)
        return float(found[1]) * _SECONDS[found[2] or unit]

    def read(text: str) -> float:
        if not seconds(least) <= (found := seconds(text)) <= seconds(most):
            raise ValueError(text)
        return found

    rule = Text("a time from {a} to {b}: 30m, 6h, 1d", "une durée de {a} à {b} : 30m, 6h, 1d").fill(a=least, b=most)
    return Parsed(read, "not_a_period", rule, Text("for example 6h", "par exemple 6h"), "TIME")


@contextmanager
def until_ended() -> Iterator[Callable[[float], bool]]:
    """Give a wait of so many seconds, which ends at once and is true when SIGTERM or Ctrl-C asked for the end.

    Signals are heard between two pieces of work, never in the middle of one.
    """
    import signal
    import time
    from queue import Empty, SimpleQueue

    # The one queue that may be put into from a handler. A pipe would do on Linux alone: Windows waits for sockets only.
    heard: SimpleQueue[None] = SimpleQueue()

    def wait(seconds: float) -> bool:
        until = time.monotonic() + seconds
        while True:
            left = until - time.monotonic()
            try:
                # Windows hears a signal between two waits, not in one.
                heard.get(timeout=min(max(left, 0), _LONGEST_WAIT_SECONDS))
            except Empty:
                if left <= _LONGEST_WAIT_SECONDS:
                    return False
            else:
                heard.put(None)  # for the next wait
                return True

    before = {number: signal.signal(number, lambda *_: heard.put(None)) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield wait
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def repeat(
    turn: Callable[[], object],
    wait: Callable[[float], bool],
    seconds: float,
    draw: Callable[[float, float], float] = random.uniform,
) -> None:
    """Do a thing now, and again every so many seconds until the wait says that it is enough.

    What may pass, such as a network that is away or a server that answers nonsense, is shown once and tried again:
    after a minute, two, four, up to the usual pause.

    Args:
        turn: What is done; it may raise FileError, LawError or RecordError.
        wait: Waits so many seconds; whether it is enough.
        seconds: The usual pause.
        draw: Draws a number between two.
    """
    told, failed = "", 0
    while True:
        pause = seconds
        try:
            turn()
        except (FileError, LawError, RecordError) as error:
            if error.say() != told:
                told = error.say()
                note(told)
            pause = min(seconds, FIRST_SECONDS * 2**failed)
            failed = min(failed + 1, 20)
        else:
            told, failed = "", 0
        if wait(pause * draw(1 - JITTER, 1 + JITTER)):
            return
