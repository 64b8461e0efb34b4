"""Law that a user adds: the same folder, or the same `--law`, gives the same answer at every face."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import Client
from starlette.testclient import TestClient

from expressentry.answers.context import read_context
from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.web.api.describe import FACTORS
from expressentry.web.mcp import create_server
from tests.cli.test_cli import ALL
from tests.web.serving import DAY, made
from tests.web.site import person, word

PEOPLE = Path(__file__).parents[2] / "examples" / "people"
ENGINEER = str(PEOPLE / "engineer.toml")
GRID = "crs-2025-03-25-mine"
MORE = 5
"""How many points more the added grid gives for a master's degree: 140 or 131, where the shipped one has 135 or 126."""

SHIPPED = 467
"""The score of the engineer on the day, under the shipped law."""

WITHOUT_LAW = {
    ("examples",),  # files that stay as they are
    ("law", "check"),  # checks the files that it names
    ("occupations", "search"),
    ("profile", "schema"),
    ("simulate", "scenarios"),  # the documentation of scenarios
}
"""Commands whose answer rests on no law."""


@pytest.fixture(scope="module")
def law_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A grid in the place of the shipped one, with more points for a master's degree."""
    text = load_law().grid("crs-2025-03-25").text
    text = text.replace('id = "crs-2025-03-25"', f'id = "{GRID}"\nreplaces = "crs-2025-03-25"', 1)
    changed = text.replace('["masters", 135, 126]', f'["masters", {135 + MORE}, {126 + MORE}]', 1)
    path = tmp_path_factory.mktemp("law") / "mine.toml"
    path.write_text(changed, encoding="utf-8")

    assert changed != text
    return path


@pytest.fixture
def home(tmp_path: Path, law_file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a user who added the grid."""
    folder = tmp_path / "home" / "law"
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_bytes(law_file.read_bytes())
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(folder.parent))
    return folder.parent


@pytest.fixture
def no_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a user who added nothing."""
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path / "empty"))
    return tmp_path


def totals(capsys: pytest.CaptureFixture[str], folder: Path, more: tuple[str, ...] = ()) -> Iterator[tuple[str, int]]:
    """The score that each command of the command line gives the engineer, by the command."""

    def told(*words: str) -> Any:
        status = run([*words, *more, "--on", "2026-10-01", "--format", "json"])
        captured = capsys.readouterr()
        assert status in (0, 10), captured.err
        return json.loads(captured.out)

    yield "assess", told("assess", ENGINEER)["crs"]["total"]
    clients = folder / "clients"
    clients.mkdir(exist_ok=True)
    (clients / "engineer.toml").write_bytes(Path(ENGINEER).read_bytes())
    yield "assess --batch", told("assess", "--batch", str(clients), "--out", str(folder / "o.csv"))["rows"][0]["crs"]
    pair = told("compare", ENGINEER, ENGINEER)
    yield "compare", next(row["values"][0][0] for row in pair["rows"] if row["id"] == "crs")
    yield "timeline", told("timeline", ENGINEER, "--until", "2026-12-31")["crs"]["total"]
    yield "plan", told("plan", ENGINEER, "--size", "1")["now"]["crs"]
    [newest] = told("rounds", "replay", ENGINEER, "--round", "447")
    yield "rounds replay", newest["score"]
    yield "rounds pool", told("rounds", "pool", "--profile", ENGINEER)["score"]
    invited = told("invited", ENGINEER, "--round", "447", "--received", "2026-10-01")
    yield "invited", invited["crs"]["at_receipt"][0]
    yield "report", told("report", ENGINEER, "--out", str(folder / "r.pdf"))["crs"]["total"]
    picture = folder / "cutoffs.html"
    told("rounds", "chart", "cutoffs", "--profile", ENGINEER, "--from", "2026-09-01", "--out", str(picture))
    drawn = re.findall(r'"(?:crs|score|cutoff)": ?(\d+)', picture.read_text(encoding="utf-8"))
    yield "rounds chart", next((int(one) for one in drawn if int(one) in (SHIPPED, SHIPPED + MORE)), 0)


def test_the_score_of_the_shipped_law(capsys: pytest.CaptureFixture[str], no_home: Path) -> None:
    """Without added law every command gives the engineer the same score."""
    found = dict(totals(capsys, no_home))

    assert found == dict.fromkeys(found, SHIPPED)


def test_the_same_folder_in_every_command(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    """A grid in the folder `law` is the one that every command scores on."""
    found = dict(totals(capsys, home))

    assert found == dict.fromkeys(found, SHIPPED + MORE)


def test_a_named_file_in_every_command(capsys: pytest.CaptureFixture[str], no_home: Path, law_file: Path) -> None:
    """A grid named by `--law` is the one that every command scores on."""
    found = dict(totals(capsys, no_home, ("--law", str(law_file))))

    assert found == dict.fromkeys(found, SHIPPED + MORE)


def test_tables_lists_and_law_itself(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> None:
    """`score`, `changes`, `rounds show`, `law list` and `law show` know the added grid."""
    table, out = tmp_path / "t.csv", tmp_path / "out.csv"
    table.write_text(
        ",".join(FACTORS) + "\n" + ",".join(str(v).lower() if isinstance(v, bool) else str(v) for v in FACTORS.values())
    )

    def told(*words: str) -> Any:
        assert run([*words, "--format", "json"]) == 0
        return json.loads(capsys.readouterr().out)

    told("score", str(table), "--out", str(out), "--on", "2026-10-01")
    [row] = csv.DictReader(io.StringIO(out.read_text()))
    assert (int(row["crs"]), row["rule_set"]) == (469 + MORE, GRID)
    changes = told("changes", str(PEOPLE), "--law", "crs-2020-10-20", GRID, "--on", "2026-10-01")
    [engineer] = [one for one in changes["clients"] if one["client"] == "engineer"]
    assert engineer["crs_after"] == SHIPPED + MORE
    assert told("rounds", "show", "447")["law"]["rule_set"] == GRID
    assert GRID in [one["grid"] for one in told("law", "list", "--on", "2026-10-01")]
    assert told("law", "show", GRID)["id"] == GRID


def test_watch_remembers_the_score(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    """`watch` remembers the score under the added grid."""
    run(["watch", ENGINEER, "--on", "2026-10-01", "--format", "json"])
    state = Path(json.loads(capsys.readouterr().out)["state"]).read_text(encoding="utf-8")

    assert f"{SHIPPED + MORE}" in state


def test_the_site_the_api_and_the_assistant(home: Path) -> None:
    """The same folder gives the same score on the site, in the API and to the assistant."""
    facts = json.loads(json.dumps(person("engineer"), default=str))
    with TestClient(made(DAY, home=home)) as client:
        asked = {
            "assess": client.post("/api/v1/assess?brief=true", json=facts).json()["crs"]["total"],
            "timeline": client.post("/api/v1/timeline?until=2026-12-31", json=facts).json()["crs"]["total"],
            "plan": client.post("/api/v1/plan", json=facts).json()["now"]["crs"],
            "replay": client.post("/api/v1/replay?last=1", json=facts).json()["rounds"][0]["score"],
            "score": client.post(
                "/api/v1/score", content=json.dumps(facts), headers={"Content-Type": "application/x-ndjson"}
            ).json()["crs"],
        }
        page = client.post("/en/candidate/answer", data={"a": word("engineer")}).text

    assert asked == dict.fromkeys(asked, SHIPPED + MORE)
    assert re.search(rf'class="[^"]*big[^"]*">\s*{SHIPPED + MORE}\b', page)
    assert asyncio.run(_assistant(home, facts)) == dict.fromkeys(("assess", "timeline", "plan"), SHIPPED + MORE)


async def _assistant(home: Path, facts: dict[str, Any]) -> dict[str, int]:
    """The score that three tools of the assistant give."""
    async with Client(create_server(read_context(home), lambda: DAY)) as client:
        assessed = await client.call_tool("assess", {"profile": facts, "brief": True})
        ahead = await client.call_tool("timeline", {"profile": facts, "until": "2026-12-31"})
        plans = await client.call_tool("plan", {"profile": facts})
    told = [one.structured_content for one in (assessed, ahead, plans)]
    assert None not in told
    first, second, third = (one or {} for one in told)
    return {"assess": first["crs"]["total"], "timeline": second["crs"]["total"], "plan": third["now"]["crs"]}


def test_the_pool_scores_on_it(
    capsys: pytest.CaptureFixture[str], home: Path, pool_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A profile submitted to the pool of the same folder is scored on the added grid."""
    (pool_folder.parent / "law").mkdir()
    (pool_folder.parent / "law" / "mine.toml").write_bytes((home / "law" / "mine.toml").read_bytes())
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(pool_folder.parent))
    assert run(["pool", "init", "--on", "2026-10-01"]) == 0
    assert run(["pool", "submit", ENGINEER, "--person", "anna", "--on", "2026-10-01"]) == 0
    capsys.readouterr()
    assert run(["pool", "rank", "general", "--format", "json"]) == 0

    assert [one["crs"] for one in json.loads(capsys.readouterr().out)] == [SHIPPED + MORE]


@pytest.mark.parametrize("words", [path for path, _ in ALL if path[0] != "pool"], ids=" ".join)
def test_every_command_reads_the_law(words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command that answers from law takes `--law`; a wrong file in the folder stops it, and is named."""
    command = dict(ALL)[words]
    if words in WITHOUT_LAW:
        assert "--law" not in [opt for param in command.params for opt in param.opts]
        return
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "wrong.toml").write_text('id = "crs-mine"\n')
    monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path))
    status = run(shlex.split(command.example.splitlines()[0])[1:])

    assert "--law" in [opt for param in command.params for opt in param.opts]
    assert status == 1
