"""The pieces that a report is made of, as plain data that the template sets as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from expressentry.text import Lang, Text, french_spaces, same, web_address

Block = dict[str, Any]
Cell = str | dict[str, Any]


def tidy(value: Any, lang: Lang) -> Any:
    r"""The same data with the spaces of French typography kept from breaking a line.

    >>> tidy(["Total : 15 263 $"], "fr")
    ['Total\xa0: 15\xa0263\xa0$']
    """
    if lang != "fr":
        return value
    if isinstance(value, str):
        return french_spaces(value)
    if isinstance(value, list):
        return [tidy(one, lang) for one in value]
    if isinstance(value, dict):
        return {key: one if key in ("kind", "link") else tidy(one, lang) for key, one in value.items()}
    return value


class Writer:
    """Makes blocks in one language; what is not a Text is the same in both."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def say(self, text: object) -> str:
        """A wording in the language of the report."""
        return (text if isinstance(text, Text) else same(text)).say(self.lang)

    def cell(self, text: object, **style: Any) -> Cell:
        """A cell with its style: bold, soft, warn, indent, link, which is left out unless it leads to the web."""
        if "link" in style and not web_address(style["link"]):
            del style["link"]
        return {"text": self.say(text), **style}

    def words(self, kind: str, text: object, **style: Any) -> Block:
        """A paragraph of one kind: lead, para, small, callout or heading."""
        return {"kind": kind, "text": self.say(text) if kind == "heading" else self.cell(text, **style)}

    def table(
        self, headings: Text, rows: Iterable[Sequence[object]], widths: Sequence[int], right: Sequence[int] = ()
    ) -> Block:
        """A table; a width of 0 is as wide as its words, others share what is left."""
        return {
            "kind": "table",
            "headings": self.say(headings).split("|"),
            "rows": [[self._made(value) for value in row] for row in rows],
            "widths": list(widths),
            "right": list(right),
        }

    def facts(self, headings: Text, rows: Iterable[tuple[Text, object]]) -> Block:
        """Names, and the text of each."""
        made = [[self.say(name), self._made(value)] for name, value in rows]
        return {"kind": "facts", "headings": self.say(headings).split("|"), "rows": made}

    def items(self, texts: Iterable[object]) -> Block:
        """A list."""
        return {"kind": "list", "items": [self._made(text) for text in texts]}

    def section(self, title: Text | None, *blocks: Block | None) -> Block:
        """A section with its blocks."""
        return {"title": None if title is None else self.say(title), "blocks": [one for one in blocks if one]}

    def _made(self, value: object) -> Cell:
        return value if isinstance(value, dict) else "" if value is None else self.say(value)
