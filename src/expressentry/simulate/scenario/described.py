"""The documentation of a scenario as plain data: what it supposes, where from, and what it does not say."""

from __future__ import annotations

from typing import Any

from expressentry.law.load import load_law
from expressentry.simulate.scenario.model import Scenario
from expressentry.text import Lang


def described(scenario: Scenario, lang: Lang) -> dict[str, Any]:
    """The documentation of a scenario in one language, in the order in which the file has it."""
    return {
        "id": scenario.id,
        "title": scenario.title.say(lang),
        "reference": scenario.reference.say(lang),
        "baseline": scenario.baseline,
        "assumptions": [one.say(lang) for one in scenario.assumptions],
        "does_not_say": [one.say(lang) for one in scenario.does_not_say],
        "first": scenario.first.isoformat(),
        "last": scenario.last.isoformat(),
        "one_in": scenario.people.one_in,
        "numbers": dict(scenario.law.numbers),
        "ranges": {name: list(values) for name, values in scenario.law.ranges.items()},
        "number_titles": _number_titles(scenario, lang),
    }


def _number_titles(scenario: Scenario, lang: Lang) -> dict[str, str]:
    """What each number is that the proposal of a scenario leaves open."""
    law, name = load_law(), scenario.law.name
    open_ = law.proposal(name).get("parameters", {}) if name in law.proposals else {}
    return {number: record["title"][lang] for number, record in open_.items()}
