"""Where a citation can be read, and up to which day its words were compared."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from expressentry.law.instruments import Cite, Instrument
from expressentry.law.verify import known
from expressentry.law.verify.citations import references
from expressentry.text import Lang

_KEPT = 4096


def link(cite: Cite, lang: Lang) -> str:
    """The address of the section that a place names, at Justice Laws in a language; else that of the instrument.

    >>> from expressentry.law.load import load_law
    >>> link(load_law().fsw_grids[0].root.children[0].cite, "fr")
    'https://laws-lois.justice.gc.ca/fra/reglements/DORS-2002-227/article-79.html'
    """
    found = _named(cite.place.en, known.statute_of(cite.instrument))
    if found is None:
        return cite.instrument.address
    statute, section = found
    return known.statutes()[statute].link(section, lang)


def compared_until(cite: Cite) -> date | None:
    """The day of the consolidation with which the words of a place were last compared; None where none were."""
    found = _named(cite.place.en, known.statute_of(cite.instrument))
    if found is None:
        return None
    return _consolidated(found[0])


def statute_compared(instrument: Instrument) -> date | None:
    """The day of the consolidation with which the places of an act or a regulation were last compared."""
    statute = known.statute_of(instrument)
    return None if statute is None else _consolidated(statute)


def _consolidated(statute: str) -> date | None:
    day: date | None = known.compared().get(statute, {}).get("consolidated")
    return day


@lru_cache(_KEPT)
def _named(place: str, usual: str | None) -> tuple[str, str] | None:
    """The statute and the first section that a place names, where its own instrument is that statute."""
    if usual is None:
        return None
    return next(((one.statute, one.path[0]) for one in references(place, usual) if one.statute == usual), None)
