"""The last comparison of each page of the department: kept in the user's folder, shown where law is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from expressentry.dates import long_day, parse_day
from expressentry.documents import load_json, read_bytes
from expressentry.errors import FileError
from expressentry.files import PUBLIC, unwritable, write_atomically
from expressentry.law.law import Law
from expressentry.law.rule_set import LawWarning
from expressentry.rounds.fetch import DEPARTMENT, is_address
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.law.verify.pages.model import Found

KEPT = "pages.json"
"""The file in the user's folder: for each kind of page the last comparison."""

_NAMES = {
    "crs": Text("page of CRS criteria", "page des critères du SCG"),
    "language": Text("page of language tests", "page des tests de langue"),
    "funds": Text("page of settlement funds", "page des fonds d'établissement"),
    "categories": Text("page of categories", "page des catégories"),
    "cec": Text("page of the Canadian Experience Class", "page de la catégorie de l'expérience canadienne"),
    "fsw": Text("page of federal skilled workers", "page des travailleurs qualifiés (fédéral)"),
    "fst": Text("page of federal skilled trades", "page des métiers spécialisés (fédéral)"),
}


def is_own_page(address: str) -> bool:
    """Whether an address is one of the department's own host: only such a page says anything to others."""
    return is_address(address) and urlsplit(address).hostname == DEPARTMENT


def keep_page(home: Path, found: Found, law: Law, address: str, on: date) -> None:
    """Keep the comparison of a page of the department, in the place of the one before.

    Raises:
        FileError: The folder cannot be written.
    """
    kept = _read(home)
    kept[found.kind] = {
        "address": address,
        "modified": found.day.isoformat() if found.day else None,
        "on": on.isoformat(),
        "differing": len(found.rows) - found.count("same"),
        "not_understood": len(found.unread),
        "digest": law.on(found.day).digest if found.day else None,
    }
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(home, error) from None
    write_atomically(home / KEPT, json.dumps(kept, ensure_ascii=False, indent=1) + "\n", mode=PUBLIC)


@dataclass(frozen=True, slots=True)
class PageChange:
    """A page that differs from the law, or was not understood: its day, and what to say of it.

    `id` is another wherever the page or what differs is.
    """

    id: str
    day: date
    message: Text


def page_changes(home: Path | None, law: Law) -> tuple[PageChange, ...]:
    """The department's pages that differ, as they were when last compared with this very law."""
    found = []
    for kind, one in sorted(_read(home).items() if home is not None else ()):
        try:
            modified, differing, unread = parse_day(one["modified"]), int(one["differing"]), int(one["not_understood"])
            same_law = law.on(modified).digest == one["digest"]
        except (KeyError, TypeError, ValueError):
            continue
        if kind in _NAMES and same_law and (differing or unread):
            wording = _DIFFERS if differing else _UNREAD
            message = wording.fill(page=_NAMES[kind], day=long_day(modified), n=differing)
            found.append(PageChange(f"page|{kind}|{modified}|{differing}|{unread}", modified, message))
    return tuple(found)


def page_warnings(home: Path | None, law: Law) -> tuple[LawWarning, ...]:
    """Warnings about the department's pages that differ from the law."""
    return tuple(LawWarning("page_differs", one.message) for one in page_changes(home, law))


def _read(home: Path | None) -> dict[str, Any]:
    """What is kept; nothing where nothing is, or where it cannot be read: it can be compared again."""
    if home is None:
        return {}
    try:
        kept = load_json(read_bytes(home / KEPT))
    except (FileError, ValueError):
        return {}
    return {str(kind): one for kind, one in kept.items()} if isinstance(kept, dict) else {}


_DIFFERS = Text(
    "the department's {page} changed on {day}: figures that differ from the rules used here: {n}",
    "la {page} du ministère a changé le {day} : chiffres qui diffèrent des règles appliquées ici : {n}",
)
_UNREAD = Text(
    "the department's {page} changed on {day}, and its new form could not be read",
    "la {page} du ministère a changé le {day}, et sa nouvelle forme n'a pas pu être lue",
)
