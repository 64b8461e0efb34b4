"""The candidate's pages over HTTP: what they carry, what they refuse, and that nothing of it is kept or logged."""

from __future__ import annotations

import base64
import json
import logging
import re
import tomllib
import zlib
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pypdf import PdfReader
from starlette.testclient import TestClient

from expressentry.advise.timeline.days import timeline
from expressentry.assess.person.readings import assess_profile
from expressentry.profile.interview.answers_by_id import ask, typed_of
from expressentry.profile.read import read_document, read_profile
from expressentry.web.pages.candidate.carried import Carried, pack, unpack
from expressentry.web.problems import RequestError
from tests.often import often
from tests.web.serving import DAY, made
from tests.web.site import NAMES, carried, person, word

CASES = Path(__file__).parent.parent / "cases"

PAGES = [
    ("candidate", {"do": "show:person.tests[1].listening"}),
    ("candidate", {"do": "show:person.work[1].noc2021"}),
    ("candidate", {"do": "next", "at": "person.tests[1].reading", "person.tests[1].reading": "x"}),
    ("candidate/plan", {"target": "x"}),
    ("candidate", {"do": "check"}),
    ("candidate", {"mode": "all", "do": "show"}),
    ("candidate/answer", {}),
    ("candidate/what-if", {"w:french": "7"}),
    ("candidate/plan", {}),
    ("candidate/chances", {"months": "3"}),
    ("candidate/streams", {"years": "1"}),
]


class _Shape(HTMLParser):
    """The tags of a page with the attributes that are no words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep a tag with its class."""
        if tag not in ("option", "br"):  # countries stand in the order of each language
            self.tags.append((tag, dict(attrs).get("class") or ""))


def shape(html: str) -> list[tuple[str, str]]:
    """The structure of a page."""
    parser = _Shape()
    parser.feed(html)
    return parser.tags


class TestPages:
    """Every page of every example."""

    @pytest.mark.parametrize("name", ["couple", "engineer"])
    @pytest.mark.parametrize(("path", "fields"), PAGES)
    def test_same_structure_in_both_languages(
        self, client: TestClient, name: str, path: str, fields: dict[str, str]
    ) -> None:
        """A page is whole in both languages, of the same structure, without a style or a script of its own."""
        english, french = (client.post(f"/{lang}/{path}", data={"a": word(name), **fields}) for lang in ("en", "fr"))

        expected = 422 if "x" in fields.values() else 200
        assert (english.status_code, french.status_code) == (expected, expected)
        assert shape(english.text) == shape(french.text)
        assert not re.search(r"\sstyle=|<style|<script>|\son\w+=", english.text)
        assert "no-store" not in english.headers["cache-control"]
        assert "private" in english.headers["cache-control"]

    def test_starts_and_what_was_not_read(self, client: TestClient) -> None:
        """So are the start, and the start with what is wrong with a link."""
        for post in (None, {"link": "x"}):
            english, french = (
                client.post(f"/{lang}/candidate/open", data=post) if post else client.get(f"/{lang}/candidate")
                for lang in ("en", "fr")
            )
            assert english.status_code == french.status_code
            assert shape(english.text) == shape(french.text)

    @pytest.mark.parametrize("name", NAMES)
    def test_score_of_the_library(self, client: TestClient, name: str) -> None:
        """The score on the page is that of the library, range and all."""
        found = assess_profile(read_profile(person(name)), DAY).totals
        told = client.post("/en/candidate/answer", data={"a": word(name)}).text
        score = re.search(r'<p class="big-line"><span class="big">([^<]+)</span>', told)

        assert score is not None
        assert score[1] == "–".join(map(str, dict.fromkeys((found[0], found[-1]))))

    def test_every_point_is_cited(self, client: TestClient) -> None:
        """Each line that pays names an instrument with a page of its own."""
        told = client.post("/en/candidate/answer", data={"a": word("couple")}).text
        lines = re.findall(r'<li class="depth-.*?</li>', told, re.DOTALL)

        assert len(lines) > 10
        assert all('href="/en/law/' in line for line in lines)

    def test_without_answers(self, client: TestClient) -> None:
        """A page made of answers leads to the start without them; others do not exist."""
        found = client.get("/fr/candidate/answer", follow_redirects=False)

        assert (found.status_code, found.headers["location"]) == (303, "/fr/candidate")
        assert client.get("/fr/candidate/nothing").status_code == 404

    def test_unanswered(self, client: TestClient) -> None:
        """The answer waits for what is open: the question comes first, one a page or all on one."""
        told = {mode: client.post("/en/candidate/answer", data={"a": "", "mode": mode}).text for mode in ("one", "all")}

        assert "What is your date of birth?" in told["one"]
        assert "All questions" in told["all"]

    def test_warnings_stand_once_below_the_answer(self) -> None:
        """An old record and rules that we could not read are told once, after the answer and before its details."""
        with TestClient(made(DAY.replace(year=2027, month=6))) as client:
            told = client.post("/en/candidate/what-if", data={"a": word("nurse"), "w:french": "7"}).text

        for warning in ("Rounds since 1 October 2026 are missing.", "we could not read them"):
            assert told.count(warning) == 1
            assert told.index('class="verdict"') < told.index(warning) < told.index('id="next"')


class TestCarried:
    """Answers on their way."""

    @pytest.mark.parametrize("name", NAMES)
    def test_round_trip(self, name: str) -> None:
        """Packed and unpacked, alone or in a link, they are the same."""
        assert unpack(word(name)) == carried(name)
        assert unpack(f"https://example.org/fr/candidate#a={word(name)}") == carried(name)

    @given(text=st.text(max_size=200))
    @settings(max_examples=often(100))
    def test_anything_else_is_refused(self, text: str) -> None:
        """A word that this site did not write is refused in words, and never a failure."""
        with suppress(RequestError):
            assert isinstance(unpack(text), Carried)

    @pytest.mark.parametrize(
        "data", ["[]", '{"a": 1, "m": "one"}', '{"a": {"x": 1}, "m": "one"}', '{"a": {}, "m": "x"}', "[" * 9000]
    )
    def test_wrong_shape(self, client: TestClient, data: str) -> None:
        """So is one that holds something else, in whatever shape."""
        packed = "1" + base64.urlsafe_b64encode(zlib.compress(data.encode())).decode().rstrip("=")

        assert client.post("/en/candidate", data={"a": packed}).status_code == 400

    def test_small_word_of_large_content(self, client: TestClient) -> None:
        """A word that unpacks to megabytes is refused before it is unpacked."""
        packed = "1" + base64.urlsafe_b64encode(zlib.compress(b" " * 50_000_000)).decode().rstrip("=")

        assert client.post("/en/candidate", data={"a": packed}).status_code == 400

    def test_what_is_typed_is_text(self, client: TestClient) -> None:
        """Markup in an answer is shown as it was typed, and is no markup."""
        typed = {**carried("nurse").typed, "person.birth_date": '"><script>alert(1)</script>'}
        told = client.post("/en/candidate", data={"a": pack(Carried(typed)), "do": "show:person.birth_date"}).text

        assert "<script>alert" not in told
        assert "&gt;&lt;script&gt;" in told

    def test_nothing_is_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        """The log of a visit has neither answers nor the score."""
        caplog.set_level(logging.INFO)
        with TestClient(made(log=True)) as client:
            client.post("/en/candidate/answer", data={"a": word("nurse")})
        logged = "\n".join(record.getMessage() for record in caplog.records if record.name == "expressentry.web")

        assert "POST /en/candidate/answer 200" in logged
        assert word("nurse")[:20] not in logged

    def test_no_cookie(self, client: TestClient) -> None:
        """No answer sets a cookie."""
        assert not client.post("/en/candidate/answer", data={"a": word("nurse")}).cookies


ODD = st.sampled_from(
    [
        "",
        "yes",
        "no",
        "0",
        "-1",
        "1e9",
        "nan",
        "2099-01-01",
        "1910-01-01",
        "2026-02-30",
        "x",
        "é",
        "99999",
        "21231",
        "CA",
    ]
)
WAYS = ["candidate", "candidate/answer", "candidate/what-if", "candidate/plan", "candidate/report", "candidate/file"]


@given(chance=st.data(), name=st.sampled_from(NAMES), way=st.sampled_from(WAYS))
@settings(max_examples=often(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_answered(client: TestClient, chance: st.DataObject, name: str, way: str) -> None:
    """Whatever stands where an answer should, a page says what is wrong or answers; none fails."""
    typed = carried(name).typed
    changed = chance.draw(st.dictionaries(st.sampled_from(sorted(typed)), ODD, min_size=1, max_size=4))
    left = chance.draw(st.sets(st.sampled_from(sorted(typed)), max_size=3))
    given_ = {id_: text for id_, text in {**typed, **changed}.items() if id_ not in left}
    mode = chance.draw(st.sampled_from(["one", "all"]))
    do = chance.draw(st.sampled_from(["next", "show", "check", "back", f"show:{sorted(typed)[0]}"]))
    fields = {"a": pack(Carried(given_, mode=mode)), "do": do, "size": "1", "w:age": "40", "form": "toml"}

    assert client.post(f"/fr/{way}", data=fields).status_code in (200, 422)


@pytest.mark.parametrize("way", ["answer", "what-if", "plan", "report"])
def test_not_yet_born(client: TestClient, way: str) -> None:
    """Somebody who is not born yet is asked for the day again, with all other answers where they were."""
    nobody: dict[str, str] = {"person.birth_date": "2099-01-01"}
    for _ in range(3):
        nobody = {step.id: nobody.get(step.id, "no") for step in ask(nobody, complete=True).steps}
    answer = client.post(f"/en/candidate/{way}", data={"a": pack(Carried(nobody))})

    assert answer.status_code == 422
    assert "This day is in the future" in answer.text
    assert 'href="#person-birth-date-year"' in answer.text
    assert pack(Carried(nobody)) in answer.text


class TestEntries:
    """Entries of lists."""

    @pytest.mark.parametrize("mode", ["one", "all"])
    def test_taken_away(self, client: TestClient, mode: str) -> None:
        """An entry is taken away by one button, and those after it move up."""
        told = client.post("/en/candidate", data={"a": word("engineer"), "mode": mode, "do": "remove:person.tests[1]"})
        left = unpack(re.findall(r'name="a" value="([^"]+)"', told.text)[0]).typed

        assert left["person.tests[1].test"] == carried("engineer").typed["person.tests[2].test"]

    @pytest.mark.parametrize("about", ["", "x", "person.tests[1", "[1]", "person.tests[99999]", "person.tests[²]"])
    def test_no_such_entry(self, client: TestClient, about: str) -> None:
        """One that does not exist changes nothing."""
        told = client.post("/en/candidate", data={"a": word("nurse"), "do": f"remove:{about}"})

        assert told.status_code == 200
        assert word("nurse") in told.text


class TestFiles:
    """Files out and in."""

    @pytest.mark.parametrize("name", NAMES)
    def test_out(self, client: TestClient, name: str) -> None:
        """Both files hold the very facts, those that no question asks for included."""
        toml = client.post("/fr/candidate/file", data={"a": word(name), "form": "toml"})
        plain = client.post("/fr/candidate/file", data={"a": word(name), "form": "json"})

        assert "attachment" in toml.headers["content-disposition"]
        assert read_profile(tomllib.loads(toml.text)) == read_profile(person(name))
        assert read_profile(json.loads(plain.text)) == read_profile(person(name))

    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"\xff\xfe", "This needs a profile with dates"),
            (b"", "This needs a profile with dates"),
            (b"age = 29", "This needs a profile with dates"),
            (b"[person]\nbirth_date = 1993-04-12", "Required"),
            (b"[" * 5000, "Line 1, column"),
            (b"[person]\nbirth_date = 2019-02-30", "Line 2, column 14: birth_date: `2019-02-30` is not a real day"),
            ("[person]\n# \u00e9".encode("latin-1"), "Line 2: file: not text in UTF-8"),
            (b"[person]\nnote = 1\0", "has a NUL character"),
        ],
    )
    def test_wrong_file(self, client: TestClient, content: bytes, says: str) -> None:
        """A file that cannot be taken up is refused on the page, with why."""
        told = client.post("/en/candidate/open", files={"file": ("profile.toml", content)})

        assert told.status_code == 422
        assert says in told.text
        assert "<title>Error: " in told.text

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
    def test_file_from_windows(self, client: TestClient, encoding: str) -> None:
        """A file that Windows saved with a mark, or in UTF-16, is taken up like any other."""
        content = (Path(__file__).parents[2] / "examples/people/nurse.toml").read_text("utf-8").encode(encoding)
        told = client.post("/en/candidate/open", files={"file": ("profile.toml", content)})

        assert told.status_code == 200
        assert "<title>Error: " not in told.text

    def test_wrong_link(self, client: TestClient) -> None:
        """So is a link that was cut off, or has no answers."""
        for link in (word("nurse")[:60], "", "https://example.org/fr/candidate#a="):
            told = client.post("/fr/candidate/open", data={"link": link})

            assert told.status_code == 422
            assert "Ce lien est incomplet" in told.text
        assert "copier le lien entier" in told.text.lower()


class TestReport:
    """The answer as a PDF."""

    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_pdf(self, client: TestClient, lang: str) -> None:
        """The page offers it, and it is a PDF with the score in it."""
        told = client.post(f"/{lang}/candidate/answer", data={"a": word("engineer")}).text
        found = client.post(f"/{lang}/candidate/report", data={"a": word("engineer")})

        assert f'action="/{lang}/candidate/report"' in told
        assert found.headers["content-type"] == "application/pdf"
        assert found.content.startswith(b"%PDF-1.7")
        assert "467" in "".join(page.extract_text() for page in PdfReader(BytesIO(found.content)).pages)


class TestCalendar:
    """One's own days for a calendar program."""

    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_days_of_the_timeline(self, client: TestClient, lang: str) -> None:
        """The page offers it, and it has an entry for each day on which an answer changes; nothing is in an address."""
        told = client.post(f"/{lang}/candidate/answer", data={"a": word("engineer")}).text
        found = client.post(f"/{lang}/candidate/calendar", data={"a": word("engineer")})
        entries = Calendar.from_ical(found.content).walk("VEVENT")
        events = timeline(read_profile(person("engineer")), DAY, date(2028, 10, 1))
        wanted = {one.date for one in events if one.answers_change}

        assert f'action="/{lang}/candidate/calendar"' in told
        assert found.headers["content-type"] == "text/calendar; charset=utf-8"
        assert wanted <= {entry.decoded("dtstart") for entry in entries}
        assert len({str(entry["uid"]) for entry in entries}) == len(entries)

    def test_two_people_in_one_calendar(self, client: TestClient) -> None:
        """Entries of two people have different ids, and those of one the same each time."""

        def ids(name: str) -> set[str]:
            found = client.post("/en/candidate/calendar", data={"a": word(name)}).content
            return {str(entry["uid"]) for entry in Calendar.from_ical(found).walk("VEVENT")}

        assert ids("engineer") == ids("engineer")
        assert not ids("engineer") & ids("nurse")

    def test_open_questions_come_first(self, client: TestClient) -> None:
        """Where something is open the page asks for it instead."""
        assert "text/html" in client.post("/en/candidate/calendar", data={}).headers["content-type"]


class TestWhatIf:
    """Facts changed by hand."""

    def test_nothing_changed(self, client: TestClient) -> None:
        """As things are, nothing moves."""
        told = client.post("/en/candidate/what-if", data={"a": word("couple"), "part": "1"}).text

        assert "No points change" in told

    @pytest.mark.parametrize("value", ["99", "x", "-1", "true", "<b>"])
    def test_values_that_are_not_offered(self, client: TestClient, value: str) -> None:
        """A value that the list does not have changes nothing."""
        fields = {"a": word("couple"), "part": "1", "w:french": value, "w:nothing": value}

        assert "No points change" in client.post("/en/candidate/what-if", data=fields).text


class TestPlan:
    """Targets, what makes eligible, and which steps are tried."""

    PARTNER = "partner-stays"

    def plan(self, client: TestClient, name: str, **fields: str) -> str:
        """The page of a plan, in words."""
        told = client.post("/en/candidate/plan", data={"a": self.case(name), "size": "2", **fields})
        assert told.status_code == 200
        return told.text

    @staticmethod
    def case(name: str) -> str:
        """The answers of one of the people of the cases, packed."""
        typed, left = typed_of(read_document(CASES / f"{name}.toml"))
        return pack(Carried(typed, tuple(left), "one"))

    def test_the_partner_is_left_at_home_only_on_request(self, client: TestClient) -> None:
        """It is no step of the page, but may be asked for; then its warning stands on its line."""
        page = self.plan(client, "nurse")
        asked = self.plan(client, "nurse", chosen="1", **{f"use.{self.PARTNER}": "1"})
        line = re.findall(r"<li>(Your partner does not come to Canada.*?)</li>", asked)

        assert f'name="use.{self.PARTNER}" value="1">' in page
        assert "<li>Your partner does not come to Canada*" not in page
        assert len(line) == 1
        assert "misrepresentation" in line[0]

    def test_a_step_is_left_out(self, client: TestClient) -> None:
        """A step without its mark is in no plan, and stays without it; those with a mark are tried."""
        page = self.plan(client, "nurse", chosen="1", **{"use.english-9": "1"})

        assert "<li>English: level 9 or higher in all four abilities (now 7, 9, 8, 9)*" in page
        assert "<li>A nomination by a province" not in page
        assert 'name="use.nomination" value="1">' in page
        assert 'name="use.english-9" value="1" checked>' in page

    def test_own_days(self, client: TestClient) -> None:
        """How long a step takes for this person decides its day; what is no number is said at its field."""
        fields = {"chosen": "1", "use.nomination": "1"}
        page = self.plan(client, "nurse", **fields, **{"days.nomination": "10"})
        wrong = client.post("/en/candidate/plan", data={"a": self.case("nurse"), **fields, "days.nomination": "soon"})

        assert "on 11 October 2026" in page
        assert wrong.status_code == 422
        assert 'id="days.nomination-error"' in wrong.text

    def test_to_become_eligible_comes_first(self, client: TestClient) -> None:
        """Who is not eligible sees what is lacking, in figures, before the best plans."""
        page = self.plan(client, "cook")

        assert page.index("To become eligible") < page.index("The best plans")
        assert "To become eligible" not in self.plan(client, "nurse")

    @pytest.mark.parametrize("target", ["x", "-5", "1201", "99999", "²"])
    def test_wrong_target(self, client: TestClient, target: str) -> None:
        """A target that is no score is refused on the page."""
        told = client.post("/en/candidate/plan", data={"a": word("nurse"), "target": target, "size": "1"})

        assert told.status_code == 422
        assert "<title>Error: " in told.text
