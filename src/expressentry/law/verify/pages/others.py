"""The department's pages of language tests, settlement funds and categories, cell by cell beside the dated lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal

from expressentry.law.languages import ABILITIES, ABILITY_NAMES, NAMES, TESTS
from expressentry.law.law import Law
from expressentry.law.verify.pages.conditions import compare_category_conditions
from expressentry.law.verify.pages.html import Page, Table
from expressentry.law.verify.pages.labels import fits, interval, number, numbers, page_data, plain
from expressentry.law.verify.pages.model import ABSENT_TABLE, COLUMN, NOT_A_NUMBER, TWICE, Found, shape
from expressentry.text import Lang, Text

Span = tuple[Decimal, Decimal]
_TOP_LEVEL, _SIZES = 10, 7


def compare_languages(page: Page, law: Law, found: Found, day: date) -> None:
    """Compare every chart of a test with that of the law, level by level and ability by ability."""
    data, seen = page_data()["language"], set[str]()
    for table in page.tables:
        test = _test(table)
        if table.wrong is not None:
            found.not_read(table.name, shape(table.wrong))
        elif test is None or not _chart(table, page.lang):
            if any(re.search(r"\d", cell) for row in table.rows for cell in row):
                found.new_table("", table)
        else:
            seen.add(test)
            _levels(table, test, law, found, day, data["abilities"])
    for test in TESTS:
        if test not in seen and _spans(law, test, ABILITIES[0], day):
            found.not_read(NAMES[test], ABSENT_TABLE)


def _test(table: Table) -> str | None:
    """The test that a table is about: by its caption, or by the nearest heading that names one, and only one."""
    for words in (table.caption, *reversed(table.headings)):
        named = [test for test, pattern in page_data()["language"]["tests"].items() if re.search(pattern, plain(words))]
        if named:
            return named[0] if len(named) == 1 else None
    return None


def _chart(table: Table, lang: Lang) -> bool:
    return bool(table.columns) and fits(page_data()["language"]["level"], table.columns[0], lang) is not None


def _spans(law: Law, test: str, ability: str, day: date) -> dict[int, Span]:
    """For each level the lowest and the highest score of it, as the law has them for tests of a day."""
    held = [row for row in law.list("language_charts") if row.holds(day) and row.values["test"] == test]
    chart = sorted((int(r.values["clb"]), Decimal(r.values["least"])) for r in held if r.values["ability"] == ability)
    scales = [row for row in law.list("language_scales") if row.holds(day) and row.values["test"] == test]
    scale = next((row.values for row in scales if row.values["ability"] == ability), None)
    if scale is None:
        return {}
    ends = [least - Decimal(scale["step"]) for _, least in chart[1:]] + [Decimal(scale["high"])]
    return {level: (least, end) for (level, least), end in zip(chart, ends, strict=True)}


def _levels(table: Table, test: str, law: Law, found: Found, day: date, names: Mapping[str, Mapping[str, str]]) -> None:
    lang = found.lang
    columns: dict[int, str] = {}
    for at, header in enumerate(table.columns[1:], 1):
        fitting = [name for name, pattern in names.items() if fits(pattern, header, lang)]
        if len(fitting) != 1 or fitting[0] in columns.values():
            found.not_read(table.name, COLUMN.fill(column=header))
            return
        columns[at] = fitting[0]
    spans = {ability: _spans(law, test, ability, day) for ability in columns.values()}
    taken = set[int]()
    for row in table.rows:
        ends = interval(row[0], lang)
        level = ends[0] if ends and ends[0] is not None and ends[1] in (None, ends[0]) else None
        if level is None or level in taken:
            found.not_read(table.name, TWICE.fill(row=row[0]))
            return
        taken.add(level)
        for at, ability in columns.items():
            span, expected = _score(row[at]), spans[ability].get(level)
            if span is None:
                found.not_read(table.name, _NOT_A_SCORE.fill(row=row[0]))
                return
            # At the top some charts have the lowest score alone; a range must end where the test's scale does.
            top = level == _TOP_LEVEL and expected is not None and span[0] == expected[0] and _alone(row[at])
            page = _shown(expected) if top else _shown(span)
            column = ABILITY_NAMES[ability].say(lang)
            found.add(table.name, row[0], column, page, _shown(expected), f"language_charts {test} {ability} {level}")
    for ability, known in spans.items():
        for level in known.keys() - taken:
            found.add(table.name, str(level), ability, None, _shown(known[level]), f"language_charts {test}")


def _alone(cell: str) -> bool:
    """Whether a cell has one score, and no range."""
    return re.fullmatch(r"\d{1,3}(?:[.,]\d)?", plain(cell)) is not None


def _score(cell: str) -> Span | None:
    """A score or a range of scores: "6.0 – 6.5", "434-461", "6,5", "10 and above" is none."""
    text = plain(cell)
    match = re.fullmatch(r"(\d{1,3}(?:[.,]\d)?)(?:\s*(?:-|–|—|to|a)\s*(\d{1,3}(?:[.,]\d)?))?", text)
    if match is None:
        return None
    low = Decimal(match[1].replace(",", "."))
    high = Decimal((match[2] or match[1]).replace(",", "."))
    return (low, high) if low <= high else None


def _shown(span: Span | None) -> str | None:
    if span is None:
        return None
    low, high = (f"{one.normalize():f}" for one in span)
    return low if low == high else f"{low}–{high}"


def compare_funds(page: Page, law: Law, found: Found, day: date) -> None:
    """Compare the table of settlement funds with the row of the list."""
    data, row_of_law = page_data()["funds"], law.row("settlement_funds", day)
    law_amounts = {**{str(n): row_of_law.values[f"size_{n}"] for n in range(1, _SIZES + 1)}}
    law_amounts["more"] = row_of_law.values["each_more"]
    done = False
    for table in page.tables:
        if table.wrong is not None:
            found.not_read(table.name, shape(table.wrong))
            continue
        if not table.columns or not fits(data["size"], table.columns[0], page.lang):
            if any(re.search(r"\d", cell) for row in table.rows for cell in row):
                found.new_table("", table)
            continue
        if done or len(table.columns) != 2 or not fits(data["amount"], table.columns[1], page.lang):
            found.not_read(table.name, _FUNDS)
            return
        done = True
        seen: dict[str, str] = {}
        for row in table.rows:
            more = fits(data["more"], row[0], page.lang) is not None
            size = "more" if more else str(number(row[0]) or "")
            amount = number(row[1])
            if amount is None:
                found.not_read(table.name, NOT_A_NUMBER.fill(row=row[0]))
                return
            beyond = more and set(numbers(row[0])) - {_SIZES}
            if not size or size in seen or beyond:
                found.not_read(table.name, TWICE.fill(row=row[0]))
                return
            seen[size] = str(amount)
            column = "each_more" if more else f"size_{size}"
            law_amount = law_amounts.get(size) or None
            found.add(table.name, row[0], table.columns[1], amount, law_amount, f"settlement_funds {column}")
        for size, amount_of_law in law_amounts.items():
            if size not in seen and amount_of_law:
                found.add(table.name, size, "", None, amount_of_law, "settlement_funds")
        names = {size: "each_more" if size == "more" else f"size_{size}" for size in seen}
        found.tables["settlement_funds"] = {names[size]: amount for size, amount in seen.items()}
    if not done:
        found.not_read(_FUNDS_TABLE.say(page.lang), _FUNDS)


def compare_categories(page: Page, law: Law, found: Found, day: date) -> None:
    """Compare the list of occupations of each category with the version of the day."""
    data = page_data()["categories"]
    held = {one.category: one for one in law.category_versions(day) if one.occupations}
    names = {
        id_: {plain(one.title.say(page.lang)), plain(one.category_title.say(page.lang))} for id_, one in held.items()
    }
    seen = set[str]()
    for table in page.tables:
        if table.wrong is not None:
            found.not_read(table.name, shape(table.wrong))
            continue
        code = [at for at, header in enumerate(table.columns) if fits(data["code"], header, page.lang)]
        if len(code) != 1:
            if any(re.search(r"\d", cell) for row in table.rows for cell in row):
                found.new_table("", table)
            continue
        id_ = _category(table, names)
        codes = _codes(table, code[0], found)
        if codes is None:
            continue
        if id_ is None:
            found.new_table("", table)
            continue
        if id_ in seen:
            found.not_read(table.name, TWICE.fill(row=table.name))
            continue
        seen.add(id_)
        known = [data[name] for name in ("occupation", "code", "teer")]
        other = [one for one in table.columns if not any(fits(pattern, one, page.lang) for pattern in known)]
        if other:
            found.not_read(table.name, COLUMN.fill(column=other[0]))
            continue
        teer = next((at for at, header in enumerate(table.columns) if fits(data["teer"], header, page.lang)), None)
        _occupations(table, id_, codes, teer, frozenset(held[id_].occupations), found)
    for id_ in held.keys() - seen:
        found.not_read(held[id_].title.say(page.lang), ABSENT_TABLE)
    compare_category_conditions(page, law, found, day)


def _category(table: Table, names: Mapping[str, Iterable[str]]) -> str | None:
    """The category whose title is the caption, or the nearest heading that is the title of one."""
    for words in (table.caption, *reversed(table.headings)):
        for id_, titles in names.items():
            if plain(words).removesuffix(":").strip() in titles:
                return id_
    return None


def _codes(table: Table, at: int, found: Found) -> dict[str, tuple[str, ...]] | None:
    """The rows of a list of occupations by code; None where one is not a code of five digits, or stands twice."""
    codes: dict[str, tuple[str, ...]] = {}
    for row in table.rows:
        code = plain(row[at])
        if not re.fullmatch(r"\d{5}", code):
            found.not_read(table.name, _CODE.fill(row=row[0]))
            return None
        if code in codes:
            found.not_read(table.name, TWICE.fill(row=code))
            return None
        codes[code] = row
    return codes


def _occupations(
    table: Table, id_: str, codes: Mapping[str, tuple[str, ...]], teer: int | None, law: frozenset[str], found: Found
) -> None:
    place = f"category {id_}"
    for code, row in codes.items():
        known = code in law
        found.add(table.name, row[0], code, code, code if known else None, place)
        if teer is not None:
            # The second digit of a code is its TEER category.
            found.add(table.name, row[0], table.columns[teer], plain(row[teer]), code[1], place)
    for code in sorted(law - codes.keys()):
        found.add(table.name, code, "", None, code, place)
    found.tables[place] = {"occupations": sorted(codes)}


_NOT_A_SCORE = Text("a score or a range in the row “{row}”", "une note ou un intervalle à la ligne « {row} »")
_FUNDS = Text("one table of family sizes and amounts", "un seul tableau de tailles de famille et de montants")
_FUNDS_TABLE = Text("settlement funds", "fonds d'établissement")
_CODE = Text("a code of five digits in the row “{row}”", "un code de cinq chiffres à la ligne « {row} »")
