"""Answers as typed, in any order: the questions they lead to, the profile they make, and a file as answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.law.load import load_law
from expressentry.profile.interview import Interview
from expressentry.profile.interview.answers_by_id import ask, may_be_unsaid, misplaced, typed_of, without_entry
from expressentry.profile.read import read_profile
from tests.often import often
from tests.profiles import dated_facts

ONE_TEST = {
    "person.birth_date": "1993-04-12",
    "person.lives_in": "IN",
    "person.tests[1]?": "yes",
    "person.tests[1].test": "celpip",
    "person.tests[1].taken_on": "2026-01-17",
    "person.tests[1].results_on": "2026-01-30",
    "person.tests[1].listening": "9",
}
MAY_BE_UNSAID = (
    "intent.quebec",
    "person.status[1]?",
    "partner.status[1]?",
    "person.lives_in",
    "partner.birth_date",
    "person.work[1].full_time_student",
)


class TestAsking:
    """The questions that answers lead to."""

    def test_same_questions_as_the_terminal(self) -> None:
        """The first open question is the one that the interview of the command line asks next."""
        asked = ask(ONE_TEST)
        interview = Interview()
        for step in asked.steps[:-1]:
            interview.take(_value(step, ONE_TEST))

        assert asked.open is not None
        assert interview.step is not None
        assert asked.open.id == interview.step.id == "person.tests[1].reading"

    def test_order_does_not_count(self) -> None:
        """The same answers in another order ask the same."""
        assert ask(dict(reversed(ONE_TEST.items()))).steps == ask(ONE_TEST).steps

    def test_whole(self) -> None:
        """Past the open question everything is shown that an unanswered list does not hide."""
        ids = [step.id for step in ask(ONE_TEST, complete=True).steps]

        assert ids[-1] == "provinces[1]?"
        assert "person.tests[1].speaking" in ids
        assert "person.work[1].from" not in ids

    @pytest.mark.parametrize("typed", ["", "perhaps"])
    def test_a_gate_without_an_answer_says_nothing(self, typed: str) -> None:
        """A question whether there is something is open until it is answered, and its list is unknown, not empty."""
        asked = ask({**ONE_TEST, "person.tests[1]?": typed}, complete=True)

        assert "tests" not in asked.facts["person"]
        assert "person.tests" in [problem.field for problem in asked.problems]
        assert not may_be_unsaid(asked)
        assert typed or (asked.open is not None and asked.open.id == "person.tests[1]?")

    def test_another_without_an_answer(self) -> None:
        """So is the question for another one, and what there is stays."""
        asked = ask({**ONE_TEST, "person.tests[2]?": ""}, complete=True)

        assert len(asked.facts["person"]["tests"]) == 1
        assert "person.tests[2]?" in [step.id for step in asked.steps if not asked.answered(step)]

    def test_a_choice_left_alone_is_no_answer(self) -> None:
        """An empty answer is one where the question says what it means, and never at buttons or in a list."""
        job = {"person.work[1]?": "yes", "person.work[1].worked_in": "CA"}
        empty = {step.id: "" for step in ask(job, complete=True).steps if step.id.startswith("person.work[1].")}
        asked = ask({**empty, **job}, complete=True)
        left = [step.id.rpartition(".")[2] for step in asked.steps if step.id in empty and asked.answered(step)]

        assert left == ["to", "worked_in", "employer"]
        known = ask({**empty, **job, "person.work[1].full_time_student": "unknown"}, complete=True)
        assert "person.work[1].full_time_student" in [one.id for one in known.steps if known.answered(one)]

    def test_a_no_keeps_what_was_behind_it(self) -> None:
        """An answer taken back hides what follows from it, and a yes brings it back as it was."""
        no = {**ONE_TEST, "person.tests[1]?": "no"}

        assert ask(no, complete=True).facts["person"]["tests"] == []
        assert ask({**no, "person.tests[1]?": "yes"}).facts == ask(ONE_TEST).facts


def _value(step: Any, typed: dict[str, str]) -> Any:
    from expressentry.profile.interview.answers import value_of

    return value_of(step.ask, typed[step.id])


class TestProblems:
    """What is wrong, and where."""

    def test_of_one_answer(self) -> None:
        """An answer that cannot be beside the others is wrong where it was given."""
        wrong = {**ONE_TEST, "person.tests[1].results_on": "2025-01-30"}

        assert list(misplaced(ask(wrong))) == ["person.tests[1].results_on"]

    def test_gate(self) -> None:
        """A gate takes yes or no and nothing else."""
        assert list(misplaced(ask({**ONE_TEST, "person.tests[1]?": "neither"}))) == ["person.tests[1]?"]

    def test_all_at_once(self) -> None:
        """Every problem stands under the question it belongs to; open questions have none."""
        wrong = {**ONE_TEST, "person.birth_date": "12 April", "person.tests[1].listening": "x"}

        assert list(misplaced(ask(wrong))) == ["person.birth_date", "person.tests[1].listening"]
        assert misplaced(ask(ONE_TEST)) == {}


class TestEntries:
    """Taking an entry of a list away."""

    def test_later_ones_move_up(self) -> None:
        """The entries after the one taken away are numbered anew, and those before it stay."""
        typed = {"person.work[1]?": "yes", "person.work[1].from": "a", "person.work[2]?": "yes"}
        typed |= {"person.work[2].from": "b", "person.work[3]?": "no", "person.tests[1]?": "no"}

        assert without_entry(typed, "person.work[1]") == {
            "person.work[1]?": "yes",
            "person.work[1].from": "b",
            "person.work[2]?": "no",
            "person.tests[1]?": "no",
        }

    def test_the_partner_is_another(self) -> None:
        """Jobs of the partner are not those of the person."""
        typed = {"partner.work[1].from": "a", "person.work[1].from": "b"}

        assert without_entry(typed, "person.work[1]") == {"partner.work[1].from": "a"}


class TestFiles:
    """A profile as answers."""

    @given(facts=dated_facts())
    @settings(max_examples=often(20))
    def test_round_trip(self, facts: dict[str, Any]) -> None:
        """Any profile as answers, with what no question asks for beside them, is the same profile again."""
        typed, left = typed_of(facts)
        asked = ask(typed, extra=left)

        assert asked.open is None or asked.open.id in MAY_BE_UNSAID
        assert asked.open is not None or read_profile(asked.facts) == read_profile(facts)

    @given(typed=st.dictionaries(st.sampled_from([*ONE_TEST, "partner?", "funds[1]?"]), st.text(max_size=12)))
    def test_any_text(self, typed: dict[str, str]) -> None:
        """Whatever is typed, there are questions and problems, and never a failure."""
        asked = ask(typed, complete=True)

        assert asked.steps
        assert set(misplaced(asked)) <= {step.id for step in asked.steps}


@pytest.mark.parametrize("path", [("nowhere", 0, "note"), ("person", "tests", 8, "test"), ("person", "tests", "x")])
def test_left_without_a_table(path: tuple[str | int, ...]) -> None:
    """A fact whose table is gone is left out, and breaks nothing."""
    assert ask(ONE_TEST, extra=[(path, "x")]).facts == ask(ONE_TEST).facts


class TestAddedLaw:
    """What is asked is asked by the law of the user."""

    def test_relief(self, tmp_path: Path) -> None:
        """Months of the relief are asked of study that ended after the relief began, by the shipped law and another."""
        file = tmp_path / "relief.toml"
        file.write_text(
            """
[evidence.study_relief_first]
from = 2015-01-01
value = 2019-01-01
instrument = "mi-2015-01-01"
place = { en = "invented", fr = "inventé" }
""",
            encoding="utf-8",
        )
        first = "person.credentials[1]"
        typed = {"person.credentials[1]?": "yes", f"{first}.level": "two_year", f"{first}.country": "CA"}
        typed |= {f"{first}.completed_on": "2019-05-05", f"{first}.study?": "yes"}
        asked = {one.id for one in ask(typed, load_law(file), complete=True).steps}
        shipped = {one.id for one in ask(typed, complete=True).steps}

        assert asked - shipped == {f"{first}.study.relief_months"}
