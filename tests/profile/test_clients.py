"""Lists of people: read, assessed into a table, compared, and under two laws."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import assess_profile, load_law, score_frame
from expressentry.assess.compare import compare, under_day, under_grid
from expressentry.assess.person.readings import Assessor, assess
from expressentry.cli import run
from expressentry.errors import ABSENT, FactorsError, FileError, Problem, UsageError
from expressentry.factors.derive import derive
from expressentry.present.tables import write_table
from expressentry.profile.clients import list_clients
from expressentry.profile.read import read_profile
from expressentry.text import Text, same
from tests.costly import costly
from tests.often import often
from tests.people import people, table
from tests.profiles import dated_profiles, facts

ROOT = Path(__file__).parents[2]
DAY = date(2026, 10, 1)
ON = ["--on", "2026-10-01"]

pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def five(place: Path) -> Path:
    """A folder with two sound files, one that is cut, one with two slips, and one hidden."""
    folder = place / "clients"
    folder.mkdir()
    for name in ("engineer", "couple"):
        (folder / f"{name}.toml").write_bytes((ROOT / f"examples/people/{name}.toml").read_bytes())
    (folder / "cut.toml").write_text("[person")
    wrong = facts(birth_date="1993-02-30", children=[{"birth_date": "soon"}])
    (folder / "wrong.json").write_text(json.dumps(wrong, default=str))
    (folder / ".hidden.toml").write_text("")
    (folder / "notes.txt").write_text("")
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


class TestListing:
    """Who is in a folder or in a table."""

    def test_folder(self, five: Path) -> None:
        """A folder lists its TOML and JSON files by name; hidden and other files are nobody."""
        names = [client.name for client in list_clients(five)]

        assert names == ["couple", "cut", "engineer", "wrong"]

    def test_table_of_factors_is_read_as_score_reads_it(self, place: Path) -> None:
        """People of a CSV have the scores, programs and categories that `score` gives the same file."""
        import polars as pl

        law = load_law().on(DAY)
        frame = table(people(60, seed=11), law.crs)
        frame.write_csv(place / "p.csv")
        scored = score_frame(pl.read_csv(place / "p.csv", infer_schema=False), DAY, programs=True, categories=True)
        found = [assess(client.read(), DAY) for client in list_clients(place / "p.csv")]

        assert [one.total for one in found] == scored["crs"].to_list()
        for name in ("fsw", "cec", "fst", "pnp"):
            assert [one.programs[name] for one in found] == scored[name].to_list()
        assert [one.categories["french"] for one in found] == scored["category_french"].to_list()

    def test_names_of_rows(self, place: Path) -> None:
        """A row has the name that its table gives, else its number."""
        assert [one.name for one in list_clients(place / "examples/people.csv")] == ["007", "008", "009"]
        (place / "x.ndjson").write_text('{"age": 29}\n\n{"age": 30, "client": "B"}\n')
        assert [one.name for one in list_clients(place / "x.ndjson")] == ["1", "B"]

    def test_profiles_a_line(self, place: Path) -> None:
        """NDJSON may hold whole profiles; a line that is no object is that client's own problem."""
        good = json.dumps(facts(), default=str)
        (place / "x.ndjson").write_text(f"{good}\n[1]\nnot json\n")
        first, *others = list_clients(place / "x.ndjson")

        assert assess(first.read(), DAY).totals == (88,)
        for other in others:
            with pytest.raises(FactorsError, match="one JSON object a line"):
                other.read()

    @pytest.mark.parametrize("separator", [",", ";"])
    def test_cells(self, place: Path, separator: str) -> None:
        """Cells of CSV mean what they mean to `score`: months and truth in words, 29.0 is no number."""
        text = (
            "client,age,accompanied,category_months\na,29,Oui,21231:36:36:0 21211:6:6:6\nb,29.0,1,none\nc,,,21231:x\n"
        )
        (place / "x.csv").write_text(text.replace(",", separator))
        a, b, c = (client.facts for client in list_clients(place / "x.csv"))

        assert a is not None
        assert (a["age"], a["accompanied"]) == (29, True)
        assert a["category_months"][1] == {"noc": "21211", "months": 6, "run": 6, "canada_months": 6}
        assert b == {"age": "29.0", "accompanied": "1", "category_months": []}
        assert c == {"category_months": ["21231:x"]}

    def test_misspelt_columns_are_refused_others_stay_behind(self, place: Path) -> None:
        """A near miss of a factor is that row's problem; a column of another kind is not looked at."""
        text = (ROOT / "examples/people.csv").read_text().replace("foreign_work_years", "foriegn_work_years")
        (place / "x.csv").write_text(text.replace("file,", "colour,"))
        with pytest.raises(FactorsError) as caught:
            assess(list_clients(place / "x.csv")[0].read(), DAY)

        assert {problem.field for problem in caught.value.problems} == {"foriegn_work_years", "foreign_work_years"}

    @pytest.mark.parametrize("name", ["nowhere", "empty", "empty.csv", "bad.csv"])
    def test_nobody(self, name: str, place: Path) -> None:
        """What is no list, or has nobody in it, or is not text, is one error that says so."""
        (place / "empty").mkdir()
        (place / "empty.csv").write_text("age\n")
        (place / "bad.csv").write_bytes(b"\xff\xfe\x00")
        with pytest.raises(FileError, match=name):
            list_clients(place / name)


class TestBatch:
    """`assess --batch`."""

    def test_rows_are_the_assessments(self, place: Path) -> None:
        """Each row says what the assessment of that file says; a range leaves `crs` empty."""
        assert run(["assess", "--batch", "examples/people", "--out", "t.csv", *ON]) == 0
        found = {row["client"]: row for row in rows(place / "t.csv")}

        assert len(found) == 5
        for name, row in found.items():
            from expressentry import read_profile

            whole = assess_profile(read_profile(ROOT / f"examples/people/{name}.toml"), DAY)
            assert (int(row["crs_low"]), int(row["crs_high"])) == (whole.totals[0], whole.totals[-1])
            assert row["crs"] == (str(whole.totals[0]) if len(whole.totals) == 1 else "")
            words = {True: "eligible", False: "not_eligible", None: "cannot_tell"}
            assert {id_: row[id_] for id_ in whole.programs} == {id_: words[a] for id_, a in whole.programs.items()}
            assert bool(row["doubts"]) == bool(whole.doubts)

    def test_failures_are_listed_and_the_others_go_on(self, five: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Exit status 1 with a count; every problem of every failed client is said, and stands in the table."""
        assert run(["assess", "--batch", "clients", "--out", "t.csv", *ON]) == 1
        told = capsys.readouterr()
        found = {row["client"]: row for row in rows(Path("t.csv"))}

        assert "clients 4, done 2, failed 2" in told.out
        assert "cut: clients/cut.toml, line 1, column 8: TOML: " in told.err
        assert "person.birth_date" in told.err
        assert "children[1].birth_date" in told.err
        assert found["engineer"]["crs"] == "467"
        assert found["wrong"]["crs"] == ""
        assert "children[1].birth_date" in found["wrong"]["problems"]

    def test_formats_say_the_same(self, place: Path) -> None:
        """CSV and NDJSON hold the same; Excel too, without a formula, the same bytes on every run."""
        for name in ("t.csv", "t.ndjson", "t.xlsx", "u.xlsx"):
            assert run(["assess", "--batch", "examples/people.csv", "--out", name, *ON]) == 0
        lines = [json.loads(line) for line in (place / "t.ndjson").read_text().splitlines()]

        assert [str(line["crs"]) for line in lines] == [row["crs"] for row in rows(place / "t.csv")]
        assert list(lines[0]) == list(rows(place / "t.csv")[0])
        assert (place / "t.xlsx").read_bytes() == (place / "u.xlsx").read_bytes()
        with zipfile.ZipFile(place / "t.xlsx") as book:
            strings = book.read("xl/sharedStrings.xml").decode()
        assert "crs-2025-03-25" in strings

    def test_words_are_never_formulas(self, place: Path) -> None:
        """A name that looks like a formula is a word in Excel."""
        write_table([{"client": "=1+1"}], ["client"], place / "x.xlsx", DAY)
        with zipfile.ZipFile(place / "x.xlsx") as book:
            sheet = book.read("xl/worksheets/sheet1.xml").decode()

        assert "<f>" not in sheet

    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (["assess"], "PROFILE: required. Fix: name a file, a folder or a table."),
            (["assess", "--batch", "examples/people", "--out", "t.pdf"], ".xlsx"),
        ],
    )
    def test_misuse(self, words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Somebody named, a table with a known ending: else exit status 2 and nothing written."""
        assert run([*words, *ON]) == 2
        assert said in capsys.readouterr().err
        assert [path.name for path in Path().iterdir()] == ["examples"]

    def test_what_was_there_stays_until_all_is_written(self, place: Path) -> None:
        """A table that cannot be written leaves the old one, and no part of the new."""
        (place / "t.csv").mkdir()
        assert run(["assess", "--batch", "examples/people", "--out", "t.csv", *ON]) == 1
        assert run(["assess", "--batch", "examples/people", "--out", "no/t.csv", *ON]) == 1
        assert sorted(path.name for path in place.iterdir()) == ["examples", "t.csv"]


class TestOneConvention:
    """Files, folders and tables, in every command that takes people."""

    PEOPLE = ("couple", "electrician", "engineer", "graduate", "nurse")

    def test_a_table_on_the_screen(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Several people without --out are a table in words, in both languages."""
        assert run(["assess", "examples/people", *ON]) == 0
        english = capsys.readouterr().out
        assert all(name in english for name in self.PEOPLE)
        assert "Federal Skilled Worker" in english
        assert "not_eligible" not in english
        assert "clients 5, done 5, failed 0" in english
        assert run(["assess", "examples/people", *ON, "--lang", "fr"]) == 0
        assert "Catégorie de l'expérience canadienne" in capsys.readouterr().out

    def test_any_mix(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Files, folders and tables can be named together, and `--batch` is one more of them."""
        mixed = ["examples/people/nurse.toml", "examples/people.csv", "--batch", "examples/people"]
        assert run(["assess", *mixed, *ON, "--format", "json"]) == 0
        names = [row["client"] for row in json.loads(capsys.readouterr().out)["rows"]]

        twice = "examples/people/nurse.toml"  # named twice: by its path, so that nobody is taken for another
        assert names == [twice, "007", "008", "009", *self.PEOPLE[:4], twice]

    @pytest.mark.parametrize(
        "command",
        [
            *(["timeline"], ["invited", "--round", "latest"], ["watch"]),
            *(["changes", "--law", "crs-2020-10-20", "crs-2025-03-25", "--all"], ["compare"], ["assess"]),
            *(["rounds", "replay", "--all"], ["profile", "show"], ["plan", "--size", "1"]),
        ],
    )
    def test_a_folder(self, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """Every command answers for each person of a folder, under the name of the file."""
        assert run([*command, "examples/people", *ON]) in (0, 10)
        told = capsys.readouterr().out
        assert all(name in told for name in self.PEOPLE)

    @pytest.mark.parametrize(
        "command",
        [
            *(["timeline"], ["invited", "--round", "293"], ["rounds", "replay", "--all"]),
            *(["profile", "show"], ["plan", "--size", "1"]),
        ],
    )
    def test_one_file_or_several_as_data(self, command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        """The record of one file is that of the same person in a list, which adds `client`."""
        nurse, couple = "examples/people/nurse.toml", "examples/people/couple.toml"
        assert run([*command, nurse, *ON, "--format", "json"]) == 0
        alone = json.loads(capsys.readouterr().out)
        assert run([*command, nurse, couple, *ON, "--format", "json"]) == 0
        several = json.loads(capsys.readouterr().out)

        mine = [{key: one[key] for key in one if key != "client"} for one in several if one["client"] == "nurse"]
        assert mine == (alone if isinstance(alone, list) else [alone])

    def test_check_many(self, five: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """`profile check` takes a folder: the sound ones are named, every problem of the others has its file."""
        assert run(["profile", "check", "clients"]) == 1
        told = capsys.readouterr()
        assert told.out.splitlines() == ["clients/couple.toml: ok", "clients/engineer.toml: ok"]
        assert "clients/cut.toml, line 1, column 8: TOML: a bracket that is not closed" in told.err
        assert "clients/wrong.json: person.birth_date" in told.err
        assert "clients/wrong.json: children[1].birth_date" in told.err
        assert run(["profile", "check", "clients", "--format", "json"]) == 1
        assert [one["ok"] for one in json.loads(capsys.readouterr().out)] == [True, False, True, False]

    def test_a_table_in_a_folder_is_named(self, five: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A folder is read for its profiles: a table in it is not passed over in silence, unless it is named too."""
        (five / "table.csv").write_text("age\n30\n", encoding="utf-8")
        run(["profile", "check", "clients"])
        assert "Not read: clients/table.csv. A table is read where it is named itself.\n" in capsys.readouterr().err
        run(["assess", "clients", "clients/table.csv", *ON])
        assert "Not read" not in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("words", "option"),
        [
            (["timeline", "--ics", "x.ics"], "ics"),
            (["report", "--out", "o", "--name", "x"], "name"),
            (["rounds", "replay", "--submitted", "2024-02-20T15:00:00Z"], "submitted"),
        ],
    )
    def test_what_belongs_to_one_person(
        self, words: list[str], option: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """An option of one person is refused for several, and nothing is written."""
        assert run([*words, "examples/people", *ON]) == 2
        assert capsys.readouterr().err.startswith(f"{option}: for one person, not for several.")
        assert [path.name for path in Path().iterdir()] == ["examples"]


class TestCompare:
    """`compare`."""

    PAIR = ("compare", "examples/people/engineer.toml", "examples/people/nurse.toml")

    def test_rows_are_marked_where_they_differ(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every row that differs is marked, and only those; with --differing the others are left out."""
        assert run([*self.PAIR, *ON, "--format", "json"]) == 0
        answer_ = json.loads(capsys.readouterr().out)
        by_id = {row["id"]: row for row in answer_["rows"]}

        assert answer_["people"] == ["engineer", "nurse"]
        assert by_id["crs"]["values"] == [[467], [470]]
        assert by_id["core.age"]["values"] == [{"points": 99, "given": 31}, {"points": 88, "given": 33}]
        assert by_id["additional.nomination"]["differs"] is False
        assert all(row["differs"] == (row["values"][0] != row["values"][1]) for row in answer_["rows"])
        assert run([*self.PAIR, *ON, "--differing"]) == 0
        lines = capsys.readouterr().out.splitlines()[2:]
        assert sum(line.startswith("≠") for line in lines) == sum(row["differs"] for row in answer_["rows"])
        assert all(line.startswith(("≠  ", " " * 40)) for line in lines), "a long cell goes on under itself, unmarked"

    def test_a_person_beside_themselves(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Two versions that say the same differ in nothing; files of one name are told apart by their paths."""
        twice = ["examples/people/engineer.toml"] * 2
        assert run(["compare", *twice, *ON]) == 0
        told = capsys.readouterr().out

        assert "0 rows differ" in told
        assert told.count("people/engineer.toml") == 2

    def test_factors_beside_dated_facts(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A file of factors can stand beside one of dated facts."""
        assert run(["compare", "examples/engineer.toml", "examples/people/nurse.toml", *ON, "--lang", "fr"]) == 0
        assert "côte à côte" in capsys.readouterr().out

    def test_all_problems_of_all_files(self, five: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """What is wrong in any of the files is said at once, each problem with its file."""
        assert run(["compare", "clients/cut.toml", "clients/wrong.json", "clients/couple.toml", *ON]) == 1
        told = capsys.readouterr()

        assert told.out == ""
        assert "clients/cut.toml" in told.err
        assert "clients/wrong.json: person.birth_date" in told.err
        assert run(["compare", "clients/couple.toml", *ON]) == 2


class TestChanges:
    """`changes`."""

    def test_job_offers_ended(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Who had points for a job offer loses them with the grid of 25 March 2025, and nobody gains."""
        law = ["--law", "crs-2020-10-20", "crs-2025-03-25"]
        assert run(["changes", "examples/people", *law, *ON, "--format", "json"]) == 0
        found = json.loads(capsys.readouterr().out)

        assert (found["summary"]["gains"], found["summary"]["loses"], found["summary"]["same"]) == (0, 1, 4)
        [loser] = [row for row in found["clients"] if row["outcome"] == "loses"]
        assert (loser["client"], loser["change_low"], loser["crs_after"]) == ("electrician", -50, 227)

    def test_categories_move_with_days(self, capsys: pytest.CaptureFixture[str]) -> None:
        """A day moves the categories too: data scientists left STEM with its third version."""
        law = ["--law", "2023-06-01", "2026-10-01"]
        assert run(["changes", "examples/people", *law, "--on", "2024-04-11", "--format", "csv"]) == 0
        found = {row["client"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}

        assert found["engineer"]["categories_left"] == "stem"
        assert found["couple"]["categories_entered"] == "trades"
        assert "nurse" not in found

    def test_text_counts(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The text says how many enter and leave, in both languages; --all lists everyone."""
        words = ["changes", "examples/people", "--law", "2023-06-01", "2026-10-01", "--on", "2024-04-11"]
        assert run(words) == 0
        assert "STEM: 0 in, 1 out" in capsys.readouterr().out
        assert run([*words, "--all", "--lang", "fr"]) == 0
        french = capsys.readouterr().out
        assert "STIM : entrées 0, sorties 1" in french
        assert "nurse" in french

    @pytest.mark.parametrize(
        ("pair", "said"),
        [
            (("crs-1999", "crs-2025-03-25"), "unknown id"),
            (("2026-02-30", "2026-03-01"), "a real day"),
            (("2020-06-01", "2026-10-01"), "name the grid instead: crs-2017-06-06"),
            (("2014-06-01", "2026-10-01"), "2015-01-01"),
        ],
    )
    def test_misuse(self, pair: tuple[str, str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
        """An unknown law, no day, or a day whose occupations are of another version, is misuse with its fix."""
        assert run(["changes", "examples/people", "--law", *pair, *ON]) == 2
        assert said in capsys.readouterr().err

    def test_missing_facts_are_failures(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Who lacks a fact that one of the laws asks for is listed, not guessed."""
        assert run(["changes", "examples/people.csv", "--law", "crs-2020-10-20", "crs-2025-03-25", *ON]) == 1
        assert "008: job_offer: required" in capsys.readouterr().err

    def test_proposed_law(self, place: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A law file of one's own can be one side; the answer says that it is no law in force."""
        text = load_law().grid("crs-2025-03-25").text.replace('"crs-2025-03-25"', '"crs-2027-01-01"')
        mine = text.replace("in_force = 2025-03-25", "in_force = 2027-01-01").replace("[19, 105, 95]", "[19, 104, 94]")
        (place / "mine.toml").write_text(mine)
        assert run(["changes", "examples/people", "--law", "crs-2025-03-25", "mine.toml", *ON]) == 0
        assert "user law" in capsys.readouterr().out

    def test_the_same_law_of_very_many_open_questions(self) -> None:
        """Where not every reading is assessed, a law beside itself changes nothing, and another one gives a range."""
        law, profile = load_law(), read_profile(costly(8))
        still = compare(profile, DAY, [law.on(DAY), under_grid(law, law.on(DAY).crs, DAY)])
        other = compare(profile, DAY, [law.on(DAY), under_grid(law, law.grid("crs-2016-11-19"), DAY)])

        assert len(still.before.totals) > 1
        assert still.changes == (0,)
        assert len(other.changes) > 1

    @settings(max_examples=often(40))
    @given(dated_profiles(), st.dates(date(2023, 1, 1), date(2027, 12, 31)))
    def test_each_side_is_the_assessment_under_that_law(self, profile: Any, day: date) -> None:
        """The day's own law on both sides moves nothing, and is what `assess` says; a grid moves the score alone."""
        law = load_law()
        whole = assess_profile(profile, day)
        still = compare(profile, day, [under_day(law, day, day), under_grid(law, law.on(day).crs, day)])
        laws = law.on(day), under_grid(law, law.grid("crs-2016-11-19"), day)
        older = compare(profile, day, laws)

        assert not still.differs
        assert still.before.totals == still.after.totals == whole.totals
        assert not older.programs
        assert not older.categories
        assert older.after.totals == Assessor(profile, law).under(derive(profile, day), laws[1]).totals

    def test_other_occupations(self) -> None:
        """Facts of a day whose lists are of the NOC 2021 fit no list of 2020."""
        with pytest.raises(UsageError):
            under_day(load_law(), date(2022, 11, 15), date(2022, 11, 16))


class TestErrors:
    """Problems travel between processes."""

    def test_an_absent_value_stays_absent(self) -> None:
        """A problem without a value says the same after a journey."""
        import pickle

        problem = Problem("x", "age", same("r"), Text("c", "c"))
        back = pickle.loads(pickle.dumps(problem))

        assert back.value is ABSENT
        assert back.say("en") == problem.say("en")
