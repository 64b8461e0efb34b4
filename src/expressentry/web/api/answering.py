"""What every route of the API shares: described answers and errors, a body of JSON, the answer in a language."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl

from fastapi import Request

from expressentry.answers.score import not_json, read_json
from expressentry.errors import Problem
from expressentry.text import Text
from expressentry.web.problems import RequestError
from expressentry.web.request import JSON, lang_of

PREFIX = "/api/v1"
_MOST_FIELDS = 2000


def ok(name: str, media: str = "application/json") -> dict[str, Any]:
    """How an answer is described; its example is filled in from a real answer."""
    return {"description": "The answer.", "content": {media: {"schema": _named(name)}}}


def body(name: str, media: str = "application/json") -> dict[str, Any]:
    """How a body is described."""
    return {"requestBody": {"required": True, "content": {media: {"schema": _named(name)}}}}


def _named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def problem(about: str) -> dict[str, Any]:
    """How an error is described."""
    return {"description": about, "content": {"application/problem+json": {"schema": _named("Problems")}}}


EVERY: dict[int | str, dict[str, Any]] = {
    400: problem("A parameter is wrong, unknown or missing, or the body is not JSON."),
    429: problem("Too many requests in this window; `Retry-After` says for how many seconds."),
    500: problem("An error of ours."),
    503: problem("The answer took too long, or data that was added cannot be read."),
}
NAMED: dict[int | str, dict[str, Any]] = {404: problem("It does not exist; the problem names the nearest one, or all.")}
BODY: dict[int | str, dict[str, Any]] = {
    408: problem("The body did not arrive in time."),
    413: problem("The body is too large."),
    415: problem("The body is of another media type than the route takes."),
    422: problem("The facts are wrong; every problem is named, with a pointer into the body."),
}


def told(request: Request, content: Any) -> JSON:
    """An answer in the language of the request."""
    kept = "no-store" if request.method == "POST" else "public, max-age=300"
    headers = {"Content-Language": lang_of(request), "Vary": "Accept-Language", "Cache-Control": kept}
    return JSON(content, headers=headers)


async def body_of(request: Request) -> Any:
    """The body, read as JSON.

    Raises RequestError for another media type, or for what is not JSON.
    """
    check_media(request, "application/json")
    try:
        return read_json(await request.body())
    except ValueError as error:
        raise RequestError(400, not_json(error)) from None


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the last of a name where it is there twice.

    Raises RequestError for a body that is not a form.
    """
    check_media(request, "application/x-www-form-urlencoded")
    try:
        text = (await request.body()).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError:
        rule = Text("not a form", "pas un formulaire")
        fix = Text("send it from the page", "l'envoyer depuis la page")
        raise RequestError(400, Problem("not_a_form", "body", rule, fix)) from None


def check_media(request: Request, *known: str) -> None:
    """Refuse a body of another media type.

    Raises RequestError.
    """
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in known:
        rule = Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(known))
        fix = Text("set Content-Type", "donner Content-Type")
        raise RequestError(415, Problem("wrong_media_type", "Content-Type", rule, fix, given[:60]))
