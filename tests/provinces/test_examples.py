"""Two invented people for each stream of rank A, worked by hand: one on each side of a pass mark or a criterion."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expressentry import load_law, load_record
from expressentry.answers.context import Context
from expressentry.answers.streams import assess_provinces
from expressentry.profile.read import read_document

EXAMPLES = Path(__file__).parents[2] / "examples" / "provinces"
DAY = date(2026, 10, 9)
BY_HAND = {
    "sk-ee-met": (61, None),
    "sk-ee-not": (59, "points"),
    "sk-tech-ee-met": (None, None),
    "sk-tech-ee-not": (None, "offer"),
    "sk-health-ee-met": (None, None),
    "sk-health-ee-not": (None, "licence"),
    "mb-swo-met": (410, None),
    "mb-swo-not": (360, "connection"),
    "mb-swm-met": (860, None),
    "mb-swm-not": (360, "months"),
    "bc-sw-met": (89, None),
    "bc-sw-not": (89, "offer"),
    "bc-ha-met": (89, None),
    "bc-ha-not": (89, "authority"),
    "ab-aees-tech-met": (51, None),
    "ab-aees-tech-not": (51, "occupation"),
    "ab-aees-law-met": (57, None),
    "ab-aees-law-not": (42, "offer"),
    "ab-health-ee-met": (61, None),
    "ab-health-ee-not": (51, "licence"),
    "on-owp-met": (58, None),
    "on-owp-not": (58, "experience"),
    "pe-ee-met": (65, None),
    "pe-ee-not": (65, "status"),
    "ns-ee-work-met": (None, None),
    "ns-ee-work-not": (None, "work"),
    "ns-ee-physicians-met": (None, None),
    "ns-ee-physicians-not": (None, "letter"),
}
"""For each person the points on the grid that ranks, and the one criterion that is not met."""


@pytest.fixture(scope="module")
def context() -> Context:
    """Law and record as shipped."""
    return Context(load_law(), load_record())


@pytest.mark.parametrize("name", BY_HAND)
def test_worked_by_hand(name: str, context: Context) -> None:
    """Points and findings are those worked out by hand; what only others know is all that may be open."""
    points, failed = BY_HAND[name]
    key = name.rpartition("-")[0]
    (found,) = assess_provinces(context, read_document(EXAMPLES / f"{name}.toml"), DAY, "en", [key])
    assessed = found["points"]

    assert (None if assessed is None else (assessed["low"], assessed["high"])) == (
        None if points is None else (points,) * 2
    )
    assert [one["id"] for one in found["criteria"] if one["finding"] == "not_met"] == ([failed] if failed else [])
    assert found["missing"] == []
    assert found["finding"] == ("not_met" if failed else "cannot_tell" if found["ask"] else "met")


def test_the_two_grids_of_manitoba(context: Context) -> None:
    """Skilled Worker Overseas has the assessment of 100 beside the ranking of 1000."""
    (found,) = assess_provinces(context, read_document(EXAMPLES / "mb-swo-met.toml"), DAY, "en", ["mb-swo"])

    assert [(one["grid"], one["points"]["low"]) for one in found["grids"]] == [
        ("mb-ranking-2026-04-20", 410),
        ("mb-assessment-2026-06-20", 77),
    ]


def test_every_example_is_worked() -> None:
    """No file without a figure."""
    assert {path.stem for path in EXAMPLES.glob("*.toml")} == BY_HAND.keys()
