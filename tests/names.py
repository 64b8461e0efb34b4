"""Names from the code in what a person reads: how they are found, and the few that are meant."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_UNSEEN = frozenset({"script", "style", "code", "pre", "template"})
_SPOKEN = ("alt", "title", "aria-label", "placeholder")
_VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})

CODE = re.compile(
    r"""
    \w+\[\d+\]                              # person.work[1]
    | \b(?:person|partner)\.\w+             # partner.tests
    | \b[a-z]+[a-z0-9]*(?:_[a-z0-9]+)+\b    # three_year
    | \bcrs-20\d\d\S*                       # crs-2025-03-25
    | \bmi-20\d\d\S*                        # mi-2026-11-03
    | \bv\d+\b                              # v3
    | \b(?:fsw|cec|fst|pnp)\b               # fsw
    """,
    re.VERBOSE,
)


class Visible(HTMLParser):
    """The words of a page that a person sees or has read aloud; without examples of what a program is sent."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._within: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go into an element, and keep what is read aloud of it."""
        if tag not in _VOID:
            self._within.append(tag)
        self.words += [text for name, text in attrs if name in _SPOKEN and text]

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag in self._within:
            while self._within.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        """Keep text that is shown."""
        if not _UNSEEN & set(self._within):
            self.words.append(data)


def code_names(text: str, allowed: tuple[str, ...] = ()) -> set[str]:
    """Names from the code in a text, apart from those allowed there.

    >>> sorted(code_names("person.work[1] · three_year · crs-2025-03-25 · trades v3 · three years"))
    ['crs-2025-03-25', 'person.work', 'three_year', 'v3']
    """
    return {name for name in CODE.findall(text) if not any(re.fullmatch(one, name) for one in allowed)}


def page_names(html: str, allowed: tuple[str, ...] = ()) -> set[str]:
    """Names from the code in the visible words of a page."""
    return code_names("\n".join(Visible(html).words), allowed)
