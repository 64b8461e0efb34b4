"""Nominee streams as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.answers.streams import REACHED
from expressentry.answers.why import WORDS
from expressentry.dates import long_day
from expressentry.present.text.console import show, table
from expressentry.present.text.law import confidence_words
from expressentry.shown import between
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.person import CriterionRecord
    from expressentry.answers.records.provinces import (
        DrawRecord,
        DrawsUpdateRecord,
        LastDrawRecord,
        RangeRecord,
        StreamFindingRecord,
        StreamRecord,
        StreamRowRecord,
    )

STATUS = {
    "open": Text("open", "ouvert"),
    "intakes": Text("in intakes", "par périodes"),
    "paused": Text("no selections", "sans sélections"),
    "closed": Text("closed", "fermé"),
    "not_encoded": Text("not encoded", "non encodé"),
}
KIND = {
    "invitation": Text("invitation", "invitation"),
    "notification": Text("notification of interest", "avis d'intérêt"),
    "letter": Text("letter of advice to apply", "lettre conseillant de présenter une demande"),
    "selection": Text("selection of the month", "sélection du mois"),
}


def _heads(lang: Lang, en: str, fr: str) -> list[str]:
    return Text(en, fr).say(lang).split("|")


def print_streams(rows: Sequence[StreamRowRecord], lang: Lang) -> None:
    """Write the streams of a day."""
    heads = _heads(
        lang,
        "stream|name|status|since|points needed|checked|source",
        "volet|nom|statut|depuis|points exigés|vérifié|source",
    )
    shown = [
        [
            row["key"],
            f"{row['name']} *" if lang == "fr" and row["our_french"] else row["name"],
            STATUS[row["status"]].say(lang),
            row["from"] or "–",
            row["pass_mark"] if row["pass_mark"] is not None else "–",
            row["checked"] or "–",
            confidence_words(row["confidence"]).say(lang) if row["confidence"] else row["reason"],
        ]
        for row in rows
    ]
    ours = [f"* {_OURS.say(lang)}"] if lang == "fr" and any(row["our_french"] for row in rows) else []
    show(table(heads, shown, right=(4,)), *ours)


def print_stream(record: StreamRecord, lang: Lang) -> None:
    """Write one stream: criteria, grids, rounds."""
    row = record["stream"]
    since = f" · {row['from']}" if row["from"] else ""
    head = f"{row['key']} · {row['name']} · {STATUS[row['status']].say(lang)}{since}"
    parts: list[RenderableType] = [Styled(head, style="bold")]
    if row["checked"]:
        parts.append(Styled(f"{record['version']} · {_copy(row['checked'], lang)}", style="dim"))
    if row["eoi"]:
        parts.append(Styled(row["eoi"]))
    if record["doubt"]:
        parts.append(Styled(Text("Doubt: {d}", "Doute : {d}").fill(d=record["doubt"]).say(lang), style="dim"))
    if record["our_french"] and lang == "fr":
        parts.append(Styled(_OURS.say(lang), style="dim"))
    asked = [(one["title"], one["cites"][0]["place"], one["cites"][0].get("doubt", "")) for one in record["criteria"]]
    parts.append(table(_heads(lang, "criterion|source|doubt", "critère|source|doute"), asked))
    for grid in record["grids"]:
        most = Text("{t}: at most {n} points", "{t} : au plus {n} points").fill(t=grid["title"], n=grid["max"])
        places = [
            (_indent(place["id"], place["title"]), max(place["max"]), place["cite"].get("doubt", ""))
            for place in grid["places"][1:]
        ]
        parts += [
            Styled(f"\n{most.say(lang)} · {grid['id']}", style="bold"),
            table(_heads(lang, "factor|at most|doubt", "facteur|au plus|doute"), places, right=(1,)),
        ]
    show(*parts)
    if record["draws"]:
        print_draws(record["draws"], lang)


def _copy(checked: str, lang: Lang) -> str:
    """From which day our copy of a stream is."""
    wording = Text("copy of {d}; what changed later is not known", "copie du {d}; ce qui a changé depuis est inconnu")
    return wording.fill(d=long_day(date.fromisoformat(checked))).say(lang)


_OURS = Text(
    "The French name is our translation: no official one was found.",
    "Le nom français est notre traduction : aucun nom officiel n'a été trouvé.",
)


def _indent(id_: str, title: str) -> str:
    return "  " * id_.count(".") + title


def print_findings(records: Sequence[StreamFindingRecord], lang: Lang, *, details: bool) -> None:
    """Write every stream for one person; with `details` each criterion and each place of the grids."""
    heads = _heads(lang, "stream|finding|points|newest round|reason", "volet|résultat|points|dernière ronde|raison")
    rows = [
        [
            Styled(one["key"], style="bold" if one["finding"] == "met" else ""),
            WORDS[one["finding"]].say(lang),
            _points(one["points"]),
            _last(one["last_draw"], lang),
            one["why"],
        ]
        for one in records
    ]
    show(table(heads, rows))
    for one in records if details else ():
        _print_details(one, lang)


def finding_cells(one: StreamFindingRecord, lang: Lang) -> dict[str, object]:
    """A stream for one person as cells of a table: what has parts as text."""
    return {
        **one,
        "missing": "; ".join(one["missing"]),
        "ask": "; ".join(one["ask"]),
        "points": _points(one["points"]),
        "criteria": "; ".join(f"{each['id']}: {each['finding']}" for each in one["criteria"]),
        "grids": "; ".join(f"{each['grid']}: {_points(each['points'])}" for each in one["grids"]),
        "last_draw": _last(one["last_draw"], lang),
        "last_draws": "; ".join(_last(each, lang) for each in one["last_draws"]),
    }


def _points(points: RangeRecord | None) -> str:
    if points is None:
        return "–"
    return f"{between(points['low'], points['high'])} / {points['max']}"


def _last(draw: LastDrawRecord | None, lang: Lang) -> str:
    if draw is None:
        return "–"
    if draw["score_min"] is None:
        return draw["date"]
    reached = REACHED[draw["reached"]].say(lang)
    return f"{draw['date']}: {draw['score_min']} ({reached})"


def _print_details(one: StreamFindingRecord, lang: Lang) -> None:
    parts: list[RenderableType] = [Styled(f"\n{one['name']} · {STATUS[one['status']].say(lang)}", style="bold")]
    parts.append(Styled(_copy(one["checked"], lang), style="dim"))
    parts.append(
        table(
            _heads(lang, "criterion|finding|reason|source", "critère|résultat|raison|source"),
            [row for top in one["criteria"] for row in _criteria(top, lang, 0)],
        )
    )
    for grid in one["grids"]:
        lines = [
            (
                _indent(line["id"], line["title"]),
                line["low"] if line["low"] == line["high"] else f"{line['low']}–{line['high']}",
                line["max"],
                line["cites"][0].get("doubt", ""),
            )
            for line in grid["lines"]
        ]
        parts.append(table(_heads(lang, "factor|points|of|doubt", "facteur|points|sur|doute"), lines, right=(1, 2)))
    if one["last_draws"]:
        parts.append(
            table(_heads(lang, _ROUNDS.en, _ROUNDS.fr), [_stood(d, lang) for d in one["last_draws"]], right=(1,))
        )
    show(*parts)


_ROUNDS = Text(
    "newest rounds|score from|scale|with your points of now",
    "dernières rondes|note dès|échelle|avec vos points actuels",
)


def _stood(draw: LastDrawRecord, lang: Lang) -> tuple[Any, ...]:
    """One of the newest rounds, and whether the points would have reached it; nothing where no score is published."""
    told = REACHED[draw["reached"]].say(lang) if draw["score_min"] is not None else "–"
    return draw["date"], draw["score_min"], draw["scale"] or "–", told


def _criteria(one: CriterionRecord, lang: Lang, depth: int) -> Iterator[tuple[Any, ...]]:
    yield (
        "  " * depth + one["title"],
        WORDS[one["finding"]].say(lang),
        one["why"],
        one["cites"][0]["place"],
    )
    for below in (*one.get("all", ()), *one.get("any", ()), *one.get("readings", ())):
        yield from _criteria(below, lang, depth + 1)


def print_draws(rows: Sequence[DrawRecord], lang: Lang) -> None:
    """Write published rounds."""
    heads = _heads(
        lang,
        "day|stream|what|scale|score from|to|number|of whom Express Entry|doubt",
        "jour|volet|quoi|échelle|note de|à|nombre|dont Entrée express|doute",
    )
    shown = [
        [
            row["date"],
            row["stream"],
            KIND[row["kind"]].say(lang),
            row["scale"],
            row["score_min"],
            row["score_max"],
            row["invitations"] if row["invitations"] is not None else _bound(row["fewer_than"]),
            row["enhanced"],
            row["doubt"],
        ]
        for row in rows
    ]
    show(table(heads, shown, right=(4, 5, 6, 7)))


def _bound(number: int | None) -> str | None:
    return None if number is None else f"< {number}"


def print_draws_update(record: DrawsUpdateRecord, lang: Lang) -> None:
    """Write what a file of rounds brought."""
    counted = Text(
        "New rounds: {n}; values that differ: {d}; rows already known: {s}; rounds known now: {k}.",
        "Nouvelles rondes : {n}; valeurs qui diffèrent : {d}; lignes déjà connues : {s}; rondes connues : {k}.",
    )
    new, differences = record["new"], record["differences"]
    show(Styled(counted.fill(n=len(new), d=len(differences), s=record["same"], k=record["known"]).say(lang)))
    if new:
        print_draws(new, lang)
    if differences:
        heads = _heads(
            lang, "day|stream|value|known|in the file|used|why", "jour|volet|valeur|connu|dans le fichier|retenu|raison"
        )
        shown = [
            [one["date"], one["stream"], one["field"], one["record"], one["file"], _USED[one["used"]].say(lang),
             _WHY[one["why"]].say(lang)]
            for one in differences
        ]  # fmt: skip
        show(table(heads, shown))


_USED = {"file": Text("the file", "le fichier"), "record": Text("what was known", "ce qui était connu")}
_WHY = {
    "filled": Text("nothing was known", "rien n'était connu"),
    "corrected": Text("read later", "lu plus tard"),
    "older": Text("read earlier", "lu plus tôt"),
    "weaker": Text("its source is weaker", "sa source est moins sûre"),
}
