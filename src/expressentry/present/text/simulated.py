"""A synthetic population as text for a terminal."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.present.text.rounds import number, percent
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.simulated import PopulationRecord, TargetRecord

_ASSUMPTION = "assumption"


def print_population(found: PopulationRecord, lang: Lang) -> None:
    """Write the report: how well it fits, what was held out, what the figures leave open, and where they are from."""
    parts = [*_head(found, lang), *_kinds(found, lang), *_targets(found, lang), *_held_out(found, lang)]
    show(*parts, *_left_open(found, lang), *_sources(found, lang))


def _bold(text: Text, lang: Lang) -> Styled:
    return Styled(f"\n{text.say(lang)}", style="bold")


def _head(found: PopulationRecord, lang: Lang) -> list[RenderableType]:
    """What was made, and the two numbers that say how evenly the people count."""
    said = _MADE.fill(
        n=number(found["people"], lang),
        c=number(found["candidates"], lang),
        day=long_day(date.fromisoformat(found["as_of"])),
        seed=found["seed"],
    )
    even = _EVEN.fill(p=_share(found["effective_sample"], lang), w=_decimal(found["largest_weight"], lang))
    lines = [even]
    if found["bands_of"] != found["as_of"]:
        lines.append(_BANDS_OF.fill(day=long_day(date.fromisoformat(found["bands_of"]))))
    return [Styled(said.say(lang), style="bold"), *(Styled(line.say(lang)) for line in (_NOBODY, *lines))]


def _kinds(found: PopulationRecord, lang: Lang) -> list[RenderableType]:
    rows = [(one["title"], _share(one["drawn"], lang), _share(one["weighted"], lang)) for one in found["archetypes"]]
    return [_bold(_KINDS, lang), table(_KIND_HEADINGS.say(lang).split("|"), rows, right=(1, 2))]


def _targets(found: PopulationRecord, lang: Lang) -> list[RenderableType]:
    """Bands in short, the others one by one, and how many are missed."""
    bands = [one for one in found["targets"] if one["kind"] == "band"]
    others = [one for one in found["targets"] if one["kind"] != "band"]
    missed = [one for one in found["targets"] if one["missed"]]
    last = _ALL_MET if not missed else _MISSED.fill(n=len(missed), all=len(found["targets"]))
    parts: list[RenderableType] = [_bold(_BANDS, lang), _table(bands, lang)]
    if others:
        parts += [_bold(_OTHERS, lang), _table(others, lang)]
    return [*parts, Styled(last.say(lang))]


def _table(rows: list[TargetRecord], lang: Lang) -> RenderableType:
    drawn = [
        (
            one["title"],
            number(one["wanted"], lang),
            _range(one, lang),
            number(one["reached"], lang),
            number(one["missed"], lang) if one["missed"] else "–",
            one["basis"] if one["basis"] != _ASSUMPTION else _OURS.say(lang),
        )
        for one in rows
    ]
    return table(_HEADINGS.say(lang).split("|"), drawn, right=(1, 2, 3, 4))


def _range(one: TargetRecord, lang: Lang) -> str:
    low, high = number(one["low"], lang), one["high"]
    if high is None:
        return _FROM.fill(a=low).say(lang)
    return _UP_TO.fill(b=number(high, lang)).say(lang) if one["low"] == 0 else f"{low}–{number(high, lang)}"


def _held_out(found: PopulationRecord, lang: Lang) -> list[RenderableType]:
    if not found["held_out"]:
        return []
    return [_bold(_HELD_OUT, lang), _table(found["held_out"], lang), Styled(_NOT_THE_POOL.say(lang), style="dim")]


def _left_open(found: PopulationRecord, lang: Lang) -> list[RenderableType]:
    """Shares that nobody can read from the figures, as ranges."""
    rows = [
        (one["title"], _share(one["share"], lang), *(_shares(one[key], lang) for key in ("by_bands", "by_all")))
        for one in found["left_open"]
    ]
    return [_bold(_OPEN, lang), table(_OPEN_HEADINGS.say(lang).split("|"), rows, right=(1, 2, 3))]


def _share(value: float, lang: Lang) -> str:
    return f"{percent(100 * value, lang)}{' %' if lang == 'fr' else '%'}"


def _shares(ends: list[float], lang: Lang) -> str:
    return f"{_share(ends[0], lang)}–{_share(ends[1], lang)}"


def _sources(found: PopulationRecord, lang: Lang) -> list[RenderableType]:
    lines = [f"{one['id']}: {one['title']} ({one['address']})" for one in found["sources"]]
    return [Styled("\n" + "\n".join([_BASIS.say(lang), *lines]), style="dim")]


def _decimal(value: float, lang: Lang) -> str:
    text = f"{value:.1f}"
    return text if lang == "en" else text.replace(".", ",")


_MADE = Text(
    "{n} invented people for the {c} candidates in the pool · {day} · seed {seed}",
    "{n} personnes inventées pour les {c} candidats du bassin · {day} · graine {seed}",
)
_NOBODY = Text("Nobody in this table exists.", "Personne dans cette table n'existe.")
_EVEN = Text(
    "Effective sample: {p} of the people; the largest weight is {w} times the mean.",
    "Échantillon effectif : {p} des personnes; le plus grand poids est {w} fois la moyenne.",
)
_BANDS_OF = Text(
    "The bands are those of {day}, the newest known up to this day; rounds after it have not taken place here.",
    "Les tranches sont celles du {day}, les dernières connues à ce jour; les rondes suivantes n'ont pas eu lieu ici.",
)
_KINDS = Text("Kinds of candidates", "Genres de candidats")
_KIND_HEADINGS = Text(
    "kind|of the people|of the candidates they stand for", "genre|des personnes|des candidats qu'elles représentent"
)
_BANDS = Text("Score bands", "Tranches de notes")
_OTHERS = Text("Programs, margins and rounds", "Programmes, marges et rondes")
_HEADINGS = Text(
    "count|published|range that agrees|reached|outside by|source",
    "compte|publié|plage qui s'accorde|atteint|hors de|source",
)
_FROM = Text("{a} or more", "{a} ou plus")
_UP_TO = Text("up to {b}", "jusqu'à {b}")
_OURS = Text("our assumption", "notre hypothèse")
_ALL_MET = Text("Every count is within its range.", "Chaque compte est dans sa plage.")
_MISSED = Text(
    "{n} of {all} counts are outside their range: the figures contradict each other, or these people do not fit them.",
    "{n} des {all} comptes sont hors de leur plage : les chiffres se contredisent, ou ces personnes n'y vont pas.",
)
_HELD_OUT = Text("Held out: compared, not fitted", "Tenus à part : comparés, pas ajustés")
_NOT_THE_POOL = Text(
    "Figures about invitations are those of a year; here they are compared with the rounds of the next two weeks.",
    "Les chiffres sur les invitations sont ceux d'un an; ils sont comparés ici aux rondes des deux semaines suivantes.",
)
_OPEN = Text(
    "What the figures do not settle: other beginnings that fit as well",
    "Ce que les chiffres ne tranchent pas : d'autres départs qui s'y ajustent aussi bien",
)
_OPEN_HEADINGS = Text(
    "share of the candidates|here|by the bands alone|by everything",
    "part des candidats|ici|par les seules tranches|par l'ensemble",
)
_BASIS = Text(
    "Scores and programs are those of the law; archetypes and tolerances are our assumptions. Figures:",
    "Notes et programmes sont ceux du droit; genres de candidats et tolérances sont nos hypothèses. Chiffres :",
)
