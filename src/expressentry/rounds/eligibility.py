"""Which candidates may enter a round: one rule, for one person here and for a whole frame in `eligibility_frame`.

A round invites by a list: all candidates, those of a program, nominees, or the members of a category.

    invites = Invites.of(record.round("293"))            the programs and the category of a round
    enters(invites, answers, nominee=False)              may this person enter: true, false, None (open)
    eligibility(round, reading)                          the same for an assessed person, with the reason
    lists_entered(answers, nominee=True)                 every list that a person is surely in
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from expressentry.assess.person.criteria import Answer, every, some
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding
from expressentry.assess.person.score import AssessedReading
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.rounds.record import Round
from expressentry.text import Text

NOMINEES = "pnp"
FEDERAL = tuple(program for program in PROGRAMS if program != NOMINEES)
INVITED: Mapping[str, tuple[str, ...]] = {
    "no_program": (NOMINEES, *FEDERAL),
    "general": (NOMINEES, *FEDERAL),
    "category": FEDERAL,
    **{program: (program,) for program in (NOMINEES, *FEDERAL)},
}
"""The programs that each type of round invites, where the round's own text is not in the record."""


@dataclass(frozen=True, slots=True)
class Invites:
    """Whom a round invites: candidates of these programs who are, where it names one, members of a category."""

    programs: tuple[str, ...]
    category: str | None = None

    @staticmethod
    def of(one: Round) -> Invites | None:
        """Whom a round of the record invites; None for a round of unknown type."""
        if one.type not in INVITED:
            return None
        return Invites(programs_of(one), (one.category or "") if one.type == "category" else None)

    @staticmethod
    def from_list(name: str) -> Invites:
        """Whom a list of the pool holds: `general`, a program, or a category.

        >>> Invites.from_list("cec").programs, Invites.from_list("french").category
        (('cec',), 'french')
        """
        return Invites(INVITED[name]) if name in LISTS else Invites(INVITED["category"], name)

    @property
    def federal(self) -> tuple[str, ...]:
        """The programs by which a candidate without a nomination may enter."""
        return tuple(program for program in self.programs if program in FEDERAL)


LISTS = ("general", NOMINEES, *FEDERAL)
"""The lists that are no category."""


def programs_of(one: Round) -> tuple[str, ...]:
    """The programs that a round invites: by its own text, else by its type; none where both are unknown."""
    return one.program_ids or INVITED.get(one.type, ())


def enters(invites: Invites, answers: Mapping[str, Answer], *, nominee: bool, only_as_nominee: bool = True) -> Answer:
    """Say whether a person may enter a round.

    A nominee is invited as a nominee or not at all. Others must be eligible for a program that the round invites and,
    where it names a category, be members of it.

    Args:
        invites: Whom the round invites.
        answers: For each program and category whether the person meets it; None, or left out: open.
        nominee: Whether the person has a provincial nomination.
        only_as_nominee: Whether the law of the day says that a nominee is invited only as one; before it did, the
            answer for a nominee in a round for others is open.

    >>> enters(Invites.from_list("stem"), {"fsw": True, "stem": None}, nominee=False) is None
    True
    """
    if nominee:
        if NOMINEES in invites.programs:
            return answers.get(NOMINEES)
        return False if only_as_nominee else None
    eligible = some([answers.get(program) for program in invites.federal])
    return eligible if invites.category is None else every((eligible, answers.get(invites.category)))


def lists_entered(answers: Mapping[str, Answer], *, nominee: bool) -> tuple[str, ...]:
    """Every list that a person is surely in, in alphabetical order; none where the person is not eligible.

    >>> lists_entered({"fsw": True, "cec": None, "fst": False, "pnp": False, "french": True}, nominee=False)
    ('french', 'fsw', 'general')
    """
    names = {*LISTS, *(name for name in answers if name not in PROGRAMS)}
    return tuple(name for name in sorted(names) if enters(Invites.from_list(name), answers, nominee=nominee))


@dataclass(frozen=True, slots=True)
class RoundEligibility:
    """Whether a person may enter a round, and why."""

    answer: Answer
    reason: Text


def eligibility(one: Round, found: AssessedReading) -> RoundEligibility:
    """Say whether a person, assessed on the day of a round, may enter it, and why."""
    invites = Invites.of(one)
    if invites is None:
        return RoundEligibility(None, Text("a round of unknown type", "une ronde de type inconnu"))
    nominee = bool(found.factors.values.get("provincial_nomination"))
    answers = {id_: finding.answer for id_, finding in found.programs.items()} | _members(one, found)
    answer = enters(invites, answers, nominee=nominee, only_as_nominee=found.rules.evidence.nominee_only_as_nominee)
    reason = _nominee(invites, answer, found) if nominee else _candidate(one, invites, answers, found)
    return RoundEligibility(answer, reason)


def _members(one: Round, found: AssessedReading) -> dict[str, Answer]:
    """Membership in the category of a round, where the version that the round names is that of the day."""
    return {
        law.category: finding.answer
        for finding in found.categories
        if (law := finding.law).category == one.category and law.version == one.version
    }


_ELIGIBLE = Text("eligible", "admissible")


def _nominee(invites: Invites, answer: Answer, found: AssessedReading) -> Text:
    """Why a nominee may enter, or not."""
    if NOMINEES in invites.programs:
        if answer is None:
            return _not_known(found, [found.programs[NOMINEES]])
        refused = Text(
            "a nominee who meets the requirements of no program",
            "un candidat désigné qui ne remplit les exigences d'aucun programme",
        )
        return _ELIGIBLE if answer else refused
    if answer is None:
        return Text(
            "a nominee in a round for others, before the Act had its present words",
            "un candidat désigné dans une ronde destinée à d'autres, avant le libellé actuel de la Loi",
        )
    return Text(
        "a nominee is invited only in rounds for nominees",
        "un candidat désigné n'est invité que dans les rondes pour candidats désignés",
    )


def _candidate(one: Round, invites: Invites, answers: Mapping[str, Answer], found: AssessedReading) -> Text:
    """Why a candidate without a nomination may enter, or not."""
    if not invites.federal:
        return Text("invites nominees only", "n'invite que les candidats désignés")
    eligible = some([answers[program] for program in invites.federal])
    if eligible is False:
        return Text("not eligible for a program invited", "non admissible à un programme invité")
    if invites.category is not None and (eligible or answers.get(invites.category) is False):
        return _member(one, answers, found)
    if eligible:
        return _ELIGIBLE
    return _not_known(found, [found.programs[program] for program in invites.federal])


def _member(one: Round, answers: Mapping[str, Answer], found: AssessedReading) -> Text:
    """Why a person is a member of the category of a round, or not."""
    category = one.category or ""
    if category not in answers:
        return Text("{n} is not the version of that day", "{n} n'est pas la version de ce jour-là").fill(n=one.label)
    answer = answers[category]
    if answer is None:
        finding = next(judged for judged in found.categories if judged.law.category == category)
        return _not_known(found, [finding])
    return _ELIGIBLE if answer else Text("not in the category {n}", "pas dans la catégorie {n}").fill(n=one.label)


def _not_known(found: AssessedReading, findings: Sequence[ProgramFinding | CategoryFinding]) -> Text:
    """The facts that are missing, and what the law leaves open."""
    columns = found.rules.crs.columns
    names = dict.fromkeys(name for finding in findings for name in finding.missing)
    titles = [*(columns[name].title for name in names), *(text for finding in findings for text in finding.unsettled)]
    return Text("not known: {a}", "non connu : {a}").fill(a=Text(", ", ", ").join(titles))
