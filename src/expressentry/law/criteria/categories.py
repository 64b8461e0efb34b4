"""Categories of category-based selection: every version since 2023, its occupations, and what it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from types import MappingProxyType
from typing import Any

from expressentry.law.criteria.model import Criterion
from expressentry.law.criteria.read import CriteriaReader
from expressentry.law.instruments import Cite, Instrument, read_cite
from expressentry.law.schema import Columns
from expressentry.law.source import Fields, Source
from expressentry.noc.codes import check_noc, noc2021, skilled
from expressentry.text import Lang, Text, same

Categories = Mapping[str, "tuple[CategoryVersion, ...]"]
"""Every category by its id, with its versions, oldest first."""

_FIX = Text("correct the value", "corriger la valeur")


@dataclass(frozen=True, eq=False)
class CategoryVersion:
    """A category as it was from `start` until the day before `until` (None while no end is known).

    `label` is a short name of the category, `round_name` what a round of it is called without its version; `feed` has
    the names that rounds of this version have had, by language; `goal` is the economic goal, where a source was found.
    `window_months` is how far back work counts, None where work is not asked for. All of `criteria` must be met; `data`
    is the version as it is written in its file, `earlier` the versions before it, oldest first.
    """

    category: str
    category_title: Text
    label: Text
    round_name: Text
    version: str
    start: date
    until: date | None
    title: Text
    cite: Cite
    feed: Mapping[Lang, tuple[str, ...]]
    goal: Text | None
    goal_source: str | None
    doubt: Text | None
    occupations: frozenset[str]
    window_months: int | None
    criteria: tuple[Criterion, ...] = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)
    user: bool = False
    earlier: tuple[CategoryVersion, ...] = field(default=(), repr=False)

    def holds(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.start <= day and (self.until is None or day < self.until)

    @property
    def version_words(self) -> str:
        """The version as the department writes it, the same in both languages."""
        return version_words(self.version)

    @property
    def conditions(self) -> tuple[Text, ...]:
        """What the version asks for, in words; all of it must hold."""
        return tuple(criterion.title for criterion in self.criteria)


def version_words(version: str) -> str:
    """A version of a category as the department writes it, the same in both languages.

    >>> version_words("v3")
    'version 3'
    """
    return f"version {version[1:]}" if version[:1] == "v" and version[1:].isdigit() else version


def read_category(
    source: Source,
    columns: Columns,
    instruments: Mapping[str, Instrument],
    *,
    id_: str | None = None,
    data: Mapping[str, Any] | None = None,
    user: frozenset[str] = frozenset(),
) -> tuple[CategoryVersion, ...]:
    """Read one category with all its versions, from a file of its own or from a table `categories` of a law file.

    `id_` and `data` are those of the table, `user` the versions that a user's file brings. Raises LawError with every
    problem found, each with file and line.
    """
    path = () if data is None else ("categories", id_ or "")
    head = Fields(source, path, source.data if data is None else data)
    if data is None:
        id_ = head.string("id") or ""
        if id_ != source.path.stem:
            rule = Text("the id is the name of the file", "l'identifiant est le nom du fichier")
            head.wrong("wrong_id", "id", rule, Text("rename one of them", "renommer l'un des deux"), id_)
    title = head.text("title") or same("")
    # Neither is a rule: a law that adds a category may leave them out.
    names = head.text("label", required=False) or title, head.text("round_name", required=False) or title
    tables = head.tables()
    head.close()
    reading = _Reading(id_ or "", title, names, columns, instruments, user)
    read = [reading.version(Fields(source, (*path, name), table)) for name, table in tables.items()]
    misnamed = [name for number, name in enumerate(tables, 1) if name != f"v{number}"]
    if misnamed or not tables:
        rule = Text("versions are named v1, v2 and so on", "les versions se nomment v1, v2, etc.")
        fix = Text("rename them", "les renommer")
        source.wrong("wrong_versions", (*path, *(misnamed or ["v1"])[:1]), rule, fix, ", ".join(tables))
    for before, after in pairwise(read):
        end = before.until or after.start
        if not before.start < end <= after.start:
            rule = Text("must end before {after} begins", "doit finir avant le début de {after}").fill(
                after=after.version
            )
            source.wrong("overlap", (*path, before.version, "until"), rule, _CORRECT_DAY, end)
    source.finish()
    ends = [one.until or after.start for one, after in pairwise(read)] + [read[-1].until]
    found: list[CategoryVersion] = []
    for one, until in zip(read, ends, strict=True):
        found.append(replace(one, until=until, earlier=tuple(found)))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is the same for every version of one category."""

    category: str
    title: Text
    names: tuple[Text, Text]
    columns: Columns
    instruments: Mapping[str, Instrument]
    user: frozenset[str]

    def version(self, fields: Fields) -> CategoryVersion:
        start, data = fields.day("in_force") or date.max, dict(fields.left)
        cite = read_cite(fields, fields.string("instrument") or "", self.instruments, start, named=True)
        occupations = _occupations(fields)
        table = fields.take("criteria", dict, Text("expected tables", "tables attendues"), required=True) or {}
        reader = CriteriaReader(self.columns, self.instruments, start, occupations)
        criteria = Fields(fields.source, (*fields.path, "criteria"), table)
        found = CategoryVersion(
            category=self.category,
            category_title=self.title,
            label=self.names[0],
            round_name=self.names[1],
            version=fields.path[-1],
            start=start,
            until=fields.day("until", required=False),
            title=fields.text("title") or same(""),
            cite=cite,
            feed=_feed(fields),
            goal=fields.text("goal", required=False),
            goal_source=fields.string("goal_source", required=False),
            doubt=cite.doubt,
            occupations=occupations,
            window_months=fields.take(
                "window_months", int, Text("expected a number of months", "nombre de mois attendu"), required=False
            ),
            criteria=reader.criteria(criteria, cite.instrument.id, cite.place),
            data=data,
            user=fields.path[-1] in self.user,
        )
        if (found.goal is None) != (found.goal_source is None):
            rule = Text("a goal has its source", "un objectif a sa source")
            fields.wrong("no_source", "goal", rule, Text("give both or none", "donner les deux ou aucun"))
        criteria.close()
        fields.close()
        return found


def _strings(fields: Fields, key: str, *, required: bool) -> tuple[str, ...]:
    expected = Text("expected a list of strings, none twice", "liste de chaînes attendue, aucune répétée")
    values = fields.take(key, list, expected, required=required) or []
    if not all(isinstance(value, str) for value in values) or len(set(map(str, values))) != len(values):
        fields.wrong("wrong_list", key, expected, _FIX)
        return ()
    return tuple(values)


def _feed(fields: Fields) -> Mapping[Lang, tuple[str, ...]]:
    table = fields.take(
        "feed", dict, Text("expected { en = […], fr = […] }", "attendu : { en = […], fr = […] }"), required=True
    )
    names = Fields(fields.source, (*fields.path, "feed"), table or {"en": [], "fr": []})
    found: dict[Lang, tuple[str, ...]] = {
        "en": _strings(names, "en", required=True),
        "fr": _strings(names, "fr", required=True),
    }
    names.close()
    return MappingProxyType(found)


def _occupations(fields: Fields) -> frozenset[str]:
    codes = _strings(fields, "occupations", required=False)
    for code in codes:
        problem = _wrong_code(code)
        if problem is not None:
            fields.wrong("wrong_occupation", "occupations", *problem, code)
    return frozenset(codes)


def _wrong_code(code: str) -> tuple[Text, Text] | None:
    problem = check_noc(code, 2021, "occupations")
    if problem is not None:
        return problem.rule, problem.fix
    if code in noc2021() and not skilled(code, 2021):
        return Text("an occupation of TEER 0 to 3", "une profession de FEER 0 à 3"), _FIX
    return None


_CORRECT_DAY = Text("correct a day", "corriger un jour")
