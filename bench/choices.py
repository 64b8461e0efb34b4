"""Who gains by a choice that costs nothing: which language is first, whether a partner comes, who applies.

`python -m bench choices` draws 1,000 people from a generator that docs/explanation/choices.md describes, with a fixed
seed, and measures how many of them score more, and by how much.
"""

from __future__ import annotations

import random
import statistics
from datetime import date, timedelta
from typing import Any

from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.kinds import moves_of, possible_steps
from expressentry.assess.person.readings import assess_profile
from expressentry.law.languages import ABILITIES, least_scores
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile

DAY = date(2026, 10, 1)
PEOPLE, SEED = 1000, 20261001
# Invitations of 2023 by age and by education (docs/explanation/choices.md); the rest is assumed.
AGES = ((20, 29, 54), (30, 34, 27), (35, 39, 12), (40, 44, 5), (45, 50, 2))
EDUCATION = (("masters", 43), ("three_year", 46), ("two_year", 7), ("doctoral", 3), ("secondary", 1))
LEVELS = ((10, 18), (9, 31), (8, 23), (7, 24), (6, 4))


def _pick(chance: random.Random, table: tuple[tuple[Any, ...], ...]) -> tuple[Any, ...]:
    return chance.choices(table, weights=[row[-1] for row in table])[0]


def _tests(chance: random.Random) -> list[dict[str, Any]]:
    """An English test of most, a French one of a sixth; abilities lie within a level of each other."""
    results = DAY - timedelta(days=chance.randrange(30, 600))
    both = {"taken_on": results - timedelta(days=10), "results_on": results}
    kind = chance.choices(("english", "both", "french"), weights=(84, 12, 4))[0]
    found = []
    if kind != "french":
        level = _pick(chance, LEVELS)[0] if kind == "english" else chance.randint(5, 9)
        own = {ability: min(12, level + chance.randint(0, 1)) for ability in ABILITIES}
        found.append({"test": "celpip", **both, **own})
    if kind != "english":
        level = chance.randint(6, 10)
        found.append({"test": "tef", **both, **_tef(level)})
    return found


def _tef(level: int) -> dict[str, int]:
    """The least scores of a level."""
    scores = least_scores("tef", date(2026, 1, 1), dict.fromkeys(ABILITIES, level))
    return {ability: int(score) for ability, score in scores.items()}


def _self(chance: random.Random, born: date, *, in_canada: bool) -> dict[str, Any]:
    """Documents of one person: a degree or two at the usual age, a job abroad, and for some one in Canada."""
    level = _pick(chance, EDUCATION)[0]
    finished = date(min(born.year + {"secondary": 18, "two_year": 21, "three_year": 22}.get(level, 24), 2024), 6, 15)
    assessed = [{"body": "WES", "on": date(2025, 1, 15), "result": level}]
    degrees = [{"level": level, "country": "IN", "completed_on": finished, "assessments": assessed}]
    if level == "three_year" and chance.random() < 0.2:
        degrees.append({**degrees[0], "level": "one_year", "assessments": [{**assessed[0], "result": "one_year"}]})
    came = date(2026, 9, 1) - timedelta(days=chance.randrange(200, 1500)) if in_canada else None
    work, first = [], date(finished.year, 9, 1)
    if (came or DAY) > first + timedelta(days=90):
        end = {"to": came - timedelta(days=30)} if came else {}
        work.append({"noc2021": "21231", "from": first, "hours_per_week": 40, "worked_in": "IN", **end})
    status = []
    if came:
        work.append({"noc2021": "21231", "from": came, "hours_per_week": 40, "worked_in": "CA"})
        status = [{"kind": "open", "from": came}]
    return {"credentials": degrees, "work": work, "status": status, "tests": _tests(chance), "relatives": []}


def person(chance: random.Random) -> Profile:
    """One person of the pool; half have a partner who comes along, as old as they are give or take five years."""
    low, high, _ = _pick(chance, AGES)
    born = DAY - timedelta(days=round(365.25 * (chance.randint(low, high) + chance.random())))
    here = chance.random() < 0.6
    whole: dict[str, Any] = {"children": [], "nominations": [], "job_offers": [], "intent": {"quebec": False}}
    whole["funds"] = [{"on": date(2026, 9, 1), "amount_cad": 40_000}]
    whole["person"] = {"birth_date": born, "certificates": [], **_self(chance, born, in_canada=here)}
    if chance.random() < 0.5:
        theirs = born + timedelta(days=chance.randrange(-1825, 1825))
        documents = _self(chance, min(theirs, date(2004, 1, 1)), in_canada=here and chance.random() < 0.5)
        if chance.random() < 0.4:
            documents["tests"] = []
        kin = {"accompanying": True, "citizen_or_resident": "none", "living_in_canada": here}
        whole["partner"] = {"birth_date": min(theirs, date(2004, 1, 1)), **kin, **documents}
    return read_profile(whole)


def measured() -> dict[str, list[int]]:
    """For each choice the gain of everyone who has it; 0 where the present way is the better or as good."""
    chance = random.Random(SEED)
    gains: dict[str, list[int]] = {"first language": [], "partner stays": [], "partner applies": [], "either": []}
    for _ in range(PEOPLE):
        profile = person(chance)
        case = PlanningCase(profile, DAY, load_law())
        now = assess_profile(profile, DAY)
        if len({test.test for test in profile.person.tests}) > 1:
            english = profile.model_copy(
                update={"person": profile.person.model_copy(update={"first_language": "english"})}
            )
            gains["first language"].append(max(0, now.totals[0] - assess_profile(english, DAY).totals[0]))
        found = {one.move.id: one for one in possible_steps(case, moves_of(profile))[0]}
        couple = []
        for name, key in (("partner_stays", "partner stays"), ("swap", "partner applies")):
            if name in found:
                after = assess_profile(found[name].apply(profile), DAY).totals[0]
                couple.append(max(0, after - now.totals[0]))
                gains[key].append(couple[-1])
        if couple:
            gains["either"].append(max(couple))
    return gains


def bench() -> None:
    """Print for each choice who has it, who gains, and how much."""
    print(f"{PEOPLE} people, seed {SEED}, on {DAY}")
    for name, gains in measured().items():
        more = sorted(gain for gain in gains if gain)
        share = 100 * len(more) / len(gains)
        spread = f"median {statistics.median(more):.0f}, most {more[-1]}" if more else "none"
        print(f"{name:<16} {len(gains):4} have it, {len(more):4} gain ({share:.0f} %): {spread}")
