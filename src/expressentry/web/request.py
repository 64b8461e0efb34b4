"""What a request asks for beside its path, the language and the day; and an answer in JSON."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError, to_json
from starlette.responses import Response

from expressentry.dates import first_day, last_day, parse_day, parse_instant
from expressentry.law.law import refuse_before_start
from expressentry.text import Lang
from expressentry.web.state import State


def _reads(parse: Callable[[str], date]) -> Callable[[object], object]:
    """A reader of days that are written in one way."""

    def read(value: object) -> object:
        if isinstance(value, str):
            try:
                return parse(value)
            except ValueError:
                raise PydanticCustomError("not_a_day", "not a day") from None
        return value

    return read


def names_of(listed: str | None) -> list[str]:
    """The names of a list by comma; empty ones are left out.

    >>> names_of("sk-ee, MB,"), names_of(None)
    (['sk-ee', 'MB'], [])
    """
    return [name for one in (listed or "").split(",") if (name := one.strip())]


def _instants(value: object) -> object:
    """Instants separated by commas; a query may also repeat the parameter."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        return parts
    try:
        return tuple(part if isinstance(part, datetime) else parse_instant(str(part)) for part in parts)
    except ValueError:
        raise PydanticCustomError("not_an_instant", "not an instant") from None


class JSON(Response):
    """A JSON answer."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Write the content."""
        return to_json(content)


KNOWN = "expressentry.known"
"""Where a request keeps the state that it began with."""
QueryDay = Annotated[date, BeforeValidator(_reads(parse_day))]
QueryFirstDay = Annotated[date, BeforeValidator(_reads(first_day), json_schema_input_type=str)]
QueryLastDay = Annotated[date, BeforeValidator(_reads(last_day), json_schema_input_type=str)]
"""The day on which a period begins or ends: a day, or a whole month or year."""
Instants = Annotated[
    tuple[datetime, ...],
    BeforeValidator(_instants, json_schema_input_type=str),
    Field(max_length=20),
]


class Query(BaseModel):
    """The parameters of a request; an unknown one is refused.

    `other_names` are those of the command line for the same: they are taken too, but not beside the first.
    """

    model_config = ConfigDict(extra="forbid")
    other_names: ClassVar[Mapping[str, str]] = MappingProxyType({})

    @model_validator(mode="before")
    @classmethod
    def _renamed(cls, data: Any) -> Any:
        if not isinstance(data, Mapping):
            return data
        names = {other: name for other, name in cls.other_names.items() if name not in data}
        return {names.get(key, key): value for key, value in data.items()}

    lang: Annotated[
        Literal["en", "fr"] | None,
        Field(description="Language of the answer; that of Accept-Language unless given.", examples=["fr"]),
    ] = None


class DayQuery(Query):
    """The parameters of an answer about a day."""

    on: Annotated[
        QueryDay | None,
        Field(description="The day asked about, from 2015-01-01 on; today unless given.", examples=["2026-10-01"]),
    ] = None


Asked = TypeVar("Asked", bound=Query)


def read_query(request: Request, model: type[Asked]) -> Asked:
    """Read the parameters of the one route that is asked most, without what a framework does for every route.

    Raises RequestValidationError, as the framework does.
    """
    try:
        return model.model_validate(dict(request.query_params))
    except ValidationError as error:
        found = [{**one, "loc": ("query", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(found) from None


def query_parameters(model: type[Query]) -> list[dict[str, Any]]:
    """The parameters of a request as the description of the API has them."""
    schema = model.model_json_schema()
    needed = schema.get("required", ())
    return [
        {
            "name": name,
            "in": "query",
            "required": name in needed,
            "description": one.pop("description", ""),
            "schema": one,
        }
        for name, one in schema["properties"].items()
    ]


def state_of(request: Request) -> State:
    """The state that a request began with; see `web.renewal`."""
    state: State = request.scope.get(KNOWN) or request.app.state.known
    return state


def day_of(request: Request, query: DayQuery) -> date:
    """The day asked for, else today.

    Raises UsageError for a day before Express Entry began.
    """
    day = query.on or state_of(request).today()
    refuse_before_start(day)
    return day


def lang_of(request: Request) -> Lang:
    """The language asked for: by parameter, else by Accept-Language, else English."""
    return "fr" if (given := request.query_params.get("lang")) == "fr" else "en" if given == "en" else accepted(request)


def accepted(request: Request) -> Lang:
    """Of English and French, the one that Accept-Language prefers; English at a tie.

    A tag counts by its first part (`fr-CA` is French), `*` for whichever is not named.
    """
    given = request.headers.get("accept-language")
    if not given:
        return "en"
    weights: dict[str, float] = {}
    for part in given[:1000].split(","):
        tag, _, weight = part.partition(";")
        name = tag.strip().lower().split("-")[0]
        weights[name] = max(weights.get(name, 0.0), _weight(weight))
    other = weights.get("*", 0.0)
    return "fr" if weights.get("fr", other) > weights.get("en", other) else "en"


def _weight(text: str) -> float:
    name, _, number = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        found = float(number)
    except ValueError:
        return 0.0
    return found if 0 <= found <= 1 else 0.0
