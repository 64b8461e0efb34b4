"""Job offers, nominations, certificates, funds and intent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from expressentry.errors import FactorsError
from expressentry.factors.derive import derive
from expressentry.factors.derive.days import prepared
from expressentry.law.load import load_law
from expressentry.profile.model import Certificate
from tests.profiles import DAY, could_say, derived, here, job, made, offer, permit, says

D = date
LONG = D(2020, 1, 1)
MAPLE: dict[str, Any] = {"employers": ["Maple"]}
PLUMBER: dict[str, Any] = {"noc2021": "72300"}


def case(column: str, status: list[dict[str, Any]] | None, work: list[dict[str, Any]], **changes: Any) -> Any:
    """What an offer of one employer is worth."""
    standing = {} if status is None else {"status": status}
    return says(DAY, column, job_offers=[offer(D(2026, 1, 1), **changes)], work=work, **standing)


def _read(facts: dict[str, Any]) -> Certificate:
    """A certificate that no check looked at."""
    return Certificate.model_validate(facts)


class TestArrangedEmployment:
    """IRPR 82(2)."""

    def test_none(self) -> None:
        """No offer is none."""
        assert says(DAY, "arranged_employment") == "none"

    def test_a(self) -> None:
        """Working for the employer on a permit with an LMIA that names it."""
        status, work = [permit(LONG, kind="employer_lmia", **MAPLE)], [here(D(2026, 6, 1), employer="Maple")]

        assert case("arranged_employment", status, work, lmia=False) == "a"
        assert case("arranged_employment", status, [], lmia=False) == "none"

    def test_b(self) -> None:
        """Without an LMIA, after a continuous year for that employer."""
        status = [permit(LONG, kind="employer_exempt", **MAPLE)]
        work = [here(D(2025, 9, 1), employer="Maple", hours=30)]

        assert case("arranged_employment", status, work, lmia=False) == "b"
        assert case("arranged_employment", status, [here(D(2026, 3, 1), employer="Maple")], lmia=False) == "none"

    def test_b_with_a_gap_between_permits(self) -> None:
        """The days of a gap may have been authorised or not: the year for the employer is read both ways."""
        kind: dict[str, Any] = {"kind": "employer_exempt", **MAPLE}
        status = [permit(LONG, D(2026, 2, 28), **kind), permit(D(2026, 4, 1), **kind)]
        work = [here(D(2025, 9, 1), employer="Maple", hours=30)]
        made_on = [offer(D(2026, 1, 1), lmia=False)]

        found = could_say(DAY, "arranged_employment", job_offers=made_on, work=work, status=status)
        assert found == ["b", "none"]

    def test_c(self) -> None:
        """No permit, and an offer with an LMIA."""
        assert case("arranged_employment", [], []) == "c"
        assert case("arranged_employment", [permit(LONG, kind="visitor")], []) == "c"
        assert case("arranged_employment", [], [], lmia=False) == "none"

    def test_d(self) -> None:
        """Another permit, and an offer with an LMIA; an open permit alone gives nothing."""
        maple = [here(D(2026, 6, 1), employer="Maple")]

        assert case("arranged_employment", [permit(LONG)], []) == "d"
        assert case("arranged_employment", [permit(LONG)], maple, lmia=False) == "none"

    @pytest.mark.parametrize(
        "change",
        [
            {"hours_per_week": 29},
            {"duration_months": 20},
            {"months_after_visa": 11},
            {"lmia_issued_on": D(2026, 10, 2)},
            {"lmia_expires_on": D(2026, 9, 30)},
            {"barred_employer": True},
            {"noc2021": "65100"},
            {"to": D(2026, 9, 30)},
            {"from": D(2026, 10, 2)},
            {"employers": ["Maple", "Quokka"]},
        ],
    )
    def test_conditions(self, change: dict[str, Any]) -> None:
        """Full time, a year or more, one employer that may offer, TEER 0 to 3, standing on the day."""
        assert case("arranged_employment", [], [], **change) == "none"
        assert case("arranged_employment", [], [], months_after_visa=12) == "c"
        assert case("arranged_employment", [], [], lmia_issued_on=DAY, lmia_expires_on=DAY) == "c"

    @pytest.mark.parametrize(
        ("day", "cases"), [(D(2026, 9, 30), ["c", "none"]), (D(2027, 1, 1), ["c", "none"]), (D(2027, 1, 2), ["none"])]
    )
    def test_a_year_after_the_visa(self, day: date, cases: list[str]) -> None:
        """Work of two years from 1 January 2026: a visa may come in time until 1 January 2027, and surely not later."""
        offers = [offer(D(2026, 1, 1), duration_months=24)]

        assert could_say(day, "arranged_employment", job_offers=offers, status=[]) == cases
        assert could_say(day, "arranged_employment", job_offers=[offer(D(2026, 1, 1))], status=[]) == ["c"]

    @pytest.mark.parametrize(("day", "counts"), [(D(2023, 4, 24), False), (D(2023, 4, 25), True)])
    def test_publicly_funded_physicians(self, day: date, counts: bool) -> None:
        """From 25 April 2023 their offers may be of any length, in every program that reads one."""
        doctor = offer(D(2023, 1, 1), noc2021="31102", duration_months=6, publicly_funded_physician=True)

        assert (says(day, "arranged_employment", job_offers=[doctor], status=[]) == "c") is counts
        assert (says(day, "job_offer", job_offers=[doctor], status=[]) == "other") is counts

    def test_a_permit_for_lower_work(self) -> None:
        """An LMIA permit for work of TEER 4 or 5 is not that of case (a); with an LMIA of its own the law is open."""
        status, work = [permit(LONG, kind="employer_lmia", **MAPLE)], [here(LONG, employer="Maple", noc="65200")]

        assert case("arranged_employment", status, work, lmia=False) == "none"
        offers = [offer(D(2026, 1, 1))]
        found = derived(DAY, job_offers=offers, status=status, work=work)
        assert [one.facts["arranged_employment"] for one in found.readings] == ["d", "none"]
        assert [doubt.id for doubt in found.doubts] == ["same_employer"]

    def test_permits_not_known(self) -> None:
        """Without a word on permits both cases of an offer with an LMIA are read."""
        found = derived(DAY, job_offers=[offer(D(2026, 1, 1))])

        assert [one.facts["arranged_employment"] for one in found.readings] == ["c", "d"]
        assert [doubt.id for doubt in found.doubts] == ["permit"]


class TestTradesOffer:
    """IRPR 87.2(3)(d)."""

    def test_ii(self) -> None:
        """On a permit with an LMIA, at work in a trade of the same minor group."""
        status = [permit(LONG, kind="employer_lmia", **MAPLE)]

        assert case("fst_offer", status, [here(D(2026, 6, 1), employer="Maple", noc="72301")], **PLUMBER) == "ii"
        assert case("fst_offer", status, [here(D(2026, 6, 1), employer="Maple", noc="72200")], **PLUMBER) == "v"

    def test_iii(self) -> None:
        """Without an LMIA, after a continuous year for the employer."""
        status, offered = [permit(LONG, kind="employer_exempt", **MAPLE)], {**PLUMBER, "lmia": False}

        assert case("fst_offer", status, [here(D(2025, 6, 1), employer="Maple", noc="72300")], **offered) == "iii"
        assert case("fst_offer", status, [here(D(2026, 6, 1), employer="Maple", noc="72300")], **offered) == "none"

    def test_iv_and_v(self) -> None:
        """An offer with an LMIA, of up to two employers, without and with a permit."""
        two = {**PLUMBER, "employers": ["Maple", "Quokka"]}

        assert case("fst_offer", [], [], **two) == "iv"
        assert case("fst_offer", [permit(LONG)], [], **two) == "v"
        assert case("arranged_employment", [], [], **two) == "none"

    def test_in_the_trade_worked_in(self) -> None:
        """The offer must be in the trade that the application names: the one of the two years."""
        welder = job(D(2022, 1, 3), noc="72106", qualified_on=D(2020, 1, 1))
        cook, welding = (offer(D(2026, 1, 1), noc2021=code) for code in ("63200", "72106"))

        def found(*offers: dict[str, Any], work: dict[str, Any] = welder) -> tuple[Any, ...]:
            facts = derived(DAY, job_offers=list(offers), work=[work], status=[]).facts
            return facts["trade_noc"], facts["trade_years_5y"], facts["fst_offer"]

        assert found(cook) == ("72106", 4, "none")
        assert found(welding) == found(cook, welding) == ("72106", 4, "iv")
        assert says(DAY, "job_offer", job_offers=[cook], work=[welder], status=[]) == "other"

    def test_the_trade_that_goes_furthest(self) -> None:
        """Of two trades with two years of work each, that of the offer."""
        work = [
            job(D(2021, 11, 1), D(2023, 11, 30), noc="72106", qualified_on=D(2020, 1, 1)),
            job(D(2023, 12, 1), noc="63200", qualified_on=D(2020, 1, 1)),
        ]
        for code in ("72106", "63200"):
            offers = [offer(D(2026, 1, 1), noc2021=code)]
            assert says(DAY, "trade_noc", job_offers=offers, work=work, status=[]) == code

    @pytest.mark.parametrize("noc", ["21231", "31102"])
    def test_reasons_and_advice_without_any_trade(self, noc: str) -> None:
        """Where nothing is asked of the work, its doubts are read the usual way."""
        person = made(work=[here(D(2020, 1, 1), noc=noc, employer_country="IN")], status=[permit(LONG)])
        found = derive(person, DAY)

        assert found.because["trade_years_5y"].text.en == "no job counts"
        assert prepared(person, load_law()).assessors.advised(DAY) in ("CES", "MCC")

    def test_not_a_trade(self) -> None:
        """An offer in another occupation is none."""
        assert case("fst_offer", [], []) == "none"


class TestCrsOffer:
    """What the CRS paid for an offer."""

    def test_major_group_00(self) -> None:
        """Senior management pays more, by the code of either classification."""
        assert case("job_offer", [], [], noc2021="00013") == "major_group_00"
        assert case("job_offer", [], []) == "other"
        assert case("job_offer", [], [], lmia=False) == "none"

    @pytest.mark.parametrize(("day", "value"), [(D(2016, 11, 18), "none"), (D(2016, 11, 19), "other")])
    def test_without_an_lmia(self, day: date, value: str) -> None:
        """Before 19 November 2016 only an offer with an LMIA paid."""
        found = says(
            day,
            "job_offer",
            job_offers=[offer(D(2016, 1, 1), lmia=False, noc2016="2173")],
            work=[here(D(2015, 1, 1), employer="Maple", noc2016="2173")],
            status=[permit(D(2014, 1, 1), kind="employer_exempt", **MAPLE)],
        )

        assert found == value


class TestNomination:
    """A nomination."""

    @pytest.mark.parametrize(
        ("day", "held"),
        [(D(2026, 1, 9), False), (D(2026, 1, 10), True), (D(2026, 7, 10), True), (D(2026, 7, 11), False)],
    )
    def test_accepted_until_it_expires(self, day: date, held: bool) -> None:
        """It counts from its acceptance to its last day."""
        nomination = {"kind": "enhanced", "province": "ON", "accepted_on": D(2026, 1, 10), "expires_on": D(2026, 7, 10)}

        assert says(day, "provincial_nomination", nominations=[nomination]) is held

    def test_withdrawn_base_or_not_accepted(self) -> None:
        """A base nomination, one that was withdrawn, and one not accepted do not count."""
        accepted = {"kind": "enhanced", "province": "ON", "accepted_on": D(2026, 1, 10)}
        withdrawn = {**accepted, "withdrawn_on": DAY}

        assert says(D(2026, 9, 30), "provincial_nomination", nominations=[withdrawn]) is True
        assert says(DAY, "provincial_nomination", nominations=[withdrawn]) is False
        assert says(DAY, "provincial_nomination", nominations=[{**accepted, "kind": "base"}]) is False
        assert says(DAY, "provincial_nomination", nominations=[{"kind": "enhanced", "province": "ON"}]) is False


class TestOther:
    """Certificates, funds, intent, the Canadian Forces."""

    def test_certificate(self) -> None:
        """From the day of issue to its last."""
        held = [{"noc2021": "72200", "authority": "ON", "issued_on": D(2026, 1, 1), "to": D(2026, 6, 30)}]

        assert says(D(2025, 12, 31), "certificate_of_qualification", certificates=held) is False
        assert says(D(2026, 6, 30), "certificate_of_qualification", certificates=held) is True
        assert says(D(2026, 7, 1), "certificate_of_qualification", certificates=held) is False

    def test_a_licence_is_no_certificate(self) -> None:
        """A registration in another profession is refused, and would not count; both versions of the NOC are known."""
        nurse = {"noc2021": "31301", "authority": "College of Nurses of Ontario", "issued_on": D(2023, 6, 1)}
        with pytest.raises(FactorsError) as caught:
            made(certificates=[nurse])
        assert [(one.code, one.field) for one in caught.value.problems] == [
            ("not_a_trade", "person.certificates[1].noc2021")
        ]
        unread = made().model_copy(
            update={"person": made().person.model_copy(update={"certificates": (_read(nurse),)})}
        )
        assert derive(unread, DAY).facts["certificate_of_qualification"] is False
        for code, key in (("7237", "noc2016"), ("72106", "noc2021"), ("6322", "noc2016")):
            held = [{key: code, "authority": "ON", "issued_on": D(2023, 6, 1)}]
            assert says(DAY, "certificate_of_qualification", certificates=held) is True

    def test_funds(self) -> None:
        """The last statement holds; before the first, and without any, the amount is unknown; zero is zero."""
        funds = [{"on": D(2026, 5, 1), "amount_cad": 0}, {"on": D(2026, 1, 1), "amount_cad": 20_000}]

        assert says(D(2025, 12, 31), "funds_cad", funds=funds) is None
        assert says(D(2026, 4, 30), "funds_cad", funds=funds) == 20_000
        assert says(DAY, "funds_cad", funds=funds) == 0
        assert says(DAY, "funds_cad") is None

    def test_intent(self) -> None:
        """Not given is unknown."""
        assert says(DAY, "intends_quebec") is None
        assert says(DAY, "intends_quebec", intent={"quebec": False}) is False

    def test_canadian_forces(self) -> None:
        """The years of an offer of the Canadian Forces."""
        assert case("military_offer_years", [], [], canadian_forces=True, duration_months=37) == 3
        assert case("military_offer_years", [], [], duration_months=37) == 0

    def test_split_offer(self) -> None:
        """An offer of a code that was divided is read as each of its counterparts where that matters."""
        split = offer(D(2022, 1, 1), lmia=True)
        found = {**{key: value for key, value in split.items() if key != "noc2021"}, "noc2016": "6733"}

        assert could_say(DAY, "arranged_employment", job_offers=[found], status=[]) == ["none", "c"]
        assert [doubt.id for doubt in derived(DAY, job_offers=[found], status=[]).doubts] == ["noc:6733"]
