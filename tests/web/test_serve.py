"""`expressentry serve` as a process: it listens where it is told, answers, and ends when it is asked to."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from expressentry.cli import run

PROGRAM = [sys.executable, "-c", "from expressentry.cli import entry; entry()", "serve"]


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_serves_and_ends(tmp_path: Path, ending: signal.Signals) -> None:
    """On a free port it says its address, answers pages and API, logs no query, and ends in a moment with status 0."""
    environ = {**os.environ, "EXPRESSENTRY_HOME": str(tmp_path), "EXPRESSENTRY_LANG": "en"}
    server = subprocess.Popen([*PROGRAM, "--port", "0", "--log"], stderr=subprocess.PIPE, text=True, env=environ)
    assert server.stderr is not None
    try:
        address = re.search(r"http://127\.0\.0\.1:\d+", server.stderr.readline())
        assert address is not None
        with httpx.Client(base_url=address[0], timeout=30) as client:
            page, law = client.get("/fr/pool?score=491"), client.get("/api/v1/law")
        assert (page.status_code, law.status_code) == (200, 200)
        assert "server" not in page.headers
    finally:
        server.send_signal(ending)
        _, log = server.communicate(timeout=30)

    assert server.returncode == 0
    assert "GET /fr/pool 200" in log
    assert "491" not in log


def test_port_taken(capsys: pytest.CaptureFixture[str]) -> None:
    """A port that is taken is said, with what to do, and is exit status 1."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(1)
        assert run(["serve", "--port", str(bound.getsockname()[1]), "--lang", "fr"]) == 1

    assert "donner un autre --port" in capsys.readouterr().err


@pytest.mark.parametrize("address", ["ftp://x.example", "https://x.example/path", "x.example", "https://a b"])
def test_address_that_is_none(capsys: pytest.CaptureFixture[str], address: str) -> None:
    """A public address that is none is misuse."""
    assert run(["serve", "--check", "--address", address]) == 2
    assert "https://ee.example.org" in capsys.readouterr().err
