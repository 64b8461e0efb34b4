"""Questions that may follow from the answers of a page, shown on it where no script can add them.

Each group is closed until it is opened. A group in which nothing is answered was not opened: its questions are asked
where they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from expressentry.profile.interview import Step
from expressentry.profile.interview.answers_by_id import Questionnaire, ask
from expressentry.text import Text
from expressentry.web.pages.candidate.fields import Around, Field, field_of, read_field
from expressentry.web.pages.candidate.sections import Topic, topic_of, topics


@dataclass(frozen=True, slots=True)
class Ahead:
    """Questions that follow from one answer, and which answer that is."""

    title: Text
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class _If:
    """Answers from which questions follow: `of` is the question that has none yet, of the entry `{e}`."""

    of: re.Pattern[str]
    answers: Mapping[str, str]
    title: Text


def ahead_of(at: Topic, asked: Questionnaire, around: Around, form: Mapping[str, str]) -> tuple[Ahead, ...]:
    """What the questions of a page without an answer may lead to; what was typed there already stays.

    Args:
        at: The page.
        asked: The questions that the answers so far lead to.
        around: The answers, the language and the law.
        form: The form that the page was sent with; nothing where it is new.
    """
    shown = {step.id for step in at.steps}
    found = []
    for one, entry in _open(at, asked):
        steps = [step for step in _follow(one, entry, at, asked) if step.id not in shown]
        shown |= {step.id for step in steps}
        typed = {step.id: text for step in steps if (text := read_field(step, form)) is not None}
        with_form = replace(around, typed={**around.typed, **typed})
        if steps:
            found.append(Ahead(one.title, tuple(field_of(step, with_form, ()) for step in steps)))
    return tuple(found)


def _open(at: Topic, asked: Questionnaire) -> Iterator[tuple[_If, str]]:
    """Each supposition about a question of the page that has no answer, with the entry that it is about."""
    for step in at.steps:
        for one in _SUPPOSED:
            match = one.of.fullmatch(step.id)
            if match and not asked.answered(step):
                yield one, match[1]


def _follow(one: _If, entry: str, at: Topic, asked: Questionnaire) -> tuple[Step, ...]:
    """The questions of the same page if the answers were these."""
    supposed = {key.format(e=entry): value for key, value in one.answers.items()}
    then = ask({**asked.typed, **supposed}, asked.law, complete=True)
    page = topic_of(topics(then.steps), at.id)
    return page.steps if page else ()


def _if(of: str, title: Text, **answers: str) -> _If:
    return _If(re.compile(of), {f"{{e}}.{key}": value for key, value in answers.items()}, title)


_DEGREE = {"level": "three_year", "completed_on": "2021-06-30"}
"""A credential of a length and a day of which everything is asked that may be."""

_SUPPOSED = (
    _if(r"(.*tests\[\d+\])\.test", Text("If the test is IELTS", "Si le test est l'IELTS"), test="ielts"),
    _if(
        r"(.*credentials\[\d+\])\.country",
        Text("If the school is outside Canada", "Si l'établissement est hors du Canada"),
        **{**_DEGREE, "country": "FR", "assessments[1]?": "yes"},
    ),
    _if(
        r"(.*credentials\[\d+\])\.country",
        Text("If the school is in Canada", "Si l'établissement est au Canada"),
        **{**_DEGREE, "country": "CA", "study?": "yes"},
    ),
    _if(r"(.*work\[\d+\])\.worked_in", Text("If the work is in Canada", "Si le travail est au Canada"), worked_in="CA"),
    _if(
        r"(.*work\[\d+\])\.varying_hours\[1\]\?",
        Text("If the hours were different in some weeks", "Si les heures étaient différentes certaines semaines"),
        **{"varying_hours[1]?": "yes", "varying_hours[2]?": "yes"},
    ),
    _if(
        r"(.*work\[\d+\])\.noc2021",
        Text("If it is a skilled trade", "Si c'est un métier spécialisé"),
        noc2021="72106",
        worked_in="US",
    ),
    _if(r"(job_offers\[\d+\])\.lmia", Text("If there is an LMIA", "S'il y a une EIMT"), lmia="yes"),
    _if(
        r"(job_offers\[\d+\])\.months_after_visa\?",
        Text("If the months count from permanent residence", "Si les mois comptent depuis la résidence permanente"),
        **{"months_after_visa?": "yes"},
    ),
    _if(
        r"(partner)\.accompanying",
        Text("If your partner comes to Canada", "Si votre conjoint vient au Canada"),
        accompanying="yes",
        citizen_or_resident="none",
    ),
    _if(
        r"(partner)\.from\?",
        Text("If something changed, or will change", "Si quelque chose a changé ou va changer"),
        **{"from?": "yes"},
    ),
    _if(
        r"(.*status\[\d+\])\.kind",
        Text("If the permit names employers", "Si le permis nomme des employeurs"),
        kind="employer_lmia",
    ),
)
