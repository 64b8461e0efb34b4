"""Reading a form that a page sends."""

from __future__ import annotations

from urllib.parse import parse_qsl

from fastapi import Request

from expressentry.errors import Problem
from expressentry.text import Text
from expressentry.web.api.answering import check_media
from expressentry.web.problems import RequestError

_MOST_FIELDS = 2000


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, the last of a name where it stands twice.

    Raises RequestError for a body that is no form.
    """
    check_media(request, "application/x-www-form-urlencoded")
    try:
        text = (await request.body()).decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict"))
    except ValueError:
        rule = Text("not a form", "pas un formulaire")
        fix = Text("send it from the page", "l'envoyer depuis la page")
        raise RequestError(400, Problem("not_a_form", "body", rule, fix)) from None
