"""The record of rounds of provinces: read by the rules of a user's file, merged with care, nothing on a mistake."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import RecordError
from expressentry.cli import run
from expressentry.rounds import province_updates
from expressentry.rounds.load import HISTORY
from expressentry.rounds.province_draws import COLUMNS, FILE, Draw, Draws, in_order
from expressentry.rounds.province_form import read_draws
from expressentry.rounds.province_updates import (
    DrawsUpdate,
    _key,
    _settled,
    _values,
    load_draws,
    merge_draws,
    shipped_draws,
    written,
)

DAY = "2026-11-28"
HEAD = "province,stream,date,kind,scale,score_min,invitations,source,checked,confidence\n"
NEW = HEAD + "SK,sk-ee,2026-11-20,invitation,SINP,86,45,a page,2026-11-21,one_source\n"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty user folder."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def updated(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """What an update with a file of this text says."""
    (folder / "rounds.csv").write_text(text, encoding="utf-8")
    assert run(["provinces", "update", str(folder / "rounds.csv"), "--on", DAY, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def listed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The rounds that a command lists."""
    assert run(["provinces", "draws", "--on", DAY, "--format", "json", *words]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_shipped_file_keeps_its_own_rules() -> None:
    """Every shipped row passes the checks of a user's file, and is what the quick reader reads."""
    rows = read_draws((HISTORY / FILE).read_text(encoding="utf-8"), FILE)

    assert sorted(rows, key=repr) == sorted(shipped_draws(), key=repr)
    assert read_draws(written(rows), FILE) == rows


def test_a_new_round_is_there_from_then_on(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is listed, shown as the newest of its stream, and no longer missing; a second time it is known."""
    told = updated(NEW, tmp_path, capsys)
    assert (told["known"], len(told["new"]), told["differences"], told["same"]) == (436, 1, [], 0)
    assert listed(capsys, "--stream", "sk-ee")[0]["date"] == "2026-11-20"
    run(["provinces", "show", "sk-ee", "--on", DAY, "--format", "json"])
    shown = json.loads(capsys.readouterr().out)
    assert (shown["draws"][0]["score_min"], shown["draws_read"]["as_of"]) == (86, "2026-11-21")
    assert shown["draws_read"]["stale"] is False
    run(["provinces", "show", "sk-ee", "--on", "2026-11-19", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["draws"][0]["date"] == "2024-09-12"

    again = updated(NEW, tmp_path, capsys)
    assert (again["known"], again["new"], again["same"]) == (436, [], 1)
    assert len(load_draws(home / "history")) == 436


@pytest.mark.parametrize(
    ("score", "checked", "confidence", "used", "why"),
    [
        (87, "2026-11-21", "primary", "file", "corrected"),
        (87, "2026-01-01", "primary", "record", "older"),
        (87, "2026-11-21", "unverified", "record", "weaker"),
    ],
)
def test_what_differs(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    score: int,
    checked: str,
    confidence: str,
    used: str,
    why: str,
) -> None:
    """The result read later is used, never that of a weaker source; the difference is reported either way."""
    row = f"SK,sk-ee,2024-09-12,invitation,SINP,{score},,a page,{checked},{confidence}\n"
    told = updated(HEAD + row, tmp_path, capsys)

    assert [(one["field"], one["record"], one["file"], one["used"], one["why"]) for one in told["differences"]] == [
        ("score_min", "88", "87", used, why)
    ]
    assert listed(capsys, "--stream", "sk-ee")[0]["score_min"] == (score if used == "file" else 88)


def test_what_was_not_published_is_filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A value that the record lacks is taken even from an older copy, and empty cells take nothing away."""
    row = "NB,nb-ee-employment,2025-04-09,invitation,,,50,a page,2025-05-01,one_source\n"
    known = next(one for one in load_draws() if (one.stream, one.day) == ("nb-ee-employment", date(2025, 4, 9)))
    target = f"{HEAD.strip()},target\n{row.strip()},{known.target}\n"
    told = updated(target, tmp_path, capsys)

    why = "older" if known.invitations is not None else "filled"
    assert [one["why"] for one in told["differences"]] == ([why] if known.invitations != 50 else [])
    assert told["new"] == []


WRONG = (
    "province,stream,date,date_to,kind,scale,score_min,score_max,invitations,fewer_than,enhanced,source,checked,"
    "confidence,doubt_en\n"
    "SK,sk-e,2026-11-31,,draw,x,-1,,,,,a,2026-11-21,primary,\n"
    "QC,ab-aees-tech,2026-11-20,,invitation,SINP,90,80,5,10,6,,2027-11-21,primary,hm\n"
    "AB,bc-sw,2026-11-20,2026-11-01,invitation,,90,80,5,10,6,a,2026-11-19,primary,hm\n"
    "SK,sk-ee,2027-01-01,,invitation,,,,,,,a,2027-01-01,primary,\n"
)


def test_a_wrong_file_changes_nothing(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every mistake is named at once with its line, and nothing is stored."""
    (tmp_path / "rounds.csv").write_text(WRONG, encoding="utf-8")
    assert run(["provinces", "update", str(tmp_path / "rounds.csv"), "--on", DAY]) == 1
    said = capsys.readouterr().err

    for line, words in (
        (2, ("stream: no stream", "sk-ee", "date: `2026-11-31`", "kind: `draw`", "scale: `x`", "score_min: `")),
        (3, ("province: `QC`", "source: required")),
        (4, ("stream: a stream of BC", "date_to: before", "checked: before", "score_max: below", "scale: a score")),
        (4, ("fewer_than: a number or a bound", "enhanced: above", "doubt_fr: a doubt")),
        (5, ("date: in the future", "checked: in the future")),
    ):
        lines = [one for one in said.splitlines() if f"rounds.csv:{line}:" in one]
        assert all(any(word in one for one in lines) for word in words), (words, lines)
    assert not home.exists()


@pytest.mark.parametrize("score", ["²", "1" * 5_000, "2000000", "8.5"])
def test_figures_that_are_no_number(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], score: str) -> None:
    """Figures of another script, or thousands of them, are a mistake in their cell like any other."""
    (tmp_path / "rounds.csv").write_text(f"{HEAD}SK,sk-ee,2026-11-20,invitation,SINP,{score},,a,2026-11-21,primary\n")

    assert run(["provinces", "update", str(tmp_path / "rounds.csv"), "--on", DAY]) == 1
    assert "rounds.csv:2: score_min:" in capsys.readouterr().err
    assert not home.exists()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "required column"),
        (HEAD, "no row"),
        (HEAD.replace("stream", "strem"), "Did you mean stream?"),
        (HEAD.replace("scale", "kind"), "each column once"),
        (NEW + NEW.partition("\n")[2], "the same as line 2"),
        (NEW.strip() + ",more\n", "cells"),
        ("\0", ""),
    ],
)
def test_what_is_no_such_table(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    """A file that is cut, empty, or has other columns is refused with what to do."""
    (tmp_path / "rounds.csv").write_text(text, encoding="utf-8")
    assert run(["provinces", "update", str(tmp_path / "rounds.csv"), "--on", DAY]) == 1
    assert words in capsys.readouterr().err
    assert not home.exists()


def test_a_stored_file_that_was_changed(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was stored is checked each time it is read; a mistake in it is named and never passed over."""
    updated(NEW, tmp_path, capsys)
    stored = home / "history" / FILE
    stored.write_text(stored.read_text(encoding="utf-8").replace("SINP", "SNIP"), encoding="utf-8")

    assert run(["provinces", "draws", "--on", DAY]) == 1
    assert f"{stored}:2" in capsys.readouterr().err
    with pytest.raises(RecordError) as error:
        load_draws(home / "history")
    assert [one.code for one in error.value.problems] == ["stored_record_broken"]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 434), min_size=1, max_size=30, unique=True), st.integers(0, 400), st.booleans())
def test_merging_any_rows_again_changes_nothing(some: list[int], more: int, later: bool) -> None:
    """No round is lost, no order matters, and the same file a second time brings nothing."""
    known = shipped_draws()
    rows = [_changed(known.rows[at], more, later=later) for at in some]
    once = merge_draws(known, rows).draws
    twice = merge_draws(once, rows)

    assert twice.draws == once
    assert twice.new == []
    assert len(once) >= len(known)
    assert {one.day for one in known} <= {one.day for one in once}
    assert set(merge_draws(known, rows[::-1]).draws) == set(once) or len({one.day for one in rows}) < len(rows)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 434), st.sampled_from((None, 1, 2, 3)), st.booleans()), max_size=40))
def test_merging_is_row_by_row(some: list[tuple[int, int | None, bool]]) -> None:
    """By their places the rows are merged as by looking at every result for each row, several of a day among them."""
    known = shipped_draws()
    rows = [replace(_changed(known.rows[at], 0, later=later), score_min=score) for at, score, later in some]

    assert merge_draws(known, rows).draws == Draws(tuple(sorted(_plainly(list(known), rows), key=in_order)))


def _plainly(merged: list[Draw], rows: list[Draw]) -> list[Draw]:
    """The same by looking at every result for each row."""
    for one in rows:
        alike = [at for at, each in enumerate(merged) if _key(each) == _key(one)]
        [*same] = [at for at in alike if _values(merged[at]) == _values(one)]
        place = same[0] if same else alike[0] if len(alike) == 1 else None
        if place is None:
            merged.append(one)
        else:
            merged[place] = _settled(merged[place], one, DrawsUpdate(shipped_draws()))
    return merged


def _rows(count: int, first: int = 0) -> str:
    """So many rounds, each on a day of its own."""
    days = (date.fromordinal(date(1980, 1, 1).toordinal() + n) for n in range(first, first + count))
    return HEAD + "".join(f"SK,sk-ee,{day},invitation,SINP,86,45,a page,2026-11-21,one_source\n" for day in days)


class TestTooMuch:
    """A file that somebody else wrote, to hold up whoever reads it."""

    def test_mistakes_are_counted(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The first fifty are shown, and how many more there are."""
        text = HEAD + "QQ,zz,x,k,s,q,-1,,y,c\n" * 2000
        (tmp_path / "rounds.csv").write_text(text)
        assert run(["provinces", "update", str(tmp_path / "rounds.csv"), "--on", DAY]) == 1
        told = capsys.readouterr().err

        assert len(told.splitlines()) < 70
        assert "more problems" in told

    def test_rows_are_bounded(self, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A table of 20,001 lines is refused, and so is one that is too much with what is stored; neither is stored."""
        (tmp_path / "rounds.csv").write_text(_rows(20_000))
        assert run(["provinces", "update", str(tmp_path / "rounds.csv"), "--on", DAY]) == 1
        assert "at most 20000 lines" in capsys.readouterr().err
        assert not home.exists()
        updated(_rows(50), tmp_path, capsys)
        before = (home / "history" / FILE).read_bytes()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(province_updates, "MOST_ROWS", 100)
            (tmp_path / "rounds.csv").write_text(_rows(60, first=50))
            assert run(["provinces", "update", str(tmp_path / "rounds.csv"), "--on", DAY]) == 1
        assert "stored already" in capsys.readouterr().err
        assert (home / "history" / FILE).read_bytes() == before


def _changed(one: Draw, more: int, *, later: bool) -> Draw:
    number = None if one.invitations is None else one.invitations + more
    return replace(one, invitations=number, checked=date(2026, 11, 1) if later else one.checked)


@pytest.mark.parametrize("province", ["ON", "BC", "NL", "NT", None])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_chart(tmp_path: Path, capsys: pytest.CaptureFixture[str], province: str | None, lang: str) -> None:
    """Rounds are drawn by scale, or by people where no score is published; the picture is written beside the list."""
    words = ["--province", province] if province else []
    out = tmp_path / "rounds.svg"
    assert run(["provinces", "draws", *words, "--chart", str(out), "--on", DAY, "--lang", lang]) == 0
    drawn = out.read_text(encoding="utf-8")

    scale = {"ON": "SCG" if lang == "fr" else "CRS", "BC": "SIRS", "NT": "NTNP EOI"}.get(province or "", "")
    people = "Personnes choisies" if lang == "fr" else "People selected"
    assert (scale if province not in ("NL", None) else people if province else "MPNP EOI") in drawn
    assert out.name in capsys.readouterr().err


def test_nothing_to_draw(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where no round is known a chart is refused, and so is a file of another kind."""
    out = str(tmp_path / "x.svg")
    assert run(["provinces", "draws", "--province", "YT", "--chart", out, "--on", DAY]) == 2
    assert run(["provinces", "draws", "--chart", str(tmp_path / "x.doc"), "--on", DAY]) == 2
    assert "no round is known" in capsys.readouterr().err


def test_the_example_is_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """The file of the examples has a new round and a known one."""
    path = Path(__file__).parents[2] / "examples/province_rounds.csv"
    assert run(["provinces", "update", str(path), "--on", DAY]) == 0
    assert "New rounds: 1;" in capsys.readouterr().out
    assert path.read_text(encoding="utf-8").partition("\n")[0].split(",") == [
        name for name in COLUMNS if name not in ("date_to", "score_max", "fewer_than")
    ]
