"""`expressentry provinces` and what a profile says to it: the JSON contract, dated facts, and bad input."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli

from expressentry import FactorsError, assess_profile, read_profile
from expressentry.assess.person.stream_people import assess_streams
from expressentry.cli import run
from expressentry.factors.streams import Documents
from expressentry.rounds.load import load_draws
from tests.provinces.people import LAW

ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 9)


def told(args: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON of a command that succeeds."""
    assert run([*args, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """The keys that scripts rely on."""
    rows = told(["provinces", "list", "--on", "2026-10-09"], capsys)
    asked = {"key", "province", "name", "status", "from", "until", "eoi", "pass_mark", "checked", "confidence"}
    assert all(asked <= row.keys() for row in rows)
    assert [row["pass_mark"] for row in rows if row["key"] == "sk-ee"] == [60]

    file = str(ROOT / "examples/provinces/sk-ee-met.toml")
    (found,) = told(["provinces", "assess", file, "--on", "2026-10-09", "--stream", "sk-ee"], capsys)
    assert (found["key"], found["finding"], found["points"]) == ("sk-ee", "met", {"low": 61, "high": 61, "max": 110})
    assert all({"id", "finding", "why", "cites"} <= one.keys() for one in found["criteria"])
    assert (found["last_draw"]["date"], found["last_draw"]["reached"]) == ("2024-09-12", False)

    assert len(told(["provinces", "draws"], capsys)) == 435
    assert told(["provinces", "show", "mb-swo"], capsys)["grids"][0]["max"] == 1000


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_as_text(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every command writes text in both languages."""
    file = str(ROOT / "examples/provinces/mb-swo-met.toml")
    for args in (
        ["list", "--all"],
        ["show", "sk-ee"],
        ["assess", file, "--stream", "MB"],
        ["draws", "--province", "NT"],
    ):
        assert run(["provinces", *args, "--lang", lang]) == 0
        assert capsys.readouterr().out


def test_closed_streams_are_history(capsys: pytest.CaptureFixture[str]) -> None:
    """On a day before it closed a stream of Ontario is listed, later it is not, and `--all` says that it is closed."""
    assert "on-hcp" in [row["key"] for row in told(["provinces", "list", "--on", "2024-01-01"], capsys)]
    assert "on-hcp" not in [row["key"] for row in told(["provinces", "list", "--on", "2026-10-09"], capsys)]
    rows = told(["provinces", "list", "--all", "--on", "2026-10-09"], capsys)
    assert {row["status"] for row in rows if row["key"] == "on-hcp"} == {"closed"}
    assert [row["reason"] for row in rows if row["key"] == "nt-ee"] != [None]


@pytest.mark.parametrize("key", ["sk-eee", "nt-ee"])
def test_a_stream_that_is_not_there(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown key is refused with the nearest one, a stream that is not encoded with the reason."""
    assert run(["provinces", "show", key]) == 2
    assert ("sk-ee" if key == "sk-eee" else "845") in capsys.readouterr().err


def engineer(**provinces: Any) -> dict[str, Any]:
    """An invented engineer with what is stated for Saskatchewan."""
    facts = tomli.loads((ROOT / "examples/people/engineer.toml").read_text(encoding="utf-8"))
    return {**facts, "provinces": [{"province": "SK", **provinces}]}


def test_bad_facts_all_at_once() -> None:
    """A province that does not exist, a key of nothing, a wage of a year: each is named, with what to do."""
    facts = engineer(offer_wage=83200, setlement_plan=True)
    facts["provinces"].append({"province": "QC"})
    with pytest.raises(FactorsError) as error:
        read_profile(facts)
    found = {problem.code: problem for problem in error.value.problems}

    assert found.keys() == {"unknown_province", "unknown_key", "out_of_range"}
    assert "settlement_plan" in found["unknown_key"].fix.en
    assert "40 dollars an hour" in found["out_of_range"].fix.en


def test_work_counts_by_place_and_window() -> None:
    """Jobs with their province give the months there; a job without one may be anywhere in Canada."""
    facts = engineer(nominee_noc="21211")
    job = {"noc2021": "21211", "from": "2024-10-09", "to": "2026-10-08", "hours_per_week": 40, "worked_in": "CA"}
    status = [{"kind": "open", "from": "2024-01-01"}]
    here = {**facts["person"], "lives_in": "CA", "status": status, "work": [{**job, "province": "SK"}]}
    found = Documents(read_profile({**facts, "person": here}), DAY, LAW).of("SK", "21211")
    assert found["work_here_months_5y"] == (24,)
    assert found["work_other_province_months"] == (0,)
    assert found["related_years_5y"] == (2,)

    nowhere = {**here, "work": [job]}
    found = Documents(read_profile({**facts, "person": nowhere}), DAY, LAW).of("SK", None)
    assert (found["work_here_months_5y"][0], found["work_here_months_5y"][-1]) == (0, 24)
    assert found["related_years_5y"] == (0, 1, 2)


def test_a_profile_is_a_range_until_it_is_stated() -> None:
    """The points of the engineer narrow as facts are stated, and never leave the range."""
    wide, narrow = (
        next(
            one.points[0].total
            for one in assess_streams(assess_profile(read_profile(facts), DAY))
            if one.stream.key == "sk-ee"
        )
        for facts in (engineer(), engineer(nominee_noc="21211", relative_close=False, study_here_years=0))
    )
    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]
    assert narrow[1] - narrow[0] < wide[1] - wide[0]


def test_the_record_of_rounds() -> None:
    """The published sums: 181 notifications of Ontario, and the newest round of each stream."""
    draws = load_draws()
    newest = draws.last(("sk-ee",), DAY)

    assert sum(one.province == "ON" for one in draws) == 181
    assert newest is not None
    assert (newest.day, newest.score_min) == (date(2024, 9, 12), 88)
    assert draws.last(("sk-ee",), date(2018, 1, 1)) is None
