"""Countries: the codes that a profile may name, and what a wrong one was probably meant to be.

    countries()["PH"].fr          'Philippines'
    meant_by("Morroco")           'MA'

The codes are those of ISO 3166-1, and XK for Kosovo, which has none there. Codes that ISO leaves to users, and those of
groups of countries (EU), are refused: a typing error must not become a place where nobody worked.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from expressentry.errors import Problem
from expressentry.files import fold
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Lang, Text

CANADA = "CA"


@cache
def countries() -> Mapping[str, Text]:
    """Every country by its code of two letters, with its name.

    >>> len(countries()), countries()["GB"].en
    (250, 'United Kingdom')
    """
    return MappingProxyType({row["code"]: Text(row["en"], row["fr"]) for row in _rows()})


def meant_by(written: str) -> str | None:
    """The code of the country that was meant by a name, another code or a misspelt name; None where none is near.

    >>> [meant_by(written) for written in ("UK", "ind", "Morroco", "états unis", "EU")]
    ['GB', 'IN', 'MA', 'US', None]
    """
    known = _by_name()
    letters = fold(written)
    if letters in known:
        return known[letters]
    near = suggestion(written, known) if len(letters) > len("IND") else None
    return known[near] if near else None


def named(written: str) -> str | None:
    """The code of a country whose code or name this is, in either language; None for anything else.

    >>> [named(written) for written in ("Philippines", "états-unis", "Cote d'Ivoire", "Morroco")]
    ['PH', 'US', 'CI', None]
    """
    return _by_name().get(fold(written))


@cache
def inhabited(lang: Lang) -> tuple[str, ...]:
    """The countries in which people live, study and work, Canada first, in the order of their names in a language.

    >>> inhabited("en")[:3], "AQ" in inhabited("en")
    (('CA', 'AF', 'AX'), False)
    """
    codes = (code for code in countries() if code not in _UNINHABITED)
    return tuple(sorted(codes, key=lambda code: (code != CANADA, fold(countries()[code].say(lang)))))


def country_problem(field: str, value: object) -> Problem:
    """The problem of a value that is no country's code."""
    near = meant_by(value) if isinstance(value, str) else None
    fix = did_you_mean(_NAMED.fill(code=near, name=countries()[near])) if near else _LOOK
    return Problem.outside(field, _RULE, value, fix, code="wrong_value")


@cache
def _by_name() -> Mapping[str, str]:
    """The codes by every other code and name in use, folded."""
    found: dict[str, str] = {}
    for row in _rows():
        for name in (row["code"], row["en"], row["fr"], *row["also"].split()):
            found[fold(name)] = row["code"]
    return found


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    with (_FOLDER / "countries.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


_FOLDER = Path(__file__).parent.parent / "data"
_NAMED = Text("{code} ({name})", "{code} ({name})")
_UNINHABITED = frozenset(("AQ", "BV", "GS", "HM", "TF", "UM"))
_RULE = Text("a country's code of two letters (CA, FR, IN)", "un code de pays de deux lettres (CA, FR, IN)")
_LOOK = Text("write the country's ISO code, for example PH", "écrire le code ISO du pays, par exemple PH")
