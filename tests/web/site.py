"""The answers of the examples, a visitor who gives them to the candidate's pages, and the browser for it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from expressentry.profile.interview.answers_by_id import typed_of
from expressentry.profile.read import read_document
from expressentry.web.pages.candidate.carried import Carried, pack

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
IN_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None and not os.environ.get("CI"), reason="no Chromium: make browser"),
]
"""The marks of tests in a browser; on a build server its absence is a failure."""

PICTURES = Path(__file__).parent.parent.parent / "docs" / "pictures"
"""Pictures of the documentation: `make pictures` renews them."""

PEOPLE = Path(__file__).parent.parent.parent / "examples" / "people"
NAMES = sorted(path.stem for path in PEOPLE.glob("*.toml"))


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium."""
    assert CHROMIUM is not None
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


def take(page: Page, name: str, folder: Path) -> None:
    """Take a picture of what the window shows; into the documentation where that was asked for, else into a folder."""
    path = (PICTURES if os.environ.get("EXPRESSENTRY_PICTURES") else folder) / f"{name}.png"
    page.screenshot(path=path)

    assert path.stat().st_size > 15_000
    assert (PICTURES / f"{name}.png").exists()


def person(name: str) -> dict[str, Any]:
    """The facts of an example."""
    return read_document(PEOPLE / f"{name}.toml")


def carried(name: str, mode: str = "one") -> Carried:
    """The answers of an example."""
    typed, left = typed_of(person(name))
    return Carried(typed, tuple(left), mode)


def word(name: str) -> str:
    """The answers of an example, packed."""
    return pack(carried(name))


def send(page: Page, url: str, fields: Mapping[str, str]) -> None:
    """Go to a page by a form, as its buttons do; works with scripts off, for the document is ours."""
    inputs = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in fields.items())
    page.goto(url.split("/candidate")[0] + "/candidate")
    with page.expect_navigation(wait_until="load"):
        page.evaluate(
            """([url, inputs]) => {
              const own = document.createElement("form");
              own.method = "post";
              own.action = url;
              own.innerHTML = inputs;
              document.body.append(own);
              own.submit();
            }""",
            [url, inputs],
        )


def slug(id_: str) -> str:
    """The id of a question in a page."""
    return re.sub(r"[^a-z0-9]+", "-", id_.lower().replace("?", "-is")).strip("-")


def fill(page: Page, id_: str, typed: str) -> None:
    """Answer one question, whatever its kind."""
    at = f"#{slug(id_)}"
    if page.locator(f"{at}-year").count():
        for part, text in zip(("year", "month", "day"), (typed.split("-") if typed else ["", "", ""]), strict=True):
            page.locator(f"{at}-{part}").fill(text)
    elif page.locator(f'input[type=radio][name="{id_}"]').count() and not page.locator(f'[data-name="{id_}"]').count():
        if typed:
            page.locator(f'input[type=radio][name="{id_}"][value="{typed}"]').check()
        else:
            page.evaluate("(name) => document.getElementsByName(name).forEach((one) => one.checked = false)", id_)
    elif page.locator(f"select{at}").count():
        page.locator(at).select_option(typed)
    else:
        page.locator(at).fill(typed)


def asked(page: Page) -> str | None:
    """The id of the question on the page, None on any other page."""
    at = page.locator(".asking input[name=at]")
    return at.get_attribute("value") if at.count() else None


def on_page(page: Page) -> list[str]:
    """The ids of the questions on the page, in order; those that only may follow are left out."""
    script = "[...document.querySelectorAll('.asking > .question')].map((one) => one.dataset.id)"
    return list(page.evaluate(script))


def go_on(page: Page) -> None:
    """Continue, and wait for the page that it leads to."""
    with page.expect_navigation(wait_until="load"):
        page.locator(".asking button[value=next]:not(.hidden)").click()


def press(page: Page, selector: str) -> None:
    """Press a button, and wait for the page that it leads to."""
    with page.expect_navigation(wait_until="load"):
        page.locator(selector).first.click()


MARK_A_CHANGE = """() => {
  const form = document.querySelector("[data-live]");
  if (form) form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=radio]")) form.dataset.changed = "";
  });
}"""
"""The page's own script puts a new form in the place of one in which a choice changed."""


def answer(page: Page, id_: str, typed: str, *, scripts: bool) -> None:
    """Answer one question, and wait until the questions that follow from it are there."""
    if scripts:
        page.evaluate(MARK_A_CHANGE)
    fill(page, id_, typed)
    page.locator("[data-live][data-changed]").wait_for(state="detached")


def answer_ahead(page: Page, typed: Mapping[str, str]) -> list[str]:
    """Without scripts: open what may follow from the answers, and answer what applies; left empty it comes later."""
    answered: list[str] = []
    for group in page.locator("details.ahead").all():
        ids = [one.get_attribute("data-id") or "" for one in group.locator(".question").all()]
        asked_for = [id_ for id_ in ids if typed.get(id_)]
        if asked_for:
            group.locator("summary").first.click()
        for id_ in asked_for:
            fill(page, id_, typed[id_])
        answered += asked_for
    return answered


def answer_all(page: Page, typed: Mapping[str, str], *, scripts: bool) -> tuple[list[str], int]:
    """Answer every question, page by page; the ids of the questions in turn, and the number of pages."""
    seen: list[str] = []
    pages = 0
    while (at := asked(page)) is not None:
        pages += 1
        while shown := [id_ for id_ in on_page(page) if id_ not in seen]:
            seen.append(shown[0])
            answer(page, shown[0], typed[shown[0]], scripts=scripts)
        if not scripts:
            seen += answer_ahead(page, typed)
        go_on(page)
        assert asked(page) != at or [id_ for id_ in on_page(page) if id_ not in seen], at
    return seen, pages
