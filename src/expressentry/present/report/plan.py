"""What pays: the ways to the nearest cut-off, the best plans, and each move alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from expressentry.advise.dossier import Dossier
from expressentry.answers.why import inner
from expressentry.dates import long_day
from expressentry.present.report.blocks import Block, Cell, Writer
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.advise.plan.effects import Alone
    from expressentry.advise.plan.trial import Plan

MOST_PLANS, MOST_MOVES = 10, 14
_NAMED = 3
_PLUS = Text(" + ", " + ")


def plan(dossier: Dossier, w: Writer) -> Block:
    """What was tried and what it would pay; each move is a possibility, not advice."""
    found = dossier.plans
    best = [one.plan for one in found.front if one.plan.options]
    told = [one for one in sorted(found.alone, key=lambda one: (-one.pays, one.option.ready_on)) if one.pays > 0]
    hurt = [one for one in found.alone if one.pays < 0]
    warned = list(_warnings([*told[:MOST_MOVES], *hurt]))
    return w.section(
        Text("What would raise the score", "Ce qui élèverait la note"),
        w.words("para", _tried(dossier)),
        *_goal(dossier, w),
        w.words("heading", _BEST) if best else None,
        _plans(best[-MOST_PLANS:], dossier, w) if best else None,
        w.words("heading", Text("Each move alone", "Chaque geste seul")) if told else None,
        _alone(told[:MOST_MOVES], w) if told else None,
        w.words("heading", Text("What would lower it", "Ce qui l'abaisserait")) if hurt else None,
        w.items(_hurts(one) for one in hurt) if hurt else None,
        w.words("heading", Text("Mind before you choose", "À savoir avant de choisir")) if warned else None,
        w.items(warned) if warned else None,
        w.words("small", _RESTS),
    )


_BEST = Text(
    "The best plans: none has more points, sooner, with fewer moves",
    "Les meilleurs plans : aucun n'a plus de points, plus tôt, avec moins de gestes",
)
_RESTS = Text(
    "* Days or costs that no source stands behind: typical ones are assumed. What is written here must become true "
    "before it may be declared.",
    "* Jours ou coûts sans source : des valeurs typiques sont supposées. Ce qui est écrit ici doit devenir vrai avant "
    "d'être déclaré.",
)


def _tried(dossier: Dossier) -> Text:
    found = dossier.plans
    wording = Text(
        "{n} combinations of up to {k} moves were tried exactly, each on the day when it would be done, age and dying "
        "papers included. The command expressentry plan combines more.",
        "{n} combinaisons d'au plus {k} gestes ont été essayées exactement, chacune le jour où elle serait faite, âge "
        "et papiers périmés compris. La commande expressentry plan en combine davantage.",
    )
    return wording.fill(n=found.tried, k=found.size)


def _goal(dossier: Dossier, w: Writer) -> list[Block]:
    """The cheapest ways to the nearest cut-off, where it is not reached."""
    goal, found = dossier.plans.goal, dossier.plans
    if goal is None or goal.round is None or found.now.crs >= goal.cutoff:
        return []
    asked = Text("{c} points, as round {n} of {d} asked ({k})", "{c} points, comme la ronde {n} du {d} ({k})").fill(
        c=goal.cutoff, n=goal.round.number, d=long_day(goal.round.date), k=goal.round.label
    )
    heading = w.words("heading", Text("To reach {a}", "Pour atteindre {a}").fill(a=asked))
    if found.ways:
        return [heading, _plans([way.plan for way in found.ways], dossier, w)]
    none = Text("No combination tried reaches it.", "Aucune combinaison essayée ne l'atteint.")
    return [heading, w.words("para", none)]


def _plans(plans: Sequence[Plan], dossier: Dossier, w: Writer) -> Block:
    headings = Text("score|gain|ready on|cost, CAD|moves", "note|gain|prêt le|coût, CAD|gestes")
    now = dossier.plans.now
    rows = []
    for one in plans:
        moves = _PLUS.join(_title(option.move.title, assumed=option.move.assumed) for option in one.options)
        barred = _NO_PROGRAM[one.eligible] if not one.eligible else same("")
        named = Text("{m}{b}", "{m}{b}").fill(m=moves if one.options else _NOTHING, b=barred)
        score = same(one.crs) if one.crs == one.crs_high else same(f"{one.crs}–{one.crs_high}")
        gain = f"{one.crs - now.crs:+}".replace("-", "−")
        rows.append([w.cell(score, bold=True), gain, one.ready_on.isoformat(), _cost(one.cost_cad), named])
    return w.table(headings, rows, (0, 0, 0, 0, 1), right=(0, 1, 3))


_NOTHING = Text("nothing: reached today", "rien : atteint aujourd'hui")
_NO_PROGRAM = {
    False: Text(" (eligible for no program)", " (admissible à aucun programme)"),
    None: Text(" (a program: cannot tell)", " (un programme : indéterminé)"),
}


def _title(title: Text, *, assumed: bool) -> Text:
    return Text("{t}{m}", "{t}{m}").fill(t=title, m="*" if assumed else "")


def _cost(cost: Sequence[int]) -> Text:
    """What moves cost, low and high."""
    low, high = (Text(f"{n:,}", f"{n:,}".replace(",", " ")) for n in cost)
    return low if low == high else Text("{a}–{b}", "{a}–{b}").fill(a=low, b=high)


def _alone(found: Sequence[Alone], w: Writer) -> Block:
    headings = Text("move|pays|ready on|cost, CAD|what it asks", "geste|rapporte|prêt le|coût, CAD|ce qu'il demande")
    rows: list[list[Cell | Text | str]] = [
        [
            w.cell(_title(one.option.move.title, assumed=one.option.move.assumed), bold=True),
            f"+{one.pays}",
            one.option.ready_on.isoformat(),
            _cost(one.option.move.cost_cad),
            _asks(one),
        ]
        for one in found
    ]
    return w.table(headings, rows, (4, 0, 0, 0, 5), right=(1, 3))


def _asks(one: Alone) -> Text:
    """What a move changes, and what a cap takes of it."""
    taken = [
        Text("{t} (at most {m}) takes {n}", "{t} (au plus {m}) prend {n}").fill(t=cap.title, m=cap.most, n=cap.taken)
        for cap in one.caps
    ]
    return Text("; ", "; ").join([one.option.move.changes, *taken])


def _warnings(found: Iterable[Alone]) -> Iterator[Text]:
    """What must be said of moves, those with the same warning together."""
    alike: dict[Text, list[Text]] = {}
    for one in found:
        if one.option.move.warning:
            alike.setdefault(one.option.move.warning, []).append(one.option.move.title)
    for warning, titles in alike.items():
        yield Text("{w} ({t})", "{w} ({t})").fill(w=warning, t=Text("; ", "; ").join(titles))


def most_paying(dossier: Dossier) -> Text:
    """The moves that pay most, each alone."""
    paying = sorted((one for one in dossier.plans.alone if one.pays > 0), key=lambda one: -one.pays)[:_NAMED]
    if not paying:
        return Text("none known", "aucun connu")
    named = Text("{t} (+{n})", "{t} (+{n})")
    return Text("; ", "; ").join(named.fill(t=one.option.move.title, n=one.pays) for one in paying)


def _hurts(one: Alone) -> Text:
    wording = Text("{t}: {n} points, {c}", "{t} : {n} points, {c}")
    return wording.fill(t=one.option.move.title, n=f"{one.pays:+}".replace("-", "−"), c=inner(one.option.move.changes))
