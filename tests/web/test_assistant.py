"""The assistant's server: its tools answer as the API does, with citations."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from mcp import Client, StdioServerParameters

from expressentry.answers.context import read_context
from expressentry.web.api.describe import FACTORS, PROFILE, STATED
from expressentry.web.mcp import TOOLS, Assistant, create_server
from expressentry.web.mcp_tools import FACTORS_SCHEMA, PROFILE_EXAMPLE, PROFILE_SCHEMA
from tests.web.serving import DAY, Caller

CONTEXT = read_context(None)


def asked(name: str, **arguments: Any) -> Any:
    """Call one tool in this process."""

    async def call() -> Any:
        async with Client(create_server(CONTEXT, lambda: DAY)) as client:
            return await client.call_tool(name, arguments)

    return asyncio.run(call())


CALLS: dict[str, dict[str, Any]] = {
    "assess": {"profile": FACTORS, "on": "2026-10-01", "brief": False},
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
    "forecast": {"type": "cec", "horizon": 2, "on": "2026-10-01"},
    "chances": {"profile": PROFILE, "months": 2, "on": "2026-10-01", "assume": "crs-2025-03-25"},
    "pool": {"score": 491, "on": "2024-04-11"},
    "provinces": {"on": "2026-10-01", "all": True},
    "province_stream": {"key": "sk-ee"},
    "province_assess": {"profile": {**PROFILE, "provinces": STATED}, "on": "2026-10-01", "streams": ["SK"]},
    "province_draws": {"stream": "sk-ee"},
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
    assert {"as_of", "law", "record"} <= set(told["en"].structured_content)  # every answer has its day and its law
    assert told["en"].structured_content["law"]["rule_set"].startswith("crs-")


def test_same_as_the_api(call: Caller) -> None:
    """`assess` answers the object that the API answers."""
    assert (
        asked("assess", **CALLS["assess"]).structured_content
        == call.post("/api/v1/assess?on=2026-10-01", json=FACTORS).json()
    )


def test_problems_are_data() -> None:
    """What is wrong comes back as an error with every problem, so that the assistant can ask for what is missing."""
    told = asked("assess", profile={"age": 200}, lang="fr")
    problems = json.loads(told.content[0].text)["problems"]

    assert told.is_error
    assert {"age", "education", "accompanied"} <= {one["field"] for one in problems}
    assert asked("rounds", since="yesterday").is_error
    assert asked("law", id="crs-1999").is_error


def problems(told: Any) -> list[dict[str, Any]]:
    """The problems of a refused call."""
    assert told.is_error
    found: list[dict[str, Any]] = json.loads(told.content[0].text)["problems"]
    return found


def listed() -> tuple[dict[str, Any], dict[str, Any]]:
    """The schema of each tool's arguments, and each document by its address."""

    async def call() -> Any:
        async with Client(create_server(CONTEXT, lambda: DAY)) as client:
            tools = (await client.list_tools()).tools
            found = {}
            for one in (await client.list_resources()).resources:
                [content] = (await client.read_resource(one.uri)).contents
                found[str(one.uri)] = json.loads(content.model_dump()["text"])
            return {tool.name: tool.input_schema for tool in tools}, found

    schemas, documents = asyncio.run(call())
    return schemas, documents


def test_one_name_for_a_person() -> None:
    """Every tool about a person takes `profile`; its schema is in the tools and in a document, and its example fits."""
    schemas, documents = listed()
    people = {name for name, schema in schemas.items() if "profile" in schema["properties"]}

    assert people == {"assess", "replay", "timeline", "plan", "chances", "province_assess"}
    assert not any("facts" in schema["properties"] for schema in schemas.values())
    assert set(documents) == {PROFILE_SCHEMA, FACTORS_SCHEMA, PROFILE_EXAMPLE}
    for schema in (schemas["assess"], schemas["plan"]):
        jsonschema.validate({"profile": documents[PROFILE_EXAMPLE]}, schema)
    jsonschema.validate(documents[PROFILE_EXAMPLE], documents[PROFILE_SCHEMA])
    jsonschema.validate(FACTORS, documents[FACTORS_SCHEMA])
    jsonschema.validate({"profile": FACTORS}, schemas["assess"])
    wrong = {**documents[PROFILE_EXAMPLE], "person": {"birth_date": "1990-01-01"}}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"profile": wrong}, schemas["assess"])
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"profile": FACTORS}, schemas["plan"])
    assert not asked("assess", profile=documents[PROFILE_EXAMPLE]).is_error


@pytest.mark.parametrize("name", list(TOOLS))
def test_unknown_arguments(name: str) -> None:
    """An argument that a tool does not have is refused and never ignored, with what was meant."""
    [problem] = problems(asked(name, **CALLS[name], colour="red"))
    assert (problem["code"], problem["field"]) == ("unknown_parameter", "colour")
    assert listed()[0][name]["additionalProperties"] is False


def test_arguments_are_said_as_data() -> None:
    """What is wrong with arguments comes as the same data, in the language asked: an old name, one that is missing."""
    told = problems(asked("assess", facts=FACTORS))
    assert {one["field"]: one["code"] for one in told} == {"facts": "unknown_parameter", "profile": "missing"}
    assert "did you mean profile?" in {one["fix"] for one in told}
    [wrong] = problems(asked("rounds", limit="many", lang="fr"))
    assert "nombre entier" in wrong["message"]


@pytest.mark.parametrize(
    ("name", "arguments", "code"),
    [
        ("rounds", {"type": "stm"}, "unknown_word"),
        ("rounds", {"category": "cec"}, "unknown_word"),
        ("rounds", {"limit": 0}, "out_of_range"),
        ("rounds", {"since": "2026-13"}, "not_a_day"),
        ("occupations", {"words": "cook", "limit": 101}, "out_of_range"),
        ("replay", {"profile": PROFILE, "last": 0}, "out_of_range"),
        ("law_diff", {"a": "x", "b": "y"}, "unknown_id"),
        ("law_diff", {"a": "2026-10-01", "b": "2025-02-30"}, "not_a_day"),
        ("pool", {"score": 5000}, "not_a_score"),
    ],
)
def test_never_nothing_for_a_wrong_word(name: str, arguments: dict[str, Any], code: str) -> None:
    """A word or a number that a tool does not know is refused: an empty list would look like an answer."""
    assert [one["code"] for one in problems(asked(name, **arguments))] == [code]


def test_rounds_by_kind_and_month() -> None:
    """The kind of a round is a type or a category, and days may be months or years."""
    found = asked("rounds", type="stem", since="2024-04", until="2024-04").structured_content
    assert [one["number"] for one in found["rounds"]] == ["293"]


def test_compact_unless_asked() -> None:
    """An answer about a person is small unless the lines are asked for."""
    small, whole = asked("assess", profile=PROFILE), asked("assess", profile=PROFILE, brief=False)
    assert small.structured_content["crs"]["total"] == whole.structured_content["crs"]["total"]
    assert len(small.content[0].text) < 6000 < len(whole.content[0].text)


def test_numbers() -> None:
    """A round and an occupation may be named by a number."""
    assert asked("round", number=293).structured_content == asked("round", number="293").structured_content
    assert asked("occupation", code=21211).structured_content["noc"] == "21211"
    assert asked("round", number="latest").structured_content["number"] == CONTEXT.record.newest.number


def test_nothing_personal_in_the_log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a refusal nor a crash writes what was sent to the log."""
    caplog.set_level("WARNING")  # the level of the server
    secret = {"person": {"birth_date": "Maria-Secret"}}
    assert asked("assess", profile=secret).is_error
    assert asked("plan", profile=secret).is_error
    assert asked("plan", profile="Maria-Secret").is_error

    def crash(*_: Any) -> Any:
        raise KeyError("Maria-Secret")

    monkeypatch.setattr(Assistant, "_day", crash)
    [problem] = problems(asked("assess", profile=PROFILE))
    assert problem["code"] == "internal"
    assert "Maria" not in caplog.text
    assert "tool assess: KeyError" in caplog.text


def test_nothing_personal_on_standard_error(tmp_path: Path) -> None:
    """So it is where the server really runs: its standard error has no word of the person."""
    asking = """
import asyncio, sys
from mcp import Client, StdioServerParameters
async def call():
    entry = "from expressentry.cli import entry; entry()"
    program = StdioServerParameters(command=sys.executable, args=["-c", entry, "mcp"])
    async with Client(program) as client:
        told = await client.call_tool("assess", {"profile": {"person": {"birth_date": "Maria-Secret"}}})
        assert told.is_error
asyncio.run(call())
"""
    environ = {"EXPRESSENTRY_HOME": str(tmp_path), "PATH": "/usr/bin"}
    done = subprocess.run(
        [sys.executable, "-c", asking], env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Maria" not in done.stderr


def nested(levels: int) -> dict[str, Any]:
    """So many objects in one another."""
    found: dict[str, Any] = {}
    for _ in range(levels):
        found = {"a": found}
    return found


@pytest.mark.parametrize("name", ["assess", "pool"])
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (10**5000, "not_json"),
        (10**20, "not_json"),
        (nested(60), "not_json"),
        ("\ud800", "not_json"),
        ("x" * 300_000, "too_large"),
        ({f"k{n}": n for n in range(30_000)}, "too_large"),
        ([1] * 200_000, "too_large"),
    ],
    ids=("digits", "figures", "levels", "half", "letters", "keys", "entries"),
)
def test_what_no_call_needs(name: str, value: Any, code: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the argument: huge, deep or no text is refused before it is looked at, and nothing is logged."""
    for argument in (next(iter(CALLS[name])), "unknown"):
        told = problems(asked(name, **{**CALLS[name], argument: value}))
        assert [one["code"] for one in told] == [code]
    assert "unexpected" not in caplog.text


def test_unknown_arguments_are_counted() -> None:
    """Of thousands of arguments that a tool does not have some are named, and the others counted."""
    told = problems(asked("assess", **CALLS["assess"], **{f"k{n}": 1 for n in range(9000)}))
    assert told[-1]["code"] == "more_problems"
    assert len(told) < 120


@pytest.mark.parametrize("number", ["x" * 100_000, "9" * 100_000, "(" * 1000, "91"], ids=("x", "9", "(", "91"))
def test_any_number_of_a_round(number: str) -> None:
    """A number that no round has, however long, is compared and never made a pattern of."""
    begun = time.process_time()
    [problem] = problems(asked("round", number=number))

    assert problem["code"] == ("ambiguous_round" if number == "91" else "unknown_round")
    assert time.process_time() - begun < 2


ODD_LINES = (
    b'{"a":' * 100_000 + b"1" + b"}" * 100_000, b"9" * 100_000, b'"\\ud800"', b'"\xff"', b"NaN", b"[",
    b'"' + b"x" * 10**6 + b'"',
)  # fmt: skip


def test_odd_lines(tmp_path: Path) -> None:
    """After a line that is no call, or one too large, the next call is answered; standard error has no word of it."""
    tools = b'{"jsonrpc":"2.0","id":%d,"method":"tools/call","params":{"name":"%s","arguments":%s}}\n'
    hello = {"protocolVersion": "2025-03-26", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    sent = [json.dumps({"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": hello}).encode() + b"\n"]
    sent.append(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    for id_, line in enumerate(ODD_LINES, 1):
        sent += [tools % (id_, b"assess", b'{"profile":%s}' % line), tools % (100 + id_, b"round", b'{"number":"293"}')]
    program = [sys.executable, "-c", "from expressentry.cli import entry; entry()", "mcp"]
    environ = {"EXPRESSENTRY_HOME": str(tmp_path), "PATH": "/usr/bin"}
    with subprocess.Popen(
        program, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as p:
        assert p.stdin is not None
        assert p.stdout is not None
        assert p.stderr is not None
        answered = []
        p.stdin.writelines(sent[:2])
        for asking, calling in zip(sent[2::2], sent[3::2], strict=True):
            p.stdin.writelines([asking, calling])
            p.stdin.flush()
            while True:
                told = json.loads(p.stdout.readline())
                if told.get("id", 0) > 100:
                    answered.append(told["result"]["structuredContent"]["cutoff"])
                    break
        p.stdin.close()
        assert p.wait(20) == 0
        assert p.stderr.read() == b""

    assert answered == [491] * len(ODD_LINES)


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


def test_a_wrong_argument_of_a_comparison_is_named() -> None:
    """The argument that names no grid, and not a field that the call does not have."""
    assert [one["field"] for one in problems(asked("law_diff", a="crs-2025-03-25", b="y"))] == ["b"]
