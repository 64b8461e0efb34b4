"""The pages in a browser: nothing wrong for axe, readable at 200 %, by keyboard, light and dark, phone and desktop."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from tests.often import LONG
from tests.web.keyboard import check_keyboard
from tests.web.serving import LATE, PAGES, made, served
from tests.web.site import IN_BROWSER, chromium, take

DESKTOP, PHONE = {"width": 1200, "height": 900}, {"width": 390, "height": 844}
ZOOMED = {"width": 640, "height": 450}
LANGUAGES = ("en", "fr")
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

pytestmark = IN_BROWSER


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """The site on the day on which most warnings stand."""
    with served(made(LATE)) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    with chromium() as found:
        yield found


def _heard(said: ConsoleMessage) -> None:
    """What the console calls an error is one, but for a page that says what is wrong with what was asked."""
    if said.type == "error" and not re.search(r"status of 4(?:00|04|22)", said.text):
        pytest.fail(said.text)


def shown(browser: Browser, **how: Any) -> Page:
    """A page of its own context; whatever the console says is wrong fails the test."""
    page = browser.new_context(**how).new_page()
    page.on("console", _heard)
    return page


ERRORS = ("/nothing/here", "/rounds/99999", "/rounds?since=x", "/occupations/00000", "/law/diff?a=x&b=y")
"""Pages that say what is wrong."""


@pytest.mark.parametrize(("lang", "scheme"), [("en", "light"), ("fr", "dark")])
def test_axe_finds_nothing(site: str, browser: Browser, lang: str, scheme: Any) -> None:
    """No page of any kind has a violation, everything unfolded; nor the form with its answer, or with all wrong."""
    page = shown(browser, viewport=DESKTOP, color_scheme=scheme)
    found = []
    every = (*PAGES, *ERRORS)
    # The usual run looks at each page once: half of them in English and light, the other half in French and dark.
    for path in every if LONG else every[scheme == "dark" :: 2]:
        page.goto(f"{site}/{lang}{path}", wait_until="domcontentloaded")
        found += violations(page, path)
    page.goto(f"{site}/{lang}", wait_until="domcontentloaded")
    page.click("form button")
    found += violations(page, "form")
    page.fill("#age", "29")
    for name, value in (("education", "masters"), ("level", "9")):
        page.select_option(f"#{name}", value)
    page.click("form button")
    found += violations(page, "answer")
    page.context.close()

    assert found == []


def violations(page: Page, path: str) -> list[str]:
    """What axe-core finds on a page with all unfolded, of long tables and lists the first rows."""
    page.evaluate(
        """() => {
          document.querySelectorAll("details").forEach((one) => { one.open = true; });
          for (const one of document.querySelectorAll("tbody, ul")) {
            [...one.children].slice(25).forEach((row) => row.remove());
          }
        }"""
    )
    answer = Axe().run(page, options={"runOnly": {"type": "tag", "values": _TAGS}})
    return [f"{path}: {one['id']} {one['nodes'][0]['html'][:120]}" for one in answer.response["violations"]]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_fits_a_phone_and_200_percent(site: str, browser: Browser, lang: str) -> None:
    """Neither a phone of 320 pixels nor a desktop at 200 % scrolls sideways; tables and charts scroll by themselves."""
    for width in (320, 640):
        page = shown(browser, viewport={"width": width, "height": 700})
        for path in PAGES:
            page.goto(f"{site}/{lang}{path}", wait_until="load")  # with its style
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
        page.context.close()


KEYBOARD = (
    *("", "/rounds/293", "/pool?score=491", "/categories/stem", "/occupations?q=nurse", "/law/diff", "/how-right"),
    *("/scenarios", "/scenarios/high-wage-proposed?score=491&lists=cec,stem"),
)
"""Pages with a control of every kind."""


@pytest.mark.parametrize("lang", LANGUAGES)
def test_keyboard_alone(site: str, browser: Browser, lang: str) -> None:
    """At 200 % every control is reached by Tab in its order, is seen when it is, and shows that it has the focus."""
    page = shown(browser, viewport=ZOOMED, device_scale_factor=2, reduced_motion="reduce")
    for path in KEYBOARD:
        page.goto(f"{site}/{lang}{path}", wait_until="domcontentloaded")
        check_keyboard(page)
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_four_questions_by_keyboard(site: str, browser: Browser, script: bool) -> None:
    """With the keyboard alone and without JavaScript: skip to the content, answer, read the score."""
    page = shown(browser, viewport=PHONE, java_script_enabled=script)
    page.goto(f"{site}/fr")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**#main")
    # A letter with an accent is not a key: Chromium would put it into the box before.
    for name, label in (("age", "29"), ("education", "ma"), ("language", "anglais"), ("level", "9")):
        page.focus(f"#{name}")
        page.keyboard.type(label)
    page.focus("form button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#answer")

    assert page.inner_text("#answer .big") == "419"
    assert page.input_value("#education") == "masters"
    page.context.close()


def test_an_error_leads_to_its_field(site: str, browser: Browser) -> None:
    """The summary of problems stands on top, and its links put the focus on the field."""
    page = shown(browser, viewport=DESKTOP)
    page.goto(f"{site}/en")
    page.click("form button")
    page.click("#errors a[href='#level']")

    assert page.evaluate("document.activeElement.id") == "level"
    assert page.get_attribute("#level", "aria-invalid") == "true"
    page.context.close()


OUTSIDE = """() => [...document.querySelectorAll(".drawing text, .drawing circle, .drawing .own")].filter((one) => {
  const [box, all] = [one.getBoundingClientRect(), one.closest("svg").getBoundingClientRect()];
  return box.left < all.left - 1 || box.right > all.right + 1 || box.top < all.top - 1 || box.bottom > all.bottom + 1;
}).map((one) => one.outerHTML)"""
"""What of a drawing is cut off at its edge."""


@pytest.mark.parametrize(("lang", "scheme"), [("en", "dark"), ("fr", "light")])
def test_own_score_in_every_scenario(site: str, browser: Browser, lang: str, scheme: Any) -> None:
    """Without JavaScript, on a phone: a score typed into the list goes into each scenario's picture, whole and seen."""
    page = shown(browser, viewport=PHONE, java_script_enabled=False, color_scheme=scheme)
    page.goto(f"{site}/{lang}/scenarios?lists=cec,stem&score=1200")
    page.focus("#score")
    page.keyboard.press("Control+A")
    page.keyboard.type("491")
    page.keyboard.press("Enter")
    page.wait_for_url("**score=491**")
    links = [link.get_attribute("href") for link in page.locator("section.card h2 a").all()]

    assert len(links) >= 11
    for link in links if LONG else links[:: max(1, len(links) // 4)]:
        for score in (0, 491, 1200):
            page.goto(f"{site}{link}".replace("score=491", f"score={score}"))
            own = page.locator(".drawing line.own")
            assert own.count() == page.locator(".drawing").count() >= 1
            assert f"{score}" in (page.locator(".drawing text").last.text_content() or "")
            assert page.evaluate(OUTSIDE) == [], (link, score)
            assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], link
        page.locator("main details summary").first.click()
        assert page.locator("main details table").first.is_visible()
    page.context.close()


def test_print(site: str, browser: Browser) -> None:
    """On paper there is neither navigation nor form, and the ink is black."""
    page = shown(browser, viewport=DESKTOP, color_scheme="dark")
    page.goto(f"{site}/en/rounds/293")
    page.emulate_media(media="print")

    assert not page.is_visible("nav")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert page.is_visible("text=Not a Government of Canada product")
    page.context.close()


@pytest.mark.parametrize(
    ("name", "path", "viewport", "scheme"),
    [
        ("site.home", "/en", DESKTOP, "light"),
        ("site.home.fr.phone.dark", "/fr", PHONE, "dark"),
        ("site.rounds.fr.dark", "/fr/rounds", DESKTOP, "dark"),
        ("site.law", "/en/law/crs-2025-03-25", DESKTOP, "light"),
        ("site.pool.phone", "/en/pool?score=491", PHONE, "light"),
        ("site.forecasts", "/en/forecasts?assume=crs-2025-03-25", DESKTOP, "light"),
        ("site.forecasts.fr.phone.dark", "/fr/forecasts?assume=crs-2025-03-25", PHONE, "dark"),
        ("site.forecast", "/en/forecasts/cec?assume=crs-2025-03-25#past", DESKTOP, "light"),
        ("site.forecast.fr.phone.dark", "/fr/forecasts/french?assume=crs-2025-03-25#past", PHONE, "dark"),
    ],
)
def test_pictures(
    site: str, browser: Browser, tmp_path: Path, name: str, path: str, viewport: dict[str, int], scheme: Any
) -> None:
    """A page of each look can be drawn, and is not blank; the documentation has one like it."""
    page = shown(browser, viewport=viewport, color_scheme=scheme)
    page.goto(f"{site}{path}", wait_until="networkidle", timeout=90_000)  # forecasts of all types, on a busy machine
    take(page, name, tmp_path)
    page.context.close()


def test_wire(site: str, browser: Browser) -> None:
    """The whole first page is at most 60 kB on the wire, from this site alone, and whole without JavaScript."""
    page = shown(browser, viewport=PHONE, java_script_enabled=False)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    asked: list[str] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/en", wait_until="networkidle")
    page.context.close()

    assert 0 < sum(sizes) <= 60_000
    assert all(url.startswith(site) for url in asked)
