"""Files of law and record replaced while the site answers: followed whole, or not at all."""

from __future__ import annotations

import json
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from expressentry import load_law, load_record
from expressentry.answers.current import Current, Sources
from expressentry.dates import long_day
from expressentry.rounds.province_draws import FILE
from expressentry.rounds.updates import MANIFEST, bring
from expressentry.web import Limits, Settings, create_app
from expressentry.web.api.describe import PROFILE
from tests.feeds import as_bytes, row
from tests.often import LONG
from tests.web.serving import served

FIRST, TODAY = date(2026, 10, 5), date(2027, 3, 1)
LIMITS = Limits(requests=0, workers=2)
REPLACED = 100 if LONG else 4


def version(folder: Path, k: int) -> Path:
    """A folder of rounds whose newest is of the day k after the first, with a cut-off of k above 400."""
    day = FIRST + timedelta(days=k)
    at = f"{day:%B %d, %Y}"
    newest = row(
        drawDate=day.isoformat(),
        drawDateFull=at,
        drawCRS=str(400 + k),
        drawDateTime=f"{at} at 14:20:03 UTC",
        drawDistributionAsOn=at,
    )
    kept = folder / str(k)
    bring(as_bytes([newest]), load_record(), kept, "feed.json", TODAY)
    return kept


def put(kept: Path, home: Path) -> None:
    """Put a version in the place of another as `rounds update` writes it: the rows first, the manifest last, whole."""
    to = home / "history"
    to.mkdir(exist_ok=True)
    for path in kept.iterdir():
        if path.name != MANIFEST:
            shutil.copy(path, to / path.name)
    beside = to / "manifest.new"
    shutil.copy(kept / MANIFEST, beside)
    beside.replace(to / MANIFEST)


@contextmanager
def site(home: Path, limits: Limits = LIMITS) -> Iterator[tuple[FastAPI, str]]:
    """A site that looks at its files very often."""
    app = create_app(Settings(lambda: TODAY, home, limits=limits, look_seconds=0.02), current=Current(Sources(home)))
    with served(app) as base:
        yield app, base


def wait_for(base: str, k: int) -> None:
    """Wait until the site has followed to a version."""
    end = time.monotonic() + 60
    while httpx.get(f"{base}/api/v1/rounds/latest", timeout=60).json()["cutoff"] != 400 + k:
        assert time.monotonic() < end
        time.sleep(0.02)


def told(answer: httpx.Response) -> set[int]:
    """The versions of which an answer has something: one, where it is made of one."""
    found = {(date.fromisoformat(answer.headers["record-as-of"]) - FIRST).days}
    if answer.headers["content-type"].startswith("text/html"):
        found |= {int(one) - 400 for one in re.findall(r"cut-off (4\d\d)\b", answer.text)}
        days = {long_day(FIRST + timedelta(days=k)).en: k for k in range(REPLACED + 1)}
        footer = re.search(r"Rounds are shown up to ([^.]+)\.", answer.text)
        assert footer is not None
        return found | {days[footer[1]]}
    body = answer.json()
    if isinstance(body, list):
        return found | {body[0]["cutoff"] - 400, (date.fromisoformat(body[0]["date"]) - FIRST).days}
    found.add((date.fromisoformat(body["record"]["as_of"]) - FIRST).days)
    newest = body["rounds"][0] if "rounds" in body else body
    return found | {newest["cutoff"] - 400, (date.fromisoformat(newest["date"]) - FIRST).days}


class Load:
    """Clients that ask without pause, and what was wrong with what they got."""

    def __init__(self, base: str) -> None:
        self.base, self.ended, self.asked = base, threading.Event(), 0
        self.wrong: list[str] = []
        self.threads = [threading.Thread(target=self.ask, args=(at,)) for at in range(4)]

    def ask(self, at: int) -> None:
        """Ask one kind of question until the end."""
        paths = ("/api/v1/rounds?limit=1", "/api/v1/rounds/latest", "/en/rounds/448", "/api/v1/replay?last=1")
        with httpx.Client(base_url=self.base, timeout=60) as client:
            while not self.ended.is_set():
                posted = paths[at].startswith("/api/v1/replay")
                answer = client.post(paths[at], json=PROFILE) if posted else client.get(paths[at])
                self.asked += 1
                if answer.status_code != 200 or len(told(answer)) != 1:
                    self.wrong.append(f"{paths[at]}: {answer.status_code} {answer.text[:300]}")

    def __enter__(self) -> Load:
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()


def test_replaced_under_load(tmp_path: Path) -> None:
    """Rounds replaced again and again: every answer is whole, of one version, and each version is reached."""
    home = tmp_path / "home"
    home.mkdir()
    put(version(tmp_path, 0), home)
    versions = [version(tmp_path, k) for k in range(1, REPLACED + 1)]
    with site(home) as (app, base), Load(base) as load:
        for k, kept in enumerate(versions, 1):
            put(kept, home)
            wait_for(base, k)
        states = [app.state.known]
    assert load.wrong == []
    assert load.asked > 4 * REPLACED
    assert states[0].workers is None  # the last ones ended with the site, those before with their last request


def test_what_is_wrong_changes_nothing(tmp_path: Path) -> None:
    """A cut manifest, cut rows and a wrong law file are refused, and said on the health pages; a good one mends it."""
    home = tmp_path / "home"
    home.mkdir()
    put(version(tmp_path, 0), home)
    good, manifest = version(tmp_path, 1), home / "history" / MANIFEST
    whole = manifest.read_bytes()
    with site(home) as (_, base):

        def heard(text: str) -> str:
            end = time.monotonic() + 60
            while text not in (said := httpx.get(f"{base}/health", timeout=60).text):
                assert time.monotonic() < end, said
                time.sleep(0.02)
            return said

        for size in (0, len(whole) // 2, len(whole) - 3):
            manifest.write_bytes(whole[:size])
            said = heard("manifest.json")
            assert said.startswith("ok\n")
            assert str(tmp_path) not in said
            page = httpx.get(f"{base}/fr/health", timeout=60).text
            assert "manifest.json" in page
            assert str(tmp_path) not in page
            assert httpx.get(f"{base}/api/v1/rounds/latest", timeout=60).json()["cutoff"] == 400
            manifest.write_bytes(whole)
            end = time.monotonic() + 60
            while "manifest.json" in httpx.get(f"{base}/health", timeout=60).text:
                assert time.monotonic() < end

        put(good, home)
        rows = next((home / "history").glob("2026-10-06-*.json"))
        wait_for(base, 1)
        rows.write_bytes(rows.read_bytes()[:-20])
        heard(rows.name)
        assert httpx.get(f"{base}/api/v1/rounds/latest", timeout=60).json()["cutoff"] == 401
        (home / "law").mkdir()
        (home / "law" / "wrong.toml").write_text("id = 3\n")
        assert httpx.get(f"{base}/api/v1/law", timeout=60).status_code == 200
        put(good, home)
        heard("wrong.toml")
        (home / "law" / "wrong.toml").unlink()
        end = time.monotonic() + 60
        while "not used" in httpx.get(f"{base}/health", timeout=60).text:
            assert time.monotonic() < end


def test_new_law_is_followed(tmp_path: Path) -> None:
    """A law file put into the folder scores the next visitor, by both ways of computing; taken out, it is gone."""
    home = tmp_path / "home"
    (home / "law").mkdir(parents=True)
    law = (Path(__file__).parent.parent.parent / "docs/how-to/add-law.md").read_text()
    block = re.search(r"```toml\n(extends.*?)```", law, re.DOTALL) or re.search(
        r"```toml\n(.*?extends.*?)```", law, re.DOTALL
    )
    assert block is not None
    with site(home) as (_, base):

        def rule_set() -> Any:
            return httpx.post(
                f"{base}/api/v1/timeline?on=2027-03-01", json=PROFILE, timeout=60
            ).status_code, httpx.post(f"{base}/api/v1/assess?on=2027-03-01", json=PROFILE, timeout=60).json()["law"][
                "digest"
            ]

        before = rule_set()
        (home / "law" / "new.toml").write_text(block[1])
        end = time.monotonic() + 60
        while (after := rule_set()) == before:
            assert time.monotonic() < end
        assert after[0] == 200
        (home / "law" / "new.toml").unlink()
        while rule_set() != before:
            assert time.monotonic() < end


class TestCurrent:
    """What reads the files."""

    def test_nothing_new_is_the_same_object(self, tmp_path: Path) -> None:
        """Where no file changed nothing is read."""
        current = Current(Sources(tmp_path))
        before = current.context

        assert not current.look()
        assert current.newest() is before

    def test_a_file_that_is_being_written_waits(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Files that change while they are read are left for the next look."""
        current = Current(Sources(tmp_path))
        put(version(tmp_path, 0), tmp_path)
        usual, marks = Sources.marks, iter(range(1000))
        monkeypatch.setattr(Sources, "marks", lambda self: {**usual(self), "other": (next(marks), 0, 0)})
        assert not current.look()
        assert current.context.record.newest.number == load_record().newest.number

        monkeypatch.setattr(Sources, "marks", usual)
        assert current.look()
        assert current.context.record.newest.number == "448"

    def test_same_size_and_time(self, tmp_path: Path) -> None:
        """A file in the place of another of the same size and time is seen: it is another file."""
        put(version(tmp_path, 0), tmp_path)
        current = Current(Sources(tmp_path))
        path = tmp_path / "history" / MANIFEST
        told = path.stat()
        other = path.with_suffix(".other")
        other.write_bytes(path.read_bytes())
        os.utime(other, ns=(told.st_atime_ns, told.st_mtime_ns))
        other.replace(path)

        assert current.look()

    def test_rounds_of_provinces(self, tmp_path: Path) -> None:
        """The rounds of provinces are followed too; a file that is wrong keeps those of before."""
        (tmp_path / "history").mkdir()
        current = Current(Sources(tmp_path))
        before, file = len(list(current.context.draws)), tmp_path / "history" / FILE
        file.write_text("province,stream\nSK\n", encoding="utf-8")

        assert not current.look()
        assert current.problems
        assert len(list(current.context.draws)) == before

        file.unlink()
        assert current.look()
        assert not current.problems

    def test_wrong_at_the_start(self, tmp_path: Path) -> None:
        """What cannot be read at the start is an error at once."""
        (tmp_path / "history").mkdir()
        (tmp_path / "history" / MANIFEST).write_text("{")
        with pytest.raises(Exception, match=r"cannot be read"):
            Current(Sources(tmp_path))


def test_health_for_monitors(tmp_path: Path) -> None:
    """Lines for people, JSON for who accepts that: the age of record and law."""
    with site(tmp_path, Limits(requests=0, workers=0)) as (_, base):
        lines = httpx.get(f"{base}/health").text.splitlines()
        record = httpx.get(f"{base}/health", headers={"Accept": "application/json"}).json()

    assert lines[0] == "ok"
    assert lines[1] == "record: rounds up to 2026-10-01, 151 days old, newest 447"
    assert record["record"] == {"as_of": "2026-10-01", "newest_round": "447", "age_days": 151, "stale": True}
    assert record["law"]["rule_set"] == "crs-2025-03-25"
    assert json.dumps(record["unread"]) == "[]"


def test_every_answer_says_how_far_its_rounds_go(tmp_path: Path) -> None:
    """Each page has it below, each answer in its head, and JSON with a record in it the same there."""
    put(version(tmp_path, 3), tmp_path)
    day = FIRST + timedelta(days=3)
    assert load_law().round_names
    with site(tmp_path, Limits(requests=0, workers=1)) as (_, base):
        for path in ("/en", "/fr/law", "/api/v1/law", "/api/v1/pool", "/en/feeds/all.atom", "/api/v1/nothing"):
            answer = httpx.get(f"{base}{path}", timeout=60)
            assert answer.headers["record-as-of"] == day.isoformat(), path
        assert "8 October 2026" in httpx.get(f"{base}/en", timeout=60).text
        answer = httpx.post(f"{base}/api/v1/assess", json=PROFILE, timeout=60)
        assert answer.json()["record"]["as_of"] == answer.headers["record-as-of"]
