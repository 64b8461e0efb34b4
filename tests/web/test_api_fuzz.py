"""schemathesis over the whole API: no 5xx, no answer that is not documented, malformed input included."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.web.serving import made


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: schemathesis.SerializationContext, value: Any) -> bytes:
    """What is generated, twice, as lines; what is bytes already goes as it is."""
    return value if isinstance(value, bytes) else (json.dumps(value) + "\n").encode() * 2


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", made())
QUICK = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
LONG = settings(QUICK, max_examples=200, derandomize=False)


@schema.parametrize()
@QUICK
def test_quickly(case: schemathesis.Case[Any]) -> None:
    """A few requests of every operation, right and wrong ones."""
    _check(case)


@pytest.mark.long
@schema.parametrize()
@LONG
def test_at_length(case: schemathesis.Case[Any]) -> None:
    """Many more of them."""
    _check(case)


def _check(case: schemathesis.Case[Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the client that calls the app, not of ours
        answer = case.call()
    checks = CHECKS[:3] if case.path.endswith("/score") else CHECKS  # lines are not one JSON
    case.validate_response(answer, checks=checks)
