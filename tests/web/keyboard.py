"""A visitor without a mouse: what Tab must reach, and what must be seen of it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_CONTROLS = """() => {
  const seen = new Set();
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
  const all = [...document.querySelectorAll(controls)].filter((one) => one.tabIndex >= 0
    && !one.disabled && one.type !== "hidden" && one.checkVisibility({ visibilityProperty: true })
    && !(one.type === "radio" && (seen.has(one.name) || !seen.add(one.name))));
  all.forEach((one, n) => { one.dataset.stop = one.type === "radio" ? `radio ${one.name}` : n; });
  return all.map((one) => one.dataset.stop);
}"""
"""Marks every control in its order; the buttons of one choice are one stop."""

_FOCUSED = """() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const box = one.getClientRects()[0] ?? one.getBoundingClientRect();  // its first line
  const [x, y] = [box.left + Math.min(box.width, innerWidth) / 2, box.top + Math.min(box.height / 2, 10)];
  const top = document.elementFromPoint(Math.max(x, 1), y);
  return {
    stop: one.type === "radio" ? `radio ${one.name}` : one.dataset.stop,
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inside: box.bottom > 0 && box.top < innerHeight,
    covered: top !== null && top !== one && !one.contains(top) && !top.contains(one),
    html: one.outerHTML.slice(0, 120),
  };
}"""


def _seen(page: Page) -> dict[str, Any]:
    """What has the focus, and how it looks once that is drawn: on a busy machine a moment later."""
    for _ in range(30):
        found: dict[str, Any] = page.evaluate(_FOCUSED)
        if found["outlined"]:
            break
        page.wait_for_timeout(100)
    return found


def check_keyboard(page: Page, most: int = 120) -> None:
    """Go through a page by Tab alone: each of its first controls is reached, is seen and shows its focus."""
    wanted = page.evaluate(_CONTROLS)[:most]
    assert wanted
    page.evaluate("document.activeElement.blur()")
    reached: list[str] = []
    while wanted[len(reached) :]:
        page.keyboard.press("Tab")
        found = _seen(page)
        assert found["stop"] == str(wanted[len(reached)]), (page.url, found["html"])
        assert found["outlined"], (page.url, "no outline", found["html"])
        assert found["inside"], (page.url, "outside the window", found["html"])
        assert not found["covered"], (page.url, "covered", found["html"])
        reached.append(found["stop"])
