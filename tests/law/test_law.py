"""The law as data: days, sources, differences, user law, proposals."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

import pytest

from expressentry import LawError, UsageError, assess_person, load_law
from expressentry.dates import START
from expressentry.law.grid.diff import diff as diff_grids
from tests.people import ALONE

BEGINNINGS = ["2015-01-01", "2016-11-19", "2017-06-06", "2020-10-20", "2025-03-25"]
TODAY = date(2026, 11, 24)
POINTS = {"high_wage_1_3": 10, "high_wage_1_5": 20, "high_wage_2": 30}


class TestDays:
    """Which law holds on which day."""

    def test_every_day_has_one_grid(self) -> None:
        """Every day from the first to beyond today is in exactly one grid, and grids follow each other in order."""
        law, day = load_law(), START
        seen: list[str] = []
        while day <= TODAY + timedelta(days=400):
            grid = law.on(day).crs
            assert grid.in_force is not None
            assert grid.in_force <= day
            if not seen or seen[-1] != grid.id:
                seen.append(grid.id)
            day += timedelta(days=1)

        assert seen == [f"crs-{start}" for start in BEGINNINGS]

    @pytest.mark.parametrize(("before", "start"), list(pairwise(BEGINNINGS)))
    def test_both_sides_of_every_change(self, before: str, start: str) -> None:
        """The day before a change has the old grid, the day itself the new one."""
        day = date.fromisoformat(start)

        assert load_law().on(day - timedelta(days=1)).id == f"crs-{before}"
        assert load_law().on(day).id == f"crs-{start}"

    def test_before_the_first_day(self) -> None:
        """A day before Express Entry is misuse."""
        with pytest.raises(UsageError, match="2015-01-01"):
            load_law().on(date(2014, 12, 31))

    def test_law_not_established_is_flagged_and_ends_nothing(self) -> None:
        """From 2026-11-03 the last known grid answers, and says that it may not be current."""
        before, after = load_law().on(date(2026, 11, 2)), load_law().on(date(2026, 11, 3))

        assert (before.id, before.established, before.warnings) == ("crs-2025-03-25", True, ())
        assert (after.id, after.established) == ("crs-2025-03-25", False)
        assert [warning.code for warning in after.warnings] == ["law_unestablished"]
        assert "3 novembre 2026" in after.warnings[0].message.fr

    def test_checked_is_the_oldest_check_of_what_is_cited(self) -> None:
        """The law says up to which day it was compared with what the department shows."""
        assert load_law().on(TODAY).checked == date(2026, 8, 24)

    def test_lists_cover_every_day(self) -> None:
        """Shipped lists have one row for every day, and what is not known is empty with its doubt."""
        windows = load_law().list("invitation_windows")
        day = START
        days: list[str] = []
        while day <= TODAY:
            rows = [row for row in windows if row.holds(day)]
            assert len(rows) == 1
            if not days or days[-1] != rows[0].values["days"]:
                days.append(rows[0].values["days"])
            day += timedelta(days=1)

        assert days == ["60", "90", "60", "", "90", "60"]
        assert all(row.values["days"] or row.values["doubt_en"] for row in windows)


class TestSources:
    """No number without an instrument and a place in it."""

    @pytest.mark.parametrize("start", BEGINNINGS)
    def test_every_place_is_cited_in_both_languages(self, start: str) -> None:
        """Every node has title, instrument, place and confidence."""
        for node in load_law().grid(f"crs-{start}").root.walk():
            assert all(node.title)
            assert all(node.cite.place)
            assert node.cite.instrument.address.startswith("http")
            assert node.cite.confidence in ("primary", "three_secondary", "one_source", "unverified")

    def test_definitional_instruments_are_there(self) -> None:
        """Instruments that move no number are recorded all the same."""
        ids = set(load_law().instruments)

        assert {"mi-2015-01-30", "mi-2015-05-30", "mi-2017-10-24", "mi-2018-06-26", "mi-2022-11-16"} <= ids

    def test_doubt_is_said(self) -> None:
        """An instrument whose text was not read says so."""
        instruments = load_law().instruments

        assert instruments["mi-2026-11-03"].status == "unestablished"
        assert all(one.doubt for one in instruments.values() if one.confidence != "primary")

    def test_digest_follows_content_not_layout(self, tmp_path: Path) -> None:
        """A comment changes nothing; a number does."""
        text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2030-01-01")
        text = text.replace("in_force = 2025-03-25", "in_force = 2030-01-01")
        digests: list[str] = []
        for change in ("# a comment\n" + text, text, text.replace("[18, 99, 90]", "[18, 98, 90]")):
            file = tmp_path / f"{len(digests)}.toml"
            file.write_text(change, encoding="utf-8")
            digests.append(load_law(file).on(date(2030, 1, 1)).digest)

        assert digests[0] == digests[1] != digests[2]


class TestDiff:
    """What changed from grid to grid: exactly this."""

    EXPECTED: ClassVar = {
        ("2015-01-01", "2016-11-19"): [
            ("additional.job_offer", "job_offer major_group_00", 600, 200, "mi-2016-11-19"),
            ("additional.job_offer", "job_offer other", 600, 50, "mi-2016-11-19"),
            ("additional.canadian_study", "whole place, at most", None, 30, "mi-2016-11-19"),
        ],
        ("2016-11-19", "2017-06-06"): [
            ("additional.sibling", "whole place, at most", None, 15, "mi-2017-06-06"),
            ("additional.french", "whole place, at most", None, 30, "mi-2017-06-06"),
        ],
        ("2017-06-06", "2020-10-20"): [
            ("additional.french", "french 7 or more × english 0 to 4", 15, 25, "mi-2020-10-20"),
            ("additional.french", "french 7 or more × english 5 or more", 30, 50, "mi-2020-10-20"),
        ],
        ("2020-10-20", "2025-03-25"): [
            ("additional.job_offer", "whole place, at most", 200, None, "mi-2025-03-25"),
        ],
    }

    @pytest.mark.parametrize(("a", "b"), list(EXPECTED))
    def test_neighbours(self, a: str, b: str) -> None:
        """The list of changes of each neighbouring pair is known and complete."""
        law = load_law()
        changes = diff_grids(law.grid(f"crs-{a}"), law.grid(f"crs-{b}"))

        assert [(c.id, c.what.en, c.before, c.after, c.instrument.id) for c in changes] == self.EXPECTED[a, b]

    def test_no_change(self) -> None:
        """A grid does not differ from itself."""
        grid = load_law().grid("crs-2025-03-25")

        assert diff_grids(grid, grid) == []

    def test_case_and_cap(self, tmp_path: Path) -> None:
        """A change for the accompanied only, and a cap, are named as such."""
        text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2030-01-01")
        text = text.replace("in_force = 2025-03-25", "in_force = 2030-01-01")
        text = text.replace("[18, 99, 90]", "[18, 99, 91]").replace("cap = [24, 22]", "cap = [24, 23]")
        file = tmp_path / "law.toml"
        file.write_text(text, encoding="utf-8")
        law = load_law(file)
        changes = diff_grids(law.grid("crs-2025-03-25"), law.grid("crs-2030-01-01"))

        assert [(c.what.en, c.before, c.after) for c in changes] == [
            ("age 18, accompanied", 90, 91),
            ("cap, accompanied", 22, 23),
        ]


class TestUserLaw:
    """Law that a user adds without a release."""

    def overlay(self, folder: Path, *changes: tuple[str, str]) -> Path:
        """The grid of 2025 as a law file in force on 2026-11-03, changed."""
        text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2026-11-03")
        text = text.replace("in_force = 2025-03-25", "in_force = 2026-11-03")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file = folder / "mine.toml"
        file.write_text(text, encoding="utf-8")
        return file

    def test_makes_the_days_established_by_the_user(self, tmp_path: Path) -> None:
        """From its day on a user's grid answers, and says whose law it is; earlier days stay as they were."""
        law = load_law(self.overlay(tmp_path, ("[20, 110, 100]", "[20, 111, 100]")))

        assert law.on(date(2026, 11, 2)).id == "crs-2025-03-25"
        after = law.on(date(2026, 11, 3))
        assert (after.id, after.established) == ("crs-2026-11-03", True)
        assert [warning.code for warning in after.warnings] == ["user_law"]
        assert "user law" in after.label.en
        assert assess_person(without_offer(), date(2026, 11, 3), law).total == 470

    def test_may_replace_what_it_names(self, tmp_path: Path) -> None:
        """With `replaces` a user's grid takes the place of a shipped one."""
        text = load_law().grid("crs-2025-03-25").text.replace("[20, 110, 100]", "[20, 100, 100]")
        file = tmp_path / "mine.toml"
        file.write_text(text.replace("cases =", 'replaces = "crs-2025-03-25"\ncases ='), encoding="utf-8")

        assert assess_person(without_offer(), date(2026, 10, 1), load_law(file)).total == 459
        assert assess_person(without_offer(), date(2026, 10, 1)).total == 469

    def test_carries_its_own_instrument(self, tmp_path: Path) -> None:
        """The instrument's record stands at the head of the file, and places cite it."""
        record = """
[instruments.mi-mine]
kind = "ministerial_instruction"
status = "in_force"
title = { en = "Mine", fr = "Le mien" }
in_force = 2026-11-03
checked = 2026-11-24
confidence = "primary"
address = "https://example.org/"

[core]
instrument = "mi-mine"
"""
        law = load_law(self.overlay(tmp_path, ("\n[core]\n", record)))
        lines = assess_person(without_offer(), date(2026, 11, 3), law).lines

        assert next(line for line in lines if line.id == "core.age").cites[0].instrument.id == "mi-mine"

    def test_a_record_alone_establishes_nothing(self, tmp_path: Path) -> None:
        """Saying that the change is in force, with a grid for later days only, leaves its first days flagged."""
        record = """
[instruments.mi-2026-11-03]
replaces = "mi-2026-11-03"
kind = "ministerial_instruction"
status = "in_force"
title = { en = "Mine", fr = "Le mien" }
in_force = 2026-11-03
checked = 2026-11-24
confidence = "primary"
address = "https://example.org/"

[core]
"""
        file = self.overlay(tmp_path, ("2026-11-03", "2027-01-01"), ("\n[core]\n", record))
        law = load_law(file)

        assert not law.on(date(2026, 11, 24)).established
        assert law.on(date(2027, 1, 1)).established

    def test_a_proposal_in_the_folder_waits_to_be_named(self, tmp_path: Path) -> None:
        """Lying in the user's folder is not naming; by its id it is used, with its own numbers only."""
        text = self.overlay(tmp_path, ("in_force = 2026-11-03", 'status = "proposed"')).read_text(encoding="utf-8")
        file = tmp_path / "proposal.toml"
        file.write_text(text.replace("[20, 110, 100]", "[20, 111, 100]"), encoding="utf-8")

        assert load_law(folder=[file]).on(TODAY).id == "crs-2025-03-25"
        assert load_law(folder=[file], name="crs-2026-11-03").on(TODAY).id == "crs-2026-11-03"
        assert load_law(file).on(TODAY).id == "crs-2026-11-03"
        named = load_law(folder=[file], name="crs-proposal-2026-04", parameters=POINTS)
        assert named.on(TODAY).id == "crs-proposal-2026-04"


def without_offer() -> dict[str, object]:
    """A person alone, as asked on the grids without job offers."""
    return {name: value for name, value in ALONE.items() if name != "job_offer"}


class TestProposals:
    """Proposed law is used only when named."""

    def test_is_not_used_unless_named(self) -> None:
        """No shipped day answers with a proposal."""
        assert all(grid.status == "in_force" for grid in load_law().grids)

    def test_leaves_its_numbers_open(self) -> None:
        """The proposal gave no points, so they must be given, all of them."""
        with pytest.raises(LawError, match="high_wage_1_3") as refused:
            load_law(name="crs-proposal-2026-04")

        assert [problem.code for problem in refused.value.problems] == ["parameter_missing"] * 3

    def test_refuses_a_number_it_does_not_know(self) -> None:
        """A misspelt parameter is an error."""
        with pytest.raises(UsageError, match="high_wage_3"):
            load_law(name="crs-proposal-2026-04", parameters={**POINTS, "high_wage_3": 1})

    def test_answers_when_named(self) -> None:
        """Named and complete it answers, never as current law, and drops the factors said to be dropped."""
        law = load_law(name="crs-proposal-2026-04", parameters=POINTS)
        rules = law.on(TODAY)
        person = {**without_offer(), "high_wage_occupation": "from_1_5"}

        assert (rules.established, [warning.code for warning in rules.warnings]) == (False, ["law_proposed"])
        assert assess_person(person, TODAY, law).total == 469 + 20
        removed = {c.id for c in diff_grids(law.grid("crs-2025-03-25"), rules.crs) if c.after is None}
        assert {"partner", "additional.canadian_study", "additional.sibling", "additional.french"} <= removed


def test_days_of_evidence_are_those_of_instruments() -> None:
    """A rule of evidence changes on the day of the instrument that changed it."""
    law = load_law()
    days = {id_: one.in_force for id_, one in law.instruments.items()}
    rules = {
        "noc_version": "sor-2022-220",
        "physician_self_employment": "policy-2023-04-25",
        "nominee_only_as_nominee": "irpa-2017-06-22",
        "tie_break": "mi-2017-06-06",
        "profile_ends_at_time": "mi-2017-06-06",
        "offer_exempt_counts": "mi-2016-11-19",
    }

    assert {rule: law.evidence.changes(rule) for rule in rules} == {rule: (days[by],) for rule, by in rules.items()}
    for day in law.evidence.days:
        for rule, entry in law.evidence.on(day).entries.items():
            assert (entry.cite.instrument.in_force or date.max) <= entry.start, rule
