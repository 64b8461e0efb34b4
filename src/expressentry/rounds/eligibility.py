"""Who may enter a round: eligible for a program that it invites, a member of its category, a nominee only as such."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from expressentry.assess.person.criteria import Answer, some
from expressentry.assess.person.score import Assessment
from expressentry.rounds.record import Round
from expressentry.text import Text

FEDERAL = ("fsw", "cec", "fst")
INVITED: Mapping[str, tuple[str, ...]] = {
    "no_program": ("pnp", *FEDERAL),
    "general": ("pnp", *FEDERAL),
    "category": FEDERAL,
    **{program: (program,) for program in ("pnp", *FEDERAL)},
}
"""The programs that each type of round invites, where the round's own text is not in the record."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Whether a person could enter a round, and why."""

    answer: Answer
    reason: Text


def entry(one: Round, found: Assessment) -> Entry:
    """Say whether a person, assessed on the day of a round, could enter it."""
    if one.type not in INVITED:
        return Entry(None, Text("a round of unknown type", "une ronde de type inconnu"))
    invited = one.program_ids or INVITED[one.type]
    if found.factors.values.get("provincial_nomination"):
        return _nominee(one, invited, found)
    federal = [program for program in invited if program in FEDERAL]
    if not federal:
        return Entry(False, Text("invites nominees only", "n'invite que les candidats désignés"))
    eligible = some([found.programs[program].answer for program in federal])
    member = _member(one, found) if one.type == "category" else Entry(True, _ELIGIBLE)
    if eligible is False:
        return Entry(False, Text("not eligible for a program invited", "non admissible à un programme invité"))
    if member.answer is False or eligible:
        return member
    missing = dict.fromkeys(name for program in federal for name in found.programs[program].missing)
    return Entry(None, _not_known(found, tuple(missing)))


_ELIGIBLE = Text("eligible", "admissible")


def _nominee(one: Round, invited: tuple[str, ...], found: Assessment) -> Entry:
    """A nominee enters as a nominee, or not at all."""
    if "pnp" in invited:
        answer = found.programs["pnp"].answer
        if answer is None:
            return Entry(None, _not_known(found, found.programs["pnp"].missing))
        if answer:
            return Entry(True, _ELIGIBLE)
        return Entry(False, Text("a nominee who meets none of the programs", "candidat désigné sans programme rempli"))
    if not found.rules.evidence.nominee_only_as_nominee:
        reason = Text(
            "a nominee in a round for others, before the present words of the Act",
            "candidat désigné dans une ronde pour d'autres, avant les mots actuels de la Loi",
        )
        return Entry(None, reason)
    return Entry(False, Text("a nominee is invited only as one", "un candidat désigné n'est invité qu'à ce titre"))


def _member(one: Round, found: Assessment) -> Entry:
    """Membership in the category of a round, in the version that the round names."""
    name = Text("{c} {v}", "{c} {v}").fill(c=one.category, v=one.version)
    category = next((c for c in found.categories if c.law.category == one.category), None)
    if category is None or category.law.version != one.version:
        return Entry(
            None, Text("{n} is not the version of that day", "{n} n'est pas la version de ce jour-là").fill(n=name)
        )
    if category.answer is None:
        return Entry(None, _not_known(found, category.missing))
    if category.answer:
        return Entry(True, _ELIGIBLE)
    return Entry(False, Text("not a member of {n}", "non membre de {n}").fill(n=name))


def _not_known(found: Assessment, names: tuple[str, ...]) -> Text:
    columns = found.rules.crs.columns
    titles = Text(", ", ", ").join(columns[name].title for name in names)
    return Text("not known: {a}", "non connu : {a}").fill(a=titles)
