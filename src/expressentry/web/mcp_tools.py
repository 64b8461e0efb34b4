"""What the tools of the assistant share: closed arguments, problems as data, and documents on what they take."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError
from mcp.server.mcpserver.resources import FunctionResource
from mcp.server.mcpserver.tools import Tool
from pydantic import ValidationError

from expressentry.answers.problems import first_problems, problem_record
from expressentry.answers.score import not_json
from expressentry.documents import OutOfBoundsError, load_json
from expressentry.errors import Problem, listed
from expressentry.factors.schema import factors_schema
from expressentry.law.rule_set import RuleSet
from expressentry.profile.interview.example import EXAMPLE
from expressentry.profile.json_schema import profile_schema
from expressentry.suggest import did_you_mean, shortened, suggestion
from expressentry.text import Lang, Text
from expressentry.web.problems import parameter_problem
from expressentry.web.state import Limits

PROFILE_SCHEMA = "expressentry://profile.schema.json"
FACTORS_SCHEMA = "expressentry://factors.schema.json"
PROFILE_EXAMPLE = "expressentry://profile.example.json"
_LOG = logging.getLogger(__name__)


def documents(rules: Callable[[], RuleSet]) -> Iterator[FunctionResource]:
    """The documents that an assistant may read: the schemas of a person, and an example."""
    yield _document(PROFILE_SCHEMA, "The JSON Schema of a profile: a person's dated facts.", profile_schema)
    yield _document(
        FACTORS_SCHEMA,
        "The JSON Schema of factors: a person as the law of one day sees them.",
        lambda: factors_schema(rules().asked(programs=True, categories=True)),
    )
    yield _document(PROFILE_EXAMPLE, "A whole profile of an invented person.", lambda: dict(EXAMPLE))


def _document(uri: str, about: str, make: Callable[[], Any]) -> FunctionResource:
    def written() -> str:
        return json.dumps(make(), ensure_ascii=False, indent=1)

    name = uri.rpartition("/")[2]
    return FunctionResource.from_function(written, uri=uri, name=name, description=about, mime_type="application/json")


def close(parameters: dict[str, Any], *, whole: bool) -> None:
    """Say in the schema of a tool's arguments that there are no others, and what a profile is: whole, in one tool."""
    parameters["additionalProperties"] = False
    if "profile" not in parameters["properties"]:
        return
    about = f"A person's dated facts, as in `assess`; the schema is {PROFILE_SCHEMA}."
    if not whole:
        parameters["properties"]["profile"] = {"type": "object", "required": ["person"], "description": about}
        return
    schema = profile_schema()
    schema.pop("$schema")
    parameters["$defs"] = {**parameters.get("$defs", {}), **schema.pop("$defs"), "Profile": schema}
    factors = {
        "type": "object",
        "required": ["age"],
        "not": {"required": ["person"]},
        "description": f"Or the factors of that one day; the schema is {FACTORS_SCHEMA}.",
    }
    parameters["properties"]["profile"] = {"anyOf": [{"$ref": "#/$defs/Profile"}, factors]}


class ClosedTool(Tool):
    """A tool that takes its own arguments alone, says what is wrong with them as data, and logs nothing of them."""

    async def run(self, arguments: dict[str, Any], context: Any, convert_result: bool = False) -> Any:
        """Answer a call.

        Raises ToolError with every problem as data.
        """
        lang: Lang = "fr" if arguments.get("lang") == "fr" else "en"
        problems = _out_of_bounds(arguments) or self._problems(arguments)
        if problems:
            raise refused(problems, lang)
        try:
            return await super().run(arguments, context, convert_result)
        except UnexpectedToolError as error:
            _LOG.error("tool %s: %s", self.name, type(error.__cause__ or error).__name__)  # its text may be personal
            problem = Problem("internal", self.name, Text("the error is ours", "l'erreur est de notre côté"), _REPORT)
            raise refused([problem], lang) from None
        except ToolError as error:
            # The library puts words before ours; a host reads the problems as data, whoever found them.
            raise error.__cause__ if isinstance(error.__cause__, ToolError) else error from None

    def _problems(self, arguments: Mapping[str, Any]) -> list[Problem]:
        known = list(self.parameters["properties"])
        others = [name for name in arguments if name not in known]
        found = listed(others, lambda name: _unknown(name, known), "more_problems", "")
        try:
            self.fn_metadata.validate_arguments({name: arguments[name] for name in arguments if name in known})
        except ValidationError as error:
            wrong = error.errors(include_url=False)
            found += [parameter_problem({**one, "loc": ("arguments", *one["loc"])}) for one in wrong]
        return found


def _out_of_bounds(arguments: Mapping[str, Any]) -> list[Problem]:
    """What no call needs, found before anything else is: the bounds are those of a body sent to the API."""
    most = Limits().body_bytes
    try:
        text = json.dumps(arguments, ensure_ascii=False, allow_nan=False).encode()
        if len(text) > most:
            rule = Text("larger than {n} bytes", "plus de {n} octets").fill(n=most)
            return [Problem("too_large", "body", rule, Text("send less", "envoyer moins"))]
        load_json(text)
    except OutOfBoundsError as error:
        return [Problem("not_json", "body", error.rule, error.fix)]
    except (ValueError, RecursionError) as error:  # no text that can be sent, or more than Python writes
        return [not_json(ValueError(type(error).__name__))]
    return []


_REPORT = Text("try again, or report it", "réessayez, ou signalez-la")


def _unknown(name: str, known: list[str]) -> Problem:
    near = "profile" if name == "facts" and "profile" in known else suggestion(name, known)
    fix = did_you_mean(near) if near else Text("use: {a}", "employer : {a}").fill(a=", ".join(known))
    return Problem("unknown_parameter", shortened(name), Text("unknown argument", "argument inconnu"), fix)


def refused(problems: Iterable[Problem], lang: Lang) -> ToolError:
    """The error of a call, with every problem as data."""
    told = [problem_record(one, lang) for one in first_problems(list(problems))]
    return ToolError(json.dumps({"problems": told}, ensure_ascii=False))
