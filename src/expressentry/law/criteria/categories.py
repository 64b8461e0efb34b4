"""Categories of category-based selection: every version since 2023, its occupations, and what it asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any

from expressentry.law.instruments import CONFIDENCES, Cite, Instrument
from expressentry.law.load import shipped_law
from expressentry.law.source import DATA, Fields, Source
from expressentry.noc.codes import check_noc, noc2021, skilled
from expressentry.text import Lang, Text, same

MEASURES = ("months", "run", "canada_months")
"""How months of work in a listed occupation are counted: all, the longest continuous run, those in Canada."""

_CURE = Text("correct the value", "corriger la valeur")


@dataclass(frozen=True, slots=True)
class CategoryVersion:
    """A category as it stood from `start` until the day before `until` (None while no end is known).

    `label` is a short name of the category, `round_name` what a round of it is called without its version; `feed` has
    the names that rounds of this version have had, by language; `goal` is the economic goal, where a source was found.
    `window_months` is how far back work counts, None where work is not asked for. `criteria` is as in the file:
    id → `title`, perhaps `place`, and one condition `at_least`.
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
    criteria: Mapping[str, Mapping[str, Any]]

    def holds(self, day: date) -> bool:
        """Whether the version is in force on a day."""
        return self.start <= day and (self.until is None or day < self.until)

    @property
    def conditions(self) -> tuple[Text, ...]:
        """What the version asks for, in words; all of it must hold."""
        titles = (criterion["title"] for criterion in self.criteria.values())
        return tuple(Text(title["en"], title["fr"]) for title in titles)


@cache
def categories() -> Mapping[str, tuple[CategoryVersion, ...]]:
    """Every category that this package ships, by id, each with its versions, oldest first.

    >>> [len(version.occupations) for version in categories()["stem"]]
    [24, 11, 11]
    """
    law = shipped_law()
    found = [read_category(path, law.instruments) for path in sorted((DATA / "categories").glob("*.toml"))]
    found.sort(key=lambda versions: versions[0].start)
    return MappingProxyType({versions[0].category: versions for versions in found})


def category_versions(on: date) -> tuple[CategoryVersion, ...]:
    """The versions in force on a day, one a category at most.

    >>> [version.version for version in category_versions(date(2026, 10, 1)) if version.category == "transport"]
    ['v2']
    """
    return tuple(version for version in all_versions() if version.holds(on))


def all_versions() -> Iterator[CategoryVersion]:
    """Every version of every category."""
    return (version for versions in categories().values() for version in versions)


def memberships(code: str) -> list[tuple[str, str, date, date | None]]:
    """Every version that lists an occupation: category, version, first day, first day no longer.

    >>> [(category, version) for category, version, _, _ in memberships("21211")]
    [('stem', 'v1')]
    """
    return [(one.category, one.version, one.start, one.until) for one in all_versions() if code in one.occupations]


def read_category(path: Path, instruments: Mapping[str, Instrument]) -> tuple[CategoryVersion, ...]:
    """Read one category with all its versions.

    Raises LawError with every problem found, each with file and line.
    """
    source = Source(path)
    head = Fields(source, (), source.data)
    id_, title = head.string("id") or "", head.text("title") or same("")
    if id_ != path.stem:
        rule = Text("the id is the name of the file", "l'identifiant est le nom du fichier")
        head.wrong("wrong_id", "id", rule, Text("rename one of them", "renommer l'un des deux"), id_)
    # Neither is a rule: a law that adds a category may leave them out.
    named = head.text("label", required=False) or title, head.text("round_name", required=False) or title
    tables = head.tables()
    head.close()
    read = [_version(Fields(source, (name,), table), id_, title, named, instruments) for name, table in tables.items()]
    misnamed = [name for number, name in enumerate(tables, 1) if name != f"v{number}"]
    if misnamed or not tables:
        rule = Text("versions are named v1, v2 and so on", "les versions se nomment v1, v2, etc.")
        fix = Text("rename them", "les renommer")
        source.wrong("wrong_versions", (misnamed or ["v1"])[:1], rule, fix, ", ".join(tables))
    for before, after in pairwise(read):
        end = before.until or after.start
        if not before.start < end <= after.start:
            rule = Text("must end before {after} begins", "doit finir avant le début de {after}").fill(
                after=after.version
            )
            source.wrong("overlap", (before.version, "until"), rule, Text("correct a day", "corriger un jour"), end)
    source.finish()
    ends = [one.until or after.start for one, after in pairwise(read)] + [read[-1].until]
    return tuple(replace(one, until=end) for one, end in zip(read, ends, strict=True))


def _version(
    fields: Fields, id_: str, head: Text, named: tuple[Text, Text], instruments: Mapping[str, Instrument]
) -> CategoryVersion:
    start = fields.day("in_force") or date.max
    doubt = fields.text("doubt", required=False)
    version = CategoryVersion(
        category=id_,
        category_title=head,
        label=named[0],
        round_name=named[1],
        version=fields.path[0],
        start=start,
        until=fields.day("until", required=False),
        title=fields.text("title") or same(""),
        cite=_cite(fields, start, doubt, instruments),
        feed=_feed(fields),
        goal=fields.text("goal", required=False),
        goal_source=fields.string("goal_source", required=False),
        doubt=doubt,
        occupations=_occupations(fields),
        window_months=fields.take(
            "window_months", int, Text("expected a number of months", "nombre de mois attendu"), required=False
        ),
        criteria=_criteria(fields),
    )
    if (version.goal is None) != (version.goal_source is None):
        rule = Text("a goal has its source", "un objectif a sa source")
        fields.wrong("no_source", "goal", rule, Text("give both or none", "donner les deux ou aucun"))
    fields.close()
    return version


def _cite(fields: Fields, start: date, doubt: Text | None, instruments: Mapping[str, Instrument]) -> Cite:
    id_ = fields.string("instrument")
    record = instruments.get(id_ or "")
    if record is None:
        record = next(iter(instruments.values()))
        if id_ is not None:
            fix = Text("add its record to the instruments", "ajouter sa fiche aux instruments")
            fields.wrong("unknown_instrument", "instrument", Text("unknown instrument", "instrument inconnu"), fix, id_)
    elif (record.in_force or date.max) > start:
        rule = Text("an instrument sets a list from its own day on", "un texte fixe une liste dès son propre jour")
        fix = Text("cite the instrument that set it", "citer le texte qui l'a fixée")
        fields.wrong("too_early", "instrument", rule, fix, record.id)
    place = fields.text("place") or same("")
    return Cite(record, place, fields.choice("confidence", CONFIDENCES, default=record.confidence), doubt)


def _strings(fields: Fields, key: str, *, required: bool) -> tuple[str, ...]:
    expected = Text("expected a list of strings, none twice", "liste de chaînes attendue, aucune répétée")
    values = fields.take(key, list, expected, required=required) or []
    if not all(isinstance(value, str) for value in values) or len(set(map(str, values))) != len(values):
        fields.wrong("wrong_list", key, expected, _CURE)
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
        return Text("an occupation of TEER 0 to 3", "une profession de FEER 0 à 3"), _CURE
    return None


_CONDITION = Text(
    "expected at_least = { value = …, and one of: months and measure, abilities, column }",
    "attendu : at_least = { value = …, et l'un de : months et measure, abilities, column }",
)


def _criteria(fields: Fields) -> Mapping[str, Mapping[str, Any]]:
    table = fields.take("criteria", dict, Text("expected tables", "tables attendues"), required=True) or {}
    for id_, record in table.items():
        if not isinstance(record, dict):
            fields.wrong("wrong_type", "criteria", Text("expected tables", "tables attendues"), _CURE, record)
            continue
        criterion = Fields(fields.source, (*fields.path, "criteria", id_), record)
        criterion.text("title")
        criterion.text("place", required=False)
        condition = criterion.take("at_least", dict, _CONDITION, required=True)
        if condition is not None and not _well_formed(condition):
            criterion.wrong("wrong_condition", "at_least", _CONDITION, _CURE, condition)
        criterion.close()
    return MappingProxyType(table)


def _well_formed(condition: Mapping[str, Any]) -> bool:
    """Whether a condition is one of the three that categories are written with."""
    keys, value = set(condition), condition.get("value")
    number = type(value) is int and value > 0
    if keys == {"months", "measure", "value"}:
        return number and isinstance(condition["months"], str) and condition["measure"] in MEASURES
    if keys == {"abilities", "value"}:
        return number and isinstance(condition["abilities"], str)
    return keys == {"column", "value"} and isinstance(condition["column"], str) and (number or isinstance(value, str))
