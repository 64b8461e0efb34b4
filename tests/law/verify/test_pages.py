"""The department's pages beside the law: made in their layout, changed in every way, hostile."""

from __future__ import annotations

import random
import re
import resource
import time
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest

from expressentry.errors import ExpressEntryError, FileError
from expressentry.law.grid.diff import diff
from expressentry.law.load import load_law
from expressentry.law.verify.pages.compare import compare_page
from expressentry.law.verify.pages.html import read_page
from expressentry.law.verify.pages.labels import interval, number
from expressentry.law.verify.pages.model import DIFFERENT, SAME, VANISHED, Found
from expressentry.text import LANGS, Lang
from tests.law.verify.department import make, table

LAW = load_law()
DAYS = tuple(map(date.fromisoformat, ("2015-06-01", "2017-01-10", "2018-02-01", "2021-03-01", "2026-06-22")))
NOW = DAYS[-1]
KINDS = ("crs", "language", "funds", "categories")


@cache
def text(kind: str, lang: Lang, day: date = NOW) -> str:
    """A page as text."""
    return make(kind, LAW, day, lang).decode()


def compared(page: str | bytes) -> Found:
    """A page beside the law."""
    return compare_page(page.encode() if isinstance(page, str) else page, "page.html", LAW)


class TestLabels:
    """Words of labels."""

    @pytest.mark.parametrize(
        ("words", "lang", "ends"),
        [
            ("17 years of age or less", "en", (None, 17)),
            ("45 ans ou plus", "fr", (45, None)),
            ("20 à 29 ans", "fr", (20, 29)),
            ("CLB 4 or 5", "en", (4, 5)),
            ("Moins de NCLC 4", "fr", (None, 3)),
            ("None or less than a year", "en", (None, 0)),
            ("None or less than two years", "en", None),
            ("CLB 7 or more, one or more under 9 (Maximum 25 points)", "en", (7, 8)),
            ("5 or 6 or 7", "en", None),
            ("29 to 20", "en", None),
            ("Any level", "en", None),
        ],
    )
    def test_ranges(self, words: str, lang: Lang, ends: object) -> None:
        """A range is read in both languages, and what is none is not guessed."""
        assert interval(words, lang) == ends

    def test_numbers(self) -> None:
        """Both languages' ways to write an amount; a fraction, a range and a note are no number."""
        assert [number(one) for one in ("$15,263", "15\u00a0263\u00a0$", "110", "25 points")] == [15263, 15263, 110, 25]
        assert [number(one) for one in ("1.5", "25-50", "100 ^2", "", "12 34")] == [None] * 5


class TestOwnDay:
    """A page of a day beside the law of that day, and of another."""

    @pytest.mark.parametrize("kind", KINDS)
    def test_nothing_differs_on_its_own_day(self, kind: str) -> None:
        """In both languages every figure of every day is found, understood and the same."""
        figures = 0
        for day in DAYS:
            if kind == "categories" and day < date(2023, 6, 1):
                day = date(2024, 1, 1)
            for lang in LANGS:
                found = compared(text(kind, lang, day))
                assert found.same, (kind, day, lang, [r for r in found.rows if r.finding != SAME][:3], found.unread[:3])
                assert found.day == day
                figures += len(found.rows)
        assert figures > {"crs": 1800, "language": 1000, "funds": 70, "categories": 1500}[kind]

    @pytest.mark.parametrize("lang", LANGS)
    def test_exactly_what_changed_differs_on_another_day(self, lang: Lang) -> None:
        """The figures of an older grid on a page of today: what two grids differ in, by place, and nothing else."""
        for day in DAYS[:-1]:
            found = compared(make("crs", LAW, day, lang, shown=NOW))
            old, now = LAW.on(day).crs, LAW.on(NOW).crs
            known = {node.id for node in now.root.walk() if node.leaf}
            changed = {one.id for one in diff(old, now)} & known
            places = {one.place for one in found.rows if one.finding != SAME and one.place}
            unnamed = [one for one in found.rows if one.finding != SAME and not one.place]
            assert places == changed
            offer = next((node for node in old.root.walk() if node.id == "additional.job_offer"), None)
            assert len(unnamed) == (2 if offer else 0), day

    def test_a_table_of_funds_of_another_year(self) -> None:
        """Eight amounts differ, and each row has both."""
        found = compared(make("funds", LAW, date(2024, 6, 1), "fr", shown=NOW))

        assert [one.finding for one in found.rows] == [DIFFERENT] * 8
        assert (found.rows[0].page, found.rows[0].law) == ("14690", "15263")

    def test_a_list_of_another_year(self) -> None:
        """Codes that came are new and those that went have vanished; a category without a table is said."""
        found = compared(make("categories", LAW, date(2024, 1, 1), "en", shown=NOW))
        stem = [one for one in found.rows if one.place == "category stem" and one.finding == VANISHED]
        old, new = ({v.category: set(v.occupations) for v in LAW.category_versions(d)} for d in (date(2024, 1, 1), NOW))

        assert {one.law for one in stem} == new["stem"] - old["stem"]
        assert {"Senior managers with Canadian work experience"} <= {one.table for one in found.unread}
        assert not found.same


FIGURE = re.compile(r"(?<=<td>)[^<]*\d[^<]*(?=</td>)")
CELL = re.compile(r"<td>[^<]*</td>")
ROW = re.compile(r"<tr><th scope=\"row\">.*?</tr>")
TABLE = re.compile(r"<table.*?</table>", re.DOTALL)
Mutation = Callable[[str, random.Random], tuple[str, bool | None]]
"""A changed page, and whether it says the same as before: None where that is not known, but "same" would be wrong."""


def _replace(page: str, match: re.Match[str], other: str) -> str:
    return page[: match.start()] + other + page[match.end() :]


def _one(pattern: re.Pattern[str], page: str, rng: random.Random) -> re.Match[str]:
    return rng.choice(list(pattern.finditer(page)))


def figure(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """One figure is another."""
    match = _one(FIGURE, page, rng)
    digits = list(re.finditer(r"\d", match[0]))
    at = rng.choice(digits).start()
    digit = str((int(match[0][at]) + rng.randint(1, 9)) % 10)
    return _replace(page, match, match[0][:at] + digit + match[0][at + 1 :]), None


def two_figures(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """Two rows have changed their figures."""
    table_ = _one(TABLE, page, rng)
    rows = list(ROW.finditer(table_[0]))
    a, b = sorted(rng.sample(range(len(rows)), 2)) if len(rows) > 1 else (0, 0)
    cells = [CELL.findall(row[0]) for row in rows]
    label = [re.search(r"<th.*?</th>", row[0])[0] for row in rows]  # type: ignore[index]
    swapped = {a: b, b: a}
    new = [f"<tr>{label[i]}{''.join(cells[swapped.get(i, i)])}</tr>" for i in range(len(rows))]
    old = "".join(row[0] for row in rows)
    # Names of occupations are not compared: a list is its codes.
    alike = cells[a] == cells[b] or "Occupation" in table_[0]
    return page.replace(old, "".join(new), 1), True if alike else None


def label_number(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A number in the label of a row is another."""
    match = _one(re.compile(r'(?<=<th scope="row">)[^<]*\d[^<]*(?=</th>)'), page, rng)
    at = rng.choice(list(re.finditer(r"\d", match[0]))).start()
    digit = str((int(match[0][at]) + rng.randint(1, 9)) % 10)
    changed = match[0][:at] + digit + match[0][at + 1 :]
    # Names of occupations are not compared: their codes are.
    return _replace(page, match, changed), True if "Occupation" in match[0] else None


def order_of_rows(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """The rows of a table are in another order."""
    table_ = _one(TABLE, page, rng)
    rows = ROW.findall(table_[0])
    mixed = rows[:]
    rng.shuffle(mixed)
    return page.replace("".join(rows), "".join(mixed), 1), True


def order_of_columns(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """Two columns have changed places, headers and all."""
    tables = [one for one in TABLE.finditer(page) if one[0].count('scope="col"') > 2]
    if not tables:
        return page, True
    match = rng.choice(tables)
    moved = re.sub(
        r'(<th scope="col">[^<]*</th>)(<th scope="col">[^<]*</th>)(<th scope="col">[^<]*</th>)',
        r"\1\3\2",
        match[0],
        count=1,
    )
    moved = re.sub(r"(<td>[^<]*</td>)(<td>[^<]*</td>)", r"\2\1", moved) if moved.count('scope="col"') == 3 else moved
    if match[0].count('scope="col"') > 3:
        moved = re.sub(r"(</th>)(<td>[^<]*</td>)(<td>[^<]*</td>)", r"\1\3\2", moved)
    return _replace(page, match, moved), True


def columns_without_headers(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """The figures of two columns have changed places, and the headers have not."""
    match = _one(TABLE, page, rng)
    moved = re.sub(r"(</th>)(<td>[^<]*</td>)(<td>[^<]*</td>)", r"\1\3\2", match[0])
    alike = all(len(set(CELL.findall(row))) <= 1 for row in ROW.findall(match[0]))
    return _replace(page, match, moved), True if moved == match[0] or alike else None


def extra_column(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A column more, about something else."""
    match = _one(TABLE, page, rng)
    more = match[0].replace("</tr></thead>", '<th scope="col">Level B</th></tr></thead>')
    more = re.sub(r"(<tr><th scope=\"row\">.*?)</tr>", rf"\1<td>{rng.randint(1, 99)}</td></tr>", more)
    return _replace(page, match, more), None


def lost_row(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A row is gone."""
    return _replace(page, _one(ROW, page, rng), ""), None


def double_row(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A row is there twice."""
    match = _one(ROW, page, rng)
    return _replace(page, match, match[0] * 2), None


def new_row(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A row that the law does not have."""
    match = _one(ROW, page, rng)
    other = re.sub(r'(?<=<th scope="row">)[^<]*', "Something that is new", match[0])
    return _replace(page, match, match[0] + other), None


def lost_cell(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A cell is gone."""
    return _replace(page, _one(CELL, page, rng), ""), None


def lost_table(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A table is gone."""
    return _replace(page, _one(TABLE, page, rng), ""), None


def double_table(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A table is there twice, the second time with another figure."""
    match = _one(TABLE, page, rng)
    second, _ = figure(match[0], rng)
    return _replace(page, match, match[0] + second), None


def _points(cell: str) -> str:
    """What a cell gives: what does not apply to those without a partner gives them no points."""
    return cell.replace(">n/a<", ">0<")


def merged_cells(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """Two cells of a row are one: the same for both, so a difference where they were not."""
    rows = [one for one in ROW.finditer(page) if len(CELL.findall(one[0])) > 1]
    if not rows:
        return page, True
    match = rng.choice(rows)
    first, second, *rest = CELL.findall(match[0])
    merged = re.sub(r"<td>.*", "", match[0]) + first.replace("<td>", '<td colspan="2">') + "".join(rest) + "</tr>"
    return _replace(page, match, merged), True if _points(first) == _points(second) else None


def merged_down(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A cell spans two rows: the figure of the first for both."""
    match = _one(TABLE, page, rng)
    rows = ROW.findall(match[0])
    if len(rows) < 2:
        return page, True
    at = rng.randrange(len(rows) - 1)
    first, second = CELL.findall(rows[at])[-1], CELL.findall(rows[at + 1])[-1]
    head, _, tail = rows[at + 1].rpartition(second)
    above, _, end = rows[at].rpartition(first)
    new = above + first.replace("<td>", '<td rowspan="2">') + end + head + tail
    return _replace(page, match, match[0].replace(rows[at] + rows[at + 1], new, 1)), True if _points(first) == _points(
        second
    ) else None


def footnote(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A link to a footnote beside a figure is no figure."""
    match = _one(FIGURE, page, rng)
    note = '<sup id="fn1-rf"><a class="fn-lnk" href="#fn1"><span class="wb-inv">Footnote </span>1</a></sup>'
    return _replace(page, match, match[0] + note), True


def raised(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A raised figure that is no link could be anything."""
    match = _one(FIGURE, page, rng)
    return _replace(page, match, f"{match[0]}<sup>2</sup>"), None


def spaces(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """Spaces that do not break, and soft hyphens."""

    def other(match: re.Match[str]) -> str:
        return re.sub(r"(?<=\w) (?=\w)", lambda _: rng.choice(["\u00a0", "\u202f", " \n ", "\u00ad "]), match[0])

    head, title, rest = page.partition("<h1")
    return head + title + re.sub(r">[^<]+<", other, rest), True


def marks(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """Bold figures, spans and line breaks in cells."""
    match = _one(FIGURE, page, rng)
    return _replace(
        page, match, rng.choice(["<strong>{}</strong>", "<span>{}</span><br>", " <p>{}</p> "]).format(match[0])
    ), True


def entities(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A figure written as entities of HTML is that figure."""
    match = _one(FIGURE, page, rng)
    return _replace(page, match, "".join(f"&#{ord(one)};" for one in match[0])), True


def words(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A figure is a word."""
    return _replace(page, _one(FIGURE, page, rng), rng.choice(["ten", "see below", "to be announced", "", "?"])), None


def lost_headings(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """The headings of sections are gone."""
    bare = re.sub(r"<h[23]>.*?</h[23]>", "", page)
    return bare, True if bare == page else None


def hidden(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """What a script or a comment has is no part of the page."""
    match = _one(TABLE, page, rng)
    return _replace(page, match, f"<!-- {match[0]} --><script>var a = '<td>1</td>';</script>{match[0]}"), True


def nested(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A table in a cell of another."""
    match = _one(FIGURE, page, rng)
    return _replace(page, match, f"<table><tr><td>{match[0]}</td></tr></table>"), None


def new_table(page: str, rng: random.Random) -> tuple[str, bool | None]:
    """A factor that the law does not have."""
    match = _one(TABLE, page, rng)
    more = "<h3>High-wage occupation</h3>" + table(
        ["High-wage occupation", "Maximum 50 points"], [["Upper tier", "50"]]
    )
    return _replace(page, match, match[0] + more), None


MUTATIONS: tuple[Mutation, ...] = (
    *(figure, figure, figure, two_figures, label_number, label_number, order_of_rows, order_of_columns),
    *(columns_without_headers, extra_column, lost_row, double_row, new_row, lost_cell, lost_table, double_table),
    *(merged_cells, merged_down, footnote, raised, spaces, marks, entities, words, lost_headings, hidden, nested),
    new_table,
)


def trials(count: int, seed: int) -> None:
    """Change pages and compare them: what says the same is the same, and nothing else is."""
    rng = random.Random(seed)
    for n in range(count):
        mutation = MUTATIONS[n % len(MUTATIONS)]
        kind, lang = rng.choice(("crs", "crs", "crs", "language", "funds", "categories")), rng.choice(LANGS)
        before = text(kind, lang)
        page, same = mutation(before, rng)
        if page == before:
            same = True
        told = (n, mutation.__name__, kind, lang)
        try:
            found = compared(page)
        except ExpressEntryError:
            assert same is None, told
            continue
        if same:
            assert found.same, (told, [r for r in found.rows if r.finding != SAME][:3], found.unread[:3])
        else:
            assert not found.same, told


class TestMutations:
    """Pages that were changed."""

    def test_300_changes(self) -> None:
        """No page passes as the same where a figure, a label or the layout differs, and none crashes."""
        trials(300, seed=15)

    @pytest.mark.long
    def test_6000_changes(self) -> None:
        """The same with many more."""
        trials(6000, seed=20)

    @pytest.mark.parametrize(("cell", "same"), [("8 – 9", True), ("8", True), ("8 – 8", False), ("8,5", False)])
    def test_the_top_of_a_chart(self, cell: str, same: bool) -> None:
        """At the highest level the lowest score alone is enough; a range must end where the test's scale does."""
        page = text("language", "fr")
        assert "<td>8 – 9</td>" in page

        assert compared(page.replace("<td>8 – 9</td>", f"<td>{cell}</td>", 1)).same is same

    def test_every_single_figure_counts(self) -> None:
        """Each figure of the ranking system, one after the other, raised by one: a difference in its place alone."""
        page = text("crs", "en")
        matches = [one for one in FIGURE.finditer(page) if one[0].isdigit()]
        assert len(matches) > 150
        for match in matches[::7]:
            found = compared(_replace(page, match, str(int(match[0]) + 1)))
            assert found.count(DIFFERENT) >= 1, match
            assert found.count(SAME) + found.count(DIFFERENT) == len(found.rows)
            assert found.count(DIFFERENT) <= 2


class TestHostile:
    """Pages that were made to harm."""

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "not_a_page"),
            (b"<html>" + b"x" * 10_000_000, "too_large"),
            (b"<table>" + b"<tr>" + b"<td>1</td>" * 100_000 + b"</tr></table>", "too_many_cells"),
            (b"<table><tr><td>" * 500, "too_deep"),
            (b"<div>" * 200_000, "too_deep"),
            (b"<html>" + b"<li>12 months</li>" * 5_001, "too_many_lines"),
            (b"<html>" + b"<li>" + b"eca " * 100_000 + b"</li>", "too_many_letters"),
            (b"\x00\x01\x02<html>", "wrong_encoding"),
            (b'<meta charset="utf-7">+ADw-table+AD4-\xff', "wrong_encoding"),
            (b"<html><h1>Another page</h1></html>", "unknown_page"),
            (b"<html><h1>Proof of funds</h1></html>", "no_day"),
        ],
    )
    def test_refused(self, data: bytes, code: str) -> None:
        """Too large, too deep, no text, no page that is known: refused with a reason."""
        with pytest.raises(FileError) as caught:
            compared(data)

        assert caught.value.problems[0].code == code

    def test_bounds(self) -> None:
        """The largest page that is read takes little processor time and memory."""
        cells = "<tr><th>x</th><td>1</td><td>2</td></tr>" * 6000
        page = text("crs", "en").replace(
            "</main>", f"<table><tr><th>a</th><th>b</th><th>c</th></tr>{cells}</table></main>"
        )
        before, used = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

        found = compared(page)

        assert not found.same
        assert time.process_time() - before < 5
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - used < 200_000

    def test_nothing_is_fetched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """External entities, frames, styles and pictures lead nowhere."""
        import socket

        def refuse(*_: object, **__: object) -> None:
            raise AssertionError("something was fetched")

        monkeypatch.setattr(socket.socket, "connect", refuse)
        harm = (
            '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><iframe src="http://127.0.0.1/"></iframe>'
            '<link rel="stylesheet" href="http://127.0.0.1/a.css"><img src="http://127.0.0.1/b.png"><p>&x;</p>'
        )
        page = read_page((harm + text("funds", "en")).encode(), "page.html")

        assert len(page.tables) == 1
        assert "999" not in page.words

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "windows-1252", "utf-16"])
    def test_other_encodings(self, encoding: str) -> None:
        """A page that was saved in another encoding, and still says UTF-8, is read."""
        page = text("funds", "fr").replace("\u202f", " ")

        assert compared(page.encode(encoding)).same

    @pytest.mark.parametrize("span", ["0", "-1", "99999999", "x", "61"])
    def test_spans_without_sense(self, span: str) -> None:
        """A cell that spans more than a table can have is not understood, and takes no memory."""
        page = text("funds", "en").replace("<td>", f'<td colspan="{span}">', 1)

        assert compared(page).unread
