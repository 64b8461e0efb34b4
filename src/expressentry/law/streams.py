"""Nominee streams of the provinces and territories as dated law: every version, its criteria, grids and occupations.

Their files are apart from federal law, and are read only when a stream is asked about: no CRS score rests on them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from expressentry.law.criteria.model import Abilities, Condition, Criterion, Points, columns_of
from expressentry.law.criteria.read import CriteriaReader
from expressentry.law.grid.read import read_grid
from expressentry.law.grid.tree import Grid
from expressentry.law.instruments import Cite, Instrument, read_cite, read_instruments
from expressentry.law.lists import Row
from expressentry.law.pieces import Piece, Pieces
from expressentry.law.schema import Columns, read_column
from expressentry.law.source import Fields, Source
from expressentry.noc.codes import check_noc, codes_of
from expressentry.text import Text, same

PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "SK", "YT")
StreamStatus = Literal["open", "intakes", "paused", "closed"]
STATUSES: tuple[StreamStatus, ...] = ("open", "intakes", "paused", "closed")
"""Open, open in announced periods only, open without selections, or no longer open."""
CRS = "crs"
"""The points that a stream may ask besides those of its own grids."""
ASKED = (
    *("always", "in_canada", "offers", "offer", "open_level", "open_length", "no_certificate", "canadian_study"),
    *("other_jobs", "no_province", "canadian_work", "relatives", "family", "partner"),
)
"""When the interview needs a question: conditions on what was answered before, each named in its module."""
WHERE = ("anywhere", "here", "other_province", "canada")
_NUMBER = Text("expected a whole number", "nombre entier attendu")
_FIX = Text("correct the value", "corriger la valeur")
_LIST = Text("expected a list", "liste attendue")


@dataclass(frozen=True, eq=False)
class Stream:
    """One version of a stream: what it asks, all of which must be met, and the grids by which it counts points.

    `start` is its first day as published, None where none was found; `known` the first day from which we have its text,
    and `until` the first day on which it no longer applies. `eoi` says how expressions of interest are taken. Of
    `grids` the first one ranks expressions of interest; `draws` are the names by which its rounds are published.
    `ours` says that its French name is our translation.
    """

    id: str
    key: str
    province: str
    title: Text
    ours: bool
    cite: Cite = field(repr=False)
    status: StreamStatus
    start: date | None
    known: date
    until: date | None
    eoi: Text
    grids: tuple[str, ...]
    draws: tuple[str, ...]
    criteria: tuple[Criterion, ...] = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    user: bool = False

    def holds(self, day: date) -> bool:
        """Whether we know the stream to be as written here on a day."""
        return self.known <= day and (self.until is None or day < self.until)

    def status_on(self, day: date) -> StreamStatus:
        """Its status on a day: closed from the first day on which it no longer applies."""
        return "closed" if self.until is not None and self.until <= day else self.status

    @property
    def pass_mark(self) -> int | None:
        """The points that it asks on a grid of its own, None where it asks for none."""
        conditions = [c for criterion in self.criteria for c in criterion.conditions()]
        asked = [one.least for one in conditions if isinstance(one, Points) and one.grid != CRS]
        return max(asked, default=None)


@dataclass(frozen=True, slots=True)
class Count:
    """Which work of a dated profile a column of a province counts.

    `where` is here, other_province, canada or anywhere; `related` asks for the occupation for the nomination, and
    `job_months` for jobs of so many months or more. `window` is from and to so many years back, empty for ever.
    """

    where: str
    teer: frozenset[int]
    related: bool
    window: tuple[int, ...]
    job_months: int
    unit: str

    @property
    def by_province(self) -> bool:
        """Whether it depends on the province from which it is seen."""
        return self.where in ("here", "other_province")


@dataclass(frozen=True, slots=True)
class Question:
    """How the interview asks for a column, and when; `hours_a_year` turns a wage of a year into one of an hour."""

    text: Text
    help: Text | None
    when: str
    hours_a_year: int


@dataclass(frozen=True, eq=False)
class Missing:
    """A stream that is not encoded, and why."""

    key: str
    province: str
    title: Text
    reason: Text


@dataclass(frozen=True, eq=False)
class OccupationList:
    """A list of occupations that criteria of streams name."""

    id: str
    title: Text
    cite: Cite
    codes: frozenset[str]


@dataclass(frozen=True, eq=False)
class Streams:
    """Every version of every stream, with the grids, the occupations and the instruments that they rest on.

    Of the columns, `own` are those of streams, and `everywhere` those whose value no province changes.
    """

    columns: Columns
    own: frozenset[str]
    everywhere: frozenset[str]
    counts: Mapping[str, Count]
    questions: Mapping[str, Question]
    instruments: Mapping[str, Instrument]
    occupations: Mapping[str, OccupationList]
    grids: Mapping[str, Grid]
    versions: tuple[Stream, ...]
    missing: tuple[Missing, ...]

    def on(self, day: date) -> tuple[Stream, ...]:
        """The streams that we know to be in force on a day, by province."""
        return tuple(one for one in self.versions if one.holds(day))

    def of(self, key: str) -> tuple[Stream, ...]:
        """Every version of a stream, oldest first."""
        return tuple(one for one in self.versions if one.key == key)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every stream."""
        return tuple(dict.fromkeys(one.key for one in self.versions))

    def inputs(self, stream: Stream) -> frozenset[str]:
        """The columns that the criteria and the grids of a stream read."""
        asked = (name for top in stream.criteria for one in top.conditions() for name in columns_of(one))
        return frozenset(asked).union(*(self.grids[name].inputs for name in stream.grids))

    def has_roles(self, stream: Stream) -> bool:
        """Whether it matters to a stream which language comes first."""
        return bool(self.with_roles(stream)) or any(len(self.grids[name].orders) > 1 for name in stream.grids)

    def with_roles(self, stream: Stream) -> frozenset[str]:
        """The criteria whose answer may depend on which language comes first: abilities in a role, points of a grid."""
        if stream.id not in self._with_roles:
            self._with_roles[stream.id] = frozenset(
                top.id for top in stream.criteria if any(map(self._reads_role, top.conditions()))
            )
        return self._with_roles[stream.id]

    def _reads_role(self, condition: Condition) -> bool:
        if isinstance(condition, Points):
            return condition.grid != CRS
        return isinstance(condition, Abilities) and condition.source in self.columns.roles

    @cached_property
    def _with_roles(self) -> dict[str, frozenset[str]]:
        return {}

    def asked_in(self, province: str) -> tuple[str, ...]:
        """The columns with a question that the streams of a province read, closed ones left out, in the law's order."""
        if province not in self._asked:
            open_ = (one for one in self.versions if one.province == province and one.until is None)
            read = frozenset[str]().union(*(self.inputs(one) for one in open_ if one.status != "closed"))
            if read & {"nominee_teer", "nominee_broad"}:
                read |= {"nominee_noc"}
            self._asked[province] = tuple(name for name in self.questions if name in read)
        return self._asked[province]

    @cached_property
    def _asked(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def published(self) -> Mapping[str, str]:
        """Each name under which rounds are published, a stream or a group of streams, with its province."""
        names = {name: one.province for one in self.versions for name in one.draws}
        return MappingProxyType(names | {one.key: one.province for one in self.missing})

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days from which a version is known to be in force or no longer is."""
        edges = {day for one in self.versions for day in (one.known, one.until) if day is not None}
        return tuple(sorted(edges))


def read_streams(pieces: Pieces, rows: Mapping[str, tuple[Row, ...]]) -> Streams:
    """Read every stream, those of a user's files included; `rows` are the lists of occupations that a user adds.

    Raises LawError with every problem found in a file, each with file and line.
    """
    source = Source(pieces.stream_columns)
    counts = {
        name: _count(source, name, record["counts"]) for name, record in source.data.items() if "counts" in record
    }
    questions = {
        name: _question(source, name, record["question"])
        for name, record in source.data.items()
        if "question" in record
    }
    everywhere = _everywhere(source)
    apart = ("counts", "question", "everywhere")
    plain = {name: {k: v for k, v in record.items() if k not in apart} for name, record in source.data.items()}
    own = {name: read_column(Fields(source, (name,), record), name) for name, record in plain.items()}
    source.finish()
    columns = pieces.columns.with_more(own).with_occupations(codes_of(2021))
    reading = _Reading(columns, dict(pieces.instruments), {})
    grids, streams, missing = list(pieces.stream_grids), list(pieces.streams), list[Missing]()
    for path in pieces.provinces:
        file = Source(path)
        reading.instruments.update(
            read_instruments(file, file.data.get("instruments", {}), ("instruments",), user=False)
        )
        for id_, record in file.data.get("occupations", {}).items():
            reading.occupations[id_] = reading.listed(Fields(file, ("occupations", id_), record), id_)
        missing += [
            reading.missing(Fields(file, ("not_encoded", key), one), key, path.stem)
            for key, one in file.data.get("not_encoded", {}).items()
        ]
        file.finish()
        taken = {one.replaces for one in (*pieces.stream_grids, *pieces.streams)}
        grids += [one for one in pieces_of(file, "grids") if one.id not in taken]
        streams += [one for one in pieces_of(file, "streams") if one.id not in taken]
    for name, listed in rows.items():
        if listed and all("noc" in row.values for row in listed):
            cite = Cite(reading.instruments[listed[0].instrument], same(name), "unverified")
            codes = frozenset(row.values["noc"] for row in listed)
            reading.occupations[name] = OccupationList(name, same(name), cite, codes)
    read = {piece.id: reading.grid(piece) for piece in grids}
    versions = [reading.stream(piece, read) for piece in streams]
    versions.sort(key=lambda one: (one.province, one.key, one.known))
    for at, (one, after) in enumerate(pairwise(versions)):
        if one.key == after.key and (one.until is None or one.until > after.known):
            versions[at] = replace(one, until=after.known)
    # A map of the whole schema is what grids and criteria read; `own` tells which columns are those of streams.
    return Streams(
        columns,
        frozenset(own),
        everywhere,
        MappingProxyType(counts),
        MappingProxyType(questions),
        MappingProxyType(reading.instruments),
        MappingProxyType(reading.occupations),
        MappingProxyType(read),
        tuple(versions),
        tuple(missing),
    )


def _everywhere(source: Source) -> frozenset[str]:
    """The columns whose value is the same seen from any province."""
    flags = {
        name: Fields(source, (name,), {key: value for key, value in record.items() if key == "everywhere"})
        for name, record in source.data.items()
    }
    return frozenset(name for name, one in flags.items() if one.flag("everywhere"))


def _count(source: Source, name: str, record: Mapping[str, Any]) -> Count:
    fields = Fields(source, (name, "counts"), record)
    found = Count(
        where=fields.choice("where", WHERE, default="anywhere"),
        teer=frozenset(fields.take("teer", list, _LIST, required=False) or ()),
        related=fields.flag("related"),
        window=tuple(fields.take("window", list, _LIST, required=False) or ()),
        job_months=int(fields.take("job_months", int, _NUMBER, required=False) or 0),
        unit=fields.choice("unit", ("years", "months")),
    )
    fields.close()
    return found


def _question(source: Source, name: str, record: Mapping[str, Any]) -> Question:
    fields = Fields(source, (name, "question"), record)
    found = Question(
        text=fields.text("text") or same(name),
        help=fields.text("help", required=False),
        when=fields.choice("when", ASKED, default="always"),
        hours_a_year=int(fields.take("hours_a_year", int, _NUMBER, required=False) or 0),
    )
    fields.close()
    return found


def pieces_of(file: Source, kind: str) -> list[Piece]:
    """The streams or the grids of a file, not yet read."""
    return [
        Piece(id_, file.path, data.get("in_force", data.get("known")), (kind, id_), data, file)
        for id_, data in file.data.get(kind, {}).items()
    ]


def known_pieces(paths: Sequence[Path], kind: str) -> tuple[Piece, ...]:
    """What a user's file may extend or replace: the shipped streams or their grids."""
    return tuple(piece for path in paths for piece in pieces_of(Source(path), kind))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is the same for everything that is read."""

    columns: Columns
    instruments: dict[str, Instrument]
    occupations: dict[str, OccupationList]

    def grid(self, piece: Piece) -> Grid:
        data = {"id": piece.id, "cases": "accompanied", **(piece.data or {})}
        kind = piece.id.partition("-")[0]
        return read_grid(
            piece.open(),
            self.columns,
            self.instruments,
            user=piece.user,
            kind=kind,
            path=piece.path,
            data=data,
        )

    def listed(self, fields: Fields, id_: str) -> OccupationList:
        """A list of occupations."""
        instrument = fields.string("instrument") or ""
        title, cite = fields.text("title"), read_cite(fields, instrument, self.instruments, None, named=True)
        codes = fields.take("codes", list, _LIST, required=True) or []
        for code in codes:
            problem = check_noc(code, 2021, "codes")
            if problem is not None:
                fields.wrong("wrong_occupation", "codes", problem.rule, problem.fix, code)
        if len(set(map(str, codes))) != len(codes):
            fields.wrong("wrong_list", "codes", Text("no code twice", "aucun code deux fois"), _FIX)
        fields.close()
        return OccupationList(id_, title or same(id_), cite, frozenset(map(str, codes)))

    def missing(self, fields: Fields, key: str, province: str) -> Missing:
        """A stream that is not encoded."""
        title, reason = fields.text("title"), fields.text("reason")
        fields.close()
        return Missing(key, province, title or same(key), reason or same(""))

    def stream(self, piece: Piece, grids: Mapping[str, Grid]) -> Stream:
        """One version of a stream."""
        source, data = piece.open(), piece.data or {}
        fields = Fields(source, piece.path, {key: value for key, value in data.items() if key != "replaces"})
        known = fields.day("known") or date.max
        instrument = fields.string("instrument") or ""
        title, cite = fields.text("title"), read_cite(fields, instrument, self.instruments, None, named=True)
        named = tuple(map(str, fields.take("grids", list, _LIST, required=False) or ()))
        unknown = [name for name in named if name not in grids]
        if unknown:
            fields.wrong("unknown_id", "grids", Text("no such grid", "grille inconnue"), _FIX, unknown[0])
        lists = {id_: one.codes for id_, one in self.occupations.items()}
        reader = CriteriaReader(self.columns, self.instruments, known, points=(*named, CRS), lists=lists)
        table = fields.take("criteria", dict, Text("expected tables", "tables attendues"), required=True) or {}
        criteria = Fields(source, (*piece.path, "criteria"), table)
        found = Stream(
            id=piece.id,
            key=fields.string("key", required=False) or piece.id,
            province=fields.choice("province", PROVINCES),
            title=title or same(piece.id),
            ours=fields.flag("our_french"),
            cite=cite,
            status=fields.choice("status", STATUSES),
            start=fields.day("from", required=False),
            known=known,
            until=fields.day("until", required=False),
            eoi=fields.text("eoi") or same(""),
            grids=named,
            draws=(str(data.get("key", piece.id)), *map(str, fields.take("draws", list, _LIST, required=False) or ())),
            criteria=reader.criteria(criteria, cite.instrument.id, cite.place),
            data=data,
            user=piece.user,
        )
        criteria.close()
        fields.close()
        source.finish()
        return found
