"""A page as tables under their headings: nothing in it is run or fetched, and it is read within bounds.

lxml reads it: the parser of the statutes too, so there is one to keep; it builds no page, runs no script, loads no
picture and resolves no entity beyond those of HTML. A page larger or deeper than a page of the department is refused.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expressentry.dates import parse_day
from expressentry.errors import FileError, Problem
from expressentry.text import LANGS, Lang, Text

MOST_BYTES = 4_000_000
MOST_CELLS = 20_000
MOST_TABLES = 400
MOST_LINES, MOST_LETTERS = 5_000, 300_000
"""Of sentences: how many there may be, and how long all of them together."""
_MOST_SPAN = 60
_DEEPEST = 120
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary")
_LINES = ("p", "li", "dd")
_IN_LINES = ("ul", "ol", "table", *_LINES)
_NO_SENTENCES = frozenset({"nav", "header", "footer", "table", "aside"})
_SILENT = ("script", "style", "template", "noscript", "iframe", "object", "svg")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
_CHARSETS = ("utf-8", "utf8", "iso-8859-1", "latin1", "windows-1252", "cp1252", "utf-16", "us-ascii")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the headings above it from the page's title down, its caption, the headers of its columns, its rows.

    Each row has one text for each column; merged cells are repeated. `wrong` says why a table cannot be read.
    """

    headings: tuple[str, ...]
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wrong: Text | None = None

    @property
    def about(self) -> str:
        """What the table is about, nearest words first: first header, caption, headings from below."""
        first = self.columns[0] if self.columns else ""
        return "\n".join((first, self.caption, *reversed(self.headings)))

    @property
    def name(self) -> str:
        """The table as a person would call it."""
        return self.caption or (self.columns[0] if self.columns else "") or (self.headings[-1] if self.headings else "")


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph, or an entry of a list without the lists in it, under the headings above it."""

    headings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its title, language and day, its tables, its sentences, and all of its words."""

    title: str
    lang: Lang
    modified: date | None
    tables: tuple[Table, ...] = field(repr=False)
    lines: tuple[Line, ...] = field(repr=False)
    words: str = field(repr=False)


def read_page(data: bytes, name: str) -> Page:
    """Read a page that was saved or fetched.

    Raises FileError where it is no HTML, too large, too deep, or in no encoding that pages have.
    """
    from lxml import etree  # only this command pays for it

    if len(data) > MOST_BYTES:
        raise _refused("too_large", name, _TOO_LARGE.fill(n=MOST_BYTES))
    text = _decoded(data, name)
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root: Any = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError, AssertionError):
        root = None
    if root is None:
        raise _refused("not_a_page", name, _NOT_A_PAGE)
    if _depth(root) > _DEEPEST:
        raise _refused("too_deep", name, _TOO_DEEP)
    cells = sum(1 for _ in root.iter("td", "th"))
    if cells > MOST_CELLS or sum(1 for _ in root.iter("table")) > MOST_TABLES:
        raise _refused("too_many_cells", name, _TOO_MANY.fill(n=MOST_CELLS, t=MOST_TABLES))
    if sum(1 for _ in root.iter(*_LINES)) > MOST_LINES:
        raise _refused("too_many_lines", name, _TOO_MANY_LINES.fill(n=MOST_LINES))
    found = list(_parts(root))
    tables = tuple(one for one in found if isinstance(one, Table))
    lines = tuple(one for one in found if isinstance(one, Line))
    if sum(len(one.text) for one in lines) > MOST_LETTERS:
        raise _refused("too_many_letters", name, _TOO_MANY_LETTERS.fill(n=MOST_LETTERS))
    title = next((_own(one) for one in root.iter("h1")), "") or (root.findtext(".//title") or "").strip()
    return Page(title, _lang(root), _modified(root), tables, lines, _text(root))


def _decoded(data: bytes, name: str) -> str:
    """The text: UTF-8 wherever it is that, else what the page declares, as a browser would."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    declared = _CHARSET.search(data[:4096])
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        encoding = declared[1].decode("ascii").lower() if declared else "windows-1252"
        if encoding not in _CHARSETS:
            raise _refused("wrong_encoding", name, _ENCODING) from None
        text = data.decode("windows-1252", "replace")
    if "\0" in text:
        raise _refused("wrong_encoding", name, _ENCODING)
    return text


def _depth(root: Any) -> int:
    deepest, stack = 0, [(root, 1)]
    while stack:
        one, depth = stack.pop()
        deepest = max(deepest, depth)
        if depth > _DEEPEST:
            return depth
        stack += [(child, depth + 1) for child in one]
    return deepest


def _lang(root: Any) -> Lang:
    declared = (root.get("lang") or "")[:2].lower()
    return next((one for one in LANGS if one == declared), "en")


def _modified(root: Any) -> date | None:
    """The day at the foot of the page: `<time property="dateModified">`."""
    for one in root.iter("time", "meta"):
        if (one.get("property") or one.get("name") or "").lower() in ("datemodified", "dcterms.modified"):
            written = (one.get("datetime") or one.get("content") or _own(one)).strip()[:10]
            try:
                return parse_day(written)
            except ValueError:
                continue
    return None


def _text(element: Any) -> str:
    """The words of an element on one line; links to footnotes are left out, other raised figures are marked."""
    return " ".join("".join(_pieces(element)).replace("\u00ad", "").split())


def _pieces(element: Any, skip: Collection[str] = ()) -> Iterator[str]:
    tag = element.tag
    if isinstance(tag, str) and tag not in _SILENT and tag not in skip:
        if tag == "sup":
            inside = "".join(element.itertext()).strip()
            if inside.isalpha():
                yield inside  # 1er, 2e
            elif next(element.iter("a"), None) is None:
                yield f" ^{inside} "
        else:
            yield element.text or ""
            for child in element:
                yield from _pieces(child, skip)
            if tag in ("td", "th", "li", "p", "br", "div", *_HEADINGS):
                yield " "
    yield element.tail or "" if tag not in ("table",) else " "


def _own(element: Any) -> str:
    """The words of an element without what follows it."""
    tail, element.tail = element.tail, None
    try:
        return _text(element)
    finally:
        element.tail = tail


def _parts(root: Any) -> Iterator[Table | Line]:
    """The tables and the sentences with the headings above them; sentences of menus and of the foot are left out."""
    headings: dict[int, str] = {}
    for element in root.iter(*_HEADINGS, *_LINES, "table"):
        above = tuple(headings[level] for level in sorted(headings))
        if element.tag in _LINES:
            inside = {one.tag for one in element.iterancestors()}
            if not inside & _NO_SENTENCES and (text := _line(element)):
                yield Line(above, text)
        elif element.tag != "table":
            level = int(element.tag[1]) if element.tag != "summary" else 6
            headings[level] = _own(element)
            for deeper in [one for one in headings if one > level]:
                del headings[deeper]
        elif not any(one.tag == "table" for one in element.iterancestors()):
            yield _table(element, above)


def _line(element: Any) -> str:
    """The words of an element, without those of lists and paragraphs in it: they are lines of their own."""
    whole = "".join([element.text or "", *(piece for child in element for piece in _pieces(child, _IN_LINES))])
    return " ".join(whole.replace("\u00ad", "").split())


def _table(element: Any, headings: tuple[str, ...]) -> Table:
    caption = next((_own(one) for one in element.iterchildren("caption")), "")
    if next(element.iterdescendants("table"), None) is not None:
        return Table(headings, caption, (), (), _NESTED)
    lines = list(element.iter("tr"))
    filled = _spread(lines)
    if filled is None:
        return Table(headings, caption, (), (), _SPANS)
    heads = 0
    while heads < len(lines) and _is_head(lines[heads]):
        heads += 1
    if not heads:
        return Table(headings, caption, (), tuple(map(tuple, filled)), _NO_HEAD)
    width = len(filled[0])
    if any(len(row) != width for row in filled):
        return Table(headings, caption, tuple(filled[0]), (), _RAGGED)
    columns = [" ".join(dict.fromkeys(row[at] for row in filled[:heads] if row[at])) for at in range(width)]
    return Table(headings, caption, tuple(columns), tuple(tuple(row) for row in filled[heads:]))


def _is_head(line: Any) -> bool:
    """Whether a row has the headers of columns: it is in the head of the table, or all of its cells are headers."""
    cells = [one for one in line if one.tag in ("td", "th")]
    return line.getparent().tag == "thead" or (bool(cells) and all(one.tag == "th" for one in cells) and len(cells) > 1)


def _spread(lines: list[Any]) -> list[list[str]] | None:
    """Every cell in its column, merged ones repeated; None where spans make no sense."""
    filled: list[list[str]] = []
    waiting: dict[int, tuple[int, str]] = {}
    for line in lines:
        row: list[str] = []
        cells = [one for one in line if one.tag in ("td", "th")]
        while cells or len(row) in waiting:
            if len(row) in waiting:
                left, text = waiting.pop(len(row))
                if left > 1:
                    waiting[len(row)] = (left - 1, text)
                row.append(text)
                continue
            cell = cells.pop(0)
            across, down, text = _span(cell, "colspan"), _span(cell, "rowspan"), _own(cell)
            if across is None or down is None:
                return None
            for _ in range(across):
                if down > 1:
                    waiting[len(row)] = (down - 1, text)
                row.append(text)
        if len(row) > _MOST_SPAN:
            return None
        filled.append(row)
    return filled or None


def _span(cell: Any, name: str) -> int | None:
    written = (cell.get(name) or "1").strip()
    number = int(written) if re.fullmatch(r"[0-9]{1,3}", written) else 0
    return number if 1 <= number <= _MOST_SPAN else None


def _refused(code: str, name: str, rule: Text) -> FileError:
    return FileError(Problem(code, name, rule, _GIVE))


_TOO_LARGE = Text("at most {n} bytes", "au plus {n} octets")
_TOO_DEEP = Text("its elements are nested too deep", "ses éléments sont imbriqués trop profondément")
_TOO_MANY = Text("at most {n} cells in {t} tables", "au plus {n} cellules dans {t} tableaux")
_TOO_MANY_LINES = Text("at most {n} paragraphs and entries of lists", "au plus {n} paragraphes et éléments de listes")
_TOO_MANY_LETTERS = Text("at most {n} letters in its sentences", "au plus {n} lettres dans ses phrases")
_NOT_A_PAGE = Text("no page in HTML", "pas une page HTML")
_ENCODING = Text("text in an encoding that pages do not have", "texte dans un codage que les pages n'ont pas")
_NESTED = Text("a table within a table", "un tableau dans un tableau")
_SPANS = Text("merged cells that do not fit", "des cellules fusionnées qui ne vont pas ensemble")
_NO_HEAD = Text("no row of headers", "aucune ligne d'en-têtes")
_RAGGED = Text("rows of different lengths", "des lignes de longueurs différentes")
_GIVE = Text(
    "save the department's page from a browser, or give its address",
    "enregistrer la page du ministère depuis un navigateur, ou donner son adresse",
)
