"""All of the law as dated parts: what holds on a day, what changed between two days, and what a user added."""

import json
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from expressentry.answers.law import law_changes
from expressentry.cli import run
from expressentry.dates import START
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.evidence import RULES
from expressentry.law.load import load_law
from expressentry.law.parts import PART_KINDS, Part, part_changes, parts

ROOT = Path(__file__).parents[2]
LAW = load_law()
DAY = date(2026, 10, 1)


def same_place(a: Part, b: Part) -> bool:
    """Whether two parts are one rule, program, category, measure or key of a list on different days."""
    return (a.kind, a.id, a.kind == "list" and a.key) == (b.kind, b.id, b.kind == "list" and b.key)


class TestParts:
    """One list of everything."""

    def test_nothing_is_left_out(self) -> None:
        """As many parts as the law holds, kind by kind."""
        found = Counter(part.kind for part in parts(LAW))

        assert found == {
            "crs": len(LAW.grids),
            "fsw": len(LAW.fsw_grids),
            "program": len(LAW.programs),
            "category": len(LAW.all_versions),
            "evidence": sum(map(len, LAW.evidence.series.values())),
            "measure": len(LAW.measures.rows),
            "list": sum(len(LAW.list(name)) for name in LAW.list_names),
            "stream": len(LAW.streams.versions),
            "stream_grid": len(LAW.streams.grids),
        }

    def test_an_id_is_of_one_kind(self) -> None:
        """So that `law show` needs no kind, and none is an instrument."""
        kinds = {(part.id, part.kind) for part in parts(LAW)}

        assert len({id_ for id_, _ in kinds}) == len(kinds)
        assert not {id_ for id_, _ in kinds} & LAW.instruments.keys()

    @pytest.mark.parametrize("day", [START, date(2020, 10, 20), date(2025, 3, 24), date(2025, 3, 25), DAY])
    def test_what_holds_is_what_answers_rest_on(self, day: date) -> None:
        """The parts of a day are those of its rule set."""
        rules, chosen = LAW.on(day), LAW.selection_on(day)
        held = [part for part in parts(LAW) if part.holds(day)]
        ids = {kind: [part for part in held if part.kind == kind] for kind in PART_KINDS}

        assert [part.id for part in ids["crs"]] == [rules.crs.id]
        assert {part.key for part in ids["program"]} == {one.id for one in chosen.programs}
        assert {part.id for part in ids["program"]} <= {*PROGRAMS}
        assert {(part.id, part.key) for part in ids["category"]} == {
            (one.category, one.version) for one in chosen.categories
        }
        assert {part.id for part in ids["evidence"]} == RULES.keys()
        assert {part.id for part in ids["measure"]} == {row.column for row in LAW.measures.on(day)}


class TestChanges:
    """Between two days."""

    def test_both_sides_of_every_day(self) -> None:
        """From the day before to a day, exactly what begins or ends on it; and nothing between two such days."""
        known = [part for part in parts(LAW) if part.kind != "crs"]
        edges = sorted({day for part in known for day in (part.start, part.until) if day and day > START})
        for day in edges:
            begun = [part for part in known if part.start == day]
            ended = [part for part in known if part.until == day]
            found = part_changes(LAW, day - timedelta(days=1), day)

            for was, now in found:
                assert was is None or was in ended
                assert now is None or now in begun
            told = [part for pair in found for part in pair if part is not None]
            silent = [part for part in begun if part not in told]
            for one in silent:  # only what says the same as before under the same key
                old = next(part for part in known if part.holds(day - timedelta(days=1)) and same_place(part, one))
                assert (old.key, old.says) == (one.key, one.says)
        for day, following in pairwise(edges):
            assert part_changes(LAW, day, following - timedelta(days=1)) == []

    def test_the_funds_of_a_year(self) -> None:
        """A list without a key: the row that takes the place of another, with its instrument."""
        rows = law_changes(LAW, "2025-07-27", "2025-07-28", "en")

        assert [(row["id"], row["instrument"]) for row in rows] == [("settlement_funds", "funds-2025")]
        assert "size_1 14690" in str(rows[0]["before"])
        assert "size_1 15263" in str(rows[0]["after"])

    def test_grids_by_day_are_compared_cell_by_cell(self) -> None:
        """The days of two grids give the cells that their ids give, then the rest of the law."""
        by_id = law_changes(LAW, "crs-2017-06-06", "crs-2020-10-20", "en")
        by_day = law_changes(LAW, "2017-06-06", "2020-10-20", "en")

        assert by_day[: len(by_id)] == by_id
        assert {row["id"] for row in by_day[len(by_id) :]} >= {"settlement_funds"}

    def test_what_a_user_adds(self) -> None:
        """One file with columns, measures, a list and a grid: all of it is told."""
        law = load_law(ROOT / "examples/law/high-wage-2026-11-03.toml")
        added = {part.kind for part in parts(law) if part.user}
        rows = law_changes(law, "2026-11-02", "2026-11-03", "en")

        assert added == {"crs", "measure", "list"}
        assert not [row for row in rows if row["before"] is not None and isinstance(row["before"], str)]
        assert len({row["instrument"] for row in rows}) == 1


class TestCommands:
    """`law list`, `law show` and `law diff` of all that the law holds."""

    @pytest.mark.parametrize("kind", [*PART_KINDS, "all"])
    def test_list(self, kind: str, capsys: pytest.CaptureFixture[str]) -> None:
        """The parts of a day, as JSON and as text in both languages."""
        assert run(["law", "list", "--kind", kind, "--on", "2026-10-01", "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert len(rows) == sum(part.holds(DAY) for part in parts(LAW, None if kind == "all" else kind))
        for lang in ("en", "fr"):
            assert run(["law", "list", "--kind", kind, "--on", "2026-10-01", "--lang", lang]) == 0
            assert rows[0]["id"] in capsys.readouterr().out

    @pytest.mark.parametrize("id_", sorted({part.id for part in parts(LAW)}))
    def test_show(self, id_: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Every id that is listed can be shown."""
        assert run(["law", "show", id_]) == 0
        assert id_ in capsys.readouterr().out

    def test_show_refuses_what_is_not_there(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The known ids are named, and only a grid can be written as a law file."""
        assert run(["law", "show", "nothing"]) == 2
        assert "year_hours" in capsys.readouterr().err
        assert run(["law", "show", "year_hours", "--format", "toml"]) == 2

    def test_diff_of_a_day_before_the_first(self, capsys: pytest.CaptureFixture[str]) -> None:
        """There was no Express Entry."""
        assert run(["law", "diff", "2014-01-01", "2026-10-01"]) == 2
