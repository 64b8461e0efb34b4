"""Everything about one person as text: the answer first, then each line of the score."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.assess.findings import Answer
from expressentry.assess.person import Assessment
from expressentry.assess.profile import ProfileAssessment
from expressentry.present.text import headline, language_of, lines_of, show, table
from expressentry.present.why import CATEGORY, PROGRAM, WORDS, summary
from expressentry.rounds.names import CATEGORIES
from expressentry.rounds.record import Record
from expressentry.words import Lang, Text

_STYLE: Mapping[Answer, str] = {True: "green", False: "", None: "yellow"}


def print_person(
    found: Assessment, record: Record, lang: Lang, profile: ProfileAssessment | None = None, *, brief: bool = False
) -> None:
    """Write the score, programs and categories of a person, and unless `brief` every line of the score."""
    programs = profile.programs if profile else {id_: one.answer for id_, one in found.programs.items()}
    categories = profile.categories if profile else {c.law.version.category: c.answer for c in found.categories}
    totals = profile.totals if profile else (found.total,)
    parts: list[RenderableType] = [headline(found, totals, lang), language_of(found).say(lang)]
    parts.append(_programs(found, programs, lang))
    if found.categories:
        parts.append(_categories(found, categories, record, lang))
    parts += _open(profile, lang) if profile else []
    show(*parts, *([] if brief else lines_of(found, lang)))


def _programs(found: Assessment, answers: Mapping[str, Answer], lang: Lang) -> RenderableType:
    columns, rows = found.rules.crs.columns, []
    named = found.invitation.program
    for id_, one in found.programs.items():
        answer = answers[id_]
        mark = Text(" (named on an invitation)", " (nommé sur une invitation)").say(lang) if id_ == named else ""
        finding = Styled(WORDS[PROGRAM[answer]].say(lang) + mark, style=_STYLE[answer])
        rows.append([one.program.title.say(lang), finding, summary(one, columns, one.answer).say(lang)])
    return table(Text("program|finding|why", "programme|conclusion|raison").say(lang).split("|"), rows)


def _categories(found: Assessment, answers: Mapping[str, Answer], record: Record, lang: Lang) -> RenderableType:
    """A row for each category that the person is in; one for those missing the same facts; one for all others."""
    columns, rows, others = found.rules.crs.columns, [], []
    open_: dict[str, list[str]] = {}
    for one in found.categories:
        version, answer = one.law.version, answers[one.law.version.category]
        if answer is False:
            others.append(CATEGORIES[version.category].say(lang))
            continue
        why = summary(one, columns, one.answer).say(lang)
        if answer is None:
            open_.setdefault(why, []).append(CATEGORIES[version.category].say(lang))
            continue
        finding = Styled(WORDS[CATEGORY[answer]].say(lang), style=_STYLE[answer])
        last = record.last_round(version.category, on=found.rules.day)
        told = Text("none", "aucune").say(lang) if last is None else f"{last.number} ({last.date})"
        if record.dormant(version.category, on=found.rules.day):
            told += Text(", dormant", ", en sommeil").say(lang)
        name = f"{CATEGORIES[version.category].say(lang)} {version.version}"
        rows.append([name, finding, why, told])
    unknown = Styled(WORDS[CATEGORY[None]].say(lang), style=_STYLE[None])
    rows += [[", ".join(names), unknown, why, ""] for why, names in open_.items()]
    if others:
        rows.append([", ".join(others), WORDS["not_member"].say(lang), "", ""])
    headings = Text("category|finding|why|last round", "catégorie|conclusion|raison|dernière ronde")
    return table(headings.say(lang).split("|"), rows)


def _open(profile: ProfileAssessment, lang: Lang) -> list[RenderableType]:
    """What is open, and which paper would settle it."""
    law = Text("Open in the law: {o}", "Non tranché par le droit : {o}")
    paper = Text("Open: {o}; needed: {m}", "En suspens : {o}; il faut : {m}")
    return [
        Styled((law if doubt.law else paper).fill(o=doubt.open, m=doubt.missing).say(lang), style="yellow")
        for doubt in profile.derived.doubts
    ]
