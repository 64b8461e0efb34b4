"""Questions that may follow from the answers of a page, without scripts: fewer pages, and nothing assumed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from expressentry.profile.interview.answers_by_id import typed_of
from expressentry.profile.read import read_document
from expressentry.web.pages.candidate.carried import Carried, pack
from tests.web.serving import made
from tests.web.site import slug

CASES = Path(__file__).parent.parent / "cases"
DAY = date(2026, 11, 28)
MOST_PAGES = {"educator": 27, "nurse": 24, "developer": 23, "welder": 20, "cook": 18}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    """A client of a site of a fixed day."""
    with TestClient(made(DAY)) as found:
        yield found


class Visit:
    """Somebody without scripts: the form of the page shown, and how it is filled in and sent."""

    def __init__(self, client: TestClient, lang: str, typed: Mapping[str, str], *, ahead: bool = True) -> None:
        self.client, self.lang, self.typed, self.ahead = client, lang, typed, ahead
        self.page = client.post(f"/{lang}/candidate", data={"mode": "one"}).text

    @property
    def form(self) -> str:
        """The form of the questions; nothing where none is asked."""
        begins = self.page.find('class="asking"')
        return self.page[begins : self.page.find("</form>", begins)] if begins > 0 else ""

    @property
    def at(self) -> str:
        """The page of questions."""
        found = re.search(r'name="at" value="([^"]+)"', self.form)
        return unescape(found[1]) if found else ""

    def ids(self, form: str) -> list[str]:
        """The questions in a part of the page."""
        return [unescape(one) for one in re.findall(r'data-id="([^"]+)"', form)]

    def fields(self, answers: Mapping[str, str]) -> dict[str, str]:
        """The form as a browser sends it with these answers."""
        form = self.form
        data = {"do": "next"}
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form):
            data[unescape(name)] = unescape(value)
        for id_ in self.ids(form):
            answer = answers.get(id_, "")
            if f'id="{slug(id_)}-year"' in form:
                parts = answer.split("-") if answer else ["", "", ""]
                data |= {f"{id_}~{part}": text for part, text in zip(("year", "month", "day"), parts, strict=True)}
            elif f'name="{id_}~words"' in form:
                data[f"{id_}~words"] = answer
            else:
                data[id_] = answer
        return data

    def go_on(self, answers: Mapping[str, str] | None = None) -> None:
        """Answer what is asked, and continue."""
        typed = dict(self.typed if answers is None else answers)
        if not self.ahead:
            for id_ in self.ids(self.form.partition("<noscript>")[2]):
                typed.pop(id_, None)
        self.page = self.client.post(f"/{self.lang}/candidate", data=self.fields(typed)).text


def answers_of(page: str, client: TestClient) -> str:
    """The file of the answers that a page carries."""
    word = re.search(r'name="a" value="([^"]*)"', page)
    assert word is not None
    return client.post("/en/candidate/file", data={"a": unescape(word[1]), "form": "toml"}).text


@pytest.mark.parametrize("ahead", [True, False])
@pytest.mark.parametrize("name", MOST_PAGES)
def test_the_whole_way(client: TestClient, name: str, ahead: bool) -> None:
    """Who answers what may follow goes through few pages, who does not through more; the answers are the same."""
    typed, _ = typed_of(read_document(CASES / f"{name}.toml"))
    visit, pages = Visit(client, "fr" if ahead else "en", typed, ahead=ahead), 0
    while visit.at:
        visit.go_on()
        pages += 1
        assert pages < 40

    whole = client.post("/en/candidate/file", data={"a": pack(Carried(typed, (), "one")), "form": "toml"}).text
    assert answers_of(visit.page, client) == whole
    assert pages <= (MOST_PAGES[name] if ahead else 34)


def at_the_degree(client: TestClient) -> Visit:
    """A visit at the page of a first credential, with no answer on it yet."""
    typed, _ = typed_of(read_document(CASES / "cook.toml"))
    visit = Visit(client, "en", typed)
    while visit.at != "person.credentials[1].level":
        visit.go_on()
    return visit


HERE = {
    "person.credentials[1].level": "two_year",
    "person.credentials[1].country": "CM",
    "person.credentials[1].completed_on": "2013-06-30",
    "person.credentials[2]?": "no",
}
ASSESSED = {
    "person.credentials[1].assessments[1]?": "yes",
    "person.credentials[1].assessments[1].body": "WES",
    "person.credentials[1].assessments[1].on": "2025-01-10",
    "person.credentials[1].assessments[1].result": "two_year",
    "person.credentials[1].assessments[2]?": "no",
}


class TestNothingIsAssumed:
    """What only may follow is an answer where it was given, and nowhere else."""

    def test_a_group_that_was_not_opened_is_asked_for(self, client: TestClient) -> None:
        """Left empty it is no error and no answer: the question comes, as new."""
        visit = at_the_degree(client)
        assert "If the school is outside Canada" in visit.form
        visit.go_on(HERE)

        asked = visit.form.partition("<noscript>")[0]
        assert visit.at == "person.credentials[1].level"
        assert "person.credentials[1].assessments[1]?" in visit.ids(asked)
        assert "There is a problem" not in visit.page

    def test_a_group_that_was_answered_is_taken(self, client: TestClient) -> None:
        """Then the next page comes."""
        visit = at_the_degree(client)
        visit.go_on({**HERE, **ASSESSED})

        assert visit.at == "person.work[1]?"

    def test_a_group_answered_in_part_is_asked_for(self, client: TestClient) -> None:
        """What is missing in it is said, and what was typed stays."""
        visit = at_the_degree(client)
        visit.go_on({**HERE, **ASSESSED, "person.credentials[1].assessments[1].on": ""})

        assert "There is a problem" in visit.page
        assert re.search(r'<option value="WES" selected', visit.form)

    def test_what_does_not_follow_is_dropped(self, client: TestClient) -> None:
        """A credential of Canada has no assessment, whatever was typed there."""
        visit = at_the_degree(client)
        visit.go_on({**HERE, **ASSESSED, "person.credentials[1].country": "CA"})

        asked = visit.ids(visit.form.partition("<noscript>")[0])
        assert "person.credentials[1].study?" in asked
        assert not any("assessments" in one for one in asked)

    def test_what_was_typed_stays_where_the_page_comes_again(self, client: TestClient) -> None:
        """A wrong country brings the page again, with the assessment as it was typed."""
        visit = at_the_degree(client)
        visit.go_on({**HERE, **ASSESSED, "person.credentials[1].country": ""})

        assert 'value="2025"' in visit.form

    def test_no_way_round(self, client: TestClient) -> None:
        """To call a question of the page one that may follow gives no answer without it."""
        visit = at_the_degree(client)
        data = visit.fields({**HERE, "person.credentials[1].level": ""})
        page = client.post("/en/candidate", data={**data, "ahead": "person.credentials[1].level"}).text
        word = re.search(r'name="a" value="([^"]*)"', page)
        assert word is not None
        told = client.post("/en/candidate/answer", data={"a": unescape(word[1])}).text

        assert "CRS points" not in told


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_they_are_for_visitors_without_scripts(client: TestClient, lang: str) -> None:
    """With scripts the questions come by themselves: these stand where a browser with scripts does not look."""
    typed, _ = typed_of(read_document(CASES / "cook.toml"))
    at = client.post(
        f"/{lang}/candidate",
        data={"a": pack(Carried({**typed, "person.work[2]?": "yes"}, (), "one")), "do": "show:person.work[2].noc2021"},
    ).text
    outside = re.sub(r"<noscript>.*?</noscript>", "", at, flags=re.DOTALL)

    assert 'name="ahead"' in at
    assert 'name="ahead"' not in outside
    assert "varying_hours[1].from" not in outside
