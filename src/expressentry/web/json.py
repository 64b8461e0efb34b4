"""JSON out and in, quickly and strictly."""

from __future__ import annotations

from typing import Any

from pydantic_core import from_json, to_json
from starlette.responses import Response

from expressentry.errors import Problem
from expressentry.text import Text, same


class JSON(Response):
    """A JSON answer."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Write the content."""
        return to_json(content)


def read_json(data: bytes) -> Any:
    """Read JSON: no NaN, no infinity, no depth without end.

    Raises ValueError for anything else.
    """
    return from_json(data, allow_inf_nan=False)


def not_json(error: ValueError) -> Problem:
    """The problem of a body that is not JSON."""
    rule = Text("cannot be read as JSON ({m})", "ne se lit pas comme du JSON ({m})").fill(m=same(error))
    return Problem("not_json", "body", rule, Text("send one JSON object", "envoyer un objet JSON"))
