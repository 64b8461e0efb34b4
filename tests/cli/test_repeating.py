"""Commands that run on: pauses, failures that pass, and rounds brought again and again."""

from __future__ import annotations

import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from expressentry.cli.repeating import FIRST_SECONDS, JITTER, period, repeat
from expressentry.errors import FileError, Problem, UsageError
from expressentry.text import same
from tests.feeds import as_bytes, row

HOUR = 3600.0


def failure(name: str) -> FileError:
    """A failure that may pass."""
    return FileError(Problem("unreachable", name, same("cannot be fetched"), same("later")))


class TestRepeat:
    """The one loop of all services."""

    def test_pauses(self, capsys: pytest.CaptureFixture[str]) -> None:
        """After a failure a minute, two, four, up to the usual pause; after a success the usual one; each said once."""
        turns = iter([None, *[failure("a")] * 8, None, failure("a"), failure("b"), None])
        pauses: list[float] = []

        def turn() -> None:
            found = next(turns)
            if found is not None:
                raise found

        def wait(seconds: float) -> bool:
            pauses.append(seconds)
            return len(pauses) == 13

        repeat(turn, wait, HOUR, lambda low, high: 1.0)
        doubled = [FIRST_SECONDS * 2**n for n in range(8)]
        assert pauses == [HOUR, *[min(one, HOUR) for one in doubled], HOUR, 60.0, 120.0, HOUR]
        assert capsys.readouterr().err.count("cannot be fetched") == 3

    def test_jitter(self) -> None:
        """Pauses differ, by a tenth at most."""
        pauses: list[float] = []
        repeat(lambda: None, lambda one: pauses.append(one) or len(pauses) == 200, HOUR)  # type: ignore[func-returns-value]

        assert len(set(pauses)) > 150
        assert HOUR * (1 - JITTER) <= min(pauses) < HOUR < max(pauses) <= HOUR * (1 + JITTER)

    def test_an_error_of_another_kind_ends_it(self) -> None:
        """Misuse does not pass by itself."""

        def turn() -> None:
            raise UsageError(Problem("misuse", "a", same("b"), same("c")))

        with pytest.raises(UsageError):
            repeat(turn, lambda _: False, HOUR)

    @pytest.mark.parametrize(
        ("text", "seconds"), [("90s", 90), ("30m", 1800), ("1h", 3600), ("1.5h", 5400), ("7d", 604800), ("2", 7200)]
    )
    def test_periods(self, text: str, seconds: float) -> None:
        """A number with its unit; a number alone is of the unit of the option."""
        assert period("1m", "7d", "h").convert(text, None, None) == seconds

    @pytest.mark.parametrize("text", ["", "h", "1w", "59s", "8d", "-1h", "1e3h", "1 h", "nan", "∞"])
    def test_none(self, text: str) -> None:
        """Anything else, and what is too short or too long, is refused with an example."""
        with pytest.raises(UsageError, match="6h"):
            period("1m", "7d", "h").convert(text, None, None)


@contextmanager
def feed_server() -> Iterator[tuple[list[bytes | None], str]]:
    """A server on this machine that gives the newest of a list; None is an error of its own."""
    given: list[bytes | None] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = given[-1]
            self.send_response(503 if data is None else 200)
            self.end_headers()
            self.wfile.write(data or b"")

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield given, f"http://127.0.0.1:{server.server_address[1]}/feed.json"
    server.shutdown()
    server.server_close()


CODE = """
import sys
from expressentry.cli import repeating
repeating._SECONDS["m"] = 0.1
repeating.FIRST_SECONDS = 0.1
from expressentry.cli import run
sys.exit(run(["rounds", "update", sys.argv[1], "--every", "1m", "--lang", "en"]))
"""
"""The command, with minutes that pass in a tenth of a second."""


def test_rounds_are_brought_until_it_is_stopped(tmp_path: Path) -> None:
    """A server that is away is said once; a new round is brought when it is there; SIGTERM ends it with status 0."""
    with feed_server() as (given, address):
        given.append(None)
        environ = {**os.environ, "EXPRESSENTRY_HOME": str(tmp_path)}
        server = subprocess.Popen(
            [sys.executable, "-c", CODE, address],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environ,
        )
        try:
            time.sleep(2)
            given.append(as_bytes([row()]))
            manifest, end = tmp_path / "history" / "manifest.json", time.monotonic() + 60
            while not manifest.exists():
                assert time.monotonic() < end
                time.sleep(0.1)
            time.sleep(1)
            given.append(as_bytes([row("449", drawDate="2026-10-20"), row()]))
            while json.loads(manifest.read_bytes())["updates"][-1]["newest"] != "2026-10-20":
                assert time.monotonic() < end
                time.sleep(0.1)
        finally:
            server.send_signal(signal.SIGTERM)
            out, err = server.communicate(timeout=60)

    assert server.returncode == 0, err
    assert out.count("number 448") == 1
    assert out.count("number 449") == 1
    assert err.count("503") <= 1
    assert "Traceback" not in err
