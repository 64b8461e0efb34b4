"""New law while a pool runs: nothing has to be started again, a wrong file changes nothing, and it is said."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import ROOT, Make
from tests.pool.servers import until
from tests.pool.test_sealer import sealing, waiting

SHIPPED, MORE = 467, 5
"""The score of the engineer by the shipped law, and the points that the added law gives more."""

DAY = "2026-10-01"


def added() -> str:
    """The grid of the day with more points for a master's degree."""
    text = load_law().grid("crs-2025-03-25").text
    text = text.replace('id = "crs-2025-03-25"', 'id = "crs-mine"\nreplaces = "crs-2025-03-25"', 1)
    return text.replace('["masters", 135, 126]', f'["masters", {135 + MORE}, {126 + MORE}]', 1)


def test_followed_whole_or_not_at_all(
    server: Embedded,
    make_database: Make,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command of the pool reads the law when it begins; a cut file is refused by name; the sealer goes on."""
    name, law = make_database(), tmp_path / "law"
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", server.admin_url(name))
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path))
    law.mkdir()

    def act(*words: str, status: int = 0) -> str:
        found = run(["pool", *words])
        out, err = capsys.readouterr()
        assert found == status, err
        return out if status == 0 else err

    def scores() -> list[int]:
        ranked: list[dict[str, Any]] = json.loads(act("rank", "general", "--format", "json"))
        return [one["crs"] for one in ranked]

    engineer, whole = str(ROOT / "examples/people/engineer.toml"), added()
    act("init", "--on", DAY)
    with sealing(EXPRESSENTRY_DATABASE=server.url(ROLES["sealer"], name), EXPRESSENTRY_HOME=str(tmp_path)) as sealer:
        act("submit", engineer, "--person", "anna", "--on", DAY)
        assert scores() == [SHIPPED]

        # A file that is only half there: nothing is scored by it, and the scores in force stay.
        (law / "mine.toml").write_text(whole[: len(whole) // 2], encoding="utf-8")
        for words in (("rescore", "--on", DAY), ("submit", engineer, "--person", "bert", "--on", DAY)):
            assert "mine.toml" in act(*words, status=1)
        (law / "mine.toml").unlink()
        assert scores() == [SHIPPED]

        (law / "mine.toml").write_text(whole, encoding="utf-8")
        act("rescore", "--on", DAY)
        assert scores() == [SHIPPED + MORE]

        act("submit", engineer, "--person", "bert", "--on", DAY)
        assert scores() == [SHIPPED + MORE] * 2
        assert "everything agrees" in act("verify", "--scores", "--on", DAY)
        assert until(lambda: not waiting(server.admin_url(name)))
        assert sealer.poll() is None
        sealer.send_signal(signal.SIGTERM)
        _, err = sealer.communicate(timeout=60)
        assert (sealer.returncode, err) == (0, "stopped\n")
