"""The simulator against brute force, against the pool in memory, and against itself."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.pool import Submission, Terms, open_pool
from expressentry.rounds.load import load_record
from expressentry.rounds.ranking import Ranked, rank_round
from expressentry.simulate.run import folder
from expressentry.simulate.run.days import NEVER, day_of, months_between, months_on, number
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.folder import results_of, run_into
from expressentry.simulate.run.law import law_of_scenario
from expressentry.simulate.run.plan import Planned
from expressentry.simulate.run.score import law_of
from expressentry.simulate.run.setup import make
from expressentry.simulate.run.state import Place
from tests.often import LONG, often
from tests.pool.fake_law import DAY, FakeLaw, facts, noon
from tests.simulate.scenarios import done, short, written

DATES = st.dates(date(1950, 1, 1), date(2060, 1, 1))
WINTER = (date(2025, 2, 1), date(2025, 4, 20))
"""Days with a new set of categories and a new grid."""


@pytest.fixture(scope="module")
def winter() -> Simulation:
    """A run over days on which the law changes twice."""
    return done(short(first=WINTER[0], last=WINTER[1]))


class TestDays:
    """Columns of days follow the rules of `dates`."""

    @given(start=DATES, day=DATES, months=st.integers(-400, 400))
    @settings(max_examples=often(300))
    def test_months(self, start: date, day: date, months: int) -> None:
        """Months on, and whole months between, are those of one day at a time."""
        from expressentry.dates import months_on as one_on

        column = np.array([number(start), NEVER], dtype=np.int32)
        between = int(months_between(column, number(day))[0])

        assert day_of(months_on(column, months)[0]) == one_on(start, months)
        assert months_on(column, months)[1] == NEVER
        assert one_on(start, between) <= day < one_on(start, between + 1)


class TestScores:
    """Only those are scored again whose facts change: nobody's score is ever out of date."""

    def test_brute_force(self) -> None:
        """Each day everybody in the pool has the score and the lists that scoring everybody that day gives."""
        simulation = make(short(one_in=1500 if not LONG else 200, first=WINTER[0], last=WINTER[1]), 2)
        here: dict[int, tuple[np.ndarray, np.ndarray, np.ndarray]] = {}

        def keep(day: int) -> None:
            rows = np.flatnonzero(simulation.state.place == Place.POOL).astype(np.int32)
            here[day] = rows, simulation.state.crs[rows].copy(), simulation.state.lists[rows].copy()

        simulation.on_day = keep
        for _ in simulation.run():
            pass

        for first, last in simulation.stretches:
            days = range(first, last + 1)
            rows = np.concatenate([here[day][0] for day in days])
            at = np.concatenate([np.full(len(here[day][0]), day, dtype=np.int32) for day in days])
            scored = simulation.scorer.score((rows, at), law_of(simulation.law, first))
            known = dict(
                zip(zip(scored.rows, scored.days, strict=True), zip(scored.crs, scored.lists, strict=True), strict=True)
            )
            for day in days:
                for row, crs, lists in zip(*here[day], strict=True):
                    assert (crs, lists) == known[row, day], (
                        f"{day_of(day)}: {simulation.cast.frame.row(row, named=True)}"
                    )
        assert len(here) == (WINTER[1] - WINTER[0]).days + 1

    def test_months_that_fall_out_before_others_complete(self) -> None:
        """Work abroad leaves the window on one day, and work in Canada makes up for it on a later one: both count."""
        simulation = make(short("year-ahead", one_in=100, last=date(2026, 11, 5)), 1)
        wrong: list[tuple[date, int]] = []

        def look(day: int) -> None:
            if day % 7 == 0:
                rows = np.flatnonzero(simulation.state.place == Place.POOL).astype(np.int32)
                scored = simulation.scorer.score(
                    (rows, np.full(len(rows), day, dtype=np.int32)), law_of(simulation.law, day)
                )
                order = np.argsort(scored.rows)
                same = scored.lists[order] == simulation.state.lists[rows]
                wrong.extend((day_of(day), int(row)) for row in rows[~same])

        simulation.on_day = look
        for _ in simulation.run():
            pass
        assert wrong == []

    def test_work_is_linear(self) -> None:
        """Three times the people are about three times the rows scored: work, not time, is counted."""
        few, more = (done(short(one_in=n, first=WINTER[0], last=date(2025, 3, 1))).scorer.scored for n in (900, 300))

        assert 2.2 < more / few < 4


class TestRounds:
    """Rounds invite whom the ranking rule invites."""

    def test_nobody_passed_over(self) -> None:
        """In no round is anybody left behind who may enter it and ranks before one who is invited."""
        simulation, seen = make(short(first=WINTER[0], last=WINTER[1]), 1), 0

        def look(one: Planned, ranked: Ranked, rows: np.ndarray) -> None:
            nonlocal seen
            state, bit = simulation.state, simulation.scorer.bits[one.invites]
            may = np.flatnonzero((state.place == Place.POOL) & ((state.lists & bit) != 0))
            key = [(-int(state.crs[row]), int(simulation.cast.submitted[row]), int(row)) for row in may]
            wanted = [row for *_, row in sorted(key)[: len(rows)]]
            assert rows.tolist() == wanted
            assert ranked.cutoff == (state.crs[rows[-1]] if len(rows) else None)
            seen += 1

        simulation.on_invited = look
        for _ in simulation.run():
            pass
        assert seen == len(simulation.found.rounds) > 5

    @given(
        people=st.lists(
            st.tuples(st.integers(400, 405), st.integers(0, 4), st.sampled_from([("general", "cec"), ("general",)])),
            min_size=1,
            max_size=12,
        ),
        size=st.integers(0, 12),
    )
    @settings(max_examples=often(30))
    def test_as_the_pool_in_memory(self, people: list[tuple[int, int, tuple[str, ...]]], size: int) -> None:
        """The same round on a pool in memory invites the same people, with the same cut-off."""
        pool = open_pool(scorer=FakeLaw())
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        people = sorted(people, key=lambda one: one[1])
        sent = [Submission(uuid4(), str(uuid4()), facts(crs, lists=lists)) for crs, _, lists in people]
        interests = [
            pool.submit_many([one], noon(DAY, second))[0].interest
            for one, (_, second, _) in zip(sent, people, strict=True)
        ]
        issued = pool.issue(uuid4(), Terms("program", size, DAY, "cec"), noon(DAY, 60), "operator").round
        assert issued is not None
        invited = {one.interest for one in pool.store.read(lambda tx: tx.invited(issued.number))}

        crs, seconds, in_cec = (pl.Series(one) for one in zip(*[(a, b, "cec" in c) for a, b, c in people], strict=True))
        submitted = pl.Series([noon(DAY, int(second)) for second in seconds])
        ranked = rank_round(crs, submitted, size, meets=in_cec, key=pl.Series(range(len(people))))
        assert {interests[row] for row in ranked.invited} == invited
        assert ranked.cutoff == issued.cutoff

    def test_carried(self, winter: Simulation) -> None:
        """What does not divide by the people that one stands for goes to the next round of the list."""
        for name in ("cec", "french"):  # small lists may have fewer candidates than a round invites
            found = [row for row in winter.found.rounds if row["list"] == name]
            left = np.cumsum([row["size"] for row in found]) - np.cumsum([row["invited"] for row in found])

            assert found
            assert ((left >= 0) & (left < winter.scenario.people.one_in)).all()


class TestBooks:
    """Every person is in exactly one place each day."""

    def test_conservation(self, winter: Simulation) -> None:
        """Entries are stock and exits; nobody enters twice."""
        state = winter.state
        gone = sum(state.exits.values())

        assert state.entries == state.stock + gone
        assert len(winter.cast) == state.entries + state.count(Place.REFUSED) + state.count(Place.OUTSIDE)
        assert all(state.exits[how] for how in (Place.WITHDRAWN, Place.EXPIRED))

    def test_it_is_checked(self, winter: Simulation) -> None:
        """Somebody who vanishes stops the run."""
        state = winter.state
        row = np.flatnonzero(state.place == Place.POOL)[0]
        state.place[row] = Place.OUTSIDE
        with pytest.raises(AssertionError):
            state.check("a day")
        state.place[row] = Place.POOL
        state.check("a day")


class TestReforms:
    """A reform is compared with the same people and the same luck."""

    def test_nothing_changed(self, tmp_path: Path) -> None:
        """A scenario that repeats its baseline gives the same bytes."""
        run = "[run]\nlast = 2024-03-01\n[people]\none_in = 600\n"
        one = written(tmp_path, f'baseline = "history"\n{run}', "one")
        two = written(tmp_path, f'baseline = "one.toml"\n{run}[rounds]\nplan = "published"\n[hazards]\n', "two")
        assert one.digest == two.digest

        first, second = (results_of(done(scenario, 3), 3) for scenario in (one, two))
        for name in ("rounds.ndjson", "pool.ndjson", "summary.json", "groups.ndjson"):
            assert first[name] == second[name]

    def test_removing_twice(self, tmp_path: Path) -> None:
        """A place that is removed twice is removed once: the same law, the same digest."""
        text = '[run]\nlast = 2026-11-10\n[law]\nremove = ["additional.high_wage"]\n'
        once = written(tmp_path, f'baseline = "high-wage-2026-11"\n{text}', "once")
        twice = written(tmp_path, f'baseline = "once.toml"\n{text}', "twice")

        assert once.digest == twice.digest
        day = date(2026, 12, 1)
        assert law_of_scenario(once).on(day).digest == law_of_scenario(twice).on(day).digest
        assert "additional.high_wage" not in {node.id for node in law_of_scenario(twice).on(day).crs.root.walk()}

    @given(
        people=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9), st.booleans()), min_size=1, max_size=40),
        size=st.integers(0, 40),
        more=st.integers(0, 30),
    )
    @settings(max_examples=often(100))
    def test_more_points_never_lower(self, people: list[tuple[int, int, bool]], size: int, more: int) -> None:
        """More points for one group never lower its invitations in a round of the same size and pool."""
        crs, second, group = (pl.Series(one) for one in zip(*people, strict=True))
        submitted = pl.Series([datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=int(one)) for one in second])
        before, after = (
            group.gather(rank_round(crs + points * group.cast(pl.Int64), submitted, size).invited).sum()
            for points in (0, more)
        )

        assert after >= before

    def test_more_points_in_a_run(self) -> None:
        """With points for high-wage occupations no one who has them is lost from the first round for that reason."""
        base, reform = (
            replace(
                short(name, one_in=300, first=date(2026, 11, 20), last=date(2026, 11, 24)),
                rounds=short("year-ahead").rounds,
            )
            for name in ("year-ahead", "high-wage-2026-11")
        )
        invited: list[tuple[Simulation, np.ndarray]] = []
        for scenario in (base, reform):
            simulation = done(scenario)
            invited.append((simulation, np.flatnonzero(simulation.state.first_invited != NEVER)))
        listed = set(reform.columns[0].by_occupation)
        counts = []
        for simulation, rows in invited:
            frame = simulation.cast.frame[rows]
            counts.append(
                int(frame.select(pl.col("noc").is_in(listed) & (pl.col("canadian_months") >= 12)).sum().item())
            )

        assert invited[0][0].cast.frame.equals(invited[1][0].cast.frame)
        assert counts[1] >= counts[0] > 0


def results(where: Path) -> dict[str, bytes]:
    """The bytes of every file of a folder."""
    return {path.name: path.read_bytes() for path in sorted(where.iterdir())}


class TestFolder:
    """A run in a folder is reproducible, and goes on after it was stopped."""

    def test_resumed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A run that is stopped after any piece goes on to the same bytes."""
        scenario = short(one_in=900, last=date(2024, 7, 1))
        run_into(scenario, 5, tmp_path / "whole")
        pieces = len(make(scenario, 5).stretches)
        real = Simulation.run

        def stopping(self: Simulation, progress: object = None) -> Iterator[int]:
            for at in real(self):
                yield at
                raise KeyboardInterrupt

        monkeypatch.setattr(Simulation, "run", stopping)
        for _ in range(pieces - 1):
            with pytest.raises(KeyboardInterrupt):
                run_into(scenario, 5, tmp_path / "stopped")
        monkeypatch.setattr(Simulation, "run", real)
        assert [path.name for path in (tmp_path / "stopped").iterdir()] == [".unfinished.npz"]
        run_into(scenario, 5, tmp_path / "stopped")

        assert results(tmp_path / "stopped") == results(tmp_path / "whole")

    @pytest.mark.long
    def test_killed(self, tmp_path: Path) -> None:
        """A command that is killed wherever it is goes on to the same bytes when it is given again."""
        text = "[run]\nlast = 2024-12-31\n[people]\none_in = 300\n"
        written(tmp_path, f'baseline = "history"\n{text}')

        def command(out: str) -> list[str]:
            words = ["simulate", "run", str(tmp_path / "mine.toml"), "--out", str(tmp_path / out)]
            return [sys.executable, "-m", "expressentry", *words]

        subprocess.run(command("whole"), check=True, capture_output=True, timeout=300)
        kills = 0
        for wait in itertools.count():
            started = subprocess.Popen(command("killed"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                started.wait(1.5 + 0.4 * wait)
                break
            except subprocess.TimeoutExpired:
                started.kill()
                started.wait()
                kills += 1
        assert started.returncode == 0
        assert kills > 1
        assert results(tmp_path / "killed") == results(tmp_path / "whole")

    def test_updated_record(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Rounds that `rounds update` brought are held."""
        scenario = short(one_in=900, first=date(2026, 8, 30), last=date(2026, 9, 20))
        record = load_record()
        more = replace(record.newest, number="999", date=date(2026, 9, 19))
        updated = replace(record, rounds=(*record.rounds, more))
        monkeypatch.setattr(folder, "load_record", lambda history: updated if history else record)
        for history, held in ((None, False), (tmp_path / "history", True)):
            run_into(scenario, 1, tmp_path / str(held), history=history)
            lines = (tmp_path / str(held) / "rounds.ndjson").read_text().splitlines()
            numbers = [json.loads(line)["number"] for line in lines]

            assert ("999" in numbers) == held


@pytest.mark.long
class TestHistory:
    """The replay of 2024-01 to 2026-10 against what was published."""

    def test_cutoffs(self) -> None:
        """Mean errors of the cut-offs stay below bounds by type of round, and the pool near the published one."""
        found, record = done(short(one_in=20)), load_record()
        errors: dict[str, list[int]] = {}
        for row in found.found.rounds:
            if row["cutoff"] is not None:  # else nobody simulated could be invited
                errors.setdefault(row["list"], []).append(abs(row["cutoff"] - record.round(row["number"]).cutoff))

        assert np.mean(errors["cec"]) < 10
        assert np.median(errors["general"]) < 25
        assert np.mean(errors["healthcare"]) < 25

        # Nominees do not add up: in the middle not half as many again wait for a round as the published one invites.
        waiting = {row["date"]: row["candidates"] for row in found.found.pool if row["band"] == "601-1200"}
        rounds = [(waiting[row["date"]], row["size"]) for row in found.found.rounds if row["list"] == "pnp"]
        assert 0.85 < np.median([here / size for here, size in rounds]) < 1.5
