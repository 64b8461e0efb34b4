"""What docs/reference/stability.md promises to scripts is what the commands answer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from expressentry.cli import run

PAGE = Path(__file__).parents[2] / "docs/reference/stability.md"


def promises() -> dict[str, list[tuple[str, list[str]]]]:
    """For every command of the page its paths with the keys that each has."""
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for command, at, keys in re.findall(
        r"^\| `([^`]+)` \| (\S*) ?\| (`.*`) \|$", PAGE.read_text("utf-8"), re.MULTILINE
    ):
        found.setdefault(command, []).append((at.strip("`"), re.findall(r"`(\w+)`", keys)))
    return found


def at(answer: Any, path: str) -> Iterator[Any]:
    """Every value at a path, `[]` being each element of a list."""
    head, _, rest = path.partition(".")
    name, each, _ = head.partition("[]")
    inside = answer[name] if name else answer
    for one in inside if each else [inside]:
        yield from at(one, rest) if rest else [one]


PROMISES = promises()
IN_POOL = [command for command in PROMISES if command.startswith("pool ")]


def check(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Run a command, and look for each key that is promised."""
    capsys.readouterr()
    assert run([*command.split(), "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    for path, keys in PROMISES[command]:
        found = list(at(answer, path))
        assert found, path
        assert all(set(keys) <= set(one) for one in found), path


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("command", [command for command in PROMISES if command not in IN_POOL])
def test_keys(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Every key is at its place in the JSON of a command."""
    check(command, capsys)


@pytest.mark.usefixtures("place")
@pytest.mark.parametrize("command", IN_POOL)
def test_keys_of_the_pool(
    command: str, sample: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same for commands of the pool."""
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", sample)
    check(command, capsys)


def test_every_promise_is_read() -> None:
    """The test reads every line of the table on the page, and each names keys."""
    table = PAGE.read_text("utf-8").split("## Keys")[1]

    assert sum(map(len, PROMISES.values())) == table.count("\n| `")
    assert all(keys for paths in PROMISES.values() for _, keys in paths)
