"""A calibrated population: it adds up to what was published, says what it does not know, and is the same every time."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from expressentry.cli import run
from expressentry.errors import FactorsError, FileError, UsageError
from expressentry.law.load import load_law
from expressentry.rounds.load import load_record
from expressentry.simulate.calibrate.margins import shipped_wanted, with_margins
from expressentry.simulate.files import read_population, write_population
from expressentry.simulate.population.copula import _root
from expressentry.simulate.population.make import judged, uncalibrated
from expressentry.simulate.population.passed import enters, of_last_year
from expressentry.simulate.synthesis import Population, synthesize

DAY = date(2026, 9, 27)
LAW, RECORD = load_law(), load_record()
SIZE = 6_000


@pytest.fixture(scope="module")
def found() -> Population:
    """A population of the newest distribution."""
    return synthesize(SIZE, 1, DAY, LAW, RECORD)


class TestFit:
    """What the weights reach."""

    def test_bands(self, found: Population) -> None:
        """Each of the 15 bands has its published number of candidates, scored by the law of the day."""
        crs = judged(found.frame, DAY, LAW)["crs"]
        pool = RECORD.pool_on(DAY)
        assert pool is not None
        assert len(pool.finest) == 15
        for low, high, people in pool.finest:
            assert found.frame.filter(crs.is_between(low, high))["weight"].sum() == pytest.approx(people, rel=0.002)

    def test_effective_sample(self, found: Population) -> None:
        """The sample counts for three quarters of its people at least, by the weights that are written."""
        weight = found.frame["weight"].to_numpy()
        share = weight.sum() ** 2 / (weight**2).sum() / SIZE
        assert share == pytest.approx(found.fitted.effective)
        assert share >= 0.75
        assert (weight > 0).all()

    @pytest.mark.parametrize("day", ["2019-04-12", "2023-07-04"])
    def test_other_years(self, day: str) -> None:
        """The same holds under the law, the bands and the rounds of other years."""
        other = synthesize(4_000, 1, date.fromisoformat(day), LAW, RECORD)
        assert other.fitted.effective >= 0.75
        assert all(not one.missed for one in other.fitted.reached if one.target.kind == "band")

    @pytest.mark.long
    def test_every_day_with_bands(self) -> None:
        """And for every distribution that was ever published."""
        days = [pool.as_of for pool in (*RECORD.pool, *RECORD.quoted)]
        fits = {day: synthesize(20_000, 1, day, LAW, RECORD).fitted for day in days}
        assert {day: fit.effective for day, fit in fits.items() if fit.effective < 0.75} == {}

    def test_everybody_is_eligible(self, found: Population) -> None:
        """Only people who meet a program are in the pool."""
        scores = judged(found.frame, DAY, LAW)
        assert scores.select(pl.any_horizontal("fsw", "cec", "fst")).to_series().all()

    def test_rounds_that_passed_left_nobody(self, found: Population) -> None:
        """Who would have been invited since submitting is gone, but for the few who declined."""
        rules = LAW.on(DAY)
        scores = judged(found.frame, DAY, LAW).with_columns(found.frame["submitted_at"])
        gone = pl.Series([False] * SIZE)
        for passed in of_last_year(RECORD, DAY, rules):
            may = scores.select(enters(passed, rules)).to_series()
            gone |= may & (scores["crs"] > passed.round.cutoff) & (scores["submitted_at"] < passed.at)
        assert 0 < gone.sum() < SIZE * 0.05
        assert (found.frame["submitted_at"].dt.date() < DAY).all()

    def test_round_that_follows(self, found: Population) -> None:
        """Who reaches the cut-off of the next round of a program is as many as were invited, within the tolerance."""
        one = RECORD.round("446")
        scores = judged(found.frame, DAY, LAW)
        nominee = scores["provincial_nomination"]
        above = found.frame.filter(scores["cec"] & ~nominee & (scores["crs"] > one.cutoff))["weight"].sum()
        assert above <= one.invitations * 1.2


class TestNotKnown:
    """What the report says of the figures' limits."""

    def test_ranges(self, found: Population) -> None:
        """Other beginnings fit the bands as well and give other shares: the share with Canadian work is no figure."""
        by = {one.group.id: one for one in found.left_open}
        for one in by.values():
            assert one.by_bands[0] <= one.share <= one.by_bands[1]
            assert one.by_all[0] <= one.share <= one.by_all[1]
        low, high = by["canadian_work"].by_bands
        assert high - low > 0.2

    def test_what_was_held_out_is_compared_and_not_fitted(self, found: Population) -> None:
        """Figures of invitations and those marked so are no targets."""
        held_out = {one.target.id for one in found.compared}
        assert {"submitted-451-500-2021", "invited-in-canada-2024"} <= held_out
        assert not held_out & {one.target.id for one in found.fitted.reached}

    def test_a_margin_loses_its_hold(self) -> None:
        """A share of another day agrees with a wider range the further away it is."""
        margin = shipped_wanted().margins["program-cec-2022"]
        assert margin.range_on(margin.day) == pytest.approx((0.167, 0.227))
        assert margin.range_on(date(2024, 1, 4)) == pytest.approx((0.007, 0.387), abs=0.001)


class TestSame:
    """Nothing but seed, size, day, law and version decides."""

    def test_to_the_byte(self, found: Population, tmp_path: Path) -> None:
        """The same again is the same file; another seed is another."""
        for name in ("a", "b"):
            write_population(synthesize(2_500, 5, DAY, LAW, RECORD), tmp_path / f"{name}.parquet")
        a, b = ((tmp_path / f"{name}.parquet").read_bytes() for name in "ab")
        assert a == b
        assert not read_population(tmp_path / "a.parquet")[0].equals(found.frame.head(2_500))

    def test_eigenvectors_of_another_machine(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Eigenvectors have no sign of their own: whatever a machine gives them, the same people are drawn."""
        here = uncalibrated(2_000, 1, DAY, LAW)
        other = np.linalg.eigh

        def turned(matrix: Any) -> Any:
            values, vectors = other(matrix)
            return values, vectors * np.where(np.arange(len(values)) % 2, -1.0, 1.0) * (1 + 1e-15)

        monkeypatch.setattr(np.linalg, "eigh", turned)
        _root.cache_clear()
        there = uncalibrated(2_000, 1, DAY, LAW)
        _root.cache_clear()

        assert there.equals(here)

    def test_the_first_people_do_not_depend_on_how_many(self, found: Population) -> None:
        """A smaller population begins with the same people; only their weights are others."""
        small = synthesize(2_500, 1, DAY, LAW, RECORD).frame.drop("weight")
        assert small.equals(found.frame.head(2_500).drop("weight"))

    def test_read_again(self, found: Population, tmp_path: Path) -> None:
        """A file gives the table and what made it."""
        write_population(found, tmp_path / "p.parquet")
        frame, of = read_population(tmp_path / "p.parquet")
        assert frame.equals(found.frame)
        assert (of.seed, of.size, of.on, of.bands_of, of.candidates) == (1, SIZE, DAY, DAY, 229_904)
        assert of.law_digest == LAW.on(DAY).digest


MUST = """
[margins.impossible]
title = {{ en = "everybody is 30", fr = "tous ont 30 ans" }}
of = "pool"
day = 2026-09-27
share = {share}
tolerance = 0.0
drift = 0.0
use = "must"
basis = "assumption"
where = {{ {column} = [30, 30] }}
"""


class TestBad:
    """One clear error, and nothing half-written."""

    @pytest.mark.parametrize("size", [0, -1, 5_000_001])
    def test_size(self, size: int) -> None:
        """A population of nobody, or of too many."""
        with pytest.raises(UsageError, match="from 1 to 5000000"):
            synthesize(size, 1, DAY, LAW, RECORD)

    def test_day_without_bands(self) -> None:
        """A day near which nothing was published; the error names one near which something was."""
        with pytest.raises(UsageError, match="2020-02-14"):
            synthesize(100, 1, date(2020, 9, 1), LAW, RECORD)

    def test_too_few_people(self) -> None:
        """So few people that a band has nobody: which band, and by how much."""
        with pytest.raises(FactorsError, match=r"band-\d+-\d+: \d+ to \d+ points: \d+ wanted, from .*; 0 is as near"):
            synthesize(20, 1, DAY, LAW, RECORD)

    def test_target_that_cannot_be_met(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A margin that must be met and cannot: which, by how much, and no file."""
        (tmp_path / "m.toml").write_text(MUST.format(share=1.0, column="age"), encoding="utf-8")
        out = tmp_path / "p.parquet"
        words = ["--size", "3000", "--on", str(DAY), "--margins", str(tmp_path / "m.toml"), "--out", str(out)]
        assert run(["simulate", "population", *words]) == 1
        assert "impossible: everybody is 30: 229904 wanted" in capsys.readouterr().err
        assert not out.exists()

    def test_unknown_column(self, tmp_path: Path) -> None:
        """A condition on a column that nobody has is refused, with one that was meant."""
        (tmp_path / "m.toml").write_text(MUST.format(share=0.1, column="agee"), encoding="utf-8")
        with pytest.raises(UsageError, match=r"`agee`.*age"):
            synthesize(3000, 1, DAY, LAW, RECORD, wanted=with_margins(tmp_path / "m.toml", shipped_wanted()))

    def test_figure_that_rests_on_nothing(self, tmp_path: Path) -> None:
        """A margin without a source that is not called an assumption, or with an unknown key, does not load."""
        text = MUST.format(share=0.1, column="age").replace('basis = "assumption"', "sources = 3")
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        with pytest.raises(Exception, match=r"basis(.|\n)*sources: unknown key"):
            with_margins(tmp_path / "m.toml", shipped_wanted())

    def test_other_version(self, found: Population, tmp_path: Path) -> None:
        """A file of another version is refused by name of both versions."""
        path = tmp_path / "p.parquet"
        found.frame.write_parquet(path, metadata={f"expressentry.{key}": "1" for key in ("version", "seed")})
        with pytest.raises(FileError, match="no population"):
            read_population(path)
        write_population(found, path)
        metadata = pl.read_parquet_metadata(path) | {"expressentry.version": "0.0.1"}
        found.frame.write_parquet(path, metadata={k: v for k, v in metadata.items() if k.startswith("expressentry.")})
        with pytest.raises(FactorsError, match=r"made by version 0\.0\.1"):
            read_population(path)

    @pytest.mark.parametrize("rows", [10, 400])
    def test_other_rows_than_it_says(self, found: Population, tmp_path: Path, rows: int) -> None:
        """A file with fewer rows than it says, or more people than any, is refused before they are read."""
        path = tmp_path / "p.parquet"
        few = replace(found, frame=found.frame.head(200))
        write_population(few, path)
        metadata = {k: v for k, v in pl.read_parquet_metadata(path).items() if k.startswith("expressentry.")}
        found.frame.head(rows).write_parquet(path, metadata=metadata)
        with pytest.raises(FactorsError, match=rf"has {rows} rows; it says 200"):
            read_population(path)

    def test_more_people_than_any(self, found: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """The number of people is bounded, whatever the file says of itself."""
        path = tmp_path / "p.parquet"
        write_population(found, path)
        monkeypatch.setattr("expressentry.simulate.files.MOST_PEOPLE", SIZE - 1)
        with pytest.raises(FactorsError, match=f"{SIZE - 1} are the most"):
            read_population(path)

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("weight", float("nan")), ("weight", float("inf")), ("weight", -1.0), ("weight", 0.0),
            ("noc", "99999"), ("noc", "x" * 1000), ("archetype", "x" * 1000),
            ("canadian_months", -5), ("foreign_months", 32_000), ("english_listening", 13), ("family_size", 0),
            ("birth_date", date(1, 1, 1)), ("permit_until", date(9999, 12, 31)),
        ],
    )  # fmt: skip
    def test_a_value_that_none_can_have(self, found: Population, tmp_path: Path, column: str, value: Any) -> None:
        """Weights, days, counts, levels and codes that lead a simulation astray are named, with how many rows."""
        path = tmp_path / "p.parquet"
        first = pl.int_range(pl.len()) < 3
        other = pl.when(first).then(pl.lit(value, found.frame.schema[column])).otherwise(column).alias(column)
        write_population(replace(found, frame=found.frame.with_columns(other)), path)
        with pytest.raises(FactorsError, match=rf"{column}: has a value that none can have in 3 rows"):
            read_population(path)

    def test_not_a_parquet_file(self, tmp_path: Path) -> None:
        """A text file, a file that was cut, and another ending."""
        (tmp_path / "p.parquet").write_text("no")
        with pytest.raises(FileError, match=r"p\.parquet"):
            read_population(tmp_path / "p.parquet")
        with pytest.raises(UsageError, match=r"\.parquet"):
            read_population(tmp_path / "p.csv")

    def test_full_disk(self, tmp_path: Path) -> None:
        """A disk that is full (here: a limit on the size of files) leaves the old file as it was and nothing else."""
        out = tmp_path / "p.parquet"
        out.write_text("old")
        code = "from expressentry.cli import entry; entry()"
        args = ["simulate", "population", "--size", "2500", "--on", str(DAY), "--out", str(out)]
        done = subprocess.run(
            [sys.executable, "-c", code, *args],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "EXPRESSENTRY_LANG": "en", "EXPRESSENTRY_HOME": str(tmp_path / "home")},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        )
        assert done.returncode == 1
        assert "no space left" in done.stderr
        assert out.read_text() == "old"
        assert [one.name for one in tmp_path.iterdir()] == ["p.parquet"]


class TestReport:
    """The command's report."""

    def test_json_is_a_contract(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys that scripts use; the file that the report is of."""
        out = tmp_path / "p.parquet"
        words = ["--size", "2500", "--seed", "4", "--on", "2026-09-30", "--out", str(out), "--format", "json"]
        assert run(["simulate", "population", *words]) == 0
        found = json.loads(capsys.readouterr().out)

        assert set(found) == {
            *("as_of", "law", "version", "seed", "people", "candidates", "bands_of", "effective_sample"),
            *("largest_weight", "archetypes", "targets", "held_out", "left_open", "sources", "out"),
        }
        assert (found["as_of"], found["bands_of"], found["people"]) == ("2026-09-30", "2026-09-27", 2500)
        assert set(found["targets"][0]) == {
            *("id", "kind", "title", "wanted", "low", "high", "reached", "missed", "use", "basis", "day"),
        }
        assert sum(one["drawn"] for one in found["archetypes"]) == pytest.approx(1, abs=0.001)
        assert sum(one["weighted"] for one in found["archetypes"]) == pytest.approx(1, abs=0.001)
        assert all(one["basis"] == "assumption" for one in found["archetypes"])
        assert pl.read_parquet(out).height == 2500
