"""The score line by line: what was given, what it pays, where the rule stands."""

from __future__ import annotations

from expressentry.advise.dossier import Dossier
from expressentry.assess.person.explain import Line
from expressentry.assess.person.score import AssessedReading
from expressentry.law.grid.tree import Input, Node
from expressentry.present.report.blocks import Block, Writer
from expressentry.present.report.documents import level_first
from expressentry.present.text.console import language_of
from expressentry.text import Text, same

_HEADINGS = Text("factor|given|points|of|source", "facteur|donné|points|sur|source")


def score(dossier: Dossier, w: Writer) -> Block:
    """Every line of the grid, and its sources below."""
    found = dossier.found.first
    shown = _shown(found)
    instruments = list(dict.fromkeys(line.cites[0].instrument for line in shown))
    nodes = {node.id: node for node in found.rules.crs.root.walk()}
    rows = [_row(found, line, nodes[line.id], instruments.index(line.cites[0].instrument) + 1, w) for line in shown]
    sources = [
        w.cell(Text("[{n}] {t}", "[{n}] {t}").fill(n=number, t=one.title), link=one.address)
        for number, one in enumerate(instruments, 1)
    ]
    doubts = dict.fromkeys(line.cites[0].doubt for line in shown if line.cites[0].doubt)
    several = len(dossier.found.totals) > 1
    return w.section(
        Text("The score, line by line", "Le score, ligne par ligne"),
        w.words("para", language_of(dossier.found)),
        w.words("callout", _SEVERAL) if several else None,
        w.table(_HEADINGS, rows, (4, 3, 0, 0, 3), right=(2, 3)),
        w.words("small", _CAPPED) if any(line.uncapped is not None for line in shown) else None,
        *(w.words("small", Text("* {d}", "* {d}").fill(d=doubt)) for doubt in doubts if doubt),
        w.words("heading", Text("Sources of the points", "Sources des points")),
        w.items(sources),
    )


_SEVERAL = Text(
    "What is open leaves more than one score; the lines are those of the usual reading, and the section on what is "
    "open has the others.",
    "Ce qui est ouvert laisse plus d'un score; les lignes sont celles de la lecture usuelle, et la section sur ce qui "
    "est ouvert donne les autres.",
)
_CAPPED = Text(
    "In brackets: what the lines below add up to, before the maximum of the place.",
    "Entre parenthèses : la somme des lignes avant le maximum de l'élément.",
)


def _shown(found: AssessedReading) -> list[Line]:
    """A section that does not apply is one line, not four."""
    parents = {section.id for section in found.sections}
    return [line for line in found.lines if line.status != "not_applicable" or line.id in parents]


def _row(found: AssessedReading, line: Line, node: Node, source: int, w: Writer) -> list[object]:
    depth = 0 if line.parent is None else line.id.count(".") + 1
    title = Text("Total", "Total") if depth == 0 else line.title
    strong, cite = depth <= 1, line.cites[0]
    points = str(line.points) if line.uncapped is None else f"({line.uncapped}) {line.points}"
    if line.status == "not_applicable":
        points = "–"
    place = Text("{p} [{n}]{d}", "{p} [{n}]{d}").fill(p=cite.place, n=source, d="*" if cite.doubt else "")
    return [
        w.cell(title, bold=strong, **({"indent": depth - 1} if depth > 1 else {})),
        _given(found, line, node),
        w.cell(points, bold=strong),
        line.maximum,
        w.cell(place, soft=True),
    ]


def _given(found: AssessedReading, line: Line, node: Node) -> Text:
    """What was looked up, in words."""
    if node.leaf is None or line.status == "not_applicable":
        return same("")
    given = line.given if len(node.leaf.inputs) > 1 else [line.given]
    parts = [_value(one, value) for one, value in zip(node.leaf.inputs, given, strict=True)]
    return Text("; ", "; ").join(parts)


def _value(an_input: Input, value: object) -> Text:
    if isinstance(value, list):
        if all(one is None for one in value):
            return Text("no test", "aucun test")
        levels = " ".join("–" if one is None else str(one) for one in value)
        unit = an_input.column.unit or same("")
        return Text("{u} {v}", "{u} {v}").fill(u=unit, v=levels)
    if an_input.how == "lowest":
        unit = an_input.column.unit or same("")
        no_test = Text("no test", "aucun test")
        return no_test if value is None else Text("{u} {v} or more", "{u} {v} ou plus").fill(u=unit, v=value)
    return level_first(an_input.column, value)
