"""A scenario with what a user adds to the law of every command: files, a proposal, its numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from expressentry.law.source import Source
from expressentry.simulate.scenario.model import Scenario

_ENDING = ".toml"


def with_law_of_run(scenario: Scenario, laws: Sequence[str], numbers: Mapping[str, int], home: Path) -> Scenario:
    """The scenario under the law of a run: what lies in the user's folder `law` and what `--law` names come first.

    Args:
        scenario: The scenario.
        laws: Law files, which end in `.toml`, and the id of a proposal.
        numbers: The numbers that named law leaves open.
        home: The user's folder.
    """
    folder = sorted((home / "law").glob(f"*{_ENDING}")) if (home / "law").is_dir() else []
    in_force = [path for path in folder if Source(path).data.get("status") != "proposed"]
    given = [Path(one) for one in laws if one.endswith(_ENDING)]
    named = [one for one in laws if not one.endswith(_ENDING)]
    law = replace(
        scenario.law,
        files=(*in_force, *given, *scenario.law.files),
        name=named[0] if named else scenario.law.name,
        numbers={**scenario.law.numbers, **numbers},
    )
    return replace(scenario, law=law)
