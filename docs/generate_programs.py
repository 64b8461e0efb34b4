"""The reference pages of the programs: every criterion with its place, the 67-point grid, funds, the order, masks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from expressentry import load_law
from expressentry.assess.frame.criteria import missing_names
from expressentry.law.criteria.model import Abilities, Condition, Criterion, Dollars, Known, Met
from expressentry.law.grid.tree import Node
from expressentry.law.instruments import Cite
from expressentry.law.schema import Column, MonthsTest

HEADINGS = "| criterion · critère | asks · exige | reads · lit | place | instrument |\n|---|---|---|---|---|"


def programs(made: str) -> str:
    """Every program from its file, the grid of the skilled workers, the funds and the order of an invitation."""
    law = load_law()
    parts = [
        f"# Programs · Programmes\n\n<!-- {made} -->",
        "All criteria of a program must be met; indented ones belong to the one above, which says all or any of them.\n"
        "[How they are judged](../explanation/programs.md).\n\n"
        "Tous les critères d'un programme doivent être remplis; ceux en retrait relèvent de celui du dessus.",
    ]
    for one in law.programs:
        head = f"## `{one.id}` · {one.title.en} · {one.title.fr}\n\n{_place(one.cite)}, from · du {one.in_force}"
        written = one.data["criteria"]
        parts.append("\n\n".join([head, "\n".join([HEADINGS, *_criteria(one.criteria, written)])]))
    for grid in law.fsw_grids:
        rows = [*_grid(grid.root, dict(grid.data), 0)]
        heading = "| place of the grid · élément | table | at most · au plus | place |\n|---|---|---|---|"
        parts.append(f"## `{grid.id}` · {grid.title.en} · {grid.title.fr}\n\n" + "\n".join([heading, *rows]))
    parts.append(_list("settlement_funds", "Settlement funds · Fonds d'établissement"))
    parts.append(_list("program_order", "Which program an invitation names · Programme que nomme une invitation"))
    return "\n\n".join(parts) + "\n"


def masks(columns: Mapping[str, Column]) -> str:
    """The bits of `programs_missing` and `categories_missing`."""
    rows = ["| value · valeur | column · colonne |", "|---|---|"]
    rows += [
        f"| {1 << at} | `{name}` |" for at, name in enumerate(missing_names(load_law().columns)) if name in columns
    ]
    return (
        "## Masks · Masques\n\nThe bits of `programs_missing` and `categories_missing`; a mask is the sum of those "
        "that are missing.\n\nLes bits de `programs_missing` et `categories_missing`; un masque est la somme "
        "de ceux qui manquent.\n\n" + "\n".join(rows)
    )


def _place(cite: Cite) -> str:
    return f"{cite.place.en} · {cite.place.fr}, `{cite.instrument.id}`"


def _criteria(found: Iterable[Criterion], written: Mapping[str, Mapping[str, object]], depth: int = 0) -> Iterator[str]:
    for one in found:
        indent, record = "– " * depth, written[one.id]
        title = f"{indent}{one.title.en} · {one.title.fr}"
        if one.condition is None:
            title += _JOINED[one.how]
        reads = _reads(one.condition) if one.condition is not None else ""
        asks = _plain(record.get(one.how, {})) if one.condition is not None else one.how
        place = f"{one.cite.place.en} · {one.cite.place.fr}"
        yield f"| {title} | {asks} | {reads} | {place} | `{one.cite.instrument.id}` |"
        below = record.get(one.how)
        if one.below and isinstance(below, Mapping):
            yield from _criteria(one.below, below, depth + 1)


_JOINED = {
    "all": " (all · tous)",
    "any": " (any · un seul suffit)",
    "readings": " (readings of the law · lectures de la loi)",
}


def _reads(condition: Condition) -> str:
    match condition:
        case Known(column):
            return f"`{column.name}`"
        case Dollars(column, _, by):
            return f"`{column.name}`, `{by.name}`"
        case Abilities(source, _, _, by):
            return f"`{source}`" + (f", `{by.name}`" if by else "")
        case MonthsTest(column):
            return f"`{column}`"
        case Met(named):
            return ", ".join(f"`{name}`" for name in named)
    return "the grid below · la grille ci-dessous"


def _plain(condition: object) -> str:
    """A condition as its file says it, without the columns it reads."""
    record = condition if isinstance(condition, dict) else {}
    left = {
        key: value for key, value in record.items() if key not in ("column", "by", "abilities", "months", "programs")
    }
    return ", ".join(f"{_WORDS.get(key, key)} {_value(value)}" for key, value in left.items()) or "one · un"


_WORDS = {"value": "≥", "values": "=", "list": "≥", "points": "grid · grille", "rows": "≥"}


def _value(value: object) -> str:
    if isinstance(value, list):
        return " ".join(_value(one) if not isinstance(one, list) else f"{one[0]}→{one[1]}" for one in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _grid(node: Node, data: Mapping[str, object], depth: int) -> Iterator[str]:
    rows = data.get("rows", [])
    cells = " ".join(f"{_value(row[0])}→{row[1]}" for row in rows) if isinstance(rows, list) else ""
    title = f"{'– ' * depth}{node.title.en} · {node.title.fr}"
    yield f"| {title} | {cells} | {max(node.maximum)} | {node.cite.place.en} · {node.cite.place.fr} |"
    for child in node.children:
        below = data.get(child.id.rpartition(".")[2])
        yield from _grid(child, below if isinstance(below, dict) else {}, depth + 1)


def _list(name: str, title: str) -> str:
    rows = load_law().list(name)
    kept = [key for key in rows[0].values if not key.startswith("doubt")]
    parts = [
        f"## {title}\n",
        f"| from · du | until | {' | '.join(kept)} | instrument |",
        "|---" * (len(kept) + 3) + "|",
    ]
    for row in rows:
        values = " | ".join(row.values[key] or "–" for key in kept)
        parts.append(f"| {row.start} | {row.until or '–'} | {values} | `{row.instrument}` |")
    doubts = [
        f"- {row.start}: {row.values['doubt_en']} · {row.values['doubt_fr']}"
        for row in rows
        if row.values.get("doubt_en")
    ]
    return "\n".join(parts) + ("\n\n" + "\n".join(doubts) if doubts else "")
