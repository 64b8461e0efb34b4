"""Search: a few words of a job, in English or French, to unit groups of the NOC 2021."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from functools import cache
from io import StringIO
from typing import NamedTuple

from expressentry.errors import Problem, UsageError
from expressentry.noc.codes import FOLDER, noc2016, noc2021, to_2021, units_of
from expressentry.occupations.everyday import is_phrase, readings
from expressentry.occupations.index import Index, Match
from expressentry.occupations.wording import SMALL, plain
from expressentry.suggest import MOST_LETTERS
from expressentry.text import Lang, Text

LANGUAGES: tuple[Lang, ...] = ("en", "fr")

# Below these a hit shares hardly a word with what was typed: `bench/occupations.py` measures what they cost. The words
# of a long text are shared out among many groups, so that its best hit scores less.
_BESIDE_THE_BEST = 0.35
_A_MINOR_GROUP = 4
"""Digits of a minor group: such a code is read as one of the NOC 2016, which has as many."""
_FEW_WORDS, _LEAST_OF_FEW, _LEAST = 4, 0.2, 0.1


class Hit(NamedTuple):
    """A unit group found; `matched` is its title or job title nearest to the words, None when only its duties match.

    The score is 1 for an exact title, and never more for anything else.
    """

    noc: str
    title: Text
    teer: int
    matched: str | None
    language: Lang
    score: float


class JobTitle(NamedTuple):
    """A job title of a unit group, as published; `example` is whether it is shown as one, None when not known."""

    noc: str
    language: Lang
    title: str
    example: bool | None


def search(words: str, lang: Lang | None = None, limit: int = 10) -> list[Hit]:
    """Find the unit groups that a few words may mean, the likeliest first; none where nothing is a good match.

    Args:
        words: A job title, or words of its duties; typing errors, accents, order, number and gender do not matter,
            and everyday words stand for those of the titles ("PSW", "kiné"). A code finds itself, one of the NOC 2016
            its counterparts, that of a group (one to three digits) the unit groups in it.
        lang: Look in one language only; in both unless given.
        limit: How many hits at most.

    Raises:
        UsageError: The limit is below 1.

    >>> [hit.noc for hit in search("sofware enginer", limit=1)]
    ['21231']
    >>> search("infirmiere", limit=1)[0].matched
    'Infirmier/infirmière'
    """
    if limit < 1:
        rule = Text("a whole number, 1 or more", "un nombre entier, 1 ou plus")
        raise UsageError(
            Problem("out_of_range", "limit", rule, Text("ask for 1 or more", "en demander au moins 1"), limit)
        )
    words = words[:MOST_LETTERS]
    code = words.strip()
    if code in noc2021() or code in noc2016():
        codes = (code,) if code in noc2021() else to_2021(code)
        return [_hit(Match(one, 1.0, code), lang or "en") for one in codes[:limit]]
    if inside := units_of(code) if len(code) < _A_MINOR_GROUP else ():
        return [_hit(Match(one.code, 1.0, code), lang or "en") for one in inside[:limit]]
    indexes = {language: index(language) for language in ((lang,) if lang else LANGUAGES)}
    return [_hit(found, language) for found, language in likeliest(words, indexes)[:limit]]


def likeliest(words: str, indexes: Mapping[Lang, Index]) -> list[tuple[Match, Lang]]:
    """What a few words may mean by any of some indexes, the likeliest first, without the weak."""
    best: dict[str, tuple[Match, Lang]] = {}
    everyday = [language for language in indexes if is_phrase(words, language)]
    for language, one in indexes.items():
        if everyday and language not in everyday and not all(map(one.known, plain(words).split())):
            continue  # a word of the other language, and no misspelling of one of this
        for reading in readings(words, language, one.known):
            for found in one.search(reading):
                if found.code not in best or found.score > best[found.code][0].score:
                    best[found.code] = (found, language)
    telling = [word for word in plain(words).split() if not any(word in SMALL[language] for language in indexes)]
    least = _LEAST_OF_FEW if len(telling) <= _FEW_WORDS else _LEAST
    least = max(least, _BESIDE_THE_BEST * max((found.score for found, _ in best.values()), default=0.0))
    good = (pair for pair in best.values() if pair[0].score >= least)
    return sorted(good, key=lambda pair: (-pair[0].score, pair[0].code))


def _hit(found: Match, language: Lang) -> Hit:
    one = noc2021()[found.code]
    return Hit(one.code, one.title, one.teer, found.title, language, round(found.score, 3))


@cache
def index(lang: Lang) -> Index:
    """The index of a language: every title, job title and definition, and in English every duty."""
    titles = [(code, one.title.say(lang)) for code, one in noc2021().items()]
    titles += [(one.noc, one.title) for one in job_titles() if one.language == lang]
    return Index(lang, titles, texts(lang))


def texts(lang: Lang) -> Iterator[tuple[str, str]]:
    """The code and text of every definition and, in English, of every duty."""
    yield from ((code, fr if lang == "fr" else en) for code, en, fr in rows("definitions.csv.gz"))
    if lang == "en":
        yield from ((code, duty) for code, _, duty in rows("duties.csv.gz"))


def job_titles(noc: str | None = None) -> Iterator[JobTitle]:
    """Every job title, or those of one unit group."""
    known = {"1": True, "0": False}
    for line in _lines():
        if noc is None or line.startswith(noc):
            code, lang, example, title = line.split("\t")
            yield JobTitle(code, "fr" if lang == "fr" else "en", title, known.get(example))


@cache
def _lines() -> tuple[str, ...]:
    """The job titles as lines: strings cost the garbage collector nothing, 57,702 records would cost it a pause."""
    with gzip.open(FOLDER / "job_titles.tsv.gz", "rt", encoding="utf-8", newline="\n") as file:
        return tuple(file.read().splitlines()[1:])


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a compressed list, without its header."""
    text = gzip.decompress((FOLDER / name).read_bytes()).decode("utf-8")
    return tuple(map(tuple, csv.reader(StringIO(text, newline=""))))[1:]
