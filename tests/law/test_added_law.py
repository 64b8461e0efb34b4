"""Law that a user adds: every kind of it, in one file, reaches every answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import polars as pl
import pytest

from expressentry import (
    LawError,
    PlanRequest,
    assess_person,
    assess_profile,
    derive,
    invited,
    load_record,
    plan,
    replay,
    timeline,
)
from expressentry.assess.rehearse import rehearse
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile

ROOT = Path(__file__).parents[2]
HIGH_WAGE = ROOT / "examples/law/high-wage-2026-11-03.toml"
PEOPLE = ROOT / "examples/people"
BEFORE, AFTER = date(2026, 11, 2), date(2026, 11, 24)

RECORD = """
[instruments.mi-mine]
kind = "ministerial_instruction"
status = "in_force"
title = { en = "Mine", fr = "Le mien" }
in_force = 2026-11-10
checked = 2026-11-24
confidence = "unverified"
address = "invented"
doubt = { en = "Invented.", fr = "Inventé." }
"""
HEAD = f'in_force = 2026-11-10\nmade_by = "mi-mine"\n{RECORD}'


def person(name: str, **changes: object) -> Profile:
    """One of the examples, some fields changed."""
    profile = read_profile(PEOPLE / f"{name}.toml")
    return profile.model_copy(update=changes) if changes else profile


def law_of(folder: Path, text: str) -> Law:
    """The shipped law and one file."""
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return load_law(file)


class TestHighWage:
    """The worked example: work in three tiers and an offer, by one file and no code."""

    law = load_law(HIGH_WAGE)

    def test_assess(self) -> None:
        """A dated profile has the points from the day on, each line with its source; the day before it has not."""
        graduate = person("graduate")
        before, after = (assess_profile(graduate, day, self.law) for day in (BEFORE, AFTER))

        line = next(one for one in after.first.lines if one.id == "additional.high_wage.middle")
        assert (line.given, line.points, line.cites[0].instrument.id) == (3, 20, "mi-2026-11-03")
        assert after.totals == tuple(total + 20 for total in assess_profile(graduate, AFTER).totals)
        assert before.totals == assess_profile(graduate, BEFORE).totals
        assert after.first.rules.established
        assert [one.code for one in after.first.rules.warnings] == ["user_law"]

    def test_fact_and_reason(self) -> None:
        """The row gives the fact, the jobs and the provision; before its first day there is no such fact."""
        derived = derive(person("graduate"), AFTER, self.law)

        assert derived.facts["high_wage_middle_years"] == 3
        because = derived.because["high_wage_middle_years"]
        assert because.cite is not None
        assert because.cite.instrument.id == "mi-2026-11-03"
        assert "Computer network and web technicians" in because.text.en
        assert "high_wage_middle_years" not in derive(person("graduate"), BEFORE, self.law).facts

    def test_offer(self) -> None:
        """A job offer in a listed occupation has its tier; one outside the list has none."""
        offer = {
            "noc2021": "21231",
            "from": "2026-11-01",
            "employers": ["Acme"],
            "hours_per_week": 40,
            "duration_months": 24,
            "lmia": False,
        }
        facts = person("graduate").model_dump(mode="json", by_alias=True, exclude_none=True)
        tiers = {}
        for noc in ("21231", "72106", "41200"):
            profile = read_profile({**facts, "job_offers": [{**offer, "noc2021": noc}]}, self.law)
            tiers[noc] = derive(profile, AFTER, self.law).facts["high_wage_offer"]

        assert tiers == {"21231": "upper", "72106": "lower", "41200": "none"}

    def test_timeline(self) -> None:
        """The points come on the day of the instrument, and a year of work more is an event of its day."""
        events = timeline(person("graduate"), date(2026, 10, 15), date(2026, 12, 31), self.law)
        event = next(one for one in events if one.date == date(2026, 11, 3))

        assert event.after.crs == event.before.crs + 20
        law = self.since("2023-06-01", "crs-2020-10-20")
        first, last = date(2023, 6, 1), date(2026, 12, 31)
        profile, days = person("graduate"), (last - first).days
        values = {}
        for day in (first + timedelta(days=n) for n in range(days + 1)):
            readings = derive(profile, day, law).readings
            values[day] = {one.facts["high_wage_middle_years"] for one in readings}
        slow = [day for day in values if day > first and values[day] != values[day - timedelta(days=1)]]
        quick = [
            one.date
            for one in timeline(profile, first, last, law)
            if one.before.facts["high_wage_middle_years"] != one.after.facts["high_wage_middle_years"]
        ]
        assert quick == slow != []

    def since(self, day: str, base: str) -> Law:
        """The same measures, in force from another day on another grid."""
        text = HIGH_WAGE.read_text(encoding="utf-8").replace("2026-11-03", day)
        text = text.replace(f'replaces = "mi-{day}"\n', "").replace('"crs-2025-03-25"', f'"{base}"')
        with TemporaryDirectory() as folder:
            return law_of(Path(folder), text)

    def test_plan_replay_invited(self) -> None:
        """Plans, the replay of rounds and the check after an invitation are under the same law."""
        graduate, record = person("graduate"), load_record()
        law = self.since("2025-08-01", "crs-2025-03-25")
        plans = plan(graduate, AFTER, PlanRequest(size=1), law=self.law, record=record)
        replayed = replay(graduate, record, law=law)
        with_it = {one.round.number: one.scores for one in replayed.rounds}
        without = {one.round.number: one.scores for one in replay(graduate, record).rounds}

        assert plans.now.crs == assess_profile(graduate, AFTER, self.law).totals[0]
        assert with_it.keys() == without.keys()
        assert any(with_it[number] != without[number] for number in with_it)
        last = record.rounds[-1]
        found = invited(graduate, last, AFTER, record, law=law)
        assert found.at_receipt.rules.crs.id == "crs-2025-08-01"

    def test_flat_factors(self) -> None:
        """A flat file gives the new columns itself, and the frame scores them as one person is scored."""
        from expressentry import score_frame

        facts = {**assess_profile(person("graduate"), AFTER, self.law).first.factors.values}
        given = {name: value for name, value in facts.items() if value is not None}
        one = assess_person(given, AFTER, self.law)
        grid = self.law.on(AFTER).crs
        frame = pl.DataFrame([{name: given.get(name) for name in grid.inputs}])

        assert score_frame(frame, AFTER, law=self.law)["crs"].to_list() == [one.total]

    def test_pool_rescore(self) -> None:
        """A pool that is re-scored under the law of the day ranks by the new points."""
        from expressentry.pool import LawScorer, Terms, open_pool

        facts = person("graduate").model_dump(mode="json", by_alias=True, exclude_none=True)
        pool, at = open_pool(scorer=LawScorer(self.law)), datetime(2026, 11, 2, 12, tzinfo=UTC)
        pool.init(BEFORE, at, "operator", rehearsal=True)
        pool.submit(UUID(int=1), "chloe", facts, at)
        before = pool.preview(Terms("general", 1, BEFORE)).cutoff
        pool.rescore(AFTER, datetime(2026, 11, 24, tzinfo=UTC), "operator")
        after = pool.preview(Terms("general", 1, AFTER)).cutoff

        assert before == assess_profile(person("graduate"), BEFORE).totals[0]
        assert after == assess_profile(person("graduate"), AFTER, self.law).totals[0] == before + 20


class TestOtherKinds:
    """A category, a program, a table of funds, a language chart, a rule of evidence, a measure."""

    def test_new_category(self, tmp_path: Path) -> None:
        """A new category has members from its day on, and its rounds have their name."""
        text = f"""{HEAD}
[categories.arts]
title = {{ en = "Arts occupations", fr = "Professions des arts" }}
[categories.arts.v1]
title = {{ en = "Arts occupations", fr = "Professions des arts" }}
place = {{ en = "invented", fr = "inventé" }}
feed = {{ en = ["Arts occupations, 2026-Version 1"], fr = [] }}
window_months = 36
occupations = ["22220"]
[categories.arts.v1.criteria.experience]
title = {{ en = "Six months", fr = "Six mois" }}
at_least = {{ months = "category_months", measure = "months", value = 6 }}
"""
        law = law_of(tmp_path, text)
        found = {
            one.law.category: one.answer for one in assess_profile(person("graduate"), AFTER, law).first.categories
        }

        assert found["arts"] is True
        assert "arts" not in {one.category for one in law.on(date(2026, 11, 9)).categories}
        assert law.on(AFTER).warnings[-1].code == "user_law"
        assert [one.category for one in law.memberships("22220")] == ["arts"]

    def test_new_version_says_only_what_it_changes(self, tmp_path: Path) -> None:
        """A version that extends another has its occupations, less those removed, with those added."""
        text = f"""{HEAD}
[categories.stem.v4]
extends = "v3"
add = ["22220"]
remove = ["20011"]
place = {{ en = "invented", fr = "inventé" }}
"""
        law = law_of(tmp_path, text)
        before, after = law.categories["stem"][-2:]

        assert after.occupations == before.occupations - {"20011"} | {"22220"}
        assert (before.until, after.start) == (date(2026, 11, 10), date(2026, 11, 10))
        assert after.cite.instrument.id == "mi-mine"

    def test_changed_criterion(self, tmp_path: Path) -> None:
        """A program may say only which criterion changes; the others stay, with their own sources."""
        text = f"""{HEAD}
[programs.cec-2026-11-10]
extends = "cec-2015-01-01"
[programs.cec-2026-11-10.criteria.work.at_least]
column = "cec_years_3y"
value = 3
"""
        law = law_of(tmp_path, text)
        graduate = person("graduate")

        assert assess_profile(graduate, date(2026, 11, 9), law).programs["cec"] is True
        assert assess_profile(graduate, AFTER, law).programs["cec"] is False
        criteria = {one.id: one for one in law.on(AFTER).programs[1].criteria}
        assert criteria["work"].cite.instrument.id == "mi-mine"
        assert criteria["language"].cite.instrument.id == "levels-74"

    def test_new_funds(self, tmp_path: Path) -> None:
        """A table of funds takes the place of the one before from its day on."""
        sizes = "\n".join(f'  size_{n} = "{20000 + n}",' for n in range(1, 8))
        table = "{\n" + sizes + '\n  each_more = "4000",\n}'
        text = f"{HEAD}\n[lists.settlement_funds]\nrows = [{table.replace(chr(10), ' ').replace(', }', ' }')}]\n"
        law = law_of(tmp_path, text)

        assert law.on(AFTER).selection.funds.values["size_1"] == "20001"
        assert law.on(date(2026, 11, 9)).selection.funds.values["size_1"] == "15263"
        assert law.row("settlement_funds", AFTER).instrument == "mi-mine"

    def test_new_chart(self, tmp_path: Path) -> None:
        """A row of a chart changes what a test taken from its day on converts to."""
        row = '{ test = "ielts", ability = "listening", clb = "8", least = "8.0" }'
        law = law_of(tmp_path, f"{HEAD}\n[lists.language_charts]\nrows = [{row}]\n")
        scores = {"listening": 7.5, "reading": 7, "writing": 7, "speaking": 7}
        levels = {day: law.languages.convert("ielts", day, scores).levels["listening"] for day in (BEFORE, AFTER)}

        assert levels == {BEFORE: 8, AFTER: 7}

    def test_evidence(self, tmp_path: Path) -> None:
        """A rule of evidence has another value from its day on: results valid for three years."""
        text = f"""{HEAD}
[evidence.language_valid_years]
value = 3
place = {{ en = "invented", fr = "inventé" }}
"""
        law = law_of(tmp_path, text)
        graduate = person("graduate")
        late = date(2027, 9, 1)

        assert law.on(date(2026, 11, 9)).evidence.language_valid_years == 2
        assert law.on(AFTER).evidence.cite("language_valid_years").instrument.id == "mi-mine"
        assert assess_profile(graduate, late).totals != assess_profile(graduate, late, law).totals

    def test_replaced_measure(self, tmp_path: Path) -> None:
        """A row may take the place of a shipped one: Canadian work in five years, not ten."""
        text = f"""{HEAD}
[measures.canadian_work_years]
replaces = "canadian_work_years"
counts = "work"
where = "canada"
occupations = {{ teer = [0, 1, 2, 3] }}
window_years = 1
cap = 60
from = 2015-01-01
place = {{ en = "invented", fr = "inventé" }}
"""
        law = law_of(tmp_path, text)

        assert derive(person("graduate"), AFTER).facts["canadian_work_years"] == 3
        assert derive(person("graduate"), AFTER, law).facts["canadian_work_years"] < 3

    def test_a_csv_file_is_as_good(self, tmp_path: Path) -> None:
        """A list may lie in a CSV file beside the law file."""
        (tmp_path / "wages.csv").write_text("noc,tier\n22220,middle\n", encoding="utf-8")
        text = HIGH_WAGE.read_text(encoding="utf-8")
        head, _, rest = text.partition("[lists.high_wage]")
        text = head + '[lists.high_wage]\nfile = "wages.csv"\n\n[measures' + rest.partition("[measures")[2]

        assert derive(person("graduate"), AFTER, law_of(tmp_path, text)).facts["high_wage_middle_years"] == 3

    @pytest.mark.parametrize(
        ("text", "code", "field"),
        [
            (
                '[measures.x]\ncounts = "sleep"\ncap = 1\nplace = { en = "a", fr = "b" }',
                "unknown_word",
                "measures.x.counts",
            ),
            (
                '[measures.age]\ncounts = "work"\ncap = 1\nplace = { en = "a", fr = "b" }',
                "already_there",
                "measures.age",
            ),
            (
                '[measures.x]\ncounts = "work"\ncap = 1\noccupations = { list = "no" }\nplace = { en = "a", fr = "b" }',
                "unknown_list",
                "measures.x.occupations",
            ),
            ('[evidence.sleep]\nvalue = 8\nplace = { en = "a", fr = "b" }', "unknown_rule", "evidence.sleep"),
            ('[categories.stem.v3]\noccupations = ["22220"]', "already_there", "categories.stem.v3"),
            ('[programs.cec-2026-11-10]\nextends = "cec"', "unknown_id", "programs.cec-2026-11-10.extends"),
            ('[lists.fees]\nrows = [{ fee = "x" }]\nfile = "no.csv"', "no_such_file", "lists.fees.file"),
            ('[lists.wages]\ncolumns = ["noc"]\nrows = [["99999"]]', "unknown_noc", "noc"),
            ("measures = 3", "wrong_type", "measures"),
        ],
    )
    def test_what_is_wrong_is_said(self, tmp_path: Path, text: str, code: str, field: str) -> None:
        """Every kind of file says what is wrong, with its place."""
        whole = f"{text}\n{HEAD}" if text.startswith("measures =") else f"{HEAD}\n{text}\n"
        with pytest.raises(LawError) as refused:
            law_of(tmp_path, whole)

        assert (code, field) in {(one.code, one.field) for one in refused.value.problems}
        assert all(one.where for one in refused.value.problems)

    @pytest.mark.parametrize(
        ("rows", "field"),
        [
            ('counts = "sleep"\ncap = 1', "measures.x.counts"),
            (
                'counts = "sleep"\ngives = "tier"\nvalues = ["none", "a"]\nlabels = { a = { en = "a" } }',
                "measures.x.counts",
            ),
            ('counts = "work"\ngives = "hours"\ncap = 900\nunit = "weeks"', "measures.x.gives"),
            ('counts = "offer"\ngives = "count"\nvalues = []', "measures.x.gives"),
        ],
    )
    def test_one_wrong_word_is_one_error(self, tmp_path: Path, rows: str, field: str) -> None:
        """A wrong `counts` or `gives` decides which other keys there are: it alone is said, once."""
        with pytest.raises(LawError) as refused:
            law_of(tmp_path, f'{HEAD}\n[measures.x]\n{rows}\nplace = {{ en = "a", fr = "b" }}\n')

        assert [(one.code, one.field) for one in refused.value.problems] == [("unknown_word", field)]


class TestUnknown:
    """A fact that added law asks for and a profile cannot give."""

    def test_is_a_range(self) -> None:
        """A column that no measure fills is tried at every value: a range with its reason, before and after its day."""
        text = (ROOT / "tests/law/new_column.toml").read_text(encoding="utf-8")
        law = load_law(ROOT / "tests/law/new_column.toml")
        found = assess_profile(person("engineer"), AFTER, law)
        before = assess_profile(person("engineer"), BEFORE, law)

        assert "high_wage" in text
        assert found.totals == tuple(assess_profile(person("engineer"), AFTER).totals[0] + n for n in range(4))
        assert [doubt.id for doubt in found.doubts] == ["added:high_wage"]
        assert before.totals == assess_profile(person("engineer"), BEFORE).totals
        events = timeline(person("engineer"), BEFORE, AFTER, law)
        assert [event.date for event in events if event.before.totals != event.after.totals] == [date(2026, 11, 3)]


class TestRehearsal:
    """`law check` tries added law on a person of each kind."""

    @pytest.mark.parametrize("file", [HIGH_WAGE, ROOT / "tests/law/new_column.toml"], ids=lambda file: file.stem)
    def test_everyone_gets_an_answer(self, file: Path) -> None:
        """A dated profile and a flat file are assessed on every day on which something begins."""
        law = load_law(file)

        assert law.user_days == (date(2026, 11, 3),)
        assert rehearse(law) == 2

    def test_a_proposal(self) -> None:
        """A proposal that is named is tried on the last day of the law."""
        given = {"high_wage_1_3": 1, "high_wage_1_5": 2, "high_wage_2": 3}

        assert rehearse(load_law(name="crs-proposal-2026-04", parameters=given)) == 2
