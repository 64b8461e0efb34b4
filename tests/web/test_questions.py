"""Questions over HTTP, as a browser without scripts sends them: nothing skipped gives a number, what is typed wins."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from expressentry.law.load import load_law
from expressentry.profile.interview import Step
from expressentry.profile.interview.answers_by_id import Questionnaire, ask, typed_of
from expressentry.profile.read import read_document
from expressentry.web.pages.candidate.carried import Carried, pack, unpack
from expressentry.web.pages.candidate.fields import slug
from expressentry.web.pages.candidate.sections import topics

CASES = Path(__file__).parent.parent / "cases"
EMPTY_IS_AN_ANSWER = {"to", "completed_on", "employer", "employers", "qualified_on", "accepted_on", "expires_on"}
EMPTY_IS_AN_ANSWER |= {"duration_months", "lmia_issued_on", "lmia_expires_on"}
"""What may be left empty, because the page says what that means; a relative's date of birth too."""

MORE = {
    "person.status[1]?": "no",
    "person.relatives[1]?": "yes",
    "person.relatives[1].relation": "grandparent",
    "person.relatives[1].status": "citizen",
    "person.relatives[1].lives_in_canada": "yes",
    "person.relatives[1].birth_date": "",
    "person.certificates[1]?": "yes",
    "person.certificates[1].noc2021": "72106",
    "person.certificates[1].authority": "Alberta",
    "person.certificates[1].issued_on": "2024-05-01",
    "person.certificates[1].to": "",
    "nominations[1]?": "yes",
    "nominations[1].kind": "enhanced",
    "nominations[1].province": "ON",
    "nominations[1].accepted_on": "",
    "nominations[1].expires_on": "",
    "partner.birth_date": "1996-02-03",
}


def answers(name: str) -> dict[str, str]:
    """Every answer of a case, so that nothing is open."""
    typed = {**typed_of(read_document(CASES / f"{name}.toml"))[0], **MORE}
    for _ in range(4):
        asked = ask(typed, complete=True)
        typed |= {step.id: "no" for step in asked.steps if step.gate and step.id not in typed}
    asked = ask(typed)
    assert asked.open is None, asked.open
    assert asked.problems == ()
    return {step.id: typed[step.id] for step in asked.steps}


NURSE = answers("nurse")
STEPS = ask(NURSE).steps


def fields(step: Step, typed: str) -> dict[str, str]:
    """The fields that a browser sends for a question that is answered so."""
    if step.ask.kind == "day":
        parts = typed.split("-") if typed else ["", "", ""]
        return {f"{step.id}~{part}": text for part, text in zip(("year", "month", "day"), parts, strict=True)}
    if step.ask.kind == "noc":
        return {f"{step.id}~words": "", f"{step.id}~listed": "", **({step.id: typed} if typed else {})}
    return {step.id: typed}


def form(asked: Questionnaire, but: str = "") -> dict[str, str]:
    """Every field of the page with all questions, one of them left as it was."""
    found: dict[str, str] = {}
    for step in asked.steps:
        found |= fields(step, "" if step.id == but else asked.typed[step.id])
    return found


def may_be_empty(step: Step) -> bool:
    """Whether the page says of a question what leaving it empty means."""
    return step.ask.key in EMPTY_IS_AN_ANSWER or (step.ask.key == "birth_date" and "relatives" in step.place)


def has_number(html: str) -> bool:
    """Whether a page is an answer."""
    return '<dd class="big">' in html or 'id="score-title"' in html


class TestNothingSkipped:
    """No answer while any question that is shown has no answer."""

    @pytest.mark.parametrize("lang", ["en", "fr"])
    @pytest.mark.parametrize("step", STEPS, ids=[step.id for step in STEPS])
    def test_all_on_one_page(self, client: TestClient, step: Step, lang: str) -> None:
        """On one page the skipped question is asked for, by name and with a link to it."""
        if may_be_empty(step) or (lang == "fr" and not step.gate):
            return
        data = {"a": pack(Carried({}, mode="all")), "mode": "all", "do": "show", **form(ask(NURSE), step.id)}
        told = client.post(f"/{lang}/candidate/answer", data=data)

        assert told.status_code == 422
        assert not has_number(told.text)
        assert f'href="#{slug(step.id)}' in told.text

    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_all_answered(self, client: TestClient, lang: str) -> None:
        """With every question answered there is an answer."""
        data = {"a": pack(Carried({}, mode="all")), "mode": "all", "do": "show", **form(ask(NURSE))}
        told = client.post(f"/{lang}/candidate/answer", data=data)

        assert told.status_code == 200
        assert has_number(told.text)

    @pytest.mark.parametrize("lang", ["en", "fr"])
    def test_page_by_page(self, client: TestClient, lang: str) -> None:
        """One topic a page, the page stays until each of its questions is answered."""
        for topic in topics(STEPS):
            for skipped in topic.steps:
                if may_be_empty(skipped):
                    continue
                data = {"a": pack(Carried(NURSE)), "at": topic.id, "do": "next"}
                for step in topic.steps:
                    data |= fields(step, "" if step is skipped else NURSE[step.id])
                told = client.post(f"/{lang}/candidate", data=data)

                assert told.status_code == 422, skipped.id
                assert f'href="#{slug(skipped.id)}' in told.text

    @pytest.mark.parametrize("way", ["answer", "what-if", "plan", "report"])
    @pytest.mark.parametrize("mode", ["one", "all"])
    @pytest.mark.parametrize("empty", [None, "", "perhaps"])
    def test_no_way_round(self, client: TestClient, way: str, mode: str, empty: str | None) -> None:
        """Answers that a link or a script sends without one of them give no number, a plan or a report either."""
        for gate in (step for step in STEPS if step.gate):
            typed = {id_: text for id_, text in NURSE.items() if id_ != gate.id}
            typed |= {} if empty is None else {gate.id: empty}
            told = client.post(f"/en/candidate/{way}", data={"a": pack(Carried(typed, mode=mode)), "size": "1"})

            assert told.headers["content-type"].startswith("text/html"), gate.id
            assert not has_number(told.text)
            assert 'value="show"' in told.text or 'value="next"' in told.text or 'value="update"' in told.text

    def test_a_file_says_nothing_that_was_not_answered(self, client: TestClient) -> None:
        """A file of answers with a question left out is refused: it would say that there is nothing."""
        for gate in (step for step in STEPS if step.gate):
            typed = {id_: text for id_, text in NURSE.items() if id_ != gate.id}
            told = client.post("/en/candidate/file", data={"a": pack(Carried(typed)), "form": "toml"})

            assert told.headers["content-type"].startswith("text/html"), gate.id
            assert "Some questions have no answer yet" in told.text


class TestPages:
    """One topic a page."""

    def test_how_many(self) -> None:
        """One test, one degree, one job and a partner with a test and a degree take about 25 pages."""
        typed = typed_of(read_document(CASES / "nurse.toml"))[0]
        pages = topics(ask(typed, complete=True).steps)

        assert 18 <= len(pages) <= 26
        ids = [[step.place for step in topic.steps] for topic in pages]
        (report,) = [one for one in ids if "person.tests[1].listening" in one]
        assert {"person.tests[1].test", "person.tests[1].results_on", "person.tests[1].speaking"} <= set(report)

    def test_the_partner_is_named(self, client: TestClient) -> None:
        """A page about the partner says so in its heading or in its question."""
        for topic in topics(STEPS):
            if topic.steps[0].place.startswith("partner."):
                for lang, word in (("en", "partner"), ("fr", "conjoint")):
                    data = {"a": pack(Carried(NURSE)), "do": f"show:{topic.id}"}
                    heading = re.search(r"<h1>.*?</h1>", client.post(f"/{lang}/candidate", data=data).text, re.DOTALL)
                    assert heading is not None
                    assert word in heading[0].lower(), topic.id

    def test_a_question_that_follows(self, client: TestClient) -> None:
        """A question that an answer of the page leads to is asked on the same page, and is no error yet."""
        typed = {id_: text for id_, text in NURSE.items() if ".assessments[" not in id_}
        topic = next(one for one in topics(STEPS) if one.id == "person.credentials[1].level")
        data = {"a": pack(Carried(typed)), "at": topic.id, "do": "next"}
        for step in topic.steps:
            data |= {} if ".assessments[" in step.id else fields(step, NURSE[step.id])
        told = client.post("/en/candidate", data=data)

        assert told.status_code == 200
        assert "Was this credential assessed for immigration (ECA)?" in told.text
        assert "Your answers add new questions" in told.text


class TestBetweenPermits:
    """Days of work between two permits."""

    GAP = "person.status.gap:2026-04-01"
    TYPED = NURSE | {
        "person.work[1].from": "2025-09-20",
        "person.work[1].worked_in": "CA",
        "person.work[1].province": "ON",
        "person.work[1].employer": "Lakeside Clinic",
        "person.work[1].employer_country": "unknown",
        "person.work[1].self_employed": "no",
        "person.work[1].full_time_student": "no",
        "person.status[1]?": "yes",
        "person.status[1].kind": "post_graduation",
        "person.status[1].from": "2025-09-01",
        "person.status[1].to": "2026-03-31",
        "person.status[2]?": "yes",
        "person.status[2].kind": "open",
        "person.status[2].from": "2026-05-01",
        "person.status[2].to": "",
        "person.status[3]?": "no",
    }

    @pytest.mark.parametrize(("lang", "says"), [("en", "What did you hold from 1 to"), ("fr", "aviez-vous du 1er au")])
    def test_are_asked_about(self, client: TestClient, lang: str, says: str) -> None:
        """After the last permit one page asks for all such days, and an answer is wanted."""
        data = {"a": pack(Carried(self.TYPED)), "at": "person.status[2].kind", "do": "next"}
        for step in ask(self.TYPED, complete=True).steps:
            data |= fields(step, self.TYPED[step.id]) if step.place.startswith("person.status[2]") else {}
        data["person.status[3]?"] = "no"
        told = client.post(f"/{lang}/candidate", data=data)

        assert f'name="{self.GAP}"' in told.text
        assert says in told.text
        assert not has_number(client.post(f"/{lang}/candidate/answer", data={"a": pack(Carried(self.TYPED))}).text)

    def test_lead_back_where_they_are_not_known(self, client: TestClient) -> None:
        """Not known, the days are an open question with a way to the page that asks; known, they count."""
        known = {**self.TYPED, self.GAP: "maintained"}
        page = client.post("/en/candidate/answer", data={"a": pack(Carried({**known, self.GAP: "unknown"}))}).text

        assert f'name="do" value="show:{self.GAP}"' in page
        assert self.GAP not in client.post("/en/candidate/answer", data={"a": pack(Carried(known))}).text

    def test_travel_in_a_file(self) -> None:
        """In a file the answer is an entry of its own, and the question is gone."""
        asked = ask({**self.TYPED, self.GAP: "maintained"})
        again = ask(typed_of(asked.facts)[0])

        assert again.facts == asked.facts
        assert again.step(self.GAP) is None


WORDS = "person.work[1].noc2021~words"
LISTED = "person.work[1].noc2021~listed"


class TestOccupation:
    """What is typed wins over what was chosen before."""

    @pytest.mark.parametrize("mode", ["one", "all"])
    def test_a_code_typed(self, client: TestClient, mode: str) -> None:
        """A full code in the box is the answer, whatever the list beside it still has."""
        told = self.send(client, {WORDS: "21232", LISTED: "", "person.work[1].noc2021": "31301"}, mode)

        assert self.left(told)["person.work[1].noc2021"] == "21232"

    def test_chosen_from_the_words(self, client: TestClient) -> None:
        """An occupation chosen among what the words in the box found is the answer."""
        told = self.send(client, {WORDS: "cook", LISTED: "cook", "person.work[1].noc2021": "63200"})

        assert self.left(told)["person.work[1].noc2021"] == "63200"

    def test_in_a_group_where_nothing_is_found(self, client: TestClient) -> None:
        """Words that find nothing lead to the ten broad groups, and an occupation chosen there is the answer."""
        told = self.send(client, {WORDS: "zzzzqqqq", "person.work[1].noc2021": ""})
        sooner = client.post("/en/candidate/search", data={"words": "zzzzqqqq", "name": "person.work[1].noc2021"})
        for one in (told.text, sooner.text):
            assert one.count('<details class="finding"><summary><span class="num">') == 10
            assert one.count('type="radio"') >= 516
        assert 'type="radio"' in client.post("/en/candidate/search", data={"words": "cook", "name": "x"}).text

        sent = {WORDS: "zzzzqqqq", LISTED: "zzzzqqqq", "person.work[1].noc2021": "62200"}
        assert self.left(self.send(client, sent))["person.work[1].noc2021"] == "62200"

    @pytest.mark.parametrize(
        ("sent", "says"),
        [
            ({WORDS: "99999", "person.work[1].noc2021": "31301"}, "99999"),
            ({WORDS: "3130", "person.work[1].noc2021": "31301"}, "3130"),
            ({WORDS: "zzzzqqqq", "person.work[1].noc2021": "31301"}, "Nothing found"),
            ({WORDS: "cook", LISTED: "nurse", "person.work[1].noc2021": "31301"}, "You have not chosen an occupation"),
            ({WORDS: "cook", LISTED: "cook"}, "You have not chosen an occupation"),
            ({WORDS: ""}, "This question needs an answer"),
        ],
    )
    def test_never_silent(self, client: TestClient, sent: dict[str, str], says: str) -> None:
        """Nonsense, half a code, and words without a choice are told, and the choice of other words is not taken."""
        told = self.send(client, sent)

        assert told.status_code == 422
        assert says in told.text
        assert "<title>Error: " in told.text
        assert 'value="31301" checked' not in told.text

    @staticmethod
    def send(client: TestClient, sent: dict[str, str], mode: str = "one") -> Any:
        """Send the page of the job with its occupation changed."""
        topic = next(one for one in topics(STEPS) if one.id == "person.work[1].noc2021")
        data = {"a": pack(Carried(NURSE, mode=mode)), "at": topic.id, "do": "next"}
        for step in topic.steps[1:]:
            data |= fields(step, NURSE[step.id])
        return client.post("/en/candidate", data={**data, **sent})

    @staticmethod
    def left(told: Any) -> dict[str, str]:
        """The answers that a page carries."""
        return dict(unpack(re.findall(r'name="a" value="([^"]+)"', told.text)[0]).typed)


class TestOddDays:
    """A day that is probably wrong."""

    def test_said_once_and_then_taken(self, client: TestClient) -> None:
        """A test in the future is remarked on under its question; sent once more it is taken."""
        topic = next(one for one in topics(STEPS) if one.id == "person.tests[1].test")
        data = {"a": pack(Carried(NURSE)), "at": topic.id, "do": "next"}
        late = {"person.tests[1].taken_on": "2062-03-14", "person.tests[1].results_on": "2062-03-28"}
        for step in topic.steps:
            data |= fields(step, {**NURSE, **late}[step.id])
        told = client.post("/en/candidate", data=data)

        assert told.status_code == 200
        assert "Your IELTS of 14 March 2062 is not counted: the date is in the future." in told.text
        assert 'id="person-tests-1-taken-on-remark"' in told.text
        seen = re.search(r'name="seen" value="([^"]+)"', told.text)
        assert seen is not None
        again = client.post("/en/candidate", data={**data, "seen": seen[1]})
        assert "person.credentials[1]?" in again.text
        assert "Please check" not in again.text

    @pytest.mark.parametrize(("lang", "says"), [("en", "is not counted"), ("fr", "ne compte pas")])
    def test_on_the_other_pages(self, client: TestClient, lang: str, says: str) -> None:
        """It is said on the page with all questions and where the answers are checked."""
        typed = {**NURSE, "person.tests[1].taken_on": "2062-03-14", "person.tests[1].results_on": "2062-03-28"}
        for mode, do in (("all", "update"), ("one", "check")):
            told = client.post(f"/{lang}/candidate", data={"a": pack(Carried(typed, mode=mode)), "do": do})
            assert says in told.text

    @pytest.mark.parametrize("id_", ["person.birth_date", "partner.birth_date"])
    def test_not_born(self, client: TestClient, id_: str) -> None:
        """A birth in the future is refused, the partner's too."""
        typed = {**NURSE, id_: "2030-05-01"}
        told = client.post("/en/candidate/answer", data={"a": pack(Carried(typed))})

        assert told.status_code == 422
        assert "This day is in the future" in told.text


class TestBodies:
    """Who assessed a credential."""

    def test_designated_bodies_only(self, client: TestClient) -> None:
        """The designated bodies are offered by name, and another one is said not to count."""
        data = {"a": pack(Carried(NURSE)), "do": "show:person.credentials[1].level"}
        told = client.post("/en/candidate", data=data).text

        assert all(one.name.en in told for one in load_law().bodies.all)
        other = {**NURSE, "person.credentials[1].assessments[1].body": "other"}
        told = client.post("/en/candidate/answer", data={"a": pack(Carried(other))}).text
        assert "An assessment of another organization is not counted" in told
        assert not has_number(told)


@pytest.mark.parametrize("written", ["25,000", "$25,000", "25 000", "25 000 $", "$25 000"])
def test_money_as_people_write_it(client: TestClient, written: str) -> None:
    """An amount is read in any usual form, and kept as it was written."""
    typed = {**NURSE, "funds[1]?": "yes", "funds[1].on": "2026-09-01", "funds[1].amount_cad": written}
    typed |= {"funds[2]?": "no"}

    assert ask(typed).facts["funds"][0]["amount_cad"] == 25000
    assert has_number(client.post("/fr/candidate/answer", data={"a": pack(Carried(typed))}).text)
