"""What goes to a terminal: whatever others wrote is shown, and never obeyed.

A name, a reason or the words of an error may be a stranger's, and may have characters that set the title of a window,
clear the screen, or turn the letters beside them. All text of a run goes through `guarded`; what we style ourselves is
escaped before it is styled, and goes by `unguarded`.

A stream may have an encoding that lacks letters: a pipe of Windows, or what PYTHONIOENCODING names. Text is then
written in the letters that there are, and data with the escapes of JSON, so that no command fails.
"""

from __future__ import annotations

import codecs
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
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
    errors = [_write_plainly(unguarded(stream)) for stream in before]
    sys.stdout, sys.stderr = (cast("TextIO", _Guarded(unguarded(stream))) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before
        for stream, name in zip(before, errors, strict=True):
            if name is not None:
                cast("TextIOWrapper", unguarded(stream)).reconfigure(errors=name)


def unguarded(stream: TextIO) -> TextIO:
    """The stream itself: for data in a pipe, and for text that is escaped already and has our own colours.

    >>> unguarded(sys.stdout) is unguarded(unguarded(sys.stdout))
    True
    """
    return stream.stream if isinstance(stream, _Guarded) else stream


def takes_all_letters(stream: TextIO) -> bool:
    """Whether a stream can be given any letter: its encoding is of Unicode, or it has none."""
    return (stream.encoding or "utf").lower().startswith(("utf", "cp65001"))


def fitting(text: str, stream: TextIO) -> str:
    r"""Data as a stream can be given it: letters that its encoding lacks become the escapes of JSON.

    >>> from io import BytesIO
    >>> latin = TextIOWrapper(BytesIO(), encoding="cp1252")
    >>> print(fitting("Zoé → 491", latin))
    Zoé \u2192 491
    """
    if takes_all_letters(stream):
        return text
    return text.encode(stream.encoding, "expressentry_json").decode(stream.encoding)


def _write_plainly(stream: TextIO) -> str | None:
    """Let a stream take text beyond its encoding; return how it met such text before, None where nothing is changed."""
    if not isinstance(stream, TextIOWrapper) or takes_all_letters(stream):
        return None
    before = stream.errors
    stream.reconfigure(errors="expressentry_plain")
    return before


def _plain(error: UnicodeError) -> tuple[str, int]:
    """What is written for letters that an encoding lacks: the nearest that it has, else an escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_nearest(one, error.encoding) for one in error.object[error.start : error.end]), error.end


def _nearest(letter: str, encoding: str) -> str:
    for written in (_NEAREST.get(letter), unicodedata.normalize("NFKD", letter)):
        kept = written and "".join(one for one in written if not unicodedata.combining(one))
        if kept and kept != letter:
            try:
                kept.encode(encoding)
            except UnicodeEncodeError:
                continue
            return kept
    return _json_escape(letter)


def _json_escapes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(map(_json_escape, error.object[error.start : error.end])), error.end


def _json_escape(letter: str) -> str:
    """The escape of JSON, in two halves beyond the first 65,536 characters."""
    pairs = letter.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{pairs[at : at + 4]}" for at in range(0, len(pairs), 4))


_NEAREST = {
    "→": "->", "←": "<-", "–": "-", "—": "-", "−": "-", "‑": "-", "─": "-", "…": "...", "×": "x", "÷": "/", "≥": ">=",
    "≤": "<=", "≠": "!=", "±": "+/-", "·": "-", "•": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"',
    "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "\u00a0": " ", "\u202f": " ", "│": "|", "█": "#", "▁": "_", "✓": "x",
}  # fmt: skip
"""How letters of ours are written where there is no such letter; letters with accents lose the accent."""
codecs.register_error("expressentry_plain", _plain)
codecs.register_error("expressentry_json", _json_escapes)
