"""The form of a file of published rounds of provinces: a table whose every cell is checked, all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from expressentry.dates import A_DAY, LIKE_A_DAY, day_or_none
from expressentry.documents import cell_text, csv_rows
from expressentry.errors import ABSENT, FileError, Problem, RecordError, listed
from expressentry.law.instruments import CONFIDENCES
from expressentry.law.streams import PROVINCES
from expressentry.rounds.province_draws import COLUMNS, CRS_SCALE, KINDS, Draw, draw_of
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, whole_number

MOST_BYTES, MOST_ROWS = 5_000_000, 20_000
_NEEDED = ("province", "stream", "date", "kind", "source", "checked", "confidence")
_DAYS = ("date", "date_to", "checked")
_NUMBERS = ("score_min", "score_max", "invitations", "fewer_than", "enhanced")
_MOST = 1_000_000
_MOST_LETTERS = 500
_SCALES = (CRS_SCALE, "AAIP EOI", "MPNP EOI", "NTNP EOI", "SINP", "SIRS")
"""The scales of published scores: the federal one, and those of the provinces by their own names."""
_NUMBER = Text("a whole number from 0 to {n}", "un nombre entier de 0 à {n}").fill(n=_MOST)
_GIVE = Text("give it", "le donner")
_CORRECT = Text("correct the row", "corriger la ligne")


def read_draws(text: str, name: str, names: Mapping[str, str] | None = None, on: date | None = None) -> list[Draw]:
    """Read a file of rounds.

    Args:
        text: The file, with a heading.
        name: The file, as its owner calls it.
        names: Each known stream or group with its province, and no other is taken; None: any.
        on: The last day that a row can have.

    Raises:
        RecordError: Something in it is wrong; the first problems are named, each with its line, and the others
            counted.
        FileError: It is no table, or has too many rows.
    """
    rows = csv_rows(text.splitlines(), name)
    _, heading = next(rows, (1, []))
    columns = [cell.strip() for cell in heading]
    problems = list(_heading(columns, name))
    if problems:
        raise RecordError(problems)
    found, seen = list[Draw](), dict[Draw, int]()
    for line, cells in rows:
        if line > MOST_ROWS:
            rule = Text("at most {n} lines", "{n} lignes au plus").fill(n=MOST_ROWS)
            raise FileError(Problem("too_large", name, rule, Text("split the file", "diviser le fichier")))
        given = [cell_text(cell.strip()) for cell in cells] + [""] * (len(columns) - len(cells))
        row = {**dict.fromkeys(COLUMNS, ""), **dict(zip(columns, given, strict=True))}
        wrong = list(_Row(row, name, line, names, on).problems())
        problems += wrong
        if wrong:
            continue
        one = draw_of(row)
        if one in seen:
            rule = Text("the same as line {n}", "la même que la ligne {n}").fill(n=seen[one])
            problems.append(Problem("twice", "row", rule, Text("remove one", "en enlever une"), where=_at(name, line)))
        seen.setdefault(one, line)
        found.append(one)
    if not found and not problems:
        rule = Text("no row", "aucune ligne")
        problems.append(Problem("empty", name, rule, Text("add rounds", "ajouter des rondes")))
    if problems:
        raise RecordError(listed(problems, lambda one: one, "more", name))
    return found


def _at(name: str, line: int) -> Text:
    return Text("{f}:{n}", "{f}:{n}").fill(f=name, n=line)


def _heading(columns: Sequence[str], name: str) -> Iterator[Problem]:
    """What is wrong with the headings."""
    at = _at(name, 1)
    for column in dict.fromkeys(columns):
        if column not in COLUMNS:
            near = suggestion(column, COLUMNS)
            fix = did_you_mean(near) if near else Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(COLUMNS))
            yield Problem(
                "unknown_column", column or "heading", Text("unknown column", "colonne inconnue"), fix, where=at
            )
        elif columns.count(column) > 1:
            yield Problem("twice", column, Text("each column once", "chaque colonne une fois"), _CORRECT, where=at)
    for column in _NEEDED:
        if column not in columns:
            yield Problem("missing", column, Text("required column", "colonne obligatoire"), _GIVE, where=at)


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of a file, not yet checked."""

    row: Mapping[str, str]
    name: str
    line: int
    names: Mapping[str, str] | None
    on: date | None

    def problems(self) -> Iterator[Problem]:
        """Everything that is wrong with it."""
        cells = [*self._words(), *self._cells()]
        yield from cells
        if not cells:
            yield from self._together()

    def _wrong(self, code: str, column: str, rule: Text, fix: Text = _CORRECT, *, expected: bool = False) -> Problem:
        text = self.row[column]
        number = whole_number(text) if column in _NUMBERS else None
        value: object = (text or ABSENT) if number is None else number
        return Problem(code, column, rule, fix, value, _at(self.name, self.line), expected=expected)

    def _words(self) -> Iterator[Problem]:
        row = self.row
        for column in _NEEDED:
            if not row[column] and not (column == "checked" and self.names is None):
                yield self._wrong("missing", column, Text("required", "obligatoire"), _GIVE)
        for column, known in (
            ("province", PROVINCES),
            ("kind", KINDS),
            ("confidence", CONFIDENCES),
            ("scale", _SCALES),
        ):
            if row[column] and row[column] not in known:
                near = suggestion(row[column], known)
                rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(known))
                fix = did_you_mean(near) if near else _CORRECT
                yield self._wrong("unknown_word", column, rule, fix, expected=True)
        if row["stream"] and self.names is not None and row["stream"] not in self.names:
            near = suggestion(row["stream"], self.names)
            own = [name for name, province in self.names.items() if province == row["province"]] or list(self.names)
            fix = did_you_mean(near) if near else Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(own))
            rule = Text("no stream or group whose rounds are published", "ni volet ni groupe dont on publie des rondes")
            yield self._wrong("unknown_stream", "stream", rule, fix)
        for column in COLUMNS:
            if len(row[column]) > _MOST_LETTERS:
                rule = Text("at most {n} letters", "au plus {n} lettres").fill(n=_MOST_LETTERS)
                yield self._wrong("out_of_range", column, rule, Text("shorten it", "raccourcir"))

    def _cells(self) -> Iterator[Problem]:
        for column in _DAYS:
            if self.row[column] and day_or_none(self.row[column]) is None:
                yield self._wrong("not_a_day", column, A_DAY, LIKE_A_DAY, expected=True)
        for column in _NUMBERS:
            text = self.row[column]
            if text and whole_number(text, _MOST) is None:
                yield self._wrong("out_of_range", column, _NUMBER, _CORRECT, expected=True)

    def _together(self) -> Iterator[Problem]:
        """What does not fit together in a row whose cells are right by themselves."""
        one = draw_of(dict(self.row))
        province = None if self.names is None else self.names.get(one.stream)
        if province is not None and province != one.province:
            rule = Text("a stream of {p}", "un volet de {p}").fill(p=province)
            yield self._wrong("contradictory", "stream", rule)
        if one.until is not None and one.until < one.day:
            yield self._wrong("contradictory", "date_to", Text("before `date`", "avant `date`"))
        if one.checked is not None and one.checked < one.day:
            yield self._wrong("contradictory", "checked", Text("before `date`", "avant `date`"))
        for column, day in (("date", one.day), ("checked", one.checked)):
            if self.on is not None and day is not None and day > self.on:
                rule = Text("in the future: today is {d}", "dans l'avenir : nous sommes le {d}").fill(d=self.on)
                yield self._wrong("in_the_future", column, rule)
        if one.score_max is not None and (one.score_min is None or one.score_max < one.score_min):
            yield self._wrong("contradictory", "score_max", Text("below `score_min`", "plus bas que `score_min`"))
        if one.score_min is not None and not one.scale:
            rule = Text("a score needs its scale", "une note demande son échelle")
            fix = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(_SCALES))
            yield self._wrong("missing", "scale", rule, fix)
        if one.invitations is not None and one.fewer_than is not None:
            rule = Text("a number or a bound, not both", "un nombre ou une borne, pas les deux")
            yield self._wrong("contradictory", "fewer_than", rule)
        if one.enhanced is not None and one.invitations is not None and one.enhanced > one.invitations:
            yield self._wrong("contradictory", "enhanced", Text("above `invitations`", "plus que `invitations`"))
        if bool(self.row["doubt_en"]) != bool(self.row["doubt_fr"]):
            column = "doubt_fr" if self.row["doubt_en"] else "doubt_en"
            yield self._wrong(
                "missing",
                column,
                Text("a doubt is written in both languages", "un doute s'écrit dans les deux langues"),
                _GIVE,
            )
