"""The questions are easy to read, and the measures are those of their authors."""

from __future__ import annotations

import pytest

from expressentry.text import Lang, Text
from expressentry.web.pages.candidate.sections import HEADINGS
from tests.reading import HARDEST_GRADE, LEAST_EASE, helps, measure, questions, syllables


@pytest.mark.parametrize("texts", [list(questions()), [*questions(), *HEADINGS], list(helps())])
def test_easy_to_read(texts: list[Text]) -> None:
    """Questions, headings and hints need no more than eight years of school, and are plain in French."""
    assert len(texts) > 60
    assert measure(texts, "en").grade <= HARDEST_GRADE
    assert measure(texts, "fr").ease >= LEAST_EASE


def test_hard_text_is_hard() -> None:
    """The measure tells officialese from plain words."""
    hard = Text(
        "Applicants whose qualifications necessitate supplementary authentication must substantiate eligibility",
        "Les qualifications nécessitant une authentification supplémentaire exigent une justification additionnelle",
    )
    assert measure([hard], "en").grade > HARDEST_GRADE
    assert measure([hard], "fr").ease < LEAST_EASE


@pytest.mark.parametrize(
    ("lang", "word", "number"),
    [
        ("en", "score", 1),
        ("en", "listening", 3),
        ("en", "province", 2),
        ("en", "assessed", 2),
        ("en", "degree", 2),
        ("fr", "note", 1),
        ("fr", "travaillé", 3),
        ("fr", "entreprise", 3),
        ("fr", "vivent", 1),
        ("fr", "conjoint", 2),
    ],
)
def test_syllables(lang: Lang, word: str, number: int) -> None:
    """Syllables are counted as they are spoken."""
    assert syllables(word, lang) == number
