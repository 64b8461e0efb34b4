"""Job offers, nominations, certificates, funds and intent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.profiles import DAY, could_say, derived, here, offer, permit, says

D = date
LONG = D(2020, 1, 1)
MAPLE: dict[str, Any] = {"employers": ["Maple"]}
PLUMBER: dict[str, Any] = {"noc2021": "72300"}


def case(column: str, status: list[dict[str, Any]] | None, work: list[dict[str, Any]], **changes: Any) -> Any:
    """What an offer of one employer is worth."""
    standing = {} if status is None else {"status": status}
    return says(DAY, column, job_offers=[offer(D(2026, 1, 1), **changes)], work=work, **standing)


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
            {"duration_months": 11},
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
        assert case("arranged_employment", [], [], duration_months=12) == "c"

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
