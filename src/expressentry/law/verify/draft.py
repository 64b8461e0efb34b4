"""A draft of added law from what differs on a page: figures filled in, everything else left with a note.

Nothing is assumed. What a page does not say is written `"?"`, which `law check` refuses until somebody answers it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from expressentry.law.grid.tree import Node
from expressentry.law.instruments import Instrument
from expressentry.law.law import Law
from expressentry.law.verify.pages.html import Table
from expressentry.law.verify.pages.labels import fits, interval, number, page_data, plain
from expressentry.law.verify.pages.model import DIFFERENT, NEW, SAME, VANISHED, Found
from expressentry.text import Lang, Text

OPEN = "?"
"""What stands for an answer that the page does not give."""

Tiers = tuple[str, Mapping[str, str]]
"""A list of occupations of the page: its name, and its tiers by their plain words; none where it has no tiers."""


def draft(found: Found, law: Law, address: str, lang: Lang = "en") -> str:
    """A law file that extends the law of the page's day by what differs on the page.

    Args:
        found: What was found on a page.
        law: The law that it was compared with.
        address: Where the page was read.
        lang: The language of the notes.
    """
    day = found.day or date.max
    rules = law.on(day)
    unread = [one for one in law.instruments.values() if one.status == "unestablished" and (one.in_force or day) <= day]
    open_ = max(unread, key=lambda one: one.in_force or date.min) if unread and not rules.established else None
    begun = (open_.in_force if open_ else None) or day
    made_by = open_.id if open_ else f"page-{day}"
    lines = [f"# {line}" for line in _HEAD.fill(k=found.kind, d=day, n=begun).say(lang).splitlines()]
    lines += [f"# {_UNREAD.fill(t=one.table, e=one.expected).say(lang)}" for one in found.unread]
    changed = found.kind == "crs"
    if changed:
        lines += ["", f'extends = "{rules.crs.id}"', f'id = "crs-{begun}"']
        lines += [f"title = {_both(_TITLE.fill(d=begun))}"]
    lines += ["", f"in_force = {begun}", f'made_by = "{made_by}"']
    gone = _gone(found) if changed else []
    lines += [f"remove = {_value(gone)}"] if gone else []
    lines += ["", *_instrument(made_by, open_, day, begun, address)]
    body = {"crs": _crs, "funds": _funds, "language": _charts, "categories": _categories}.get(found.kind)
    lines += body(found, law, begun, lang) if body else []
    lines += _sentences(found, lang)
    return "\n".join([*lines, *_added(found, lang)]) + "\n"


def _gone(found: Found) -> list[str]:
    """Places of which the page has nothing any more."""
    places = {one.place for one in found.rows if one.finding == VANISHED and one.place.startswith("additional.")}
    return sorted(places - {one.place for one in found.rows if one.finding != VANISHED})


def _instrument(id_: str, open_: Instrument | None, day: date, begun: date, address: str) -> list[str]:
    lines = [f"[instruments.{id_}]"]
    lines += [f'replaces = "{id_}"'] if open_ is not None else []
    kind = "ministerial_instruction" if open_ is not None else "guidance"
    lines += [f'kind = "{kind}"', 'status = "in_force"', f"title = {_both(_TITLE.fill(d=begun))}"]
    lines += [f"in_force = {begun}", f"checked = {day}", 'confidence = "unverified"', f"address = {_value(address)}"]
    return [*lines, f"doubt = {_both(_READ.fill(d=day))}"]


def _marked(found: Found, heading: str) -> list[str]:
    """Where a figure is from, and that nobody has checked it."""
    place = Text("page, {h}", "page, {h}").fill(h=heading)
    return [f"place = {_both(place)}", f"doubt = {_both(_READ.fill(d=found.day))}"]


def _crs(found: Found, law: Law, begun: date, lang: Lang) -> Iterator[str]:
    """Every place that differs, whole, as the page has it."""
    nodes = {node.id: node for node in law.on(found.day or begun).crs.root.walk()}
    differing = [one for one in found.rows if one.finding in (DIFFERENT, VANISHED) and one.place]
    rewritten = {one.place for one in differing if not one.maximum and one.place in found.tables}
    caps = {
        one.place: cap
        for one in differing
        if one.maximum and (cap := _cap(nodes.get(one.place), found.caps.get(one.place, {}))) is not None
    }
    yield from _maxima(found, nodes, caps, lang)
    for place in dict.fromkeys(one.place for one in differing):
        if place not in nodes or place in _gone(found) or not (place in rewritten or place in caps):
            continue
        told = next(one.table for one in differing if one.place == place)
        yield from ["", f"[{place}]", *_marked(found, told)]
        yield from [f"cap = {_value(caps[place])}"] if place in caps else []
        if place not in rewritten:
            continue
        table = found.tables[place]
        rows = table["rows"]
        if place.startswith("partner."):
            rows = [[value, accompanied] for value, _, accompanied in rows]
        if "columns" in table:
            yield f"columns = {_value(table['columns'])}"
        yield f"rows = {_value(rows)}"


def _maxima(found: Found, nodes: Mapping[str, Node], caps: Container[str], lang: Lang) -> Iterator[str]:
    """Maxima that differ and become no cap, each with the reason."""
    for one in found.rows:
        if one.finding != DIFFERENT or not one.maximum or one.place in caps or _most(found, one.place) == one.page:
            continue
        yield f"# {_NOTED.fill(t=one.table, r=one.label, p=one.page, l=one.law, place=one.place).say(lang)}"
        node = nodes.get(one.place)
        yield f"#   {(_SUM if node is None or node.cap is None else _TWO_FIGURES).say(lang)}"


def _most(found: Found, place: str) -> str | None:
    """The highest figure in the rows of the page's table of a place: a maximum of its own follows from it."""
    rows = found.tables.get(place, {}).get("rows", ())
    return str(max(max(row[1:]) for row in rows)) if rows else None


def _cap(node: Node | None, named: Mapping[int, Collection[int]]) -> int | list[int] | None:
    """The cap of a place as the page has it; None where it has none, or the page names two figures for one case."""
    if node is None or node.cap is None or not named or any(len(figures) != 1 for figures in named.values()):
        return None
    page = {case: next(iter(figures)) for case, figures in named.items()}
    if len(set(node.cap)) == 1 and len(set(page.values())) == 1:
        return page.popitem()[1]
    return [page.get(case, of_law) for case, of_law in enumerate(node.cap)]


def _funds(found: Found, law: Law, begun: date, lang: Lang) -> Iterator[str]:
    amounts = found.tables.get("settlement_funds", {})
    if not found.same and amounts:
        yield from ["", "[lists.settlement_funds]", f"rows = [{_inline(amounts)}]"]


def _charts(found: Found, law: Law, begun: date, lang: Lang) -> Iterator[str]:
    """The lowest score of each level that differs."""
    rows = []
    for one in found.rows:
        _, _, key = one.place.partition("language_charts ")
        if one.finding not in (DIFFERENT, NEW) or key.count(" ") != 2 or one.page is None:
            continue
        test, ability, level = key.split()
        least, was = one.page.partition("–")[0], (one.law or "").partition("–")[0]
        if least != was:
            rows.append(_inline({"test": test, "ability": ability, "clb": level, "least": least}))
    if rows:
        yield from ["", "[lists.language_charts]", "rows = [", *(f"  {row}," for row in rows), "]"]


def _categories(found: Found, law: Law, begun: date, lang: Lang) -> Iterator[str]:
    """A next version of every category whose list differs."""
    for version in law.category_versions(found.day or begun):
        table = found.tables.get(f"category {version.category}")
        if table is None or set(table["occupations"]) == set(version.occupations):
            continue
        new, old = set(table["occupations"]), set(version.occupations)
        number_ = int(re.sub(r"\D", "", version.version) or 0) + 1
        yield from [
            "",
            f"# {_ROUND_NAME.say(lang)}",
            f"[categories.{version.category}.v{number_}]",
        ]
        yield from [f'extends = "{version.version}"', f"place = {_both(version.cite.place)}"]
        yield f"doubt = {_both(_READ.fill(d=found.day))}"
        yield from [f"add = {_value(sorted(new - old))}", f"remove = {_value(sorted(old - new))}"]


def _sentences(found: Found, lang: Lang) -> Iterator[str]:
    """What differs in sentences, as notes: a criterion is changed by whoever has read all of the sentence."""
    for one in found.rows:
        if one.finding != SAME and one.place.startswith(("condition ", "program ")):
            said = {"p": one.page or "–", "l": one.law or "–"}
            yield f"# {_SENTENCE.fill(t=one.table, r=one.label, w=one.column, **said).say(lang)}"


# ---- what the law does not have


def _added(found: Found, lang: Lang) -> Iterator[str]:
    """New tables and new rows: lists of occupations, factors by tier, and what only a person can wire."""
    lists: list[Tiers] = []
    for at, (_, table) in enumerate(found.added, 1):
        code = next((n for n, head in enumerate(table.columns) if _is(found, "code", head)), None)
        if code is not None:
            name = f"occupations_{at}"
            tier = next((n for n, head in enumerate(table.columns) if n != code and _is(found, "tier", head)), None)
            lists.append((name, _tiers(table, tier)))
            yield from _list(name, table, code, tier, lang)
    for at, (section, table) in enumerate(found.added, 1):
        if not any(_is(found, "code", head) for head in table.columns):
            yield from _factor(found, f"{section or 'additional'}.new_{at}", f"new_{at}", table, lists, lang)
    single = [one for one in found.rows if one.finding == NEW and not any(one.table == t.name for _, t in found.added)]
    for at, one in enumerate(single, 1):
        if found.kind == "crs" and number(one.page or "") is not None:
            yield from _open(
                found, f"additional.new_row_{at}", one.label, [[False, 0], [True, number(one.page or "")]], lang
            )


def _is(found: Found, which: str, header: str) -> bool:
    return fits(page_data()["categories"][which], header, found.lang) is not None


def _tiers(table: Table, tier: int | None) -> Mapping[str, str]:
    words = dict.fromkeys(plain(row[tier]) for row in table.rows) if tier is not None else {}
    return {word: re.sub(r"[^a-z0-9]+", "_", word).strip("_") for word in words}


def _list(name: str, table: Table, code: int, tier: int | None, lang: Lang) -> Iterator[str]:
    yield from ["", f"# {_LIST.fill(t=table.name, n=len(table.rows)).say(lang)}", f"[lists.{name}]"]
    yield 'columns = ["noc", "tier"]' if tier is not None else 'columns = ["noc"]'
    tiers = _tiers(table, tier)
    rows = [[plain(row[code]), *([tiers[plain(row[tier])]] if tier is not None else [])] for row in table.rows]
    yield from ["rows = [", *(f"  {_value(row)}," for row in rows), "]"]


def _factor(found: Found, place: str, name: str, table: Table, lists: Sequence[Tiers], lang: Lang) -> Iterator[str]:
    """A new factor: by tier of a list on the same page, for years of work or for an offer; else left open."""
    about = plain(table.about.split("\n")[0] + " " + table.caption + " " + " ".join(table.headings[-1:]))
    words = {plain(row[0]): row for row in table.rows}
    listed = next((one for one in lists if one[1] and words.keys() <= {*one[1]}), None)
    spans = [interval(head, found.lang) for head in table.columns[1:]]
    years = all(span is not None and span[0] is not None for span in spans) and not any(
        fits(page_data()["crs"]["maximum"], head, found.lang) for head in table.columns[1:]
    )
    cells = [[number(cell) for cell in row[1:]] for row in table.rows]
    if listed is None or any(cell is None for row in cells for cell in row):
        for at, row in enumerate(table.rows, 1):
            yield from _open(found, f"{place}.row_{at}", row[0], [[False, 0], [True, number(row[-1]) or OPEN]], lang)
        return
    yield from ["", f"[{place}]", f"title = {_both(Text(table.name, table.name))}", *_marked(found, table.name)]
    if years and re.search(r"work|travail", about):
        for row, points in zip(table.rows, cells, strict=True):
            tier = listed[1][plain(row[0])]
            starts = [span[0] for span in spans if span is not None]
            rows = [[0, 0], *([start, one] for start, one in zip(starts, points, strict=True))]
            yield from _work(found, place, f"{name}_{tier}_years", listed[0], tier, row[0], rows, lang)
    elif re.search(r"\boffer|\boffre", about) and len(table.columns) == 2:
        yield from _offer(found, place, f"{name}_offer", listed, words, lang)
    else:
        for at, row in enumerate(table.rows, 1):
            yield from _open(found, f"{place}.row_{at}", row[0], [[False, 0], [True, cells[at - 1][-1]]], lang)


def _work(
    found: Found, place: str, measure: str, list_: str, tier: str, label: str, rows: list[Any], lang: Lang
) -> Iterator[str]:
    title = f"title = {_both(Text(label, label))}"
    yield from ["", f"# {_ASK_WORK.say(lang)}", f"[measures.{measure}]", 'counts = "work"', f"where = {_value(OPEN)}"]
    yield from [f"occupations = {{ list = {_value(list_)}, tier = {_value(tier)} }}", f"window_years = {_value(OPEN)}"]
    yield from ['unit = "years"', f"cap = {max(row[0] for row in rows) + 1}", title, *_marked(found, label)]
    yield from ["", f"[{place}.{tier}]", title, *_marked(found, label), f"table = {_value(measure)}"]
    yield f"rows = {_value(rows)}"


def _offer(
    found: Found, place: str, measure: str, listed: Tiers, words: Mapping[str, Sequence[str]], lang: Lang
) -> Iterator[str]:
    name, tiers = listed
    values = ["none", *(tiers[word] for word in words)]
    yield from ["", f"# {_ASK_OFFER.say(lang)}", f"[measures.{measure}]", 'counts = "offer"', 'gives = "tier"']
    yield from [f"occupations = {{ list = {_value(name)} }}", f"values = {_value(values)}"]
    yield from [f"title = {_both(_OFFER)}", f"labels.none = {_both(_NONE)}"]
    yield from [f"labels.{tiers[word]} = {_both(Text(row[0], row[0]))}" for word, row in words.items()]
    yield from _marked(found, str(_OFFER.en))
    rows = [["none", 0], *([tiers[word], number(row[1])] for word, row in words.items())]
    yield from ["", f"[{place}.offer]", f"title = {_both(_OFFER)}", *_marked(found, str(_OFFER.en))]
    yield from [f"table = {_value(measure)}", f"rows = {_value(rows)}"]


def _open(found: Found, place: str, label: str, rows: list[Any], lang: Lang) -> Iterator[str]:
    """A row that nothing here counts: the figure is there, and a person has to say what it depends on."""
    yield from ["", *(f"# {line}" for line in _ASK.say(lang).splitlines()), f"[{place}]"]
    yield from [f"title = {_both(Text(label, label))}", *_marked(found, label)]
    yield from [f"table = {_value(OPEN)}", f"rows = {_value(rows)}"]


# ---- TOML


def _value(value: Any) -> str:
    """A value as TOML has it; its strings are those of JSON."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(str(value), ensure_ascii=False) if not isinstance(value, int) else str(value)


def _inline(table: Mapping[str, object]) -> str:
    return "{ " + ", ".join(f"{key} = {_value(str(value))}" for key, value in table.items()) + " }"


def _both(text: Text) -> str:
    return f"{{ en = {_value(text.en)}, fr = {_value(text.fr)} }}"


_HEAD = Text(
    "A DRAFT, read by program from the department's page ({k}) of {d}: check before use.\n"
    'Compare every figure with the page, answer each NOTE and each "?", then run: expressentry law check FILE\n'
    "NOTE: the page does not say from which day this holds; {n} is written here.",
    "BROUILLON, lu par programme sur la page du ministère ({k}) du {d} : vérifier avant usage.\n"
    "Comparer chaque chiffre avec la page, répondre à chaque NOTE et à chaque « ? », puis : expressentry law check\n"
    "NOTE : la page ne dit pas dès quel jour ceci vaut; {n} est écrit ici.",
)
_UNREAD = Text("NOTE: not understood on the page: {t}: {e}", "NOTE : pas compris sur la page : {t} : {e}")
_ROUND_NAME = Text(
    "NOTE: give the feed's name of its rounds once one was held.",
    "NOTE : donner le nom de ses rondes dans le fil dès qu'il y en a eu une.",
)
_NOTED = Text(
    "NOTE: “{t}”, “{r}”: the page has {p}, the law {l} ({place})",
    "NOTE : « {t} », « {r} » : la page a {p}, le droit {l} ({place})",
)
_SENTENCE = Text(
    "NOTE: “{t}”, {r} (“{w}”): the page has {p}, the law {l}; read the sentence, then change the criterion",
    "NOTE : « {t} », {r} (« {w} ») : la page a {p}, le droit {l}; lire la phrase, puis changer le critère",
)
_SUM = Text(
    "the law has no cap here: this maximum follows from the rows or parts below it",
    "le droit n'a pas de plafond ici : ce maximum découle des lignes ou des parties en dessous",
)
_TWO_FIGURES = Text(
    "the page does not name one figure for the cap: read it, and write cap = … there",
    "la page ne nomme pas un seul chiffre pour le plafond : la lire, et écrire cap = … à cet endroit",
)
_TITLE = Text("Rules read from the department's page, from {d}", "Règles lues sur la page du ministère, dès le {d}")
_READ = Text(
    "Read by program from the page of {d}: check before use.",
    "Lu par programme sur la page du {d} : vérifier avant usage.",
)
_LIST = Text(
    "“{t}”: {n} occupations; check the list and its tiers",
    "« {t} » : {n} professions; vérifier la liste et ses paliers",
)
_ASK_WORK = Text(
    'NOTE: say where the work is done ("canada", "abroad", "anywhere") and how many years back it counts (0: any)',
    "NOTE : dire où le travail est fait et jusqu'à combien d'années en arrière il compte",
)
_ASK_OFFER = Text("NOTE: check what an offer has to be", "NOTE : vérifier ce que doit être une offre")
_ASK = Text(
    "NOTE: nothing here says what this depends on. Name a column or a measure as its table, for example\n"
    '[measures.NAME] counts = "work", where = "canada", window_years = 10, unit = "years", cap = 3, title, place;\n'
    'or counts = "offer", gives = "held". Or declare a column under [columns].',
    "NOTE : rien ici ne dit de quoi ceci dépend. Nommer une colonne ou une mesure comme table.",
)
_OFFER = Text("Job offer in a listed occupation", "Offre d'emploi dans une profession de la liste")
_NONE = Text("none", "aucune")
