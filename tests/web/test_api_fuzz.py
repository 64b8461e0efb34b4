"""schemathesis over the whole API: no 5xx, no answer that is not documented, malformed input included."""

from __future__ import annotations

import json
import warnings
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests import often
from tests.web.serving import Caller, made


@schemathesis.serializer("application/x-ndjson")
def lines(ctx: schemathesis.SerializationContext, value: Any) -> bytes:
    """What is generated, twice, as lines; what is bytes already goes as it is."""
    return value if isinstance(value, bytes) else (json.dumps(value) + "\n").encode() * 2


CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
APP = made()
CALL = Caller(APP)
KEYS = ("person", "partner", "tests", "work", "age", "education", "from", "noc2021", "birth_date", "id", "leave", "on")
schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
quickly = schemathesis.openapi.from_asgi("/api/v1/openapi.json", APP)
# Thousands of cases, each a little wrong, are made when the tests are collected: only where they run.
schema.config.phases.coverage.enabled = often.LONG
quickly.config.phases.coverage.enabled = False
QUICK = settings(
    max_examples=25,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],
)
LONG = settings(QUICK, max_examples=200, derandomize=False)


@quickly.parametrize()
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


BODIES = [path for path, methods in schema.raw_schema["paths"].items() if "post" in methods]
BROKEN = (
    b"",
    b"{",
    b"[" * 20_000,
    b'{"a":' * 20_000,
    b"null",
    b"1e999",
    b"9" * 5000,
    b'{"age": 1e999}',
    b'{"age": NaN}',
    b'{"age": ' + b"9" * 5000 + b"}",
    b'{"age": 1, "age": 2}',
    b'{"\\ud800": 1}',
    b'{"age": "\\u0000"}',
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b"\xed\xa0\x80",
    b'{"person": {"birth_date": "9999-99-99", "work": [[[[]]]]}}',
    b'{"person": {"birth_date": "0001-01-01", "tests": [{"test": null}]}}',
)
"""Bodies that are no JSON, or JSON that nobody means."""

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), inner),
    max_leaves=30,
)


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("media", ["application/json", "application/x-ndjson", "text/plain", "", 'a/b; c="\u00e9'])
def test_malformed(path: str, media: str) -> None:
    """A body that is no JSON, under any name, gets an answer that the description has, with a code and words."""
    for body in BROKEN:
        _documented(path, body, media)


@given(path=st.sampled_from(BODIES), body=JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))
@settings(QUICK, max_examples=150)
def test_anything(path: str, body: bytes) -> None:
    """So does any JSON of the words that bodies are made of, and so do bytes that are none."""
    _documented(path, body, "application/x-ndjson" if path.endswith("/score") else "application/json")


def _documented(path: str, body: bytes, media: str) -> None:
    answer = CALL.post(path, content=body, headers={"Content-Type": media.encode()} if media else {})
    told = schema.raw_schema["paths"][path]["post"]["responses"]

    assert str(answer.status_code) in told, (path, body[:50], answer.status_code)
    assert answer.headers["content-type"].partition(";")[0] in told[str(answer.status_code)]["content"]
    if answer.status_code != 200:
        problem = answer.json()
        assert problem["code"]
        assert problem["message"]
        assert problem["problems"]


def _check(case: schemathesis.Case[Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the client that calls the app, not of ours
        answer = case.call()
    checks = CHECKS[:3] if case.path.endswith("/score") else CHECKS  # lines are not one JSON
    case.validate_response(answer, checks=checks)
