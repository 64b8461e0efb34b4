"""An invitation checked, as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.advise.invitation.checklist import checklist
from expressentry.advise.invitation.decide import Invited
from expressentry.answers.invitation import consequences, days_left, reason, word
from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.present.text.timeline import score
from expressentry.profile.model import Profile
from expressentry.text import Lang, Text

_ANSWERS = {
    True: Text("The invitation is still valid", "L'invitation est encore valide"),
    False: Text("The invitation is no longer valid", "L'invitation n'est plus valide"),
    None: Text(
        "It is not certain that the invitation is still valid",
        "Il n'est pas certain que l'invitation soit encore valide",
    ),
}
_CONTRADICTED = Text(
    "This invitation is not possible, according to the published rounds",
    "Cette invitation n'est pas possible, selon les rondes publiées",
)
_STYLE = {True: "green", False: "red", None: "yellow"}
_NOT_ESTABLISHED = Text("no source found", "aucune source trouvée")


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
            Styled(word(check).say(lang), style=_STYLE[check.answer] if check.decides else "dim"),
            reason(found, check).say(lang),
        ]
        for check in found.checks
    ]
    headings = Text("requirement|finding|why", "exigence|conclusion|raison").say(lang).split("|")
    parts: list[RenderableType] = [Styled(head.say(lang), style=f"bold {_STYLE[found.answer]}"), table(headings, rows)]
    parts += [line.say(lang) for line in _lines(found, on)]
    parts += [line.say(lang) for line in consequences(found, submitted)]
    show(*parts, *_needs(profile, found, lang))


def _lines(found: Invited, on: date) -> Iterator[Text]:
    """Scores, age, changes, days left."""
    scores = Text("Score: {a} when invited, {b} on receipt", "Note : {a} à l'invitation, {b} à la réception")
    yield scores.fill(a=score(found.at_invitation.totals), b=score(found.totals))
    then, now = found.ages
    if then != now:
        birthday = Text(
            "A birthday since the invitation, {a} to {b}: the score takes the age that gives more points",
            "Un anniversaire depuis l'invitation, de {a} à {b} ans : la note prend l'âge qui donne le plus de points",
        )
        yield birthday.fill(a=then, b=now)
    if not found.changes:
        yield Text("Nothing changed since the invitation.", "Rien n'a changé depuis l'invitation.")
    for change in found.changes:
        day = Text("{d}: ", "{d} : ").fill(d=change.day) if change.day else Text("", "")
        yield Text("Changed: {d}{t}", "Changé : {d}{t}").fill(d=day, t=change.cause.text)
    days = Text(
        "Days left on {o}: {n}; the last day is {l}, the day of the invitation not counted",
        "Jours restants le {o} : {n}; le dernier jour est le {l}, le jour de l'invitation n'étant pas compté",
    )
    if found.window.doubt is not None:
        days = Text(
            "Days left on {o}: {n}; the last day that is certainly in time is {l}",
            "Jours restants le {o} : {n}; le dernier jour certainement à temps est le {l}",
        )
    yield days.fill(o=long_day(on), n=days_left(found, on), l=long_day(found.window.last))


def _needs(profile: Profile, found: Invited, lang: Lang) -> list[RenderableType]:
    """What the application needs, as a table."""
    headings = (
        Text("document for the application|valid until|source", "document pour la demande|valide jusqu'au|source")
        .say(lang)
        .split("|")
    )
    rows = []
    for item in checklist(profile, found):
        place = item.place if item.sourced and item.place else _NOT_ESTABLISHED
        rows.append([item.text.say(lang), item.last, Styled(place.say(lang), style="dim")])
    return [table(headings, rows)]
