"""Language tests: every cell of every chart, both sides of every day, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.errors import FactorsError
from expressentry.law.languages import ABILITIES, SCALE_NAMES, TESTS, check_lists
from expressentry.law.lists import LISTS
from expressentry.law.load import load_law
from expressentry.law.source import DATA
from expressentry.text import same

DAY = date(2026, 1, 15)
LANGUAGES = load_law().languages
check_scores, convert, language_of = LANGUAGES.check_scores, LANGUAGES.convert, LANGUAGES.language_of

# Typed out apart from the data: reading, writing, listening, speaking, from CLB 10 down.
LEAST: Mapping[str, Mapping[int, tuple[Any, ...]]] = {
    "celpip": {level: (level,) * 4 for level in range(3, 11)},
    "ielts": {
        10: (8, 7.5, 8.5, 7.5),
        9: (7, 7, 8, 7),
        8: (6.5, 6.5, 7.5, 6.5),
        7: (6, 6, 6, 6),
        6: (5, 5.5, 5.5, 5.5),
        5: (4, 5, 5, 5),
        4: (3.5, 4, 4.5, 4),
    },
    "pte": {
        10: (88, 90, 89, 89),
        9: (78, 88, 82, 84),
        8: (69, 79, 71, 76),
        7: (60, 69, 60, 68),
        6: (51, 60, 50, 59),
        5: (42, 51, 39, 51),
        4: (33, 41, 28, 42),
        3: (24, 32, 18, 34),
    },
    "tef": {
        10: (263, 393, 316, 393),
        9: (248, 371, 298, 371),
        8: (233, 349, 280, 349),
        7: (207, 310, 249, 310),
        6: (181, 271, 217, 271),
        5: (151, 226, 181, 226),
        4: (121, 181, 145, 181),
    },
    "tcf": {
        10: (549, 16, 549, 16),
        9: (524, 14, 523, 14),
        8: (499, 12, 503, 12),
        7: (453, 10, 458, 10),
        6: (406, 7, 398, 7),
        5: (375, 6, 369, 6),
        4: (342, 4, 331, 4),
    },
}
ORDER = ("reading", "writing", "listening", "speaking")
TOP = {
    "celpip": (12, 12, 12, 12),
    "ielts": (9, 9, 9, 9),
    "pte": (90, 90, 90, 90),
    "tef": (300, 450, 360, 450),
    "tcf": (699, 20, 699, 20),
}
LOW = {"celpip": 0, "ielts": 0, "pte": 10, "tef": 0, "tcf": 0}
STEP = {"celpip": Decimal(1), "ielts": Decimal("0.5"), "pte": Decimal(1), "tef": Decimal(1), "tcf": Decimal(1)}
CELLS = [
    (test, level, ability, least)
    for test, levels in LEAST.items()
    for level, row in levels.items()
    for ability, least in zip(ORDER, row, strict=True)
]


def tops(test: str) -> dict[str, Any]:
    """The highest score in every ability."""
    return dict(zip(ORDER, TOP[test], strict=True))


def codes(test: str, day: date, scores: Mapping[str, object], field: str = "") -> list[tuple[str, str]]:
    """Field and code of every problem."""
    return [(problem.field, problem.code) for problem in check_scores(test, day, scores, field)]


class TestCharts:
    """Printed scores to levels."""

    @pytest.mark.parametrize(("test", "level", "ability", "least"), CELLS)
    def test_every_cell(self, test: str, level: int, ability: str, least: Any) -> None:
        """The least score of a level gives it; one step less gives the level below."""
        below = Decimal(str(least)) - STEP[test]
        lowest = min(LEAST[test])

        assert convert(test, DAY, tops(test) | {ability: least}).levels[ability] == level
        less = convert(test, DAY, tops(test) | {ability: below})
        assert less.levels[ability] == level - 1
        assert less.at_most == ((ability,) if level == lowest else ())

    @pytest.mark.parametrize("test", TESTS)
    def test_top_and_bottom(self, test: str) -> None:
        """The top of the scale is level 10; its bottom is below the chart, and said to be so."""
        top, bottom = convert(test, DAY, tops(test)), convert(test, DAY, dict.fromkeys(ABILITIES, LOW[test]))

        assert set(top.levels.values()) == {10}
        assert top.at_most == ()
        assert list(top.levels) == list(ABILITIES)
        assert set(bottom.levels.values()) == {min(LEAST[test]) - 1}
        assert bottom.at_most == ABILITIES

    def test_the_two_known_traps(self) -> None:
        """IELTS listening 7.5 is 8 and 7.0 is 7; CELPIP 10 to 12 are 10."""
        scores = {"reading": 6, "writing": 6, "speaking": 6}

        assert convert("ielts", DAY, scores | {"listening": 7.5}).levels["listening"] == 8
        assert convert("ielts", DAY, scores | {"listening": 7.0}).levels["listening"] == 7
        assert [convert("celpip", DAY, dict.fromkeys(ABILITIES, n)).levels["reading"] for n in (9, 10, 11, 12)] == [
            9,
            10,
            10,
            10,
        ]

    @pytest.mark.parametrize(
        "day", ["2013-01-01", "2019-09-30", "2019-10-01", "2023-12-10", "2023-12-11", "2026-11-24"]
    )
    def test_tef_is_always_the_old_scale(self, day: str) -> None:
        """Whatever the day of the test, TEF Canada converts on the scale of before October 2019."""
        scores = {"listening": 249, "reading": 207, "writing": 310, "speaking": 310}

        assert set(convert("tef", date.fromisoformat(day), scores).levels.values()) == {7}

    def test_tef_says_which_column(self) -> None:
        """A TEF statement prints two scores; the answer names the one, and the re-issued statement on its days."""
        scores = {"listening": 249, "reading": 207, "writing": 310, "speaking": 310}
        found = {
            day: convert("tef", date.fromisoformat(day), scores)
            for day in ("2023-12-10", "2023-12-11", "2024-05-06", "2024-05-07")
        }

        assert all(one.line and "Équivalence ancien score" in one.line.en for one in found.values())
        assert [day for day, one in found.items() if one.line and "re-issued" in one.line.en] == [
            "2023-12-11",
            "2024-05-06",
        ]
        assert [day for day, one in found.items() if one.doubt] == ["2023-12-11", "2024-05-06"]

    def test_languages_and_sources(self) -> None:
        """Three tests of English, two of French; every answer cites its chart in both languages."""
        assert {test: language_of(test) for test in TESTS} == {
            "celpip": "english",
            "ielts": "english",
            "pte": "english",
            "tef": "french",
            "tcf": "french",
        }
        for test in TESTS:
            (cite,) = convert(test, DAY, tops(test)).cites
            assert cite.instrument.id == f"chart-{test}"
            assert cite.instrument.doubt
            assert all(cite.place)


class TestDays:
    """Which test counts on which day: the day before each boundary, and the day itself."""

    @pytest.mark.parametrize(
        ("test", "first"),
        [
            ("celpip", "2014-04-01"),
            ("ielts", "2013-01-01"),
            ("pte", "2024-01-30"),
            ("tef", "2013-01-01"),
            ("tcf", "2018-11-10"),
        ],
    )
    def test_first_day(self, test: str, first: str) -> None:
        """The day before, the test is refused with its first day; on the day it converts."""
        day = date.fromisoformat(first)
        with pytest.raises(FactorsError) as refused:
            convert(test, day - timedelta(days=1), tops(test))
        (problem,) = refused.value.problems

        assert (problem.code, problem.field, problem.value) == (
            "test_not_accepted",
            "taken_on",
            day - timedelta(days=1),
        )
        assert first in problem.rule.en
        assert first in problem.rule.fr
        assert set(convert(test, day, tops(test)).levels.values()) == {10}

    def test_first_weeks_of_tcf_are_doubted(self) -> None:
        """From 10 November 2018 one account accepts the test; from December all do."""
        assert convert("tcf", date(2018, 11, 30), tops("tcf")).doubt
        assert convert("tcf", date(2018, 12, 1), tops("tcf")).doubt is None

    def test_lists_have_one_row_a_day(self) -> None:
        """From its first day on a test has one scale and one chart in each ability on every boundary day."""
        lists = {name: load_law().list(name) for name in LISTS}
        for name in ("language_scales", "language_charts"):
            edges = {edge for row in lists[name] for edge in (row.start, row.until) if edge}
            for day in edges | {edge - timedelta(days=1) for edge in edges}:
                keys = [tuple(row.values[k] for k in LISTS[name].key) for row in lists[name] if row.holds(day)]
                assert len(keys) == len(set(keys))
        assert {path.stem for path in (DATA / "lists").glob("*.csv")} == set(LISTS)

    def test_toefl_is_designated_and_not_accepted(self) -> None:
        """A test that was designated without being accepted is in the law with its day, and converts nothing."""
        (row,) = load_law().list("designated_tests")

        assert (row.start, row.until, row.values["accepted"]) == (date(2025, 8, 21), None, "not yet")
        assert codes(row.values["test"], DAY, {}) == [("test", "unknown_test")]


class TestLists:
    """What `law check` refuses of the two lists."""

    @pytest.mark.parametrize(
        ("name", "line", "change"),
        [
            ("language_scales", 2, {"ability": "spelling"}),
            ("language_scales", 3, {"test": "toefl"}),
            ("language_scales", 4, {"language": "latin"}),
            ("language_scales", 6, {"high": "9.25"}),
            ("language_scales", 7, {"step": "0"}),
            ("language_scales", 8, {"low": "a"}),
            ("language_charts", 5, {"least": "1"}),
            ("language_charts", 9, {"least": "13"}),
            ("language_charts", 10, {"least": "x"}),
            ("language_charts", 12, {"clb": ""}),
        ],
    )
    def test_wrong_row(self, name: str, line: int, change: dict[str, str]) -> None:
        """A number off its scale, not rising or unreadable, and an unknown name, are told with file and line."""
        lists = {name: load_law().list(name) for name in LISTS}
        assert list(check_lists(lists["language_scales"], lists["language_charts"])) == []
        lists[name] = tuple(
            replace(row, values={**row.values, **change}) if row.line == line else row for row in lists[name]
        )

        found = list(check_lists(lists["language_scales"], lists["language_charts"]))

        assert (found[0].code, found[0].where) == ("wrong_list_row", same(f"law/lists/{name}.csv:{line}"))


class TestRefused:
    """What is no score, all at once."""

    def test_everything_at_once(self) -> None:
        """Day, missing, unknown, off the scale and no number are told together, with the field's prefix."""
        scores = {"listening": 91, "reading": "eighty", "writing": 79.5, "grammar": 80}

        assert codes("pte", date(2024, 1, 29), scores, "tests[0]") == [
            ("tests[0].taken_on", "test_not_accepted"),
            ("tests[0].grammar", "unknown_ability"),
            ("tests[0].listening", "off_the_scale"),
            ("tests[0].reading", "not_a_number"),
            ("tests[0].writing", "off_the_step"),
            ("tests[0].speaking", "missing"),
        ]

    def test_unknown_test(self) -> None:
        """Another test is refused by name."""
        assert codes("toefl", DAY, {}, "tests[2]") == [("tests[2].test", "unknown_test")]

    @pytest.mark.parametrize("value", [6.49999, 6.25, Decimal("6.51"), 6.500000001])
    def test_half_bands_only(self, value: Any) -> None:
        """IELTS comes in half bands; nothing near one is taken for it."""
        assert codes("ielts", DAY, dict.fromkeys(ABILITIES, value)) == [(name, "off_the_step") for name in ABILITIES]

    @pytest.mark.parametrize("value", [True, "7", None, float("nan"), float("inf"), [7]])
    def test_no_number(self, value: Any) -> None:
        """A truth value, text, nothing and infinity are no scores, also after the number that True equals was right."""
        assert codes("ielts", DAY, dict.fromkeys(ABILITIES, 1)) == []
        expected = "missing" if value is None else "not_a_number"

        assert {code for _, code in codes("ielts", DAY, dict.fromkeys(ABILITIES, value))} == {expected}

    @pytest.mark.parametrize(
        ("test", "low", "high"),
        [("celpip", -1, 13), ("ielts", -0.5, 9.5), ("pte", 9, 91), ("tef", -1, 700), ("tcf", -1, 700)],
    )
    def test_off_the_scale(self, test: str, low: float, high: float) -> None:
        """One step outside either end is refused, and the end itself is not."""
        for value in (low, high):
            assert {code for _, code in codes(test, DAY, dict.fromkeys(ABILITIES, value))} == {"off_the_scale"}
        assert codes(test, DAY, dict.fromkeys(ABILITIES, LOW[test])) == []
        assert codes(test, DAY, tops(test)) == []

    def test_same_number_in_every_type(self) -> None:
        """6.5 is 6.5 as a float and as a Decimal; 7 is 7 as all three."""
        seen = [convert("ielts", DAY, dict.fromkeys(ABILITIES, value)).levels for value in (6.5, Decimal("6.50"))]
        whole = [convert("ielts", DAY, dict.fromkeys(ABILITIES, value)).levels for value in (7, 7.0, Decimal(7))]

        assert seen[0] == seen[1]
        assert whole[0] == whole[1] == whole[2]

    @pytest.mark.parametrize(
        ("ability", "top"), [("listening", 360), ("reading", 300), ("writing", 450), ("speaking", 450)]
    )
    def test_a_score_out_of_699(self, ability: str, top: int) -> None:
        """A TEF score above the old top is of the other column: the fix says which to read, and of re-issues."""
        for value in (top + 1, 699):
            (problem,) = check_scores("tef", DAY, tops("tef") | {ability: value})
            assert (problem.code, problem.field) == ("tef_new_scale", ability)
            assert "Équivalence ancien score" in problem.fix.en
            assert "Équivalence ancien score" in problem.fix.fr
            assert "2023-12-11" in problem.fix.en
            assert "2024-05-06" in problem.fix.fr


@pytest.mark.parametrize("language", SCALE_NAMES)
def test_a_level_has_the_name_of_its_scale(language: str) -> None:
    """Levels of French are NCLC in English too, in the columns and in the words of the programs."""
    law = load_law()
    found = [law.columns[f"{language}_{ability}"].unit for ability in ABILITIES]

    assert found == [SCALE_NAMES[language]] * 4
    titles = [
        text
        for file in (DATA / "programs").glob("*.toml")
        for text in re.findall(r'"(\w+: \w+ \d.*?)"', file.read_text())
    ]
    mine = [title for title in titles if title.lower().startswith(f"{language}:")]
    assert mine
    assert {name for title in mine for name in re.findall(r"N?CLB|NCLC", title)} == {SCALE_NAMES[language].en}


@given(
    test=st.sampled_from(TESTS),
    steps=st.lists(st.tuples(st.integers(0, 699), st.integers(0, 699)), min_size=4, max_size=4),
)
def test_more_is_never_less(test: str, steps: list[tuple[int, int]]) -> None:
    """A higher score never converts to a lower level, and every level is 0 to 10."""
    lower, higher = {}, {}
    for (a, b), (ability, top) in zip(steps, tops(test).items(), strict=True):
        count = int((top - LOW[test]) / STEP[test]) + 1
        first, second = sorted((a % count, b % count))
        lower[ability], higher[ability] = (LOW[test] + STEP[test] * step for step in (first, second))
    low, high = convert(test, DAY, lower), convert(test, DAY, higher)

    assert all(0 <= low.levels[name] <= high.levels[name] <= 10 for name in ABILITIES)
    assert set(high.at_most) <= set(low.at_most)


@given(
    test=st.sampled_from(TESTS),
    day=st.dates(date(2012, 1, 1), date(2027, 1, 1)),
    scores=st.dictionaries(
        st.sampled_from([*ABILITIES, "overall"]),
        st.one_of(st.integers(), st.floats(), st.decimals(), st.text(), st.booleans(), st.none()),
    ),
)
def test_refused_or_converted(test: str, day: date, scores: dict[str, Any]) -> None:
    """Whatever is typed is converted or refused with every problem in both languages, never a crash."""
    problems = check_scores(test, day, scores)
    if problems:
        assert all(problem.say("en") != problem.say("fr") for problem in problems)
        with pytest.raises(FactorsError):
            convert(test, day, scores)
    else:
        assert set(convert(test, day, scores).levels) == set(ABILITIES)
