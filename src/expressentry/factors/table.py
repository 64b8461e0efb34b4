"""Factors in a table: each column checked against the schema and coded, as Polars expressions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import polars as pl

from expressentry.errors import FactorsError, Problem, give
from expressentry.factors.check import REQUIRED, not_to_be_given
from expressentry.factors.months import packed
from expressentry.law.schema import MOST_VALUES, Asked, Column, MonthsTest
from expressentry.money import CENTS, DOLLARS
from expressentry.suggest import near_miss
from expressentry.text import YES_NO, Text, same

_SPELLINGS = (("true", "True", "TRUE"), ("false", "False", "FALSE"))
_TRUTH = {word: int(value) for word, value in YES_NO.items()}
_SHORT_LIST = 10
_OURS = "~"
_CODE = {"occupation": pl.UInt16, "amount": pl.Int64, "months": pl.UInt64}
_TWICE = re.compile(r"(.+)_duplicated_\d+")  # what Polars makes of a second heading of the same name
_NAMES = Text("a column of the schema, spelled differently", "une colonne du schéma, écrite autrement")


def check_names(names: Sequence[str], asked: Asked, reserved: Sequence[str]) -> None:
    """Check the column names of a table, before any row is read.

    Unlisted columns may pass through. A misspelt schema name, a column that is about to be written, and a missing
    column that may not be empty are refused. A group of four abilities is given as a whole or not at all.

    Raises:
        FactorsError: With every problem.
    """
    known, present = asked.columns.by_name, set(names)
    if len(names) == 1 and ";" in names[0]:
        raise FactorsError(_separator(names[0]))  # one cause, and not a missing column each
    problems = []
    for name in names:
        near = None if name in known else near_miss(name, known)
        if name in reserved or name.startswith(_OURS):
            rule = Text("would be overwritten by the result", "serait écrasé par le résultat")
            problems.append(
                Problem("column_taken", name, rule, Text("rename it or remove it", "la renommer ou l'enlever"))
            )
        elif (found := _TWICE.fullmatch(name)) and found[1] in present:
            fix = Text("keep one of them", "en garder une")
            problems.append(
                Problem("twice", found[1], Text("two columns have this name", "deux colonnes portent ce nom"), fix)
            )
        elif near:
            fix = Text("call it {near}, or rename it", "l'appeler {near}, ou la renommer").fill(near=near)
            problems.append(Problem("near_miss", name, _NAMES, fix))
    for name, column in asked.inputs.items():
        group = next((members for members in asked.columns.groups.values() if name in members), ())
        needed = not column.when and not column.may_be_empty
        if name not in present and (needed or present & set(group)):
            fix = Text("add the column: {rule}", "ajouter la colonne : {rule}").fill(rule=column.expected())
            problems.append(Problem("missing_column", name, Text("required column", "colonne obligatoire"), fix))
    if problems:
        raise FactorsError(problems)


def _separator(header: str) -> Problem:
    rule = Text("one column, with semicolons in its name", "une seule colonne, avec des points-virgules dans son nom")
    fix = Text("read the file with semicolons", "lire le fichier avec des points-virgules")
    return Problem("wrong_separator", header.split(";")[0], rule, fix)


def absent(names: Sequence[str], asked: Asked) -> list[str]:
    """The columns looked at that the table does not have, and that count as empty in every row."""
    return [name for name in asked.inputs if name not in names]


def code(column: Column, dtype: pl.DataType | None, tests: Sequence[MonthsTest] = ()) -> pl.Expr:
    """The code of a column's value: null where the value is empty or outside the domain.

    A UInt8, for an occupation a UInt16; an amount is its own code, and a list of months has the packed number of what
    it passes. `dtype` is the type of the table's column, None where the table has no such column. Text is read as it
    would be in a CSV file. Raises FactorsError for a type that cannot hold the column's values.
    """
    if dtype is None or dtype == pl.Null:
        return pl.lit(None, dtype=_CODE.get(column.kind, pl.UInt8))
    coded = _wide(column, dtype, tests) if column.kind in _CODE else _byte(column, dtype)
    if coded is None:
        fix = Text("store {rule}", "y mettre {rule}").fill(rule=column.expected())
        rule = Text("a column of another type", "une colonne d'un autre type")
        raise FactorsError(Problem("wrong_type", column.name, rule, fix, same(dtype).en))
    return coded


def _wide(column: Column, dtype: pl.DataType, tests: Sequence[MonthsTest]) -> pl.Expr | None:
    """An amount, an occupation, or a list of months; None for a type that cannot hold it."""
    raw = pl.col(column.name)
    if column.kind == "months":
        return packed(column, dtype, tests)
    if column.kind == "amount" and dtype == pl.String:
        return raw.map_batches(dollars, return_dtype=pl.Int64, is_elementwise=True)
    if column.kind == "amount" and dtype.is_numeric():
        whole = raw.cast(pl.Int64, strict=False)
        fits = (whole >= 0) & (whole == raw) if dtype.is_float() else whole >= 0
        return pl.when(fits).then(whole)
    if column.kind == "occupation" and (dtype in (pl.String, pl.Categorical) or isinstance(dtype, pl.Enum)):
        if isinstance(dtype, pl.Enum) and dtype.categories.to_list() == list(column.values):
            return raw.to_physical().cast(pl.UInt16)
        text = raw if dtype == pl.String else raw.cast(pl.String)
        return text.cast(pl.Enum(list(column.values)), strict=False).to_physical().cast(pl.UInt16)
    return None


def _byte(column: Column, dtype: pl.DataType) -> pl.Expr | None:
    """The code of a small domain; None for a type that cannot hold it."""
    raw = pl.col(column.name)
    if column.kind == "integer" and (dtype.is_numeric() or dtype == pl.String):
        low, high = column.values[0], column.values[-1]
        small = pl.UInt8 if low >= 0 and high < MOST_VALUES else pl.Int16
        number = raw.cast(small, strict=False) if dtype == pl.String else raw
        unsigned = low == 0 and (dtype.is_unsigned_integer() or (dtype == pl.String and small == pl.UInt8))
        inside = number <= high if unsigned else number.is_between(low, high)
        if dtype.is_float():
            inside &= number == number.floor()
        shifted = number if low == 0 else number - low
        # Wrapping is safe inside the range that `when` lets through, and three times faster than a checked cast.
        return pl.when(inside).then(shifted.cast(pl.UInt8, wrap_numerical=True))
    if column.kind == "boolean" and dtype == pl.Boolean:
        return raw.cast(pl.UInt8)
    if column.kind == "boolean" and dtype == pl.String:
        return raw.map_batches(truth, return_dtype=pl.UInt8, is_elementwise=True)
    if column.kind == "name" and isinstance(dtype, pl.Enum):
        places = [column.code(name) for name in dtype.categories]
        return pl.lit(pl.Series(places, dtype=pl.UInt8)).gather(raw.to_physical())
    if column.kind == "name" and dtype in (pl.String, pl.Categorical):
        return _position(raw if dtype == pl.String else raw.cast(pl.String), column.values)
    return None


def dollars(text: pl.Series) -> pl.Series:
    """Amounts as people write them, null where one is not an amount; what `parse_dollars` reads, and no other.

    >>> dollars(pl.Series(["25000", "$25,000", "25.000"])).to_list()
    [25000, 25000, None]
    """
    plain = text.str.contains("^[0-9]{1,15}$")
    found = text.set(~plain, None).cast(pl.Int64)
    if found.null_count() == text.null_count():
        return found
    written = text.str.extract(f"(?i){DOLLARS}", 1).str.replace(CENTS, "").str.replace_all("[^0-9]", "")
    return written.cast(pl.Int64, strict=False)


def truth(text: pl.Series) -> pl.Series:
    """Codes of yes and no as people write them in either language, null where it is neither.

    >>> truth(pl.Series(["true", "Oui", "NON", "1"])).to_list()
    [1, 1, 0, None]
    """
    yes, no = (pl.any_horizontal(pl.lit(text) == word for word in words) for words in _SPELLINGS)
    code = pl.when(yes).then(pl.lit(1, pl.UInt8)).when(no).then(pl.lit(0, pl.UInt8))
    found = pl.select(code.alias(text.name)).to_series()
    if found.null_count() == text.null_count():
        return found  # the spellings of programs, which nearly every table has throughout
    return text.str.to_lowercase().replace_strict(_TRUTH, default=None, return_dtype=pl.UInt8)


def typed(column: Column) -> pl.Expr | None:
    """The value of a column that came as text, from its code; None for a column whose values are words."""
    coded = pl.col(code_name(column.name))
    if column.kind == "integer":
        return (coded.cast(pl.Int64) + int(column.values[0])).alias(column.name)
    if column.kind == "boolean":
        return coded.cast(pl.Boolean).alias(column.name)
    return coded.alias(column.name) if column.kind == "amount" else None


def _position(text: pl.Expr, names: Sequence[str]) -> pl.Expr:
    """The position of a name in a short list; comparing with each is faster than a hash table up to about ten."""
    if len(names) > _SHORT_LIST:
        return text.cast(pl.Enum(names), strict=False).to_physical().cast(pl.UInt8)
    place = pl.lit(None, dtype=pl.UInt8)
    for at, name in enumerate(names):
        place = pl.when(text == name).then(pl.lit(at, pl.UInt8)).otherwise(place)
    return place


def code_name(name: str) -> str:
    """The name under which a column's code travels while a table is scored."""
    return f"{_OURS}{name}"


def wrong(asked: Asked, schema: Mapping[str, pl.DataType]) -> dict[tuple[str, str], pl.Expr]:
    """For each column and kind of problem, the expression that is true in the rows that have it; over coded columns."""
    found: dict[tuple[str, str], pl.Expr] = {}
    for name, column in asked.inputs.items():
        coded = pl.col(code_name(name))
        given = pl.col(name).is_not_null() if name in schema else pl.lit(False)
        flags = [pl.col(code_name(flag)).eq_missing(1) for flag in column.when]
        holds = pl.any_horizontal(flags) if flags else pl.lit(True)
        if name in schema:
            found[name, "out_of_range"] = given & coded.is_null() & holds
        if not column.may_be_empty:
            found[name, "missing"] = ~given & holds
        if column.when and name in schema:
            found[name, "not_applicable"] = given & ~holds
    return found


def rule_of(column: Column, problem: str) -> tuple[Text, Text]:
    """Rule and fix of a kind of problem with a column."""
    if problem == "missing":
        return REQUIRED, give(column.expected())
    if problem == "not_applicable":
        return not_to_be_given(column)
    return column.expected(), give(column.expected())
