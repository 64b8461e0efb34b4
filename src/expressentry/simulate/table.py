"""The columns of a population: one row is one invented person, with facts that stay and facts that move by date.

    TABLE["birth_date"].meaning        what a column says, in both languages
    check(frame)                       refuse a frame that is no population

A factor that does not move with the day is a column under its own name and type (`sibling_in_canada`). What moves is
kept as the date or the count behind it, and `facts.factors_on` makes the factors of a day of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import polars as pl

from expressentry.errors import FactorsError, Problem, listed
from expressentry.law.languages import ABILITIES
from expressentry.law.load import load_law
from expressentry.noc.codes import codes_of
from expressentry.text import Text

MOST_PEOPLE = 5_000_000
"""People of a population that is read or simulated, at most."""
_MOST_MONTHS, _MOST_LETTERS, _YEARS = 1200, 60, (1900, 2100)
PARTNERS = ("none", "not_coming", "citizen_or_resident", "accompanies")
LANGUAGES = ("english", "french")
WHERE = ("canadian", "foreign")
"""The two places of work, as columns name them."""


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column of a population; `empty` says what an empty value means, and is None where none may be empty."""

    name: str
    dtype: pl.DataType
    meaning: Text
    empty: Text | None = None
    unit: Text | None = None


_MONTHS = Text("months", "mois")
_DAY, _TRUTH, _TEXT = pl.Date(), pl.Boolean(), pl.String()
_NEVER = Text("never", "jamais")
_NO_TEST = Text("no test", "aucun test")
_NO_PARTNER = Text("no partner who comes along", "aucun conjoint qui vient aussi")
_OPEN = Text("no end is known", "aucune fin connue")


def _work(where: str, en: str, fr: str) -> list[TableColumn]:
    """The columns of one place of work: one run of work, which may still go on."""
    counted = Text(
        f"Whole months of skilled work {en}, counted up to counted_on: one continuous run.",
        f"Mois entiers de travail qualifié {fr}, comptés jusqu'à counted_on : une seule suite continue.",
    )
    works = Text(
        f"Whether full-time work {en} goes on after counted_on, a month for each month.",
        f"Si le travail à temps plein {fr} continue après counted_on, un mois par mois.",
    )
    until = Text(f"The day on which work {en} ends, or ended.", f"Le jour où le travail {fr} prend fin, ou a pris fin.")
    return [
        TableColumn(f"{where}_months", pl.Int16(), counted, unit=_MONTHS),
        TableColumn(f"{where}_works", _TRUTH, works),
        TableColumn(f"{where}_until", _DAY, until, _OPEN),
    ]


_OWN = (
    TableColumn("person", pl.UInt32(), Text("The number of the person.", "Le numéro de la personne.")),
    TableColumn(
        "archetype", _TEXT, Text("The kind of candidate that was drawn.", "Le genre de candidat qui a été tiré.")
    ),
    TableColumn(
        "weight",
        pl.Float64(),
        Text(
            "How many candidates of the pool the person stands for.",
            "Combien de candidats du bassin la personne représente.",
        ),
        unit=Text("candidates", "candidats"),
    ),
    TableColumn(
        "submitted_at",
        pl.Datetime("us", "UTC"),
        Text("When the profile was submitted.", "Quand le profil a été soumis."),
    ),
    TableColumn(
        "counted_on",
        _DAY,
        Text(
            "The day up to which months of work are counted.", "Le jour jusqu'auquel les mois de travail sont comptés."
        ),
    ),
    TableColumn("birth_date", _DAY, Text("Day of birth.", "Jour de naissance.")),
    TableColumn(
        "assessed_on",
        _DAY,
        Text("When the credential from abroad was assessed.", "Quand le diplôme obtenu à l'étranger a été évalué."),
        Text("a Canadian credential, which needs no assessment", "un diplôme canadien, qui n'en a pas besoin"),
    ),
    TableColumn(
        "partner",
        pl.Enum(PARTNERS),
        Text(
            "Spouse or common-law partner: none, stays behind, is a citizen or permanent resident, or comes along.",
            "Époux ou conjoint de fait : aucun, ne vient pas, est citoyen ou résident permanent, ou vient aussi.",
        ),
    ),
    TableColumn(
        "noc",
        _TEXT,
        Text("Occupation of the work, by the NOC 2021.", "Profession du travail, selon la CNP 2021."),
    ),
    *_work("canadian", "in Canada", "au Canada"),
    *_work("foreign", "outside Canada", "hors du Canada"),
    TableColumn(
        "english_taken_on",
        _DAY,
        Text("When the results of the English test came.", "Quand les résultats du test d'anglais sont venus."),
        _NO_TEST,
    ),
    TableColumn(
        "french_taken_on",
        _DAY,
        Text("When the results of the French test came.", "Quand les résultats du test de français sont venus."),
        _NO_TEST,
    ),
    TableColumn(
        "permit_until",
        _DAY,
        Text(
            "The day on which the permit to be in Canada ends.", "Le jour où prend fin le permis de séjour au Canada."
        ),
        Text("no permit", "aucun permis"),
    ),
    TableColumn(
        "nominated_on",
        _DAY,
        Text("When a province nominated the person.", "Quand une province a désigné la personne."),
        _NEVER,
    ),
)
FACTORS = (
    *("education", "canadian_study", "canadian_study_2y", "first_language"),
    *(f"{language}_{ability}" for language in LANGUAGES for ability in ABILITIES),
    *("sibling_in_canada", "relative_in_canada", "certificate_of_qualification"),
    *("job_offer", "arranged_employment", "fst_offer", "family_size", "funds_cad", "intends_quebec"),
    *("partner_education", "partner_canadian_work_years"),
    *(f"partner_{ability}" for ability in ABILITIES),
    *("partner_canadian_study_2y", "partner_canadian_work_any"),
)
"""The factors that a population holds as they are, by the names, the values and the meaning of the law's schema."""


_EMPTY = {
    "no_test": _NO_TEST,
    "both_tried": Text("whichever order gives more points", "l'ordre qui donne le plus de points"),
}
"""What an empty factor means; what would not be known of a real person is known of everybody here."""


def _dtype(kind: str, values: tuple[object, ...]) -> pl.DataType:
    if kind == "name":
        return pl.Enum([str(value) for value in values])
    return {"boolean": pl.Boolean(), "integer": pl.UInt8(), "amount": pl.Int64()}[kind]


@cache
def table() -> Mapping[str, TableColumn]:
    """Every column of a population, in its order.

    >>> table()["birth_date"].meaning.en
    'Day of birth.'
    """
    columns = load_law().columns
    found = {column.name: column for column in _OWN}
    for name in FACTORS:
        column = columns.by_name[name]
        empty = _NO_PARTNER if name.startswith("partner_") else _EMPTY.get(column.empty)
        found[name] = TableColumn(name, _dtype(column.kind, column.values), column.meaning, empty, column.unit)
    return found


def check(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame, if it is a population: every column of its type, none empty that may not be; others travel along.

    Raises:
        FactorsError: Nobody is in it, or a column is missing, of another type, or empty where it may not be.
    """
    problems = [] if frame.height else [Problem("nobody", "population", _NOBODY, _DRAW)]
    for name, column in table().items():
        if name not in frame.columns:
            problems.append(Problem("missing", name, _MISSING, _DRAW))
        elif frame.schema[name] != column.dtype:
            rule = Text("has the type {a} where {b} is expected", "est de type {a}, là où {b} est attendu")
            problems.append(Problem("wrong_type", name, rule.fill(a=frame.schema[name], b=column.dtype), _DRAW))
        elif column.empty is None and (empty := frame[name].null_count()):
            rule = Text("is empty in {n} rows", "est vide dans {n} lignes").fill(n=empty)
            problems.append(Problem("missing", name, rule, _DRAW))
    if problems:
        raise FactorsError(listed(problems, lambda one: one, "more", "population"))
    return frame


def check_values(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame, if every value of a checked frame is one that a population can have.

    Raises:
        FactorsError: A value is beyond the days, counts, levels and occupations that there are.
    """
    problems = []
    known, columns = set(codes_of(2021)), load_law().columns.by_name
    for name, column in table().items():
        values = frame[name].drop_nulls()
        if name == "weight":
            good = values.is_finite() & (values > 0)
        elif name == "noc":
            good = values.is_in(known)
        elif name.endswith("_months"):
            good = values.is_between(0, _MOST_MONTHS)
        elif column.dtype == pl.String():
            good = values.str.len_chars() <= _MOST_LETTERS
        elif column.dtype.is_temporal():
            good = values.dt.year().is_between(*_YEARS)
        elif column.dtype == pl.UInt8():
            good = values.is_in(columns[name].values)
        else:
            continue
        if bad := (~good).sum():
            rule = Text("has a value that none can have in {n} rows", "a une valeur impossible dans {n} lignes")
            problems.append(Problem("out_of_range", name, rule.fill(n=bad), _DRAW))
    if problems:
        raise FactorsError(problems)
    return frame


_MISSING = Text("this column of a population is missing", "cette colonne d'une population manque")
_NOBODY = Text("a population of nobody", "une population sans personne")
_DRAW = Text(
    "draw a population with this version: expressentry simulate population",
    "tirer une population avec cette version : expressentry simulate population",
)
