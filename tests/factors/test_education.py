"""Education: levels as assessed, two or more credentials, and study in Canada."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.profiles import DAY, could_say, degree, derived, partner, says, studied

D = date


def level(day: date, *credentials: dict[str, Any]) -> str:
    """The level of education of a day."""
    found: str = says(day, "education", credentials=list(credentials))
    return found


BACHELOR = degree("three_year", D(2015, 6, 1), D(2024, 1, 1))


class TestLevel:
    """The highest level."""

    @pytest.mark.parametrize(
        ("given", "row"),
        [
            ("under_one_year", "none"),
            ("secondary", "secondary"),
            ("one_year", "one_year"),
            ("two_year", "two_year"),
            ("three_year", "three_year"),
            ("masters", "masters"),
            ("professional", "masters"),
            ("doctoral", "doctoral"),
        ],
    )
    def test_rows(self, given: str, row: str) -> None:
        """Each level has its row; a professional degree is in the row of the master's; under a year pays nothing."""
        assert level(DAY, degree(given, D(2015, 6, 1), D(2024, 1, 1))) == row
        assert level(DAY, studied(given, D(2015, 6, 1))) == row

    def test_nothing(self) -> None:
        """No credential is none."""
        assert level(DAY) == "none"

    def test_not_yet_completed(self) -> None:
        """A credential counts from the day it was completed."""
        assert level(D(2015, 5, 31), studied("masters", D(2015, 6, 1))) == "none"
        assert level(D(2015, 6, 1), studied("masters", D(2015, 6, 1))) == "masters"

    def test_one_alone_is_not_two(self) -> None:
        """A single bachelor's degree is three_year, beside secondary school too."""
        assert level(DAY, BACHELOR, degree("secondary", D(2010, 6, 1), D(2024, 1, 1))) == "three_year"
        assert level(DAY, BACHELOR, degree("under_one_year", D(2018, 6, 1), D(2024, 1, 1))) == "three_year"

    def test_two_or_more(self) -> None:
        """Two of a year or more, one of them of three: in any order."""
        diploma = degree("one_year", D(2018, 6, 1), D(2024, 1, 1))

        assert level(DAY, BACHELOR, diploma) == "two_or_more"
        assert level(DAY, diploma, BACHELOR) == "two_or_more"
        assert level(DAY, diploma, degree("two_year", D(2019, 6, 1), D(2024, 1, 1))) == "two_year"
        assert level(DAY, BACHELOR, degree("masters", D(2018, 6, 1), D(2024, 1, 1))) == "masters"

    def test_each_needs_its_own_assessment(self) -> None:
        """A foreign credential without an assessment is not the second one."""
        assert level(DAY, BACHELOR, degree("one_year", D(2018, 6, 1))) == "three_year"


class TestAssessment:
    """Assessments of foreign credentials."""

    @pytest.mark.parametrize(
        ("day", "row"),
        [(D(2021, 2, 9), "none"), (D(2021, 2, 10), "masters"), (D(2026, 2, 9), "masters"), (D(2026, 2, 10), "none")],
    )
    def test_five_years(self, day: date, row: str) -> None:
        """An assessment counts from its day until before its fifth anniversary."""
        assert level(day, degree("masters", D(2015, 6, 1), D(2021, 2, 10))) == row

    def test_the_result_counts(self) -> None:
        """What it is assessed as, not what it is called; `none` is nothing."""
        assert level(DAY, degree("masters", D(2015, 6, 1), D(2024, 1, 1), "three_year")) == "three_year"
        assert level(DAY, degree("masters", D(2015, 6, 1), D(2024, 1, 1), "none")) == "none"

    def test_assessed_again(self) -> None:
        """A new assessment takes over from the one that expires."""
        again = [
            {"body": "WES", "on": D(2018, 1, 1), "result": "masters"},
            {"body": "IQAS", "on": D(2023, 6, 1), "result": "three_year"},
        ]
        credential = {**degree("masters", D(2015, 6, 1)), "assessments": again}

        assert level(D(2022, 12, 31), credential) == "masters"
        assert level(D(2023, 3, 1), credential) == "none"
        assert level(D(2023, 6, 1), credential) == "three_year"

    def test_reason(self) -> None:
        """The reason names the credentials that count."""
        assert (
            "completed by this day: credential 1 (three years or more)"
            in derived(DAY, credentials=[BACHELOR]).because["education"].text.en
        )


class TestCanadianStudy:
    """Study in Canada."""

    @pytest.mark.parametrize(
        ("given", "pays"),
        [
            ("secondary", "none"),
            ("under_one_year", "none"),
            ("one_year", "one_or_two_year"),
            ("two_year", "one_or_two_year"),
            ("three_year", "three_year_or_more"),
            ("masters", "three_year_or_more"),
            ("professional", "three_year_or_more"),
            ("doctoral", "three_year_or_more"),
        ],
    )
    def test_levels(self, given: str, pays: str) -> None:
        """A master's of one year pays as three years do; secondary school pays nothing."""
        one_year = studied(given, D(2020, 1, 1), present_months=8, full_time_months=8, academic_years=1)

        assert says(DAY, "canadian_study", credentials=[one_year]) == pays

    @pytest.mark.parametrize(
        ("study", "pays"),
        [
            ({"present_months": 7}, False),
            ({"present_months": 8}, True),
            ({"full_time_months": 7}, False),
            ({"distance_percent": 50.0}, True),
            ({"distance_percent": 50.5}, False),
            ({"language_percent": 49.0}, True),
            ({"language_percent": 50.0}, False),
            ({"must_return": True}, False),
            ({"present_months": 2, "full_time_months": 3, "relief_months": 6}, True),
            ({"present_months": 1, "full_time_months": 8, "relief_months": 6}, False),
        ],
    )
    def test_conditions(self, study: dict[str, Any], pays: bool) -> None:
        """Eight months present and full time; half at most by distance, less than half a language; free to stay."""
        found = says(DAY, "canadian_study", credentials=[studied("two_year", D(2022, 1, 1), **study)])

        assert (found != "none") is pays

    def test_a_foreign_degree_is_no_study_in_canada(self) -> None:
        """Only Canadian credentials pay here."""
        assert says(DAY, "canadian_study", credentials=[BACHELOR]) == "none"

    def test_not_told_how_it_was_studied(self) -> None:
        """Without a word on how it was studied, both are read; the level of education stands."""
        credential = {"level": "two_year", "country": "CA", "completed_on": D(2022, 1, 1)}
        found = derived(DAY, credentials=[credential])

        assert could_say(DAY, "canadian_study", credentials=[credential]) == ["one_or_two_year", "none"]
        assert says(DAY, "education", credentials=[credential]) == "two_year"
        assert found.doubts[0].fields == ("person.credentials[1].study",)
        assert derived(D(2021, 12, 31), credentials=[credential]).doubts == ()

    def test_two_academic_years(self) -> None:
        """Two academic years count for the 67-point grid, without a credential too."""
        unfinished = studied(
            "two_year", None, to=D(2020, 4, 30), present_months=16, full_time_months=16, academic_years=2
        )

        assert says(D(2020, 4, 29), "canadian_study_2y", credentials=[unfinished]) is False
        assert says(D(2020, 4, 30), "canadian_study_2y", credentials=[unfinished]) is True
        assert says(DAY, "canadian_study", credentials=[unfinished]) == "none"
        assert (
            says(DAY, "canadian_study_2y", credentials=[studied("masters", D(2020, 1, 1), academic_years=1)]) is False
        )


class TestPartner:
    """The partner's education."""

    def test_needs_an_assessment_too(self) -> None:
        """The partner's foreign credential needs its own assessment."""
        assert says(DAY, "partner_education", partner=partner(credentials=[BACHELOR])) == "three_year"
        unassessed = partner(credentials=[degree("three_year", D(2015, 6, 1))])
        assert says(DAY, "partner_education", partner=unassessed) == "none"

    def test_study(self) -> None:
        """Two years of study in Canada, where the partner counts."""
        credentials = [studied("two_year", D(2020, 1, 1))]

        assert says(DAY, "partner_canadian_study_2y", partner=partner(credentials=credentials)) is True
        stays = partner(credentials=credentials, accompanying=False)
        assert says(DAY, "partner_canadian_study_2y", partner=stays) is None
