"""Files and links: the answers as a file to keep or taken up again, the report as a PDF, days as a calendar."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from importlib.util import find_spec
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response

from expressentry.answers.context import SCHEMA, not_a_profile
from expressentry.answers.problems import first_problems
from expressentry.answers.timeline import timeline
from expressentry.documents import decode, parse_document
from expressentry.errors import ExpressEntryError, FactorsError, FileError, Problem
from expressentry.law.law import Law
from expressentry.present.feeds import calendar_of
from expressentry.profile.interview.answers_by_id import may_be_unsaid, typed_of
from expressentry.profile.interview.saving import profile_toml
from expressentry.profile.read import is_profile, read_profile
from expressentry.text import Text
from expressentry.web.pages.candidate.carried import Carried, opened
from expressentry.web.pages.candidate.forms import candidate_page, sent
from expressentry.web.pages.candidate.questions import checked, every, unready
from expressentry.web.pages.render import lang_of_path
from expressentry.web.request import state_of
from expressentry.web.workers.handing import Handed

router = APIRouter(route_class=Handed)
_MOST_FILE = 200_000


@router.post("/candidate/open")
async def open_(request: Request) -> Response:
    """Take up answers from a file of dated facts, or from a link; the file is read and forgotten."""
    try:
        carried = await _opened(request)
    except ExpressEntryError as error:
        values = {"problems": first_problems(error.problems), "where": error.problems[0].field}
        return candidate_page(request, "start.html", Carried(), values, status=422)
    return every(request, carried) if carried.mode == "all" else checked(request, carried)


async def _opened(request: Request) -> Carried:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        found = (await sent(request)).form
        return opened(found.get("link", ""))
    try:
        async with request.form(max_files=1, max_fields=5, max_part_size=_MOST_FILE) as form:
            file = form.get("file")
            content = await file.read() if isinstance(file, UploadFile) else b""
    except HTTPException:
        content = b""
    return Carried(*_read(content, state_of(request).law))


def _read(content: bytes, law: Law) -> tuple[dict[str, str], tuple[Any, ...]]:
    """A file of dated facts as answers.

    Raises FactorsError for facts that are wrong, with all that is wrong.
    """
    try:
        facts = parse_document(decode(content[:_MOST_FILE], "file"), "")
    except FileError as error:
        raise FactorsError(error.problems) from None
    facts.pop(SCHEMA, None)
    if not is_profile(facts):
        raise FactorsError(not_a_profile("file", _GIVE_FILE))
    read_profile(facts, law)
    typed, left = typed_of(facts, law)
    try:
        json.dumps([typed, left], ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise FactorsError(Problem("not_text", "file", _HALF_CHARACTER, _GIVE_FILE)) from None
    return typed, tuple(left)


@router.post("/candidate/file")
async def file(request: Request) -> Response:
    """The answers as a file that the command line reads: commented TOML, or JSON."""
    found = await sent(request)
    asked = found.carried.asked(state_of(request).law, whole=True)
    if asked.problems or not may_be_unsaid(asked):
        return checked(request, found.carried)
    lang = lang_of_path(request)
    if found.form.get("form") == "json":
        text, media, ending = json.dumps(_plain(asked.facts), ensure_ascii=False, indent=2) + "\n", "json", "json"
    else:
        text, media, ending = profile_toml(read_profile(asked.facts, state_of(request).law), lang), "toml", "toml"
    headers = {"Content-Disposition": f'attachment; filename="profile.{ending}"', "Cache-Control": "private, no-cache"}
    return Response(text, media_type=f"application/{media}", headers=headers)


@router.post("/candidate/calendar")
async def calendar(request: Request) -> Response:
    """The days on which an answer changes, as a calendar (.ics) for any calendar program."""
    found, state = await sent(request), state_of(request)
    back = unready(request, found)
    if back is not None:
        return back
    profile = read_profile(found.carried.asked(state.law, whole=True).facts, state.law)
    today, lang = state.today(), lang_of_path(request)
    events = [one for one in timeline(state.context, profile, today).events if one.answers_change]
    # Two people may have their days in one calendar: entries of one must not take the place of the other's.
    whose = hashlib.sha256(profile.person.birth_date.isoformat().encode()).hexdigest()[:4]
    name = _MY_DAYS.fill(w=whose).say(lang)
    headers = {"Content-Disposition": 'attachment; filename="my-days.ics"', "Cache-Control": "private, no-cache"}
    return Response(calendar_of(events, today, name, lang), media_type="text/calendar; charset=utf-8", headers=headers)


_MY_DAYS = Text("my days ({w})", "mes jours ({w})")


def reportable() -> bool:
    """Whether this installation can make reports."""
    return find_spec("typst") is not None


@router.post("/candidate/report")
async def report(request: Request) -> Response:
    """The answer as a PDF."""
    if not reportable():
        raise HTTPException(404)
    found, state = await sent(request), state_of(request)
    back = unready(request, found)
    if back is not None:
        return back
    from expressentry.advise.dossier import build_dossier
    from expressentry.present.report import report_pdf

    asked = found.carried.asked(state.law, whole=True)
    dossier = build_dossier(
        read_profile(asked.facts, state.law), state.today(), state.record, state.law, draws=state.context.draws
    )
    headers = {
        "Content-Disposition": 'attachment; filename="express-entry.pdf"',
        "Cache-Control": "private, no-cache",
    }
    return Response(report_pdf(dossier, lang_of_path(request)), media_type="application/pdf", headers=headers)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


_GIVE_FILE = Text(
    "give a file that this site or `expressentry profile new` wrote",
    "donner un fichier écrit par ce site ou par `expressentry profile new`",
)
_HALF_CHARACTER = Text("a text has half of a character", "un texte contient la moitié d'un caractère")
