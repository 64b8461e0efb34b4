"""From the place that a number cites ("s. 83(1)(b) and (2)", "al. 83(1)b) et par. (2)") to paths of provisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from expressentry.law.verify.statutes import Path, Statute, label

_ABBREVIATION = r"(?:ss?\.|sections?|art\.|par\.|al\.|sous-al\.|div\.)"
_STATUTE = re.compile(r"\s*(IRPA|LIPR|IRPR|RIPR|instructions)\b,?\s*", re.IGNORECASE)
_SECTION = re.compile(rf"\s*(?:{_ABBREVIATION}\s*)?(\d+(?:\.\d+)?)((?:\(?[0-9a-zA-Z.]{{1,6}}\))*)(?![\w/])")
_LABELS = re.compile(rf"\s*(?:{_ABBREVIATION}\s*)?((?:\(?[0-9a-zA-Z.]{{1,6}}\))+)")
_JOIN = re.compile(r"\s*(?:,|\band\b|\bet\b)\s*(?:de\s+l'|du\s+)?")
_TO = re.compile(r"\s*(?:to|à)\s+(?=[\d(a-z])")
_START = re.compile(
    rf"(?:^|(?<=[\s;:(,']))(?={_ABBREVIATION}\s*\d|(?:IRPA|LIPR|IRPR|RIPR|instructions)\b)", re.IGNORECASE
)
_OF_REGULATIONS = re.compile(r"\s*(?:of the regulations|du règlement)", re.IGNORECASE)
_NAMES = {"irpa": "irpa", "lipr": "irpa", "irpr": "irpr", "ripr": "irpr", "instructions": None}
_ROMAN = re.compile(r"[ivxl]+")


@dataclass(frozen=True, slots=True)
class Reference:
    """A provision that a place names: its statute ("irpa", "irpr") and path; a range has the path of its last, too.

    `about` is the defined term that the place names after it, where it names one.
    """

    statute: str
    path: Path
    until: Path | None = None
    about: str | None = None


def references(place: str, usual: str | None) -> list[Reference]:
    """Every provision of the Act and the Regulations that a place names, in either language.

    `usual` is the statute of places that name none; of others (instructions) nothing is returned.

    >>> [one.path for one in references("ss. 82(2) and 87.2(3)(d), one year", "irpr")]
    [('82', '2'), ('87.2', '3', 'd')]
    >>> [one.path for one in references("par. 87.2(1) et al. (3)b)", "irpr")]
    [('87.2', '1'), ('87.2', '3', 'b')]
    >>> references("s. 12(3); IRPR 75(2)(d)", None)
    [Reference(statute='irpr', path=('75', '2', 'd'), until=None, about=None)]
    """
    found: list[Reference] = []
    at, end = 0, len(place)
    if _SECTION.match(place) and place[0].isdigit():
        at = _read(place, 0, usual, found)
    while at < end:
        start = _START.search(place, at)
        if start is None:
            break
        named = _STATUTE.match(place, start.start())
        statute = _NAMES[named[1].lower()] if named else usual
        begin = named.end() if named else start.start()
        after = _read(place, begin, statute, found)
        at = max(after, begin, start.start() + 1)
    return found


def _read(place: str, at: int, statute: str | None, found: list[Reference]) -> int:
    """Read one section and what is joined to it; returns where it ends."""
    here: list[tuple[Path, Path | None]] = []
    match = _SECTION.match(place, at)
    while match is not None:
        here.append(((match[1], *_split(match[2])), None))
        at = match.end()
        at = _joined_labels(place, at, here)
        joined = _TO.match(place, at) or _JOIN.match(place, at)
        match = _SECTION.match(place, joined.end()) if joined else None
        if match is not None and joined is not None and _TO.match(place, at):
            here[-1] = (here[-1][0], (match[1], *_split(match[2])))
            at = match.end()
            match = None
    if _OF_REGULATIONS.match(place, at):
        statute = "irpr"
    about = re.match(r"\s*,\s*([^,;]+)", place[at:])
    for path, until in here:
        if statute is not None:
            found.append(Reference(statute, path, until, about[1].strip().casefold() if about else None))
    return at


def _joined_labels(place: str, at: int, here: list[tuple[Path, Path | None]]) -> int:
    """Labels alone that follow a path: "(d) and (e)", "(1) et al. (3)b)", "(ii) to (v)"."""
    while True:
        to = _TO.match(place, at)
        joined = to or _JOIN.match(place, at)
        labels = _LABELS.match(place, joined.end()) if joined else None
        if labels is None:
            return at
        last = here[-1][1] or here[-1][0]
        path = _beside(last, _split(labels[1]))
        if to:
            here[-1] = (here[-1][0], path)
        else:
            here.append((path, None))
        at = labels.end()


def _beside(last: Path, labels: Path) -> Path:
    """The path of labels that are written without their section, after another path."""
    first = labels[0]
    if first.isdigit():
        return (last[0], *labels)
    depth = len(last) - 1
    if _ROMAN.fullmatch(first) and not _ROMAN.fullmatch(last[-1]):
        depth = len(last)  # "(d) and (ii)" would be one below
    if not _ROMAN.fullmatch(first) and _ROMAN.fullmatch(last[-1]) and len(last) > 2:
        depth = len(last) - 2
    return (*last[:depth], *labels)


def _split(written: str) -> Path:
    return tuple(label(one) for one in re.findall(r"\(?[0-9a-zA-Z.]{1,6}\)", written))


def resolve(reference: Reference, statute: Statute) -> list[Path]:
    """The paths that a reference means in a statute: itself, or all from its first to its last; empty where missing."""
    if reference.path not in statute.provisions:
        return []
    if reference.until is None:
        return [reference.path]
    if reference.until not in statute.provisions or len(reference.until) != len(reference.path):
        return []
    above = reference.path[:-1]
    return list(_between(statute.below(above), above, reference.path[-1], reference.until[-1]))


def _between(labels: list[str], above: Path, first: str, last: str) -> Iterator[Path]:
    if first in labels and last in labels:
        for one in labels[labels.index(first) : labels.index(last) + 1]:
            yield (*above, one)
