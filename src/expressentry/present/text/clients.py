"""Many people as text for a terminal: assessed, reported, under two laws, and side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.text import Text as Styled

from expressentry.answers.clients import Compared, counted, gains_record
from expressentry.answers.why import CATEGORY, PROGRAM
from expressentry.answers.why import WORDS as FINDINGS
from expressentry.assess.compare import Comparison
from expressentry.dates import long_day
from expressentry.law.rule_set import RuleSet
from expressentry.present.text.console import show, table
from expressentry.shown import between
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.person import FlowRecord

OUTCOMES = {
    "gains": Text("gains", "gagne"),
    "loses": Text("loses", "perd"),
    "same": Text("same", "inchangé"),
    "cannot_tell": Text("one more fact needed", "il manque un fait"),
}
_STYLE = {"gains": "green", "loses": "red", "same": "dim", "cannot_tell": "yellow"}


def print_changes(
    found: Sequence[tuple[str, Comparison]],
    pair: Sequence[RuleSet],
    names: Sequence[Text],
    lang: Lang,
    *,
    everyone: bool,
) -> None:
    """Write the summary, and a row for everyone for whom something changes."""
    told, titles = gains_record([one for _, one in found]), _titles(pair)
    wording = Text(
        "{a} → {b}: {clients} in all, {gains} with a higher score, {loses} with a lower one, {same} with the same; one "
        "more fact needed: {cannot_tell}",
        "{a} → {b} : {clients} en tout, {gains} avec une note plus haute, {loses} plus basse, {same} égale; il manque "
        "un fait : {cannot_tell}",
    )
    parts: list[Any] = [Styled(wording.fill(a=names[0], b=names[1], **told).say(lang), style="bold")]
    parts += [
        _flow(titles[id_], flow).say(lang)
        for part in (told["programs"], told["categories"])
        for id_, flow in part.items()
    ]
    rows = [_row(name, one, titles, lang) for name, one in found if everyone or one.differs]
    if rows:
        headings = Text(
            "client|outcome|before|after|change|programs, categories",
            "client|issue|avant|après|écart|programmes, catégories",
        )
        parts.append(table(headings.say(lang).split("|"), rows, right=(2, 3, 4)))
    show(*parts)


def _titles(pair: Sequence[RuleSet]) -> dict[str, Text]:
    """Programs and categories of both laws as people call them."""
    titles = {one.program: one.title for rules in pair for one in rules.selection.programs}
    return titles | {id_: label for rules in pair for id_, label in rules.law.round_names.categories.items()}


def _flow(title: Text, flow: FlowRecord) -> Text:
    wording = Text(
        "{i}: {e} in, {l} out; one more fact needed: {o}",
        "{i} : entrées {e}, sorties {l}; il manque un fait : {o}",
    )
    return wording.fill(i=title, e=flow["entered"], l=flow["left"], o=flow["open"])


def _row(name: str, one: Comparison, titles: Mapping[str, Text], lang: Lang) -> list[object]:
    words = [_move(titles[id_], sides, PROGRAM, lang) for id_, sides in one.programs.items()]
    words += [_move(titles[id_], sides, CATEGORY, lang) for id_, sides in one.categories.items()]
    low, high = one.changes[0], one.changes[-1]
    change = f"{low:+}" if low == high else f"{low:+}…{high:+}"
    return [
        name,
        Styled(OUTCOMES[one.outcome].say(lang), style=_STYLE[one.outcome]),
        _score(one.before.totals),
        _score(one.after.totals),
        change,
        "; ".join(words),
    ]


def _move(title: Text, sides: tuple[bool | None, bool | None], words: Mapping[Any, str], lang: Lang) -> str:
    old, new = (FINDINGS[words[side]] for side in sides)
    return Text("{i}: {a} → {b}", "{i} : {a} → {b}").fill(i=title, a=old, b=new).say(lang)


def _score(totals: Sequence[int]) -> str:
    return "–".join(map(str, dict.fromkeys((totals[0], totals[-1]))))


_MARK = "≠"


def print_comparison(names: Sequence[str], rules: RuleSet, rows: Sequence[Compared], lang: Lang) -> None:
    """Write a comparison; rows that differ are marked."""
    headline = Text(
        "{n} side by side · {d} · {g} · {k} rows differ ({m})",
        "{n} côte à côte · {d} · {g} · {k} lignes diffèrent ({m})",
    )
    differing = sum(row.differs for row in rows)
    told = headline.fill(n=len(names), d=long_day(rules.day), g=rules.label, k=differing, m=_MARK)
    drawn = [
        [
            Styled(_MARK if row.differs else "", style="yellow"),
            Styled(
                row.title.say(lang),
                style="bold" if row.part == "score" or ("." not in row.id and row.part == "lines") else "",
            ),
            *(Styled(one.say(lang), style="" if row.differs else "dim") for one in row.told),
        ]
        for row in rows
    ]
    show(Styled(told.say(lang), style="bold"), table(["", "", *names], drawn))


def print_clients(rows: Sequence[Mapping[str, Any]], rules: RuleSet, failed: int, out: str | None, lang: Lang) -> None:
    """Write how many people were assessed and where the table is; without a file the table itself, in words."""
    done = Text("{c}, on the {g}", "{c}, selon la {g}").fill(c=counted(len(rows), failed), g=rules.label)
    if out is not None:
        show(Text("{c}; table: {o}", "{c}; table : {o}").fill(c=done, o=out).say(lang))
        return
    programs = {one.program: one.title.say(lang) for one in rules.selection.programs}
    categories = {one.category: one.label.say(lang) for one in rules.categories}
    headings = Text("client|CRS|may enter by|categories", "client|SCG|admissible par|catégories").say(lang).split("|")
    drawn = [
        [
            row["client"],
            between(row["crs_low"], row["crs_high"]),
            _listed(row, programs, PROGRAM[True], lang),
            _listed(row, categories, CATEGORY[True], lang),
        ]
        for row in rows
    ]
    show(*([table(headings, drawn, right=(1,))] if drawn else []), done.say(lang))


def _listed(row: Mapping[str, Any], names: Mapping[str, str], yes: str, lang: Lang) -> str:
    """The programs or categories of a row, and how many of them a missing fact leaves open."""
    open_ = sum(row[id_] == "cannot_tell" for id_ in names)
    shown = [name for id_, name in names.items() if row[id_] == yes]
    shown += [Text("{n} need one more fact", "{n} demandent un fait de plus").fill(n=open_).say(lang)] if open_ else []
    return ", ".join(shown) or "–"


def print_reports(rows: Sequence[Mapping[str, Any]], failed: int, folder: str, rules: RuleSet, lang: Lang) -> None:
    """Write how many reports were made, and the score and program of each client who has one."""
    headings = Text("client|score|program|report", "client|note|programme|rapport").say(lang).split("|")
    titles = {one.program: one.title.say(lang) for one in rules.selection.programs}
    drawn = [
        [
            row["client"],
            between(row["crs_low"], row["crs_high"]),
            titles.get(row["program"], ""),
            row["report"],
        ]
        for row in rows
        if row["report"]
    ]
    told = Text("{c}; folder: {o}", "{c}; dossier : {o}").fill(c=counted(len(rows) - failed, failed), o=folder)
    show(told.say(lang), *([table(headings, drawn, right=(1,))] if drawn else []))
