"""The assistant's server: its tools answer as the API does, with citations."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters

from expressentry.answers.context import read_context
from expressentry.web.api.describe import FACTORS, PROFILE
from expressentry.web.mcp import TOOLS, create_server
from tests.web.serving import DAY, Caller

CONTEXT = read_context(None)


def asked(name: str, **arguments: Any) -> Any:
    """Call one tool in this process."""

    async def call() -> Any:
        async with Client(create_server(CONTEXT, lambda: DAY)) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(call())


CALLS: dict[str, dict[str, Any]] = {
    "assess": {"facts": FACTORS, "on": "2026-10-01"},
    "replay": {"profile": PROFILE, "last": 3},
    "timeline": {"profile": PROFILE, "until": "2027-10-01"},
    "plan": {"profile": PROFILE, "target": 500},
    "convert": {
        "test": "ielts",
        "taken_on": "2026-01-15",
        "listening": 7.5,
        "reading": 7,
        "writing": 6.5,
        "speaking": 6,
    },
    "occupations": {"words": "data scientist"},
    "occupation": {"code": "21211"},
    "categories": {"key": "stem"},
    "rounds": {"type": "category", "category": "stem"},
    "round": {"number": "293"},
    "pool": {"score": 491, "on": "2024-04-11"},
    "law": {"id": "crs-2025-03-25"},
    "law_diff": {"a": "crs-2017-06-06", "b": "crs-2020-10-20"},
}


@pytest.mark.parametrize("name", list(TOOLS))
def test_every_tool(name: str) -> None:
    """Each tool answers in both languages, with where the answer comes from."""
    told = {lang: asked(name, **CALLS[name], lang=lang) for lang in ("en", "fr")}
    text = json.dumps(told["en"].structured_content)

    assert not told["en"].is_error
    assert name == "pool" or told["en"].structured_content != told["fr"].structured_content  # it has figures alone
    sources = ("cites", "cite", "source", "rule_set", "duties_language", "record")
    assert any(f'"{source}"' in text for source in sources)


def test_same_as_the_api(call: Caller) -> None:
    """`assess` answers the object that the API answers."""
    assert (
        asked("assess", **CALLS["assess"]).structured_content
        == call.post("/api/v1/assess?on=2026-10-01", json=FACTORS).json()
    )


def test_problems_are_data() -> None:
    """What is wrong comes back as an error with every problem, so that the assistant can ask for what is missing."""
    told = asked("assess", facts={"age": 200}, lang="fr")
    problems = json.loads(told.content[0].text[told.content[0].text.index("{") :])["problems"]

    assert told.is_error
    assert {"age", "education", "accompanied"} <= {one["field"] for one in problems}
    assert asked("rounds", since="yesterday").is_error
    assert asked("law", id="crs-1999").is_error


def test_over_standard_input_and_output(tmp_path: Path) -> None:
    """`expressentry mcp` speaks the protocol on its pipes, lists its tools, and ends with its client."""

    async def call() -> tuple[list[str], Any]:
        program = [sys.executable, "-c", "from expressentry.cli import entry; entry()", "mcp"]
        environ = {"EXPRESSENTRY_HOME": str(tmp_path), "PATH": "/usr/bin"}
        async with Client(StdioServerParameters(command=program[0], args=program[1:], env=environ)) as client:
            tools = await client.list_tools()
            return [tool.name for tool in tools.tools], await client.call_tool("round", {"number": "293"})

    names, told = asyncio.run(asyncio.wait_for(call(), 60))

    assert names == list(TOOLS)
    assert told.structured_content["cutoff"] == 491
