"""What to do first, in a sentence: quick to work out, so that every answer has it; the plan has the other steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from expressentry.answers.first_document import DocumentStep, assess_step, assess_words, renewal
from expressentry.assess.person.next_steps import NextStep, next_steps
from expressentry.assess.person.readings import Assessment, assess_facts
from expressentry.assess.person.shortfalls import Shortfall, shortfalls, untested
from expressentry.law.criteria.model import Abilities, Dollars, Known, Points
from expressentry.law.languages import ABILITIES, ABILITY_NAMES, LANGUAGE_NAMES, SCALE_NAMES
from expressentry.law.schema import Columns, dollars, value_of
from expressentry.profile.labels import LEFT_OUT
from expressentry.text import Text, capital, inner

if TYPE_CHECKING:
    from expressentry.factors.derive.refused import Unassessed

_REACH = 2
"""Levels above the present one that a test taken again may bring; a longer way is for the plan, with its time."""
_AND = Text(" and ", " et ")


def answer_first(found: Assessment, program: str) -> tuple[Text, tuple[str, ...]]:
    """Which fact to give first, and where it belongs."""
    one, columns = found.first.programs[program], found.rules.crs.columns
    doubt = next((doubt for doubt in found.doubts if not doubt.law), None)
    if one.answer is None and one.missing:
        name = one.missing[0]
        wording, what = Text("First, tell us: {m}.", "D'abord, dites-nous : {m}."), inner(columns[name].title)
        place, asked = _ASKED.get(name, (None, what))
        return wording.fill(m=asked), (place,) if place else ()
    if doubt is not None:
        wording = Text("First, tell us: {m}.", "D'abord, dites-nous : {m}.")
        return wording.fill(m=doubt.missing), doubt.fields
    return Text(
        "The law leaves this open: see the open questions.", "Le droit ne le dit pas : voyez les questions ouvertes."
    ), ()


_ASKED = {
    "funds_cad": ("funds", LEFT_OUT["funds_cad"]),
    "intends_quebec": ("intent.quebec", LEFT_OUT["intends_quebec"]),
}
"""Where a profile has the fact that a column needs, and how it is asked for, where a profile may leave it open."""


def raise_score(found: Assessment, gap: tuple[int, int] | None) -> Text:
    """What an eligible person does first: enter the pool where the score is enough, else the step within reach.

    Before a step that adds points comes the renewal of documents, where a program or more points rest on them.
    """
    if gap is not None and gap[0] >= 0:
        return Text(
            "First: submit your profile, and keep it up to date.",
            "D'abord : soumettez votre profil et tenez-le à jour.",
        )
    renew, best, enough = renewal(found), *_best_step(found, gap)
    if renew and (best is None or renew.keeps_program or renew.points >= best.points):
        return Text("First: {s}.", "D'abord : {s}.").fill(s=renew.text)
    if best is None:
        return Text("First: see your steps in the plan.", "D'abord : voyez vos démarches dans le plan.")
    wording = Text("First: {s}, for {n} more points.", "D'abord : {s}, pour {n} points de plus.")
    reaches = Text(
        "First: {s}, for {n} more points: enough for that cut-off.",
        "D'abord : {s}, pour {n} points de plus : assez pour cette note minimale.",
    )
    return (reaches if enough else wording).fill(s=best.text, n=best.points)


def _best_step(found: Assessment, gap: tuple[int, int] | None) -> tuple[DocumentStep | None, bool]:
    """The step that adds most points, or the nearest one that is enough for a cut-off; and whether it is enough.

    An assessment needs no lessons: it is nearer than any level of a language.
    """
    assess, steps = assess_step(found), list(_within_reach(found))
    enough = [step for step in steps if gap and step.change >= -gap[0]]
    if assess and gap and assess.points >= -gap[0]:
        return assess, True
    nearest = min(enough, key=lambda step: (_levels(found, step), -step.change), default=None)
    best = nearest or max(steps, key=lambda step: step.change, default=None)
    if assess and nearest is None and (best is None or assess.points >= best.change):
        return assess, False
    return (DocumentStep(_step(found, best), best.change) if best else None), nearest is not None


def _within_reach(found: Assessment) -> Iterator[NextStep]:
    """Next steps in a language that the person, or the partner, has a test in, at most some levels up."""
    groups = [{f"{group}_{ability}" for ability in ABILITIES} for group in ("english", "french", "partner")]
    values = found.first.factors.values
    for step in next_steps(found):
        if step.change > 0 and any(set(step.columns) <= group for group in groups):
            own = [values.get(name) for name in step.columns]
            if all(level is not None and step.value - level <= _REACH for level in own):
                yield step


def _levels(found: Assessment, step: NextStep) -> int:
    """How many levels a step is in all."""
    return sum(max(0, step.value - (found.first.factors.values.get(name) or 0)) for name in step.columns)


_LANGUAGES = {
    "english": Text("your English", "votre anglais"),
    "french": Text("your French", "votre français"),
    "partner": Text("your partner's test", "le test de votre conjoint"),
}


def _step(found: Assessment, step: NextStep) -> Text:
    """A step in a language in words, with the abilities that it asks for."""
    values = found.first.factors.values
    group = step.columns[0].rpartition("_")[0]
    rising = [name.rpartition("_")[2] for name in step.columns if (values.get(name) or 0) < step.value]
    wording = Text("raise {l} to {u} {n} in {a}", "portez {l} au {u} {n} ({a})")
    all_four = Text("all four abilities", "les quatre habiletés")
    abilities = all_four if len(rising) == len(ABILITIES) else _listed([ABILITY_NAMES[name] for name in rising])
    return wording.fill(l=_LANGUAGES[group], u=_unit(group), n=step.value, a=abilities)


def become_eligible(found: Assessment, program: str) -> Text:
    """What a person who is not eligible does first: a test where none counts, else what closes the gap."""
    lacks = shortfalls(found, program)
    # What is open may be met already: it comes first only where nothing else is lacking.
    lacks = tuple(one for one in lacks if one.answer is False) or lacks
    if any(one.answer is False and _is_of(one, "intends_quebec") for one in lacks):
        return _NOT_FOR_QUEBEC
    if any(map(untested, lacks)):
        return Text("First: take an approved language test.", "D'abord : passez un test de langue approuvé.")
    parts = []
    if (unassessed := _unassessed(found, lacks)) is not None:
        parts.append(assess_words(unassessed))
        found = assess_facts(found.rules, {**found.first.factors.values, "education": unassessed.row})
        lacks = shortfalls(found, program)
    figures = [one for one in lacks if isinstance(one.criterion.condition, Points | Dollars | Abilities)]
    parts += [_meet(found, program, lacks, one) for one in figures or ([] if parts else lacks[:1])]
    return Text("First: {p}.", "D'abord : {p}.").fill(p=_listed(parts))


_NOT_FOR_QUEBEC = Text(
    "First: note that these programs are only for people who plan to live outside Quebec; Quebec has its own programs.",
    "D'abord : sachez que ces programmes sont réservés aux personnes qui prévoient vivre hors du Québec; le Québec a "
    "ses propres programmes.",
)


def _is_of(one: Shortfall, column: str) -> bool:
    """Whether a criterion is of a column."""
    return isinstance(one.criterion.condition, Known) and one.criterion.condition.column.name == column


def _listed(parts: Sequence[Text]) -> Text:
    """One, one and another, or several with commas and an "and" before the last."""
    return _AND.join([Text(", ", ", ").join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def _unassessed(found: Assessment, lacks: Sequence[Shortfall]) -> Unassessed | None:
    """The credential to have assessed, where education is lacking and one counts only once it is."""
    if found.profile is None or not any(_is_of(one, "education") for one in lacks):
        return None
    from expressentry.factors.derive.refused import to_be_assessed  # with the models of profiles

    return to_be_assessed(found.profile, found.rules.day, found.rules.law)


def _meet(found: Assessment, program: str, lacks: Sequence[Shortfall], one: Shortfall) -> Text:
    """How one thing that is missing is met."""
    condition = one.criterion.condition
    if isinstance(condition, Points):
        step = _enough(found, program, lacks)
        more = Text("find {n} more of the {m} points in the plan", "trouvez {n} des {m} points dans le plan")
        return _step(found, step) if step else more.fill(n=one.need - one.have, m=one.need)
    if isinstance(condition, Dollars):
        show = Text("show funds of {n}", "montrez des fonds de {n}").fill(n=dollars(one.need))
        save = Text("save {n} more", "épargnez {n} de plus")
        return show if one.have is None else save.fill(n=dollars(one.need - one.have))
    if isinstance(condition, Abilities):
        return Text("improve your test ({s})", "améliorez votre test ({s})").fill(s=one.say())
    return Text("you need {t}", "il vous faut {t}").fill(t=inner(one.title))


def _enough(found: Assessment, program: str, lacks: Sequence[Shortfall]) -> NextStep | None:
    """The smallest step in a language with which the person would meet the program, the other things met too."""
    facts = dict(found.first.factors.values)
    for one in lacks:
        if isinstance(one.criterion.condition, Dollars):
            facts[one.criterion.condition.column.name] = one.need
    for step in sorted(_within_reach(found), key=lambda step: (_levels(found, step), -step.change)):
        raised = {name: max(step.value, facts.get(name) or 0) for name in step.columns}
        if assess_facts(found.rules, {**facts, **raised}).programs[program]:
            return step
    return None


def most(found: Assessment) -> list[NextStep]:
    """What would add most points, the most first: apart from a nomination, and from what only time or birth gives.

    Four abilities of a test rise together: what each alone would add is left out.
    """
    law, trade = found.rules.law, found.first.factors.values.get("trade_noc")
    in_trade = trade in law.trades(law.noc_version(found.rules.day))
    out = _NOT_YOURS if in_trade else (*_NOT_YOURS, "certificate_of_qualification")
    steps = [step for step in next_steps(found) if step.change > 0 and step.columns[0] not in out]
    together = {name for step in steps if len(step.columns) > 1 for name in step.columns}
    shown = [step for step in steps if len(step.columns) > 1 or step.columns[0] not in together]
    return sorted(shown, key=lambda step: -step.change)


_NOT_YOURS = ("provincial_nomination", "sibling_in_canada", "age")
"""A nomination is a province's to give; a sibling and an age are nobody's to choose. A certificate needs a trade."""


def step_words(step: NextStep, columns: Columns) -> tuple[Text, Text]:
    """What rises, and up to which value.

    >>> from expressentry.law.load import load_law
    >>> four = tuple(f"french_{ability}" for ability in ABILITIES)
    >>> [text.en for text in step_words(NextStep("additional.french", four, 7, 0, 50), load_law().columns)]
    ['French', 'NCLC 7 in all four abilities']
    """
    column, group = columns[step.columns[0]], step.columns[0].rpartition("_")[0]
    if len(step.columns) == 1:
        return column.title, value_of(column, step.value)
    wording = Text("{u} {n} in all four abilities", "{u} {n} aux quatre habiletés")
    return _GROUPS[group], wording.fill(u=_unit(group), n=step.value)


_GROUPS = {
    **{language: capital(name) for language, name in LANGUAGE_NAMES.items()},
    "partner": Text("Your partner's language test", "Test de langue de votre conjoint"),
}


def _unit(group: str) -> Text:
    """The scale of a language; a partner's test is in either."""
    return SCALE_NAMES.get(group, SCALE_NAMES["english"])
