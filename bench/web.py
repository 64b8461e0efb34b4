"""(w) The API against a bare FastAPI endpoint of the same size; half load, memory, the first page in Chromium."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import socket
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psutil
import uvicorn
from fastapi import FastAPI

from bench.measure import report
from expressentry.web import Limits, Settings
from expressentry.web.api.describe import FACTORS
from expressentry.web.app import create_app, settle

DAY = date(2026, 10, 1)
CONNECTIONS = 4
SECONDS = 1.5
TURNS = 5
MANY = 100_000
PEOPLE = 64


def bench() -> None:
    """Run all of it against one server process that lives as long as this function."""
    bodies = [json.dumps(person).encode() for person in people()]
    brief, full = "/api/v1/assess?on=2026-10-01&brief=true", "/api/v1/assess?on=2026-10-01"
    with serving(_ours) as ours, serving(_bare) as bare:
        pid, port = ours
        for path, least, what in ((brief, 40, "without lines"), (full, 10, "every line cited")):
            size = asyncio.run(_one(port, post(path, bodies[0])))
            requests = [post(path, body) for body in bodies]
            constant = [get(f"/constant/{size}")]
            taken: dict[str, list[float]] = {"ours": [], "bare": []}
            for turn in range(TURNS + 1):
                for name, at, sent in (("bare", bare[1], constant), ("ours", port, requests)):
                    rate = asyncio.run(_rate(at, sent, SECONDS))
                    if turn:
                        taken[name].append(rate)
            rates = {name: statistics.median(found) for name, found in taken.items()}
            share = rates["ours"] / rates["bare"] * 100
            more = f"{rates['ours']:.0f} of {rates['bare']:.0f} requests a second, {size} bytes"
            report(f"(w) assess over HTTP, {what}", share, "%", f"≥ {least}", met=share >= least, more=more)
            _latency(port, requests, rates["ours"] / 2, what)
        _memory(pid, port, [post(brief, body) for body in bodies])
        _page(port)


def people() -> Iterator[dict[str, Any]]:
    """Different people, so that nothing is answered twice."""
    for at in range(PEOPLE):
        yield {**FACTORS, "age": 20 + at % 30, "foreign_work_years": at % 4, "english_reading": 6 + at % 5}


def _ours() -> FastAPI:
    app = create_app(Settings(today=lambda: DAY, limits=Limits(requests=0)))
    settle()  # as `expressentry serve` does
    return app


def _bare() -> FastAPI:
    app = FastAPI()
    known: dict[int, dict[str, str]] = {}

    @app.get("/constant/{size}")
    async def constant(size: int) -> dict[str, str]:
        if size not in known:
            rows = {f"key{at:05}": "x" * 20 for at in range(size // 34)}
            known[size] = {**rows, "rest": "x" * max(size - len(json.dumps(rows, separators=(",", ":"))) - 10, 0)}
        return known[size]

    return app


def _serve(make: Any, bound: socket.socket) -> None:
    uvicorn.Server(uvicorn.Config(make(), log_level="error", access_log=False)).run(sockets=[bound])


@contextmanager
def serving(make: Any) -> Iterator[tuple[int, int]]:
    """A server in a process of its own on a free port of this machine, ended on leaving."""
    # Named as TCP, because asyncio sends without delay only on sockets that say so.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as bound:
        bound.bind(("127.0.0.1", 0))
        bound.listen(128)
        port = bound.getsockname()[1]
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(make, bound), daemon=True)
        process.start()
        try:
            asyncio.run(_one(port, get("/")))
            yield process.pid or 0, port
        finally:
            process.terminate()
            process.join(10)


def get(path: str) -> bytes:
    """A request as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


def post(path: str, body: bytes) -> bytes:
    """A request with a JSON body as bytes."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    return f"{head}\r\n\r\n".encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """Read one answer: its status and the bytes of its body."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
    await reader.readexactly(length)
    return int(head[9:12]), length


async def _one(port: int, request: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    _, length = await asyncio.wait_for(_answer(reader), 60)
    writer.close()
    return length


async def _rate(port: int, requests: list[bytes], seconds: float) -> float:
    """Requests a second that a few connections get answered, each sending its next when it has its last."""
    done, end = 0, time.perf_counter() + seconds

    async def client(at: int) -> None:
        nonlocal done
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while time.perf_counter() < end:
            writer.write(requests[at % len(requests)])
            status, _ = await _answer(reader)
            assert status == 200
            at += CONNECTIONS
            done += 1
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(client(at) for at in range(CONNECTIONS)))
    return done / (time.perf_counter() - begun)


def _latency(port: int, requests: list[bytes], rate: float, what: str) -> None:
    """The slowest of a hundred against the middle one, at half of what the server can do."""
    taken = sorted(asyncio.run(_paced(port, requests, rate, SECONDS * 4)))
    middle, slow = taken[len(taken) // 2], taken[int(len(taken) * 0.99)]
    more = f"p50 {middle * 1e3:.2f} ms, p99 {slow * 1e3:.2f} ms at {rate:.0f} a second"
    report(f"(w) p99 over p50 at half load, {what}", slow / middle, "×", "≤ 5", met=slow <= 5 * middle, more=more)


async def _paced(port: int, requests: list[bytes], rate: float, seconds: float) -> list[float]:
    """Send at a steady rate over a few connections, whatever comes back; seconds from the instant due to the answer."""
    taken: list[float] = []
    begun, every = time.perf_counter(), CONNECTIONS / rate

    async def client(at: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        due = begun + at / rate
        while due < begun + seconds:
            await asyncio.sleep(max(due - time.perf_counter(), 0))
            writer.write(requests[at % len(requests)])
            await _answer(reader)
            taken.append(time.perf_counter() - due)
            due, at = due + every, at + CONNECTIONS
        writer.close()

    await asyncio.gather(*(client(at) for at in range(CONNECTIONS)))
    return taken


def _memory(pid: int, port: int, requests: list[bytes]) -> None:
    """What the server has grown by over many requests, after it has warmed up."""
    process = psutil.Process(pid)
    asyncio.run(_count(port, requests, MANY // 10))
    before = process.memory_info().rss
    asyncio.run(_count(port, requests, MANY))
    grown = (process.memory_info().rss - before) / 2**20
    more = f"{before / 2**20:.0f} MiB before"
    report(f"(w) growth of memory over {MANY:,} requests", grown, "MiB", "≤ 5", met=grown <= 5, more=more)


async def _count(port: int, requests: list[bytes], many: int) -> None:
    async def client(at: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while at < many:
            writer.write(requests[at % len(requests)])
            await _answer(reader)
            at += CONNECTIONS
        writer.close()

    await asyncio.gather(*(client(at) for at in range(CONNECTIONS)))


def _page(port: int) -> None:
    """The first page in Chromium on a processor four times slower, and its bytes on the wire."""
    from playwright.sync_api import sync_playwright

    if not Path("/usr/bin/chromium").exists():
        print("skip (w) the first page: no Chromium", flush=True)
        return
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        taken, wire = [], 0.0
        for turn in range(6):
            context = browser.new_context()
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            found: list[float] = []
            session.on("Network.loadingFinished", lambda event, found=found: found.append(event["encodedDataLength"]))
            page.goto(f"http://127.0.0.1:{port}/en", wait_until="load")
            timing = page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
            page.wait_for_timeout(100)
            if turn:
                taken.append(timing)
            wire = sum(found)
            context.close()
        browser.close()
    spent = statistics.median(taken)
    report("(w) the first page complete, Chromium 4 × slower", spent, "ms", "≤ 300", met=spent <= 300)
    report("(w) the first page on the wire", wire / 1000, "kB", "≤ 60", met=wire <= 60_000)
