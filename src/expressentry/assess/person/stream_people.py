"""Every nominee stream for one assessed person: facts by province, read once each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.streams import StreamFacts, StreamFinding, codes_of_values, judge_stream
from expressentry.factors.streams import Documents, stated_everywhere, stated_for, stream_values
from expressentry.law.streams import Stream


def assess_streams(
    found: Assessment, streams: Iterable[Stream] | None = None, *, stated: Iterable[Mapping[str, Any]] | None = None
) -> list[StreamFinding]:
    """Judge the streams of the day for a person who was assessed.

    Args:
        found: The assessment of the person on the day: programs and score are what streams ask of federal law.
        streams: The streams; those of the day, if left out.
        stated: What the person states for provinces, for a person given by factors; a profile has its own.

    >>> from datetime import date
    >>> from expressentry.assess.person.readings import assess_person
    >>> facts = {"age": 29, "accompanied": False, "education": "masters", "canadian_work_years": 0,
    ...          "foreign_work_years": 3, "certificate_of_qualification": False, "canadian_study": "none",
    ...          "sibling_in_canada": False, "provincial_nomination": False,
    ...          "english_listening": 9, "english_reading": 9, "english_writing": 9, "english_speaking": 9}
    >>> streams = assess_streams(assess_person(facts, date(2026, 10, 1)))
    >>> next(one.points[0].total for one in streams if one.stream.key == "sk-ee")
    (32, 100)
    """
    rules, law = found.rules, found.rules.law
    chosen = rules.streams if streams is None else tuple(streams)
    profile, columns = found.profile, law.streams.columns
    documents = None if profile is None else Documents(profile, rules.day, law)
    said = tuple((stated if profile is None else profile.provinces) or ())
    shared = stated_everywhere(said, law.streams.everywhere)
    federal, crs = federal_values(found), (found.totals[0], found.totals[-1])
    codes = {
        name: codes_of_values(columns[name], values) for name, values in federal.items() if name not in law.streams.own
    }
    seen_from: dict[str, StreamFacts] = {}
    answers = []
    for stream in chosen:
        stated_here = {**shared, **stated_for(said, stream.province)}
        apart = stated_here != shared or (documents is not None and stream.province in documents.provinces)
        seen = stream.province if apart else _ANY
        if seen not in seen_from:
            own = stream_values(stated_here, columns, documents, stream.province)
            values = {**federal, **own}
            seen_from[seen] = StreamFacts(values, columns, found.programs, crs, rules.selection.funds, codes)
        answers.append(judge_stream(stream, law.streams, seen_from[seen]))
    return answers


_ANY = "any"
"""A province for which nothing of its own is stated and in which there was no work: all such ones see the same."""


def federal_values(found: Assessment) -> dict[str, tuple[Any, ...]]:
    """Every value of the columns of federal law in any reading of a person; what is not known is left out."""
    columns, values = found.rules.crs.columns, dict[str, dict[Any, None]]()
    if found.dated is None:
        readings: list[Mapping[str, Any]] = [found.first.factors.values]
    else:
        readings = [facts for reading in found.dated.readings for facts in reading.choices()]
    for facts in readings:
        for name, value in facts.items():
            if name in columns.by_name and columns[name].kind != "months":
                values.setdefault(name, {})[value] = None
    for name, more in ((found.dated.possible if found.dated else None) or {}).items():
        if name in values:
            values[name] |= dict.fromkeys(more)
    known = {name: tuple(one) for name, one in values.items()}
    return {
        name: one
        for name, one in known.items()
        if None not in one or columns[name].empty != "unknown" or columns[name].kind == "amount"
    }
