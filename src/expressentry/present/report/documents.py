"""What a report rests on: open questions, the law and the rounds, the documents, and the facts made of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from expressentry.advise.dossier import Dossier
from expressentry.answers.facts import fact
from expressentry.dates import long_day, spelled
from expressentry.law.languages import ABILITIES, NAMES
from expressentry.noc.codes import noc2016, noc2021
from expressentry.present.report.blocks import Block, Writer
from expressentry.present.text.law import confidence_words
from expressentry.profile.countries import countries
from expressentry.profile.labels import LEVELS, PERMITS, RESULTS
from expressentry.text import Text, inner

if TYPE_CHECKING:
    from expressentry.profile.model import Credential, Individual, Job

_PARTNER = Text("your partner", "votre conjoint")


def open_questions(dossier: Dossier, w: Writer) -> Block:
    """Open questions, what would answer them, and what each answer gives; and facts that are missing."""
    doubts = dossier.found.doubts
    title = Text("Open questions", "Questions ouvertes")
    missing = _missing(dossier, w)
    if not doubts and missing is None:
        return w.section(
            title, w.words("para", Text("There is no open question.", "Il n'y a aucune question ouverte."))
        )
    blocks: list[Block | None] = [missing]
    if dossier.found.bounded:
        blocks.append(w.words("para", dossier.found.bounded))
    if doubts:
        rows = [
            [
                w.cell(spelled(doubt.open), bold=True),
                spelled(doubt.missing),
                Text("the law", "le droit") if doubt.law else Text("the facts", "les faits"),
                w.cell(doubt.place or "", soft=True),
            ]
            for doubt in doubts
        ]
        headings = Text(
            "question|what would answer it|depends on|source", "question|ce qui y répondrait|dépend de|source"
        )
        blocks.append(w.table(headings, rows, (4, 4, 2, 3)))
        if len(dossier.found.readings) > 1:
            blocks += [
                w.words("heading", Text("What each answer gives", "Ce que donne chaque réponse")),
                _readings(dossier, w),
            ]
    return w.section(title, *blocks)


def _readings(dossier: Dossier, w: Writer) -> Block:
    named = {doubt.id: doubt for doubt in dossier.found.doubts}
    rows: dict[tuple[Text, ...], list[Text | int]] = {}
    for reading in (one for one in dossier.found.readings if not one.end):
        # What these questions leave alike is one row.
        assumed = tuple(named[id_].options[option] for id_, option in reading.assumed.items() if id_ in named)
        eligible = [one.program.title for one in reading.programs.values() if one.answer]
        programs = Text(", ", ", ").join(eligible) if eligible else Text("none for certain", "aucun avec certitude")
        rows.setdefault(assumed, [Text("; ", "; ").join(assumed), reading.total, programs])
    headings = Text("assumed|score|eligible for", "supposé|note|admissible à")
    return w.table(headings, list(rows.values()), (5, 0, 4), right=(1,))


def _missing(dossier: Dossier, w: Writer) -> Block | None:
    """Facts that were not given, and on which a program or a category rests."""
    first = dossier.found.first
    names = first.missing
    if not names:
        return None
    titles = Text(", ", ", ").join(inner(first.rules.crs.columns[name].title) for name in names)
    wording = Text(
        "We need more facts to decide programs or categories: {t}.",
        "Il nous manque des faits pour décider des programmes ou des catégories : {t}.",
    )
    return w.words("para", wording.fill(t=titles))


def documents(dossier: Dossier, w: Writer) -> Block:
    """The documents as given: tests, credentials, work and status, of the person and of the partner."""
    person, partner = dossier.profile.person, dossier.profile.partner
    blocks = list(_documents(person, None, w))
    if partner is not None:
        blocks += list(_documents(partner, _PARTNER, w))
    return w.section(Text("Your documents", "Vos documents"), *blocks, w.words("small", _AS_GIVEN))


_AS_GIVEN = Text(
    "As you gave them; nothing here was compared with an original.",
    "Tels que vous les avez donnés; rien n'a été comparé à un original.",
)


def _documents(whose: Individual, of: Text | None, w: Writer) -> Iterator[Block]:
    def heading(title: Text) -> Block:
        return w.words("heading", title if of is None else Text("{t} of {w}", "{t}, {w}").fill(t=title, w=of))

    if whose.tests:
        yield heading(Text("Language tests", "Tests de langue"))
        yield _tests(whose, w)
    if whose.credentials:
        yield heading(Text("Credentials", "Diplômes"))
        headings = Text("no.|level|country|completed|assessed as", "nº|niveau|pays|obtenu le|évalué comme")
        rows = [
            [n, LEVELS[one.level], countries()[one.country], _day(one.completed_on), _assessed(one)]
            for n, one in _numbered(whose.credentials)
        ]
        yield w.table(headings, rows, (0, 4, 0, 0, 5))
    if whose.work:
        yield heading(Text("Work", "Emploi"))
        headings = Text("no.|occupation|from|to|hours|country|employer", "nº|profession|du|au|heures|pays|employeur")
        rows = [
            [
                n,
                _occupation(job),
                _day(job.start),
                _last(job.end),
                _number(job.hours_per_week),
                countries()[job.worked_in],
                job.employer,
            ]
            for n, job in _numbered(whose.work)
        ]
        yield w.table(headings, rows, (0, 5, 0, 0, 0, 0, 3), right=(4,))
    if whose.status:
        yield heading(Text("Status in Canada", "Statut au Canada"))
        headings = Text("no.|kind|from|to", "nº|genre|du|au")
        rows = [[n, PERMITS[one.kind], _day(one.start), _last(one.end)] for n, one in _numbered(whose.status)]
        yield w.table(headings, rows, (0, 1, 0, 0))


def _numbered(entries: Any) -> Iterator[tuple[int, Any]]:
    return enumerate(entries, 1)


def _tests(whose: Individual, w: Writer) -> Block:
    headings = Text(
        "no.|test|taken|results|listening|reading|writing|speaking",
        "nº|test|passé le|résultats|écoute|lecture|écriture|parole",
    )
    rows = [
        [n, NAMES[one.test], _day(one.taken_on), _day(one.results_on), *(_number(getattr(one, a)) for a in ABILITIES)]
        for n, one in _numbered(whose.tests)
    ]
    return w.table(headings, rows, (0, 1, 0, 0, 0, 0, 0, 0), right=(4, 5, 6, 7))


def _day(day: Any) -> Text:
    return Text("–", "–") if day is None else long_day(day)


def _last(day: Any) -> Text:
    return Text("continues", "en cours") if day is None else long_day(day)


def _number(value: Any) -> str:
    return "–" if value is None else f"{float(value):g}"


def _assessed(one: Credential) -> Text:
    if one.assessments is None:
        return Text("–", "–")
    if not one.assessments:
        return Text("not assessed", "pas évalué")
    wording = Text("{r} ({b}, {d})", "{r} ({b}, {d})")
    return Text("; ", "; ").join(wording.fill(r=RESULTS[a.result], b=a.body, d=long_day(a.on)) for a in one.assessments)


def _occupation(job: Job) -> Text:
    code = job.noc2021 or job.noc2016
    known: Mapping[str, Any] = noc2021() if job.noc2021 else noc2016()
    version = "2021" if job.noc2021 else "2016"
    return Text("{t} (NOC {v}: {c})", "{t} (CNP {v} : {c})").fill(t=known[code].title, v=version, c=code)


def facts(dossier: Dossier, w: Writer) -> Block:
    """The factors that the documents give on the day, each with its reason."""
    derived, columns = dossier.found.derived, dossier.found.first.rules.crs.columns
    rows, above = [], Text("", "")
    for name in sorted(derived.because, key=lambda name: name.startswith("partner_")):
        because = derived.because[name]
        why = spelled(because.text)
        if because.place:
            why = Text("{w} [{p}]", "{w} [{p}]").fill(w=why, p=because.place)
        shown = Text("as above", "comme ci-dessus") if why == above else why
        above = why
        rows.append(
            [w.cell(columns[name].title, bold=True), fact(columns[name], derived.facts[name]), w.cell(shown, soft=True)]
        )
    headings = Text("factor|value|why", "facteur|valeur|raison")
    return w.section(
        Text("From documents to factors", "Des documents aux facteurs"), w.table(headings, rows, (4, 3, 7))
    )


def law(dossier: Dossier, w: Writer) -> Block:
    """The law and the rounds that the answers rest on, with their days and doubts."""
    from expressentry.version import VERSION

    rules, record = dossier.found.first.rules, dossier.record
    rows = [
        [
            w.cell(one.title, link=one.address),
            _day(one.in_force),
            _day(one.checked),
            confidence_words(one.confidence),
        ]
        for one in rules.cited
    ]
    headings = Text(
        "instrument of the score|in force|last checked|how sure", "texte de la note|en vigueur|vérifié|certitude"
    )
    rests_on = Text(
        "Score: {g}, last compared with what the department publishes on {c}. Programs, categories and lists: those "
        "of {d}. Rounds: all those known to {r}, the newest is number {n}.",
        "Note : {g}, comparée pour la dernière fois le {c} à ce que publie le ministère. Programmes, catégories et "
        "listes : ceux du {d}. Rondes : toutes celles connues jusqu'au {r}, la plus récente est la numéro {n}.",
    ).fill(
        g=rules.label,
        c=long_day(rules.checked),
        d=long_day(rules.day),
        r=long_day(record.as_of),
        n=record.newest.number,
    )
    doubted = [
        Text("{t}: {d}", "{t} : {d}").fill(t=one.title, d=one.doubt) for one in rules.cited if one.doubt is not None
    ]
    return w.section(
        Text("The law and the rounds", "Le droit et les rondes"),
        w.words("para", rests_on),
        w.table(headings, rows, (6, 0, 0, 3)),
        w.words("heading", Text("Doubts about these texts", "Doutes sur ces textes")) if doubted else None,
        w.items(doubted) if doubted else None,
        w.words("small", _MADE_BY.fill(v=VERSION, d=rules.digest)),
    )


_MADE_BY = Text(
    "Made by expressentry {v}. Digest of the law used: {d}", "Produit par expressentry {v}. Empreinte du droit : {d}"
)
