"""After an invitation (IRPA 11.2): whether it is still valid on the day on which the application is received.

The score is that of the facts on the day of receipt, on the grid of the day of the invitation, the age frozen at the
invitation; it must not be below the cut-off of the round, and the person must still be eligible for the program and
a member of the category. What the application needs beyond that is in `checklist`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from expressentry.advise.timeline.documents import Cause, document_dates
from expressentry.advise.timeline.reasons import changed_values
from expressentry.advise.timeline.snapshot import DaySnapshot, DaySnapshots
from expressentry.assess.person.criteria import Answer, every
from expressentry.assess.person.programs import invitation
from expressentry.assess.person.readings import Assessment, Assessor
from expressentry.dates import as_day, as_instant, long_day
from expressentry.errors import Problem, UsageError
from expressentry.factors.derive import derive
from expressentry.law.criteria.programs import PROGRAMS
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.profile.model import Profile
from expressentry.rounds.eligibility import programs_of
from expressentry.rounds.record import Record, Round
from expressentry.rounds.replay import replay
from expressentry.rounds.windows import Window, window_on
from expressentry.shown import Shown, between
from expressentry.text import Text, same

STANDS = {True: "stands", False: "does_not_stand", None: "cannot_tell"}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold; where it does not decide, it weighs through the others."""

    id: str
    title: Text
    answer: Answer
    why: Text
    decides: bool = True


@dataclass(frozen=True, slots=True)
class ChangeSinceInvitation:
    """Something that is different on the day of receipt, and the day on which it became so, where that is known."""

    day: date | None
    cause: Cause


@dataclass(frozen=True, slots=True, repr=False)
class Invited(Shown):
    """Whether an invitation is still valid, and why.

    `programs` are those that the invitation may name: one, or several where the order or a finding is not known.
    `at_receipt` has the facts of that day under the law of the invitation, with the age of the invitation. `profile`
    has the dated facts that were checked.
    """

    round: Round
    received: date
    programs: tuple[str, ...]
    at_invitation: DaySnapshot
    at_receipt: DaySnapshot
    ages: tuple[int, int]
    checks: tuple[Check, ...]
    changes: tuple[ChangeSinceInvitation, ...]
    window: Window
    profile: Profile

    def _in_short(self) -> str:
        totals = self.at_receipt.totals
        return f"{STANDS[self.answer]}, round {self.round.number}, {between(totals[0], totals[-1])} CRS points"

    @property
    def total(self) -> int | None:
        """The CRS score on receipt, None where readings differ."""
        return self.at_receipt.total

    @property
    def answer(self) -> Answer:
        """Whether all that decides holds."""
        return every([check.answer for check in self.checks if check.decides])

    @property
    def margins(self) -> tuple[int, ...]:
        """The scores on receipt less the cut-off."""
        return tuple(total - self.round.cutoff for total in self.at_receipt.totals)


def invited(
    profile: Profile,
    one: Round | str | int,
    received: date | str,
    record: Record,
    law: Law | None = None,
    *,
    program: str | None = None,
    submitted: datetime | str | None = None,
) -> Invited:
    """Check an invitation of a round on the day on which the application is received.

    Args:
        profile: The dated facts.
        one: The round that invited, or its number.
        received: The day on which the complete application is received: a `date`, or text written YYYY-MM-DD.
        record: The rounds.
        law: The law of each day; the shipped law by default.
        program: The program that the invitation names, where it is known.
        submitted: The instant of the profile's submission (UTC), for the tie-break.

    Raises:
        UsageError: The day is before the round, or the round does not invite the program.
    """
    one, received = record.round(one) if isinstance(one, str | int) else one, as_day(received, "received")
    sent = None if submitted is None else as_instant(submitted)
    _check(one, received, program)
    law = law or load_law()
    assessor, snapshots = Assessor(profile, law), DaySnapshots()
    then = assessor.on(one.date)
    now = _on_receipt(assessor, one.date, received)
    programs = (program,) if program else _programs(one, then)
    before, after = snapshots.of(then), snapshots.of(now)
    window = window_on(law, one.date)
    ages = before.facts["age"][0], derive(profile, received, law).facts["age"]
    checks = (
        _at_invitation(profile, one, record, law, sent),
        _score(one, after),
        _program(programs, after),
        *_category(one, after),
        *_nomination(programs, before, after),
        _documents(before, after),
        _in_time(window, received),
    )
    changes = tuple(_changes(profile, one.date, received, before, after))
    return Invited(one, received, programs, before, after, ages, checks, changes, window, profile)


def _on_receipt(assessor: Assessor, day: date, received: date) -> Assessment:
    """The facts of the day of receipt, with the age of the invitation, under the law of the invitation."""
    frozen = derive(assessor.profile, day, assessor.law).facts["age"]
    derived = derive(assessor.profile, received, assessor.law)
    readings = tuple(replace(one, facts={**one.facts, "age": frozen}) for one in derived.readings)
    rules = assessor.law.on(day)
    if assessor.law.noc_version(day) != assessor.law.noc_version(received):
        # Occupations then have the codes of another NOC: the criteria of the later day read them, on the same grid.
        rules = replace(rules, day=received)
    return assessor.under(replace(derived, readings=readings), rules)


def _programs(one: Round, found: Assessment) -> tuple[str, ...]:
    """The programs that the invitation may name: those of the round, by the order of its day."""
    of_round = programs_of(one) or PROGRAMS
    possible: dict[str, None] = {}
    for reading in found.readings:
        programs = {
            name: finding if name in of_round else replace(finding, answer=False)
            for name, finding in reading.programs.items()
        }
        possible |= dict.fromkeys(invitation(found.rules.selection, programs).possible)
    return tuple(possible)


def _at_invitation(profile: Profile, one: Round, record: Record, law: Law, submitted: datetime | None) -> Check:
    """Whether the person could have been invited at all: the law asks for it on both days."""
    title = Text("on the day of the invitation", "le jour de l'invitation")
    found = replay(profile, record, submitted=[submitted] if submitted else (), rounds=[one], law=law)
    if not found.rounds:
        why = Text(
            "no language test had results by then, so that no profile could be in the pool",
            "aucun test de langue n'avait encore de résultats : aucun profil ne pouvait être dans le bassin",
        )
        return Check("at_invitation", title, False, why)
    [replayed] = found.rounds
    answer, why = replayed.answer, replayed.reason
    if answer is None and replayed.entry and min(replayed.margins) >= 0:
        answer, why = True, _TIE
    if answer is False:
        why = Text(
            "by the published rounds and these documents, no invitation was possible: {r}",
            "selon les rondes publiées et ces documents, aucune invitation n'était possible : {r}",
        ).fill(r=why)
    return Check("at_invitation", title, answer, why)


def _score(one: Round, after: DaySnapshot) -> Check:
    """The score of the day of receipt against the cut-off; as high is not below."""
    enough = {total >= one.cutoff for total in after.totals}
    low, high = min(after.totals), max(after.totals)
    had = same(low) if low == high else Text("{a} to {b}", "de {a} à {b}").fill(a=low, b=high)
    why = Text(
        "{n} points ({g}), {c} needed", "{n} points ({g}), {c} exigés"
    ).fill(n=had, g=after.rules.label, c=one.cutoff)  # fmt: skip
    return Check("score", Text("score", "note"), enough.pop() if len(enough) == 1 else None, why)


def _program(programs: tuple[str, ...], after: DaySnapshot) -> Check:
    """Still eligible for the program of the invitation; for each of them where it is not known which."""
    answers = {after.programs[name] for name in programs}
    titles = {one.program: one.title for one in after.rules.selection.programs}
    named = Text(" or ", " ou ").join(titles[name] for name in programs)
    title = Text("program", "programme")
    if not programs:
        return Check(
            "program",
            title,
            False,
            Text("no program that this round invites", "aucun programme que cette ronde invite"),
        )
    answer = answers.pop() if len(answers) == 1 else None
    missing = dict.fromkeys(
        name for reading in after.found.readings for program in programs for name in reading.programs[program].missing
    )
    why = named if answer is not None else _not_known(named, missing, after)
    return Check("program", title, answer, why)


def _category(one: Round, after: DaySnapshot) -> Iterator[Check]:
    """Still a member of the category, its window counted back from receipt."""
    if one.type != "category":
        return
    title, name = Text("category", "catégorie"), one.label
    of_day = {law.category: law.version for law in after.rules.selection.categories}
    if one.category is None or of_day.get(one.category) != one.version:
        why = Text("{c} was not in force on that day", "{c} n'était pas en vigueur ce jour-là").fill(c=name)
        yield Check("category", title, None, why)
        return
    answer = after.categories[one.category]
    findings = (found for reading in after.found.readings for found in reading.categories)
    missing = dict.fromkeys(
        column for found in findings if found.law.category == one.category for column in found.missing
    )
    yield Check("category", title, answer, name if answer is not None else _not_known(name, missing, after))


def _nomination(programs: tuple[str, ...], before: DaySnapshot, after: DaySnapshot) -> Iterator[Check]:
    """A nomination that carried the invitation must still be valid."""
    if "pnp" not in programs or before.facts["provincial_nomination"] == (False,):
        return
    held = after.facts["provincial_nomination"]
    why = Text("accepted, neither expired nor withdrawn", "acceptée, ni expirée ni retirée")
    if held == (False,):
        why = Text("expired or withdrawn by the day of receipt", "expirée ou retirée le jour de la réception")
    yield Check("nomination", Text("nomination", "désignation"), held[0] if len(held) == 1 else None, why)


def _documents(before: DaySnapshot, after: DaySnapshot) -> Check:
    """Whether every test and credential that counted still does; the score and the program show what is lost."""
    columns = after.rules.crs.columns
    lost = [name for name in _DOCUMENTS if _worse(before.facts[name], after.facts[name])]
    title = Text("tests and assessments", "tests et évaluations")
    if not lost:
        why = Text("all documents that counted still count", "tous les documents qui comptaient comptent encore")
        return Check("papers", title, True, why, decides=False)
    why = Text("; ", "; ").join(changed_values(name, before, after, columns) for name in lost)
    return Check("papers", title, False, why, decides=False)


def _worse(before: tuple[object, ...], after: tuple[object, ...]) -> bool:
    """Whether the value of a document is lost: levels without a report, a credential that no longer counts."""
    return before != after and (after == (None,) or after == ("none",))


def _in_time(window: Window, received: date) -> Check:
    answer = window.open_on(received)
    why = Text("{d} days from {i}, to {l}", "{d} jours à partir du {i}, jusqu'au {l}").fill(
        d=Text(" or ", " ou ").join(window.days), i=long_day(window.invited), l=long_day(window.last)
    )
    if answer is None:
        why = Text("{w}; {d}", "{w}; {d}").fill(w=why, d=window.doubt)
    return Check("window", Text("in time", "dans le délai"), answer, why)


def _changes(
    profile: Profile, day: date, received: date, before: DaySnapshot, after: DaySnapshot
) -> Iterator[ChangeSinceInvitation]:
    """What became different: documents by their day, then every fact; the age is frozen, and is not one of them."""
    for on, causes in document_dates(profile, day, received, after.rules.law).items():
        yield from (ChangeSinceInvitation(on, cause) for cause in causes)
    columns, because = after.rules.crs.columns, after.found.derived.because
    for name, values in after.facts.items():
        if before.facts.get(name) != values and name in columns.by_name:
            text = changed_values(name, before, after, columns)
            yield ChangeSinceInvitation(
                None, Cause("fact", text, name, because[name].text if name in because else None)
            )


def _not_known(what: Text, names: dict[str, None], after: DaySnapshot) -> Text:
    if not names:
        doubts = Text("; ", "; ").join(doubt.open for doubt in after.found.derived.doubts)
        return Text("{w}; open question: {d}", "{w}; question ouverte : {d}").fill(w=what, d=doubts)
    titles = Text(", ", ", ").join(after.rules.crs.columns[name].title for name in names)
    return Text("{w}; we need: {t}", "{w}; il nous manque : {t}").fill(w=what, t=titles)


def _check(one: Round, received: date, program: str | None) -> None:
    """Refuse a day before the invitation, and a program that the round does not invite."""
    problems = []
    if received < one.date:
        rule = Text("not before the invitation of {d}", "pas avant l'invitation du {d}").fill(d=one.date)
        problems.append(
            Problem(
                "before_invitation", "received", rule, Text("give a later day", "donner un jour ultérieur"), received
            )
        )
    possible = programs_of(one) or PROGRAMS
    if program is not None and program not in possible:
        rule = Text("a program that this round invites", "un programme que cette ronde invite")
        fix = Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(possible))
        problems.append(Problem("not_invited_program", "program", rule, fix, program))
    if problems:
        raise UsageError(problems)


_DOCUMENTS = ("english_reading", "french_reading", "education", "partner_reading", "partner_education")
_TIE = Text(
    "equal to the cut-off; the invitation itself shows that the tie-breaking rule was met",
    "égale à la note minimale; l'invitation montre que la règle de bris d'égalité était respectée",
)
