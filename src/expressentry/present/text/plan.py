"""Plans as text for a terminal: the answer first, then what each move pays, and what cannot be done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.advise.moves.model import written
from expressentry.answers.streams import in_short, points_words, within_reach
from expressentry.answers.why import CRITERION, WORDS
from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.present.text.steps import (
    BEST,
    NOMINATIONS,
    NONE_GOOD,
    RESTS,
    WAYS,
    alike,
    between_words,
    cost_words,
    eligibility_words,
    entry_title,
    remarks,
    score_words,
    step_words,
    title_words,
    unmet_words,
)
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.advise.plan.search import Plans
    from expressentry.advise.plan.trial import Plan


def print_plans(found: Plans, lang: Lang) -> None:
    """Write the answer: the way to the target, the front, each step alone, what is not possible."""
    parts: list[RenderableType] = [Styled(_headline(found).say(lang), style="bold"), *_entry(found, lang)]
    parts += _ways(found, lang)
    parts += ["", Styled(BEST.say(lang), style="bold")]
    parts.append(_table([one.plan for one in found.front], found.now, lang) if found.front else NONE_GOOD.say(lang))
    parts += ["", Styled(_EFFECTS.say(lang), style="bold"), _effects_table(found, lang)]
    parts += [*_nominations(found, lang), "", *_notes(found, lang)]
    show(*parts)


def _nominations(found: Plans, lang: Lang) -> list[RenderableType]:
    """Where a nomination may come from: the streams within reach, with what each still lacks."""
    if not found.streams:
        return []
    law = found.rules.law
    near = within_reach(found.streams)
    rows = [
        (
            one.stream.key,
            WORDS[CRITERION[one.answer]].say(lang),
            points_words(one, law).say(lang),
            in_short(one, law.streams.columns).say(lang),
        )
        for one in near
    ]
    heads = Text("stream|finding|points|what it lacks", "volet|conclusion|points|ce qui manque").say(lang).split("|")
    rest = Text(
        "Streams of which two or more criteria are not met: {n}. `expressentry provinces assess` has every criterion.",
        "Volets dont deux critères ou plus ne sont pas remplis : {n}. `expressentry provinces assess` donne chaque "
        "critère.",
    )
    title = Styled(NOMINATIONS.say(lang), style="bold")
    return ["", title, table(heads, rows), rest.fill(n=len(found.streams) - len(near)).say(lang)]


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
    if found.bounded:
        wording = Text("{a}\n{b}.", "{a}\n{b}.").fill(a=wording, b=found.bounded)
    return wording.fill(
        n=score_words(found.now),
        day=long_day(found.start),
        grid=found.rules.label,
        tried=found.tried,
        size=found.size,
        out=trial.contradictory,
        same=trial.dominated,
    )


_EFFECTS = Text("Each step alone, on the day it is done", "Chaque démarche seule, le jour où elle est terminée")


def _entry(found: Plans, lang: Lang) -> list[RenderableType]:
    """For who is not eligible: what is lacking, which steps give it, and the ways to become so."""
    if found.entry is None:
        return []
    parts: list[RenderableType] = ["", Styled(entry_title(found.entry).say(lang), style="bold")]
    for program in found.entry.lacking:
        parts.append(Styled(program.program.title.say(lang)))
        for figures, steps in unmet_words(program):
            said = Text(" or ", " ou ").join(steps) if steps else _NO_STEP
            parts.append(Text("  {f} → {s}", "  {f} → {s}").fill(f=figures, s=said).say(lang))
    if not found.entry.ways:
        return [*parts, NONE_GOOD.say(lang)] if found.entry.sure else parts
    return [*parts, "", Styled(WAYS.say(lang), style="bold"), _table(found.entry.ways, found.now, lang)]


_NO_STEP = Text("no single step is enough", "aucune démarche ne suffit seule")


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
        names = "\n".join(f"+ {step_words(step.move).say(lang)}" for step in one.steps).removeprefix("+ ")
        names = names or Text("no step: today", "aucune démarche : aujourd'hui").say(lang)
        note = "" if one.eligible else f" ({eligibility_words(one).say(lang)})"
        gain = f"{one.crs - now.crs:+}" if one.steps else ""
        rows.append([score_words(one).say(lang), gain, one.ready_on, cost_words(one.cost_cad).say(lang), names + note])
    return table(headings, rows, right=(0, 1, 3))


def _effects_table(found: Plans, lang: Lang) -> RenderableType:
    """One row for each step, those that make eligible or add most points first; what limits them is beside."""
    headings = Text(
        "step|points|ready|from – to|cost CAD|remarks|name", "démarche|points|prêt le|de – à|coût CAD|remarques|nom"
    )
    rows = []
    for one in found.ranked:
        move, between = one.step.move, between_words(one.step)
        said = remarks(one, found.rules)
        said += [told for told in (move.note if move.by_distance else None, move.caution) if told]
        rows.append(
            [
                title_words(move).say(lang),
                f"{one.gain:+}",
                one.step.ready_on,
                between.say(lang) if between else "",
                cost_words(move.cost_cad).say(lang),
                Text("; ", "; ").join(said).say(lang),
                written(move.id),
            ]
        )
    return table(headings.say(lang).split("|"), rows, right=(1, 4))


def _notes(found: Plans, lang: Lang) -> list[RenderableType]:
    """Warnings of the steps that the tables name, what cannot be done, and what the numbers rest on."""
    moves = [one.step.move for one in found.effects]
    dash, needs = Text("{t} — {w}", "{t} — {w}"), Text("Needs {w}: {t}", "Il faut {w} : {t}")
    said = [dash.fill(t=titles, w=warning) for warning, titles in alike((one.warning, one.title) for one in moves)]
    said += [needs.fill(t=titles, w=who) for who, titles in alike((one.needs, one.title) for one in moves)]
    if found.excluded:
        said.append(Text("Not possible, or left out:", "Impossible, ou exclu :"))
        inner, asked = Text("  {t} — {w}", "  {t} — {w}"), Text("{t} (--also {n})", "{t} (--also {n})")
        why = (
            (
                one.reason,
                asked.fill(t=one.move.title, n=written(one.move.id)) if one.move.on_request else one.move.title,
            )
            for one in found.excluded
        )
        said += [inner.fill(t=titles, w=reason) for reason, titles in alike(why)]
    notes = [one.say(lang) for one in said]
    if any(one.crs != one.crs_high for one in (found.now, *(front.plan for front in found.front))):
        open_ = Text("; ", "; ").join(doubt.missing for doubt in found.doubts)
        wording = Text(
            "Where the facts leave a question open, plans are ranked by their lowest score. Open: {d}.",
            "Quand les faits laissent une question ouverte, les plans sont classés selon leur note la plus basse. "
            "En suspens : {d}.",
        )
        notes.append(wording.fill(d=open_).say(lang))
    notes += [RESTS.say(lang), _OPTIONS.say(lang)]
    return [Styled(note, style="dim") for note in notes]


_OPTIONS = Text(
    "Give your own days: --assume NAME=DAYS. Leave a step out: --without NAME. Have it in every plan: --with NAME.",
    "Donnez vos propres jours : --assume NOM=JOURS. Exclure une démarche : --without NOM. L'avoir dans chaque plan : "
    "--with NOM.",
)
