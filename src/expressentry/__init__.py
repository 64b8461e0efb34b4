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
    standing(crs, pool_day)         where a score stands in the pool, as bounds
    plan(profile, day)              which moves raise the score, and which reach a target

Not a Government of Canada product, and no legal advice.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from expressentry.advise.invited import Invited, invited
    from expressentry.advise.plan import Plans, plan
    from expressentry.advise.timeline import Event, timeline
    from expressentry.assess.explain import Line
    from expressentry.assess.files import Scored, score_file
    from expressentry.assess.person import Assessment, assess_person
    from expressentry.assess.profile import ProfileAssessment, assess_profile
    from expressentry.assess.steps import NextStep, next_steps
    from expressentry.assess.table import missing_columns, score_frame
    from expressentry.candidate.derive import Derived, derive
    from expressentry.candidate.profile import Profile, read_profile
    from expressentry.candidate.schema import factors_schema
    from expressentry.errors import (
        ExpressEntryError,
        FactorsError,
        FileError,
        LawError,
        Problem,
        RecordError,
        UsageError,
    )
    from expressentry.law.check import check as check_law
    from expressentry.law.diff import Change
    from expressentry.law.diff import diff as diff_grids
    from expressentry.law.instruments import Instrument
    from expressentry.law.rule_set import RuleSet
    from expressentry.law.rules import Law, load_law
    from expressentry.law.tree import Grid
    from expressentry.occupations.search import search as search_occupations
    from expressentry.occupations.show import Occupation, occupation
    from expressentry.rounds.frames import pool_frame, rounds_frame
    from expressentry.rounds.ranking import Ranked, rank_round
    from expressentry.rounds.record import PoolDay, Record, Round, load_record
    from expressentry.rounds.replay import Replay, Replayed, replay
    from expressentry.rounds.standing import Standing, standing
    from expressentry.words import Text

# Loaded when first used, so that one person's score needs no Polars.
_PLACES = {
    "Assessment": "assess.person",
    "Change": "law.diff",
    "Derived": "candidate.derive",
    "Event": "advise.timeline",
    "ExpressEntryError": "errors",
    "FactorsError": "errors",
    "FileError": "errors",
    "Grid": "law.tree",
    "Instrument": "law.instruments",
    "Invited": "advise.invited",
    "Law": "law.rules",
    "LawError": "errors",
    "Line": "assess.explain",
    "NextStep": "assess.steps",
    "Occupation": "occupations.show",
    "Plans": "advise.plan",
    "PoolDay": "rounds.record",
    "Problem": "errors",
    "Profile": "candidate.profile",
    "ProfileAssessment": "assess.profile",
    "Ranked": "rounds.ranking",
    "Record": "rounds.record",
    "RecordError": "errors",
    "Replay": "rounds.replay",
    "Replayed": "rounds.replay",
    "Round": "rounds.record",
    "RuleSet": "law.rule_set",
    "Scored": "assess.files",
    "Standing": "rounds.standing",
    "Text": "words",
    "UsageError": "errors",
    "assess_person": "assess.person",
    "assess_profile": "assess.profile",
    "check_law": "law.check:check",
    "derive": "candidate.derive",
    "diff_grids": "law.diff:diff",
    "factors_schema": "candidate.schema",
    "invited": "advise.invited",
    "load_law": "law.rules",
    "load_record": "rounds.record",
    "missing_columns": "assess.table",
    "next_steps": "assess.steps",
    "occupation": "occupations.show",
    "plan": "advise.plan",
    "pool_frame": "rounds.frames",
    "rank_round": "rounds.ranking",
    "read_profile": "candidate.profile",
    "replay": "rounds.replay",
    "rounds_frame": "rounds.frames",
    "score_file": "assess.files",
    "score_frame": "assess.table",
    "search_occupations": "occupations.search:search",
    "standing": "rounds.standing",
    "timeline": "advise.timeline",
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
    "Problem",
    "Profile",
    "ProfileAssessment",
    "Ranked",
    "Record",
    "RecordError",
    "Replay",
    "Replayed",
    "Round",
    "RuleSet",
    "Scored",
    "Standing",
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
    "rank_round",
    "read_profile",
    "replay",
    "rounds_frame",
    "score_file",
    "score_frame",
    "search_occupations",
    "standing",
    "timeline",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module 'expressentry' has no attribute {name!r}")
    module, _, attribute = _PLACES[name].partition(":")
    return getattr(import_module(f"expressentry.{module}"), attribute or name)


def __dir__() -> list[str]:
    return __all__
