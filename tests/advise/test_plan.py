"""Plans: equal to brute force, dominated only with proof, caps named, targets only where they can be entered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import Step, moves_of, possible_steps
from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import Plans, plan
from expressentry.advise.plan.target import entered, like, may_enter, nominee
from expressentry.advise.plan.trial import Plan, combinations_of, dominated, scored, try_all
from expressentry.assess.person.explain import total
from expressentry.assess.person.readings import assess_profile
from expressentry.cli import run
from expressentry.errors import UsageError
from expressentry.factors.check import read_factors
from expressentry.law.load import load_law
from expressentry.present.text.steps import remarks
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.rounds.load import load_record
from tests.often import often
from tests.people import people
from tests.profiles import DAY, dated_profiles, days, degree, here, job, made, partner, permit, report

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples/people"
NAMES = ("couple", "electrician", "engineer", "graduate", "nurse")
D = date
WORKER = made(
    tests=[report(D(2026, 2, 1), 8, 8, 8, 8)],
    credentials=[degree("three_year", D(2015, 6, 1), D(2026, 1, 1))],
    work=[job(D(2016, 1, 1), D(2025, 12, 31)), here(D(2026, 1, 5))],
    status=[permit(D(2026, 1, 1))],
)


def example(name: str) -> Profile:
    """One of the examples, read."""
    return read_profile(FOLDER / f"{name}.toml")


def some(profile: Profile, start: date, chance: Any, count: int) -> tuple[PlanningCase, list[Step]]:
    """A few of the moves that a profile can make."""
    case = PlanningCase(profile, start, load_law())
    found = [one for one in possible_steps(case, moves_of(profile))[0] if not one.move.alone]
    return case, [found[n] for n in sorted(chance.sample(range(len(found)), min(count, len(found))))]


def brute(profile: Profile, start: date, found: Sequence[Step], size: int) -> dict[tuple[str, ...], tuple[int, date]]:
    """Every combination without a contradiction, one after the other, by the one-person path."""
    answer = {}
    for n in range(size + 1):
        for chosen in combinations(found, n):
            if any(one.move.conflicts_with(other.move) for one, other in combinations(chosen, 2)):
                continue
            changed, ready = profile, start
            for option in chosen:
                changed, ready = option.apply(changed), max(ready, option.ready_on)
            score = assess_profile(changed, ready).totals[0]
            answer[tuple(option.move.id for option in chosen)] = (score, ready)
    return answer


def check_against_brute_force(profile: Profile, start: date, chance: Any, count: int, size: int) -> None:
    """Tried plans have the scores of the one-person path, and what was left out is matched by something tried."""
    case, found = some(profile, start, chance, count)
    tried = try_all(case, found, size)
    known = {one.moves: (one.crs, one.ready_on) for one in tried.plans}
    expected = brute(profile, start, found, size)

    assert known.items() <= expected.items()
    assert len(expected) == len(known) + tried.dominated
    assert tried.combinations == len(known) - 1 + tried.dominated + tried.contradictory
    for moves, figures in expected.items():
        smaller = [known[one] for n in range(len(moves) + 1) for one in combinations(moves, n) if one in known]
        assert figures in smaller
    assert max(crs for crs, _ in known.values()) == max(crs for crs, _ in expected.values())


class TestBruteForce:
    """The frame against a loop over one person."""

    @pytest.mark.parametrize("name", NAMES)
    def test_examples(self, name: str) -> None:
        """Five moves of each example, up to three at a time."""
        import random

        check_against_brute_force(example(name), DAY, random.Random(5), 6, 3)

    @given(dated_profiles(), days(date(2024, 1, 1), date(2029, 1, 1)), st.randoms(use_true_random=False))
    @settings(max_examples=often(25))
    def test_any_profile(self, profile: Profile, start: date, chance: Any) -> None:
        """Any few moves of any profile, two at a time."""
        check_against_brute_force(profile, start, chance, 5, 2)

    @pytest.mark.long
    @given(dated_profiles(), days(date(2018, 1, 1), date(2029, 1, 1)), st.randoms(use_true_random=False))
    @settings(max_examples=100)
    def test_any_profile_longer(self, profile: Profile, start: date, chance: Any) -> None:
        """The same with more of everything."""
        check_against_brute_force(profile, start, chance, 6, 3)


class TestDominated:
    """Nothing is left out without proof."""

    @pytest.mark.parametrize("name", NAMES)
    def test_the_very_profile_of_a_smaller_one(self, name: str) -> None:
        """A dominated combination has the very profile and day of itself without one of its moves."""
        case = PlanningCase(example(name), DAY, load_law())
        found = [one for one in possible_steps(case, moves_of(case.profile))[0] if not one.move.alone]
        seen = 0
        for chosen in combinations(found, 2):
            if any(one.move.conflicts_with(other.move) for one, other in combinations(chosen, 2)) or not dominated(
                case, chosen
            ):
                continue
            seen += 1
            whole, ready = _made(case, chosen)
            assert any(_made(case, [one]) == (whole, ready) for one in chosen)

        assert seen > 0

    def test_moves_that_are_alone_change_no_fact(self) -> None:
        """A move that is never combined gives the very profile it was given."""
        case = PlanningCase(example("couple"), DAY, load_law())
        alone = [one for one in possible_steps(case, moves_of(case.profile))[0] if one.move.alone]

        assert {one.move.id for one in alone} == {"wait_birthday", "resubmit"}
        assert all(one.apply(case.profile) is case.profile for one in alone)


def _made(case: PlanningCase, chosen: Sequence[Step]) -> tuple[Profile, date]:
    profile = case.profile
    for option in chosen:
        profile = option.apply(profile)
    return profile, max(option.ready_on for option in chosen)


class TestFront:
    """The best plans."""

    @pytest.mark.parametrize("name", NAMES)
    def test_nothing_beats_it(self, name: str) -> None:
        """No good plan tried is as good in all three of points, day and number of moves, and better in one.

        A plan that leaves the person eligible for no program is not good.
        """
        found = plan(example(name), DAY, PlanRequest(size=3))
        good = [one for one in found.trial.plans if one.eligible is not False]
        keys = [(-one.crs, one.ready_on, len(one.steps)) for one in good]
        front = {(-one.plan.crs, one.plan.ready_on, len(one.plan.steps)) for one in found.front}
        unbeaten = {key for key in set(keys) if not any(other != key and _as_good(other, key) for other in set(keys))}

        assert front == unbeaten
        assert found.best.crs == max(one.crs for one in good)
        assert found.tried == len(found.trial.plans) - 1
        assert (found.front[0].plan is found.now) is (found.now.eligible is not False)

    def test_793(self) -> None:
        """Twelve moves that do not exclude each other make 793 combinations of up to four, all of them tried."""
        only = [
            *(f"english_{ability}_up" for ability in ("listening", "reading", "writing", "speaking")),
            *("french_7", "nomination", "certificate", "swap", "partner_stays", "second_credential"),
            *("canadian_work_1", "masters_at_home"),
        ]
        found = plan(example("couple"), DAY, PlanRequest(only=only))

        assert found.trial.combinations == 793
        assert found.tried == 793 - found.trial.contradictory
        assert found.trial.dominated == 0

    def test_by(self) -> None:
        """Nothing is done after the day given, and a move that would be is set aside with its day."""
        found = plan(WORKER, DAY, PlanRequest(by=D(2027, 1, 31)))

        assert max(one.ready_on for one in found.trial.plans) <= D(2027, 1, 31)
        assert "it would be done only on 2027-03-30" in {
            one.reason.en for one in found.excluded if one.move.id == "nomination"
        }

    def test_with_without_and_own_days(self) -> None:
        """Moves asked for are in every plan, moves left out in none; one's own duration moves the day."""
        found = plan(
            WORKER, DAY, PlanRequest(size=2, needed=["nomination"], without=["french_9"], days={"nomination": 10})
        )

        assert all("nomination" in one.plan.moves for one in found.front)
        assert not any("french_9" in one.moves for one in found.trial.plans)
        assert found.front[0].plan.ready_on == D(2026, 10, 11)

    def test_readings_rank_by_the_lowest(self) -> None:
        """Where the law is open a plan has a range, and counts with its lowest score."""
        now = plan(example("graduate"), DAY, PlanRequest(size=1)).now

        assert (now.crs, now.crs_high) == (464, 475)


def _as_good(one: tuple[int, date, int], other: tuple[int, date, int]) -> bool:
    return one[0] <= other[0] and one[1] <= other[1] and one[2] <= other[2]


class TestAlone:
    """What each move pays, and which cap takes it."""

    def pays(self, found: Plans, name: str) -> tuple[int, dict[str, int], str]:
        """The points, what caps took, and the reason."""
        one = next(one for one in found.effects if one.step.move.id == name)
        return one.gain, {cap.id: cap.taken for cap in one.caps}, one.why.en if one.why else ""

    def test_by_hand(self) -> None:
        """English to 9 in all four: 4 × (31 − 23), education with it 25 for 13; foreign work with it is capped."""
        paid, taken, _ = self.pays(plan(WORKER, DAY, PlanRequest(size=1)), "english_9")

        assert (paid, taken) == (4 * (31 - 23) + (25 - 13), {"transferability.foreign_work": 25})

    def test_a_cap_takes_all(self) -> None:
        """With a nomination the additional points are full: French pays no bonus, and the cap is named."""
        nominee_ = made(
            tests=[report(D(2026, 2, 1), 9), report(D(2026, 2, 1), 300, 200, 300, 300, test="tef")],
            nominations=[{"kind": "enhanced", "province": "ON", "accepted_on": D(2026, 1, 1)}],
            credentials=[degree("three_year", D(2015, 6, 1), D(2026, 1, 1))],
        )
        paid, taken, why = self.pays(plan(nominee_, DAY, PlanRequest(size=1)), "study_one_year")

        assert (paid, taken, why) == (8 + 25, {"additional": 15}, "")

    def test_why_nothing(self) -> None:
        """A cap that takes everything, a table that pays the same, a fact that no grid reads: each is said."""
        found = plan(WORKER, DAY, PlanRequest(size=1))
        full = made(work=[job(D(2020, 1, 1), D(2023, 12, 31))], tests=[report(D(2026, 2, 1), 9)])

        assert self.pays(found, "resubmit")[2] == "changes nothing that gives points on that day"
        assert "Foreign work experience" in self.pays(plan(full, DAY, PlanRequest(size=1)), "foreign_work_1")[2]

    def test_a_cap_named_when_it_pays_nothing(self) -> None:
        """With a nomination and a master's a program in Canada pays nothing: the additional points are full."""
        nominee_ = made(
            credentials=[degree("masters", D(2015, 6, 1), D(2026, 1, 1))],
            nominations=[{"kind": "enhanced", "province": "ON", "accepted_on": D(2026, 1, 1)}],
        )
        paid, taken, why = self.pays(plan(nominee_, DAY, PlanRequest(size=1)), "study_one_year")

        assert (paid, taken) == (0, {"additional": 15})
        assert why == "maximum reached: Additional points (at most 600)"

    def test_what_hurts_is_named(self) -> None:
        """A birthday costs points, and the place is named."""
        one = next(
            one
            for one in plan(example("engineer"), DAY, PlanRequest(size=1)).effects
            if one.step.move.id == "wait_birthday"
        )

        assert one.gain < 0
        assert ("core.age", one.gain) in [(line.id, change) for line, change in one.lines]


class TestTargets:
    """Ways to a score or into a round."""

    def test_score(self) -> None:
        """Each way reaches the score, none has a move too many, the cheapest is first."""
        found = plan(WORKER, DAY, PlanRequest(size=3, target=500))
        costs = [sum(way.plan.cost_cad) for way in found.options_to_target]

        assert found.options_to_target
        assert all(way.plan.crs >= 500 for way in found.options_to_target)
        assert costs == sorted(costs)
        for one, other in combinations(found.options_to_target, 2):
            assert not set(one.plan.moves) <= set(other.plan.moves)
        reached = [one for one in found.trial.plans if one.crs >= 500 and one.eligible is not False]
        assert costs[0] == min(sum(one.cost_cad) for one in reached)

    def test_a_nominee_enters_only_as_one(self) -> None:
        """However high the score, a nomination is no way into a round for a category."""
        found = plan(example("couple"), DAY, PlanRequest(size=3, series="trades"))

        assert found.target is not None
        assert found.target.cutoff == 476
        assert found.options_to_target
        assert not any("nomination" in way.plan.moves for way in found.options_to_target)

    def test_round(self) -> None:
        """A round by its number; reached by everyone where the score is enough already."""
        record = load_record()
        found = plan(example("nurse"), DAY, PlanRequest(size=1, round_number="447"), record=record)
        now = plan(example("engineer"), DAY, PlanRequest(size=1, target=400))

        assert found.target is not None
        assert found.target.round is record.round("447")
        assert found.options_to_target == ()
        assert [way.plan.moves for way in now.options_to_target] == [()]

    @pytest.mark.parametrize("name", NAMES)
    def test_the_frame_lets_in_whom_the_rule_lets_in(self, name: str) -> None:
        """For plans and rounds of every kind the quick answer is that of the rule of rounds."""
        record, case = load_record(), PlanningCase(example(name), DAY, load_law())
        found = [one for one in possible_steps(case, moves_of(case.profile))[0] if not one.move.alone]
        plans = scored(case, [one for one in combinations_of(case, found, 2) if one is not None][::9])
        kinds = {(one.type, one.category): one for one in record if one.date >= D(2023, 1, 1)}
        for one in kinds.values():
            for each in plans:
                assert (
                    may_enter(like(one, each.ready_on, case), each, nominee(case, each)) is entered(case, each, one)[0]
                )


class TestMore:
    """More is never less, other things equal."""

    @given(st.sampled_from(people(300, seed=11)), st.data())
    @settings(max_examples=often(200))
    def test_points_never_fall(self, person: dict[str, Any], data: st.DataObject) -> None:
        """With a higher level of a language, more years that count or a higher credential, in either order."""
        grid = load_law().grid("crs-2025-03-25")
        facts = {name: person.get(name) for name in grid.inputs}
        rising = [
            name
            for name, column in grid.inputs.items()
            if column.ordered and name != "age" and facts[name] is not None and facts[name] != column.values[-1]
        ]
        name = data.draw(st.sampled_from(rising))
        values = grid.inputs[name].values
        higher = data.draw(st.sampled_from(values[values.index(facts[name]) + 1 :]))
        before, after = (read_factors(one, grid).codes for one in (facts, {**facts, name: higher}))

        for order in grid.columns.orders:
            assert total(grid, after, order) >= total(grid, before, order)

    def test_for_a_profile_too(self) -> None:
        """A person of dated facts with a better test, or more of what counts, never has less on the same day."""
        found = plan(WORKER, DAY, PlanRequest(size=1))
        more = ("ability", "floor", "assessment", "certificate", "nomination", "degree")
        paid = [one.gain for one in found.effects if one.step.move.kind in more]

        assert paid
        assert min(paid) >= 0


class TestMisuse:
    """Everything that is wrong, at once, in both languages."""

    def test_all_at_once(self) -> None:
        """A target too high, a round that is not, a day in the past, a name misspelt."""
        with pytest.raises(UsageError) as caught:
            plan(
                WORKER,
                DAY,
                PlanRequest(target=1201, round_number="9999", by=D(2026, 10, 1), size=0, without=["nominaton"]),
            )

        codes = [problem.code for problem in caught.value.problems]
        assert codes == [
            "two_targets",
            "out_of_range",
            "unknown_round",
            "out_of_range",
            "day_in_the_past",
            "unknown_move",
        ]
        assert "Did you mean nomination?" in caught.value.say("en")
        assert "Vouliez-vous dire nomination?" in caught.value.say("fr")

    def test_contradictions(self) -> None:
        """Moves that the profile rules out, or that exclude each other, are refused with the reason."""
        with pytest.raises(UsageError) as caught:
            plan(WORKER, DAY, PlanRequest(needed=["swap", "canadian_work_1", "study_masters", "resubmit"]))

        said = caught.value.say("en")
        assert [problem.code for problem in caught.value.problems] == ["impossible_move"] * 2 + ["contradiction"]
        assert "you have no partner" in said
        assert "canadian-work-1, study-masters" in said

    def test_a_move_too_many(self) -> None:
        """Moves asked for of which one adds nothing to the others make no plan, and that is said."""
        with pytest.raises(UsageError, match="adds nothing"):
            plan(WORKER, DAY, PlanRequest(size=2, needed=["french_5", "french_9"]))

    def test_too_many(self) -> None:
        """There is a limit on the combinations, and more than a size cannot be asked for."""
        with pytest.raises(UsageError, match="100000"):
            plan(example("couple"), DAY, PlanRequest(size=6))
        with pytest.raises(UsageError, match="more steps than"):
            plan(WORKER, DAY, PlanRequest(size=1, needed=["nomination", "english_9"]))

    def test_types(self) -> None:
        """A type that is none, and one of which no round was held by that day."""
        with pytest.raises(UsageError, match="not a type or category"):
            plan(WORKER, DAY, PlanRequest(series="stemm"))
        with pytest.raises(UsageError, match="there was no such round by"):
            plan(WORKER, D(2022, 1, 1), PlanRequest(series="stem"))


class TestCommand:
    """`expressentry plan`."""

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys that scripts rely on."""
        words = ["plan", str(FOLDER / "couple.toml"), "--on", "2026-10-01", "--size", "2", "--format", "json"]
        assert run([*words, "--target", "480"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert answer["tried"] == answer["combinations"] - answer["contradictory"] - answer["dominated"]
        assert answer["front"][0] | {"equal": []} == {
            "moves": [],
            "crs": 359,
            "crs_high": 359,
            "ready_on": "2026-10-01",
            "cost_cad": [0, 0],
            "eligible": "met",
            "missing": [],
            "current": True,
            "equal": [],
        }
        assert answer["front"][1]["moves"] == ["swap"]
        assert answer["goal"] == {"crs": 480, "round": None, "reached_now": False}
        assert answer["ways"][0]["moves"] == ["swap"]
        # The law of 3 November 2026 is not established: plans ready after it say so.
        assert [one["current"] for one in answer["front"]] == [
            one["ready_on"] < "2026-11-03" for one in answer["front"]
        ]
        assert answer["law"]["established"] is False
        assert all(len(one["moves"]) <= 2 for one in answer["front"])

    def test_text_names_the_caps(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The answer first; a move that a cap stops says which; French too."""
        words = ["plan", str(FOLDER / "couple.toml"), "--on", "2026-10-01", "--size", "1"]
        assert run(words) == 0
        english = " ".join(capsys.readouterr().out.split())
        assert run([*words, "--also", "partner-stays", "--lang", "fr"]) == 0
        french = capsys.readouterr().out

        assert english.startswith("CRS 359 points now")
        assert "the maximum of 600 for Additional points takes away 15" in english
        assert "Ce doit être vrai. Le déclarer d'un conjoint qui viendra est une fausse déclaration." in " ".join(
            french.split()
        )

    def test_misuse(self, capsys: pytest.CaptureFixture[str]) -> None:
        """What is wrong goes to standard error with exit status 2; a file of factors has no future."""
        assert run(["plan", str(FOLDER / "couple.toml"), "--assume", "swap=soon"]) == 2
        assert run(["plan", str(FOLDER / "couple.toml"), "--target", "1300"]) == 2
        assert run(["plan", str(ROOT / "examples/engineer.toml")]) == 2
        told = capsys.readouterr()

        assert told.out == ""
        assert "1200" in told.err


def test_partner_who_stays_frees_the_single_columns() -> None:
    """A partner with nothing costs points: without them the columns of a person alone pay more."""
    couple = made(tests=[report(D(2026, 2, 1), 9)], partner=partner())
    one = next(
        one
        for one in plan(couple, DAY, PlanRequest(size=1, also=["partner-stays"])).effects
        if one.step.move.id == "partner_stays"
    )

    assert one.gain == 4 * (31 - 29) + (88 - 80)


def test_plan_is_frozen() -> None:
    """An answer is not changed after the fact."""
    found: Plan = plan(WORKER, DAY, PlanRequest(size=1)).now
    with pytest.raises(AttributeError):
        found.crs = 0  # type: ignore[misc]


class TestTooLate:
    """A step that is done when time has taken the only program is said to come too late."""

    ALMOST = made(
        birth_date=D(1989, 12, 5),
        tests=[report(D(2026, 2, 1), 8, 8, 8, 8), report(D(2026, 2, 1), 369, 375, 6, 6, test="tcf")],
        credentials=[degree("three_year", D(2014, 6, 30), D(2024, 5, 1))],
        work=[job(D(2024, 6, 1))],
        status=[],
        funds=[{"on": D(2026, 8, 1), "amount_cad": 15_263}],
        intent={"quebec": False},
    )
    """67 points of 67, and 66 from 5 December 2026 on: better French adds points of the score, and none of the 67."""

    def test_which_steps(self) -> None:
        """A nomination and French come after the birthday and keep no program; English of level 9 opens it again."""
        only = PlanRequest(size=1, only=["nomination", "french_7", "english_9", "wait_birthday"])
        found = {one.step.move.id: one for one in plan(self.ALMOST, DAY, only).effects}

        assert {id_: (one.opens, one.closes, one.lapses) for id_, one in found.items()} == {
            "nomination": ((), (), ("fsw",)),
            "french_7": ((), (), ("fsw",)),
            "english_9": (("fsw",), (), ()),
            "wait_birthday": ((), ("fsw",), ()),
        }
        for id_ in ("nomination", "french_7"):
            said = remarks(found[id_], load_law().on(DAY))[0]
            assert said.en.startswith("by then you are no longer eligible: Federal Skilled Worker")
            assert said.fr.startswith("d'ici là, vous n'êtes plus admissible : Travailleurs qualifiés (fédéral)")

    def test_never_of_a_person_who_is_not_eligible(self) -> None:
        """Who is not eligible on the first day loses nothing by waiting."""
        short = self.ALMOST.model_copy(update={"funds": ()})

        assert not any(one.lapses for one in plan(short, D(2026, 12, 6), PlanRequest(size=1)).effects)
