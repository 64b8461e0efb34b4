"""Streams by the other faces: a server that runs, the assistant, and the same answers as the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import tomli
from mcp import Client

from expressentry.answers.context import read_context
from expressentry.cli import run
from expressentry.web.mcp import create_server
from tests.web.serving import DAY, made, served

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/provinces/sk-ee-met.toml"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """An app of its own port, with worker processes as in use."""
    from expressentry.web import Limits

    with served(made(limits=Limits(requests=0, workers=1))) as address:
        yield address


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
    server: str, capsys: pytest.CaptureFixture[str], lang: str
) -> None:
    """List, one stream, a person and rounds: the objects that the commands print."""
    day = {"on": "2026-10-01", "lang": lang}
    base, words = f"{server}/api/v1/provinces", ["--on", "2026-10-01", "--lang", lang]

    assert httpx.get(base, params=day).json() == printed(capsys, "provinces", "list", *words)
    assert httpx.get(f"{base}/sk-ee", params=day).json() == printed(capsys, "provinces", "show", "sk-ee", *words)
    told = httpx.post(f"{base}/assess", params={**day, "stream": "sk-ee,MB"}, json=facts()).json()
    asked = ["--stream", "sk-ee", "--stream", "MB"]
    assert told == printed(capsys, "provinces", "assess", str(EXAMPLE), *asked, *words)
    assert {one["province"] for one in told} == {"SK", "MB"}
    draws = httpx.get(f"{base}/draws", params={**day, "province": "SK"}).json()
    assert draws == printed(capsys, "provinces", "draws", "--province", "SK", *words)


def test_wrong_facts_over_the_wire(server: str) -> None:
    """Everything that is wrong with what is stated for provinces comes at once, each with a pointer."""
    wrong = {
        **facts(),
        "provinces": [{"province": "SK", "offer_wage": 83200, "setlement_plan": True}, {"province": "QC"}],
    }
    told = httpx.post(f"{server}/api/v1/provinces/assess", params={"on": "2026-10-01"}, json=wrong)

    assert told.status_code == 422
    assert {one["pointer"] for one in told.json()["problems"]} == {
        "/provinces/0/offer_wage",
        "/provinces/0/setlement_plan",
        "/provinces/1/province",
    }


def test_the_assistant_answers_as_the_api(server: str) -> None:
    """The tool gives the same findings, and the facts that are missing by name."""

    async def call() -> Any:
        async with Client(create_server(read_context(None), lambda: DAY)) as client:
            return await client.call_tool(
                "province_assess", {"profile": facts(), "on": "2026-10-01", "streams": ["sk-ee"]}
            )

    found = asyncio.run(call()).structured_content
    told = httpx.post(
        f"{server}/api/v1/provinces/assess", params={"on": "2026-10-01", "stream": "sk-ee"}, json=facts()
    ).json()

    assert found["streams"] == told
    assert found["streams"][0]["draws_read"] == {"as_of": "2026-06-26", "age_days": 97, "stale": True}
