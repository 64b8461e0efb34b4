"""Rounds by a rule, candidates in Canada first, several processes, and the report of a comparison in all its forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from expressentry.law.load import load_law
from expressentry.present.report.simulation import save_comparison
from expressentry.rounds.ranking import Ranked
from expressentry.simulate.compare.record import comparison
from expressentry.simulate.compare.runs import Runs, compared_runs
from expressentry.simulate.run.plan import Planned
from expressentry.simulate.run.setup import make
from expressentry.simulate.scenario.model import RoundPlan, RuleRounds, Scenario
from expressentry.text import Lang
from tests.simulate.scenarios import short

FIRST, LAST = date(2026, 8, 30), date(2026, 9, 6)


def ruled(down_to: int | None, share: float | None, at_most: int | None, *, canada_first: bool = False) -> Scenario:
    """A week with one round a day of the general list by a rule, and no other."""
    rule = RuleRounds("general", FIRST, LAST, 1, down_to, share, at_most)
    plan = RoundPlan(published=False, rules=(rule,), canada_first=canada_first)
    return replace(short(one_in=400, first=FIRST, last=LAST), rounds=plan)


class TestRules:
    """A rule says who is invited; the number is what comes of it."""

    @pytest.mark.parametrize(
        ("down_to", "share", "at_most"), [(480, None, None), (None, 0.1, None), (450, 0.5, 4_000), (1_200, None, None)]
    )
    def test_rule(self, down_to: int | None, share: float | None, at_most: int | None) -> None:
        """Nobody below the score, no more than the share and the number, and everybody else above is left."""
        simulation = make(ruled(down_to, share, at_most), 1)
        seen: list[tuple[int, int, int]] = []

        def note(_: Planned, ranked: Ranked, rows: NDArray[np.integer]) -> None:
            here = simulation.state.crs[(simulation.state.place == 1)]
            may = int((here >= (down_to or 0)).sum())
            seen.append((may, len(rows), ranked.cutoff or 1_200))

        simulation.on_invited = note
        for _ in simulation.run():
            pass

        assert len(seen) == (LAST - FIRST).days + 1
        for may, invited, cutoff in seen:
            most = min(may, at_most // 400) if at_most else may
            assert invited == (most if share is None else min(most, round(may * share)))
            assert cutoff >= (down_to or 0)

    def test_canada_first(self) -> None:
        """The first part of a round invites those in Canada; the second comes only when all of them are invited."""
        simulation = make(ruled(None, 0.3, None, canada_first=True), 1)
        parts: list[tuple[bool, int]] = []

        def note(_: Planned, __: Ranked, rows: NDArray[np.integer]) -> None:
            inside = simulation.cast.in_canada
            left = int(((simulation.state.place == 1) & inside & (simulation.state.lists > 1)).sum()) - len(rows)
            parts.append((bool(inside[rows].all()), left))

        simulation.on_invited = note
        for _ in simulation.run():
            pass
        letters = [row["number"][-1] for row in simulation.found.rounds]

        assert set(letters) <= {"a", "b"} and "a" in letters  # noqa: PT018  # one statement about letters
        assert all(inside for (inside, _), letter in zip(parts, letters, strict=True) if letter == "a")
        assert all(parts[at - 1][1] == 0 for at, letter in enumerate(letters) if letter == "b")


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> list[Runs]:
    """Two scenarios, two seeds, two processes."""
    base = ruled(None, 0.1, None)
    other = replace(ruled(None, 0.3, None, canada_first=True), id="more")
    folder = tmp_path_factory.mktemp("runs")
    return compared_runs(base, [other], [1, 2], folder, processes=2, calibrations=False)


class TestReport:
    """A comparison by several processes, written in each form and language."""

    def test_processes_change_nothing(self, found: list[Runs], tmp_path: Path) -> None:
        """The same runs one after the other are the same."""
        scenarios = [one.scenario for one in found]
        alone = compared_runs(scenarios[0], scenarios[1:], [1, 2], tmp_path, processes=1, calibrations=False)

        assert alone == found

    @pytest.mark.parametrize("lang", ["en", "fr"])
    @pytest.mark.parametrize("ending", ["html", "pdf", "json"])
    def test_forms(self, found: list[Runs], lang: Lang, ending: str, tmp_path: Path) -> None:
        """Each form is written whole, and each chart has its scale and its table."""
        law, path = load_law(), tmp_path / f"report.{ending}"
        levels = law.columns.by_name["education"].labels
        save_comparison(comparison(found, lang), path, lang, law.round_names, levels)
        content = path.read_bytes()

        assert content.startswith({"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "json": b"{"}[ending])
        if ending == "html":
            text = content.decode()
            assert f'lang="{lang}"' in text
            assert text.count("<svg") == text.count("<table") > 8
            assert text.count(">0</text>") >= text.count("<svg")
