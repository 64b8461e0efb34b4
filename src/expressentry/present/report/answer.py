"""The first page of a report: the answer, before what explains it."""

from __future__ import annotations

from expressentry.advise.dossier import Dossier
from expressentry.answers.findings import report_choice
from expressentry.answers.summary import Summary, summarize
from expressentry.dates import anniversary, long_day
from expressentry.present.report.ahead import next_change
from expressentry.present.report.blocks import Block, Writer
from expressentry.present.report.plan import most_points
from expressentry.rounds.replay import Replayed
from expressentry.shown import between
from expressentry.text import Text, capital, inner, same, thousands

NONE = Text("none", "aucun")
_NONE_F = Text("none", "aucune")
_COMMA = Text(", ", ", ")
_PLAIN = Text(" ", " ")


def answer(dossier: Dossier, w: Writer) -> Block:
    """The score and, in a line each, programs, categories, rounds, and what is open."""
    rules = dossier.found.first.rules
    told = summarize(dossier.found, dossier.record)
    remarks = [w.words("callout", Text("{t}.", "{t}.").fill(t=one.text)) for one in dossier.found.remarks]
    if (choice := report_choice(dossier.found)) is not None:
        remarks.append(w.words("callout", Text("{t}.", "{t}.").fill(t=choice)))
    warnings = [w.words("callout", capital(warning.message)) for warning in rules.warnings]
    if dossier.record.stale(dossier.day):
        warnings.append(w.words("callout", _stale(dossier)))
    return w.section(
        None,
        w.words("lead", _sentences(dossier, told)),
        _score(dossier, w),
        *remarks,  # behind the score: many of them must not push it off the first page
        *warnings,
        w.facts(
            Text("in short|answer", "en bref|réponse"),
            [
                (Text("Programs", "Programmes"), _programs(dossier)),
                (Text("Named on an invitation", "Nommé sur une invitation"), _named(dossier)),
                (Text("Categories", "Catégories"), _categories(dossier)),
                (Text("Rounds, last 12 months", "Rondes, 12 derniers mois"), _rounds(dossier)),
                (Text("Next change", "Prochain changement"), next_change(dossier)),
                (Text("Steps that add most points", "Démarches qui donnent le plus de points"), most_points(dossier)),
                (Text("Open questions", "Questions ouvertes"), _open(dossier)),
            ],
        ),
    )


def last_year(dossier: Dossier) -> list[Replayed]:
    """The replayed rounds of the twelve months before the day."""
    since = anniversary(dossier.day, -1)
    return [one for one in dossier.replayed.rounds if one.round.date > since]


def round_words(one: Replayed) -> Text:
    """A round in words: kind, number, day and cut-off."""
    wording = Text("{k}, number {n} of {d}, cut-off {c}", "{k}, numéro {n} du {d}, note minimale {c}")
    return wording.fill(k=one.round.label, n=one.round.number, d=long_day(one.round.date), c=one.round.cutoff)


def _sentences(dossier: Dossier, told: Summary) -> Text:
    """The score, then the answer in three sentences."""
    score = Text(
        "{n} of {m} points in the Comprehensive Ranking System (CRS) on {d}.",
        "{n} points sur {m} au Système de classement global (SCG) le {d}.",
    )
    first = score.fill(d=long_day(dossier.day), n=_total(dossier), m=_maximum(dossier))
    return _PLAIN.join([capital(first), *told.sentences])


def _total(dossier: Dossier) -> Text:
    low, high = dossier.found.totals[0], dossier.found.totals[-1]
    return same(low) if low == high else Text("from {a} to {b}", "de {a} à {b}").fill(a=low, b=high)


def _maximum(dossier: Dossier) -> Text:
    return thousands(dossier.found.first.lines[0].maximum)


def _score(dossier: Dossier, w: Writer) -> Block:
    first = dossier.found.first
    parts = [
        {
            "title": w.say(line.title),
            "points": line.points,
            "max": line.maximum,
            "told": "–" if line.status == "not_applicable" else f"{line.points} / {line.maximum}",
        }
        for line in first.sections
    ]
    of = Text("of {m} points · {g}", "sur {m} points · {g}")
    return {
        "kind": "score",
        "value": between(dossier.found.totals[0], dossier.found.totals[-1]),
        "of": w.say(of.fill(m=_maximum(dossier), g=first.rules.label)),
        "headings": w.say(Text("section|share|points", "section|part|points")).split("|"),
        "parts": parts,
    }


def _programs(dossier: Dossier) -> Text:
    found = dossier.found
    by_answer: dict[bool | None, list[Text]] = {True: [], None: [], False: []}
    for id_, one in found.first.programs.items():
        by_answer[found.programs[id_]].append(one.program.title)
    words = {
        True: Text("eligible: {a}", "admissible : {a}"),
        None: Text("more facts needed: {a}", "faits manquants : {a}"),
        False: Text("not eligible: {a}", "non admissible : {a}"),
    }
    parts = [words[answer].fill(a=_COMMA.join(names)) for answer, names in by_answer.items() if names]
    return Text(". ", ". ").join([capital(part) for part in parts])


def _named(dossier: Dossier) -> Text:
    found = dossier.found.first
    if program := dossier.found.program:
        return found.programs[program].program.title
    possible = dict.fromkeys(id_ for reading in dossier.found.readings for id_ in reading.invitation.possible)
    if not possible:
        return NONE
    titles = Text(" or ", " ou ").join(found.programs[id_].program.title for id_ in possible)
    return Text("one of these: {t}", "l'un de ceux-ci : {t}").fill(t=titles)


def _categories(dossier: Dossier) -> Text:
    answers = dossier.found.categories
    if not answers:
        return Text("there is no category on this day", "il n'y a aucune catégorie ce jour-là")
    labels = {one.law.category: one.law.label for one in dossier.found.first.categories}
    member = [labels[id_] for id_, answer in answers.items() if answer]
    open_ = [labels[id_] for id_, answer in answers.items() if answer is None]
    parts = [_COMMA.join(member)] if member else [_NONE_F]
    if open_:
        parts.append(Text("undetermined: {a}", "indéterminé : {a}").fill(a=_COMMA.join(map(inner, open_))))
    return Text("; ", "; ").join(parts)


def _rounds(dossier: Dossier) -> Text:
    recent = last_year(dossier)
    invited = [one for one in recent if one.answer]
    open_ = sum(one.answer is None for one in recent)
    if dossier.replayed.since is None:
        return Text("none, there is no language test yet", "aucune, il n'y a pas encore de test de langue")
    if invited:
        wording = Text(
            "{n} of {m} would have invited you; the latest: {r}", "{n} sur {m} vous auraient invité; la dernière : {r}"
        )
        counted = wording.fill(n=len(invited), m=len(recent), r=round_words(invited[-1]))
    else:
        none = Text("none of {m} would have invited you", "aucune des {m} ne vous aurait invité")
        counted = none.fill(m=len(recent))
    if dossier.replayed.since > anniversary(dossier.day, -1):
        since = Text("since your first test result, {d}: {t}", "depuis votre premier résultat de test, le {d} : {t}")
        counted = since.fill(d=long_day(dossier.replayed.since), t=counted)
    if open_:
        counted = Text("{t}; undetermined: {o}", "{t}; indéterminées : {o}").fill(t=counted, o=open_)
    return counted


def _open(dossier: Dossier) -> Text:
    doubts = dossier.found.doubts
    if not doubts:
        return _NONE_F if not dossier.found.missing else _missing_words(dossier)
    wording = Text('{n}, see the section "Open questions"', "{n}, voir la section « Questions ouvertes »")
    return wording.fill(n=len(doubts))


def _missing_words(dossier: Dossier) -> Text:
    wording = Text(
        "facts needed to decide programs or categories: {n}",
        "faits nécessaires pour décider des programmes ou des catégories : {n}",
    )
    return wording.fill(n=len(dossier.found.missing))


def _stale(dossier: Dossier) -> Text:
    wording = Text(
        "Rounds since {d} are missing.",
        "Les rondes depuis le {d} manquent.",
    )
    return wording.fill(d=long_day(dossier.record.as_of))
