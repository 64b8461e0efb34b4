"""The timeline: every day on which something changes, and only those; the day before a boundary, and the day itself."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.advise.timeline import days as days_module
from expressentry.advise.timeline.days import TimelineEvent, timeline
from expressentry.advise.timeline.documents import KINDS, document_dates
from expressentry.advise.timeline.reasons import reasons
from expressentry.advise.timeline.snapshot import DaySnapshot, DaySnapshots
from expressentry.assess.person.readings import Assessor
from expressentry.errors import UsageError
from expressentry.factors.derive import Derived, derive
from expressentry.factors.derive.days import prepared, same_until
from expressentry.law.load import load_law
from expressentry.present.text.timeline import changes
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from tests.often import often
from tests.profiles import (
    dated_profiles,
    days,
    degree,
    here,
    job,
    made,
    offer,
    partner,
    permit,
    relative,
    report,
    studied,
)

PEOPLE = Path(__file__).parents[2] / "examples/people"
DAY = timedelta(days=1)
START, UNTIL = date(2026, 10, 1), date(2028, 10, 1)


@pytest.fixture(autouse=True)
def without_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at every day, however many questions are open: what is left out is tested by itself."""
    monkeypatch.setattr(days_module, "_effort", lambda *_: 10**12)


def fresh(profile: Profile, day: date) -> Derived:
    """What a profile says on a day, with nothing kept of another."""
    prepared(profile, load_law()).forget()
    return derive(profile, day)


def every_day(profile: Profile, start: date, until: date) -> list[tuple[date, DaySnapshot, DaySnapshot, Any]]:
    """The same without any cleverness: each day assessed by itself and compared with the day before."""
    assessor, snapshots, law = Assessor(profile), DaySnapshots(), load_law()
    dates = document_dates(profile, start, until, law)
    found, before, day = [], snapshots.of(assessor.under(fresh(profile, start), law.on(start))), start
    while day < until:
        day += DAY
        after = snapshots.of(assessor.under(fresh(profile, day), law.on(day)))
        if day in dates or after != before:
            found.append((day, before, after, reasons(before, after, dates.get(day, ()))))
        before = after
    return found


def check(profile: Profile, start: date, until: date) -> None:
    """The timeline is that of every day, and each of its days says why."""
    found = timeline(profile, start, until)

    assert [(one.date, one.before, one.after, one.causes) for one in found] == every_day(profile, start, until)
    for event in found:
        assert event.causes, event.date
        assert all(cause.kind in KINDS and cause.text.en and cause.text.fr for cause in event.causes)


def _half(noc: str) -> dict[str, Any]:
    """Half a job in Canada, ended: two of them are one."""
    return here(date(2024, 1, 10), date(2026, 2, 20), hours=15, noc=noc, full_time_student=False)


class TestExact:
    """Equal to assessing every single day."""

    @pytest.mark.parametrize("name", ["couple", "electrician", "engineer", "graduate", "nurse"])
    def test_examples(self, name: str) -> None:
        """The five people of the examples, over two years."""
        check(read_profile(PEOPLE / f"{name}.toml"), START, UNTIL)

    @given(dated_profiles(), days(date(2015, 1, 1), date(2028, 1, 1)))
    @settings(max_examples=often(18))
    def test_any_profile(self, profile: Profile, start: date) -> None:
        """Any profile over two years, whatever the first day."""
        check(profile, start, start + timedelta(days=731))

    @pytest.mark.long
    @given(dated_profiles(), days(date(2015, 1, 1), date(2028, 1, 1)))
    @settings(max_examples=500)
    def test_many_profiles(self, profile: Profile, start: date) -> None:
        """The same of five hundred."""
        check(profile, start, start + timedelta(days=731))

    @given(dated_profiles(), days(date(2015, 1, 1), date(2028, 1, 1)))
    @settings(max_examples=often(60))
    def test_horizon(self, profile: Profile, on: date) -> None:
        """Until the day that `same_until` names, what a profile says is the same."""
        found = derive(profile, on)
        until = same_until(profile, found, load_law())

        assert until > on
        for n in range(1, min((until - on).days, 200)):
            day = fresh(profile, on + timedelta(days=n))
            assert (day.readings, day.doubts) == (found.readings, found.doubts)

    @given(dated_profiles(), days(date(2015, 1, 1), date(2028, 1, 1)))
    @settings(max_examples=often(60))
    def test_horizon_of_answers(self, profile: Profile, on: date) -> None:
        """Where months count only as far as a category asks for them, all else is the same until the day named."""
        law, snapshots, assessor = load_law(), DaySnapshots(), Assessor(profile)
        first = derive(profile, on)
        found, until = snapshots.of(assessor.under(first, law.on(on))), same_until(profile, first, law, asked=True)

        assert until >= same_until(profile, first, law)
        for n in range(1, min((until - on).days, 200)):
            day = snapshots.of(assessor.under(fresh(profile, on + timedelta(days=n)), law.on(on)))
            assert (day.facts, day.categories, day.programs) == (found.facts, found.categories, found.programs)

    @given(dated_profiles(), st.lists(days(date(2015, 1, 1), date(2028, 1, 1)), min_size=2, max_size=8))
    @settings(max_examples=often(60))
    def test_any_order_of_days(self, profile: Profile, asked: list[date]) -> None:
        """What is kept of some days makes no difference on others, near or far, before or after."""
        near = [day + timedelta(days=n) for day in asked for n in (0, 3, 1, 40)]
        found = [derive(profile, day) for day in near]

        for day, one in zip(near, found, strict=True):
            by_itself = fresh(profile, day)
            assert (one.readings, one.doubts, one.possible) == (
                by_itself.readings,
                by_itself.doubts,
                by_itself.possible,
            )

    @pytest.mark.parametrize(
        ("profile", "first"),
        [
            (made(work=[job(date(2018, 7, 2))]), date(2027, 12, 1)),
            (made(work=[job(date(2015, 3, 1), date(2019, 2, 28)), job(date(2024, 2, 29))]), date(2027, 12, 1)),
            (made(work=[_half("21231"), _half("21211")], status=[permit(date(2020, 1, 1))]), date(2027, 2, 1)),
            (made(work=[job(date(2024, 1, 31), date(2025, 8, 30), hours=17)]), date(2026, 12, 1)),
        ],
        ids=["leap day", "leap day behind", "two halves", "part time"],
    )
    def test_horizon_by_hand(self, profile: Profile, first: date) -> None:
        """Around a leap day, and where only the sum of two jobs makes a year, no change comes before it is named."""
        found = derive(profile, first)
        until, changed = same_until(profile, found, load_law()), 0
        for n in range(1, 200):
            day = fresh(profile, first + timedelta(days=n))
            if day.readings != found.readings:
                assert day.on >= until
                changed += 1
            if day.on >= until:
                found, until = day, same_until(profile, day, load_law())

        assert changed

    @pytest.mark.parametrize("start", [date(2025, 2, 17), date(2025, 7, 24)])
    def test_two_trades(self, start: date) -> None:
        """The trade that goes furthest changes on a day that no first day hides: when the years of the other fall."""
        away = [{"from": date(2021, 10, 3), "to": date(2022, 9, 2)}]
        pipes = job(
            date(2020, 1, 7), date(2023, 9, 4), hours=30, noc="72410", qualified_on=date(2020, 2, 29), leave=away
        )
        wires = job(date(2022, 11, 16), hours=20, noc="72200", qualified_on=date(2022, 11, 16))

        check(made(work=[pipes, wires]), start, date(2026, 8, 1))

    def test_days_of_the_law(self) -> None:
        """The law never changes on a day that is not among its days."""
        law, day, before = load_law(), date(2015, 1, 1), None
        known = {*law.days, *law.selection_days}
        while day < date(2027, 1, 1):
            rules = law.on(day)
            now = rules.crs, rules.established, rules.selection
            assert now == before or day in known
            before, day = now, day + DAY


def on(found: tuple[TimelineEvent, ...], day: date) -> TimelineEvent:
    """The event of a day."""
    return next(event for event in found if event.date == day)


def said(event: TimelineEvent) -> str:
    """All causes of a day in English."""
    return "; ".join(cause.text.en for cause in event.causes)


def alone(day: date, **facts: Any) -> TimelineEvent:
    """The event of one day; on the days around it there is none."""
    profile = made(birth_date=date(1993, 1, 1), **facts)
    found = timeline(profile, day - 2 * DAY, day + DAY)
    assert [event.date for event in found] == [day]
    return found[0]


class TestBoundaries:
    """What changes on which day: nothing the day before, something on it."""

    def test_birthday(self) -> None:
        """A birthday of no consequence is a day too; one that costs points says how many."""
        found = timeline(made(birth_date=date(1997, 4, 12)), date(2026, 4, 11), date(2027, 4, 12))

        assert [(event.date, event.change) for event in found if event.causes[0].kind == "age"] == [
            (date(2026, 4, 12), 0),
            (date(2027, 4, 12), -5),
        ]
        assert said(found[-1]) == "you turn 30"

    def test_born_on_a_leap_day(self) -> None:
        """Who is born on 29 February is older on 1 March of a common year."""
        found = timeline(made(birth_date=date(1996, 2, 29)), date(2027, 1, 1), date(2028, 12, 31))

        assert [event.date for event in found] == [date(2027, 3, 1), date(2028, 2, 29)]

    def test_test_expires(self) -> None:
        """Results count to the day before their second anniversary."""
        event = alone(date(2027, 3, 15), tests=[report(date(2025, 3, 15), 9)])

        assert (event.before.sections["core"], event.after.sections["core"]) == ((207,), (83,))
        assert "expire after 2 years" in said(event)

    def test_assessment_expires(self) -> None:
        """An assessment counts to the day before its fifth anniversary."""
        event = alone(date(2028, 2, 10), credentials=[degree("masters", date(2020, 1, 1), date(2023, 2, 10))])

        assert event.before.facts["education"] == ("masters",)
        assert event.after.facts["education"] == ("none",)
        assert "WES" in said(event)

    def test_assessment_that_carries_nothing(self) -> None:
        """A document that expires beside a better one is a day on which no answer changes."""
        credentials = [degree("secondary", date(2010, 1, 1), date(2023, 2, 10)), studied("masters", date(2020, 1, 1))]

        assert not alone(date(2028, 2, 10), credentials=credentials).answers_change

    def test_year_of_work(self) -> None:
        """1,560 hours make a year; twelve calendar months a day or two later; between them the score is open."""
        found = timeline(made(work=[job(date(2026, 1, 5))]), date(2026, 12, 1), date(2027, 2, 1))
        counted = [
            (event.date, event.after.facts["foreign_work_years"])
            for event in found
            if event.before.facts["foreign_work_years"] != event.after.facts["foreign_work_years"]
        ]

        assert counted == [(date(2027, 1, 4), (1, 0)), (date(2027, 1, 5), (1,))]
        assert "Foreign work experience: 0 → 0 or 1 (years)" in said(on(found, date(2027, 1, 4)))

    def test_work_leaves_its_window(self) -> None:
        """Work of ten years ago leaves its window, and the answer says so."""
        found = timeline(made(work=[job(date(2017, 1, 2), date(2018, 1, 1))]), date(2026, 12, 1), date(2027, 2, 1))

        assert "some work is now more than 10 years old" in said(on(found, date(2027, 1, 3)))

    def test_child_of_twenty_two(self) -> None:
        """A child is dependent to the day before it turns 22."""
        event = alone(date(2027, 6, 6), children=[{"birth_date": date(2005, 6, 6)}])

        assert (event.before.facts["family_size"], event.after.facts["family_size"]) == ((2,), (1,))

    def test_last_authorised_day(self) -> None:
        """Work in Canada goes on to the last authorised day; whether it counts from then on cannot be told."""
        work, status = [here(date(2025, 10, 1), full_time_student=False)], [permit(date(2025, 1, 1), date(2026, 8, 31))]
        found = timeline(made(work=work, status=status), date(2026, 8, 1), date(2026, 11, 1))
        ended = on(found, date(2026, 9, 1))

        assert not ended.answers_change
        assert "we need one more fact, the permit" in said(ended)
        assert any(event.after.facts["canadian_work_years"] == (1, 0) for event in found)
        assert any(cause.kind == "open" and cause.field == "status" for event in found for cause in event.causes)

    def test_a_gap_between_permits_is_named_where_it_decides(self) -> None:
        """Where an open question decides a count that changes, it is named, though it was open before."""
        work = [here(date(2025, 9, 20), full_time_student=False)]
        status = [permit(date(2025, 9, 1), date(2026, 3, 31)), permit(date(2026, 5, 1))]
        found = timeline(made(work=work, status=status), date(2026, 8, 1), date(2026, 12, 1))
        named = [event for event in found for cause in event.causes if "depends on an open question" in cause.text.en]

        # 1,560 hours: with April after 52 weeks, without its 30 days as many days later
        assert date(2026, 9, 19) in [event.date for event in named]
        assert all(len(event.after.facts["canadian_work_years"]) == 2 for event in named if event.date.month == 9)
        assert all("in April 2026" in said(event) or "30 April 2026" in said(event) for event in named)

    @pytest.mark.parametrize(
        ("day", "facts"),
        [
            (date(2027, 5, 5), {"partner": partner(**{"from": date(2027, 5, 5)})}),
            (date(2027, 5, 5), {"children": [{"birth_date": date(2027, 5, 5)}]}),
            (date(2027, 5, 5), {"relatives": [relative(birth_date=date(2009, 5, 5))]}),
            (date(2027, 5, 5), {"status": [permit(date(2020, 1, 1), date(2027, 5, 4))]}),
            (date(2027, 5, 5), {"job_offers": [offer(date(2020, 1, 1), to=date(2027, 5, 4))]}),
            (date(2027, 5, 5), {"credentials": [studied("masters", date(2027, 5, 5))]}),
            (date(2027, 5, 5), {"credentials": [studied("masters", None, to=date(2027, 5, 5))]}),
            (date(2027, 5, 5), {"funds": [{"on": date(2027, 5, 5), "amount_cad": 20000}]}),
        ],
    )
    def test_documents(self, day: date, facts: dict[str, Any]) -> None:
        """Each kind of paper begins or ends on its day and on no other."""
        assert alone(day, **facts).causes

    def test_nomination(self) -> None:
        """A nomination pays from its acceptance to its last day."""
        held = {"kind": "enhanced", "province": "ON", "accepted_on": date(2027, 5, 5), "expires_on": date(2027, 11, 4)}
        found = timeline(made(birth_date=date(1993, 1, 1), nominations=[held]), date(2027, 5, 4), date(2027, 12, 1))

        assert [(event.date, event.change) for event in found] == [
            (date(2027, 5, 5), 600),
            (date(2027, 11, 5), -600),
        ]

    def test_category_gained(self) -> None:
        """The month that makes a category is named; months that decide nothing are no days of their own."""
        work = [job(date(2025, 12, 1), noc="31301")]
        found = timeline(made(birth_date=date(1993, 1, 1), work=work, tests=[]), date(2026, 4, 1), date(2026, 12, 31))
        gained = [event for event in found if event.before.categories != event.after.categories]

        assert gained
        assert any("31301" in said(event) for event in gained)
        assert all(
            event.answers_change or event.before.facts != event.after.facts or event.before.law != event.after.law
            for event in found
        )

    def test_law(self) -> None:
        """A grid that takes effect, and law whose content is not established, are days."""
        paid = timeline(made(birth_date=date(1993, 1, 1)), date(2025, 3, 24), date(2025, 3, 25))
        flagged = timeline(made(birth_date=date(1993, 1, 1)), date(2026, 11, 2), date(2026, 11, 3))

        assert [said(event) for event in paid] == ["new CRS rules: grid of 25 March 2025"]
        assert [event.causes[0].kind for event in flagged] == ["law"]
        assert flagged[0].before.rules.established
        assert not flagged[0].after.rules.established


class TestWindows:
    """The profile's year and the invitation's days."""

    def test_profile_year(self) -> None:
        """A profile is valid for all of the day one year after its submission."""
        submitted = datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)
        found = timeline(made(birth_date=date(1993, 1, 1)), date(2027, 2, 1), date(2027, 4, 1), submitted=submitted)

        assert [(event.date, event.causes[0].kind) for event in found] == [(date(2027, 3, 3), "profile")]

    def test_invitation(self) -> None:
        """Sixty days, the first of them the day after the invitation: the window has passed on the day after."""
        found = timeline(
            made(birth_date=date(1993, 1, 1)), date(2026, 8, 1), date(2026, 10, 31), invited=date(2026, 8, 10)
        )

        assert [event.date for event in found] == [date(2026, 10, 10)]


class TestRefused:
    """What is no time to look at."""

    def test_backwards(self) -> None:
        """A last day before the first."""
        with pytest.raises(UsageError, match="2026-10-01"):
            timeline(made(), date(2026, 10, 1), date(2026, 9, 30))

    def test_too_long(self) -> None:
        """More than twenty years."""
        with pytest.raises(UsageError, match="20 years"):
            timeline(made(), date(2026, 10, 1), date(2046, 10, 2))

    def test_empty(self) -> None:
        """A single day has no day after it."""
        assert timeline(made(), START, START) == ()


@given(dated_profiles(), st.data())
@settings(max_examples=often(20))
def test_a_part_of_a_timeline_is_the_timeline_of_the_part(profile: Profile, data: st.DataObject) -> None:
    """Where one starts and stops does not change the days between."""
    first = data.draw(days(date(2016, 1, 1), date(2027, 1, 1)))
    middle = first + timedelta(days=data.draw(st.integers(0, 300)))
    last = middle + timedelta(days=data.draw(st.integers(0, 300)))

    assert timeline(profile, first, last) == timeline(profile, first, middle) + timeline(profile, middle, last)


def test_an_assessment_is_called_as_a_person_calls_it() -> None:
    """By the year and the level of the credential and the code of the body, in both languages; not by its number."""
    assessed = degree("three_year", date(2017, 6, 1), date(2026, 3, 5))
    assessed["assessments"][0]["body"] = "world education services"
    told = [
        cause.text
        for causes in document_dates(
            made(credentials=[assessed]), date(2026, 1, 1), date(2036, 1, 1), load_law()
        ).values()
        for cause in causes
        if cause.field and "assessments" in cause.field
    ]

    assert [text.en for text in told] == [
        "WES assesses your 2017 bachelor's (or three-year program)",
        "the assessment of your 2017 bachelor's (or three-year program) by WES expires after 5 years",
    ]
    assert told[1].fr == (
        "l'évaluation par WES expire après 5 ans : votre diplôme de 2017 (licence, bachelor ou programme de trois ans)"
    )


def test_a_range_that_stays_is_not_told_as_a_change() -> None:
    """Where only a value between the ends goes, no section "changes" from 263–287 to 263–287."""
    graduate = made(
        birth_date=date(1995, 2, 2),
        tests=[report(date(2026, 1, 5), 8)],
        credentials=[studied("masters", date(2025, 6, 15))],
        work=[here(date(2025, 9, 1), full_time_student=False)],
        status=[permit(date(2025, 8, 1), date(2027, 7, 31), "post_graduation")],
    )
    found = timeline(graduate, date(2028, 8, 20), date(2028, 9, 5))
    told = [text for event in found for text in changes(event)]

    assert any(
        event.before.totals != event.after.totals
        and (event.before.totals[0], event.before.totals[-1]) == (event.after.totals[0], event.after.totals[-1])
        for event in found
    )
    assert told
    for text in told:
        old, new = text.en.split(": ")[-1].split(" → ")
        assert old != new
