"""Small scenarios for tests: few people, few days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.setup import make
from expressentry.simulate.scenario.model import Scenario
from expressentry.simulate.scenario.read import read_scenario

HEAD = """
title = { en = "A test", fr = "Un essai" }
reference = { en = "None.", fr = "Aucune." }
assumptions = [{ en = "Invented.", fr = "Inventé." }]
does_not_say = [{ en = "Anything.", fr = "Quoi que ce soit." }]
"""


def short(name: str = "history", one_in: int = 400, first: date | None = None, last: date | None = None) -> Scenario:
    """A shipped scenario with few people and over fewer days."""
    scenario = read_scenario(name)
    people = replace(scenario.people, one_in=one_in)
    return replace(scenario, people=people, first=first or scenario.first, last=last or scenario.last)


def written(folder: Path, text: str, name: str = "mine") -> Scenario:
    """A scenario from text."""
    path = folder / f"{name}.toml"
    path.write_text(HEAD + text, encoding="utf-8")
    return read_scenario(path)


def done(scenario: Scenario, seed: int = 1) -> Simulation:
    """A simulation that has run."""
    simulation = make(scenario, seed)
    for _ in simulation.run():
        pass
    return simulation
