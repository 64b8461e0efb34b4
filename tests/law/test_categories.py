"""Categories: every version, both sides of every day, IRCC's names of rounds, and what is refused."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from expressentry import LawError
from expressentry.answers.lookups import list_changes
from expressentry.cli import run
from expressentry.law.criteria.categories import read_category
from expressentry.law.load import load_law
from expressentry.law.source import Source
from expressentry.noc.codes import noc2021
from expressentry.rounds.load import load_record

BAD = Path(__file__).parent / "bad_categories"
LAW = load_law()
NAMES = LAW.round_names

# Typed out apart from the data: version, first day, first day no longer, number of occupations.
VERSIONS: dict[str, list[tuple[str, str, str | None, int]]] = {
    "french": [("v1", "2023-05-31", "2026-02-06", 0), ("v2", "2026-02-06", None, 0)],
    "healthcare": [
        ("v1", "2023-05-31", "2025-02-27", 35),
        ("v2", "2025-02-27", "2026-02-18", 37),
        ("v3", "2026-02-18", None, 37),
    ],
    "stem": [
        ("v1", "2023-05-31", "2025-02-27", 24),
        ("v2", "2025-02-27", "2026-02-18", 11),
        ("v3", "2026-02-18", None, 11),
    ],
    "trades": [
        ("v1", "2023-05-31", "2025-02-27", 10),
        ("v2", "2025-02-27", "2026-02-18", 25),
        ("v3", "2026-02-18", None, 25),
    ],
    "transport": [("v1", "2023-05-31", "2025-02-27", 10), ("v2", "2026-02-18", None, 4)],
    "agriculture": [("v1", "2023-05-31", "2025-02-27", 3), ("v2", "2025-02-27", "2026-02-18", 1)],
    "education": [("v1", "2025-02-27", "2026-02-18", 5), ("v2", "2026-02-18", None, 5)],
    "physicians": [("v1", "2025-12-08", None, 3)],
    "senior_managers": [("v1", "2026-02-18", None, 4)],
    "researchers": [("v1", "2026-02-18", None, 2)],
    "military": [("v1", "2026-02-18", None, 3)],
}
STEM_2023 = (
    "20010 20011 20012 21200 21201 21202 21203 21210 21211 21220 21221 21222 21223 21230 21231 21232 21233 21234 21300 "
    "21310 21311 21321 21322 41400"
)
STEM_2025 = "20011 21220 21300 21301 21310 21321 21331 22300 22301 22310 63100"

# Every type of round that the department has published, and what older copies called it.
ROUNDS = {
    "Healthcare occupations (Version 1)": ("healthcare", "v1"),
    "Healthcare occupations (2023-1)": ("healthcare", "v1"),
    "STEM occupations (Version 1)": ("stem", "v1"),
    "STEM occupations (2023-1)": ("stem", "v1"),
    "French language proficiency (Version 1)": ("french", "v1"),
    "French language proficiency (2023-1)": ("french", "v1"),
    "French language proficiency (2024-1)": ("french", "v1"),
    "Trade occupations (Version 1)": ("trades", "v1"),
    "Trade occupations (2023-1)": ("trades", "v1"),
    "Transport occupations (Version 1)": ("transport", "v1"),
    "Transport occupations (2024-1)": ("transport", "v1"),
    "Agriculture and agri-food occupations (Version 1)": ("agriculture", "v1"),
    "Agriculture and agri-food occupations (2023-1)": ("agriculture", "v1"),
    "Education occupations (Version 1)": ("education", "v1"),
    "Healthcare and social services occupations (Version 2)": ("healthcare", "v2"),
    "Trade occupations (Version 2)": ("trades", "v2"),
    "French-Language proficiency 2026-Version 2": ("french", "v2"),
    "Physicians with Canadian Work Experience, 2026-Version 1": ("physicians", "v1"),
    "Healthcare and Social Services Occupations, 2026-Version 3": ("healthcare", "v3"),
    "Senior managers with Canadian Work Experience, 2026-Version 1": ("senior_managers", "v1"),
    "Trades Occupations, 2026-Version 3": ("trades", "v3"),
    "Skilled Military Recruits, 2026-Version 1": ("military", "v1"),
    "Transport Occupations, 2026-Version 2": ("transport", "v2"),
    "Compétence linguistique en français (Version 1)": ("french", "v1"),
    "Compétence linguistique en français 2026-Version 2": ("french", "v2"),
    "Professions de la santé (Version 1)": ("healthcare", "v1"),
    "Professions de la santé et des services sociaux (Version 2)": ("healthcare", "v2"),
    "Professions de la santé et des services sociaux 2026-version 3": ("healthcare", "v3"),
    "Professions des STIM (Version 1)": ("stem", "v1"),
    "Métiers spécialisés (Version 1)": ("trades", "v1"),
    "Métiers (Version 1)": ("trades", "v1"),
    "Métiers (Version 2)": ("trades", "v2"),
    "Métiers spécialisés 2026-Version 3": ("trades", "v3"),
    "Métiers des transports (Version 1)": ("transport", "v1"),
    "Métiers de l'agriculture et de l'agroalimentaire (Version 1)": ("agriculture", "v1"),
    "Professions de l’éducation (Version 1)": ("education", "v1"),
    "Médecins ayant de l’expérience de travail au Canada 2026-Version 1": ("physicians", "v1"),
    "Cadres supérieurs/cadres supérieures ayant de l’expérience de travail au Canada 2026-version 1": (
        "senior_managers",
        "v1",
    ),
    "Recrues militaires qualifiées, 2026-Version 1": ("military", "v1"),
}
PROGRAMS = (
    "No Program Specified",
    "Canadian Experience Class",
    "Provincial Nominee Program",
    "Federal Skilled Trades",
    "Federal Skilled Worker",
    "General",
)


def edges() -> Iterator[tuple[str, str, date, date | None]]:
    """Every version with its first day and its end."""
    for category, versions in VERSIONS.items():
        for version, start, until, _ in versions:
            yield category, version, date.fromisoformat(start), date.fromisoformat(until) if until else None


class TestVersions:
    """Which version is in force when."""

    def test_all(self) -> None:
        """Eleven categories, 21 versions, with these days and so many occupations."""
        found = {
            category: [
                (one.version, str(one.start), str(one.until) if one.until else None, len(one.occupations))
                for one in versions
            ]
            for category, versions in LAW.categories.items()
        }

        assert found == VERSIONS

    @pytest.mark.parametrize(("category", "version", "start", "until"), list(edges()))
    def test_both_sides_of_every_day(self, category: str, version: str, start: date, until: date | None) -> None:
        """A version is in force from its first day to the day before its end, and on no other side."""
        eve, last = start - timedelta(days=1), (until or date(2030, 1, 1)) - timedelta(days=1)

        assert self.on(start, category) == self.on(last, category) == [version]
        assert version not in self.on(eve, category)
        assert until is None or version not in self.on(until, category)

    @staticmethod
    def on(day: date, category: str) -> list[str]:
        """The versions of a category in force on a day."""
        return [one.version for one in LAW.category_versions(day) if one.category == category]

    def test_gaps_are_gaps(self) -> None:
        """No transport between its two lists, no agriculture after the second, nothing before 31 May 2023."""
        assert self.on(date(2025, 2, 27), "transport") == self.on(date(2026, 2, 17), "transport") == []
        assert self.on(date(2026, 2, 18), "agriculture") == []
        assert LAW.category_versions(date(2023, 5, 30)) == ()

    def test_never_two_of_one_category(self) -> None:
        """On no day from 2023 on are two versions of one category in force."""
        day = date(2023, 5, 1)
        while day < date(2026, 12, 1):
            ids = [one.category for one in LAW.category_versions(day)]
            assert len(ids) == len(set(ids))
            day += timedelta(days=1)


class TestOccupations:
    """Who is on which list."""

    def test_stem(self) -> None:
        """24 in 2023, Architects among them, which an article left out; 11 from 27 February 2025."""
        before, after, now = LAW.categories["stem"]

        assert sorted(before.occupations) == STEM_2023.split()
        assert noc2021()["21200"].title.en == "Architects"
        assert sorted(after.occupations) == sorted(now.occupations) == STEM_2025.split()
        (first, second) = list_changes(LAW.categories["stem"])
        assert (len(first.added), len(first.removed)) == (6, 19)
        assert (second.added, second.removed) == ((), ())

    def test_82_in_2023(self) -> None:
        """The lists of 2023 have 82 occupations together, as announced."""
        lists = [one.occupations for one in LAW.category_versions(date(2023, 5, 31))]

        assert sum(map(len, lists)) == len(frozenset().union(*lists)) == 82

    @pytest.mark.parametrize(
        ("category", "at", "added", "removed"),
        [
            ("healthcare", 0, 8, 6),
            ("trades", 0, 19, 4),
            ("agriculture", 0, 0, 2),
            ("healthcare", 1, 0, 0),
            ("trades", 1, 1, 1),
            ("education", 0, 0, 0),
        ],
    )
    def test_changes(self, category: str, at: int, added: int, removed: int) -> None:
        """What was added and removed has the published counts."""
        change = list_changes(LAW.categories[category])[at]

        assert (len(change.added), len(change.removed)) == (added, removed)

    def test_cooks_out_butchers_in(self) -> None:
        """On 18 February 2026 trades lost the cooks and gained the butchers, who left agriculture."""
        (change,) = list_changes(LAW.categories["trades"])[1:]

        assert (change.removed, change.added) == (("63200",), ("63201",))
        assert [(row.category, row.version) for row in LAW.memberships("63201")] == [
            ("agriculture", "v1"),
            ("agriculture", "v2"),
            ("trades", "v3"),
        ]

    def test_a_data_scientist(self) -> None:
        """On the STEM list from 31 May 2023 to 26 February 2025, and on none since."""
        held = [(row.category, row.version, row.start, row.until) for row in LAW.memberships("21211")]

        assert held == [("stem", "v1", date(2023, 5, 31), date(2025, 2, 27))]
        assert LAW.memberships("00000") == []

    def test_every_code_is_skilled(self) -> None:
        """Every occupation is one of the NOC 2021, of TEER 0 to 3."""
        for one in LAW.all_versions:
            assert all(noc2021()[code].teer <= 3 for code in one.occupations)


class TestConditions:
    """What is asked for."""

    def test_six_months_running_then_twelve(self) -> None:
        """Until 17 February 2026 six months without a break; then twelve, in Canada only for three categories."""
        for one in LAW.all_versions:
            conditions = [criterion["at_least"] for criterion in one.data["criteria"].values()]
            if one.category == "french":
                assert conditions == [{"abilities": "french", "value": 7}]
                assert one.window_months is None
            elif one.category == "military":
                assert conditions == [
                    {"column": "military_years", "value": 10},
                    {"column": "military_offer_years", "value": 3},
                    {"column": "education", "value": "two_year"},
                ]
                assert one.window_months is None
            else:
                abroad = one.category not in ("physicians", "senior_managers", "researchers")
                old = one.start < date(2025, 12, 8)
                measure = "canada_months" if not abroad else "run" if old else "months"
                assert conditions == [{"months": "category_months", "measure": measure, "value": 6 if old else 12}]
                assert one.window_months == 36

    def test_every_version_has_its_source(self) -> None:
        """An instrument in force by then, a place, both languages; a goal only with its source, else a doubt."""
        for one in LAW.all_versions:
            assert (one.cite.instrument.in_force or date.max) <= one.start
            assert one.cite.instrument.doubt
            assert all((*one.cite.place, *one.title, *(word for text in one.conditions for word in text)))
            if one.goal is None:
                assert one.doubt
                assert "economic goal" in one.doubt.en
            else:
                assert (one.goal_source or "").startswith("http")


class TestRoundNames:
    """From the department's names of rounds to a version."""

    @pytest.mark.parametrize(("name", "expected"), list(ROUNDS.items()))
    def test_published(self, name: str, expected: tuple[str, str]) -> None:
        """Every name published leads to its version, in any case and with either apostrophe."""
        for spelling in (name, name.upper(), name.replace("'", "’"), name.replace("’", "'"), f"  {name} "):
            assert NAMES.version_of(spelling) == expected

    @pytest.mark.parametrize("name", [*PROGRAMS, "", "Version 1", "Trades Occupations, 2027-Version 9", "STEM 1"])
    def test_not_a_category(self, name: str) -> None:
        """Rounds of a program, unknown versions and unknown names lead nowhere."""
        assert NAMES.version_of(name) is None

    def test_every_round_of_the_record(self) -> None:
        """The name of every published round leads to the category and version that the record has for it."""
        for one in load_record():
            assert (NAMES.version_of(one.name) or (None, None)) == (one.category, one.version)

    def test_labels_not_seen_yet(self) -> None:
        """A new label of a known category is read by its number; a year alone only where it leaves no choice."""
        assert NAMES.version_of("STEM Occupations, 2026-Version 3") == ("stem", "v3")
        assert NAMES.version_of("STEM occupations (2024-1)") == ("stem", "v1")
        assert NAMES.version_of("STEM occupations (2025-1)") is None
        assert NAMES.version_of("Researchers with Canadian Work Experience, 2026-Version 1") == (
            "researchers",
            "v1",
        )

    def test_no_name_is_of_two(self) -> None:
        """No two versions share a name of rounds, nor two categories a title."""
        names = [name.casefold() for one in LAW.all_versions for name in (*one.feed["en"], *one.feed["fr"])]
        titles = {title: {one.category for one in LAW.all_versions if title in one.title} for title in _titles()}

        assert len(names) == len(set(names))
        assert all(len(ids) == 1 for ids in titles.values())


def _titles() -> set[str]:
    return {title for one in LAW.all_versions for title in one.title}


@pytest.mark.parametrize("file", sorted(BAD.glob("*.toml")), ids=lambda file: file.stem)
def test_wrong_file(file: Path) -> None:
    """A wrong file says what is wrong, and where, in both languages."""
    expected = re.search(r"# expect: (\w+) at line (\d+)", file.read_text(encoding="utf-8"))
    assert expected is not None

    with pytest.raises(LawError) as refused:
        read_category(Source(file), LAW.columns.with_occupations(tuple(noc2021())), LAW.instruments)

    found = [(problem.code, problem.where.en if problem.where else "") for problem in refused.value.problems]
    assert found == [(expected[1], f"{file}:{expected[2]}")]
    assert all(problem.say("fr") != problem.say("en") for problem in refused.value.problems)


class TestCommands:
    """What `categories` prints."""

    def test_list(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The rows of a day; with --all every version."""
        assert run(["categories", "list", "--on", "2025-06-01", "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)
        assert run(["categories", "list", "--all", "--format", "json"]) == 0
        every = json.loads(capsys.readouterr().out)

        assert {"id", "version", "title", "from", "until", "occupations", "condition"} <= set(rows[0])
        assert [row["id"] for row in rows] == ["agriculture", "french", "healthcare", "stem", "trades", "education"]
        assert len(every) == 21

    def test_dormant(self, capsys: pytest.CaptureFixture[str]) -> None:
        """STEM had its last round on 11 April 2024: dormant a year later, not the day before; researchers had none."""
        found = {}
        for day in ("2025-04-10", "2025-04-11", "2026-10-01"):
            assert run(["categories", "list", "--on", day, "--format", "json"]) == 0
            found[day] = {row["id"]: row for row in json.loads(capsys.readouterr().out)}

        assert [rows["stem"]["dormant"] for rows in found.values()] == [False, True, True]
        stem, researchers = found["2026-10-01"]["stem"], found["2026-10-01"]["researchers"]
        assert (stem["version"], stem["last_round"], stem["last_round_version"]) == ("v3", "293", "v1")
        assert (researchers["last_round"], researchers["dormant"]) == (None, True)
        assert run(["categories", "list", "--on", "2026-10-01", "--format", "csv"]) == 0
        told = capsys.readouterr().out.splitlines()
        assert [line.split(",")[-1] for line in told[:2]] == ["dormant", "false"]
        assert run(["categories", "show", "stem", "--on", "2026-10-01"]) == 0
        assert "Last round: 293 of 11 April 2024 (version 1); dormant" in capsys.readouterr().out

    def test_show_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The occupations of the day, one a row, with the keys that scripts rely on."""
        assert run(["categories", "show", "stem", "--on", "2024-04-11", "--format", "json"]) == 0
        rows = json.loads(capsys.readouterr().out)

        assert len(rows) == 24
        assert rows[3] == {"category": "stem", "version": "v1", "noc": "21200", "title": "Architects", "teer": 1}

    def test_show_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Conditions, goal, doubts, occupations, the history and what changed."""
        assert run(["categories", "show", "trades", "--on", "2026-10-01"]) == 0
        english = capsys.readouterr().out
        assert run(["categories", "show", "trades", "--on", "2026-10-01", "--lang", "fr"]) == 0
        french = capsys.readouterr().out

        for words in (
            "version 3 · 1 October 2026",
            "12 months of full-time",
            "Economic goal",
            "63201 Butchers",
            "63200 Cooks",
        ):
            assert words in english
        for words in ("version 3 · 1er octobre 2026", "12 mois de travail", "Objectif économique", "retraits 1 :"):
            assert words in french

    def test_gap(self, capsys: pytest.CaptureFixture[str]) -> None:
        """On a day without a version there are no rows, and it is said."""
        assert run(["categories", "show", "transport", "--on", "2025-06-01", "--format", "csv"]) == 0
        told = capsys.readouterr()

        assert told.out == "category,version,noc,title,teer\n"
        assert "no version in force on 1 June 2025" in told.err
        assert run(["categories", "list", "--on", "2023-05-30", "--format", "json"]) == 0
        told = capsys.readouterr()
        assert (told.out, told.err) == ("[]\n", "No category before 31 May 2023.\n")

    def test_unknown(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An unknown key is misuse, with the nearest or all."""
        assert run(["categories", "show", "trade"]) == 2
        assert "Did you mean trades?" in capsys.readouterr().err
        assert run(["categories", "show", "zzz", "--lang", "fr"]) == 2
        assert "senior_managers" in capsys.readouterr().err


class TestConvert:
    """What `convert` prints."""

    def test_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The four levels first, then what they rest on."""
        assert run(["convert", "ielts", "--date", "2026-01-15", "7.5", "7", "6,5", "3", "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert list(answer)[:4] == ["listening", "reading", "writing", "speaking"]
        assert [answer[name] for name in list(answer)[:4]] == [8, 9, 8, 3]
        assert (answer["at_most"], answer["test"], answer["chart"]) == (["speaking"], "ielts", "chart-ielts")
        assert answer["cites"][0]["url"].startswith("http")

    def test_text(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Below the chart a level is an upper bound, and TEF says which column was meant."""
        assert run(["convert", "tef", "--date", "2026-01-15", "249", "207", "310", "100", "--lang", "fr"]) == 0
        told = capsys.readouterr().out

        assert "3 ou moins" in told
        assert "« Équivalence ancien score »" in told

    def test_refused(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every problem at once, exit status 1; without a day it is misuse."""
        assert run(["convert", "tef", "--date", "2012-12-31", "500", "x", "310", "451"]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 4
        assert run(["convert", "tef", "249", "207", "310", "310"]) == 2
