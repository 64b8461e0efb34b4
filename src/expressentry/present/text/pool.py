"""The live pool as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import RenderableType

from expressentry.pool.acts.model import Event, Issued, Preview, Submitted, instant_text
from expressentry.pool.acts.refusals import REASONS
from expressentry.present.text.console import show, table
from expressentry.present.text.rounds import number
from expressentry.text import Lang, Text

STATES = {
    "in_pool": Text("in the pool", "dans le bassin"),
    "invited": Text("invited", "invité"),
    "applied": Text("accepted the invitation", "a accepté l'invitation"),
    "withdrawn": Text("withdrawn", "retiré"),
    "expired": Text("expired", "expiré"),
    "ineligible": Text("no longer eligible", "plus admissible"),
    "lapsed": Text("did not answer in time", "n'a pas répondu à temps"),
    "barred": Text("barred", "exclu"),
}
"""Every state in words."""

WHY = {
    "not_eligible": Text("not eligible for any program", "non admissible à un programme"),
    "already_live": Text(
        "the person already has an expression of interest", "la personne a déjà une déclaration d'intérêt"
    ),
    "barred": Text("the person is barred", "la personne est exclue"),
}
"""Why a submission is refused."""


def print_submitted(found: Submitted, person: str, lang: Lang) -> None:
    """Write the answer to a submission."""
    if found.answer == "differs":
        wording = Text("{p}: a request with other facts has this id", "{p} : identifiant déjà pris par d'autres faits")
        show(wording.fill(p=person).say(lang))
    elif found.answer == "refused":
        why = Text("{p}: refused: {w}", "{p} : refusé : {w}").fill(p=person, w=WHY[found.reason or ""])
        show(why.say(lang), *(f"  {one.say(lang)}" for one in found.findings))
    else:
        again = Text(" (submitted before)", " (déjà soumis)") if found.again else Text("", "")
        wording = Text("{p}: candidate {n}, CRS {c}{a}", "{p} : candidat {n}, SCG {c}{a}")
        show(wording.fill(p=person, n=found.interest, c=found.crs, a=again).say(lang))


def print_status(record: Mapping[str, Any], lang: Lang) -> None:
    """Write the state of the pool."""
    law = Text("rule set {r}", "ensemble de règles {r}").fill(r=record["rule_set"]).say(lang)
    rows = [(STATES[s].say(lang), number(n, lang)) for s, n in record["candidates"].items() if n]
    chain = Text(
        "rounds {r}, events sealed {e}, waiting {u}; head of the chain {h}",
        "rondes {r}, événements scellés {e}, en attente {u}; tête de la chaîne {h}",
    ).fill(r=record["rounds"], e=record["events"], u=record["unsealed"], h=record["head"][:16])
    headings = Text("state|candidates", "état|candidats").say(lang).split("|")
    building = Text("being scored: {b}", "en cours de calcul : {b}").fill(b=record["building"]).say(lang)
    trial = Text("a rehearsal: its days are those that were given", "une répétition : ses jours sont ceux donnés")
    more = [*([trial.say(lang)] if record["rehearsal"] else []), *([building] if record["building"] else [])]
    show(law, *more, table(headings, rows, right=(1,)), chain.say(lang))


def print_candidate(record: Mapping[str, Any], lang: Lang) -> None:
    """Write one candidate."""
    head = Text("candidate {n}: {s}; submitted {t}, until {e}", "candidat {n} : {s}; soumis {t}, jusqu'au {e}").fill(
        n=record["interest"], s=STATES[record["state"]], t=record["submitted_at"], e=record["expires_on"]
    )
    rows = [(s["rule_set"], s["crs"], s["program"], ", ".join(s["lists"])) for s in record["standings"]]
    headings = Text("rule set|CRS|program|lists", "ensemble de règles|SCG|programme|listes").say(lang).split("|")
    shown: list[RenderableType] = [head.say(lang), table(headings, rows, right=(1,))]
    if record["invitation"]:
        wording = Text(
            "invitation {id} of round {round}; answer by {answer_by}",
            "invitation {id} de la ronde {round}; réponse au plus tard le {answer_by}",
        )
        shown.append(wording.fill(**record["invitation"]).say(lang))
    show(*shown)


def print_rank(rows: Sequence[Mapping[str, Any]], lang: Lang) -> None:
    """Write candidates in the order of rank."""
    headings = Text("rank|candidate|CRS|submitted (UTC)|program", "rang|candidat|SCG|soumis (UTC)|programme")
    show(table(headings.say(lang).split("|"), [list(row.values()) for row in rows], right=(0, 1, 2)))


def print_preview(found: Preview, lang: Lang) -> None:
    """Write what a round would do."""
    head = Text("could be invited: {q}, would be invited: {i}", "pourraient être invités : {q}, le seraient : {i}")
    ends = Text("cut-off {c}, tie-break {t}", "note minimale {c}, bris d'égalité {t}")
    tie_break = instant_text(found.tie_break) if found.tie_break else "–"
    rows = [(f"{low}–{high}", number(n, lang)) for (low, high), n in found.distribution.items() if n]
    headings = Text("band|candidates", "tranche|candidats").say(lang).split("|")
    show(
        head.fill(q=number(found.qualified, lang), i=number(found.invited, lang)).say(lang),
        ends.fill(c="–" if found.cutoff is None else found.cutoff, t=tie_break).say(lang),
        table(headings, rows, right=(1,)),
    )


def print_issued(found: Issued, lang: Lang) -> None:
    """Write the answer to a request for a round."""
    if found.round is None:
        why = REASONS[found.reason or "unknown_terms"]
        show(Text("refused: {w}", "refusée : {w}").fill(w=why).say(lang))
        return
    one, words = (
        found.round,
        {
            "issued": Text("issued", "lancée"),
            "already_issued": Text("issued before, by this request", "déjà lancée, par cette demande"),
            "differs": Text("another round has this request's id", "une autre ronde a cet identifiant"),
        },
    )
    wording = Text(
        "round {n}: {a}; invited {i}, cut-off {c}, tie-break {t}",
        "ronde {n} : {a}; invités {i}, note minimale {c}, bris d'égalité {t}",
    )
    tie_break = instant_text(one.tie_break) if one.tie_break else "–"
    cutoff = "–" if one.cutoff is None else one.cutoff
    line = wording.fill(n=one.number, a=words[found.answer], i=number(one.invited, lang), c=cutoff, t=tie_break)
    head = Text("event {e}, head of chain {h}", "événement {e}, tête de chaîne {h}").fill(e=one.event, h=one.head)
    show(line.say(lang), head.say(lang))


def print_events(events: Sequence[Event], lang: Lang) -> None:
    """Write events, their bodies left out."""
    headings = Text("number|instant|what|by|reason|hash", "numéro|instant|quoi|par|raison|empreinte").say(lang)
    rows = [(e.seq, e.at[:19], e.kind, e.actor, e.reason, e.hash[:16]) for e in events]
    show(table(headings.split("|"), rows, right=(0,)))


INVITATIONS = {
    "open": Text("open", "ouverte"),
    "accepted": Text("accepted", "acceptée"),
    "declined": Text("declined", "refusée"),
    "lapsed": Text("lapsed", "caduque"),
    "cancelled": Text("cancelled", "annulée"),
}
"""Every state of an invitation in words."""


def print_rounds(rows: Sequence[Mapping[str, Any]], lang: Lang) -> None:
    """Write the rounds issued."""
    headings = Text(
        "round|day|list|size|invited|cut-off|tie-break (UTC)|head",
        "ronde|jour|liste|nombre|invités|note minimale|bris d'égalité (UTC)|tête",
    ).say(lang)
    cells = [
        (r["number"], r["day"], r["list"], number(r["size"], lang), number(r["invited"], lang),
         "–" if r["cutoff"] is None else r["cutoff"], r["tie_break"] or "–", r["head"][:16])
        for r in rows
    ]  # fmt: skip
    show(table(headings.split("|"), cells, right=(0, 3, 4, 5)))


def print_invited(rows: Sequence[Mapping[str, Any]], lang: Lang) -> None:
    """Write the candidates whom a round invited."""
    headings = Text(
        "rank|candidate|invitation|CRS|program|state|answer by",
        "rang|candidat|invitation|SCG|programme|état|répondre avant la fin du",
    ).say(lang)
    cells = [
        (*(r[name] for name in ("place", "interest", "invitation", "crs", "program")),
         INVITATIONS[r["state"]].say(lang), r["answer_by"])
        for r in rows
    ]  # fmt: skip
    show(table(headings.split("|"), cells, right=(0, 1, 2, 3)))


def print_health(record: Mapping[str, Any], lang: Lang) -> None:
    """Write what is in order, and how to fix what is not."""
    words = {True: Text("in order", "en ordre"), False: Text("overdue", "en retard")}
    for one in record["checks"]:
        fix = "" if one["ok"] else Text(". Fix: {c}", ". Correction : {c}").fill(c=one["fix"]).say(lang)
        show(
            f"{words[one['ok']].say(lang)}: {one['what']}{fix}"
            if lang == "en"
            else f"{words[one['ok']].say(lang)} : {one['what']}{fix}"
        )
