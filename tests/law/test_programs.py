"""Programs worked by hand from the regulations: the 67-point grid, every case of every rule, both sides of it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from expressentry import FactorsError, assess_person
from expressentry.assess.person.score import AssessedReading
from tests.people import ALONE, PARTNER, clb
from tests.program_reference import FUNDS, funds_needed

DAY = date(2026, 10, 1)
NOC_2021 = date(2022, 11, 16)
EVE = NOC_2021 - timedelta(days=1)
OPEN: dict[str, Any] = {
    "primary_continuous_years": 1,
    "work_years_10y": 1,
    "canadian_work_1y": False,
    "cec_years_3y": 0,
    "trade_years_5y": 0,
    "trade_certificate": False,
    "fst_offer": "none",
    "arranged_employment": "none",
    "family_size": 1,
    "funds_cad": 500_000,
    "intends_quebec": False,
    "relative_in_canada": False,
    "canadian_study_2y": False,
}
WITH_PARTNER = {
    **PARTNER,
    "accompanied": True,
    "partner_canadian_study_2y": False,
    "partner_canadian_work_any": False,
}


def assessed(on: date = DAY, **facts: Any) -> AssessedReading:
    """A person alone, known in everything that programs look at, with these facts changed."""
    return assess_person({**ALONE, **OPEN, **facts}, on).first


def answers(on: date = DAY, **facts: Any) -> dict[str, bool | None]:
    """The finding of each program for that person."""
    return {id_: found.answer for id_, found in assessed(on, **facts).programs.items()}


def skilled(years: int, **facts: Any) -> dict[str, Any]:
    """So many years of skilled work."""
    return {"work_years_10y": years, "primary_continuous_years": min(years, 1), **facts}


class TestTwentyWorkedByHand:
    """Language + education + work + age + arranged employment + adaptability, and whether all seven things hold."""

    @pytest.mark.parametrize(
        ("facts", "parts", "eligible"),
        [
            pytest.param(skilled(1), (24, 23, 9, 12, 0, 0), True, id="1 master's, one year: 68"),
            pytest.param(skilled(1, education="three_year"), (24, 21, 9, 12, 0, 0), False, id="2 bachelor's: 66"),
            pytest.param(skilled(2, education="three_year"), (24, 21, 11, 12, 0, 0), True, id="3 a second year: 68"),
            pytest.param(skilled(3, education="three_year", age=36), (24, 21, 11, 11, 0, 0), True, id="4 just 67"),
            pytest.param(skilled(3, education="three_year", age=37), (24, 21, 11, 10, 0, 0), False, id="5 just 66"),
            pytest.param(
                skilled(4, **clb("english", 9, 8, 7, 9)), (21, 23, 13, 12, 0, 0), True, id="6 abilities of their own"
            ),
            pytest.param(
                skilled(6, education="doctoral", **clb("english", 9, 9, 9, 6)),
                (18, 25, 15, 12, 0, 0),
                False,
                id="7 70 points, one ability at 6",
            ),
            pytest.param(
                skilled(2, education="three_year", **clb("english", 8), **clb("french", 5)),
                (24, 21, 11, 12, 0, 0),
                True,
                id="8 second language at 5 throughout: 4 in total",
            ),
            pytest.param(
                skilled(2, education="three_year", **clb("english", 8), **clb("french", 12, 12, 12, 4)),
                (20, 21, 11, 12, 0, 0),
                False,
                id="9 second language, one ability at 4: none",
            ),
            pytest.param(
                skilled(6, education="doctoral", **clb("english", 7)), (16, 25, 15, 12, 0, 0), True, id="10 all at 7"
            ),
            pytest.param(
                skilled(5, education="two_or_more", **clb("english", 8)),
                (20, 22, 13, 12, 0, 0),
                True,
                id="11 two credentials: 67",
            ),
            pytest.param(
                skilled(3, education="two_year", relative_in_canada=True),
                (24, 19, 11, 12, 0, 5),
                True,
                id="12 a relative lifts 66 to 71",
            ),
            pytest.param(skilled(10, education="one_year"), (24, 15, 15, 12, 0, 0), False, id="13 one-year credential"),
            pytest.param(
                skilled(6, education="secondary", arranged_employment="a", funds_cad=0),
                (24, 5, 15, 12, 10, 5),
                True,
                id="14 secondary school, a job offer, no money",
            ),
            pytest.param(
                skilled(6, education="none", arranged_employment="a", canadian_work_1y=True),
                (24, 0, 15, 12, 10, 10),
                False,
                id="15 71 points without schooling",
            ),
            pytest.param(skilled(6, education="doctoral", age=44), (24, 25, 15, 3, 0, 0), True, id="16 44 years: 67"),
            pytest.param(skilled(6, education="doctoral", age=45), (24, 25, 15, 2, 0, 0), False, id="17 45 years: 66"),
            pytest.param(
                skilled(6, education="doctoral", age=47, canadian_work_1y=True),
                (24, 25, 15, 0, 0, 10),
                True,
                id="18 no points for age: 74",
            ),
            pytest.param(
                {"work_years_10y": 6, "primary_continuous_years": 0, "education": "doctoral"},
                (24, 25, 15, 12, 0, 0),
                False,
                id="19 76 points, no continuous year",
            ),
            pytest.param(
                skilled(1, education="three_year", first_language="french", **clb("french", 9), **clb("english", 5)),
                (28, 21, 9, 12, 0, 0),
                True,
                id="20 French first: 70",
            ),
        ],
    )
    def test_grid(self, facts: dict[str, Any], parts: tuple[int, ...], eligible: bool) -> None:
        """The points are those worked by hand, and 67 of them with the rest is what it takes."""
        found = assessed(**facts).programs["fsw"]

        assert found.points == (sum(parts), sum(parts))
        assert found.answer is eligible

    @pytest.mark.parametrize(
        ("facts", "criterion"),
        [
            (skilled(6, education="doctoral", intends_quebec=True), "outside_quebec"),
            (skilled(6, education="doctoral", funds_cad=15_262), "funds"),
            (skilled(6, education="doctoral", **clb("english", 9, 9, 6, 9)), "language"),
            (skilled(6, education="doctoral", primary_continuous_years=0), "work"),
            (skilled(6, education="none", arranged_employment="a", relative_in_canada=True), "education"),
            (skilled(1, education="two_year"), "points"),
        ],
    )
    def test_each_requirement_alone(self, facts: dict[str, Any], criterion: str) -> None:
        """Each of the requirements is enough to fail, and is the one that is named."""
        found = assessed(**facts).programs["fsw"]

        assert found.answer is False
        assert [one.criterion.id for one in found.findings if one.answer is False] == [criterion]

    @pytest.mark.parametrize(("age", "points"), [(17, 0), (18, 12), (35, 12), (36, 11), (46, 1), (47, 0)])
    def test_age(self, age: int, points: int) -> None:
        """Both sides of every turn of the table of ages."""
        found = assessed(age=age).programs["fsw"]

        assert found.points == (56 + points, 56 + points)

    @pytest.mark.parametrize(
        ("years", "points"), [(0, 0), (1, 9), (2, 11), (3, 11), (4, 13), (5, 13), (6, 15), (10, 15)]
    )
    def test_work(self, years: int, points: int) -> None:
        """Both sides of every step of the table of work."""
        found = assessed(work_years_10y=years).programs["fsw"]

        assert found.points == (59 + points, 59 + points)


SIXTY_TWO = skilled(2, education="two_year", **clb("english", 8))


class TestAdaptability:
    """Every case of IRPR 83(1) on a person of 62 points, so that five are just enough."""

    @pytest.mark.parametrize(
        ("facts", "points"),
        [
            pytest.param({}, 0, id="nothing"),
            pytest.param({"canadian_work_1y": True}, 10, id="work in Canada"),
            pytest.param({"canadian_study_2y": True}, 5, id="study in Canada"),
            pytest.param({"relative_in_canada": True}, 5, id="a relative"),
            pytest.param({**WITH_PARTNER, **clb("partner", 4)}, 5, id="partner at 4"),
            pytest.param({**WITH_PARTNER, **clb("partner", 4, 4, 3, 12)}, 0, id="partner, one ability at 3"),
            pytest.param({**WITH_PARTNER, **clb("partner", 9, 9, None, 9)}, 0, id="partner, one ability untested"),
            pytest.param({**WITH_PARTNER, "partner_canadian_study_2y": True}, 5, id="partner's study"),
            pytest.param({**WITH_PARTNER, "partner_canadian_work_any": True}, 5, id="partner's work"),
            pytest.param(WITH_PARTNER, 0, id="a partner alone"),
            pytest.param({"canadian_study_2y": True, "relative_in_canada": True}, 10, id="two of five"),
            pytest.param(
                {**WITH_PARTNER, **clb("partner", 4), "canadian_study_2y": True, "relative_in_canada": True},
                10,
                id="three of five are capped",
            ),
            pytest.param({"canadian_work_1y": True, "canadian_study_2y": True}, 10, id="ten and five are capped"),
        ],
    )
    def test_each_case(self, facts: dict[str, Any], points: int) -> None:
        """Each element pays what the law says, ten at most."""
        found = assessed(**{**SIXTY_TWO, **facts}).programs["fsw"]

        assert found.points == (62 + points, 62 + points)
        assert found.answer is (points >= 5)

    def test_partner_resident_abroad(self) -> None:
        """A partner who is a permanent resident abroad counts here, though the score is that of a person alone."""
        partner = {"partner_resident_abroad": True, **clb("partner", 4)}
        partner |= {"partner_canadian_study_2y": False, "partner_canadian_work_any": False}
        found = assessed(**{**SIXTY_TWO, **partner})

        assert found.programs["fsw"].points == (67, 67)
        assert found.total == assessed(**SIXTY_TWO).total

    @pytest.mark.parametrize("fact", [clb("partner", 9), {"partner_canadian_work_any": True}])
    def test_no_partner_no_facts_of_one(self, fact: dict[str, Any]) -> None:
        """Facts of a partner who does not come, or is a citizen or a resident living here, are refused."""
        with pytest.raises(FactorsError) as refused:
            assessed(**fact)

        assert {problem.code for problem in refused.value.problems} == {"not_applicable"}


class TestArrangedEmployment:
    """Every case of IRPR 82(2): ten points, five of adaptability, and whom it frees from funds."""

    @pytest.mark.parametrize(
        ("case", "points", "without_money"),
        [("none", 0, False), ("a", 15, True), ("b", 15, True), ("c", 15, False), ("d", 15, True)],
    )
    def test_case(self, case: str, points: int, without_money: bool) -> None:
        """All cases pay the same; case (c) does not free from settlement funds."""
        rich = assessed(**{**SIXTY_TWO, "arranged_employment": case}).programs["fsw"]
        poor = assessed(**{**SIXTY_TWO, "arranged_employment": case, "funds_cad": 0}).programs["fsw"]

        assert rich.points == poor.points == (62 + points, 62 + points)
        assert rich.answer is (points > 0)
        assert poor.answer is without_money


TRADE = {"trade_noc": "72310", "trade_years_5y": 2, "trade_certificate": True, **clb("english", 5, 4, 4, 5)}


class TestTrades:
    """IRPR 87.2, all cases of an offer, and who needs funds."""

    @pytest.mark.parametrize(
        ("certificate", "offer", "rich", "poor"),
        [
            (False, "none", False, False),
            (True, "none", True, False),  # (i)
            (False, "ii", True, True),
            (False, "iii", True, True),
            (False, "iv", True, False),
            (False, "v", True, True),
            (True, "iv", True, False),
            (True, "ii", True, True),
        ],
    )
    def test_case(self, certificate: bool, offer: str, rich: bool, poor: bool) -> None:
        """Certificate or offer; funds are needed with (i) and (iv) alone."""
        facts = {**TRADE, "trade_certificate": certificate, "fst_offer": offer}

        assert answers(**facts)["fst"] is rich
        assert answers(**facts, funds_cad=0)["fst"] is poor

    @pytest.mark.parametrize(
        ("facts", "met"),
        [
            ({}, True),
            (clb("english", 4, 4, 4, 5), False),
            (clb("english", 5, 3, 4, 5), False),
            (clb("english", 5, 4, 3, 5), False),
            (clb("english", 5, 4, 4, 4), False),
            (clb("english", 5, None, 4, 5), False),
            ({"trade_years_5y": 1}, False),
            ({"intends_quebec": True}, False),
            ({"trade_noc": "65200"}, False),
        ],
    )
    def test_both_sides(self, facts: dict[str, Any], met: bool) -> None:
        """Speaking and listening at 5, reading and writing at 4, two years, outside Quebec."""
        assert answers(**{**TRADE, **facts})["fst"] is met

    @pytest.mark.parametrize(
        ("day", "noc", "listed"),
        [
            (EVE, "7271", True),
            (EVE, "7321", True),
            (EVE, "8211", True),
            (EVE, "9211", True),
            (EVE, "6321", True),
            (EVE, "6332", True),
            (EVE, "6311", False),
            (EVE, "2271", False),  # pilots were no trade
            (EVE, "9411", False),
            (NOC_2021, "72310", True),
            (NOC_2021, "72600", False),  # sub-major group 726: pilots
            (NOC_2021, "73300", True),
            (NOC_2021, "82030", True),
            (NOC_2021, "83101", True),
            (NOC_2021, "92100", True),
            (NOC_2021, "93100", True),
            (NOC_2021, "93200", False),  # sub-major group 932: aircraft assemblers
            (NOC_2021, "63200", True),
            (NOC_2021, "63201", True),
            (NOC_2021, "62200", True),
            (NOC_2021, "62100", False),
        ],
    )
    def test_groups_on_both_sides_of_the_noc_2021(self, day: date, noc: str, listed: bool) -> None:
        """The listed groups are those of the NOC 2016 up to 15 November 2022, of the NOC 2021 from the 16th."""
        assert answers(day, **{**TRADE, "trade_noc": noc})["fst"] is listed

    @pytest.mark.parametrize(("day", "noc", "other"), [(EVE, "72310", "7271"), (NOC_2021, "7271", "72310")])
    def test_code_of_the_other_version(self, day: date, noc: str, other: str) -> None:
        """A code of the version not in force is refused, and its counterparts are the fix, in both languages."""
        with pytest.raises(FactorsError) as refused:
            assessed(day, **{**TRADE, "trade_noc": noc})
        (problem,) = refused.value.problems

        assert (problem.code, problem.field, problem.value) == ("wrong_noc_version", "trade_noc", noc)
        assert other in problem.fix.en
        assert other in problem.fix.fr


class TestCanadianExperience:
    """IRPR 87.1: a year in three, and the language of the occupation with the most experience."""

    @pytest.mark.parametrize(
        ("teer", "level", "met"),
        [
            (0, 7, True),
            (0, 6, False),
            (1, 7, True),
            (1, 6, False),
            (2, 5, True),
            (2, 4, False),
            (3, 5, True),
            (3, 4, False),
        ],
    )
    def test_language_by_teer(self, teer: int, level: int, met: bool) -> None:
        """CLB 7 for TEER 0 and 1, CLB 5 for TEER 2 and 3, in each ability."""
        for ability in range(4):
            levels = [12, 12, 12, 12]
            levels[ability] = level
            facts = {"cec_years_3y": 1, "cec_main_teer": teer, **clb("english", *levels)}

            assert answers(**facts)["cec"] is met

    @pytest.mark.parametrize(
        ("facts", "met"),
        [
            ({"cec_years_3y": 1}, True),
            ({"cec_years_3y": 0}, False),
            ({"cec_years_3y": 1, "intends_quebec": True}, False),
            ({"cec_years_3y": 1, "funds_cad": 0}, True),
            ({"cec_years_3y": 1, "education": "none"}, True),
        ],
    )
    def test_both_sides(self, facts: dict[str, Any], met: bool) -> None:
        """A year of work, outside Quebec; neither funds nor schooling."""
        assert answers(**{"cec_main_teer": 0, **facts})["cec"] is met

    @pytest.mark.parametrize(("level", "answer"), [(7, True), (6, None), (5, None), (4, False)])
    def test_unknown_teer(self, level: int, answer: bool | None) -> None:
        """Without the TEER it can be told only where all levels agree."""
        found = assessed(cec_years_3y=1, **clb("english", level)).programs["cec"]

        assert found.answer is answer
        assert found.missing == (("cec_main_teer",) if answer is None else ())

    @pytest.mark.parametrize("teer", [4, 5])
    def test_no_such_work(self, teer: int) -> None:
        """Work of TEER 4 and 5 never counts here, so most of what counts cannot be of it."""
        with pytest.raises(FactorsError, match="cec_main_teer"):
            assessed(cec_years_3y=1, cec_main_teer=teer)


class TestNominees:
    """A nomination alone opens nothing; with a program it comes before all others."""

    def test_without_a_program(self) -> None:
        """A nominee who meets none of the three programs is not eligible as one either."""
        found = assessed(provincial_nomination=True, **skilled(0))

        assert {id_: one.answer for id_, one in found.programs.items()} == dict.fromkeys(found.programs, False)
        assert found.invitation.program is None

    @pytest.mark.parametrize("day", [date(2015, 6, 1), date(2020, 6, 1), DAY])
    def test_with_a_program(self, day: date) -> None:
        """A nominee is invited as one and in no other way, whatever else holds: not in an FSW or CEC round."""
        found = assessed(day, provincial_nomination=True, cec_years_3y=2, cec_main_teer=1, **skilled(3))

        assert found.programs["fsw"].answer
        assert found.programs["cec"].answer
        assert (found.invitation.program, found.invitation.possible) == ("pnp", ("pnp",))

    def test_with_a_program_that_cannot_be_told(self) -> None:
        """The facts without which it cannot be told are those of the programs."""
        found = assess_person(
            {**ALONE, **OPEN, "provincial_nomination": True, "intends_quebec": None}, DAY
        ).first.programs

        assert found["pnp"].answer is None
        assert found["pnp"].missing == ("intends_quebec",)


ALL_THREE = skilled(3, cec_years_3y=1, cec_main_teer=1, trade_years_5y=2, trade_certificate=True)
TWO = skilled(3, cec_years_3y=1, cec_main_teer=1)


class TestOrder:
    """Which program an invitation names, by day; the candidate cannot choose."""

    @pytest.mark.parametrize(
        ("day", "noc", "program", "possible"),
        [
            (date(2015, 12, 31), "7271", "fst", ("fst",)),
            (date(2016, 1, 1), "7271", None, ("cec", "fst")),
            (date(2025, 12, 6), "72310", None, ("cec", "fst")),
            (date(2025, 12, 7), "72310", "cec", ("cec",)),
        ],
    )
    def test_all_three(self, day: date, noc: str, program: str | None, possible: tuple[str, ...]) -> None:
        """Trades first in 2015, Canadian experience first today, and in between it is not established which."""
        found = assessed(day, **ALL_THREE, trade_noc=noc).invitation

        assert (found.program, found.possible) == (program, possible)

    @pytest.mark.parametrize(
        ("day", "program", "possible"),
        [
            (date(2015, 12, 31), "fsw", ("fsw",)),
            (date(2016, 1, 1), None, ("cec", "fsw")),
            (date(2025, 12, 6), None, ("cec", "fsw")),
            (date(2025, 12, 7), "cec", ("cec",)),
        ],
    )
    def test_two(self, day: date, program: str | None, possible: tuple[str, ...]) -> None:
        """Skilled workers before Canadian experience in 2015, after it today."""
        found = assessed(day, **TWO).invitation

        assert (found.program, found.possible) == (program, possible)

    def test_worker_and_trade(self) -> None:
        """Today skilled workers come before trades."""
        assert assessed(**{**ALL_THREE, "cec_years_3y": 0}, trade_noc="72310").invitation.program == "fsw"

    def test_what_cannot_be_told_stands_before(self) -> None:
        """A program that may be met and comes first leaves the name open."""
        found = assess_person({**ALONE, **OPEN, **skilled(3), "cec_years_3y": None}, DAY).first.invitation

        assert (found.program, found.possible) == (None, ("cec", "fsw"))


class TestFunds:
    """The table of the day, by family size."""

    @pytest.mark.parametrize("start", [row[0] for row in FUNDS[1:]])
    @pytest.mark.parametrize("size", [1, 2, 3, 4, 5, 6, 7, 8, 12])
    def test_both_sides_of_every_table(self, start: str, size: int) -> None:
        """A dollar less than the new amount is enough the day before a table begins, and not on its day."""
        day = date.fromisoformat(start)
        amount = funds_needed(day, size)
        assert amount is not None
        facts = skilled(3, family_size=size)

        assert answers(day, **facts, funds_cad=amount)["fsw"] is True
        assert answers(day, **facts, funds_cad=amount - 1)["fsw"] is False
        before = funds_needed(day - timedelta(days=1), size)
        expected = None if before is None else True
        assert answers(day - timedelta(days=1), **facts, funds_cad=amount - 1)["fsw"] is expected

    def test_large_families_in_2015(self) -> None:
        """The first table ends at seven: less than that is surely too little, more cannot be told."""
        day, facts = date(2015, 6, 1), skilled(3, family_size=8)

        assert answers(day, **facts, funds_cad=31_573)["fsw"] is False
        assert answers(day, **facts, funds_cad=31_574)["fsw"] is None

    @pytest.mark.parametrize(("funds", "answer"), [(15_262, False), (15_263, None), (134_967, None), (134_968, True)])
    def test_unknown_family(self, funds: int, answer: bool | None) -> None:
        """Too little for one is too little; enough for the largest family of the schema, thirty, is enough."""
        assert answers(**skilled(3, family_size=None, funds_cad=funds))["fsw"] is answer

    def test_unknown_funds(self) -> None:
        """An unknown amount leaves it open, and is what is missing."""
        found = assessed(**skilled(3, funds_cad=None)).programs["fsw"]

        assert (found.answer, found.missing) == (None, ("funds_cad",))


class TestEitherLanguageFirst:
    """The order with more points for the CRS can fail a program that the other meets."""

    BOTH = skilled(6, education="secondary", foreign_work_years=0, arranged_employment="a", canadian_work_1y=True) | {
        **clb("english", 7),
        **clb("french", 12, 12, 12, 6),
    }

    def test_the_better_order_fails_the_program(self) -> None:
        """French first pays more and leaves FSW open: only the second language reaches 7. English first is used."""
        french = assessed(**self.BOTH, first_language="french")
        found = assessed(**self.BOTH)

        assert french.programs["fsw"].answer is None
        assert "first official language" in french.programs["fsw"].unsettled[0].en
        assert found.programs["fsw"].answer is True
        assert (found.first_language, found.other_total) == ("english", french.total)
        assert french.total > found.total

    @pytest.mark.parametrize("first", ["english", "french", None])
    def test_experience_and_trades_ask_for_either_language(self, first: str | None) -> None:
        """IRPR 87.1(2)(d) and 87.2(3)(a): English or French; the other order may pay more, and both are eligible."""
        trade = {"trade_noc": "72106", "trade_years_5y": 2, "trade_certificate": True, "fst_offer": "none"}
        levels = {**clb("english", 10, 10, 10, 3), **clb("french", 7)}
        found = assessed(**skilled(1, cec_years_3y=1, cec_main_teer=1, **trade, **levels, first_language=first))

        assert (found.programs["cec"].answer, found.programs["fst"].answer) == (True, True)

    def test_neither_language(self) -> None:
        """Seven nowhere in all four: the regulations and the department's page agree that it is not met."""
        levels = {**clb("english", 10, 10, 10, 6), **clb("french", 6)}
        found = assessed(**skilled(3, cec_years_3y=1, cec_main_teer=1, **levels))

        assert (found.programs["cec"].answer, found.programs["fsw"].answer) == (False, False)

    def test_no_order_eligible(self) -> None:
        """Where no order leaves the person eligible, the one with more points is used."""
        found = assessed(**{**self.BOTH, "primary_continuous_years": 0})

        assert found.first_language == "french"

    def test_tie(self) -> None:
        """At a tie English is first."""
        assert assessed(**skilled(3), **clb("french", 9)).first_language == "english"

    def test_abilities_of_two_reports_are_never_mixed(self) -> None:
        """Two languages that reach 7 in different abilities reach it in neither."""
        facts = skilled(6, education="doctoral", **clb("english", 12, 12, 6, 6), **clb("french", 6, 6, 12, 12))

        assert answers(**facts)["fsw"] is False
