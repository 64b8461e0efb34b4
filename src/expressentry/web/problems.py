"""One shape for every error: `application/problem+json` (RFC 9457), or a page with the same words.

    {"type": "about:blank", "title": …, "status": 422, "detail": …,
     "code": "out_of_range", "pointer": "/age", "message": …,
     "problems": [{"code", "pointer", "parameter", "field", "message", "rule", "fix"}, …]}

`code`, `pointer` and `message` are those of the first problem; `problems` has them all. A pointer (RFC 6901) leads to
a place in the body; a problem with a parameter names that instead.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from expressentry.answers.problems import first_problems, problem_record
from expressentry.answers.records.common import ProblemsRecord
from expressentry.errors import ABSENT, ExpressEntryError, FactorsError, Problem, UsageError
from expressentry.text import Lang, Text
from expressentry.web.request import JSON, lang_of

MEDIA_TYPE = "application/problem+json"
TITLES = {
    400: Text("The request is wrong", "La demande est erronée"),
    403: Text("Not allowed", "Non permis"),
    404: Text("Not found", "Introuvable"),
    405: Text("Method not allowed", "Méthode non permise"),
    408: Text("The request took too long to arrive", "La demande a mis trop de temps à arriver"),
    413: Text("The body is too large", "Le corps est trop gros"),
    415: Text("This media type is not read", "Ce type de média ne se lit pas"),
    422: Text("The facts are wrong", "Les faits sont erronés"),
    429: Text("Too many requests", "Trop de demandes"),
    500: Text("Something went wrong", "Une erreur est survenue"),
    503: Text("Not available now", "Indisponible pour l'instant"),
}
_NOT_FOUND = (
    *("unknown_id", "unknown_type", "unknown_round", "ambiguous_round", "unknown_category", "unknown_day"),
    *("unknown_noc", "not_a_noc", "wrong_noc_version", "noc_without_zeros"),
    *("unknown_stream", "stream_not_encoded", "unknown_province", "not_that_day"),
)


class RequestError(ExpressEntryError):
    """A request refused for a reason of the web's own; `status` says which, `headers` go with the answer."""

    def __init__(self, status: int, problem: Problem, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(problem)
        self.status, self.headers = status, dict(headers or {})


def status_of(error: ExpressEntryError) -> int:
    """The status of an error: 422 for facts, 404 for what does not exist, 400 for other misuse, 503 for our data."""
    if isinstance(error, RequestError):
        return error.status
    if isinstance(error, FactorsError):
        return 422
    if isinstance(error, UsageError):
        return 404 if error.problems[0].code in _NOT_FOUND else 400
    return 503


def record(status: int, problems: Sequence[Problem], lang: Lang, *, body: bool) -> ProblemsRecord:
    """The whole answer for a request that is refused."""
    all_ = [problem_record(one, lang, body=body) for one in problems]
    return {
        "type": "about:blank",
        "title": TITLES.get(status, TITLES[400]).say(lang),
        "status": status,
        "detail": "\n".join(one["message"] for one in all_),
        "code": all_[0]["code"],
        "pointer": all_[0]["pointer"],
        "message": all_[0]["message"],
        "problems": all_,
    }


def answer(
    request: Request, status: int, problems: Sequence[Problem], *, body: bool, headers: Mapping[str, str] | None = None
) -> Response:
    """Answer with what is wrong: problem+json under /api/, else the page that the pages registered."""
    problems = first_problems(problems)
    if not request.url.path.startswith("/api/"):
        shown: Response = request.app.state.error_page(request, status, problems, headers)
        return shown
    lang = lang_of(request)
    told = JSON(record(status, problems, lang, body=body), status, media_type=MEDIA_TYPE)
    told.headers.update({"Content-Language": lang, "Vary": "Accept-Language", "Cache-Control": "no-store"})
    told.headers.update(headers or {})
    return told


async def on_our_error(request: Request, error: Exception) -> Response:
    """Answer an error of this package."""
    assert isinstance(error, ExpressEntryError)
    status = status_of(error)
    headers = error.headers if isinstance(error, RequestError) else None
    return answer(request, status, error.problems, body=isinstance(error, FactorsError), headers=headers)


async def on_wrong_parameters(request: Request, error: Exception) -> Response:
    """Answer parameters that are not as the route declares them."""
    assert isinstance(error, RequestValidationError)
    return answer(request, 400, [parameter_problem(one) for one in error.errors()], body=False)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer an unknown route, a wrong method, or another refusal of the framework."""
    assert isinstance(error, HTTPException)
    path = request.url.path
    if error.status_code == 404 and request.method in ("GET", "HEAD") and _WITH_SLASH.fullmatch(path):
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"{path[:-1]}{query}", 308)
    code, rule, fix = _HTTP.get(error.status_code, _OTHER)
    problem = Problem(code, "request", rule, fix)
    return answer(request, error.status_code, [problem], body=False, headers=error.headers)


_WITH_SLASH = re.compile(r"(?:/[A-Za-z0-9_.-]+)+/")
"""An address with a slash too many at its end: nothing in it can lead to another host."""


async def on_disconnect(request: Request, error: Exception) -> Response:
    """Answer nobody: the client left before its body was there."""
    return Response(status_code=499)


async def on_crash(request: Request, error: Exception) -> Response:
    """Answer an error that nobody foresaw; what it was goes to the server's log, without what was sent."""
    code, rule, fix = _HTTP[500]
    return answer(request, 500, [Problem(code, "request", rule, fix)], body=False)


def parameter_problem(found: Mapping[str, Any]) -> Problem:
    """One thing that pydantic found wrong with the parameters of a path or a query."""
    name, kind, limits = ".".join(map(str, found["loc"][1:])) or "query", found["type"], found.get("ctx", {})
    if kind == "extra_forbidden":
        fix = Text("see /api/v1/openapi.json", "voir /api/v1/openapi.json")
        return Problem("unknown_parameter", name, Text("unknown parameter", "paramètre inconnu"), fix)
    if kind == "missing":
        return Problem("missing", name, Text("required", "obligatoire"), Text("give it", "le donner"))
    code, rule = _RULES.get(kind, ("wrong_value", Text("not of the expected form", "pas de la forme attendue")))
    filled = rule.fill(
        limit=next((limits[key] for key in ("ge", "le", "max_length", "min_length") if key in limits), ""),
        expected=str(limits.get("expected", "")).replace("'", "").replace(" or ", ", "),
    )
    value = found.get("input", ABSENT)
    return Problem(code, name, filled, _CORRECT, value if isinstance(value, str | int | float | bool) else ABSENT)


_CORRECT = Text("correct the value", "corriger la valeur")
_NUMBER = Text("a whole number", "un nombre entier")
_DAY = Text("a day written YYYY-MM-DD", "un jour écrit AAAA-MM-JJ")
_RULES = {
    "not_a_day": ("not_a_day", _DAY),
    "not_an_instant": (
        "not_an_instant",
        Text("instants in UTC: YYYY-MM-DDTHH:MM:SSZ", "des instants UTC : AAAA-MM-JJTHH:MM:SSZ"),
    ),
    "too_long": ("out_of_range", Text("at most {limit} of them", "au plus {limit}")),
    "date_type": ("not_a_day", _DAY),
    "int_parsing": ("wrong_type", _NUMBER),
    "int_type": ("wrong_type", _NUMBER),
    "int_from_float": ("wrong_type", _NUMBER),
    "int_parsing_size": ("wrong_type", _NUMBER),
    "bool_parsing": ("wrong_type", Text("true or false", "true ou false")),
    "literal_error": ("unknown_word", Text("one of: {expected}", "l'un de : {expected}")),
    "greater_than_equal": ("out_of_range", Text("at least {limit}", "au moins {limit}")),
    "less_than_equal": ("out_of_range", Text("at most {limit}", "au plus {limit}")),
    "string_too_long": ("out_of_range", Text("at most {limit} letters", "au plus {limit} lettres")),
    "string_too_short": ("out_of_range", Text("at least {limit} letter", "au moins {limit} lettre")),
}
_HTTP = {
    404: (
        "unknown_route",
        Text("there is no page at this address", "il n'y a pas de page à cette adresse"),
        Text("/api/v1/openapi.json lists the addresses", "/api/v1/openapi.json énumère les adresses"),
    ),
    405: (
        "wrong_method",
        Text("this address does not accept this method", "cette adresse n'accepte pas cette méthode"),
        Text("see the header Allow", "voir l'en-tête Allow"),
    ),
    500: (
        "internal",
        Text("the error is ours", "l'erreur est de notre côté"),
        Text("try again, or report it", "réessayez, ou signalez-la"),
    ),
}
_OTHER = ("refused", Text("refused", "refusé"), Text("correct the request", "corriger la demande"))
