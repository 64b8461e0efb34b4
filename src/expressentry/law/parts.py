"""All that the law holds, as one list of dated parts: what each says, from which day, and where it is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from expressentry.law.grid.tree import Grid
from expressentry.law.instruments import Cite
from expressentry.law.law import Law
from expressentry.law.lists import LISTS, Row
from expressentry.law.measures import Measure
from expressentry.text import FLAG_WORDS, Text, same


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the law: `id` as `law show` takes it, `key` the version or the row, `until` None while in force.

    `says` is what it says in few words; a part whose words are the same on two days has not changed between them.
    """

    kind: str
    id: str
    key: str
    start: date
    until: date | None
    title: Text
    says: Text
    cite: Cite
    user: bool

    def holds(self, day: date) -> bool:
        """Whether the part is in force on a day."""
        return self.start <= day and (self.until is None or day < self.until)


def parts(law: Law, kind: str | None = None) -> list[Part]:
    """Every part of the law, of one kind or of all kinds, by kind and day.

    >>> from expressentry.law.load import load_law
    >>> [(one.key, one.says.en) for one in parts(load_law(), "list") if one.id == "invitation_windows"][0]
    ('', 'days 60')
    """
    return [part for name, read in _KINDS.items() if kind in (None, name) for part in read(law)]


def part_changes(law: Law, before: date, after: date) -> list[tuple[Part | None, Part | None]]:
    """What holds on one day and not in the same words on the other, each beside what took its place.

    CRS grids are left out: two of them are compared cell by cell.
    """
    found: list[tuple[Part | None, Part | None]] = []
    known = [part for part in parts(law) if part.kind != "crs"]
    old, new = (_by_place(part for part in known if part.holds(day)) for day in (before, after))
    for place in [*new, *(place for place in old if place not in new)]:
        was, now = old.get(place), new.get(place)
        if was is None or now is None or (was.key, was.says) != (now.key, now.says):
            found.append((was, now))
    return found


def _by_place(held: Iterable[Part]) -> Mapping[tuple[str, str, str], Part]:
    """By what a later part takes the place of: of a list a row of the same key, else the part of the same id."""
    return {(part.kind, part.id, part.key if part.kind == "list" else ""): part for part in held}


def _crs(law: Law) -> Iterator[Part]:
    yield from _grids("crs", law.grids)


def _fsw(law: Law) -> Iterator[Part]:
    yield from _grids("fsw", law.fsw_grids)


def _grids(kind: str, grids: Sequence[Grid]) -> Iterator[Part]:
    starts = [grid.in_force or date.max for grid in grids]
    for grid, start, end in zip(grids, starts, [*starts[1:], None], strict=True):
        most = Text("at most {n} points", "au plus {n} points").fill(n=max(grid.root.maximum))
        yield Part(kind, grid.id, "", start, end, grid.title, most, grid.root.cite, grid.user)


def _programs(law: Law) -> Iterator[Part]:
    for one in law.programs:
        later = [other.in_force for other in law.programs if other.program == one.program]
        end = min((day for day in later if day > one.in_force), default=None)
        says = _CRITERIA.fill(n=len(one.criteria))
        yield Part("program", one.program, one.id, one.in_force, end, one.title, says, one.cite, one.user)


def _categories(law: Law) -> Iterator[Part]:
    for one in law.all_versions:
        says = _CRITERIA.fill(n=len(one.criteria))
        if one.occupations:
            listed = Text("{c}, occupations: {n}", "{c}, professions : {n}")
            says = listed.fill(c=says, n=len(one.occupations))
        title = one.category_title
        yield Part("category", one.category, one.version, one.start, one.until, title, says, one.cite, one.user)


def _evidence(law: Law) -> Iterator[Part]:
    for series in law.evidence.series.values():
        for one, end in zip(series, [*(entry.start for entry in series[1:]), None], strict=True):
            value = FLAG_WORDS[one.value] if isinstance(one.value, bool) else same(str(one.value))
            says = Text("{v} {u}", "{v} {u}").fill(v=value, u=one.unit) if one.unit.en else value
            yield Part("evidence", one.id, "", one.start, end, one.title, says, one.cite, one.user)


def _measures(law: Law) -> Iterator[Part]:
    for one in law.measures.rows:
        title = (one.column_added or law.columns[one.column]).title
        yield Part("measure", one.column, "", one.start, None, title, _counted(one), one.cite, one.user)


def _counted(one: Measure) -> Text:
    """What a measure counts, as its row has it."""
    words = [one.counts, one.gives, *([one.where] if one.where != "anywhere" else [])]
    if one.window_years:
        words.append(f"window_years {one.window_years}")
    if one.cap:
        words.append(f"cap {one.cap} {one.unit}".rstrip())
    return same(", ".join(words))


def _lists(law: Law) -> Iterator[Part]:
    for name in law.list_names:
        for row in law.list(name):
            key, values, made_by = _key(name, row), dict(row.values), law.instruments[row.instrument]
            doubt = Text(values.pop("doubt_en", ""), values.pop("doubt_fr", ""))
            named = Text(values.pop("name_en", ""), values.pop("name_fr", ""))
            said = ", ".join(f"{column} {value}" for column, value in values.items() if value and column not in key)
            says = same(said) if not named.en else Text(", ", ", ").join([named, *([said] if said else [])])
            cite = Cite(made_by, same(""), made_by.confidence, doubt if doubt.en else None)
            which = " ".join(values[column] for column in key)
            yield Part("list", name, which, row.start, row.until, same(name), says, cite, row.user)


def _key(name: str, row: Row) -> tuple[str, ...]:
    """The columns that tell the rows of a list apart; of a list of occupations that a user adds, the code."""
    return LISTS[name].key if name in LISTS else tuple(column for column in ("noc",) if column in row.values)


def _streams(law: Law) -> Iterator[Part]:
    for one in law.streams.versions:
        says = _CRITERIA.fill(n=len(one.criteria))
        if one.pass_mark is not None:
            says = Text("{c}, {n} points needed", "{c}, {n} points exigés").fill(c=says, n=one.pass_mark)
        if one.status == "paused":
            says = Text("{c}, no selections", "{c}, sans sélections").fill(c=says)
        yield Part("stream", one.key, one.id, one.known, one.until, one.title, says, one.cite, one.user)


def _stream_grids(law: Law) -> Iterator[Part]:
    for grid in law.streams.grids.values():
        start, later = grid.in_force or date.max, [g.in_force for g in law.streams.grids.values() if _alike(g, grid)]
        end = min((day for day in later if day is not None and day > start), default=None)
        most = Text("at most {n} points", "au plus {n} points").fill(n=max(grid.root.maximum))
        yield Part("stream_grid", grid.id, "", start, end, grid.title, most, grid.root.cite, grid.user)


def _alike(one: Grid, other: Grid) -> bool:
    """Whether two grids differ in their day alone, by their names."""
    return one.id.rstrip("-0123456789") == other.id.rstrip("-0123456789")


_CRITERIA = Text("criteria: {n}", "critères : {n}")
_KINDS: Mapping[str, Callable[[Law], Iterator[Part]]] = {
    "crs": _crs,
    "fsw": _fsw,
    "program": _programs,
    "category": _categories,
    "evidence": _evidence,
    "measure": _measures,
    "list": _lists,
    "stream": _streams,
    "stream_grid": _stream_grids,
}
PART_KINDS = tuple(_KINDS)
"""The kinds of parts, in the order in which they are shown."""
