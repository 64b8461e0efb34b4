"""The report of a comparison of scenarios: assumptions first, then every chart with its table; as HTML, PDF or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from expressentry.dates import parse_day
from expressentry.files import PUBLIC, write_atomically
from expressentry.law.round_names import RoundNames
from expressentry.present.report.blocks import Block, Writer, tidy
from expressentry.present.report.page import page
from expressentry.present.text.simulate import HEADINGS, band, list_namer, shown, titled
from expressentry.text import Lang, Text, same

Row = Mapping[str, Any]

_DISCLAIMER = Text(
    "The people are invented, and what is supposed above decides the figures. This is no forecast, not a Government of "
    "Canada product, and not legal advice.",
    "Les personnes sont inventées, et ce qui est supposé ci-dessus décide des chiffres. Ce n'est ni une prévision, ni "
    "un produit du gouvernement du Canada, ni un avis juridique.",
)
_BANDS = Text(
    "Each change is taken with the same people and the same luck under both. Two bands show how sure it is: the lowest "
    "and the highest over {s} seeds, and over {c} other calibrations, in which more or fewer of those who arrive have "
    "Canadian work or French. Rates and the level of arrivals are the same in all: more is unsure than the bands show.",
    "Chaque écart est pris avec les mêmes personnes et le même hasard des deux côtés. Deux fourchettes disent sa "
    "fiabilité : le plus petit et le plus grand sur {s} graines, et sur {c} autres calibrages, où plus ou moins "
    "d'arrivants ont du travail au Canada ou du français. Les taux et le niveau des arrivées restent les mêmes : "
    "l'incertitude est donc plus grande que ces fourchettes.",
)
DIMENSIONS: Mapping[str, Text] = {
    "everybody": Text("everybody", "tout le monde"),
    "age": Text("age", "âge"),
    "education": Text("education", "études"),
    "language": Text(
        "lowest ability of the better language (CLB)", "habileté la plus faible de la meilleure langue (NCLC)"
    ),
    "french": Text("French at NCLC 7 or more", "français au NCLC 7 ou plus"),
    "place_of_work": Text("place of work", "lieu de travail"),
    "occupation": Text("occupation (first digit of the NOC)", "profession (premier chiffre de la CNP)"),
    "partner": Text("spouse or common-law partner", "époux ou conjoint de fait"),
}
_VALUES: Mapping[str, Text] = {
    "all": Text("all", "tous"),
    "yes": Text("yes", "oui"),
    "no": Text("no", "non"),
    "none": Text("none", "aucun"),
    "both": Text("Canada and abroad", "au Canada et à l'étranger"),
    "canada": Text("Canada", "au Canada"),
    "abroad": Text("abroad", "à l'étranger"),
    "not_coming": Text("stays behind", "ne vient pas"),
    "citizen_or_resident": Text("citizen or permanent resident", "citoyen ou résident permanent"),
    "accompanies": Text("comes along", "vient aussi"),
}


def save_comparison(record: Row, path: Path, lang: Lang, names: RoundNames, labels: Mapping[str, Text]) -> None:
    """Write a comparison, in the form that the ending of the file names.

    Args:
        record: What `simulate.compare.record.comparison` gives.
        path: A file ending in `.html`, `.pdf` or `.json`.
        lang: The language.
        names: The names of rounds.
        labels: The names of levels of education.

    Raises:
        FileError: The file cannot be written.
    """
    if path.suffix.lower() == ".json":
        content = (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()
    else:
        data = tidy(comparison_data(record, lang, names, labels), lang)
        if path.suffix.lower() == ".html":
            content = page(data).encode()
        else:
            from expressentry.present.report.render import set_pdf

            content = set_pdf(data)
    write_atomically(path, content, mode=PUBLIC)


def comparison_data(record: Row, lang: Lang, names: RoundNames, labels: Mapping[str, Text]) -> dict[str, Any]:
    """The whole report as data."""
    w, first = Writer(lang), parse_day(record["baseline"]["first"])
    heading = Text("Policies compared", "Politiques comparées")
    footer = Text(
        "Simulated with invented people · no forecast", "Simulé avec des personnes inventées · pas une prévision"
    )
    return {
        "lang": lang,
        "title": heading.say(lang),
        "date": [first.year, first.month, first.day],
        "over": w.say(Text("expressentry, simulation", "expressentry, simulation")),
        "heading": heading.say(lang),
        "under": record["baseline"]["title"],
        "footer": footer.say(lang),
        "sections": [
            _assumptions(record, w),
            *(_scenario(record, one, w, list_namer(names), value_namer(labels)) for one in record["scenarios"]),
            w.section(Text("What this is not", "Ce que ceci n'est pas"), w.words("para", _DISCLAIMER)),
        ],
    }


def _assumptions(record: Row, w: Writer) -> Block:
    """The first page: what each scenario is, supposes and does not say."""
    blocks: list[Block] = []
    for one, what in [(record["baseline"], _BASELINE), *((one, _SCENARIO) for one in record["scenarios"])]:
        blocks += [
            w.words("heading", Text("{w}: {t}", "{w} : {t}").fill(w=what, t=titled(one))),
            w.words("para", same(one["reference"])),
            w.items([same(text) for text in one["assumptions"]]),
            w.words("para", _SILENT),
            w.items([same(text) for text in one["does_not_say"]]),
        ]
    bands = _BANDS.fill(s=len(record["seeds"]), c=record["calibrations"])
    return w.section(Text("What is supposed", "Ce qui est supposé"), w.words("para", bands), *blocks)


_BASELINE = Text("Baseline", "Référence")
_SCENARIO = Text("Scenario", "Scénario")
_SILENT = Text("What it does not say:", "Ce qu'il ne dit pas :")


def _scenario(
    record: Row, one: Row, w: Writer, list_name: Callable[[str], Text], value_name: Callable[[str, str], Text]
) -> Block:
    """What a scenario changes: cut-offs, invitations, waiting, and who gains and loses."""
    blocks: list[Block] = []
    rounds = Text("round", "ronde")
    for key, title in _BY_ROUND.items():
        rows = [(list_name(row["list"]), row) for row in record[key] if row["scenario"] == one["name"]]
        blocks += _charted(title, rounds, rows, w)
    for dimension, title in DIMENSIONS.items():
        rows = [
            (value_name(dimension, row["group"]), row)
            for row in record["groups"]
            if row["scenario"] == one["name"] and row["dimension"] == dimension
        ]
        of_all = dimension == "everybody"
        blocks += _charted(_SHARE_OF_ALL if of_all else _SHARE.fill(d=title), title, sorted(rows, key=_youngest), w)
    return w.section(same(titled(one)), *blocks)


_BY_ROUND = {
    "cutoffs": Text("Mean cut-off by type of round", "Note minimale moyenne par type de ronde"),
    "invitations": Text("Invitations by type of round", "Invitations par type de ronde"),
    "waiting": Text(
        "Days in the pool before the first invitation, by type of round",
        "Jours dans le bassin avant la première invitation, par type de ronde",
    ),
}
_SHARE_OF_ALL = Text("Percent invited of those who entered", "Pourcentage d'invités parmi les entrés")
_SHARE = Text("Percent invited of those who entered, by {d}", "Pourcentage d'invités parmi les entrés, par {d}")


def _youngest(named: tuple[Text, Row]) -> bool:
    """Puts a class without a lower end first; the others stay as they are."""
    return not str(named[1]["group"]).startswith("under")


def _charted(title: Text, of: Text, rows: Sequence[tuple[Text, Row]], w: Writer) -> list[Block]:
    """A chart of the changes, and its table, which also has what is there on one side only."""
    rows = [(name, row) for name, row in rows if row["baseline"] is not None or row["value"] is not None]
    changed = [(name, row) for name, row in rows if row["change"] is not None]
    if not changed:
        return []
    table = [
        [
            name,
            *(shown(row[key], w.lang) for key in ("baseline", "value", "change")),
            *(band(row[key], w.lang) for key in ("seeds", "calibrations")),
        ]
        for name, row in rows
    ]
    headings = HEADINGS.fill(of=of)
    return [
        w.words("heading", title),
        _changes(title, changed, w),
        w.table(headings, table, [3, 1, 1, 1, 2, 2], [1, 2, 3, 4, 5]),
    ]


def _changes(title: Text, rows: Sequence[tuple[Text, Row]], w: Writer) -> Block:
    items = [
        {
            "label": w.say(name),
            "value": row["change"],
            "low": min(row["change"], *(row["seeds"] or []), *(row["calibrations"] or [])),
            "high": max(row["change"], *(row["seeds"] or []), *(row["calibrations"] or [])),
        }
        for name, row in rows
    ]
    low, high = min(0, *(one["low"] for one in items)), max(0, *(one["high"] for one in items))
    alt = Text("{t}: the changes of the table below as bars", "{t} : les écarts de la table ci-dessous en barres")
    return {
        "kind": "changes",
        "items": items,
        "low": low,
        "high": high if high > low else low + 1,
        "ends": [[at, shown(at, w.lang)] for at in dict.fromkeys((low, 0, high))],
        "alt": w.say(alt.fill(t=title)),
    }


def value_namer(labels: Mapping[str, Text]) -> Callable[[str, str], Text]:
    """The name of a group by its dimension and value; `labels` are those of education."""

    def name(dimension: str, value: str) -> Text:
        if dimension == "education" and value in labels:
            return labels[value]
        if value in _VALUES:
            return _VALUES[value]
        french = value.replace("under", "moins de").replace("and over", "et plus").replace("-", " à ")
        return Text(value.replace("-", " to "), french)

    return name
