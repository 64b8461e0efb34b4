"""The question after an invitation: is it still valid on the day on which the application is received."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from expressentry.answers.context import Context
from expressentry.answers.timeline import cause_record
from expressentry.answers.why import CRITERION, WORDS, summary
from expressentry.dates import long_day
from expressentry.rounds.windows import profile_ends
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.advise.invitation.checklist import ChecklistItem
    from expressentry.advise.invitation.decide import Check, Invited
    from expressentry.answers.records.advice import InvitedRecord, ItemRecord
    from expressentry.assess.person.programs import CategoryFinding, ProgramFinding
    from expressentry.profile.model import Profile


def invited(
    context: Context,
    person: Profile,
    number: str,
    received: date,
    *,
    program: str | None = None,
    submitted: datetime | None = None,
) -> Invited:
    """Whether the invitation of a round is still valid on the day on which the application is received.

    Raises:
        UsageError: There is no such round, the day is before it, or the round does not invite the program.
    """
    from expressentry.advise.invitation.decide import invited as check

    record = context.record
    return check(person, record.round(number), received, record, context.law, program=program, submitted=submitted)


def days_left(found: Invited, on: date) -> int:
    """The days from a day to the last that is surely in time, itself counted; 0 when it is past."""
    return max((found.window.last - on).days + 1, 0)


def word(check: Check) -> Text:
    """The finding of a check in words; what decides nothing by itself has only changed, or not."""
    if not check.decides:
        return _UNCHANGED if check.answer else _CHANGED
    return WORDS[CRITERION[check.answer]]


def reason(found: Invited, check: Check) -> Text:
    """Why a check holds or not; of a program or category also what failed."""
    first = found.at_receipt.found.first
    failed: ProgramFinding | CategoryFinding | None = None
    if check.answer is False and check.id == "program" and found.programs:
        failed = first.programs[found.programs[0]]
    if check.answer is False and check.id == "category":
        failed = next(one for one in first.categories if one.law.category == found.round.category)
    if failed is None or failed.answer is not False:
        return check.why
    told = summary(failed, first.rules.crs.columns, False)
    return Text("{w}; {f}", "{w}; {f}").fill(w=check.why, f=told)


def consequences(found: Invited, submitted: datetime | None) -> tuple[Text, Text, Text]:
    """What declining means, what letting the time pass means, and what going on all the same means."""
    until = Text("", "")
    if submitted is not None:
        last = profile_ends(found.at_invitation.rules.law, submitted) - timedelta(days=1)
        until = Text(", to {d}", ", jusqu'au {d}").fill(d=long_day(last))
    return _DECLINING.fill(l=long_day(found.window.last), u=until), _LAPSING, _GOING_ON


_UNCHANGED, _CHANGED = Text("unchanged", "inchangé"), Text("changed", "a changé")
_DECLINING = Text(
    "If you decline by {l}, your profile goes back to the pool with the same submission time, for what is left of its "
    "twelve months{u} (IRPA 10.1(7))",
    "Si vous déclinez au plus tard le {l}, votre profil retourne dans le bassin avec le même moment de soumission, "
    "pour ce qui reste de ses douze mois{u} (LIPR 10.1(7))",
)
_LAPSING = Text(
    "If you neither decline nor apply, that profile can never be invited again. A new profile has a new submission "
    "time; we know of no other penalty (IRPA 10.1(6))",
    "Si vous ne déclinez pas et ne présentez pas de demande, ce profil ne pourra plus jamais être invité. Un nouveau "
    "profil aura un nouveau moment de soumission; nous ne connaissons pas d'autre sanction (LIPR 10.1(6))",
)
_GOING_ON = Text(
    "A visa cannot be issued to a person who, on either day, did not meet the criteria or did not have the points. "
    "A birthday since the invitation cannot lower the score, and a lower score that still reaches the cut-off is "
    "enough (IRPA 11.2). The selection points of the Federal Skilled Worker Program take the age on the day of receipt "
    "(IRPR 81)",
    "Aucun visa ne peut être délivré à une personne qui, l'un des deux jours, ne remplissait pas les critères ou "
    "n'avait pas les points. Un anniversaire survenu depuis l'invitation ne peut pas abaisser la note, et une note "
    "plus basse qui atteint encore la note minimale suffit (LIPR 11.2). Les points de sélection des travailleurs "
    "qualifiés (fédéral) prennent l'âge le jour de la réception (RIPR 81)",
)


def invited_record(person: Profile, found: Invited, on: date, submitted: datetime | None, lang: Lang) -> InvitedRecord:
    """Everything about an invitation."""
    from expressentry.advise.invitation.checklist import checklist
    from expressentry.advise.invitation.decide import STANDS

    one, window = found.round, found.window
    declining, lapsing, going_on = consequences(found, submitted)
    return {
        "as_of": on.isoformat(),
        "round": {
            "number": one.number,
            "date": one.date.isoformat(),
            "type": one.type,
            "category": one.category,
            "version": one.version,
            "cutoff": one.cutoff,
        },
        "received": found.received.isoformat(),
        "answer": STANDS[found.answer],
        "programs": list(found.programs),
        "crs": {
            "at_invitation": list(found.at_invitation.totals),
            "at_receipt": list(found.totals),
            "margins": list(found.margins),
            "grid": found.at_receipt.rules.crs.id,
            "age": {"at_invitation": found.ages[0], "on_receipt": found.ages[1]},
        },
        "checks": [
            {
                "id": check.id,
                "title": check.title.say(lang),
                "finding": CRITERION[check.answer],
                "why": reason(found, check).say(lang),
                "decides": check.decides,
            }
            for check in found.checks
        ],
        "changes": [
            {"date": one.day.isoformat() if one.day else None, **cause_record(one.cause, lang)} for one in found.changes
        ],
        "window": {
            "days": list(window.days),
            "last": window.last.isoformat(),
            "last_at_most": window.last_at_most.isoformat(),
            "left": days_left(found, on),
            "doubt": window.doubt.say(lang) if window.doubt else None,
        },
        "declining": declining.say(lang),
        "lapsing": lapsing.say(lang),
        "going_on": going_on.say(lang),
        "checklist": [_item(item, lang) for item in checklist(person, found)],
        "open": [doubt.missing.say(lang) for doubt in found.at_receipt.found.derived.doubts],
    }


def _item(item: ChecklistItem, lang: Lang) -> ItemRecord:
    return {
        "id": item.id,
        "text": item.text.say(lang),
        "last": item.last.isoformat() if item.last else None,
        "sourced": item.sourced,
        "place": item.place.say(lang) if item.place else None,
        "field": item.field,
    }
