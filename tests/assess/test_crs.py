"""The score: published maxima, known traps, the errors of other calculators, and an independent calculator."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from expressentry import assess_person, load_law, score_frame
from tests.people import ALONE, PARTNER, best, clb, people, table
from tests.reference import VERSIONS, score

DAY = date(2026, 10, 1)


def total(on: date = DAY, **changes: Any) -> int:
    """The score of the usual person with some facts changed."""
    return assess_person(ALONE | changes, on).first.total


def line(id_: str, on: date = DAY, **changes: Any) -> Any:
    """One line of the answer for the usual person with some facts changed."""
    return next(line for line in assess_person(ALONE | changes, on).lines if line.id == id_)


def points(id_: str, on: date = DAY, **changes: Any) -> int:
    """The points of one line."""
    return int(line(id_, on, **changes).points)


class TestMaxima:
    """The published maxima."""

    @pytest.mark.parametrize("version", VERSIONS)
    def test_sections(self, version: str) -> None:
        """500 alone, 460 + 40 accompanied, 100, 600, 1,200."""
        day = date.fromisoformat(version)
        alone, two = assess_person(best(accompanied=False), day), assess_person(best(accompanied=True), day)

        assert [section.points for section in alone.sections] == [500, 0, 100, 600]
        assert [section.points for section in two.sections] == [460, 40, 100, 600]
        assert alone.total == two.total == 1200

    def test_without_nomination(self) -> None:
        """695 is the most without a nomination on the grid of 25 March 2025."""
        assert assess_person(best(accompanied=False) | {"provincial_nomination": False}, DAY).total == 695

    def test_lines_know_their_maximum(self) -> None:
        """A line's maximum is for the person's own column."""
        alone, two = assess_person(ALONE, DAY), assess_person({**ALONE, "accompanied": True, **PARTNER}, DAY)

        assert [alone.lines[0].maximum, two.lines[0].maximum] == [1200, 1200]
        assert [x.maximum for x in alone.sections] == [500, 0, 100, 600]
        assert [x.maximum for x in two.sections] == [460, 40, 100, 600]


class TestTraps:
    """What calculators get wrong, and the law's own traps."""

    def test_bachelors_is_in_the_lower_tier(self) -> None:
        """A single three-year credential pays 13 and 25, two or more pay 25 and 50."""
        place = "transferability.education.language"

        assert [points(place, education=e) for e in ("none", "secondary")] == [0, 0]
        assert [points(place, education=e) for e in ("one_year", "two_year", "three_year")] == [25, 25, 25]
        assert [points(place, education=e) for e in ("two_or_more", "masters", "doctoral")] == [50, 50, 50]
        assert [points(place, education=e, **clb("english", 8)) for e in ("three_year", "masters")] == [13, 25]

    def test_clb_4_and_5_pay_6_each(self) -> None:
        """As first language CLB 4 and 5 both pay 6 an ability; 3 pays nothing."""
        paid = [points("core.first_language", **clb("english", level)) for level in range(3, 13)]

        assert paid == [0, 24, 24, 36, 68, 92, 124, 136, 136, 136]

    def test_second_language_caps(self) -> None:
        """24 alone, 22 accompanied."""
        french = clb("french", 12)
        alone = line("core.second_language", **french)
        two = line("core.second_language", **french, accompanied=True, **PARTNER)

        assert (alone.points, alone.uncapped) == (24, None)
        assert (two.points, two.uncapped) == (22, 24)

    def test_second_language_counts_each_ability(self) -> None:
        """Partial results count ability by ability."""
        assert points("core.second_language", **clb("french", 5, 7, 9, None)) == 1 + 3 + 6

    def test_pairs_and_section_of_transferability_are_capped(self) -> None:
        """Each pair stops at 50, the section at 100."""
        rich = {"canadian_work_years": 2, "foreign_work_years": 3, "certificate_of_qualification": True}
        lines = {x.id: (x.points, x.uncapped) for x in assess_person(ALONE | rich, DAY).lines}

        assert lines["transferability.education"] == (50, 100)
        assert lines["transferability.foreign_work"] == (50, 100)
        assert lines["transferability"] == (100, 150)

    def test_certificate_has_its_own_thresholds(self) -> None:
        """CLB 5 in all four pays 25, CLB 7 pays 50."""
        place: str = "transferability.certificate"
        yes: dict[str, Any] = {"certificate_of_qualification": True}

        assert [points(place, **yes, **clb("english", level)) for level in (4, 5, 6, 7, 9)] == [0, 25, 25, 50, 50]
        assert points(place, **yes, **clb("english", 9, 9, 6, 9)) == 25

    def test_transferability_takes_the_lowest_ability_of_the_first_language(self) -> None:
        """One ability at 8 keeps the lower row; the second language does not help."""
        place = "transferability.foreign_work.language"

        assert points(place, **clb("english", 9, 9, 8, 9), **clb("french", 8)) == 25
        assert points(place, **clb("english", 9, 9, 6, 9)) == 0

    def test_thirteen_not_twelve(self) -> None:
        """The lower figures are 13, not 12."""
        low = clb("english", 7)

        assert points("transferability.education.language", education="one_year", **low) == 13
        assert points("transferability.foreign_work.language", foreign_work_years=1, **low) == 13
        assert points("transferability.education.canadian_work", education="two_year", canadian_work_years=1) == 13
        assert points("transferability.foreign_work.canadian_work", foreign_work_years=2, canadian_work_years=1) == 13

    def test_additional_points_are_capped(self) -> None:
        """600 in all, nomination included."""
        found = line("additional", provincial_nomination=True, sibling_in_canada=True, canadian_study="one_or_two_year")

        assert (found.points, found.uncapped) == (600, 630)

    @pytest.mark.parametrize(
        ("english", "paid"),
        [
            (clb("english", None), 25),
            (clb("english", 4), 25),
            (clb("english", 5), 50),
            (clb("english", 9, 9, 4, 9), 25),
        ],
    )
    def test_french(self, english: dict[str, Any], paid: int) -> None:
        """NCLC 7 in all four; the high row only with English CLB 5 in all four."""
        assert points("additional.french", **clb("french", 7), **english) == paid

    def test_french_needs_all_four(self) -> None:
        """One ability at 6 pays nothing."""
        assert points("additional.french", **clb("french", 7, 7, 6, 7)) == 0

    def test_either_language_may_be_first(self) -> None:
        """The better order is kept and named, with the other's total; a choice is respected."""
        french_first = {**clb("french", 9), **clb("english", 6)}
        free = assess_person(ALONE | french_first, DAY).first
        bound = assess_person(ALONE | french_first | {"first_language": "english"}, DAY).first

        assert (free.first_language, free.given_language, free.other_total) == ("french", None, bound.total)
        assert (bound.first_language, bound.given_language, bound.other_total) == ("english", "english", None)
        assert free.total > bound.total

    def test_english_at_a_tie(self) -> None:
        """Equal totals: English."""
        assert assess_person(ALONE | clb("french", 9), DAY).first_language == "english"

    def test_partner_who_does_not_count_means_the_single_columns(self) -> None:
        """The columns follow `accompanied`, everywhere."""
        alone = {x.id: x.maximum for x in assess_person(ALONE, DAY).lines}
        two = {x.id: x.maximum for x in assess_person({**ALONE, "accompanied": True, **PARTNER}, DAY).lines}

        assert (alone["core.age"], two["core.age"]) == (110, 100)
        assert (alone["core.education"], two["core.education"]) == (150, 140)
        assert (alone["core.first_language"], two["core.first_language"]) == (136, 128)
        assert (alone["core.canadian_work"], two["core.canadian_work"]) == (80, 70)

    def test_job_offer_pays_by_the_day(self) -> None:
        """600 in 2015, 200 or 50 from 2016-11-19, nothing and not asked from 2025-03-25."""
        days = [date(2015, 1, 1), date(2016, 11, 18), date(2016, 11, 19), date(2025, 3, 24)]
        base = [total(day) for day in days]

        assert [total(day, job_offer="other") - b for day, b in zip(days, base, strict=True)] == [600, 600, 50, 50]
        assert [total(day, job_offer="major_group_00") - b for day, b in zip(days, base, strict=True)] == [
            600,
            600,
            200,
            200,
        ]
        assert total(date(2025, 3, 25), job_offer="other") == total(date(2025, 3, 25))
        assert "job_offer" not in load_law().on(date(2025, 3, 25)).crs.inputs

    def test_not_provided_not_applicable_not_met_and_zero_differ(self) -> None:
        """Four different things stay different."""
        lines = {x.id: x.status for x in assess_person(ALONE | clb("english", 3), DAY).lines}

        assert lines["core.second_language"] == "not_provided"
        assert lines["partner.education"] == "not_applicable"
        assert lines["core.first_language"] == "not_met"
        assert lines["core.age"] == "met"


class TestErrorsOfOthers:
    """One test for each class of error found in other calculators, where no trap above has it already."""

    def test_partner_clb_4_pays_nothing_and_each_ability_counts(self) -> None:
        """Partner's language by ability: 0 at 4, 1 at 5 and 6, 3 at 7 and 8, 5 from 9."""
        two = {"accompanied": True, **PARTNER}

        assert [points("partner.language", **two, **clb("partner", n)) for n in (4, 5, 6, 7, 8, 9, 12)] == [
            0,
            4,
            4,
            12,
            12,
            20,
            20,
        ]
        assert points("partner.language", **two, **clb("partner", 4, 5, 7, 9)) == 0 + 1 + 3 + 5

    def test_partner_education_and_work(self) -> None:
        """Partner's levels pay 0 2 6 7 8 9 10 10, years 0 5 7 8 9 10."""
        levels = ("none", "secondary", "one_year", "two_year", "three_year", "two_or_more", "masters", "doctoral")
        two = {"accompanied": True, **PARTNER}

        assert [points("partner.education", **{**two, "partner_education": e}) for e in levels] == [
            0,
            2,
            6,
            7,
            8,
            9,
            10,
            10,
        ]
        years = [points("partner.canadian_work", **{**two, "partner_canadian_work_years": n}) for n in range(7)]
        assert years == [0, 5, 7, 8, 9, 10, 10]

    def test_each_ability_of_the_first_language_counts(self) -> None:
        """No single CLB for all four."""
        assert points("core.first_language", **clb("english", 10, 9, 8, 7)) == 34 + 31 + 23 + 17

    def test_second_language_table(self) -> None:
        """0 to CLB 4, 1 at 5 and 6, 3 at 7 and 8, 6 from 9."""
        paid = [points("core.second_language", **clb("french", n, None, None, None)) for n in range(13)]

        assert paid == [0, 0, 0, 0, 0, 1, 1, 3, 3, 6, 6, 6, 6]

    def test_secondary_school_pays(self) -> None:
        """A secondary diploma pays 30 alone."""
        assert points("core.education", education="secondary") == 30

    def test_age_table_alone(self) -> None:
        """From 36 on the single column, and nothing beyond 44."""
        assert [points("core.age", age=age) for age in (17, 18, 19, 20, 29, 30, 36, 44, 45, 120)] == [
            0,
            99,
            105,
            110,
            110,
            105,
            72,
            6,
            0,
            0,
        ]

    def test_canadian_work_stops_at_80(self) -> None:
        """Five years or more pay 80."""
        assert [points("core.canadian_work", canadian_work_years=n) for n in (0, 1, 2, 3, 4, 5, 60)] == [
            0,
            40,
            53,
            64,
            72,
            80,
            80,
        ]

    def test_foreign_with_canadian_work_needs_two_years_for_the_full_row(self) -> None:
        """One Canadian year pays 13 or 25, two pay 25 or 50."""
        place = "transferability.foreign_work.canadian_work"

        assert [points(place, foreign_work_years=3, canadian_work_years=n) for n in (0, 1, 2)] == [0, 25, 50]
        assert [points(place, foreign_work_years=1, canadian_work_years=n) for n in (0, 1, 2)] == [0, 13, 25]

    def test_foreign_work_pays_nothing_alone(self) -> None:
        """Work abroad is only in the combinations."""
        assert total(foreign_work_years=10, **clb("english", 6)) == total(foreign_work_years=0, **clb("english", 6))

    def test_study_in_canada(self) -> None:
        """15 and 30, once."""
        assert [
            points("additional.canadian_study", canadian_study=s)
            for s in ("none", "one_or_two_year", "three_year_or_more")
        ] == [0, 15, 30]


class TestIndependent:
    """Equal to a plain calculator written from the published tables and from nothing else."""

    @pytest.mark.parametrize("version", VERSIONS)
    def test_frame(self, version: str) -> None:
        """100,000 random people: total, sections and first language."""
        day = date.fromisoformat(version)
        everyone = people(100_000, seed=int(version.replace("-", "")))
        scored = score_frame(table(everyone, load_law().on(day).crs), day, sections=True)
        names = ["crs", "core", "partner", "transferability", "additional", "first_language_used"]
        expected = [score(person, version) for person in everyone]

        assert scored.select(names).rows() == [tuple(one[name] for name in names) for one in expected]

    @pytest.mark.parametrize("version", VERSIONS)
    def test_one_person(self, version: str) -> None:
        """The one-person path on a part of the same people."""
        day = date.fromisoformat(version)
        for person in people(2_000, seed=7):
            found, expected = assess_person(person, day), score(person, version)
            assert (found.total, found.first_language) == (expected["crs"], expected["first_language_used"])

    @pytest.mark.long
    @pytest.mark.parametrize("version", VERSIONS)
    def test_one_person_long(self, version: str) -> None:
        """The one-person path on 100,000 people."""
        day = date.fromisoformat(version)
        for person in people(100_000, seed=11):
            found, expected = assess_person(person, day), score(person, version)
            assert (found.total, found.first_language) == (expected["crs"], expected["first_language_used"])
