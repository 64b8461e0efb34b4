"""What each chart shows, as rows, as a sentence and as a short table; nothing here draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from expressentry.dates import long_day
from expressentry.errors import Problem, UsageError
from expressentry.present.text.rounds import number, percent
from expressentry.rounds.record import PoolDay, Record, Round
from expressentry.text import Lang, Text, same

GROUPS = {
    "all": Text("All programs", "Tous les programmes"),
    "cec": Text("Canadian Experience", "Expérience canadienne"),
    "pnp": Text("Provincial nominees", "Candidats des provinces"),
    "french": Text("French", "Français"),
    "healthcare": Text("Healthcare", "Santé"),
    "stem": Text("STEM", "STIM"),
    "trades": Text("Trades", "Métiers"),
    "other": Text("Other", "Autres"),
}
"""The eight groups that charts tell apart by colour: as many as a colour-blind-safe palette holds."""

_GROUP_OF = {"no_program": "all", "general": "all", "cec": "cec", "pnp": "pnp", "fst": "trades", "unknown": "other"}
_GAP = timedelta(days=200)
"""After a longer pause a line begins again, so that it does not suggest rounds that did not take place."""

_PANEL = 600
"""Scores above are drawn in a panel apart: they are those of provincial nominees."""
_WHOLE = Text("Lowest CRS score invited, by kind of round", "Plus basse note du SCG invitée, par genre de ronde")
_SPLIT = Text(
    "Lowest CRS score invited, by kind of round; scores above 600 are in the upper panel",
    "Plus basse note du SCG invitée, par genre de ronde; les notes de plus de 600 sont en haut",
)
_CREDIT = Text(
    "Source: IRCC, rounds of invitations, as of {day}. expressentry is not a Government of Canada product.",
    "Source : IRCC, rondes d'invitations, au {day}. expressentry n'est pas un produit du gouvernement du Canada.",
)


@dataclass(frozen=True)
class ChartData:
    """A chart without its drawing: rows behind it, title, what it shows in a sentence, a short table, the credit."""

    title: Text
    subtitle: Text
    summary: Text
    credit: Text
    rows: list[dict[str, Any]]
    headings: Text
    table: list[list[object]]


def group(one: Round) -> str:
    """The colour group of a round."""
    known = one.category if one.category in GROUPS else None
    return known or _GROUP_OF.get(one.type, "other")


def credit(record: Record) -> Text:
    """The line below every chart."""
    return _CREDIT.fill(day=long_day(record.as_of))


def cutoffs(
    record: Record, on: date, since: date | None, lang: Lang, rounds: Sequence[Round] | None = None
) -> ChartData:
    """Every cut-off up to a day by group, or those of some rounds in order of time."""
    rounds = [one for one in (record.rounds if rounds is None else rounds) if (since or date.min) <= one.date <= on]
    _some(rounds, on)
    rows, last, runs = [], dict[str, date](), dict[str, int]()
    for one in rounds:
        name = group(one)
        if name not in last or one.date - last[name] > _GAP:
            runs[name] = runs.get(name, 0) + 1
        last[name] = one.date
        rows.append(
            {
                "number": one.number,
                "date": one.date.isoformat(),
                "group": GROUPS[name].say(lang),
                "label": one.label.say(lang),
                "cutoff": one.cutoff,
                "invitations": one.invitations,
                # Rounds that have no more in common than being others are not joined.
                "run": None if name == "other" else f"{name}{runs[name]}",
            }
        )
    table: list[list[object]] = []
    for name, label in GROUPS.items():
        its = [one for one in rounds if group(one) == name]
        if its:
            scores = [one.cutoff for one in its]
            last_day = long_day(its[-1].date).say(lang)
            table.append([label.say(lang), len(its), min(scores), max(scores), scores[-1], last_day])
    newest = rounds[-1]
    summary = Text(
        "{n} rounds from {a} to {b}; the last, #{m} ({l}), invited down to {c}.",
        "{n} rondes du {a} au {b}; la dernière, nº {m} ({l}), a invité jusqu'à {c}.",
    )
    return ChartData(
        Text("Cut-offs of rounds of invitations", "Notes minimales des rondes d'invitations"),
        _SPLIT if {one.cutoff > _PANEL for one in rounds} == {True, False} else _WHOLE,
        summary.fill(
            n=len(rounds),
            a=long_day(rounds[0].date),
            b=long_day(newest.date),
            m=newest.number,
            l=newest.label,
            c=newest.cutoff,
        ),
        credit(record),
        rows,
        Text(
            "kind|rounds|lowest|highest|last cut-off|last round",
            "genre|rondes|plus basse|plus haute|dernière note|dernière ronde",
        ),
        table,
    )


def density(low: int, high: int, count: int) -> int:
    """How many candidates of a band there are for each 10 points, so that bands of unequal width compare.

    >>> density(351, 400, 50_000), density(491, 500, 12_000)
    (10000, 12000)
    """
    return round(count / (high - low + 1) * 10)


def pool(record: Record, on: date, lang: Lang) -> ChartData:
    """The newest distribution on a day, and the one of a year before."""
    now = record.pool_on(on)
    if now is None:
        raise _nothing(on, min(day.as_of for day in record.pool))
    year_before = now.as_of - timedelta(days=365)  # about a year: the nearest published day is taken
    near = [day for day in record.pool if abs(day.as_of - year_before) <= timedelta(days=31)]
    then = min(near, key=lambda day: abs(day.as_of - year_before), default=None)
    days = [day for day in (then, now) if day is not None]
    rows = [
        {
            "as_of": day.as_of.isoformat(),
            "day": long_day(day.as_of).say(lang),
            "crs_low": low,
            "crs_high": high,
            "band": f"{low}–{high}",
            "candidates": count,
            "end": high + 1,
            "density": density(low, high, count),
        }
        for day in days
        for low, high, count in day.finest
    ]
    bands = [(low, high) for low, high, _ in now.finest]
    table: list[list[object]] = []
    for low, high in bands:
        counts = [day.bands.get((low, high)) for day in days]
        table.append([f"{low}–{high}", *("–" if count is None else number(count, lang) for count in counts)])
    wording = Text("{n} candidates on {d}", "{n} candidats le {d}")
    told = [wording.fill(n=_number(_total(day)), d=long_day(day.as_of)) for day in days]
    above = [_above(day, _HIGH) for day in days]
    share = Text("{p} above 500 ({q} of the pool)", "{p} au-dessus de 500 ({q} du bassin)")
    shares = [
        share.fill(p=_number(count), q=_percent(count / _total(day) * 100))
        for count, day in zip(above, days, strict=True)
    ]
    pairs = [Text(f"{a.en}, {b.en}", f"{a.fr}, {b.fr}") for a, b in zip(told, shares, strict=True)]
    heads = "|".join(long_day(day.as_of).say(lang) for day in days)
    return ChartData(
        Text("The pool by score", "Le bassin selon la note"),
        Text(
            "Candidates for each 10 points; the bands are those published, drawn by their true width",
            "Candidats par 10 points; les tranches sont celles publiées, dessinées selon leur largeur",
        ),
        Text("; ".join(p.en for p in pairs) + ".", "; ".join(p.fr for p in pairs) + "."),
        credit(record),
        rows,
        Text(f"CRS|{heads}", f"SCG|{heads}"),
        table,
    )


_HIGH = 500
_HIGHER = 450


def pool_time(record: Record, on: date, lang: Lang) -> ChartData:
    """Every distribution up to a day: all candidates, those above 450 and those above 500."""
    days = sorted((day for day in record.pool if day.as_of <= on), key=lambda day: day.as_of)
    if not days:
        raise _nothing(on, min(day.as_of for day in record.pool))
    above = Text("Above {n}", "Plus de {n}")
    rows, run, last = [], 0, days[0].as_of
    for day in days:
        run += day.as_of - last > _GAP
        last = day.as_of
        counts = [(Text("All candidates", "Tous les candidats"), _total(day))]
        for least in (_HIGHER, _HIGH):
            counts.append((above.fill(n=least), _above(day, least)))
        rows += [
            {"as_of": day.as_of.isoformat(), "what": what.say(lang), "candidates": count, "run": f"{what.en}{run}"}
            for what, count in counts
        ]
    newest = days[-1]
    most = max(days, key=_total)
    summary = Text(
        "{k} distributions from {a} to {b}; {n} candidates on the last day; the largest number was {m}, on {d}.",
        "{k} répartitions du {a} au {b}; {n} candidats le dernier jour; le plus grand nombre, {m}, était le {d}.",
    )
    table: list[list[object]] = [
        [long_day(one.as_of).say(lang), number(_total(one), lang), number(_above(one, _HIGH), lang)]
        for one in reversed(days)
    ]
    return ChartData(
        Text("The pool over time", "Le bassin au fil du temps"),
        Text("Candidates on each published day", "Candidats à chaque date publiée"),
        summary.fill(
            k=len(days),
            a=long_day(days[0].as_of),
            b=long_day(newest.as_of),
            n=_number(_total(newest)),
            d=long_day(most.as_of),
            m=_number(_total(most)),
        ),
        credit(record),
        rows,
        Text("day|candidates|above 500", "jour|candidats|plus de 500"),
        table,
    )


def invitations(record: Record, on: date, lang: Lang, rounds: Sequence[Round] | None = None) -> ChartData:
    """Invitations by year and group up to a day, or those of some rounds in order of time."""
    rounds = [one for one in (record.rounds if rounds is None else rounds) if one.date <= on]
    _some(rounds, on)
    last = min(on, max(record.as_of, rounds[-1].date))
    sums: dict[tuple[int, str], int] = {}
    for one in rounds:
        key = one.date.year, group(one)
        sums[key] = sums.get(key, 0) + one.invitations
    years = sorted({year for year, _ in sums})
    names = [name for name in GROUPS if any(known == name for _, known in sums)]

    def label(year: int) -> str:
        whole = (last.month, last.day) == (12, 31)
        return f"{year}*" if year == last.year and not whole else str(year)

    rows = [
        {"year": year, "year_label": label(year), "group": GROUPS[name].say(lang), "order": at,
         "invitations": sums[year, name]}
        for year in years for at, name in enumerate(names) if (year, name) in sums
    ]  # fmt: skip
    totals = {year: sum(count for (known, _), count in sums.items() if known == year) for year in years}
    table: list[list[object]] = [
        [label(year), *(_count(sums.get((year, name)), lang) for name in names), number(totals[year], lang)]
        for year in years
    ]
    summary = Text(
        "{n} invitations from {a} to {b}; the largest number was {m}, in {y}. * up to {b}.",
        "{n} invitations du {a} au {b}; le plus grand nombre, {m}, était en {y}. * jusqu'au {b}.",
    )
    best = max(years, key=totals.__getitem__)
    heads = [GROUPS[name] for name in names]
    return ChartData(
        Text("Invitations to apply by year", "Invitations à présenter une demande par année"),
        Text("By kind of round; * up to {d}", "Par genre de ronde; * jusqu'au {d}").fill(d=long_day(last)),
        summary.fill(
            n=_number(sum(totals.values())),
            a=long_day(rounds[0].date),
            b=long_day(last),
            y=best,
            m=_number(totals[best]),
        ),
        credit(record),
        rows,
        Text("|".join(["year", *(h.en for h in heads), "total"]), "|".join(["année", *(h.fr for h in heads), "total"])),
        table,
    )


def _count(value: int | None, lang: Lang) -> str:
    return "–" if value is None else number(value, lang)


def _number(value: int) -> Text:
    return Text(number(value, "en"), number(value, "fr"))


def _percent(value: float) -> Text:
    return Text(f"{percent(value, 'en')}%", f"{percent(value, 'fr')}\u202f%")


def _total(day: PoolDay) -> int:
    return day.total if day.total is not None else sum(count for *_, count in day.finest)


def _above(day: PoolDay, score: int) -> int:
    return sum(count for low, _, count in day.finest if low > score)


def _some(rounds: Sequence[Round], on: date) -> None:
    if not rounds:
        raise _nothing(on, date(2015, 1, 31))


def _nothing(on: date, first: date) -> UsageError:
    rule = Text("there is nothing to show before {d}", "il n'y a rien à montrer avant le {d}").fill(d=same(first))
    return UsageError(Problem("nothing_to_show", "on", rule, Text("give a later day", "donner un jour ultérieur"), on))
