"""The five people in examples/people: each factor worked out by hand from the documents, and the total.

Days of work are counted by hand: 364 full-time days are 1,560 hours and so a year, 1,092 three; a month is 130 hours,
30.33 such days.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

import pytest

from expressentry.assess.person.readings import assess_person, assess_profile
from expressentry.factors.derive import Derived, derive
from expressentry.law.languages import ABILITIES
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.profile.read import read_document, read_profile

FOLDER = Path(__file__).parents[2] / "examples/people"
ALL = sorted(FOLDER.glob("*.toml"))
DAY = date(2026, 10, 1)
STEM_293 = date(2024, 4, 11)


def example(name: str) -> Profile:
    """One of the examples, read."""
    return read_profile(FOLDER / f"{name}.toml")


def totals(derived: Derived) -> list[int]:
    """The CRS total of each reading, by the law of its day."""
    columns = load_law().on(derived.on).crs.columns.by_name
    return [
        assess_person({name: value for name, value in reading.facts.items() if name in columns}, derived.on).first.total
        for reading in derived.readings
    ]


def levels(group: str, *four: int | None) -> dict[str, int | None]:
    """The four columns of a language, in the order listening, reading, writing, speaking."""
    return {f"{group}_{ability}": level for ability, level in zip(ABILITIES, four or (None,) * 4, strict=True)}


def months(noc: str, all_: int, run: int, canada: int) -> dict[str, Any]:
    """An entry of the column `category_months`."""
    return {"noc": noc, "months": all_, "run": run, "canada_months": canada}


NOTHING: dict[str, Any] = {
    "accompanied": False,
    "partner_resident_abroad": False,
    "family_size": 1,
    "sibling_in_canada": False,
    "relative_in_canada": False,
    "canadian_study": "none",
    "canadian_study_2y": False,
    "canadian_work_years": 0,
    "canadian_work_1y": False,
    "cec_years_3y": 0,
    "cec_main_teer": None,
    "military_years": 0,
    "trade_noc": None,
    "trade_years_5y": 0,
    "trade_certificate": False,
    "provincial_nomination": False,
    "arranged_employment": "none",
    "fst_offer": "none",
    "job_offer": "none",
    "military_offer_years": 0,
    "certificate_of_qualification": False,
    "intends_quebec": False,
    "first_language": None,
    "partner_education": None,
    "partner_canadian_work_years": None,
    "partner_canadian_work_any": None,
    "partner_canadian_study_2y": None,
    **levels("partner"),
    **levels("french"),
}
"""Someone alone who has neither worked, studied nor a relative in Canada."""


def check(derived: Derived, expected: Mapping[str, Any]) -> None:
    """The factors of the first reading are those worked out by hand, every column of them."""
    whole = {**NOTHING, **expected}
    if not whole["trade_years_5y"]:
        whole["trade_noc"] = derived.facts["trade_noc"]  # the last occupation, which is no trade
        assert whole["trade_noc"] is None or whole["trade_noc"] not in load_law().trades(2021)
    assert {name: value for name, value in derived.facts.items() if value != whole.get(name, "not expected")} == {}
    assert set(whole) == set(derived.facts)


class TestAll:
    """What holds for each example."""

    def test_there_are_five(self) -> None:
        """An engineer, a couple, a nurse, an electrician and a graduate."""
        assert [path.stem for path in ALL] == ["couple", "electrician", "engineer", "graduate", "nurse"]

    @pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
    def test_says_something_every_day(self, path: Path) -> None:
        """On the first day of each year that has a grid the example gives factors that the grid takes."""
        profile = read_profile(path)
        for year in range(2020, 2031):
            assert all(0 < total <= 1200 for total in totals(derive(profile, date(year, 1, 1))))

    @pytest.mark.parametrize("path", ALL, ids=lambda path: path.stem)
    def test_is_commented(self, path: Path) -> None:
        """Each says that its people are invented."""
        assert "invented" in path.read_text(encoding="utf-8").splitlines()[0]


class TestEngineer:
    """A software engineer abroad, now a data scientist."""

    def test_on_the_day_of_round_293(self) -> None:
        """491 points on 2024-04-11, the cut-off of that day's STEM round.

        Age 110, master's 135, CLB 10 × 4 136, French 6 + 3 + 1 + 0 = 10; education and foreign work, each 50.
        """
        found = derive(example("engineer"), STEM_293)

        check(
            found,
            {
                "age": 29,  # the thirtieth birthday is on 20 October 2024
                "education": "masters",
                **levels("english", 10, 10, 10, 10),
                **levels("french", 9, 7, 5, 4),
                "foreign_work_years": 5,  # 2 July 2018 to 10 April 2024: 2,110 days, 5.8 years
                "work_years_10y": 5,
                "primary_continuous_years": 3,  # 21231, 2 July 2018 to 2021: 1,279 days
                "category_months": [
                    months("21211", 27, 27, 0),  # from 2022 on: 831 days, 27.4 months
                    months("21231", 8, 8, 0),  # 11 April 2021 to the year's end: 265 days
                ],
                "funds_cad": 18_500,
            },
        )
        assert totals(found) == [110 + 135 + 136 + 10 + 50 + 50] * 2 == [491, 491]
        # Two occupations: five years where they add up, three where one counts. The CRS pays no more from three on.
        assert [doubt.id for doubt in found.doubts] == ["foreign_occupations"]
        assert [reading.facts["foreign_work_years"] for reading in found.readings] == [5, 3]

    def test_two_years_later(self) -> None:
        """467 points: older, both first reports over, the new one counts. 99 + 135 + 133 + 50 + 50."""
        found = derive(example("engineer"), DAY)

        check(
            found,
            {
                "age": 31,
                "education": "masters",  # assessed on 12 September 2022: until before that day of 2027
                **levels("english", 10, 10, 9, 10),
                "foreign_work_years": 8,  # 2 July 2018 to 30 September 2026: 3,013 days
                "work_years_10y": 8,
                "primary_continuous_years": 4,  # 21211, from 2022: 1,734 days
                "category_months": [months("21211", 36, 36, 0)],
                "funds_cad": 24_000,
            },
        )
        assert totals(found) == [99 + 135 + (34 + 34 + 31 + 34) + 50 + 50] * 2 == [467, 467]

    @pytest.mark.parametrize(
        ("day", "level"), [(date(2025, 2, 2), 10), (date(2025, 2, 3), None), (date(2025, 11, 19), 10)]
    )
    def test_english_over_and_back(self, day: date, level: int | None) -> None:
        """Results of 3 February 2023 hold until before their second anniversary; new ones from their day on."""
        assert derive(example("engineer"), day).facts["english_listening"] == level

    @pytest.mark.parametrize(("day", "age"), [(date(2026, 10, 19), 31), (date(2026, 10, 20), 32)])
    def test_birthday(self, day: date, age: int) -> None:
        """A birthday costs points on its very day: 94 for 99."""
        assert derive(example("engineer"), day).facts["age"] == age
        assert set(totals(derive(example("engineer"), day))) == {467 - (age - 31) * 5}


class TestCouple:
    """Who is the principal matters."""

    COMMON: ClassVar[dict[str, Any]] = {
        "accompanied": True,
        "family_size": 4,
        "sibling_in_canada": True,
        "relative_in_canada": True,
        "partner_canadian_work_years": 0,
        "partner_canadian_work_any": False,
        "partner_canadian_study_2y": False,
        "funds_cad": 31_000,
    }

    def test_as_they_are(self) -> None:
        """359 points with the older one first.

        Age 55, three years 112, CLB 9, 9, 8, 9 109; partner 10 + 20; transfer 13 (education) + 25 (foreign work), as
        one ability is below 9; the partner's sister 15.
        """
        found = derive(example("couple"), DAY)

        check(
            found,
            {
                **self.COMMON,
                "age": 38,
                "education": "three_year",
                **levels("english", 9, 9, 8, 9),
                "foreign_work_years": 10,  # since 1 October 2016, but for one weekend: 3,650 days
                "work_years_10y": 10,
                "primary_continuous_years": 8,  # 70010, from 3 September 2018: 2,950 days
                "category_months": [months("70010", 36, 36, 0)],
                "partner_education": "masters",
                **levels("partner", 9, 9, 9, 9),
            },
        )
        assert totals(found) == [55 + 112 + (29 + 29 + 22 + 29) + 30 + (13 + 25) + 15] * 4 == [359] * 4
        # Ten calendar years are 3,652 days: by that reading there are nine; eight of them are in one occupation. The
        # CRS pays no more from three on.
        assert [doubt.id for doubt in found.doubts] == ["year_of_work", "foreign_occupations"]
        assert {reading.facts["foreign_work_years"] for reading in found.readings} == {10, 9, 8}

    def test_the_other_way_round(self) -> None:
        """510 points with the younger one first: 151 more.

        Age 90, master's 126, CLB 9 × 4 116, French 3 × 4 12; partner 8 + 18; transfer 50 (education) + 25 (two years
        abroad); French at NCLC 7 with English 50, a sister 15.
        """
        facts = read_document(FOLDER / "couple.toml")
        person, partner = facts["person"], facts["partner"]
        standing = ("from", "accompanying", "citizen_or_resident", "living_in_canada")
        facts["partner"] = {key: value for key, value in person.items() if key not in ("certificates", "lives_in")}
        facts["partner"] |= {key: partner[key] for key in standing}
        facts["person"] = {key: value for key, value in partner.items() if key not in standing} | {"certificates": []}
        found = derive(read_profile(facts), DAY)

        check(
            found,
            {
                **self.COMMON,
                "age": 31,
                "education": "masters",
                **levels("english", 9, 9, 9, 9),
                **levels("french", 7, 7, 7, 7),
                "foreign_work_years": 2,  # from August 2023: 1,157 days, 181 of them leave
                "work_years_10y": 2,
                "primary_continuous_years": 2,
                "category_months": [months("41200", 30, 30, 0)],  # 1,096 days less 181
                "partner_education": "three_year",
                **levels("partner", 9, 9, 8, 9),
            },
        )
        assert totals(found)[0] == 90 + 126 + 116 + 12 + (8 + 18) + (50 + 25) + 50 + 15 == 510
        assert set(totals(found)) == {510}


class TestNurse:
    """French first."""

    FACTS: ClassVar[dict[str, Any]] = {
        "age": 33,
        "family_size": 2,
        "education": "three_year",
        **levels("french", 10, 10, 9, 10),
        "foreign_work_years": 8,  # 1,174 days in Cameroon, 2,068 less 35 in France: 8.8 years
        "work_years_10y": 8,
        "primary_continuous_years": 5,  # 2,033 days of the second job
        "category_months": [months("31301", 34, 34, 0)],  # 1,096 days less 35
        "funds_cad": 21_500,
    }

    def test_while_the_english_results_hold(self) -> None:
        """470 points: 88 + 120 + 133 (French) + 4 (English) + 25 + 50, and 50 for French with English."""
        found = derive(example("nurse"), DAY)

        check(found, {**self.FACTS, **levels("english", 6, 6, 5, 6)})
        assert set(totals(found)) == {88 + 120 + (34 + 34 + 31 + 34) + 4 + (25 + 50) + 50} == {470}

    def test_the_day_after(self) -> None:
        """441 points: no English any more, and the lower bonus of 25."""
        found = derive(example("nurse"), date(2026, 10, 2))

        check(found, {**self.FACTS, **levels("english")})
        assert set(totals(found)) == {470 - 4 - 25} == {441}

    def test_french_is_first(self) -> None:
        """With English first it would be 315: English pays 33, French 24 (its cap), and no transfer below CLB 7."""
        columns = load_law().on(DAY).crs.columns.by_name
        facts = {name: value for name, value in derive(example("nurse"), DAY).facts.items() if name in columns}

        assert assess_person(facts, DAY).first_language == "french"
        assert assess_person({**facts, "first_language": "english"}, DAY).total == 88 + 120 + 33 + 24 + 50 == 315


class TestElectrician:
    """A tradesperson in Canada."""

    FACTS: ClassVar[dict[str, Any]] = {
        "education": "secondary",  # the year of trade school is not assessed
        **levels("english", 6, 5, 5, 6),
        "cec_main_teer": 2,
        "trade_noc": "72200",
        "trade_years_5y": 4,
        "arranged_employment": "a",  # works on a permit with an LMIA for the employer who offers
        "fst_offer": "ii",
        "job_offer": "other",
        "funds_cad": None,
    }

    def test_today(self) -> None:
        """227 points: 39 + 30 + 30 + 53 (two years here), transfer 50 (work here and abroad) + 25 (certificate)."""
        found = derive(example("electrician"), DAY)

        check(
            found,
            {
                **self.FACTS,
                "age": 41,
                "canadian_work_years": 2,  # from 15 April 2024: 899 days less 62 of leave
                "canadian_work_1y": True,
                "cec_years_3y": 2,
                "foreign_work_years": 7,  # 1 October 2016 to 29 February 2024: 2,708 days
                "work_years_10y": 9,  # 3,545 days
                "primary_continuous_years": 7,
                "trade_certificate": True,
                "certificate_of_qualification": True,
                "category_months": [months("72200", 32, 27, 27)],  # 989 days, 837 of them here
            },
        )
        assert set(totals(found)) == {39 + 30 + (9 + 6 + 6 + 9) + 53 + 50 + 25} == {227}

    def test_last_day_of_points_for_offers(self) -> None:
        """165 points on 2025-03-24, 50 of them for the offer: 55 + 30 + 30 + 50; 115 on the day after."""
        found = derive(example("electrician"), date(2025, 3, 24))

        check(
            found,
            {
                **self.FACTS,
                "age": 39,
                "foreign_work_years": 8,  # 24 March 2015 to 29 February 2024: 3,265 days
                "work_years_10y": 9,  # and 343 here
                "primary_continuous_years": 8,
                "category_months": [months("72200", 34, 23, 11)],  # 708 days abroad
            },
        )
        assert totals(found) == [55 + 30 + 30 + 50] == [165]
        assert totals(derive(example("electrician"), date(2025, 3, 25))) == [115]

    @pytest.mark.parametrize(("day", "held"), [(date(2025, 6, 19), False), (date(2025, 6, 20), True)])
    def test_certificate(self, day: date, held: bool) -> None:
        """The certificate counts from the day of issue."""
        assert derive(example("electrician"), day).facts["certificate_of_qualification"] is held


class TestGraduate:
    """A graduate of a Canadian college, with a question that the law leaves open."""

    FACTS: ClassVar[dict[str, Any]] = {
        "age": 25,
        "education": "two_or_more",  # a bachelor's assessed, and the Canadian diploma
        "canadian_study": "one_or_two_year",
        "canadian_study_2y": True,
        **levels("english", 9, 9, 8, 8),
        "foreign_work_years": 0,
        "canadian_work_years": 3,  # 19 June 2023 to 16 June 2026: 1,094 days
        "canadian_work_1y": True,
        "cec_years_3y": 2,  # 990 days of them since 1 October 2023
        "cec_main_teer": 2,
        "work_years_10y": 3,
        "primary_continuous_years": 3,
        "category_months": [months("22220", 32, 32, 32), months("65100", 1, 1, 1)],  # 990 days; 195 hours
        "funds_cad": 9_800,
    }

    def test_by_hours(self) -> None:
        """475 points by the department's hours: 110 + 128 + 108 + 64, transfer 50 (25 + 50, capped), study 15."""
        found = derive(example("graduate"), DAY)

        check(found, self.FACTS)
        assert totals(found)[0] == 110 + 128 + (31 + 31 + 23 + 23) + 64 + 50 + 15 == 475

    def test_by_the_calendar(self) -> None:
        """464 points where a year is twelve calendar months: two years pay 53 for 64. Both readings are given."""
        found = derive(example("graduate"), DAY)

        assert [doubt.id for doubt in found.doubts] == ["year_of_work"]
        assert [reading.facts["canadian_work_years"] for reading in found.readings] == [3, 2]
        assert totals(found) == [475, 475 - 64 + 53]


ANSWERS = [
    # Worked by hand from the regulations: who, the programs met, the one an invitation names, the categories.
    ("engineer", STEM_293, {"fsw"}, "fsw", {"stem"}),  # 72 points; 21211 is on the list of 2023
    ("engineer", DAY, {"fsw"}, "fsw", set()),  # 74 points; 21211 left the list on 2025-02-27
    ("couple", DAY, {"fsw"}, "fsw", {"trades"}),  # 70010 came onto the list of trades in 2025
    ("nurse", DAY, {"fsw"}, "fsw", {"french", "healthcare"}),
    ("electrician", DAY, {"cec", "fst"}, "cec", {"trades"}),  # CLB 5 is enough for TEER 2; not for FSW
    ("graduate", DAY, {"cec"}, "cec", set()),  # $9,800 is too little for FSW; CEC asks for none
]


@pytest.mark.parametrize(
    ("name", "day", "programs", "named", "categories"), ANSWERS, ids=[f"{one[0]}-{one[1]}" for one in ANSWERS]
)
def test_programs_and_categories(name: str, day: date, programs: set[str], named: str, categories: set[str]) -> None:
    """Each example is eligible for the programs and a member of the categories expected, and for no other."""
    found = assess_profile(example(name), day)

    assert {id_ for id_, met in found.programs.items() if met} == programs
    assert {id_ for id_, met in found.categories.items() if met} == categories
    assert None not in {**found.programs, **found.categories}.values()
    assert found.first.invitation.program == named
