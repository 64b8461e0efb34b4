"""Plans as text for a terminal: the answer first, then what each move pays, and what cannot be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.advise.moves.model import Move
    from expressentry.advise.plan.effects import Effect
    from expressentry.advise.plan.search import Plans
    from expressentry.advise.plan.trial import Plan


def print_plans(found: Plans, lang: Lang) -> None:
    """Write the answer: the way to the target, the front, each step alone, what is not possible."""
    parts: list[RenderableType] = [Styled(_headline(found).say(lang), style="bold"), *_ways(found, lang)]
    parts += ["", Styled(_FRONT.say(lang), style="bold"), _table([one.plan for one in found.front], found.now, lang)]
    parts += ["", Styled(_EFFECTS.say(lang), style="bold"), _effects_table(found.effects, lang)]
    parts += ["", *_notes(found, lang)]
    show(*parts)


def _headline(found: Plans) -> Text:
    wording = Text(
        "CRS {n} points now · plans from {day} · {grid}\n"
        "{tried} combinations of up to {size} steps tried; {out} others have steps that exclude each "
        "other, {same} are equal to a smaller one.",
        "SCG {n} points maintenant · plans dès le {day} · {grid}\n"
        "{tried} combinaisons d'au plus {size} démarches essayées; {out} autres ont des démarches qui "
        "s'excluent, {same} égalent une plus petite.",
    )
    trial = found.trial
    return wording.fill(
        n=_score(found.now),
        day=long_day(found.start),
        grid=found.rules.label,
        tried=found.tried,
        size=found.size,
        out=trial.contradictory,
        same=trial.dominated,
    )


def _score(one: Plan) -> Text:
    return same(one.crs) if one.crs == one.crs_high else Text("{a} to {b}", "{a} à {b}").fill(a=one.crs, b=one.crs_high)


_FRONT = Text(
    "The best plans: no other plan gives more points, sooner, with fewer steps",
    "Les meilleurs plans : aucun autre ne donne plus de points, plus tôt, avec moins de démarches",
)
_EFFECTS = Text("Each step alone, on the day it is done", "Chaque démarche seule, le jour où elle est terminée")


def _ways(found: Plans, lang: Lang) -> list[RenderableType]:
    """The target, and the cheapest plans that reach it."""
    target = found.target
    if target is None:
        return []
    one = target.round
    asked = Text("{n} points", "{n} points").fill(n=target.cutoff)
    if one is not None:
        asked = Text(
            "{n} points, the cut-off of round {r} of {day} ({t})",
            "{n} points, la note minimale de la ronde {r} du {day} ({t})",
        )
        asked = asked.fill(n=target.cutoff, r=one.number, day=long_day(one.date), t=one.label)
    if not found.options_to_target:
        best = max((front.plan.crs for front in found.front), default=0)
        wording = Text(
            "Target: {g}. No combination reaches it in a round that the person could enter; the highest score is {n}.",
            "Cible : {g}. Aucune combinaison ne l'atteint dans une ronde où la personne pourrait entrer; la note "
            "la plus haute est {n}.",
        )
        return ["", Styled(wording.fill(g=asked, n=best).say(lang), style="bold")]
    wording = Text(
        "Target: {g}. The cheapest plans that reach it", "Cible : {g}. Les plans les moins chers qui l'atteignent"
    ).fill(g=asked)
    parts: list[RenderableType] = ["", Styled(wording.say(lang), style="bold")]
    parts.append(_table([way.plan for way in found.options_to_target], found.now, lang))
    unsure = {way.reason.say(lang) for way in found.options_to_target if way.enters is None and way.reason}
    parts += [
        (Text("We need one more fact: {r}", "Il nous faut un fait de plus : {r}").fill(r=reason)).say(lang)
        for reason in sorted(unsure)
    ]
    if one is not None and any(way.plan.crs == target.cutoff for way in found.options_to_target):
        parts.append(_AT_THE_CUTOFF.say(lang))
    return parts


_AT_THE_CUTOFF = Text(
    "With exactly the cut-off score, the submission time decides.",
    "Avec exactement la note minimale, le moment de la soumission décide.",
)


def _table(plans: Iterable[Plan], now: Plan, lang: Lang) -> RenderableType:
    headings = Text("points|gain|ready|cost CAD|steps", "points|gain|prêt le|coût CAD|démarches").say(lang).split("|")
    rows = []
    for one in plans:
        names = " + ".join(one.moves) or Text("no step: today", "aucune démarche : aujourd'hui").say(lang)
        note = "" if one.eligible else ELIGIBILITY[one.eligible].say(lang)
        gain = f"{one.crs - now.crs:+}" if one.steps else ""
        rows.append([_score(one).say(lang), gain, one.ready_on, cost_words(one.cost_cad).say(lang), names + note])
    return table(headings, rows, right=(0, 1, 3))


ELIGIBILITY = {
    False: Text(" (not eligible for a program)", " (admissible à aucun programme)"),
    None: Text(" (eligibility: one more fact needed)", " (admissibilité : il manque un fait)"),
}
"""What is added to a plan with which the person is not eligible for certain."""


def cost_words(cost: Sequence[int]) -> Text:
    """What steps cost in dollars, low and high."""
    low, high = (Text(f"{n:,}", f"{n:,}".replace(",", "\u202f")) for n in cost)
    return low if low == high else Text("{a}–{b}", "{a}–{b}").fill(a=low, b=high)


def _effects_table(found: Sequence[Effect], lang: Lang) -> RenderableType:
    """One row for each step, those that add most points first; what limits them is beside."""
    headings = Text("step|what|ready|points|remarks", "démarche|quoi|prêt le|points|remarques").say(lang).split("|")
    rows = []
    for one in sorted(found, key=lambda one: (-one.gain, one.step.ready_on)):
        move = one.step.move
        mark = "*" if move.assumed else ""
        rows.append(
            [move.id, move.title.say(lang), f"{one.step.ready_on}{mark}", f"{one.gain:+}", _remark(one).say(lang)]
        )
    return table(headings, rows, right=(3,))


def _remark(one: Effect) -> Text:
    if one.why is not None:
        return one.why
    if one.gain < 0:
        lost = Text("; ", "; ").join(
            Text("{t} {n}", "{t} {n}").fill(t=line.title, n=f"{change:+}") for line, change in one.lines if change < 0
        )
        return Text("loses points: {lost}", "perd des points : {lost}").fill(lost=lost)
    return Text("; ", "; ").join(limits(one))


def limits(one: Effect) -> list[Text]:
    """What the maximum of a section takes away of the points that a step would add."""
    wording = Text("the maximum of {m} for {t} takes away {n}", "le maximum de {m} pour {t} retire {n}")
    return [wording.fill(t=cap.title, m=cap.most, n=cap.taken) for cap in one.caps]


def _notes(found: Plans, lang: Lang) -> list[RenderableType]:
    """Warnings of the steps that the tables name, what cannot be done, and what the numbers rest on."""
    notes: list[str] = []
    named: dict[str, Move] = {one.step.move.id: one.step.move for one in found.effects}
    warned: dict[str, list[str]] = {}
    for move in named.values():
        if move.warning:
            warned.setdefault(move.warning.say(lang), []).append(move.id)
    notes += [f"{', '.join(ids)} — {warning}" for warning, ids in warned.items()]
    reasons: dict[str, list[str]] = {}
    for one in found.excluded:
        reasons.setdefault(one.reason.say(lang), []).append(one.move.id)
    if reasons:
        notes.append(Text("Not possible:", "Impossible :").say(lang))
        notes += [f"  {', '.join(ids)} — {reason}" for reason, ids in list(reasons.items())]
    if any(one.crs != one.crs_high for one in (found.now, *(front.plan for front in found.front))):
        open_ = Text("; ", "; ").join(doubt.missing for doubt in found.doubts)
        wording = Text(
            "Where the facts leave a question open, plans are ranked by their lowest score. Open: {d}.",
            "Quand les faits laissent une question ouverte, les plans sont classés selon leur note la plus basse. "
            "En suspens : {d}.",
        )
        notes.append(wording.fill(d=open_).say(lang))
    notes.append(_RESTS.say(lang))
    return [Styled(note, style="dim") for note in notes]


_RESTS = Text(
    "* We found no source for these days or costs and assume typical values. Give your own: --assume STEP=DAYS.",
    "* Nous n'avons pas trouvé de source pour ces jours ou ces coûts et supposons des valeurs typiques. Donnez les "
    "vôtres : --assume DÉMARCHE=JOURS.",
)
