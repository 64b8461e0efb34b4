"""The questions: one topic a page or all on one, and the page on which everything answered is checked."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from expressentry.errors import Problem
from expressentry.profile.interview.answers import value_of
from expressentry.profile.interview.answers_by_id import Questionnaire, misplaced, noticed, without_entry
from expressentry.profile.interview.engine import unanswered
from expressentry.profile.remarks import Remark, unborn
from expressentry.text import Text
from expressentry.web.api.answering import form_of
from expressentry.web.pages.candidate.ahead import ahead_of
from expressentry.web.pages.candidate.carried import Carried
from expressentry.web.pages.candidate.fields import (
    OTHER,
    Around,
    Field,
    all_groups,
    field_of,
    occupations,
    read_field,
    said_once,
    slug,
)
from expressentry.web.pages.candidate.forms import Sent, candidate_page, is_search, sent
from expressentry.web.pages.candidate.sections import Section, Topic, part_of, sections, topic_of, topics
from expressentry.web.pages.render import lang_of_path, page
from expressentry.web.request import state_of
from expressentry.web.workers.handing import Handed

router = APIRouter(route_class=Handed)
_ENTRY = re.compile(r"[a-z_]+(?:\.[a-z_]+)?\[[0-9]{1,3}\]")
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
    groups = all_groups() if words and not options else ()
    values = {"options": options, "name": name, "id": slug(name), "words": words, "groups": groups}
    return page(request, "candidate/hits.html", values)


def ask_next(request: Request, found: Sent) -> Response:
    """The page that a form leads to."""
    carried, wish = found.carried, found.wish
    if wish == "remove" and _ENTRY.fullmatch(found.about):
        carried = replace(carried, typed=without_entry(carried.typed, found.about))
    if carried.mode == "all" and wish != "check":
        return every(request, carried, None if wish == "remove" else found)
    if wish in ("check", "remove"):
        return checked(request, carried)
    asked = carried.asked(state_of(request).law, whole=True)
    pages = topics(asked.steps)
    at = topic_of(pages, found.form.get("at", ""))
    if wish == "show" or at is None:
        step = asked.step(found.about) or asked.open
        wanted = topic_of(pages, step.id) if step else None
        return one(request, carried, wanted, returning=wish == "show") if wanted else checked(request, carried)
    if wish == "back":
        return _before(request, carried, pages, at)
    return one(request, carried, at, found) if wish in ("update", "search") else _after(request, found, at)


def _before(request: Request, carried: Carried, pages: Sequence[Topic], at: Topic) -> Response:
    """The page before another one; before the first is the start."""
    place = pages.index(at)
    return one(request, carried, pages[place - 1]) if place else candidate_page(request, "start.html", carried, _CLEAN)


def _after(request: Request, found: Sent, at: Topic) -> Response:
    """What follows a page: what is wrong with its answers, what they ask besides, what looks odd, or the next page."""
    carried, today = found.carried, state_of(request).today()
    asked = carried.asked(state_of(request).law, whole=True)
    shown = {step.id for step in at.steps if read_field(step, found.form) is not None}
    wrong = {id_: problems for id_, problems in _wrong(asked, today).items() if id_ in shown}
    if wrong:
        return one(request, carried, at, found, wrong)
    more = any(step.id not in shown and not asked.answered(step) for step in at.steps)
    odd = _seen(at, asked, noticed(asked, today))
    if more or (odd and odd != found.form.get("seen")):
        return one(request, carried, at, found)
    pages = topics(asked.steps)
    if found.form.get("return") == "check":
        step = asked.open
    else:
        step = next((topic.steps[0] for topic in pages[pages.index(at) + 1 :]), asked.open)
    wanted = topic_of(pages, step.id) if step else None
    if wanted is None:
        return checked(request, carried)
    return one(request, carried, wanted, returning=found.form.get("return") == "check")


def _wrong(asked: Questionnaire, today: date) -> dict[str, list[Problem]]:
    """Everything that is wrong by the id of its question, those without an answer and words to search for included."""
    found = misplaced(asked)
    for problem in unborn(asked.facts, today):
        found.setdefault(problem.field, []).append(problem)
    for step in asked.steps:
        typed = asked.typed.get(step.id, "")
        if not asked.answered(step):
            found[step.id] = [unanswered(step)]
        elif is_search(step, typed):
            nothing = not occupations("", typed)
            rule, fix = (_NOTHING, _OTHER_WORDS) if nothing else (_NOT_CHOSEN, _PICK)
            found[step.id] = [Problem("nothing_found" if nothing else "not_chosen", step.id, rule, fix)]
        elif step.ask.kind == "body" and typed == OTHER:
            found[step.id] = [Problem("not_designated", step.id, _NOT_DESIGNATED, _NOT_ASSESSED)]
    return {step.id: found[step.id] for step in asked.steps if step.id in found}


def _seen(at: Topic, asked: Questionnaire, odd: Mapping[str, Sequence[Remark]]) -> str:
    """The answers of a page that look odd, as a form carries them: sent once more, they are meant."""
    ids = {step.id for step in at.steps}
    return " ".join(f"{id_}={asked.typed.get(id_, '')}" for id_ in odd if id_ in ids)


def one(
    request: Request,
    carried: Carried,
    at: Topic,
    found: Sent | None = None,
    problems: Mapping[str, Sequence[Problem]] | None = None,
    *,
    returning: bool = False,
) -> Response:
    """One page of questions; `found` is the form it was sent with, where it is shown again."""
    state, wrong = state_of(request), problems or {}
    asked = carried.asked(state.law, whole=True)
    pages = topics(asked.steps)
    at = topic_of(pages, at.id) or at
    odd = noticed(asked, state.today())
    around = Around(carried.typed, lang_of_path(request), state.law, odd if found else {})
    shown = {step.id for step in at.steps if found is None or read_field(step, found.form) is not None}
    fields = [
        field_of(
            step,
            around,
            wrong.get(step.id, ()),
            words=found.words(step) if found else "",
            fresh=step.id not in shown and not asked.answered(step),
        )
        for step in at.steps
    ]
    fields = said_once(fields)
    values: dict[str, Any] = {
        "at": at.id,
        "fields": fields,
        "ahead": ahead_of(at, asked, around, found.form if found else {}),
        "fresh": [field for field in fields if field.fresh],
        "noted": [field for field in fields if field.remarks],
        "seen": _seen(at, asked, odd) if found else "",
        "section": at.title,
        "part": part_of(at.steps[0]),
        "first": pages[0].id == at.id,
        "returning": returning or (found is not None and found.form.get("return") == "check"),
        "problems": [problem for known in wrong.values() for problem in known],
    }
    status = 422 if wrong else 200
    return candidate_page(request, "one.html", carried, values, again={"do": f"show:{at.id}"}, status=status)


def every(request: Request, carried: Carried, found: Sent | None = None, *, wrong: bool = False) -> Response:
    """Every question on one page; with `wrong` an answer was wanted, and everything wrong is listed."""
    state = state_of(request)
    asked = carried.asked(state.law, whole=True)
    problems = _wrong(asked, state.today()) if wrong else {}
    begun = bool(carried.typed)
    around = Around(carried.typed, lang_of_path(request), state.law, noticed(asked, state.today()))
    parts: list[dict[str, Any]] = []
    for section in sections(asked.steps):
        fields = [
            field_of(
                step,
                around,
                problems.get(step.id, ()),
                words=found.words(step) if found else "",
                fresh=begun and step.id not in carried.typed,
            )
            for step in section.steps
        ]
        parts.append({"section": section, "fields": said_once(fields)})
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
    state = state_of(request)
    asked = carried.asked(state.law, whole=True)
    problems = {id_: known for id_, known in _wrong(asked, state.today()).items() if known[0].code != "missing"}
    around = Around(carried.typed, lang_of_path(request), state.law, noticed(asked, state.today()))
    parts = [_rows(section, asked, problems, around) for section in sections(asked.steps)]
    fields = [field for part in parts for field in part["fields"]]
    values = {
        "parts": parts,
        "fields": fields,
        "open": asked.open,
        "problems": [problem for known in problems.values() for problem in known],
        "in_a_file": [
            text for key, text in _IN_A_FILE.items() if any(one.startswith(f"{key}[1].") for one in carried.typed)
        ],
    }
    return candidate_page(
        request, "check.html", carried, values, again={"do": "check"}, status=422 if problems else 200
    )


def unready(request: Request, found: Sent) -> Response | None:
    """The page that asks for what is still open or wrong; None where everything is answered."""
    carried, state = found.carried, state_of(request)
    asked = carried.asked(state.law, whole=True)
    wrong = _wrong(asked, state.today())
    if not wrong and not asked.problems:
        return None
    if carried.mode == "all":
        return every(request, carried, found, wrong=True)
    at = topic_of(topics(asked.steps), next(iter(wrong), ""))
    if at is None:
        return checked(request, carried)
    # What was never asked is no error yet.
    mine = {id_: known for id_, known in wrong.items() if id_ in carried.typed and topic_of([at], id_)}
    return one(request, carried, at, None, mine, returning=True)


def _rows(
    section: Section, asked: Questionnaire, problems: Mapping[str, list[Problem]], around: Around
) -> dict[str, Any]:
    # That there is an entry, the entry itself says.
    steps = [
        step
        for step in section.steps
        if asked.answered(step)
        and step.id in asked.typed
        and not (step.gate and step.place.endswith("]") and value_of(step.ask, asked.typed[step.id]) is True)
    ]
    fields: list[Field] = [field_of(step, around, problems.get(step.id, ())) for step in steps]
    return {"section": section, "fields": fields}


_CLEAN: dict[str, Any] = {"problems": []}
_NOTHING = Text("nothing found", "rien trouvé")
_OTHER_WORDS = Text(
    "try other words or a code of five digits, or look in the ten broad groups",
    "essayez d'autres mots ou un code de cinq chiffres, ou cherchez dans les dix grandes catégories",
)
_NOT_CHOSEN = Text("you have not chosen an occupation yet", "vous n'avez pas encore choisi de profession")
_PICK = Text("search, and choose one from the list", "cherchez, et choisissez-en une dans la liste")
_NOT_DESIGNATED = Text(
    "an assessment of another organization is not counted", "l'évaluation d'un autre organisme ne compte pas"
)
_NOT_ASSESSED = Text(
    "if this is your only assessment, answer No to the question whether it was assessed for immigration",
    "si c'est votre seule évaluation, répondez Non à la question : a-t-il été évalué pour l'immigration?",
)


_IN_A_FILE = {
    "job_offers": Text(
        "the last day on which a job offer is open; that it comes from an embassy, a consulate or a barred employer",
        "le dernier jour où une offre d'emploi est ouverte; qu'elle vient d'une ambassade, d'un consulat ou d'un "
        "employeur exclu",
    ),
    "nominations": Text(
        "the day on which a province withdrew its nomination", "le jour où une province a retiré sa désignation"
    ),
    "children": Text(
        "the day on which a child joined the family, or ceased to be dependent, other than by birth or age",
        "le jour où un enfant a rejoint la famille, ou cessé d'être à charge, autrement que par naissance ou par l'âge",
    ),
}
"""What is too rare to be asked, by the list that it belongs to: a profile in a file can have it."""
