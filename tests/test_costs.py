"""No profile within the schema costs more than some seconds and some megabytes, whatever is asked about it.

What is counted is the work done (pieces of the profile read), the same on every machine. Processor time and memory are
those of a process of its own, with a wide margin: without a limit each of these takes minutes or gigabytes.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, target
from hypothesis import strategies as st

from expressentry.advise.plan import search
from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.timeline import days
from expressentry.answers.clients import answered_row
from expressentry.assess.person.readings import Assessor, assess_profile
from expressentry.errors import MOST_LISTED, FactorsError
from expressentry.factors.check import read_factors
from expressentry.factors.derive import combine
from expressentry.factors.derive.days import Prepared
from expressentry.law.load import load_law
from expressentry.occupations.search import search as search_occupations
from expressentry.pool.acts.scorer import LawScorer
from expressentry.profile.read import read_document, read_profile
from expressentry.rounds import replay as replaying
from expressentry.rounds.load import load_record
from expressentry.suggest import near_miss, suggestion
from expressentry.text import Lang
from tests.costly import costly
from tests.profiles import DAY, facts, here, permit

MIB, ROOT = 1024 * 1024, Path(__file__).parent.parent
_ADDRESS_SPACE, _RESIDENT, _SECONDS = 3000 * MIB, 300, 20
_ASKED = """
import json, sys, time
from datetime import date
from expressentry.profile.read import read_profile
from expressentry.law.load import load_law
from expressentry.rounds.load import load_record
profile, day, record = read_profile(json.loads(sys.stdin.read())), date(2026, 10, 1), load_record()
load_law().on(day)
begun = time.process_time()
match sys.argv[1]:
    case "assess":
        from expressentry.assess.person.readings import assess_profile
        found = assess_profile(profile, day)
        print(found.totals, found.programs, found.categories, file=sys.stderr)
    case "timeline":
        from expressentry.advise.timeline.days import timeline
        timeline(profile, date(2016, 1, 1), date(2035, 12, 31))
    case "plan":
        from expressentry.advise.plan.request import PlanRequest
        from expressentry.advise.plan.search import plan
        plan(profile, day, PlanRequest(size=int(sys.argv[2])))
    case "replay":
        from expressentry.rounds.replay import replay
        replay(profile, record)
# Of this program alone: what `getrusage` tells includes the process that it was split from.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(time.process_time() - begun, int(peak.split()[1]) // 1024)
"""


def _limited() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CPU, (60, 60))


def cost(whole: dict[str, Any], asked: str, size: int = 1) -> tuple[float, int]:
    """The seconds of processor and the MiB that an answer takes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", _ASKED, asked, str(size)],
        input=json.dumps(whole, default=str),
        preexec_fn=_limited,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seconds, mib = done.stdout.split()
    return float(seconds), int(mib)


SHAPES = {
    "small": costly(4),
    "full": costly(60, leaves=6),
    "weeks of other hours": costly(8, weeks=240, with_partner=False),
}


LONG = pytest.mark.long


@pytest.mark.parametrize(
    ("shape", "asked"),
    [
        ("small", "assess"),
        ("small", "plan"),
        ("full", "assess"),
        ("full", "timeline"),
        pytest.param("small", "timeline", marks=LONG),
        pytest.param("full", "replay", marks=LONG),
        pytest.param("weeks of other hours", "timeline", marks=LONG),
    ],
)
def test_a_costly_profile(shape: str, asked: str) -> None:
    """However full and open a profile is, its answer takes seconds and less than 300 MB."""
    seconds, mib = cost(SHAPES[shape], asked)

    assert seconds < _SECONDS
    assert mib < _RESIDENT


@pytest.mark.parametrize("shape", SHAPES)
def test_a_day_reads_so_many_pieces(shape: str) -> None:
    """A day of any profile is worked out in a number of steps that does not grow with its open questions."""
    made = Prepared(read_profile(SHAPES[shape]), load_law())
    found = made.on(DAY)

    heaviest = max(part.cost for part in made.parts)
    assert found.bounded
    assert made.effort.pieces <= len(made.parts) * (combine.MOST_PIECES + 10 * heaviest)


def test_the_pool_scores_and_looks_ahead() -> None:
    """A candidate with a costly profile is scored, with the lowest score, and looked at again on the next day."""
    begun = time.process_time()
    (scored,) = LawScorer().score(SHAPES["small"], DAY, [DAY])

    assert time.process_time() - begun < _SECONDS
    assert not scored.sure
    assert scored.review_on == date(2026, 10, 2)
    assert scored.score.crs == assess_profile(read_profile(SHAPES["small"]), DAY).totals[0]


class TestSaid:
    """Where a limit was reached the answer says so, in both languages."""

    def test_assessment(self) -> None:
        """A range, and why."""
        found = assess_profile(read_profile(SHAPES["small"]), DAY)

        assert found.total is None
        assert found.bounded is not None
        assert "So many questions" in found.bounded.en
        assert "Tant de questions" in found.bounded.fr
        assert assess_profile(read_profile(facts()), DAY).bounded is None

    @pytest.mark.parametrize(("lang", "words"), [("en", "So many questions"), ("fr", "Tant de questions")])
    def test_a_client_among_others(self, lang: Lang, words: str) -> None:
        """In a table of clients the row says that its range is bounded, before what is open."""
        row = answered_row("x", assess_profile(read_profile(SHAPES["small"]), DAY), lang)

        assert row["doubts"].startswith(words)
        assert row["crs"] is None
        assert row["crs_low"] < row["crs_high"]

    def test_timeline(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The last event says from which day on nothing was looked at, and changes nothing."""
        profile = read_profile(facts(work=[here(date(2024, 1, 1))], status=[permit(date(2024, 1, 1))]))
        whole = days.timeline(profile, DAY, "2029-10-01")
        monkeypatch.setattr(days, "MOST_EFFORT", 2000)
        found = days.timeline(profile, DAY, "2029-10-01")

        assert all(cause.kind != "limit" for event in whole for cause in event.causes)
        assert [event.date for event in found[:-1]] == [event.date for event in whole[: len(found) - 1]]
        assert [cause.kind for cause in found[-1].causes] == ["limit"]
        assert found[-1].before == found[-1].after
        assert found[-1].causes[0].text.fr.startswith("non examiné à partir du")

    def test_replay(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The newest rounds are replayed, and the others counted."""
        profile, record = read_profile(SHAPES["small"]), load_record()
        monkeypatch.setattr(replaying, "MOST_EFFORT", 30_000)
        found = replaying.replay(profile, record)

        assert 0 < len(found.rounds) < 20
        assert found.rounds[-1].round is record.rounds[-1]
        assert found.left_out + len(found.rounds) + found.before == len(record.rounds)
        assert found.bounded is not None
        assert found.bounded.fr.startswith("Les ")

    def test_plan(self) -> None:
        """Combinations of few steps are tried first, and the others counted."""
        profile = read_profile(facts(work=[here(date(2024, 1, 1))], status=[permit(date(2024, 1, 1))]))
        wanted = ["nomination", "english_7", "english_9", "french_7"]
        whole = search.plan(profile, DAY, PlanRequest(only=wanted))
        found = search.plan(profile, DAY, PlanRequest(only=wanted, effort=500))

        assert whole.bounded is None
        assert found.now == whole.now
        assert found.trial.left_out > 0
        assert found.trial.left_out + found.tried == whole.tried
        assert [one for one in found.trial.plans if one not in whole.trial.plans] == []
        assert found.bounded is not None


@pytest.mark.parametrize(
    ("count", "more", "size"),
    [
        (30, {}, 1),
        *(pytest.param(60, {"leaves": 6}, n, marks=LONG) for n in (1, 2)),
        pytest.param(30, {}, 2, marks=LONG),
    ],
)
def test_a_plan_has_one_budget(count: int, more: dict[str, Any], size: int) -> None:
    """Whatever part of a plan costs: finding its steps, trying them together, or assessing each by itself."""
    seconds, mib = cost(costly(count, **more), "plan", size)
    usual, _ = cost(read_document(ROOT / "examples/people/couple.toml"), "plan", 4)

    assert seconds < 5 * usual
    assert mib < _RESIDENT


class TestLengths:
    """What is longer than any name is compared with nothing, and what is listed ends."""

    @pytest.mark.parametrize(
        "more",
        [
            {"a" * 250_000: 1},
            {f"{n}" + "canadian_work" * 190: 1 for n in range(100)},
            {f"k{n:05}": 1 for n in range(20_000)},
        ],
        ids=["one long name", "long names", "many names"],
    )
    def test_names_of_factors(self, more: dict[str, Any]) -> None:
        """Long names and many of them are refused at once, each shown cut, so many listed and the rest counted."""
        begun = time.process_time()
        with pytest.raises(FactorsError) as caught:
            read_factors(more, load_law().on(DAY).asked(programs=True))

        assert time.process_time() - begun < 2
        assert len(caught.value.say()) < 30_000
        unknown = [one for one in caught.value.problems if one.code == "unknown_key"]
        assert len(unknown) == min(len(more), MOST_LISTED + 1)

    @pytest.mark.parametrize("length", [201, 240_000])
    def test_suggestions(self, length: int) -> None:
        """A name longer than any is like none."""
        assert suggestion("a" * length, ["age"]) is None
        assert near_miss("age" + " " * length, ["age"]) is None

    def test_sensible_names(self) -> None:
        """Names as people mistype them are known as before."""
        assert suggestion("foriegn_work_years", ["age", "foreign_work_years"]) == "foreign_work_years"
        assert suggestion("celpip-general", ["celpip", "ielts", "tef"]) == "celpip"
        assert suggestion("toefl", ["celpip", "ielts", "tef"]) is None

    @pytest.mark.parametrize("letters", ["q" * 240_000, "sofware " * 30_000, "é" * 100_000])
    def test_a_long_search(self, letters: str) -> None:
        """A search is cut to the length of any title before it is looked up."""
        begun = time.process_time()
        search_occupations(letters)

        assert time.process_time() - begun < 5
        assert search_occupations(letters) == search_occupations(letters[:200])

    def test_employers(self) -> None:
        """Many employers with long names beside many permits are compared quickly."""
        names = ["".join(chr(97 + (n * k + k) % 26) for k in range(198)) for n in range(1, 400)]
        work = [here(date(2021, 2, 1), date(2021, 3, 1), employer=names[n]) for n in range(60)]
        status = [
            permit(date(2021, 2, 1), date(2021, 3, 1), "employer_lmia", employers=names[n * 20 : n * 20 + 20][::-1])
            for n in range(19)
        ]
        begun = time.process_time()
        read_profile(facts(work=work, status=status))
        assert time.process_time() - begun < 5

        work[0]["employer"] = names[300][:-1] + "0"
        with pytest.raises(FactorsError, match=r"work\[1\].employer"):
            read_profile(facts(work=work, status=status))

    def test_a_life_of_leaves(self) -> None:
        """More leaves and weeks than a life of work has are refused, with the limit and what to do."""
        with pytest.raises(FactorsError, match="at most 2000 entries of leave and of varying hours"):
            read_profile(costly(60, leaves=40))


@pytest.mark.parametrize("examples", [pytest.param(60, marks=pytest.mark.long), 1])
def test_the_costliest_that_a_search_finds(examples: int) -> None:
    """A search that drives the cost up finds no profile within the schema that costs more than this."""

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(
        count=st.integers(1, 60),
        leaves=st.integers(0, 16),
        weeks=st.integers(0, 16),
        both=st.booleans(),
        asked=st.sampled_from(("assess", "timeline", "plan", "replay")),
    )
    def costs(count: int, leaves: int, weeks: int, asked: str, *, both: bool) -> None:
        size = 2 if count < 20 else 1
        seconds, mib = cost(costly(count, leaves=leaves, weeks=weeks, with_partner=both), asked, size)
        target(seconds, label=asked)
        assert seconds < _SECONDS
        assert mib < _RESIDENT

    costs()


def test_days_that_share_an_answer_are_assessed_once() -> None:
    """The effort of a day that was asked before is small: nothing is worked out twice within one question."""
    assessor = Assessor(read_profile(facts()))
    assessor.on(DAY)
    once = assessor.effort
    assessor.on(DAY)

    assert assessor.effort - once < once
