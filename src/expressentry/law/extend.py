"""Law that says only what it changes: a base, what is added or replaced in it, and what is removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from expressentry.law.pieces import Piece
from expressentry.law.source import Source
from expressentry.text import Text

Table = dict[str, Any]

_VALUES = ("title", "place", "doubt", "table", "grid", "at_least", "is_in", "ask", "labels", "feed", "goal", "eoi")
"""Keys whose value may be a table in a line, and is no place of its own."""

_SETS = ("table", "grid", "rows", "columns", "cap", "when", "best_of", "at_least", "is_in", "ask")
"""Keys that set what a place pays or asks."""


def extended(
    source: Source, path: tuple[str, ...], change: Mapping[str, Any], known: Sequence[Piece], made_by: str | None
) -> Table:
    """A grid or program with what it `extends`: places are joined by name, those under `remove` left out.

    A place that the change sets, and that names no instrument, cites the instrument that made the change; the places
    below it that the base keeps go on citing what they cited.
    """
    base_id = change.get("extends")
    if base_id is None:
        return dict(change)
    base = next((piece for piece in known if piece.id == base_id), None)
    if base is None:
        fix = Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(piece.id for piece in known))
        source.wrong("unknown_id", (*path, "extends"), Text("unknown id", "identifiant inconnu"), fix, base_id)
        source.finish()
        return dict(change)
    whole = dict(base.open().data if base.data is None else base.data)
    for key in ("replaces", "extends", "remove", "status", "made_by", "id", "in_force"):
        whole.pop(key, None)
    for name in change.get("remove", ()):
        if not _drop(whole, str(name).split(".")):
            rule = Text("no such place in {id}", "aucun tel élément dans {id}").fill(id=base_id)
            source.wrong("unknown_place", (*path, "remove"), rule, _CORRECT, name)
    rest = {key: value for key, value in change.items() if key not in ("extends", "remove")}
    return _joined(whole, rest, made_by, inherited=whole.get("instrument"), top=True)


def extended_version(
    versions: Mapping[str, Any], change: Mapping[str, Any], made_by: str | None, start: date | None
) -> Table:
    """A version of a category with the one that it `extends`; `add` and `remove` are occupations."""
    base = dict(versions.get(str(change.get("extends")), {}))
    for key in ("until", "doubt", "confidence"):
        base.pop(key, None)
    codes = [code for code in base.get("occupations", ()) if code not in change.get("remove", ())]
    found = {**base, "feed": {"en": [], "fr": []}} if base else {"feed": {"en": [], "fr": []}}
    found |= {key: value for key, value in change.items() if key not in ("extends", "remove", "add", "replaces")}
    if "extends" in change or "add" in change:
        found.setdefault("occupations", [])
        found["occupations"] = change.get("occupations", [*codes, *change.get("add", ())])
    if "instrument" not in change and made_by is not None:
        found["instrument"] = made_by
    if "in_force" not in change and start is not None:
        found["in_force"] = start
    return found


def _drop(table: Table, names: list[str]) -> bool:
    """Leave out a place by its dotted name; False where there is none."""
    *above, last = names
    for name in above:
        found = table.get(name)
        if not isinstance(found, dict):
            return False
        table[name] = dict(found)
        table = table[name]
    return table.pop(last, None) is not None


def _joined(base: Table, change: Mapping[str, Any], made_by: str | None, inherited: object, *, top: bool) -> Table:
    own = base.get("instrument", inherited)
    found = dict(base)
    set_here = bool(change.keys() & set(_SETS))
    if set_here:
        for key in {"table", "grid", "at_least", "is_in", "ask"} & change.keys():
            for other in {"table", "grid", "columns"} if key in ("table", "grid") else {"at_least", "is_in", "ask"}:
                found.pop(other, None)
    for key, value in change.items():
        if isinstance(value, dict) and key not in _VALUES:
            old = found.get(key)
            below = dict(old) if isinstance(old, dict) else {}
            found[key] = _joined(below, value, made_by, own, top=False)
        else:
            found[key] = value
    if set_here and "instrument" not in change and made_by is not None and not top:
        found["instrument"] = made_by
        for key, value in base.items():
            kept = isinstance(value, dict) and key not in _VALUES and "instrument" not in value
            if kept and key not in change and isinstance(own, str):
                found[key] = {**value, "instrument": own}
    return found


_CORRECT = Text("correct the name", "corriger le nom")
