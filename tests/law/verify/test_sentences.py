"""Sentences of the department's pages beside the criteria of the law: figures by their labels."""

from __future__ import annotations

import random
import re
import time
from datetime import date
from functools import cache

import pytest

from expressentry.answers import published
from expressentry.law.load import load_law
from expressentry.law.verify.draft import draft
from expressentry.law.verify.pages import compare
from expressentry.law.verify.pages.compare import compare_page
from expressentry.law.verify.pages.model import DIFFERENT, NEW, SAME, VANISHED, Found
from expressentry.law.verify.pages.sentences import read_sentence
from expressentry.text import LANGS, Lang
from tests.law.verify.department import make

LAW = load_law()
NOW = date(2026, 9, 24)
KINDS = ("categories", "cec", "fsw", "fst")
FIGURES = {"categories": 44, "cec": 7, "fsw": 7, "fst": 9}


@cache
def text(kind: str, lang: Lang, day: date = NOW) -> str:
    """A page as text."""
    return make(kind, LAW, day, lang).decode()


def compared(page: str) -> Found:
    """A page beside the law."""
    return compare_page(page.encode(), "page.html", LAW)


def sentences(found: Found) -> list[tuple[str, str | None, str | None]]:
    """What differs in sentences: place, page, law."""
    rows = [one for one in found.rows if one.finding != SAME and one.place.startswith(("condition", "program"))]
    return [(one.place, one.page, one.law) for one in rows]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_differs_on_its_own_day(kind: str, lang: Lang) -> None:
    """Every figure of every sentence is understood and the same; of categories also those of other years."""
    for day in (NOW, date(2024, 1, 1), date(2025, 6, 1)) if kind == "categories" else (NOW, date(2023, 6, 1)):
        found = compared(text(kind, lang, day))
        rows = [one for one in found.rows if one.place.startswith(("condition", "program"))]

        assert found.same, (day, sentences(found), found.unread)
        assert len(rows) >= (FIGURES[kind] if day == NOW else 5)


@pytest.mark.parametrize(
    ("kind", "lang", "change", "expected"),
    [
        (
            "categories",
            "en",
            ("minimum of ten years", "minimum of eight years"),
            ("condition military service_years", "8", "10"),
        ),
        ("categories", "en", ("work of 3 years", "work of 2 years"), ("condition military offer_years", "2", "3")),
        ("categories", "fr", ("moins NCLC 7", "moins NCLC 5"), ("condition french level", "5", "7")),
        ("cec", "en", ("CLB 5 for TEER 2", "CLB 6 for TEER 2"), ("program cec level TEER 2", "6", "5")),
        ("cec", "fr", ("3 dernières années", "cinq dernières années"), ("program cec window_years", "5", "3")),
        ("cec", "en", ("last 3 years (1,560", "last 3 years (1,950"), ("program cec hours", "1950", "1560")),
        ("fsw", "fr", ("67 points", "soixante-dix points"), ("program fsw points", "70", "67")),
        ("fst", "en", ("CLB 4 for reading", "CLB 5 for reading"), ("program fst level reading", "5", "4")),
        ("fst", "fr", ("2 ans", "3 ans"), ("program fst test_years", "3", "2")),
        (
            "fst",
            "en",
            (
                "speaking and listening, and CLB 4 for reading and writing",
                "reading and writing, and CLB 4 for speaking and listening",
            ),
            ("program fst level speaking", "4", "5"),
        ),
    ],
)
def test_a_figure_that_differs_is_named_by_its_label(
    kind: str, lang: Lang, change: tuple[str, str], expected: tuple[str, str, str]
) -> None:
    """With both values, wherever it is in the sentence, in digits or in words."""
    page = text(kind, lang)
    assert change[0] in page
    found = compared(page.replace(*change, 1))

    assert expected in sentences(found)
    assert not found.unread


class TestCategories:
    """Names, breaks and place of work, which are no figures."""

    def test_a_break_that_was_allowed(self) -> None:
        """Months that must be continuous again."""
        found = compared(
            text("categories", "en").replace("it does not need to be continuous", "it must be continuous", 1)
        )

        assert [one[1:] for one in sentences(found)] == [("yes", "no")]

    def test_work_in_canada_only(self) -> None:
        """A place that is narrower, or wider."""
        narrower = compared(text("categories", "fr").replace("au Canada ou à l’étranger", "au Canada", 1))
        wider = compared(text("categories", "fr").replace("fait au Canada<", "fait au Canada ou à l’étranger<", 1))

        assert [one[1:] for one in sentences(narrower)] == [("Canada", "anywhere")]
        assert [one[1:] for one in sentences(wider)] == [("anywhere", "Canada")]

    def test_a_category_without_a_list_that_the_law_does_not_have(self) -> None:
        """Conditions under a name that is none of the law's are never passed over."""
        page = text("categories", "en").replace(
            "</main>",
            "<h3>Leadership occupations</h3><ul><li>have at least 18 months of work experience</li></ul></main>",
        )
        found = compared(page)

        assert [one.table for one in found.unread] == ["Leadership occupations"]
        assert "18 months" in found.unread[0].expected.en

    def test_another_name(self) -> None:
        """A category whose name is another is not understood, and what the law has of it has vanished."""
        found = compared(text("categories", "en").replace(">French-language proficiency<", ">French skills<"))

        assert [one.table for one in found.unread] == ["French skills"]
        assert ("condition french level", None, "7") in sentences(found)


class TestNeverTheSame:
    """Pages that were changed in a sentence."""

    @pytest.mark.parametrize("lang", LANGS)
    @pytest.mark.parametrize("kind", KINDS)
    def test_every_figure(self, kind: str, lang: Lang) -> None:
        """Each number of each sentence, one after the other, raised by one: never the same, but for two remarks."""
        page = text(kind, lang)
        tried = 0
        for item in re.finditer(r"<li>[^<]*</li>", page):
            for number in re.finditer(r"(?<![\d,\u00a0])\d+(?![\d])", item[0]):
                at = item.start() + number.start()
                changed = page[:at] + str(int(number[0]) + 1) + page[at + len(number[0]) :]
                remark = re.search(r"less than 15|moins de 15|since 2016", item[0])
                tried += 1
                assert compared(changed).same is bool(remark), item[0]
        assert tried > 5

    @pytest.mark.parametrize("kind", KINDS)
    def test_sentences_that_are_gone(self, kind: str) -> None:
        """Without any sentence, and without each one that the law needs."""
        page, rng = text(kind, "en"), random.Random(7)
        bare = compared(re.sub(r"<li>[^<]*</li>", "", page))
        needed = [one[0] for one in re.finditer(r"<li>[^<]*\d[^<]*</li>", page) if "15 hours" not in one[0]]
        needed = [
            one for one in needed if not re.search("30 hours/week for|since 2016|out of 100|assessment|offer", one)
        ]

        assert not bare.same
        assert {one.finding for one in bare.rows if one.place.startswith(("condition", "program"))} == {VANISHED}
        for item in rng.sample(needed, min(6, len(needed))):
            assert not compared(page.replace(item, "", 1)).same, item

    @pytest.mark.parametrize(
        "more", ["a fee of 1,590 dollars", "12.5 months of work", "seventeen letters", "at least 3 things", "2 adults"]
    )
    @pytest.mark.parametrize("kind", KINDS)
    def test_a_figure_without_a_label_is_not_understood(self, kind: str, more: str) -> None:
        """It is said with its sentence."""
        found = compared(text(kind, "en").replace("</ul>", f"<li>{more}</li></ul>", 1))

        assert not found.same
        assert found.unread or any(one.finding in (DIFFERENT, NEW) for one in found.rows)

    def test_a_figure_that_is_none_of_the_criteria(self) -> None:
        """A label that the law does not have of a program is new."""
        found = compared(text("cec", "en").replace("</ul>", "<li>a job offer of 2 years</li></ul>", 1))

        assert [(one.finding, one.page) for one in found.rows if one.finding != SAME] == [(NEW, "2")]

    def test_a_table_on_a_page_of_sentences(self) -> None:
        """It is not known."""
        table = "<table><tr><th>Factor</th><th>Points</th></tr><tr><td>Age</td><td>12</td></tr></table>"

        assert compared(text("fsw", "en").replace("</main>", f"{table}</main>")).unread


class TestReading:
    """Sentences as pages write them."""

    @pytest.mark.parametrize(
        ("words", "lang", "labels"),
        [
            (
                "30 hours/week for 24 months at more than 1 job = 2 years full time (3,120 hours)",
                "en",
                {"spread": "720", "hours": "3120"},
            ),
            (
                "Canadian Language Benchmark (CLB) 7 for TEER 0 or TEER 1",
                "en",
                {"level TEER 0": "7", "level TEER 1": "7"},
            ),
            ("TEER 2 or 3: CLB 5", "en", {"level TEER 2": "5", "level TEER 3": "5"}),
            ("score 67 points or higher (out of 100)", "en", {"points": "67", "maximum": "100"}),
            ("obtenir soixante-sept points sur 100", "fr", {"points": "67", "maximum": "100"}),
            ("trois mille heures", "fr", {}),
        ],
    )
    def test_labels(self, words: str, lang: Lang, labels: dict[str, str]) -> None:
        """Each figure has the label of the words beside it."""
        found = {one.label: one.value for one in read_sentence(words, lang).figures}

        assert {label: found.get(label) for label in labels} == labels

    def test_a_level_of_which_it_is_not_said_for_what(self) -> None:
        """Of two levels only one says for which work: the other is not understood."""
        assert read_sentence("CLB 7, or CLB 5 for TEER 2 or 3", "en").unknown == ("clb 7",)

    @pytest.mark.parametrize("piece", ["eca ", "clb 7 ", "teer 0, 1, "])
    def test_long_sentences_take_little_time(self, piece: str) -> None:
        """A third of what a page may have of the costliest words takes seconds at most; what is too long is not read.

        0.4 to 0.8 s of processor time on an idle core, twice that on a busy one: what grew faster would take minutes.
        """
        body = f"<li>{piece * (990 // len(piece))}</li>" * 100 + f"<li>{piece * 300}</li>"
        before = time.process_time()
        found = compared(text("cec", "en").replace("</ul>", f"{body}</ul>", 1))

        assert found.unread
        assert time.process_time() - before < 5

    def test_a_list_in_a_list(self) -> None:
        """What follows a list within an entry still belongs to the entry."""
        page = text("cec", "en").replace("<ul>", "<ul><li>You need <ul><li>a job</li></ul> 17 letters</li>", 1)

        assert "17" in compared(page).unread[0].expected.en


def test_every_page_has_a_name_in_the_news() -> None:
    """What is kept of a page at the department's own address can be told of each kind."""
    assert set(published._NAMES) == set(compare.KINDS) == set(compare.NOT_COMPARED)


def test_a_draft_has_the_differences_as_notes() -> None:
    """Nothing is changed for anybody: the note has both values and the sentence."""
    found = compared(text("categories", "en").replace("work of 3 years", "work of 2 years", 1))
    written = draft(found, LAW, "https://example.org/")

    assert "# NOTE: “Skilled military recruits”, years of a job offer" in written
    assert "the page has 2, the law 3" in written
