"""Everything about one person as text: the answer first, then each line of the score."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.answers.findings import report_choice
from expressentry.answers.summary import summarize
from expressentry.answers.why import CATEGORY, PROGRAM, WORDS, summary, why_not
from expressentry.assess.person.criteria import Answer
from expressentry.assess.person.programs import CategoryFinding
from expressentry.assess.person.readings import Assessment
from expressentry.law.schema import Columns
from expressentry.present.text.console import headline, language_of, lines_of, show, table
from expressentry.rounds.record import Record
from expressentry.text import Lang, Text

_STYLE: Mapping[Answer, str] = {True: "green", False: "", None: "yellow"}


def print_person(found: Assessment, record: Record, lang: Lang, *, brief: bool = False) -> None:
    """Write the score, programs and categories of a person, and unless `brief` every line of the score."""
    parts: list[RenderableType] = [headline(found, lang), *_summary(found, record, lang), language_of(found).say(lang)]
    choice = report_choice(found)
    parts += [] if choice is None else [Text("{c}.", "{c}.").fill(c=choice).say(lang)]
    parts.append(_programs(found, lang))
    if found.categories:
        parts.append(_categories(found, record, lang, brief=brief))
    parts += _open(found, lang)
    show(*parts, *([] if brief else lines_of(found, lang)))


def _summary(found: Assessment, record: Record, lang: Lang) -> list[RenderableType]:
    """What looks like a typing error; then the answer in three sentences, of which the verdict stands out."""
    told = summarize(found, record)
    verdict, *others = told.sentences
    style = f"bold {_STYLE[told.verdict]}".strip()
    notes = [Styled(f"{one.text.say(lang)}.", style="yellow") for one in found.remarks]
    return [*notes, Styled(verdict.say(lang), style=style), *(one.say(lang) for one in others)]


def _programs(found: Assessment, lang: Lang) -> RenderableType:
    columns, rows = found.rules.crs.columns, []
    named = found.first.invitation.program
    for id_, one in found.first.programs.items():
        answer = found.programs[id_]
        mark = Text(" (named on an invitation)", " (nommé sur une invitation)").say(lang) if id_ == named else ""
        finding = Styled(WORDS[PROGRAM[answer]].say(lang) + mark, style=_STYLE[answer])
        rows.append([one.program.title.say(lang), finding, summary(one, columns, one.answer).say(lang)])
    return table(Text("program|finding|why", "programme|conclusion|raison").say(lang).split("|"), rows)


def _categories(found: Assessment, record: Record, lang: Lang, *, brief: bool) -> RenderableType:
    """A row for each category that the person is in, then one for all that have the same finding for the same reason.

    With `brief` one for all that the person is not in, whatever the reason.
    """
    columns, rows = found.rules.crs.columns, []
    others: dict[tuple[Answer, str], list[str]] = {}
    for one in found.first.categories:
        version, answer = one.law, found.categories[one.law.category]
        if answer is not True:
            reason = "" if brief and answer is False else _reason(one, columns).say(lang)
            others.setdefault((answer, reason), []).append(version.label.say(lang))
            continue
        why = summary(one, columns, one.answer).say(lang)
        finding = Styled(WORDS[CATEGORY[answer]].say(lang), style=_STYLE[answer])
        last = record.last_round(version.category, on=found.rules.day)
        shown = Text("none", "aucune").say(lang) if last is None else f"{last.number} ({last.date})"
        if record.dormant(version.category, on=found.rules.day):
            shown += Text(", dormant", ", en sommeil").say(lang)
        rows.append([version.label.say(lang), finding, why, shown])
    for answer, why in sorted(others, key=lambda key: key[0] is False):
        finding = Styled(WORDS[CATEGORY[answer]].say(lang), style=_STYLE[answer])
        rows.append([", ".join(others[answer, why]), finding, why, ""])
    headings = Text("category|finding|why|last round", "catégorie|conclusion|raison|dernière ronde")
    return table(headings.say(lang).split("|"), rows)


def _reason(one: CategoryFinding, columns: Columns) -> Text:
    return why_not(one, columns) if one.answer is False else summary(one, columns, one.answer)


def _open(found: Assessment, lang: Lang) -> list[RenderableType]:
    """What is open: in the law, or because a fact is missing."""
    law = Text("The law does not say {o}.", "Le droit ne dit pas {o}.")
    fact = Text(
        "We need one more fact: {m}. Without it we do not know {o}.",
        "Il nous manque un fait : {m}. Sans lui, nous ne savons pas {o}.",
    )
    bounded = [found.bounded] if found.bounded else []
    said = [(law if doubt.law else fact).fill(o=doubt.open, m=doubt.missing) for doubt in found.doubts]
    return [Styled(one.say(lang), style="yellow") for one in (*bounded, *said)]
