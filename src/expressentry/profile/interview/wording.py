"""What was answered, in words: each question with its answer, as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from expressentry.law.law import Law
from expressentry.noc.codes import noc2021
from expressentry.profile.countries import countries
from expressentry.profile.interview.engine import Interview, Step
from expressentry.text import FLAG_WORDS, Text, same


def answered(interview: Interview) -> Iterator[tuple[Step, Any]]:
    """Every question that was answered, with its answer, in order."""
    again = Interview(questions=interview.questions, law=interview.law)
    for _, value in interview.answers:
        step = again.step
        if step is None:
            return
        yield step, value
        again.take(value)


def in_words(step: Step, value: Any, law: Law) -> Text:
    """An answer in words: the label of a word, the title of an occupation, the name of a country.

    >>> from expressentry.law.load import load_law
    >>> step = Interview().step
    >>> in_words(step, "1993-04-12", load_law()).en
    '1993-04-12'
    """
    ask, text = step.ask, str(value)
    if value is None:
        return ask.empty or same("–")
    if isinstance(value, list):
        return same(", ".join(map(str, value)))
    known = {str(flag): word for flag, word in FLAG_WORDS.items()} if ask.kind == "yes_no" else {}
    if ask.kind == "noc" and text in noc2021():
        known[text] = Text("{code} {title}", "{code} {title}").fill(code=text, title=noc2021()[text].title)
    if ask.kind == "body" and (code := law.bodies.code_of(text)) is not None:
        known[text] = law.bodies.name(code)
    labels = countries() if ask.kind == "country" else ask.labels
    return known.get(text) or labels.get(text, same(text))
