"""Files of others: scenarios, unfinished runs, kept runs; each is refused with an error of ours, or does no harm."""

from __future__ import annotations

import io
import json
import os
import random
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from expressentry.cli import run
from expressentry.errors import ExpressEntryError, FileError, LawError, ScenarioError, UsageError
from expressentry.simulate.compare.runs import compared_runs
from expressentry.simulate.run.folder import run_into
from expressentry.simulate.run.many import jobs_of
from expressentry.simulate.run.resume import RESUME
from expressentry.simulate.scenario.model import Scenario
from expressentry.simulate.scenario.read import read_scenario
from expressentry.spark.many import _packed
from tests.often import LONG
from tests.simulate.scenarios import HEAD, short, written

RUN = "[run]\nfirst = 2026-01-05\nlast = 2026-02-01\n"
HISTORY = 'baseline = "history"\n'


class TestScenario:
    """A scenario that somebody else wrote."""

    @pytest.mark.parametrize("table", ["ranges", "numbers"])
    @pytest.mark.parametrize("name", ["../../outside/x", "/srv/x", "a/b", ".", "", "A", "x" * 61, "é", "a\\u0000"])
    def test_a_name_that_leads_elsewhere(self, table: str, name: str, tmp_path: Path) -> None:
        """The name of a number, after which folders are named, has small letters and figures only."""
        value = "[1, 2]" if table == "ranges" else "1"
        with pytest.raises(ScenarioError, match="small letters"):
            written(tmp_path, f'{HISTORY}[law]\n{table} = {{ "{name}" = {value} }}\n')

    def test_folders_stay_below(self, tmp_path: Path) -> None:
        """Every folder of results is in the folder that was named."""
        scenario = written(tmp_path, f"{HISTORY}[law]\nranges = {{ high_wage_2 = [1, 2] }}\n")

        assert {job.folder.parent for job in jobs_of(scenario, [1, 2], tmp_path / "out")} == {tmp_path / "out"}

    def test_nothing_is_made_for_one_that_is_wrong(self, tmp_path: Path) -> None:
        """A run whose law cannot be read leaves no folder behind."""
        (tmp_path / "law.toml").write_text('id = "x"\n')
        scenario = written(tmp_path, f'{HISTORY}[law]\nfiles = ["law.toml"]\n')
        with pytest.raises(LawError):
            run_into(scenario, 1, tmp_path / "out" / "below")

        assert not (tmp_path / "out").exists()

    @pytest.mark.parametrize(
        "name", ["../law/crs/2025-03-25", "/etc/passwd", "history/../history", "", "a\\u0000.toml"]
    )
    def test_a_baseline_that_is_none(self, name: str, tmp_path: Path) -> None:
        """An id is that of a shipped scenario; it is no way to another file."""
        with pytest.raises(ScenarioError, match=r"no such scenario|no such file beside"):
            written(tmp_path, f'baseline = "{name}"\n{RUN}')

    def test_baselines_on_one_another(self, tmp_path: Path) -> None:
        """A chain of ten is followed, one of eleven is refused, and a thousand end in no other error."""
        path = "history"
        for n in range(12):
            name = f"s{n}"
            (tmp_path / f"{name}.toml").write_text(f'baseline = "{path}"\n{HEAD}')
            path = f"{name}.toml"
        assert read_scenario(tmp_path / "s9.toml").baseline == "s8.toml"
        with pytest.raises(ScenarioError, match="at most 10"):
            read_scenario(tmp_path / "s10.toml")
        with pytest.raises(ScenarioError, match="at most 10"):
            read_scenario(tmp_path / "s11.toml")

    @pytest.mark.parametrize(
        ("text", "told"),
        [
            ("[law]\nranges = { a = [" + "1, " * 1001 + "] }", "at most 1000 values"),
            ("[rounds]\nplan = 'none'\n" + "[[rounds.fixed]]\nlist = 'cec'\nsize = 1\n" * 1001, "at most 1000 tables"),
            ("[rounds]\nplan = 'none'\nwithout = [[]]", "list of names"),
            ("[law]\nremove = [{}]", "list of names"),
            ("[law]\nfiles = [1]", "list of files"),
            ("[law]\nfiles = ['a\\u0000b']".replace("'", '"'), "no such file"),
            (f"[law]\nfiles = ['{'x' * 400}']", "no such file"),
            ("[law]\nfiles = ['pipe']", "no such file"),
            ("[people]\nsize = 5000001", "5000000"),
        ],
    )
    def test_bounds(self, text: str, told: str, tmp_path: Path) -> None:
        """Values, tables and people are bounded, names are text, and what is named is a file."""
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(ScenarioError, match=told):
            written(tmp_path, HISTORY + text + "\n")

    def test_nothing_but_mistakes(self, tmp_path: Path) -> None:
        """Fifty thousand unknown keys are an error within seconds, with the lines of the first."""
        with pytest.raises(ScenarioError) as refused:
            written(tmp_path, HISTORY + "".join(f"k{n} = 1\n" for n in range(50_000)))

        assert len(refused.value.problems) == 1000
        first = refused.value.problems[0].where
        assert first is not None
        assert first.en.endswith("mine.toml:7")

    @pytest.mark.parametrize("instant", ["2024-03-01T00:00:00Z", "2024-03-01T00:00:00"])
    def test_an_instant_is_no_day(self, tmp_path: Path, instant: str) -> None:
        """Python's instants are days too, which cannot be compared with them."""
        with pytest.raises(ScenarioError, match="expected a day"):
            written(tmp_path, f'{HISTORY}[[rounds.fixed]]\nlist = "cec"\nfirst = {instant}\nsize = 10\n')

    def test_any_values(self, tmp_path: Path) -> None:
        """Whatever stands where: an error of ours, or a scenario."""
        chance = random.Random(14)
        for _ in range(2000 if LONG else 60):
            path = tmp_path / "s.toml"
            path.write_text("\n".join(_odd(chance)))
            with suppress(ExpressEntryError):
                read_scenario(path)


VALUES = (
    '1', '-1', '"x"', '""', 'true', '1.5', 'inf', '[]', '{}', '[[]]', '[{}]', '["cec", "cec"]', '[1]', '{ cec = 1 }',
    '{ cec = -1 }', '2026-01-01', '0001-01-01', '9999-12-31', '"../x.toml"', '{ a = [1, 2] }', '{ general = {} }',
    '9' * 18, '2026-01-01T00:00:00Z', '12:00:00', '"."', '"/"', '"a\\u0000b.toml"', '{ en = "a", fr = "b" }',
)  # fmt: skip
KEYS = {
    "": ("title", "reference", "assumptions", "does_not_say", "baseline", "run", "people", "law", "rounds", "hazards"),
    "[run]": ("first", "last"),
    "[people]": ("one_in", "size", "file", "times", "weights"),
    "[law]": ("files", "name", "remove", "numbers", "ranges"),
    "[columns.c]": ("file", "otherwise", "canadian_months"),
    "[rounds]": ("plan", "without", "times", "canada_first", "fixed", "rule"),
    "[[rounds.fixed]]": ("list", "first", "last", "every_days", "size"),
    "[[rounds.rule]]": ("list", "first", "last", "every_days", "down_to", "share", "at_most"),
    "[hazards]": ("withdraws_weekly", "declines"),
}
USUAL = {
    **dict.fromkeys(("title", "reference"), '{ en = "a", fr = "b" }'),
    **dict.fromkeys(("assumptions", "does_not_say"), '[{ en = "a", fr = "b" }]'),
    "baseline": '"history"',
    "first": "2026-01-05",
    "last": "2026-03-01",
    "plan": '"published"',
    "list": '"cec"',
    "size": "100",
    "every_days": "14",
    "down_to": "500",
}


def _odd(chance: random.Random) -> list[str]:
    """A scenario of which some values are of another kind."""
    lines = []
    for heading, keys in KEYS.items():
        if heading and chance.random() < 0.4:
            continue
        lines.append(heading)
        for key in keys:
            table = f"[{key}]" in KEYS or f"[[rounds.{key}]]" in KEYS
            if key in USUAL and chance.random() < 0.9:
                lines.append(f"{key} = {USUAL[key]}")
            elif chance.random() < (0.03 if table else 0.25):
                lines.append(f"{key} = {chance.choice(VALUES)}")
    return lines


@pytest.fixture(scope="module")
def few() -> Scenario:
    """A scenario with few people that has two laws, so that it can be stopped between them."""
    return short(one_in=4000, first=date(2025, 3, 10), last=date(2025, 4, 6))


@pytest.fixture(scope="module")
def unfinished(few: Scenario, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """What a run that was stopped leaves."""
    folder = tmp_path_factory.mktemp("stopped")
    kept: list[bytes] = []
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if path.name == RESUME and path.exists():
            kept.append(path.read_bytes())
        real(path, missing_ok=missing_ok)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "unlink", unlink)
        run_into(few, 1, folder)
    return kept[-1]


def _again(kept: bytes, folder: Path, **change: Any) -> bytes:
    """The same file with other books, arrays or packing."""
    source = folder / "kept.npz"
    source.write_bytes(kept)
    with np.load(source) as file:
        parts: dict[str, Any] = {name: file[name] for name in file.files}
    books = json.loads(bytes(parts["books"]))
    packing = change.pop("packing", np.savez)
    for name, value in change.items():
        if name in parts:
            parts[name] = value(parts[name])
        else:
            books[name] = value(books.get(name))
    parts["books"] = np.frombuffer(json.dumps(books).encode(), np.uint8)
    packing(source, **parts)
    return source.read_bytes()


class TestUnfinished:
    """The file of a run that was stopped, written or changed by somebody else."""

    def test_it_is_taken_up(self, few: Scenario, unfinished: bytes, tmp_path: Path) -> None:
        """As it was left it goes on to the same bytes."""
        whole, again = tmp_path / "whole", tmp_path / "again"
        run_into(few, 1, whole)
        again.mkdir()
        (again / RESUME).write_bytes(_again(unfinished, tmp_path))
        run_into(few, 1, again)

        assert {one.name: one.read_bytes() for one in again.iterdir()} == {
            one.name: one.read_bytes() for one in whole.iterdir()
        }

    @pytest.mark.parametrize(
        "change",
        [
            {"packing": np.savez_compressed},
            {"place": lambda array: array[:-1]},
            {"place": lambda array: array.astype(np.int64)},
            {"place": lambda array: array + 1},
            {"crs": lambda array: np.zeros((2, len(array)), array.dtype)},
            {"done": lambda n: n + 1000},
            {"done": lambda _: -1},
            {"done": lambda _: "1"},
            {"entries": lambda n: n + 1},
            {"entries": lambda _: None},
            {"exits": lambda _: {}},
            {"exits": lambda _: []},
            {"exits": lambda _: {"99": 1}},
            {"carried": lambda _: {"cec": "x"}},
            {"carried": lambda _: []},
            {"rounds": lambda _: [1]},
            {"pool": lambda _: "x"},
            {"law_digests": lambda _: [1]},
        ],
    )
    def test_what_does_not_fit(self, change: dict[str, Any], few: Scenario, unfinished: bytes, tmp_path: Path) -> None:
        """Arrays of another form, books that do not agree, a compressed file: refused, and left as it is."""
        out = tmp_path / "out"
        out.mkdir()
        (out / RESUME).write_bytes(_again(unfinished, tmp_path, **change))
        with pytest.raises(ScenarioError, match="cannot be read"):
            run_into(few, 1, out)

        assert [one.name for one in out.iterdir()] == [RESUME]

    @pytest.mark.parametrize("make", ["empty", "text", "cut", "array", "other", "huge", "pipe", "folder", "link"])
    def test_what_is_none(self, make: str, few: Scenario, unfinished: bytes, tmp_path: Path) -> None:
        """Anything else under that name."""
        path = tmp_path / RESUME
        made: dict[str, Callable[[], object]] = {
            "empty": lambda: path.write_bytes(b""),
            "text": lambda: path.write_text("x" * 1000),
            "cut": lambda: path.write_bytes(unfinished[: len(unfinished) // 2]),
            "array": lambda: path.write_bytes(_array()),
            "other": lambda: _zip(path, "../../outside.npy"),
            "huge": lambda: _sparse(path),
            "pipe": lambda: os.mkfifo(path),
            "folder": path.mkdir,
            "link": lambda: path.symlink_to("/dev/zero"),
        }
        made[make]()
        with pytest.raises(ScenarioError, match="cannot be read"):
            run_into(few, 1, tmp_path)


def _sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 2**40)


def _array() -> bytes:
    out = io.BytesIO()
    np.save(out, np.zeros(3))
    return out.getvalue()


def _zip(path: Path, name: str) -> None:
    with zipfile.ZipFile(path, "w") as file:
        file.writestr(name, b"x")


class TestKept:
    """Runs that a comparison finds in its folder."""

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("summary.json", "{}"),
            ("summary.json", "[" * 5000),
            ("summary.json", '{"seed": 2}'),
            ("rounds.ndjson", "{}\n"),
            ("rounds.ndjson", "x\n"),
            ("rounds.ndjson", None),
            ("groups.ndjson", '{"dimension": [], "value": "", "entered": 1, "invited": 1, "mean_days": 1}\n'),
            ("groups.ndjson", '{"dimension": "age", "value": "", "entered": "x", "invited": 1, "mean_days": 1}\n'),
        ],
    )
    def test_results_that_are_others(self, name: str, text: str | None, few: Scenario, tmp_path: Path) -> None:
        """A run of something else, or a file that is none of ours, is refused; nothing of it is compared."""
        compared_runs(few, [], [1], tmp_path, calibrations=False)
        (folder,) = tmp_path.iterdir()
        if text is None:
            (folder / name).unlink()
        else:
            (folder / name).write_text(text)
        with pytest.raises(ExpressEntryError):
            compared_runs(few, [], [1], tmp_path, calibrations=False)

    def test_another_scenario(self, few: Scenario, tmp_path: Path) -> None:
        """The results of one scenario under the name of another are not taken for its own."""
        other = replace(few, people=replace(few.people, one_in=3000))
        compared_runs(few, [], [1], tmp_path / "a", calibrations=False)
        compared_runs(other, [], [1], tmp_path / "b", calibrations=False)
        ((mine,), (theirs,)) = ((tmp_path / one).iterdir() for one in "ab")
        for path in theirs.iterdir():
            (mine / path.name).write_bytes(path.read_bytes())
        with pytest.raises(ScenarioError, match="another scenario"):
            compared_runs(few, [], [1], tmp_path / "a", calibrations=False)


class TestOnSpark:
    """Files that go with a job to other machines."""

    def test_size_before_content(self, few: Scenario, tmp_path: Path) -> None:
        """A file of a terabyte is refused by its size, and not read."""
        path = tmp_path / "people.parquet"
        _sparse(path)
        with pytest.raises(UsageError, match="more than 64 MB"):
            _packed(replace(few, people=replace(few.people, file=path)), 1)

    def test_a_pipe_beside_a_law_file(self, few: Scenario, tmp_path: Path) -> None:
        """What a law file names beside itself is a file, or refused at once."""
        law = tmp_path / "law.toml"
        law.write_text("# beside.csv\n" + (Path(__file__).parents[1] / "law/new_column.toml").read_text())
        os.mkfifo(tmp_path / "beside.csv")
        with pytest.raises(FileError, match="a pipe or a device"):
            _packed(replace(few, law=replace(few.law, files=(law,))), 1)


def test_by_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A hostile scenario ends the command with an error of ours, and makes nothing."""
    path = tmp_path / "s.toml"
    path.write_text(f'{HISTORY}{HEAD}[law]\nranges = {{ "../../outside/x" = [1, 2] }}\n')

    assert run(["simulate", "run", str(path), "--out", str(tmp_path / "a" / "b")]) == 1
    assert "small letters" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["s.toml"]
