"""The API: the same answers as the command line, one shape of error, everything documented."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from expressentry.answers.problems import pointer
from expressentry.cli import run
from expressentry.web import Limits
from expressentry.web.api.describe import FACTORS, PROFILE
from tests.web.serving import Caller, made

ROOT = Path(__file__).parent.parent.parent
PEOPLE = sorted((ROOT / "examples/people").glob("*.toml"))
ASSESS = "/api/v1/assess?on=2026-10-01"
PROBLEM_KEYS = {"type", "title", "status", "detail", "code", "pointer", "message", "problems"}


def document(path: Path) -> Any:
    """A person's file as it would be sent."""
    return json.loads(json.dumps(tomllib.loads(path.read_text(encoding="utf-8")), default=str))


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What a command prints as JSON."""
    assert run([*words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty user folder for the commands."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path))


class TestSameAsTheCommandLine:
    """One answer, whatever the face."""

    @pytest.mark.parametrize("path", [*PEOPLE, ROOT / "examples/engineer.toml"], ids=lambda path: path.stem)
    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_assess(self, call: Caller, capsys: pytest.CaptureFixture[str], path: Path, lang: str) -> None:
        """`assess` answers the same object; brief leaves keys out and changes none."""
        told = call.post(f"{ASSESS}&lang={lang}", json=document(path)).json()
        brief = call.post(f"{ASSESS}&brief=true", json=document(path)).json()

        assert told == printed(capsys, "assess", str(path), "--on", "2026-10-01", "--lang", lang)
        assert brief["crs"].items() <= told["crs"].items()
        assert {id_: one["finding"] for id_, one in brief["programs"].items()} == {
            id_: one["finding"] for id_, one in told["programs"].items()
        }
        assert [(one["id"], one["finding"]) for one in brief["categories"]] == [
            (one["id"], one["finding"]) for one in told["categories"]
        ]

    @pytest.mark.parametrize(
        ("path", "words"),
        [
            ("/rounds?until=2024-04-11&since=2024-03-01", "rounds list --from 2024-03-01 --to 2024-04-11"),
            ("/rounds?type=category&category=stem", "rounds list --type category --category stem --on 2026-10-01"),
            ("/rounds/293", "rounds show 293"),
            ("/rounds/91a", "rounds show 91a"),
            ("/occupations?q=sofware%20enginer", "occupations search sofware enginer"),
            ("/occupations/21211", "occupations show 21211"),
            ("/law", "law list --on 2026-10-01"),
            ("/law/mi-2025-03-25", "law show mi-2025-03-25"),
            ("/law/diff?a=crs-2017-06-06&b=crs-2020-10-20", "law diff crs-2017-06-06 crs-2020-10-20"),
            ("/categories?on=2026-10-01", "categories list --on 2026-10-01"),
            ("/provinces?on=2026-10-01&all=true", "provinces list --all --on 2026-10-01"),
            ("/provinces/mb-swo?on=2026-10-01", "provinces show mb-swo --on 2026-10-01"),
            ("/provinces/on-hcp?on=2022-10-01", "provinces show on-hcp --on 2022-10-01"),
            ("/provinces/draws?province=SK&on=2024-01-01", "provinces draws --province SK --on 2024-01-01"),
            ("/provinces/draws?stream=bc-sw&on=2026-10-01", "provinces draws --stream bc-sw --on 2026-10-01"),
            (
                "/convert?test=ielts&taken_on=2026-01-15&listening=7.5&reading=7&writing=6.5&speaking=6",
                "convert ielts --date 2026-01-15 7.5 7 6.5 6",
            ),
        ],
    )
    def test_look_ups(self, call: Caller, capsys: pytest.CaptureFixture[str], path: str, words: str) -> None:
        """Look-ups answer what the command answers, in both languages."""
        for lang in ("en", "fr"):
            told = call.get(f"/api/v1{path}", headers={"Accept-Language": lang})

            assert told.headers["content-language"] == lang
            assert told.json() == printed(capsys, *words.split(), "--lang", lang)

    def test_replay(self, call: Caller, capsys: pytest.CaptureFixture[str]) -> None:
        """`replay` answers the rounds that the command answers."""
        path = ROOT / "examples/people/engineer.toml"
        told = call.post("/api/v1/replay?on=2024-04-12&submitted=2024-02-20T15:00:00Z", json=document(path)).json()
        words = f"rounds replay {path} --submitted 2024-02-20T15:00:00Z --on 2024-04-12"

        invited = printed(capsys, *words.split())
        assert [one for one in told["rounds"] if one["number"] in {row["number"] for row in invited}] == invited
        assert told["invited"] == sum(one["answer"] == "invited" for one in told["rounds"])

    def test_timeline_and_plan(self, call: Caller, capsys: pytest.CaptureFixture[str]) -> None:
        """`timeline` and `plan` answer what the commands answer."""
        path = ROOT / "examples/people/nurse.toml"
        days = call.post("/api/v1/timeline?on=2026-10-01&until=2027-06-01", json=document(path)).json()
        plans = call.post("/api/v1/plan?on=2026-10-01&target=480&lang=fr", json=document(path)).json()

        assert days == printed(capsys, *f"timeline {path} --on 2026-10-01 --until 2027-06-01".split())
        assert plans == printed(capsys, *f"plan {path} --on 2026-10-01 --target 480 --lang fr".split())

    def test_plan_takes_what_the_command_takes(self, call: Caller, capsys: pytest.CaptureFixture[str]) -> None:
        """The size, the steps of every plan and of none, and those on request; an unknown one is refused."""
        path = ROOT / "examples/people/couple.toml"
        query = "on=2026-10-01&size=2&with=swap&without=nomination,french-9&also=partner-stays"
        told = call.post(f"/api/v1/plan?{query}", json=document(path))
        words = "--size 2 --with swap --without nomination --without french-9 --also partner-stays"
        wrong = call.post("/api/v1/plan?without=nominaton", json=document(path))

        assert told.json() == printed(capsys, *f"plan {path} --on 2026-10-01 {words}".split())
        assert (wrong.status_code, "nomination" in wrong.text) == (400, True)


class TestScore:
    """Many at once."""

    def score(self, call: Caller, lines: list[str], query: str = "") -> list[Any]:
        """Send lines, read lines."""
        headers = {"Content-Type": "application/x-ndjson"}
        told = call.post(f"/api/v1/score?on=2026-10-01{query}", content="\n".join(lines), headers=headers)
        assert told.status_code == 200
        assert told.headers["content-type"] == "application/x-ndjson"
        return [json.loads(line) for line in told.text.splitlines()]

    def test_order_ids_and_scores(self, call: Caller) -> None:
        """Lines come back in their order with their ids; factors and dated facts score as `assess` scores them."""
        people = [FACTORS, PROFILE, *(document(path) for path in PEOPLE), {**FACTORS, "age": 40}]
        lines = [json.dumps({"id": f"{at:03}", **person}) for at, person in enumerate(people)]
        told = self.score(call, lines, "&programs=true&categories=true")

        assert [(one["row"], one["id"]) for one in told] == [(at + 1, f"{at:03}") for at in range(len(people))]
        for one, person in zip(told, people, strict=True):
            alone = call.post(f"{ASSESS}&brief=true", json=person).json()
            assert (one["crs"], one["totals"]) == (alone["crs"]["total"], alone["crs"]["totals"])
            assert one["sections"] == alone["crs"]["sections"]
            assert one["programs"] == {id_: found["finding"] for id_, found in alone["programs"].items()}
            assert one["categories"] == {found["id"]: found["finding"] for found in alone["categories"]}
            assert (one["rule_set"], one["current"]) == ("crs-2025-03-25", True)

    def test_wrong_lines_stop_nothing(self, call: Caller) -> None:
        """A line that is wrong has its problems in its place; the others are scored; empty lines are none."""
        lines = ["{", json.dumps({**FACTORS, "age": 29.9}), "", "[1]", json.dumps(FACTORS), '{"id": [], "age": 1}']
        told = self.score(call, lines)

        assert [one["row"] for one in told] == [1, 2, 3, 4, 5]
        assert [one.get("crs") for one in told] == [None, None, None, 469, None]
        assert told[1]["problems"][0]["pointer"] == "/age"
        assert [one["problems"][0]["code"] for one in told if "problems" in one] == [
            *("not_json", "out_of_range", "not_an_object", "wrong_type")
        ]

    def test_many(self, call: Caller) -> None:
        """More lines than are scored at once come back one for one, the first before the body has ended."""
        told = self.score(call, [json.dumps({**FACTORS, "age": 20 + at % 60}) for at in range(2500)])

        assert [one["row"] for one in told] == list(range(1, 2501))
        assert told[0]["crs"] == told[60]["crs"] == told[2460]["crs"]

    def test_too_many(self) -> None:
        """More lines than allowed: those before are answered, the last line says why it ended."""
        call = Caller(made(limits=Limits(requests=0, batch_rows=3)))
        told = self.score(call, [json.dumps(FACTORS)] * 5)

        assert told[-1]["problems"][0]["code"] == "too_large"


class TestNames:
    """One name for one thing, and the names of the command line beside it."""

    @pytest.mark.parametrize(
        "query", ["since=2024-03-01&until=2024-04-30", "from=2024-03-01&to=2024-04-30", "from=2024-03&until=2024-04"]
    )
    def test_days_of_rounds(self, call: Caller, query: str) -> None:
        """`from` is `since`, `to` is `until`, and a month is its first or last day."""
        assert (
            call.get(f"/api/v1/rounds?{query}").json()
            == call.get("/api/v1/rounds?since=2024-03-01&until=2024-04-30").json()
        )

    def test_day_of_a_test(self, call: Caller) -> None:
        """`date` is `taken_on`."""
        scores = "test=ielts&listening=7&reading=7&writing=7&speaking=7"
        old, new = (call.get(f"/api/v1/convert?{scores}&{name}=2026-01-15") for name in ("date", "taken_on"))
        assert old.status_code == 200
        assert old.json() == new.json()

    def test_not_both(self, call: Caller) -> None:
        """Two names of one thing in a request are not guessed between."""
        told = call.get("/api/v1/rounds?from=2024-03-01&since=2024-04-01")
        assert (told.status_code, told.json()["code"]) == (400, "unknown_parameter")

    def test_latest(self, call: Caller) -> None:
        """The newest round has an address."""
        [newest] = call.get("/api/v1/rounds?limit=1").json()
        assert call.get("/api/v1/rounds/latest").json()["number"] == newest["number"]


class TestProblems:
    """One error shape."""

    @pytest.mark.parametrize(
        ("method", "path", "status", "code"),
        [
            ("GET", "/api/v1/nothing", 404, "unknown_route"),
            ("GET", "/api/v1/assess", 405, "wrong_method"),
            ("GET", "/api/v1/rounds?limit=0", 400, "out_of_range"),
            ("GET", "/api/v1/rounds?limit=x", 400, "wrong_type"),
            ("GET", "/api/v1/rounds?since=yesterday", 400, "not_a_day"),
            ("GET", "/api/v1/rounds?type=draw", 400, "unknown_word"),
            ("GET", "/api/v1/rounds?colour=red", 400, "unknown_parameter"),
            ("GET", "/api/v1/rounds?lang=de", 400, "unknown_word"),
            ("GET", "/api/v1/rounds/91", 404, "ambiguous_round"),
            ("GET", "/api/v1/rounds/9999", 404, "unknown_round"),
            ("GET", "/api/v1/occupations", 400, "missing"),
            ("GET", "/api/v1/occupations/99999", 404, "unknown_noc"),
            ("GET", "/api/v1/categories/stemm", 404, "unknown_category"),
            ("GET", "/api/v1/law/crs-1999", 404, "unknown_id"),
            ("GET", "/api/v1/provinces/sk-eee", 404, "unknown_stream"),
            ("GET", "/api/v1/provinces/nt-ee", 404, "stream_not_encoded"),
            ("GET", "/api/v1/provinces/draws?province=QC", 404, "unknown_province"),
            ("GET", "/api/v1/provinces?on=2014-12-31", 400, "day_before_law"),
            ("POST", "/api/v1/provinces/assess?stream=sk-eee", 404, "unknown_stream"),
            ("GET", "/api/v1/pool?on=2014-12-31", 400, "day_before_law"),
            ("GET", "/api/v1/pool?on=2015-01-01", 404, "unknown_day"),
            ("GET", "/api/v1/pool?score=1201", 400, "out_of_range"),
            ("POST", "/api/v1/assess?brief=perhaps", 400, "wrong_type"),
            ("POST", "/api/v1/replay?submitted=noon", 400, "not_an_instant"),
        ],
    )
    def test_shape(self, call: Caller, method: str, path: str, status: int, code: str) -> None:
        """Every refusal has the same keys, its code, and its message in the language asked for."""
        more = {"json": FACTORS} if method == "POST" else {}
        told = {lang: call(method, path, headers={"Accept-Language": lang}, **more) for lang in ("en", "fr")}
        records = {lang: answer.json() for lang, answer in told.items()}

        for answer in told.values():
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
            assert set(answer.json()) == PROBLEM_KEYS
            assert answer.json()["code"] == code
        if "lang=" not in path:
            assert records["en"]["title"] != records["fr"]["title"]
            assert records["en"]["message"] != records["fr"]["message"]

    def test_all_at_once_with_pointers(self, call: Caller) -> None:
        """Everything that is wrong with facts comes at once, each with a pointer into the body."""
        told = call.post(f"{ASSESS}&lang=fr", json={**FACTORS, "age": 29.9, "english_reading": 99, "foriegn": 1})
        wrong = document(PEOPLE[0])
        wrong["person"]["work"][0]["from"] = "yesterday"
        dated = call.post(ASSESS, json=wrong)

        assert told.status_code == dated.status_code == 422
        assert {one["pointer"] for one in told.json()["problems"]} == {"/age", "/english_reading", "/foriegn"}
        assert "un nombre entier" in told.json()["message"] or "clé inconnue" in told.json()["message"]
        assert dated.json()["problems"][0]["pointer"] == "/person/work/0/from"
        assert pointer("a.b[2].c/d~e") == "/a/b/1/c~1d~0e"

    @pytest.mark.parametrize("body", ["", "{", "NaN", '{"age": NaN}', "[" * 5000, '"\\ud800"', "\xff", "{}x"])
    def test_malformed(self, call: Caller, body: str) -> None:
        """What is not JSON is 400, however it is not."""
        sent = body.encode("latin-1")
        told = call.post(ASSESS, content=sent, headers={"Content-Type": "application/json"})

        assert told.status_code in (400, 422)
        assert told.json()["code"] in ("not_json", "not_an_object")

    def test_media_type(self, call: Caller) -> None:
        """A body of another media type is 415."""
        told = call.post(ASSESS, content=b"age=29", headers={"Content-Type": "text/plain"})

        assert (told.status_code, told.json()["code"]) == (415, "wrong_media_type")


class TestDescription:
    """OpenAPI."""

    def test_every_route_has_an_example_that_is_true(self, call: Caller) -> None:
        """Each operation has a summary, its errors, and an example that fits its schema."""
        told = call.get("/api/v1/openapi.json").json()
        schemas = told["components"]["schemas"]
        assert told["openapi"] == "3.1.0"
        for path, methods in told["paths"].items():
            for operation in methods.values():
                assert operation["summary"]
                assert {"200", "400", "429", "500", "503"} <= set(operation["responses"]), path
                contents = [operation["responses"]["200"]["content"]]
                contents += [operation["requestBody"]["content"]] if "requestBody" in operation else []
                for content in contents:
                    for described in content.values():
                        schema = {**described["schema"], "components": {"schemas": schemas}}
                        Draft202012Validator(schema).validate(described["example"])

    def test_all_routes_are_described(self, call: Caller) -> None:
        """The description has what the issue promises, under one version."""
        paths = set(call.get("/api/v1/openapi.json").json()["paths"])
        wanted = {
            "assess",
            "score",
            "convert",
            "occupations",
            "rounds",
            "replay",
            "timeline",
            "plan",
            "forecasts",
            "chances",
            "law",
            "pool",
            "categories",
            "provinces",
            "provinces/assess",
            "provinces/draws",
            "provinces/{key}",
        }

        assert {f"/api/v1/{name}" for name in wanted} <= paths

    def test_limits_are_told(self) -> None:
        """Limits stand in the headers of every answer of the API."""
        headers = Caller(made(limits=Limits(requests=50))).get("/api/v1/law").headers

        assert (headers["ratelimit-limit"], headers["ratelimit-policy"]) == ("50", "50;w=60")
