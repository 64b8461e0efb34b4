"""Forecasts of the next cut-offs: series, models that see the past only, their backtest and the published record.

    history = History.of(record, law)            the series, and the grid of each day
    past = history.past(day)                     what was known on the morning of a day; models are given no more
    MODELS["last_value"].forecast(past, ask)     a Distribution, or None where the past is too short
    backtest(history, models, periods)           every forecast that the models would have made, with its score
    next_rounds(past, series, on)                when the next rounds are likely, how large, and their cut-offs

Nothing here reads a clock, and nothing looks ahead: a `Past` is a copy of the rows before its day.
"""

import os

# The matrices are small: threads would only wait for each other, and on a busy machine for long. One thread also adds
# in one order. Where numpy was loaded before, its setting stays.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
