"""A page of the department beside the law of the page's own day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from expressentry.dates import START
from expressentry.errors import FileError, Problem
from expressentry.law.law import Law
from expressentry.law.verify.pages.conditions import compare_program
from expressentry.law.verify.pages.crs.compare import compare_crs
from expressentry.law.verify.pages.html import Page, read_page
from expressentry.law.verify.pages.labels import fits, page_data
from expressentry.law.verify.pages.model import Found
from expressentry.law.verify.pages.others import compare_categories, compare_funds, compare_languages
from expressentry.text import Text

KINDS: Mapping[str, Text] = {
    "crs": Text("criteria of the Comprehensive Ranking System", "critères du Système de classement global"),
    "language": Text("language tests", "tests de langue"),
    "funds": Text("proof of funds", "preuve de fonds"),
    "categories": Text("category-based rounds", "rondes fondées sur les catégories"),
    "cec": Text("who can apply: Canadian Experience Class", "qui peut présenter une demande : expérience canadienne"),
    "fsw": Text("who can apply: Federal Skilled Worker", "qui peut présenter une demande : travailleurs qualifiés"),
    "fst": Text("who can apply: Federal Skilled Trades", "qui peut présenter une demande : métiers spécialisés"),
}
"""The pages that can be compared."""

PROGRAM_PAGES = ("cec", "fsw", "fst")
_WORDS = Text(
    "the words around the figures: what must be proved, and what is excluded",
    "les mots autour des chiffres : ce qu'il faut prouver et ce qui est exclu",
)

NOT_COMPARED: Mapping[str, Text] = {
    "crs": Text("sentences outside the tables", "les phrases hors des tableaux"),
    "language": Text("sentences outside the tables", "les phrases hors des tableaux"),
    "funds": Text(
        "sentences outside the table, such as who needs no proof of funds",
        "les phrases hors du tableau, par exemple qui n'a pas besoin de preuve de fonds",
    ),
    "categories": Text(
        "the names of occupations (a list is its codes) and the words of conditions beyond their figures, names of "
        "categories, breaks and place of work",
        "les noms des professions (une liste, ce sont ses codes) et les mots des conditions hors leurs chiffres, les "
        "noms des catégories, les interruptions et le lieu de travail",
    ),
    **dict.fromkeys(PROGRAM_PAGES, _WORDS),
}
"""What of each page is not compared: a result says nothing about it."""

_OTHERS: Mapping[str, Callable[..., None]] = {
    "language": compare_languages,
    "funds": compare_funds,
    "categories": compare_categories,
    **{program: partial(compare_program, program) for program in PROGRAM_PAGES},
}


def compare_page(data: bytes, name: str, law: Law) -> Found:
    """Compare a page with the law of the day that is at its foot.

    Raises FileError where it is no page, none of those that are known, or has no day.
    """
    page = read_page(data, name)
    kind = kind_of(page)
    if kind is None:
        listed = Text("; ", " ; ").join(KINDS.values())
        raise FileError(Problem("unknown_page", name, _UNKNOWN, _ONE_OF.fill(all=listed), page.title[:200]))
    if page.modified is None or page.modified < START:
        raise FileError(Problem("no_day", name, _NO_DAY, _WHOLE))
    grid = law.on(page.modified).crs
    found = Found(kind, page.lang, page.modified, grid.id)
    if kind == "crs":
        compare_crs(page, grid, found)
    else:
        _OTHERS[kind](page, law, found, page.modified)
    return found


def kind_of(page: Page) -> str | None:
    """Which of the known pages it is, by its title."""
    return next((kind for kind in KINDS if fits(page_data()[kind]["title"], page.title, page.lang)), None)


_UNKNOWN = Text("no page that can be compared, by its title", "aucune page qui se compare, d'après son titre")
_ONE_OF = Text("give one of the pages: {all}", "donner l'une des pages : {all}")
_NO_DAY = Text(
    "the day on which the page was modified is missing, or is before Express Entry",
    "le jour de la dernière modification de la page manque, ou précède Entrée express",
)
_WHOLE = Text("save the whole page, its foot too", "enregistrer la page entière, avec son pied")
