"""Scenarios: what ships, what is refused, and how the command line says it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from expressentry.errors import ScenarioError, UsageError
from expressentry.present.text.simulate import print_run
from expressentry.rounds.load import load_record
from expressentry.simulate.compare.record import comparison
from expressentry.simulate.compare.runs import Run, Runs
from expressentry.simulate.hazards import HAZARDS
from expressentry.simulate.run.folder import run_into
from expressentry.simulate.run.law import law_of_scenario
from expressentry.simulate.run.many import jobs_of
from expressentry.simulate.run.plan import planned_rounds
from expressentry.simulate.run.resume import RESUME
from expressentry.simulate.run.setup import variants
from expressentry.simulate.run.state import EXITS
from expressentry.simulate.scenario.compared import comparisons_of
from expressentry.simulate.scenario.read import read_scenario, shipped_scenarios
from expressentry.text import LANGS
from expressentry.version import VERSION
from tests.simulate.scenarios import HEAD, short, written

RUN = '[run]\nfirst = 2026-10-02\nlast = 2026-10-20\n[people]\none_in = 600\n[rounds]\nplan = "none"\n'
CEC = '[[rounds.fixed]]\nlist = "cec"\nfirst = 2026-10-06\nsize = 1800\n'


class TestShipped:
    """The scenarios that ship."""

    @pytest.mark.parametrize("name", shipped_scenarios())
    def test_readable(self, name: str) -> None:
        """Each opens with its documentation in both languages, has a law for each of its days, and holds rounds."""
        scenario = read_scenario(name)
        texts = (scenario.title, scenario.reference, *scenario.assumptions, *scenario.does_not_say)

        assert all(text.say(lang).strip() for text in texts for lang in LANGS)
        for variant in variants(scenario):
            law = law_of_scenario(variant)
            assert law.on(scenario.first).digest
            assert law.on(scenario.last).digest
        assert planned_rounds(scenario, load_record())

    def test_history_is_the_record(self) -> None:
        """The replay holds every published round of its days with the published size."""
        scenario, record = read_scenario("history"), load_record()
        held = {one.number: one.size for one in planned_rounds(scenario, record)}

        assert held == {one.number: one.invitations for one in record if scenario.first <= one.date <= scenario.last}

    def test_stem(self) -> None:
        """STEM rounds return with the size of the round of 11 April 2024."""
        sizes = {one.size for one in planned_rounds(read_scenario("stem-back"), load_record()) if one.list == "stem"}

        assert sizes == {load_record().round("293").invitations}

    def test_french(self) -> None:
        """Twice the French target doubles the sizes for French and no others."""
        plans = [planned_rounds(read_scenario(name), load_record()) for name in ("year-ahead", "french-twice")]

        for one, other in zip(*plans, strict=True):
            assert (one.list, one.date) == (other.list, other.date)
            assert other.size == (one.size or 0) * (2 if one.list == "french" else 1)

    def test_factors_removed(self) -> None:
        """Each factor of the proposal that goes, alone: one place less, everything else the same."""
        base = {node.id for node in law_of_scenario(read_scenario("year-ahead")).on("2026-12-01").crs.root.walk()}
        for name, place in (
            ("without-partner", "partner"),
            ("without-sibling", "additional.sibling"),
            ("without-canadian-study", "additional.canadian_study"),
            ("without-french", "additional.french"),
        ):
            left = {node.id for node in law_of_scenario(read_scenario(name)).on("2026-12-01").crs.root.walk()}
            assert {one for one in base - left if not one.startswith(f"{place}.")} == {place}

    def test_the_high_wage_factor_removed(self) -> None:
        """With the factor removed again everything of the shipped comparison comes out as in the year ahead."""
        removed, ahead = comparisons_of("high-wage-removed")[0], comparisons_of("high-wage-2026-11")[0]
        assert (removed["baseline"], ahead["baseline"]) == ("high-wage-2026-11", "year-ahead")

        for key in ("cutoffs", "invitations", "waiting", "groups"):
            by_row = {(row.get("list"), row.get("dimension"), row.get("group")): row for row in ahead[key]}
            for row in removed[key]:
                there = by_row[row.get("list"), row.get("dimension"), row.get("group")]
                assert (row["value"], row["baseline"]) == (there["baseline"], there["value"])

    def test_hazards_have_sources(self) -> None:
        """Every rate says where it comes from, and whether it is an assumption."""
        for one in HAZARDS.values():
            assert one.confidence in ("derived", "calibrated", "assumption")
            assert all(text.en and text.fr for text in (one.title, one.unit, one.source))
            assert one.range[0] <= one.value <= one.range[1]


WRONG = {
    "unknown key": ("colour = 1\n" + RUN, "colour", "unknown_key"),
    "unknown key in a table": (RUN.replace("one_in = 600", "one_in = 600\nonein = 1"), "people.onein", "unknown_key"),
    "unknown table": (RUN + "[weather]\nrain = 1\n", "weather", "unknown_key"),
    "no days": (RUN.replace("2026-10-20", "2026-09-01"), "run.last", "no_days"),
    "unknown list": (RUN + CEC.replace("cec", "cek"), "rounds.fixed[1].list", "unknown_list"),
    "outside the days": (RUN + CEC.replace("2026-10-06", "2027-10-06"), "rounds.fixed[1].first", "outside_the_run"),
    "two on a day": (RUN + CEC + CEC, "rounds.fixed", "contradiction"),
    "held and left out": (RUN + 'without = ["cec"]\n' + CEC, "rounds.without", "contradiction"),
    "no size": (RUN + CEC.replace("size = 1800\n", ""), "rounds.fixed[1].size", "missing_key"),
    "rule of two kinds": (
        RUN + '[[rounds.rule]]\nlist = "cec"\ndown_to = 500\nshare = 0.1\n',
        "rounds.rule[1].share",
        "contradiction",
    ),
    "a rate above its range": (RUN + "[hazards]\napplies = 2\n", "hazards.applies", "out_of_range"),
    "an unknown rate": (RUN + "[hazards]\nmagic = 2\n", "hazards.magic", "unknown_key"),
    "no such law file": (RUN + '[law]\nfiles = ["none.toml"]\n', "law.files", "no_such_file"),
    "a number twice": (
        RUN + "[law]\nnumbers = { a = 1 }\nranges = { a = [1, 2] }\n",
        "law.ranges.a",
        "twice",
    ),
    "an unknown baseline": ('baseline = "nothing"\n' + RUN, "baseline", "unknown_scenario"),
}


class TestRefused:
    """One clear error, and nothing written."""

    @pytest.mark.parametrize("name", WRONG)
    def test_wrong(self, name: str, tmp_path: Path) -> None:
        """A scenario that is wrong is refused with field, code, file and line, in both languages."""
        text, field, code = WRONG[name]
        with pytest.raises(ScenarioError) as refused:
            written(tmp_path, text)
        found = {(problem.field, problem.code) for problem in refused.value.problems}

        assert (field, code) in found
        for problem in refused.value.problems:
            assert "mine.toml:" in (problem.where.en if problem.where else "")
            assert problem.say("fr") != problem.say("en")

    def test_no_documentation(self, tmp_path: Path) -> None:
        """A scenario without assumptions is refused."""
        path = tmp_path / "bare.toml"
        path.write_text(HEAD.replace("assumptions", "suppositions") + RUN, encoding="utf-8")
        with pytest.raises(ScenarioError) as refused:
            read_scenario(path)
        assert {problem.field for problem in refused.value.problems} >= {"assumptions", "suppositions"}

    def test_circle(self, tmp_path: Path) -> None:
        """A scenario that is its own baseline is refused."""
        with pytest.raises(ScenarioError, match="back"):
            written(tmp_path, f'baseline = "mine.toml"\n{RUN}')

    def test_unknown(self) -> None:
        """A misspelt id is answered with the nearest one."""
        with pytest.raises(UsageError, match="history"):
            read_scenario("histroy")

    @pytest.mark.parametrize("key", [f"{VERSION} other 1", "0.0.0 other 1"])
    def test_another_run(self, key: str, tmp_path: Path) -> None:
        """A folder with an unfinished run of something else, or of another version, is refused and left alone."""
        books = np.frombuffer(json.dumps({"key": key}).encode(), np.uint8)
        names = ("place", "crs", "lists", "invitations", "invited_on", "returns", "first_invited", "first_list")
        arrays: dict[str, Any] = {"books": books, **dict.fromkeys(names, np.zeros(1))}
        np.savez(tmp_path / "x.npz", **arrays)
        (tmp_path / "x.npz").rename(tmp_path / RESUME)
        before = (tmp_path / RESUME).read_bytes()
        with pytest.raises(ScenarioError, match="another"):
            run_into(short(last=read_scenario("history").first), 1, tmp_path)
        assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [(RESUME, before)]

    def test_overlay_that_fails(self, tmp_path: Path) -> None:
        """A law file that fails its check stops the run with its own file and line."""
        (tmp_path / "law.toml").write_text('extends = "crs-2025-03-25"\nid = "x"\n[core]\ncap = "much"\n')
        scenario = written(tmp_path, RUN + '[law]\nfiles = ["law.toml"]\n')
        with pytest.raises(Exception, match=r"law.toml") as refused:
            law_of_scenario(scenario)
        assert type(refused.value).__name__ == "LawError"


COMMAND = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from expressentry.cli import run
sys.exit(run(sys.argv[2:]))
"""


class TestCommand:
    """`simulate run` at the command line."""

    def test_contract_and_disk(self, tmp_path: Path) -> None:
        """The files have the promised keys; on a disk that fills nothing is half-written and the error is one line."""
        path = tmp_path / "mine.toml"
        path.write_text(HEAD + RUN + CEC, encoding="utf-8")

        def command(most: int, out: str) -> subprocess.CompletedProcess[str]:
            words = ["simulate", "run", str(path), "--out", str(tmp_path / out), "--format", "json"]
            given = [sys.executable, "-c", COMMAND, str(most), *words]
            return subprocess.run(given, capture_output=True, text=True, check=False, timeout=400)

        done = command(100_000_000, "good")
        assert done.returncode == 0, done.stderr
        folder = tmp_path / "good"
        rounds, pool = (
            [json.loads(line) for line in (folder / name).read_text().splitlines()]
            for name in ("rounds.ndjson", "pool.ndjson")
        )
        keys = ["date", "number", "list", "size", "invited", "cutoff", "tie_break", "pool_before"]
        assert [list(row) for row in rounds] == [keys]
        assert (rounds[0]["list"], rounds[0]["size"], rounds[0]["invited"]) == ("cec", 1800, 1800)
        assert {tuple(row) for row in pool} == {("date", "band", "candidates")}
        summary = json.loads((folder / "summary.json").read_text())
        promised = {"seed", "law_digest", "people", "entries", "exits", "stock", "effective_sample", "residuals"}
        assert promised <= set(summary)
        assert summary == json.loads(done.stdout)
        assert summary["entries"] == summary["stock"] + sum(summary["exits"].values())

        full = command(100, "full")
        assert full.returncode == 1
        assert len(full.stderr.strip().splitlines()) == 1
        assert list((tmp_path / "full").iterdir()) == []


class TestComparison:
    """What a comparison says of runs."""

    def test_record(self) -> None:
        """Changes are taken seed by seed, and the bands are the lowest and the highest."""

        def run(seed: int, cutoff: int, invited: int) -> Run:
            rounds = [{"list": "cec", "cutoff": cutoff, "invited": invited}]
            groups = [
                {"dimension": "age", "value": "25-29", "entered": 200, "invited": invited, "mean_days": 10.0},
                {"dimension": "round", "value": "cec", "entered": 200, "invited": invited, "mean_days": 12.0 + seed},
            ]
            return Run(rounds, groups, {"seed": seed})

        scenario = read_scenario("year-ahead")
        before = Runs(scenario, {}, [run(1, 500, 100), run(2, 510, 100)], [run(1, 505, 100)])
        after = Runs(read_scenario("french-twice"), {"a": 1}, [run(1, 504, 110), run(2, 512, 120)], [run(1, 500, 90)])
        found = comparison([before, after], "en")

        name = "french-twice (a=1)"
        assert found["cutoffs"] == [
            {"scenario": name, "list": "cec", "baseline": 505, "value": 508, "change": 3, "seeds": [2, 4],
             "calibrations": [-5, -5]}
        ]  # fmt: skip
        assert found["groups"][0] | {"seeds": None, "calibrations": None} == {
            "scenario": name, "dimension": "age", "group": "25-29", "baseline": 50, "value": 57.5, "change": 7.5,
            "seeds": None, "calibrations": None,
        }  # fmt: skip
        assert found["seeds"] == [1, 2]
        assert found["baseline"]["assumptions"]

    def test_books_add_up(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What a run prints of its people adds up: who entered left in one of the ways shown, or is still here."""
        exits = {how.name.lower(): 10 + at for at, how in enumerate(EXITS)}
        summary = {"seed": 1, "entries": sum(exits.values()) + 5, "exits": exits, "stock": 5}
        for lang in LANGS:
            print_run(read_scenario("year-ahead"), [summary], "results", lang)
            row = next(line for line in capsys.readouterr().out.splitlines() if line.split()[:1] == ["1"])
            entered, *rest = map(int, row.split()[1:])
            assert entered == sum(rest)
            assert len(rest) == len(EXITS) + 1

    def test_jobs(self, tmp_path: Path) -> None:
        """One run goes into the folder itself; several seeds or values into one folder each."""
        assert [job.folder for job in jobs_of(read_scenario("year-ahead"), [1], tmp_path)] == [tmp_path]
        names = [job.folder.name for job in jobs_of(read_scenario("high-wage-proposed"), [1, 2], tmp_path)]

        assert len(set(names)) == 8
        assert names[0].endswith("high_wage_2=0,seed-1")
