"""From the department's names of rounds, in English or French and in every spelling, to type, category and version."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from expressentry.text import Text


class Named(NamedTuple):
    """What a name says: the type of round, and for a category its id and version."""

    type: str
    category: str | None = None
    version: str | None = None


TYPES = {
    "no_program": Text("No program specified", "Aucun programme précisé"),
    "general": Text("General", "Générale"),
    "cec": Text("Canadian Experience Class", "Catégorie de l'expérience canadienne"),
    "fsw": Text("Federal Skilled Worker", "Travailleurs qualifiés (fédéral)"),
    "fst": Text("Federal Skilled Trades", "Travailleurs de métiers spécialisés (fédéral)"),
    "pnp": Text("Provincial Nominee Program", "Candidats des provinces"),
    "category": Text("Category", "Catégorie"),
    "unknown": Text("Unknown name", "Nom inconnu"),
}
"""Every type of round: a closed set. `unknown` is a name that this list does not have; it is never guessed."""

CATEGORIES = {
    "french": Text("French", "Français"),
    "healthcare": Text("Healthcare", "Santé"),
    "stem": Text("STEM", "STIM"),
    "trades": Text("Trades", "Métiers"),
    "transport": Text("Transport", "Transports"),
    "agriculture": Text("Agriculture", "Agriculture"),
    "education": Text("Education", "Éducation"),
    "physicians": Text("Physicians", "Médecins"),
    "senior_managers": Text("Senior managers", "Cadres supérieurs"),
    "researchers": Text("Researchers", "Chercheurs"),
    "military": Text("Military recruits", "Recrues militaires"),
}

# As published, or as the instructions name the category; accents, case, hyphens and apostrophes do not count.
_NAMES = {
    "no_program": ("No Program Specified", "Aucun programme spécifié", "Aucun programme précisé"),
    "general": ("General", "Général", "Générale"),
    "cec": ("Canadian Experience Class", "Catégorie de l'expérience canadienne"),
    "fsw": (
        "Federal Skilled Worker",
        "Federal Skilled Worker Program",
        "Travailleurs qualifiés (fédéral)",
        "Programme des travailleurs qualifiés (fédéral)",
    ),
    "fst": (
        "Federal Skilled Trades",
        "Federal Skilled Trades Program",
        "Travailleurs de métiers spécialisés (fédéral)",
        "Programme des travailleurs de métiers spécialisés (fédéral)",
    ),
    "pnp": (
        "Provincial Nominee Program",
        "Provincial Nominee Class",
        "Candidats des provinces",
        "Programme des candidats des provinces",
    ),
}
_CATEGORY_NAMES = {
    "french": ("French language proficiency", "Compétence linguistique en français"),
    "healthcare": (
        "Healthcare occupations",
        "Healthcare and social services occupations",
        "Professions de la santé",
        "Professions de la santé et des services sociaux",
    ),
    "stem": (
        "STEM occupations",
        "Science, Technology, Engineering and Math (STEM) occupations",
        "Professions des STIM",
    ),
    "trades": ("Trade occupations", "Trades occupations", "Métiers spécialisés", "Métiers"),
    "transport": ("Transport occupations", "Métiers des transports"),
    "agriculture": ("Agriculture and agri-food occupations", "Métiers de l'agriculture et de l'agroalimentaire"),
    "education": ("Education occupations", "Professions de l'éducation"),
    "physicians": (
        "Physicians with Canadian work experience",
        "Médecins ayant de l'expérience de travail au Canada",
    ),
    "senior_managers": (
        "Senior managers with Canadian work experience",
        "Cadres supérieurs/cadres supérieures ayant de l'expérience de travail au Canada",
        "Cadres supérieurs ayant de l'expérience de travail au Canada",
    ),
    "researchers": (
        "Researchers with Canadian work experience",
        "Chercheurs ayant de l'expérience de travail au Canada",
    ),
    "military": ("Skilled military recruits", "Recrues militaires qualifiées"),
}

# "(Version 2)"; "2026-Version 3"; and of 2023 and 2024 "(2023-1)", where the number is the version, as later renaming
# showed. A later year in that last form could mean something else, and is not read.
_VERSION = re.compile(r"(?:\d{4}\s+)?version (\d+)$|(?:2023|2024) (\d+)$")


def read_name(name: str) -> Named:
    """Read the department's name of a round; a name not known is `unknown`, never guessed.

    >>> read_name("French-Language proficiency 2026-Version 2")
    Named(type='category', category='french', version='v2')
    >>> read_name("Professions de l’éducation (Version 1)").category
    'education'
    >>> read_name("Something new, 2027-Version 1")
    Named(type='unknown', category=None, version=None)
    """
    plain = _plain(name)
    if plain in _BY_NAME:
        return _BY_NAME[plain]
    version = _VERSION.search(plain)
    base = _BY_NAME.get(plain[: version.start()].strip()) if version else None
    if version is None or base is None or base.category is None:
        return Named("unknown")
    return base._replace(version=f"v{version[1] or version[2]}")


def published_name(type_: str, category: str | None = None) -> str:
    """The department's English name of a type of round, or of a category without its version.

    >>> published_name("category", "french")
    'French language proficiency'
    """
    return (_NAMES[type_] if category is None else _CATEGORY_NAMES[category])[0]


def _plain(name: str) -> str:
    """Letters and digits in small letters, without accents; anything else is one blank."""
    parts = unicodedata.normalize("NFKD", name)
    text = "".join(part for part in parts if not unicodedata.combining(part))
    return re.sub(r"[^a-z0-9]+", " ", text.lower()).strip()


_BY_NAME = {_plain(name): Named(type_) for type_, names in _NAMES.items() for name in names} | {
    _plain(name): Named("category", category) for category, names in _CATEGORY_NAMES.items() for name in names
}

_PROGRAMS = {
    "fsw": ("federal skilled worker", "travailleurs qualifies federal"),
    "cec": ("canadian experience class", "categorie de l experience canadienne"),
    "fst": ("federal skilled trades", "travailleurs de metiers specialises federal"),
    "pnp": ("provincial nominee program", "candidats des provinces"),
}


def read_programs(text: str | None) -> tuple[str, ...] | None:
    """The programs that a round names, as ids; None where the record does not tell.

    >>> read_programs("Federal Skilled Worker Program, Canadian Experience Class and Federal Skilled Trades Program")
    ('fsw', 'cec', 'fst')
    """
    if not text:
        return None
    plain = _plain(text)
    return tuple(id_ for id_, spellings in _PROGRAMS.items() if any(spelling in plain for spelling in spellings))


def type_label(type_: str, category: str | None = None, version: str | None = None) -> Text:
    """A round's type in words: the category and its version where it has one.

    >>> type_label("category", "stem", "v1").fr
    'STIM v1'
    """
    if category is None:
        return TYPES[type_]
    label = CATEGORIES.get(category, Text(category, category))
    return Text(f"{label.en} {version}", f"{label.fr} {version}") if version else label
