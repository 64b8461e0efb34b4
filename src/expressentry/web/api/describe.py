"""The description of the API (OpenAPI 3.1): the routes, the shapes, and examples that are real answers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from expressentry.factors.schema import factors_schema
from expressentry.profile.json_schema import profile_schema
from expressentry.web import answers
from expressentry.web.api.schemas import ANSWERS
from expressentry.web.batch import Batch

if TYPE_CHECKING:
    from expressentry.web.state import State

DAY = date(2026, 10, 1)
"""The day of the examples."""

SUMMARY = "Canada's Express Entry: scores with the law cited on every line, rounds, occupations, law"
DESCRIPTION = """The same answers as the command line and the library give. No account, no key, nothing stored.

Every error is `application/problem+json` with `code`, `pointer` and a message in the language asked for (`lang`, else
`Accept-Language`); all problems of a request come at once. Limits are told in `RateLimit-*`. Within /api/v1 keys are
added and never taken away; a change that breaks is /api/v2.

Not a Government of Canada product, and no legal advice."""

FACTORS: dict[str, Any] = {
    "age": 29,
    "accompanied": False,
    "education": "masters",
    "canadian_work_years": 0,
    "foreign_work_years": 3,
    "certificate_of_qualification": False,
    "canadian_study": "none",
    "sibling_in_canada": False,
    "provincial_nomination": False,
    "english_listening": 9,
    "english_reading": 9,
    "english_writing": 9,
    "english_speaking": 9,
}
PROFILE: dict[str, Any] = {
    "person": {
        "birth_date": "1997-03-05",
        "tests": [
            {
                "test": "ielts",
                "taken_on": "2026-01-15",
                "results_on": "2026-01-25",
                "listening": 8,
                "reading": 7,
                "writing": 7,
                "speaking": 7,
            }
        ],
        "credentials": [
            {
                "level": "masters",
                "country": "IN",
                "completed_on": "2020-06-30",
                "assessments": [{"body": "WES", "on": "2025-11-10", "result": "masters"}],
            }
        ],
        "work": [
            {
                "noc2021": "21231",
                "noc2016": "2173",
                "from": "2021-02-01",
                "hours_per_week": 40,
                "worked_in": "IN",
            }
        ],
        "relatives": [],
        "certificates": [],
    },
    "children": [],
    "nominations": [],
    "job_offers": [],
}


def describe(app: FastAPI, state: State) -> dict[str, Any]:
    """Describe the API, with examples answered now by the functions behind the routes."""
    told = get_openapi(
        title=app.title,
        version=app.version,
        openapi_version="3.1.0",
        summary=app.summary,
        description=app.description,
        routes=app.routes,  # the pages are not in it
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    components = told.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        components.pop(name, None)
    components |= ANSWERS | _bodies(state)
    shown = _examples(state)
    for methods in told["paths"].values():
        for operation in methods.values():
            answer = operation["responses"]["200"]["content"]
            _give_example(answer, shown)
            _give_example(operation.get("requestBody", {}).get("content", {}), shown)
            _tidy(operation)
    return told


def _tidy(operation: dict[str, Any]) -> None:
    """Leave out what FastAPI says of its own errors, which none of ours look like."""
    if "HTTPValidationError" in json.dumps(operation["responses"].get("422", {})):
        del operation["responses"]["422"]


def _give_example(content: dict[str, Any], shown: Mapping[str, Any]) -> None:
    for media in [media for media, described in content.items() if not described.get("schema")]:
        del content[media]  # the framework's default, where the route answers another media type
    for described in content.values():
        name = described["schema"]["$ref"].rpartition("/")[2]
        if name in shown:
            described["example"] = shown[name]


def _bodies(state: State) -> dict[str, Any]:
    """The shapes of what is sent: factors, a profile, either, and either with a name on a line."""
    factors = factors_schema(state.rules(DAY).asked(programs=True, categories=True))
    factors.pop("$schema")
    for column in factors["properties"].values():
        _code(column)
    profile = profile_schema()
    tables = profile.pop("$defs")
    found = {"Profile": profile, **{f"Profile{name}": table for name, table in tables.items()}}
    moved = json.loads(json.dumps(found).replace('"#/$defs/', '"#/components/schemas/Profile'))
    moved["Profile"].pop("$schema")
    either = {"anyOf": [{"$ref": "#/components/schemas/Factors"}, {"$ref": "#/components/schemas/Profile"}]}
    line = {
        "type": "object",
        "description": "Factors or a profile, and an `id` of your own.",
        "properties": {"id": {"type": ["string", "integer"]}},
    }
    return {"Factors": factors, "Facts": either, "Line": line, **moved}


def _code(column: dict[str, Any]) -> None:
    """Write occupations by their form: five hundred codes would say less."""
    values = [value for value in column.get("enum", ()) if value is not None]
    if len(values) > 100:
        column.pop("enum")
        column |= {"type": ["string", "null"], "pattern": "^[0-9]{4,5}$"}
    noc = column.get("items", {}).get("properties", {}).get("noc", {})
    if "enum" in noc:
        noc.pop("enum")
        noc |= {"type": "string", "pattern": "^[0-9]{5}$"}


def _examples(state: State) -> dict[str, Any]:
    replayed = answers.replayed(state, answers.person_of(PROFILE), DAY, "en", last=2)
    levels = {"listening": "7.5", "reading": "7", "writing": "6.5", "speaking": "6"}
    rounds = answers.rounds_between(state, until=date(2024, 4, 11))[:2]
    lines = Batch(state, DAY, "en", programs=True, categories=False)
    return {
        "Facts": FACTORS,
        "Profile": PROFILE,
        "Line": {"id": "007", **FACTORS},
        "Scored": json.loads(lines.score([json.dumps({"id": "007", **FACTORS}).encode()])),
        "Assessment": answers.assess(state, FACTORS, DAY, "en", brief=True),
        "Replay": replayed,
        "Plans": answers.plan(state, answers.person_of(PROFILE), DAY, "en", target=500),
        "Timeline": answers.timeline(state, answers.person_of(PROFILE), DAY, "en", until=date(2027, 10, 1)),
        "Levels": answers.converted(state, "ielts", date(2026, 1, 15), levels, "en"),
        "Occupations": answers.occupations("data scientist", "en", 2),
        "Occupation": {**answers.one_occupation(state, "21211", "en"), "job_titles": ["data scientist"]},
        "Categories": answers.categories(state, DAY, "en")[:2],
        "Category": {**answers.category(state, "french", DAY, "en")},
        "Rounds": answers.rounds_list(state, rounds, "en"),
        "Round": answers.one_round(state, "293", "en"),
        "Pool": answers.pool(state, date(2024, 4, 11), "en", 491),
        "Instruments": answers.instruments(state, "en")[:2],
        "Law": answers.one_law(state, "mi-2025-03-25", "en"),
        "Changes": answers.law_changes(state, "crs-2017-06-06", "crs-2020-10-20", "en"),
    }
