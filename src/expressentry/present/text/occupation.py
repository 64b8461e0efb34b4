"""One occupation as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text as Styled

from expressentry.answers.lookups import counterpart
from expressentry.law.criteria.categories import version_words
from expressentry.noc.codes import broad_groups
from expressentry.occupations.card import FRENCH_START, Occupation, Sentence
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.published import CounterpartRecord, HitRecord

_LEVELS = {
    "broad": Text("broad category", "grande catégorie"),
    "major": Text("major group", "grand groupe"),
    "submajor": Text("sub-major group", "sous-grand groupe"),
    "minor": Text("minor group", "groupe intermédiaire"),
}
_ENGLISH_ONLY = Text(
    " (in English; in French: search {code} on {page})", " (en anglais; en français : chercher {code} sur {page})"
)
_SHOWN_TITLES = 12
_NO_MATCH = Text(
    "No good match. Try other words for what you do, or start from one of the ten broad groups:",
    "Rien ne correspond bien. Essayez d'autres mots pour ce que vous faites, ou partez d'une des dix grandes "
    "catégories :",
)
_LIST_GROUP = Text(
    "`expressentry occupations search 7 --limit 100` lists the occupations of group 7.",
    "`expressentry occupations search 7 --limit 100` donne les professions de la catégorie 7.",
)


def print_hits(hits: Sequence[HitRecord], lang: Lang) -> None:
    """Write the occupations found."""
    from expressentry.present.text.console import show, table

    if not hits:
        show(_NO_MATCH.say(lang), _inset(_columns([[one.code, one.title.say(lang)] for one in broad_groups()])))
        show(_LIST_GROUP.say(lang))
        return
    headings = Text("NOC|title|TEER|found by|score", "CNP|titre|FEER|trouvé par|note").say(lang).split("|")
    show(table(headings, [list(hit.values()) for hit in hits], right=(2, 4)))


def print_occupation(one: Occupation, lang: Lang) -> None:
    """Write all that is known of an occupation."""
    from expressentry.present.text.console import show

    level = Text("TEER {n}", "FEER {n}") if one.version == 2021 else Text("skill level {n}", "niveau de compétence {n}")
    head = Text("NOC {v} · {l}", "CNP {v} · {l}").fill(v=one.version, l=level.fill(n=one.level)).say(lang)
    parts: list[RenderableType] = [Styled.assemble((f"{one.noc} · {one.title.say(lang)}", "bold"), f" · {head}")]
    if one.definition:
        parts.append(Styled(one.definition.say(lang)))
    if one.hierarchy:
        rows = [[_LEVELS[group.level].say(lang), group.code, group.title.say(lang)] for group in one.hierarchy]
        parts += [_heading(Text("Groups above", "Groupes supérieurs"), lang), _inset(_columns(rows))]
    english_only = _ENGLISH_ONLY.fill(code=one.noc, page=FRENCH_START).fr
    for title, told in (
        (Text("Duties", "Fonctions"), one.duties),
        (Text("Employment requirements", "Conditions d'accès à la profession"), one.requirements),
    ):
        if told:
            parts += [_heading(Text(title.en, title.fr + english_only), lang), *_sentences(told)]
    titles = [title.title for title in sorted(one.job_titles, key=lambda t: not t.example) if title.language == lang]
    if titles:
        more = Text(" … and {n} more", " … et {n} de plus").fill(n=len(titles) - _SHOWN_TITLES).say(lang)
        listed = "; ".join(titles[:_SHOWN_TITLES]) + (more if len(titles) > _SHOWN_TITLES else "")
        parts += [_heading(Text("Job titles", "Appellations d'emploi"), lang), _inset(Styled(listed))]
    other = 2016 if one.version == 2021 else 2021
    parts.append(_heading(Text("In the NOC {v}", "Dans la CNP {v}").fill(v=other), lang))
    parts.append(_inset(_columns([_link_row(counterpart(one, link, lang), lang) for link in one.links])))
    parts += _categories(one, lang)
    for doubt in one.doubts:
        codes = " · ".join(code for code in (doubt.code, doubt.other) if code)
        parts.append(Styled(f"* {codes}: {doubt.doubt.en}" if lang == "en" else f"* {codes} : {doubt.doubt.fr}", "dim"))
    show(*parts)


def _link_row(other: CounterpartRecord, lang: Lang) -> list[str]:
    level = Text("TEER {n}", "FEER {n}").fill(n=other["teer"]).say(lang) if "teer" in other else other["skill_level"]
    return [other["noc"], other["title"], level, other["meaning"]]


def _categories(one: Occupation, lang: Lang) -> list[RenderableType]:
    """The categories that list the occupation or did, or why there is none."""
    from expressentry.present.text.console import table

    heading = _heading(Text("Categories", "Catégories"), lang)
    if one.version == 2016:
        told = Text(
            "Categories list codes of the NOC 2021: see those above.",
            "Les catégories contiennent des codes de la CNP 2021 : voir ci-dessus.",
        )
    elif not one.categories:
        told = Text("In no category, now or before.", "Dans aucune catégorie, ni maintenant ni avant.")
    else:
        columns = Text("category|version|from|until", "catégorie|version|du|jusqu'au").say(lang).split("|")
        rows = [
            (row.label.say(lang), version_words(row.version), str(row.start), str(row.until or "…"))
            for row in one.categories
        ]
        return [heading, _inset(table(columns, rows))]
    return [heading, _inset(Styled(told.say(lang)))]


def _sentences(told: Iterable[Sentence]) -> list[RenderableType]:
    """Sentences as a list, under the part of the unit group they are about."""
    parts: list[RenderableType] = []
    for profile, sentences in groupby(told, key=lambda one: one.profile):
        if profile:
            parts.append(_inset(Styled(profile, style="italic")))
        parts.append(_inset(_columns([["-", one.text] for one in sentences], gap=1)))
    return parts


def _heading(title: Text, lang: Lang) -> Styled:
    return Styled(f"\n{title.say(lang)}", style="bold")


def _columns(rows: Iterable[Sequence[str]], gap: int = 2) -> Table:
    """Rows in columns without a heading."""
    grid = Table.grid(padding=(0, gap, 0, 0))
    for row in rows:
        grid.add_row(*map(Styled, row))
    return grid


def _inset(part: RenderableType) -> Padding:
    return Padding(part, (0, 0, 0, 2))
