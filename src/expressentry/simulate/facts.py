"""The factors of a population on a day: ages, years of work, valid tests, made of the dates and counts in the table.

    factors_on(frame, date(2026, 11, 1), load_law().on(date(2026, 11, 1)))     what `score_frame` takes

Numbers with legal meaning (how long a test is valid, how far back work counts, which occupations) come from the rule
set. A person has one run of work in Canada and one outside it, both in the occupation `noc`; they are never joined.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import polars as pl

from expressentry.factors.derive.jobs import counts_in, teer
from expressentry.law.languages import ABILITIES
from expressentry.law.measures import Measure
from expressentry.law.rule_set import RuleSet
from expressentry.noc.codes import Version, codes_of, to_2016
from expressentry.simulate.table import FACTORS, LANGUAGES, WHERE, table

YEAR = 12
"""Months of a year of work."""
_MONTH = 32
_TODAY, _BEFORE = "~today", "~day before"
_DATES = ("birth_date", "assessed_on", *(f"{one}_taken_on" for one in LANGUAGES), "counted_on",
          *(f"{where}_until" for where in WHERE))  # fmt: skip
_PLACES = {"canada": ("canadian",), "abroad": ("foreign",)}
_EVER = 0
_ASSESSED = {"none": "none", "one_or_two_year": "two_year", "three_year_or_more": "three_year"}
"""The education that remains when the assessment of what was learned abroad expired: that of the study in Canada."""


def factors_on(frame: pl.DataFrame, on: date | str, rules: RuleSet) -> pl.DataFrame:
    """The factor columns of every person on a day, one row a person in the same order, ready for `score_frame`.

    Args:
        frame: A population, as `table.check` accepts it; other columns of it that the law reads are kept.
        on: The day, not before the one up to which the frame's months are counted; or the name of a column with the
            day of each row, all of them under the same law.
        rules: The law of the day.
    """
    asked = rules.asked(programs=True, categories=True).inputs
    today = pl.col(on) if isinstance(on, str) else pl.lit(on)
    facts = {**_moving(today, rules), **_work(rules)}
    kept = [name for name in asked if name not in facts and name in frame.columns]
    staged = frame.with_columns(*_dates(today), pl.col("noc").cast(pl.Enum(codes_of(2021)))).with_columns(*_months())
    return staged.select(*kept, *(value.alias(name) for name, value in facts.items() if name in asked))


def _dates(today: pl.Expr) -> list[pl.Expr]:
    """The dates that time passes from, as numbers that differ by whole months and years; and the day before."""
    dates = {_TODAY: today, **{f"~{name}": pl.col(name) for name in _DATES}}
    return [
        *(in_months(day).alias(name) for name, day in dates.items()),
        (today - pl.duration(days=1)).dt.day().cast(pl.Int32).alias(_BEFORE),
    ]


def in_months(day: pl.Expr) -> pl.Expr:
    """A day as a number: months since year 0 times 32, and the day of the month.

    A month is complete on the same day of the month, or on the first of the next where the month is too short for it:
    so whole months from one day to another are the difference over 32, rounded down, and whole years that over 384, as
    `dates.completed_years` counts them.

    >>> frame = pl.DataFrame({"a": [date(2026, 1, 31)] * 2, "b": [date(2026, 2, 28), date(2026, 3, 1)]})
    >>> frame.select((in_months(pl.col("b")) - in_months(pl.col("a"))) // _MONTH).to_series().to_list()
    [0, 1]
    """
    return (day.dt.year() * YEAR + day.dt.month().cast(pl.Int32)) * _MONTH + day.dt.day().cast(pl.Int32)


def _moving(on: pl.Expr, rules: RuleSet) -> dict[str, pl.Expr]:
    """What a day makes of birth, tests, assessment, partner and nomination."""
    evidence = rules.evidence
    accompanied = pl.col("partner") == "accompanies"
    assessed = pl.col("assessed_on").is_null() | _valid("assessed_on", evidence.assessment_valid_years)
    levels = table()["education"].dtype
    left = pl.col("canadian_study").replace_strict(_ASSESSED, return_dtype=levels)
    found = {
        "age": completed("birth_date").cast(pl.UInt8),
        "accompanied": accompanied,
        "education": pl.when(assessed).then(pl.col("education")).otherwise(left),
        "provincial_nomination": (pl.col("nominated_on") <= on).fill_null(False),
        "military_years": pl.lit(0, pl.UInt8),
        "military_offer_years": pl.lit(0, pl.UInt8),
    }
    for language in LANGUAGES:
        tested = _valid(f"{language}_taken_on", evidence.language_valid_years)
        for ability in ABILITIES:
            found[f"{language}_{ability}"] = pl.when(tested).then(pl.col(f"{language}_{ability}"))
    partner = {name: pl.when(accompanied).then(pl.col(name)) for name in FACTORS if name.startswith("partner_")}
    return found | partner


def completed(day: str) -> pl.Expr:
    """Whole years from a day of the person to today."""
    return (pl.col(_TODAY) - pl.col(f"~{day}")) // (_MONTH * YEAR)


def _valid(day: str, years: int) -> pl.Expr:
    """Whether a document of a day counts today: from its day on, for so many years; no document counts never."""
    since = pl.col(_TODAY) - pl.col(f"~{day}")
    return ((since >= 0) & (since < years * YEAR * _MONTH)).fill_null(False)


def _months() -> list[pl.Expr]:
    """For each place the months worked up to a day, and the months since the work ended, a part of one as a whole."""
    counted, today, found = pl.col("~counted_on"), pl.col(_TODAY), list[pl.Expr]()
    for where in WHERE:
        works, until = pl.col(f"{where}_works"), pl.col(f"~{where}_until")
        stopped = pl.min_horizontal(until, today)
        end = pl.when(works).then(pl.max_horizontal(stopped, counted)).otherwise(counted)
        since = (today - until) // _MONTH + (~_whole(until)).cast(pl.Int32)
        found += [
            (pl.col(f"{where}_months").cast(pl.Int32) + (end - counted) // _MONTH).alias(f"~{where}"),
            pl.when(until < today).then(since).otherwise(0).fill_null(0).alias(f"~{where}_since"),
        ]
    return found


def _whole(until: pl.Expr) -> pl.Expr:
    """Whether only whole months lie between: the same day of the month, or the first after a month that lacks it."""
    today, day = pl.col(_TODAY) % _MONTH, until % _MONTH
    return (day == today) | ((today == 1) & (day > pl.col(_BEFORE)))


def _within(where: str, months: int) -> pl.Expr:
    """The months in one place within so many months before the day; 0 for however long ago."""
    total, since = pl.col(f"~{where}"), pl.col(f"~{where}_since")
    return total if months == _EVER else pl.min_horizontal(total, (months - since).clip(0))


def _work(rules: RuleSet) -> dict[str, pl.Expr]:
    """Every column that a measure of the law makes of the person's work or job offer."""
    version: Version = 2021 if rules.evidence.noc_version == 2021 else 2016
    found: dict[str, pl.Expr] = {}
    for row in rules.law.measures.on(rules.day):
        if row.whose != "person":
            continue
        if row.counts == "work":
            found[row.column] = _counted(row, rules, version)
        elif row.counts == "offer" and row.gives in ("tier", "reached"):
            found[row.column] = _offered(row, rules, version)
    return found


def _counted(row: Measure, rules: RuleSet, version: Version) -> pl.Expr:
    """What one measure counts of the two runs of work."""
    window = row.window_years * YEAR
    named = _looked_up({code: _counts(row, code, rules, version) for code in _codes(version)}, version, pl.Boolean())
    runs = [pl.when(named).then(_within(where, window)).otherwise(0) for where in _PLACES.get(row.where, WHERE)]
    total, longest = pl.sum_horizontal(runs), pl.max_horizontal(runs)
    unit = 1 if row.unit == "months" else YEAR
    if row.gives == "trade":
        return _trade(row, named, total, version)
    if row.gives == "by_occupation":
        return _by_occupation(row.cap, window)
    if row.gives == "main_teer":
        levels = _looked_up({code: teer(code, version) for code in _codes(version)}, version, pl.UInt8())
        return pl.when(total > 0).then(levels)
    if row.gives == "reached":
        return total >= unit
    count = longest if row.gives == "longest_run" else total
    return (count // unit).clip(0, row.cap).cast(pl.UInt8)


def _counts(row: Measure, code: str, rules: RuleSet, version: Version) -> bool:
    listed = rules.law.measures.lists_on(rules.day)
    return counts_in(row.occupations, code, version, listed, rules.law.trades(version))


def _trade(row: Measure, is_trade: pl.Expr, months: pl.Expr, version: Version) -> pl.Expr:
    """The columns of the trades class; for everybody else the occupation, which is known to be none."""
    if row.column == "trade_noc":
        return _looked_up({code: code for code in _codes(version)}, version, pl.Enum(_codes(version)))
    if row.column == "trade_certificate":
        return is_trade & pl.col("certificate_of_qualification")
    return (months // YEAR).clip(0, row.cap).cast(pl.UInt8)


def _by_occupation(most: int, window: int) -> pl.Expr:
    """The one occupation with its months, its longest run and its months in Canada, as the categories ask for them."""
    canadian, foreign = (_within(where, window).clip(0, most) for where in WHERE)
    entry = pl.struct(
        pl.col("noc"),
        (canadian + foreign).clip(0, most).cast(pl.UInt8).alias("months"),
        pl.max_horizontal(canadian, foreign).cast(pl.UInt8).alias("run"),
        canadian.cast(pl.UInt8).alias("canada_months"),
    )
    return pl.concat_list(entry)


def _offered(row: Measure, rules: RuleSet, version: Version) -> pl.Expr:
    """What a measure says of a job offer, which is one in the person's occupation."""
    offer, named, listed = pl.col("job_offer") != "none", row.occupations, rules.law.measures.lists_on(rules.day)
    counts = {code: _counts(row, code, rules, version) for code in _codes(version)}
    if row.gives == "reached" or named.list is None:
        return offer & _looked_up(counts, version, pl.Boolean())
    tiers = {code: listed.tier(named.list, code) if counts[code] else None for code in counts}
    return pl.when(offer).then(_looked_up(tiers, version, pl.String())).fill_null(row.values[0])


def _looked_up(values: Mapping[str, object], version: Version, dtype: pl.DataType) -> pl.Expr:
    """For each person what holds for the occupation, in the version of the NOC that the day asks for."""
    place = pl.col("noc").to_physical()
    names = codes_of(2021) if version == 2021 else _older()
    return pl.lit(pl.Series([values[name] for name in names], dtype=dtype)).gather(place)


def _codes(version: Version) -> tuple[str, ...]:
    return codes_of(version)


@cache
def _older() -> tuple[str, ...]:
    """For each code of the NOC 2021 the first of the NOC 2016 that shares work with it."""
    return tuple(to_2016(code)[0] for code in codes_of(2021))
