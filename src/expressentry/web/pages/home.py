"""The first page: the way to a full check, a first score from four questions, the latest rounds."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from expressentry.answers.first_step import most, step_words
from expressentry.answers.person import assess
from expressentry.assess.person.readings import Assessment
from expressentry.errors import ExpressEntryError, Problem
from expressentry.law.languages import LANGUAGE_NAMES
from expressentry.rounds.record import Record, Round
from expressentry.text import Text, same
from expressentry.web.api.answering import form_of
from expressentry.web.pages.render import lang_of_path, page
from expressentry.web.request import state_of
from expressentry.web.workers.handing import Handed

router = APIRouter(route_class=Handed)
_SHOWN, _STEPS = 5, 6
_YEAR = 365
AGES = range(17, 100)
EDUCATION = ("none", "secondary", "one_year", "two_year", "three_year", "two_or_more", "masters", "doctoral")
LEVELS = (4, 5, 6, 7, 8, 9, 10)


@router.get("")
async def first_page(request: Request) -> Response:
    """The latest round and the form."""
    return page(request, "home.html", _values(request, {}, None, []))


@router.get("/quick")
async def again(request: Request) -> Response:
    """Lead to the questions: an answer has no address of its own."""
    return RedirectResponse(f"/{lang_of_path(request)}", 303)


@router.post("/quick")
async def quick(request: Request) -> Response:
    """Four answers in, a first score out; nothing is kept, and nothing is in an address."""
    given = await form_of(request)
    facts, problems = _facts(given)
    found = None
    if not problems:
        try:
            found = assess(state_of(request).context, facts, state_of(request).today())
        except ExpressEntryError as error:
            problems = list(error.problems)
    return page(request, "home.html", _values(request, given, found, problems), status=422 if problems else 200)


def _values(
    request: Request, given: dict[str, str], found: Assessment | None, problems: list[Problem]
) -> dict[str, Any]:
    record = state_of(request).record
    columns = state_of(request).law.columns
    return {
        "path": "",
        "newest": record.newest,
        "kinds": _kinds(record),
        "recent": record.rounds[-_SHOWN:][::-1],
        "education": [(name, columns["education"].labels[name]) for name in EDUCATION],
        "languages": LANGUAGE_NAMES,
        "level_options": [(level, same(level)) for level in LEVELS],
        "given": given,
        "found": found,
        "steps": [(step.change, *step_words(step, columns)) for step in most(found)[:_STEPS]] if found else [],
        "problems": problems,
    }


def _kinds(record: Record) -> list[Round]:
    """The last round of each kind in the year up to the record's end, the newest first."""
    found: dict[str, Round] = {}
    for one in reversed(record.rounds):
        if (record.as_of - one.date).days < _YEAR:
            found.setdefault(one.series, one)
    return list(found.values())


def _facts(given: dict[str, str]) -> tuple[dict[str, Any], list[Problem]]:
    """Read the four answers; the rest is as little as there can be, and the page says so."""
    problems = [
        Problem(f"missing_{name}", name, rule, fix)
        for name, known, rule, fix in (
            ("age", map(str, AGES), _AGE, _TYPE),
            ("education", EDUCATION, _ANSWER, _CHOOSE),
            ("language", LANGUAGE_NAMES, _ANSWER, _CHOOSE),
            ("level", map(str, LEVELS), _ANSWER, _CHOOSE),
        )
        if given.get(name, "").strip() not in known
    ]
    if problems:
        return {}, problems
    level = int(given["level"])
    return {
        "age": int(given["age"].strip()),
        "accompanied": False,
        "education": given["education"],
        "canadian_work_years": 0,
        "foreign_work_years": 0,
        "certificate_of_qualification": False,
        "canadian_study": "none",
        "sibling_in_canada": False,
        "provincial_nomination": False,
        **{
            f"{given['language'].strip()}_{ability}": level
            for ability in ("listening", "reading", "writing", "speaking")
        },
    }, []


_AGE = Text("an age from 17 to 99 in figures", "un âge de 17 à 99, en chiffres")
_TYPE = Text("for example 29", "par exemple 29")
_ANSWER = Text("this question needs an answer", "cette question demande une réponse")
_CHOOSE = Text("choose one from the list", "choisissez-en une dans la liste")
