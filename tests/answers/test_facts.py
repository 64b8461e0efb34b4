"""What a line of the score was given, in words."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expressentry.answers.facts import given
from expressentry.assess.person.readings import assess_profile
from expressentry.profile.read import read_profile

PEOPLE = Path(__file__).parents[2] / "examples" / "people"


@pytest.mark.parametrize(("name", "first", "second"), [("nurse", "NCLC", "CLB"), ("engineer", "CLB", "NCLC")])
def test_the_scale_is_that_of_the_language(name: str, first: str, second: str) -> None:
    """Which language is first differs from person to person, and the name of the scale with it."""
    found = assess_profile(read_profile(PEOPLE / f"{name}.toml"), date(2026, 10, 1)).first
    nodes = {node.id: node for node in found.rules.crs.root.walk()}
    told = {line.id: given(line, nodes[line.id], found.first_language).en for line in found.lines}

    assert told["core.first_language"].startswith(f"{first} ")
    assert told["core.second_language"].startswith((f"{second} ", "no test"))
    assert f"{first} " in told["transferability.foreign_work.language"]
