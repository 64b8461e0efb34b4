"""Four people of typical cases, from the first question to the score and the first advice, as they would go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from expressentry.profile.interview.answers_by_id import ask, typed_of
from expressentry.profile.read import read_document
from tests.web.serving import made, served
from tests.web.site import IN_BROWSER, answer_all, chromium, press

CASES = Path(__file__).parent.parent / "cases"
DAY = date(2026, 11, 28)
TOTALS = {"nurse": 353, "developer": 512, "cook": 343, "welder": 204}
MOST_PAGES = {"nurse": 25, "developer": 27, "cook": 25, "welder": 25}
WIDTHS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
LEAVES = re.compile("does not come to Canada|ne vient pas au Canada")

pytestmark = [*IN_BROWSER, pytest.mark.xdist_group("candidate-browser")]

WAYS = list(product(TOTALS, WIDTHS, ("en", "fr"), (True, False)))
USUAL = {("nurse", "phone", "en", True), ("cook", "phone", "fr", False)}
"""Each person, each width, each language, with and without JavaScript; all of their combinations take long."""


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[Browser, str]]:
    """A browser, and the site of the day."""
    with served(made(DAY)) as base, chromium() as browser:
        yield browser, base


@pytest.mark.parametrize(
    ("name", "width", "lang", "scripts"),
    [pytest.param(*way, marks=() if way in USUAL else pytest.mark.long) for way in WAYS],
)
def test_the_whole_path(site: tuple[Browser, str], name: str, width: str, lang: str, scripts: bool) -> None:
    """The score is the right one, and the first advice leaves nobody behind and leads to a program."""
    browser, base = site
    typed, _ = typed_of(read_document(CASES / f"{name}.toml"))
    context = browser.new_context(viewport=WIDTHS[width], java_script_enabled=scripts)  # type: ignore[arg-type]
    context.set_default_timeout(60_000)  # a busy machine takes its time
    page = context.new_page()
    page.goto(f"{base}/{lang}/candidate")
    press(page, "button[value=one]")

    seen, pages = answer_all(page, typed, scripts=scripts)

    assert sorted(seen) == sorted(step.id for step in ask(typed).steps)
    assert pages <= MOST_PAGES[name]
    press(page, "button[formaction$='/candidate/answer']")
    expect(page.locator(".big-line .big").first).to_have_text(str(TOTALS[name]))
    press(page, "form[action$='/candidate/plan'] button")
    assert_sensible(page, eligible=name != "cook")
    context.close()


def assert_sensible(page: Page, *, eligible: bool) -> None:
    """The plan begins with how to become eligible where that is needed; its best plans leave no partner at home."""
    begins = page.locator("main h2").first.inner_text()
    plans = page.locator("main ol.ahead > li").all_inner_texts()

    assert bool(re.search("become eligible|devenir admissible", begins)) is not eligible
    assert plans
    assert not any(LEAVES.search(one) for one in plans[:10])
