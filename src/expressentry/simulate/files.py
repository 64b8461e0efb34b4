"""A population as a file: Parquet, with what made it in its metadata; written whole or not at all."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import polars as pl

from expressentry.assess.frame.files import file_error
from expressentry.dates import parse_day
from expressentry.errors import FactorsError, FileError, Problem, UsageError
from expressentry.files import PUBLIC, open_file, replacing
from expressentry.simulate.synthesis import Population
from expressentry.simulate.table import MOST_PEOPLE, check, check_values
from expressentry.text import Text
from expressentry.version import VERSION

ENDING = ".parquet"
_OURS = "expressentry."


@dataclass(frozen=True, slots=True)
class Made:
    """What made a table: version, seed, size, its day, the day of the bands, and the law of that day."""

    version: str
    seed: int
    size: int
    on: date
    bands_of: date
    candidates: int
    rule_set: str
    law_digest: str


def made(population: Population) -> Made:
    """What made a population, by this version."""
    rules, size = population.rules, population.frame.height
    days = (population.on, population.pool.as_of)
    return Made(VERSION, population.seed, size, *days, population.total, rules.id, rules.digest)


def check_ending(path: Path) -> None:
    """Refuse a name that is not that of a Parquet file.

    Raises:
        UsageError: It ends in something else.
    """
    if path.suffix.lower() != ENDING:
        expected = Text("a file ending in {e}", "un fichier finissant par {e}").fill(e=ENDING)
        raise UsageError(Problem.outside("out", expected, path.name))


def write_population(population: Population, path: Path) -> None:
    """Write a population; the same population gives the same bytes.

    Raises:
        FileError: The file cannot be written; what stood there before still does.
    """
    check_ending(path)
    metadata = {f"{_OURS}{name}": str(value) for name, value in asdict(made(population)).items()}
    with replacing(path, mode=PUBLIC) as part:
        try:
            population.frame.write_parquet(part, compression="zstd", metadata=metadata)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise file_error(error, path, [path]) from error


def read_population(path: Path) -> tuple[pl.DataFrame, Made]:
    """Read a population and what made it.

    Rows are counted before any is read.

    Raises:
        FileError: The file cannot be read, or is no population.
        FactorsError: It is of another version, has too many people or other rows than it says, or its columns are not
            those of a population.
    """
    check_ending(path)
    try:
        open_file(path).close()  # a pipe would be waited for, and a device has no end
        of = _made(_told(pl.read_parquet_metadata(path)), path)
        lazy = pl.scan_parquet(path)
        rows = int(lazy.select(pl.len()).collect().item())
        if rows > MOST_PEOPLE or rows != of.size:
            rule = Text("has {n} rows; it says {m}, and {k} are the most", "a {n} lignes; il dit {m}, et {k} au plus")
            problem = Problem("wrong_size", str(path), rule.fill(n=rows, m=of.size, k=MOST_PEOPLE), _AGAIN)
            raise FactorsError(problem)
        frame = lazy.collect()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise file_error(error, path, []) from error
    if of.version != VERSION:
        rule = Text("made by version {a}; this is {b}", "produit par la version {a}; ceci est la {b}")
        raise FactorsError(Problem("other_version", str(path), rule.fill(a=of.version, b=VERSION), _AGAIN))
    return check_values(check(frame)), of


def _told(found: dict[str, str]) -> dict[str, str]:
    """What a file says of itself."""
    return {name.removeprefix(_OURS): value for name, value in found.items() if name.startswith(_OURS)}


def _made(found: dict[str, str], path: Path) -> Made:
    try:
        return Made(
            found["version"],
            int(found["seed"]),
            int(found["size"]),
            parse_day(found["on"]),
            parse_day(found["bands_of"]),
            int(found["candidates"]),
            found["rule_set"],
            found["law_digest"],
        )
    except (KeyError, ValueError):
        raise FileError(Problem("no_population", str(path), _NONE, _AGAIN)) from None


_NONE = Text(
    "a Parquet file, but no population of expressentry", "un fichier Parquet, mais pas une population d'expressentry"
)
_AGAIN = Text(
    "make it again with this version: expressentry simulate population",
    "la refaire avec cette version : expressentry simulate population",
)
