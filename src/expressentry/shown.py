"""What an answer looks like at a prompt: one line in `repr`, the text of the command line in `str`, a table in HTML.

How answers are written is far above them: it is looked up when it is first needed.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from expressentry.text import Lang


class Shown:
    """An answer that can be looked at; a class says what its one line has in `_in_short`."""

    __slots__ = ()

    def _in_short(self) -> str:
        """The one line, without the name of the class."""
        raise NotImplementedError

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self._in_short()}>"

    def __str__(self) -> str:
        return self.say()

    def say(self, lang: Lang = "en") -> str:
        """Write the answer as the command line prints it, in one language."""
        written: str = _written().text_of(self, lang)
        return written

    def _repr_html_(self) -> str:
        """The table that a notebook shows."""
        table: str = _written().html_of(self)
        return table


def _written() -> Any:
    return import_module("expressentry.present.shown")


def between(low: int, high: int) -> str:
    """A score, or the range of scores that open questions leave.

    >>> between(467, 467), between(464, 475)
    ('467', '464–475')
    """
    return str(low) if low == high else f"{low}–{high}"
