"""The container and the services: what they start exists, runs without rights, and writes to one folder only."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from expressentry.cli import main
from expressentry.cli.help import Group

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "deploy/systemd").iterdir())
CONTAINER = (ROOT / "deploy/Containerfile").read_text(encoding="utf-8")
PROGRAM = "/opt/expressentry/bin/expressentry"


def settings(unit: Path) -> dict[str, list[str]]:
    """The settings of a unit, each with all its values."""
    found: dict[str, list[str]] = {}
    for line in unit.read_text(encoding="utf-8").splitlines():
        if "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def parsed(words: list[str]) -> None:
    """Read a command line as the program does, and run nothing."""
    group, context = main, click.Context(main)
    while isinstance(found := group.get_command(context, words[0]), Group):
        group, words = found, words[1:]
    assert found is not None, words
    found.make_context(words[0], words[1:])


@pytest.mark.parametrize("unit", [unit for unit in UNITS if unit.suffix == ".service"], ids=lambda unit: unit.stem)
class TestServices:
    """Each service."""

    def test_starts_what_there_is(self, unit: Path) -> None:
        """Each line that a service starts is a command with its options."""
        for line in settings(unit)["ExecStart"]:
            program, *words = line.split()
            assert program == PROGRAM
            parsed(words)

    def test_without_rights(self, unit: Path) -> None:
        """A service runs as its own user, can write its own folder only, and cannot gain rights."""
        found = settings(unit)
        assert found["User"] == ["expressentry"]
        assert found["ProtectSystem"] == ["strict"]
        assert found["NoNewPrivileges"] == ["yes"]
        assert found["CapabilityBoundingSet"] == [""]
        assert found["StateDirectory"] == ["expressentry"]
        assert "EXPRESSENTRY_HOME=/var/lib/expressentry" in found["Environment"]


def test_verified_by_systemd(tmp_path: Path) -> None:
    """Where systemd is, it finds nothing wrong with the units."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("no systemd-analyze on this machine")
    here = Path(sys.executable).parent / "expressentry"
    for unit in UNITS:
        (tmp_path / unit.name).write_text(unit.read_text(encoding="utf-8").replace(PROGRAM, str(here)))
    command = [analyze, "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = [line for line in (done.stdout + done.stderr).splitlines() if "expressentry" in line]

    assert (done.returncode, told) == (0, [])


def test_timers_have_their_service() -> None:
    """Each timer starts a service of its name."""
    for unit in UNITS:
        if unit.suffix == ".timer":
            assert unit.with_suffix(".service") in UNITS
            assert settings(unit)["OnCalendar"]


class TestContainer:
    """What the file says; see docs/how-to/serve.md for what was tried."""

    def test_two_stages_and_no_rights(self) -> None:
        """It is built in one image and runs in another, as a user by number, with a check of health."""
        assert len(re.findall(r"^FROM ", CONTAINER, re.MULTILINE)) == 2
        last = CONTAINER.rpartition("FROM ")[2]
        assert re.search(r"^USER \d+$", last, re.MULTILINE)
        assert "HEALTHCHECK" in last
        assert "/health" in last
        assert "--read-only" in CONTAINER

    def test_copies_what_there_is(self) -> None:
        """Every file that is copied exists, and reaches the build."""
        allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
        for line in re.findall(r"^COPY (?!--)(.+) \S+$", CONTAINER, re.MULTILINE):
            for name in line.split():
                assert (ROOT / name).exists(), name
                assert name in allowed, name

    def test_starts_what_there_is(self) -> None:
        """What it starts is a command with its options."""
        (words,) = re.findall(r"^CMD \[(.+)\]$", CONTAINER, re.MULTILINE)
        parsed(re.findall(r'"([^"]+)"', words))
