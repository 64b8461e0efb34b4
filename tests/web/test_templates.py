"""French is not later: every wording of a template is a pair."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import expressentry

FOLDER = Path(expressentry.__file__).parent / "web" / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
EACH = pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
SAME = re.compile(r"expressentry( assess| mcp| law .*)?|Atom|CSV|JSON|OpenAPI 3\.1|curl .*|utf-8|\d+")
"""Words that are the same in both languages: names, and what a program reads."""


def parsed(path: Path) -> nodes.Template:
    """A template as a tree."""
    return Environment(trim_blocks=True, lstrip_blocks=True).parse(path.read_text(encoding="utf-8"))


@EACH
def test_every_wording_has_its_twin(path: Path) -> None:
    """Each `t(…)` has an English and a French wording, neither empty, with the same blanks, all of them filled."""
    for one in parsed(path).find_all(nodes.Call):
        if not (isinstance(one.node, nodes.Name) and one.node.name == "t"):
            continue
        pair = [arg.value for arg in one.args if isinstance(arg, nodes.Const)]
        assert len(pair) == 2 == len(one.args), path.name
        blanks = [set(re.findall(r"\{(\w*)\}", wording)) for wording in pair]

        assert all(wording.strip() for wording in pair), pair
        assert blanks[0] == blanks[1] == {keyword.key for keyword in one.kwargs}, pair


@EACH
def test_no_wording_stands_alone(path: Path) -> None:
    """Outside of a pair there is no word: only markup, and names that are the same in both languages."""
    text = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\0"
        for output in parsed(path).find_all(nodes.Output)
        for part in output.nodes
    )
    plain = re.sub(r"<!--.*?-->|<[^>]*>|&\w+;|<\?.*?\?>", "\n", text, flags=re.DOTALL)
    for line in re.split(r"[\n\0]", plain):
        words = line.strip(" .,:;·→←–-…()/%*+'\\?#=\"")

        assert not re.search(r"[^\W\d_]{2,}", words) or SAME.fullmatch(words), words


@EACH
def test_attributes_that_are_read_are_pairs(path: Path) -> None:
    """What a screen reader says (labels, alternatives, titles) is never written in one language."""
    text = path.read_text(encoding="utf-8")
    for name, value in re.findall(r'\b(aria-label|alt|title|placeholder)="([^"]*)"', text):
        assert value.startswith("{{") or value == "", (name, value)


def test_no_style_or_script_in_a_page() -> None:
    """Nothing in a template needs `unsafe-inline`: no style, no script, no handler."""
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")

        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", text), path.name
