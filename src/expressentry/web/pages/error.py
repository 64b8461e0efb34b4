"""The page that says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import Response

from expressentry.errors import Problem
from expressentry.web.pages.render import page


def error_page(
    request: Request, status: int, problems: Sequence[Problem], headers: Mapping[str, str] | None = None
) -> Response:
    """Say what is wrong, as a page in the language of the path."""
    from expressentry.web.problems import TITLES

    values = {"title": TITLES.get(status, TITLES[400]), "problems": problems, "status": status}
    return page(request, "error.html", values, status=status, headers={"Cache-Control": "no-store", **(headers or {})})
