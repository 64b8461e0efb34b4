"""Worker processes: what is sent is computed where it can be ended, and one client does not hold the site."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from expressentry.web import Limits
from expressentry.web.api.describe import FACTORS, PROFILE
from expressentry.web.problems import RequestError
from expressentry.web.workers.pool import JobError, Workers
from tests.web.burning import burn, burning, eat, fail, lives, processor_seconds, until, workers_of
from tests.web.serving import DAY, Caller, made, served

LIMITS = Limits(requests=0, workers=2, queue=4, queue_seconds=2)
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Host": "test"}
LINES = {"Content-Type": "application/x-ndjson"}
_PATIENCE = 60


@asynccontextmanager
async def workers(limits: Limits = LIMITS, spent: Any = lambda *_: None) -> AsyncIterator[Workers]:
    """Workers that know nothing, all of them there."""
    found = Workers(limits, nothing, (), spent)
    try:
        await found.warm()
        yield found
    finally:
        found.close()


def nothing(_: Any) -> None:
    """What these workers are made with."""


async def refusal(job: Any) -> str:
    """The code with which a job is refused."""
    with pytest.raises(RequestError) as refused:
        await job
    return refused.value.problems[0].code


class TestOneJob:
    """What becomes of a job, and of the process that does it."""

    def test_ended_and_gone(self) -> None:
        """A job that nobody waits for any more is gone when that is known, alone; a new process takes its place."""

        async def tried() -> None:
            async with workers() as pool:
                one = asyncio.create_task(pool.run("", DAY, burn, 600))
                other = asyncio.create_task(pool.run("", DAY, burn, 1.5))
                await asyncio.sleep(0.5)
                before = {lane.pid for lane in pool.lanes}
                one.cancel()
                await asyncio.wait([one])
                gone = {pid for pid in before if pid is not None and not lives(pid)}

                assert one.cancelled()
                assert len(gone) == 1
                assert await other in before - gone
                assert await pool.run("", DAY, burn, 0) not in gone

        asyncio.run(tried())

    def test_time_is_limited(self) -> None:
        """A job that takes longer than an answer may is refused, and its process is gone, whoever is patient."""

        async def tried() -> None:
            async with workers(Limits(workers=1, answer_seconds=0.5)) as pool:
                before = pool.lanes[0].pid

                assert await refusal(pool.run("", DAY, burn, 600, patient=True)) == "too_slow"
                assert before is not None
                assert not lives(before)

        asyncio.run(tried())

    def test_memory_is_limited(self) -> None:
        """A job that takes more than it may is refused, and what it took is given back; the next is done."""

        async def tried() -> None:
            async with workers() as pool:
                assert await refusal(pool.run("", DAY, eat, 2 * LIMITS.worker_bytes)) == "too_much_memory"
                assert await pool.run("", DAY, eat, LIMITS.worker_bytes // 4) == LIMITS.worker_bytes // 4

        asyncio.run(tried())

    def test_error_says_where_and_not_what(self) -> None:
        """An error of ours is told by its kind and place, never by its words: they may hold what was sent."""

        async def tried() -> str:
            async with workers() as pool:
                with pytest.raises(JobError) as failed:
                    await pool.run("", DAY, fail, "born 1993-04-12")
                return str(failed.value)

        told = asyncio.run(tried())

        assert told.startswith("ValueError at web/burning.py:")
        assert "1993" not in told

    def test_ended_before_it_began(self) -> None:
        """A job that is cancelled while its process starts is never begun."""

        async def tried(folder: Path) -> None:
            pool = Workers(LIMITS, nothing, (), lambda *_: None)
            job = asyncio.create_task(pool.run("", DAY, burn, 0, str(folder)))
            await asyncio.sleep(0.01)
            job.cancel()
            await asyncio.wait([job])
            pool.close()

        with_folder(tried, started=0)

    def test_is_paid_for(self) -> None:
        """The client is charged for what a job took, also where it was ended."""
        spent: list[tuple[str, float]] = []

        async def tried() -> None:
            async with workers(spent=lambda *told: spent.append(told)) as pool:
                await pool.run("a", DAY, burn, 0.3)
                job = asyncio.create_task(pool.run("b", DAY, burn, 600))
                await asyncio.sleep(0.5)
                job.cancel()
                await asyncio.wait([job])

        asyncio.run(tried())

        assert [client for client, _ in spent] == ["a", "b"]
        assert all(seconds > 0.05 for _, seconds in spent)


class TestQueue:
    """Who waits for a worker, and who is refused."""

    def test_has_an_end(self) -> None:
        """Beyond the queue a job is refused at once; in it, after so many seconds; two workers run two."""

        async def tried(folder: Path) -> None:
            async with workers(Limits(workers=2, queue=4, queue_seconds=0.3)) as pool:
                jobs = [asyncio.create_task(pool.run("", DAY, burn, 1.5, str(folder))) for _ in range(7)]
                await asyncio.sleep(0.1)
                codes = [await refusal(job) for job in jobs[2:]]
                await asyncio.gather(*jobs[:2])

                assert codes == ["busy"] * 5

        with_folder(tried, started=2)

    def test_of_one_client(self) -> None:
        """One client never has all workers, nor more jobs than its share; the others find one free."""

        async def tried(_: Path) -> None:
            limits = Limits(workers=2, queue=20, queue_seconds=20, client_jobs=3)
            async with workers(limits) as pool:
                mine = [asyncio.create_task(pool.run("a", DAY, burn, 1)) for _ in range(4)]
                await asyncio.sleep(0.2)
                begun = asyncio.get_running_loop().time()
                await pool.run("b", DAY, burn, 0)
                waited = asyncio.get_running_loop().time() - begun

                assert await refusal(mine[3]) == "busy"
                assert not mine[0].done() or waited < 1
                assert len({await job for job in mine[:3]}) == 1  # all in one process

        with_folder(tried, started=0)

    def test_who_leaves_is_forgotten(self) -> None:
        """A job that is cancelled while it waits is never begun, and its place is free."""

        async def tried(folder: Path) -> None:
            async with workers() as pool:
                running = [asyncio.create_task(pool.run("", DAY, burn, 1, str(folder))) for _ in range(2)]
                await asyncio.sleep(0.1)
                for _ in range(3):
                    waiting = [asyncio.create_task(pool.run("", DAY, burn, 0, str(folder))) for _ in range(4)]
                    await asyncio.sleep(0.02)
                    for one in waiting:
                        one.cancel()
                    await asyncio.wait(waiting)
                    assert all(one.cancelled() for one in waiting)
                await asyncio.gather(*running)

        with_folder(tried, started=2)


def with_folder(tried: Any, *, started: int) -> None:
    """Try something with a folder in which each job leaves a file when it begins."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(tried(Path(folder)))
        assert len(list(Path(folder).iterdir())) == started


SERVER = """
import sys, time, asyncio, threading
sys.path.insert(0, {root!r})
from tests.web.test_workers import LIMITS, nothing
from tests.web.burning import burn
from tests.web.serving import DAY
from expressentry.web.workers.pool import Workers

async def main():
    pool = Workers(LIMITS, nothing, (), lambda *_: None)
    await pool.warm()
    jobs = [asyncio.create_task(pool.run("", DAY, burn, 600))]
    await asyncio.sleep(0.3)
    print(*[lane.pid for lane in pool.lanes], flush=True)
    await asyncio.gather(*jobs)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("ending", [signal.SIGKILL, pytest.param(signal.SIGTERM, marks=pytest.mark.long)])
def test_none_outlives_its_parent(tmp_path: Path, ending: signal.Signals) -> None:
    """However the parent ends, its workers end, the one that computes and the one that waits."""
    (tmp_path / "server.py").write_text(SERVER.format(root=str(Path(__file__).parent.parent.parent)))
    server = subprocess.Popen([sys.executable, str(tmp_path / "server.py")], stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    with server, server.stdout:
        pids = [int(pid) for pid in server.stdout.readline().split()]
        assert len(pids) == 2
        assert all(lives(pid) for pid in pids)
        server.send_signal(ending)
        server.wait(_PATIENCE)
    for _ in until(_PATIENCE):
        if not any(lives(pid) for pid in pids):
            break


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Any, str]]:
    """A site with two workers, little patience and a short queue."""
    app = burning(limits=LIMITS)
    with served(app) as base:
        asyncio.run(_warm(app))
        yield app, base


async def _warm(app: Any) -> None:
    """Have the workers started, as `serve` does before the first visitor."""
    for lane in app.state.known.workers.lanes:
        await asyncio.to_thread(lane.start)


def calm(app: Any) -> None:
    """Wait until nothing is computed any more: nobody waits, nobody runs, and the workers use no processor."""
    pool = app.state.known.workers
    for _ in until(_PATIENCE):
        if len(pool._idle) == len(pool.lanes) and not pool._waiting:
            break
    before = [processor_seconds(one) for one in workers_of(app)]
    time.sleep(0.3)
    after = [processor_seconds(one) for one in workers_of(app)]
    assert len(before) <= len(pool.lanes)
    assert all(late - early < 0.2 for early, late in zip(before, after, strict=True))


class TestServed:
    """The same over sockets."""

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/api/v1/assess?on=2026-10-01", PROFILE),
            ("/api/v1/assess?on=2026-10-01&lang=fr&brief=true", PROFILE),
            ("/api/v1/assess?on=2026-10-01", {**FACTORS, "note": "x" * 9000}),
            ("/api/v1/assess?on=2026-10-01", {"person": {"birth_date": "x"}}),
            ("/api/v1/timeline?on=2026-10-01", PROFILE),
            ("/api/v1/replay?on=2026-10-01&last=3", PROFILE),
            ("/api/v1/plan?nonsense=1", PROFILE),
        ],
    )
    def test_a_worker_answers_the_same(self, site: tuple[Any, str], call: Caller, path: str, body: Any) -> None:
        """What a worker answers is what the app would have answered itself, errors too."""
        here, there = call.post(path, json=body), httpx.post(site[1] + path, json=body, timeout=_PATIENCE)

        assert (there.status_code, there.content) == (here.status_code, here.content)
        left_out = {"date", "server", "content-length", "content-encoding"}
        told = {name: value for name, value in there.headers.items() if name not in left_out}
        assert told == {name: value for name, value in here.headers.items() if name not in left_out}

    @pytest.mark.parametrize("path", ["/en/candidate", "/fr/candidate/answer", "/en/quick"])
    def test_pages_of_a_worker(self, site: tuple[Any, str], call: Caller, path: str) -> None:
        """So are the pages."""
        here = call.post(path, content="age=29", headers=FORM)
        there = httpx.post(site[1] + path, content="age=29", headers=FORM, timeout=_PATIENCE)

        assert (there.status_code, there.text) == (here.status_code, here.text)

    def test_pile_up(self) -> None:
        """Twelve requests that would take minutes: each is refused, two processes at most compute, and then none."""
        app = burning(limits=replace(LIMITS, answer_seconds=3))
        answers: list[tuple[int, str]] = []
        with served(app) as base:
            asyncio.run(_warm(app))

            def ask() -> None:
                answer = httpx.post(f"{base}/api/v1/burn/600", timeout=_PATIENCE)
                answers.append((answer.status_code, answer.headers.get("retry-after", "")))

            asking = [threading.Thread(target=ask) for _ in range(12)]
            for one in asking:
                one.start()
            most = 0
            while any(one.is_alive() for one in asking):
                most = max(most, len(workers_of(app)))
                time.sleep(0.1)
            calm(app)

        assert most <= 2
        assert {status for status, _ in answers} == {503}
        assert all(later for _, later in answers)

    def test_work_ends_when_the_client_leaves(self, site: tuple[Any, str], tmp_path: Path) -> None:
        """Who has left is computed for no more: what ran is gone, what waited never begins."""
        app, base = site
        before = set(workers_of(app))
        lines = [asked(base, f"/api/v1/burn/600?folder={tmp_path}") for _ in range(4)]
        for _ in until(_PATIENCE):
            if len(list(tmp_path.iterdir())) == 2:
                break
        for line in lines:
            line.close()
        calm(app)

        assert len(list(tmp_path.iterdir())) == 2
        assert not before & set(workers_of(app))

    def test_health_never_waits(self, site: tuple[Any, str]) -> None:
        """With every worker busy and the queue full, `/health`, a page and a short assessment are answered."""
        app, base = site
        lines = [asked(base, "/api/v1/burn/600") for _ in range(6)]
        for _ in until(_PATIENCE):
            if not app.state.known.workers._idle and len(app.state.known.workers._waiting) >= 4:
                break
        answers = [
            httpx.get(f"{base}/health", timeout=_PATIENCE),
            httpx.get(f"{base}/en/rounds", timeout=_PATIENCE),
            httpx.post(f"{base}/api/v1/assess", json=FACTORS, timeout=_PATIENCE),
        ]
        refused = httpx.post(f"{base}/en/candidate", content="", headers=FORM, timeout=_PATIENCE)
        busy = not app.state.known.workers._idle
        for line in lines:
            line.close()

        assert busy
        assert [one.status_code for one in answers] == [200, 200, 200]
        assert (refused.status_code, bool(refused.headers["retry-after"])) == (503, True)
        calm(app)

    def test_many_costly_at_once(self) -> None:
        """Fifty at once, and pages are served meanwhile; after the last answer nothing is computed."""
        app = burning(limits=Limits(requests=0))
        statuses: list[int] = []
        with served(app) as base:
            httpx.post(f"{base}/api/v1/burn/0", timeout=_PATIENCE)

            def ask() -> None:
                statuses.append(httpx.post(f"{base}/api/v1/burn/0.1", timeout=_PATIENCE).status_code)

            asking = [threading.Thread(target=ask) for _ in range(50)]
            for one in asking:
                one.start()
            waits = {path: sorted(paced(f"{base}{path}", 9)) for path in ("/health", "/en/rounds/293")}
            for one in asking:
                one.join()
            print({path: f"{found[4] * 1e3:.0f} ms" for path, found in waits.items()}, statuses.count(200))  # noqa: T201
            calm(app)

        assert set(statuses) <= {200, 503}
        assert statuses.count(200) >= 2

    def test_work_is_counted(self) -> None:
        """A request costs its processor time, in a worker or here, and a client that has used its own up is refused."""
        app = burning(limits=Limits(requests=40, cost_seconds=0.02))

        @app.get("/en/spin")
        async def spin() -> None:
            end = time.thread_time() + 0.2
            while time.thread_time() < end:
                pass
            await asyncio.sleep(0.5)  # waiting costs nothing

        with served(app) as base, httpx.Client(base_url=base, timeout=_PATIENCE) as client:
            free = client.get("/health").headers.get("ratelimit-remaining")
            client.get("/en/spin")
            here = int(client.get("/robots.txt").headers["ratelimit-remaining"])
            there = int(client.post("/api/v1/work/0.2").headers["ratelimit-remaining"])
            statuses = [client.post("/api/v1/work/0.2").status_code for _ in range(3)]

        assert free is None
        assert 28 >= here > 15
        assert here - 11 >= there
        assert statuses[-1] == 429

    def test_a_crash_has_the_headers(self, site: tuple[Any, str]) -> None:
        """An error of ours is an answer with security headers too."""
        for path in ("/api/v1/crash", "/en/crash"):
            answer = httpx.get(site[1] + path, timeout=_PATIENCE)
            assert answer.status_code == 500
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]

    def test_nothing_is_left(self) -> None:
        """When the site ends, no process of its is left."""
        app = burning(limits=LIMITS)
        with served(app) as base:
            httpx.post(f"{base}/api/v1/burn/0", timeout=_PATIENCE)
            held = asked(base, "/api/v1/burn/600")
            time.sleep(0.5)
            mine = workers_of(app)
            held.close()

        assert mine
        for _ in until(_PATIENCE):
            if not any(lives(one) for one in mine):
                break


def asked(base: str, path: str, body: bytes = b"") -> socket.socket:
    """A request that was sent and whose answer nobody has read."""
    host, _, port = base.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), _PATIENCE)
    line.sendall(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (path.encode(), len(body)) + body)
    return line


def paced(url: str, count: int) -> Iterator[float]:
    """How long so many requests take, one after the other."""
    for _ in range(count):
        begun = time.monotonic()
        assert httpx.get(url, timeout=_PATIENCE).status_code == 200
        yield time.monotonic() - begun


class TestManyPeople:
    """`/api/v1/score`: many people at once."""

    def test_bodies_are_bounded(self) -> None:
        """While nothing is scored, uploads are held up to a bound; what is beyond waits, and who leaves frees it."""
        limits = Limits(requests=0, workers=1, batch_held_bytes=1_000_000, queue=4)
        app = burning(limits=limits)
        with served(app) as base:
            httpx.post(f"{base}/api/v1/burn/0", timeout=_PATIENCE)
            held = asked(base, "/api/v1/burn/600")
            line = b'{"age":29,"id":"' + b"x" * 150 + b'"}\n'
            uploads = [upload(base, line * 20_000) for _ in range(3)]
            seen = []
            for _ in range(20):
                seen.append(app.state.known.spending.held_bytes)
                time.sleep(0.05)
            for one in (held, *uploads):
                one.close()
            for _ in until(_PATIENCE):
                if app.state.known.spending.held_bytes == 0:
                    break
            calm(app)

        assert max(seen) > 0
        assert max(seen) < 1_000_000 + 3 * 500_000

    def test_ends_when_the_client_leaves(self) -> None:
        """Lines of a client that has left are scored no more."""
        app = made(limits=Limits(requests=0, workers=1, queue=4))
        lines = b"".join(to_line(at) for at in range(4000))
        with served(app) as base:
            before = httpx.post(f"{base}/api/v1/score", content=to_line(0), headers=LINES, timeout=_PATIENCE)
            upload(base, lines).close()
            calm(app)

        assert before.status_code == 200

    def test_a_worker_is_shared(self) -> None:
        """Many costly lines are scored a second at a time: another's answer comes in between, in one worker."""
        app = made(limits=Limits(requests=0, workers=1, queue_seconds=30))
        lines = b"".join(to_line(at) for at in range(2400))
        with served(app) as base:
            httpx.post(f"{base}/api/v1/assess", json=PROFILE, timeout=_PATIENCE)
            rows: list[int] = []

            def score() -> None:
                with httpx.stream(
                    "POST", f"{base}/api/v1/score", content=lines, headers=LINES, timeout=_PATIENCE
                ) as answer:
                    rows.extend(1 for _ in answer.iter_lines())

            scoring = threading.Thread(target=score)
            scoring.start()
            while not rows and scoring.is_alive():
                time.sleep(0.01)
            between = httpx.post(f"{base}/api/v1/assess", json=PROFILE, timeout=_PATIENCE).status_code
            early = len(rows) < 2400
            scoring.join()

        assert between == 200
        assert early
        assert len(rows) == 2400


def to_line(at: int) -> bytes:
    """Somebody with dated facts, as a line."""
    import json

    return json.dumps({"id": at, **PROFILE}).encode() + b"\n"


def upload(base: str, body: bytes) -> socket.socket:
    """A body of many people, sent as far as it is taken."""
    host, _, port = base.removeprefix("http://").partition(":")
    line = socket.create_connection((host, int(port)), _PATIENCE)
    head = "POST /api/v1/score HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: {n}\r\n\r\n"
    line.settimeout(1)
    with suppress(TimeoutError):  # it takes no more for now
        line.sendall(head.format(n=len(body)).encode() + body)
    return line
