"""What is typed wrong, as people type it: the error names what was typed, the rule, and a fix that works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import expressentry.answers.context as context
from expressentry.cli import run
from expressentry.law.law import Law

NURSE = "examples/people/nurse.toml"

pytestmark = pytest.mark.usefixtures("place")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[str, str]:
    """What misuse is answered with, in English and in French."""
    told = []
    for lang in ("en", "fr"):
        assert run([*words, "--lang", lang]) == 2
        told.append(capsys.readouterr().err.strip())
    return told[0], told[1]


class TestWords:
    """No name of a variable, no English in French, no fix that fixes nothing."""

    @pytest.mark.parametrize(
        ("words", "english", "french"),
        [
            (["rounds", "list", "--type", "frnch"], "Did you mean french?", "Vouliez-vous dire french?"),
            (["rounds", "list", "--category", "cec"], "Did you mean --type cec?", "Vouliez-vous dire --type cec?"),
            (["rounds", "list", "--type", "genral"], "Did you mean general?", "Vouliez-vous dire general?"),
            (
                ["invited", NURSE],
                "--round: required. Fix: for example: expressentry invited ",
                "--round : obligatoire. Correction : par exemple : expressentry invited ",
            ),
            (
                ["convert", "ielts", "7", "7", "7", "7"],
                "--taken-on: required. Fix: for example: expressentry convert",
                "--taken-on : obligatoire. Correction : par exemple : ",
            ),
            (
                ["rounds", "list", "--cutoff-min", "x"],
                "--cutoff-min: `x` is not a whole number.",
                "--cutoff-min : `x` n'est pas un nombre entier.",
            ),
            (
                ["simulate", "run", "year-ahead", "--seeds", "0"],
                "--seeds: `0` is not a whole number from 1 to 1000.",
                "--seeds : `0` n'est pas un nombre entier de 1 à 1000.",
            ),
            (
                ["simulate", "run", "year-ahead", "--processes", "0"],
                "--processes: `0` is not a whole number, 1 or more.",
                "--processes : `0` n'est pas un nombre entier, 1 ou plus.",
            ),
            (
                ["pool", "seal", "--every", "0.01"],
                "--every: `0.01` is not a number from 0.1 to 3600.",
                "--every : `0.01` n'est pas un nombre de 0.1 à 3600.",
            ),
            (
                ["score", "examples/people", "--out", "x.csv"],
                "files of single people are for `expressentry assess`",
                "les fichiers d'une personne sont pour `expressentry assess`",
            ),
            (["score", NURSE, "--out", "x.csv"], "`expressentry assess`", "`expressentry assess`"),
            (["score", "people.xlsx", "--out", "x.csv"], "Fix: use CSV, which", "Correction : prendre le CSV, qu'un"),
            (["score", "examples/people.csv", "--out", "x.toml"], "Fix: rename the file", "renommer le fichier"),
            (
                ["law", "list", "--kind", "foo"],
                "--kind: `foo` is not one of: crs, ",
                "--kind : `foo` n'est pas l'un de : crs, ",
            ),
            (["rounds", "lst"], "lst: unknown command. Did you mean list?", "lst : commande inconnue. Vouliez-vous"),
            (["rounds", "list", "extra"], "extra: more than the command takes.", "extra : plus que la commande"),
            (
                ["law", "diff", "2025-02-30", "2026-10-01"],
                "a: `2025-02-30` is not a real day written YYYY-MM-DD.",
                "a : `2025-02-30` n'est pas un jour réel",
            ),
            (["law", "show", "2025-02-30"], "is not a real day", "n'est pas un jour réel"),
            (
                ["rounds", "list", "--since", "2026-13"],
                "is not a real day, month or year",
                "n'est pas un jour, un mois ou une année réels",
            ),
        ],
    )
    def test_error(self, words: list[str], english: str, french: str, capsys: pytest.CaptureFixture[str]) -> None:
        """The sentence, in both languages."""
        told = said(capsys, *words)
        assert english in told[0]
        assert french in told[1]
        assert "type_" not in told[0]
        assert "_:" not in told[0]
        assert "see --help" not in told[0]
        assert "Invalid" not in told[1]
        assert "Got " not in told[1]

    @pytest.mark.parametrize("words", [["rounds", "list", "--lang", "de"], ["--lang", "de", "rounds", "list"]])
    def test_other_languages(self, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """A language that answers do not have is refused wherever it stands, and never silently English."""
        assert run(words) == 2
        assert "lang: `de` is not one of: en, fr." in capsys.readouterr().err

    def test_toefl_is_not_tef(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A test that is not taken is no misspelling of another one."""
        text = Path(NURSE).read_text("utf-8").replace('test = "ielts"', 'test = "toefl"')
        (place / "me.toml").write_text(text, "utf-8")
        assert run(["profile", "check", "me.toml"]) == 1
        told = capsys.readouterr().err
        assert "`toefl` is not one of: celpip, ielts, pte, tef, tcf" in told
        assert "mean" not in told


class TestPeriods:
    """A year or a month is the day with which it begins or ends."""

    def test_years_and_months(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`--since 2024-03 --until 2024-04` are these two months; the older names do the same."""
        found = []
        for words in (
            ["--since", "2024-03", "--until", "2024-04"],
            ["--from", "2024-03", "--to", "2024-04"],
            ["--from", "2024-03-01", "--to", "2024-04-30"],
        ):
            assert run(["rounds", "list", *words, "--on", "2026-10-01", "--format", "json"]) == 0
            found.append([one["date"] for one in json.loads(capsys.readouterr().out)])
        assert found[0] == found[1] == found[2]
        assert found[0][0].startswith("2024-04")
        assert found[0][-1].startswith("2024-03")

    def test_latest(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The newest round has a name."""
        assert run(["rounds", "show", "latest", "--format", "json"]) == 0
        latest = json.loads(capsys.readouterr().out)
        assert run(["rounds", "show", latest["number"], "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == latest

    def test_names_of_the_day_of_a_test(self, capsys: pytest.CaptureFixture[str]) -> None:
        """`--taken-on` is `--date`."""
        told = []
        for name in ("--taken-on", "--date"):
            assert run(["convert", "ielts", name, "2026-01-15", "7.5", "7", "6.5", "6"]) == 0
            told.append(capsys.readouterr().out)
        assert told[0] == told[1]


def test_the_law_is_read_once(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options whose words are in the law, and the command, share one reading of the user's law."""
    read: list[Any] = []
    real = context.read_law

    def counted(*given: Any) -> Law:
        read.append(given)
        return real(*given)

    monkeypatch.setattr(context, "read_law", counted)
    assert run(["rounds", "list", "--category", "stem", "--type", "category", "--on", "2026-10-01"]) == 0
    assert len(read) == 1
