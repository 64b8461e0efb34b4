"""Plans as plain data and as text: the answer first, then what each step adds, and what cannot be done."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.dates import long_day
from expressentry.present.records.person import law_record
from expressentry.present.text.console import show, table
from expressentry.present.text.why import CRITERION
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.advise.moves.model import Move
    from expressentry.advise.plan.effects import Effect
    from expressentry.advise.plan.search import Plans
    from expressentry.advise.plan.target import OptionToTarget
    from expressentry.advise.plan.trial import Plan


def plans_record(found: Plans, lang: Lang) -> dict[str, Any]:
    """The whole answer; `crs` is the lowest score of the readings of the day, `crs_high` the highest."""
    trial = found.trial
    return {
        "as_of": found.start.isoformat(),
        "law": law_record(found.last_rules, lang),
        "now": _plan(found.now),
        "size": found.size,
        "combinations": trial.combinations,
        "contradictory": trial.contradictory,
        "dominated": trial.dominated,
        "tried": found.tried,
        "goal": _goal(found),
        "ways": [{**_plan(way.plan), **_enters(way, lang)} for way in found.options_to_target],
        "front": [{**_plan(one.plan), "equal": [list(p.moves) for p in one.equal]} for one in found.front],
        "alone": [_alone(one, lang) for one in found.effects],
        "not_possible": [{"move": one.move.id, "why": one.reason.say(lang)} for one in found.excluded],
        "doubts": [doubt.missing.say(lang) for doubt in found.doubts],
    }


def _plan(one: Plan) -> dict[str, Any]:
    return {
        "moves": list(one.moves),
        "crs": one.crs,
        "crs_high": one.crs_high,
        "ready_on": one.ready_on.isoformat(),
        "cost_cad": list(one.cost_cad),
        "eligible": CRITERION[one.eligible],
        "current": one.current,
    }


def _goal(found: Plans) -> dict[str, Any] | None:
    target = found.target
    if target is None:
        return None
    one = target.round
    asked = (
        {"number": one.number, "date": one.date.isoformat(), "type": one.type, "category": one.category} if one else {}
    )
    reached = found.now.crs >= target.cutoff and any(not way.plan.steps for way in found.options_to_target)
    return {"crs": target.cutoff, "round": asked or None, "reached_now": reached}


def _enters(way: OptionToTarget, lang: Lang) -> dict[str, Any]:
    return {"enters": CRITERION[way.enters], "why": way.reason.say(lang) if way.reason else None}


def _alone(one: Effect, lang: Lang) -> dict[str, Any]:
    move = one.step.move
    return {
        "move": move.id,
        "title": move.title.say(lang),
        "changes": move.changes.say(lang),
        "ready_on": one.step.ready_on.isoformat(),
        "days": list(move.days),
        "cost_cad": list(move.cost_cad),
        "assumed": move.assumed,
        "sources": [source.address for source in move.sources],
        "crs": one.crs,
        "pays": one.gain,
        "lines": [{"id": line.id, "change": change} for line, change in one.lines],
        "caps": [{"id": cap.id, "title": cap.title.say(lang), "max": cap.most, "taken": cap.taken} for cap in one.caps],
        "why": one.why.say(lang) if one.why else None,
        "warning": move.warning.say(lang) if move.warning else None,
        "combined": not move.alone,
    }


def print_plans(found: Plans, lang: Lang) -> None:
    """Write the answer: the plans that reach the target, the best ones, each step by itself, what is impossible."""
    parts: list[RenderableType] = [Styled(_headline(found).say(lang), style="bold"), *_ways(found, lang)]
    parts += ["", Styled(_FRONT.say(lang), style="bold"), _table([one.plan for one in found.front], found.now, lang)]
    parts += ["", Styled(_EFFECTS.say(lang), style="bold"), _effects_table(found.effects, lang)]
    parts += ["", *_notes(found, lang)]
    show(*parts)


def _headline(found: Plans) -> Text:
    wording = Text(
        "CRS {n} points now · plans from {day} · {grid}\n"
        "{tried} combinations of up to {size} steps tried; {out} more have steps that exclude each other, and {same} "
        "give the same as a smaller one.",
        "SCG {n} points maintenant · plans à partir du {day} · {grid}\n"
        "{tried} combinaisons d'au plus {size} démarches essayées; {out} autres ont des démarches qui s'excluent, et "
        "{same} donnent la même chose qu'une plus petite.",
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
_EFFECTS = Text("Each step by itself, on the day it is done", "Chaque démarche prise seule, au jour où elle est faite")


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
            "{n} points, note minimale de la ronde {r} du {day} ({t})",
        )
        asked = asked.fill(n=target.cutoff, r=one.number, day=long_day(one.date), t=one.label)
    if not found.options_to_target:
        best = max((front.plan.crs for front in found.front), default=0)
        wording = Text(
            "Target: {g}. No combination reaches it and could be invited; the highest score is {n}.",
            "Cible : {g}. Aucune combinaison ne l'atteint en pouvant être invitée; la note la plus haute est {n}.",
        )
        return ["", Styled(wording.fill(g=asked, n=best).say(lang), style="bold")]
    wording = Text(
        "Target: {g}. The cheapest plans that reach it", "Cible : {g}. Les plans les moins chers qui l'atteignent"
    ).fill(g=asked)
    parts: list[RenderableType] = ["", Styled(wording.say(lang), style="bold")]
    parts.append(_table([way.plan for way in found.options_to_target], found.now, lang))
    unsure = {way.reason.say(lang) for way in found.options_to_target if way.enters is None and way.reason}
    parts += [(Text("Undetermined: {r}", "Indéterminé : {r}").fill(r=reason)).say(lang) for reason in sorted(unsure)]
    if one is not None and any(way.plan.crs == target.cutoff for way in found.options_to_target):
        parts.append(_AT_THE_CUTOFF.say(lang))
    return parts


_AT_THE_CUTOFF = Text(
    "At the cut-off itself, the submission time decides.",
    "À la note minimale même, la date et l'heure de soumission décident.",
)


def _table(plans: Iterable[Plan], now: Plan, lang: Lang) -> RenderableType:
    headings = Text("points|gain|ready|cost CAD|steps", "points|gain|prêt le|coût CAD|démarches").say(lang).split("|")
    rows = []
    for one in plans:
        names = " + ".join(one.moves) or Text("no step: today", "aucune démarche : aujourd'hui").say(lang)
        note = "" if one.eligible else _PROGRAM[one.eligible].say(lang)
        gain = f"{one.crs - now.crs:+}" if one.steps else ""
        rows.append([_score(one).say(lang), gain, one.ready_on, _cost(one.cost_cad, lang), names + note])
    return table(headings, rows, right=(0, 1, 3))


_PROGRAM = {
    False: Text(" (not eligible for any program)", " (admissible à aucun programme)"),
    None: Text(" (eligibility undetermined)", " (admissibilité indéterminée)"),
}


def _cost(cost: Sequence[int], lang: Lang) -> str:
    low, high = (f"{n:,}" if lang == "en" else f"{n:,}".replace(",", "\u202f") for n in cost)
    return low if low == high else f"{low}–{high}"


def _effects_table(found: Sequence[Effect], lang: Lang) -> RenderableType:
    """One row for each step, those that add most points first; what limits them beside them."""
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
        return Text("you lose: {lost}", "vous perdez : {lost}").fill(lost=lost)
    taken = [
        Text("{t}: the maximum of {m} cuts {n}", "{t} : le maximum de {m} en retranche {n}").fill(
            t=cap.title, m=cap.most, n=cap.taken
        )
        for cap in one.caps
    ]
    return Text("; ", "; ").join(taken)


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
            "Where open questions leave several scores, the lowest one counts. What would answer them: {d}.",
            "Quand des questions ouvertes laissent plusieurs notes, la plus basse compte. Ce qui y répondrait : {d}.",
        )
        notes.append(wording.fill(d=open_).say(lang))
    notes.append(_RESTS.say(lang))
    return [Styled(note, style="dim") for note in notes]


_RESTS = Text(
    "* We have no source for these days or costs: typical ones are assumed. Give your own: --assume STEP=DAYS.",
    "* Nous n'avons pas de source pour ces jours ou ces coûts : des valeurs typiques sont supposées. Donnez les "
    "vôtres : --assume DÉMARCHE=JOURS.",
)
