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
from expressentry.law.schema import value_of
from expressentry.rounds.province_updates import load_draws
from tests.provinces.people import LAW

ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 9)


def printed(args: list[str], capsys: pytest.CaptureFixture[str]) -> Any:
    """The JSON of a command that succeeds."""
    assert run([*args, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    """The keys that scripts rely on."""
    rows = printed(["provinces", "list", "--on", "2026-10-09"], capsys)
    asked = {"key", "province", "name", "status", "from", "until", "eoi", "pass_mark", "checked", "confidence"}
    assert all(asked <= row.keys() for row in rows)
    assert [row["pass_mark"] for row in rows if row["key"] == "sk-ee"] == [60]

    file = str(ROOT / "examples/provinces/sk-ee-met.toml")
    (found,) = printed(["provinces", "assess", file, "--on", "2026-10-09", "--stream", "sk-ee"], capsys)
    assert (found["key"], found["finding"], found["points"]) == ("sk-ee", "met", {"low": 61, "high": 61, "max": 110})
    assert all({"id", "finding", "why", "cites"} <= one.keys() for one in found["criteria"])
    assert (found["last_draw"]["date"], found["last_draw"]["reached"]) == ("2024-09-12", False)

    assert len(printed(["provinces", "draws"], capsys)) == 435
    assert printed(["provinces", "show", "mb-swo"], capsys)["grids"][0]["max"] == 1000


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
    assert "on-hcp" in [row["key"] for row in printed(["provinces", "list", "--on", "2024-01-01"], capsys)]
    assert "on-hcp" not in [row["key"] for row in printed(["provinces", "list", "--on", "2026-10-09"], capsys)]
    rows = printed(["provinces", "list", "--all", "--on", "2026-10-09"], capsys)
    assert {row["status"] for row in rows if row["key"] == "on-hcp"} == {"closed"}
    assert [row["reason"] for row in rows if row["key"] == "nt-ee"] != [None]


@pytest.mark.parametrize("key", ["sk-eee", "nt-ee"])
def test_a_stream_that_is_not_there(key: str, capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown key is refused with the nearest one, a stream that is not encoded with the reason."""
    assert run(["provinces", "show", key]) == 2
    assert ("sk-ee" if key == "sk-eee" else "845") in capsys.readouterr().err


ASSESS = ["provinces", "assess", str(ROOT / "examples/provinces/sk-ee-met.toml")]


@pytest.mark.parametrize(
    ("name", "on", "words"),
    [
        ("on-hcp", "2026-10-09", "from 2 July 2025 to the day before 30 May 2026"),
        ("on-hcp-2022-11-16", "2025-08-01", "the version of that day: on-hcp-2025-07-02"),
        ("on-owp", "2026-06-25", "a day from 26 June 2026 on"),
        ("sk-ee-2025-01-01", "2026-10-09", "one of: sk-ee, sk-ee-2026-06-20"),
        ("NT", "2026-10-09", "provinces list --all"),
        ("QC", "2026-10-09", "unknown stream"),
    ],
)
def test_a_stream_that_is_not_of_the_day(name: str, on: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A closed stream, a version of another day, a province without one: refused, with what to ask instead."""
    assert run([*ASSESS, "--on", on, "--stream", name]) == 2
    assert words in capsys.readouterr().err


def test_every_wrong_name_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    """All names that are none are told, beside one that is right; the version of the day may be named by its id."""
    assert run([*ASSESS, "--on", "2026-10-09", "--stream", "sk-ee", "--stream", "XX", "--stream", "on-st"]) == 2
    told = capsys.readouterr().err
    assert "`XX`" in told
    assert "`on-st`" in told
    assert "`sk-ee`" not in told
    words = ["--on", "2025-08-01", "--stream", "on-hcp-2025-07-02"]
    assert [one["key"] for one in printed([*ASSESS, *words], capsys)] == ["on-hcp"]


def test_where_a_person_would_have_stood(capsys: pytest.CaptureFixture[str]) -> None:
    """The newest five rounds of a stream, the newest first, each with whether the points reach its lowest score."""
    path = str(ROOT / "examples/provinces/ab-aees-tech-met.toml")
    words = ["provinces", "assess", path, "--on", "2026-10-09", "--stream", "ab-aees-tech"]
    (found,) = printed(words, capsys)
    draws = load_draws().of(("ab-aees-tech",), DAY)[-5:][::-1]
    low, high = found["points"]["low"], found["points"]["high"]

    assert [(one["date"], one["score_min"]) for one in found["last_draws"]] == [
        (str(one.day), one.score_min) for one in draws
    ]
    assert low == high == 51
    assert [one["reached"] for one in found["last_draws"]] == [one["score_min"] <= low for one in found["last_draws"]]
    assert {key: found["last_draw"][key] for key in ("date", "reached")} == {
        key: found["last_draws"][0][key] for key in ("date", "reached")
    }
    for lang, said in (("en", "with your points of now"), ("fr", "avec vos points actuels")):
        assert run([*words, "--lang", lang]) == 0
        assert said in capsys.readouterr().out


def test_the_day_of_our_copy_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """List, show and assess say from which day a copy is, and that what changed later is not known."""
    for words in (["list"], ["show", "sk-ee"], ["assess", ASSESS[-1], "--stream", "sk-ee"]):
        assert run(["provinces", *words, "--on", "2026-11-28"]) == 0
        told = capsys.readouterr()
        assert "20 June 2026; what changed later is not known" in told.out + told.err


def test_a_french_name_of_ours_is_marked(capsys: pytest.CaptureFixture[str]) -> None:
    """Where no official French name was found the list and the stream say that it is ours, and nowhere else."""
    rows = printed(["provinces", "list", "--on", "2026-11-28"], capsys)
    assert {one["key"] for one in rows if not one["our_french"]} == {
        *("mb-swm", "mb-swo", "nb-ee-employment", "nb-ee-interests", "nl-ee-sw", "ns-ee-physicians", "ns-ee-work")
    }
    assert run(["provinces", "list", "--on", "2026-11-28", "--lang", "fr"]) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert "Volet Entrée express du Yukon *" in told
    assert "Travailleurs qualifiés au Manitoba *" not in told
    for key, ours in (("yt-ee", True), ("mb-swm", False)):
        assert run(["provinces", "show", key, "--lang", "fr"]) == 0
        assert ("notre traduction" in capsys.readouterr().out) is ours


def test_judged_alone_or_together() -> None:
    """A stream judged by itself is what it is among all: provinces that see the same share what is known."""
    for facts in (engineer(nominee_noc="21211"), engineer(express_entry_profile=True), engineer()):
        for job in facts["person"]["work"][:1]:
            job |= {"worked_in": "CA", "province": "MB"}
        found = assess_profile(read_profile(facts), DAY)
        together = assess_streams(found)
        alone = [one for stream in found.rules.streams for one in assess_streams(found, [stream])]
        assert [(one.stream.key, one.answer, [p.total for p in one.points], one.missing) for one in together] == [
            (one.stream.key, one.answer, [p.total for p in one.points], one.missing) for one in alone
        ]


def test_a_french_month_has_its_s() -> None:
    """Of none and of one there is one year in French, but months stay months."""
    columns = LAW.streams.columns
    said = [value_of(columns[name], n).fr for name in ("employer_months", "study_here_years") for n in (0, 1, 2)]

    assert said == ["0 mois", "1 mois", "2 mois", "0 an", "1 an", "2 ans"]


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
    assert list(found["work_here_months_5y"]) == [24]
    assert list(found["work_other_province_months"]) == [0]
    assert list(found["related_years_5y"]) == [2]

    nowhere = {**here, "work": [job]}
    found = Documents(read_profile({**facts, "person": nowhere}), DAY, LAW).of("SK", None)
    assert (found["work_here_months_5y"][0], found["work_here_months_5y"][-1]) == (0, 24)
    assert list(found["related_years_5y"]) == [0, 1, 2]


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
