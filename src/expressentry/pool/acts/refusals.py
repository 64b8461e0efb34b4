"""What the pool refuses, and why: the error for an act that cannot be done, and the texts that several acts share."""

from __future__ import annotations

from expressentry.errors import ABSENT, Problem, UsageError
from expressentry.text import Text

REASONS = {
    "unknown_terms": Text("unknown kind, list or size", "genre, liste ou nombre inconnu"),
    "other_law": Text(
        "the pool is not scored under the rules of that day; run `expressentry pool rescore`",
        "le bassin n'est pas calculé selon les règles de ce jour; lancer `expressentry pool rescore`",
    ),
    "stale": Text(
        "facts of candidates change by that day; run `expressentry pool expire`",
        "des faits de candidats changent d'ici ce jour; lancer `expressentry pool expire`",
    ),
    "before_last": Text("that day is before the newest round", "ce jour précède la dernière ronde"),
    "no_window": Text(
        "we do not know how long candidates invited on that day have to answer",
        "nous ne savons pas combien de temps les candidats invités ce jour-là ont pour répondre",
    ),
}
"""Why a round is refused."""

TERMS = Text(
    "kind general, nominee, program (cec, fsw, fst) or category; size 0 or more",
    "genre general, nominee, program (cec, fsw, fst) ou category; nombre 0 ou plus",
)
UNKNOWN_INTEREST = Text("no such expression of interest", "déclaration d'intérêt inconnue")
SHOW = Text("see `expressentry pool show`", "voir `expressentry pool show`")
UPKEEP = Text("run `expressentry pool expire`", "lancer `expressentry pool expire`")
CLOCK = Text("not now by the clock of the server: {why}", "ce n'est pas maintenant selon l'horloge du serveur : {why}")
CLOCK_FIX = Text(
    "correct the clock, and leave out --on and --at; only a rehearsal takes other days",
    "régler l'horloge, et omettre --on et --at; seule une répétition prend d'autres jours",
)
NO_POOL = Text("there is no pool here yet", "il n'y a pas encore de bassin ici")
INIT = Text("run `expressentry pool init`", "lancer `expressentry pool init`")


def refusal(code: str, field: str, rule: Text, fix: Text, value: object = ABSENT) -> UsageError:
    """The error for an act that cannot be done.

    >>> print(refusal("no_pool", "pool", NO_POOL, INIT).problems[0].rule.en)
    there is no pool here yet
    """
    return UsageError(Problem(code, field, rule, fix, value))
