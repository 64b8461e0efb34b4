"""Reading what people write: text in any form of Unicode, TOML and JSON; an error has line and column.

What is read is bounded before it is looked at: the size of a file, the levels of lists in one another, the length of a
number and of a cell. A pipe or a device is refused, and so is half a character.
"""

from __future__ import annotations

import codecs
import csv
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import tomli

from expressentry.dates import A_DAY, LIKE_A_DAY, day_or_none
from expressentry.errors import ABSENT, FileError, Problem
from expressentry.files import NotAFileError, open_file
from expressentry.money import parse_dollars
from expressentry.text import HALF, YES_NO, Text, same

GIVE_FILE = Text("give a TOML or JSON file", "donner un fichier TOML ou JSON")
SAVE_AS_UTF8 = Text(
    "save it again as UTF-8 (in Excel: CSV UTF-8)", "l'enregistrer de nouveau en UTF-8 (dans Excel : CSV UTF-8)"
)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
MOST_BYTES = 10_000_000
"""The size of a file about one person or of a law file, at most."""
MOST_TABLE_BYTES = 100_000_000
"""The size of a table that is read at once, at most; `score` reads larger ones piece by piece."""
MOST_LEVELS = 50
"""Lists and tables in one another, at most; a profile has four."""
MOST_DIGITS = 18
"""Figures of a whole number, at most: what every program that reads our answers takes."""
MOST_LETTERS = 10_000
"""Letters of a cell of a table, at most."""
LOOKED_AT = 4096
"""So many bytes from the start tell in which form of Unicode a text is."""
_DATE = re.compile(r"\b\d{4}-\d{1,2}-\d{1,2}\b")


def encoding_of(data: bytes) -> tuple[str, int]:
    r"""The encoding of text, and the bytes of the mark before it; UTF-8 where nothing says otherwise.

    >>> encoding_of("é".encode("utf-8-sig")), encoding_of("age".encode("utf-16-le"))
    (('utf-8', 3), ('utf-16-le', 0))
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding, len(mark)
    first = data[:LOOKED_AT]
    # Latin letters in UTF-16 have a zero as every second byte, and no zero otherwise.
    for encoding, zeros, letters in (("utf-16-le", first[1::2], first[::2]), ("utf-16-be", first[::2], first[1::2])):
        if zeros and 2 * zeros.count(0) > len(zeros) and 0 not in letters:
            return encoding, 0
    return "utf-8", 0


def decode(data: bytes, name: str) -> str:
    """The text of a file or a body, in UTF-8, UTF-16 or UTF-32, without its byte order mark.

    Args:
        data: The bytes.
        name: The file, as its owner calls it.

    Raises:
        FileError: It is text in none of them, or has NUL characters.
    """
    encoding, mark = encoding_of(data)
    try:
        text = data[mark:].decode(encoding)
    except UnicodeDecodeError as error:
        line = data[mark : mark + error.start].count(b"\n") + 1
        raise FileError(_not_utf8(name, line)) from None
    if "\0" in text:
        rule = Text("has a NUL character, which no text has", "contient un caractère NUL, qu'aucun texte ne contient")
        where = _line(text[: text.index("\0")].count("\n") + 1)
        fix = Text(
            "remove it, or save the file again as UTF-8", "l'enlever, ou enregistrer de nouveau le fichier en UTF-8"
        )
        raise FileError(Problem("nul_character", name, rule, fix, where=where))
    return text


def _not_utf8(name: str, line: int) -> Problem:
    rule = Text("not text in UTF-8", "pas du texte en UTF-8")
    return Problem("not_utf8", name, rule, SAVE_AS_UTF8, where=_line(line))


def read_text(path: Path, name: str = "", fix: Text = GIVE_FILE, most: int = MOST_BYTES) -> str:
    """Read a text file, in whatever form of Unicode it is; the arguments are those of `read_bytes`.

    Raises:
        FileError: It cannot be read, is too large, or is no text.
    """
    return decode(read_bytes(path, name, fix, most), name or str(path))


def read_bytes(path: Path, name: str = "", fix: Text = GIVE_FILE, most: int = MOST_BYTES) -> bytes:
    """Read a file whole.

    Args:
        path: The file.
        name: What it is called in errors; its path where nothing is given.
        fix: What to give instead where it cannot be read.
        most: How many bytes it may have.

    Raises:
        FileError: It cannot be read, is no file, or is too large.
    """
    try:
        with open_file(path) as file:
            data = file.read(most + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name itself
        raise unreadable(name or str(path), error, fix) from None
    if len(data) > most:
        rule = Text("larger than {n} million bytes", "plus de {n} millions d'octets").fill(n=most // 1_000_000)
        raise FileError(Problem("too_large", name or str(path), rule, fix))
    return data


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would work a cell of CSV out, or run it, instead of showing it; a number is shown.

    >>> [is_formula(cell) for cell in ("=1+1", "@SUM(A1)", "+1 613 555", "-5", "'=1", "a=1")]
    [True, True, True, False, True, False]
    """
    return _FORMULA.match(cell) is not None and _NUMBER.fullmatch(cell) is None


def text_cell(text: str) -> str:
    """Text as a cell of CSV that every spreadsheet shows and none works out: an apostrophe before what it would run."""
    return f"'{text}" if is_formula(text) else text


def cell_text(cell: str) -> str:
    """The text of a cell that `text_cell` wrote.

    >>> [cell_text(text_cell(text)) for text in ("=1", "'=1", "-5", "'-5", "'")]
    ['=1', "'=1", '-5', "'-5", "'"]
    """
    return cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell


# An apostrophe before a formula is one that we wrote, or must be told from one that we wrote.
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def separator_of(heading: str) -> str:
    """What separates the columns of a CSV table: a semicolon where its heading has no comma, as in Europe.

    >>> separator_of("client;age"), separator_of("client,age")
    (';', ',')
    """
    return ";" if ";" in heading and "," not in heading else ","


def csv_rows(lines: Iterable[str], name: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV table that are not blank, the heading first, each with the line on which it begins.

    The columns are separated by commas, or by semicolons where the heading has no comma.

    Args:
        lines: The table, line by line.
        name: The file, as its owner calls it.

    Raises:
        FileError: A quotation mark is not closed, or a row has more cells than the heading.

    >>> list(csv_rows(["client,age", "", "Zoé,29"], "clients.csv"))
    [(1, ['client', 'age']), (3, ['Zoé', '29'])]
    """
    # Of our own, and told of the row that breaks it: the library's limit would end the whole table.
    csv.field_size_limit(2**31 - 1)
    lines, before = iter(lines), list[str]()
    for heading in lines:
        before.append(heading)
        if heading.strip():
            break
    separator = separator_of(before[-1]) if before else ","
    rows, wide, begun = csv.reader(chain(before, lines), delimiter=separator, strict=True), 0, 0
    try:
        for cells in rows:
            line, begun = begun + 1, rows.line_num
            wide = wide or len(cells)
            if len(cells) > wide:
                rule = Text("{n} cells under {m} headings", "{n} cellules sous {m} titres")
                raise FileError(_ragged(name, rule.fill(n=len(cells), m=wide), line))
            if any(cells):
                yield line, cells
    except csv.Error:
        raise FileError(_ragged(name, _QUOTE_OPEN, begun + 1)) from None


def _ragged(name: str, rule: Text, line: int) -> Problem:
    return Problem("not_csv", name, rule, _CORRECT, where=_line(line))


def _decoded(lines: Iterable[bytes], name: str) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        try:
            yield line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise FileError(_not_utf8(name, number)) from None


def csv_problem(path: Path) -> Problem | None:
    """What is wrong with the form of a CSV file of any size, None where nothing is; the file is read line by line."""
    try:
        with open_file(path) as file:
            for _ in csv_rows(_decoded(file, str(path)), str(path)):
                pass
    except FileError as error:
        return error.problems[0]
    return None


def unreadable(name: str, error: Exception, fix: Text = GIVE_FILE) -> FileError:
    """The error for a file that the system does not let us read."""
    reason = next((said for kind, said in _REASONS if isinstance(error, kind)), None) or same(
        getattr(error, "strerror", None) or error
    )
    return FileError(Problem("unreadable", name, reason, fix))


def parse_document(text: str, name: str, *, as_json: bool | None = None) -> dict[str, Any]:
    """Read one object from TOML or JSON.

    Args:
        text: The document.
        name: The file, for errors; empty where there is only one.
        as_json: Whether it is JSON; where nothing is given, what its first character says.

    Raises:
        FileError: It is neither, or no object; the error says line, column and reason.

    >>> parse_document("born = 1996-02-30", "me.toml")
    Traceback (most recent call last):
    expressentry.errors.FileError: me.toml, line 1, column 8: born: `1996-02-30` is not a real day written YYYY-MM-DD. \
Fix: for example 2026-10-01.
    """
    if as_json is None:
        as_json = text.lstrip().startswith(("{", "[{"))
    try:
        found = load_json(text) if as_json else load_toml(text)
    except tomli.TOMLDecodeError as error:
        raise FileError(toml_problem(error, text, name)) from None
    except json.JSONDecodeError as error:
        rule = _said(_JSON, error.msg, Text("not JSON here", "pas du JSON ici"))
        raise FileError(
            Problem("not_json", "JSON", rule, _CORRECT, where=_place(name, error.lineno, error.colno))
        ) from None
    except OutOfBoundsError as error:
        kind = "JSON" if as_json else "TOML"
        raise FileError(Problem(f"not_{kind.lower()}", name or kind, error.rule, error.fix)) from None
    if not isinstance(found, dict):
        rule = Text("expected one object", "un objet attendu")
        raise FileError(Problem("not_an_object", name or "JSON", rule, GIVE_FILE))
    return found


class OutOfBoundsError(ValueError):
    """A document has something that no document needs; `rule` and `fix` say what and what to do."""

    def __init__(self, rule: Text, fix: Text) -> None:
        super().__init__(rule.en)
        self.rule, self.fix = rule, fix


def load_json(text: str | bytes) -> Any:
    """Read JSON, within bounds.

    Raises:
        json.JSONDecodeError: It is not JSON.
        OutOfBoundsError: It has too many levels, a number too long or none, or half a character.

    >>> load_json("[1, " + "7" * 5000 + "]")
    Traceback (most recent call last):
    expressentry.documents.OutOfBoundsError: a number of more than 18 figures
    """
    return _within_bounds(lambda: json.loads(text, parse_int=_whole))


def load_toml(text: str) -> dict[str, Any]:
    """Read TOML, within bounds.

    Raises:
        tomli.TOMLDecodeError: It is not TOML.
        OutOfBoundsError: It has too many levels, or a number too long or none.
    """
    found: dict[str, Any] = _within_bounds(lambda: tomli.loads(text))
    return found


def _within_bounds(read: Callable[[], Any]) -> Any:
    try:
        found = read()
    except (OutOfBoundsError, json.JSONDecodeError, tomli.TOMLDecodeError):
        raise
    except RecursionError:
        raise OutOfBoundsError(_LEVELS, _FLATTER) from None
    except UnicodeDecodeError:
        raise OutOfBoundsError(Text("not text in UTF-8", "pas du texte en UTF-8"), SAVE_AS_UTF8) from None
    except ValueError:  # Python's own limit, of 4,300 figures
        raise OutOfBoundsError(_FIGURES, _SHORTER) from None
    left: list[tuple[object, int]] = [(found, 1)]
    while left:
        value, level = left.pop()
        if isinstance(value, str):
            if not value.isascii() and HALF.search(value):
                raise OutOfBoundsError(_HALF_A_CHARACTER, _WRITE_WHOLE)
        elif isinstance(value, dict | list):
            if level > MOST_LEVELS:
                raise OutOfBoundsError(_LEVELS, _FLATTER)
            left += [(one, level + 1) for one in value]
            if isinstance(value, dict):
                left += [(one, level + 1) for one in value.values()]
        elif isinstance(value, float) and not math.isfinite(value):
            raise OutOfBoundsError(_NO_NUMBER, _WRITE_NUMBER)
        elif isinstance(value, int) and not -_MOST_WHOLE < value < _MOST_WHOLE:
            raise OutOfBoundsError(_FIGURES, _SHORTER)
    return found


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS + 1:
        raise OutOfBoundsError(_FIGURES, _SHORTER)
    return int(digits)


_MOST_WHOLE = 10**MOST_DIGITS
_LEVELS = Text("nested too deeply (more than {n} levels)", "trop de niveaux imbriqués (plus de {n})").fill(
    n=MOST_LEVELS
)
_FLATTER = Text("write it with fewer levels", "l'écrire avec moins de niveaux")
_FIGURES = Text("a number of more than {n} figures", "un nombre de plus de {n} chiffres").fill(n=MOST_DIGITS)
_SHORTER = Text("shorten the number", "raccourcir le nombre")
_NO_NUMBER = Text("no number (NaN or infinity)", "pas un nombre (NaN ou infini)")
_WRITE_NUMBER = Text("write the number, or leave it out", "écrire le nombre, ou le retirer")
_HALF_A_CHARACTER = Text(
    "half a character, such as \\ud83d alone, which no text has",
    "une moitié de caractère, comme \\ud83d seul, qu'aucun texte ne contient",
)
_WRITE_WHOLE = Text("write the whole character", "écrire le caractère entier")


def toml_problem(error: tomli.TOMLDecodeError, text: str, name: str) -> Problem:
    """What is wrong with TOML: a day that does not exist, an amount or a word as people write it, or its form."""
    lines = text.splitlines() or [""]
    number = min(error.lineno, len(lines))
    line = lines[number - 1]
    key, equals, written = (part.strip() for part in line.partition("="))
    for day in _DATE.finditer(line if equals else ""):
        if day_or_none(day[0]) is None:
            where = _place(name, number, day.start() + 1)
            return Problem.outside(key, A_DAY, day[0], LIKE_A_DAY, code="not_a_day", where=where)
    where, bare = _place(name, number, error.colno), written.partition("#")[0].strip()
    if equals and bare.casefold() in YES_NO:
        return Problem.outside(key, Text("true or false", "true ou false"), bare, code="wrong_type", where=where)
    if equals and not bare.isdigit() and (amount := _dollars(bare)) is not None:
        rule = Text("a whole number without separators", "un nombre entier sans séparateurs")
        fix = Text("write {n}", "écrire {n}").fill(n=amount)
        return Problem.outside(key, rule, bare, fix, code="wrong_type", where=where)
    if equals and _DECIMAL_COMMA.fullmatch(bare):
        rule = Text("a number with a decimal point", "un nombre avec un point décimal")
        fix = Text("write {n}", "écrire {n}").fill(n=bare.replace(",", "."))
        return Problem.outside(key, rule, bare, fix, code="wrong_type", where=where)
    rule = _said(_TOML, error.msg, Text("not TOML here", "pas du TOML ici"))
    return Problem("not_toml", "TOML", rule, _CORRECT, line.strip() or ABSENT, where)


def _dollars(text: str) -> int | None:
    try:
        return parse_dollars(text)
    except ValueError:
        return None


def _said(known: dict[str, Text], message: str, otherwise: Text) -> Text:
    return next((rule for start, rule in known.items() if message.startswith(start)), otherwise)


def _line(number: int) -> Text:
    return Text("line {n}", "ligne {n}").fill(n=number)


def _place(name: str, line: int, column: int) -> Text:
    place = Text("line {l}, column {c}", "ligne {l}, colonne {c}").fill(l=line, c=column)
    return Text("{f}, {p}", "{f}, {p}").fill(f=name, p=place) if name else place


_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,9},\d{1,9}")
_CORRECT = Text("correct the line", "corriger la ligne")
_QUOTE_OPEN = Text(
    "a quotation mark that is not closed, or in the middle of a cell",
    "un guillemet qui n'est pas fermé, ou au milieu d'une cellule",
)
_QUOTES = Text("text without its quotation marks", "du texte sans ses guillemets")
_TOML = {
    "Invalid value": Text(
        "no value that TOML knows: text is in quotes, days are 2026-10-01, yes and no are true and false",
        "aucune valeur que TOML connaît : le texte est entre guillemets, les jours sont 2026-10-01, oui et non sont "
        "true et false",
    ),
    "Expected '=' after a key": Text("a line without `=`", "une ligne sans `=`"),
    "Invalid statement": Text("neither a key with its value nor a table", "ni une clé avec sa valeur, ni une table"),
    "Cannot overwrite a value": Text("the same key a second time", "la même clé une seconde fois"),
    "Cannot declare": Text("the same table a second time", "la même table une seconde fois"),
    "Expected newline": Text(
        "something after the value that does not belong to it", "quelque chose après la valeur qui n'en fait pas partie"
    ),
    'Expected "\'"': _QUOTES,
    "Unterminated string": _QUOTES,
    "Unclosed": Text("a list or table that is not closed", "une liste ou une table qui n'est pas fermée"),
    "Expected ']'": Text("a bracket that is not closed", "un crochet qui n'est pas fermé"),
    "Unescaped": Text("a backslash, which is written twice in quotes", "une barre oblique inverse, à doubler"),
    "Illegal character": _QUOTES,
}
_JSON = {
    "Expecting property name": Text(
        "a key in double quotes is missing, or a comma is too many",
        "il manque une clé entre guillemets, ou une virgule est de trop",
    ),
    "Expecting ',' delimiter": Text("a comma or a closing bracket is missing", "il manque une virgule ou un crochet"),
    "Expecting ':' delimiter": Text("a colon is missing", "il manque un deux-points"),
    "Expecting value": Text("a value is missing", "il manque une valeur"),
    "Extra data": Text("something after the end of the object", "quelque chose après la fin de l'objet"),
    "Unterminated string": _QUOTES,
    "Invalid control character": Text("a line break within quotes", "un saut de ligne entre guillemets"),
    "Invalid \\escape": Text("a backslash, which is written twice in quotes", "une barre oblique inverse, à doubler"),
}
_REASONS = (
    (NotAFileError, Text("a pipe or a device, not a file", "un tube ou un périphérique, pas un fichier")),
    (FileNotFoundError, Text("there is no such file", "ce fichier n'existe pas")),
    (IsADirectoryError, Text("a folder, not a file", "un dossier, pas un fichier")),
    (PermissionError, Text("we may not read it", "nous n'avons pas le droit de le lire")),
    (NotADirectoryError, Text("there is no such folder", "ce dossier n'existe pas")),
)
