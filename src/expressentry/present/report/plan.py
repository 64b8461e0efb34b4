"""What would raise the score: the plans that reach the nearest cut-off, the best plans, and each step by itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from expressentry.advise.dossier import Dossier
from expressentry.dates import long_day
from expressentry.present.report.blocks import Block, Cell, Writer
from expressentry.present.text.steps import (
    BEST,
    NONE_GOOD,
    RESTS,
    WAYS,
    alike,
    cost_words,
    eligibility_words,
    entry_title,
    lacking_words,
    remarks,
    score_words,
    step_words,
    title_words,
    unmet_words,
)
from expressentry.text import Text, inner, same

if TYPE_CHECKING:
    from expressentry.advise.plan.effects import Effect
    from expressentry.advise.plan.trial import Plan
    from expressentry.law.rule_set import RuleSet

MOST_PLANS, MOST_STEPS = 10, 14
_NAMED = 3
_PLUS = Text(" + ", " + ")


def plan(dossier: Dossier, w: Writer) -> Block:
    """What was tried and what it would add; each step is a possibility, not advice."""
    found = dossier.plans
    best = [one.plan for one in found.front if one.plan.steps]
    gains = [one for one in found.ranked if one.gain > 0 or one.opens]
    hurt = [one for one in found.effects if one.gain < 0]
    moves = [one.step.move for one in (*gains[:MOST_STEPS], *hurt)]
    warned = [_WARNED.fill(w=warning, t=titles) for warning, titles in alike((m.warning, m.title) for m in moves)]
    warned += [_NEEDED.fill(w=needs, t=titles) for needs, titles in alike((m.needs, m.title) for m in moves)]
    return w.section(
        Text("What would raise the score", "Ce qui élèverait la note"),
        w.words("para", _tried(dossier)),
        *_entry(dossier, w),
        *_goal(dossier, w),
        w.words("heading", BEST) if best else None,
        _plans(best[-MOST_PLANS:], dossier, w) if best else None,
        w.words("heading", Text("Each step by itself", "Chaque démarche prise seule")) if gains else None,
        _effects(gains[:MOST_STEPS], found.rules, w) if gains else None,
        w.words("heading", Text("What would lower it", "Ce qui l'abaisserait")) if hurt else None,
        w.items(_hurts(one) for one in hurt) if hurt else None,
        w.words("heading", Text("Before you choose", "À savoir avant de choisir")) if warned else None,
        w.items(warned) if warned else None,
        w.words("small", _RESTS.fill(r=RESTS)),
    )


_WARNED = Text("{w} ({t})", "{w} ({t})")
_NEEDED = Text("You need {w}: {t}", "Il vous faut {w} : {t}")
_RESTS = Text("{r} You may declare a fact only once it is true.", "{r} Ne déclarez un fait que lorsqu'il est vrai.")


def _entry(dossier: Dossier, w: Writer) -> list[Block]:
    """For who is not eligible: what is lacking, which steps give it, and the ways to become so."""
    entry = dossier.plans.entry
    if entry is None:
        return []
    headings = Text("what is lacking|a step that is enough", "ce qui manque|une démarche qui suffit")
    rows = [
        [figures, Text(" / ", " / ").join(steps) if steps else _NO_STEP]
        for program in entry.lacking
        for figures, steps in unmet_words(program)
    ]
    found = [
        w.words("heading", entry_title(entry)),
        w.words("para", lacking_words(entry)),
        w.table(headings, rows, (1, 1)),
    ]
    if entry.ways:
        return [*found, w.words("para", WAYS), _plans(entry.ways, dossier, w)]
    return [*found, w.words("para", NONE_GOOD)] if entry.sure else found


_NO_STEP = Text("no single step", "aucune démarche seule")


def _tried(dossier: Dossier) -> Text:
    found = dossier.plans
    wording = Text(
        "{n} combinations of up to {k} steps were tried, each on the day when it would be done, with your age and the "
        "documents still valid on that day. The command expressentry plan combines more.",
        "{n} combinaisons d'au plus {k} démarches ont été essayées, chacune au jour où elle serait faite, avec votre "
        "âge et les documents encore valides ce jour-là. La commande expressentry plan en combine davantage.",
    )
    said = wording.fill(n=found.tried, k=found.size)
    return Text("{a} {b}.", "{a} {b}.").fill(a=said, b=found.bounded) if found.bounded else said


def _goal(dossier: Dossier, w: Writer) -> list[Block]:
    """The cheapest plans that reach the nearest cut-off, where it is not reached yet."""
    target, found = dossier.plans.target, dossier.plans
    if target is None or target.round is None or found.now.crs >= target.cutoff:
        return []
    asked = Text(
        "{c} points, the cut-off of round {n} of {d} ({k})", "{c} points, note minimale de la ronde {n} du {d} ({k})"
    ).fill(c=target.cutoff, n=target.round.number, d=long_day(target.round.date), k=target.round.label)
    heading = w.words("heading", Text("To reach {a}", "Pour atteindre {a}").fill(a=asked))
    if found.options_to_target:
        return [heading, _plans([way.plan for way in found.options_to_target], dossier, w)]
    none = Text("None of these combinations reaches it.", "Aucune de ces combinaisons ne l'atteint.")
    return [heading, w.words("para", none)]


def _plans(plans: Sequence[Plan], dossier: Dossier, w: Writer) -> Block:
    headings = Text("score|gain|ready on|cost, CAD|steps", "note|gain|prêt le|coût, CAD|démarches")
    now = dossier.plans.now
    rows = []
    for one in plans:
        steps = _PLUS.join(step_words(step.move) for step in one.steps)
        note = same("") if one.eligible else Text(" ({e})", " ({e})").fill(e=eligibility_words(one))
        named = Text("{m}{b}", "{m}{b}").fill(m=steps if one.steps else _NOTHING, b=note)
        gain = f"{one.crs - now.crs:+}".replace("-", "−")
        rows.append(
            [w.cell(score_words(one), bold=True), gain, one.ready_on.isoformat(), cost_words(one.cost_cad), named]
        )
    return w.table(headings, rows, (0, 0, 0, 0, 1), right=(0, 1, 3))


_NOTHING = Text("no step: already reached", "aucune démarche : déjà atteint")


def _effects(found: Sequence[Effect], rules: RuleSet, w: Writer) -> Block:
    headings = Text("step|points|ready on|cost, CAD|what changes", "démarche|points|prêt le|coût, CAD|ce qui change")
    rows: list[list[Cell | Text | str]] = [
        [
            w.cell(title_words(one.step.move), bold=True),
            f"+{one.gain}",
            one.step.ready_on.isoformat(),
            cost_words(one.step.move.cost_cad),
            _asks(one, rules),
        ]
        for one in found
    ]
    return w.table(headings, rows, (4, 0, 0, 0, 5), right=(1, 3))


def _asks(one: Effect, rules: RuleSet) -> Text:
    """What a step changes, and what limits it."""
    move = one.step.move
    return Text("; ", "; ").join(
        [
            move.changes,
            *(said for said in (move.note if move.by_distance else None, move.caution) if said),
            *remarks(one, rules),
        ]
    )


def most_points(dossier: Dossier) -> Text:
    """The steps that add most points, each by itself."""
    best = sorted((one for one in dossier.plans.effects if one.gain > 0), key=lambda one: -one.gain)[:_NAMED]
    if not best:
        return Text("none known", "aucune connue")
    named = Text("{t} (+{n})", "{t} (+{n})")
    return Text("; ", "; ").join(named.fill(t=one.step.move.title, n=one.gain) for one in best)


def _hurts(one: Effect) -> Text:
    wording = Text("{t}: {n} points, {c}", "{t} : {n} points, {c}")
    return wording.fill(t=one.step.move.title, n=f"{one.gain:+}".replace("-", "−"), c=inner(one.step.move.changes))
