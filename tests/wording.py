"""Every phrase that a person reads, and the words of words.toml in them.

python -m tests.wording [PLACE…]      where they are, and what to write instead; PLACE as in the table `known`
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from inspect import cleandoc
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parent.parent
CODE = ROOT / "src/expressentry"
WORDS: dict[str, Any] = tomllib.loads((ROOT / "tests/words.toml").read_text(encoding="utf-8"))
PAIR = re.compile(r"\bt\(\s*([\"'])(?P<en>(?:\\.|(?!\1).)*)\1\s*,\s*([\"'])(?P<fr>(?:\\.|(?!\3).)*)\3")
FRENCH_PAGES = ("LISEZ-MOI.md", ".fr.md")


class Phrase(NamedTuple):
    """One wording: the place that answers for it, its file and line, its language and what kind of wording it is."""

    place: str
    file: Path
    line: int
    lang: str
    kind: str
    text: str


class Found(NamedTuple):
    """One unwanted word: the phrase, the word, and what to write."""

    phrase: Phrase
    word: str
    but: str

    def __str__(self) -> str:
        where = f"{self.phrase.file.relative_to(ROOT)}:{self.phrase.line}"
        return f"{where}: {self.word!r} in {self.phrase.text.strip()[:160]!r}; write: {self.but}"


@cache
def phrases() -> tuple[Phrase, ...]:
    """Every phrase of the code, the templates, the data and the docs."""
    return tuple(_read())


def _read() -> Iterator[Phrase]:
    for file in sorted(CODE.rglob("*.py")):
        yield from _of_code(file)
    for file in sorted(CODE.rglob("templates/**/*.html")):
        yield from _of_template(file)
    for file in sorted((CODE / "data").rglob("*.toml")):
        yield from _of_data(file)
    pages = [
        ROOT / "README.md",
        ROOT / "LISEZ-MOI.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]
    for file in pages:
        yield from _of_page(file)


def place_of(file: Path) -> str:
    """The package of a module, `data`, `docs`, or the name of a file at the top."""
    if CODE in file.parents:
        inside = file.relative_to(CODE).parts
        return inside[0] if len(inside) > 1 else "expressentry"
    return "docs" if "docs" in file.parts else file.name


def _of_code(file: Path) -> Iterator[Phrase]:
    """The halves of every `Text`, and the docstrings of what is public."""
    tree, place = ast.parse(file.read_text(encoding="utf-8")), place_of(file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
            for lang, half in zip(("en", "fr"), node.args, strict=False):
                text = "".join(_constants(half))
                if text:
                    yield Phrase(place, file, half.lineno, lang, "text", prose(cleandoc(text)))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            doc = ast.get_docstring(node)
            if doc and not getattr(node, "name", "").startswith("_"):
                line = getattr(node, "lineno", 1)
                yield Phrase(place, file, line, "en", "docstring", prose(doc))


def _constants(node: ast.AST) -> Iterator[str]:
    """The words of an expression in the order of reading; a blank stands for what is computed."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.FormattedValue):
        yield "{}"
    elif not isinstance(node, ast.Compare):
        for child in ast.iter_child_nodes(node):
            yield from _constants(child)


def _of_template(file: Path) -> Iterator[Phrase]:
    source = file.read_text(encoding="utf-8")
    for found in PAIR.finditer(source):
        line = source.count("\n", 0, found.start()) + 1
        for lang in ("en", "fr"):
            yield Phrase(place_of(file), file, line, lang, "text", found[lang])


def _of_data(file: Path) -> Iterator[Phrase]:
    """The wordings of ours in the data; titles and places are quoted from the law."""
    lines = file.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        for found in re.finditer(r"(?<!title = \{ )\b(en|fr)(?<!place = \{ en) = \"((?:\\.|[^\"\\])*)\"", line):
            if not re.match(r"\s*(title|place|category_title|cite)\b", line):
                yield Phrase(place_of(file), file, number, found[1], "text", found[2])


def _of_page(file: Path) -> Iterator[Phrase]:
    """The prose of a page, a line a phrase; the reference is made from the code and is read there."""
    if "reference" in file.parts and file.name != "stability.md":
        return
    lang = "fr" if file.name.endswith(FRENCH_PAGES) else "en"
    text = re.sub(r"```.*?```", lambda block: "\n" * block[0].count("\n"), file.read_text(encoding="utf-8"), flags=re.S)
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            yield Phrase(place_of(file), file, number, lang, "doc", prose(line))


def prose(text: str) -> str:
    """A text without what is code in it: examples, inline code, addresses."""
    kept = [line for line in text.splitlines() if not re.match(r"\s*(>>>|\.\.\.)|    \S", line)]
    return re.sub(r"`[^`]*`|\]\([^)]*\)", " ", "\n".join(kept))


def unwanted() -> Iterator[Found]:
    """Every word of words.toml in every phrase, but for what is allowed there."""
    rules = {
        lang: [(re.compile(one["not"], re.I), one.get("in"), one["but"]) for one in WORDS[lang]]
        for lang in ("en", "fr")
    }
    allowed = [one["text"].casefold() for one in WORDS["allow"]]
    for phrase in phrases():
        text = phrase.text
        for piece in allowed:
            text = re.sub(re.escape(piece), " ", text, flags=re.I)
        for rule, kinds, but in rules[phrase.lang]:
            if kinds is None or phrase.kind in kinds:
                for found in rule.finditer(text):
                    yield Found(phrase, found[0], but)


def counted() -> Counter[str]:
    """How many unwanted words are in each place."""
    return Counter(found.phrase.place for found in unwanted())


if __name__ == "__main__":
    asked = sys.argv[1:]
    for one in unwanted():
        if not asked or one.phrase.place in asked:
            sys.stdout.write(f"{one}\n")
    sys.stdout.write(f"{dict(counted())}\n")
