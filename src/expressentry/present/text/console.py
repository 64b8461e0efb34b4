"""Answers as text for a terminal; in a pipe the same without colour."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.segment import Segment
from rich.table import Column, Table
from rich.text import Text as Styled

from expressentry.answers.facts import given
from expressentry.assess.person.explain import Line
from expressentry.assess.person.next_steps import NextStep, next_steps
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.score import AssessedReading
from expressentry.dates import long_day
from expressentry.law.grid.tree import Node
from expressentry.law.schema import FIRST_LANGUAGE, value_of
from expressentry.law.schema import Column as LawColumn
from expressentry.terminal import unguarded
from expressentry.text import Lang, Text, same, visible

PIPE_WIDTH = 150
_STATUS_STYLE = {"met": "bold", "not_met": "", "not_provided": "dim", "not_applicable": "dim"}


def show(*parts: RenderableType) -> None:
    """Write to standard output: colours on a terminal; in a pipe plain text of a fixed width, no line padded."""
    if sys.stdout.isatty():
        console = Console(file=unguarded(sys.stdout), highlight=False, markup=False, emoji=False)
        with console.capture() as captured:
            console.print(_Shown(parts), end="")
        sys.stdout.flush()
        unguarded(sys.stdout).write(captured.get())
        return
    plain = Console(file=StringIO(), width=PIPE_WIDTH, highlight=False, color_system=None, markup=False, emoji=False)
    with plain.capture() as captured:
        plain.print(*parts, sep="\n")
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().split("\n")[:-1]))


class _Shown:
    """Parts one below the other, each piece of text escaped before it is coloured."""

    def __init__(self, parts: Sequence[RenderableType]) -> None:
        self.parts = parts

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for piece in console.render(Group(*self.parts), options):
            yield Segment(visible(piece.text, lines=True), piece.style, piece.control)


def heading(name: str) -> None:
    """Write a name as the heading of what follows."""
    show(Styled(f"{name}\n{'─' * len(name)}", style="bold"))


_KEY, _WORD, _GAP = 20, 8, 2
"""Days, keys and numbers of up to so many letters are kept whole, and words in a text; the room between two columns."""


class _Whole(Table):
    """A table that cuts no day and no key in two; in a terminal too narrow for it each row is a list of its cells."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        measured = [self._least_most(console, options, column) for column in self.columns]
        room = options.max_width - _GAP * (len(measured) - 1) - sum(least for least, _ in measured)
        if room < 0:
            yield from self._listed()
            return
        # Who needs least beyond the least gets it first; the others share what is left.
        for left, at in enumerate(sorted(range(len(measured)), key=lambda at: measured[at][1] - measured[at][0])):
            least, most = measured[at]
            more = min(most - least, room // (len(measured) - left))
            self.columns[at].width, room = least + more, room - more
        yield from super().__rich_console__(console, options)

    def _least_most(self, console: Console, options: ConsoleOptions, column: Column) -> tuple[int, int]:
        cells = [cell for cell in column.cells if isinstance(cell, Styled)]
        wanted = [console.measure(cell, options=options) for cell in (*cells, Styled(str(column.header)))]
        most = max(one.maximum for one in wanted)
        keys = all(" " not in cell.plain for cell in cells)
        return min(max(one.minimum for one in wanted), _KEY if keys else _WORD), max(most, 1)

    def _listed(self) -> Iterator[RenderableType]:
        """Each row as lines of heading and cell, a blank line between two rows; empty cells are left out."""
        for at, row in enumerate(zip(*(column.cells for column in self.columns), strict=True)):
            told = Styled("\n" if at else "")
            for column, cell in zip(self.columns, row, strict=True):
                if isinstance(cell, Styled) and cell.plain:
                    told.append(f"{column.header}: " if column.header else "", style="bold").append_text(cell)
                    told.append("\n")
            told.right_crop(1)
            yield told


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], right: Sequence[int] = ()) -> Table:
    """A plain table; the columns numbered in `right` are aligned right."""
    drawn = _Whole(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
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
    """Each line of the grid with its source, and what the next step would add."""
    steps: dict[str, list[NextStep]] = {}
    for step in next_steps(found):
        steps.setdefault(step.line, []).append(step)
    shown = shown_lines(found.first)
    instruments = list(dict.fromkeys(line.cites[0].instrument for line in shown))
    headings = (
        Text("factor|given|points|of|next step|source", "facteur|donné|points|sur|étape suivante|source")
        .say(lang)
        .split("|")
    )
    nodes = {node.id: node for node in found.rules.crs.root.walk()}
    doubts = list(dict.fromkeys(line.cites[0].doubt for line in shown if line.cites[0].doubt))
    rows = []
    for line in shown:
        cite = line.cites[0]
        note = mark_of(doubts.index(cite.doubt)) if cite.doubt else ""
        mark = f"{cite.place.say(lang)} [{instruments.index(cite.instrument) + 1}]{note}"
        row = _row(found, line, nodes[line.id], steps.get(line.id, []), lang)
        rows.append([*row, Styled(mark, style="dim")])
    sources = [f"[{number}] {one.title.say(lang)}" for number, one in enumerate(instruments, 1)]
    listed = Styled("\n".join(sources), style="dim", no_wrap=True, overflow="ellipsis")
    doubted = [Styled(f"{mark_of(at)} {doubt.say(lang)}", style="dim") for at, doubt in enumerate(doubts)]
    return [table(headings, rows, right=(2, 3)), listed, *doubted]


def mark_of(number: int) -> str:
    """The mark of a note, so that each note has its own.

    >>> [mark_of(number) for number in (0, 1, 5)]
    ['*', '†', '**']
    """
    return _MARKS[number % len(_MARKS)] * (number // len(_MARKS) + 1)


_MARKS = "*†‡§¶"


def language_of(found: Assessment) -> Text:
    """The language scored as first, and the total with the other one first where that was possible."""
    names = found.rules.crs.columns[FIRST_LANGUAGE].labels
    if found.first.given_language:
        return Text("First language: {l}, as you chose", "Première langue : {l}, selon votre choix").fill(
            l=names[found.first_language]
        )
    if found.other_total is None:
        return Text("First language: {l}", "Première langue : {l}").fill(l=names[found.first_language])
    other = next(label for name, label in names.items() if name != found.first_language)
    wording = Text(
        "First language: {l} (with {o} first: {n} points)", "Première langue : {l} (avec {o} en premier : {n} points)"
    )
    return wording.fill(l=names[found.first_language], o=other, n=found.other_total)


def shown_lines(found: AssessedReading) -> list[Line]:
    """The lines that are shown: a section that does not apply is one line, not four."""
    parents = {section.id for section in found.sections}
    return [line for line in found.lines if line.status != "not_applicable" or line.id in parents]


def _row(found: Assessment, line: Line, node: Node, steps: list[NextStep], lang: Lang) -> list[object]:
    depth = 0 if line.parent is None else line.id.count(".") + 1
    style = _STATUS_STYLE[line.status] if depth > 1 else "bold"
    title = Text("Total", "Total") if depth == 0 else line.title
    points = str(line.points) if line.uncapped is None else f"({line.uncapped}) {line.points}"
    if line.status == "not_applicable":
        points = "—"
    step = "; ".join(_step(found, step, lang) for step in _shown_steps(steps))
    return [
        Styled("  " * depth + title.say(lang), style=style),
        given(line, node, found.first_language).say(lang),
        points,
        line.maximum,
        step,
    ]


def _shown_steps(steps: list[NextStep]) -> list[NextStep]:
    """In a table the four abilities rise together; what each alone would add is in the JSON."""
    together = {name for step in steps if len(step.columns) > 1 for name in step.columns}
    return [step for step in steps if len(step.columns) > 1 or step.columns[0] not in together]


def _step(found: Assessment, step: NextStep, lang: Lang) -> str:
    column: LawColumn = found.rules.crs.columns[step.columns[0]]
    to = value_of(column, step.value).say(lang)
    if len(step.columns) > 1:
        unit = column.unit.say(lang) if column.unit else ""
        to = Text("{u} {v} in all four", "{u} {v} aux quatre habiletés").fill(u=unit, v=step.value).say(lang)
    return f"{to}: {step.change:+}" if lang == "en" else f"{to} : {step.change:+}"
