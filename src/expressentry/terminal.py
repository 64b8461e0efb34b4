"""What goes to a terminal: whatever others wrote is shown, and never obeyed.

A name, a reason or the words of an error may be a stranger's, and may have characters that set the title of a window,
clear the screen, or turn the letters beside them. All text of a run goes through `guarded`; what we style ourselves is
escaped before it is styled, and goes by `unguarded`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from expressentry.text import visible


class _Guarded:
    """A text stream that escapes what it is given; everything else is the stream's own."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write text, its control characters escaped."""
        self.stream.write(visible(text, lines=True))
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write several pieces of text."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


@contextmanager
def guarded() -> Iterator[None]:
    """Guard standard output and standard error for as long as the block runs."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Guarded(unguarded(stream))) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def unguarded(stream: TextIO) -> TextIO:
    """The stream itself: for data in a pipe, and for text that is escaped already and has our own colours.

    >>> unguarded(sys.stdout) is unguarded(unguarded(sys.stdout))
    True
    """
    return stream.stream if isinstance(stream, _Guarded) else stream
