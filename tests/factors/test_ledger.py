"""The ledger of work: exact, and equal to counting day by day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.dates import anniversary, completed_years, months_on
from expressentry.factors.derive import derive
from expressentry.factors.derive.ledger import Ledger, Units, runs, without
from expressentry.law.load import load_law
from expressentry.noc.codes import skilled, to_2016, to_2021
from expressentry.profile.model import Job, Profile, Status
from tests.often import often
from tests.profiles import dated_profiles, days

UNITS = Units.of(load_law().evidence.on(date(2020, 1, 6)))
FULL_TIME, YEAR, MONTH = UNITS.full_time, UNITS.year, UNITS.month
START = date(2020, 1, 6).toordinal()  # a Monday
PIECE = st.tuples(st.integers(0, 900), st.integers(0, 500), st.sampled_from((700, 1500, 3000, 4000)))
PIECES = st.lists(PIECE, max_size=6).map(lambda all_: [(START + a, START + a + b, rate) for a, b, rate in all_])


class TestLedger:
    """What counts between two days."""

    def test_a_year_is_1560_hours(self) -> None:
        """Thirty hours a week are a year after 364 days, not after 363."""
        ledger = Ledger([(START, START + 2000, FULL_TIME)], UNITS)

        assert ledger.years(START, START + 363, "hours") == 0
        assert ledger.years(START, START + 364, "hours") == 1
        assert (YEAR, MONTH * 12) == (364 * FULL_TIME, YEAR)

    def test_a_year_of_the_calendar(self) -> None:
        """Twelve months end on the same day of the next year, a leap day included."""
        ledger = Ledger([(START, START + 2000, FULL_TIME)], UNITS)

        assert ledger.years(START, START + 365, "calendar") == 0
        assert ledger.years(START, START + 366, "calendar") == 1

    def test_overlap(self) -> None:
        """Two jobs at once never make more than full time; two half-time jobs make one full-time job."""
        double = Ledger([(START, START + 364, FULL_TIME), (START, START + 364, FULL_TIME)], UNITS)
        halves = Ledger([(START, START + 364, FULL_TIME // 2), (START, START + 364, FULL_TIME // 2)], UNITS)

        assert double.years(0, START + 1000, "hours") == 1
        assert halves.years(0, START + 1000, "hours") == 1

    def test_full_time_only(self) -> None:
        """Where the law asks for full-time work, days below thirty hours count for nothing."""
        ledger = Ledger([(START, START + 364, 2900), (START + 364, START + 728, 3700)], UNITS, full_time_only=True)

        assert ledger.total(START, START + 364) == 0
        assert ledger.years(START, START + 728, "hours") == 1

    @given(PIECES, st.integers(-10, 1500), st.integers(-10, 1500))
    @settings(max_examples=often(300))
    def test_total_is_the_sum_of_the_days(self, pieces: list[tuple[int, int, int]], a: int, b: int) -> None:
        """The swept ledger equals a loop over the days."""
        first, last = START + a, START + b
        slow = sum(
            min(FULL_TIME, sum(rate for start, end, rate in pieces if start <= day < end)) for day in range(first, last)
        )

        assert Ledger(pieces, UNITS).total(first, last) == slow

    @given(PIECES, st.integers(0, 1500))
    @settings(max_examples=often(300))
    def test_years_and_months_grow_with_time(self, pieces: list[tuple[int, int, int]], b: int) -> None:
        """Another day never takes a completed year or month away, under either rule."""
        ledger = Ledger(pieces, UNITS)
        for rule in ("hours", "calendar"):
            for count in (ledger.years, ledger.months):
                assert count(0, START + b, rule) <= count(0, START + b + 1, rule)

    @given(PIECES)
    @settings(max_examples=often(200))
    def test_first(self, pieces: list[tuple[int, int, int]]) -> None:
        """The first day with work is found from any day on."""
        worked = {day for start, end, _ in pieces for day in range(start, end)}
        ledger = Ledger(pieces, UNITS)
        for day in (START, START + 250, START + 700):
            later = [one for one in worked if one >= day]
            assert not later or ledger.first(day) == min(later)


class TestRuns:
    """What is continuous."""

    def test_a_weekend_is_no_gap(self) -> None:
        """Friday to Monday joins; Friday to Tuesday does not; one lost weekday does not."""
        friday = date(2024, 1, 5).toordinal()

        assert runs([(friday - 10, friday + 1), (friday + 3, friday + 9)]) == [(friday - 10, friday + 9)]
        assert len(runs([(friday - 10, friday + 1), (friday + 4, friday + 9)])) == 2
        assert len(runs([(friday - 10, friday), (friday + 1, friday + 9)])) == 2

    def test_overlap_and_touch(self) -> None:
        """Spans that overlap or meet are one run, in any order."""
        assert runs([(5, 9), (1, 5), (8, 20)]) == [(1, 20)]

    @given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6))
    def test_holes(self, holes: list[tuple[int, int]]) -> None:
        """Cutting out intervals leaves just the days that are in none of them."""
        cut = [(a, a + b) for a, b in holes]
        left = {day for start, end in without((10, 50), cut) for day in range(start, end)}

        assert left == set(range(10, 50)) - {day for start, end in cut for day in range(start, end)}


class TestDates:
    """The house's date arithmetic at its edges."""

    def test_leap_day(self) -> None:
        """29 February is a year older on 1 March, and goes back to 1 March."""
        assert completed_years(date(2000, 2, 29), date(2018, 2, 28)) == 17
        assert completed_years(date(2000, 2, 29), date(2018, 3, 1)) == 18
        assert completed_years(date(2000, 2, 29), date(2020, 2, 29)) == 20
        assert anniversary(date(2024, 2, 29), -10) == date(2014, 3, 1)
        assert months_on(date(2023, 12, 31), 2) == date(2024, 3, 1)
        assert months_on(date(2023, 12, 31), 1) == date(2024, 1, 31)

    @given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(-120, 120))
    def test_months(self, day: date, months: int) -> None:
        """Months on, a day is in the right month, or the first of the one after."""
        on = months_on(day, months)
        expected = day.year * 12 + day.month - 1 + months
        found = on.year * 12 + on.month - 1

        assert (found == expected and on.day == day.day) or (found == expected + 1 and on.day == 1 < day.day)


def worked_on(job: Job, day: date) -> bool:
    """Whether a job was worked on a day."""
    if day < job.start or (job.end is not None and day > job.end):
        return False
    return not any(leave.start <= day and (leave.end is None or day <= leave.end) for leave in job.leave)


def rate_on(job: Job, day: date) -> int:
    """The hours a week of a day, in hundredths: of the last entry that begins by then, if it has not ended."""
    begun = [one for one in job.varying_hours if one.start <= day]
    last = max(begun, key=lambda one: one.start, default=None)
    varies = last is not None and (last.end is None or day <= last.end)
    return round((last.hours_per_week if varies and last else job.hours_per_week) * 100)


def held_on(status: tuple[Status, ...], day: date) -> list[Status]:
    """The entries that cover a day."""
    return [one for one in status if one.start <= day and (one.end is None or day <= one.end)]


def authority_of(profile: Profile, job: Job, day: date) -> tuple[str, bool, str]:
    """What a day of a job in Canada stands on, whether beside a study permit, and the doubt; found for each day."""
    if profile.person.status is None:
        return "unknown", False, "status"
    status = tuple(profile.person.status)
    if not status:
        return "none", False, ""
    held = {kind_of(one, status, job) for one in held_on(status, day)}
    for best in BEST_FIRST:
        if best in held:
            return best, "study" in held, "status" if best == "unknown" else ""
    over = [one.end for one in status if one.end is not None and one.end < day]
    between = over and any(one.start > day for one in status)
    return "unknown", False, f"gap:{max(over) + timedelta(days=1)}" if between else "status"


BEST_FIRST = ("claimant", "permit", "study", "unknown", "none")


def kind_of(one: Status, status: tuple[Status, ...], job: Job) -> str:
    """The standing that an entry gives to a job."""
    if one.kind == "maintained":
        day = one.start - timedelta(days=1)
        before = [other for other in status if other.start < one.start]
        last = min(day, max((other.end or day for other in before), default=day))
        kinds = {kind_of(other, status, job) for other in held_on(tuple(before), last)}
        return next((best for best in BEST_FIRST if best in kinds), "unknown")
    if one.employers and job.employer and job.employer not in one.employers:
        return "none"
    return {"study_permit": "study", "refugee_claimant": "claimant", "visitor": "none", "none": "none"}.get(
        one.kind, "permit"
    )


def allowed(standing: str, doubt: str, assumed: Any) -> bool:
    """Whether a day of work was authorised, days without any permit as assumed."""
    if doubt:
        return bool(assumed.get(doubt, "authorised") == "authorised")
    return standing in ("permit", "study", "claimant")


def place_of(job: Job, on: date, assumed: Any) -> str:
    """Where work counts as done: work in Canada for an employer abroad as the day's reading has it."""
    if job.worked_in != "CA":
        return "foreign"
    if job.employer_country in (None, "CA"):
        return "canadian"
    if on < date(2024, 1, 30):
        return str(assumed.get("foreign_employer_canadian", "canadian"))
    return str(assumed.get("foreign_employer", "foreign"))


def is_skilled(job: Job, day: date, assumed: Any) -> bool:
    """Whether a job is skilled by the classification of a day."""
    version = load_law().noc_version(day)
    own, other = (job.noc2021, job.noc2016) if version == 2021 else (job.noc2016, job.noc2021)
    if own is not None:
        return skilled(own, version)
    counterparts = to_2021(other) if version == 2021 else to_2016(other)
    return skilled(assumed.get(f"noc:{other}", counterparts[0]), version)


def slow_years(profile: Profile, on: date, assumed: Any) -> dict[str, int]:
    """Completed years for the CRS and the CEC, counted by looking at every day."""
    start, recent = anniversary(on, -10), anniversary(on, -3)
    days = [start + timedelta(days=n) for n in range((on - start).days)]
    jobs = [job for job in profile.person.work if job.paid and is_skilled(job, on, assumed)]
    here: dict[date, int] = {}
    abroad: dict[str, dict[date, int]] = {}
    for job in jobs:
        place, code = place_of(job, on, assumed), occupation(job, on, assumed)
        ledger = here if place == "canadian" else abroad.setdefault(code, {})
        for day in days:
            if place == "neither" or not worked_on(job, day):
                continue
            if place == "foreign" or counts_here(profile, job, day, on, assumed):
                ledger[day] = ledger.get(day, 0) + rate_on(job, day)
    both: dict[date, int] = {}
    for one in abroad.values():
        for day, rate in one.items():
            both[day] = both.get(day, 0) + rate
    calendar = assumed.get("year_of_work") == "calendar"

    def years(rates: dict[date, int], first: date, until: date = on) -> int:
        listed = [min(rates.get(day, 0), 3000) for day in days if first <= day < until]
        return _slow(listed, first, calendar=calendar)

    longest = assumed.get("foreign_periods") == "longest"
    foreign = [
        years(one, first, until)
        for one in (abroad.values() if assumed.get("foreign_occupations") == "one" else [both])
        for first, until in (periods_of(one) if longest else [(start, on)])
    ]
    return {"canadian": years(here, start), "foreign": max(foreign, default=0), "cec": years(here, recent)}


def periods_of(rates: dict[date, int]) -> list[tuple[date, date]]:
    """The continuous periods of some days of work, each with the day after it."""
    return [(run[0], run[-1] + timedelta(days=1)) for run in walked({day for day, rate in rates.items() if rate})]


def counts_here(profile: Profile, job: Job, day: date, on: date, assumed: Any) -> bool:
    """Whether the CRS and the CEC count a day of a job in Canada, its occupation aside."""
    standing, beside_study, doubt = authority_of(profile, job, day)
    student = job.full_time_student
    if student is None:
        student = beside_study and assumed.get("student", "student") == "student"
    own_account = job.self_employed and not (job.publicly_funded_physician and on >= date(2023, 4, 25))
    return allowed(standing, doubt, assumed) and standing != "claimant" and not student and not own_account


def _slow(weekly: list[int], start: date, *, calendar: bool) -> int:
    """Completed years of days of work, each given in hundredths of an hour a week."""
    if not any(weekly):
        return 0
    if not calendar:
        return int(Fraction(sum(weekly), 7 * 100) / 1560)
    first = start + timedelta(days=next(n for n, rate in enumerate(weekly) if rate))
    full_days = Fraction(sum(weekly), 30 * 100)
    years = 0
    while full_days >= (anniversary(first, years + 1) - first).days:
        years += 1
    return years


@given(dated_profiles(), days(date(2015, 1, 1)))
@settings(max_examples=often(200))
def test_years_of_work_equal_those_counted_by_day(profile: Profile, on: date) -> None:
    """Canadian, foreign and CEC years of every reading equal a count over each day of ten years."""
    for reading in derive(profile, on).readings[:4]:
        slow = slow_years(profile, on, reading.assumed)

        assert reading.facts["canadian_work_years"] == slow["canadian"]
        assert reading.facts["foreign_work_years"] == slow["foreign"]
        assert reading.facts["cec_years_3y"] == min(slow["cec"], 3)


def year_in_canada(profile: Profile, on: date, assumed: Any) -> bool:
    """Whether the full-time days of work in Canada before a day are a year, found by looking at every day."""
    rates: dict[date, int] = {}
    for job in profile.person.work:
        here = place_of(job, on, assumed) == "canadian" or (
            job.worked_in == "CA" and assumed.get("any_employer", "counts") == "counts"
        )
        if not job.paid or not here or not is_skilled(job, on, assumed):
            continue
        day = job.start
        while day < on and (job.end is None or day <= job.end):
            standing, _, doubt = authority_of(profile, job, day)
            if worked_on(job, day) and allowed(standing, doubt, assumed):
                rates[day] = rates.get(day, 0) + rate_on(job, day)
            day += timedelta(days=1)
    full = {day: rate for day, rate in rates.items() if rate >= 3000}
    first = min(full, default=on)
    periods = periods_of(full) if assumed.get("canadian_periods") == "longest" else [(first, on)]
    calendar = assumed.get("year_of_work") == "calendar"
    return any(
        _slow(
            [3000 if start + timedelta(days=n) in full else 0 for n in range((end - start).days)],
            start,
            calendar=calendar,
        )
        for start, end in periods
    )


@given(dated_profiles(), days(date(2015, 1, 1)))
@settings(max_examples=often(150))
def test_a_year_in_canada_equals_one_counted_by_day(profile: Profile, on: date) -> None:
    """A year of full-time work in Canada, added up or in one period, in every reading."""
    found = derive(profile, on)
    for reading in (found.readings[0], *(one for one in found.readings if "canadian_periods" in one.assumed))[:5]:
        assert reading.facts["canadian_work_1y"] == year_in_canada(profile, on, reading.assumed)


def longest_run(profile: Profile, on: date, assumed: Any) -> int:
    """Years of the longest continuous work in one skilled occupation, found by walking through the days."""
    start = anniversary(on, -10)
    employed: dict[str, set[date]] = {}
    rates: Counter[tuple[str, date]] = Counter()
    for job in profile.person.work:
        if not job.paid or not is_skilled(job, on, assumed):
            continue
        code = occupation(job, on, assumed)
        day = max(start, job.start)
        while day < on and (job.end is None or day <= job.end):
            if counts_anywhere(profile, job, day, assumed):
                worked = worked_on(job, day)
                rates[code, day] += rate_on(job, day) if worked else 0
                if worked or assumed.get("leave_in_a_run") != "ends":
                    employed.setdefault(code, set()).add(day)
            day += timedelta(days=1)
    found = [
        _slow([min(rates[code, day], 3000) for day in run], run[0], calendar=assumed.get("year_of_work") == "calendar")
        for code, all_days in employed.items()
        for run in walked(all_days)
    ]
    return min(max(found, default=0), 10)


def walked(all_days: set[date]) -> list[list[date]]:
    """Days in runs, a Saturday or Sunday between two of them bridged."""
    found: list[list[date]] = []
    for day in sorted(all_days):
        gap = (day - found[-1][-1]).days - 1 if found else 0
        between = [day - timedelta(days=n) for n in range(gap, 0, -1)] if gap < 3 else []
        if not found or gap > len(between) or any(one.weekday() < 5 for one in between):
            found.append([day])
        else:
            found[-1] += [*between, day]
    return found


def occupation(job: Job, on: date, assumed: Any) -> str:
    """The code of a job in the classification of a day."""
    version = load_law().noc_version(on)
    own, other = (job.noc2021, job.noc2016) if version == 2021 else (job.noc2016, job.noc2021)
    counterparts = () if own else to_2021(other) if version == 2021 else to_2016(other)
    return str(own or assumed.get(f"noc:{other}", counterparts[0]))


def counts_anywhere(profile: Profile, job: Job, day: date, assumed: Any) -> bool:
    """Whether the regulations count a day of a job, unauthorised work being open."""
    if job.worked_in != "CA":
        return True
    standing, _, doubt = authority_of(profile, job, day)
    if doubt:
        return allowed(standing, doubt, assumed)
    return standing != "none" or assumed.get("unauthorised_work") == "counts"


@given(dated_profiles(), days(date(2015, 1, 1)))
@settings(max_examples=often(150))
def test_runs_equal_those_found_by_walking(profile: Profile, on: date) -> None:
    """The longest run of every reading equals one found by walking through ten years, weekends bridged."""
    for reading in derive(profile, on).readings[:2]:
        assert reading.facts["primary_continuous_years"] == longest_run(profile, on, reading.assumed)
