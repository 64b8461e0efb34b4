"""A draft of added law from what differs on a page."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from expressentry.answers.law import check_law
from expressentry.assess.person.readings import assess_profile
from expressentry.cli import run
from expressentry.errors import LawError
from expressentry.law.load import load_law
from expressentry.law.verify.draft import draft
from expressentry.law.verify.pages.compare import compare_page
from expressentry.noc.codes import codes_of
from expressentry.profile.interview.example import EXAMPLE
from expressentry.profile.read import read_profile
from expressentry.text import LANGS, Lang
from tests.law.verify.department import make, page, table
from tests.law.verify.test_pages import FIGURE

LAW = load_law()
NOW, LATER = date(2026, 6, 22), date(2026, 11, 20)
WELDER = "72106"
CODES = [WELDER, *sorted(set(codes_of(2021)) - {WELDER})][:186]
"""The welder of the example first: on the upper tier."""

TIERS = ("Upper tier", "Middle tier", "Lower tier")


def drafted(data: bytes, tmp_path: Path) -> Path:
    """The draft of a page as a file."""
    file = tmp_path / "draft.toml"
    file.write_text(draft(compare_page(data, "page.html", LAW), LAW, "https://www.canada.ca/page.html"), "utf-8")
    return file


@pytest.mark.parametrize("lang", LANGS)
class TestFigures:
    """Pages on which figures have changed."""

    @pytest.mark.parametrize("kind", ["crs", "language", "funds", "categories"])
    def test_with_the_draft_the_page_is_the_same(self, kind: str, lang: Lang, tmp_path: Path) -> None:
        """The draft is accepted as it is, says what it is, and gives the law that the page has."""
        text = make(kind, LAW, NOW, lang).decode()
        for old, new in {
            "crs": [(">110<", ">111<"), (">13<", ">14<"), (">15<", ">16<"), (">600<", ">601<"), (">31<", ">33<")],
            "language": [(">371 – ", ">372 – "), (" – 370<", " – 371<")],
            "funds": [(">$15,263<", ">$15,632<"), (">15\u00a0263 $<", ">15\u00a0632 $<")],
            "categories": [(">21222<", ">21223<"), (">00012<", ">00011<")],
        }[kind]:
            text = text.replace(old, new, 1)
        data = text.replace("2026-06-22", "2026-10-20").encode()
        before = compare_page(data, "page.html", LAW)
        assert before.count("different") + before.count("new") > 0

        file = drafted(data, tmp_path)
        check_law([file])
        law = load_law(file)

        assert compare_page(data, "page.html", LAW).same is False
        after = compare_page(data, "page.html", law)
        left = [one for one in after.rows if one.finding != "same" and "aximum" not in one.label + one.column]
        assert [one for one in left if one.table.casefold() not in ("factors", "facteurs")] == []
        assert law.instruments["page-2026-10-20"].confidence == "unverified"
        assert "check before use" in file.read_text("utf-8")

    def test_a_factor_that_is_gone_is_removed(self, lang: Lang, tmp_path: Path) -> None:
        """Additional points that the page no longer has are removed from the law."""
        word = {"en": "Brother or sister", "fr": "Frère ou sœur"}[lang]
        text = re.sub(rf"<tr><th scope=\"row\">{word}.*?</tr>", "", make("crs", LAW, NOW, lang).decode())

        file = drafted(text.replace("2026-06-22", "2026-10-20").encode(), tmp_path)
        check_law([file])

        assert "additional.sibling" not in {node.id for node in load_law(file).on(date(2026, 10, 20)).crs.root.walk()}


class TestMaxima:
    """Maxima on a page that differ."""

    @pytest.mark.parametrize("lang", LANGS)
    def test_a_maximum_becomes_the_cap_where_the_law_has_one(self, lang: Lang, tmp_path: Path) -> None:
        """In its section, both figures of a place that has two, and no row with it; then the page agrees."""
        text = make("crs", LAW, NOW, lang).decode().replace("2026-06-22", "2026-10-20")
        of = {"en": "Maximum {n} points", "fr": "Maximum de {n} points"}[lang]
        for old, new in (("600", "650"), ("24", "20"), ("22", "18")):
            text = text.replace(of.format(n=old), of.format(n=new))
        summed = {"en": "Official languages proficiency", "fr": "Compétence dans les langues officielles"}[lang]
        text = re.sub(rf"{summed}</th><td>150</td><td>160</td>", f"{summed}</th><td>146</td><td>156</td>", text)
        file = drafted(text.encode(), tmp_path)
        check_law([file])
        nodes = {node.id: node for node in load_law(file).on(date(2026, 10, 20)).crs.root.walk()}

        assert nodes["additional"].cap == (650, 650)
        assert nodes["core.second_language"].cap == (20, 18)
        assert "rows = " not in file.read_text("utf-8")
        differing = [
            one.place for one in compare_page(text.encode(), "x", load_law(file)).rows if one.finding != "same"
        ]
        assert not {"additional", "core.second_language"} & {*differing}

    def test_a_maximum_that_follows_from_rows_is_a_note(self, tmp_path: Path) -> None:
        """The law has no cap of age: the draft says so, and changes nothing; the rows decide."""
        text = make("crs", LAW, NOW, "en").decode().replace("(Maximum 110 points)", "(Maximum 120 points)", 1)
        file = drafted(text.encode(), tmp_path)

        told = file.read_text("utf-8")
        assert "the page has 120, the law 110 (core.age)" in told
        assert "this maximum follows from the rows or parts below it" in told
        assert "[core.age]" not in told

    def test_two_figures_for_one_cap_are_a_note(self, tmp_path: Path) -> None:
        """Where the heading and the table name other maxima, neither is written."""
        text = make("crs", LAW, NOW, "en").decode().replace("(Maximum 600 points)", "(Maximum 650 points)", 1)
        told = drafted(text.encode(), tmp_path).read_text("utf-8")

        assert "the page does not name one figure for the cap" in told
        assert "[additional]" not in told


def new_factor(lang: Lang) -> bytes:
    """A page with points for high-wage occupations by tier, of work and of an offer, and a list of 186 occupations."""
    body = make("crs", LAW, NOW, lang).decode().partition("</h1>")[2].partition("</main>")[0]
    about = {"en": "Work in Canada in a high-wage occupation", "fr": "Travail au Canada, profession à haut salaire"}[
        lang
    ]
    years = {"en": ["1 year", "2 years or more"], "fr": ["1 an", "2 ans ou plus"]}[lang]
    offer = {"en": ["Job offer", "Points"], "fr": ["Offre d’emploi", "Points"]}[lang]
    heads = {
        "en": ["Occupation", "2021 NOC code", "2021 TEER category", "Tier"],
        "fr": ["Profession", "Code de la CNP 2021", "Catégorie FÉER 2021", "Palier"],
    }[lang]
    rows = [[f"Occupation {n}", code, code[1], TIERS[n % 3]] for n, code in enumerate(CODES)]
    body += table([about, *years], [[tier, str(15 - 5 * n), str(25 - 5 * n)] for n, tier in enumerate(TIERS)])
    body += table(offer, [[tier, str(20 - 5 * n)] for n, tier in enumerate(TIERS)])
    body += table(heads, rows)
    return page("crs", body, LATER, lang)


@pytest.mark.parametrize("lang", LANGS)
class TestNewFactor:
    """A page with a factor that the law does not have."""

    def test_notes_have_to_be_answered_first(self, lang: Lang, tmp_path: Path) -> None:
        """What the page does not say is a question mark, which the check refuses by its line."""
        file = drafted(new_factor(lang), tmp_path)

        with pytest.raises(LawError) as caught:
            check_law([file])

        assert {problem.field.rpartition(".")[2] for problem in caught.value.problems} == {"where", "window_years"}

    def test_with_the_notes_answered_a_person_is_scored(self, lang: Lang, tmp_path: Path) -> None:
        """Where the work is done and how far back are answered; then work in a listed occupation gives its points."""
        file = drafted(new_factor(lang), tmp_path)
        text = file.read_text("utf-8").replace('where = "?"', 'where = "canada"')
        file.write_text(text.replace('window_years = "?"', "window_years = 10"), "utf-8")
        check_law([file])
        law = load_law(file)

        assert law.on(LATER).established
        assert law.on(date(2026, 11, 3)).id == "crs-2026-11-03"
        (name,) = [one for one in law.list_names if one.startswith("occupations_")]
        assert len(law.list(name)) == 186
        assert [row.values["tier"] for row in law.list(name)][:3] == ["upper_tier", "middle_tier", "lower_tier"]
        before, after = (assess_profile(read_profile(EXAMPLE, one), LATER, one).totals for one in (LAW, law))
        assert list(after) == [total + 25 for total in before]
        factors = {node.id: node for node in law.on(LATER).crs.root.walk()}
        upper = next(node for id_, node in factors.items() if id_.endswith("new_1.upper_tier"))
        assert upper.maximum == (25, 25)
        assert next(node for id_, node in factors.items() if id_.endswith(".offer")).maximum == (20, 20)


class TestCommand:
    """`law verify --page … --draft FILE`."""

    def test_the_file_is_written_and_never_over_another(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """A draft is written beside the answer, once; where nothing differs none is."""
        saved, file = tmp_path / "page.html", tmp_path / "draft.toml"
        text = make("funds", LAW, NOW, "en").decode()
        saved.write_text(text, "utf-8")
        assert run(["law", "verify", "--page", str(saved), "--draft", str(file)]) == 0
        assert not file.exists()

        match = next(FIGURE.finditer(text))
        saved.write_text(text.replace(match[0], "$15,999"), "utf-8")
        assert run(["law", "verify", "--page", str(saved), "--draft", str(file)]) == 3
        assert 'size_1 = "15999"' in file.read_text("utf-8")
        assert str(file) in capsys.readouterr().err
        assert run(["law", "verify", "--page", str(saved), "--draft", str(file)]) == 1
        assert run(["law", "check", str(file)]) == 0
