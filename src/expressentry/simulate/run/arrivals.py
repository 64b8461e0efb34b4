"""The arrivals: on which day, and whom each is like.

The people are drawn by the archetypes as they are on arrival; in a score band each is as likely as the groups that the
person belongs to are weighted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from expressentry.law.criteria.programs import PROGRAMS
from expressentry.simulate.arrivals import Arrivals
from expressentry.simulate.run.days import Days, day_of, number
from expressentry.simulate.run.draws import COUNTS, PICKS, stream

_WEEK = 7
_EPOCH_YEAR = 1970
Bands = tuple[tuple[int, int], ...]


def arrival_days(
    arrivals: Arrivals, bands: Bands, first: date, last: date, one_in: int, seed: int
) -> tuple[Days, Days]:
    """The day and the band (by its place) of everybody who arrives after the first day, in order of days."""
    days = np.arange(number(first) + 1, number(last) + 1, dtype=np.int32)
    expected = np.array([[arrivals.on(day_of(int(day))).get(band, 0.0) for band in bands] for day in days])
    expected = expected.reshape(len(days), len(bands)) / _WEEK / one_in
    counts = stream(seed, COUNTS).poisson(expected)
    places = np.tile(np.arange(len(bands), dtype=np.int32), len(days))
    return np.repeat(np.repeat(days, len(bands)), counts.ravel()), np.repeat(places, counts.ravel())


def weights_of(arrivals: Arrivals, more: Mapping[str, float], year: int, scores: pl.DataFrame) -> NDArray[np.float64]:
    """The weight in a year of each person who may be drawn: the product over the groups the person is in.

    A year that is not known has the weight of the nearest one; `more` is what a scenario multiplies it by.
    """
    found = np.ones(scores.height)
    for name, by_year in arrivals.groups.items():
        column = name if name in PROGRAMS else f"category_{name}"
        if column in scores.columns:  # a category that is not yet there has no members
            weight = by_year[min(by_year, key=lambda known: abs(known - year))] * more.get(name, 1.0)
            found *= np.where(scores[column].fill_null(False).to_numpy(), weight, 1.0)
    return found


def picked(
    scores: pl.DataFrame,
    bands: Bands,
    arrivals: Arrivals,
    more: Mapping[str, float],
    days: Days,
    wanted: Days,
    seed: int,
) -> NDArray[np.int64]:
    """For each arrival a row of the people who may be drawn: one of the same band, by the weights of the year.

    A band in which nobody was drawn is filled from the nearest one that has somebody.
    """
    drawn, bands_of = stream(seed, PICKS).random(len(wanted)), band_places(scores["crs"].to_numpy(), bands)
    found = np.zeros(len(wanted), dtype=np.int64)
    known = np.unique(bands_of)
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + _EPOCH_YEAR
    for year in np.unique(years):
        weights = weights_of(arrivals, more, int(year), scores)
        for band in np.unique(wanted):
            rows = np.flatnonzero(bands_of == known[np.argmin(np.abs(known - band))])
            sums = np.cumsum(weights[rows])
            here = (wanted == band) & (years == year)
            places = np.searchsorted(sums, drawn[here] * sums[-1], side="right")
            found[here] = rows[np.minimum(places, len(rows) - 1)]
    return found


def band_places(scores: NDArray[np.integer], bands: Bands) -> NDArray[np.intp]:
    """The place of each score in a list of bands, highest band first."""
    lows = np.array([low for low, _ in bands])[::-1]
    found: NDArray[np.intp] = len(bands) - 1 - (np.searchsorted(lows, scores, side="right") - 1)
    return found
