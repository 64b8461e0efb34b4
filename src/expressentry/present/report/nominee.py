"""Nominee streams of the provinces in a report: each with its finding, points and newest round, then what it asks."""

from __future__ import annotations

from collections.abc import Iterator

from expressentry.advise.dossier import Dossier
from expressentry.answers.streams import (
    REACHED,
    in_short,
    last_words,
    nearest_first,
    newest_draws,
    points_words,
    reached,
)
from expressentry.answers.why import CRITERION, WORDS, why
from expressentry.assess.person.streams import StreamFinding
from expressentry.dates import long_day
from expressentry.present.report.blocks import Block, Writer
from expressentry.profile.labels import PROVINCES
from expressentry.text import Text

_MOST_DETAILED = 6
_TITLE = Text("Nominee streams of the provinces", "Volets des candidats des provinces")
_ABOUT = Text(
    "A nomination by a province adds 600 points. These are the streams that count in Express Entry, as published until "
    "{d}; what changed later is not known. A stream that depends on what only your employer knows is never called met.",
    "Une désignation par une province ajoute 600 points. Voici les volets qui comptent dans Entrée express, tels que "
    "publiés jusqu'au {d}; ce qui a changé depuis n'est pas connu. Un volet qui dépend de ce que seul votre employeur "
    "sait n'est jamais dit rempli.",
)
_STATE = Text(
    "State what streams ask for under [[provinces]] in your profile to narrow the points and to settle what is open.",
    "Indiquez ce que demandent les volets sous [[provinces]] dans votre profil pour resserrer les points et décider ce "
    "qui est ouvert.",
)


def nominee_streams(dossier: Dossier, w: Writer) -> Block | None:
    """Every stream of the day, the nearest first; what those of the provinces stated ask, criterion by criterion."""
    if not dossier.streams:
        return None
    law = dossier.found.rules.law
    columns, crs = law.streams.columns, (dossier.found.totals[0], dossier.found.totals[-1])
    ordered = nearest_first(dossier.streams)
    rows = [
        [
            w.cell(
                Text("{p}: {t}", "{p} : {t}").fill(p=PROVINCES[one.stream.province], t=one.stream.title),
                bold=one.answer is True,
            ),
            w.cell(WORDS[CRITERION[one.answer]], warn=one.answer is None, bold=one.answer is True),
            points_words(one, law),
            w.cell(last_words(one, dossier.draws, dossier.day, crs), soft=True),
            in_short(one, columns),
        ]
        for one in ordered
    ]
    stated = {entry["province"] for entry in dossier.profile.provinces or ()}
    detailed = [one for one in ordered if one.stream.province in stated][:_MOST_DETAILED]
    oldest = min(one.stream.cite.instrument.checked for one in ordered)
    return w.section(
        _TITLE,
        w.words("para", _ABOUT.fill(d=long_day(oldest))),
        w.words("small", _STATE) if not stated else None,
        w.table(
            Text("stream|finding|points|newest round|why", "volet|conclusion|points|dernière ronde|raison"),
            rows,
            (5, 2, 2, 3, 5),
        ),
        *(block for one in detailed for block in _criteria(one, dossier, w)),
    )


def _criteria(one: StreamFinding, dossier: Dossier, w: Writer) -> Iterator[Block]:
    columns = dossier.found.rules.law.streams.columns
    yield w.words("heading", one.stream.title)
    rows = [
        [
            finding.criterion.title,
            w.cell(WORDS[CRITERION[finding.answer]], warn=finding.answer is None, bold=finding.answer is True),
            why(finding, columns),
            w.cell(finding.criterion.cite.place, soft=True),
        ]
        for finding in one.findings
    ]
    headings = Text("criterion|finding|what was found|source", "critère|conclusion|ce qui a été trouvé|source")
    yield w.table(headings, rows, (4, 2, 4, 2))
    crs = (dossier.found.totals[0], dossier.found.totals[-1])
    stood = [
        Text("{d}: {n} ({r})", "{d} : {n} ({r})").fill(
            d=long_day(draw.day), n=draw.score_min, r=REACHED[reached(draw, one, crs)]
        )
        for draw in newest_draws(dossier.draws, one.stream, dossier.day)
        if draw.score_min is not None
    ]
    if stood:
        yield w.words("small", _STOOD.fill(r=Text("; ", "; ").join(stood)))


_STOOD = Text(
    "With the points of now in the newest rounds: {r}.", "Avec les points actuels dans les dernières rondes : {r}."
)
