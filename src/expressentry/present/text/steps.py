"""Steps of a plan in words, the same for the terminal, the report and the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from expressentry.dates import MONTHS
from expressentry.law.criteria.model import Points
from expressentry.present.text.rounds import number
from expressentry.text import Text, inner, same

if TYPE_CHECKING:
    from expressentry.advise.moves.kinds import Step
    from expressentry.advise.moves.model import Move
    from expressentry.advise.plan.effects import Effect
    from expressentry.advise.plan.entry import Entry, Lacking
    from expressentry.advise.plan.trial import Plan
    from expressentry.law.rule_set import RuleSet


def eligibility_words(plan: Plan) -> Text:
    """What a plan adds where the person is not eligible for certain: that, or which fact would settle it."""
    if plan.eligible is not None:
        return _ELIGIBLE if plan.eligible else _NOT_ELIGIBLE
    return (_ONE_MORE if plan.missing else _OPEN).fill(m=_SEMICOLON.join(plan.missing))


_ELIGIBLE = same("")
_NOT_ELIGIBLE = Text("not eligible for a program", "admissible à aucun programme")
_OPEN = Text("eligibility: one more fact needed", "admissibilité : il manque un fait")
_ONE_MORE = Text("eligibility: we need one more fact: {m}", "admissibilité : il nous faut un fait de plus : {m}")

NOMINATIONS = Text(
    "A nomination: the streams within your reach, and what each still lacks",
    "Une désignation : les volets à votre portée, et ce qui manque à chacun",
)
BEST = Text(
    "The best plans: no other plan gives more points, sooner, with fewer steps",
    "Les meilleurs plans : aucun autre ne donne plus de points, plus tôt, avec moins de démarches",
)
NONE_GOOD = Text(
    "None of these combinations leaves you eligible for a program.",
    "Aucune de ces combinaisons ne vous rend admissible à un programme.",
)
_TO_BECOME = Text("To become eligible", "Pour devenir admissible")
_TO_BE_SURE = Text("To be sure that you are eligible", "Pour être admissible à coup sûr")
WAYS = Text(
    "What makes you eligible: first what you can do alone, then the cheapest",
    "Ce qui vous rend admissible : d'abord ce que vous pouvez faire seul, puis le moins cher",
)
RESTS = Text(
    "* We found no source for these days or costs and assume typical values.",
    "* Nous n'avons pas trouvé de source pour ces jours ou ces coûts et supposons des valeurs typiques.",
)
_RARELY = Text("most people do not reach this", "la plupart des personnes n'y arrivent pas")
_DASH = Text(" — ", " — ")
_SEMICOLON = Text("; ", "; ")


def score_words(plan: Plan) -> Text:
    """The score of a plan, or the range that open questions leave."""
    if plan.crs == plan.crs_high:
        return same(plan.crs)
    return Text("{a} to {b}", "{a} à {b}").fill(a=plan.crs, b=plan.crs_high)


def title_words(move: Move) -> Text:
    """The title of a step, marked where its days or cost are assumed."""
    return Text("{t}{m}", "{t}{m}").fill(t=move.title, m="*" if move.assumed else "")


def step_words(move: Move) -> Text:
    """A step in a list of a plan, with what must be known of it."""
    said = [title_words(move)]
    if move.caution:
        said.append(_RARELY)
    if move.on_request and move.warning:
        said.append(move.warning)
    return _DASH.join(said)


def about_words(move: Move) -> list[Text]:
    """What is to be known of a step by itself: who must agree, the hours, what few reach, the warning."""
    needs = [Text("Needs {w}.", "Il faut {w}.").fill(w=move.needs)] if move.needs else []
    said = [_sentence(one) for one in (move.note, move.caution, move.warning) if one]
    return [*needs, *said]


def _sentence(text: Text) -> Text:
    en, fr = (f"{one[:1].upper()}{one[1:]}{'' if one.endswith('.') else '.'}" for one in text)
    return Text(en, fr)


def alike(pairs: Iterable[tuple[Text | None, Text]]) -> Iterator[tuple[Text, Text]]:
    """Each reason once, with the titles of all steps that have it."""
    found: dict[Text, list[Text]] = {}
    for reason, title in pairs:
        if reason is not None:
            found.setdefault(reason, []).append(title)
    return ((reason, _SEMICOLON.join(titles)) for reason, titles in found.items())


def cost_words(cost: Sequence[int]) -> Text:
    """What steps cost in dollars, low and high."""
    low, high = (Text(number(n, "en"), number(n, "fr")) for n in cost)
    return low if low == high else Text("{a}–{b}", "{a}–{b}").fill(a=low, b=high)


def between_words(step: Step) -> Text | None:
    """The months between which a step is done, where it may be quicker or slower."""
    first, last = map(_month, step.between)
    return None if first == last else Text("{a} to {b}", "{a} à {b}").fill(a=first, b=last)


def _month(day: date) -> Text:
    en, fr = (names.split()[day.month - 1] for names in MONTHS)
    return Text(f"{en} {day.year}", f"{fr} {day.year}")


def remarks(one: Effect, rules: RuleSet) -> list[Text]:
    """What a step by itself does: programs that it opens, closes or comes too late for, what limits it, why +0."""
    said = []
    if one.opens:
        said.append(
            Text("with it you are eligible on that day: {p}", "avec elle, vous êtes admissible ce jour-là : {p}").fill(
                p=_programs(one.opens, rules)
            )
        )
    if one.closes:
        wording = Text("you are no longer eligible: {p}", "vous n'êtes plus admissible : {p}")
        said.append(wording.fill(p=_programs(one.closes, rules)))
    if one.why is not None and not said:
        said.append(one.why)
    if one.lapses:
        wording = Text("by then you are no longer eligible: {p}", "d'ici là, vous n'êtes plus admissible : {p}")
        said.append(wording.fill(p=_programs(one.lapses, rules)))
    if one.gain < 0:
        lost = _SEMICOLON.join(
            Text("{t} {n}", "{t} {n}").fill(t=line.title, n=f"{change:+}") for line, change in one.lines if change < 0
        )
        said.append(Text("loses points: {lost}", "perd des points : {lost}").fill(lost=lost))
    elif one.why is None:
        said += limits(one)
    return said


def _programs(ids: Sequence[str], rules: RuleSet) -> Text:
    titles = {program.program: program.title for program in rules.selection.programs}
    return Text(", ", ", ").join(titles[id_] for id_ in ids)


def limits(one: Effect) -> list[Text]:
    """What the maximum of a section takes away of the points that a step would add."""
    wording = Text("the maximum of {m} for {t} takes away {n}", "le maximum de {m} pour {t} retire {n}")
    return [wording.fill(t=cap.title, m=cap.most, n=cap.taken) for cap in one.caps]


def entry_title(entry: Entry) -> Text:
    """The heading of what is lacking: for who is not eligible, and for who may be."""
    return _TO_BECOME if entry.sure else _TO_BE_SURE


def lacking_words(entry: Entry) -> Text:
    """What is lacking, in a sentence for each of the nearest programs."""
    wording = Text("{p}: {s}.", "{p} : {s}.")
    return Text(" ", " ").join(
        wording.fill(p=one.program.title, s=_SEMICOLON.join(unmet.shortfall.say() for unmet in one.unmet))
        for one in entry.lacking
    )


def unmet_words(one: Lacking) -> list[tuple[Text, list[Text]]]:
    """Each criterion of a program that is not met: the figures, its title, and the steps that meet it by themselves."""
    found = []
    for unmet in one.unmet:
        figures, title = unmet.shortfall.say(), unmet.shortfall.title
        # Points, and what has no figures, say by themselves of what they are.
        told = isinstance(unmet.shortfall.criterion.condition, Points) or title.en.lower() in figures.en.lower()
        said = figures if told else Text("{s} ({t})", "{s} ({t})").fill(s=figures, t=inner(title))
        tell = [_TELL] if unmet.shortfall.answer is None else []
        found.append((said, [*tell, *(step_words(step.move) for step in unmet.steps)]))
    return found


_TELL = Text("tell us if it is so: we do not know it yet", "dites-nous si c'est le cas : nous ne le savons pas encore")
