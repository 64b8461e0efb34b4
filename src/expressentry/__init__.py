"""Canada's Express Entry as software anyone can run, read and check.

    load_law().on(day)              all law in force on a day
    assess_person(facts, day)       one person: total, lines, sources
    read_profile(path)              a person's dated facts, checked
    assess_profile(profile, day)    the same for any day, doubts included
    score_frame(frame, day)         a Polars frame, one row a person
    score_file(table, out, day)     a file of any size
    diff_grids(a, b)                what changed between two grids
    search_occupations(words)       unit groups of the NOC 2021 that words may mean
    occupation(code)                all that is known of one
    load_record()                   every round since 2015, and the pool as published
    rounds_frame(), pool_frame()    the same as Polars frames
    replay(profile, record)         would this person have been invited
    timeline(profile, from, to)     every day on which something changes, and why
    invited(profile, round, day)    does an invitation still stand on the day of receipt
    rank_round(crs, submitted, n)   whom a round of n invites
    position(crs, pool_day)         the position of a score in the pool, as bounds
    plan(profile, day)              which moves raise the score, and which reach a target

Not a Government of Canada product, and no legal advice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expressentry.advise.invitation.decide import Invited, invited
    from expressentry.advise.plan.search import Plans, plan
    from expressentry.advise.timeline.days import Event, timeline
    from expressentry.assess.frame.files import Scored, score_file
    from expressentry.assess.frame.table import missing_columns, score_frame
    from expressentry.assess.person.explain import Line
    from expressentry.assess.person.next_steps import NextStep, next_steps
    from expressentry.assess.person.readings import Assessment, assess_person, assess_profile
    from expressentry.errors import (
        ExpressEntryError,
        FactorsError,
        FileError,
        LawError,
        Problem,
        RecordError,
        UsageError,
    )
    from expressentry.factors.derive import Derived, derive
    from expressentry.factors.schema import factors_schema
    from expressentry.law.check import check as check_law
    from expressentry.law.grid.diff import Change
    from expressentry.law.grid.diff import diff as diff_grids
    from expressentry.law.grid.tree import Grid
    from expressentry.law.instruments import Instrument
    from expressentry.law.law import Law
    from expressentry.law.load import load_law
    from expressentry.law.rule_set import RuleSet
    from expressentry.occupations.search import search as search_occupations
    from expressentry.occupations.show import Occupation, occupation
    from expressentry.profile.model import Profile
    from expressentry.profile.read import read_profile
    from expressentry.rounds.frames import pool_frame, rounds_frame
    from expressentry.rounds.load import load_record
    from expressentry.rounds.position import Position, position
    from expressentry.rounds.ranking import Ranked, rank_round
    from expressentry.rounds.record import PoolDay, Record, Round
    from expressentry.rounds.replay import Replay, Replayed, replay
    from expressentry.text import Text

# Loaded when first used, so that one person's score needs no Polars.
_PLACES = {
    "Assessment": "assess.person.readings",
    "Change": "law.grid.diff",
    "Derived": "factors.derive",
    "Event": "advise.timeline.days",
    "ExpressEntryError": "errors",
    "FactorsError": "errors",
    "FileError": "errors",
    "Grid": "law.grid.tree",
    "Instrument": "law.instruments",
    "Invited": "advise.invitation.decide",
    "Law": "law.law",
    "LawError": "errors",
    "Line": "assess.person.explain",
    "NextStep": "assess.person.next_steps",
    "Occupation": "occupations.show",
    "Plans": "advise.plan.search",
    "PoolDay": "rounds.record",
    "Position": "rounds.position",
    "Problem": "errors",
    "Profile": "profile.model",
    "Ranked": "rounds.ranking",
    "Record": "rounds.record",
    "RecordError": "errors",
    "Replay": "rounds.replay",
    "Replayed": "rounds.replay",
    "Round": "rounds.record",
    "RuleSet": "law.rule_set",
    "Scored": "assess.frame.files",
    "Text": "text",
    "UsageError": "errors",
    "assess_person": "assess.person.readings",
    "assess_profile": "assess.person.readings",
    "check_law": "law.check:check",
    "derive": "factors.derive",
    "diff_grids": "law.grid.diff:diff",
    "factors_schema": "factors.schema",
    "invited": "advise.invitation.decide",
    "load_law": "law.load",
    "load_record": "rounds.load",
    "missing_columns": "assess.frame.table",
    "next_steps": "assess.person.next_steps",
    "occupation": "occupations.show",
    "plan": "advise.plan.search",
    "pool_frame": "rounds.frames",
    "position": "rounds.position",
    "rank_round": "rounds.ranking",
    "read_profile": "profile.read",
    "replay": "rounds.replay",
    "rounds_frame": "rounds.frames",
    "score_file": "assess.frame.files",
    "score_frame": "assess.frame.table",
    "search_occupations": "occupations.search:search",
    "timeline": "advise.timeline.days",
}

__all__ = [
    "Assessment",
    "Change",
    "Derived",
    "Event",
    "ExpressEntryError",
    "FactorsError",
    "FileError",
    "Grid",
    "Instrument",
    "Invited",
    "Law",
    "LawError",
    "Line",
    "NextStep",
    "Occupation",
    "Plans",
    "PoolDay",
    "Position",
    "Problem",
    "Profile",
    "Ranked",
    "Record",
    "RecordError",
    "Replay",
    "Replayed",
    "Round",
    "RuleSet",
    "Scored",
    "Text",
    "UsageError",
    "assess_person",
    "assess_profile",
    "check_law",
    "derive",
    "diff_grids",
    "factors_schema",
    "invited",
    "load_law",
    "load_record",
    "missing_columns",
    "next_steps",
    "occupation",
    "plan",
    "pool_frame",
    "position",
    "rank_round",
    "read_profile",
    "replay",
    "rounds_frame",
    "score_file",
    "score_frame",
    "search_occupations",
    "timeline",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'expressentry' has no attribute {name!r}")
    module, _, attribute = _PLACES[name].partition(":")
    return getattr(import_module(f"expressentry.{module}"), attribute or name)


def __dir__() -> list[str]:
    return __all__
