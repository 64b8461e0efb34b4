"""The score line by line: what was given, what it gives, where the rule is."""

from __future__ import annotations

from collections.abc import Sequence

from expressentry.advise.dossier import Dossier
from expressentry.answers.facts import given
from expressentry.assess.person.explain import Line
from expressentry.law.instruments import Instrument
from expressentry.present.report.blocks import Block, Writer
from expressentry.present.text.console import language_of, mark_of, shown_lines
from expressentry.text import Text

_HEADINGS = Text("factor|given|points|of|source", "facteur|donné|points|sur|source")


def score(dossier: Dossier, w: Writer) -> Block:
    """Every line of the grid, and its sources below."""
    found = dossier.found.first
    shown = shown_lines(found)
    instruments = list(dict.fromkeys(line.cites[0].instrument for line in shown))
    nodes = {node.id: node for node in found.rules.crs.root.walk()}
    doubts = list(dict.fromkeys(line.cites[0].doubt for line in shown if line.cites[0].doubt))
    rows = [
        _row(line, given(line, nodes[line.id], found.first_language), _source(line, instruments, doubts), w)
        for line in shown
    ]
    sources = [
        w.cell(Text("[{n}] {t}", "[{n}] {t}").fill(n=number, t=one.title), link=one.address)
        for number, one in enumerate(instruments, 1)
    ]
    several = len(dossier.found.totals) > 1
    return w.section(
        Text("The score, line by line", "La note, ligne par ligne"),
        w.words("para", language_of(dossier.found)),
        w.words("callout", _SEVERAL) if several else None,
        w.table(_HEADINGS, rows, (4, 3, 0, 0, 3), right=(2, 3)),
        w.words("small", _CAPPED) if any(line.uncapped is not None for line in shown) else None,
        *(w.words("small", Text("{m} {d}", "{m} {d}").fill(m=mark_of(at), d=one)) for at, one in enumerate(doubts)),
        w.words("heading", Text("Sources of the points", "Sources des points")),
        w.items(sources),
    )


_SEVERAL = Text(
    'The open questions leave more than one score. These lines are those of the usual answers; the section "Open '
    'questions" has the others.',
    "Les questions ouvertes laissent plus d'une note. Ces lignes sont celles des réponses usuelles; la section "
    "« Questions ouvertes » donne les autres.",
)
_CAPPED = Text(
    "In brackets: the sum of the lines below, before the maximum is applied.",
    "Entre parenthèses : la somme des lignes ci-dessous, avant le maximum.",
)


def _source(line: Line, instruments: Sequence[Instrument], doubts: Sequence[Text]) -> Text:
    """The place in the law, the number of the instrument, and the mark of its doubt."""
    cite = line.cites[0]
    mark = mark_of(doubts.index(cite.doubt)) if cite.doubt else ""
    return Text("{p} [{n}]{d}", "{p} [{n}]{d}").fill(p=cite.place, n=instruments.index(cite.instrument) + 1, d=mark)


def _row(line: Line, words: Text, source: Text, w: Writer) -> list[object]:
    depth = 0 if line.parent is None else line.id.count(".") + 1
    title = Text("Total", "Total") if depth == 0 else line.title
    strong = depth <= 1
    points = str(line.points) if line.uncapped is None else f"({line.uncapped}) {line.points}"
    if line.status == "not_applicable":
        points = "–"
    return [
        w.cell(title, bold=strong, **({"indent": depth - 1} if depth > 1 else {})),
        words,
        w.cell(points, bold=strong),
        line.maximum,
        w.cell(source, soft=True),
    ]
