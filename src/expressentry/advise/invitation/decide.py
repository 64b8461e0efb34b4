"""After an invitation (IRPA 11.2): whether it is still valid on the day on which the application is received.

The score is that of the facts on the day of receipt, on the grid of the day of the invitation; it must not be below
the cut-off of the round, and the person must still be eligible for the program and a member of the category. What a
birthday does is in `receipt`, what the application needs beyond that in `checklist`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from expressentry.advise.invitation.receipt import Receipt, lost_points, on_receipt
from expressentry.advise.timeline.documents import Cause, document_dates
from expressentry.advise.timeline.reasons import changed_values
from expressentry.advise.timeline.snapshot import DaySnapshot, DaySnapshots
from expressentry.assess.person.criteria import Answer, every
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding, invitation
from expressentry.assess.person.readings import Assessment, Assessor
from expressentry.dates import as_day, as_instant, long_day
from expressentry.errors import Problem, UsageError
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
    `at_receipt` has the facts of that day under the law of the invitation; `totals` are the scores that count then, and
    `ages` the age when invited and that on receipt. `profile` has the dated facts that were checked.
    """

    round: Round
    received: date
    programs: tuple[str, ...]
    at_invitation: DaySnapshot
    at_receipt: DaySnapshot
    totals: tuple[int, ...]
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
        return tuple(total - self.round.cutoff for total in self.totals)


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
    assessor = Assessor(profile, law)
    then, receipt = assessor.on(one.date), on_receipt(assessor, one.date, received)
    programs = (program,) if program else _programs(one, then)
    before, after = DaySnapshots().of(then), receipt.now
    window = window_on(law, one.date)
    ages = before.facts["age"][0], after.facts["age"][0]
    checks = (
        _at_invitation(profile, one, record, law, sent),
        _score(one, receipt, tuple(lost_points(assessor, before, after))),
        _program(programs, before, receipt, ages),
        *_category(one, receipt),
        *_nomination(programs, before, after),
        _documents(before, after),
        _in_time(window, received),
    )
    changes = tuple(_changes(profile, one.date, received, before, after))
    return Invited(one, received, programs, before, after, receipt.totals, ages, checks, changes, window, profile)


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


def _score(one: Round, receipt: Receipt, lost: tuple[tuple[int, Text], ...]) -> Check:
    """The score of the day of receipt against the cut-off; as high is not below. What cost points is named."""
    totals, rules = receipt.totals, receipt.now.rules
    enough = {total >= one.cutoff for total in totals}
    low, high = min(totals), max(totals)
    had = same(low) if low == high else Text("{a} to {b}", "de {a} à {b}").fill(a=low, b=high)
    why = Text("{n} points ({g}), {c} needed", "{n} points ({g}), {c} exigés").fill(n=had, g=rules.label, c=one.cutoff)
    if lost:
        costs = [Text("{t} ({n})", "{t} ({n})").fill(t=text, n=f"{points}".replace("-", "−")) for points, text in lost]
        told = Text("{w}; points lost since: {l}", "{w}; points perdus depuis : {l}")
        why = told.fill(w=why, l=_SEMICOLON.join(costs))
    return Check("score", Text("score", "note"), enough.pop() if len(enough) == 1 else None, why)


def _program(programs: tuple[str, ...], before: DaySnapshot, receipt: Receipt, ages: tuple[int, int]) -> Check:
    """Still eligible for the program of the invitation; for each of them where it is not known which.

    What is open for one program does not hide another that is met: an invitation that names the first was issued on
    what was declared for it, and the same must then be proved.
    """
    title = Text("program", "programme")
    if not programs:
        none = Text("no program that this round invites", "aucun programme que cette ronde invite")
        return Check("program", title, False, none)
    after = receipt.now
    answers = {name: receipt.program(name) for name in programs}
    titles = {one.program: one.title for one in after.rules.selection.programs}
    met = [name for name, answer in answers.items() if answer]
    rest = [name for name in programs if name not in met]
    if met and all(answers[name] is None and _as_declared(name, before, after) for name in rest):
        why = _SEMICOLON.join([titles[name] for name in met] + [_declared(name, titles, after) for name in rest])
        return Check("program", title, True, why)
    if not met and set(answers.values()) == {False}:
        return Check("program", title, False, Text(" or ", " ou ").join(titles[name] for name in programs))
    told = [_told(name, titles, receipt, ages) for name in programs]
    if len(programs) > 1:
        told.append(_WHICH)
    return Check("program", title, None, _SEMICOLON.join(told))


def _as_declared(name: str, before: DaySnapshot, after: DaySnapshot) -> bool:
    """Whether a program is open on both days for the same facts, all else being met on receipt."""
    then, now = ([reading.programs[name] for reading in one.found.readings] for one in (before, after))
    if len(then) != len(now):
        return False
    return all(
        finding.answer or (finding.answer is None and finding in old.findings)
        for old, new in zip(then, now, strict=True)
        for finding in new.findings
    )


def _declared(name: str, titles: Mapping[str, Text], after: DaySnapshot) -> Text:
    open_ = Text(", ", ", ").join(_open([reading.programs[name] for reading in after.found.readings], after))
    return _PROVE.fill(p=titles[name], t=open_)


def _told(name: str, titles: Mapping[str, Text], receipt: Receipt, ages: tuple[int, int]) -> Text:
    """How one program stands on receipt."""
    answer, after = receipt.program(name), receipt.now
    if answer is not None:
        word = Text("met", "rempli") if answer else Text("not met", "non rempli")
        return Text("{p}: {w}", "{p} : {w}").fill(p=titles[name], w=word)
    if after.programs[name] is False:
        return _BIRTHDAY.fill(
            p=titles[name], a=ages[0], b=ages[1], n=max(after.found.first.programs[name].points or (0,))
        )
    return _not_known(titles[name], [reading.programs[name] for reading in after.found.readings], after)


def _category(one: Round, receipt: Receipt) -> Iterator[Check]:
    """Still a member of the category, its window counted back from receipt."""
    if one.type != "category":
        return
    title, name, after = Text("category", "catégorie"), one.label, receipt.now
    of_day = {law.category: law.version for law in after.rules.selection.categories}
    if one.category is None or of_day.get(one.category) != one.version:
        why = Text("{c} was not in force on that day", "{c} n'était pas en vigueur ce jour-là").fill(c=name)
        yield Check("category", title, None, why)
        return
    answer = receipt.category(one.category)
    findings = [
        found for reading in after.found.readings for found in reading.categories if found.law.category == one.category
    ]
    yield Check("category", title, answer, name if answer is not None else _not_known(name, findings, after))


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
        return Check("documents", title, True, why, decides=False)
    why = Text("; ", "; ").join(changed_values(name, before, after, columns) for name in lost)
    return Check("documents", title, False, why, decides=False)


def _worse(before: tuple[object, ...], after: tuple[object, ...]) -> bool:
    """Whether the value of a document is lost: levels without a report, a credential that no longer counts."""
    nothing = ((None,), ("none",))
    return before not in nothing and after in nothing


def _in_time(window: Window, received: date) -> Check:
    answer = window.open_on(received)
    why = Text("{d} days from {i}, to {l}", "{d} jours à partir du {i}, jusqu'au {l}").fill(
        d=Text(" or ", " ou ").join(window.days), i=long_day(window.invited), l=long_day(window.last)
    )
    if window.doubt is not None:
        why = Text("{w}; {d}", "{w}; {d}").fill(w=why, d=window.doubt)
    return Check("window", Text("in time", "dans le délai"), answer, why)


def _changes(
    profile: Profile, day: date, received: date, before: DaySnapshot, after: DaySnapshot
) -> Iterator[ChangeSinceInvitation]:
    """What became different: documents by their day, then every fact that was asked for on both days, but the age."""
    for on, causes in document_dates(profile, day, received, after.rules.law).items():
        yield from (ChangeSinceInvitation(on, cause) for cause in causes)
    columns, because = after.rules.crs.columns, after.found.derived.because
    for name, values in after.facts.items():
        then = before.facts.get(name)
        if then == values or name not in columns.by_name or name == "age":
            continue
        if not columns[name].when or (None,) not in (then, values):
            text = changed_values(name, before, after, columns)
            yield ChangeSinceInvitation(
                None, Cause("fact", text, name, because[name].text if name in because else None)
            )


def _not_known(what: Text, findings: Sequence[ProgramFinding | CategoryFinding], after: DaySnapshot) -> Text:
    """What is open, and the facts or the question that leave it so."""
    return Text("{w}; we need: {t}", "{w}; il nous manque : {t}").fill(
        w=what, t=Text(", ", ", ").join(_open(findings, after))
    )


def _open(findings: Sequence[ProgramFinding | CategoryFinding], after: DaySnapshot) -> tuple[Text, ...]:
    """The facts that are missing and what the law leaves open; where neither is, the doubts that readings differ in."""
    columns = after.rules.crs.columns
    names = dict.fromkeys(name for found in findings for name in found.missing)
    unsettled = dict.fromkeys(text for found in findings for text in found.unsettled)
    named = (*(columns[name].title for name in names), *unsettled)
    return named or tuple(doubt.open for doubt in after.found.derived.doubts)


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
_SEMICOLON = Text("; ", "; ")
_PROVE = Text(
    "if the invitation names {p}, what you declared for it must still be proved: {t}",
    "si l'invitation nomme {p}, ce que vous avez déclaré à ce titre doit encore être prouvé : {t}",
)
_WHICH = Text(
    "it depends on the program that the invitation names",
    "cela dépend du programme que nomme l'invitation",
)
_BIRTHDAY = Text(
    "{p}: {n} points at {b}, the age on receipt, are not enough; at {a} they were (IRPR 77, 81). A public policy lets "
    "an officer leave the birthday out; the officer does not have to",
    "{p} : {n} points à {b} ans, l'âge à la réception, ne suffisent pas; à {a} ans ils suffisaient (RIPR 77, 81). Une "
    "politique d'intérêt public permet à l'agent de ne pas compter l'anniversaire; il n'y est pas tenu",
)
