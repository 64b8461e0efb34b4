"""Reading a scenario: closed keys, every problem with file and line, and what the baseline says where it is silent."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from expressentry.documents import read_text
from expressentry.errors import LawError, Problem, ScenarioError, UsageError
from expressentry.files import is_file
from expressentry.law.load import load_law
from expressentry.law.source import Fields, Source
from expressentry.noc.codes import check_noc
from expressentry.rounds.eligibility import LISTS
from expressentry.simulate.arrivals import shipped_arrivals
from expressentry.simulate.hazards import HAZARDS
from expressentry.simulate.scenario.model import (
    AddedColumn,
    FixedRounds,
    LawChange,
    People,
    RoundPlan,
    RuleRounds,
    Scenario,
)
from expressentry.simulate.table import MOST_PEOPLE
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text

SHIPPED = Path(__file__).parent.parent.parent / "data" / "simulate" / "scenarios"
_MOST_ROUNDS_YEARS = 12
_MOST_ONE_IN = 10_000
_MOST_BASELINES, _MOST_VALUES, _MOST_HELD = 10, 1000, 1000
_PARTS = ("run", "people", "law", "columns", "rounds", "hazards")
_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
"""How a number is called that a proposal leaves open; folders of results are named after it."""


def shipped_scenarios() -> tuple[str, ...]:
    """The ids of the scenarios that are shipped.

    >>> "history" in shipped_scenarios()
    True
    """
    return tuple(path.stem for path in sorted(SHIPPED.glob("*.toml")))


def read_scenario(given: str | Path) -> Scenario:
    """Read a scenario from a file, or a shipped one by its id.

    Args:
        given: A path that ends in `.toml`, or an id.

    Raises:
        UsageError: There is no shipped scenario of this id.
        ScenarioError: The file is wrong, with every problem found.
        FileError: It cannot be read.

    >>> read_scenario("history").first.isoformat()
    '2024-01-02'
    """
    return _Reader(_path_of(given)).read()


def _path_of(given: str | Path) -> Path:
    if isinstance(given, Path) or given.endswith(".toml"):
        return Path(given)
    if given in shipped_scenarios():
        return SHIPPED / f"{given}.toml"
    near = suggestion(given, shipped_scenarios())
    fix = did_you_mean(near) if near else _ONE_OF.fill(all=", ".join(shipped_scenarios()))
    raise UsageError(Problem("unknown_scenario", "scenario", _UNKNOWN, fix, given))


class _ScenarioSource(Source):
    """The text of a scenario and its problems, which are raised as those of a scenario."""

    def __init__(self, path: Path) -> None:
        try:
            super().__init__(path)
        except LawError as error:
            raise ScenarioError(error.problems) from None
        if path.is_relative_to(SHIPPED):
            self.name = f"scenarios/{path.name}"

    def finish(self) -> None:
        """Raise ScenarioError if anything was wrong."""
        if self.problems:
            raise ScenarioError(self.problems)


class _Reader:
    """One file and, where it names one, the scenario that it starts from."""

    def __init__(self, path: Path, below: tuple[Path, ...] = ()) -> None:
        self.path = path
        self.source = _ScenarioSource(path)
        self.head = Fields(self.source, (), self.source.data)
        self.base = self._baseline((*below, path.resolve()))
        self.categories = tuple(load_law().categories)

    def _baseline(self, below: tuple[Path, ...]) -> Scenario | None:
        self.baseline = self.head.string("baseline", required=False)
        if self.baseline is None:
            return None
        shipped = self.baseline in shipped_scenarios()
        path = SHIPPED / f"{self.baseline}.toml" if shipped else self._beside(self.baseline)
        if not shipped and not (path.suffix == ".toml" and is_file(path)):
            rule, fix = _NOT_BESIDE, _CORRECT
            if path.suffix != ".toml":
                near = suggestion(self.baseline, shipped_scenarios())
                rule, fix = _UNKNOWN, did_you_mean(near) if near else _ONE_OF.fill(all=", ".join(shipped_scenarios()))
            self.head.wrong("unknown_scenario", "baseline", rule, fix, self.baseline)
            self.source.finish()
        if path.resolve() in below:
            self.head.wrong("circle", "baseline", _CIRCLE, _NAME_OTHER, self.baseline)
            self.source.finish()
        if len(below) > _MOST_BASELINES:
            rule = Text("at most {n}, one on another", "{n} au plus, l'une sur l'autre").fill(n=_MOST_BASELINES)
            self.head.wrong("too_many", "baseline", rule, _NAME_OTHER, self.baseline)
            self.source.finish()
        return _Reader(path, below).read()

    def _beside(self, name: str) -> Path:
        return self.path.parent / name

    def read(self) -> Scenario:
        head = self.head
        title, reference = head.text("title"), head.text("reference")
        assumptions, does_not_say = self._texts("assumptions"), self._texts("does_not_say")
        tables = head.tables()
        first, last = self._run(Fields(self.source, ("run",), tables.pop("run", {})))
        people = self._people(Fields(self.source, ("people",), tables.pop("people", {})))
        law = self._law(Fields(self.source, ("law",), tables.pop("law", {})))
        columns = self._columns(tables.pop("columns", {}))
        rounds = self._rounds(Fields(self.source, ("rounds",), tables.pop("rounds", {})), first, last)
        hazards = self._hazards(tables.pop("hazards", {}))
        head.left |= tables
        head.close(_PARTS)
        self.source.finish()
        assert title is not None  # else finish() has raised
        assert reference is not None
        return Scenario(
            self.path.stem, title, reference, assumptions, does_not_say, self.baseline, first, last, people, law,
            columns, rounds, hazards,
        )  # fmt: skip

    # ---- the parts

    def _texts(self, key: str) -> tuple[Text, ...]:
        listed = self.head.take(key, list, _TEXTS, required=True) or []
        if not listed and key in self.source.data:
            self.head.wrong("empty", key, _AT_LEAST_ONE, _WRITE_ONE)
        found = [Fields(self.source, (key,), {key: one}).text(key) for one in listed]
        return tuple(one for one in found if one is not None)

    def _run(self, fields: Fields) -> tuple[date, date]:
        base = self.base
        first = fields.day("first", required=base is None) or (base.first if base else date.max)
        last = fields.day("last", required=base is None) or (base.last if base else date.max)
        fields.close()
        if first > last:
            fields.wrong("no_days", "last", _AFTER_FIRST, _GIVE_LATER, last)
        elif last.year - first.year > _MOST_ROUNDS_YEARS:
            rule = Text("at most {n} years", "{n} ans au plus").fill(n=_MOST_ROUNDS_YEARS)
            fields.wrong("too_long", "last", rule, _GIVE_EARLIER, last)
        return first, last

    def _people(self, fields: Fields) -> People:
        base = self.base.people if self.base else None
        one_in = self._whole(fields, "one_in", 1, _MOST_ONE_IN) or (base.one_in if base else 1)
        size = self._whole(fields, "size", 1, MOST_PEOPLE) or (base.size if base else None)
        name = fields.string("file", required=False)
        file = self._existing(fields, "file", name) if name else (base.file if base else None)
        times = dict(base.times) if base else {}
        for archetype, factor in (fields.take("times", dict, _NUMBERS, required=False) or {}).items():
            times[archetype] = self._factor(fields, f"times.{archetype}", factor)
        weights = dict(base.weights) if base else {}
        for group, factor in (fields.take("weights", dict, _NUMBERS, required=False) or {}).items():
            if group not in shipped_arrivals().groups:
                all_ = ", ".join(shipped_arrivals().groups)
                fields.wrong("unknown_group", "weights", _UNKNOWN_GROUP, _ONE_OF.fill(all=all_), group)
            weights[group] = self._factor(fields, f"weights.{group}", factor)
        fields.close()
        return People(one_in, size, file, times, weights)

    def _law(self, fields: Fields) -> LawChange:
        base = self.base.law if self.base else LawChange()
        found = [self._existing(fields, "files", name) for name in self._names(fields, "files", _FILES)]
        name = fields.string("name", required=False)
        remove = self._names(fields, "remove")
        numbers = fields.take("numbers", dict, _NUMBERS, required=False) or {}
        ranges = fields.take("ranges", dict, _NUMBERS, required=False) or {}
        fields.close()
        for table, key in (*(("numbers", key) for key in numbers), *(("ranges", key) for key in ranges)):
            if not _NAME.fullmatch(key):
                fields.wrong("wrong_name", f"{table}.{key}", _LETTERS, _CORRECT, key)
        for key, value in numbers.items():
            if type(value) is not int:
                fields.wrong("wrong_type", f"numbers.{key}", _WHOLE, _CORRECT, value)
        for key, values in ranges.items():
            if not isinstance(values, list) or not values or any(type(one) is not int for one in values):
                fields.wrong("wrong_type", f"ranges.{key}", _WHOLES, _CORRECT, values)
            elif len(values) > _MOST_VALUES:
                rule = Text("at most {n} values", "{n} valeurs au plus").fill(n=_MOST_VALUES)
                fields.wrong("too_many", f"ranges.{key}", rule, _CORRECT, len(values))
            elif key in numbers:
                fields.wrong("twice", f"ranges.{key}", _ONE_OR_OTHER, _REMOVE_ONE, key)
        ranges = {key: values for key, values in ranges.items() if isinstance(values, list)}
        lengths = {len(values) for values in ranges.values()}
        if len(lengths) > 1:
            fields.wrong("unequal", "ranges", _AS_MANY, _CORRECT)
        return LawChange(
            (*base.files, *(path for path in found if path is not None)),
            name or base.name,
            {**base.numbers, **numbers},
            {key: tuple(values) for key, values in ranges.items()} or base.ranges,
            tuple(sorted({*base.remove, *remove})),
        )

    def _columns(self, tables: Mapping[str, Any]) -> tuple[AddedColumn, ...]:
        found = list(self.base.columns) if self.base else []
        for name, record in tables.items():
            fields = Fields(self.source, ("columns", name), record if isinstance(record, dict) else {})
            beside = fields.string("file")
            otherwise = fields.string("otherwise") or ""
            months = self._whole(fields, "canadian_months", 0, 600) or 0
            fields.close()
            path = self._existing(fields, "file", beside) if beside else None
            rows = self._occupations(fields, path) if path else {}
            found = [*(one for one in found if one.name != name), AddedColumn(name, rows, otherwise, months)]
        return tuple(found)

    def _occupations(self, fields: Fields, path: Path) -> dict[str, str]:
        """The rows `noc,value` of a file beside the scenario."""
        found: dict[str, str] = {}
        for line, row in enumerate(csv.DictReader(io.StringIO(read_text(path, path.name))), 2):
            noc, value = row.get("noc") or "", row.get("value") or ""
            if check_noc(noc, 2021, "noc") is not None or not value or None in row:
                rule = Text("line {n} is not `noc,value`", "la ligne {n} n'est pas `noc,value`").fill(n=line)
                fields.wrong("wrong_row", "file", rule, _CORRECT, path.name)
                break
            if noc in found:
                rule = Text("line {n} repeats an occupation", "la ligne {n} répète une profession").fill(n=line)
                fields.wrong("twice", "file", rule, _REMOVE_ONE, noc)
            found[noc] = value
        return found

    def _rounds(self, fields: Fields, first: date, last: date) -> RoundPlan:
        base = self.base.rounds if self.base else RoundPlan(published=False)
        plan = fields.string("plan", required=self.base is None)
        if plan not in (None, "published", "none"):
            fields.wrong("unknown_word", "plan", _PLANS, _USE_ONE, plan)
        without = self._names(fields, "without")
        times = fields.take("times", dict, _NUMBERS, required=False) or {}
        fixed = [self._fixed(*one, first, last) for one in enumerate(self._held(fields, "fixed"), 1)]
        rules = [self._rule(*one, first, last) for one in enumerate(self._held(fields, "rule"), 1)]
        canada_first = fields.flag("canada_first") or base.canada_first
        fields.close()
        for key in (*without, *times):
            self._known_list(fields, "without" if key in without else "times", key)
        for key in set(without) & set(times):
            fields.wrong("contradiction", "times", _WITHOUT_AND_TIMES, _REMOVE_ONE, key)
        found = RoundPlan(
            base.published if plan is None else plan == "published",
            (*base.without, *without),
            {**base.times, **{key: self._factor(fields, f"times.{key}", one) for key, one in times.items()}},
            (*(one for one in base.fixed if one.list not in without), *(one for one in fixed if one)),
            (*(one for one in base.rules if one.list not in without), *(one for one in rules if one)),
            canada_first,
        )
        self._contradictions(fields, found, without)
        return found

    def _contradictions(self, fields: Fields, plan: RoundPlan, without: Sequence[str]) -> None:
        """Rounds of one list that are left out and held, or two of them on one day."""
        taken: dict[tuple[str, date], int] = {}
        held: tuple[FixedRounds | RuleRounds, ...] = (*plan.fixed, *plan.rules)
        for at, one in enumerate(held):
            if one.list in without:
                fields.wrong("contradiction", "without", _WITHOUT_AND_HELD, _REMOVE_ONE, one.list)
            for day in range(one.first.toordinal(), one.last.toordinal() + 1, one.every_days):
                key = (one.list, date.fromordinal(day))
                if taken.setdefault(key, at) != at:
                    rule = _TWO_ON_A_DAY.fill(list=one.list, day=key[1])
                    fields.wrong("contradiction", "fixed", rule, _REMOVE_ONE)
                    return

    def _fixed(self, nth: int, record: object, first: date, last: date) -> FixedRounds | None:
        fields = Fields(self.source, ("rounds", f"fixed[{nth}]"), record if isinstance(record, dict) else {})
        name, begin, end, every = self._when(fields, first, last)
        size = self._whole(fields, "size", 1, MOST_PEOPLE, required=True)
        fields.close()
        return FixedRounds(name, begin, end, every, size or 1) if name else None

    def _rule(self, nth: int, record: object, first: date, last: date) -> RuleRounds | None:
        fields = Fields(self.source, ("rounds", f"rule[{nth}]"), record if isinstance(record, dict) else {})
        name, begin, end, every = self._when(fields, first, last)
        down_to = self._whole(fields, "down_to", 0, 1200)
        share = fields.take("share", (float, int), _SHARE, required=False)
        at_most = self._whole(fields, "at_most", 1, MOST_PEOPLE)
        fields.close()
        if (down_to is None) == (share is None):
            fields.wrong("contradiction", "share", _DOWN_TO_OR_SHARE, _GIVE_ONE)
        if share is not None and not 0 < share <= 1:
            fields.wrong("out_of_range", "share", _SHARE, _CORRECT, share)
        return RuleRounds(name, begin, end, every, down_to, share, at_most) if name else None

    def _when(self, fields: Fields, first: date, last: date) -> tuple[str | None, date, date, int]:
        name = fields.string("list")
        if name is not None and not self._known_list(fields, "list", name):
            name = None
        begin = fields.day("first") or first
        end = fields.day("last", required=False)
        every = self._whole(fields, "every_days", 1, 366)
        if every is None and end is not None and end != begin:
            fields.wrong("missing_key", "every_days", _EVERY, _GIVE_EVERY)
        end = end if end is not None else (begin if every is None else last)
        if not first <= begin <= end <= last:
            rule = Text("days from {a} to {b}", "des jours du {a} au {b}").fill(a=first, b=last)
            fields.wrong("outside_the_run", "first", rule, _CORRECT, f"{begin} … {end}")
            begin = end = first
        return name, begin, end, every or 1

    def _known_list(self, fields: Fields, key: str, name: str) -> bool:
        known = (*LISTS, *self.categories)
        if name in known:
            return True
        near = suggestion(str(name), known)
        fix = did_you_mean(near) if near else _ONE_OF.fill(all=", ".join(known))
        fields.wrong("unknown_list", key, _UNKNOWN_LIST, fix, name)
        return False

    def _hazards(self, record: Mapping[str, Any]) -> dict[str, float]:
        found = dict(self.base.hazards) if self.base else {}
        fields = Fields(self.source, ("hazards",), record)
        for name in HAZARDS:
            value = fields.take(name, (float, int), _NUMBER, required=False)
            if value is None:
                continue
            low, high = HAZARDS[name].range
            if not low <= value <= high:
                rule = Text("from {a} to {b}", "de {a} à {b}").fill(a=low, b=high)
                fields.wrong("out_of_range", name, rule, _CORRECT, value)
            found[name] = float(value)
        fields.close()
        return found

    # ---- values

    def _whole(self, fields: Fields, key: str, low: int, high: int, *, required: bool = False) -> int | None:
        value: int | None = fields.take(key, int, _WHOLE, required=required)
        if value is not None and not low <= value <= high:
            rule = Text("a whole number from {a} to {b}", "un nombre entier de {a} à {b}").fill(a=low, b=high)
            fields.wrong("out_of_range", key, rule, _CORRECT, value)
        return value

    def _factor(self, fields: Fields, key: str, value: object) -> float:
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100:
            return float(value)
        fields.wrong("out_of_range", key, _FACTOR, _CORRECT, value)
        return 1.0

    def _names(self, fields: Fields, key: str, rule: Text | None = None) -> list[str]:
        """A list of names; what is no text is a problem."""
        given = fields.take(key, list, rule or _LISTED, required=False) or []
        if any(not isinstance(one, str) for one in given):
            fields.wrong("wrong_type", key, rule or _LISTED, _CORRECT, given)
        return [one for one in given if isinstance(one, str)]

    def _held(self, fields: Fields, key: str) -> list[Any]:
        """Tables of rounds, so many at most."""
        given: list[Any] = fields.take(key, list, _TABLES, required=False) or []
        if len(given) > _MOST_HELD:
            rule = Text("at most {n} tables", "{n} tables au plus").fill(n=_MOST_HELD)
            fields.wrong("too_many", key, rule, _CORRECT, len(given))
        return given[:_MOST_HELD]

    def _existing(self, fields: Fields, key: str, name: str) -> Path | None:
        path = self._beside(name)
        if not is_file(path):
            fields.wrong("no_such_file", key, _NOT_BESIDE, _CORRECT, name)
            return None
        return path


_UNKNOWN = Text("no such scenario", "scénario inconnu")
_NOT_BESIDE = Text("no such file beside the scenario", "aucun tel fichier à côté du scénario")
_UNKNOWN_GROUP = Text("no such group of arrivals", "groupe d'arrivées inconnu")
_UNKNOWN_LIST = Text("no such list of candidates", "liste de candidats inconnue")
_ONE_OF = Text("one of: {all}", "l'un de : {all}")
_CIRCLE = Text("leads back to this scenario", "ramène à ce scénario")
_NAME_OTHER = Text("name another scenario", "nommer un autre scénario")
_TEXTS = Text("expected a list of { en = …, fr = … }", "liste de { en = …, fr = … } attendue")
_AT_LEAST_ONE = Text("needs at least one sentence", "demande au moins une phrase")
_WRITE_ONE = Text("write one", "en écrire une")
_AFTER_FIRST = Text("must not be before the first day", "ne doit pas précéder le premier jour")
_GIVE_LATER = Text("give a later day", "donner un jour plus tardif")
_GIVE_EARLIER = Text("give an earlier day", "donner un jour plus proche")
_NUMBERS = Text("expected a table of numbers", "table de nombres attendue")
_NUMBER = Text("expected a number", "nombre attendu")
_FILES = Text("expected a list of files", "liste de fichiers attendue")
_LISTED = Text("expected a list of names", "liste de noms attendue")
_TABLES = Text("expected tables", "tables attendues")
_WHOLE = Text("expected a whole number", "nombre entier attendu")
_LETTERS = Text("small letters, figures and _", "petites lettres, chiffres et _")
_WHOLES = Text("expected a list of whole numbers", "liste de nombres entiers attendue")
_FACTOR = Text("a factor from 0 to 100", "un facteur de 0 à 100")
_SHARE = Text("a share above 0 and at most 1", "une part de plus de 0 à 1")
_CORRECT = Text("correct the value", "corriger la valeur")
_ONE_OR_OTHER = Text("is in `numbers` and in `ranges`", "est dans `numbers` et dans `ranges`")
_REMOVE_ONE = Text("remove one of them", "en retirer un")
_AS_MANY = Text("every range needs as many values", "chaque plage demande autant de valeurs")
_PLANS = Text("one of: published, none", "l'un de : published, none")
_USE_ONE = Text("use one of them", "prendre l'un d'eux")
_WITHOUT_AND_TIMES = Text("rounds left out and multiplied", "rondes retirées et multipliées")
_WITHOUT_AND_HELD = Text("rounds left out and held", "rondes retirées et tenues")
_TWO_ON_A_DAY = Text("two rounds of {list} on {day}", "deux rondes de {list} le {day}")
_DOWN_TO_OR_SHARE = Text("needs `down_to` or `share`, not both", "demande `down_to` ou `share`, pas les deux")
_GIVE_ONE = Text("give one of them", "donner l'un des deux")
_EVERY = Text("needed where `last` is given", "nécessaire si `last` est donné")
_GIVE_EVERY = Text("give the days between rounds", "donner les jours entre les rondes")
