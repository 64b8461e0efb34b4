"""Pages of the streams: what they say of a day, of what is not known, and of a person's own answers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from expressentry.advise.timeline import streams as streams_module
from expressentry.advise.timeline.streams import stream_days
from expressentry.answers.provinces import DRAW_COLUMNS
from expressentry.assess.person.readings import assess_profile
from expressentry.assess.person.stream_people import assess_streams
from expressentry.dates import anniversary
from expressentry.present.text.timeline import sides
from expressentry.profile.read import read_profile
from expressentry.rounds.province_updates import load_draws
from tests.provinces.people import LAW
from tests.web.serving import DAY, LATE, Caller, made
from tests.web.site import person, word


@pytest.fixture(scope="module")
def call() -> Caller:
    """A site of a fixed day."""
    return Caller(made(DAY))


def test_every_stream_of_the_day_and_every_other_one(call: Caller) -> None:
    """What is in force, what is closed, and what is not encoded with the reason: all are named, none twice."""
    told = call.get("/en/provinces").text
    links = re.findall(r'href="/en/provinces/([a-z-]+)"', told)

    assert {one.key for one in LAW.streams.versions} <= set(links)
    for one in LAW.streams.missing:
        assert told.count(one.reason.en) >= 1
    assert "The oldest copy of a stream is of 20 June 2026." in told


@pytest.mark.parametrize("key", LAW.streams.keys)
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_page_for_each_stream(call: Caller, key: str, lang: str) -> None:
    """Each stream has a page with every criterion, the whole grid that ranks, and the day of our copy."""
    told = call.get(f"/{lang}/provinces/{key}")
    one = LAW.streams.of(key)[-1]

    assert told.status_code == 200
    plain = told.text.replace("&#39;", "'").replace("\u00a0", " ").replace("\u202f", " ")
    for criterion in one.criteria:
        assert criterion.title.say(lang).replace("\u00a0", " ") in plain  # type: ignore[arg-type]
    for node in LAW.streams.grids[one.grids[0]].root.walk() if one.grids else ():
        assert f'id="{node.id}"' in told.text or not node.leaf


def test_how_old_the_rounds_are(call: Caller) -> None:
    """Where the rounds of a province were read more than 30 days ago, the page says so, and only there."""
    late = Caller(made(LATE))

    assert "Saskatchewan: until 26 June 2026" in late.get("/en/provinces/sk-ee").text
    assert "Manitoba: until 8 October 2026" in late.get("/en/provinces").text
    assert "Manitoba&nbsp;: jusqu" in late.get("/fr/provinces").text.replace("\u00a0", "&nbsp;").replace(
        "\u202f", "&nbsp;"
    )
    assert "Manitoba: until" not in call.get("/en/provinces").text
    assert "Saskatchewan: until 26 June 2026" in call.get("/en/provinces/draws?province=SK").text


def test_rounds_as_a_table_and_a_file(call: Caller) -> None:
    """A province is chosen by its code; the file has every round of it up to the day."""
    told = call.get("/en/provinces/draws?province=SK").text
    rows = list(csv.DictReader(io.StringIO(call.get("/en/provinces/draws.csv?province=SK").text)))

    assert '<h2 id="list">7 rounds</h2>' in told
    assert [*rows[0]] == [*DRAW_COLUMNS]
    assert [row["date"] for row in rows] == [
        str(one.day) for one in reversed(load_draws().rows) if one.province == "SK"
    ]
    assert call.get("/en/provinces/draws?all=1").text.count("<tr>") > len(
        [one for one in load_draws() if one.day <= DAY]
    )


@pytest.mark.parametrize("of", ["all", "SK", "NL", "sk-ee", "bc-sw"])
def test_pictures(call: Caller, of: str) -> None:
    """Each picture that a page shows is there, at both widths and in both tones."""
    for width in ("wide", "narrow"):
        told = call.get(f"/fr/provinces/draws/{of}.{width}.dark.svg")
        assert told.status_code == 200
        assert told.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/provinces/sk-eee", 404, "sk-ee"),
        ("/provinces/nt-ee", 404, "845"),
        ("/provinces/draws?province=QC", 404, "AB, BC"),
        ("/provinces/draws.csv?province=QC", 404, "AB, BC"),
        ("/provinces/draws/yt-ee.wide.dark.svg", 404, ""),
        ("/provinces/draws/QC.wide.dark.svg", 404, ""),
        ("/provinces/draws/SK.huge.dark.svg", 404, ""),
    ],
)
def test_what_is_not_there(call: Caller, path: str, status: int, words: str) -> None:
    """A stream, a province or a picture that does not exist is refused with what to do, in both languages."""
    for lang in ("en", "fr"):
        told = call.get(f"/{lang}{path}")
        assert told.status_code == status
        assert words in told.text


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of a site of a fixed day."""
    with TestClient(made(DAY)) as found:
        yield found


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("province", ["", "SK"])
def test_the_days_of_the_streams(client: TestClient, lang: str, province: str) -> None:
    """The page has every day of the library with each stream, its finding and its points, of one province or of all."""
    days = stream_days(read_profile(person("engineer")), DAY, anniversary(DAY, 2), LAW)
    told = client.post(f"/{lang}/candidate/streams", data={"a": word("engineer"), "province": province}).text
    listed = re.findall(r'<time datetime="([0-9-]+)"', told)
    expected = [one for one in days if province in ("", one.stream.province)]

    assert listed == list(dict.fromkeys(str(one.date) for one in expected)) != []
    links = re.findall(rf'href="/{lang}/provinces/([a-z-]+)"', told[told.index('<ol class="ahead">') :])
    assert sorted(links) == sorted(one.stream.key for one in expected)
    for one in expected:
        assert sides(one)[1].say(lang) in told  # type: ignore[arg-type]


def test_the_page_says_where_it_stopped(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many questions are open to look at every day, the page says from when on."""
    assert "We looked no further" not in client.post("/en/candidate/streams", data={"a": word("engineer")}).text
    monkeypatch.setattr(streams_module, "MOST_EFFORT", 20_000)
    told = client.post("/en/candidate/streams", data={"a": word("engineer")}).text

    assert "We looked no further than" in told


@pytest.mark.parametrize("sent", [{"years": "40"}, {"years": "x", "province": "QC"}, {"province": "<b>", "years": ""}])
def test_a_choice_that_is_none(client: TestClient, sent: dict[str, str]) -> None:
    """Years or a province that are not offered are as if nothing was chosen."""
    usual = client.post("/en/candidate/streams", data={"a": word("engineer")})
    told = client.post("/en/candidate/streams", data={"a": word("engineer"), **sent})

    assert told.status_code == 200
    assert told.text.count("<time") == usual.text.count("<time")


@pytest.mark.parametrize("name", ["engineer", "nurse"])
def test_the_streams_of_a_person(client: TestClient, name: str) -> None:
    """The page of the answer has every stream with the points of the library."""
    found = assess_streams(assess_profile(read_profile(person(name)), DAY))
    told = client.post("/en/candidate/answer", data={"a": word(name)}).text
    part = told[told.index('id="streams"') :]

    assert [one.stream.key for one in found if f'/en/provinces/{one.stream.key}"' not in part] == []
    for one in found:
        for points in one.points[:1]:
            low, high = points.total
            assert f">{low if low == high else f'{low}–{high}'} / " in part
