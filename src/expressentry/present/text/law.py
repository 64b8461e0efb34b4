"""Instruments, grids and the other parts of the law as text for a terminal."""

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
from expressentry.law.languages import LANGUAGE_NAMES
from expressentry.law.rule_set import RuleSet
from expressentry.law.schema import Columns, value_of
from expressentry.law.verify.links import compared_until, statute_compared
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.answers.records.published import GridChangeRecord, InstrumentRowRecord, PartRecord

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


_VALUES = {
    "ministerial_instruction": Text("ministerial instruction", "instruction ministérielle"),
    "public_policy": Text("public policy", "politique d'intérêt public"),
    "program_update": Text("program delivery update", "mise à jour de l'exécution de programme"),
    "guidance": Text("guidance", "directives"),
    "consolidation": Text("consolidation", "codification"),
    "consultation": Text("consultation", "consultation"),
    "regulations": Text("regulations", "règlement"),
    "act": Text("act", "loi"),
    "in_force": Text("in force", "en vigueur"),
    "published": Text("published, not in force yet", "publié, pas encore en vigueur"),
    "proposed": Text("proposed, not law", "projet, pas la loi"),
    "unestablished": Text("in force, not read by us", "en vigueur, non lu par nous"),
    "primary": Text("primary source", "source première"),
    "three_secondary": Text("three secondary sources", "trois sources secondaires"),
    "one_source": Text("one source", "une seule source"),
    "unverified": Text("unverified", "non vérifié"),
}
_WORDED = ("kind", "status", "confidence")


def confidence_words(confidence: str) -> Text:
    """How sure a source is, in words."""
    return _VALUES.get(confidence, same(confidence))


def print_instrument(one: Instrument, lang: Lang) -> None:
    """Write the record of one instrument."""
    rows = [
        (name.say(lang), _VALUES[value].say(lang) if key in _WORDED else value)
        for key, name in _NAMES.items()
        if (value := getattr(one, key))
    ]
    day = statute_compared(one)
    rows += [(_COMPARED.say(lang), _CURRENT_TO.fill(d=day).say(lang))] if day else []
    doubt = [(Text("doubt", "doute").say(lang), one.doubt.say(lang))] if one.doubt else []
    show(Styled(f"{one.id} · {one.title.say(lang)}", style="bold"), table(("", ""), [*rows, *doubt]))


def print_grid(grid: Grid, lang: Lang) -> None:
    """Write a whole grid: every place with its source, cap and rows."""
    since = f" · {grid.in_force}" if grid.in_force else ""
    parts: list[RenderableType] = [Styled(f"{grid.id}{since} · {grid.title.say(lang)}", style="bold")]
    for node in grid.root.walk():
        if node is grid.root:
            parts.append(_limits(node, grid.columns, lang))
            continue
        indent = "  " * node.id.count(".")
        cite = f"{node.cite.instrument.id}, {node.cite.place.say(lang)}"
        day = compared_until(node.cite)
        cite += f" · {_COMPARED.say(lang)} {_CURRENT_TO.fill(d=day).say(lang)}" if day else ""
        parts.append(Styled.assemble("\n" + indent, (node.title.say(lang), "bold"), f" · {node.id} · ", (cite, "dim")))
        for line in (_limits(node, grid.columns, lang), node.cite.doubt.say(lang) if node.cite.doubt else ""):
            if line:
                parts.append(Styled(f"{indent}  {line}"))
        if node.leaf:
            parts.append(_cells(node.leaf, lang, indent))
    show(*parts)


_COMPARED = Text("compared", "comparé")
_CURRENT_TO = Text("with the text current to {d}", "avec le texte à jour au {d}")


def _limits(node: Node, columns: Columns, lang: Lang) -> str:
    """The condition and the cap of a place."""
    parts = []
    if node.when:
        wording = Text("only where this is true: {w}", "seulement si ceci est vrai : {w}")
        parts.append(wording.fill(w=Text(" or ", " ou ").join(columns[name].title for name in node.when)).say(lang))
    if node.cap:
        alone, accompanied = node.cap
        figures = str(alone) if alone == accompanied else f"{alone} / {accompanied}"
        parts.append(Text("at most {n}", "au plus {n}").fill(n=figures).say(lang))
    return ", ".join(parts)


def _input(an_input: Input, lang: Lang) -> str:
    words = {
        "value": Text("{s}", "{s}"),
        "lowest": Text("{s}: lowest ability", "{s} : habileté la plus basse"),
        "each": Text("{s}: each ability", "{s} : chaque habileté"),
    }
    source = an_input.column.title if an_input.how == "value" else _LANGUAGES[an_input.source]
    return words[an_input.how].fill(s=source).say(lang)


_LANGUAGES = {
    "first": Text("first official language", "première langue officielle"),
    "second": Text("second official language", "seconde langue officielle"),
    **LANGUAGE_NAMES,
    "partner": Text("partner's language", "langue du conjoint"),
}


def _cells(leaf: Leaf, lang: Lang, indent: str) -> RenderableType:
    """The rows as written: a value and its points, or one column for each value of the second input."""
    first = f"{indent}  {_input(leaf.inputs[0], lang)}"
    if len(leaf.inputs) > 1:
        second = leaf.inputs[1]
        headings = [first, *(f"{_input(second, lang)} {_from_on(second, c, lang)}" for c in leaf.columns)]
    elif any(len(row) > 2 for row in leaf.rows):
        headings = [first, *Text("alone|accompanied", "seul|accompagné").say(lang).split("|")]
    else:
        headings = [first, "points"]
    rows = [[f"{indent}  {_shown(leaf.inputs[0], row[0], lang)}", *map(str, row[1:])] for row in leaf.rows]
    return table(headings, rows, right=range(1, len(headings)))


def _shown(an_input: Input, value: object, lang: Lang) -> str:
    """A value in words; a number as it is written in the law."""
    if isinstance(value, bool | str):
        return value_of(an_input.column, value).say(lang)
    return str(value)


def _from_on(an_input: Input, value: object, lang: Lang) -> str:
    shown = _shown(an_input, value, lang)
    return f"{shown}+" if type(value) is int else shown


def print_instruments(rows: Sequence[InstrumentRowRecord], rules: RuleSet, lang: Lang) -> None:
    """Write every instrument, and the grid of the day."""
    headings = Text("id|in force|status|confidence|grid|title", "id|en vigueur|statut|confiance|grille|titre")
    of_day = Text("{day}: {grid} ({id})", "{day} : {grid} ({id})").fill(day=rules.day, grid=rules.label, id=rules.id)
    show(table(headings.say(lang).split("|"), [list(row.values()) for row in rows]), of_day.say(lang))


def print_parts(rows: Sequence[PartRecord], lang: Lang) -> None:
    """Write parts of the law: each with its days, what it says and where that is written."""
    headings = Text("id|version|from|until|title|says|source", "id|version|dès le|jusqu'au|titre|dit|source")
    cells = [
        [row["id"], row["key"], row["in_force"], row["until"] or "", row["title"], row["says"], _source(row)]
        for row in rows
    ]
    show(table(headings.say(lang).split("|"), cells))


def _source(row: PartRecord) -> str:
    return ", ".join(one for one in (row["instrument"], row["place"], row["doubt"]) if one)


def print_law_changes(rows: Sequence[GridChangeRecord], lang: Lang) -> None:
    """Write what changed between two grids or days."""
    if not rows:
        show(Text("No difference.", "Aucune différence.").say(lang))
        return
    headings = Text("place|title|what|before|after|instrument", "élément|titre|quoi|avant|après|texte")
    numbers = all(not isinstance(row["before"] or row["after"], str) for row in rows)
    show(table(headings.say(lang).split("|"), [list(row.values()) for row in rows], right=(3, 4) if numbers else ()))


_FILE_OK = Text("{f}: ok", "{f} : conforme")


def print_checked(found: Checked, lang: Lang) -> None:
    """Write what a check of the law looked at; what is wrong is an error and does not come here."""
    wording = Text(
        "law ok: instruments {instruments}, grids {grids}, proposals {proposals}, cited places {places}, "
        "cells {cells}, lists {lists}, programs {programs}, versions of categories {categories}, of streams "
        "{streams}",
        "droit correct : textes {instruments}, grilles {grids}, projets {proposals}, endroits cités {places}, "
        "cases {cells}, listes {lists}, programmes {programs}, versions de catégories {categories}, de volets "
        "{streams}",
    )
    lines = [wording.fill(**asdict(found)).say(lang), *(_FILE_OK.fill(f=file).say(lang) for file in found.files)]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
