"""The answer in three sentences: eligible and by what margin, the score against the last cut-off, what to do first.

summarize(found, record)      one function for the site, the terminal, the report and the API
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from expressentry.answers.first_step import answer_first, become_eligible, raise_score
from expressentry.answers.why import PROGRAM, summary
from expressentry.assess.person.criteria import Answer, Finding
from expressentry.assess.person.readings import Assessment
from expressentry.assess.person.shortfalls import distance, shortfalls, untested
from expressentry.dates import anniversary, long_day
from expressentry.law.criteria.model import Dollars, Points
from expressentry.law.schema import dollars
from expressentry.rounds.eligibility import Invites, enters
from expressentry.rounds.record import Record, Round
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.answers.records.person import SummaryRecord

_AND = Text(" and ", " et ")


@dataclass(frozen=True, slots=True)
class Summary:
    """What a person wants to know first.

    Attributes:
        verdict: Eligible for a program, or not; None where a fact decides.
        program: The program that the margin is of: the one that an invitation names, else the nearest.
        headline: The verdict in a few words.
        margin: How far above or below what the program asks for, in a sentence.
        round: The last round with the lowest cut-off among the kinds that the person may enter today.
        gap: The score less the cut-off of that round, of the lowest and of the highest reading.
        standing: The score against that cut-off, in a sentence.
        first: What to do first, in a sentence.
        fields: The places in the profile where a missing fact belongs, if that is what to do first.
    """

    verdict: Answer
    program: str | None
    headline: Text
    margin: Text
    round: Round | None
    gap: tuple[int, int] | None
    standing: Text
    first: Text
    fields: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[Text, Text, Text]:
        """The three sentences in their order."""
        return Text("{h}. {m}", "{h}. {m}").fill(h=self.headline, m=self.margin), self.standing, self.first


def summarize(found: Assessment, record: Record) -> Summary:
    """The answer in three sentences; a cut-off is named only of a round that the person may enter.

    Args:
        found: The assessment of a person on a day.
        record: The rounds; later ones than that day are not looked at.
    """
    answers = found.programs.values()
    verdict: Answer = True if True in answers else None if None in answers else False
    program = found.program if verdict else None
    program = program or _nearest_program(found, verdict)
    if verdict:
        one = _nearest_round(found, record)
        gap = (found.totals[0] - one.cutoff, found.totals[-1] - one.cutoff) if one else None
        standing = _standing(found, one, gap)
        return Summary(True, program, _YES, _eligible(found, program), one, gap, standing, raise_score(found, gap))
    if verdict is None:
        first, fields = answer_first(found, program)
        depends = Text("It decides on: {t}.", "Il décide de ceci : {t}.").fill(t=_title(found, program))
        return Summary(None, program, _OPEN, depends, None, None, _waits(found), first, fields)
    first = become_eligible(found, program)
    return Summary(False, program, _NO, _not_eligible(found, program), None, None, _waits(found), first)


_YES = Text("You are eligible", "Vous êtes admissible")
_NO = Text("You are not eligible today", "Vous n'êtes pas admissible aujourd'hui")
_OPEN = Text(
    "We need one more fact to know if you are eligible",
    "Il nous faut un fait de plus pour savoir si vous êtes admissible",
)


def summary_record(found: Summary, lang: Lang) -> SummaryRecord:
    """A summary as plain data."""
    return {
        "verdict": PROGRAM[found.verdict],
        "program": found.program,
        "headline": found.headline.say(lang),
        "margin": found.margin.say(lang),
        "round": found.round.number if found.round else None,
        "gap": list(found.gap) if found.gap else None,
        "standing": found.standing.say(lang),
        "first": found.first.say(lang),
        "fields": list(found.fields),
    }


def _title(found: Assessment, program: str) -> Text:
    return found.first.programs[program].program.title


def _eligible(found: Assessment, program: str) -> Text:
    """By what margin a person is eligible: points and dollars, else what the program rests on."""
    one, title = found.first.programs[program], _title(found, program)
    margins = [_margin(each) for each in _flat(one.findings) if isinstance(each.criterion.condition, Points | Dollars)]
    if margins:
        return Text("{t}: {m}.", "{t} : {m}.").fill(t=title, m=_AND.join(margins))
    words = summary(one, found.rules.crs.columns, one.answer)
    return Text("{t} ({m}).", "{t} ({m}).").fill(t=title, m=words) if words.en else Text("{t}.", "{t}.").fill(t=title)


def _flat(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Criteria that are met, and those below them that are met."""
    for one in findings:
        if one.answer:
            yield one
            yield from _flat(one.below)


def _margin(one: Finding) -> Text:
    if isinstance(one.criterion.condition, Points):
        return Text("{a} of {b} points", "{a} points sur {b}").fill(a=one.given[0], b=one.needed)
    return Text("{a} of {b}", "{a} sur {b}").fill(a=dollars(one.given), b=dollars(one.needed[0]))


def _nearest_program(found: Assessment, verdict: Answer) -> str:
    """Of the programs with the verdict of the whole the nearest one."""
    alike = [id_ for id_, answer in found.programs.items() if answer is verdict]
    return min(alike, key=lambda id_: distance(found, id_))


def _not_eligible(found: Assessment, program: str) -> Text:
    lacks = shortfalls(found, program)
    figures = all(isinstance(one.criterion.condition, Points | Dollars) for one in lacks)
    have = Text("You have {l}.", "Vous avez {l}.")
    if figures:
        return have.fill(l=_AND.join(one.say() for one in lacks))
    nearest = Text("Nearest program: {t}. Missing: {l}.", "Programme le plus proche : {t}. Il manque : {l}.")
    words = dict.fromkeys(_TEST if untested(one) else one.say() for one in lacks)
    return nearest.fill(t=_title(found, program), l=Text("; ", "; ").join(words))


_TEST = Text("a valid language test", "un test de langue valide")


def _score(found: Assessment) -> Text:
    return _range(found.totals[0], found.totals[-1])


def _waits(found: Assessment) -> Text:
    """The score of a person who may not be in the pool."""
    wording = Text(
        "Your score would be {n}. It counts only once you are eligible.",
        "Votre note serait de {n}. Elle ne compte qu'une fois que vous êtes admissible.",
    )
    return wording.fill(n=_score(found))


def _nearest_round(found: Assessment, record: Record) -> Round | None:
    """Of the last rounds of each kind in a year that the person of today may enter, the one of the lowest cut-off."""
    day = found.rules.day
    newest = {one.series: one for one in record.rounds if anniversary(day, -1) < one.date <= day}
    answers = {**found.programs, **found.categories}
    nominee = bool(found.first.factors.values.get("provincial_nomination"))
    open_ = [
        one
        for one in newest.values()
        if (invites := Invites.of(one)) is not None and enters(invites, answers, nominee=nominee)
    ]
    return min(open_, key=lambda one: (one.cutoff, -one.date.toordinal()), default=None)


def _standing(found: Assessment, one: Round | None, gap: tuple[int, int] | None) -> Text:
    if one is None or gap is None:
        none = Text(
            "Your score is {n}. No round of the last 12 months was one that you could enter.",
            "Votre note est de {n}. Aucune ronde des 12 derniers mois ne vous était ouverte.",
        )
        return none.fill(n=_score(found))
    kind = found.rules.law.round_names.label(one.type, one.category)
    wording = Text(
        "Your {n} is {g} the last {k} cut-off ({c}, {d}).",
        "Votre note de {n} est {g} la dernière note minimale ({k} : {c}, {d}).",
    )
    return wording.fill(n=_score(found), g=_distance(gap), k=kind, c=one.cutoff, d=long_day(one.date))


def _distance(gap: tuple[int, int]) -> Text:
    """Where a score is to a cut-off: of one reading, or of the lowest and the highest."""
    low, high = gap
    if low == high == 0:
        return Text("exactly", "égale à")
    if low >= 0:
        return Text("{n} above", "supérieure de {n} à").fill(n=_range(low, high))
    if high <= 0:
        return Text("{n} below", "inférieure de {n} à").fill(n=_range(-high, -low))
    wording = Text("between {a} below and {b} above", "entre {a} de moins et {b} de plus que")
    return wording.fill(a=-low, b=high)


def _range(low: int, high: int) -> Text:
    return same(low) if low == high else Text("{a} to {b}", "{a} à {b}").fill(a=low, b=high)
