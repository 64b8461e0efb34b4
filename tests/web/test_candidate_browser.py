"""The candidate's pages in a browser: both languages, with and without scripts, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pypdf import PdfReader

from expressentry.advise.what_if import what_if
from expressentry.assess.person.readings import assess_profile
from expressentry.dates import long_day
from expressentry.law.load import load_law
from expressentry.profile.interview.answers_by_id import ask, typed_of
from expressentry.profile.read import read_profile
from expressentry.rounds.load import load_record
from expressentry.web.pages.candidate.carried import unpack
from tests.often import LONG
from tests.web.keyboard import check_keyboard
from tests.web.serving import DAY, made, served
from tests.web.site import (
    IN_BROWSER,
    answer,
    answer_all,
    asked,
    carried,
    chromium,
    fill,
    go_on,
    person,
    press,
    send,
    slug,
    take,
    word,
)

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}

pytestmark = [*IN_BROWSER, pytest.mark.xdist_group("candidate-browser")]


@dataclass(frozen=True)
class Visit:
    """A browser and the site it visits."""

    browser: Browser
    base: str

    def context(self, *, phone: bool = True, scripts: bool = True, **more: Any) -> BrowserContext:
        """A visitor's browser; one step may take long on a busy machine."""
        found = self.browser.new_context(viewport=PHONE if phone else DESK, java_script_enabled=scripts, **more)  # type: ignore[arg-type]
        found.set_default_timeout(20_000)
        return found


@pytest.fixture(scope="module")
def visit() -> Iterator[Visit]:
    """One browser and one site for all tests of a process."""
    with served(made()) as base, chromium() as browser:
        yield Visit(browser, base)


def born(name: str) -> str:
    """The birth date of an example as the English page writes it."""
    return long_day(date.fromisoformat(carried(name).typed["person.birth_date"])).en


def at_question(page: Page, visit: Visit, lang: str, id_: str, name: str = "nurse") -> None:
    """Open the page of a question of an example."""
    send(page, f"{visit.base}/{lang}/candidate", {"a": word(name), "do": f"show:{id_}"})


def in_turn(page: Page, visit: Visit, lang: str, after: str) -> None:
    """Come to the question before another one, as going back does: what follows is asked in turn."""
    send(page, f"{visit.base}/{lang}/candidate", {"a": word("nurse"), "do": "back", "at": after})


class TestWholePath:
    """From the first question to the answer."""

    @pytest.mark.parametrize(
        ("lang", "phone", "scripts", "worked"),
        [
            ("en", True, True, True),
            # The four people of test_four_people.py go these ways too.
            pytest.param("fr", True, False, False, marks=pytest.mark.long),
            pytest.param("en", False, False, False, marks=pytest.mark.long),
            pytest.param("fr", False, True, False, marks=pytest.mark.long),
        ],
    )
    def test_one_question_a_page(self, visit: Visit, lang: str, phone: bool, scripts: bool, worked: bool) -> None:
        """Every question answered in turn leads to the answer that the library gives, and to its PDF."""
        typed, _ = typed_of(person("nurse"))
        if not worked:
            typed["person.work[1]?"] = "no"
            typed = {step.id: typed.get(step.id, "no") for step in ask(typed, complete=True).steps}
        page = visit.context(phone=phone, scripts=scripts).new_page()
        page.goto(f"{visit.base}/{lang}/candidate")
        press(page, "button[value=one]")
        seen, pages = answer_all(page, typed, scripts=scripts)
        assert sorted(seen) == sorted(step.id for step in ask(typed).steps)
        assert pages <= 40
        press(page, "button[formaction$='/candidate/answer']")

        found = assess_profile(read_profile(ask(typed).facts), DAY)
        expect(page.locator(".big-line .big").first).to_have_text("–".join(map(str, dict.fromkeys(found.totals))))
        eligible = [id_ for id_, answer in found.programs.items() if answer]
        assert len(eligible) == page.locator("h3#programs ~ details:has(~ h3#categories) > summary .tag.on").count()
        with page.expect_download() as download:
            page.locator("form[action$='/candidate/report'] button").click()
        pdf = PdfReader(download.value.path())
        assert str(found.totals[0]) in pdf.pages[0].extract_text()
        assert str(pdf.root_object["/Lang"]).startswith(lang)
        page.context.close()

    @pytest.mark.parametrize(("lang", "scripts"), [pytest.param("en", True, marks=pytest.mark.long), ("fr", False)])
    def test_all_on_one_page(self, visit: Visit, lang: str, scripts: bool) -> None:
        """All on one page grows by what the answers lead to, and ends in the same answer."""
        typed, _ = typed_of(person("nurse"))
        page = visit.context(scripts=scripts).new_page()
        page.goto(f"{visit.base}/{lang}/candidate")
        press(page, "button[value=all]")
        done: set[str] = set()
        for _ in range(30):
            names = [step.id for step in ask(typed).steps]
            shown = [
                id_
                for id_ in names
                if id_ not in done and page.locator(f"#{slug(id_)}, #{slug(id_)}-0, #{slug(id_)}-year").count()
            ]
            if not shown:
                break
            for id_ in shown:
                fill(page, id_, typed[id_])
            done.update(shown)
            press(page, "[data-update]")
        assert done == set(typed)
        press(page, "button[formaction$='/candidate/answer']")
        total = assess_profile(read_profile(ask(typed).facts), DAY).totals

        expect(page.locator(".big-line .big").first).to_have_text("–".join(map(str, dict.fromkeys(total))))
        page.context.close()

    @pytest.mark.parametrize(
        ("skipped", "lang", "scripts"),
        [
            pytest.param(skipped, lang, scripts, marks=() if (at % 2 == 0) == scripts else pytest.mark.long)
            for at, skipped in enumerate(["person.relatives[1]?", "partner?", "nominations[1]?", "person.tests[1]?"])
            for lang, scripts in (("en", True), ("fr", False))
        ],
    )
    def test_nothing_is_skipped(self, visit: Visit, lang: str, scripts: bool, skipped: str) -> None:
        """A yes or no that is left alone is asked for, and there is no number, whatever else was answered."""
        typed = {"person.birth_date": "1996-07-15", "person.lives_in": "PH"}
        typed |= {step.id: "no" for step in ask(typed, complete=True).steps if step.id not in typed}
        page = visit.context(scripts=scripts).new_page()
        page.goto(f"{visit.base}/{lang}/candidate")
        press(page, "button[value=all]")
        for id_ in typed:
            if id_ != skipped:
                answer(page, id_, typed[id_], scripts=scripts)
        press(page, "button[formaction$='/candidate/answer']")

        assert page.locator("#score-title").count() == 0
        assert [one.get_attribute("href") for one in page.locator("#errors a").all()] == [f"#{slug(skipped)}-0"]
        page.context.close()

    def test_a_question_that_follows_comes_by_itself(self, visit: Visit) -> None:
        """With scripts a yes shows the questions behind it without a button, and what was typed stays."""
        page = visit.context().new_page()
        page.goto(f"{visit.base}/en/candidate")
        press(page, "button[value=all]")
        fill(page, "person.birth_date", "1993-04-12")
        page.locator("#person-tests-1-is-0").check()

        expect(page.locator("#person-tests-1-listening")).to_be_visible()
        expect(page.locator("#person-birth-date-year")).to_have_value("1993")
        page.context.close()


class TestNothingIsLost:
    """Going back, reloading, two tabs, a dead connection, another language, another day."""

    @pytest.mark.parametrize("scripts", [True, False])
    def test_back_and_reload(self, visit: Visit, scripts: bool) -> None:
        """The browser's own back and reload show the answers given, and going on keeps those that came after."""
        page = visit.context(scripts=scripts).new_page()
        in_turn(page, visit, "en", "person.tests[2].test")
        fill(page, "person.tests[1].listening", "300")
        go_on(page)
        assert asked(page) == "person.tests[2].test"
        fill(page, "person.tests[2].speaking", "5.5")
        go_on(page)
        page.reload()
        assert asked(page) == "person.credentials[1]?"
        page.go_back()
        assert asked(page) == "person.tests[2].test"
        press(page, "button.back")
        assert asked(page) == "person.tests[1].test"
        expect(page.locator("#person-tests-1-listening")).to_have_value("300")
        go_on(page)
        go_on(page)
        expect(page.locator("#person-credentials-1-is-0")).to_be_checked()
        page.context.close()

    def test_two_tabs(self, visit: Visit) -> None:
        """Two tabs have two sets of answers, and neither knows of the other."""
        context = visit.context()
        one, other = context.new_page(), context.new_page()
        at_question(one, visit, "en", "person.birth_date", "nurse")
        at_question(other, visit, "en", "person.birth_date", "engineer")
        fill(one, "person.birth_date", "1990-01-02")
        go_on(one)
        go_on(other)

        other.goto(f"{visit.base}/en/candidate")
        other.locator("[data-resume] button[type=submit]").click()
        expect(one.locator("#person-birth-date")).to_contain_text("2 January 1990")
        expect(other.locator("#person-birth-date")).to_contain_text(born("engineer"))
        context.close()

    def test_dead_connection(self, visit: Visit) -> None:
        """Without a connection the page stays with what was typed and says so; with one it goes on."""
        context = visit.context()
        page = context.new_page()
        in_turn(page, visit, "fr", "person.tests[2].test")
        fill(page, "person.tests[1].listening", "300")
        context.set_offline(True)
        page.locator(".asking button[value=next]:not(.hidden)").click()
        expect(page.locator("[data-offline]")).to_be_visible()
        expect(page.locator("#person-tests-1-listening")).to_have_value("300")
        context.set_offline(False)
        go_on(page)

        expect(page.locator(".asking input[name=at]")).to_have_value("person.tests[2].test")
        context.close()

    def test_the_tab_offers_what_it_holds(self, visit: Visit) -> None:
        """The start offers the answers that the tab still has, and forgets them when told to."""
        page = visit.context().new_page()
        at_question(page, visit, "en", "person.birth_date")
        page.goto(f"{visit.base}/en/candidate")
        page.locator("[data-resume] button[type=submit]").click()
        expect(page.locator("#person-birth-date")).to_contain_text(born("nurse"))
        page.goto(f"{visit.base}/en/candidate")
        page.locator("[data-forget]").click()
        page.reload()

        expect(page.locator("[data-resume]")).to_be_hidden()
        page.context.close()

    @pytest.mark.parametrize("scripts", [True, False])
    def test_link(self, visit: Visit, scripts: bool) -> None:
        """A link with the answers behind its # opens them: by itself, or pasted where scripts are off."""
        page = visit.context(scripts=scripts).new_page()
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        link = f"{visit.base}/en/candidate#a={word('nurse')}"
        if scripts:
            page.goto(link)
        else:
            page.goto(link)
            page.locator("#link").fill(link)
            page.locator("[data-link] button").click()
        expect(page.locator("#person-birth-date")).to_contain_text(born("nurse"))

        assert not any(word("nurse") in url.partition("#")[0] for url in sent)
        page.context.close()

    @pytest.mark.parametrize("wish", ["show:person.tests[1].listening", "check"])
    def test_other_language(self, visit: Visit, wish: str) -> None:
        """The same page in the other language has the same answers."""
        page = visit.context(scripts=False).new_page()
        send(page, f"{visit.base}/en/candidate", {"a": word("nurse"), "do": wish})
        press(page, ".top .tongue button")

        assert page.url.endswith("/fr/candidate")
        assert page.locator("input[name=a]").first.get_attribute("value") == word("nurse")
        assert asked(page) == ("person.tests[1].test" if wish != "check" else None)
        page.context.close()

    def test_file(self, visit: Visit, tmp_path: Path) -> None:
        """The file that the site gives is one that it takes up again, scripts or not."""
        page = visit.context(scripts=False).new_page()
        send(page, f"{visit.base}/fr/candidate", {"a": word("couple"), "do": "check"})
        with page.expect_download() as download:
            page.locator("button[value=toml]").click()
        download.value.save_as(tmp_path / "profile.toml")
        page.goto(f"{visit.base}/fr/candidate")
        page.locator("#file").set_input_files(tmp_path / "profile.toml")
        page.locator("form[enctype] button").click()
        given = page.locator("input[name=a]").first.get_attribute("value") or ""

        assert read_profile(unpack(given).asked(load_law()).facts) == read_profile(person("couple"))
        page.context.close()


WRONG = [
    ("person.birth_date", "1993-13-45", "person-birth-date-year"),
    ("person.birth_date", "", "person-birth-date-year"),
    ("person.birth_date", "1993-x-", "person-birth-date-year"),
    ("person.tests[1].listening", "eleven", "person-tests-1-listening"),
    ("person.tests[1].listening", "", "person-tests-1-listening"),
    ("person.credentials[1].level", "", "person-credentials-1-level-0"),
    ("person.credentials[1].country", "", "person-credentials-1-country"),
    ("person.work[1].noc2021", "99999", "person-work-1-noc2021"),
    ("person.work[1].noc2021", "zzzzqqqq", "person-work-1-noc2021"),
    ("person.work[1].hours_per_week", "-3", "person-work-1-hours-per-week"),
]


class TestErrors:
    """Summary on top with the focus, links to the fields, the message beside the field, the title first of all."""

    @pytest.mark.parametrize(("lang", "scripts"), [("en", True), ("fr", False)])
    def test_every_kind_of_field(self, visit: Visit, lang: str, scripts: bool) -> None:
        """Each kind of field says what is wrong with it, in the summary and beside it; what was typed stays."""
        page = visit.context(scripts=scripts).new_page()
        for id_, typed, focus in WRONG:
            at_question(page, visit, lang, id_)
            if page.locator(f"[data-name='{id_}']").count():
                page.locator(f"#{slug(id_)}").fill(typed)
                if scripts:
                    page.wait_for_timeout(1000)
                page.evaluate("(name) => document.getElementsByName(name).forEach((one) => one.checked = false)", id_)
            elif typed or page.locator("select, input:not([type=hidden])").count():
                fill(page, id_, typed)
            go_on(page)
            expect(page.locator("#errors")).to_be_focused()
            assert page.title().startswith("Erreur\u00a0:" if lang == "fr" else "Error: "), id_
            expect(page.locator(".field-error")).to_be_visible()
            page.locator("#errors a").click()
            expect(page.locator(f"#{focus}")).to_be_focused()
            assert page.evaluate("location.hash") == f"#{focus}"
        page.context.close()

    def test_gate_without_an_answer(self, visit: Visit) -> None:
        """A yes or no that is not chosen is asked for."""
        page = visit.context(scripts=False).new_page()
        page.goto(f"{visit.base}/fr/candidate")
        press(page, "button[value=one]")
        fill(page, "person.birth_date", "1993-04-12")
        go_on(page)
        go_on(page)
        expect(page.locator("#errors")).to_contain_text("Cette question demande une réponse")
        page.context.close()

    def test_all_on_one_page(self, visit: Visit) -> None:
        """On one page every problem stands in the summary, each with a link to its field."""
        page = visit.context(scripts=False).new_page()
        send(page, f"{visit.base}/en/candidate", {"a": word("nurse"), "mode": "all", "do": "show"})
        page.locator("#person-tests-1-listening").fill("x")
        page.locator("#person-work-1-hours-per-week").fill("999")
        press(page, "button[formaction$='/candidate/answer']")
        links = [one.get_attribute("href") for one in page.locator("#errors a").all()]

        assert links == ["#person-tests-1-listening", "#person-work-1-hours-per-week"]
        assert page.title().startswith("Error: ")
        page.context.close()


class TestOccupations:
    """Finding an occupation."""

    @pytest.mark.parametrize("scripts", [True, False])
    def test_search(self, visit: Visit, scripts: bool) -> None:
        """Words find occupations as one types, or by a step of their own; one of them is chosen and stays."""
        page = visit.context(scripts=scripts).new_page()
        at_question(page, visit, "en", "person.work[1].noc2021")
        page.locator("#person-work-1-noc2021").fill("software engineer")
        if not scripts:
            press(page, "button[value^=search]")
        page.get_by_label("21231 Software engineers and designers").check()
        go_on(page)

        expect(page.locator("#person-work-1-noc2021")).to_contain_text("21231 Software engineers and designers")
        page.context.close()

    @pytest.mark.parametrize("scripts", [True, False])
    def test_a_code_typed_wins(self, visit: Visit, scripts: bool) -> None:
        """A code typed is taken in place of the occupation chosen before, and 99999 is refused."""
        page = visit.context(scripts=scripts).new_page()
        for typed, taken in (("21232", True), ("99999", False)):
            at_question(page, visit, "en", "person.work[1].noc2021")
            page.locator("#person-work-1-noc2021").fill(typed)
            if scripts:
                page.wait_for_timeout(800)
            go_on(page)
            assert (page.locator("#errors").count() == 0) is taken
            if taken:
                expect(page.locator("#person-work-1-noc2021")).to_contain_text(typed)
        page.context.close()

    def test_enter_in_the_words_searches(self, visit: Visit) -> None:
        """Enter in the field of words shows what they may mean before anything is taken."""
        page = visit.context(scripts=False).new_page()
        at_question(page, visit, "fr", "person.work[1].noc2021")
        page.evaluate("document.querySelectorAll('input[type=radio]').forEach((one) => one.checked = false)")
        page.locator("#person-work-1-noc2021").fill("soudeur")
        with page.expect_navigation(wait_until="load"):
            page.locator("#person-work-1-noc2021").press("Enter")

        assert asked(page) == "person.work[1].noc2021"
        assert page.locator("[data-hits] input").count() > 1
        page.context.close()


class TestAnswer:
    """The answer, what-if and the plan."""

    @pytest.mark.parametrize("scripts", [True, False])
    def test_what_if(self, visit: Visit, scripts: bool) -> None:
        """A fact changed changes score, categories and rounds: at once by a slider, or by the button."""
        page = visit.context(scripts=scripts).new_page()
        send(page, f"{visit.base}/en/candidate/answer", {"a": word("engineer")})
        if scripts:
            page.locator("#w-french").focus()
            for _ in range(4):
                page.keyboard.press("ArrowRight")
            assert page.locator("#w-french").get_attribute("aria-valuetext") == "NCLC 7"
        else:
            page.locator("#w-french").select_option("7")
            press(page, "[data-what-if] button")
        found = what_if(read_profile(person("engineer")), DAY, {"french": 7}, load_record())
        expect(page.locator("[data-line] .big")).to_have_text("529")
        expect(page.locator("[data-line]")).to_contain_text("instead of 467")
        expect(page.locator("[data-line]")).to_contain_text("French-language proficiency member")
        expect(page.locator("[data-line]")).to_contain_text(f"{found.invited[1]} instead of {found.invited[0]}")
        page.locator("[data-more] summary").first.click()
        expect(page.locator("[data-more] details").first.locator("li")).to_have_count(len(found.newest))
        page.context.close()

    def test_the_last_slider_counts(self, visit: Visit) -> None:
        """An answer that comes late does not take the place of a later one."""
        page = visit.context().new_page()
        send(page, f"{visit.base}/en/candidate/answer", {"a": word("engineer")})
        held: list[Route] = []

        def first_waits(route: Route) -> None:
            if held:
                route.continue_()
            else:
                held.append(route)

        page.route("**/candidate/what-if", first_waits)
        page.locator("#w-provincial_nomination").select_option("true")
        page.wait_for_timeout(300)
        page.locator("#w-provincial_nomination").select_option("false")
        page.locator("#w-french").fill("4")
        expect(page.locator("[data-line] .big")).to_have_text("529")
        with page.expect_response("**/candidate/what-if"):
            held[0].continue_()
        page.wait_for_timeout(200)

        expect(page.locator("[data-line] .big")).to_have_text("529")
        page.context.close()

    def test_on_paper(self, visit: Visit) -> None:
        """Printed, the answer has every point and its law though nothing was unfolded, and no buttons."""
        page = visit.context(phone=False).new_page()
        send(page, f"{visit.base}/fr/candidate/answer", {"a": word("engineer")})
        text = "".join(one.extract_text() for one in PdfReader(BytesIO(page.pdf())).pages)
        printed = re.sub(r"\s", "", normalize("NFKC", text))  # letters joined by the font
        found = assess_profile(read_profile(person("engineer")), DAY).first
        paid = [line for line in found.lines[1:] if line.points]

        assert len(paid) > 8
        assert not [line.id for line in paid if re.sub(r"\s", "", line.title.fr) not in printed]
        assert "Faireunplan" not in printed
        page.context.close()

    def test_plan(self, visit: Visit) -> None:
        """The plan comes from the answer, and takes a target."""
        page = visit.context(scripts=False).new_page()
        send(page, f"{visit.base}/fr/candidate/answer", {"a": word("engineer")})
        page.locator("form[action$='/candidate/plan'] button").last.click()
        page.locator("#series").select_option("french")
        page.locator("main form.card button").click()

        expect(page.locator("ol.ahead").first).to_contain_text("Français : niveau 7 ou plus")
        page.context.close()

    def test_days_of_the_streams(self, visit: Visit) -> None:
        """They come from the answer, and can be asked for one province and for more years."""
        page = visit.context(scripts=False).new_page()
        send(page, f"{visit.base}/fr/candidate/answer", {"a": word("engineer")})
        page.locator("form[action$='/candidate/streams'] button").click()
        page.locator("#province").select_option("SK")
        page.locator("#years").select_option("3")
        page.locator("main form.card button").click()

        expect(page.locator("ol.ahead").first).to_contain_text("Saskatchewan")
        expect(page.locator("ol.ahead").first).not_to_contain_text("Manitoba")
        assert page.locator("#years").input_value() == "3"
        page.context.close()

    @pytest.mark.parametrize(("lang", "scripts"), [("en", False), ("fr", True)])
    def test_scenarios(self, visit: Visit, lang: str, scripts: bool) -> None:
        """From the answer the score goes along into each scenario: drawn in, and judged for rounds that are open."""
        page = visit.context(scripts=scripts).new_page()
        send(page, f"{visit.base}/{lang}/candidate/answer", {"a": word("nurse")})
        page.locator(f"a[href^='/{lang}/scenarios?']").click()
        score = assess_profile(read_profile(person("nurse")), DAY).total
        page.locator(f"section.card a[href*='/scenarios/stem-back?score={score}&lists=']").click()
        drawn = {"en": f"you: {score}", "fr": f"vous : {score}"}[lang]
        judged = {"en": "your score is .* with both", "fr": "votre note .* dans les deux cas"}[lang]

        expect(page.locator(".drawing line.own")).to_have_count(1)
        expect(page.locator(".drawing text").last).to_have_text(drawn)
        expect(page.locator("table").first).to_contain_text(re.compile(judged))
        page.context.close()


WRONG_DAY = {
    "a": "engineer",
    "do": "next",
    "at": "person.birth_date",
    "person.birth_date~year": "1993",
    "person.birth_date~month": "13",
    "person.birth_date~day": "45",
}
PAGES: list[tuple[str, dict[str, str]]] = [
    ("candidate", {"do": "show"}),
    ("candidate", {"a": "engineer", "do": "show:person.work[1].noc2021"}),
    ("candidate", {"a": "engineer", "do": "next", "at": "person.tests[1].listening", "person.tests[1].listening": "x"}),
    ("candidate", {"a": "engineer", "do": "check"}),
    ("candidate", {"a": "nurse", "mode": "all", "do": "show"}),
    ("candidate/answer", {"a": "couple"}),
    ("candidate/what-if", {"a": "engineer", "w:french": "7"}),
    ("candidate/plan", {"a": "engineer", "series": "french"}),
    ("candidate/chances", {"a": "engineer"}),
    ("candidate/streams", {"a": "engineer", "province": "SK"}),
]


ASSUMED = {"assume": "crs-2025-03-25"}
Look = tuple[str, str, bool, str, str, dict[str, str], str]
LOOKS: list[Look] = [
    ("site-question", "en", True, "light", "candidate", {"a": "nurse", "do": "show:person.work[1].hours_per_week"}, ""),
    ("site-error.fr", "fr", True, "light", "candidate", WRONG_DAY, ""),
    ("site-all.fr", "fr", False, "light", "candidate", {"a": "nurse", "mode": "all", "do": "show"}, ""),
    ("site-answer", "en", True, "light", "candidate/answer", {"a": "engineer"}, ""),
    ("site-answer.fr.dark", "fr", False, "dark", "candidate/answer", {"a": "graduate"}, "#rounds"),
    ("site-what-if.fr", "fr", True, "light", "candidate/what-if", {"a": "engineer", "w:french": "7"}, ".what-if"),
    ("site-plan", "en", True, "light", "candidate/plan", {"a": "engineer", "series": "french"}, ""),
    ("site-chances", "en", False, "light", "candidate/chances", {"a": "nurse", **ASSUMED}, ""),
    ("site-chances.fr.dark", "fr", True, "dark", "candidate/chances", {"a": "nurse", **ASSUMED}, ""),
]
"""Picture, language, phone, scheme, page, form, and what is scrolled to."""


@pytest.mark.parametrize(("name", "lang", "phone", "scheme", "path", "fields", "at"), LOOKS)
def test_pictures(
    visit: Visit,
    tmp_path: Path,
    name: str,
    lang: str,
    phone: bool,
    scheme: Any,
    path: str,
    fields: dict[str, str],
    at: str,
) -> None:
    """A page of each look can be drawn, and is not blank; the documentation has one like it."""
    page = visit.context(phone=phone, color_scheme=scheme, reduced_motion="reduce").new_page()
    send(page, f"{visit.base}/{lang}/{path}", {**fields, "a": word(fields["a"])})
    if at:
        page.evaluate("(at) => document.querySelector(at).scrollIntoView()", at)
    take(page, name, tmp_path)
    page.context.close()


@pytest.mark.parametrize(("lang", "scripts"), [("en", True), ("fr", False)])
def test_chances_in_the_answer(visit: Visit, lang: str, scripts: bool) -> None:
    """The button puts the chart of chances into the answer, with the assumption above it; or leads to its own page."""
    page = visit.context(scripts=scripts, reduced_motion="reduce").new_page()
    send(page, f"{visit.base}/{lang}/candidate/answer", {"a": word("graduate")})
    page.click("[data-chances] button")
    figure = page.locator("[data-part] figure.mine svg")
    figure.wait_for()

    assert page.url.endswith("/candidate/answer" if scripts else "/candidate/chances")
    assert page.locator("[data-part] table").first.is_visible()
    if scripts:
        assert page.locator("[data-chances][aria-busy]").count() == 0
        page.select_option("[data-chances] select[name=months]", "3")
        page.click("[data-chances] select[name=months] >> xpath=ancestor::form//button")
        page.locator("[data-part] tbody").first.locator("tr").nth(3).wait_for(state="detached")
        assert page.locator("[data-part] tbody").first.locator("tr").count() == 3
    page.context.close()


class TestForEveryone:
    """Accessible by measure, by keyboard, at any size."""

    @pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("fr", "dark")])
    def test_axe(self, visit: Visit, lang: str, scheme: Any) -> None:
        """No violation on any page, everything unfolded, in a window as narrow as 200 % zoom makes it."""
        page = visit.context(color_scheme=scheme).new_page()
        page.set_viewport_size({"width": 320, "height": 640})
        page.goto(f"{visit.base}/{lang}/candidate")
        found = {"start": _violations(page)}
        # The usual run looks at each page once: half of them in English and light, the other half in French and dark.
        for path, fields in PAGES if LONG else PAGES[scheme == "dark" :: 2]:
            send(page, f"{visit.base}/{lang}/{path}", {**fields, **({"a": word(fields["a"])} if "a" in fields else {})})
            found[f"{path} {fields}"] = _violations(page)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{path} {fields} is {wide} too wide"
        assert not {name: wrong for name, wrong in found.items() if wrong}
        page.context.close()

    @pytest.mark.parametrize("lang", ["en", pytest.param("fr", marks=pytest.mark.long)])
    def test_every_control_by_keyboard(self, visit: Visit, lang: str) -> None:
        """At 200 % every control of every page is reached by Tab, is seen, and shows that it has the focus."""
        page = visit.context(device_scale_factor=2, reduced_motion="reduce").new_page()
        page.set_viewport_size({"width": 640, "height": 450})
        page.goto(f"{visit.base}/{lang}/candidate")
        check_keyboard(page)
        for path, fields in PAGES:
            if "at" not in fields:
                given = {**fields, **({"a": word(fields["a"])} if "a" in fields else {})}
                send(page, f"{visit.base}/{lang}/{path}", given)
                check_keyboard(page, most=80)
        page.context.close()

    def test_keyboard_alone(self, visit: Visit) -> None:
        """The questions are answered with Tab, letters, arrows and Enter alone."""
        page = visit.context(phone=False).new_page()
        page.goto(f"{visit.base}/en/candidate")
        _tab_to(page, "button[value=one]")
        page.keyboard.press("Enter")
        page.wait_for_selector(".asking")
        _tab_to(page, "#person-birth-date-year")
        page.keyboard.type("1993")
        page.keyboard.press("Tab")
        page.keyboard.type("4")
        page.keyboard.press("Tab")
        page.keyboard.type("12")
        _tab_to(page, "#person-lives-in")
        page.keyboard.type("India")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator(".asking input[name=at]")).to_have_value("person.tests[1]?")
        _tab_to(page, "#person-tests-1-is-0")
        page.keyboard.press("Space")
        page.keyboard.press("Enter")

        expect(page.locator(".asking input[name=at]")).to_have_value("person.tests[1].test")
        page.context.close()


def _violations(page: Page) -> list[str]:
    page.evaluate("document.querySelectorAll('details').forEach((one) => one.open = true)")
    return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in Axe().run(page).response["violations"]]


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way by Tab to {selector}")
