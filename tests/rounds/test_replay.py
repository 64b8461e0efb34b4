"""The replay: past rounds under the law of their day, exact at the tie-break; and who may enter a round at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from expressentry import assess_profile, load_record, read_profile, replay
from expressentry.cli import run
from expressentry.profile.model import Profile
from expressentry.rounds.record import Round
from expressentry.rounds.replay import scores
from tests.profiles import dated_facts, degree, here, job, made, permit, report

ROOT = Path(__file__).parents[2]
RECORD = load_record()
STEM = RECORD.round("293")
CEC = next(one for one in RECORD.rounds if one.type == "cec" and one.date.year == 2024)
ENGINEER = read_profile(ROOT / "examples/people/engineer.toml")
EXAMPLES = sorted((ROOT / "examples/people").glob("*.toml"))


def at(*parts: int) -> datetime:
    """An instant in UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def answer(profile: Profile, one: Round, *submitted: datetime) -> tuple[bool | None, str]:
    """What became of a person in one round, and why."""
    found = replay(profile, RECORD, submitted=submitted, rounds=[one]).rounds[0]
    return found.answer, found.reason.en


def skilled(**changes: Any) -> Profile:
    """A skilled worker abroad, eligible on every day after January 2015."""
    usual: dict[str, Any] = {
        "birth_date": date(1988, 5, 1),
        "tests": [report(date(2014 + 2 * n, 12, 20), 9, taken_on=date(2014 + 2 * n, 12, 1)) for n in range(7)],
        "credentials": [degree("masters", date(2010, 6, 1), date(2014, 11, 1)) | {"assessments": ECA}],
        "work": [job(date(2008, 1, 7), noc="21231", noc2021="21231", noc2016="2173")],
        "funds": [{"on": date(2014, 1, 1), "amount_cad": 60_000}],
        "intent": {"quebec": False},
    }
    return made(**{**usual, **changes})


ECA = [{"body": "WES", "on": date(year, 11, 1), "result": "masters"} for year in (2014, 2018, 2022)]


class TestTieBreak:
    """At the cut-off the instant of submission decides, to the second."""

    @pytest.mark.parametrize(
        ("submitted", "invited"),
        [
            (at(2024, 2, 25, 11, 55, 11), True),
            (at(2024, 2, 25, 11, 55, 12), True),
            (at(2024, 2, 25, 11, 55, 13), False),
        ],
    )
    def test_to_the_second(self, submitted: datetime, invited: bool) -> None:
        """Round 293: up to 2024-02-25 11:55:12 UTC at 491 points."""
        assert assess_profile(ENGINEER, STEM.date).totals == (491,)
        assert answer(ENGINEER, STEM, submitted)[0] is invited

    def test_without_an_instant(self) -> None:
        """Without an instant it cannot be told, and what is missing is named."""
        assert answer(ENGINEER, STEM) == (None, "at the cut-off; the instant of submission decides (--submitted)")

    def test_above_and_below_need_none(self) -> None:
        """A point more or less than the cut-off decides alone, with the margin."""
        found = [replay(ENGINEER, RECORD, rounds=[replace(STEM, cutoff=cutoff)]).rounds[0] for cutoff in (490, 492)]

        assert [(one.answer, one.margins) for one in found] == [(True, (1,)), (False, (-1,))]

    @pytest.mark.parametrize(("number", "answers"), [("65", True), ("66", None), ("74", None), ("77", None)])
    def test_before_the_rule(self, number: str, answers: bool | None) -> None:
        """Up to round 65 all at the cut-off were invited; 66 to 76 published no tie-break; then the instant decides."""
        one = RECORD.round(number)
        person = skilled()
        score = assess_profile(person, one.date).first.total

        assert answer(person, replace(one, cutoff=score))[0] is answers
        assert answer(person, replace(one, cutoff=score), at(2017, 1, 1))[0] is (True if number == "77" else answers)


class TestSubmission:
    """A profile is in the pool from its submission for twelve months."""

    def test_not_yet(self) -> None:
        """A profile submitted after the round was not in it."""
        assert answer(ENGINEER, STEM, at(2024, 4, 11, 23, 0, 0)) == (False, "not yet submitted")

    def test_twelve_months(self) -> None:
        """It leaves the pool on the anniversary, at the time of its receipt (s. 4(1)(b)); on that day this is told."""
        lower = replace(STEM, cutoff=400)

        assert answer(ENGINEER, lower, at(2023, 4, 12, 0, 0, 0)) == (True, "91 above the cut-off")
        found, why = answer(ENGINEER, lower, at(2023, 4, 11, 23, 59, 59))
        assert (found, "anniversary" in why) == (True, True)
        for second, answers in ((43, True), (42, False)):  # round 293 was issued at 13:23:42
            assert answer(ENGINEER, lower, at(2023, 4, 11, 13, 23, second))[0] is answers
        assert answer(ENGINEER, lower, at(2023, 4, 10, 23, 59, 59)) == (
            False,
            "the profile had expired after twelve months",
        )

    def test_the_anniversary_of_an_untimed_round(self) -> None:
        """Where the time of the round is not published, the anniversary is open; the day before and after are not."""
        untimed = replace(STEM, at=None, cutoff=400)
        found = [answer(ENGINEER, untimed, at(2023, 4, day, 12, 0, 0))[0] for day in (10, 11, 12)]

        assert found == [False, None, True]

    def test_submitted_again(self) -> None:
        """A later submission revives the profile, with its own stamp."""
        assert answer(ENGINEER, STEM, at(2023, 3, 1), at(2024, 3, 1))[0] is False
        assert answer(ENGINEER, STEM, at(2023, 3, 1), at(2024, 2, 1))[0] is True

    def test_on_the_day_of_an_untimed_round(self) -> None:
        """Where the time of a round is not published, a submission on its day cannot be told."""
        untimed = replace(STEM, at=None, cutoff=400)

        assert answer(ENGINEER, untimed, at(2024, 4, 11, 9, 0, 0))[0] is None
        assert answer(ENGINEER, untimed, at(2024, 4, 10, 9, 0, 0))[0] is True

    def test_not_before_the_facts(self) -> None:
        """Rounds before the first result of a language test are left out, and counted."""
        found = replay(ENGINEER, RECORD)

        assert found.since == date(2023, 2, 3)
        assert all(one.round.date >= date(2023, 2, 3) for one in found.rounds)
        assert found.before + len(found.rounds) == len(RECORD.rounds)
        assert replay(made(), RECORD).rounds == ()


class TestEntry:
    """Who could enter a round at all; a margin is shown for nobody else."""

    def test_a_nominee_only_as_one(self) -> None:
        """A nominee is not in a STEM, French or CEC round, however high the score, but is in rounds of nominees."""
        nominee = skilled(nominations=[{"kind": "enhanced", "province": "ON", "accepted_on": date(2023, 5, 1)}])
        for number in ("254", "291", CEC.number):
            one = RECORD.round(number)
            found = replay(nominee, RECORD, rounds=[one]).rounds[0]
            assert found.answer is False, one.label
            assert found.margins == ()
        pnp = next(one for one in RECORD.rounds if one.type == "pnp" and one.date.year == 2024)
        assert replay(nominee, RECORD, rounds=[pnp]).rounds[0].answer is True
        assert replay(nominee, RECORD, rounds=[RECORD.round("290")]).rounds[0].entry is True  # general: all programs

    def test_a_nominee_before_the_present_words(self) -> None:
        """Before 22 June 2017 a nominee in a round for others cannot be told."""
        nominee = skilled(nominations=[{"kind": "enhanced", "province": "ON", "accepted_on": date(2015, 1, 15)}])
        cec = RECORD.round("3")

        assert replay(nominee, RECORD, rounds=[cec]).rounds[0].entry is None

    def test_a_base_nomination_is_none(self) -> None:
        """A base nomination is outside Express Entry: no 600 points, and no entry into rounds of nominees."""
        base = skilled(nominations=[{"kind": "base", "province": "ON", "accepted_on": date(2023, 5, 1)}])
        pnp = next(one for one in RECORD.rounds if one.type == "pnp" and one.date.year == 2024)

        assert answer(base, pnp) == (False, "invites nominees only")

    def test_programs_of_a_round(self) -> None:
        """A skilled worker abroad is in a round for all programs, and not in one for Canadian experience."""
        person = skilled()

        assert replay(person, RECORD, rounds=[RECORD.round("290")]).rounds[0].entry is True
        assert answer(person, CEC)[1] == "not eligible for a program invited"

    def test_cec_round(self) -> None:
        """A year of authorised skilled work in Canada opens rounds for Canadian experience."""
        work = [here(date(2022, 1, 3), noc2021="21231", noc2016="2173")]
        person = skilled(work=work, status=[permit(date(2021, 12, 1))])

        assert replay(person, RECORD, rounds=[CEC]).rounds[0].entry is True

    def test_version_of_a_category(self) -> None:
        """A round is held to the version of its category; a list of another day cannot be told."""
        later = replace(STEM, date=date(2025, 3, 5), version="v1", at=None)

        assert replay(skilled(), RECORD, rounds=[later]).rounds[0].entry is None
        assert answer(skilled(), replace(later, version="v2"))[1] == "not in the category STEM (version 2)"

    def test_a_missing_fact_is_named(self) -> None:
        """Where a fact is missing the answer is "cannot tell", and says which."""
        unsaid = made(
            birth_date=date(1990, 1, 1),
            tests=[report(date(2023, 5, 1), 10)],
            credentials=[degree("doctoral", date(2015, 1, 1), date(2022, 1, 1))],
            work=[job(date(2016, 1, 4))],
        )

        assert answer(unsaid, replace(STEM, cutoff=300))[0] is None
        assert "Settlement funds" in answer(unsaid, replace(STEM, cutoff=300))[1]
        assert answer(unsaid, replace(STEM, cutoff=900))[0] is False  # far below, whatever is missing

    def test_unknown_type(self) -> None:
        """A round whose type is not known cannot be told."""
        assert answer(ENGINEER, replace(STEM, type="unknown", category=None, version=None, cutoff=300))[0] is None


class TestWhole:
    """A person through every round."""

    @pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
    def test_as_assessed_on_each_day(self, path: Path) -> None:
        """Each round has the scores of its day, and nobody is invited below the cut-off or without entry."""
        profile = read_profile(path)
        found = replay(profile, RECORD)
        for one in found.rounds[::7]:
            assert one.scores == assess_profile(profile, one.round.date).totals
        for one in found.rounds:
            if one.answer:
                assert one.entry is not False
                assert min(one.scores) >= one.round.cutoff
        days = [one.round.date for one in found.rounds]
        first = [one.first.total for one in (assess_profile(profile, day) for day in days[:5])]
        assert [score for _, score in scores(profile, days[:5])] == first

    @settings(max_examples=25)
    @given(facts=dated_facts())
    def test_anyone_through_every_round(self, facts: dict[str, Any]) -> None:
        """Any person of dated facts is answered in every round; an instant of submission only makes more known."""
        profile = read_profile(facts)
        sample = list(RECORD.rounds[::9])
        open_ = replay(profile, RECORD, rounds=sample).rounds
        early = [at(2014, 12, 31) + timedelta(days=360 * n) for n in range(14)]
        stamped = replay(profile, RECORD, rounds=sample, submitted=early).rounds

        for before, after in zip(open_, stamped, strict=True):
            assert before.round == after.round
            assert before.answer is None or after.answer is before.answer

    def test_on_the_command_line(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Rows as an array with the keys that scripts use; a file of factors cannot be replayed."""
        path = str(ROOT / "examples/people/engineer.toml")
        words = ["rounds", "replay", path, "--round", "293", "--on", "2024-04-12", "--format", "json"]
        assert run([*words, "--submitted", "2024-02-26T00:00:00Z"]) == 0
        (row,) = json.loads(capsys.readouterr().out)
        assert (row["number"], row["cutoff"], row["score"], row["margin"]) == ("293", 491, 491, 0)
        assert (row["entry"], row["answer"]) == ("met", "not_invited")

        assert run(["rounds", "replay", str(ROOT / "examples/engineer.toml")]) == 2
        assert "a profile with dates" in capsys.readouterr().err
        assert run([*words, "--submitted", "2024-02-26"]) == 2
        assert run(["rounds", "replay", path, "--round", "9999", "--on", "2024-04-12"]) == 2
