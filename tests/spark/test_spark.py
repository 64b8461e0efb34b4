"""The same answers on Spark as on one machine: scores, findings, rounds, simulations, refusals."""

from __future__ import annotations

import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import expressentry
from expressentry.assess.frame.table import score_frame
from expressentry.errors import FactorsError, UsageError
from expressentry.law.load import load_law
from expressentry.pool import Terms
from expressentry.rounds.eligibility import Invites
from expressentry.rounds.eligibility_frame import enters_expr
from expressentry.rounds.ranking import Ranked, rank_round
from expressentry.simulate.run.folder import results_of
from expressentry.spark import assess_columns, score, select_round, selection, simulate_many
from expressentry.spark.carry import carry, refuse_another, rules_of
from tests.simulate.scenarios import done, short
from tests.spark.cluster import NO_JAVA, SOCKETS, cluster
from tests.spark.people import FIRST, ON, people

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

NO_SIBLINGS = """
id = "{id}"
replaces = "{id}"
extends = "{id}"
in_force = {day}
made_by = "{made_by}"
remove = ["additional.sibling"]
"""
ROUNDS = (Terms("general", 777, ON), Terms("category", 40, ON, "french"), Terms("nominee", 10**6, ON))
PROGRAMS = ("fsw", "cec", "fst", "pnp")


def without_siblings(folder: Path, day: date = ON) -> Path:
    """A law file of a user, which takes one place from the grid of a day."""
    grid = load_law().on(day).crs
    path = folder / "mine.toml"
    path.write_text(NO_SIBLINGS.format(id=grid.id, day=grid.in_force, made_by=grid.made_by.id))
    return path


def ranked(assessed: pl.DataFrame, terms: Terms) -> Ranked:
    """The round on one machine."""
    answers = {name: pl.col(name) for name in PROGRAMS}
    answers |= {name[9:]: pl.col(name) for name in assessed.columns if name.startswith("category_")}
    may = enters_expr(Invites.from_list(terms.list), answers, nominee=pl.col("provincial_nomination"))
    meets = assessed.select(may.fill_null(False)).to_series()
    return rank_round(assessed["crs"], assessed["submitted_at"], terms.size, meets=meets, key=assessed["person"])


def collected(frame: DataFrame) -> pl.DataFrame:
    """A small Spark frame as Polars has it."""
    return pl.DataFrame(pl.from_arrow(frame.toArrow())).sort("person")


def alike(found: pl.DataFrame, expected: pl.DataFrame, names: Iterable[str]) -> None:
    """Every column has the same values; names are text in Spark."""
    for name in names:
        plain = expected[name].cast(pl.String) if found[name].dtype == pl.String else expected[name]

        assert found[name].to_list() == plain.to_list(), name


@NO_JAVA
@SOCKETS
class TestOnSpark:
    """Two executors on this machine, started once: one test walks through everything."""

    def test_the_same_as_one_machine(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Scores, findings, rounds and simulations equal those of one machine; what is refused there is refused."""
        folder = tmp_path / "people"
        folder.mkdir()
        for at, part in enumerate(people().iter_slices(1_200)):
            part.write_parquet(folder / f"{at}.parquet")
        with cluster(tmp_path) as spark:
            given = spark.read.parquet(str(folder))
            self.scores(given, tmp_path)
            assessed = self.findings(given).persist()
            self.rounds(assessed)
            monkeypatch.setattr(selection, "SMALL", 0)
            self.rounds(assessed, Terms("general", 1_000, ON))
            self.refusals(spark, given, assessed)
            self.simulations(spark, tmp_path)

    def scores(self, given: DataFrame, folder: Path) -> None:
        """The score under the law of a user, which no worker has on its disk."""
        law = load_law(without_siblings(folder))
        expected, shipped = score_frame(people(), ON, law=law), score_frame(people(), ON)
        found = collected(score(given, on=ON, law=law))

        assert found.columns == expected.columns
        assert expected["crs"].to_list() != shipped["crs"].to_list()
        alike(found, expected, ("crs", "first_language_used", "rule_set"))

    def findings(self, given: DataFrame) -> DataFrame:
        """Sections, programs, categories and masks, three-valued."""
        expected = score_frame(people(), ON, sections=True, programs=True, categories=True)
        assessed = assess_columns(given, on=ON.isoformat())

        assert assessed.columns == expected.columns
        alike(collected(assessed), expected, expected.columns[len(people().columns) :])
        return assessed

    def rounds(self, assessed: DataFrame, *asked: Terms) -> None:
        """The invited, cut-off and tie-break of rounds that end inside a tie, and below the last person."""
        on_one = score_frame(people(), ON, sections=True, programs=True, categories=True)
        for terms in asked or ROUNDS:
            expected = ranked(on_one, terms)
            found = select_round(assessed, terms, key="person")
            invited = sorted(row.person for row in found.invited.select("person").collect())

            assert invited == sorted(on_one["person"].gather(expected.invited).to_list()), terms
            assert (found.number, found.cutoff, found.tie_break) == (
                expected.invited.len(),
                expected.cutoff,
                expected.tie_break,
            ), terms
            assert (found.last_key is None) == (not invited)

    def refusals(self, spark: SparkSession, given: DataFrame, assessed: DataFrame) -> None:
        """A wrong frame is refused before the job, a bad row and another law on a worker end it."""
        from functools import partial

        from pyspark.errors import PySparkException
        from pyspark.sql.functions import lit

        from expressentry.assess.frame.table import Wanted
        from expressentry.spark.columns import _scored

        with pytest.raises(FactorsError, match="call it foreign_work_years"):
            score(given.withColumnRenamed("foreign_work_years", "foriegn_work_years"), on=ON)
        with pytest.raises(FactorsError, match="crs"):
            score(assessed, on=ON)
        with pytest.raises(UsageError, match="assess_columns"):
            select_round(given, Terms("general", 5, ON), key="person")
        with pytest.raises(FactorsError, match="not below 0"):
            select_round(assessed, Terms("general", -1, ON), key="person")
        tied = assessed.withColumn("submitted_at", lit(FIRST)).withColumn("crs", lit(400))
        with pytest.raises(FactorsError, match="different in each row"):
            select_round(tied, Terms("general", 777, ON), key="crs")
        bad = spark.createDataFrame([(200,)], "age int").crossJoin(given.drop("age").limit(1))
        with pytest.raises(PySparkException, match="0 to 120"):
            score(bad, on=ON).collect()
        forged = partial(_scored, replace(carry(load_law().on(ON)), digest="sha256:0"), Wanted(), ["age"], ["crs"])
        with pytest.raises(PySparkException, match="the job was made under the law sha256:0"):
            given.mapInArrow(forged, given.schema).collect()

    def simulations(self, spark: SparkSession, folder: Path) -> None:
        """Every file of every run, to the byte; a law file of the scenario goes with it."""
        scenario = short(one_in=4000, first=date(2026, 8, 30), last=date(2026, 9, 10))
        scenario = replace(scenario, law=replace(scenario.law, files=(without_siblings(folder),)))
        rows = simulate_many(spark, scenario, [1, 2]).collect()
        found: dict[int, dict[str, str]] = {}
        for row in rows:
            found.setdefault(row.seed, {})[row.file] = row.content

        assert found == {seed: results_of(done(scenario, seed), seed) for seed in (1, 2)}


class TestTheLawOfAJob:
    """The law travels with the job, and nobody answers under another one."""

    def test_shipped_law_is_not_sent(self) -> None:
        """Only the day and the digest of the shipped law go along, and the worker has its own."""
        carried = carry(load_law().on(ON))

        assert carried.added == b""
        assert rules_of(pickle.loads(pickle.dumps(carried))).law is load_law()

    def test_law_of_a_user(self, tmp_path: Path) -> None:
        """What a user added is opened where its file is not, and shipped files are found where the package is."""
        path = without_siblings(tmp_path)
        rules = load_law(path).on(ON)
        carried = carry(rules)
        path.unlink()

        assert rules_of(carried).digest == rules.digest != load_law().on(ON).digest
        assert str(Path(expressentry.__file__).parent).encode() not in carried.added

    @pytest.mark.parametrize("code", ["another_version", "another_law", "other_figures"])
    def test_refused(self, code: str) -> None:
        """What differs is named, with what was sent and what is here."""
        with pytest.raises(UsageError, match="start the workers again") as error:
            refuse_another(code, "a", "b")

        assert error.value.problems[0].code == code

    def test_another_law_on_the_worker(self, tmp_path: Path) -> None:
        """A worker whose own grid pays one point more refuses the job, also under user law elsewhere."""
        package = tmp_path / "worker" / "expressentry"
        shutil.copytree(Path(expressentry.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
        grid = package / "data/law/crs/2025-03-25.toml"
        changed = grid.read_text().replace("[20, 110, 100]", "[20, 111, 100]")
        assert changed != grid.read_text()
        grid.write_text(changed)
        for law in (load_law(), load_law(without_siblings(tmp_path, date(2021, 1, 1)))):
            job = tmp_path / "job"
            job.write_bytes(pickle.dumps(carry(law.on(ON))))
            read = "import pickle, sys; from expressentry.spark.carry import rules_of; "
            read += "rules_of(pickle.load(open(sys.argv[1], 'rb')))"
            answer: Any = subprocess.run(
                [sys.executable, "-c", read, str(job)],
                env={"PYTHONPATH": str(package.parent), "PYTHONSAFEPATH": "1"},
                capture_output=True,
                text=True,
            )

            assert "the job was made under the law sha256:" in answer.stderr

    def test_no_spark_until_it_is_asked_for(self) -> None:
        """The package is imported without Spark, Arrow, pandas and Polars."""
        names = "'pyspark', 'pyarrow', 'pandas', 'polars'"
        code = f"import sys, expressentry.spark.columns; print([name for name in ({names}) if name in sys.modules])"

        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"
