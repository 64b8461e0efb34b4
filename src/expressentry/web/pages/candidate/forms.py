"""What a form of these pages says: the answers it carries, and those just typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import Request
from starlette.responses import HTMLResponse

from expressentry.profile.interview import Step
from expressentry.profile.interview.answers_by_id import Questionnaire
from expressentry.web.api.answering import form_of
from expressentry.web.pages.candidate.carried import MODES, Carried, pack, unpack
from expressentry.web.pages.candidate.fields import has_digit, read_field
from expressentry.web.pages.render import page
from expressentry.web.request import state_of

ANSWERS = "a"
MOST_WORDS = 200
"""Letters of what is searched for."""
_DEEPEST = 8
"""More than a question can be below others."""
_KEEP = {"Cache-Control": "private, no-cache"}
"""What a browser may keep for its own way back; no cache on the way keeps anything."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A form: the answers after it, the fields as they came, and what is wanted."""

    carried: Carried
    form: Mapping[str, str]
    wish: str
    about: str

    def words(self, step: Step) -> str:
        """What was searched for in a list of occupations."""
        words = self.form.get(f"{step.id}~words", "")[:MOST_WORDS]
        return words if step.ask.kind == "noc" else ""


def chosen(given: str, offered: Sequence[int], usual: int) -> int:
    """The number that was chosen of those offered; for anything else the usual one.

    >>> chosen("3", (1, 2, 3), 2), chosen("33", (1, 2, 3), 2), chosen("", (1, 2, 3), 2)
    (3, 2, 2)
    """
    return int(given) if given in map(str, offered) else usual


async def sent(request: Request) -> Sent:
    """Read a form, and take the answers in it into those it carries.

    Raises RequestError for a body that is no form, or answers that this site has not written.
    """
    form = await form_of(request)
    carried = unpack(form.get(ANSWERS, ""))
    if form.get("mode") in MODES:
        carried = replace(carried, mode=form["mode"])
    wish, _, about = form.get("do", "next").partition(":")
    if wish != "back":
        for _ in range(_DEEPEST):  # what is answered now may ask what the form already answers
            before, carried = carried, carried.with_(_answers(carried.asked(state_of(request).law, whole=True), form))
            if carried == before:
                break
    return Sent(carried, form, wish, about)


def _answers(asked: Questionnaire, form: Mapping[str, str]) -> dict[str, str]:
    found = {step.id: read_field(step, form) for step in asked.steps}
    return {id_: typed for id_, typed in found.items() if typed is not None}


def is_search(step: Step, typed: str) -> bool:
    """Whether what was typed for an occupation are words to search for, and no code yet."""
    return step.ask.kind == "noc" and bool(typed) and not has_digit(typed)


def candidate_page(
    request: Request,
    template: str,
    carried: Carried,
    values: Mapping[str, Any] | None = None,
    *,
    again: Mapping[str, str] | None = None,
    status: int = 200,
) -> HTMLResponse:
    """Render a page that carries answers; `again` are the fields that lead to the same page in the other language."""
    word = pack(carried) if carried.typed or carried.left else ""
    told = {"carried": carried, "word": word, "again": dict(again or {}), **(values or {})}
    headers = {**_KEEP, "X-Robots-Tag": "noindex"} if request.method == "POST" else None
    return page(request, f"candidate/{template}", told, status=status, headers=headers)
