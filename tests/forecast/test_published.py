"""The published record: columns, chain, scores; and the commands as a script sees them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from expressentry.cli import run
from expressentry.errors import FileError, RecordError
from expressentry.forecast.ahead import next_rounds
from expressentry.forecast.chain import COLUMNS, START, append, read
from expressentry.forecast.published import rows_of, running, score
from tests.forecast.histories import RECORD, history

DAY = date(2026, 9, 21)
"""The rounds after it are known: 28 September (nominees), 29 September (Canadian Experience Class)."""
BEFORE, AFTER = datetime(2026, 9, 21, 9, tzinfo=UTC), datetime(2026, 10, 5, 9, tzinfo=UTC)


def published(path: Path, at: datetime = BEFORE, day: date = DAY, series: str = "cec") -> str:
    """Publish the forecast of one type."""
    return append(path, rows_of(next_rounds(history(), series, day, 5), day, at, None))


class TestChain:
    """What was published cannot be changed unseen."""

    def test_hubverse_columns(self, tmp_path: Path) -> None:
        """The file has the columns of hubverse model output, and quantiles of the cut-off rise with their level."""
        published(tmp_path / "f.csv")
        rows = read(tmp_path / "f.csv")
        cutoffs = [float(one["value"]) for one in rows if (one["target"], one["model_id"]) == ("cutoff", "published")]

        assert {"model_id", "reference_date", "target", "horizon", "output_type", "output_type_id", "value"} <= set(
            COLUMNS
        )
        assert len(cutoffs) == 99
        assert sorted(cutoffs) == cutoffs
        assert {one["target"] for one in rows} == {"cutoff", "invitations", "days to round"}

    def test_the_next_publication_goes_on(self, tmp_path: Path) -> None:
        """Rows are added behind those that are there, and the chain goes on from them."""
        path = tmp_path / "f.csv"
        first = published(path)
        second = published(path, series="pnp")
        rows = read(path)

        assert first in [row["chain"] for row in rows]
        assert rows[-1]["chain"] == second != first

    @pytest.mark.parametrize("line", [2, 57, 120])
    def test_an_edited_row_shows_with_its_line(self, tmp_path: Path, line: int) -> None:
        """A value changed afterwards breaks the chain at its line, and nothing can be added to it."""
        path = tmp_path / "f.csv"
        published(path)
        lines = path.read_text().splitlines()
        cells = lines[line - 1].split(",")
        cells[COLUMNS.index("value")] = "111"
        path.write_text("\n".join([*lines[: line - 1], ",".join(cells), *lines[line:]]) + "\n")

        with pytest.raises(RecordError, match=rf"f\.csv:{line}\b"):
            read(path)
        with pytest.raises(RecordError):
            published(path)

    def test_a_row_taken_out_or_moved_shows(self, tmp_path: Path) -> None:
        """Rows left out or in another order break the chain at the first line that is not as it was."""
        path = tmp_path / "f.csv"
        published(path)
        lines = path.read_text().splitlines()
        for changed in ([*lines[:10], *lines[11:]], [*lines[:10], lines[11], lines[10], *lines[12:]]):
            path.write_text("\n".join(changed) + "\n")
            with pytest.raises(RecordError, match=r"f\.csv:11\b"):
                read(path)

    def test_another_file_is_refused(self, tmp_path: Path) -> None:
        """A file with other columns is none of ours."""
        path = tmp_path / "f.csv"
        path.write_text("a,b\n1,2\n")

        with pytest.raises(RecordError, match="not a file of published forecasts"):
            read(path)


def forged(path: Path, change: Callable[[list[dict[str, str]]], object]) -> None:
    """A file whose rows were changed, and whose chain was computed again over them, as anybody can."""
    published(path)
    rows = read(path)
    change(rows)
    head, lines = START, [",".join(COLUMNS)]
    for row in rows:
        cells = [row[name] for name in COLUMNS[:-1]]
        head = sha256(f"{head}\n{chr(31).join(cells)}".encode()).hexdigest()
        lines.append(",".join([*cells, head]))
    path.write_text("\n".join(lines) + "\n")


def put(name: str, value: str, at: int = 50) -> Callable[[list[dict[str, str]]], object]:
    """Put another value into a row."""
    return lambda rows: rows[at].update({name: value})


class TestForged:
    """A chain computed again over other rows is whole; what the rows say is looked at all the same."""

    @pytest.mark.parametrize(
        "change",
        [
            put("value", "x"), put("value", "nan"), put("value", "1e9"), put("value", "9" * 5000), put("value", ""),
            put("output_type_id", "0.015"), put("output_type_id", "1"), put("output_type_id", ""),
            put("published_at", "2026-13-01"), put("published_at", "2026-09-21T09:00:00"),
            put("reference_date", "soon"), put("target", "cutoffs"), put("model_id", "mine"),
            put("type", "x" * 300), put("type", "cec2"), put("horizon", "2"),
            lambda rows: rows.append(dict(rows[0])),
            lambda rows: rows.pop(3),
            lambda rows: rows.pop(150),
            lambda rows: rows.append({**rows[0], "published_at": "2026-09-20T09:00:00+00:00"}),
        ],
    )  # fmt: skip
    def test_no_forecast(self, tmp_path: Path, change: Callable[[list[dict[str, str]]], object]) -> None:
        """A level, number or day that is none, a level twice or not at all, an instant before the one above it."""
        path = tmp_path / "f.csv"
        forged(path, change)

        with pytest.raises(RecordError, match=r"f\.csv:\d+"):
            read(path)
        with pytest.raises(RecordError):
            published(path)

    def test_only_a_kept_end_shows(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Another value under a new chain, or the last publication taken off, is found by the end that was kept."""
        path, other = tmp_path / "f.csv", tmp_path / "g.csv"
        forged(other, put("value", "111.00"))
        first = published(path)
        lines = len(path.read_text().splitlines())
        second = published(path, AFTER, date(2026, 10, 2))
        assert run(["forecast", "score", "--file", str(path), "--chain", first, "--chain", second]) == 0
        cut = tmp_path / "h.csv"
        cut.write_text("\n".join(path.read_text().splitlines()[:lines]) + "\n")

        assert len(read(other)) == len(read(cut))
        for file, end in ((other, first), (cut, second)):
            assert run(["forecast", "score", "--file", str(file), "--chain", end]) == 1
            assert "was published, and is not in the file" in capsys.readouterr().err
        assert run(["forecast", "score", "--file", str(cut), "--chain", first]) == 0

    @pytest.mark.parametrize("text", ["", "\0", "\xff", '"', ",".join(COLUMNS) + '\n"' + "x" * 200_000, "a\rb\x1b[2J"])
    def test_what_is_no_file_of_ours(self, tmp_path: Path, text: str) -> None:
        """Cut, binary or with a cell without end: an error of ours."""
        path = tmp_path / "f.csv"
        path.write_bytes(text.encode("latin-1"))

        with pytest.raises((RecordError, FileError)):
            read(path)

    def test_a_clock_set_back(self, tmp_path: Path) -> None:
        """Nothing is published before what was published."""
        published(tmp_path / "f.csv", AFTER)
        before = (tmp_path / "f.csv").read_bytes()

        with pytest.raises(RecordError, match="clock"):
            published(tmp_path / "f.csv", BEFORE)
        assert (tmp_path / "f.csv").read_bytes() == before


class TestScore:
    """Each forecast with its round."""

    def test_a_forecast_meets_its_round(self, tmp_path: Path) -> None:
        """The forecast of 21 September is scored by the round of 29 September, with the last value beside."""
        published(tmp_path / "f.csv")
        (one,) = score(read(tmp_path / "f.csv"), history())
        total = running([one])[-1]

        assert one.state == "scored"
        assert one.round is not None
        assert one.round.number == "446"
        assert one.crps is not None
        assert one.crps_last_value is not None
        assert (total.type, total.n) == ("all", 1)
        assert total.crps == pytest.approx(one.crps)

    def test_too_late_is_not_counted(self, tmp_path: Path) -> None:
        """A forecast published on the day of its round or after it is not counted."""
        path = tmp_path / "f.csv"
        published(path, datetime(2026, 9, 29, 0, 1, tzinfo=UTC))
        published(path, AFTER)
        found = score(read(path), history())

        assert [one.state for one in found] == ["late", "late"]
        assert running(found) == []

    def test_the_last_one_before_a_round_counts(self, tmp_path: Path) -> None:
        """Of several forecasts for one round only the last before it is counted."""
        path = tmp_path / "f.csv"
        published(path)
        published(path, datetime(2026, 9, 27, 9, tzinfo=UTC), date(2026, 9, 27))
        found = score(read(path), history())

        assert [one.reference_date for one in found] == ["2026-09-27"]

    def test_open_before_the_round(self, tmp_path: Path) -> None:
        """A forecast whose round the record does not have is open."""
        published(tmp_path / "f.csv", AFTER, date(2026, 10, 2))
        (one,) = score(read(tmp_path / "f.csv"), history())

        assert (one.state, one.round, one.crps) == ("open", None, None)


@pytest.fixture(autouse=True)
def _place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("EXPRESSENTRY_LANG", raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """The JSON that a command answers."""
    assert run(["forecast", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


ON = ("--on", "2026-10-02")
ASSUME = ("--assume", "crs-2025-03-25")


class TestCommand:
    """`expressentry forecast`."""

    def test_keys_are_a_contract(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys of a forecast are what scripts rely on; every range is in order."""
        found = answer(capsys, "cec", *ON)

        for key in ("type", "issued", "assumption", "next_round", "size", "cutoff", "baseline", "record"):
            assert key in found
        assert (found["type"], found["issued"], found["assumption"]) == ("cec", "2026-10-02", None)
        assert found["next_round"]["low80"] <= found["next_round"]["median_date"] <= found["next_round"]["high80"]
        assert found["size"]["low80"] <= found["size"]["median"] <= found["size"]["high80"]
        ends = [found["cutoff"][key] for key in ("low95", "low80", "low50", "median", "high50", "high80", "high95")]
        assert sorted(ends) == ends
        assert found["baseline"]["cutoff"] == 518
        assert {"n", "crps", "crps_last_value", "coverage80"} <= set(found["record"])

    def test_none_without_an_assumption(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Where rounds are missing and the law is not known there is no forecast, and the reason is given."""
        assert run(["forecast", "cec", "--on", "2026-11-28"]) == 2
        said = capsys.readouterr().err
        assert "1 October 2026" in said
        assert "3 November 2026" in said
        assert "--assume crs-2025-03-25" in said

    def test_the_assumption_heads_the_answer(self, capsys: pytest.CaptureFixture[str]) -> None:
        """With a named assumption there is one, and it says what is assumed."""
        found = answer(capsys, "cec", *ASSUME, "--on", "2026-11-28")

        assert found["assumption"] == "crs-2025-03-25"
        assert "25 March 2025" in found["assumption_text"]
        assert found["next_round"]["low80"] >= "2026-11-28"
        assert found["cutoff"] is not None

    def test_rounds_that_may_be_missing_widen(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Eight weeks after the last known round the interval is wider than the next day."""
        late, soon = answer(capsys, "cec", *ASSUME, "--on", "2026-11-28"), answer(capsys, "cec", *ON)

        width = [one["cutoff"]["high80"] - one["cutoff"]["low80"] for one in (late, soon)]
        assert width[0] > width[1]

    def test_all_types(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Without a type every type is answered; one that had no round for a year has no forecast, and why."""
        found = {one["type"]: one for one in answer(capsys, *ASSUME, *ON)}

        assert {"cec", "french", "pnp", "healthcare", "trades", "general", "stem"} <= set(found)
        assert found["general"]["cutoff"] is None
        assert "year" in found["general"]["why"]
        assert found["physicians"]["few_rounds"] is True

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("frensh",), "french"),
            (("cec", "--horizon", "13"), "from 1 to 12"),
            (("cec", "--horizon", "0"), "from 1 to 12"),
            (("cec", "--until", "2029-01-01", *ASSUME), "further than the record supports"),
            (("cec", "--until", "2026-09-01"), "precedes|before the day"),
            (("cec", "--assume", "crs-2025-03-26"), "crs-2025-03-25"),
            (("cec", "--horizon", "2", "--until", "2026-12-01"), "--until"),
            (("cec", "--months", "3"), "profile"),
        ],
    )
    def test_bad_input(self, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """What cannot be answered is refused with what to do instead."""
        assert run(["forecast", *words, *ON]) == 2
        assert re.search(said, capsys.readouterr().err)

    def test_a_backtest_of_what_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An unknown type, model and horizon are named together."""
        assert run(["forecast", "backtest", "--type", "xx", "--model", "yy", "--horizon", "4"]) == 2
        said = capsys.readouterr().err
        assert [line.split(":")[0] for line in said.splitlines()] == ["type", "model", "horizon"]

    def test_the_chance_of_each_score(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The text gives the probability that the cut-off is no higher than round scores: those of the data, rising."""
        assert run(["forecast", "pnp", *ON, *ASSUME]) == 0
        line = next(one for one in capsys.readouterr().out.splitlines() if "no higher than" in one)
        told = {int(score): int(chance) / 100 for score, chance in re.findall(r"(\d+) <?(\d+)%", line)}
        data = {one["score"]: one["probability"] for one in answer(capsys, "pnp", *ON, *ASSUME)["at_most"]}

        assert len(told) >= 3
        assert list(told.values()) == sorted(told.values())
        assert all(chance == pytest.approx(data[score], abs=0.006) for score, chance in told.items())

    @pytest.mark.parametrize(("lang", "said"), [("en", "448, 449"), ("fr", "manquent : 448, 449")])
    def test_a_record_with_a_gap(
        self, lang: str, said: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where rounds are missing between two known ones, the command names them and gives no forecast."""
        later = replace(RECORD.rounds[-1], number="450", date=date(2026, 10, 20))
        gap = replace(RECORD, rounds=(*RECORD.rounds, later), as_of=date(2026, 10, 20))
        monkeypatch.setattr("expressentry.cli.support.record_of_run", lambda *_: gap)

        assert run(["forecast", "cec", "--on", "2026-10-22", "--lang", lang]) == 1
        assert said in capsys.readouterr().err

    def test_days_of_unknown_rules_are_left_out(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Of rounds on days whose rules are not known nothing is said without an assumption."""
        short, whole = (answer(capsys, "cec", "--horizon", "5", *ON, *more) for more in ((), ASSUME))

        assert len(short["rounds"]) < len(whole["rounds"]) == 5
        assert all(one["next_round"]["median_date"] < "2026-11-03" for one in short["rounds"])

    def test_the_extra_is_named(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        """Without numpy and scipy the command says what to install."""
        monkeypatch.setattr("expressentry.errors.find_spec", lambda name: None)

        assert run(["forecast", "cec", *ON]) == 2
        assert "expressentry[lab]" in capsys.readouterr().err

    def test_publish_and_score(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        """What is published can be read and scored, and a line changed afterwards is named."""
        path = tmp_path / "forecasts.csv"
        made = answer(capsys, "publish", "--to", str(path), *ON)
        found = answer(capsys, "score", "--file", str(path))

        assert made["chain"] == found["chain"]
        assert {one["state"] for one in found["forecasts"]} == {"open"}
        with path.open() as file:
            assert len(list(csv.DictReader(file))) == made["rows"]
        path.write_text(path.read_text().replace("quantile,0.5,", "quantile,0.51,", 1))
        assert run(["forecast", "score", "--file", str(path)]) == 1
        assert f"{path}:51" in capsys.readouterr().err

    def test_nothing_published(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        """Before anything is published there is nothing to score; a named file that is not there is an error."""
        assert answer(capsys, "score") == {"chain": None, "forecasts": [], "running": []}
        assert run(["forecast", "score", "--file", str(tmp_path / "none.csv")]) == 1
        assert "none.csv" in capsys.readouterr().err

    def test_backtest_rows(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The rows of a backtest have the keys that scripts rely on."""
        rows = answer(capsys, "backtest", "--type", "few", "--horizon", "1", "--model", "mean_of_three")

        keys = ["model", "type", "horizon", "regime", "n", "crps", "mae", "coverage80", "coverage95", "skill"]
        assert {*keys, "skill_low", "skill_high"} <= set(rows[0])
        assert {one["model"] for one in rows} == {"last_value", "mean_of_three"}
        assert {one["regime"] for one in rows} >= {"all", "chosen_on", "held_out", "grid_change"}
