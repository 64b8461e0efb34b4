"""What a comparison of the law with what is published answers."""

from __future__ import annotations

from typing import TypedDict


class CitationRecord(TypedDict):
    """One citation: the provisions that it names, and whether both languages have them; `lang` is where one lacks."""

    id: str
    place: str
    statute: str
    provisions: list[str]
    url: str | None
    finding: str
    lang: str | None


class FigureRecord(TypedDict):
    """One figure of a place: found, elsewhere (`why` says so), earlier (of a rule that has ended) or missing."""

    id: str
    place: str
    figure: int
    unit: str
    finding: str
    lang: str | None
    why: str | None


class AmendedRecord(TypedDict):
    """A provision whose words are newer than a day: its last check (`changed`), or else the first day of the rule."""

    id: str
    statute: str
    provision: str
    in_force: str
    than: str
    changed: bool
    what: str | None


class StatutesRecord(TypedDict):
    """The law beside the Act and the Regulations; `sound` where nothing is missing and nothing changed since."""

    sound: bool
    consolidated: dict[str, str]
    citations: list[CitationRecord]
    figures: list[FigureRecord]
    amended: list[AmendedRecord]


class PageRowRecord(TypedDict):
    """One figure of a page beside that of the law: same, different, new (the law has none) or vanished."""

    table: str
    row: str
    column: str
    page: str | None
    law: str | None
    finding: str
    place: str


class UnreadRecord(TypedDict):
    """A table that was not understood, and what was expected."""

    table: str
    expected: str


class PageRecord(TypedDict):
    """A page of the department beside the law of its own day.

    `same` where all that is compared was understood and nothing differs; `not_compared` is the rest.
    """

    page: str
    lang: str
    modified: str | None
    rule_set: str
    same: bool
    rows: list[PageRowRecord]
    not_understood: list[UnreadRecord]
    not_compared: str
