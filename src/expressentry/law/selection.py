"""Beyond the score: the programs, the 67-point grid, the categories and the dated lists of a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any

from expressentry.dates import START
from expressentry.law.criteria.categories import CategoryVersion, all_versions, category_versions
from expressentry.law.criteria.model import Condition, Criterion, Known, Points, columns_of
from expressentry.law.criteria.programs import Program, files_on, program_files, read_program
from expressentry.law.criteria.read import CriteriaReader
from expressentry.law.grid.read import read_grid
from expressentry.law.grid.tree import Grid
from expressentry.law.lists import Row, shipped_list
from expressentry.law.load import shipped_law
from expressentry.law.schema import MonthsTest
from expressentry.law.source import DATA, Fields, Source
from expressentry.noc.codes import SWITCH, Version, noc2021


@dataclass(frozen=True, eq=False)
class CategoryLaw:
    """One version of a category with what it asks for: all of its criteria."""

    version: CategoryVersion
    criteria: tuple[Criterion, ...] = field(repr=False)
    data: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, eq=False)
class Selection:
    """What decides who may be invited on a day, whatever the score."""

    programs: tuple[Program, ...]
    fsw: Grid
    categories: tuple[CategoryLaw, ...]
    funds: Row
    order: Row

    @cached_property
    def data(self) -> dict[str, Any]:
        """All of it as plain data, as written in the files: what a digest is made over."""
        return {
            "programs": [program.data for program in self.programs],
            "fsw": self.fsw.data,
            "categories": [[law.version.category, law.version.version, law.data] for law in self.categories],
            "lists": [[row.start, row.instrument, row.values] for row in (self.funds, self.order)],
        }

    @cached_property
    def tests(self) -> tuple[MonthsTest, ...]:
        """The tests of months in the categories, each once."""
        found = (c for law in self.categories for criterion in law.criteria for c in criterion.conditions())
        return tuple(dict.fromkeys(condition for condition in found if isinstance(condition, MonthsTest)))

    @cached_property
    def program_columns(self) -> frozenset[str]:
        """The columns that the programs look at, those of the 67-point grid among them."""
        return _columns(self.fsw, (criterion for program in self.programs for criterion in program.criteria))

    @cached_property
    def category_columns(self) -> frozenset[str]:
        """The columns that the categories of the day look at."""
        return _columns(self.fsw, (criterion for law in self.categories for criterion in law.criteria))


def _columns(fsw: Grid, criteria: Iterable[Criterion]) -> frozenset[str]:
    conditions: list[Condition] = [condition for criterion in criteria for condition in criterion.conditions()]
    grid = set(fsw.inputs) if any(isinstance(condition, Points) for condition in conditions) else set()
    return frozenset(grid.union(*map(columns_of, conditions)))


@lru_cache(maxsize=1 << 13)
def selection_on(day: date) -> Selection:
    """Return the programs, categories and lists in force on a day; days under the same law share one.

    >>> selection = selection_on(date(2026, 10, 1))
    >>> [program.id for program in selection.programs]
    ['fsw-2015-01-01', 'cec-2015-01-01', 'fst-2022-11-16', 'pnp-2015-01-01']
    """
    rows = [next(at for at, row in enumerate(_rows(name)) if row.holds(day)) for name in _LISTS]
    grid = max(path for path in _fsw_files() if path.stem <= day.isoformat())
    versions = tuple((one.category, one.version) for one in category_versions(day))
    return _selection(files_on(day), grid, versions, *rows)


@cache
def selection_days() -> tuple[date, ...]:
    """Every day from which a program, a list of categories, of funds or of orders begins or no longer holds."""
    files = [date.fromisoformat(path.stem) for path in _fsw_files()]
    files += [date.fromisoformat(path.stem.partition("-")[2]) for path in program_files()]
    rows = [day for name in _LISTS for row in _rows(name) for day in (row.start, row.until)]
    versions = [day for one in all_versions() for day in (one.start, one.until)]
    return tuple(sorted({day for day in (*files, *rows, *versions) if day is not None}))


_LISTS = ("settlement_funds", "program_order")


@cache
def _selection(
    programs: tuple[Path, ...], fsw: Path, versions: tuple[tuple[str, str], ...], funds: int, order: int
) -> Selection:
    return Selection(
        tuple(map(_program, programs)),
        _fsw(fsw),
        tuple(category_law(*version) for version in versions),
        _rows("settlement_funds")[funds],
        _rows("program_order")[order],
    )


@cache
def _rows(name: str) -> list[Row]:
    return shipped_list(name, shipped_law().instruments)


@cache
def _fsw_files() -> tuple[Path, ...]:
    return tuple(sorted((DATA / "fsw").glob("*.toml")))


@cache
def _fsw(path: Path) -> Grid:
    law = shipped_law()
    return read_grid(Source(path), law.columns, law.instruments, kind="fsw")


@cache
def _program(path: Path) -> Program:
    law = shipped_law()
    return read_program(Source(path), law.columns, law.instruments)


@cache
def category_law(category: str, version: str) -> CategoryLaw:
    """One version of a category with its criteria read.

    Raises LawError for a condition that names no column, or a value outside its domain.
    """
    from expressentry.law.criteria.categories import categories

    law = shipped_law()
    found = next(one for one in categories()[category] if one.version == version)
    source = Source(DATA / "categories" / f"{category}.toml")
    columns = law.columns.with_occupations(tuple(noc2021()))
    reader = CriteriaReader(columns, law.instruments, found.start, found.occupations)
    fields = Fields(source, (version, "criteria"), source.data[version]["criteria"])
    criteria = reader.criteria(fields, found.cite.instrument.id, found.cite.place)
    source.finish()
    return CategoryLaw(found, criteria, source.data[version])


def is_trade(code: str, version: Version) -> bool:
    """Whether an occupation is a skilled trade of the class, by the groups that the program names.

    >>> is_trade("72200", 2021), is_trade("72600", 2021), is_trade("62200", 2021)
    (True, False, True)
    """
    return code in _trades(version)


@cache
def _trades(version: Version) -> frozenset[str]:
    program = next(one for one in selection_on(SWITCH if version == 2021 else START).programs if one.program == "fst")
    conditions = [condition for criterion in program.criteria for condition in criterion.conditions()]
    named = next(one for one in conditions if isinstance(one, Known) and one.column.name == "trade_noc")
    return frozenset(code for code, allowed in zip(named.column.values, named.allowed, strict=True) if allowed)
