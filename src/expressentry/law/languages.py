"""Language tests: which scores exist, on which day a test counts, and the level that a score converts to."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from expressentry.errors import FactorsError, Problem
from expressentry.law.instruments import Cite, Instrument
from expressentry.law.lists import Row
from expressentry.text import Text, same

TESTS = ("celpip", "ielts", "pte", "tef", "tcf")
NAMES = {
    "celpip": "CELPIP-General",
    "ielts": "IELTS General Training",
    "pte": "PTE Core",
    "tef": "TEF Canada",
    "tcf": "TCF Canada",
}
LANGUAGE_NAMES: Mapping[str, Text] = {"english": Text("English", "anglais"), "french": Text("French", "français")}
SCALE_NAMES: Mapping[str, Text] = {"english": Text("CLB", "NCLC"), "french": same("NCLC")}
"""What the levels of a language are called: those of French are NCLC in both languages."""
ABILITIES = ("listening", "reading", "writing", "speaking")
ABILITY_NAMES: Mapping[str, Text] = {
    "listening": Text("listening", "compréhension de l'oral"),
    "reading": Text("reading", "compréhension de l'écrit"),
    "writing": Text("writing", "expression écrite"),
    "speaking": Text("speaking", "expression orale"),
}

_TEF_NEW_TOP = 699
"""A TEF statement prints each score twice; only the scale to 699 reaches beyond the old one."""


@dataclass(frozen=True, slots=True)
class Converted:
    """The levels of one test report.

    `levels` has the four abilities; of those in `at_most` the chart says only that the level is not above the one
    given. `line` says which figure of the report is meant, where a report prints several.
    """

    test: str
    language: str
    taken_on: date
    levels: Mapping[str, int]
    at_most: tuple[str, ...]
    line: Text | None
    cites: tuple[Cite, ...]
    doubt: Text | None

    @property
    def chart(self) -> str:
        """The id of the instrument that holds the chart."""
        return self.cites[0].instrument.id


class Languages:
    """The language tests with their scales and charts, as one law has them.

    >>> from expressentry.law.load import load_law
    >>> languages = load_law().languages
    >>> languages.language_of("tef")
    'french'
    """

    def __init__(self, scales: Sequence[Row], charts: Sequence[Row], instruments: Mapping[str, Instrument]) -> None:
        self._instruments = instruments
        self._scales: dict[tuple[str, str], list[Row]] = {}
        for row in scales:
            self._scales.setdefault((row.values["test"], row.values["ability"]), []).append(row)
        self._charts: dict[tuple[str, str], list[tuple[int, Decimal, Row]]] = {}
        for row in charts:
            series = self._charts.setdefault((row.values["test"], row.values["ability"]), [])
            series.append((int(row.values["clb"]), Decimal(row.values["least"]), row))
        self._edges = sorted({edge for row in charts for edge in (row.start, row.until) if edge is not None})
        self._known: dict[tuple[str, str, int], list[tuple[int, Decimal]]] = {}
        # Scores found right, and their levels: a scale has few steps, so these stay few, and people share them.
        self._right: set[tuple[str, str, int, object]] = set()
        self._levels: dict[tuple[str, str, int, object], tuple[int, bool]] = {}

    def language_of(self, test: str) -> str:
        """The language that a test tests."""
        return self._scales[test, ABILITIES[0]][0].values["language"]

    def check_scores(self, test: str, taken_on: date, scores: Mapping[str, object], field: str = "") -> list[Problem]:
        """Everything that is wrong with a test report; nothing when it can be converted.

        `scores` has one number for each ability, as printed; `field` is put before the names of the fields.

        >>> from expressentry.law.load import load_law
        >>> languages, scores = load_law().languages, dict.fromkeys(ABILITIES, 6.25)
        >>> {problem.code for problem in languages.check_scores("ielts", date(2026, 1, 15), scores)}
        {'off_the_step'}
        """
        prefix = f"{field}." if field else ""
        if test not in TESTS:
            rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(TESTS))
            return [Problem("unknown_test", f"{prefix}test", rule, Text("use one of them", "prendre l'un d'eux"), test)]
        problems = []
        rows = self._scales[test, ABILITIES[0]]
        if not any(row.holds(taken_on) for row in rows):
            name = NAMES[test]
            rule = _NOT_BEFORE.fill(test=name, day=rows[0].start)
            problems.append(Problem("test_not_accepted", f"{prefix}taken_on", rule, _OTHER_TEST, taken_on))
        for ability in scores:
            if ability not in ABILITIES:
                rule = Text("unknown ability", "habileté inconnue")
                fix = Text("one of: {all}", "l'une de : {all}").fill(all=", ".join(ABILITIES))
                problems.append(Problem("unknown_ability", f"{prefix}{ability}", rule, fix, scores[ability]))
        for ability in ABILITIES:
            series = self._scales[test, ability]
            at = next((at for at, row in enumerate(series) if row.holds(taken_on)), 0)
            score = scores.get(ability)
            number = type(score) is float or type(score) is int
            if number and (test, ability, at, score) in self._right:
                continue
            problem = _wrong(test, series[at], score, f"{prefix}{ability}")
            if problem is not None:
                problems.append(problem)
            elif number:
                self._right.add((test, ability, at, score))
        return problems

    def convert(self, test: str, taken_on: date, scores: Mapping[str, object]) -> Converted:
        """Convert the printed scores of a test taken on a day to Canadian Language Benchmarks (NCLC for French).

        Each ability converts on its own; between two rows of the chart the lower level holds. Below the lowest level of
        the chart the level is given as the one under it, and the ability is listed in `at_most`: no grid pays for it
        and no program accepts it. Levels end at 10. Raises FactorsError with everything that is wrong with the scores.

        >>> from expressentry.law.load import load_law
        >>> printed = {"listening": 7.5, "reading": 7, "writing": 6.5, "speaking": 6}
        >>> load_law().languages.convert("ielts", date(2026, 1, 15), printed).levels
        {'listening': 8, 'reading': 9, 'writing': 8, 'speaking': 7}
        """
        problems = self.check_scores(test, taken_on, scores)
        if problems:
            raise FactorsError(problems)
        levels, at_most = {}, []
        for ability in ABILITIES:
            levels[ability], reached = self._level(test, ability, taken_on, scores[ability])
            if not reached:
                at_most.append(ability)
        scale = next(row for row in self._scales[test, ABILITIES[0]] if row.holds(taken_on))
        return Converted(
            test=test,
            language=self.language_of(test),
            taken_on=taken_on,
            levels=levels,
            at_most=tuple(at_most),
            line=_text(scale, "line"),
            cites=(self._cite(scale, NAMES[test]),),
            doubt=_text(scale, "doubt"),
        )

    def _level(self, test: str, ability: str, taken_on: date, printed: object) -> tuple[int, bool]:
        """The level of a score that is right, and whether it is on the chart; below it the level is that under it."""
        key = (test, ability, bisect_right(self._edges, taken_on), printed)
        if key not in self._levels:
            score, chart = _exact(printed) or Decimal(0), self._chart(test, ability, taken_on)
            reached = [level for level, least in chart if score >= least]
            self._levels[key] = max(reached, default=min(level for level, _ in chart) - 1), bool(reached)
        return self._levels[key]

    def least_scores(self, test: str, taken_on: date, levels: Mapping[str, int]) -> dict[str, Decimal]:
        """The least score of a test taken on a day that gives each ability its level.

        A level above the chart is taken as its highest, one below it as the bottom of the scale.

        >>> from expressentry.law.load import load_law
        >>> least = load_law().languages.least_scores("ielts", date(2026, 1, 15), {"reading": 9})
        >>> {ability: str(score) for ability, score in least.items()}
        {'reading': '7.0'}
        """
        found = {}
        for ability, level in levels.items():
            chart = self._chart(test, ability, taken_on)
            scale = next(row for row in self._scales[test, ability] if row.holds(taken_on))
            within = [(at, least) for at, least in chart if at <= level]
            found[ability] = max(within)[1] if within else Decimal(scale.values["low"])
        return found

    def _chart(self, test: str, ability: str, day: date) -> list[tuple[int, Decimal]]:
        """Each level and its least score, for tests of a day."""
        key = (test, ability, bisect_right(self._edges, day))
        if key not in self._known:
            series = self._charts[test, ability]
            self._known[key] = [(level, least) for level, least, row in series if row.holds(day)]
        return self._known[key]

    def _cite(self, row: Row, name: str) -> Cite:
        instrument = self._instruments[row.instrument]
        place = Text("chart of {test}", "tableau : {test}").fill(test=name)
        return Cite(instrument, place, instrument.confidence, _text(row, "doubt"))


def check_lists(scales: Sequence[Row], charts: Sequence[Row]) -> Iterator[Problem]:
    """What is wrong with the numbers of the two lists: names, scales, and levels whose scores do not rise."""
    found: dict[tuple[str, str], Row] = {}
    for row in scales:
        test, ability = row.values["test"], row.values["ability"]
        numbers = [_read(row.values[name]) for name in ("low", "high", "step")]
        low, high, step = (number or Decimal(0) for number in numbers)
        if test not in TESTS or ability not in ABILITIES or row.values["language"] not in ("english", "french"):
            yield _in_list("language_scales", row, "test", _NAMED, f"{test}, {ability}")
        elif None in numbers or not low < high or step <= 0 or (high - low) % step:
            yield _in_list("language_scales", row, "low", _SCALE, row.values["high"])
        else:
            found[test, ability] = row
    before: dict[tuple[str, str], Row] = {}
    for row in sorted(charts, key=lambda row: (row.start, _read(row.values["clb"]) or 0)):
        key = (row.values["test"], row.values["ability"])
        scale, least = found.get(key), _read(row.values["least"])
        lower = before.get(key)
        if scale is None or least is None or _read(row.values["clb"]) is None:
            yield _in_list("language_charts", row, "least", _ON_SCALE, row.values["least"])
            continue
        last = _read(lower.values["least"]) if lower and lower.start == row.start else None
        if _wrong(key[0], scale, least, "least") or (last is not None and least <= last):
            yield _in_list("language_charts", row, "least", _ON_SCALE, row.values["least"])
        before[key] = row


def _read(text: str) -> Decimal | None:
    return Decimal(text) if re.fullmatch(r"[0-9]+([.][0-9]+)?", text) else None


def _in_list(name: str, row: Row, field: str, rule: Text, value: str) -> Problem:
    fix = Text("correct the row", "corriger la ligne")
    return Problem("wrong_list_row", field, rule, fix, value, same(f"law/lists/{name}.csv:{row.line}"))


@cache
def _numbers(*texts: str) -> tuple[Decimal, ...]:
    return tuple(map(Decimal, texts))


def _wrong(test: str, row: Row, value: object, field: str) -> Problem | None:
    """What is wrong with one score, if anything."""
    if value is None:
        return Problem("missing", field, _FOUR, _PRINTED)
    low, high, step = _numbers(row.values["low"], row.values["high"], row.values["step"])
    score = _exact(value)
    if score is not None and low <= score <= high and not score % step:
        return None
    rule = (_WHOLE if step == 1 else _STEPS).fill(test=NAMES[test], low=low, high=high, step=step)
    if score is None:
        return Problem("not_a_number", field, rule, _PRINTED, value)
    if test == "tef" and high < score <= _TEF_NEW_TOP:
        return Problem("tef_new_scale", field, _TEF_RULE.fill(high=high), _TEF_FIX, value)
    if not low <= score <= high:
        return Problem("off_the_scale", field, rule, _PRINTED, value)
    return Problem("off_the_step", field, rule, _PRINTED, value)


def _exact(value: object) -> Decimal | None:
    """The number as its owner wrote it (6.5, not the binary fraction near it); None for what is no finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return number if number.is_finite() else None


def _text(row: Row, name: str) -> Text | None:
    en, fr = row.values[f"{name}_en"], row.values[f"{name}_fr"]
    return Text(en, fr) if en else None


_NAMED = Text("a known test, ability and language", "un test, une habileté et une langue connus")
_SCALE = Text("a scale from low to high in whole steps", "une échelle de low à high en pas entiers")
_ON_SCALE = Text(
    "a score of the test's scale, higher than that of the level before",
    "un score de l'échelle du test, plus haut que celui du niveau précédent",
)
_WHOLE = Text("{test}: a whole number from {low} to {high}", "{test} : un nombre entier de {low} à {high}")
_STEPS = Text(
    "{test}: a number from {low} to {high} in steps of {step}",
    "{test} : un nombre de {low} à {high} par pas de {step}",
)
_FOUR = Text(
    "required: all four abilities come from one report", "obligatoire : les quatre habiletés viennent d'une attestation"
)
_PRINTED = Text("give the score printed on the report", "donner le score imprimé sur l'attestation")
_NOT_BEFORE = Text(
    "{test} counts for Express Entry when taken from {day} on", "{test} compte pour Entrée express passé dès le {day}"
)
_OTHER_TEST = Text(
    "correct the day, or give a test that was accepted then", "corriger le jour, ou donner un test accepté alors"
)
_TEF_RULE = Text(
    "TEF Canada on the old scale, at most {high}; this score is of the scale to 699, which Express Entry does not use",
    "TEF Canada sur l'ancienne échelle, au plus {high}; ce score est de l'échelle sur 699, qu'Entrée express n'emploie "
    "pas",
)
_TEF_FIX = Text(
    'give the column "Équivalence ancien score" of the statement; for a test of 2023-12-11 to 2024-05-06 that of the '
    "re-issued statement",
    "donner la colonne « Équivalence ancien score » de l'attestation; pour un test du 2023-12-11 au 2024-05-06, celle "
    "de l'attestation rééditée",
)
