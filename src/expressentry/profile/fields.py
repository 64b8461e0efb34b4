"""The kinds of field that a profile is made of; a Text beside a field says what it means, in both languages."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from expressentry.dates import is_day, parse_day
from expressentry.profile.countries import countries
from expressentry.text import Text

FIRST_DAY, LAST_DAY = date(1910, 1, 1), date(2100, 12, 31)
"""Days outside are typing errors; every calculation with a day inside is safe."""

MOST = 60
"""The most entries of a list."""

MOST_PROVINCES = 13
"""The provinces and territories."""

MOST_NAMES = 20
"""The most names on a permit, and assessments of a credential."""

MOST_SPELLS = 2000
"""The most entries of leave and of varying hours in all jobs of a profile."""

MOST_WEEKS = 530
"""The most entries of a table of weeks: work of ten years counts."""


class ProfileTable(BaseModel):
    """A table of a profile: strict in every field, and closed.

    A model is built when it first reads facts: a profile builds one reader for all of its tables.
    """

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, defer_build=True)


def _read_day(value: object) -> date:
    if isinstance(value, str):
        try:
            value = parse_day(value)
        except ValueError:
            raise PydanticCustomError("not_a_day", "not a day") from None
    if not is_day(value):
        raise PydanticCustomError("not_a_day", "not a day")
    if not FIRST_DAY <= value <= LAST_DAY:
        raise PydanticCustomError("day_out_of_range", "day out of range")
    return value


def _check_country(value: str) -> str:
    if value not in countries():
        raise PydanticCustomError("not_a_country", "not a country")
    return value


Day = Annotated[date, BeforeValidator(_read_day), WithJsonSchema({"type": "string", "format": "date"})]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Country = Annotated[str, AfterValidator(_check_country), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{2}$"})]
Percent = Annotated[float, Field(ge=0, le=100)]
Months = Annotated[int, Field(ge=0, le=240)]
Hours = Annotated[float, Field(gt=0, le=168)]

# Checked by the law's own lists, which know what to say of a wrong one (see consistency.py).
_NULL = {"type": "null"}
Noc2021 = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[0-9]{5}$"}, _NULL]})]
Noc2016 = Annotated[Any, WithJsonSchema({"anyOf": [{"type": "string", "pattern": "^[0-9]{4}$"}, _NULL]})]
Score = Annotated[Any, WithJsonSchema({"type": "number"})]

# Each table has a `province`, and columns that the law of its streams declares: checked there, like occupations.
ProvinceFacts = Annotated[
    tuple[dict[str, Any], ...],
    Field(strict=False, max_length=MOST_PROVINCES),
    WithJsonSchema({"type": "array", "items": {"type": "object"}, "maxItems": MOST_PROVINCES}),
]

From = Annotated[Day, Field(alias="from"), Text("first day", "premier jour")]
Since = Annotated[
    Day | None,
    Field(alias="from"),
    Text("first day; left out: from the beginning", "premier jour; omis : depuis le début"),
]
To = Annotated[
    Day | None,
    Field(alias="to"),
    Text("last day; left out: it continues", "dernier jour; omis : toujours en cours"),
]

Level = Literal[
    "secondary", "under_one_year", "one_year", "two_year", "three_year", "masters", "professional", "doctoral"
]
Result = Literal[
    "secondary",
    "under_one_year",
    "one_year",
    "two_year",
    "three_year",
    "masters",
    "professional",
    "doctoral",
    "post_bachelors",
    "postgraduate",
    "none",
]
PermitKind = Literal[
    "study_permit",
    "post_graduation",
    "employer_lmia",
    "employer_exempt",
    "employer_other",
    "open",
    "bridging",
    "maintained",
    "no_permit_needed",
    "refugee_claimant",
    "visitor",
    "none",
]
Relation = Literal["parent", "grandparent", "child", "grandchild", "sibling", "aunt_or_uncle", "niece_or_nephew"]
Province = Literal["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "SK", "YT"]
WorkProvince = Literal["AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT"]
"""Where work may be: Quebec nominates nobody, and work there is work in another province."""
