"""The questions: one a page or all on one, and the page on which everything answered is checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from expressentry.errors import Problem
from expressentry.profile.interview import Step
from expressentry.profile.interview.answers import value_of
from expressentry.profile.interview.answers_by_id import answer_problems, misplaced, without_entry
from expressentry.text import Text
from expressentry.web.api.answering import form_of
from expressentry.web.pages.candidate.carried import Carried
from expressentry.web.pages.candidate.fields import Field, field_of, occupations, slug
from expressentry.web.pages.candidate.forms import Sent, candidate_page, is_search, sent
from expressentry.web.pages.candidate.sections import Section, is_another, part_of, sections, title_of
from expressentry.web.pages.render import lang_of_path, page
from expressentry.web.request import state_of

router = APIRouter()
_ENTRY = re.compile(r"[a-z_]+(?:\.[a-z_]+)?\[[0-9]{1,3}\]")
_BIRTH = "person.birth_date"
_MADE_OF_ANSWERS = ("answer", "what-if", "plan", "open", "file", "report", "search")


@router.get("/candidate")
async def start(request: Request) -> Response:
    """Say what is asked and where the answers are; begin, take up a link, or open a file."""
    return candidate_page(request, "start.html", Carried(), {"problems": []})


@router.get("/candidate/{part}")
async def no_answers(request: Request, part: str) -> Response:
    """Lead to the start: a page that was made of answers cannot be made without them."""
    if part not in _MADE_OF_ANSWERS:
        raise HTTPException(404)
    return RedirectResponse(f"/{lang_of_path(request)}/candidate", 303)


@router.post("/candidate")
async def questions(request: Request) -> Response:
    """Take what was answered, and ask what is next."""
    return ask_next(request, await sent(request))


@router.post("/candidate/search")
async def search(request: Request) -> Response:
    """Occupations for words as they are typed: a piece of a page."""
    form = await form_of(request)
    words, name = form.get("words", "")[:200], form.get("name", "")[:200]
    options = occupations(form.get("typed", "")[:5], words)
    return page(request, "candidate/hits.html", {"options": options, "name": name, "id": slug(name), "words": words})


def ask_next(request: Request, found: Sent) -> Response:
    """The page that a form leads to."""
    carried, wish = found.carried, found.wish
    if wish == "remove":
        carried = (
            replace(carried, typed=without_entry(carried.typed, found.about))
            if _ENTRY.fullmatch(found.about)
            else carried
        )
        return every(request, carried) if carried.mode == "all" else checked(request, carried)
    if carried.mode == "all" and wish != "check":
        return every(request, carried, found)
    if wish == "check":
        return checked(request, carried)
    asked = carried.asked(state_of(request).law)
    at = asked.step(found.form.get("at", ""))
    if wish == "show" or at is None:
        step = asked.step(found.about) or asked.open
        return one(request, carried, step, returning=wish == "show") if step else checked(request, carried)
    if wish == "back":
        before = asked.before(at.id)
        return one(request, carried, before) if before else candidate_page(request, "start.html", carried, _CLEAN)
    return _after(request, found, at)


def _after(request: Request, found: Sent, at: Step) -> Response:
    """What follows an answer: what is wrong with it, the occupations it may mean, or the next question."""
    carried = found.carried
    returning = found.form.get("return") == "check"
    typed, words = carried.typed.get(at.id, ""), found.words(at)
    if at.ask.kind == "noc" and (found.wish == "search" or (typed and is_search(at, typed))):
        return _searched(request, carried, at, words, returning=returning)
    asked = carried.asked(state_of(request).law)
    problems = answer_problems(asked, at.id)
    if not problems and at.id == _BIRTH:
        problems = unborn(request, carried)
    if not problems and at.id not in carried.typed:
        problems = [Problem("missing", at.id, _NEEDED, _CHOOSE)]
    if problems:
        return one(request, carried, at, problems, returning=returning, words=words)
    step = asked.open if returning else asked.after(at.id)
    return one(request, carried, step, returning=returning) if step else checked(request, carried)


def unborn(request: Request, carried: Carried) -> list[Problem]:
    """The problem of a birth that is still to come: such a person has no answer today."""
    today = state_of(request).today().isoformat()
    return [Problem("not_born", _BIRTH, _NOT_BORN, _LOOK)] if carried.typed.get(_BIRTH, "") > today else []


def _searched(request: Request, carried: Carried, at: Step, words: str, *, returning: bool) -> Response:
    """The question of an occupation again, with what the words may mean; words alone are no answer yet."""
    if is_search(at, carried.typed.get(at.id, "")):
        carried = replace(carried, typed={name: text for name, text in carried.typed.items() if name != at.id})
    problems = [] if occupations("", words) else [Problem("nothing_found", at.id, _NOTHING, _OTHER_WORDS)]
    return one(request, carried, at, problems, returning=returning, words=words)


def one(
    request: Request,
    carried: Carried,
    step: Step,
    problems: list[Problem] | None = None,
    *,
    returning: bool = False,
    words: str = "",
) -> Response:
    """One question on a page."""
    asked = carried.asked(state_of(request).law)
    field = field_of(step, carried.typed, lang_of_path(request), problems or (), words=words)
    ids = [known.id for known in asked.steps]
    values: dict[str, Any] = {
        "field": field,
        "fields": [field],
        "section": title_of(step),
        "part": part_of(step),
        "first": ids[:1] == [step.id],
        "returning": returning,
        "problems": problems or [],
    }
    status = 422 if problems else 200
    return candidate_page(request, "one.html", carried, values, again={"do": f"show:{step.id}"}, status=status)


def every(request: Request, carried: Carried, found: Sent | None = None, *, wrong: bool = False) -> Response:
    """Every question on one page; with `wrong` an answer was wanted, and everything wrong is listed."""
    asked, lang = carried.asked(state_of(request).law, whole=True), lang_of_path(request)
    problems = misplaced(asked) if wrong else {}
    if wrong:
        problems |= {
            step.id: [Problem("unknown_code", step.id, _NOT_CHOSEN, _PICK)]
            for step in asked.steps
            if carried.typed.get(step.id) and is_search(step, carried.typed[step.id])
        }
    begun = bool(carried.typed)
    typed = {**{step.id: "no" for step in asked.steps if is_another(step)}, **carried.typed}
    parts: list[dict[str, Any]] = []
    for section in sections(asked.steps):
        fields = [
            field_of(
                step,
                typed,
                lang,
                problems.get(step.id, ()),
                words=found.words(step) if found else "",
                fresh=begun and step.id not in typed,
            )
            for step in section.steps
        ]
        parts.append({"section": section, "fields": fields})
    fields_ = [field for part in parts for field in part["fields"]]
    values = {
        "parts": parts,
        "fields": fields_,
        "fresh": [field for field in fields_ if field.fresh],
        "problems": [problem for known in problems.values() for problem in known],
    }
    status = 422 if problems else 200
    return candidate_page(request, "all.html", carried, values, again={"mode": "all"}, status=status)


def checked(request: Request, carried: Carried) -> Response:
    """Everything answered, each with a way to change it; what is wrong first."""
    asked = carried.asked(state_of(request).law)
    problems, lang = misplaced(asked), lang_of_path(request)
    parts = [_rows(section, carried, problems, lang) for section in sections(asked.steps)]
    fields = [field for part in parts for field in part["fields"]]
    values = {
        "parts": parts,
        "fields": fields,
        "open": asked.open,
        "problems": [problem for known in problems.values() for problem in known],
    }
    return candidate_page(
        request, "check.html", carried, values, again={"do": "check"}, status=422 if problems else 200
    )


def unready(request: Request, found: Sent) -> Response | None:
    """The page that asks for what is still open or wrong; None where everything is answered."""
    carried = found.carried
    asked = carried.asked(state_of(request).law, whole=True)
    if asked.open is None and not asked.problems:
        birth = unborn(request, carried)
        return one(request, carried, asked.steps[0], birth, returning=True) if birth else None
    if carried.mode == "all":
        return every(request, carried, found, wrong=True)
    if carried.asked(state_of(request).law).open is not None:
        return ask_next(request, Sent(carried, {}, "next", ""))
    return ask_next(request, Sent(carried, {}, "check", ""))


def _rows(section: Section, carried: Carried, problems: dict[str, list[Problem]], lang: Any) -> dict[str, Any]:
    # That there is an entry, the entry itself says.
    steps = [
        step
        for step in section.steps
        if step.id in carried.typed
        and not (step.gate and step.place.endswith("]") and value_of(step.ask, carried.typed[step.id]) is True)
    ]
    fields: list[Field] = [field_of(step, carried.typed, lang, problems.get(step.id, ())) for step in steps]
    return {"section": section, "fields": fields}


_CLEAN: dict[str, Any] = {"problems": []}
_NOT_BORN = Text("this day is in the future", "ce jour est dans le futur")
_LOOK = Text("check the year", "vérifiez l'année")
_NEEDED = Text("this question needs an answer", "cette question demande une réponse")
_CHOOSE = Text("choose one", "choisissez-en une")
_NOTHING = Text("nothing found", "rien trouvé")
_OTHER_WORDS = Text("try other words, or a code of five digits", "essayez d'autres mots, ou un code de cinq chiffres")
_NOT_CHOSEN = Text("you have not chosen an occupation yet", "vous n'avez pas encore choisi de profession")
_PICK = Text("search, and choose one from the list", "cherchez, et choisissez-en une dans la liste")
