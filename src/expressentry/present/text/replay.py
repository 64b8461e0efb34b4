"""Replayed rounds as text for a terminal."""

from __future__ import annotations

from rich.text import Text as Styled

from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.rounds.replay import INVITED, Replay, Replayed
from expressentry.text import Lang, Text

WORDS = {
    "invited": Text("invited", "invité"),
    "not_invited": Text("not invited", "non invité"),
    "cannot_tell": Text("one more fact needed", "il manque un fait"),
}
_STYLE = {True: "green", False: "dim", None: "yellow"}


def print_replay(found: Replay, shown: list[Replayed], lang: Lang) -> None:
    """Write the rounds shown, after what became of all that were replayed."""
    headings = Text("number|date|round|cut-off|score|answer|why", "numéro|date|ronde|note min.|score|réponse|raison")
    rows = [
        [
            one.round.number,
            one.round.date,
            one.round.label.say(lang),
            one.round.cutoff,
            "–".join(map(str, dict.fromkeys((one.scores[0], one.scores[-1])))),
            Styled(WORDS[INVITED[one.answer]].say(lang), style=_STYLE[one.answer]),
            one.reason.say(lang),
        ]
        for one in shown
    ]
    drawn = [table(headings.say(lang).split("|"), rows, right=(3, 4))] if rows else []
    show(_headline(found).say(lang), *drawn)


def _headline(found: Replay) -> Text:
    if found.since is None:
        return Text(
            "No round: a profile cannot be submitted without a language test.",
            "Aucune ronde : un profil ne peut pas être soumis sans test de langue.",
        )
    open_ = sum(one.answer is None for one in found.rounds)
    wording = Text(
        "Would have invited: {n} of {m} rounds since {day}, the first test result; one more fact needed: {o}",
        "Auraient invité : {n} sur {m} rondes depuis le {day}, premier résultat de test; il manque un fait : {o}",
    )
    return wording.fill(n=len(found.invited), m=len(found.rounds), day=long_day(found.since), o=open_)
