"""The contract of every command: help, an example that runs, both languages, formats, exit statuses, pipes."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import click
import polars as pl
import pytest

from expressentry import cli
from expressentry.cli import main, run
from expressentry.cli.help import WRITE_EXAMPLES, WRITE_ME, Command, Group
from expressentry.cli.support import language
from expressentry.errors import FileError, Problem
from expressentry.law.load import load_law
from expressentry.profile.interview.example import EXAMPLE
from expressentry.profile.interview.saving import profile_toml
from expressentry.profile.read import read_profile
from expressentry.text import same
from tests.people import people, table

ROOT = Path(__file__).parents[2]
ANSI = "\x1b["


def commands(group: Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    """Every command of the command line with its words."""
    ctx = click.Context(group)
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        if isinstance(command, Group):
            yield from commands(command, (*path, name))
        else:
            assert isinstance(command, Command)
            yield (*path, name), command


ALL = list(commands())
OTHER_NUMBERS = {("law", "diff"), ("pool", "heads"), ("pool", "token"), ("provinces", "update")}
"""What differs begins elsewhere in French; files of heads and rounds only grow, so that the second run adds none; a
token has the second in which it was made."""

WITHOUT_DAY = {
    ("data", "export"),
    ("examples",),
    ("forecast", "backtest"),
    ("forecast", "score"),
    ("simulate", "run"),
    ("simulate", "scenarios"),
    ("simulate", "compare"),
    ("pool", "token"),
    ("pool", "heads"),
    ("law", "show"),
    ("law", "diff"),
    ("law", "check"),
    ("convert",),
    ("occupations", "search"),
    ("occupations", "show"),
    ("rounds", "show"),
    ("profile", "new"),
    ("profile", "schema"),
    ("serve",),
    ("mcp",),
    ("pool", "show"),
    ("pool", "rank"),
    ("pool", "round", "list"),
    ("pool", "round", "show"),
    ("pool", "seal"),
    ("pool", "events"),
    ("pool", "publish"),
    ("pool", "backup"),
    ("pool", "restore"),
}
"""Commands whose answer is the same on every day; `convert` asks for the day of the test instead."""
EACH = pytest.mark.parametrize(("words", "command"), ALL, ids=[" ".join(words) for words, _ in ALL])


@pytest.fixture(autouse=True)
def place(request: pytest.FixtureRequest, place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A profile too in the place where commands run; for the pool's commands a small pool."""
    (place / "me.toml").write_text(profile_toml(read_profile(EXAMPLE), "en"), encoding="utf-8")
    words = getattr(request.node, "callspec", None) and request.node.callspec.params.get("words")
    if words and words[0] == "pool":
        monkeypatch.setenv("EXPRESSENTRY_DATABASE", request.getfixturevalue("sample"))
        if words[1] == "restore":
            run(["pool", "backup", "--out", "pool.dump"])
            request.getfixturevalue("capsys").readouterr()
    return place


def options(command: click.Command) -> set[str]:
    """The options of a command."""
    return {name for parameter in command.params for name in parameter.opts}


def example_of(command: Command) -> list[str]:
    """The words of a command's example, without the program's own name."""
    program, *words = command.example.split()
    assert program == "expressentry"
    return words


class TestEveryCommand:
    """What a user may rely on everywhere."""

    @EACH
    def test_help_in_both_languages(
        self, words: tuple[str, ...], command: Command, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Help has the text, the example and every option in words, in the language asked for."""
        assert run([*words, "--help"]) == 0
        english = capsys.readouterr().out
        assert run([*words, "--help", "--lang", "fr"]) == 0
        french = capsys.readouterr().out

        assert command.example in english
        assert ("me.toml" in command.example) is (WRITE_ME in english)  # so that it runs outside the checkout too
        assert ("examples/" in command.example) is (WRITE_EXAMPLES in english.split(command.example)[0])
        assert command.example in french
        assert english.startswith("Usage: expressentry")
        assert french.startswith("Utilisation : expressentry")
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.opts[0] in english
        assert set(command.about) == {command.about.en, command.about.fr}
        assert command.about.en != command.about.fr

    @EACH
    def test_example_runs(self, words: tuple[str, ...], command: Command, capsys: pytest.CaptureFixture[str]) -> None:
        """The example of the help page runs, with plain text on standard output, and the same answer in French."""
        assert tuple(example_of(command)[: len(words)]) == words
        assert run(example_of(command)) == 0
        english = capsys.readouterr().out
        assert run([*example_of(command), "--lang", "fr"]) == 0
        french = capsys.readouterr().out

        assert english
        assert ANSI not in english
        assert english != french or words == ("pool", "token")
        assert re.findall(r"\d+", english)[:1] == re.findall(r"\d+", french)[:1] or words in OTHER_NUMBERS

    @EACH
    def test_formats(self, words: tuple[str, ...], command: Command, capsys: pytest.CaptureFixture[str]) -> None:
        """Every answer comes as text and as JSON; lists also as CSV."""
        assert {"--format", "--lang"} <= options(command)
        assert run([*example_of(command), "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        if isinstance(answer, list):
            assert run([*example_of(command), "--format", "csv"]) == 0
            header = capsys.readouterr().out.splitlines()[0]
            assert header.split(",") == list(answer[0])

    @EACH
    def test_misuse(self, words: tuple[str, ...], command: Command, capsys: pytest.CaptureFixture[str]) -> None:
        """Misuse is exit status 2, said on standard error in the language asked for."""
        assert run([*words, "--no-such-option"]) == 2
        assert run([*words, "--format", "xml"]) == 2
        assert run([*words, "--lang", "de"]) == 2
        errors = capsys.readouterr()
        assert errors.out == ""
        assert "unknown option" in errors.err
        assert run([*words, "--no-such-option", "--lang", "fr"]) == 2
        assert "option inconnue" in capsys.readouterr().err

    @EACH
    def test_day(self, words: tuple[str, ...], command: Command, capsys: pytest.CaptureFixture[str]) -> None:
        """Where a day matters, `--on` takes it, and refuses what is not a day."""
        if "--on" not in options(command):
            assert words in WITHOUT_DAY
            return
        for wrong in ("2026-02-30", "1 May 2026", "20261001", "2014-12-31"):
            assert run([*example_of(command), "--on", wrong]) == 2
        assert "2015-01-01" in capsys.readouterr().err


class TestProgram:
    """The program as a whole."""

    def test_version_has_the_disclaimer(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Not a government product, and no legal advice; in both languages."""
        assert run(["--version"]) == 0
        assert "Not a Government of Canada product, and no legal advice." in capsys.readouterr().out
        assert run(["--version", "--lang", "fr"]) == 0
        assert "Pas un produit du gouvernement du Canada" in capsys.readouterr().out

    def test_alone_shows_help(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Without a command the help page is shown."""
        assert run([]) == 0
        assert "assess" in capsys.readouterr().out

    def test_unknown_command(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A misspelt command is answered with the nearest."""
        assert run(["asses"]) == 2
        assert "Did you mean assess?" in capsys.readouterr().err
        assert run(["law", "lst"]) == 2

    def test_language_by_environment(self) -> None:
        """`--lang` first, then EXPRESSENTRY_LANG, then the locale."""
        assert language(["--lang", "fr"], {"EXPRESSENTRY_LANG": "en"}) == "fr"
        assert language(["--lang=fr"], {}) == "fr"
        assert language([], {"EXPRESSENTRY_LANG": "fr", "LC_ALL": "en_CA.UTF-8"}) == "fr"
        assert language([], {"LANG": "fr_CA.UTF-8"}) == "fr"
        assert language([], {"LC_ALL": "C", "LANG": "fr_CA.UTF-8"}) == "en"
        assert language([], {}) == "en"

    def test_warnings_go_to_standard_error(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Law not established is said beside the answer, not in it; JSON has it inside."""
        assert run(["assess", "examples/engineer.toml", "--on", "2026-11-24"]) == 0
        shown = capsys.readouterr()
        assert "grid of 25 March 2025" in shown.out
        assert "3 November 2026" in shown.err
        assert run(["assess", "examples/engineer.toml", "--on", "2026-11-24", "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)
        assert (answer["crs"]["current"], answer["law"]["established"]) == (False, False)
        assert [warning["code"] for warning in answer["law"]["warnings"]] == ["law_unestablished"]

    def test_json_of_assess(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys that scripts rely on."""
        assert run(["assess", "examples/engineer.toml", "--on", "2026-10-01", "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert list(answer) == ["as_of", "summary", "law", "record", "crs", "programs", "invitation", "categories"]
        assert answer["record"] == {"as_of": "2026-10-01", "newest_round": "447"}
        assert (answer["as_of"], answer["law"]["rule_set"], answer["law"]["checked"]) == (
            "2026-10-01",
            "crs-2025-03-25",
            "2026-08-24",
        )
        assert answer["law"]["digest"].startswith("sha256:")
        crs = answer["crs"]
        assert (crs["total"], crs["grid"], crs["current"]) == (384, "crs-2025-03-25", True)
        assert crs["first_language"] == {"used": "english", "given": None, "other_total": 265}
        assert crs["sections"] == {"core": 334, "partner": 0, "transferability": 50, "additional": 0}
        age = next(line for line in crs["lines"] if line["id"] == "core.age")
        assert {"id", "parent", "given", "points", "max", "uncapped", "status", "cites"} <= set(age)
        assert (age["given"], age["points"], age["max"], age["status"]) == (33, 88, 110, "met")
        assert set(age["cites"][0]) >= {"instrument", "place", "url"}
        fsw, military = answer["programs"]["fsw"], answer["categories"][-3]
        assert (fsw["finding"], fsw["points"], fsw["points_range"]) == ("cannot_tell", None, [57, 92])
        assert {"id", "finding", "why", "cites"} <= set(fsw["criteria"][0])
        assert [one["id"] for one in fsw["criteria"][-1]["any"]] == ["held", "arranged"]
        assert (military["id"], military["finding"]) == ("military", "cannot_tell")
        assert military["missing"] == ["military_years", "military_offer_years"]
        assert (military["last_round"], military["dormant"]) == ({"number": "430", "version": "v1"}, False)

    def test_json_of_assess_of_dated_facts(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A person of dated facts: the same keys, and what is open, each reading, and where each factor comes from."""
        assert run(["assess", "examples/people/graduate.toml", "--on", "2026-10-01", "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert list(answer)[-3:] == ["doubts", "readings", "derived"]
        assert (answer["crs"]["total"], answer["crs"]["totals"]) == (None, [464, 475])
        assert {reading["crs"] for reading in answer["readings"]} == {464, 475}
        assert answer["derived"]["age"]["why"]
        assert answer["programs"]["cec"]["finding"] == "eligible"

    def test_bad_data_is_exit_1(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Bad data, unreadable files and wrong law are 1, with every problem in French when asked."""
        (place / "bad.toml").write_text("age = 29.9\nenglish_reading = 99\n")
        (place / "broken.json").write_text("{")
        (place / "list.json").write_text("[1]")
        assert run(["assess", "bad.toml", "--lang", "fr", "--on", "2026-10-01"]) == 1
        told = capsys.readouterr()
        assert told.out == ""
        assert "age : `29.9` n'est pas un nombre entier de 0 à 120 (ans)." in told.err
        assert "english_reading" in told.err
        for file in ("broken.json", "list.json", "nowhere.toml", "nowhere"):  # a folder is several people
            assert run(["assess", file]) == 1
        assert run(["law", "check", str(ROOT / "tests/law/bad/no_place.toml")]) == 1
        assert "no_place.toml:16" in capsys.readouterr().err

    def test_unknown_ids_are_misuse(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An id that does not exist is misuse, and the known ones are named."""
        for words in (
            ["law", "show", "crs-1999"],
            ["law", "diff", "crs-2015-01-01", "x"],
            ["law", "list", "--law", "no-such"],
        ):
            assert run(words) == 2
            assert "crs-" in capsys.readouterr().err

    def test_json_and_toml_profiles_are_one(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The same facts in JSON give the same answer; null is an empty value."""
        import tomllib

        facts = tomllib.loads((ROOT / "examples/engineer.toml").read_text())
        (place / "p.json").write_text(json.dumps({**facts, "first_language": None}))
        assert run(["assess", "examples/engineer.toml", "--on", "2026-10-01"]) == 0
        toml = capsys.readouterr().out
        assert run(["assess", "p.json", "--on", "2026-10-01"]) == 0

        assert capsys.readouterr().out == toml

    def test_proposal_by_name(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A proposal needs its numbers, and then says what it is."""
        words = ["law", "show", "crs-proposal-2026-04", "--law", "crs-proposal-2026-04"]
        assert run(words) == 1
        assert "--set high_wage_2" in capsys.readouterr().err
        numbers = [word for name in ("1_3", "1_5", "2") for word in ("--set", f"high_wage_{name}=25")]
        assert run([*words, *numbers]) == 0
        assert "high_wage" in capsys.readouterr().out
        assert run([*words, "--set", "high_wage_2=lots"]) == 2

    def test_home_is_honoured(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Law files in the folder `law/` of EXPRESSENTRY_HOME are in force without being named."""
        folder = Path(os.environ["EXPRESSENTRY_HOME"]) / "law"
        folder.mkdir(parents=True)
        text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2026-11-03")
        (folder / "mine.toml").write_text(text.replace("in_force = 2025-03-25", "in_force = 2026-11-03"))
        assert run(["assess", "examples/engineer.toml", "--on", "2026-11-24"]) == 0
        told = capsys.readouterr()

        assert "user law" in told.out
        assert "added by the user" in told.err

    def test_law_show_toml_is_a_law_file(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What `law show --format toml` writes passes `law check` under a new id and day."""
        assert run(["law", "show", "crs-2025-03-25", "--format", "toml"]) == 0
        text = capsys.readouterr().out.replace('"crs-2025-03-25"', '"crs-2030-01-01"')
        (place / "mine.toml").write_text(text.replace("in_force = 2025-03-25", "in_force = 2030-01-01"))

        assert run(["law", "check", "mine.toml"]) == 0

    def test_law_check_tries_the_law_on_people(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that reads well but leaves somebody without an answer does not pass; the day is told."""
        (place / "mine.toml").write_text((ROOT / "tests/law/new_column.toml").read_text())
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("expressentry.assess.rehearse.lowest_factors", lambda grid: {"age": 30})

            assert run(["law", "check", "mine.toml"]) == 1
        assert "a file of factors on 2026-11-03" in capsys.readouterr().err
        assert run(["law", "check", "mine.toml"]) == 0

    def test_score_writes_and_counts(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The counts on standard output, the table in its file, 007 as it was."""
        assert run(["score", "examples/people.csv", "--out", "out.csv", "--sections", "--on", "2026-10-01"]) == 0
        told = capsys.readouterr()

        assert told.out.startswith("rows read 3, scored 3 on the grid of 25 March 2025, rejected 0")
        rows = (place / "out.csv").read_text().splitlines()
        assert rows[0].endswith("crs,core,partner,transferability,additional,first_language_used,rule_set")
        assert [row.split(",")[0] for row in rows[1:]] == ["007", "008", "009"]
        assert rows[1].endswith("469,369,0,100,0,english,crs-2025-03-25")


class TestProcess:
    """In a process of its own."""

    PROGRAM = (sys.executable, "-c", "from expressentry.cli import entry; entry()")

    def test_closed_pipe_is_no_error(self) -> None:
        """`expressentry … | head -1` ends quietly, and no pipe counts it as failed."""
        shell = f"set -o pipefail; {self.PROGRAM[0]} -c '{self.PROGRAM[2]}' law list --kind all --format csv | head -1"
        done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)

        assert done.stdout.startswith("kind,id,")
        assert (done.stderr, done.returncode) == ("", 0)

    @pytest.mark.parametrize(
        ("file", "code", "told"),
        [
            ("engineer.toml", "any(name.startswith('pydantic') for name in sys.modules)", "False"),
            ("people/engineer.toml", "sys.modules['expressentry.profile.model'].Job.__pydantic_complete__", "False"),
            ("people/engineer.toml", "sys.modules['expressentry.profile.model'].Profile.__pydantic_complete__", "True"),
        ],
    )
    def test_a_cold_start_builds_only_what_it_needs(self, file: str, code: str, told: str) -> None:
        """Factors need no models of profiles; dated facts need the reader of the whole, and none of its parts."""
        program = (
            "import sys; from expressentry.cli import run; "
            f"status = run(['assess', 'examples/{file}', '--on', '2026-10-01']); print({code}, file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)

        assert done.stderr.splitlines()[-1] == told

    def test_one_person_imports_no_polars(self) -> None:
        """A cold `assess` never loads Polars."""
        code = (
            "import sys; from expressentry.cli import run; "
            "status = run(['assess', 'examples/engineer.toml']); print('polars' in sys.modules, file=sys.stderr)"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

        assert done.stderr.endswith("False\n")

    @pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
    def test_stopped_in_the_middle_leaves_nothing(self, place: Path, sent: signal.Signals) -> None:
        """Ctrl-C, or being asked to end, while the output is written: exit 130, no output, no temporary file."""
        rows = table(people(200, seed=6), load_law().grid("crs-2025-03-25"))
        pl.concat([rows.lazy()] * 6_000).sink_parquet(place / "in.parquet")
        words = ["score", "in.parquet", "--out", "out.parquet", "--on", "2026-10-01"]
        # A shell starts what it puts into the background deaf to Ctrl-C.
        heard = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
        with subprocess.Popen([*self.PROGRAM, *words], stderr=subprocess.PIPE, text=True, preexec_fn=heard) as running:
            while not list(place.glob(".*.part")):
                assert running.poll() is None
                time.sleep(0.005)
            running.send_signal(sent)
            assert running.wait(60) == 130

        assert sorted(path.name for path in place.iterdir()) == ["examples", "in.parquet", "me.toml"]

    def test_stopped_within_a_library(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Where a library makes its own error of the signal, the run was stopped all the same; the next was not."""
        faults: list[Exception] = [
            RuntimeError("panicked"),
            FileError(Problem("unreadable", "in.parquet", same("Bad file descriptor"), same("give a complete file"))),
        ]

        def turned(*_: object, **__: object) -> None:
            with suppress(KeyboardInterrupt):
                signal.raise_signal(signal.SIGTERM)
            raise faults[-1]

        before = signal.signal(signal.SIGTERM, cli._end)
        try:
            with monkeypatch.context() as patch:
                patch.setattr(cli.main, "main", turned)
                while faults:
                    assert run(["score"]) == 130
                    assert capsys.readouterr().err == "stopped; nothing was written\n"
                    faults.pop()
        finally:
            signal.signal(signal.SIGTERM, before)
        assert run(["assess", "no-such-file.toml"]) == 1

    def test_progress_on_a_terminal_only(self, place: Path) -> None:
        """A terminal sees a progress bar on standard error; a pipe sees none."""
        words = ["score", "examples/people.csv", "--out", "out.csv", "--on", "2026-10-01"]
        piped = subprocess.run([*self.PROGRAM, *words], capture_output=True, text=True, check=True)
        ours, theirs = pty.openpty()
        with subprocess.Popen([*self.PROGRAM, *words], stdout=subprocess.DEVNULL, stderr=theirs) as seen:
            assert seen.wait(60) == 0
        os.close(theirs)
        shown = os.read(ours, 65536).decode()
        os.close(ours)

        assert ANSI not in piped.stderr
        assert "people.csv" in shown
        assert ANSI in shown
