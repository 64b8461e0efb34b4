"""A nomination as a step of a plan: the streams within reach, and what each still lacks."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from starlette.testclient import TestClient

from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.answers.plan import plans_record
from expressentry.answers.streams import in_short, lacks, nearest_first, within_reach
from expressentry.assess.person.readings import assess_profile
from expressentry.assess.person.stream_people import assess_streams
from expressentry.profile.read import read_profile
from tests.provinces.people import LAW
from tests.web.serving import made
from tests.web.site import person, word

DAY = date(2026, 10, 1)
ONLY = PlanRequest(only=["nomination"])
COLUMNS = LAW.streams.columns


def planned(request: PlanRequest = ONLY, **more: Any) -> Any:
    """A plan of the engineer as plain data."""
    found = plan(read_profile({**person("engineer"), **more}), DAY, request)
    return plans_record(found, "en")


def test_a_nomination_is_the_streams_of_the_day() -> None:
    """Every stream that is not closed is named, nearest first, with what is not met, missing, or for others to say."""
    rows = planned()["nominations"]
    streams = [one.key for one in LAW.on(DAY).streams if one.status_on(DAY) != "closed"]

    assert sorted(row["key"] for row in rows) == sorted(streams)
    findings = [row["finding"] for row in rows]
    assert findings == sorted(findings, key=["met", "cannot_tell", "not_met"].index)
    assert all(row["lacks"] for row in rows if row["finding"] != "met")
    prince = next(row for row in rows if row["key"] == "pe-ee")
    assert prince["lacks"] == ["we need one more fact: valid profile in Express Entry"]


def test_a_fact_that_is_stated_is_no_longer_lacking() -> None:
    """Stating what was missing takes it off the list, and a stream may be met then."""
    [row] = [
        one
        for one in planned(provinces=[{"province": "PE", "express_entry_profile": True}])["nominations"]
        if one["key"] == "pe-ee"
    ]
    assert (row["finding"], row["lacks"]) == ("met", [])


@pytest.mark.parametrize(
    ("request_", "more"),
    [
        (PlanRequest(only=["english_9"]), {}),
        (ONLY, {"nominations": [{"kind": "enhanced", "province": "SK", "accepted_on": "2026-09-01"}]}),
    ],
)
def test_no_streams_where_a_nomination_is_no_step(request_: PlanRequest, more: dict[str, Any]) -> None:
    """Who has a nomination, or does not ask for one, is told of no streams."""
    assert planned(request_, **more)["nominations"] == []


def test_words() -> None:
    """In short is never empty; what is lacking has every failing criterion, and is empty only where all is met."""
    for name in ("engineer", "electrician", "couple", "nurse"):
        found = assess_streams(assess_profile(read_profile(person(name)), DAY))
        near = within_reach(found)
        assert [one for one in nearest_first(found) if one in near] == near
        for one in found:
            failed = [finding for finding in one.findings if finding.answer is False]
            assert in_short(one, COLUMNS).en
            assert in_short(one, COLUMNS).fr != in_short(one, COLUMNS).en
            told = lacks(one, COLUMNS)
            assert len(told) == len(failed) + len(one.missing) + len(one.asks)
            assert bool(told) is (one.answer is not True) or (one.answer is None and not one.missing)
            assert (one in near) is (len(failed) <= 1)


def test_on_the_site() -> None:
    """The page of the plan links the streams within reach, in both languages."""
    with TestClient(made()) as client:
        pages = {
            lang: client.post(f"/{lang}/candidate/plan", data={"a": word("engineer")}).text for lang in ("en", "fr")
        }
    for lang, told in pages.items():
        part = told[told.index('id="nominations"') :]
        links = re.findall(rf'href="/{lang}/provinces/([a-z-]+)"', part)
        found = assess_streams(assess_profile(read_profile(person("engineer")), DAY))
        assert links == [one.stream.key for one in within_reach(found)]
