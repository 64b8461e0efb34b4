"""What strangers wrote is shown on a terminal and in a pipe, and never obeyed."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.cli import main, run
from expressentry.forecast.chain import COLUMNS
from expressentry.pool.server.embedded import open_embedded
from expressentry.present.text.console import heading, show, table
from expressentry.terminal import guarded
from expressentry.text import visible
from tests.pool.servers import copy_of

ROOT = Path(__file__).parents[2]
HOSTILE = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202egnp\u2066\x08\r\x7f"
OBEYED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
OURS = re.compile(r"\x1b\[[0-9;]*m|\r?\x1b\[\??[0-9]*[KAhl]")
"""What we ask a terminal for: colours, and for a bar of progress to write a line again."""
ON = ["--on", "2026-10-01"]


def obeyed(text: str) -> str:
    """What a terminal would obey in text, our own colours and ends of lines apart."""
    left = OURS.sub("", text).replace("\r\n", "\n")
    return "".join(OBEYED.findall(left)) + ("\x1b" if "\x1b" in left else "") + ("\r" if "\r" in left else "")


def on_terminal(args: list[str], home: Path, stdin: str = "") -> str:
    """All that a command writes on a terminal of its own, standard output and error together."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    words = [sys.executable, "-c", "from expressentry.cli import entry; entry()", *args]
    env = {**os.environ, "EXPRESSENTRY_HOME": str(home), "COLUMNS": "150", "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(words, env=env, stdin=subprocess.PIPE, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        assert process.stdin
        process.stdin.write(stdin.encode())
        process.stdin.close()
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the last that wrote to it has ended
                break
            if not part:
                break
            parts.append(part)
    os.close(ours)
    return b"".join(parts).decode(errors="surrogateescape")


def in_this_process(args: list[str]) -> str:
    """The same of a command that is told that both its streams are terminals."""
    out, err = _Stream(True), _Stream(True)
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        run(args)
    finally:
        sys.stdout, sys.stderr = before
    return out.getvalue() + err.getvalue()


class _Stream(io.StringIO):
    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        """Whether it says that it is a terminal."""
        return self.terminal


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files that mean ill, in every kind that a command takes; `home` is in it."""
    place = tmp_path_factory.mktemp("hostile")
    (place / "home").mkdir()
    sound = (ROOT / "examples/people/electrician.toml").read_text()
    named = sound.replace('employer = "', f'employer = "{HOSTILE_TOML}')
    assert named != sound
    people = place / f"people{HOSTILE}"
    people.mkdir()
    (people / f"a{HOSTILE}.toml").write_text(named)
    (people / os.fsdecode(b"b\xff\x1b[2J.toml")).write_text(f'"{HOSTILE_TOML}" = 1\n[person]\n')
    (people / f"t{HOSTILE}.csv").write_text("age\n1\n")
    (place / "p.json").write_text(json.dumps({"person": {}, HOSTILE: {HOSTILE: HOSTILE}}))
    (place / "f.json").write_text(json.dumps({"age": HOSTILE, "education": HOSTILE, HOSTILE: 1}))
    rows = [{"client": f"{HOSTILE}{n}", "age": HOSTILE if n else 29, "educatoin": HOSTILE} for n in range(3)]
    (place / "c.ndjson").write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    row = {"drawNumber": "900", "drawDate": "2026-11-20", "drawName": HOSTILE, "drawSize": "1", "drawCRS": "515"}
    (place / "feed.json").write_text(json.dumps({"rounds": [{**row, "drawText2": HOSTILE, "drawDateTime": HOSTILE}]}))
    (place / "bad.json").write_text(json.dumps({"rounds": [{**row, "drawSize": HOSTILE}]}))
    (place / "law.toml").write_text(f'id = "{HOSTILE_TOML}"\n"{HOSTILE_TOML}" = "{HOSTILE_TOML}"\n')
    (place / "t.csv").write_text(f"age,{HOSTILE.strip()}\n{HOSTILE.strip()},1\n")
    heading = "province,stream,date,kind,source,checked,confidence,target,doubt_en,doubt_fr"
    cell = HOSTILE.strip().replace('"', '""').replace("\n", " ").replace("\r", " ")
    round_ = f'SK,sk-ee,2026-11-20,invitation,"{cell}",2026-11-21,primary,"{cell}","{cell}","{cell}"'
    (place / "draws.csv").write_text(f"{heading}\n{round_}\n")
    return place


HOSTILE_TOML = json.dumps(HOSTILE)[1:-1]


def walked(place: Path) -> Iterator[list[str]]:
    """A call of every command that takes words or files of others."""
    people = str(next(path for path in place.iterdir() if path.name.startswith("people")))
    one = next(str(path) for path in Path(people).iterdir() if path.name.startswith("a"))
    p, f, c = (str(place / name) for name in ("p.json", "f.json", "c.ndjson"))
    yield ["profile", "check", people, p, c]
    yield ["profile", "show", one, *ON]
    yield ["profile", "show", one, *ON, "--format", "json"]
    yield ["assess", one, *ON]
    yield ["assess", people, *ON]
    yield ["assess", f, *ON]
    yield ["plan", people, *ON]
    yield ["timeline", people, *ON]
    yield ["timeline", one, "--until", "2026-12-01", *ON]
    yield ["watch", p, *ON]
    yield ["watch", one, "--ahead", "5", *ON]
    yield ["assess", people, c, *ON, "--format", "json"]
    yield ["assess", people, c, "--out", f"{place}/out{HOSTILE}.csv", *ON]
    yield ["compare", one, one, *ON]
    yield ["compare", c, *ON]
    yield ["changes", people, c, "--law", "2025-03-24", "--law", "2025-03-25", "--format", "csv"]
    yield ["changes", people, c, "2025-03-24", "2025-03-25", "--all"]
    yield ["report", c, "--out", f"{place}/r{HOSTILE}", "--jobs", "1"]
    yield ["invited", one, "--round", HOSTILE]
    yield ["invited", one, "--round", "900"]
    yield ["score", str(place / "t.csv"), "--out", f"{place}/{HOSTILE}.csv"]
    yield ["score", str(place / f"no{HOSTILE}.csv"), "--out", f"{place}/o.csv"]
    yield ["convert", HOSTILE, *ON, "1", "2", "3", HOSTILE]
    yield ["categories", "show", HOSTILE]
    yield ["examples", "--out", f"{place}/{HOSTILE}"]
    yield ["occupations", "show", HOSTILE]
    yield ["occupations", "search", HOSTILE]
    yield ["rounds", "update", str(place / "bad.json")]
    yield ["rounds", "update", str(place / "feed.json"), "--on", "2026-11-28"]
    for form in ("text", "json", "csv"):
        yield ["rounds", "list", "--format", form]
    yield ["rounds", "show", "900"]
    yield ["rounds", "show", HOSTILE]
    yield ["rounds", "pool", "--on", "2026-11-28"]
    yield ["rounds", "replay", one, *ON, "--last", "3"]
    yield ["rounds", "replay", people, "--on", "2026-11-28", "--last", "3", "--format", "csv"]
    yield ["law", "show", HOSTILE]
    yield ["law", "check", str(place / "law.toml")]
    yield ["law", "diff", HOSTILE, HOSTILE]
    yield ["assess", one, "--law", str(place / "law.toml")]
    yield from looked_ahead(place, one)
    yield ["serve", "--check", "--address", HOSTILE]
    yield ["mcp", HOSTILE]
    yield [HOSTILE]
    yield [f"--{HOSTILE}"]
    yield ["assess", one, "--on", HOSTILE]
    yield ["assess", one, "--format", HOSTILE]


def looked_ahead(place: Path, one: str) -> Iterator[list[str]]:
    """The same of forecasts, provinces and simulations."""
    yield ["forecast", HOSTILE, *ON]
    yield ["forecast", "cec", "--assume", HOSTILE, *ON]
    yield ["forecast", "score", "--file", str(place / f"no{HOSTILE}.csv")]
    (place / "published.csv").write_text(",".join(COLUMNS) + "\n")
    yield ["forecast", "score", "--file", str(place / "published.csv"), "--chain", HOSTILE]
    yield ["watch", one, "--since", str(place / "seen.json"), "--notify", f"nope://{HOSTILE}", *ON]
    yield ["data", "export", f"{place}/data{HOSTILE}", "--law", f"{place}/law{HOSTILE}.toml"]
    yield ["provinces", "show", HOSTILE, *ON]
    yield ["provinces", "assess", one, "--stream", HOSTILE, *ON]
    yield ["provinces", "draws", "--province", HOSTILE, *ON]
    yield ["provinces", "update", str(place / "t.csv"), *ON]
    yield ["provinces", "update", str(place / "draws.csv"), "--on", "2026-11-28"]
    yield ["provinces", "draws", "--province", "SK", "--on", "2026-11-28"]
    yield ["simulate", "scenarios", HOSTILE]
    yield ["simulate", "run", str(place / "law.toml"), "--out", str(place / "run")]


def test_every_command_is_walked(files: Path) -> None:
    """A new command has a call here, or in the test of the pool below."""
    assert {call[0] for call in walked(files)} | {"pool"} >= set(main.members)


def test_every_command(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None of the hostile characters arrives, in no answer and in no error; most are shown."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(files / "home"))
    monkeypatch.setenv("COLUMNS", "150")
    shown = 0
    for call in walked(files):
        said = in_this_process(call)
        assert obeyed(said) == "", call
        said.encode()
        shown += "\\u001b" in said
    assert shown > 20


@pytest.mark.parametrize("nth", [1, 8, 30])
def test_some_commands_on_a_terminal(files: Path, nth: int) -> None:
    """On a real terminal it is the same."""
    assert obeyed(on_terminal(list(walked(files))[nth], files / "home")) == ""


@pytest.mark.long
def test_every_command_on_a_terminal(files: Path) -> None:
    """On a real terminal it is the same, for every command."""
    for call in walked(files):
        assert obeyed(on_terminal(call, files / "home")) == "", call


class TestPool:
    """The pool's own words: who acted, why, and what was refused."""

    @pytest.mark.db
    def test_events(self, pool_home: Path, pool_template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Actor and reason of an event, which the pool refuses unless they are plain, and its errors."""
        copy_of(pool_template, pool_home / "pool")
        monkeypatch.setenv("EXPRESSENTRY_HOME", str(pool_home))
        with open_embedded(pool_home / "pool"):  # so that it is not started for each command
            self._walk()

    def _walk(self) -> None:
        begin = ["--on", "2026-10-01"]
        for call in (
            ["init", *begin],
            ["bar", HOSTILE, "--until", "2030-01-01", "--actor", HOSTILE, *begin],
            ["bar", "someone", "--until", "2030-01-01", "--reason", HOSTILE, "--actor", HOSTILE, *begin],
            ["events"],
            ["events", "--format", "csv"],
            ["events", "--format", "json"],
            ["submit", "--person", HOSTILE, f"{HOSTILE}.toml", *begin],
            ["round", "show", HOSTILE],
            ["verify"],
            ["bar", "someone", "--until", "2030-01-01", "--reason", os.fsdecode(b"zo\xe9"), *begin],
            ["bar", "other", "--until", "2030-01-01", "--reason", "x", "--actor", os.fsdecode(b"zo\xe9"), *begin],
            ["submit", "--person", os.fsdecode(b"zo\xe9"), "examples/people/nurse.toml", *begin],
            ["show", "--database", f"postgresql://x@127.0.0.1:1/{HOSTILE}"],
            ["restore", f"{HOSTILE}.dump"],
        ):
            said = in_this_process(["pool", *call])
            assert obeyed(said) == "", call
            assert (
                call[0] != "bar"
                or "no such act" in said
                or "required" in said
                or "UTF-8" in said
                or "all of them printed" in said
            )
            assert not any("\udce9" in word for word in call) or "UTF-8" in said or "print" in said


TEXT = st.text(st.characters(), max_size=30)
"""Any text, halves of characters too."""


class TestAnyText:
    """The same for arbitrary text, in every way that leads to a stream."""

    @given(TEXT, TEXT)
    @settings(max_examples=60)
    def test_streams(self, text: str, cell: str) -> None:
        """Nothing that a terminal obeys comes through, and what is harmless comes as it is."""
        for terminal in (True, False):
            out, err = _Stream(terminal), _Stream(terminal)
            before = sys.stdout, sys.stderr
            sys.stdout, sys.stderr = out, err
            try:
                with guarded():
                    sys.stdout.write(text)
                    sys.stderr.writelines([cell, "\n"])
                    show(text, table(["a", cell], [[text, cell]]))
                    heading(visible(text))
            finally:
                sys.stdout, sys.stderr = before
            assert obeyed(out.getvalue()) == ""
            assert obeyed(err.getvalue()) == ""
            (out.getvalue() + err.getvalue()).encode()

    @given(TEXT)
    def test_visible(self, text: str) -> None:
        """What is escaped can be read back as JSON does it, and twice is once."""
        assert visible(visible(text)) == visible(text)
        assert visible(text) == text or OBEYED.search(text) or re.search("[\\n\\t\\r\\x1b\\ufeff\\ufff9-\\ufffb]", text)
        assert json.loads(visible(json.dumps(text, ensure_ascii=False))) == text


def test_json_is_what_it_was(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Escaped in JSON is the same text for a program."""
    feed: dict[str, Any] = {"drawNumber": "900", "drawDate": "2026-11-20", "drawName": HOSTILE.strip(), "drawSize": "1"}
    (place / "feed.json").write_text(json.dumps({"rounds": [{**feed, "drawCRS": "515"}]}))
    assert run(["rounds", "update", "feed.json", "--on", "2026-11-28"]) == 0
    capsys.readouterr()
    assert run(["rounds", "show", "900", "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == HOSTILE.strip()
