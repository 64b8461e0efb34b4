"""Work: what counts for the CRS, for each program and for the categories, on both sides of every day that matters."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import islice
from typing import Any

import pytest
from hypothesis import given, settings

from expressentry.factors.derive.combine import combinations
from expressentry.factors.derive.work import OccupationMonths, PersonWork
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from tests.often import often
from tests.profiles import DAY, could_say, dated_profiles, days, derived, here, job, partner, permit, says

D = date
ALWAYS = [permit(D(2010, 1, 1))]
ONE = timedelta(days=1)


def canadian(day: date, *work: dict[str, Any], **more: Any) -> int:
    """Canadian years that the CRS counts, permits being no question."""
    found: int = says(day, "canadian_work_years", work=list(work), **{"status": ALWAYS, **more})
    return found


class TestYears:
    """When a year is complete."""

    def test_both_readings_of_a_year(self) -> None:
        """Between 1,560 hours and twelve calendar months, and only then, the two readings differ and both are given."""
        work = [job(D(2023, 3, 1), hours=30)]

        assert says(D(2024, 2, 27), "foreign_work_years", work=work) == 0
        assert could_say(D(2024, 2, 28), "foreign_work_years", work=work) == [1, 0]
        assert could_say(D(2024, 2, 29), "foreign_work_years", work=work) == [1, 0]
        assert says(D(2024, 3, 1), "foreign_work_years", work=work) == 1

    def test_the_doubt_is_named_only_where_it_matters(self) -> None:
        """A doubt that changes no fact of the day is not reported."""
        work = [job(D(2023, 3, 1), hours=30)]

        assert [doubt.id for doubt in derived(D(2024, 2, 28), work=work).doubts] == ["year_of_work"]
        assert derived(D(2025, 9, 1), work=work).doubts == ()

    def test_part_time(self) -> None:
        """Fifteen hours a week make a year in two."""
        assert says(D(2025, 1, 15), "foreign_work_years", work=[job(D(2023, 1, 1), hours=15)]) == 1
        assert says(D(2024, 12, 1), "foreign_work_years", work=[job(D(2023, 1, 1), hours=15)]) == 0

    def test_hours_above_thirty_add_nothing(self) -> None:
        """Sixty hours a week for half a year are half a year; so are two full-time jobs."""
        half = D(2023, 7, 10)
        twice = [job(D(2023, 1, 1), half, hours=40), job(D(2023, 1, 1), half, hours=40)]

        assert says(DAY, "foreign_work_years", work=[job(D(2023, 1, 1), half, hours=60)]) == 0
        assert says(DAY, "foreign_work_years", work=twice) == 0

    def test_two_part_time_jobs_at_once(self) -> None:
        """Overlapping part-time work adds up to full time."""
        both = [job(D(2023, 1, 1), D(2024, 1, 15), hours=15), job(D(2023, 1, 1), D(2024, 1, 15), hours=15)]

        assert says(DAY, "foreign_work_years", work=both) == 1

    def test_ten_years(self) -> None:
        """A day of work leaves the window on its tenth anniversary."""
        work = [job(D(2014, 1, 1), D(2014, 12, 31), hours=30)]

        assert says(D(2024, 1, 1), "foreign_work_years", work=work) == 1
        assert says(D(2024, 1, 10), "foreign_work_years", work=work) == 0

    def test_leave(self) -> None:
        """Days of leave are not work; read as the end of a continuous period, the work after it begins another."""
        leave = [{"from": D(2023, 6, 1), "to": D(2023, 6, 30)}]

        assert says(D(2024, 1, 10), "foreign_work_years", work=[job(D(2023, 1, 1), leave=leave)]) == 0
        assert could_say(D(2024, 2, 10), "foreign_work_years", work=[job(D(2023, 1, 1), leave=leave)]) == [1, 0]
        assert says(D(2024, 7, 2), "foreign_work_years", work=[job(D(2023, 1, 1), leave=leave)]) == 1

    def test_periods_of_one_occupation(self) -> None:
        """Work without a gap is one period; in one occupation only it may be two, of which the longest counts."""
        first, last = job(D(2018, 1, 1), D(2019, 12, 31)), job(D(2021, 1, 1), D(2021, 12, 31))
        between = job(D(2020, 1, 1), D(2020, 12, 31), noc="21211")

        assert could_say(DAY, "foreign_work_years", work=[first, between, last]) == [4, 3, 2]

    def test_unpaid(self) -> None:
        """Unpaid work is no work."""
        assert says(DAY, "foreign_work_years", work=[job(D(2020, 1, 1), paid=False)]) == 0

    def test_not_skilled(self) -> None:
        """TEER 4 and 5 count for none of the skilled columns, and for the months of no grid."""
        work = [job(D(2020, 1, 1), noc="65100")]

        assert says(DAY, "foreign_work_years", work=work) == 0
        assert says(DAY, "work_years_10y", work=work) == 0
        assert says(DAY, "primary_continuous_years", work=work) == 0

    def test_future(self) -> None:
        """Work that has not begun does not exist yet."""
        assert says(D(2019, 12, 31), "foreign_work_years", work=[job(D(2020, 1, 1))]) == 0


class TestVaryingHours:
    """Hours that vary within one job: at most thirty count in each week."""

    def test_each_week_alone(self) -> None:
        """Weeks of 35 and of 14 hours in turn are 44 hours in two weeks, not 49."""
        first = D(2023, 1, 2)
        weeks = [{"from": first + n * 7 * ONE, "hours_per_week": (35, 14)[n % 2]} for n in range(72)]
        work = [job(first, hours=24.5, varying_hours=weeks)]

        # 1,560 hours at 44 in two weeks: 35 pairs make 1,540, and 20 more come in the 36th.
        ends = first + 35 * 14 * ONE
        assert says(ends, "foreign_work_years", work=work) == 0
        assert could_say(ends + 5 * ONE, "foreign_work_years", work=work) == [1, 0]
        assert says(ends, "foreign_work_years", work=[job(first, hours=24.5)]) == 1

    def test_usual_hours_on_all_other_days(self) -> None:
        """An entry holds to its last day, else to the next entry; the usual hours hold before, between and after."""
        quiet = [{"from": D(2023, 7, 1), "to": D(2023, 12, 31), "hours_per_week": 10}]
        steady = [job(D(2023, 1, 1), D(2024, 3, 31), hours=30)]

        assert says(DAY, "foreign_work_years", work=steady) == 1
        assert says(DAY, "foreign_work_years", work=[{**steady[0], "varying_hours": quiet}]) == 0
        assert says(D(2024, 12, 1), "foreign_work_years", work=[job(D(2023, 1, 1), hours=30, varying_hours=quiet)]) == 1

    def test_full_time_days_only(self) -> None:
        """Where the law asks for full-time work, weeks below thirty hours add nothing."""
        weeks = [{"from": D(2020, 1, 1), "to": D(2021, 6, 30), "hours_per_week": 29}]
        work = here(D(2020, 1, 1), D(2021, 12, 31), hours=40)

        assert says(DAY, "canadian_work_1y", work=[work], status=ALWAYS) is True
        assert says(DAY, "canadian_work_1y", work=[{**work, "varying_hours": weeks}], status=ALWAYS) is False


class TestCanada:
    """Work in Canada."""

    def test_counts(self) -> None:
        """Two years on a permit."""
        assert canadian(DAY, here(D(2024, 1, 1), D(2026, 1, 10))) == 2
        assert says(DAY, "foreign_work_years", work=[here(D(2024, 1, 1))], status=ALWAYS) == 0

    def test_full_time_student(self) -> None:
        """Work while a full-time student does not count in Canada, and does abroad."""
        assert canadian(DAY, here(D(2024, 1, 1), full_time_student=True)) == 0
        assert says(DAY, "foreign_work_years", work=[job(D(2024, 1, 1), full_time_student=True)]) == 2

    def test_study_permit_without_word_of_study(self) -> None:
        """On a study permit it matters whether one was a full-time student; not said, it is a doubt."""
        status = [permit(D(2023, 1, 1), kind="study_permit")]
        found = derived(DAY, work=[here(D(2024, 1, 1))], status=status)

        assert [doubt.id for doubt in found.doubts] == ["student"]
        assert {reading.facts["canadian_work_years"] for reading in found.readings} == {0, 2}
        assert canadian(DAY, here(D(2024, 1, 1), full_time_student=False), status=status) == 2

    def test_self_employed(self) -> None:
        """Self-employment does not count in Canada."""
        assert canadian(DAY, here(D(2024, 1, 1), self_employed=True)) == 0

    @pytest.mark.parametrize(("day", "years"), [(D(2023, 4, 24), 0), (D(2023, 4, 25), 2)])
    def test_physicians(self, day: date, years: int) -> None:
        """Publicly funded physicians are excepted from 25 April 2023, for work done before that day too."""
        work = here(D(2021, 1, 1), noc2021="31102", noc2016="3112", self_employed=True, publicly_funded_physician=True)

        assert canadian(day, work) == years
        assert says(day, "cec_years_3y", work=[work], status=ALWAYS) == years

    def test_after_the_last_authorised_day(self) -> None:
        """Work beyond the last permit given is not known; where nothing was held, it does not count."""
        status = [permit(D(2023, 1, 1), D(2023, 12, 31))]
        work = here(D(2023, 1, 1), D(2025, 12, 31), hours=30)
        nothing = [*status, permit(D(2024, 1, 1), kind="none")]

        assert could_say(DAY, "canadian_work_years", work=[work], status=status) == [3, 1]
        assert canadian(DAY, work, status=nothing) == 1

    def test_a_job_that_goes_on_beyond_the_last_permit(self) -> None:
        """A continuing job may have a permit that was not written down: known up to the last day, then a doubt."""
        status = [permit(D(2023, 1, 1), D(2024, 6, 30))]
        work = [here(D(2023, 1, 1))]

        assert says(D(2024, 6, 30), "canadian_work_years", work=work, status=status) == 1
        assert could_say(D(2026, 6, 30), "canadian_work_years", work=work, status=status) == [3, 1]
        assert [doubt.id for doubt in derived(D(2026, 6, 30), work=work, status=status).doubts] == ["status"]

    def test_status_not_given(self) -> None:
        """Without a word on permits, authorised or not are both read; an empty list says none."""
        work = [here(D(2024, 1, 1))]

        assert could_say(DAY, "canadian_work_years", work=work) == [2, 0]
        assert canadian(DAY, *work, status=[]) == 0

    def test_before_the_first_permit_given(self) -> None:
        """Papers begin somewhere: days before the first entry are not known."""
        assert could_say(
            DAY, "canadian_work_years", work=[here(D(2023, 1, 1), D(2024, 6, 1))], status=[permit(D(2024, 3, 1))]
        ) == [1, 0]

    def test_a_written_end_that_lies_ahead(self) -> None:
        """A contract with an end, the permit shorter: what counts after the permit is as open as without an end."""
        status = [permit(D(2026, 1, 1), D(2026, 12, 31))]
        day = D(2027, 4, 1)
        with_end, without = here(D(2026, 2, 2), D(2027, 12, 31)), here(D(2026, 2, 2))

        assert could_say(day, "canadian_work_years", work=[without], status=status) == [1, 0]
        assert could_say(day, "canadian_work_years", work=[with_end], status=status) == [1, 0]

    def test_a_gap_between_permits(self) -> None:
        """A gap between two permits is named with its days and the job, and read both ways."""
        status = [permit(D(2023, 1, 1), D(2023, 6, 30)), permit(D(2023, 9, 1))]
        found = derived(D(2024, 2, 15), work=[here(D(2023, 1, 1))], status=status)
        (doubt,) = [one for one in found.doubts if one.id.startswith("gap:")]

        assert {one.facts["canadian_work_years"] for one in found.readings} == {0, 1}
        assert "what you held from 1 July to 31 August 2023" in doubt.missing.en
        assert "job 1" in doubt.open.en
        assert "ce que vous aviez du 1er juillet au 31 août 2023" in doubt.missing.fr
        assert doubt.fields == ("person.status",)

    def test_each_gap_is_asked_for_alone(self) -> None:
        """Two gaps are two questions; an entry that says what was held answers its own, and `none` is an answer."""
        status = [
            permit(D(2022, 1, 1), D(2022, 3, 31)),
            permit(D(2022, 6, 1), D(2022, 12, 31)),
            permit(D(2023, 3, 1), D(2023, 3, 31)),
        ]
        work = here(D(2022, 1, 1), D(2023, 3, 31), hours=30)
        waited = permit(D(2022, 4, 1), D(2022, 5, 31), "no_permit_needed")
        nothing = permit(D(2023, 1, 1), D(2023, 2, 28), "none")

        def asked(*more: dict[str, Any]) -> list[str]:
            doubts = derived(DAY, work=[work], status=[*status, *more]).doubts
            return [doubt.id for doubt in doubts if doubt.id.startswith("gap:")]

        assert asked() == ["gap:2022-04-01", "gap:2023-01-01"]
        assert asked(nothing) == ["gap:2022-04-01"]
        assert canadian(DAY, work, status=[*status, waited]) == 1
        assert canadian(DAY, work, status=[*status, waited, nothing]) == 1

    def test_no_gap_where_another_permit_lasts_longer(self) -> None:
        """A permit that is still valid leaves no gap, whatever ended before it."""
        status = [permit(D(2022, 1, 1), D(2025, 1, 31)), permit(D(2022, 6, 1), D(2022, 7, 1)), permit(D(2023, 1, 1))]

        assert canadian(DAY, here(D(2022, 1, 1), D(2024, 1, 31)), status=status) == 2

    def test_maintained_status(self) -> None:
        """Maintained status carries on what was held before."""
        worker = [permit(D(2023, 1, 1), D(2023, 6, 30)), permit(D(2023, 7, 1), D(2024, 6, 30), "maintained")]
        visitor = [permit(D(2023, 1, 1), D(2023, 6, 30), "visitor"), worker[1]]
        work = here(D(2023, 1, 1), D(2024, 6, 30))

        assert canadian(DAY, work, status=worker) == 1
        assert canadian(DAY, work, status=visitor) == 0

    def test_maintained_carries_on_what_was_held_the_day_before(self) -> None:
        """Of several entries of that day the work permit (R186(u)), whichever is printed to end last."""
        maintained = permit(D(2023, 6, 1), kind="maintained")
        worker = permit(D(2020, 1, 10), D(2023, 5, 31))
        work = here(D(2022, 10, 3))

        for beside in (permit(D(2019, 5, 1), kind="visitor"), permit(D(2019, 9, 1), D(2024, 8, 31), "study_permit")):
            found = canadian(D(2023, 11, 1), {**work, "full_time_student": False}, status=[beside, worker, maintained])
            assert found == 1
        twice = [worker, permit(D(2023, 6, 1), D(2023, 8, 31), "maintained"), permit(D(2023, 9, 1), kind="maintained")]
        assert canadian(D(2023, 11, 1), work, status=twice) == 1

    def test_maintained_after_nothing(self) -> None:
        """Maintained status with nothing before it: what it carries on is not known."""
        status = [permit(D(2023, 6, 1), kind="maintained")]

        assert could_say(D(2024, 8, 1), "canadian_work_years", work=[here(D(2023, 6, 1))], status=status) == [1, 0]

    def test_work_permit_beside_a_study_permit(self) -> None:
        """A co-op, open or post-graduation permit beside a study permit leaves open whether one was a student."""
        study = permit(D(2020, 8, 20), D(2024, 8, 31), "study_permit")
        for kind in ("employer_other", "open", "post_graduation"):
            status = [study, permit(D(2022, 5, 1), D(2023, 9, 30), kind)]
            found = {"work": [here(D(2022, 5, 2), D(2023, 8, 31))], "status": status}
            told = {"work": [here(D(2022, 5, 2), D(2023, 8, 31), full_time_student=False)], "status": status}

            assert could_say(D(2023, 10, 1), "canadian_work_years", **found) == [0, 1]
            assert could_say(D(2023, 10, 1), "cec_years_3y", **found) == [0, 1]
            assert says(D(2023, 10, 1), "canadian_work_years", **told) == 1

    def test_another_employer(self) -> None:
        """A permit for named employers authorises no work for others."""
        status = [permit(D(2023, 1, 1), kind="employer_lmia", employers=["Maple"])]

        assert canadian(DAY, here(D(2024, 1, 1), employer="maple"), status=status) == 2
        assert canadian(DAY, here(D(2024, 1, 1), employer="Quokka"), status=status) == 0

    def test_refugee_claimant(self) -> None:
        """A claimant has no temporary resident status: the work counts neither for the CEC nor for the CRS (s. 15(7)).

        For a partner the words of s. 19 were not read, so there it is open.
        """
        found = {"work": [here(D(2024, 1, 1))], "status": [permit(D(2023, 1, 1), kind="refugee_claimant")]}

        assert says(DAY, "cec_years_3y", **found) == 0
        assert says(DAY, "canadian_work_years", **found) == 0
        assert derived(DAY, **found).doubts == ()
        assert says(DAY, "canadian_work_1y", **found) is True
        assert could_say(DAY, "partner_canadian_work_years", partner=partner(**found)) == [0, 2]

    @pytest.mark.parametrize(
        ("day", "readings"),
        [(D(2024, 1, 29), [(2, 0), (0, 2), (0, 0)]), (D(2024, 1, 30), [(0, 2), (0, 0)])],
    )
    def test_foreign_employer(self, day: date, readings: list[tuple[int, int]]) -> None:
        """Work in Canada for an employer abroad may be foreign work or none; Canadian only before the guidance."""
        work = [here(D(2021, 6, 1), employer_country="IN", noc2021="21231", noc2016="2173")]
        found = derived(day, work=work, status=ALWAYS)
        totals = [(one.facts["canadian_work_years"], one.facts["foreign_work_years"]) for one in found.readings]

        assert list(dict.fromkeys(totals)) == readings
        (doubt,) = [one for one in found.doubts if one.id not in ("year_of_work", "any_employer")]
        assert doubt.law
        assert len(doubt.options) == len(readings)
        assert all(one.facts["work_years_10y"] == 2 for one in found.readings)

    @pytest.mark.parametrize("day", [D(2023, 6, 1), D(2024, 1, 29), D(2024, 1, 30), DAY])
    def test_the_year_in_canada_names_no_employer(self, day: date) -> None:
        """IRPR 83(1)(c): work in Canada on a permit, by whichever reading of the CRS, and never without a permit."""
        work = [here(D(2021, 6, 1), employer_country="IN", noc2021="21231", noc2016="2173")]
        found = derived(day, work=work, status=ALWAYS)

        assert "any_employer" in [one.id for one in found.doubts]
        assert {one.facts["canadian_work_1y"] for one in found.readings} == {True, False}
        for one in found.readings:
            if one.facts["canadian_work_years"] or one.assumed["any_employer"] == "counts":
                assert one.facts["canadian_work_1y"] is True
            else:
                assert one.facts["canadian_work_1y"] is False
        assert says(day, "canadian_work_1y", work=work, status=[]) is False
        theirs = {"partner": partner(work=work, status=ALWAYS)}
        assert set(could_say(day, "partner_canadian_work_any", **theirs)) == {True, False}

    def test_foreign_work_in_several_occupations(self) -> None:
        """A summary of the instructions adds occupations up, the department's tool counts one: both are read."""
        a_year_and_a_half = [job(D(2022, 1, 1), D(2023, 6, 30)), job(D(2023, 7, 1), D(2024, 12, 31), noc="21211")]

        assert could_say(DAY, "foreign_work_years", work=a_year_and_a_half) == [3, 1]
        assert (
            says(DAY, "foreign_work_years", work=[a_year_and_a_half[0], {**a_year_and_a_half[1], "noc2021": "21231"}])
            == 3
        )
        assert says(DAY, "work_years_10y", work=a_year_and_a_half) == 3

    def test_abroad_for_a_canadian_employer(self) -> None:
        """Where the work is done decides: abroad it is foreign work."""
        work = [job(D(2024, 1, 1), employer_country="CA")]

        assert says(DAY, "foreign_work_years", work=work) == 2

    def test_quebec_or_not(self) -> None:
        """The intent to live in Quebec takes nothing away from work."""
        assert canadian(DAY, here(D(2024, 1, 1)), intent={"quebec": True}) == 2


class TestClassification:
    """The NOC of the day."""

    def test_level_before_and_after(self) -> None:
        """A job of level B that is of TEER 4 now counts until 15 November 2022, and not from the 16th."""
        moved = [job(D(2020, 1, 1), noc2016="1254", noc2021="14200")]

        assert says(D(2022, 11, 15), "foreign_work_years", work=moved) == 2
        assert says(D(2022, 11, 16), "foreign_work_years", work=moved) == 0

    def test_split_code(self) -> None:
        """A code of 2016 with several counterparts is read as each of them, where that changes an answer."""
        found = derived(DAY, work=[job(D(2024, 1, 1), noc2016="2172")])

        assert [doubt.id for doubt in found.doubts] == ["noc:2172"]
        assert [one.facts["category_months"][0]["noc"] for one in found.readings] == ["21211", "21223"]
        assert says(DAY, "foreign_work_years", work=[job(D(2024, 1, 1), noc2016="2172")]) == 2

    def test_both_codes_given(self) -> None:
        """With the code of the day's version there is no doubt."""
        assert derived(DAY, work=[job(D(2024, 1, 1), noc2016="2172", noc2021="21211")]).doubts == ()

    def test_reverse(self) -> None:
        """Before the switch a code of 2021 only is read as each of its counterparts."""
        day, work = D(2022, 11, 15), [here(D(2020, 1, 1), noc="21211")]

        assert derived(day, work=work, status=ALWAYS).doubts == ()  # 2171, 2172 and 2173 are all of level A
        assert says(day, "cec_main_teer", work=work, status=ALWAYS) == 1


class TestSkilledWorker:
    """The columns of the 67-point grid."""

    def test_one_occupation_without_a_gap(self) -> None:
        """The run is in one occupation: half a year in each of two is none; all occupations count for points."""
        work = [job(D(2023, 1, 1), D(2023, 7, 31)), job(D(2023, 8, 1), D(2024, 2, 28), noc="21211")]

        assert says(DAY, "primary_continuous_years", work=work) == 0
        assert says(DAY, "work_years_10y", work=work) == 1

    def test_gap(self) -> None:
        """A weekend between two jobs joins them, a Monday lost does not."""
        first = job(D(2023, 1, 2), D(2023, 9, 29))  # to a Friday

        assert says(DAY, "primary_continuous_years", work=[first, job(D(2023, 10, 2), D(2024, 3, 1))]) == 1
        assert says(DAY, "primary_continuous_years", work=[first, job(D(2023, 10, 3), D(2024, 3, 1))]) == 0

    def test_leave_in_a_run(self) -> None:
        """Days of leave are not work; whether they end a run the law does not say."""
        leave = [{"from": D(2023, 6, 1), "to": D(2023, 8, 31)}]
        work = [job(D(2023, 1, 1), D(2024, 5, 1), leave=leave)]

        assert could_say(DAY, "primary_continuous_years", work=work) == [1, 0]
        assert {doubt.id for doubt in derived(DAY, work=work).doubts} == {"foreign_periods", "leave_in_a_run"}
        assert says(DAY, "work_years_10y", work=work) == 1

    def test_students_and_self_employed(self) -> None:
        """The grid excludes neither work while studying nor self-employment."""
        work = [here(D(2023, 1, 1), full_time_student=True), here(D(2021, 1, 1), D(2022, 12, 31), self_employed=True)]

        assert says(DAY, "work_years_10y", work=work, status=ALWAYS) == 5

    def test_unauthorised(self) -> None:
        """The regulations do not say whether unauthorised work counts: both are read."""
        found = {"work": [here(D(2024, 1, 1))], "status": [permit(D(2010, 1, 1), kind="visitor")]}

        assert could_say(DAY, "work_years_10y", **found) == [0, 2]
        assert says(DAY, "canadian_work_years", **found) == 0

    def test_a_year_in_canada_in_two_periods(self) -> None:
        """“Any previous period” of the English text, and work of a year of the French: both are read."""
        apart = [here(D(2018, 1, 1), D(2018, 8, 31)), here(D(2019, 1, 1), D(2019, 8, 31))]
        on_a_monday = [here(D(2018, 1, 1), D(2018, 8, 31)), here(D(2018, 9, 3), D(2019, 4, 30))]

        assert could_say(DAY, "canadian_work_1y", work=apart, status=ALWAYS) == [True, False]
        assert [doubt.id for doubt in derived(DAY, work=apart, status=ALWAYS).doubts] == ["canadian_periods"]
        assert says(DAY, "canadian_work_1y", work=on_a_monday, status=ALWAYS) is True

    def test_a_year_in_canada_is_full_time(self) -> None:
        """The year of work in Canada of s. 83(1)(c) is of full-time days; it may be long ago."""
        old = [here(D(2011, 1, 1), D(2012, 3, 1))]

        assert says(DAY, "canadian_work_1y", work=old, status=ALWAYS) is True
        assert says(DAY, "canadian_work_1y", work=[here(D(2020, 1, 1), hours=20)], status=ALWAYS) is False


class TestExperienceClass:
    """The columns of the CEC."""

    def test_three_years(self) -> None:
        """A year stays while it lies within three years before the day."""
        found = {"work": [here(D(2020, 1, 1), D(2020, 12, 31), noc2016="2173", hours=30)], "status": ALWAYS}

        assert says(D(2023, 1, 1), "cec_years_3y", **found) == 1
        assert says(D(2023, 1, 5), "cec_years_3y", **found) == 0
        assert says(D(2023, 1, 5), "canadian_work_years", **found) == 1

    def test_most_experience_not_the_highest_level(self) -> None:
        """The language level follows the occupation with the most experience."""
        work = [here(D(2024, 1, 1), D(2024, 4, 30), noc="21231"), here(D(2024, 5, 1), D(2026, 1, 1), noc="72200")]

        assert says(DAY, "cec_main_teer", work=work, status=ALWAYS) == 2

    def test_no_such_work(self) -> None:
        """Without such work there is no level."""
        assert says(DAY, "cec_main_teer") is None
        assert says(DAY, "cec_years_3y") == 0


class TestTrades:
    """The columns of the skilled trades class."""

    def test_after_qualifying(self) -> None:
        """Only work after the day of qualifying counts."""
        work = [job(D(2022, 1, 1), noc="72200", qualified_on=D(2024, 9, 1))]

        assert says(D(2026, 8, 1), "trade_years_5y", work=work) == 1
        assert says(D(2026, 9, 2), "trade_years_5y", work=work) == 2
        assert says(D(2026, 9, 2), "trade_noc", work=work) == "72200"

    def test_not_known_when_qualified(self) -> None:
        """Without the day of qualifying both are read; a certificate settles what follows it."""
        work = [job(D(2022, 1, 1), noc="72200")]
        held = [{"noc2021": "72200", "authority": "ON", "issued_on": D(2022, 1, 1)}]

        assert could_say(DAY, "trade_years_5y", work=work) == [4, 0]
        assert derived(DAY, work=work).doubts[0].fields == ("person.work[1].qualified_on",)
        assert says(DAY, "trade_years_5y", work=work, certificates=held) == 4
        assert says(DAY, "trade_certificate", work=work, certificates=held) is True

    def test_self_employed(self) -> None:
        """The regulations do not exclude self-employment from the trades, one account does: both are read."""
        work = [job(D(2022, 1, 1), noc="72200", qualified_on=D(2020, 1, 1), self_employed=True)]

        assert could_say(DAY, "trade_years_5y", work=work) == [4, 0]

    def test_five_years(self) -> None:
        """Work of more than five years ago is out."""
        work = [
            job(D(2018, 1, 1), D(2019, 12, 31), hours=30, noc2021="72200", noc2016="7241", qualified_on=D(2017, 1, 1))
        ]

        assert says(D(2022, 11, 16), "trade_years_5y", work=work) == 2
        assert says(D(2023, 2, 1), "trade_years_5y", work=work) == 1

    @pytest.mark.parametrize(("day", "trade"), [(D(2022, 11, 15), "9521"), (D(2022, 11, 16), "93100")])
    def test_groups_of_the_day(self, day: date, trade: str | None) -> None:
        """Whether an occupation is a trade is told by the groups of the day's classification."""
        work = [job(D(2019, 1, 1), noc2021="93100", noc2016="9521", qualified_on=D(2019, 1, 1))]

        assert says(day, "trade_noc", work=work) == trade

    def test_certificate_in_another_trade(self) -> None:
        """A certificate in another trade pays in the CRS and does not serve the class."""
        work = [job(D(2022, 1, 1), noc="72200", qualified_on=D(2020, 1, 1))]
        held = [{"noc2021": "72410", "authority": "ON", "issued_on": D(2020, 1, 1)}]

        assert says(DAY, "trade_certificate", work=work, certificates=held) is False
        assert says(DAY, "certificate_of_qualification", work=work, certificates=held) is True

    def test_the_trade_that_goes_furthest(self) -> None:
        """Of two trades with two years each, the one with a certificate."""
        since = D(2018, 1, 1)
        work = [
            job(D(2021, 10, 1), D(2024, 3, 1), noc="72200", qualified_on=since),
            job(D(2024, 3, 2), D(2026, 6, 1), noc="72410", qualified_on=since),
        ]
        held = [{"noc2021": "72410", "authority": "ON", "issued_on": D(2020, 1, 1)}]

        assert says(DAY, "trade_noc", work=work) == "72200"
        assert says(DAY, "trade_noc", work=work, certificates=held) == "72410"


class TestCategoryMonths:
    """Months by occupation."""

    def test_counts(self) -> None:
        """Months of 130 hours in three years: all, in one run, and in Canada."""
        work = [job(D(2024, 1, 1), D(2024, 12, 31)), here(D(2025, 6, 1), D(2025, 9, 10))]

        assert says(DAY, "category_months", work=work, status=ALWAYS) == [
            {"noc": "21231", "months": 15, "run": 12, "canada_months": 3}
        ]

    def test_window(self) -> None:
        """Three years back and no further; never above 36."""
        assert says(DAY, "category_months", work=[job(D(2000, 1, 1))])[0]["months"] == 36
        assert says(DAY, "category_months", work=[job(D(2020, 1, 1), D(2023, 9, 30))]) == []

    def test_the_data_scientist(self) -> None:
        """Six months of continuous work are a run of six."""
        work = [job(D(2023, 9, 1), D(2024, 3, 10), noc="21211")]
        expected = {"noc": "21211", "months": 6, "run": 6, "canada_months": 0}

        assert says(D(2024, 4, 11), "category_months", work=work) == [expected]

    def test_before_the_noc_2021(self) -> None:
        """Categories came later and name codes of 2021 only."""
        assert says(D(2022, 11, 15), "category_months", work=[job(D(2020, 1, 1), noc2016="2173")]) == []

    def test_military(self) -> None:
        """Service is counted in whole years of one run."""
        service = [
            job(D(2010, 3, 1), D(2018, 2, 28), noc="42102", recognized_military=True),
            job(D(2018, 3, 1), noc="43204", recognized_military=True),
        ]

        assert says(D(2020, 2, 29), "military_years", work=service) == 9
        assert says(D(2020, 3, 1), "military_years", work=service) == 10

    def test_service_that_has_ended(self) -> None:
        """The department's page says “is serving”: until the last day it counts, then it is read both ways."""
        service = [job(D(2010, 3, 1), D(2026, 2, 28), noc="42102", recognized_military=True)]

        assert says(D(2026, 2, 28), "military_years", work=service) == 15
        assert could_say(D(2026, 3, 1), "military_years", work=service) == [0, 16]
        assert [doubt.id for doubt in derived(D(2026, 3, 1), work=service).doubts] == ["still_serving"]


class TestPartner:
    """The partner's work."""

    def test_counts_where_the_partner_does(self) -> None:
        """Years for the CRS, and a year at any level for the 67-point grid."""
        work = [here(D(2022, 1, 1), D(2023, 6, 1), noc="65100"), here(D(2024, 1, 1))]
        who = partner(work=work, status=ALWAYS)

        assert says(DAY, "partner_canadian_work_years", partner=who) == 2
        assert says(DAY, "partner_canadian_work_any", partner=who) is True
        assert says(DAY, "partner_canadian_work_any", partner=partner(work=work[:1], status=ALWAYS)) is True
        assert says(DAY, "partner_canadian_work_years", partner=partner(work=work[:1], status=ALWAYS)) == 0

    def test_not_accompanying(self) -> None:
        """A partner who does not come has no columns."""
        who = partner(work=[here(D(2024, 1, 1))], status=ALWAYS, accompanying=False)

        assert says(DAY, "partner_canadian_work_years", partner=who) is None
        assert says(DAY, "partner_canadian_work_any", partner=who) is None

    def test_own_doubt(self) -> None:
        """The partner's missing permits are the partner's doubt, under its own name."""
        found = derived(DAY, work=[here(D(2024, 1, 1))], partner=partner(work=[here(D(2024, 1, 1))]))

        assert {doubt.id for doubt in found.doubts} == {"status", "status:partner"}
        assert len(found.readings) == 4

    def test_one_law_for_both(self) -> None:
        """A doubt of the law is read alike for both partners."""
        mine, theirs = job(D(2023, 3, 1), hours=30), here(D(2023, 3, 1), hours=30)
        found = derived(D(2024, 2, 28), work=[mine], partner=partner(work=[theirs], status=ALWAYS))

        assert [
            (one.facts["foreign_work_years"], one.facts["partner_canadian_work_years"]) for one in found.readings
        ] == [(1, 1), (0, 0)]


class TestReasons:
    """Why."""

    def test_work_names_jobs_and_rule(self) -> None:
        """The reason names the jobs that count, the hours, and the rule, in both languages."""
        why = derived(DAY, work=[job(D(2024, 1, 1)), here(D(2020, 1, 1), D(2020, 6, 1))], status=ALWAYS).because

        assert "job 1 (Software engineers and designers)" in why["foreign_work_years"].text.en
        assert "job 2" not in why["foreign_work_years"].text.en
        assert "1 560 heures" in why["foreign_work_years"].text.fr

    @pytest.mark.parametrize(
        ("more", "status", "english", "french"),
        [
            ({"self_employed": True}, ALWAYS, "self-employed", "à son compte"),
            ({"full_time_student": True}, ALWAYS, "while a full-time student", "pendant des études à temps plein"),
            ({}, [], "days without authority to work", "des jours sans autorisation de travailler"),
            ({"noc": "65100"}, ALWAYS, "an occupation that does not count", "une profession qui ne compte pas"),
            ({}, [permit(D(2010, 1, 1), kind="refugee_claimant")], "as a refugee claimant", "comme demandeur d'asile"),
        ],
    )
    def test_why_work_is_not_counted(self, more: dict[str, Any], status: Any, english: str, french: str) -> None:
        """Work in Canada that does not count is named with the true reason."""
        refused = here(D(2024, 1, 1), D(2024, 12, 31), **more)
        alone = derived(DAY, work=[refused], status=status).because["canadian_work_years"].text

        assert alone.en.startswith("no job counts: job 1 (")
        assert alone.en.endswith(f"), {english}")
        assert alone.fr.startswith("aucun emploi ne compte : emploi 1 (")
        assert alone.fr.endswith(f"), {french}")

    def test_work_that_counts_comes_first(self) -> None:
        """Beside work that counts, the other is named after the rule."""
        work = [here(D(2024, 1, 1), D(2024, 12, 31), self_employed=True), here(D(2025, 6, 1))]
        why = derived(DAY, work=work, status=ALWAYS).because["canadian_work_years"].text

        assert "before 2026-10-01: job 2 (" in why.en
        assert why.en.endswith("; not counted: job 1 (Software engineers and designers), self-employed")
        assert "; non comptés : emploi 1 (" in why.fr

    def test_two_reasons_of_one_job(self) -> None:
        """A job whose days differ has both reasons; one outside the ten years has none."""
        ended = here(D(2014, 1, 1), D(2015, 1, 1), self_employed=True)
        held = [permit(D(2024, 1, 1), D(2024, 6, 30)), permit(D(2024, 7, 1), kind="none")]
        why = derived(
            DAY, work=[here(D(2024, 1, 1), D(2024, 12, 31), full_time_student=True), ended], status=held
        ).because

        assert why["canadian_work_years"].text.en == (
            "no job counts: job 1 (Software engineers and designers), while a full-time student and days without "
            "authority to work"
        )

    @given(profile=dated_profiles(), on=days())
    @settings(max_examples=often(60))
    def test_a_reason_for_all_that_is_left_out_and_for_no_other(self, profile: Profile, on: date) -> None:
        """Of the work at the place of a measure each piece is taken or has a reason, and never both."""
        work, law = PersonWork(profile.person, load_law(), profile.person.certificates), load_law()
        for chosen in islice(combinations(work.doubts.values()), 8):
            counting = work.counting(on, chosen)
            for row in law.measures.on(on):
                if row.whose == "person" and row.counts == "work":
                    placed = [one for one in counting.stretches if row.where in (one.where, "anywhere")]
                    refused = [one for one in placed if counting.left_out(row, one)]
                    assert [one for one in placed if not counting.takes(row, one)] == refused


class TestShared:
    """What the readings of one person share is what each would count alone."""

    @given(profile=dated_profiles(), on=days())
    @settings(max_examples=often(60))
    def test_each_as_if_alone(self, profile: Profile, on: date) -> None:
        """Every combination of doubts gives the facts that work prepared for it alone gives, trades included."""
        me, law = profile.person, load_law()
        shared = PersonWork(me, law, me.certificates)

        for chosen in islice(combinations(shared.doubts.values()), 64):
            alone = PersonWork(me, law, me.certificates)
            assert shared.facts(on, chosen) == alone.facts(on, chosen)
            assert OccupationMonths(shared).facts(on, chosen) == OccupationMonths(alone).facts(on, chosen)
            ours, theirs = shared.counting(on, chosen), alone.counting(on, chosen)
            assert {code: one.sums for code, one in ours.trades.items()} == {
                code: one.sums for code, one in theirs.trades.items()
            }
