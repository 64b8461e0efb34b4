"""The published record: every round and pool distribution, shipped and brought by the user, each with its source.

    record.round("293")                    one round
    record.last_round("stem", on=day)      the newest round of a category on a day
    record.dormant("stem", on=day)         no round for a year, or never
    record.pool_on(day)                    the newest distribution on a day

Nothing here needs Polars; `rounds_frame` and `pool_frame` give the same as typed frames.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from expressentry.dates import anniversary, as_day
from expressentry.errors import Problem, UsageError
from expressentry.law.load import load_law
from expressentry.law.round_names import UNKNOWN, RoundNames
from expressentry.shown import Shown
from expressentry.text import Lang, Text, same

STALE_AFTER = timedelta(days=30)
DORMANT_AFTER_YEARS = 1
Day = date  # inside Round the name `date` is its field
LATEST = ("latest", "newest", "last", "dernière")
"""What the newest round may be called instead of by its number."""
TOTAL = (0, 1200)
"""The bounds of every published score."""


def number_order(number: str) -> tuple[int, str]:
    """The order of rounds by their numbers: 91a before 91b, and both before 100.

    >>> sorted(["100", "91b", "91a"], key=number_order)
    ['91a', '91b', '100']
    """
    return int("".join(filter(str.isdigit, number)) or 0), number


@dataclass(frozen=True, slots=True)
class RecordSource:
    """Where rows of the record come from; `lang` is the language of the names in it."""

    id: str
    title: Text
    address: str
    seen: date
    confidence: str
    doubt: Text | None = None
    lang: Lang = "en"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A value that the department published before, and that a later publication replaced."""

    field: str
    value: str
    source: str


@dataclass(frozen=True, slots=True, repr=False)
class Round(Shown):
    """One round of invitations, as published.

    `number` is text (91a and 91b exist). `at` is the round's own instant and `tie_break` the last submission invited at
    the cut-off, both in UTC, None where not published. `category` and `version` are None where the round names none.
    `corrected` holds the published values that this record deliberately does not follow; `doubt` says why. `names` are
    the names of rounds by which it was read, None for those of the shipped law.
    """

    number: str
    date: Day
    at: datetime | None
    type: str
    category: str | None
    version: str | None
    name: str
    first_name: str | None
    programs: str | None
    invitations: int
    cutoff: int
    tie_break: datetime | None
    source: str
    checked: Day
    at_raw: str | None = None
    tie_break_raw: str | None = None
    corrected: Mapping[str, str] = field(default_factory=dict)
    doubt: Text | None = None
    earlier: tuple[Earlier, ...] = ()
    names: RoundNames | None = field(default=None, compare=False, repr=False)

    def _in_short(self) -> str:
        return f"{self.number} of {self.date}, {self.label.en}, {self.invitations} invitations, cut-off {self.cutoff}"

    @property
    def program_ids(self) -> tuple[str, ...] | None:
        """The programs invited (fsw, cec, fst, pnp); None where the record does not say."""
        return (self.names or load_law().round_names).programs(self.programs)

    @property
    def label(self) -> Text:
        """The type in words."""
        if self.type == UNKNOWN:
            return same(self.name)
        return (self.names or load_law().round_names).label(self.type, self.category, self.version)

    @property
    def series(self) -> str:
        """The series that the round belongs to: its category, whatever the version, or its type."""
        return self.category or self.type


@dataclass(frozen=True, slots=True, repr=False)
class PoolDay(Shown):
    """The pool on one day as published: candidates by score band; a band that holds other bands is a subtotal."""

    as_of: date
    bands: Mapping[tuple[int, int], int]
    rounds: tuple[str, ...]
    source: str
    checked: date
    doubt: Text | None = None
    earlier: tuple[Earlier, ...] = ()

    def _in_short(self) -> str:
        return f"{self.total} candidates on {self.as_of}"

    @property
    def total(self) -> int | None:
        """The published total, which need not be the sum of the bands; None where none was published."""
        return self.bands.get(TOTAL)

    def kind(self, band: tuple[int, int]) -> str:
        """`total`, `subtotal` or `band`; only bands add up."""
        if band == TOTAL:
            return "total"
        inner = any(low >= band[0] and high <= band[1] and (low, high) != band for low, high in self.bands)
        return "subtotal" if inner else "band"

    @property
    def finest(self) -> list[tuple[int, int, int]]:
        """The bands that add up, highest first: lowest score, highest score, candidates."""
        return sorted(((*band, n) for band, n in self.bands.items() if self.kind(band) == "band"), reverse=True)


@dataclass(frozen=True, repr=False)
class Record(Shown):
    """Every round and distribution known; `as_of` is the day up to which the record is known to be complete."""

    rounds: tuple[Round, ...]
    pool: tuple[PoolDay, ...]
    quoted: tuple[PoolDay, ...]
    as_of: date
    sources: Mapping[str, RecordSource]

    def _in_short(self) -> str:
        return f"{len(self.rounds)} rounds to {self.as_of}"

    def __iter__(self) -> Iterator[Round]:
        return iter(self.rounds)

    @property
    def newest(self) -> Round:
        """The last round."""
        return self.rounds[-1]

    @cached_property
    def by_number(self) -> Mapping[str, Round]:
        """Every round by its number."""
        return {one.number: one for one in self.rounds}

    @cached_property
    def _by_series(self) -> Mapping[str, list[Round]]:
        found: dict[str, list[Round]] = {}
        for one in self.rounds:
            found.setdefault(one.series, []).append(one)
        return found

    def round(self, number: str | int) -> Round:
        """Return a round by its number, or the newest one for `latest`.

        Raises UsageError for a number that the record does not have; 91 is answered with 91a and 91b.
        """
        wanted = str(number).strip().lower().lstrip("#")
        if wanted in LATEST:
            return self.newest
        if wanted in self.by_number:
            return self.by_number[wanted]
        lettered = [one for one in self.by_number if one[:-1] == wanted and one[-1].isalpha()]
        if lettered:
            rule = Text("several rounds have this number", "plusieurs rondes portent ce numéro")
            named = Text("name one: {a}", "en nommer une : {a}").fill(a=", ".join(lettered))
            raise UsageError(Problem("ambiguous_round", "number", rule, named, number))
        rule = Text("this round does not exist in our record", "cette ronde n'existe pas dans notre historique")
        fix = Text("give 1 to {n}, or latest", "donner 1 à {n}, ou latest")
        raise UsageError(Problem("unknown_round", "number", rule, fix.fill(n=self.newest.number), number))

    def stale(self, on: date | str) -> bool:
        """Whether the record is older than 30 days on a day."""
        return as_day(on) - self.as_of > STALE_AFTER

    def last_round(self, series: str, version: str | None = None, *, on: date | str) -> Round | None:
        """The newest round of a category (of one version, where given) or of a type, on or before a day."""
        alike, on = self._by_series.get(series, ()), as_day(on)
        found = (one for one in reversed(alike) if one.date <= on and version in (None, one.version))
        return next(found, None)

    def dormant(self, series: str, version: str | None = None, *, on: date | str) -> bool:
        """Whether a category or type had no round for a year before a day, or never."""
        last = self.last_round(series, version, on=on)
        return last is None or anniversary(last.date, DORMANT_AFTER_YEARS) <= as_day(on)

    def neighbours(self, one: Round) -> tuple[Round | None, Round | None]:
        """The rounds of the same category or type before and after a round."""
        alike = [other for other in self.rounds if other.series == one.series]
        at = alike.index(one)
        return (alike[at - 1] if at else None, alike[at + 1] if at + 1 < len(alike) else None)

    def pool_on(self, day: date | str) -> PoolDay | None:
        """The newest distribution as of a day or before it; None before the first."""
        day = as_day(day, "day")
        return max((one for one in self.pool if one.as_of <= day), key=lambda one: one.as_of, default=None)

    def pool_before(self, one: Round) -> PoolDay | None:
        """The distribution published with a round, else the newest as of a day before it."""
        with_it = next((pool for pool in self.pool if one.number in pool.rounds), None)
        return with_it or self.pool_on(one.date - timedelta(days=1))
