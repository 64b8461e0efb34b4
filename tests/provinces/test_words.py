"""The words of grids and criteria that streams brought, each in a small law of its own, by both evaluators."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from expressentry import LawError, load_law
from expressentry.assess.frame.streams import streams_frame
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.stream_people import assess_streams
from expressentry.assess.person.streams import StreamFacts, StreamFinding, judge_stream
from expressentry.assess.rehearse import rehearse
from expressentry.errors import Problem
from expressentry.law.law import Law
from expressentry.text import same

DAY = date(2027, 1, 1)
ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples/law/stream-2027-01-01.toml"
PAGE = (ROOT / "docs/how-to/write-a-stream.md").read_text(encoding="utf-8")
TESTS = ("listening", "reading", "writing", "speaking")
HEAD = """
in_force = 2027-01-01
made_by = "yt-trial"

[instruments.yt-trial]
kind = "guidance"
status = "in_force"
title = { en = "Trial", fr = "Essai" }
in_force = 2027-01-01
checked = 2026-11-28
confidence = "unverified"
address = "nowhere"

[lists.trial]
columns = ["noc"]
rows = [["21231"], ["72106"]]

[grids.yt-2027]
title = { en = "Trial", fr = "Essai" }
place = { en = "p. 1", fr = "p. 1" }

[grids.yt-2027.tie]
title = { en = "Tie", fr = "Lien" }
place = { en = "p. 2", fr = "p. 2" }
best_of = true
cap = 25

[grids.yt-2027.tie.child]
title = { en = "Child", fr = "Enfant" }
place = { en = "p. 2", fr = "p. 2" }
table = "relative_child"
rows = [[false, 0], [true, 10]]

[grids.yt-2027.tie.near]
title = { en = "Parent", fr = "Parent" }
place = { en = "p. 2", fr = "p. 2" }
table = "relative_parent_or_sibling"
rows = [[false, 0], [true, 30]]

[grids.yt-2027.risk]
title = { en = "Risk", fr = "Risque" }
place = { en = "p. 3", fr = "p. 3" }
table = "study_other_province"
rows = [[false, 0], [true, -40]]

[grids.yt-2027.language]
title = { en = "Better test", fr = "Meilleur test" }
place = { en = "p. 4", fr = "p. 4" }
best_of = true

[grids.yt-2027.language.english]
title = { en = "English", fr = "Anglais" }
place = { en = "p. 4", fr = "p. 4" }
table = { lowest = "english", empty = 0 }
rows = [[0, 0], [7, 12]]

[grids.yt-2027.language.french]
title = { en = "French", fr = "Français" }
place = { en = "p. 4", fr = "p. 4" }
table = { lowest = "french", empty = 0 }
rows = [[0, 0], [7, 20]]

[streams.yt-trial]
province = "YT"
status = "open"
title = { en = "Trial", fr = "Essai" }
place = { en = "p. 5", fr = "p. 5" }
eoi = { en = "none", fr = "aucune" }
grids = ["yt-2027"]
"""
ASKS = """
[streams.yt-trial.criteria.points]
title = { en = "20 points", fr = "20 points" }
at_least = { points = "yt-2027", value = 20 }

[streams.yt-trial.criteria.occupation]
title = { en = "Occupation", fr = "Profession" }
is_in = { column = "nominee_noc", teer = [0, 1, 2, 3], groups = ["21", "63"], list = "trial", except = OUT }
""".replace("OUT", '["2122", "63200"]')
EMPLOYER = """
[streams.yt-trial.criteria.staff]
title = { en = "Five staff", fr = "Cinq employés" }
ask = { who = "employer" }
"""
PERSON: dict[str, Any] = {
    "relative_child": True,
    "relative_parent_or_sibling": False,
    "study_other_province": False,
    "nominee_noc": "21231",
    "first_language": None,
    "accompanied": False,
    **{
        f"{language}_{one}": 0
        for language in ("english", "french")
        for one in ("listening", "reading", "writing", "speaking")
    },
}


def law_of(folder: Path, text: str) -> Law:
    """The shipped law with a small stream on top."""
    (folder / "law.toml").write_text(text, encoding="utf-8")
    return load_law(folder / "law.toml")


def judged(law: Law, **facts: Any) -> StreamFinding:
    """A person by one evaluator, who is the same by the other."""
    person = PERSON | facts
    stream = next(one for one in law.on(DAY).streams if one.key == "yt-trial")
    known = {name: (value,) for name, value in person.items() if value is not None or name == "first_language"}
    funds = law.on(DAY).selection.funds
    found = judge_stream(stream, law.streams, StreamFacts(known, law.streams.columns, {}, (0, 0), funds))
    table = pl.DataFrame([person], schema_overrides={"first_language": pl.String, "nominee_noc": pl.String})
    row = streams_frame(table, ["yt-trial"], DAY, law=law, federal=False).row(0, named=True)
    assert row["yt-trial"] is found.answer
    assert (row["yt-2027_low"], row["yt-2027_high"]) == found.points[0].total
    return found


def test_best_of_takes_the_highest_and_its_cap(tmp_path: Path) -> None:
    """Of several places the highest counts, at most the cap; an unknown one is a range."""
    law = law_of(tmp_path, HEAD + ASKS)

    assert judged(law).points[0].total == (10, 10)
    assert judged(law, relative_parent_or_sibling=True).points[0].total == (25, 25)
    assert judged(law, relative_parent_or_sibling=None).points[0].total == (10, 25)
    assert law.streams.grids["yt-2027"].root.maximum == (45, 45)


def test_rows_below_nothing(tmp_path: Path) -> None:
    """A row may take points away."""
    assert judged(law_of(tmp_path, HEAD + ASKS), study_other_province=True).points[0].total == (-30, -30)


def test_the_better_of_two_results(tmp_path: Path) -> None:
    """The better result counts by its points, not by its level, and abilities of two tests are never mixed."""
    law, tests = law_of(tmp_path, HEAD + ASKS), ("listening", "reading", "writing", "speaking")
    english, french = ({f"{language}_{one}": 7 for one in tests} for language in ("english", "french"))

    assert judged(law, **english).points[0].total == (22, 22)
    assert judged(law, **english, **french).points[0].total == (30, 30)
    assert judged(law, **english, french_listening=9, french_reading=9).points[0].total == (22, 22)


def test_a_pass_mark_on_the_sum(tmp_path: Path) -> None:
    """A criterion asks for points: met, not met, or open where the range holds the mark."""
    law = law_of(tmp_path, HEAD + ASKS)

    assert judged(law).answer is False
    assert judged(law, relative_parent_or_sibling=True).answer is True
    assert judged(law, relative_parent_or_sibling=None).answer is None


@pytest.mark.parametrize(
    ("code", "allowed"),
    [
        ("21231", True),
        ("72106", True),
        ("21200", True),
        ("21220", False),
        ("63200", False),
        ("63201", True),
        ("65100", False),
    ],
)
def test_occupations_by_prefix_list_and_exception(tmp_path: Path, code: str, allowed: bool) -> None:
    """Groups and lists add occupations, exceptions take them away, and only the TEER named count."""
    law = law_of(tmp_path, HEAD + ASKS)

    assert judged(law, relative_parent_or_sibling=True, nominee_noc=code).answer is allowed


def test_what_only_the_employer_knows(tmp_path: Path) -> None:
    """It is never met nor missing: the answer says whom to ask."""
    found = judged(law_of(tmp_path, HEAD + ASKS + EMPLOYER), relative_parent_or_sibling=True)

    assert (found.answer, found.missing, found.asks) == (None, (), ("employer",))


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ('list = "trial"', 'list = "trail"', "unknown_list"),
        ("teer = [0, 1, 2, 3]", "teer = [7]", "outside_domain"),
        ('points = "yt-2027"', 'points = "yt-2028"', "unknown_word"),
        ('grids = ["yt-2027"]', 'grids = ["yt-2028"]', "unknown_id"),
        ('province = "YT"', 'province = "QC"', "unknown_word"),
    ],
)
def test_a_wrong_word_is_refused(tmp_path: Path, old: str, new: str, code: str) -> None:
    """Each mistake of a law file is named with its line."""
    with pytest.raises(LawError) as error:
        law_of(tmp_path, (HEAD + ASKS).replace(old, new))

    assert code in [problem.code for problem in error.value.problems]


def test_best_of_needs_two_places(tmp_path: Path) -> None:
    """A leaf has nothing to choose among."""
    with pytest.raises(LawError) as error:
        law_of(tmp_path, (HEAD + ASKS).replace('table = "relative_child"', 'best_of = true\ntable = "relative_child"'))

    assert [problem.code for problem in error.value.problems] == ["wrong_best_of"]


def test_a_stream_that_is_changed(tmp_path: Path) -> None:
    """A file that extends a shipped stream ends its version on that day; the same id must say `replaces`."""
    text = HEAD.partition("[lists.trial]")[0]
    change = """
[streams.sk-ee-2027]
extends = "sk-ee-2026-06-20"
status = "open"

[streams.sk-ee-2027.criteria.points]
at_least = { points = "sk-2026-06-20", value = 65 }
"""
    law = law_of(tmp_path, text + change)
    (before,) = [one for one in law.on(date(2026, 12, 31)).streams if one.key == "sk-ee"]
    (after,) = [one for one in law.on(DAY).streams if one.key == "sk-ee"]

    assert (before.id, before.until, before.pass_mark) == ("sk-ee-2026-06-20", DAY, 60)
    assert (after.id, after.pass_mark, after.status, after.user) == ("sk-ee-2027", 65, "open", True)
    assert law.user
    assert law.user_days == (DAY,)
    assert rehearse(law) == 2
    assert law.on(DAY).streams_digest != load_law().on(DAY).streams_digest
    assert law.on(DAY).digest == load_law().on(DAY).digest
    with pytest.raises(LawError):
        law_of(tmp_path, text + change.replace("sk-ee-2027", "sk-ee-2026-06-20"))


def test_added_streams_are_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On the day on which an added stream begins each person is judged by it; what cannot be judged is said."""
    law = law_of(tmp_path, HEAD + ASKS + EMPLOYER)
    judged: list[str] = []

    def judge(found: Assessment) -> list[StreamFinding]:
        judged.extend(one.stream.id for one in assess_streams(found) if one.stream.user)
        raise LawError(Problem("of_a_stream", "yt-trial", same("a rule"), same("a fix")))

    monkeypatch.setattr("expressentry.assess.rehearse.assess_streams", judge)
    with pytest.raises(LawError) as error:
        rehearse(law)
    assert law.user_days == (DAY,)
    assert judged == ["yt-trial", "yt-trial"]
    assert [problem.code for problem in error.value.problems] == ["of_a_stream", "of_a_stream"]


def test_a_paused_stream_stays_paused(tmp_path: Path) -> None:
    """A version that extends another has its status unless it says otherwise, and cites its own instrument."""
    text = HEAD.partition("[lists.trial]")[0]
    change = """
[streams.sk-ee-2027]
extends = "sk-ee-2026-06-20"

[streams.sk-ee-2027.criteria.points]
at_least = { points = "sk-2026-06-20", value = 65 }
"""
    (after,) = [one for one in law_of(tmp_path, text + change).on(DAY).streams if one.key == "sk-ee"]
    cites = {one.id: one.cite.instrument.id for one in after.criteria}

    assert after.status == "paused"
    assert cites["points"] == "yt-trial"
    assert "yt-trial" not in {cites[name] for name in cites if name != "points"}


@pytest.mark.parametrize("page", ["write-a-stream.md", "write-a-stream.fr.md"])
def test_the_page_shows_the_example(page: str) -> None:
    """Every excerpt of the page is in the whole file, and the page names every word that streams brought."""
    text, example = (ROOT / "docs/how-to" / page).read_text(encoding="utf-8"), EXAMPLE.read_text(encoding="utf-8")
    excerpts = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)

    assert [part for one in excerpts for part in one.strip().split("\n\n") if part not in example] == []
    assert len(excerpts) >= 8 or page.endswith(".fr.md")
    for word in ("best_of", "-40", "at_least", "except", "groups", "list", "ask", "extends", "replaces"):
        assert word in text


@pytest.mark.parametrize(
    ("facts", "points"),
    [
        ({}, 10),
        ({"relative_child": False, "relative_parent_or_sibling": True}, 25),
        ({"relative_parent_or_sibling": True}, 25),
        ({"relative_child": False, **{f"english_{one}": 7 for one in TESTS}}, 12),
        ({"relative_child": False, **{f"{two}_{one}": 7 for two in ("english", "french") for one in TESTS}}, 20),
        ({"relative_child": False, "study_other_province": True}, -40),
    ],
)
def test_the_figures_of_the_page(facts: dict[str, Any], points: int) -> None:
    """What the page says of each word is what both evaluators give."""
    assert judged(load_law(EXAMPLE), **facts).points[0].total == (points, points)


@pytest.mark.parametrize("row", re.findall(r"^\| (\d{5}) \| (yes|no) \|", PAGE, re.MULTILINE))
def test_the_occupations_of_the_page(row: tuple[str, str]) -> None:
    """So is its table of occupations."""
    code, met = row
    found = {one.criterion.id: one.answer for one in judged(load_law(EXAMPLE), nominee_noc=code).findings}

    assert found["occupation"] is (met == "yes")
    assert found["staff"] is None
