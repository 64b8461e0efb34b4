"""Forecasts as text for a terminal: no date and no score without its interval, and the record beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.answers.forecast import FEW, TypeForecast, record_of, why_none
from expressentry.answers.records.forecast import RecordOfModel
from expressentry.dates import long_day
from expressentry.forecast.ahead import Ahead
from expressentry.forecast.backtest import Score
from expressentry.forecast.distribution import Distribution
from expressentry.forecast.models import MODELS
from expressentry.forecast.models.base import Model
from expressentry.forecast.published import Running, Scored
from expressentry.present.text.console import show, table
from expressentry.present.text.rounds import number
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.chances import Chances


def print_forecast(found: TypeForecast, lang: Lang) -> None:
    """Write the forecast of one type."""
    parts = _head(found)
    last = found.last
    parts.append(_LAST.fill(n=last.number, d=long_day(last.date), c=last.cutoff, i=_number(last.invitations)))
    if found.ahead:
        parts.append(_FIRST.fill(**_words(found.ahead[0])))
        parts += [_ANOTHER.fill(n=one.number, **_words(one)) for one in found.ahead[1:]]
        parts.append(_ENDS.fill(c=_three(found.ahead[0].cutoff)))
        parts.append(_AT_MOST.fill(c=_chances_of(found.ahead[0].cutoff)))
        parts.append(_MODEL.fill(m=MODELS[found.ahead[0].model].title))
        if few_words := _few(found):
            parts.append(few_words)
    if found.ahead and found.first_not_established:
        parts.append(_NO_FURTHER.fill(d=long_day(found.first_not_established)))
    if why := why_none(found):
        parts.append(why)
    parts += record_words(found.series, found.ahead[0].horizon if found.ahead else 1)
    title = Styled(found.title.say(lang), style="bold")
    show(title, *(part.say(lang) for part in parts))


def _head(found: TypeForecast) -> list[Text]:
    return [found.basis.assumption] if found.basis.assumption else []


_LAST = Text(
    "Last known round: #{n} of {d}, {i} invitations, cut-off {c}.",
    "Dernière ronde connue : nº {n} du {d}, {i} invitations, note minimale {c}.",
)
_FIRST = Text(
    "Next round: likely {d} (80%: {a} to {b}); {s} invitations (80%: {e} to {f}); cut-off {m} (80%: {g} to {h}).",
    "Prochaine ronde : probable le {d} (80 % : du {a} au {b}); {s} invitations (80 % : {e} à {f}); note minimale {m} "
    "(80 % : {g} à {h}).",
)
_ANOTHER = Text(
    "Round {n} from now: {d} (80%: {a} to {b}); {s} invitations (80%: {e} to {f}); cut-off {m} (80%: {g} to {h}).",
    "{n}e ronde à venir : {d} (80 % : du {a} au {b}); {s} invitations (80 % : {e} à {f}); note minimale {m} "
    "(80 % : {g} à {h}).",
)
_ENDS = Text("Cut-off of the next round: {c}.", "Note minimale de la prochaine ronde : {c}.")
_AT_MOST = Text(
    "Chance that the cut-off is no higher than: {c}.", "Probabilité que la note minimale ne dépasse pas : {c}."
)
_MODEL = Text("Model chosen by the backtest: {m}.", "Modèle choisi par le test rétrospectif : {m}.")
_NO_FURTHER = Text(
    "There is no forecast of rounds from {d} on: the rules of those days are not known to us. Use --assume to say "
    "which apply.",
    "Rien n'est dit des rondes dès le {d} : les règles de ces jours ne nous sont pas connues. Prenez --assume pour "
    "dire lesquelles s'appliquent.",
)


def _few(found: TypeForecast) -> Text | None:
    if not found.ahead or found.number_of_rounds >= FEW:
        return None
    return Text(
        "Only {n} rounds of this type: the interval rests on the errors of other types too, and says little more than "
        "how far such cut-offs spread.",
        "Seulement {n} rondes de ce type : l'intervalle repose aussi sur les erreurs d'autres types, et ne dit guère "
        "plus que l'étendue de telles notes.",
    ).fill(n=found.number_of_rounds)


def _words(one: Ahead) -> dict[str, object]:
    days = [long_day(one.day(level)) for level in (0.1, 0.5, 0.9)]
    low, high = one.sizes.interval(80)
    bottom, top = one.cutoff.interval(80)
    return {
        "a": days[0],
        "d": days[1],
        "b": days[2],
        "s": _number(one.sizes.median),
        "e": _number(low),
        "f": _number(high),
        "m": round(one.cutoff.median),
        "g": round(bottom),
        "h": round(top),
    }


def _number(value: float) -> Text:
    return Text(number(round(value), "en"), number(round(value), "fr"))


def _three(made: Distribution) -> Text:
    ends = [[round(end) for end in made.interval(percent)] for percent in (50, 80, 95)]
    wording = Text("50% {a}–{b}, 80% {c}–{d}, 95% {e}–{f}", "50 % {a}–{b}, 80 % {c}–{d}, 95 % {e}–{f}")
    (a, b), (c, d), (e, f) = ends
    return wording.fill(a=a, b=b, c=c, d=d, e=e, f=f)


def _chances_of(made: Distribution) -> Text:
    """The probability of a cut-off of at most a score, at a few round scores of the 95% interval."""
    low, high = made.interval(95)
    step = next((one for one in _ROUND if (high - low) / one <= _MOST_SCORES), _ROUND[-1])
    scores = range(-(-int(low) // step) * step, int(high) + 1, step)
    told = [Text("{s} {p}", "{s} {p}").fill(s=one, p=percent(made.at_most(one))) for one in scores]
    return Text(", ", ", ").join(told)


_ROUND, _MOST_SCORES = (2, 5, 10, 20, 50, 100), 8


def record_words(series: str, horizon: int = 1) -> list[Text]:
    """The record of a type's forecasts in words: all rounds scored, and those that the choice did not see."""
    found = []
    wordings = (("all", _RECORD), ("held_out", _HELD_OUT))
    for regime, wording in wordings:
        row = record_of(series, regime, horizon)
        if row is not None:
            found.append(
                wording.fill(
                    n=row["n"],
                    h=row["horizon"],
                    c=_tenths(row["crps"]),
                    l=_tenths(row["crps_last_value"]),
                    p=round(row["coverage80"] * 100),
                    w=width_words(row),
                    v=_verdict(row),
                )
            )
    return found or [_NEVER]


_RECORD = Text(
    "Record on {n} rounds, {h} ahead: mean score {c} points, last cut-off again {l} (less is better): {v}. The 80% "
    "interval held {p}% of them{w}.",
    "Bilan sur {n} rondes, {h} à l'avance : score moyen {c} points, dernière note de nouveau {l} (moins vaut mieux) : "
    "{v}. L'intervalle à 80 % en contenait {p} %{w}.",
)
_HELD_OUT = Text(
    "Of these, the {n} rounds of 2026 were not used to choose the model: {c} against {l}, {v}; the 80% interval held "
    "{p}%{w}.",
    "Parmi elles, les {n} rondes de 2026 n'ont pas servi au choix du modèle : {c} contre {l}, {v}; l'intervalle à 80 % "
    "en contenait {p} %{w}.",
)
_NEVER = Text("There is no record for this type.", "Il n'y a pas de bilan pour ce type.")


def _verdict(row: RecordOfModel) -> Text:
    if row["better"]:
        return Text("better, beyond chance", "meilleur, au-delà du hasard")
    return Text("a difference that chance may explain", "un écart que le hasard peut expliquer")


def width_words(row: RecordOfModel) -> Text:
    """Whether the 80% interval held too many or too few of the rounds; nothing where it held 70 to 90%, or of a few."""
    if row["n"] < FEW:
        return Text("", "")
    held = round(row["coverage80"], 2)
    if held > _MOST_HELD:
        return Text(" (too wide)", " (trop large)")
    return Text(" (too narrow)", " (trop étroit)") if held < _LEAST_HELD else Text("", "")


_LEAST_HELD, _MOST_HELD = 0.7, 0.9


def _tenths(value: float) -> Text:
    return _decimal(f"{value:.1f}")


def _signed(value: float) -> Text:
    return _decimal(f"{value:+.2f}")


def _decimal(figure: str) -> Text:
    return Text(figure, figure.replace(".", ","))


def print_forecasts(found: Sequence[TypeForecast], lang: Lang) -> None:
    """Write the next round of every type, one a line."""
    rows = []
    for one in found:
        if one.ahead:
            ahead = one.ahead[0]
            low, high = ahead.cutoff.interval(80)
            small, large = ahead.sizes.interval(80)
            when = [ahead.day(level).isoformat() for level in (0.1, 0.5, 0.9)]
            sizes = f"{number(round(small), lang)}–{number(round(large), lang)}"
            rows.append(
                [
                    one.title.say(lang),
                    one.last.cutoff,
                    when[1],
                    f"{when[0]} – {when[2]}",
                    sizes,
                    round(ahead.cutoff.median),
                    f"{round(low)}–{round(high)}",
                ]
            )
        else:
            none = _SHORT_UNKNOWN if one.first_not_established else _SHORT_NONE
            rows.append([one.title.say(lang), one.last.cutoff, none.say(lang), "", "", "", ""])
    headings = Text(
        "type|last cut-off|next round|80%|invitations, 80%|cut-off|80%",
        "type|dernière note|prochaine ronde|80 %|invitations, 80 %|note minimale|80 %",
    )
    head = [part.say(lang) for part in _head(found[0])] if found else []
    show(*head, table(headings.say(lang).split("|"), rows, right=(1, 5)), _MORE.say(lang))


_SHORT_NONE = Text("no round for a year: no forecast", "aucune ronde depuis un an : pas de prévision")
_SHORT_UNKNOWN = Text("on a day whose rules we do not know", "un jour dont nous ignorons les règles")
_MORE = Text(
    "The record of each: expressentry forecast TYPE. All of them: docs/explanation/forecast.md.",
    "Le bilan de chacun : expressentry forecast TYPE. Tous : docs/explanation/forecast.md.",
)


def print_chances(found: Chances, lang: Lang) -> None:
    """Write the chance of an invitation month by month, by type, and what would raise it."""
    basis = found.basis
    parts: list[RenderableType] = [basis.assumption.say(lang)] if basis.assumption else []
    title = Text(
        "Chance of an invitation by the end of each month", "Probabilité d'une invitation à la fin de chaque mois"
    )
    parts.append(Styled(title.say(lang), style="bold"))
    rows = [
        [f"{end:%Y-%m}", score, percent(chance).say(lang), f"{percent(low).say(lang)} – {percent(high).say(lang)}"]
        for end, score, (chance, low, high) in zip(found.ends, found.scores, found.chances, strict=True)
    ]
    headings = Text("month|your score|chance|range", "mois|votre note|probabilité|intervalle")
    parts.append(table(headings.say(lang).split("|"), rows, right=(1, 2)))
    for one, chance in found.by_type:
        parts.append(_BY_TYPE.fill(t=one.title, p=percent(chance)).say(lang))
    if not found.by_type:
        parts.append(_NO_TYPE.say(lang))
    if found.left_out:
        names = Text(", ", ", ").join([one.title for one in found.left_out])
        parts.append(_LEFT_OUT.fill(t=names).say(lang))
    if found.raises:
        parts += ["", Styled(_RAISES.say(lang), style="bold")]
        rows = [
            [
                Text(" + ", " + ").join(one.titles).say(lang),
                one.plan.ready_on.isoformat(),
                one.plan.crs,
                percent(one.chance).say(lang),
            ]
            for one in found.raises
        ]
        headings = Text("steps|done on|your score|chance", "démarches|terminé le|votre note|probabilité")
        parts.append(table(headings.say(lang).split("|"), rows, right=(2, 3)))
    parts.append(RANGE.say(lang))
    show(*parts)


_BY_TYPE = Text("By rounds of one type alone: {t} {p}.", "Par les rondes d'un seul type : {t} {p}.")
_NO_TYPE = Text(
    "You could enter none of the rounds that are forecast.", "Vous ne pourriez entrer dans aucune des rondes prévues."
)
_LEFT_OUT = Text("No forecast, and not counted: {t}.", "Sans prévision, et non compté : {t}.")
_RAISES = Text("What would raise it most by the last day", "Ce qui l'augmenterait le plus d'ici au dernier jour")
RANGE = Text(
    "The range goes from all rounds rising and falling together to all being independent. Rounds are decisions of the "
    "Minister: it cannot hold those that break with the past.",
    "L'intervalle va de rondes qui montent et baissent toutes ensemble à des rondes indépendantes. Les rondes sont des "
    "décisions du ministre : il ne couvre pas celles qui rompent avec le passé.",
)


def percent(chance: float) -> Text:
    """A chance in percent; never 0 or 100, which no number of paths could show."""
    value = f"{min(max(round(chance * 100), 1), 99)}"
    sign = "<" if chance < 0.01 else ">" if chance > 0.99 else ""
    return Text(f"{sign}{value}%", f"{sign}{value}\u202f%")


def print_scores(found: Sequence[Score], models: Mapping[str, Model], lang: Lang) -> None:
    """Write the table of a backtest."""
    rows = [
        [
            one.type,
            models[one.model].title.say(lang),
            one.horizon,
            _REGIMES[one.regime].say(lang),
            one.n,
            _decimal(f"{one.crps:.2f}").say(lang),
            _decimal(f"{one.crps_last_value:.2f}").say(lang),
            _decimal(f"{one.mae:.1f}").say(lang),
            f"{one.coverage80 * 100:.0f}",
            f"{one.coverage95 * 100:.0f}",
            Text("{s} [{a}, {b}]", "{s} [{a}; {b}]")
            .fill(s=_signed(one.skill), a=_signed(one.skill_low), b=_signed(one.skill_high))
            .say(lang),
        ]
        for one in found
    ]
    headings = Text(
        "type|model|ahead|rounds|n|CRPS|last value|MAE|in 80%|in 95%|skill [95%]",
        "type|modèle|à venir|rondes|n|CRPS|dernière valeur|EAM|dans 80 %|dans 95 %|gain [95 %]",
    )
    show(table(headings.say(lang).split("|"), rows, right=(2, 4, 5, 6, 7, 8, 9)))


_REGIMES = {
    "all": Text("all", "toutes"),
    "chosen_on": Text("to 2025 (choice)", "jusqu'à 2025 (choix)"),
    "held_out": Text("2026 (untouched)", "2026 (intactes)"),
    "same_grid": Text("same points", "mêmes points"),
    "grid_change": Text("points changed", "points changés"),
}
_STATES = {
    "open": Text("before its round", "avant sa ronde"),
    "late": Text("published too late, not counted", "publiée trop tard, non comptée"),
    "scored": Text("scored", "évaluée"),
}


def print_running(found: Sequence[Scored], running: Sequence[Running], lang: Lang) -> None:
    """Write the published forecasts with their rounds, and the running table with the last value beside."""
    rows = [
        [
            one.type,
            one.published_at[:10],
            f"{one.median:.0f} ({one.low80:.0f}–{one.high80:.0f})",
            f"{one.round.cutoff} (#{one.round.number})" if one.round else "–",
            _STATES[one.state].say(lang),
        ]
        for one in found
    ]
    headings = Text("type|published|cut-off (80%)|came|state", "type|publié|note minimale (80 %)|réalisée|état")
    parts: list[RenderableType] = [table(headings.say(lang).split("|"), rows)]
    totals = [
        [
            one.type,
            one.n,
            _decimal(f"{one.crps:.2f}").say(lang),
            _decimal(f"{one.crps_last_value:.2f}").say(lang),
            f"{one.coverage80 * 100:.0f}",
        ]
        for one in running
    ]
    if totals:
        heads = Text("type|n|CRPS|last value|in 80%", "type|n|CRPS|dernière valeur|dans 80 %")
        parts += ["", table(heads.say(lang).split("|"), totals, right=(1, 2, 3, 4))]
    else:
        parts.append(_NONE_YET.say(lang))
    show(*parts)


_NONE_YET = Text("No published forecast has met its round yet.", "Aucune prévision publiée n'a encore vu sa ronde.")
