"""What the second trial of the site found: a stumble each, with the answer that people should get."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from expressentry.profile.interview.answers_by_id import ask, typed_of
from expressentry.profile.read import read_document
from expressentry.web.pages.candidate.carried import Carried, pack
from expressentry.web.pages.candidate.sections import topics
from tests.web.serving import made
from tests.web.site import person

NONE: dict[str, Any] = {"relatives": [], "certificates": []}
REST: dict[str, Any] = {"nominations": [], "job_offers": [], "intent": {"quebec": False}}
CELPIP = {
    "test": "celpip",
    "taken_on": "2026-01-06",
    "results_on": "2026-01-10",
    "listening": 10,
    "reading": 9,
    "writing": 9,
    "speaking": 9,
}
TCF = {**CELPIP, "test": "tcf", "listening": 530, "reading": 530, "writing": 14, "speaking": 14}
STUDY = {
    "present_months": 20,
    "full_time_months": 20,
    "academic_years": 2,
    "distance_percent": 0,
    "language_percent": 0,
    "must_return": False,
    "relief_months": 0,
}
ABROAD = {"noc2021": "31202", "from": "2018-02-01", "to": "2021-07-31", "hours_per_week": 40, "worked_in": "BR"}
HERE = {
    "noc2021": "31202",
    "from": "2023-06-05",
    "hours_per_week": 37.5,
    "worked_in": "CA",
    "employer": "Prairie Physio",
    "full_time_student": False,
}
PHYSIOTHERAPIST = {
    **REST,
    "children": [],
    "person": {
        **NONE,
        "birth_date": "1995-05-20",
        "lives_in": "CA",
        "tests": [CELPIP],
        "credentials": [
            {"level": "three_year", "country": "BR", "completed_on": "2017-12-15", "assessments": []},
            {"level": "masters", "country": "CA", "completed_on": "2023-04-28", "study": STUDY},
        ],
        "work": [ABROAD, HERE],
        "status": [
            {"kind": "study_permit", "from": "2021-08-20", "to": "2023-05-31"},
            {"kind": "post_graduation", "from": "2023-06-01", "to": "2024-11-30"},
            {"kind": "post_graduation", "from": "2024-12-21", "to": "2026-12-20"},
        ],
    },
}
PHARMACIST = {
    **REST,
    "children": [{"birth_date": "2021-08-03"}],
    "funds": [{"on": "2026-09-20", "amount_cad": 25000}],
    "person": {
        **NONE,
        "birth_date": "1992-06-10",
        "lives_in": "SN",
        "tests": [TCF],
        "credentials": [
            {
                "level": "professional",
                "country": "SN",
                "completed_on": "2017-11-24",
                "assessments": [{"body": "PEBC", "on": "2026-02-02", "result": "professional"}],
            }
        ],
        "work": [{**ABROAD, "noc2021": "31120", "from": "2018-01-08", "to": None, "worked_in": "SN"}],
    },
}
PHARMACIST["person"]["work"][0].pop("to")


def page_of(client: TestClient, facts: Mapping[str, Any], path: str = "en/candidate/answer", **more: str) -> str:
    """A page for somebody, its spaces plain."""
    typed, left = typed_of(dict(facts))
    told = client.post(f"/{path}", data={"a": pack(Carried(typed, tuple(left), "one")), **more}).text
    return re.sub(r"\s+", " ", unescape(told))


@pytest.mark.parametrize(
    ("lang", "says"),
    [
        ("en", "No test report is better in every ability: test 2 gives you most points"),
        ("fr", "Aucun résultat de test n'est meilleur dans chaque habileté : test 2 vous donne le plus de points"),
    ],
)
def test_a_choice_between_two_reports_is_shown(lang: str, says: str) -> None:
    """Of two reports none of which is better in every ability the page says which is used, and what the other gives."""
    facts = read_document(Path(__file__).parent.parent / "cases" / "two_reports_none_better.toml")
    facts["person"]["lives_in"] = "CA"
    with TestClient(made(date(2023, 11, 1))) as client:
        told = page_of(client, facts, f"{lang}/candidate/answer").replace("\u00a0", " ")

    assert says in told
    assert says not in page_of(client, PHARMACIST, f"{lang}/candidate/answer").replace("\u00a0", " ")


class TestEducator:
    """A French speaker with hours that vary, a gap between two permits, an offer with an LMIA and a wedding to come."""

    FACTS = read_document(Path(__file__).parent.parent / "cases" / "educator.toml")

    @pytest.mark.parametrize(
        ("lang", "says"),
        [
            ("en", ("French: levels 10 9 9 10, 5 needed", "14 February 2027", "from 1 to 31 August 2025")),
            ("fr", ("français : niveaux 10 9 9 10, 5 exigé", "14 février 2027", "du 1er au 31 août 2025")),
        ],
    )
    def test_answer(self, lang: str, says: tuple[str, ...]) -> None:
        """The score, the better language, the wedding, and what the gap between the permits will decide."""
        with TestClient(made(date(2026, 11, 28))) as client:
            told = page_of(client, self.FACTS, f"{lang}/candidate/answer").replace("\u00a0", " ")

        assert '<span class="big">489</span>' in told
        assert all(one in told for one in says)
        assert re.search(r"(454–477|from 454 to 477)", told)

    def test_pages(self) -> None:
        """Of all that is rare only the days between two permits are a page more."""
        typed, left = typed_of(self.FACTS)
        pages = topics(ask(typed, complete=True).steps)

        assert left == []
        assert [one.id for one in pages if "gap:" in one.id] == ["person.status.gap:2025-08-01"]
        assert len(pages) <= 27


def test_the_end_of_a_permit_is_said(client: TestClient) -> None:
    """Whoever works on a permit that ends within a year is told at the top; whoever holds none is not."""
    told = page_of(client, PHYSIOTHERAPIST)

    assert '<span class="big">555</span>' in told
    assert "Your permit ends on 20 December 2026. Apply for a new one before that day" in told
    assert "Your permit ends" not in page_of(client, PHARMACIST)
    assert "Your permit ends" not in page_of(client, person("nurse"))


def test_a_first_statement_of_funds_explains_the_rounds_before_it(client: TestClient) -> None:
    """Rounds before the first statement are open for want of it; the page says how to close them."""
    told = page_of(client, PHARMACIST, "fr/candidate/answer")

    assert "il nous manque un fait. Votre premier relevé de fonds est du 20 septembre 2026" in told
    early = {**PHARMACIST, "funds": [{"on": "2025-09-20", "amount_cad": 25000}]}
    assert "Votre premier relevé de fonds" not in page_of(client, early, "fr/candidate/answer")


def test_days_are_in_words_where_answers_are_checked(client: TestClient) -> None:
    """The page of all answers says 10 June 1992, as every other page does."""
    assert "10 June 1992" in page_of(client, PHARMACIST, "en/candidate", do="check")
    assert "10 juin 1992" in page_of(client, PHARMACIST, "fr/candidate", do="check")
    assert "<dd>1992-06-10" not in page_of(client, PHARMACIST, "en/candidate", do="check")


def test_what_only_a_file_can_state_is_named(client: TestClient) -> None:
    """Where answers are checked, for who has such a list: a child's days, a nomination withdrawn, an offer's end."""
    child, offer = "ceased to be dependent", "The last day on which a job offer is open"
    told = page_of(client, PHARMACIST, do="check", path="en/candidate")
    assert child in told
    assert offer not in told
    assert "cessé d'être à charge" in page_of(client, PHARMACIST, "fr/candidate", do="check")

    alone = {**PHARMACIST, "children": [], "nominations": [{"kind": "enhanced", "province": "ON"}]}
    told = page_of(client, alone, "en/candidate", do="check")
    assert "The day on which a province withdrew its nomination" in told
    assert child not in told


def test_no_amount_breaks_across_lines_in_french(client: TestClient) -> None:
    """The spaces within 25 000 $ do not break, nor does that before a colon of a step."""
    typed, left = typed_of(dict(PHARMACIST))
    told = client.post("/fr/candidate/answer", data={"a": pack(Carried(typed, tuple(left), "one"))}).text

    assert "25\u00a0000\u00a0$" in told
    assert not re.search(r"\d \d{3} \$", told)
    assert "Niveau de scolarité\u00a0: " in told


def test_one_occupation_found_is_asked_about_as_one(client: TestClient) -> None:
    """One hit is no list of hits: nobody reads « 1 trouvées »."""
    facts = {**PHARMACIST, "person": {**PHARMACIST["person"], "work": []}}
    typed, left = typed_of(facts)
    typed = {**typed, "person.work[1]?": "yes", "person.work[1].noc2021": "41220"}
    packed = pack(Carried(typed, tuple(left), "one"))
    told = client.post("/fr/candidate", data={"a": packed, "do": "show:person.work[1].noc2021"}).text

    assert "41220" in told
    assert "1 trouvées" not in told


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_rounds_of_which_all_are_open_are_listed_once(client: TestClient, lang: str) -> None:
    """Where a fact is missing for every round that a person could enter, one table says so; else there are two."""
    open_ = {"en": "Rounds for which we need one more fact", "fr": "Rondes pour lesquelles il manque un fait"}[lang]
    all_ = {"en": "Rounds that you could have entered", "fr": "Rondes où vous auriez pu entrer"}[lang]
    facts = read_document(Path(__file__).parent.parent / "cases" / "systems_analyst.toml")
    earlier = [{"on": "2026-07-01", "amount_cad": 21000}, *facts["funds"]]

    for funds, tables in ((facts["funds"], 1), (earlier, 2)):
        told = page_of(client, {**facts, "funds": funds}, f"{lang}/candidate/answer")
        assert (open_ in told, all_ in told) == (True, tables == 2)
