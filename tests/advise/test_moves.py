"""Moves: each one's effect on a person made by hand, when it is impossible, and the file that lists them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import KINDS, Excluded, Step, moves_of, possible_steps
from expressentry.advise.moves.model import Move, shipped_distances, shipped_moves
from expressentry.factors.derive import Variants, derive
from expressentry.law.languages import ABILITIES
from expressentry.law.load import load_law
from expressentry.profile.consistency import check_profile, parts_of
from expressentry.profile.model import Profile
from expressentry.text import Text
from tests.often import often
from tests.profiles import BORN, DAY, dated_profiles, days, degree, here, job, made, partner, permit, report, studied

D = date
BACHELOR = degree("three_year", D(2015, 6, 1), D(2026, 1, 1))
MASTERS = degree("masters", D(2017, 6, 1), D(2026, 1, 1))


def weighed(profile: Profile, *, category: str | None = None) -> tuple[dict[str, Step], dict[str, Excluded]]:
    """The moves that a profile can make from DAY on, and the others, by id."""
    possible, aside = possible_steps(PlanningCase(profile, DAY, load_law(), category=category), moves_of(profile))
    return {one.move.id: one for one in possible}, {one.move.id: one for one in aside}


def after(profile: Profile, name: str, **more: Any) -> tuple[date, dict[str, Any]]:
    """The day of a step, and what the documents of the person then say."""
    option = weighed(profile, **more)[0][name]
    changed = option.apply(profile)
    assert check_profile(parts_of(changed), load_law()) == []
    return option.ready_on, dict(derive(changed, option.ready_on).facts)


def why_not(name: str, **changes: Any) -> str:
    """Why a move is impossible."""
    return weighed(made(**changes))[1][name].reason.en


def four(facts: dict[str, Any], language: str) -> list[int | None]:
    """The levels of a language: listening, reading, writing, speaking."""
    return [facts[f"{language}_{ability}"] for ability in ("listening", "reading", "writing", "speaking")]


class TestFile:
    """The file of moves."""

    def test_every_move_is_of_a_known_kind(self) -> None:
        """Every move has a kind with an effect, every kind a move; days and costs rise."""
        moves = shipped_moves()

        assert {move.kind for move in moves.values()} == set(KINDS)
        assert all(list(move.days) == sorted(move.days) for move in moves.values())
        assert all(move.cost_cad[0] <= move.cost_cad[1] for move in moves.values())

    def test_no_number_without_a_source_or_an_admission(self) -> None:
        """Days and costs have a source, or are said to be assumed; only a birthday needs neither."""
        bare = [move.id for move in shipped_moves().values() if not move.sources and not move.assumed]

        assert bare == ["wait_birthday"]

    def test_what_excludes_is_mutual(self) -> None:
        """Exclusion holds both ways, and every name in it is a move."""
        moves = list(shipped_moves().values())

        assert all(one.conflicts_with(other) is other.conflicts_with(one) for one in moves for other in moves)
        assert {name for move in moves for name in move.excludes} <= set(shipped_moves())

    @pytest.mark.parametrize("move", shipped_moves().values(), ids=lambda move: move.id)
    def test_warnings_where_they_are_due(self, move: Move) -> None:
        """What must be true or few can get, what stops work from counting or loses the submission time: a warning."""
        due = move.kind in (
            "accompany", "study", "swap", "resubmit", "nomination", "permit", "leave_study", "savings", "certificate",
        )  # fmt: skip

        assert (move.warning is not None) is due


class TestLanguage:
    """Test reports."""

    ENGLISH = report(D(2026, 2, 1), 8, 7, 9, 10)

    def test_an_ability_up(self) -> None:
        """One ability rises by a level, the others stay; the new results begin on the day of the move."""
        day, facts = after(made(tests=[self.ENGLISH]), "english_reading_up")

        # From 7 to 8 is 100 hours of lessons, at 8 a week; then a month for the test and its results.
        assert day == DAY + timedelta(days=88 + 30)
        assert four(facts, "english") == [8, 8, 9, 10]

    def test_two_abilities_are_one_report(self) -> None:
        """Two abilities in a plan rise together in one report."""
        profile = made(tests=[self.ENGLISH])
        found = weighed(profile)[0]
        both = found["english_writing_up"].apply(found["english_reading_up"].apply(profile))

        assert len(both.person.tests) == 2
        assert four(dict(derive(both, found["english_writing_up"].ready_on).facts), "english") == [8, 8, 10, 10]

    def test_not_above_the_top(self) -> None:
        """No level above ten pays."""
        assert why_not("english_speaking_up", tests=[self.ENGLISH]) == "already at the highest level"

    def test_a_level_in_all_four(self) -> None:
        """Abilities below the level rise to it, those above stay; a first test needs no report before."""
        profile = made(tests=[self.ENGLISH])

        assert four(after(profile, "english_9")[1], "english") == [9, 9, 9, 10]
        assert four(after(profile, "french_7")[1], "french") == [7, 7, 7, 7]
        assert why_not("english_7", tests=[self.ENGLISH]) == "already at this level"
        assert why_not("french_speaking_up", tests=[self.ENGLISH]) == "you have no test in this language"

    @pytest.mark.parametrize("test", ["celpip", "ielts", "pte", "tef", "tcf"])
    def test_every_test_can_be_planned(self, test: str) -> None:
        """From a report of any test a new one at level 9 has level 9."""
        scores = {"celpip": 5, "ielts": 5, "pte": 40, "tef": 150, "tcf": 5}[test]
        own = {"tcf": (350, 350, 6, 6)}.get(test, (scores,) * 4)
        language = "french" if test in ("tef", "tcf") else "english"
        _, facts = after(made(tests=[report(D(2026, 2, 1), *own, test=test)]), f"{language}_9")

        assert four(facts, language) == [9, 9, 9, 9]

    def test_again(self) -> None:
        """The same levels on a report that is valid longer, where the old one has expired."""
        old = report(D(2024, 9, 1), 8, 7, 9, 10)
        day, facts = after(made(tests=[old]), "english_again")

        assert (day, four(facts, "english")) == (D(2026, 10, 31), [8, 7, 9, 10])
        assert why_not("english_again", tests=[]) == "you have no test in this language"

    def test_partner(self) -> None:
        """The partner's test, in the language of the partner's report."""
        both = made(partner=partner(tests=[report(D(2026, 2, 1), 6, 8, 6, 6)]))

        assert four(after(both, "partner_7")[1], "partner") == [7, 8, 7, 7]
        assert why_not("partner_7") == "you have no partner"

    def test_which_is_first(self) -> None:
        """A chosen first language can be changed; where none is chosen the better one is taken anyway."""
        assert after(made(first_language="english"), "french_first")[1]["first_language"] == "french"
        assert why_not("french_first") == "you have not chosen a first language: the better one is used"


class TestDistance:
    """How long a level takes depends on where the person stands."""

    LESSONS = shipped_distances().lessons

    @staticmethod
    def four(level: int) -> dict[str, int]:
        """One level in all four abilities."""
        return dict.fromkeys(ABILITIES, level)

    @pytest.mark.parametrize("language", ["english", "french"])
    @given(st.integers(0, 9), st.integers(0, 9), st.integers(1, 10))
    def test_farther_is_longer(self, language: str, near: int, far: int, then: int) -> None:
        """A level takes longer from a lower one, and a higher level takes longer than a lower one; never less hours."""
        low, high = sorted((near, far))
        if low < high < then:
            from_low, from_high = (self.LESSONS.days(language, self.four(n), self.four(then)) for n in (low, high))
            up = self.LESSONS.days(language, self.four(low), self.four(high))
            assert all(a > b for a, b in zip(from_low, from_high, strict=True))
            assert all(a > b for a, b in zip(from_low, up, strict=True))
            assert list(from_low) == sorted(from_low)

    def test_by_hand(self) -> None:
        """French from nothing to 7: 560 to 650 hours, at 15, 8 and 4 a week, and the test."""
        assert self.LESSONS.between("french", self.four(0), self.four(7)) == (560, 650)
        assert self.LESSONS.days("french", self.four(0), self.four(7)) == (262 + 14, 530 + 30, 1138 + 60)
        assert self.LESSONS.cost("french", self.four(0), self.four(7)) == (295, 400 + 650 * 15)

    def test_from_nothing_three_levels_take_three_times(self) -> None:
        """Levels 5, 7 and 9 have each their own days: 9 never comes as soon as 7."""
        found = weighed(made())[0]
        ready = [found[f"french_{level}"].ready_on for level in (5, 7, 9)]

        assert ready == sorted(set(ready))
        assert ready[1] > DAY + timedelta(days=365)

    def test_steps_together_take_as_long_as_the_level(self) -> None:
        """Four abilities up by one are no quicker way to the level that they make."""
        found = weighed(made(tests=[report(D(2026, 2, 1), 8)]))[0]
        ups = [found[f"english_{ability}_up"].ready_on for ability in ABILITIES]

        assert max(ups) == found["english_9"].ready_on

    def test_what_most_do_not_reach_is_said(self) -> None:
        """From nothing to 7, and from 7 to 9; not the last step of somebody who is nearly there."""
        near, far = made(tests=[report(D(2026, 2, 1), 9, 9, 8, 9)]), made(tests=[report(D(2026, 2, 1), 7)])

        assert weighed(far)[0]["english_9"].move.caution is not None
        assert weighed(far)[0]["french_7"].move.caution is not None
        assert weighed(near)[0]["english_9"].move.caution is None

    def test_own_days_are_taken(self) -> None:
        """What the user says of the days is the day, without a range."""
        case = PlanningCase(made(), DAY, load_law(), {"french_7": 90})
        step = next(one for one in possible_steps(case, moves_of(case.profile))[0] if one.move.id == "french_7")

        assert step.ready_on == DAY + timedelta(days=90)
        assert step.between == (step.ready_on, step.ready_on)


class TestOwnWords:
    """A step is named by the person's own facts."""

    @pytest.mark.parametrize(
        ("name", "changes", "title"),
        [
            (
                "partner_assess_1",
                {"partner": partner(credentials=[degree("three_year", D(2017, 4, 1))])},
                Text(
                    "Have your partner's 2017 bachelor's (or three-year program) assessed",
                    "Faire évaluer le diplôme de 2017 de votre conjoint (licence, bachelor ou programme de trois ans)",
                ),
            ),
            (
                "assess_1",
                {"credentials": [degree("masters", D(2017, 4, 1), D(2021, 10, 20))], "work": [job(D(2024, 1, 1))]},
                Text(
                    "Have your 2017 master's assessed again",
                    "Faire évaluer votre diplôme de 2017 (maîtrise ou master), de nouveau",
                ),
            ),
            (
                "english_again",
                {"tests": [report(D(2024, 10, 9), 8)]},
                Text(
                    "Renew your English test (results of 9 October 2024)",
                    "Repasser votre test d'anglais (résultats du 9 octobre 2024)",
                ),
            ),
            (
                "foreign_work_1",
                {"work": [job(D(2024, 1, 1))]},
                Text(
                    "Keep your present job outside Canada (India): one more year",
                    "Garder votre emploi actuel hors du Canada (Inde) : une année de plus",
                ),
            ),
            (
                "permit",
                {"work": [here(D(2026, 1, 1))], "status": [permit(D(2025, 12, 1), D(2026, 11, 30))]},
                Text(
                    "Extend your work permit, which ends on 30 November 2026",
                    "Prolonger votre permis de travail, qui finit le 30 novembre 2026",
                ),
            ),
        ],
    )
    def test_title(self, name: str, changes: dict[str, Any], title: Text) -> None:
        """The year, the language, the place, the day."""
        assert weighed(made(**changes))[0][name].move.title == title

    def test_two_alike_name_the_country(self) -> None:
        """Two bachelor's of one year are told apart."""
        both = [degree("three_year", D(2015, 4, 1)), {**degree("three_year", D(2015, 9, 1)), "country": "FR"}]
        found = weighed(made(credentials=both))[0]

        assert "India" in found["assess_1"].move.title.en
        assert "France" in found["assess_2"].move.title.fr

    @given(dated_profiles(), days(date(2024, 1, 1), date(2029, 1, 1)))
    @settings(max_examples=often(40))
    def test_no_name_of_the_code(self, profile: Profile, start: date) -> None:
        """Nothing that is said of a step has a key of the profile in it."""
        possible, excluded = possible_steps(PlanningCase(profile, start, load_law()), moves_of(profile))
        said = [
            text for one in possible for text in (one.move.title, one.move.note, one.move.caution, one.move.changes)
        ]
        said += [text for one in excluded for text in (one.move.title, one.reason)]

        assert not [text for text in said if text and re.search(r"[_{}\[\]]|three_year", text.en + text.fr)]

    def test_a_job_that_goes_on_needs_nobody(self) -> None:
        """It takes no time to be found, and no consent; a new one takes both."""
        kept = weighed(made(work=[job(D(2024, 1, 1))]))[0]["foreign_work_1"].move
        new = weighed(made())[0]["foreign_work_1"].move

        assert (kept.needs, kept.days, kept.assumed) == (None, (0, 0, 0), False)
        assert new.needs is not None


class TestStudy:
    """Credentials and assessments."""

    def test_in_canada(self) -> None:
        """A Canadian credential on its day, and the job abroad over by then: 7 years to July 2026 less, none since."""
        profile = made(credentials=[BACHELOR], work=[job(D(2024, 1, 1))])
        day, facts = after(profile, "study_one_year")

        assert day == D(2028, 1, 30)
        assert (facts["education"], facts["canadian_study"]) == ("two_or_more", "one_or_two_year")
        assert facts["foreign_work_years"] == 3
        assert derive(profile, day).facts["foreign_work_years"] == 4

    def test_study_stops_canadian_work(self) -> None:
        """A job in Canada ends when full-time study begins."""
        profile = made(credentials=[BACHELOR], work=[here(D(2026, 1, 1))], status=[permit(D(2025, 12, 1))])
        day, facts = after(profile, "study_masters")

        assert (facts["education"], facts["canadian_study"]) == ("masters", "three_year_or_more")
        assert facts["canadian_work_years"] == 1
        assert derive(profile, day).facts["canadian_work_years"] == 2

    def test_no_step_up(self) -> None:
        """A lower credential than those held is none, and a master's asks for a bachelor's."""
        done = [MASTERS, studied("two_year", D(2020, 5, 1))]

        assert why_not("study_one_year", credentials=done) == "it is no higher than what already counts"
        assert why_not("study_masters") == "you do not have the degree that it requires"

    def test_second_credential(self) -> None:
        """A bachelor's and a one-year diploma are two or more, the job going on meanwhile."""
        day, facts = after(made(credentials=[BACHELOR], work=[job(D(2024, 1, 1))]), "second_credential")

        assert day == D(2028, 2, 28)
        assert (facts["education"], facts["canadian_study"]) == ("two_or_more", "none")
        assert facts["foreign_work_years"] == 4
        assert why_not("second_credential", credentials=[MASTERS]) == "it is no higher than what already counts"
        assert after(made(credentials=[BACHELOR]), "masters_at_home")[1]["education"] == "masters"

    def test_assessment(self) -> None:
        """A degree not yet assessed counts from its assessment on; one assessed for long needs none."""
        profile = made(credentials=[degree("masters", D(2017, 6, 1)), BACHELOR])

        assert after(profile, "assess_1") == (
            D(2026, 11, 30),
            {**derive(profile, D(2026, 11, 30)).facts} | {"education": "masters"},
        )
        assert why_not("assess_1", credentials=[BACHELOR]) == "already assessed"

    def test_partner_assessment(self) -> None:
        """The partner's degree."""
        profile = made(partner=partner(credentials=[degree("masters", D(2017, 6, 1))]))

        assert after(profile, "partner_assess_1")[1]["partner_education"] == "masters"


class TestWork:
    """Years of work."""

    def test_a_job_that_goes_on(self) -> None:
        """It needs no new job: ready when one more year counts, by hours and by the calendar."""
        profile = made(work=[here(D(2026, 1, 1))], status=[permit(D(2025, 12, 1))])
        day, facts = after(profile, "canadian_work_1")

        assert (day, facts["canadian_work_years"]) == (D(2027, 1, 1), 1)
        assert weighed(profile)[0]["canadian_work_1"].apply(profile) is profile
        assert derive(profile, D(2026, 12, 31)).readings[-1].facts["canadian_work_years"] == 0

    def test_a_new_job_in_canada(self) -> None:
        """It begins after half a year of search on a permit of its own, and the job abroad ends."""
        day, facts = after(made(work=[job(D(2020, 10, 1))], status=[]), "canadian_work_2")

        assert day == D(2029, 3, 30)
        assert (facts["canadian_work_years"], facts["foreign_work_years"]) == (2, 6)

    def test_a_new_job_abroad(self) -> None:
        """It is in the country of the last one."""
        day, facts = after(made(work=[job(D(2020, 1, 1), D(2021, 12, 31))]), "foreign_work_1")

        assert (day, facts["foreign_work_years"]) == (D(2027, 12, 30), 3)
        anywhere = weighed(made())[0]["foreign_work_1"]
        assert anywhere.move.title.en == "Find a full-time job outside Canada and work: one more year"
        assert derive(anywhere.apply(made()), anywhere.ready_on).facts["foreign_work_years"] == 1

    def test_ten_years(self) -> None:
        """Ten years hold no more than ten."""
        assert why_not("foreign_work_1", work=[job(D(2010, 1, 1))]) == "only ten years of work count"

    def test_standing_of_before_stays_said(self) -> None:
        """Where a person had no standing, work of before stays unauthorised when a permit is added."""
        profile = made(work=[here(D(2024, 1, 1), D(2025, 6, 30))], status=[])

        assert after(profile, "canadian_work_1")[1]["canadian_work_years"] == 1

    def test_partner(self) -> None:
        """The partner's own year."""
        assert after(made(partner=partner()), "partner_work_1")[1]["partner_canadian_work_years"] == 1

    def test_permit(self) -> None:
        """After the end of a permit work is open to doubt; with a longer one it counts for sure."""
        profile = made(work=[here(D(2026, 1, 1))], status=[permit(D(2025, 12, 1), D(2026, 11, 30))])
        longer = weighed(profile)[0]["permit"].apply(profile)
        on = weighed(profile)[0]["canadian_work_1"].ready_on
        counted = [{r.facts["canadian_work_years"] for r in derive(one, on).readings} for one in (profile, longer)]

        assert on == D(2027, 1, 1)
        assert counted == [{0, 1}, {1}]
        assert why_not("permit", work=[here(D(2026, 1, 1))]) == "you have no work permit that ends"

    def test_leaving_study(self) -> None:
        """The job counts from the day on which study is left."""
        student = here(D(2025, 1, 1), full_time_student=True)
        profile = made(work=[student], status=[permit(D(2024, 12, 1))])
        left = weighed(profile)[0]["leave_study"]

        assert left.ready_on == D(2026, 10, 15)
        assert derive(left.apply(profile), D(2027, 10, 15)).facts["canadian_work_years"] == 1
        assert derive(profile, D(2027, 10, 15)).facts["canadian_work_years"] == 0
        assert why_not("leave_study", work=[here(D(2026, 1, 1), full_time_student=False)]).startswith(
            "you have no job in Canada"
        )

    def test_leaving_study_keeps_the_hours_of_later_days(self) -> None:
        """Hours given for days before study is left stay with the entry of before."""
        weeks = [
            {"from": D(2026, 1, 1), "to": D(2026, 1, 7), "hours_per_week": 35},
            {"from": D(2026, 10, 1), "to": D(2026, 12, 31), "hours_per_week": 20},
        ]
        student = here(D(2025, 1, 1), full_time_student=True, varying_hours=weeks)
        profile = made(work=[student], status=[permit(D(2024, 12, 1))])
        left = weighed(profile)[0]["leave_study"]
        changed = left.apply(profile)

        assert check_profile(parts_of(changed), load_law()) == []
        assert [one.start for one in changed.person.work[-1].varying_hours] == [left.ready_on]

    def test_a_listed_job(self) -> None:
        """As many months as the category asks, in an occupation that it lists."""
        profile = made(work=[job(D(2020, 10, 1), noc="13110")], tests=[report(D(2026, 2, 1), 8)])
        _, facts = after(profile, "listed_job", category="stem")

        assert max(facts["category_months"], key=lambda one: one["noc"])["months"] >= 12
        assert why_not("listed_job") == "no category was chosen"


class TestDocuments:
    """A certificate, a nomination, who applies and who comes."""

    def test_certificate(self) -> None:
        """In the trade of the last job in one; no trade, no certificate."""
        electrician = made(work=[job(D(2020, 1, 1), noc="72200")])

        assert after(electrician, "certificate")[1]["certificate_of_qualification"] is True
        assert why_not("certificate") == "you have no work in a skilled trade"

    def test_nomination(self) -> None:
        """Held from its acceptance."""
        day, facts = after(made(), "nomination")

        assert (day, facts["provincial_nomination"]) == (D(2027, 3, 30), True)

    def test_swap(self) -> None:
        """Each has their own documents: ages, tests and degrees change places, and back again all is as before."""
        both = made(
            tests=[report(D(2026, 2, 1), 8)],
            partner=partner(birth_date=D(1990, 5, 1), credentials=[MASTERS], **{"from": D(2019, 1, 1)}),
        )
        _, facts = after(both, "swap")
        swap = weighed(both)[0]["swap"]

        assert (facts["age"], facts["education"], facts["partner_education"]) == (36, "masters", "none")
        assert (four(facts, "english"), four(facts, "partner")) == ([None] * 4, [8] * 4)
        assert swap.apply(swap.apply(both)) == both
        assert why_not("swap", partner=partner()) == "your partner's birth date is not given"
        assert why_not("swap", partner=partner(citizen_or_resident="citizen")).startswith("your partner is a citizen")

    def test_accompanying(self) -> None:
        """Comes along, or does not: one of the two is possible."""
        comes, stays = made(partner=partner()), made(partner=partner(accompanying=False))

        assert after(comes, "partner_stays")[1]["accompanied"] is False
        assert after(stays, "partner_comes")[1]["accompanied"] is True
        assert why_not("partner_comes", partner=partner()) == "this is already the case"

    def test_waiting(self) -> None:
        """A wait changes no fact; to resubmit changes none either."""
        profile = made(work=[job(D(2024, 1, 1))])
        found = weighed(profile)[0]

        assert all(found[name].apply(profile) is profile for name in ("wait_year", "wait_birthday", "resubmit"))
        assert found["wait_birthday"].ready_on == D(2027, BORN.month, BORN.day)
        assert why_not("wait_year") == "waiting would change nothing"


@given(dated_profiles(), days(date(2024, 1, 1), date(2029, 1, 1)), st.randoms(use_true_random=False))
@settings(max_examples=often(60))
def test_any_profile(profile: Profile, start: date, chance: Any) -> None:
    """Any move on any profile gives a valid profile, two moves too, and variants say what `derive` says."""
    case = PlanningCase(profile, start, load_law())
    found, _ = possible_steps(case, moves_of(profile))
    first, second = sorted(chance.sample(range(len(found)), 2))
    changed = found[first].apply(profile)
    if not found[first].move.conflicts_with(found[second].move):
        changed = found[second].apply(changed)
    ready = max(found[first].ready_on, found[second].ready_on)

    assert Profile.model_validate(changed.model_dump(by_alias=True)) == changed
    before = {problem.field for problem in check_profile(parts_of(profile), load_law())}
    assert {problem.field for problem in check_profile(parts_of(changed), load_law())} == before
    assert Variants(load_law()).derive(changed, ready).readings == derive(changed, ready).readings
