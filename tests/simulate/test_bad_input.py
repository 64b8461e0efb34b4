"""Bad input at the command line: one clear error for each, in both languages, and nothing half-written."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from expressentry.answers import simulated
from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.rounds.load import load_record
from expressentry.simulate.files import write_population
from expressentry.simulate.run.resume import RESUME
from expressentry.simulate.scenario.read import read_scenario
from expressentry.simulate.synthesis import Population, synthesize
from tests.simulate.scenarios import HEAD

FIRST = date(2026, 9, 27)
DAYS = "[run]\nfirst = 2026-09-27\nlast = 2026-10-20\n"
RUN = f'{DAYS}[people]\none_in = 900\n[rounds]\nplan = "none"\n'
CEC = '[[rounds.fixed]]\nlist = "cec"\nfirst = 2026-10-06\nsize = 1800\n'
BAD_LAW = 'extends = "crs-2025-03-25"\nid = "x"\n[core]\ncap = "much"\n'
MARGIN = """
[margins.mine]
title = { en = "everybody is 30", fr = "tous ont 30 ans" }
of = "pool"
day = 2026-09-27
share = 1.0
tolerance = 0.0
drift = 0.0
use = "must"
basis = "assumption"
where = { age = [30, 30] }
"""
OLD = "0.0.1"


@pytest.fixture(scope="module")
def people() -> Population:
    """A population of the first day."""
    return synthesize(2_500, 1, FIRST, load_law(), load_record())


Refused = Callable[[int, list[str]], str]


@pytest.fixture
def refused(place: Path, capsys: pytest.CaptureFixture[str]) -> Refused:
    """Runs a command that must be refused in both languages; gives what English says.

    No file and no folder has come, gone or changed.
    """

    def command(code: int, words: list[str]) -> str:
        before, told = held(place), {}
        for lang in ("en", "fr"):
            assert run([*words, "--lang", lang]) == code, capsys.readouterr().err
            shown = capsys.readouterr()
            told[lang] = shown.err.strip()
            assert shown.out == ""
        assert held(place) == before
        assert "Traceback" not in told["en"]
        assert told["en"] != told["fr"]
        return told["en"]

    return command


def held(folder: Path) -> dict[str, bytes | None]:
    """Every file below a folder with its bytes, and every folder; examples apart."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
        if "examples" not in path.parts
    }


def mine(text: str, files: Mapping[str, str] | None = None) -> None:
    """A scenario `mine.toml` here, and files beside it."""
    for name, content in {"mine.toml": HEAD + text, **(files or {})}.items():
        Path(name).write_text(content, encoding="utf-8")


SIMULATE = ["simulate", "run", "mine.toml", "--out", "results"]
SCENARIOS = {
    "wrong key": ("colour = 1\n" + RUN, r"mine\.toml:\d+: colour: unknown key"),
    "wrong key in a table": (RUN + "[people.times]\n[weather]\nrain = 1\n", r"mine\.toml:\d+: weather: unknown key"),
    "a table misspelt": (
        RUN + CEC.replace("rounds.fixed", "round.fixed"),
        rf"mine\.toml:{len((HEAD + RUN).splitlines()) + 1}: round: unknown key, .*Did you mean rounds\?",
    ),
    "no file beside": ('baseline = "autumn.toml"\n' + RUN, r"baseline: no such file beside the scenario, got `autumn"),
    "decimal comma": (
        RUN + "[people.times]\ncec = 0,5\n",
        r"mine\.toml:\d+: cec: `0,5` is not a number with a decimal point\. Fix: write 0\.5\.",
    ),
    "rounds left out and held": (
        RUN + 'without = ["cec"]\n' + CEC,
        r"rounds\.without: rounds left out and held, got `cec`",
    ),
    "two rounds on a day": (RUN + CEC + CEC, r"two rounds of cec on 2026-10-06"),
    "rounds left out and multiplied": (
        RUN.replace('"none"', '"published"') + 'without = ["pnp"]\ntimes = { pnp = 2 }\n',
        r"rounds left out and multiplied, got `pnp`",
    ),
    "nobody": (RUN.replace("one_in = 900", "one_in = 900\nsize = 0"), r"people\.size: .*from 1 to 5000000"),
    "one in none": (RUN.replace("one_in = 900", "one_in = 0"), r"people\.one_in: .*from 1 to 10000"),
    "overlay that fails": (RUN + '[law]\nfiles = ["law.toml"]\n', r"law\.toml:4: core\.cap: "),
}


class TestScenario:
    """A scenario that is wrong is refused with file, line, field, rule and fix."""

    @pytest.mark.parametrize("name", SCENARIOS)
    def test_refused(self, name: str, refused: Refused) -> None:
        """Wrong keys, rounds that contradict each other, nobody, and law that fails its check."""
        text, said = SCENARIOS[name]
        mine(text, {"law.toml": BAD_LAW} if "law.toml" in text else None)
        assert re.search(said, refused(1, SIMULATE))

    def test_the_line_in_a_table_of_several(self, refused: Refused) -> None:
        """What is wrong in the second of several tables is shown there, and a misspelt key with the nearest."""
        later = CEC.replace("10-06", "10-13")
        mine(RUN + CEC + later.replace("size", "sise"))
        begins = len((HEAD + RUN + CEC).splitlines()) + 1
        told = refused(1, SIMULATE).splitlines()
        assert told[0] == f"mine.toml:{begins}: rounds.fixed[2].size: required. Fix: add the key."
        assert told[1].startswith(f"mine.toml:{begins + 3}: rounds.fixed[2].sise: unknown key")
        assert told[1].endswith("Did you mean size?")

    def test_no_english_in_french(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A line that is not TOML is described in the language of the run."""
        mine(RUN + "one in ten\n")
        assert run([*SIMULATE, "--lang", "fr"]) == 1
        told = capsys.readouterr().err
        assert "TOML : une ligne sans `=`, reçu `one in ten`. Correction : corriger la ligne." in told
        assert "Expected" not in told

    def test_all_at_once(self, refused: Refused) -> None:
        """What is wrong in several places is said at once."""
        mine("colour = 1\n" + RUN.replace("900", "0") + 'without = ["cec"]\n' + CEC)
        told = refused(1, SIMULATE)
        assert [word in told for word in ("colour", "people.one_in", "rounds.without")] == [True] * 3

    @pytest.mark.parametrize("words", [SIMULATE, ["simulate", "compare", "mine.toml", "mine.toml", "--out", "r.html"]])
    def test_law_of_the_run(self, words: list[str], refused: Refused) -> None:
        """So is a law file of the command that fails its check, before anything is simulated."""
        mine(RUN, {"law.toml": BAD_LAW})
        assert "law.toml:4: core.cap" in refused(1, [*words, "--law", "law.toml"])


class TestPopulation:
    """Targets that cannot be met, and a population of nobody."""

    def test_size(self, refused: Refused) -> None:
        """A population of zero names the rule."""
        words = ["--size", "0", "--on", str(FIRST), "--out", "p.parquet"]
        assert "size: `0` is not a whole number from 1 to 5000000" in refused(2, ["simulate", "population", *words])

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (MARGIN, r"mine: everybody is 30: \d+ wanted, from \d+ to \d+; \d+ is as near"),
            (MARGIN.replace("drift", "drfit"), r"drfit: unknown key"),
        ],
    )
    def test_margins(self, text: str, said: str, refused: Refused) -> None:
        """A figure that cannot be reached: which, and by how much; and one with a wrong key."""
        Path("margins.toml").write_text(text, encoding="utf-8")
        words = ["--size", "2500", "--on", str(FIRST), "--margins", "margins.toml", "--out", "p.parquet"]
        assert re.search(said, refused(1, ["simulate", "population", *words]))


FILES: Mapping[str, tuple[Callable[[pl.DataFrame], pl.DataFrame], str | None, str]] = {
    "of another version": (lambda frame: frame, OLD, f"made by version {re.escape(OLD)}; this is"),
    "of nobody": (lambda frame: frame.head(0), None, "has 0 rows; it says "),
    "without weights": (lambda frame: frame.with_columns(weight=0.0), None, "weight: has a value that none can have"),
    "without a column": (lambda frame: frame.drop("noc"), None, "noc: this column of a population is missing"),
}


class TestFiles:
    """Files of another version, and files that cannot be read."""

    @pytest.mark.parametrize("name", FILES)
    def test_population(self, name: str, people: Population, refused: Refused) -> None:
        """The people of a scenario are those of this version, or there is no run."""
        changed, version, said = FILES[name]
        path = Path("p.parquet")
        write_population(people, path)
        kept = {key: value for key, value in pl.read_parquet_metadata(path).items() if key.startswith("expressentry.")}
        if version is not None:
            kept["expressentry.version"] = version
        changed(people.frame).write_parquet(path, metadata=kept)
        mine(RUN.replace("one_in = 900", 'one_in = 900\nfile = "p.parquet"'))
        assert re.search(said, refused(1, SIMULATE))

    def test_nowhere_to_write(self, refused: Refused, monkeypatch: pytest.MonkeyPatch) -> None:
        """A population that could not be written is not drawn first."""
        monkeypatch.setattr(simulated, "synthesize", pytest.fail)
        words = ["simulate", "population", "--size", "1000", "--on", "2026-10-01", "--out", "nofolder/p.parquet"]
        assert "nofolder/p.parquet" in refused(1, words)

    @pytest.mark.parametrize("content", [b"", b"text", b"PK\x03\x04cut"])
    def test_unfinished_run(self, content: bytes, refused: Refused) -> None:
        """An unfinished run that is damaged is named and left as it is; one of another version: test_scenario."""
        mine(RUN)
        Path("results").mkdir()
        (Path("results") / RESUME).write_bytes(content)
        assert f"results/{RESUME}: an unfinished run that cannot be read" in refused(1, SIMULATE)

    @pytest.mark.parametrize(
        ("summary", "said"),
        [
            (json.dumps({"version": OLD}), "a run of another scenario, seed or version"),
            ('{"version"', "not a result of `simulate run`"),
        ],
    )
    def test_kept_run(self, summary: str, said: str, refused: Refused) -> None:
        """A comparison does not go on with kept runs of another version."""
        mine(RUN)
        kept = Path("kept") / f"{read_scenario(Path('mine.toml')).digest[:16]}-1"
        kept.mkdir(parents=True)
        (kept / "summary.json").write_text(summary)
        words = ["simulate", "compare", "mine.toml", "mine.toml", "--seeds", "1", "--no-calibrations"]
        assert said in refused(1, [*words, "--work", "kept", "--out", "r.json"])


COMMAND = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
from expressentry.cli import run
sys.exit(run(sys.argv[2:]))
"""


class TestFullDisk:
    """A disk that fills (here: no file may grow beyond a size) leaves what stood there; others: population, run."""

    @pytest.mark.parametrize(("most", "what"), [(100, "rounds.ndjson"), (6_000, "r.html")])
    def test_comparison(self, most: int, what: str, place: Path) -> None:
        """Whether the runs do not fit or only the report: one line, and the old report as it was."""
        mine(RUN + CEC)
        Path("r.html").write_text("old")
        before = held(place)
        words = ["simulate", "compare", "mine.toml", "mine.toml", "--seeds", "1", "--no-calibrations"]
        given = [sys.executable, "-c", COMMAND, str(most), *words, "--processes", "1", "--out", "r.html"]
        home = {**os.environ, "EXPRESSENTRY_HOME": str(place / "home"), "TMPDIR": str(place)}
        done = subprocess.run(given, capture_output=True, text=True, check=False, env=home, timeout=400)

        assert done.returncode == 1, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
        assert f"{what}: " in done.stderr
        assert held(place) == before
