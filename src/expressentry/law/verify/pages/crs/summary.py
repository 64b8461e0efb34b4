"""Summaries of a section: the maximum of each factor."""

from __future__ import annotations

import re

from expressentry.law.verify.pages.crs.page import ALONE, BOTH, NO_POINTS, ONE_TABLE, CrsPage
from expressentry.law.verify.pages.html import Table
from expressentry.law.verify.pages.labels import fits, plain
from expressentry.law.verify.pages.model import TWICE, joined


def read_summary(page: CrsPage, section: str, table: Table) -> None:
    """Compare the summary of a section with the maxima of its factors."""
    cases = page.cases(section, table)
    if cases is None:
        return
    key = f"summary {section}"
    if key in page.seen:
        page.found.not_read(table.name, ONE_TABLE)
        return
    page.seen.add(key)
    for row in table.rows:
        if len(set(row)) == 1 and _group(page, section, table, row[0]):
            continue
        maximum = _summed(page, section, row[0])
        if maximum is not None and f"summary {section} {maximum[0]}" in page.seen:
            page.found.not_read(table.name, TWICE.fill(row=row[0]))
            return
        for at, some in cases.items():
            value = page.cell(table, row, at)
            if value is None:
                return
            if maximum is None:
                page.found.add(table.name, row[0], table.columns[at], value, None, "")
                continue
            place, most = maximum
            law = joined(NO_POINTS if section == "B" and case == ALONE else most[case] for case in some)
            if isinstance(value, int):
                page.cap(page.nodes.get(place), some, value)
            page.add(table, row[0], table.columns[at], value, law, place, maximum=True)
            page.seen.add(f"summary {section} {place}")
    _missing_rows(page, section, table)


def _missing_rows(page: CrsPage, section: str, table: Table) -> None:
    """Factors of the law that a summary does not have."""
    for one in page.data["row"]:
        if one["section"] == section and f"summary {section} {one['place']}" not in page.seen:
            maximum = page.most(one["place"])
            if maximum is not None:
                page.found.add(table.name, one["place"], "", None, joined(maximum), one["place"])


def _group(page: CrsPage, section: str, table: Table, label: str) -> bool:
    """Whether a row is a heading over the ones below it; a maximum in it is compared."""
    most = page.maximum(label)
    if most is None:
        return not re.search(r"\d", label)
    top = page.data["section"][section]
    nodes = [n for n in page.nodes.values() if n.id.startswith(top) and plain(n.title.say(page.lang)) in plain(label)]
    law = max(max(n.maximum) for n in nodes) if nodes else None
    if len(nodes) == 1:
        page.cap(nodes[0], BOTH, most)
    page.found.add(table.name, label, "", most, law, nodes[-1].id if nodes else "", maximum=True)
    return True


def _summed(page: CrsPage, section: str, label: str) -> tuple[str, tuple[int, ...]] | None:
    for one in page.data["row"]:
        if one["section"] == section and fits(one["label"], label, page.lang):
            maximum = page.most(one["place"])
            return (one["place"], maximum) if maximum is not None else None
    node = next((n for n in page.unnamed(section) if plain(n.title.say(page.lang)) == plain(label)), None)
    return (node.id, node.maximum) if node is not None else None
