"""Which table of the page is which, and whether every expected one is there."""

from __future__ import annotations

import re

from expressentry.law.grid.tree import Grid, Node
from expressentry.law.verify.pages.crs.additional import has_additional, read_additional
from expressentry.law.verify.pages.crs.factor import read_factor
from expressentry.law.verify.pages.crs.page import BOTH, MAXIMUM, CrsPage
from expressentry.law.verify.pages.crs.summary import read_summary
from expressentry.law.verify.pages.html import Page, Table
from expressentry.law.verify.pages.labels import fits, plain
from expressentry.law.verify.pages.model import ABSENT_TABLE, Found, shape
from expressentry.text import Text


def compare_crs(page: Page, grid: Grid, found: Found) -> None:
    """Compare every table of the page with a grid."""
    beside = CrsPage(page.lang, grid, found)
    for table in page.tables:
        _read(beside, table)
    _finish(beside)


def _read(page: CrsPage, table: Table) -> None:
    """Find out what a table is about, and compare it."""
    section = _section(page, table)
    if table.wrong is not None:
        page.found.not_read(table.name, shape(table.wrong))
    elif section is None:
        if any(re.search(r"\d", cell) for row in table.rows for cell in row):
            page.found.new_table("", table)
    elif fits(page.data["summary"], table.columns[0], page.lang):
        read_summary(page, section, table)
    elif section == "D" and has_additional(page, table):
        read_additional(page, table)
    else:
        node = _node(page, section, table)
        if node is None:
            page.found.new_table(page.data["section"][section], table)
        else:
            read_factor(page, section, node, table)


def _section(page: CrsPage, table: Table) -> str | None:
    for heading in reversed(table.headings):
        letter = re.match(page.data["sections"][page.lang], plain(heading))
        if letter:
            section = letter[1].upper()
            _maximum_of_heading(page, section, heading)
            return section
    return None


def _maximum_of_heading(page: CrsPage, section: str, heading: str) -> None:
    most = page.maximum(heading)
    if most is not None and heading not in page.heads:
        page.heads.add(heading)
        place = page.data["section"][section]
        node = page.nodes.get(place)
        if node is not None and len(set(filter(None, node.maximum))) == 1:
            page.cap(node, BOTH, most)
        page.found.add(
            heading, MAXIMUM.say(page.lang), "", most, max(node.maximum) if node else None, place, maximum=True
        )


def _node(page: CrsPage, section: str, table: Table) -> Node | None:
    """The place of the grid that a table is about: by the first of header, caption and headings that names one."""
    across = " ".join(table.columns[1:])
    for words in table.about.split("\n")[:3]:
        for one in page.data["table"]:
            node = page.nodes.get(one["place"])
            fit = node is not None and one["section"] == section and fits(one["about"], words, page.lang)
            if fit and ("columns" not in one or fits(one["columns"], across, page.lang)):
                return node
        for node in page.unnamed(section):
            if plain(node.title.say(page.lang)) == plain(words):
                return node
    return None


def _finish(page: CrsPage) -> None:
    """Note every table that was expected and not found."""
    for one in page.data["table"]:
        if one["place"] in page.nodes and one["place"] not in page.seen:
            node = page.nodes[one["place"]]
            page.found.not_read(f"{one['section']}: {node.title.say(page.lang)}", ABSENT_TABLE)
    for section in "ABC":
        if f"summary {section}" not in page.seen:
            title = page.nodes[page.data["section"][section]].title.say(page.lang)
            page.found.not_read(_SUMMARY.fill(s=section, t=title).say(page.lang), ABSENT_TABLE)
    if "additional" not in page.seen:
        page.found.not_read(f"D: {page.nodes['additional'].title.say(page.lang)}", ABSENT_TABLE)


_SUMMARY = Text("{s}: summary, {t}", "{s} : sommaire, {t}")
