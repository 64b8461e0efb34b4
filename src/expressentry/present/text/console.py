"""Answers as text for a terminal; in a pipe the same without colour."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Any

from rich.console import Console, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from expressentry.assess.person.explain import Line
from expressentry.assess.person.next_steps import NextStep, next_steps
from expressentry.assess.person.readings import Assessment
from expressentry.dates import long_day
from expressentry.law.schema import FIRST_LANGUAGE, Column
from expressentry.text import Lang, Text, same

PIPE_WIDTH = 150
_STATUS_STYLE = {"met": "bold", "not_met": "", "not_provided": "dim", "not_applicable": "dim"}
_ABSENT = Text("not given", "non fourni")


def show(*parts: RenderableType) -> None:
    """Write to standard output: colours on a terminal; in a pipe plain text of a fixed width, no line padded."""
    if sys.stdout.isatty():
        Console(highlight=False).print(*parts, sep="\n", end="\n")
        return
    plain = Console(file=StringIO(), width=PIPE_WIDTH, highlight=False, color_system=None)
    with plain.capture() as captured:
        plain.print(*parts, sep="\n")
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> Table:
    """A plain table; the columns numbered in `right` are aligned right."""
    drawn = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for at, heading in enumerate(headings):
        drawn.add_column(heading, justify="right" if at in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(
            *(cell if isinstance(cell, Styled) else Styled("" if cell is None else str(cell)) for cell in row)
        )
    return drawn


def headline(found: Assessment, lang: Lang) -> Styled:
    """The score, or the range that open questions leave, with its day and grid."""
    low, high = found.totals[0], found.totals[-1]
    score = same(low) if low == high else Text("{a} to {b}", "de {a} à {b}").fill(a=low, b=high)
    wording = Text("CRS {n} points · {day} · {grid}", "SCG {n} points · {day} · {grid}")
    return Styled(wording.fill(n=score, day=long_day(found.rules.day), grid=found.rules.label).say(lang), style="bold")


def lines_of(found: Assessment, lang: Lang) -> list[RenderableType]:
    """Each line of the grid with its source, and what the next step would pay."""
    steps: dict[str, list[NextStep]] = {}
    for step in next_steps(found):
        steps.setdefault(step.line, []).append(step)
    instruments = list(dict.fromkeys(line.cites[0].instrument for line in found.lines if _shown(found, line)))
    headings = (
        Text("factor|given|points|of|next step|source", "facteur|donné|points|sur|prochain pas|source")
        .say(lang)
        .split("|")
    )
    rows = []
    for line in found.lines:
        if _shown(found, line):
            cite = line.cites[0]
            mark = f"{cite.place.say(lang)} [{instruments.index(cite.instrument) + 1}]{'*' if cite.doubt else ''}"
            rows.append([*_row(found, line, steps.get(line.id, []), lang), Styled(mark, style="dim")])
    sources = [f"[{number}] {one.id} · {one.title.say(lang)}" for number, one in enumerate(instruments, 1)]
    listed = Styled("\n".join(sources), style="dim", no_wrap=True, overflow="ellipsis")
    doubts = dict.fromkeys(line.cites[0].doubt.say(lang) for line in found.lines if line.cites[0].doubt)
    doubted = [Styled(f"* {doubt}", style="dim") for doubt in doubts]
    return [table(headings, rows, right=(2, 3)), listed, *doubted]


def language_of(found: Assessment) -> Text:
    """The language scored as first, and the total with the other one first where that was possible."""
    names = found.rules.crs.columns[FIRST_LANGUAGE].labels
    if found.first.given_language:
        return Text("First language: {l}, as given", "Première langue : {l}, comme donné").fill(
            l=names[found.first_language]
        )
    if found.other_total is None:
        return Text("First language: {l}", "Première langue : {l}").fill(l=names[found.first_language])
    other = next(label for name, label in names.items() if name != found.first_language)
    wording = Text("First language: {l} ({o} first: {n})", "Première langue : {l} ({o} en premier : {n})")
    return wording.fill(l=names[found.first_language], o=other, n=found.other_total)


def _shown(found: Assessment, line: Line) -> bool:
    """A section that does not apply is one line, not four."""
    parents = {section.id for section in found.sections}
    return line.status != "not_applicable" or line.id in parents


def _row(found: Assessment, line: Line, steps: list[NextStep], lang: Lang) -> list[object]:
    depth = 0 if line.parent is None else line.id.count(".") + 1
    style = _STATUS_STYLE[line.status] if depth > 1 else "bold"
    title = Text("Total", "Total") if depth == 0 else line.title
    points = str(line.points) if line.uncapped is None else f"({line.uncapped}) {line.points}"
    if line.status == "not_applicable":
        points = "—"
    step = "; ".join(_step(found, step, lang) for step in _told(steps))
    return [Styled("  " * depth + title.say(lang), style=style), _given(line, lang), points, line.maximum, step]


def _told(steps: list[NextStep]) -> list[NextStep]:
    """In a table the four abilities rise together; what each alone would pay is in the JSON."""
    together = {name for step in steps if len(step.columns) > 1 for name in step.columns}
    return [step for step in steps if len(step.columns) > 1 or step.columns[0] not in together]


def _given(line: Line, lang: Lang) -> str:
    if line.given is None and line.status != "not_provided":
        return ""
    parts = line.given if isinstance(line.given, list) else [line.given]
    if all(part is None for part in parts):
        return _ABSENT.say(lang)
    return " ".join(_value(part, lang) for part in parts)


def _value(value: Any, lang: Lang) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return (Text("yes", "oui") if value else Text("no", "non")).say(lang)
    return str(value)


def _step(found: Assessment, step: NextStep, lang: Lang) -> str:
    column: Column = found.rules.crs.columns[step.columns[0]]
    to = _value(step.value, lang)
    if len(step.columns) > 1:
        unit = column.unit.say(lang) if column.unit else ""
        to = Text("{u} {v} in all four", "{u} {v} partout").fill(u=unit, v=to).say(lang)
    return f"{to}: {step.change:+}" if lang == "en" else f"{to} : {step.change:+}"
