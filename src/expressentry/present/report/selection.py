"""Programs, categories and past rounds in a report, each with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from expressentry.advise.dossier import Dossier
from expressentry.answers.why import CATEGORY, CRITERION, PROGRAM, WORDS, summary, why
from expressentry.assess.person.criteria import Answer, Finding
from expressentry.assess.person.programs import CategoryFinding, ProgramFinding, grid_lines
from expressentry.dates import long_day, spelled
from expressentry.present.report.answer import last_year
from expressentry.present.report.blocks import Block, Cell, Writer
from expressentry.present.text.rounds import REPLAYED
from expressentry.rounds.replay import INVITED, Replayed
from expressentry.text import Text, same

MOST_ROUNDS = 24
_ORDER: dict[Answer, int] = {True: 0, None: 1, False: 2}


def programs(dossier: Dossier, w: Writer) -> Block:
    """Each program, then its criteria."""
    found = dossier.found.first
    columns = found.rules.crs.columns
    rows = [
        [
            w.cell(one.program.title, bold=True),
            _finding(dossier.found.programs[id_], PROGRAM, w),
            summary(one, columns, one.answer),
        ]
        for id_, one in found.programs.items()
    ]
    details = [
        block
        for id_, one in found.programs.items()
        if id_ != "pnp" or one.answer
        for block in _program(dossier, one, w)
    ]
    return w.section(
        Text("Programs", "Programmes"),
        w.table(Text("program|finding|why", "programme|conclusion|raison"), rows, (3, 2, 5)),
        *details,
    )


def _program(dossier: Dossier, one: ProgramFinding, w: Writer) -> Iterator[Block]:
    columns = dossier.found.first.rules.crs.columns
    yield w.words("heading", one.program.title)
    headings = Text("criterion|finding|what was found|source", "critère|conclusion|ce qui a été trouvé|source")
    rows = [
        [
            w.cell(finding.criterion.title, **({"indent": depth} if depth else {})),
            _finding(finding.answer, CRITERION, w),
            why(finding, columns),
            w.cell(finding.criterion.cite.place, soft=True),
        ]
        for depth, finding in _flat(one.findings)
    ]
    yield w.table(headings, rows, (4, 2, 4, 2))
    if one.points is None:
        return
    worst, best = grid_lines(dossier.found.first.rules.selection, dossier.found.first.factors, one.first_language)
    lines = [
        [
            w.cell(Text("Total", "Total") if low.parent is None else low.title, bold=low.parent is None),
            str(low.points) if low.points == high.points else f"{low.points}–{high.points}",
            low.maximum,
        ]
        for low, high in zip(worst, best, strict=True)
        if low.parent is None or low.parent == worst[0].id
    ]
    yield w.table(Text("selection factor|points|of", "facteur de sélection|points|sur"), lines, (1, 0, 0), right=(1, 2))


def _flat(findings: Sequence[Finding], depth: int = 0) -> Iterator[tuple[int, Finding]]:
    for finding in findings:
        yield depth, finding
        yield from _flat(finding.below, depth + 1)


def _finding(answer: Answer, kind: Mapping[Answer, str], w: Writer) -> Cell:
    """A finding; an undetermined one is highlighted."""
    return w.cell(WORDS[kind[answer]], warn=answer is None, bold=answer is True)


def categories(dossier: Dossier, w: Writer) -> Block | None:
    """Each category of the day, members first, with its last round; those alike in finding and reason in one row."""
    found, answers = dossier.found.first, dossier.found.categories
    if not found.categories:
        return None
    columns = found.rules.crs.columns
    alike: dict[tuple[Answer, Text], list[CategoryFinding]] = {}
    for one in sorted(found.categories, key=lambda one: _ORDER[answers[one.law.category]]):
        key = (answers[one.law.category], summary(one, columns, one.answer))
        alike.setdefault(key, []).append(one)
    rows = [
        [
            w.cell(Text(", ", ", ").join(map(_category, ones)), bold=answer is True),
            _finding(answer, CATEGORY, w),
            why_,
            w.cell("" if answer is False else _last(dossier, ones), soft=True),
        ]
        for (answer, why_), ones in alike.items()
    ]
    headings = Text(
        "category|finding|why|last round: number, day, cut-off",
        "catégorie|conclusion|raison|dernière ronde : numéro, jour, note minimale",
    )
    return w.section(Text("Categories of the day", "Catégories du jour"), w.table(headings, rows, (4, 2, 5, 3)))


def _category(one: CategoryFinding) -> Text:
    return Text("{n} ({v})", "{n} ({v})").fill(n=one.law.label, v=one.law.version_words)


def _last(dossier: Dossier, ones: Sequence[CategoryFinding]) -> Text:
    """The last round of each of some categories."""
    parts = []
    for one in ones:
        category = one.law.category
        last = dossier.record.last_round(category, on=dossier.day)
        words = (
            Text("none", "aucune")
            if last is None
            else Text("{n} · {d} · {c}", "{n} · {d} · {c}").fill(n=last.number, d=long_day(last.date), c=last.cutoff)
        )
        if last is not None and dossier.record.dormant(category, on=dossier.day):
            words = Text("{t} (dormant)", "{t} (en sommeil)").fill(t=words)
        name = Text("{n}: ", "{n} : ").fill(n=one.law.label) if len(ones) > 1 else same("")
        parts.append(Text("{n}{w}", "{n}{w}").fill(n=name, w=words))
    return Text("; ", "; ").join(parts)


def rounds(dossier: Dossier, w: Writer) -> Block:
    """Rounds that would have invited, the newest first; and the newest of each kind that the person could enter."""
    title = Text("Past rounds", "Rondes passées")
    if dossier.replayed.since is None:
        none = Text(
            "Without a language test, no profile can be submitted, so no round could have invited you.",
            "Sans test de langue, aucun profil ne peut être soumis : aucune ronde n'aurait pu vous inviter.",
        )
        return w.section(title, w.words("para", none))
    shown = [one for one in reversed(dossier.replayed.rounds) if one.answer is not False]
    recent = last_year(dossier)
    newest = {one.round.series: one for one in recent if one.entry is not False}
    missed = sorted(
        (one for one in newest.values() if one.answer is False), key=lambda one: one.round.date, reverse=True
    )
    more = len(shown) - MOST_ROUNDS
    wording = Text(
        "And {n} more before these: the command expressentry rounds replay shows them all.",
        "Et {n} de plus avant celles-ci : la commande expressentry rounds replay les montre toutes.",
    )
    return w.section(
        title,
        w.words("para", _counted(dossier)),
        _table(shown[:MOST_ROUNDS], w) if shown else None,
        w.words("small", wording.fill(n=more)) if more > 0 else None,
        w.words("heading", _MISSED) if missed else None,
        _table(missed, w) if missed else None,
        w.words("small", _HOW),
    )


_MISSED = Text(
    "Last 12 months: of each kind of round that you could enter, the newest one that did not invite you",
    "12 derniers mois : de chaque genre de ronde qui vous était accessible, la plus récente qui ne vous a pas invité",
)
_HOW = Text(
    "Each round is replayed under the law, the charts and the lists of its own day, with your documents of that day. "
    "Times are UTC. The cut-off of a past round does not tell you that of the next one.",
    "Chaque ronde est rejouée selon le droit, les tableaux et les listes de son jour, avec vos documents de ce jour. "
    "Les heures sont en UTC. La note minimale d'une ronde passée ne vous dit pas celle de la suivante.",
)


def _counted(dossier: Dossier) -> Text:
    found = dossier.replayed
    open_ = sum(one.answer is None for one in found.rounds)
    some = Text("{n} would have invited you", "{n} vous auraient invité").fill(n=len(found.invited))
    none = Text("none would have invited you", "aucune ne vous aurait invité")
    counted = some if found.invited else none
    if open_:
        counted = Text("{t}; {o} are undetermined", "{t}; {o} sont indéterminées").fill(t=counted, o=open_)
    wording = Text(
        "Of {m} rounds since your first test result, {t}.", "Des {m} rondes depuis votre premier résultat de test, {t}."
    )
    return wording.fill(m=len(found.rounds), t=counted)


def _table(shown: Sequence[Replayed], w: Writer) -> Block:
    headings = Text("number|day|round|cut-off|score|answer|why", "numéro|jour|ronde|note min.|note|réponse|raison")
    rows = [
        [
            one.round.number,
            long_day(one.round.date),
            one.round.label,
            one.round.cutoff,
            "–".join(map(str, dict.fromkeys((one.scores[0], one.scores[-1])))),
            w.cell(REPLAYED[INVITED[one.answer]], warn=one.answer is None, bold=one.answer is True),
            spelled(one.reason),
        ]
        for one in shown
    ]
    return w.table(headings, rows, (0, 0, 4, 0, 0, 0, 5), right=(3, 4))
