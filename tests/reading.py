"""How hard the questions and headings of the interview are to read, in both languages: `python -m tests.reading`.

English: the Flesch-Kincaid grade, years of school in the United States; 8 is what public services aim at.
French: the reading ease of Kandel and Moles, who fitted Flesch's formula to French; 60 to 70 is plain language.

Both look at nothing but the length of sentences and words, so that a low grade proves little and a high one a fault.
Syllables are counted by rules, not by a dictionary: a word or two in twenty is off by one.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from expressentry.law.load import load_law
from expressentry.profile.interview.model import Ask, Item, Many, OfLaw, Rare
from expressentry.profile.interview.questions import QUESTIONS
from expressentry.text import Lang, Text
from expressentry.web.pages.candidate.sections import HEADINGS

HARDEST_GRADE = 8.0
LEAST_EASE = 60.0

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.?!:])\s+")
_VOWELS = {"en": re.compile(r"[aeiouy]+"), "fr": re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+")}
_SILENT = {
    "en": re.compile(r"(?<=[^aeiouyl])e$|(?<=[aeiouy]l)e$|(?<=[^aeioudty])ed$|(?<=[^aeiouxzsh])es$"),
    "fr": re.compile(r"(?<=[^aeiouyàâéèêîôûq])(?:e|es|ent)$"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """Sentences, words and syllables of some texts in one language."""

    lang: Lang
    sentences: int
    words: int
    syllables: int

    @property
    def grade(self) -> float:
        """The Flesch-Kincaid grade: years of school."""
        return 0.39 * self.words / self.sentences + 11.8 * self.syllables / self.words - 15.59

    @property
    def ease(self) -> float:
        """The reading ease of Kandel and Moles: 100 is very easy, 0 very hard."""
        return 207 - 1.015 * self.words / self.sentences - 73.6 * self.syllables / self.words


def syllables(word: str, lang: Lang) -> int:
    """The syllables of a word, by rules; every word has one.

    >>> [syllables(word, "en") for word in ("the", "permit", "Canada", "issued", "table")]
    [1, 2, 3, 2, 2]
    >>> [syllables(word, "fr") for word in ("le", "diplôme", "Canada", "notre", "résidence")]
    [1, 2, 3, 1, 3]
    """
    spoken = _SILENT[lang].sub("", word.lower())
    return max(len(_VOWELS[lang].findall(spoken)), 1)


def measure(texts: Iterable[Text], lang: Lang) -> Measure:
    """Count a language of some texts; each text has at least one sentence."""
    sentences = [one for text in texts for one in _SENTENCE.split(text.say(lang).strip()) if _WORD.search(one)]
    words = [word for one in sentences for word in _WORD.findall(one)]
    return Measure(lang, len(sentences), len(words), sum(syllables(word, lang) for word in words))


def questions(items: Iterable[Item] = QUESTIONS) -> Iterator[Text]:
    """Every question, in the order in which it is asked."""
    for item in items:
        if isinstance(item, OfLaw):
            yield from questions(item.make(load_law()))
            continue
        if item.text is not None:
            yield item.text
        if not isinstance(item, Ask):
            yield from questions(item.asks)
        if isinstance(item, Many):
            yield item.another
            yield from questions([item.between] if item.between else [])
        if isinstance(item, Rare):
            yield from questions(item.otherwise)


def helps(items: Iterable[Item] = QUESTIONS) -> Iterator[Text]:
    """What is below each question."""
    for item in items:
        if isinstance(item, OfLaw):
            yield from helps(item.make(load_law()))
            continue
        if item.help is not None:
            yield item.help
        if not isinstance(item, Ask):
            yield from helps(item.asks)
        if isinstance(item, Many) and item.between:
            yield item.between.help
        if isinstance(item, Rare):
            yield from helps(item.otherwise)


def main() -> None:
    """Write both measures of the questions with the headings, and of what is below them."""
    for name, texts in (("questions and headings", [*questions(), *HEADINGS]), ("hints", list(helps()))):
        grade, ease = measure(texts, "en").grade, measure(texts, "fr").ease
        sys.stdout.write(f"{name}: English Flesch-Kincaid grade {grade:.1f}, French Kandel-Moles ease {ease:.0f}\n")


if __name__ == "__main__":
    main()
