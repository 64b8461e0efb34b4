"""Pages of the law: one an instrument, a grid, a program; and what changed between any two grids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.law.grid.diff import diff
from expressentry.law.grid.tree import Grid, Leaf, Node
from expressentry.law.instruments import Instrument
from expressentry.law.law import unknown_id
from expressentry.law.schema import Columns
from expressentry.law.verify.links import statute_compared
from expressentry.text import FLAG_WORDS, Text
from expressentry.web.pages.render import page
from expressentry.web.request import state_of

router = APIRouter()
STATUS = {
    "in_force": Text("in force", "en vigueur"),
    "published": Text("published, not yet in force", "publié, pas encore en vigueur"),
    "proposed": Text("proposed", "projet"),
    "unestablished": Text("in force, not read by us", "en vigueur, non lu par nous"),
}
CONFIDENCE = {
    "primary": Text("read in the official text", "lu dans le texte officiel"),
    "three_secondary": Text("three other sources that agree", "trois autres sources concordantes"),
    "one_source": Text("one source", "une seule source"),
    "unverified": Text("not verified", "non vérifié"),
}
KIND = {
    "ministerial_instruction": Text("Ministerial Instruction", "Instruction ministérielle"),
    "public_policy": Text("Public policy", "Politique d'intérêt public"),
    "program_update": Text("Program update", "Mise à jour de programme"),
    "guidance": Text("Guidance", "Lignes directrices"),
    "consolidation": Text("Consolidation", "Codification"),
    "consultation": Text("Consultation", "Consultation"),
    "regulations": Text("Regulations", "Règlement"),
    "act": Text("Act", "Loi"),
}
_HOW = {
    "value": Text("{s}", "{s}"),
    "lowest": Text("lowest of {s}", "plus basse de {s}"),
    "each": Text("each of {s}", "chacune de {s}"),
}
_GROUPS = {
    "first": Text("the first language", "la première langue"),
    "second": Text("the second language", "la deuxième langue"),
    "english": Text("English", "l'anglais"),
    "french": Text("French", "le français"),
    "partner": Text("the partner's language", "la langue du conjoint"),
}


@router.get("/law")
async def law(request: Request) -> Response:
    """Instruments, grids, programs, and the form that compares two grids."""
    state = state_of(request)
    known = sorted(state.law.instruments.values(), key=lambda one: str(one.in_force or one.checked), reverse=True)
    values = {
        "instruments": known,
        "grids": state.law.grids[::-1],
        "programs": state.rules(state.today()).selection.programs,
        "status": STATUS,
        "kind": KIND,
        "proposals": state.law.proposals,
    }
    return page(request, "law.html", values)


@router.get("/law/diff")
async def changes(request: Request) -> Response:
    """What changed between two grids."""
    law_ = state_of(request).law
    grids = law_.grids
    a, b = (request.query_params.get(name, "")[:60] for name in ("a", "b"))
    before, after = law_.grid(a or grids[-2].id), law_.grid(b or grids[-1].id)
    values = {"grids": grids[::-1], "before": before, "after": after, "changes": diff(before, after)}
    return page(request, "diff.html", values)


@router.get("/law/programs/{program}")
async def program(request: Request, program: str) -> Response:
    """One program as it is today."""
    state = state_of(request)
    selection = state.rules(state.today()).selection
    known = {one.program: one for one in selection.programs}
    if program not in known:
        raise unknown_id(program[:60], known)
    fsw = selection.fsw if program == "fsw" else None
    values = {
        "one": known[program],
        "grid": fsw,
        "places": places_of(fsw, state.law.columns) if fsw else [],
        "confidence": CONFIDENCE,
    }
    return page(request, "program.html", values)


@router.get("/law/{id_}")
async def one_law(request: Request, id_: str) -> Response:
    """One instrument, or one grid."""
    law_ = state_of(request).law
    if id_ in law_.instruments:
        return page(request, "instrument.html", _instrument(law_.instruments[id_], law_.grids))
    grids, streams = {grid.id: grid for grid in law_.grids}, law_.streams
    if id_ in streams.instruments:
        found = _instrument(streams.instruments[id_], tuple(streams.grids.values()))
        found["streams"] = [one for one in streams.versions if one.cite.instrument.id == id_]
        return page(request, "instrument.html", found)
    if id_ not in grids and id_ not in streams.grids:
        raise unknown_id(id_[:60], [*law_.instruments, *grids, *streams.instruments, *streams.grids])
    of_streams = id_ in streams.grids
    grid = streams.grids[id_] if of_streams else grids[id_]
    known = (grid,) if of_streams else tuple(law_.grids)
    at = known.index(grid)
    values = {
        "grid": grid,
        "places": places_of(grid, streams.columns if of_streams else law_.columns),
        "before": known[at - 1] if at else None,
        "after": known[at + 1] if at + 1 < len(known) else None,
        "confidence": CONFIDENCE,
        "used_by": [one for one in streams.versions if id_ in one.grids],
    }
    return page(request, "grid.html", values)


def _instrument(one: Instrument, grids: Sequence[Grid]) -> dict[str, Any]:
    cited = [
        (grid, [node for node in grid.root.walk() if node is not grid.root and _cites(node, one)]) for grid in grids
    ]
    return {
        "one": one,
        "streams": [],
        "compared": statute_compared(one),
        "made": [grid for grid in grids if grid.made_by.id == one.id],
        "cited": [(grid, nodes) for grid, nodes in cited if nodes],
        "status": STATUS,
        "kind": KIND,
        "confidence": CONFIDENCE,
    }


def _cites(node: Node, one: Instrument) -> bool:
    return node.own_cite and node.cite.instrument.id == one.id


def places_of(grid: Grid, columns: Columns) -> list[dict[str, Any]]:
    """Every place of a grid with its table as written."""
    return [
        {
            "node": node,
            "depth": min(node.id.count(".") + 2, 6) if node is not grid.root else 2,
            "root": node is grid.root,
            "table": _table(node.leaf, columns) if node.leaf else None,
        }
        for node in grid.root.walk()
    ]


def _table(leaf: Leaf, columns: Columns) -> tuple[list[object], list[list[object]]]:
    """Headings and rows: a value and its points, or one column for each value of the second input."""
    names = [_HOW[one.how].fill(s=_named(one.source, columns)) for one in leaf.inputs]
    if len(names) > 1:
        heads: list[object] = [
            names[0],
            *(Text("{n} {c}+", "{n} {c}+").fill(n=names[1], c=_shown(c)) for c in leaf.columns),
        ]
    elif any(len(row) > 2 for row in leaf.rows):
        heads = [names[0], Text("alone", "seul"), Text("accompanied", "accompagné")]
    else:
        heads = [names[0], Text("points", "points")]
    column = columns.by_name.get(leaf.inputs[0].source)
    labels = column.labels if column else {}
    return heads, [[labels.get(row[0], _shown(row[0])), *map(_shown, row[1:])] for row in leaf.rows]


def _named(source: str, columns: Columns) -> Text:
    column = columns.by_name.get(source)
    return column.title if column else _GROUPS.get(source, Text(source, source))


def _shown(value: object) -> object:
    return FLAG_WORDS[value] if isinstance(value, bool) else value
