"""The department's names of rounds: of each type, and of each category by the law's own files.

    names = load_law().round_names
    names.read("STEM occupations (Version 1)")     the type, the category and the version that a name says
    names.label("category", "stem", "v1")          a short label for people
    names.categories                               the label of every category, in the order in which they are listed

A category that a law adds has its names and its label in its file, so that its rounds are read without new code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from expressentry.files import fold
from expressentry.law.criteria.categories import Categories, version_words
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.source import Source
from expressentry.text import Text

UNKNOWN = "unknown"
"""The type of a round whose name is not known: it is never guessed."""

# "(Version 2)"; "2026-Version 3"; and of 2023 and 2024 "(2023-1)", where the number is the version, as later renaming
# showed. A later year in that last form could mean something else, and is not read.
_VERSION = re.compile(r"(?:\d{4}\s+)?version (\d+)$|(?:2023|2024) (\d+)$")


class Named(NamedTuple):
    """What a name says: the type of round, and for a category its id and version."""

    type: str
    category: str | None = None
    version: str | None = None


@dataclass(frozen=True, eq=False)
class RoundNames:
    """The names of rounds under one law.

    `types` and `categories` have a short label for each, `usual` the name in English that the department gives a round
    of it; `known` is what each name says, written as `fold` writes it and without its version; `versions` are the
    versions of categories that the law has.
    """

    types: Mapping[str, Text]
    categories: Mapping[str, Text]
    usual: Mapping[str, str] = field(repr=False)
    known: Mapping[str, Named] = field(repr=False)
    versions: frozenset[tuple[str, str]] = field(repr=False)

    def read(self, name: str) -> Named:
        """Read the department's name of a round; a name not known is `unknown`, never guessed.

        >>> from expressentry.law.load import load_law
        >>> load_law().round_names.read("French-Language proficiency 2026-Version 2")
        Named(type='category', category='french', version='v2')
        >>> load_law().round_names.read("Something new, 2027-Version 1").type
        'unknown'
        """
        base, version = _parted(name)
        whole = self.known.get(fold(name))
        if whole is not None:
            return whole
        found = self.known.get(base) if version else None
        if found is None or found.category is None:
            return Named(UNKNOWN)
        return found._replace(version=version)

    def version_of(self, name: str) -> tuple[str, str] | None:
        """The category and version of a round by its name; None for a program, and for a version that is not known.

        >>> from expressentry.law.load import load_law
        >>> load_law().round_names.version_of("Trades Occupations, 2026-Version 3")
        ('trades', 'v3')
        >>> load_law().round_names.version_of("Trades Occupations, 2027-Version 9") is None
        True
        """
        _, category, version = self.read(name)
        found = category or "", version or ""
        return found if found in self.versions else None

    def programs(self, text: str | None) -> tuple[str, ...] | None:
        """The programs that the text of a round names, as ids; None where it names none that are known.

        >>> from expressentry.law.load import load_law
        >>> load_law().round_names.programs("Federal Skilled Worker Program and Canadian Experience Class")
        ('fsw', 'cec')
        """
        if not text:
            return None
        plain = fold(text)
        return tuple(id_ for id_ in PROGRAMS if any(label in plain for label in self._labels[id_]))

    @cached_property
    def _labels(self) -> dict[str, tuple[str, ...]]:
        return {id_: tuple(map(fold, self.types[id_])) for id_ in PROGRAMS}

    def label(self, type_: str, category: str | None = None, version: str | None = None) -> Text:
        """A type of round in words: the category and its version where it has one.

        >>> from expressentry.law.load import load_law
        >>> load_law().round_names.label("category", "stem", "v1").fr
        'STIM (version 1)'
        """
        if category is None:
            return self.types[type_]
        label = self.categories.get(category, Text(category, category))
        return Text("{c} ({v})", "{c} ({v})").fill(c=label, v=version_words(version)) if version else label


def _parted(name: str) -> tuple[str, str | None]:
    """A name without its version, as `fold` writes it, and the version."""
    plain = fold(name)
    found = _VERSION.search(plain)
    return (plain[: found.start()].strip(), f"v{found[1] or found[2]}") if found else (plain, None)


def read_round_names(source: Source, known: Categories) -> RoundNames:
    """The names of rounds: of types from the shipped file, of categories from the categories known."""
    data: Mapping[str, Any] = source.data
    types = {id_: Text(one["label"]["en"], one["label"]["fr"]) for id_, one in data["types"].items()}
    order = [*(id_ for id_ in data["order"] if id_ in known), *(id_ for id_ in known if id_ not in data["order"])]
    labels = {id_: known[id_][-1].label for id_ in order}
    usual = {id_: one["names"][0] for id_, one in data["types"].items() if one["names"]}
    usual |= {id_: known[id_][-1].round_name.en for id_ in order}
    read = {fold(name): Named(id_) for id_, one in data["types"].items() for name in one["names"]}
    for id_ in order:
        for version in known[id_]:
            names = (*version.feed["en"], *version.feed["fr"], *version.title, *version.category_title)
            bases = {_parted(name)[0] for name in (*names, *version.round_name)}
            read |= dict.fromkeys(bases, Named("category", id_))
    versions = frozenset((one.category, one.version) for found in known.values() for one in found)
    return RoundNames(types, labels, usual, read, versions)
