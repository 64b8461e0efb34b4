"""The law beside what is published, as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.dates import long_day
from expressentry.law.verify import known
from expressentry.law.verify.pages.compare import KINDS, NOT_COMPARED
from expressentry.law.verify.pages.model import FINDINGS, SAME, Found
from expressentry.law.verify.report import EARLIER, ELSEWHERE, FOUND, MISSING, Amended, Compared
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text


def print_compared(found: Compared, lang: Lang) -> None:
    """Write how much was found, what was not and why, and what was amended."""
    parts: list[RenderableType] = []
    for id_, day in found.consolidated.items():
        cited = [one for one in found.citations if one.statute == id_]
        there = sum(one.finding == FOUND for one in cited)
        provisions = len({path for one in cited for path in one.paths})
        line = _STATUTE.fill(t=known.statutes()[id_].title, d=long_day(day), n=there, m=len(cited), p=provisions)
        parts.append(Styled(line.say(lang)))
    counts = Counter(one.finding for one in found.figures)
    figures = {name: counts[name] for name in (FOUND, ELSEWHERE, EARLIER, MISSING)}
    parts.append(Styled(_FIGURES.fill(**figures).say(lang)))
    parts += _rows(found, lang)
    parts.append(Styled("\n" + (_SOUND if found.sound else _NOT_SOUND).say(lang), style="bold"))
    show(*parts)


def _rows(found: Compared, lang: Lang) -> Iterable[RenderableType]:
    wrong = [
        (one.place.id if one.place else "", one.written.say(lang), _LACKS.fill(lang=one.lang or "").say(lang))
        for one in found.citations
        if one.finding == MISSING
    ]
    wrong += [
        (one.place.id, one.place.cite.place.say(lang), _NO_FIGURE.fill(n=one.figure.value, lang=one.lang).say(lang))
        for one in found.figures
        if one.finding == MISSING
    ]
    if wrong:
        yield Styled("\n" + Text("Not found", "Introuvable").say(lang), style="bold")
        yield table(("", "", ""), wrong)
    reasons: dict[tuple[str, str], list[str]] = {}
    for one in found.figures:
        if one.finding == ELSEWHERE and one.why is not None:
            named = f"{one.place.cite.place.say(lang)}"
            reasons.setdefault((named, one.why.say(lang)), []).append(
                str(one.figure.value) if one.figure.unit != "amount" else "–"
            )
    if reasons:
        yield Styled("\n" + Text("Not in the place cited, and why", "Pas à l'endroit cité, et pourquoi").say(lang))
        yield table(("", "", ""), [(place, ", ".join(dict.fromkeys(n)), why) for (place, why), n in reasons.items()])
    yield from _amendments([one for one in found.amended if one.changed], _CHANGED, lang)
    yield from _amendments([one for one in found.amended if not one.changed], _SINCE, lang)


def _amendments(found: list[Amended], title: Text, lang: Lang) -> Iterable[RenderableType]:
    if not found:
        return
    grouped: dict[tuple[str, date, date, str], list[str]] = {}
    for one in found:
        what = one.what.say(lang) if one.what else Text("not known", "pas connu").say(lang)
        section = one.path[0] + "".join(f"({label})" for label in one.path[1:])
        grouped.setdefault((one.statute, one.day, one.than, what), []).append(section)
    yield Styled("\n" + title.say(lang), style="bold")
    yield table(
        ("", "", "", ""),
        [
            (_SHORT[statute].say(lang) + " " + ", ".join(dict.fromkeys(sections)), day, than, what)
            for (statute, day, than, what), sections in sorted(grouped.items())
        ],
    )


def print_page(found: Found, lang: Lang) -> None:
    """Write what differs between a page and the law, and what was not understood."""
    day = long_day(found.day) if found.day else Text("–", "–")
    parts: list[RenderableType] = [Styled(_PAGE.fill(p=KINDS[found.kind], d=day, r=found.law).say(lang), style="bold")]
    counts = {finding: found.count(finding) for finding in FINDINGS}
    parts.append(Styled(_COUNTS.fill(**counts).say(lang)))
    rows = [
        (one.table, one.label, one.column, one.page, one.law, _FINDINGS[one.finding].say(lang))
        for one in found.rows
        if one.finding != SAME
    ]
    if rows:
        heads = [Text("table", "tableau"), Text("row", "ligne"), Text("column", "colonne"), Text("page", "page")]
        heads += [Text("here", "ici"), Text("finding", "constat")]
        parts += [Styled(""), table([one.say(lang) for one in heads], rows)]
    if found.unread:
        parts.append(Styled("\n" + Text("Not understood", "Pas compris").say(lang), style="bold"))
        heads = [Text("table", "tableau"), Text("expected", "attendu")]
        parts.append(table([one.say(lang) for one in heads], [(o.table, o.expected.say(lang)) for o in found.unread]))
    parts.append(Styled("\n" + _NOT_COMPARED.fill(w=NOT_COMPARED[found.kind]).say(lang)))
    told = _PAGE_SAME if found.same else _PAGE_UNREAD if found.unread else _PAGE_DIFFERS
    parts.append(Styled(told.say(lang), style="bold"))
    show(*parts)


_NOT_COMPARED = Text("Not compared: {w}.", "Pas comparé : {w}.")
_PAGE = Text(
    "{p}, page of {d}, beside the rules of that day ({r})", "{p}, page du {d}, à côté des règles de ce jour ({r})"
)
_COUNTS = Text(
    "Figures: {same} the same, {different} different, {new} new, {vanished} vanished",
    "Chiffres : {same} pareils, {different} différents, {new} nouveaux, {vanished} disparus",
)
_FINDINGS = {
    "different": Text("different", "différent"),
    "new": Text("new", "nouveau"),
    "vanished": Text("vanished", "disparu"),
}
_PAGE_SAME = Text("The page and the law agree.", "La page et le droit concordent.")
_PAGE_DIFFERS = Text("The page and the law differ.", "La page et le droit diffèrent.")
_PAGE_UNREAD = Text(
    "Part of the page was not understood, so whether they agree is not known.",
    "Une partie de la page n'a pas été comprise; on ne sait donc pas s'ils concordent.",
)
_SHORT = {"irpa": Text("IRPA", "LIPR"), "irpr": Text("IRPR", "RIPR")}
_STATUTE = Text(
    "{t}, current to {d}: {n} of {m} citations found in both languages ({p} provisions)",
    "{t}, à jour au {d} : {n} citations sur {m} trouvées dans les deux langues ({p} dispositions)",
)
_FIGURES = Text(
    "Figures: {found} confirmed in their place in both languages, {elsewhere} set elsewhere, {earlier} of rules that "
    "have ended, {missing} not found",
    "Chiffres : {found} confirmés à leur endroit dans les deux langues, {elsewhere} fixés ailleurs, {earlier} de "
    "règles qui ont pris fin, {missing} introuvables",
)
_LACKS = Text("no such provision ({lang})", "aucune telle disposition ({lang})")
_NO_FIGURE = Text("{n}: not in these words ({lang})", "{n} : pas dans ces mots ({lang})")
_CHANGED = Text("Amended after it was last checked", "Modifié après la dernière vérification")
_SINCE = Text(
    "Amended after the first day of the rule (in force, first day, what changed)",
    "Modifié après le premier jour de la règle (en vigueur, premier jour, ce qui a changé)",
)
_SOUND = Text("The law agrees with the statutes.", "Le droit concorde avec les lois.")
_NOT_SOUND = Text("The law and the statutes differ: see above.", "Le droit et les lois diffèrent : voir ci-dessus.")
