"""(f) Search of occupations: titles that the index has never seen, in four forms, beside two simple peers.

Of each language 2,000 job titles are held out: 1,000 on which the weights of the search were chosen, and 1,000 on
which it is measured here. A title counts as found when the unit group it belongs to is the first, or among the first
five or ten. French titles are asked in one gender, the masculine and the feminine by turns, as people write them.

Beside them `tests/occupations/everyday.csv`: what people call their job, written down before the list of everyday
words was made, each with every unit group that would be a right answer.
"""

from __future__ import annotations

import csv
import random
import statistics
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from rapidfuzz import fuzz, process

from bench.measure import report
from expressentry.noc.codes import noc2021
from expressentry.occupations.everyday import phrases
from expressentry.occupations.index import Index
from expressentry.occupations.search import LANGUAGES, index, job_titles, likeliest, search, texts
from expressentry.occupations.wording import plain
from expressentry.text import Lang

HELD_OUT, PEERS_SEE = 1000, 60
EVERYDAY = Path(__file__).parent.parent / "tests" / "occupations" / "everyday.csv"
FIRST = (1, 5, 10)
Titles = list[tuple[str, str]]
Finder = Callable[[str], list[str]]


def bench() -> None:
    """Measure how often and how fast the right unit group is found."""
    begun = time.process_time()
    for lang in LANGUAGES:
        index(lang)
    load = time.process_time() - begun
    report("(f) occupations: both indexes loaded", load, "s", "≤ 1", met=load <= 1)
    held: dict[Lang, Titles] = {}
    kept: dict[Lang, Titles] = {}
    for lang in LANGUAGES:
        titles = [(one.noc, one.title) for one in job_titles() if one.language == lang]
        random.Random(f"held {lang}").shuffle(titles)
        held[lang] = titles[HELD_OUT : 2 * HELD_OUT]
        kept[lang] = [(code, one.title.say(lang)) for code, one in noc2021().items()] + titles[2 * HELD_OUT :]
    finders = {"this": ours(kept), "rapidfuzz WRatio": fuzzy(kept), "substring": substring(kept)}
    for lang in LANGUAGES:
        for form, queries in forms(held[lang], lang).items():
            line = recall(finders["this"], queries)
            print(f"    {lang} {form:<22} recall@1/5/10 of {len(queries)}: {shown(line)}", flush=True)
            few = queries[:PEERS_SEE]
            found = {name: recall(finder, few) for name, finder in finders.items()}
            more = "; ".join(f"{name} {shown(line)}" for name, line in found.items())
            best = max(line[2] for name, line in found.items() if name != "this")
            what, margin = f"(f) {lang} {form}: recall@10 above the better peer", found["this"][2] - best
            report(what, margin, "", f"≥ 0, of {len(few)}", met=margin >= 0, more=more)
        misses = wrong(finders["this"], forms(held[lang], lang)["as published"])
        near = sum(code[0] == found[:1] for code, found in misses)
        print(f"    {lang} wrong first hits {len(misses)}, of them in the right broad category {near}", flush=True)
    everyday()
    speed([text for lang in LANGUAGES for queries in forms(held[lang], lang).values() for _, text in queries[:250]])


def everyday() -> None:
    """Measure everyday titles, with and without those that the list of everyday words has as they are."""
    listed = {(one.language, " ".join(plain(one.words).split())) for one in phrases()}
    with EVERYDAY.open(encoding="utf-8", newline="") as file:
        rows = [(row["language"], row["words"], row["right"].split()) for row in csv.DictReader(file)]
    whole = {lang: index(lang) for lang in LANGUAGES}
    for lang in LANGUAGES:
        every = [(words, right) for of, words, right in rows if of == lang]
        others = [pair for pair in every if (lang, " ".join(plain(pair[0]).split())) not in listed]
        for what, asked in (("all", every), ("not in the list", others)):
            for name, find in (("titles alone", _by_titles), ("with everyday words", _first_ten)):
                found = [(right, find(words, whole)) for words, right in asked]
                line = [sum(bool({*right} & {*hits[:first]}) for right, hits in found) / len(found) for first in FIRST]
                hits = sum(len(hits) for _, hits in found) / len(found)
                print(f"    {lang} everyday, {what} ({len(asked)}), {name}: {shown(line)}, {hits:.1f} hits", flush=True)


def _by_titles(text: str, indexes: dict[Lang, Index]) -> list[str]:
    """The first ten hits of the indexes alone, however weak."""
    best: dict[str, float] = {}
    for one in indexes.values():
        for found in one.search(text):
            best[found.code] = max(best.get(found.code, 0.0), found.score)
    return sorted(best, key=lambda code: (-best[code], code))[: FIRST[-1]]


def _first_ten(text: str, indexes: dict[Lang, Index]) -> list[str]:
    """The first ten hits as the search gives them."""
    return [found.code for found, _ in likeliest(text, indexes)][: FIRST[-1]]


def speed(queries: list[str]) -> None:
    """Time whole searches in both languages, in processor time, the index complete, no word met before."""
    for lang in LANGUAGES:
        index(lang).forget()
    taken = []
    for text in queries:
        begun = time.process_time()
        search(text)
        taken.append((time.process_time() - begun) * 1e3)
    taken.sort()
    most = taken[int(len(taken) * 0.99)]
    more = f"median {statistics.median(taken):.1f}, slowest {taken[-1]:.0f} of {len(taken)}"
    report("(f) a search in both languages, 99 of 100", most, "ms", "≤ 20", met=most <= 20, more=more)


def recall(finder: Finder, queries: Titles) -> list[float]:
    """The share of queries whose unit group is among the first one, five and ten."""
    places = [found.index(code) if code in (found := finder(text)) else FIRST[-1] for code, text in queries]
    return [sum(place < first for place in places) / len(places) for first in FIRST]


def wrong(finder: Finder, queries: Titles) -> list[tuple[str, str]]:
    """The right code and the first found, where they differ."""
    pairs = [(code, next(iter(finder(text)), "")) for code, text in queries]
    return [(code, found) for code, found in pairs if code != found]


def shown(line: list[float]) -> str:
    """Three shares as text."""
    return " ".join(f"{share:.2f}" for share in line)


def forms(titles: Titles, lang: Lang) -> dict[str, Titles]:
    """The titles as people may write them: as they are, with a slip, in another order, without accents and case."""
    chance = random.Random(f"forms {lang}")
    asked = [(code, one_gender(title, lang, feminine=bool(at % 2))) for at, (code, title) in enumerate(titles)]
    return {
        "as published": asked,
        "one typing error": [(code, slip(title, chance)) for code, title in asked],
        "another order": [(code, " ".join(shuffled(title.split(), chance))) for code, title in asked],
        "no accents, no case": [(code, " ".join(plain(title).split())) for code, title in asked],
    }


def one_gender(title: str, lang: Lang, *, feminine: bool) -> str:
    """Of "Agent principal/agente principale de bord" one half with what follows both."""
    if title.count("/") != 1:
        return title
    left, right = title.split("/")
    if lang == "en":
        return " ".join([left, *right.split()[1:]])
    shared = right.split()[len(left.split()) :]
    return right if feminine else " ".join([left, *shared])


def slip(title: str, chance: random.Random) -> str:
    """One letter lost, doubled, changed or swapped with the next, in a word of five letters or more."""
    words = title.split()
    long = [at for at, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    if not long:
        return title
    at = chance.choice(long)
    word, cut = words[at], chance.randrange(1, len(words[at]) - 1)
    a, b, rest = word[:cut], word[cut], word[cut + 1 :]
    other = chance.choice("abcdefghijklmnopqrstuvwxyz")
    words[at] = chance.choice([a + rest, a + b + b + rest, a + other + rest, a + rest[0] + b + rest[1:]])
    return " ".join(words)


def shuffled(words: list[str], chance: random.Random) -> list[str]:
    """The words in another order."""
    return chance.sample(words, len(words))


def ours(kept: dict[Lang, Titles]) -> Finder:
    """The search of this package, the held-out titles out of its index; both languages asked at once."""
    indexes = {lang: Index(lang, titles, texts(lang)) for lang, titles in kept.items()}
    return lambda text: _first_ten(text, indexes)


def written(kept: dict[Lang, Titles]) -> list[tuple[str, str]]:
    """What the peers look through: every title in each gender, case and accents folded, with its code."""
    return [
        (code, " ".join(plain(one_gender(title, lang, feminine=feminine)).split()))
        for lang, titles in kept.items()
        for code, title in titles
        for feminine in ((False, True) if title.count("/") == 1 else (False,))
    ]


def fuzzy(kept: dict[Lang, Titles]) -> Finder:
    """Only rapidfuzz: its default scorer over every title, the groups of the best first."""
    pairs = written(kept)
    lines = [line for _, line in pairs]

    def find(text: str) -> list[str]:
        found = process.extract(" ".join(plain(text).split()), lines, scorer=fuzz.WRatio, limit=300)
        return first(pairs[at][0] for _, _, at in found)

    return find


def substring(kept: dict[Lang, Titles]) -> Finder:
    """Only substring: the titles that contain the words as written, the shortest first."""
    pairs = written(kept)

    def find(text: str) -> list[str]:
        words = " ".join(plain(text).split())
        found = sorted((len(line), code) for code, line in pairs if words in line)
        return first(code for _, code in found)

    return find


def first(codes: Iterable[str]) -> list[str]:
    """The first ten different codes."""
    return list(dict.fromkeys(codes))[: FIRST[-1]]
