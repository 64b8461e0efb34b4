"""Canada's Express Entry as software anyone can run, read and check.

    load_law().on(day)              all law in force on a day
    read_profile(path)              a profile: a person's facts with their dates
    assess_profile(profile, day)    score, programs and categories on any day, open questions included
    assess_person(facts, day)       the same for the facts of one day: total, lines, sources
    derive(profile, day)            the facts that a profile gives on a day
    timeline(profile, from, to)     every day on which something changes, and why
    plan(profile, day)              the steps that raise the score, and those that reach a target
    invited(profile, round, day)    whether an invitation is still valid on the day you apply
    score_frame(frame, day)         a frame of any of these, one row a person
    score_file(table, out, day)     a file of any size
    load_record()                   every round since 2015, and the pool as published
    rounds_frame()                  the rounds as a frame of Polars, pandas, PyArrow or DuckDB
    replay(profile, record)         the rounds that would have invited this person
    rank_round(crs, submitted, n)   the candidates whom a round of n invitations invites
    search_occupations(words)       occupations of the NOC 2021 that the words may mean
    occupation(code)                one occupation: titles, duties, categories

A day is a `date`, a `datetime` or text such as "2026-10-01". Every answer can be looked at: `repr` is one line, `str`
is what the command line prints, `.say("fr")` the same in French, and a notebook shows a table. Every answer about a
person has a `.total`. Every wording is a `Text` with `.en` and `.fr`. What is refused is an `ExpressEntryError` with
all its `problems`.
Everything else is imported from the module that has it, as in `from expressentry.law.grid.diff import diff`.

Not a Government of Canada product, and no legal advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from expressentry.lazy import lazy

if TYPE_CHECKING:
    from expressentry.advise.invitation.decide import invited as invited
    from expressentry.advise.plan.request import PlanRequest as PlanRequest
    from expressentry.advise.plan.search import plan as plan
    from expressentry.advise.timeline.days import timeline as timeline
    from expressentry.assess.frame.files import score_file as score_file
    from expressentry.assess.frame.table import score_frame as score_frame
    from expressentry.assess.person.readings import Assessment as Assessment
    from expressentry.assess.person.readings import assess_person as assess_person
    from expressentry.assess.person.readings import assess_profile as assess_profile
    from expressentry.errors import ExpressEntryError as ExpressEntryError
    from expressentry.errors import FactorsError as FactorsError
    from expressentry.errors import FileError as FileError
    from expressentry.errors import LawError as LawError
    from expressentry.errors import Problem as Problem
    from expressentry.errors import RecordError as RecordError
    from expressentry.errors import UsageError as UsageError
    from expressentry.factors.derive import derive as derive
    from expressentry.law.grid.tree import Grid as Grid
    from expressentry.law.law import Law as Law
    from expressentry.law.load import load_law as load_law
    from expressentry.law.rule_set import RuleSet as RuleSet
    from expressentry.occupations.card import occupation as occupation
    from expressentry.occupations.search import search
    from expressentry.profile.model import Profile as Profile
    from expressentry.profile.read import read_profile as read_profile
    from expressentry.rounds.frames import rounds_frame as rounds_frame
    from expressentry.rounds.load import load_record as load_record
    from expressentry.rounds.ranking import rank_round as rank_round
    from expressentry.rounds.record import Record as Record
    from expressentry.rounds.record import Round as Round
    from expressentry.rounds.replay import replay as replay
    from expressentry.text import Text as Text
    from expressentry.version import VERSION

    search_occupations = search
    __version__ = VERSION

_PLACES = {
    "Assessment": "assess.person.readings",
    "ExpressEntryError": "errors",
    "FactorsError": "errors",
    "FileError": "errors",
    "Grid": "law.grid.tree",
    "Law": "law.law",
    "LawError": "errors",
    "PlanRequest": "advise.plan.request",
    "Problem": "errors",
    "Profile": "profile.model",
    "Record": "rounds.record",
    "RecordError": "errors",
    "Round": "rounds.record",
    "RuleSet": "law.rule_set",
    "Text": "text",
    "UsageError": "errors",
    "__version__": "version:VERSION",
    "assess_person": "assess.person.readings",
    "assess_profile": "assess.person.readings",
    "derive": "factors.derive",
    "invited": "advise.invitation.decide",
    "load_law": "law.load",
    "load_record": "rounds.load",
    "occupation": "occupations.card",
    "plan": "advise.plan.search",
    "rank_round": "rounds.ranking",
    "read_profile": "profile.read",
    "replay": "rounds.replay",
    "rounds_frame": "rounds.frames",
    "score_file": "assess.frame.files",
    "score_frame": "assess.frame.table",
    "search_occupations": "occupations.search:search",
    "timeline": "advise.timeline.days",
}

__getattr__, __dir__, __all__ = lazy(__name__, _PLACES)
