"""What a monitor and a reader of logs get: pages in the form that they must have, and nothing personal."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.cli import run
from expressentry.pool import Terms, open_embedded, open_pool
from expressentry.pool.acts.model import LIVE, instant_text
from expressentry.pool.ops.monitor import openmetrics
from expressentry.pool.ops.status import status_record
from expressentry.pool.store.postgres import LOGGER
from expressentry.profile.read import read_document
from tests.pool.databases import ROOT
from tests.pool.fake_law import DAY, FakeLaw, facts, noon

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"'
SAMPLE = re.compile(rf"({NAME})(?:\{{({LABEL}(?:,{LABEL})*)\}})? (\S+)")
SUFFIXES = {"gauge": "", "counter": "_total"}


def families(page: str) -> dict[str, dict[str, Any]]:
    """The families of an OpenMetrics page, read as strictly as its specification (1.0) is written."""
    assert page.endswith("\n# EOF\n")
    found: dict[str, dict[str, Any]] = {}
    current = ""
    for line in page.removesuffix("# EOF\n").splitlines():
        told = re.fullmatch(rf"# (TYPE|HELP|UNIT) ({NAME}) (\S.*)", line)
        if told:
            what, name, text = told.groups()
            if name != current:
                assert name not in found, "a family is in one piece"
                found[name], current = {"samples": {}}, name
            assert what not in found[name]
            assert not found[name]["samples"], "described before its samples"
            found[name][what] = text
            continue
        sample = SAMPLE.fullmatch(line)
        assert sample, line
        name, labels, value = sample.groups()
        family = found[current]
        assert name == current + SUFFIXES[family["TYPE"]]
        assert math.isfinite(float(value))
        assert family["TYPE"] != "counter" or float(value) >= 0
        assert labels not in family["samples"], "each set of labels once"
        family["samples"][labels] = float(value)
    for name, family in found.items():
        assert name.endswith("_" + family["UNIT"]) if "UNIT" in family else True
        assert {"TYPE", "HELP"} <= family.keys()
    return found


def values(page: str) -> dict[str, float]:
    """Every sample by name and labels."""
    return {
        name.removeprefix("expressentry_pool_") + (f"{{{labels}}}" if labels else ""): value
        for name, family in families(page).items()
        for labels, value in family["samples"].items()
    }


class TestMetrics:
    """The page in OpenMetrics form."""

    def test_a_life(self) -> None:
        """The page is well formed at every step of a life, and counts what is there."""
        pool = open_pool(scorer=FakeLaw())
        pool.init(DAY, noon(DAY), "operator", rehearsal=True)
        first = values(openmetrics(status_record(pool)))
        assert (first["rounds"], first["events"], first["unsealed_events"]) == (0, 0, 2)
        assert first["oldest_unsealed_event_timestamp_seconds"] == noon(DAY).timestamp()
        for n in range(3):
            pool.submit(uuid4(), f"p{n}", facts(500 + n), noon(DAY, n))
        pool.issue(uuid4(), Terms("general", 1, DAY), noon(DAY, 5), "operator")
        pool.withdraw(1, noon(DAY, 6))
        pool.seal()
        assert values(openmetrics(status_record(pool))) == {
            'candidates{state="in_pool"}': 1,
            'candidates{state="invited"}': 1,
            'candidates{state="withdrawn"}': 1,
            "rounds": 1,
            "events": 7,
            "unsealed_events": 0,
            "rescoring": 0,
        }

    @given(
        states=st.dictionaries(st.sampled_from((*LIVE, "applied", "barred")), st.integers(0, 10**9)),
        numbers=st.tuples(*[st.integers(0, 10**12)] * 3),
        building=st.sampled_from((None, "crs-2027-01-01")),
        oldest=st.none() | st.datetimes(min_value=datetime(2015, 1, 1), timezones=st.just(UTC)),
    )
    def test_any(
        self, states: dict[str, int], numbers: tuple[int, int, int], building: str | None, oldest: datetime | None
    ) -> None:
        """Whatever the numbers, the page can be read and says them."""
        rounds, events, unsealed = numbers
        record = {"candidates": states, "rounds": rounds, "events": events, "unsealed": unsealed}
        record |= {"building": building, "oldest_unsealed": oldest and instant_text(oldest)}
        found = values(openmetrics(record))
        assert [found["rounds"], found["events"], found["unsealed_events"]] == list(numbers)
        assert found["rescoring"] == int(building is not None)
        assert found.get("oldest_unsealed_event_timestamp_seconds") == (oldest and oldest.timestamp())


def plain(file: Path) -> dict[str, Any]:
    """A profile as JSON has it."""
    found: dict[str, Any] = json.loads(json.dumps(read_document(file), default=str))
    return found


def texts(record: object) -> Iterator[str]:
    """Every text of facts that is long enough to mean somebody."""
    if isinstance(record, dict):
        for one in record.values():
            yield from texts(one)
    elif isinstance(record, list):
        for one in record:
            yield from texts(one)
    elif isinstance(record, str) and len(record) > 4:
        yield record


@pytest.fixture
def logged(pool_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An embedded pool whose acts go to a log."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(pool_home))
    monkeypatch.delenv("EXPRESSENTRY_DATABASE", raising=False)
    monkeypatch.setenv("EXPRESSENTRY_POOL_LOG", str(pool_home / "acts.log"))
    yield pool_home
    for handler in list(LOGGER.handlers):
        LOGGER.removeHandler(handler)
        handler.close()


def test_no_log_has_anything_personal(logged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After a whole life, mistakes and refusals of the server too, no log has a key, a fact or a reason."""
    people = {f"key-of-{name}-doe": ROOT / "examples/people" / f"{name}.toml" for name in ("engineer", "graduate")}
    anna, chloe = people
    engineer, graduate = (str(file) for file in people.values())
    broken, known = logged / "broken.json", plain(Path(engineer))
    broken.write_text(json.dumps({**known, "person": {**known["person"], "birth_date": "01.02.1990"}}))
    day, reason = ("--on", "2026-10-01"), ("--reason", "told by a neighbour")
    life: list[tuple[int, tuple[str, ...]]] = [
        (0, ("init", *day)),
        (0, ("submit", engineer, "--person", anna, *day)),
        (0, ("submit", engineer, "--person", anna, "--id", str(uuid4()), *day)),  # refused: is in the pool
        (0, ("submit", graduate, "--person", chloe, *day)),
        (1, ("submit", str(broken), "--person", "key-of-broken-doe", *day)),
        (0, ("update", "2", graduate, *day)),
        (0, ("nomination", "add", "2", "ON", *day)),
        (0, ("round", "issue", "general", "1", *day)),
        (0, ("nomination", "end", "2", "ON", *day)),
        (0, ("cancel", "1", *reason, *day)),
        (2, ("answer", "2", "accept", *day)),
        (0, ("expire", "--on", "2026-10-02")),
        (0, ("bar", anna, "--until", "2031-10-01", *reason, "--on", "2026-10-02")),
        (0, ("erase", chloe, *reason, "--on", "2026-10-02")),
        (0, ("seal",)),
        (0, ("verify",)),
    ]
    with open_embedded(logged / "pool") as server:
        for status, words in life:
            assert run(["pool", *words]) == status, words
        with psycopg.connect(server.admin_url(), autocommit=True) as owner:
            # The server refuses a row, and its answer has the row in it.
            owner.execute("alter table pool.profile add constraint none check (false) not valid")
            assert run(["pool", "submit", engineer, "--person", "key-of-third-doe", *day]) == 1
            with pytest.raises(psycopg.errors.UniqueViolation, match=anna):
                owner.execute("insert into pool.person (key) select 'key-of-engineer-doe' from generate_series(1, 2)")
        text = (logged / "acts.log").read_text() + server.supervisor.cluster.log.read_text()
    capsys.readouterr()
    lines = [json.loads(line) for line in (logged / "acts.log").read_text().splitlines()]

    assert sum(len(line["events"]) for line in lines) > 12
    assert [line["error"] for line in lines if line["level"] == "error"] == ["23514"]
    secrets = {*people, "key-of", "neighbour", "01.02.1990"}
    secrets |= {one for file in people.values() for one in texts(plain(file))}
    assert len(secrets) > 20
    assert [one for one in secrets if one in text] == []
