"""Instruments and grids as text for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.law.check import Checked
from expressentry.law.grid.tree import Grid, Input, Leaf, Node
from expressentry.law.instruments import Instrument
from expressentry.law.rule_set import RuleSet
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.published import GridChangeRecord, InstrumentRowRecord

_NAMES = {
    "kind": Text("kind", "genre"),
    "status": Text("status", "statut"),
    "signed": Text("signed", "signé"),
    "published": Text("published", "publié"),
    "in_force": Text("in force", "en vigueur"),
    "checked": Text("checked", "vérifié"),
    "confidence": Text("confidence", "confiance"),
    "address": Text("address", "adresse"),
}


def print_instrument(one: Instrument, lang: Lang) -> None:
    """Write one instrument's record."""
    rows = [(name.say(lang), getattr(one, key)) for key, name in _NAMES.items() if getattr(one, key)]
    doubt = [(Text("doubt", "doute").say(lang), one.doubt.say(lang))] if one.doubt else []
    show(Styled(f"{one.id} · {one.title.say(lang)}", style="bold"), table(("", ""), [*rows, *doubt]))


def print_grid(grid: Grid, lang: Lang) -> None:
    """Write a whole grid: every place with its source, cap and rows."""
    since = f" · {grid.in_force}" if grid.in_force else ""
    parts: list[RenderableType] = [Styled(f"{grid.id}{since} · {grid.title.say(lang)}", style="bold")]
    for node in grid.root.walk():
        if node is grid.root:
            parts.append(_limits(node, lang))
            continue
        indent = "  " * node.id.count(".")
        cite = f"{node.cite.instrument.id}, {node.cite.place.say(lang)}"
        parts.append(Styled.assemble("\n" + indent, (node.title.say(lang), "bold"), f" · {node.id} · ", (cite, "dim")))
        for line in (_limits(node, lang), node.cite.doubt.say(lang) if node.cite.doubt else ""):
            if line:
                parts.append(Styled(f"{indent}  {line}"))
        if node.leaf:
            parts.append(_cells(node.leaf, lang, indent))
    show(*parts)


def _limits(node: Node, lang: Lang) -> str:
    """The condition and the cap of a place."""
    parts = []
    if node.when:
        parts.append(
            Text("only when {w} is true", "seulement quand {w} est vrai")
            .fill(w=Text(" or ", " ou ").join(node.when))
            .say(lang)
        )
    if node.cap:
        alone, accompanied = node.cap
        figures = str(alone) if alone == accompanied else f"{alone} / {accompanied}"
        parts.append(Text("at most {n}", "au plus {n}").fill(n=figures).say(lang))
    return ", ".join(parts)


def _input(an_input: Input, lang: Lang) -> str:
    words = {
        "value": Text("{s}", "{s}"),
        "lowest": Text("lowest of {s}", "plus basse de {s}"),
        "each": Text("each of {s}", "chacune de {s}"),
    }
    return words[an_input.how].fill(s=an_input.source).say(lang)


def _cells(leaf: Leaf, lang: Lang, indent: str) -> RenderableType:
    """The rows as written: a value and its points, or one column for each value of the second input."""
    first = f"{indent}  {_input(leaf.inputs[0], lang)}"
    if len(leaf.inputs) > 1:
        headings = [first, *(f"{_input(leaf.inputs[1], lang)} {_shown(c)}+" for c in leaf.columns)]
    elif any(len(row) > 2 for row in leaf.rows):
        headings = [first, *Text("alone|accompanied", "seul|accompagné").say(lang).split("|")]
    else:
        headings = [first, "points"]
    rows = [[f"{indent}  {_shown(row[0])}", *(_shown(cell) for cell in row[1:])] for row in leaf.rows]
    return table(headings, rows, right=range(1, len(headings)))


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def print_instruments(rows: Sequence[InstrumentRowRecord], rules: RuleSet, lang: Lang) -> None:
    """Write every instrument, and the grid of the day."""
    headings = Text("id|in force|status|confidence|grid|title", "id|en vigueur|statut|confiance|grille|titre")
    of_day = Text("{day}: {grid} ({id})", "{day} : {grid} ({id})").fill(day=rules.day, grid=rules.label, id=rules.id)
    show(table(headings.say(lang).split("|"), [list(row.values()) for row in rows]), of_day.say(lang))


def print_law_changes(rows: Sequence[GridChangeRecord], lang: Lang) -> None:
    """Write what changed between two grids."""
    if not rows:
        show(Text("No difference.", "Aucune différence.").say(lang))
        return
    headings = Text("place|title|what|before|after|instrument", "élément|titre|quoi|avant|après|texte")
    show(table(headings.say(lang).split("|"), [list(row.values()) for row in rows], right=(3, 4)))


def print_checked(found: Checked, lang: Lang) -> None:
    """Write what a check of the law looked at; what is wrong is an error and does not come here."""
    wording = Text(
        "law ok: instruments {instruments}, grids {grids}, proposals {proposals}, cited places {places}, "
        "cells {cells}, lists {lists}, programs {programs}, versions of categories {categories}",
        "droit correct : textes {instruments}, grilles {grids}, projets {proposals}, endroits cités {places}, "
        "cases {cells}, listes {lists}, programmes {programs}, versions de catégories {categories}",
    )
    lines = [wording.fill(**asdict(found)).say(lang), *(f"{file}: ok" for file in found.files)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
