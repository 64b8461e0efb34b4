"""An invitation checked: as plain data and as text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.advise.invitation.checklist import ChecklistItem, checklist
from expressentry.advise.invitation.decide import STANDS, Check, Invited
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding
from expressentry.dates import long_day
from expressentry.present.records.timeline import cause_record, score
from expressentry.present.text.console import show, table
from expressentry.present.text.why import CRITERION, WORDS, summary
from expressentry.profile.model import Profile
from expressentry.rounds.windows import profile_ends
from expressentry.text import Lang, Text

_ANSWERS = {
    True: Text("The invitation is still valid", "L'invitation est toujours valide"),
    False: Text("The invitation is no longer valid", "L'invitation n'est plus valide"),
    None: Text(
        "We need more facts to decide whether the invitation is valid",
        "Il nous manque des faits pour décider si l'invitation est valide",
    ),
}
_CONTRADICTED = Text(
    "By the published rounds, there can be no such invitation",
    "Selon les rondes publiées, une telle invitation n'est pas possible",
)
_STYLE = {True: "green", False: "red", None: "yellow"}
_NOT_ESTABLISHED = Text("not established here", "non établi ici")


def left(found: Invited, on: date) -> int:
    """The days from a day to the last that is surely in time, itself counted; 0 when it is past."""
    return max((found.window.last - on).days + 1, 0)


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


def consequences(found: Invited, submitted: datetime | None) -> dict[str, Text]:
    """What declining and lapsing mean, and going on all the same."""
    decline = Text(
        "Declined by {l}: the profile is back in the pool with the same instant of submission, for what is left of its "
        "twelve months{u} (IRPA 10.1(7))",
        "Déclinée d'ici le {l} : le profil revient au bassin avec le même instant de soumission, pour ce qui reste de "
        "ses douze mois{u} (LIPR 10.1(7))",
    )
    until = Text("", "")
    if submitted is not None:
        ends = profile_ends(found.at_invitation.rules.law, submitted)
        until = Text(", to the day before {d}", ", jusqu'à la veille du {d}").fill(d=long_day(ends))
    return {
        "declining": decline.fill(l=long_day(found.window.last), u=until),
        "lapsing": Text(
            "Neither declined nor applied: that profile can never be invited again; a new one has a new instant, no "
            "other penalty is known (IRPA 10.1(6))",
            "Ni déclinée ni suivie d'une demande : ce profil ne peut plus jamais être invité; un nouveau a un nouvel "
            "instant, aucune autre sanction n'est connue (LIPR 10.1(6))",
        ),
        "going_on": Text(
            "No visa may be issued to someone who on either day did not meet the criteria or lacked the points; a "
            "birthday since does not count, nor do fewer points that still reach the cut-off (IRPA 11.2)",
            "Aucun visa ne peut être délivré à qui, l'un des deux jours, ne remplissait pas les critères ou n'avait "
            "pas les points; un anniversaire depuis ne compte pas, ni moins de points qui atteignent encore la note "
            "minimale (LIPR 11.2)",
        ),
    }


def invited_record(
    profile: Profile, found: Invited, on: date, submitted: datetime | None, lang: Lang
) -> dict[str, Any]:
    """Everything about an invitation."""
    one, window = found.round, found.window
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
            "at_receipt": list(found.at_receipt.totals),
            "margins": list(found.margins),
            "grid": found.at_receipt.rules.crs.id,
            "age": {"counts": found.ages[0], "on_receipt": found.ages[1]},
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
            "left": left(found, on),
            "doubt": window.doubt.say(lang),
        },
        **{name: text.say(lang) for name, text in consequences(found, submitted).items()},
        "checklist": [_item(item, lang) for item in checklist(profile, found)],
        "open": [doubt.missing.say(lang) for doubt in found.at_receipt.found.derived.doubts],
    }


def _item(item: ChecklistItem, lang: Lang) -> dict[str, Any]:
    return {
        "id": item.id,
        "text": item.text.say(lang),
        "last": item.last.isoformat() if item.last else None,
        "sourced": item.sourced,
        "place": item.place.say(lang) if item.place else None,
        "field": item.field,
    }


def print_invited(profile: Profile, found: Invited, on: date, submitted: datetime | None, lang: Lang) -> None:
    """Write the answer first, then what it rests on, what changed, the days left, and what is needed."""
    one = found.round
    answer = _ANSWERS[found.answer] if found.checks[0].answer is not False else _CONTRADICTED
    head = Text("{a} · round {n} of {d} ({l}) · received {r}", "{a} · ronde {n} du {d} ({l}) · reçue le {r}").fill(
        a=answer, n=one.number, d=long_day(one.date), l=one.label, r=long_day(found.received)
    )
    rows = [
        [
            check.title.say(lang),
            Styled(WORDS[CRITERION[check.answer]].say(lang), style=_STYLE[check.answer]),
            reason(found, check).say(lang),
        ]
        for check in found.checks
    ]
    headings = Text("what must be true|finding|why", "ce qui doit être vrai|conclusion|raison").say(lang).split("|")
    parts: list[RenderableType] = [Styled(head.say(lang), style=f"bold {_STYLE[found.answer]}"), table(headings, rows)]
    parts += [line.say(lang) for line in _lines(found, on)]
    parts += [line.say(lang) for line in consequences(found, submitted).values()]
    show(*parts, *_needs(profile, found, lang))


def _lines(found: Invited, on: date) -> Iterator[Text]:
    """Scores, age, changes, days left."""
    scores = Text("Score: {a} when invited, {b} on receipt", "Note : {a} à l'invitation, {b} à la réception")
    yield scores.fill(a=score(found.at_invitation.totals), b=score(found.at_receipt.totals))
    counts, age = found.ages
    if counts != age:
        frozen = Text(
            "A birthday since the invitation does not count: the age is {a}, not {b}",
            "Un anniversaire depuis l'invitation ne compte pas : l'âge est {a}, et non {b}",
        )
        yield frozen.fill(a=counts, b=age)
    if not found.changes:
        yield Text("Nothing changed since the invitation.", "Rien n'a changé depuis l'invitation.")
    for change in found.changes:
        day = Text("{d}: ", "{d} : ").fill(d=change.day) if change.day else Text("", "")
        yield Text("Changed: {d}{t}", "Changé : {d}{t}").fill(d=day, t=change.cause.text)
    days = Text(
        "Days left on {o}: {n}. The last day that is in time for certain is {l}: {w}",
        "Jours restants le {o} : {n}. Le dernier jour certainement dans le délai est le {l} : {w}",
    )
    yield days.fill(o=long_day(on), n=left(found, on), l=long_day(found.window.last), w=found.window.doubt)


def _needs(profile: Profile, found: Invited, lang: Lang) -> list[RenderableType]:
    """What the application needs, as a table."""
    headings = (
        Text("the application needs|valid until|source", "la demande exige|valide jusqu'au|source").say(lang).split("|")
    )
    rows = []
    for item in checklist(profile, found):
        place = item.place if item.sourced and item.place else _NOT_ESTABLISHED
        rows.append([item.text.say(lang), item.last, Styled(place.say(lang), style="dim")])
    return [table(headings, rows)]
