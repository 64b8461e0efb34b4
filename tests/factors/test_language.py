"""Language: levels from one report, two years long, and the best report of each language."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.factors.derive.language import best_reports, reports_of
from expressentry.law.languages import ABILITIES
from expressentry.law.load import load_law
from tests.profiles import DAY, derived, made, partner, report, says

D = date


def english(day: date, *tests: dict[str, Any]) -> list[Any]:
    """The four English columns of a day, where nothing is open."""
    (reading,) = derived(day, tests=list(tests)).readings
    return [reading.facts[f"english_{ability}"] for ability in ABILITIES]


class TestReports:
    """One report."""

    def test_none(self) -> None:
        """No test is empty, in both languages; never a zero."""
        assert english(DAY) == [None] * 4
        assert says(DAY, "french_reading") is None

    @pytest.mark.parametrize(
        ("day", "level"),
        [(D(2024, 5, 9), None), (D(2024, 5, 10), 9), (D(2026, 5, 9), 9), (D(2026, 5, 10), None)],
    )
    def test_two_years_from_the_results(self, day: date, level: int | None) -> None:
        """Results count from their day until before its second anniversary; the day of the test does not matter."""
        assert english(day, report(D(2024, 5, 10), 9, taken_on=D(2024, 4, 1))) == [level] * 4

    @pytest.mark.parametrize(("day", "level"), [(D(2026, 2, 28), 9), (D(2026, 3, 1), None)])
    def test_results_of_a_leap_day(self, day: date, level: int | None) -> None:
        """The second anniversary of 29 February is 1 March."""
        assert english(day, report(D(2024, 2, 29), 9)) == [level] * 4

    def test_ielts_listening(self) -> None:
        """Listening 7.5 is CLB 8 and 7.0 is CLB 7."""
        assert english(DAY, report(D(2026, 1, 1), 7.5, 6, 6, 6, test="ielts"))[0] == 8
        assert english(DAY, report(D(2026, 1, 1), 7.0, 6, 6, 6, test="ielts"))[0] == 7

    def test_a_sat_test_is_never_empty(self) -> None:
        """The lowest score has a level too."""
        assert None not in english(DAY, report(D(2026, 1, 1), 0, test="ielts"))

    @pytest.mark.parametrize("taken", [D(2019, 9, 29), D(2019, 10, 1), D(2023, 12, 10), D(2023, 12, 11), D(2026, 1, 5)])
    def test_tef_on_the_old_scale_at_any_date(self, taken: date) -> None:
        """TEF Canada converts with the scale of before October 2019 whenever it was taken."""
        found = derived(taken, tests=[report(taken, 249, 207, 310, 310, test="tef", taken_on=taken)]).facts

        assert [found[f"french_{ability}"] for ability in ABILITIES] == [7, 7, 7, 7]


class TestChoice:
    """Several reports."""

    def test_better_in_all(self) -> None:
        """A report that is no worse anywhere is used, whichever stands first."""
        weak, strong = report(D(2026, 1, 1), 7), report(D(2025, 6, 1), 7, 8, 7, 7)

        assert english(DAY, weak, strong) == [7, 8, 7, 7]
        assert english(DAY, strong, weak) == [7, 8, 7, 7]
        assert derived(DAY, tests=[weak, strong]).readings[0].report_choices == ()
        assert "test 2: " in derived(DAY, tests=[weak, strong]).because["english_reading"].text.en

    def test_the_better_one_expires(self) -> None:
        """When the better report expires the other one is used."""
        assert english(D(2027, 5, 31), report(D(2026, 1, 1), 7), report(D(2025, 6, 1), 9)) == [9] * 4
        assert english(D(2027, 6, 1), report(D(2026, 1, 1), 7), report(D(2025, 6, 1), 9)) == [7] * 4

    def test_never_mixed(self) -> None:
        """Where neither is better in everything both are offered whole; abilities are never mixed."""
        tests = [report(D(2026, 1, 1), 9, 9, 9, 6), report(D(2026, 2, 1), 7, 7, 7, 7)]
        (reading,) = derived(DAY, tests=tests).readings
        offered = [[choice.facts[f"english_{ability}"] for ability in ABILITIES] for choice in reading.report_choices]

        assert offered == [[9, 9, 9, 6], [7, 7, 7, 7]]
        assert [choice.reports for choice in reading.report_choices] == [("person.tests[1]",), ("person.tests[2]",)]
        assert all(reading.facts[name] == value for name, value in reading.report_choices[0].facts.items())

    def test_choices_of_two_languages(self) -> None:
        """With choices in one language the single report of the other stands in each."""
        tests = [
            report(D(2026, 1, 1), 9, 9, 9, 6),
            report(D(2026, 2, 1), 7),
            report(D(2026, 2, 1), 249, 207, 310, 310, test="tef"),
        ]
        choices = derived(DAY, tests=tests).readings[0].report_choices

        assert [choice.facts["french_reading"] for choice in choices] == [7, 7]
        assert len(choices) == 2

    @given(st.lists(st.tuples(*[st.integers(4, 10)] * 4), min_size=1, max_size=6))
    def test_best_reports(self, levels: list[tuple[int, ...]]) -> None:
        """Every report is beaten or equalled by one that is kept, and none that is kept by another."""
        tests = [report(D(2026, 1, 1), *four) for four in levels]
        kept = [
            one.levels for one in best_reports(reports_of(made(tests=tests).person, "person", load_law().languages))
        ]

        assert all(any(all(a >= b for a, b in zip(one, four, strict=True)) for one in kept) for four in levels)
        assert all(
            one is other or not all(a >= b for a, b in zip(one, other, strict=True)) for one in kept for other in kept
        )

    def test_retaken_skill(self) -> None:
        """A report with one retaken skill is read as accepted and as refused."""
        retaken = report(D(2026, 1, 1), 7, 7, 7, 7, test="ielts", one_skill_retake=True)
        found = derived(DAY, tests=[retaken, report(D(2026, 1, 1), 6, test="ielts")])

        assert [one.facts["english_reading"] for one in found.readings] == [9, 7]
        assert [doubt.id for doubt in found.doubts] == ["one_skill_retake"]
        assert derived(D(2028, 1, 1), tests=[retaken]).doubts == ()

    def test_first_language(self) -> None:
        """A choice of first language is passed on, and none is none."""
        assert says(DAY, "first_language", first_language="french") == "french"
        assert says(DAY, "first_language") is None


class TestPartner:
    """The partner's better single report."""

    def test_of_either_language(self) -> None:
        """English or French, whichever is better."""
        tests = [report(D(2026, 1, 1), 5), report(D(2026, 1, 1), 249, 207, 310, 310, test="tef")]

        assert says(DAY, "partner_speaking", partner=partner(tests=tests)) == 7
        assert says(DAY, "partner_speaking", partner=partner(tests=tests, accompanying=False)) is None

    def test_resident_abroad(self) -> None:
        """A permanent resident abroad is alone for the CRS, and has abilities for the 67-point grid."""
        who = partner(tests=[report(D(2026, 1, 1), 5)], citizen_or_resident="permanent_resident")

        assert says(DAY, "accompanied", partner=who) is False
        assert says(DAY, "partner_resident_abroad", partner=who) is True
        assert says(DAY, "partner_speaking", partner=who) == 5
        assert says(DAY, "partner_education", partner=who) is None
