"""Test reports and categories as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.answers.lookups import ListChange, list_changes, occupation_rows, version_record
from expressentry.dates import long_day
from expressentry.law.criteria.categories import CategoryVersion, version_words
from expressentry.law.languages import ABILITIES, ABILITY_NAMES, NAMES, SCALE_NAMES, Converted
from expressentry.noc.codes import noc2021
from expressentry.present.text.console import show, table
from expressentry.rounds.record import Record
from expressentry.text import Lang, Text, same


def print_converted(found: Converted, given: Mapping[str, str], lang: Lang) -> None:
    """Write the four levels, which figure of the report is meant, and the chart."""
    unit = SCALE_NAMES[found.language].say(lang)
    title = Text("{n}, taken on {d}", "{n}, passé le {d}").fill(n=NAMES[found.test], d=long_day(found.taken_on))
    headings = [*Text("ability|score", "habileté|score").say(lang).split("|"), unit]
    rows = [[ABILITY_NAMES[name].say(lang), given[name], _level(found, name).say(lang)] for name in ABILITIES]
    parts: list[RenderableType] = [Styled(title.say(lang), style="bold"), table(headings, rows, right=(1, 2))]
    if found.line:
        read = Text("Read: {l}", "Lire : {l}").fill(l=found.line).say(lang)
        parts.append(Styled(read, style="dim"))
    cite = found.cites[0]
    parts.append(Styled(cite.instrument.title.say(lang), style="dim"))
    if found.doubt:
        parts.append(Styled(f"* {found.doubt.say(lang)}", style="dim"))
    show(*parts)


def _level(found: Converted, ability: str) -> Text:
    level = found.levels[ability]
    wording = Text("{n} or less", "{n} ou moins") if ability in found.at_most else Text("{n}", "{n}")
    return wording.fill(n=level)


def print_versions(rows: Iterable[Mapping[str, Any]], record: Record, lang: Lang) -> None:
    """Write versions of categories, one a row, and how far the record of rounds goes."""
    headings = Text(
        "id|version|title|from|until|occupations|last round|condition",
        "identifiant|version|titre|du|jusqu'au|professions|dernière ronde|condition",
    )
    shown = [
        [
            row["id"],
            version_words(row["version"]),
            *(row[name] for name in ("title", "from", "until", "occupations")),
            *_last(row, lang),
        ]
        for row in rows
    ]
    known = Text("Rounds known to {d}.", "Rondes connues jusqu'au {d}.").fill(d=long_day(record.as_of))
    show(table(headings.say(lang).split("|"), shown, right=(5,)), Styled(known.say(lang), style="dim"))


def _last(row: Mapping[str, Any], lang: Lang) -> tuple[str, str]:
    """The last round with the mark of a dormant category, and the condition."""
    number = row["last_round_date"] or Text("none", "aucune").say(lang)
    mark = Text(" (dormant)", " (en sommeil)").say(lang) if row["dormant"] else ""
    return f"{number}{mark}", row["condition"]


def print_category(versions: tuple[CategoryVersion, ...], record: Record, on: date, lang: Lang) -> None:
    """Write the version of a day with its conditions, goal, doubts and occupations, and what changed over time."""
    now = next((one for one in versions if one.holds(on)), None)
    parts: list[RenderableType] = []
    if now is None:
        none = Text("{t} · no version in force on {d}", "{t} · aucune version en vigueur le {d}")
        parts.append(Styled(none.fill(t=versions[-1].title, d=long_day(on)).say(lang), style="bold"))
    else:
        parts.extend(_version(now, on, lang))
    parts.append(Styled(f"\n{_rounds(versions[-1], record, on).say(lang)}"))
    history = Text("from|until|occupations|condition", "du|jusqu'au|professions|condition").say(lang).split("|")
    rows = []
    for one in versions:
        row = version_record(one, lang)
        rows.append([one.version_words, *(row[name] for name in ("from", "until", "occupations", "condition"))])
    parts.append(table(["\nversion", *history], rows, right=(3,)))
    for change in list_changes(versions):
        parts.extend(_change(change, lang))
    show(*parts)


def _rounds(one: CategoryVersion, record: Record, on: date) -> Text:
    """The last round of a category in words, and whether it is dormant."""
    last, known = record.last_round(one.category, on=on), long_day(record.as_of)
    if last is None:
        none = Text(
            "No round up to this day (rounds known to {d}).", "Aucune ronde jusqu'à ce jour (rondes connues au {d})."
        )
        return none.fill(d=known)
    wording = Text("Last round: {n} of {d} ({v})", "Dernière ronde : {n} du {d} ({v})")
    dormant = Text("; dormant: none for a year", "; en sommeil : aucune depuis un an")
    text = wording.fill(n=last.number, d=long_day(last.date), v=version_words(last.version or ""))
    more = dormant if record.dormant(one.category, on=on) else same("")
    return Text("{a}{b} (rounds known to {d}).", "{a}{b} (rondes connues au {d}).").fill(a=text, b=more, d=known)


def _version(one: CategoryVersion, on: date, lang: Lang) -> Iterable[RenderableType]:
    yield Styled(f"{one.title.say(lang)} · {one.version_words} · {long_day(on).say(lang)}", style="bold")
    for condition in one.conditions:
        yield Styled(f"- {condition.say(lang)}")
    if one.goal:
        yield Styled(Text("Economic goal: {g}", "Objectif économique : {g}").fill(g=one.goal).say(lang))
    cite = one.cite
    yield Styled(f"{cite.instrument.title.say(lang)} · {cite.place.say(lang)}", style="dim")
    for doubt in (one.doubt, cite.instrument.doubt):
        if doubt:
            yield Styled(f"* {doubt.say(lang)}", style="dim")
    if one.occupations:
        headings = Text("NOC|TEER|occupation", "CNP|FEER|profession").say(lang).split("|")
        rows = [[row["noc"], row["teer"], row["title"]] for row in occupation_rows(one, lang)]
        yield table([f"\n{headings[0]}", *headings[1:]], rows)


def _change(change: ListChange, lang: Lang) -> Iterable[RenderableType]:
    head = Text("{a} → {b}, {d}", "{a} → {b}, {d}").fill(
        a=change.before.version_words, b=change.after.version_words, d=long_day(change.after.start)
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
        yield Styled(Text("the same occupations", "mêmes professions").say(lang))
    if change.before.conditions != change.after.conditions:
        yield Styled(Text("different conditions", "conditions différentes").say(lang))
