"""A server of one's own, set up as the how-to page says: an owner who is no superuser, each role by its password."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote, urlsplit

import psycopg
import pytest

from expressentry.cli import run
from expressentry.pool import migrate
from expressentry.pool.server.connect import ROLES
from expressentry.pool.server.embedded import Embedded
from tests.pool.databases import ROOT
from tests.pool.test_server import SCHEMA, dumped

DAY = ("--on", "2026-10-01")


def address(server: Embedded, role: str, secret: str, database: str) -> str:
    """The address of a database for a role."""
    query = urlsplit(server.admin_url()).query
    return f"postgresql://{role}:{quote(secret)}@/{database}?{query}"


@pytest.fixture
def made(server: Embedded) -> tuple[str, str]:
    """Two databases of an owner who may make roles and nothing else."""
    with psycopg.connect(server.admin_url(), autocommit=True) as admin:
        # The roles are the whole server's, and other tests made them; whoever made a role may let it log in.
        admin.execute("create role pool_owner login createrole password 'owner secret'")
        for role in ROLES.values():
            admin.execute(f"grant {role} to pool_owner with admin option")
        for name in ("own", "own_again"):
            admin.execute(f"create database {name} owner pool_owner")
    return address(server, "pool_owner", "owner secret", "own"), address(
        server, "pool_owner", "owner secret", "own_again"
    )


def test_as_the_page_says(
    server: Embedded,
    made: tuple[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Owner, operator, sealer and auditor each do their part, and no more; a backup is brought back by the owner."""
    owner, again = made
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    monkeypatch.chdir(tmp_path)
    operator, sealer, auditor = (server.url(ROLES[name], "own") for name in ("operator", "sealer", "auditor"))
    engineer, graduate = (str(ROOT / "examples/people" / f"{name}.toml") for name in ("engineer", "graduate"))

    migrate(owner)
    assert dumped(owner) == SCHEMA.read_text(encoding="utf-8")
    assert run(["pool", "init", *DAY, "--database", owner]) == 0
    assert run(["pool", "init", *DAY, "--database", owner]) == 0
    monkeypatch.setenv("EXPRESSENTRY_DATABASE", operator)
    assert run(["pool", "submit", engineer, "--person", "anna", *DAY]) == 0
    assert run(["pool", "submit", graduate, "--person", "chloe", *DAY]) == 0
    assert run(["pool", "expire", *DAY]) == 0
    assert run(["pool", "rescore", *DAY]) == 0
    assert run(["pool", "seal", "--database", sealer]) == 0
    assert run(["pool", "health", *DAY]) == 0
    assert run(["pool", "round", "issue", "general", "1", *DAY]) == 0
    assert run(["pool", "verify", "--scores", *DAY]) == 0
    capsys.readouterr()
    for words in (["events"], ["verify"], ["round", "list"], ["round", "show", "1"], ["stats", *DAY], ["health", *DAY]):
        assert run(["pool", *words, "--database", auditor]) == 0
    assert run(["pool", "publish", "--out", "rounds.json", "--database", auditor]) == 0
    assert run(["pool", "verify", "--scores", *DAY, "--database", auditor]) == 1
    capsys.readouterr()
    assert run(["pool", "submit", engineer, "--person", "ben", *DAY, "--database", sealer]) == 1
    assert "connect as a role that may" in capsys.readouterr().err
    assert run(["pool", "backup", "--out", "pool.dump", "--database", operator]) == 1
    assert not Path("pool.dump").exists()
    assert run(["pool", "backup", "--out", "pool.dump", "--database", owner]) == 0
    assert run(["pool", "restore", "pool.dump", "--database", again]) == 0
    assert dumped(again) == dumped(owner)
    capsys.readouterr()
    assert run(["pool", "verify", "--format", "json", "--database", again]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["ok"], found["rounds"]) == (True, 1)
