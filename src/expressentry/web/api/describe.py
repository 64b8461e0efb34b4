"""The description of the API (OpenAPI 3.1): the routes, the shapes of the answers, and examples that are real answers.

The shapes are made from the types of `answers.records`; nothing is described twice.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode

from expressentry.advise.plan.request import PlanRequest
from expressentry.answers import law, lookups, person, plan, provinces, rounds, streams, timeline
from expressentry.answers.context import Context, person_of
from expressentry.answers.records import advice as advised
from expressentry.answers.records import common, published
from expressentry.answers.records import forecast as forecasted
from expressentry.answers.records import person as assessed
from expressentry.answers.records import provinces as nominated
from expressentry.answers.score import Batch
from expressentry.factors.schema import factors_schema
from expressentry.profile.json_schema import profile_schema

if TYPE_CHECKING:
    from expressentry.profile.model import Profile
    from expressentry.web.state import State

DAY = date(2026, 10, 1)
"""The day of the examples."""

SUMMARY = "Canada's Express Entry: scores with the law cited on every line, rounds, occupations, law"
DESCRIPTION = """The same answers as the command line and the library give. You need no account and no key, and nothing
that you send is stored.

Every error is `application/problem+json` with `code`, `pointer` and a message in the language asked for (`lang`, else
`Accept-Language`). All problems of a request come at once. `RateLimit-*` headers state the limits. Within /api/v1 keys
are added and never taken away; a change that breaks a client will be /api/v2.

Not a Government of Canada product, and no legal advice."""

ANSWERS: dict[str, Any] = {
    "Problems": common.ProblemsRecord,
    "Assessment": assessed.AssessmentRecord,
    "Replay": advised.ReplayRecord,
    "Timeline": advised.TimelineRecord,
    "Plans": advised.PlansRecord,
    "Forecast": forecasted.ForecastRecord,
    "Forecasts": list[forecasted.ForecastRecord],
    "Chances": forecasted.ChancesRecord,
    "Levels": published.LevelsRecord,
    "Occupations": list[published.HitRecord],
    "Occupation": published.OccupationRecord,
    "Categories": list[published.CategoryRowRecord],
    "Category": published.CategoryRecord,
    "Rounds": list[published.RoundRowRecord],
    "Round": published.RoundRecord,
    "Pool": published.PoolRecord,
    "Instruments": list[published.InstrumentRowRecord],
    "Law": published.InstrumentRecord | published.GridRecord | published.PartsRecord,
    "Changes": list[published.GridChangeRecord],
    "Scored": assessed.ScoredRecord,
    "Streams": list[nominated.StreamRowRecord],
    "Stream": nominated.StreamRecord,
    "Draws": list[nominated.DrawRecord],
    "StreamFindings": list[nominated.StreamFindingRecord],
}
"""The answer of each route, by the name that the routes give it."""

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
STATED: list[dict[str, Any]] = [{"province": "SK", "nominee_noc": "21231", "offer": "none", "settlement_plan": True}]
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
    components |= answer_shapes() | _bodies(state)
    shown = _examples(state.context)
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


class _Untitled(GenerateJsonSchema):
    """Schemas without the titles that only repeat the name of a key."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        """Say that a key needs no title."""
        return False


def answer_shapes() -> dict[str, Any]:
    """The schema of every answer and of all that is in it; names are those of the types without `Record`."""
    asked: list[tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = [
        (name, "serialization", TypeAdapter(type_)) for name, type_ in ANSWERS.items()
    ]
    template = "#/components/schemas/{model}"
    made, shared = TypeAdapter.json_schemas(asked, ref_template=template, schema_generator=_Untitled)
    found = {name.removesuffix("Record"): schema for name, schema in shared["$defs"].items()}
    for schema in found.values():
        schema.pop("title", None)
    # An answer that is one type is there already; the others are lists of a type, or one of several.
    found |= {name: schema for (name, _), schema in made.items() if "$ref" not in schema}
    plain: dict[str, Any] = json.loads(re.sub(r'("#/components/schemas/\w+?)Record"', r'\1"', json.dumps(found)))
    return plain


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
    stated = {"provinces": moved["Profile"]["properties"]["provinces"]}
    with_streams = {**factors, "properties": {**factors["properties"], **stated}}
    judged = {"anyOf": [with_streams, {"$ref": "#/components/schemas/Profile"}]}
    return {"Factors": factors, "Facts": either, "StreamFacts": judged, "Line": line, **moved}


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


def _forecasts(context: Context, someone: Profile) -> dict[str, Any]:
    """Examples of forecasts, where what works them out is installed."""
    if find_spec("numpy") is None or find_spec("scipy") is None:
        return {}
    from expressentry.answers import chances, forecast

    basis = forecast.basis_of(context, DAY)
    found = forecast.forecast_record(forecast.forecast(context, basis, "cec"), "en")
    found["at_most"] = found["at_most"][:2]
    asked = chances.chances(context, someone, basis, months=2, plans=False)
    return {"Forecast": found, "Forecasts": [found], "Chances": chances.chances_record(asked, "en")}


def _examples(context: Context) -> dict[str, Any]:
    someone, record = person_of(PROFILE, context.law), context.record
    scores = {"listening": "7.5", "reading": "7", "writing": "6.5", "speaking": "6"}
    between = rounds.find_rounds(reversed(record.rounds), until=date(2024, 4, 11))[:2]
    lines = Batch(context, DAY, "en", programs=True, categories=False)
    ahead = timeline.timeline(context, someone, DAY, until=date(2027, 10, 1))
    return {
        "Facts": FACTORS,
        "Profile": PROFILE,
        "Line": {"id": "007", **FACTORS},
        "Scored": lines.score([json.dumps({"id": "007", **FACTORS}).encode()])[0],
        "Assessment": person.brief_record(person.assess(context, FACTORS, DAY), record, "en"),
        "Replay": rounds.replay_record(rounds.replay(context, someone, DAY, last=2), record, DAY, "en"),
        "Plans": plan.plans_record(plan.plan(context, someone, DAY, PlanRequest(target=500)), "en"),
        "Timeline": timeline.timeline_record(ahead, "en"),
        **_forecasts(context, someone),
        "Levels": lookups.levels_record(lookups.convert(context.law, "ielts", date(2026, 1, 15), scores), "en"),
        "Occupations": lookups.find_occupations("data scientist", "en", 2),
        "Occupation": {
            **lookups.occupation_record(lookups.occupation(context.law, "21211"), "en"),
            "job_titles": ["data scientist"],
        },
        "Categories": lookups.category_rows(context, DAY, "en")[:2],
        "Category": lookups.category(context, "french", DAY, "en"),
        "Rounds": [rounds.round_row(one, "en") for one in between],
        "Round": rounds.one_round(context, "293", "en"),
        "Pool": rounds.pool(record, date(2024, 4, 11), "en", 491),
        "Instruments": law.instruments(context.law, "en")[:2],
        "Law": law.one_law(context.law, "mi-2025-03-25", "en"),
        "Streams": provinces.stream_rows(context.law, DAY, "en")[:2],
        "Stream": provinces.stream_record(context, "sk-tech-ee", DAY, "en"),
        "Draws": [provinces.draw_record(one, "en") for one in provinces.find_draws(context, DAY, "SK")[:2]],
        "StreamFacts": {**FACTORS, "provinces": STATED},
        "StreamFindings": streams.assess_provinces(
            context, {**FACTORS, "provinces": STATED}, DAY, "en", ["sk-tech-ee"]
        ),
        "Changes": law.law_changes(context.law, "crs-2017-06-06", "crs-2020-10-20", "en"),
    }
