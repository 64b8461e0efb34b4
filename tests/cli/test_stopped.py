"""What is said, and what stays, where a command is ended in the middle."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

import expressentry.cli.commands.report_batch as report_batch
import expressentry.simulate.compare.runs as runs
import expressentry.simulate.run.many as many
from expressentry.cli import run
from expressentry.errors import FileError
from expressentry.files import check_writable

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-c", "from expressentry.cli import entry; entry()")
SIMULATE = ["simulate", "run", "examples/simulate/autumn.toml", "--out", "results"]
COMPARE = ["simulate", "compare", "examples/simulate/autumn.toml", "examples/simulate/education.toml"]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with the examples."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    return tmp_path


def end(*_: Any, **__: Any) -> Any:
    """Ctrl-C."""
    raise KeyboardInterrupt


def alive(group: int) -> bool:
    """Whether a group of processes has one left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize(
    ("words", "said", "french"),
    [
        (
            SIMULATE,
            "stopped; the same command goes on where it was",
            "arrêté; la même commande reprend où elle en était",
        ),
        (
            ["report", "examples/people", "--out", "reports"],
            "stopped; the reports that were finished are in reports, without their summary",
            "arrêté; les rapports terminés sont dans reports, sans leur sommaire",
        ),
        ([*COMPARE, "--out", "x.html"], "stopped; nothing was written", "arrêté; rien n'a été écrit"),
        (
            [*COMPARE, "--out", "x.html", "--work", "kept"],
            "stopped; the same command goes on",
            "la même commande reprend",
        ),
    ],
)
def test_what_stays_is_said(
    words: list[str], said: str, french: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command that writes as it goes does not say that nothing was written; the next one says it again."""
    monkeypatch.setattr(report_batch, "answer_all", end)
    monkeypatch.setattr(many, "run_into", end)
    monkeypatch.setattr(runs, "run_all", end)
    for lang, wording in (("en", said), ("fr", french)):
        assert run([*words, "--lang", lang]) == 130
        assert wording in capsys.readouterr().err


def test_runs_end_at_once() -> None:
    """Asked to end, a simulation in several processes does not do first all that is left, and leaves no process."""
    words = [*PROGRAM, *SIMULATE, "--seeds", "400", "--processes", "2"]
    with subprocess.Popen(words, stderr=subprocess.PIPE, text=True, start_new_session=True) as running:
        while not Path("results").exists():
            assert running.poll() is None
            time.sleep(0.02)
        running.send_signal(signal.SIGTERM)
        said = running.communicate(timeout=60)[1]

    assert running.returncode == 130
    assert said.strip() == "stopped; the same command goes on where it was"
    ends = time.monotonic() + 10  # the tracker of semaphores is the last to go
    while alive(running.pid):
        assert time.monotonic() < ends
        time.sleep(0.05)


def test_a_process_that_was_ended(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A system without memory ends a process: that is an error with a fix, not one of Python."""

    class Broken:
        """A pool one of whose processes is gone."""

        def __init__(self, *_: Any, **__: Any) -> None: ...

        def __enter__(self) -> Broken:
            return self

        def __exit__(self, *_: object) -> None: ...

        def submit(self, *_: object) -> Future[None]:
            """What was given to the process that is gone."""
            found: Future[None] = Future()
            found.set_exception(BrokenProcessPool())
            return found

        def shutdown(self, **_: object) -> None: ...

    monkeypatch.setattr(many, "ProcessPoolExecutor", Broken)

    assert run([*SIMULATE, "--seeds", "2", "--processes", "2"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("processes: one of them was ended from outside")
    assert "--processes 1" in said


def test_another_pipe_that_breaks_is_no_success(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Only a reader that closed our output ends a command in order; a pipe to a process of ours is a fault."""

    def broken(*_: Any, **__: Any) -> None:
        raise BrokenPipeError(32, "Broken pipe")

    monkeypatch.setattr(many, "run_into", broken)
    assert run(SIMULATE) == 1
    assert capsys.readouterr().err == "a process that this command needs has ended; try again\n"


def test_where_nothing_can_be_written_nothing_is_begun(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A comparison that takes minutes finds out first whether its report can be written."""
    monkeypatch.setattr(runs, "run_all", end)

    assert run([*COMPARE, "--out", "nowhere/x.html"]) == 1
    assert "nowhere/x.html: No such file or directory" in capsys.readouterr().err
    (place / "there.html").write_text("before")
    check_writable(place / "there.html")
    assert (place / "there.html").read_text() == "before"
    with pytest.raises(FileError):
        check_writable(place / "there.html" / "below.html")
