"""Compare the shipped law with the statutes: write docs/explanation/verified.md and the package's own record of it.

python docs/verified.py FOLDER    the XML files of the Act and the Regulations, in English and in French
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from expressentry import load_law
from expressentry.answers.verify import read_statutes, written
from expressentry.dates import long_day
from expressentry.law.verify import known
from expressentry.law.verify.report import EARLIER, ELSEWHERE, FOUND, MISSING, Compared, compare, record

PAGE = Path(__file__).resolve().parent / "explanation" / "verified.md"
_SHORT = {"irpa": "IRPA", "irpr": "IRPR"}


def verified(found: Compared) -> str:
    """The page, from a comparison."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Compared) -> Iterator[str]:
    yield from ["# The law beside the statutes", ""]
    yield "Every citation of the Act and the Regulations in the shipped law was looked for in the XML files of the"
    yield "Department of Justice in both languages, and every figure that the place sets in the words cited."
    yield "`python docs/verified.py FOLDER` writes this page; [how to compare yourself](../how-to/rules-changed.md)."
    yield from [
        "",
        "| statute | current to | citations | found in both languages | provisions |",
        "|---|---|---|---|---|",
    ]
    for id_, day in found.consolidated.items():
        cited = [one for one in found.citations if one.statute == id_]
        there = sum(one.finding == FOUND for one in cited)
        paths = len({path for one in cited for path in one.paths})
        yield f"| {known.statutes()[id_].title.en} | {long_day(day).en} | {len(cited)} | {there} | {paths} |"
    counts = {name: sum(one.finding == name for one in found.figures) for name in (FOUND, ELSEWHERE, EARLIER, MISSING)}
    yield from ["", "| figures | |", "|---|---|"]
    yield f"| found in the words cited, in both languages | {counts[FOUND]} |"
    yield f"| set elsewhere, with the reason below | {counts[ELSEWHERE]} |"
    yield f"| of rules that have ended, whose words are no longer in the text | {counts[EARLIER]} |"
    yield f"| not found | {counts[MISSING]} |"
    yield from ["", "## Figures that are not in the words cited", "", "| place | figure | reason |", "|---|---|---|"]
    reasons = {(one.place.cite.place.en, one.figure.value, one.why.en): None for one in found.figures if one.why}
    for place, value, why in reasons:
        if why != "the rule has ended; its words are no longer in the text":
            yield f"| {place} | {value or '–'} | {why} |"
    yield from ["", "## Amendments after the first day of a rule", ""]
    changed = sorted({f"{_SHORT[one.statute]} {written(one.path)}" for one in found.amended if one.changed})
    yield f"Amended after it was last checked: {', '.join(changed) or 'nothing'}."
    yield from ["", "| provisions | in force from | what changed |", "|---|---|---|"]
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for one in found.amended:
        key = (_SHORT[one.statute], str(one.day), one.what.en if one.what else "not known")
        grouped.setdefault(key, []).append(written(one.path))
    for (statute, on, what), paths_ in sorted(grouped.items()):
        yield f"| {statute} {', '.join(sorted(set(paths_)))} | {on} | {what} |"
    yield from ["", "## Every citation", "", "| what | place | provisions |", "|---|---|---|"]
    for cite in found.citations:
        name = f"`{cite.place.id}`" if cite.place else "named in answers"
        statute_ = known.statutes()[cite.statute]
        links = [f"[{written(path)}]({statute_.link(path[0], 'en')})" for path in cite.paths]
        yield f"| {name} | {cite.written.en} | {_SHORT[cite.statute]} {', '.join(links)} |"


def main() -> None:
    """Compare, and write the page and the record."""
    found = compare(load_law(), read_statutes(sys.argv[1]))
    PAGE.write_text(verified(found), "utf-8")
    known.COMPARED.write_text(record(found, date.today()), "utf-8")


if __name__ == "__main__":
    main()
