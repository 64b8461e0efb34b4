"""Streams by the other faces: a server that runs, the assistant, and the same answers as the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest
import tomli
from mcp import Client
from starlette.testclient import TestClient

from expressentry import assess_profile, load_law, read_profile
from expressentry.advise.dossier import build_dossier
from expressentry.answers.context import read_context
from expressentry.assess.person.stream_people import assess_streams
from expressentry.cli import run
from expressentry.profile.interview.answers_by_id import typed_of
from expressentry.web.mcp import create_server
from expressentry.web.pages.candidate.carried import Carried, pack
from tests.web.serving import DAY, made, served
from tests.web.site import person

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/provinces/sk-ee-met.toml"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An app of its own port, with worker processes as in use."""
    from expressentry.web import Limits

    with served(made(limits=Limits(requests=0, workers=1))) as address:
        yield address


@pytest.fixture(scope="module")
def wire() -> Iterator[httpx.Client]:
    """A patient client: what is asked for the first time is read first, which takes seconds on a busy machine."""
    with httpx.Client(timeout=60) as client:
        yield client


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty user folder."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What a command prints as JSON."""
    assert run([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


def facts() -> dict[str, Any]:
    """The example as it would be sent."""
    found: dict[str, Any] = json.loads(json.dumps(tomli.loads(EXAMPLE.read_text(encoding="utf-8")), default=str))
    return found


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_running_server_answers_as_the_command_line(
    server: str, wire: httpx.Client, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    """List, one stream, a person and rounds: the objects that the commands print."""
    day = {"on": "2026-10-01", "lang": lang}
    base, words = f"{server}/api/v1/provinces", ["--on", "2026-10-01", "--lang", lang]

    assert wire.get(base, params=day).json() == printed(capsys, "provinces", "list", *words)
    assert wire.get(f"{base}/sk-ee", params=day).json() == printed(capsys, "provinces", "show", "sk-ee", *words)
    told = wire.post(f"{base}/assess", params={**day, "stream": "sk-ee,MB"}, json=facts()).json()
    asked = ["--stream", "sk-ee", "--stream", "MB"]
    assert told == printed(capsys, "provinces", "assess", str(EXAMPLE), *asked, *words)
    assert {one["province"] for one in told} == {"SK", "MB"}
    draws = wire.get(f"{base}/draws", params={**day, "province": "SK"}).json()
    assert draws == printed(capsys, "provinces", "draws", "--province", "SK", *words)


def test_wrong_facts_over_the_wire(server: str, wire: httpx.Client) -> None:
    """Everything that is wrong with what is stated for provinces comes at once, each with a pointer."""
    wrong = {
        **facts(),
        "provinces": [{"province": "SK", "offer_wage": 83200, "setlement_plan": True}, {"province": "QC"}],
    }
    told = wire.post(f"{server}/api/v1/provinces/assess", params={"on": "2026-10-01"}, json=wrong)

    assert told.status_code == 422
    assert {one["pointer"] for one in told.json()["problems"]} == {
        "/provinces/0/offer_wage",
        "/provinces/0/setlement_plan",
        "/provinces/1/province",
    }


def test_the_assistant_answers_as_the_api(server: str, wire: httpx.Client) -> None:
    """The tool gives the same findings, and the facts that are missing by name."""

    async def call() -> Any:
        async with Client(create_server(read_context(None), lambda: DAY)) as client:
            return await client.call_tool(
                "province_assess", {"profile": facts(), "on": "2026-10-01", "streams": ["sk-ee"]}
            )

    found = asyncio.run(call()).structured_content
    told = wire.post(
        f"{server}/api/v1/provinces/assess", params={"on": "2026-10-01", "stream": "sk-ee"}, json=facts()
    ).json()

    assert found["streams"] == told
    assert found["streams"][0]["draws_read"] == {"as_of": "2026-06-26", "age_days": 97, "stale": True}


@pytest.fixture
def user_law(tmp_path: Path) -> Path:
    """A user's folder with a stream of Yukon of its own, and Saskatchewan asking for more points than it did."""
    (tmp_path / "law").mkdir()
    law = (ROOT / "examples/law/stream-2027-01-01.toml").read_text(encoding="utf-8")
    (tmp_path / "law/mine.toml").write_text(law, encoding="utf-8")
    return tmp_path


def test_a_users_stream_in_every_door(user_law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Command line, library, API, assistant, site and report judge by what the user's file adds and replaces."""
    day, words = date(2027, 1, 1), ["--on", "2027-01-01"]
    points = {"sk-ee": 65, "yt-trial": 20}
    listed = printed(capsys, "provinces", "list", *words)
    assert {one["key"]: one["pass_mark"] for one in listed if one["key"] in points} == points
    one = ROOT / "examples/law/stream-2027-01-01.toml"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EXPRESSENTRY_HOME", str(user_law / "nothing"))
        assert printed(capsys, "provinces", "list", "--law", str(one), *words) == listed
    judged = printed(capsys, "provinces", "assess", str(EXAMPLE), "--stream", "sk-ee", "--stream", "YT", *words)
    findings = {one["key"]: one["finding"] for one in judged}
    assert findings == {"sk-ee": "not_met", "yt-ee": "cannot_tell", "yt-trial": "cannot_tell"}  # 61 points of 65
    law, someone = load_law(one), person("engineer")
    found = assess_streams(assess_profile(read_profile(someone, law), day, law))
    assert "yt-trial" in [one.stream.key for one in found]

    app = made(day, home=user_law)
    with TestClient(app) as client:
        assert client.get("/api/v1/provinces", params={"on": "2027-01-01"}).json() == listed
        asked = {"on": "2027-01-01", "stream": "sk-ee,YT"}
        assert client.post("/api/v1/provinces/assess", params=asked, json=facts()).json() == judged
        for lang, title in (("en", "A stream of the example"), ("fr", "Un volet de l'exemple")):
            assert title in unescape(client.get(f"/{lang}/provinces").text)
            assert title in unescape(client.get(f"/{lang}/provinces/yt-trial").text)
        typed, left = typed_of(someone, law)
        told = client.post("/en/candidate/answer", data={"a": pack(Carried(typed, tuple(left)))}).text
        assert 'href="/en/provinces/yt-trial"' in told

    async def call() -> Any:
        async with Client(create_server(read_context(user_law), lambda: day)) as client:
            asked = {"profile": facts(), "on": "2027-01-01", "streams": ["sk-ee", "YT"]}
            return await client.call_tool("province_assess", asked)

    assert asyncio.run(call()).structured_content["streams"] == judged
    dossier = build_dossier(read_profile(someone, law), day, read_context(user_law).record, law)
    assert "yt-trial" in [one.stream.key for one in dossier.streams]


def test_a_users_stream_that_is_wrong(user_law: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every mistake of the file is named with its line, and nothing is answered by half of it."""
    path = user_law / "law/mine.toml"
    text = path.read_text(encoding="utf-8").replace('province = "YT"', 'province = "QC"', 1)
    path.write_text(text.replace("value = 20", 'value = "twenty"'), encoding="utf-8")

    assert run(["provinces", "list", "--on", "2027-01-01"]) != 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("mine.toml:") >= 2
