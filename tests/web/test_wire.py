"""What an unkind client may write on the wire: lengths that lie, bodies that drip, requests within requests."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress

import pytest

from expressentry.web import Limits
from expressentry.web.server import protocol
from tests.web.serving import made, served

HEAD = b"POST /api/v1/assess HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
NEXT = b"GET /health HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
_PATIENCE = 20


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """A site with little patience, on a port of this machine."""
    with served(made(limits=Limits(requests=0, workers=0, body_bytes=1000, body_seconds=0.5))) as base:
        yield int(base.rpartition(":")[2])


def said(port: int, *parts: bytes, pause: float = 0.0) -> bytes:
    """Write parts with a pause before each but the first, and read until the server hangs up."""
    with socket.create_connection(("127.0.0.1", port), _PATIENCE) as line:
        found = b""
        for at, part in enumerate(parts):
            time.sleep(pause if at else 0)
            try:
                line.sendall(part)
            except OSError:
                break  # it has hung up already
        try:
            while more := line.recv(1 << 16):
                found += more
        except ConnectionResetError:
            pass  # it does not wait for what is still on the way
        return found


def statuses(answer: bytes) -> list[int]:
    """The statuses of all answers on one connection."""
    return [int(part.split(b" ", 1)[0]) for part in answer.split(b"HTTP/1.1 ")[1:]]


@pytest.mark.parametrize(
    "request_",
    [HEAD + b"Content-Length: 50\r\n\r\n{}", CHUNKED + b"2\r\n{}\r\n", CHUNKED],
    ids=["shorter than its length", "without its last chunk", "without any"],
)
def test_a_body_that_does_not_come(port: int, request_: bytes) -> None:
    """It is answered 408 in the one shape of errors, and the connection is closed."""
    answer = said(port, request_)

    assert statuses(answer) == [408]
    assert b"application/problem+json" in answer
    assert b"connection: close" in answer.lower()


def test_a_body_that_drips(port: int) -> None:
    """A byte now and then does not win time: the limit is for the whole body."""
    begun = time.monotonic()
    answer = said(port, HEAD + b"Content-Length: 500\r\n\r\n", *[b" "] * 40, pause=0.1)

    assert statuses(answer) == [408]
    assert time.monotonic() - begun < _PATIENCE


@pytest.mark.parametrize(
    "request_",
    [
        HEAD + b"Content-Length: 99999999999\r\n\r\n{}",
        CHUNKED + (b"1f4\r\n" + b"x" * 500 + b"\r\n") * 5 + b"0\r\n\r\n",
        CHUNKED + b"7fffffff\r\n" + b"x" * 5000,
    ],
    ids=["by its length", "in chunks", "in one chunk that lies"],
)
def test_a_body_that_is_too_large(port: int, request_: bytes) -> None:
    """It is answered 413 before it has all come, and what follows is not waited for."""
    answer = said(port, request_)

    assert statuses(answer) == [413]
    assert b"connection: close" in answer.lower()


def test_a_length_that_is_too_small(port: int) -> None:
    """What lies beyond the length is the next request, never a part of this one."""
    assert statuses(said(port, HEAD + b"Content-Length: 2\r\n\r\n{}" + NEXT)) == [422, 200]


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (HEAD + b"Content-Length: 2\r\nContent-Length: 5\r\n\r\n{}" + NEXT, [400]),
        (HEAD + b"Content-Length: 2, 5\r\n\r\n{}" + NEXT, [400]),
        (b"GET /en HTTP/1.1\r\nHost: test\r\nHost: evil.example\r\n\r\n", [400]),
        (b"GET /en HTTP/1.1\r\n\r\n", [400]),
        (b"GET /en HTTP/1.1\r\nHost: test\r\nX: a\x00b\r\n\r\n", [400]),
        (b"GET /en HTTP/1.1\r\nConnection: close\r\nHost: test\r\n X-Folded\r\n\r\n", [400]),
        (b"GET /en\r\nX HTTP/1.1\r\nHost: test\r\n\r\n", [400]),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", [400]),
    ],
    ids=["two lengths", "two in one", "two hosts", "no host", "a null", "a folded line", "a broken line", "TLS"],
)
def test_requests_that_are_none(port: int, request_: bytes, expected: Sequence[int]) -> None:
    """They are answered 400 and the connection is closed: nothing behind them is read as a request."""
    assert statuses(said(port, request_)) == expected


@pytest.mark.parametrize(
    "lengths", [b"Content-Length: 5\r\nTransfer-Encoding: chunked", b"Transfer-Encoding: chunked\r\nContent-Length: 5"]
)
def test_both_length_and_chunks(port: int, lengths: bytes) -> None:
    """Where both are given a server in front may have counted otherwise: it is refused, and nothing behind is read."""
    answer = said(port, HEAD + lengths + b"\r\n\r\n0\r\n\r\n" + NEXT)

    assert statuses(answer) == [400]
    assert b"two_lengths" in answer


@pytest.fixture(scope="module")
def short() -> Iterator[int]:
    """A site with room for 20 connections, which waits half a second for a request."""
    http = protocol(behind_proxy=True, most=20, request_seconds=0.5, stalled_seconds=0.5)
    with served(made(), http) as base:
        yield int(base.rpartition(":")[2])


class TestPatience:
    """Connections that ask for nothing, and clients that take nothing."""

    @pytest.mark.parametrize(
        "parts",
        [[b""], [b"GET /en HTTP/1.1\r\nHost: x\r\nX: "], [b"G"] * 40, [b"\r\n"] * 40, [NEXT[:-21] + b"\r\n", b"GET"]],
        ids=["nothing", "headers without end", "headers that drip", "empty lines", "half a second request"],
    )
    def test_no_request(self, short: int, parts: list[bytes]) -> None:
        """A connection on which no request comes is closed by the server, whatever drips meanwhile."""
        begun = time.monotonic()
        answer = said(short, *parts, pause=0.1)

        assert statuses(answer) in ([], [200], [400])
        assert time.monotonic() - begun < _PATIENCE

    def test_idle_connections_keep_nobody_out(self) -> None:
        """With more connections open than there is room for, whoever asks is answered; so with those that drip."""
        http = protocol(behind_proxy=True, most=20)
        with served(made(), http) as base, ExitStack() as held:
            port = int(base.rpartition(":")[2])
            for at in range(60):
                line = held.enter_context(socket.create_connection(("127.0.0.1", port), _PATIENCE))
                if at % 2:
                    line.sendall(b"GET /en HTTP/1.1\r\nHost: x\r\nX: ")
                if at % 20 == 19:
                    assert statuses(said(port, NEXT)) == [200]
            assert len(http.room.open) <= 20

    def test_one_client_has_a_share(self) -> None:
        """Where clients are known by their address, one has so many connections, and the others find room."""
        http = protocol(behind_proxy=False)
        http.room.most_of_client = 10
        with served(made(), http) as base, ExitStack() as held:
            port = int(base.rpartition(":")[2])
            for _ in range(30):
                held.enter_context(socket.create_connection(("127.0.0.1", port), _PATIENCE))
            assert statuses(said(port, NEXT)) == [200]
            assert http.room.of_client["127.0.0.1"] <= 10
            other = held.enter_context(
                socket.create_connection(("127.0.0.1", port), _PATIENCE, source_address=("127.0.0.2", 0))
            )
            other.sendall(NEXT)
            assert other.recv(100).startswith(b"HTTP/1.1 200")

    def test_who_takes_nothing(self) -> None:
        """A client that does not read its answers is cut off, and what was kept for it is given back."""
        http = protocol(behind_proxy=True, request_seconds=0.5, stalled_seconds=0.5)
        with served(made(), http) as base:
            port = int(base.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port), _PATIENCE) as line:
                line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                line.setblocking(False)
                with suppress(OSError):
                    line.sendall(b"GET /api/v1/rounds HTTP/1.1\r\nHost: x\r\n\r\n" * 60)
                seen, end = 0, time.monotonic() + _PATIENCE
                while (http.room.open or not seen) and time.monotonic() < end:
                    seen = max(seen, len(http.room.open))
                    time.sleep(0.02)

                assert seen == 1
                assert not http.room.open

    def test_a_request_under_way_is_not_cut(self) -> None:
        """Neither is one whose answer takes longer than the patience with connections that ask for nothing."""
        app = made()

        @app.get("/api/v1/sleep")
        async def sleeping() -> str:
            await asyncio.sleep(1.5)
            return "done"

        with served(app, protocol(behind_proxy=True, request_seconds=0.5)) as base:
            port = int(base.rpartition(":")[2])
            answer = said(port, b"GET /api/v1/sleep HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")

        assert statuses(answer) == [200]


def test_head_as_get(port: int) -> None:
    """HEAD has the headers of GET and no body, and the connection goes on."""
    answer = said(port, b"HEAD /en HTTP/1.1\r\nHost: test\r\n\r\n" + NEXT)
    first, _, rest = answer.partition(b"\r\n\r\n")

    assert statuses(answer) == [200, 200]
    assert int(first.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) > 1000
    assert rest.startswith(b"HTTP/1.1 200")
