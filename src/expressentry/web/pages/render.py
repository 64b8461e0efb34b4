"""From a template and an answer to a page in one language.

Wordings are pairs in the templates, `t("Rounds", "Rondes")`: neither catalogue nor key, so that a wording cannot
lose its twin; tests read the templates and hold every pair to it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from expressentry.answers.published import page_warnings
from expressentry.dates import long_day
from expressentry.errors import Problem
from expressentry.law.verify.links import link
from expressentry.present.text.rounds import number as grouped
from expressentry.present.text.rounds import percent
from expressentry.text import Lang, Text, french_spaces, web_address
from expressentry.web.problems import TITLES
from expressentry.web.request import state_of

_LOST = Text("Page not found", "Page introuvable")
HERE = Path(__file__).parent.parent
STATIC = HERE / "static"
NAV = (
    ("candidate", Text("Check my score", "Ma note")),
    ("rounds", Text("Rounds", "Rondes")),
    ("forecasts", Text("Forecasts", "Prévisions")),
    ("pool", Text("Pool", "Bassin")),
    ("categories", Text("Categories", "Catégories")),
    ("provinces", Text("Provinces", "Provinces")),
    ("occupations", Text("Occupations", "Professions")),
    ("law", Text("Law", "Droit")),
    ("how-right", Text("How right we are", "Notre exactitude")),
)


def lang_of_path(request: Request) -> Lang:
    """The language of a page: the first part of its path."""
    path = request.url.path
    return "fr" if path == "/fr" or path.startswith("/fr/") else "en"


@cache
def _environment() -> Environment:
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals["static"] = static
    return found


@cache
def static(name: str) -> str:
    """The address of a file of ours, with a mark of its content: it may be kept for ever."""
    mark = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={mark}"


def page(
    request: Request,
    template: str,
    values: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> HTMLResponse:
    """Render a page.

    Templates have, beside the values given: `lang`, `t(en, fr, **blanks)`, `say(text)`, `day(date)`, `clock(instant)`,
    `n(number)`, `share(percent)`, `cap(text)`, `u(path)` for an address in this language,
    `section(cite)` for the address of the section cited, `web(address)` for one that leads to the web,
    `path` (after the language), `state`, `today`, `nav`.
    """
    lang, state = lang_of_path(request), state_of(request)
    path = request.url.path.removeprefix(f"/{lang}") or ""
    known = {
        **words(lang),
        "lang": lang,
        "other": "en" if lang == "fr" else "fr",
        "path": path,
        "query": request.url.query if request.method == "GET" else "",
        "state": state,
        "today": state.today(),
        "nav": NAV,
        "absolute": lambda at: absolute(request, at),
        "stale": state.record.stale(state.today()),
        "law_warnings": (
            *page_warnings(state.settings.home, state.law),
            *state.rules(state.today()).warnings,
        ),
    }
    html = _environment().get_template(template).render({**known, **(values or {})})
    answer = HTMLResponse(html, status)
    answer.headers["Content-Language"] = lang
    answer.headers["Cache-Control"] = "public, max-age=300" if request.method == "GET" else "no-store"
    answer.headers.update(headers or {})
    return answer


def error_page(
    request: Request, status: int, problems: Sequence[Problem], headers: Mapping[str, str] | None = None
) -> HTMLResponse:
    """Render what is wrong, as a page in the language of the path."""
    lost = any(one.code == "unknown_route" for one in problems)
    title = _LOST if status == 404 else TITLES.get(status, TITLES[400])
    values = {"title": title, "problems": problems, "status": status, "lost": lost}
    return page(request, "error.html", values, status=status, headers={"Cache-Control": "no-store", **(headers or {})})


def words(lang: Lang) -> dict[str, Any]:
    """The functions with which a template writes in a language.

    Numbers and days are written by the functions of the command line, so that both faces write them alike.
    """

    def t(en: str, fr: str, **blanks: Any) -> Markup:
        wording = french_spaces(fr) if lang == "fr" else en
        filled = {name: say(value) for name, value in blanks.items()}
        return Markup(escape(wording)).format(**filled)  # the blanks are escaped, unless they are markup

    def say(value: Any) -> Any:
        said = value.say(lang) if isinstance(value, Text) else value
        plain = isinstance(said, str) and not isinstance(said, Markup)
        return french_spaces(said) if plain and lang == "fr" else said

    return {
        "t": t,
        "say": say,
        "day": lambda one: long_day(one).say(lang),
        "clock": lambda one: clock(one, lang),
        "n": lambda one: "–" if one is None else grouped(one, lang),
        "share": lambda one: percent(one, lang),
        "u": lambda path: f"/{lang}{path}",
        "section": lambda cite: "" if (at := link(cite, lang)) == cite.instrument.address else at,
        "web": web_address,
        "cap": lambda text: text[:1].upper() + text[1:],
    }


def clock(instant: datetime | None, lang: Lang) -> str:
    """An instant in UTC to the second."""
    return f"{long_day(instant.date()).say(lang)}, {instant:%H:%M:%S} UTC" if instant else "–"


def absolute(request: Request, path: str) -> str:
    """An address with its host: the public one of the settings, else that of the request, whose form was checked."""
    base = state_of(request).settings.address or f"{request.url.scheme}://{request.url.netloc}"
    return f"{base}{path}"
