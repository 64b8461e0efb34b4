"""Membership in a category on a day: both sides of every version, and the reason, in text and in JSON."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from expressentry import assess_person
from expressentry.cli import run
from expressentry.law.load import load_law
from tests.people import ALONE, clb
from tests.program_reference import DAYS, LISTS, member, versions

BOUNDARIES = sorted({date.fromisoformat(start) for start, _ in DAYS.values()})
EITHER_SIDE = [day for start in BOUNDARIES for day in (start - timedelta(days=1), start)]
DATA_SCIENTIST = {**ALONE, "category_months": [{"noc": "21211", "months": 6, "run": 6, "canada_months": 0}]}


def months(noc: str, months: int, run: int, canada: int) -> list[dict[str, Any]]:
    """One occupation with its months."""
    return [{"noc": noc, "months": months, "run": run, "canada_months": canada}]


def members(day: date, **facts: Any) -> dict[str, bool | None]:
    """The finding of every category of the day."""
    found = assess_person({**ALONE, **facts}, day).categories
    return dict(found)


@pytest.mark.parametrize("day", [*EITHER_SIDE, date(2026, 10, 1)])
class TestVersions:
    """The day before and the day of every change of a category."""

    def test_which_are_in_force(self, day: date) -> None:
        """The categories of the day, each in its version."""
        found = assess_person(ALONE, day).first.categories

        assert {one.law.category: one.law.version for one in found} == versions(day)

    def test_every_occupation(self, day: date) -> None:
        """Every occupation that was ever listed is a member of what lists it on that day, and of nothing else."""
        codes = {code for listed in LISTS.values() for code in listed.split()}
        for code in sorted(codes):
            facts = {"category_months": months(code, 12, 12, 12), "military_years": 0, "military_offer_years": 0}

            assert members(day, **facts) == {key: member({**ALONE, **facts}, key, day) for key in versions(day)}

    @pytest.mark.parametrize(
        "counts", [(6, 5, 0), (6, 6, 0), (11, 6, 0), (12, 5, 0), (12, 12, 11), (12, 1, 12), (36, 5, 11)]
    )
    def test_months(self, day: date, counts: tuple[int, int, int]) -> None:
        """Six without a break before 18 February 2026, twelve in pieces from then; in Canada where it must be."""
        for code in ("31100", "72310", "00012", "41200", "21310"):
            facts = {"category_months": months(code, *counts), "military_years": 0, "military_offer_years": 0}

            assert members(day, **facts) == {key: member({**ALONE, **facts}, key, day) for key in versions(day)}


class TestStem:
    """The list shrank from 24 occupations to 11 on 27 February 2025."""

    def test_how_many(self) -> None:
        """24 from 2023, 11 from 2025, the same 11 in 2026; architects were on the first."""
        lists = [one.occupations for one in load_law().categories["stem"]]

        assert [len(one) for one in lists] == [24, 11, 11]
        assert "21200" in lists[0]
        assert lists[1] == lists[2]

    @pytest.mark.parametrize(
        ("day", "lang", "finding", "why"),
        [
            ("2024-04-11", "en", "member", "21211: 6 months, 6 needed"),
            ("2024-04-11", "fr", "member", "21211 : 6 mois, 6 exigés"),
            ("2025-02-26", "en", "member", "21211: 6 months, 6 needed"),
            ("2025-02-27", "en", "not_member", "21211 was on the list before 27 February 2025"),
            ("2025-03-01", "en", "not_member", "21211 is not on the list"),
            ("2025-03-01", "fr", "not_member", "21211 était sur la liste avant le 27 février 2025"),
        ],
    )
    def test_a_data_scientist(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str, lang: str, finding: str, why: str
    ) -> None:
        """Six continuous months are enough in April 2024, count for nothing in March 2025, and both faces say why."""
        file = tmp_path / "person.json"
        file.write_text(json.dumps(DATA_SCIENTIST))
        command = ["assess", str(file), "--on", day, "--lang", lang]

        assert run([*command, "--format", "json"]) == 0
        stem = next(one for one in json.loads(capsys.readouterr().out)["categories"] if one["id"] == "stem")
        assert stem["finding"] == finding
        assert why in stem["why"]
        assert run(command) == 0
        shown = " ".join(capsys.readouterr().out.split())
        assert why in shown


class TestOthers:
    """French, and military recruits."""

    @pytest.mark.parametrize(("levels", "answer"), [((7, 7, 7, 7), True), ((12, 12, 6, 12), False), ((None,), False)])
    def test_french(self, levels: tuple[int | None, ...], answer: bool) -> None:
        """NCLC 7 in every ability, whichever language comes first."""
        for first in ("english", "french", None):
            assert members(date(2026, 10, 1), first_language=first, **clb("french", *levels))["french"] is answer

    @pytest.mark.parametrize(
        ("facts", "answer"),
        [
            ({"military_years": 10, "military_offer_years": 3, "education": "two_year"}, True),
            ({"military_years": 9, "military_offer_years": 3, "education": "two_year"}, False),
            ({"military_years": 10, "military_offer_years": 2, "education": "two_year"}, False),
            ({"military_years": 10, "military_offer_years": 3, "education": "one_year"}, False),
            ({"military_years": 10, "education": "two_year"}, None),
            ({"military_years": 9}, False),
            ({"education": "one_year"}, False),
        ],
    )
    def test_military(self, facts: dict[str, Any], answer: bool | None) -> None:
        """Ten years, an offer of three, a credential of two; what fails is known though the rest is not."""
        assert members(date(2026, 10, 1), **facts)["military"] is answer

    def test_one_occupation_must_reach_it(self) -> None:
        """Months of two listed occupations do not add up."""
        two = [*months("21220", 11, 11, 0), *months("21300", 11, 11, 0)]

        assert members(date(2026, 10, 1), category_months=two)["stem"] is False

    def test_a_nominee_is_invited_as_one(self) -> None:
        """A nominee may belong to a category, and is invited as a nominee all the same."""
        facts = {**DATA_SCIENTIST, "provincial_nomination": True, "cec_years_3y": 1, "cec_main_teer": 1}
        found = assess_person({**facts, "intends_quebec": False}, date(2024, 4, 11))

        assert found.categories["stem"]
        assert found.first.invitation.possible == ("pnp",)
