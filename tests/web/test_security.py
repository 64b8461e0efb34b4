"""What an unkind client may try: headers, paths, bodies, floods."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import re
import zlib
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from expressentry.present.report.blocks import Writer
from expressentry.rounds.load import load_record
from expressentry.rounds.updates import bring
from expressentry.web import Limits
from expressentry.web.api.describe import PROFILE
from expressentry.web.spending import Spending, address_of
from tests.feeds import as_bytes, row
from tests.web.serving import LATE, PAGES, Caller, made, routes_of

EVIL = (
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e%2fapp.py",
    "..%5c..%5capp.py",
    "%2fetc%2fpasswd",
    "..%c0%af..%c0%afapp.py",
    "settings.py%00",
    "file:%2f%2f%2fetc%2fpasswd",
    "....%2f%2fapp.py",
    "%ff%fe",
    "a" * 5000,
)
"""Names that are paths, or would be for somebody who decodes twice."""

ANSWERS = {"age": "29", "education": "masters", "language": "english", "level": "9"}


HOSTILE = (
    "javascript:alert(1)//x",
    "JAVASCRIPT:alert(1)",
    "data:text/html,<script>1</script>",
    "//evil",
    "file:///etc",
)


class TestAddresses:
    """Addresses of sources, which come from files that anybody may have written."""

    @pytest.fixture
    def home(self, tmp_path: Path) -> Path:
        """A user's folder with rounds and law of somebody else."""
        for at, name in enumerate(HOSTILE):
            feed = as_bytes(
                [row(str(448 + at), drawDate=f"2026-10-{14 + at}", drawDateFull=f"October {14 + at}, 2026")]
            )
            bring(feed, load_record(tmp_path / "history"), tmp_path / "history", name, LATE)
        text = (Path(__file__).parents[1] / "law/new_column.toml").read_text(encoding="utf-8")
        (tmp_path / "law").mkdir()
        hostile = text.replace("where you read the text", HOSTILE[0])
        (tmp_path / "law" / "theirs.toml").write_text(hostile, encoding="utf-8")
        return tmp_path

    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_only_links_to_the_web(self, home: Path, lang: str) -> None:
        """What is no address of the web is no link, on no page; its words stand there as text."""
        call = Caller(made(LATE, home=home))
        for path in (*(f"/rounds/{448 + at}" for at in range(len(HOSTILE))), "/law/mi-2026-11-03", "/law", "/rounds"):
            html = call.get(f"/{lang}{path}")
            links = [unescape(link) for link in re.findall(r'href="([^"]*)"', html.text)]

            assert html.status_code == 200
            assert not [one for one in links if not re.match(r"https?://|/(?!/)|[#?]|mailto:", one)]
        assert "javascript:alert(1)//x" in call.get(f"/{lang}/rounds/448").text

    @pytest.mark.parametrize("address", [*HOSTILE, "", "rounds.json", "https://", "http:\\\\evil", "https: //x"])
    def test_nor_in_a_report(self, address: str) -> None:
        """A report has no such link either."""
        assert "link" not in Writer("en").cell("x", link=address)
        assert Writer("en").cell("x", link="https://www.canada.ca/a") == {
            "text": "x",
            "link": "https://www.canada.ca/a",
        }


class TestHeaders:
    """Headers of every answer."""

    @pytest.mark.parametrize(
        "path", ["/", "/en", "/fr/nothing", "/api/v1/rounds", "/api/v1/none", "/static/style.css", "/robots.txt"]
    )
    def test_security_headers(self, call: Caller, path: str) -> None:
        """Every answer, errors too, has the headers; nothing inline, no frame, no cookie, no server's name."""
        headers = call.get(path).headers

        assert "unsafe" not in headers["content-security-policy"]
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert path.startswith("/api/") or headers["referrer-policy"] == "same-origin"
        assert "set-cookie" not in headers

    def test_nothing_of_others(self, call: Caller) -> None:
        """A page asks no other host for anything; links out are links only."""
        for path in PAGES:
            html = call.get(f"/en{path}").text
            assert not re.findall(r'(?:src|srcset|action)="(?:https?:)?//', html)
            assert not [tag for tag in re.findall(r"<link[^>]*>", html) if "//" in tag and "http://test" not in tag]

    @pytest.mark.parametrize(
        "host", ["evil.example/path", 'a"onload="x', "a b", "a\tb", "x:99999999", "<script>", "a@b", ""]
    )
    def test_host_that_is_none(self, call: Caller, host: str) -> None:
        """A Host header that is no host is refused, and does not come back."""
        answer = call.get("/en", headers={"Host": host})

        assert answer.status_code == 400
        assert not host or host not in answer.text

    def test_public_address(self) -> None:
        """With a public address a request's host is not believed: links in feeds are the site's own."""
        call = Caller(made(address="https://ee.example.org"))
        answer = call.get("/en/feeds/stem.atom", headers={"Host": "evil.example"})

        assert "evil.example" not in answer.text
        assert "https://ee.example.org/en/rounds/293" in answer.text
        assert answer.headers["strict-transport-security"]

    @pytest.mark.parametrize(
        "path",
        [
            "/en/rounds/1%0d%0aSet-Cookie:%20a=b",
            "/%0d%0aX-Bad:%201",
            "/en?x=%0d%0aX-Bad: 1",
            "/?lang=fr%0d%0aX-Bad:%201",
            "/fr/candidate/answer?x=%0d%0aX-Bad:%201",
            "/fr/candidate/answer%0d%0aX-Bad:%201",
            "/en/feeds/stem%0d%0aX-Bad:%201.atom",
            "/en/charts/cutoffs.light%0d%0aX-Bad:%201.svg",
            "/api/v1/rounds?lang=fr%0d%0aX-Bad:%201",
            "/api/v1/law?on=2026-10-01%0d%0aX-Bad:%201",
            "/static/style.css?v=%0d%0aX-Bad:%201",
        ],
    )
    def test_no_header_can_be_put_in(self, call: Caller, path: str) -> None:
        """Line ends in an address, a language or a day make no header."""
        headers = call.get(path, headers={"Accept-Language": "fr\u2028X-Bad: 1;q=1".encode()}).headers

        assert "set-cookie" not in headers
        assert "x-bad" not in headers
        assert all("\r" not in value and "\n" not in value for value in headers.values())


class TestPaths:
    """No path reaches the disk."""

    @pytest.mark.parametrize(
        "path",
        [
            "/static/../settings.py",
            "/static/..%2f..%2fsettings.py",
            "/static/%2e%2e/app.py",
            "/static//etc/passwd",
            "/static/style.css%00.py",
            "/en/law/../../../etc/passwd",
            "/en/law/..%2f..%2fcrs%2f2025-03-25.toml",
            "/api/v1/law/..%2f..%2f..%2fpyproject.toml",
            "/api/v1/occupations/..%2f..%2fREADME.md",
            "/en/pool/..%2f..%2fx",
        ],
    )
    def test_traversal(self, call: Caller, path: str) -> None:
        """Whatever the dots, the answer is that there is no such thing."""
        answer = call.get(path)

        assert answer.status_code in (400, 404)
        assert "import annotations" not in answer.text
        assert "root:" not in answer.text

    @pytest.mark.parametrize("evil", EVIL)
    def test_nothing_of_the_disk_by_any_route(self, call: Caller, evil: str) -> None:
        """Every route that takes a name takes none that is a path, in either language."""
        routes = [path for path, _ in routes_of(call.app) if "{" in path]

        assert len(routes) > 20
        for path in routes:
            answer = call.get(re.sub(r"{[^}]*}", lambda _: evil, path))
            assert answer.status_code in (400, 404, 405, 422), path
            assert "root:" not in answer.text, path
            assert "import annotations" not in answer.text, path

    def test_no_address_can_be_fetched(self, call: Caller) -> None:
        """Nothing over HTTP makes the server fetch an address: rounds are brought from the command line only."""
        paths = [path for path, _ in routes_of(call.app)]

        assert call.post("/api/v1/rounds", json={"source": "https://example.org"}).status_code == 405
        assert call.post("/api/v1/rounds/update", json={}).status_code == 405
        assert len(paths) > 50
        assert not [path for path in paths if "update" in path or "url" in path]


class TestBodies:
    """Bodies that are too large or too slow."""

    def test_too_large_by_length(self) -> None:
        """A body that says it is too large is refused unread."""
        call = Caller(made(limits=Limits(requests=0, body_bytes=1000)))
        answer = call.post("/api/v1/assess", content=b"x" * 1001, headers={"Content-Type": "application/json"})

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert call.post("/en/quick", data={"age": "9" * 2000}).status_code == 413

    def test_too_large_in_parts(self) -> None:
        """A body that does not say its size is stopped on the way."""
        call = Caller(made(limits=Limits(requests=0, body_bytes=1000)))

        async def parts() -> Any:
            for _ in range(20):
                yield b"x" * 100

        answer = call.post("/api/v1/assess", content=parts(), headers={"Content-Type": "application/json"})

        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")

    @pytest.mark.parametrize("length", ["-1", "x", "1e3", "99999999999999999999"])
    def test_length_that_is_none(self, call: Caller, length: str) -> None:
        """A length that is no number is refused."""
        answer = call.post(
            "/api/v1/assess", content=b"{}", headers={"Content-Type": "application/json", "Content-Length": length}
        )

        assert answer.status_code == 413

    def test_slow_body(self) -> None:
        """A body that does not arrive in time is answered 408 at once."""
        app = made(limits=Limits(requests=0, body_seconds=0.05))
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            await asyncio.sleep(5)
            return {"type": "http.request", "body": b"{", "more_body": True}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [(b"host", b"test"), (b"content-type", b"application/json"), (b"content-length", b"9")]
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/api/v1/assess",
            "raw_path": b"/api/v1/assess",
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "http_version": "1.1",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
            "asgi": {"version": "3.0"},
            "state": {},
        }
        asyncio.run(asyncio.wait_for(app(scope, receive, send), 3))

        assert sent[0]["status"] == 408

    def test_slow_answer(self) -> None:
        """An answer that takes too long is 503 with a time to come back."""
        app = made(limits=Limits(requests=0, answer_seconds=0.05))

        @app.get("/api/v1/sleep")
        async def sleep() -> str:
            await asyncio.sleep(5)
            return ""

        answer = Caller(app).get("/api/v1/sleep")

        assert (answer.status_code, answer.json()["code"]) == (503, "too_slow")
        assert answer.headers["retry-after"]


class TestCarried:
    """Answers in a form that no page of ours wrote, and answers that a small body makes large."""

    @staticmethod
    def word(data: object) -> str:
        """A packed field as the pages write it, of anything."""
        packed = zlib.compress(json.dumps(data).encode())
        return "1" + base64.urlsafe_b64encode(packed).rstrip(b"=").decode()

    @pytest.mark.parametrize("page", ["", "/answer", "/what-if", "/plan", "/file", "/report", "/open"])
    @pytest.mark.parametrize(
        "data",
        [
            {"a": {}, "m": "one", "k": [[["children", -1, "birth_date"], "2020-01-01"]]},
            {"a": {}, "m": "one", "k": [[[-1], "x"]]},
            {"a": {}, "m": "all", "k": [[["person", "work", -5], {}]]},
            {"a": {"person.birth_date": "\ud800"}, "m": "one"},
            {"a": {"\udfff": "x"}, "m": "all"},
            {"a": {}, "m": "one", "k": [[["note"], "\ud83d"]]},
            {"a": {}, "m": "one", "k": [[["note"], {"x\udc00": [1]}]]},
        ],
    )
    def test_places_and_letters_that_are_none(self, call: Caller, page: str, data: object) -> None:
        """A negative place or half of a character is refused, never an error of ours."""
        name = "link" if page == "/open" else "a"
        answer = call.post(f"/en/candidate{page}", data={name: self.word(data), "mode": "all"})

        assert answer.status_code in (400, 422)

    @pytest.mark.parametrize("place", ["person.note", "note"])
    def test_half_of_a_character_in_a_file(self, call: Caller, place: str) -> None:
        """So in a file of dated facts."""
        facts = json.loads(json.dumps(PROFILE))
        (facts["person"] if place == "person.note" else facts)["note"] = "\ud800"
        answer = call.post("/fr/candidate/open", files={"file": ("x.json", json.dumps(facts).encode())})

        assert answer.status_code == 422

    @pytest.mark.parametrize(
        ("stem", "wish"), [("person.work", "show"), ("person.tests", "check"), ("children", "next")]
    )
    def test_questions_are_bounded(self, call: Caller, stem: str, wish: str) -> None:
        """A few kilobytes that ask for thousands of questions are refused with the bound."""
        typed = {f"{stem}[{at}]?": "yes" for at in range(1, 400)} | {f"{stem}?": "yes"}
        answer = call.post("/en/candidate", data={"a": self.word({"a": typed, "m": "all"}), "mode": "all", "do": wish})

        assert answer.status_code == 422
        assert "600 questions" in answer.text
        assert len(answer.content) < 20_000

    def test_a_long_life_is_asked_whole(self, call: Caller) -> None:
        """Forty jobs are still one page."""
        typed = {f"person.work[{at}]?": "yes" for at in range(1, 41)}
        answer = call.post("/en/candidate", data={"a": self.word({"a": typed, "m": "all"}), "mode": "all"})

        assert answer.status_code == 200
        assert "work-40" in answer.text

    @pytest.mark.parametrize("path", ["/api/v1/assess", "/api/v1/timeline", "/api/v1/score"])
    @pytest.mark.parametrize(
        "many",
        [
            lambda: {"person": {"relatives": [None] * 40_000}},
            lambda: {"person": {}, **{f"k{at}": 1 for at in range(15_000)}},
            lambda: {"person": {"work": [{}] * 20_000}},
        ],
        ids=["nulls", "unknown keys", "empty jobs"],
    )
    def test_problems_are_bounded(self, call: Caller, path: str, many: Any) -> None:
        """However many things are wrong, an answer names some, and says how many more there are."""
        media = "application/x-ndjson" if path.endswith("score") else "application/json"
        answer = call.post(path, content=json.dumps(many()).encode(), headers={"Content-Type": media})
        problems = json.loads(answer.text.partition("\n")[0])["problems"]

        assert len(answer.content) < 200_000
        assert len(problems) in (1, 51, 101)
        assert len(problems) == 1 or "more problems" in json.dumps(problems[-1])

    def test_a_search_word_is_cut(self, call: Caller) -> None:
        """A word to search for of any length costs what one of 200 letters does."""
        name = "person.work[1].noc2021"
        typed = {"person.work[1]?": "yes"}
        form = {"a": self.word({"a": typed, "m": "one"}), "at": name, f"{name}~words": "q" * 200_000}
        answer = call.post("/en/candidate", data={**form, "do": f"search:{name}"})

        assert answer.status_code == 200
        assert "q" * 501 not in answer.text


class TestMethods:
    """HEAD, and methods that an address does not take."""

    @pytest.mark.parametrize("path", ["/en", "/", "/health", "/api/v1/rounds", "/static/style.css", "/en/rounds.csv"])
    def test_head(self, call: Caller, path: str) -> None:
        """HEAD is answered as GET is, without the body."""
        got, head = call.get(path), call("HEAD", path)

        assert (head.status_code, head.content) == (got.status_code, b"")
        assert dict(head.headers) == dict(got.headers)

    def test_allow(self, call: Caller) -> None:
        """An address says which methods it takes."""
        assert call.post("/en/rounds").headers["allow"] == "GET, HEAD"
        assert call("HEAD", "/api/v1/assess").status_code == 405


class TestRate:
    """Floods."""

    def test_told_and_refused(self) -> None:
        """Every answer says how many requests are left; at the end it is 429 with a time, for the pages too."""
        call = Caller(made(limits=Limits(requests=3, cost_seconds=1e9)))
        left = [call.get("/api/v1/law").headers["ratelimit-remaining"] for _ in range(3)]
        refused = call.get("/api/v1/law?lang=fr")

        assert left == ["2", "1", "0"]
        assert refused.status_code == 429
        assert int(refused.headers["retry-after"]) <= 60
        assert refused.json()["problems"][0]["message"].startswith("request : au plus 3 demandes")
        assert call.get("/fr").status_code == 429
        assert call.get("/static/style.css").status_code == 200

    def test_window_ends(self) -> None:
        """After the window a client is served again, whatever it tried meanwhile."""
        now = 100.0
        spending = Spending(Limits(requests=2), clock=lambda: now)

        assert [spending.count("a") for _ in range(4)] == [True, True, False, False]
        assert spending.count("b")
        now += 60
        assert spending.count("a")

    def test_work_counts(self) -> None:
        """Processor time counts as further requests, whatever the route, and is counted when it is known."""
        spending = Spending(Limits(requests=10, cost_seconds=0.1))
        spending.count("a")
        spending.spend("a", 0.75)

        assert spending.left("a")[0] == 2
        assert [spending.count("a") for _ in range(3)] == [True, True, False]

    def test_memory_is_bounded(self) -> None:
        """Of very many clients only the latest are remembered."""
        spending = Spending(Limits(requests=10, clients=50))
        for at in range(500):
            spending.count(str(at))

        assert list(spending.used) == [str(at) for at in range(450, 500)]

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("192.0.2.1", "192.0.2.1:4711", True),
            ("192.0.2.1:1", "192.0.2.1:2", True),
            ("192.0.2.1", "::ffff:192.0.2.1", True),
            ("2001:db8::1", "[2001:db8::2]:80", True),
            ("2001:db8::1", "[2001:db8::1]", True),
            ("nonsense 1", "nonsense 2", True),
            ("192.0.2.1", "192.0.2.2", False),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ],
    )
    def test_who_is_one_client(self, one: str, other: str, same: bool) -> None:
        """A port makes no other client, nor does another address of one household; another address does."""
        assert (address_of(one) == address_of(other)) is same


def test_log_says_nothing_personal(caplog: pytest.LogCaptureFixture) -> None:
    """The log has method, path, status and time: no query, no body, no address; a line end in a path makes no line."""
    call = Caller(made(log=True))
    with caplog.at_level(logging.INFO, "expressentry.web"):
        call.get("/en/pool?score=491", headers={"X-Forwarded-For": "192.0.2.7"})
        call.post("/en/quick", data=ANSWERS)
        call.get("/en/a%0ab")
    lines = [record.getMessage() for record in caplog.records]

    assert [line.split()[:3] for line in lines[:2]] == [["GET", "/en/pool", "200"], ["POST", "/en/quick", "200"]]
    assert len(lines) == 3
    assert not [line for line in lines if "491" in line or "masters" in line or "192.0.2.7" in line or "\n" in line]


def test_a_crash_tells_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """An error that nobody foresaw is answered in the one shape, without its own words."""
    app = made()

    @app.get("/api/v1/crash")
    async def crash() -> str:
        raise RuntimeError("secret")

    answer = Caller(app).get("/api/v1/crash")

    assert (answer.status_code, answer.json()["code"]) == (500, "internal")
    assert "secret" not in answer.text
