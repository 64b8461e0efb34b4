"""The command line on systems that are not ours: other encodings, extras that are not installed, Windows, examples."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import tomllib
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.cli import COMMANDS, run
from expressentry.cli.commands.examples import EXAMPLES, shipped
from expressentry.cli.repeating import until_ended
from expressentry.cli.support import EXTRA_OF
from expressentry.terminal import fitting, guarded

ROOT = Path(__file__).parents[2]
ENGINEER = str(ROOT / "examples/people/engineer.toml")
NURSE = str(ROOT / "examples/people/nurse.toml")
ENCODINGS = ["cp1252", "cp850", "ascii"]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder and working folder."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path


def written(args: list[str], encoding: str) -> tuple[int, bytes]:
    """The status of a command, and what it writes to an output of an encoding."""
    out, before = io.BytesIO(), sys.stdout
    sys.stdout = io.TextIOWrapper(out, encoding=encoding, newline="\n")
    try:
        status = run(args)
        sys.stdout.flush()
        return status, out.getvalue()
    finally:
        sys.stdout = before


class TestEncodings:
    """Output in an encoding that lacks letters is written in those that it has, and no command fails."""

    @pytest.mark.parametrize("encoding", ENCODINGS)
    @pytest.mark.parametrize(
        "args",
        [
            ["timeline", ENGINEER, "--on", "2024-04-12", "--until", "2025-03-01"],
            ["compare", ENGINEER, NURSE, "--on", "2026-10-01"],
            ["categories", "list", "--lang", "fr", "--on", "2026-10-01"],
            ["categories", "show", "stem", "--lang", "fr", "--on", "2026-10-01"],
            ["rounds", "list", "--on", "2026-10-01", "--lang", "fr"],
        ],
        ids=lambda args: args[0] + args[1][:4],
    )
    def test_text(self, args: list[str], encoding: str) -> None:
        """Every line is there, as long as words go; nothing is a question mark that was none."""
        status, told = written(args, encoding)
        same, wanted = written(args, "utf-8")
        text, whole = told.decode(encoding), wanted.decode()

        assert (status, same) == (0, 0)
        assert len(text.splitlines()) == len(whole.splitlines())
        assert text.count("?") == whole.count("?")
        assert "\\u" not in text  # every letter of ours has a plain way to write it

    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_data_loses_nothing(self, encoding: str) -> None:
        """JSON says the same; CSV has the escapes of JSON; a file that is UTF-8 by its kind stays UTF-8."""
        shown = ["categories", "show", "stem", "--lang", "fr", "--on", "2026-10-01"]
        told = json.loads(written([*shown, "--format", "json"], encoding)[1].decode(encoding))
        assert told == json.loads(written([*shown, "--format", "json"], "utf-8")[1])

        rows = list(csv.DictReader(io.StringIO(written([*shown, "--format", "csv"], encoding)[1].decode(encoding))))
        assert [json.loads(f'"{row["title"]}"') for row in rows] == [row["title"] for row in told]

        profile = written(["profile", "new", "--example", "--lang", "fr"], encoding)[1]
        assert profile == written(["profile", "new", "--example", "--lang", "fr"], "utf-8")[1]
        assert tomllib.loads(profile.decode())

    @given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(ENCODINGS))
    def test_any_data(self, text: str, encoding: str) -> None:
        """Whatever the text: it can be written, and read as JSON it is what it was."""
        quoted = json.dumps(text, ensure_ascii=False)
        assert json.loads(fitting(quoted, io.TextIOWrapper(io.BytesIO(), encoding=encoding))) == text

    @given(st.text(st.characters(exclude_categories=["Cs"])), st.sampled_from(ENCODINGS))
    def test_any_text(self, text: str, encoding: str) -> None:
        """Whatever the text: it can be written, what the encoding has unchanged; the stream is as strict afterwards."""
        stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding, newline="\n")
        before, sys.stdout = sys.stdout, stream
        try:
            with guarded():
                sys.stdout.write(text)
        finally:
            sys.stdout = before

        assert stream.errors == "strict"
        stream.flush()
        told = stream.buffer.getvalue()
        if text.isascii() and text.isprintable():
            assert told == text.encode()

    def test_as_a_process(self) -> None:
        """PYTHONIOENCODING is honoured from the very start."""
        env = {**os.environ, "PYTHONIOENCODING": "cp1252", "EXPRESSENTRY_LANG": "fr"}
        done = subprocess.run(
            [sys.executable, "-m", "expressentry", "categories", "show", "stem", "--on", "2026-10-01"],
            env=env, capture_output=True, check=True,
        )  # fmt: skip

        assert "é" in done.stdout.decode("cp1252")


class TestMissingExtras:
    """What needs an extra that is not installed says which, with a line that every shell takes."""

    @pytest.mark.parametrize(
        ("args", "module", "extra"),
        [
            (["pool", "init"], "psycopg", "pool"),
            (["pool", "verify"], "psycopg", "pool"),
            (["pool", "round", "preview", "general", "1"], "psycopg", "pool"),
            (["pool", "seal"], "psycopg", "pool"),
            (["pool", "token", "anna"], "psycopg", "pool"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, list) else None,
    )
    def test_named(self, args: list[str], module: str, extra: str) -> None:
        """One line with the extra, quoted with double quotes, in both languages; no traceback."""
        program = (
            f"import sys; sys.modules[{module!r}] = None; from expressentry.cli import run; sys.exit(run({args!r}))"
        )
        for lang, words in (("en", f"needs the extra `{extra}`"), ("fr", f"demande l'extra `{extra}`")):
            env = {**os.environ, "EXPRESSENTRY_LANG": lang, "EXPRESSENTRY_DATABASE": ""}
            done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True)

            assert words in done.stderr
            assert f'pip install "expressentry[{extra}]"' in done.stderr
            assert (done.returncode, done.stderr.count("\n")) == (2, 1)

    def test_every_module(self) -> None:
        """The modules are those of the requirements of each extra, as far as they are imported by us."""
        wanted = {
            (line.split("extra == ")[1].strip("'\""), line.split(";")[0].strip())
            for line in requires("expressentry") or ()
            if "extra == " in line
        }
        for module, extra in EXTRA_OF.items():
            names = {line for one, line in wanted if one.removesuffix("-client") == extra}
            assert any(line.replace("-", "_").lower().startswith(module.lower()) for line in names), module

    def test_a_fault_stays_a_fault(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """A module of ours that is missing is no missing extra: it is raised."""
        monkeypatch.setitem(COMMANDS, "broken", ("expressentry.no_such_module:x", COMMANDS["law"][1]))
        with pytest.raises(ModuleNotFoundError, match="no_such_module"):
            run(["broken"])


class TestUntilEnded:
    """Services wait for the end on every system."""

    def test_without_a_pipe(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Windows can select sockets only: nothing is selected, and no pipe is made."""

        def refuse(*_: object) -> None:
            raise OSError(10038, "An operation was attempted on something that is not a socket")

        monkeypatch.setattr("select.select", refuse)
        monkeypatch.setattr("os.pipe", refuse)
        with until_ended() as wait:
            assert wait(0.01) is False

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_a_signal_ends_a_long_wait_at_once(self, number: signal.Signals) -> None:
        """Asked to end, the wait is true at once, and so is each wait after it; the old handlers come back."""
        before = signal.getsignal(number)
        with until_ended() as wait:
            threading.Timer(0.2, os.kill, (os.getpid(), number)).start()
            began = time.monotonic()
            assert wait(60) is True
            assert time.monotonic() - began < 30
            assert wait(60) is True
        assert signal.getsignal(number) is before

    def test_a_signal_between_two_waits(self) -> None:
        """What was asked while work was done is heard by the next wait."""
        with until_ended() as wait:
            os.kill(os.getpid(), signal.SIGTERM)
            assert wait(60) is True


class TestExamples:
    """`expressentry examples` gives what help pages name to those who have no checkout."""

    def test_written(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The files are those of the checkout; one that is there already, perhaps changed, is left as it is."""
        mine = place / "work/examples/people.csv"
        mine.parent.mkdir()
        mine.write_text("mine")
        assert run(["examples", "--out", "examples", "--format", "json"]) == 0
        told = json.loads(capsys.readouterr().out)

        assert {row["file"] for row in told if not row["written"]} == {"people.csv"}
        assert mine.read_text() == "mine"
        for name in set(EXAMPLES) - {"people.csv"}:
            assert (place / "work/examples" / name).read_bytes() == (ROOT / "examples" / name).read_bytes()
        assert run(["examples", "--out", "examples"]) == 0
        assert capsys.readouterr().out.count("left as it was") == len(EXAMPLES)

    def test_without_out_nothing_is_written(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Alone, the command lists the files, and says how to write them."""
        assert run(["examples"]) == 0
        assert "expressentry examples --out examples" in capsys.readouterr().out
        assert list((place / "work").iterdir()) == []

    def test_a_file_in_the_way(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder that cannot be made is an error with a fix."""
        (place / "work/examples").write_text("")
        assert run(["examples", "--out", "examples"]) == 1
        assert "Fix:" in capsys.readouterr().err

    def test_every_file_of_help_is_among_them(self) -> None:
        """What an example of a help page names is shipped, and only that and the people."""
        from tests.cli.test_cli import ALL

        named = {word for _, command in ALL for word in command.example.split() if word.startswith("examples/")}
        assert {word.removeprefix("examples/") for word in named} <= set(EXAMPLES)
        assert shipped() == ROOT / "examples"

    def test_every_file_of_the_guides_is_among_them(self) -> None:
        """Who installed the package and follows a guide has each file that the guide names."""
        pages = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").glob("how-to/*.md"))]
        named = {found[1] for page in pages for found in re.finditer(r"\bexamples/([\w/-]+\.[a-z]+)\b", page)}

        assert {"people/engineer.toml", "law/high-wage-2026-11-03.toml"} <= named
        assert named <= set(EXAMPLES)

    def test_each_command_exists(self) -> None:
        """What is proposed for a file is a command."""

        def known() -> Iterator[str]:
            yield from COMMANDS

        assert {command.split()[0] for _, command in EXAMPLES.values()} - {"marimo"} <= set(known())
