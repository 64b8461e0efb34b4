"""Education: levels as assessed, two or more credentials, and study in Canada."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.profiles import DAY, could_say, degree, derived, job, partner, says, studied

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


def assessed(level: str, *by: tuple[str, date, str]) -> dict[str, Any]:
    """A credential from abroad with assessments: body, day, result."""
    listed = [{"body": body, "on": day, "result": result} for body, day, result in by]
    return {**degree(level, D(2012, 6, 1)), "assessments": listed}


class TestBody:
    """Who assessed it."""

    def test_before_its_designation(self) -> None:
        """An assessment of a body that was not yet designated is none."""
        for day, row in ((D(2015, 8, 5), "none"), (D(2015, 8, 6), "masters")):
            assert level(D(2016, 1, 1), assessed("masters", ("ICES", day, "masters"))) == row

    def test_physicians(self) -> None:
        """A physician's medical degree needs the Medical Council of Canada, whoever else assessed it."""
        work = [job(D(2016, 9, 5), noc="31102", noc2016="3112")]
        by_wes, by_mcc = (assessed("professional", (body, D(2024, 5, 1), "professional")) for body in ("WES", "MCC"))
        found = derived(DAY, work=work, credentials=[by_wes])

        assert says(DAY, "education", work=work, credentials=[by_wes]) == "none"
        assert found.because["education"].text.en.endswith(
            "credential 1: assessed by WES, but your occupation needs an assessment by Medical Council of Canada"
        )
        assert says(DAY, "education", work=work, credentials=[by_mcc]) == "masters"
        assert says(DAY, "education", credentials=[by_wes]) == "masters"

    def test_the_primary_occupation_is_the_persons_choice(self) -> None:
        """Beside a year in an occupation without a body of its own, any designated body will do."""
        doctor = job(D(2016, 9, 5), D(2022, 12, 31), noc="31102", noc2016="3112")
        credentials = [assessed("professional", ("WES", D(2024, 5, 1), "professional"))]
        for last, row in ((D(2023, 6, 30), "none"), (D(2024, 6, 30), "masters")):
            work = [doctor, job(D(2023, 1, 2), last, noc="41200", noc2016="4011")]
            assert says(DAY, "education", work=work, credentials=credentials) == row

    def test_another_credential_of_a_physician(self) -> None:
        """One that may be in another field is read both ways, and counts beside an assessment by the council."""
        work = [job(D(2016, 9, 5), noc="31102", noc2016="3112")]
        masters = assessed("masters", ("WES", D(2024, 5, 1), "masters"))
        medical = assessed("professional", ("MCC", D(2024, 5, 1), "professional"))
        found = derived(DAY, work=work, credentials=[masters])

        assert could_say(DAY, "education", work=work, credentials=[masters]) == ["none", "masters"]
        assert [doubt.id for doubt in found.doubts] == ["other_field:person.credentials[1]"]
        both = [assessed("doctoral", ("WES", D(2024, 5, 1), "doctoral")), medical]
        assert says(DAY, "education", work=work, credentials=both) == "doctoral"

    def test_pharmacists(self) -> None:
        """The Pharmacy Examining Board, where the work needs a licence: read both ways."""
        work = [job(D(2016, 9, 5), noc="31120", noc2016="3131")]
        wes = [assessed("professional", ("WES", D(2024, 5, 1), "professional"))]
        board = [assessed("professional", ("PEBC", D(2024, 5, 1), "professional"))]

        assert could_say(DAY, "education", work=work, credentials=wes) == ["none", "masters"]
        assert says(DAY, "education", work=work, credentials=board) == "masters"

    @pytest.mark.parametrize(
        ("on", "rows"),
        [(D(2024, 5, 1), ["masters"]), (D(2024, 10, 30), ["masters"]), (D(2024, 10, 31), ["none", "masters"])],
    )
    def test_architects(self, on: date, rows: list[str]) -> None:
        """Other bodies' assessments from before 31 October 2024 are still accepted."""
        work = [job(D(2016, 9, 5), noc="21200", noc2016="2151")]

        assert could_say(DAY, "education", work=work, credentials=[assessed("masters", ("WES", on, "masters"))]) == rows


class TestAfterABachelors:
    """Results for a diploma that follows a bachelor's degree."""

    @pytest.mark.parametrize("result", ["post_bachelors", "postgraduate"])
    def test_alone_and_beside_the_bachelors(self, result: str) -> None:
        """By its own length or as two credentials; with the bachelor's assessed it is the second one."""
        diploma = assessed("two_year", ("WES", D(2024, 5, 1), result))

        assert could_say(DAY, "education", credentials=[diploma]) == ["two_year", "two_or_more"]
        assert level(DAY, diploma, BACHELOR) == "two_or_more"
        other = assessed("masters", ("WES", D(2024, 5, 1), result))
        assert could_say(DAY, "education", credentials=[other]) == ["one_year", "two_or_more"]


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
        ],
    )
    def test_conditions(self, study: dict[str, Any], pays: bool) -> None:
        """Eight months present and full time; half at most by distance, less than half a language; free to stay."""
        found = says(DAY, "canadian_study", credentials=[studied("two_year", D(2019, 1, 1), **study)])

        assert (found != "none") is pays

    @pytest.mark.parametrize(
        ("completed", "study", "pays"),
        [
            # Entirely by distance, abroad and part time.
            (D(2021, 4, 28), {}, True),
            (D(2020, 2, 29), {}, False),
            (D(2020, 3, 1), {}, True),
            (D(2022, 8, 31), {}, True),
            # After August 2022 some of it must have been before: that is said, or the months reach back so far.
            (D(2023, 4, 28), {}, False),
            (D(2023, 4, 28), {"relief_months": 1}, True),
            (D(2023, 4, 28), {"present_months": 8, "full_time_months": 8}, True),
            (D(2023, 4, 28), {"present_months": 7, "full_time_months": 7}, False),
            # What the notice does not lift.
            (D(2021, 4, 28), {"language_percent": 50.0}, False),
            (D(2021, 4, 28), {"must_return": True}, False),
        ],
    )
    def test_relief(self, completed: date, study: dict[str, Any], pays: bool) -> None:
        """Where any part was from March 2020 to August 2022, presence, full time and distance are not asked for."""
        away = {"present_months": 0, "full_time_months": 0, "academic_years": 1, "distance_percent": 100.0, **study}
        credentials = [studied("two_year", completed, **away)]

        assert (says(DAY, "canadian_study", credentials=credentials) != "none") is pays
        assert says(D(2022, 7, 28), "canadian_study", credentials=credentials) == "none"

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
