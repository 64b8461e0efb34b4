"""What would raise the score: the plans that reach the nearest cut-off, the best plans, and each step by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from expressentry.advise.dossier import Dossier
from expressentry.answers.why import inner
from expressentry.dates import long_day
from expressentry.present.report.blocks import Block, Cell, Writer
from expressentry.present.text.plan import ELIGIBILITY, cost_words, limits
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.advise.plan.effects import Effect
    from expressentry.advise.plan.trial import Plan

MOST_PLANS, MOST_STEPS = 10, 14
_NAMED = 3
_PLUS = Text(" + ", " + ")


def plan(dossier: Dossier, w: Writer) -> Block:
    """What was tried and what it would add; each step is a possibility, not advice."""
    found = dossier.plans
    best = [one.plan for one in found.front if one.plan.steps]
    gains = [one for one in sorted(found.effects, key=lambda one: (-one.gain, one.step.ready_on)) if one.gain > 0]
    hurt = [one for one in found.effects if one.gain < 0]
    warned = list(_warnings([*gains[:MOST_STEPS], *hurt]))
    return w.section(
        Text("What would raise the score", "Ce qui élèverait la note"),
        w.words("para", _tried(dossier)),
        *_goal(dossier, w),
        w.words("heading", _BEST) if best else None,
        _plans(best[-MOST_PLANS:], dossier, w) if best else None,
        w.words("heading", Text("Each step by itself", "Chaque démarche prise seule")) if gains else None,
        _effects(gains[:MOST_STEPS], w) if gains else None,
        w.words("heading", Text("What would lower it", "Ce qui l'abaisserait")) if hurt else None,
        w.items(_hurts(one) for one in hurt) if hurt else None,
        w.words("heading", Text("Before you choose", "À savoir avant de choisir")) if warned else None,
        w.items(warned) if warned else None,
        w.words("small", _RESTS),
    )


_BEST = Text(
    "The best plans: no other plan gives more points, sooner, with fewer steps",
    "Les meilleurs plans : aucun autre ne donne plus de points, plus tôt, avec moins de démarches",
)
_RESTS = Text(
    "* We have no source for these days or costs: typical ones are assumed. You may declare a fact only once it is "
    "true.",
    "* Nous n'avons pas de source pour ces jours ou ces coûts : des valeurs typiques sont supposées. Vous ne pouvez "
    "déclarer un fait que lorsqu'il est vrai.",
)


def _tried(dossier: Dossier) -> Text:
    found = dossier.plans
    wording = Text(
        "{n} combinations of up to {k} steps were tried, each on the day when it would be done, with your age and the "
        "documents still valid on that day. The command expressentry plan combines more.",
        "{n} combinaisons d'au plus {k} démarches ont été essayées, chacune au jour où elle serait faite, avec votre "
        "âge et les documents encore valides ce jour-là. La commande expressentry plan en combine davantage.",
    )
    return wording.fill(n=found.tried, k=found.size)


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
        steps = _PLUS.join(_title(step.move.title, assumed=step.move.assumed) for step in one.steps)
        note = ELIGIBILITY[one.eligible] if not one.eligible else same("")
        named = Text("{m}{b}", "{m}{b}").fill(m=steps if one.steps else _NOTHING, b=note)
        score = same(one.crs) if one.crs == one.crs_high else same(f"{one.crs}–{one.crs_high}")
        gain = f"{one.crs - now.crs:+}".replace("-", "−")
        rows.append([w.cell(score, bold=True), gain, one.ready_on.isoformat(), cost_words(one.cost_cad), named])
    return w.table(headings, rows, (0, 0, 0, 0, 1), right=(0, 1, 3))


_NOTHING = Text("no step: already reached", "aucune démarche : déjà atteint")


def _title(title: Text, *, assumed: bool) -> Text:
    return Text("{t}{m}", "{t}{m}").fill(t=title, m="*" if assumed else "")


def _effects(found: Sequence[Effect], w: Writer) -> Block:
    headings = Text("step|points|ready on|cost, CAD|what changes", "démarche|points|prêt le|coût, CAD|ce qui change")
    rows: list[list[Cell | Text | str]] = [
        [
            w.cell(_title(one.step.move.title, assumed=one.step.move.assumed), bold=True),
            f"+{one.gain}",
            one.step.ready_on.isoformat(),
            cost_words(one.step.move.cost_cad),
            _asks(one),
        ]
        for one in found
    ]
    return w.table(headings, rows, (4, 0, 0, 0, 5), right=(1, 3))


def _asks(one: Effect) -> Text:
    """What a step changes, and what limits it."""
    return Text("; ", "; ").join([one.step.move.changes, *limits(one)])


def _warnings(found: Iterable[Effect]) -> Iterator[Text]:
    """The warnings of steps, those with the same warning together."""
    alike: dict[Text, list[Text]] = {}
    for one in found:
        if one.step.move.warning:
            alike.setdefault(one.step.move.warning, []).append(one.step.move.title)
    for warning, titles in alike.items():
        yield Text("{w} ({t})", "{w} ({t})").fill(w=warning, t=Text("; ", "; ").join(titles))


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
