"""The pool under the real law: standings, lists, due days, and the same in bulk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.assess.person.readings import assess_profile
from expressentry.errors import FactorsError
from expressentry.factors.derive import derive
from expressentry.law.load import load_law
from expressentry.pool import LawScorer, Pool, Terms, open_pool
from expressentry.pool.acts import scorer
from expressentry.pool.acts.facts import facts_text
from expressentry.pool.acts.model import PROGRAM_LISTS
from expressentry.pool.acts.scorer import LOOK_AHEAD_DAYS, next_change
from expressentry.profile.model import Profile
from expressentry.profile.read import read_document, read_profile
from expressentry.rounds.eligibility import eligibility
from expressentry.rounds.record import Round
from tests.often import often
from tests.pool.databases import ROOT
from tests.profiles import dated_facts, dated_profiles, days, made

PEOPLE = sorted((ROOT / "examples/people").glob("*.toml"))
DAY = date(2026, 10, 1)
AT = datetime(2026, 10, 1, 8, tzinfo=UTC)
NOMINATION = {"kind": "enhanced", "province": "ON", "accepted_on": "2026-09-01", "expires_on": "2027-09-01"}


def person(path: Path, **changes: Any) -> dict[str, Any]:
    """The facts of an example."""
    return {**read_document(path), **changes}


def a_round(type_: str, category: str | None, version: str | None) -> Round:
    """A round of today, of some type."""
    blank: Mapping[str, Any] = dict.fromkeys(("at", "first_name", "programs", "tie_break"))
    return Round(
        "1", DAY, type=type_, category=category, version=version, name="", invitations=1, cutoff=0, source="",
        checked=DAY, **blank,
    )  # fmt: skip


def looked_for_every_day(profile: Profile, day: date) -> date:
    """The next day on which a fact changes, found without any cleverness: each day derived and compared."""

    def said(on: date) -> list[tuple[Any, Any]]:
        return [(reading.facts, reading.report_choices) for reading in derive(profile, on).readings]

    now, ahead_of_it = said(day), [day + timedelta(days=ahead) for ahead in range(1, LOOK_AHEAD_DAYS)]
    return next((then for then in ahead_of_it if said(then) != now), day + timedelta(days=LOOK_AHEAD_DAYS))


class TestStanding:
    """What a candidate may be invited from."""

    @given(facts=dated_facts(), nominated=st.booleans())
    @settings(max_examples=often(40))
    def test_lists_are_those_of_entry(self, facts: dict[str, Any], nominated: bool) -> None:
        """A candidate is in a list just where every reading could enter a round that invites from it."""
        facts = {**facts, "nominations": [NOMINATION] if nominated else []}
        try:
            profile = read_profile(facts)
        except FactorsError:
            return
        (scored,) = LawScorer().score(json.loads(facts_text(facts)), DAY, [DAY])
        found = assess_profile(profile, DAY)
        versions = {one.law.category: one.law.version for one in found.first.categories}
        kinds: list[tuple[str, str | None, str | None]] = [
            ("general", None, None),
            ("pnp", None, None),
            *((p, None, None) for p in PROGRAM_LISTS),
        ]
        kinds += [("category", id_, version) for id_, version in versions.items()]
        for type_, category, version in kinds:
            answers = {eligibility(a_round(type_, category, version), read).answer for read in found.readings}
            if len(found.readings) == 1:
                assert ((category or type_) in scored.score.lists) == (answers == {True})
            elif (category or type_) in scored.score.lists:
                assert answers <= {True, None} or answers == {True}
        assert scored.score.crs == found.totals[0]

    def test_six_hundred_points_come_and_go(self) -> None:
        """A nomination puts a candidate among nominees only; its withdrawal by the province takes it all back."""
        pool = open_pool()
        pool.init(DAY, AT, "operator", rehearsal=True)
        number = pool.submit(uuid4(), "anna", person(PEOPLE[2]), AT).interest or 0
        assert PEOPLE[2].stem == "engineer"

        def score() -> tuple[int, str | None, tuple[str, ...]]:
            one = pool.store.read(lambda tx: tx.scores([number]))[number][1]
            return one.crs, one.program, one.lists

        assert score() == (467, "fsw", ("fsw", "general"))
        pool.nominate(number, NOMINATION, AT)
        assert score() == (1067, "pnp", ("general", "pnp"))
        assert pool.update(number, person(PEOPLE[2]), AT)
        assert score() == (1067, "pnp", ("general", "pnp"))
        pool.withdraw_nomination(number, "ON", AT)
        assert score() == (467, "fsw", ("fsw", "general"))
        assert pool.issue(uuid4(), Terms("nominee", 5, DAY), AT, "operator").round is not None
        assert pool.verify().wrong == []

    def test_leaves_with_the_last_program(self) -> None:
        """When the assessment of the degrees expires no program is met, and the candidate leaves."""
        pool = open_pool()
        pool.init(DAY, AT, "operator", rehearsal=True)
        facts = person(PEOPLE[2])
        tests = [one for one in facts["person"]["tests"] if one["test"] == "celpip"]
        facts["person"] = {**facts["person"], "tests": tests}
        number = pool.submit(uuid4(), "anna", facts, datetime(2027, 1, 1, tzinfo=UTC)).interest or 0
        before = date(2027, 9, 11)
        pool.upkeep(before, datetime(2027, 9, 11, tzinfo=UTC))
        states = pool.store.read(lambda tx: tx.snapshot()).states
        pool.upkeep(before + timedelta(days=1), datetime(2027, 9, 12, tzinfo=UTC))

        assert states == {number: "in_pool"}
        assert pool.store.read(lambda tx: tx.snapshot()).states == {number: "ineligible"}

    def test_refused_with_findings(self) -> None:
        """Who meets no program is told what is missing of each, in both languages."""
        pool = open_pool()
        pool.init(DAY, AT, "operator", rehearsal=True)
        facts = person(PEOPLE[2])
        facts["person"] = {**facts["person"], "tests": []}
        found = pool.submit(uuid4(), "anna", facts, AT)

        assert (found.answer, found.reason, found.interest) == ("refused", "not_eligible", None)
        assert len(found.findings) == 4
        assert found.findings[0].en.startswith("fsw: not met: ")
        assert found.findings[0].fr.startswith("fsw : non rempli : ")

    def test_bad_facts_say_everything(self) -> None:
        """Facts that are wrong are an error with every problem, and nothing is stored."""
        pool = open_pool()
        pool.init(DAY, AT, "operator", rehearsal=True)
        with pytest.raises(FactorsError) as caught:
            pool.submit(uuid4(), "anna", {"person": {"birth_date": "1990-13-01"}, "children": 3}, AT)

        assert len(caught.value.problems) > 2
        assert pool.store.read(lambda tx: tx.state_counts()) == {}


class TestDue:
    """The next day on which anything changes."""

    @pytest.mark.parametrize("path", PEOPLE, ids=lambda path: path.stem)
    def test_nothing_changes_before_the_due_day(self, path: Path) -> None:
        """From one due day to the next score, programs and categories stand still."""
        profile, day = read_profile(person(path)), DAY
        for _ in range(3):
            review_on = next_change(profile, derive(profile, day), load_law())
            first = assess_profile(profile, day)
            last = assess_profile(profile, review_on - timedelta(days=1))
            assert (first.totals, first.programs, first.categories) == (last.totals, last.programs, last.categories)
            assert day < review_on
            day = review_on

    @given(profile=dated_profiles(), day=days(date(2015, 1, 1), date(2028, 1, 1)))
    @settings(max_examples=often(100))
    def test_the_same_as_looking_at_every_day(self, profile: Profile, day: date) -> None:
        """The days that are skipped never hold a change: the next one is the one that a search day by day finds.

        Looked for as far as it takes; a profile with too many open questions to try each is reviewed on the next day.
        """
        derived = derive(profile, day)
        expected = day + timedelta(days=1) if derived.bounded else looked_for_every_day(profile, day)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scorer, "MOST_AHEAD", 10**9)
            assert next_change(profile, derived, load_law()) == expected

    @given(profile=dated_profiles(), day=days(date(2015, 1, 1), date(2028, 1, 1)), most=st.integers(0, 2000))
    @settings(max_examples=often(50))
    def test_no_change_is_skipped_where_the_effort_ends(self, profile: Profile, day: date, most: int) -> None:
        """Where looking ahead would cost too much the review is sooner than the change, never later, never today."""
        derived = derive(profile, day)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(scorer, "MOST_AHEAD", most)
            review_on = next_change(profile, derived, load_law())
        assert day < review_on <= looked_for_every_day(profile, day)

    def test_no_further_than_the_look_ahead(self) -> None:
        """Where nothing changes for long the candidate is reviewed after 120 days; a change on day 119 counts."""
        profile = made()  # born on 12 April, and nothing else
        for day, review_on in (
            (date(2026, 4, 12), date(2026, 8, 10)),
            (date(2026, 12, 13), date(2027, 4, 12)),
            (date(2026, 12, 14), date(2027, 4, 12)),
        ):
            assert (
                next_change(profile, derive(profile, day), load_law())
                == review_on
                == looked_for_every_day(profile, day)
            )


class TestBulk:
    """The same by columns."""

    def test_a_new_law_in_bulk(self, database: str) -> None:
        """Sure factors are scored in bulk, the others one by one; each comes out as when scored alone."""
        with open_pool(database) as pool:
            pool.init(DAY, AT, "operator", rehearsal=True)
            numbers = {}
            for path in PEOPLE:
                for more in ({}, {"nominations": [NOMINATION]}):
                    found = pool.submit(uuid4(), f"{path.stem} {len(more)}", person(path), AT)
                    if more and found.interest:
                        pool.nominate(found.interest, NOMINATION, AT)
                    numbers[found.interest] = person(path, **more)
            # Work abroad in several occupations is a doubt: of somebody with one job everything is sure.
            one_job = person(PEOPLE[0])
            one_job["person"]["work"] = one_job["person"]["work"][:1]
            numbers[pool.submit(uuid4(), "one job", one_job, AT).interest] = one_job
            numbers.pop(None, None)
            with psycopg.connect(database) as owner:
                sure = owner.execute("select count(*) from pool.factors where sure").fetchone() or (0,)
            assert 0 < sure[0] < len(numbers)
            old = date(2024, 4, 11)
            done = pool.rescore(old, AT, "operator")
            assert done is not None
            assert (done.scored, done.in_force) == (len(numbers), True)
            snapshot = pool.store.read(lambda tx: tx.snapshot())
            live = [n for n, state in snapshot.states.items() if state == "in_pool"]
            for number in live:
                (alone,) = LawScorer().score(numbers[number], DAY, [old])
                assert snapshot.scores[number][2] == alone.score
            pool.seal()
            kinds = [json.loads(e.body)["candidates"] for e in pool.events() if e.kind == "rescored"]
            assert sum(kinds) == len(numbers)
            assert pool.verify().wrong == []


class TestPublish:
    """In the form of the department's feed."""

    def test_rounds_update_reads_it_back(self, tmp_path: Path) -> None:
        """What is published is read back as it was issued: number, name, size, cut-off, tie-break, distribution."""
        from expressentry.pool.ops.publish import feed, write_feed
        from expressentry.rounds.feed import read_feed

        pool: Pool = open_pool()
        pool.init(DAY, AT, "operator", rehearsal=True)
        for path in PEOPLE:
            pool.submit(uuid4(), path.stem, person(path), AT)
        nominee = pool.submit(uuid4(), "nominee", person(PEOPLE[2]), AT).interest
        pool.nominate(nominee or 0, NOMINATION, AT)
        pool.issue(uuid4(), Terms("nominee", 9, DAY), AT, "operator")
        pool.issue(uuid4(), Terms("program", 1, DAY, "cec"), AT, "operator")
        pool.issue(uuid4(), Terms("category", 0, DAY, "stem"), AT, "operator")
        pool.issue(uuid4(), Terms("general", 1, DAY), AT, "operator")
        write_feed(feed(pool, 500), tmp_path / "rounds.json")
        read = read_feed((tmp_path / "rounds.json").read_bytes())

        assert [(one.number, one.type, one.invitations) for one in read.rounds.values()] == [
            ("500", "pnp", 1),
            ("501", "cec", 1),
            ("503", "general", 1),
        ]
        issued = pool.store.read(lambda tx: tx.rounds())
        assert [one.cutoff for one in read.rounds.values()] == [one.cutoff for one in issued if one.invited]
        assert [one.tie_break for one in read.rounds.values()] == [AT] * 3
        assert {one.subject for one in read.remarks} == {str(DAY)}  # three rounds of one day: another pool each
        assert read.pool[DAY].total == 4

    @pytest.mark.parametrize("category", sorted(load_law().round_names.categories))
    def test_every_category_has_a_name(self, category: str) -> None:
        """A round of any category of the day is read back as one of that category."""
        from expressentry.pool.ops.publish import round_name

        if any(one.category == category for one in load_law().category_versions(DAY)):
            name = round_name(Terms("category", 1, DAY, category), load_law())
            assert load_law().round_names.read(name).category == category
