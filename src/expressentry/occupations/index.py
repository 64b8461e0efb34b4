"""An index of titles and texts in one language: which unit group do a few words mean?

Three signs are weighed: the words in all titles and texts of a unit group (a word counts the more the fewer groups
have it), the one title that is nearest, and the next nearest together.
Words that no title has are read as the nearest known ones.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from heapq import nlargest
from math import log, sqrt
from typing import NamedTuple

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from expressentry.occupations.wording import SMALL, Stems, plain
from expressentry.suggest import MOST_LETTERS
from expressentry.text import Lang

# Weights, chosen on titles held out for that purpose; `bench/occupations.py` measures on others.
_WORDS, _NEAREST, _NEXT, _VOTERS = 1.0, 0.2, 0.6, 25
_SATURATION = 1.5  # how often a group must have a word for half its worth
_TEXT = 0.5  # a word of a duty beside a word of a title

_SAME = 0.9999  # the cosine of a title with the same words, but for rounding
_SAME_WORDS, _UNSURE = 0.99, 0.98
_MOST_WORDS, _MOST_MISSPELT = 50, 12
_BEGINNING, _MOST_LONGER = 3, 40
_LONG_WORD, _SLIP, _FIRST_LETTER = 8, 0.25, 0.1
_ALIKE, _MOST_ALIKE = 60, 6

Near = tuple[tuple[str, float], ...]


class Match(NamedTuple):
    """A unit group that words may mean: how likely (1 is an exact title), and its title nearest to them."""

    code: str
    score: float
    title: str | None


class Index:
    """Titles and texts of one language, each with the code of its unit group."""

    def __init__(self, lang: Lang, titles: Sequence[tuple[str, str]], texts: Iterable[tuple[str, str]] = ()) -> None:
        self._titles = titles
        self._stems = Stems(lang)
        places: dict[str, list[int]] = {}
        words: dict[str, list[str]] = {}
        stem_of = self._stems.__getitem__
        for at, line in enumerate(plain("\n".join(title for _, title in titles)).split("\n") if titles else ()):
            found = line.split()
            words.setdefault(titles[at][0], []).extend(found)
            for one in set(map(stem_of, found)):
                places.setdefault(one, []).append(at)
        places.pop("", None)
        # Arrays, because lists of that many numbers make every full garbage collection a pause.
        self._documents = {one: array("I", where) for one, where in places.items()}
        self._worth = {one: log(1 + len(titles) / len(at)) for one, at in self._documents.items()}
        squares = [0.0] * len(titles)
        for one, where in places.items():
            square = self._worth[one] ** 2
            for at in where:
                squares[at] += square
        self._lengths = [sqrt(square) or 1.0 for square in squares]
        self._groups: dict[str, dict[str, float]] = {}
        self._count(words, 1.0)
        described: dict[str, list[str]] = {}
        for code, text in texts:
            described.setdefault(code, []).extend(plain(text).split())
        self._count(described, _TEXT)
        groups = len(words.keys() | described.keys())
        self._group_worth = {one: log(1 + groups / len(codes)) for one, codes in self._groups.items()}
        self._unknown = log(1 + groups)
        self._vocabulary = sorted(self._groups)
        self._near = lru_cache(maxsize=4096)(self._nearest_words)
        self._far = lru_cache(maxsize=4096)(self._distant_words)

    def forget(self) -> None:
        """Forget which words were near those asked before."""
        self._near.cache_clear()
        self._far.cache_clear()

    def _count(self, words: Mapping[str, list[str]], worth: float) -> None:
        """Count the words of each unit group."""
        for code, written in words.items():
            for one, times in Counter(map(self._stems.__getitem__, written)).items():
                if one:
                    codes = self._groups.setdefault(one, {})
                    codes[code] = codes.get(code, 0.0) + times * worth

    def search(self, text: str) -> list[Match]:
        """The unit groups that a text may mean, the likeliest first.

        An exact title comes before all else, then one that differs by order, number or gender. A text without any
        word that is known, or near one, means nothing.
        """
        words = plain(text[:MOST_LETTERS]).split()
        stems = self._stems.of(self._joined(words[:_MOST_WORDS]))
        nears = [self._near(one) for one in stems[:_MOST_MISSPELT]]
        if not any(nears):
            return []
        nears = [near or self._far(one) for one, near in zip(stems, nears, strict=False)]
        nears += [((one, 1.0),) for one in stems[_MOST_MISSPELT:] if one in self._groups]
        by_words = self._by_words(nears)
        nearest: dict[str, list[tuple[float, int]]] = {}
        for at, score in self._by_title(nears).items():
            nearest.setdefault(self._titles[at][0], []).append((score / self._lengths[at], at))
        found = []
        for code in by_words.keys() | nearest.keys():
            top = nlargest(_VOTERS, nearest.get(code, ()))
            score, title = _WORDS * by_words.get(code, 0.0), None
            if top:
                score += _NEAREST * top[0][0] + _NEXT * sum(one for one, _ in top) / _VOTERS
                title = self._titles[top[0][1]][1]
            score = _UNSURE * min(score / (_WORDS + _NEAREST + _NEXT), 1.0)
            for cosine, at in top:
                if cosine > _SAME and score < 1:
                    written = plain(self._titles[at][1]).split()
                    if written == words:
                        score, title = 1.0, self._titles[at][1]
                    elif score <= _UNSURE and set(self._stems.of(written)) == set(stems):
                        score, title = _SAME_WORDS, self._titles[at][1]
            found.append(Match(code, score, title))
        return sorted(found, key=lambda one: (-one.score, one.code))

    def _joined(self, words: Sequence[str]) -> list[str]:
        """The words as the titles write them: "electri cian" is one of theirs, "datascientist" two.

        Two words that no title has together are no way to read one: "blockchain" is neither a block nor a chain.
        """
        joined: list[str] = []
        before = True  # whether the word before is known, or too small to be half of one
        for word in words:
            known = word in SMALL[self._stems.lang] or self.known(word)
            if joined and not (before and known) and self.known(joined[-1] + word):
                joined[-1] += word
            elif known:
                joined.append(word)
            else:
                cuts = range(_BEGINNING, len(word) - _BEGINNING + 1)
                halves = ((word[:cut], word[cut:]) for cut in cuts)
                joined.extend(next((pair for pair in halves if self._together(*pair)), (word,)))
            before = known
        return joined

    def _together(self, *words: str) -> bool:
        """Whether a title has all of some plain words."""
        first, *others = (set(self._documents.get(one, ())) for one in self._stems.of(words))
        return bool(first.intersection(*others))

    def known(self, word: str) -> bool:
        """Whether a title or a text has a plain word."""
        return self._stems.of((word,))[0] in self._groups

    def _nearest_words(self, one: str) -> Near:
        """The known words that a word may mean, each with a weight up to 1: itself, a longer one, a near one."""
        found: dict[str, float] = {}
        at = bisect_left(self._vocabulary, one)
        if len(one) >= _BEGINNING:
            for longer in self._vocabulary[at : at + _MOST_LONGER]:
                if longer.startswith(one):
                    found[longer] = 0.75 * len(one) / len(longer)
        if one in self._groups:
            found[one] = 1.0
        elif len(one) > _BEGINNING:
            slips = 1 if len(one) < _LONG_WORD else 2
            nears = process.extract(one, self._vocabulary, scorer=OSA.distance, score_cutoff=slips, limit=10)
            for near, slips, _ in nears:
                weight = 1 - _SLIP * slips - (_FIRST_LETTER if near[0] != one[0] else 0)
                found[near] = max(found.get(near, 0.0), weight)
        return tuple(sorted(found.items(), key=lambda pair: -pair[1]))

    def _distant_words(self, one: str) -> Near:
        """The known words that look most like one that is near none: beside other words better than nothing."""
        if len(one) <= _BEGINNING:
            return ()
        alike = process.extract(one, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_MOST_ALIKE)
        return tuple((near, ratio / 200) for near, ratio, _ in alike)

    def _by_words(self, nears: Sequence[Near]) -> dict[str, float]:
        """Of each unit group, the share of the words' worth that its titles and texts have."""
        scores: dict[str, float] = {}
        total = 0.0
        for near in nears:
            worth = self._group_worth[near[0][0]] if near else self._unknown
            total += worth
            gains: dict[str, float] = {}
            for one, weight in near:
                most = weight * worth
                for code, times in self._groups[one].items():
                    gain = most * times / (times + _SATURATION)
                    if gains.get(code, 0.0) < gain:
                        gains[code] = gain
            for code, gain in gains.items():
                scores[code] = scores.get(code, 0.0) + gain
        return {code: score / total for code, score in scores.items()}

    def _by_title(self, nears: Sequence[Near]) -> dict[int, float]:
        """Of each title, the cosine to the words, but for the length of the title."""
        scores: dict[int, float] = {}
        square = 0.0
        for near in nears:
            worth = self._worth.get(near[0][0], self._unknown) if near else self._unknown
            square += worth * worth
            gains: dict[int, float] = {}
            for one, weight in near:
                gain = weight * worth * self._worth.get(one, 0.0)
                for at in self._documents.get(one, ()):
                    if gains.get(at, 0.0) < gain:
                        gains[at] = gain
            for at, gain in gains.items():
                scores[at] = scores.get(at, 0.0) + gain
        length = sqrt(square) or 1.0
        return {at: score / length for at, score in scores.items()}
