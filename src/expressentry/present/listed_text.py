"""Test reports and categories as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.dates import long_day
from expressentry.law.categories import CategoryVersion
from expressentry.law.languages import ABILITIES, NAMES, Converted
from expressentry.law.occupations import noc2021
from expressentry.present.listed import Change, changes, occupation_records, version_record
from expressentry.present.text import show, table
from expressentry.words import Lang, Text

_ABILITIES = {
    "listening": Text("listening", "compréhension de l'oral"),
    "reading": Text("reading", "compréhension de l'écrit"),
    "writing": Text("writing", "expression écrite"),
    "speaking": Text("speaking", "expression orale"),
}


def print_converted(found: Converted, given: Mapping[str, str], lang: Lang) -> None:
    """Write the four levels, which figure of the report is meant, and the chart."""
    unit = "CLB" if found.language == "english" and lang == "en" else "NCLC"
    title = Text("{n}, taken on {d}", "{n}, passé le {d}").fill(n=NAMES[found.test], d=long_day(found.taken_on))
    headings = [*Text("ability|score", "habileté|score").say(lang).split("|"), unit]
    rows = [[_ABILITIES[name].say(lang), given[name], _level(found, name).say(lang)] for name in ABILITIES]
    parts: list[RenderableType] = [Styled(title.say(lang), style="bold"), table(headings, rows, right=(1, 2))]
    if found.line:
        read = Text("Read: {l}", "Lire : {l}").fill(l=found.line).say(lang)
        parts.append(Styled(read, style="dim"))
    cite = found.cites[0]
    parts.append(Styled(f"{cite.instrument.id} · {cite.instrument.title.say(lang)}", style="dim"))
    if found.doubt:
        parts.append(Styled(f"* {found.doubt.say(lang)}", style="dim"))
    show(*parts)


def _level(found: Converted, ability: str) -> Text:
    level = found.levels[ability]
    wording = Text("{n} or less", "{n} ou moins") if ability in found.at_most else Text("{n}", "{n}")
    return wording.fill(n=level)


def print_versions(versions: Iterable[CategoryVersion], lang: Lang) -> None:
    """Write versions of categories, one a row."""
    headings = Text(
        "id|version|title|from|until|occupations|condition",
        "identifiant|version|titre|du|jusqu'au|professions|condition",
    )
    rows = [list(version_record(one, lang).values()) for one in versions]
    show(table(headings.say(lang).split("|"), rows, right=(5,)))


def print_category(versions: tuple[CategoryVersion, ...], on: date, lang: Lang) -> None:
    """Write the version of a day with its conditions, goal, doubts and occupations, and what changed over time."""
    now = next((one for one in versions if one.holds(on)), None)
    parts: list[RenderableType] = []
    if now is None:
        none = Text("{t} · no version in force on {d}", "{t} · aucune version en vigueur le {d}")
        parts.append(Styled(none.fill(t=versions[-1].title, d=long_day(on)).say(lang), style="bold"))
    else:
        parts.extend(_version(now, on, lang))
    history = Text("from|until|occupations|condition", "du|jusqu'au|professions|condition").say(lang).split("|")
    rows = []
    for one in versions:
        record = version_record(one, lang)
        rows.append([one.version, record["from"], record["until"], record["occupations"], record["condition"]])
    parts.append(table(["\nversion", *history], rows, right=(3,)))
    for change in changes(versions):
        parts.extend(_change(change, lang))
    show(*parts)


def _version(one: CategoryVersion, on: date, lang: Lang) -> Iterable[RenderableType]:
    yield Styled(f"{one.title.say(lang)} · {one.version} · {long_day(on).say(lang)}", style="bold")
    for condition in one.conditions:
        yield Styled(f"- {condition.say(lang)}")
    if one.goal:
        yield Styled(Text("Economic goal: {g}", "Objectif économique : {g}").fill(g=one.goal).say(lang))
    cite = one.cite
    yield Styled(f"{cite.instrument.id} · {cite.instrument.title.say(lang)} · {cite.place.say(lang)}", style="dim")
    for doubt in (one.doubt, cite.instrument.doubt):
        if doubt:
            yield Styled(f"* {doubt.say(lang)}", style="dim")
    if one.occupations:
        headings = Text("NOC|TEER|occupation", "CNP|FEER|profession").say(lang).split("|")
        rows = [[row["noc"], row["teer"], row["title"]] for row in occupation_records(one, lang)]
        yield table([f"\n{headings[0]}", *headings[1:]], rows)


def _change(change: Change, lang: Lang) -> Iterable[RenderableType]:
    head = Text("{a} → {b}, {d}", "{a} → {b}, {d}").fill(
        a=change.before.version, b=change.after.version, d=long_day(change.after.start)
    )
    yield Styled(f"\n{head.say(lang)}", style="bold")
    for codes, wording in (
        (change.added, Text("added {n}:", "ajouts {n} :")),
        (change.removed, Text("removed {n}:", "retraits {n} :")),
    ):
        if codes:
            yield Styled(wording.fill(n=len(codes)).say(lang))
            yield from (Styled(f"  {code} {noc2021()[code].title.say(lang)}") for code in codes)
    if not change.added and not change.removed:
        yield Styled(Text("the same occupations", "les mêmes professions").say(lang))
    if change.before.conditions != change.after.conditions:
        yield Styled(Text("other conditions", "d'autres conditions").say(lang))
