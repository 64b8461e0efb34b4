"""Any valid profile on any day: readings, doubts and reasons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.factors.check import read_factors
from expressentry.factors.derive import derive
from expressentry.factors.derive.combine import MOST_READINGS, combinations
from expressentry.factors.derive.days import prepared
from expressentry.factors.derive.model import Doubt
from expressentry.law.load import load_law
from expressentry.law.schema import FIRST_LANGUAGE
from expressentry.noc.codes import noc2016, to_2021
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile
from expressentry.text import Text
from tests.profiles import DAY, dated_facts, dated_profiles, days, derived, here, job, made, partner

COLUMNS = load_law().columns

PARTNER = ("partner_education", "partner_canadian_work_years")
BOTH_GRIDS = ("partner_canadian_study_2y", "partner_canadian_work_any")
UNKNOWN = ("cec_main_teer", "trade_noc", "funds_cad", "intends_quebec")


def check(found: dict[str, Any], on: date) -> None:
    """Every column is there, in its domain, and empty only where it may be."""
    read_factors(found, load_law().on(on).asked(programs=True, categories=True))
    assert set(found) == set(COLUMNS.by_name)
    for name, column in COLUMNS.by_name.items():
        if not column.when and column.empty != "no_test" and name not in (*UNKNOWN, FIRST_LANGUAGE):
            assert found[name] is not None, name
    counts = found["accompanied"] or found["partner_resident_abroad"]
    assert all((found[name] is not None) is found["accompanied"] for name in PARTNER)
    assert all((found[name] is not None) is counts for name in BOTH_GRIDS)
    for group in COLUMNS.groups.values():
        assert len({found[name] is None for name in group}) == 1


@given(dated_profiles(), days(date(2015, 1, 1)))
@settings(max_examples=300)
def test_any_profile_on_any_day(profile: Profile, on: date) -> None:
    """No crash, no value outside its column, no reading twice, and a doubt wherever there are two readings."""
    found = derive(profile, on)

    for reading in found.readings:
        check(dict(reading.facts), on)
        assert set(reading.assumed) == {doubt.id for doubt in found.doubts}
        assert all(reading.assumed[doubt.id] in doubt.options for doubt in found.doubts)
        assert reading.report_choices == () or len(reading.report_choices) > 1
    assert all(one.facts != other.facts for n, one in enumerate(found.readings) for other in found.readings[:n])
    assert (len(found.readings) > 1) is bool(found.doubts) or found.bounded
    assert len(found.readings) <= MOST_READINGS
    assert set(found.because) >= {name for name in found.facts if name != "first_language" and name[:8] != "partner_"}
    assert all(why.text.en and why.text.fr for why in found.because.values())


@given(dated_profiles(), st.lists(days(date(2015, 1, 1)), min_size=2, max_size=4))
@settings(max_examples=60)
def test_the_order_of_days_does_not_matter(profile: Profile, asked: list[date]) -> None:
    """What was computed for one day changes nothing for another."""
    fresh = [derive(profile.model_copy(), day) for day in asked]

    assert [derive(profile, day) for day in reversed(asked)] == list(reversed(fresh))


@given(dated_facts(), days(date(2015, 1, 1)))
@settings(max_examples=60)
def test_a_paper_that_was_missing_takes_readings_away(whole: dict[str, Any], on: date) -> None:
    """To say for each job whether one was a student, and from when qualified, never adds a reading."""
    before = derive(read_profile(whole), on)
    for work in whole["person"]["work"]:
        work.setdefault("full_time_student", False)
        work.setdefault("qualified_on", work["from"])
    after = derive(read_profile(whole), on)

    assert before.bounded or {doubt.id for doubt in after.doubts} <= {doubt.id for doubt in before.doubts}
    assert before.bounded or all(reading.facts in [one.facts for one in before.readings] for reading in after.readings)


class TestReadings:
    """How doubts become readings."""

    def test_nothing_open(self) -> None:
        """Where nothing is open there is one reading that assumes nothing."""
        (reading,) = derived(DAY).readings

        assert reading.assumed == {}

    def test_every_combination(self) -> None:
        """Two doubts that both matter give four readings, the defaults first."""
        found = derived(DAY, work=[here(date(2024, 1, 1)), job(date(2024, 1, 1), noc2016="2172")])

        assert [dict(one.assumed) for one in found.readings] == [
            {"status": status, "noc:2172": code}
            for status in ("authorised", "not_authorised")
            for code in ("21211", "21223")
        ]

    def test_bounded(self) -> None:
        """Of too many different sets of facts some are tried, and every value of each column is given."""
        divided = [code for code in noc2016() if len(to_2021(code)) > 1][:8]
        work = [job(date(2024, 1 + n, 1), date(2025, 6, 1), noc2016=code) for n, code in enumerate(divided)]
        found = derived(DAY, work=work)

        assert found.bounded
        assert len(found.readings) <= MOST_READINGS
        assert found.possible is not None
        counted = set(found.facts) - {"category_months"}  # of which the least and the most are given
        assert all(reading.facts[name] in found.possible[name] for reading in found.readings for name in counted)

    def test_doubts_that_lead_to_the_same_facts_are_no_readings(self) -> None:
        """Many doubts that can change two facts between them give the sets of these, and none is left out."""
        codes = ("2172", "2171", "2147", "0213", "6221", "4012")
        found = derived(DAY, work=[job(date(2024, 1, 1), noc2016=code) for code in codes])

        assert not found.bounded
        assert not derived(DAY, work=[job(date(2024, 1, 1), noc2016="2172")]).bounded

    def test_combinations(self) -> None:
        """Every combination of the options, the defaults first."""
        word = Text("a", "a")
        doubts = [Doubt(str(n), word, word, {"x": word, "y": word}) for n in range(6)]

        assert len({tuple(choice.values()) for choice in combinations(doubts)}) == 64
        assert next(combinations(doubts)) == dict.fromkeys("012345", "x")

    def test_partner_columns_are_empty_alone(self) -> None:
        """Without a partner, the partner's columns are empty."""
        alone = derived(DAY).facts

        assert all(alone[name] is None for name in (*PARTNER, *BOTH_GRIDS, *COLUMNS.groups["partner"]))
        assert derived(DAY, partner=partner()).facts["partner_education"] == "none"

    def test_computed_once(self) -> None:
        """Thousands of days of one profile are cheap: what does not depend on the day is kept with the profile."""
        profile = made(work=[job(date(2020, 1, 1))])
        derive(profile, DAY)
        kept = prepared(profile, load_law())

        assert derive(profile, DAY + timedelta(days=1)).facts["age"] == 33
        assert prepared(profile, load_law()) is kept
        assert prepared(profile.model_copy(), load_law()) is not kept
        assert profile.model_copy() == profile
