"""Write the reference pages from the code and the law; with --check only say whether they are current."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

from generate_library import library
from generate_programs import masks, programs
from pydantic import BaseModel

import expressentry
from expressentry import load_law
from expressentry.advise.moves.model import (
    WORDS,
    AdviceSource,
    distance_sources,
    for_profile,
    shipped_distances,
    shipped_moves,
    written,
)
from expressentry.cli import main, run
from expressentry.cli.help import Group
from expressentry.factors.schema import factors_schema
from expressentry.law.grid.diff import diff
from expressentry.law.grid.tree import Grid
from expressentry.law.languages import ABILITIES, NAMES
from expressentry.law.lists import Row
from expressentry.noc.codes import noc2021
from expressentry.profile.json_schema import TABLES, fields, profile_schema, rule_of, tables, words_of
from expressentry.profile.model import Profile
from expressentry.profile.validation import meaning_of, model_in
from expressentry.text import Lang, Text

HERE = Path(__file__).parent / "reference"
DAY = date(2026, 10, 1)
MADE = Text("made by `make docs`; not edited by hand", "produit par `make docs`; ne se modifie pas à la main")


def pages() -> dict[str, str]:
    """Every page of the reference, by file name."""
    schema = json.dumps(factors_schema(load_law().on(DAY).crs), ensure_ascii=False, indent=2) + "\n"
    return {
        "cli.md": command_line("en"),
        "cli.fr.md": command_line("fr"),
        "factors.md": factors(),
        "law.md": law(),
        "language-tests.md": language_tests(),
        "categories.md": category_pages(),
        "programs.md": programs(MADE.en),
        "record.md": record(),
        "moves.md": moves(),
        "library.md": library(MADE.en),
        "api.md": api(),
        "openapi.json": json.dumps(described(), ensure_ascii=False, indent=1) + "\n",
        "factors.schema.json": schema,
        "profile.md": profile(),
        "profile.schema.json": json.dumps(profile_schema(), ensure_ascii=False, indent=2) + "\n",
    }


def command_line(lang: Lang) -> str:
    """The help page of every command."""
    title = Text("The command line", "La ligne de commande").say(lang)
    parts = [f"# {title}\n\n<!-- {MADE.say(lang)} -->"]
    for words in [(), *command_words(main, ())]:
        shown = io.StringIO()
        with redirect_stdout(shown):
            run([*words, "--help", "--lang", lang])
        parts.append(f"## `{' '.join(['expressentry', *words])}`\n\n```text\n{shown.getvalue().strip()}\n```")
    return "\n\n".join(parts) + "\n"


def command_words(group: Group, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The words of every command, groups included."""
    import click

    for name in group.members:
        command = group.get_command(click.Context(group), name)
        yield (*path, name)
        if isinstance(command, Group):
            yield from command_words(command, (*path, name))


def factors() -> str:
    """The columns: type, range, when required, what empty means, in both languages."""
    law_ = load_law()
    parts = [
        f"# Factors · Facteurs\n\n<!-- {MADE.en} -->",
        "The columns of every table in and out, and of a one-person file.\n"
        "A column is asked for on the days of the grids named under it.\n\n"
        "Les colonnes de chaque table, et du fichier d'une personne.\n"
        "Une colonne est demandée aux jours des grilles nommées dessous.",
    ]
    for name, column in law_.columns.by_name.items():
        asked = [grid.id for grid in law_.grids if name in grid.inputs]
        rule = column.expected()
        empty = {"refused": "refused · refusé", "no_test": "no test · aucun test"}.get(column.empty, column.empty)
        flags = " / ".join(f"`{flag}`" for flag in column.when)
        only = f"\n- only when · seulement quand: {flags}" if flags else ""
        labels = "".join(f"\n  - `{value}`: {label.en} · {label.fr}" for value, label in column.labels.items())
        days = "all · toutes" if len(asked) == len(law_.grids) else ", ".join(asked)
        parts.append(
            f"## `{name}`\n\n{column.title.en} · {column.title.fr}\n\n{column.meaning.en}\n\n{column.meaning.fr}\n\n"
            f"- {rule.en} · {rule.fr}{labels}\n- empty · vide: {empty}{only}\n- grids · grilles: {days}"
        )
    parts.append(masks(law_.columns.by_name))
    return "\n\n".join(parts) + "\n"


def profile() -> str:
    """The tables of a profile and their keys, in both languages."""
    schema, headers = profile_schema(), dict(reversed(list(table_headers(Profile))))
    parts = [
        f"# Profile · Profil\n\n<!-- {MADE.en} -->",
        "The tables of a profile file and their keys; **bold** keys must be given.\n"
        "A heading shows how a table is begun in TOML; those of `person` that `partner` has too are shown once.\n\n"
        "Les tables d'un fichier de profil et leurs clés; les clés en **gras** sont obligatoires.\n"
        "Un titre montre comment une table commence en TOML; celles de `person` que `partner` a aussi y sont une fois.",
    ]
    for name, model in tables(Profile):
        table = schema if model is Profile else schema["$defs"][name]
        rows = ["| key · clé | | takes · prend |", "|---|---|---|"]
        words: list[str] = []
        for key, field in fields(model):
            described = table["properties"][key]
            shown = f"**`{key}`**" if key in table.get("required", ()) else f"`{key}`"
            meaning, rule = meaning_of(field), rule_of(described)
            takes = f"{rule.en} · {rule.fr}"
            if listed := words_of(described):
                takes = "one of those below · l'un des mots ci-dessous"
                words += [f"\n`{key}`:\n", *(f"- `{word}`: {label.en} · {label.fr}" for word, label in listed)]
            rows.append(f"| {shown} | {meaning.en} · {meaning.fr} | {takes} |")
        title = "## `profile.toml`" if model is Profile else f"## `{headers[name]}`"
        parts.append("\n".join([f"{title}\n", f"{TABLES[name].en} · {TABLES[name].fr}.\n", *rows, *words]))
    return "\n\n".join(parts) + "\n"


def table_headers(model: type[BaseModel], path: str = "") -> Iterator[tuple[str, str]]:
    """How the head of each table is written in a file, by the table's name."""
    for key, field in fields(model):
        table = model_in(field.annotation)
        if table is not None:
            here = f"{path}.{key}" if path else key
            yield table.__name__, f"[[{here}]]" if "tuple" in str(field.annotation) else f"[{here}]"
            yield from table_headers(table, here)


def law() -> str:
    """The instruments, the grids, and what changed between neighbours."""
    law_ = load_law()
    rows = ["| id | in force · en vigueur | status | confidence | title · titre |", "|---|---|---|---|---|"]
    for one in law_.instruments.values():
        title = f"[{one.title.en} · {one.title.fr}]({one.address})"
        rows.append(f"| `{one.id}` | {one.in_force or '–'} | {one.status} | {one.confidence} | {title} |")
    doubts = [f"- `{one.id}`: {one.doubt.en} · {one.doubt.fr}" for one in law_.instruments.values() if one.doubt]
    parts = [
        f"# The law · Le droit\n\n<!-- {MADE.en} -->",
        "\n".join(rows),
        "## Doubts · Doutes\n\n" + "\n".join(doubts),
    ]
    for before, after in zip(law_.grids, law_.grids[1:], strict=False):
        parts.append(changes(before, after))
    return "\n\n".join(parts) + "\n"


def changes(before: Grid, after: Grid) -> str:
    """What changed from a grid to the next, as a table."""
    rows = [
        f"## `{before.id}` → `{after.id}`\n",
        "| place · élément | what · quoi | before · avant | after · après | instrument |",
        "|---|---|---|---|---|",
    ]
    for change in diff(before, after):
        what = f"{change.what.en} · {change.what.fr}"
        figures = ["–" if points is None else str(points) for points in (change.before, change.after)]
        rows.append(f"| `{change.id}` | {what} | {figures[0]} | {figures[1]} | `{change.instrument.id}` |")
    return "\n".join(rows)


def language_tests() -> str:
    """The scale and the chart of every language test."""
    scales, charts = (list(load_law().list(name)) for name in ("language_scales", "language_charts"))
    parts = [
        f"# Language tests · Tests de langue\n\n<!-- {MADE.en} -->",
        "The least score of each level, by ability. A score below the chart is one level below its lowest, at most.\n\n"
        "Le plus bas score de chaque niveau, par habileté. Un score sous le tableau vaut au plus un niveau de moins "
        "que le plus bas.",
    ]
    for test, name in NAMES.items():
        parts.append(_chart(test, name, [row for row in scales if row.values["test"] == test], charts))
    return "\n\n".join(parts) + "\n"


def _chart(test: str, name: str, scales: list[Row], charts: list[Row]) -> str:
    first = min(row.start for row in scales)
    newest = {row.values["ability"]: row for row in scales if row.until is None}
    least = {
        (row.values["ability"], row.values["clb"]): row.values["least"] for row in charts if row.values["test"] == test
    }
    levels = sorted({int(level) for _, level in least}, reverse=True)
    unit = "CLB" if scales[0].values["language"] == "english" else "NCLC"
    rows = [f"| {unit} | {' | '.join(ABILITIES)} |", "|---|---|---|---|---|"]
    rows += [f"| {level} | {' | '.join(least[ability, str(level)] for ability in ABILITIES)} |" for level in levels]
    limits = [f"{newest[a].values['low']}–{newest[a].values['high']}" for a in ABILITIES]
    rows.append(f"| scale · échelle | {' | '.join(limits)} |")
    line = newest[ABILITIES[0]].values
    read = f"- read · lire: {line['line_en']} · {line['line_fr']}\n" if line["line_en"] else ""
    facts = (
        f"- taken from · passé dès: {first}\n- steps · pas: {line['step']}\n{read}- source: `{scales[0].instrument}`"
    )
    return f"## `{test}` · {name}\n\n" + "\n".join(rows) + f"\n\n{facts}"


def category_pages() -> str:
    """Every category with its versions, conditions and occupations."""
    parts = [
        f"# Categories · Catégories\n\n<!-- {MADE.en} -->",
        "A version holds from its first day until the day in `until`, on which it no longer does.\n\n"
        "Une version vaut dès son premier jour et jusqu'au jour `until`, où elle ne vaut plus.",
    ]
    for id_, versions in load_law().categories.items():
        title = versions[0].category_title
        rows = ["| version | from · du | until | occupations · professions | instrument |", "|---|---|---|---|---|"]
        for one in versions:
            until = one.until or "–"
            rows.append(
                f"| {one.version} | {one.start} | {until} | {len(one.occupations)} | `{one.cite.instrument.id}` |"
            )
        asked = [f"- {one.version}: {text.en} · {text.fr}" for one in versions for text in one.conditions]
        goals = [
            f"- {one.version}: {one.goal.en} · {one.goal.fr} ([source]({one.goal_source}))"
            for one in versions
            if one.goal
        ]
        doubts = [f"- {one.version}: {one.doubt.en} · {one.doubt.fr}" for one in versions if one.doubt]
        named = [
            f"- {one.version}: {', '.join((*one.feed['en'], *one.feed['fr']))}"
            for one in versions
            if one.feed["en"] or one.feed["fr"]
        ]
        parts.append(f"## `{id_}` · {title.en} · {title.fr}\n\n" + "\n".join(rows))
        for heading, lines in (
            ("Conditions", asked),
            ("Economic goal · Objectif économique", goals),
            ("Doubts · Doutes", doubts),
            ("Names of rounds · Noms des rondes", named),
        ):
            if lines:
                parts.append(f"**{heading}**\n\n" + "\n".join(lines))
        codes = sorted(frozenset().union(*(one.occupations for one in versions)))
        if codes:
            marks = [f"| NOC · CNP | {' | '.join(one.version for one in versions)} | title · titre |"]
            marks.append("|---" * (len(versions) + 2) + "|")
            for code in codes:
                ticks = " | ".join("x" if code in one.occupations else "" for one in versions)
                marks.append(f"| {code} | {ticks} | {noc2021()[code].title.en} · {noc2021()[code].title.fr} |")
            parts.append("\n".join(marks))
    return "\n\n".join(parts) + "\n"


def record() -> str:
    """The kinds of rounds with their first and last, the sources, and every doubt, in both languages."""
    known = expressentry.load_record()
    kinds: dict[str, list[expressentry.Round]] = {}
    for one in known:
        kinds.setdefault(f"{one.label.en} · {one.label.fr}", []).append(one)
    rows = [
        "| kind · genre | first · première | last · dernière | rounds · rondes | invitations |",
        "|---|---|---|---|---|",
    ]
    for kind, its in kinds.items():
        ends = [f"#{one.number}, {one.date}" for one in (its[0], its[-1])]
        rows.append(f"| {kind} | {ends[0]} | {ends[1]} | {len(its)} | {sum(one.invitations for one in its):,} |")
    sources = ["| id | seen · vu | confidence | title · titre |", "|---|---|---|---|"]
    for source in known.sources.values():
        title = f"[{source.title.en} · {source.title.fr}]({source.address})"
        sources.append(f"| `{source.id}` | {source.seen} | {source.confidence} | {title} |")
    told = [f"- `{one.id}`: {one.doubt.en} · {one.doubt.fr}" for one in known.sources.values() if one.doubt]
    told += [f"- #{one.number}: {one.doubt.en} · {one.doubt.fr}" for one in known if one.doubt]
    days = (*known.pool, *known.quoted)
    told += [f"- {day.as_of} (pool · bassin): {day.doubt.en} · {day.doubt.fr}" for day in days if day.doubt]
    parts = [
        f"# The record · Le dossier\n\n<!-- {MADE.en} -->",
        f"As of · Au {known.as_of}",
        "\n".join(rows),
        "## Sources\n\n" + "\n".join(sources),
        "## Doubts · Doutes\n\n" + "\n".join(told),
    ]
    return "\n\n".join(parts) + "\n"


def moves() -> str:
    """Every move of a plan: what it changes, how long it takes, what it costs, and on whose word."""
    parts = [
        f"# Steps · Démarches\n\n<!-- {MADE.en} -->",
        "What `expressentry plan` tries. Days are low, typical and high; for studies and new jobs they are the days "
        "before these begin. Costs are in Canadian dollars. Where no source stands behind a number it is *assumed*: "
        "give your own with `--assume STEP=DAYS`.\n\n"
        "Ce qu'essaie `expressentry plan`. Les jours sont le bas, le typique et le haut; pour les études et un nouvel "
        "emploi, ceux d'avant leur début. Les coûts sont en dollars canadiens. Sans source, un nombre est *supposé* : "
        "donnez le vôtre par `--assume DÉMARCHE=JOURS`.",
    ]
    tables: dict[tuple[Text, Text], list[str]] = {}
    listed: dict[str, AdviceSource] = {}
    for move in shipped_moves().values():
        named = Text("Have your credential N assessed", "Faire évaluer votre diplôme N")
        shown = for_profile(move, who="", position="N", credential=named)
        days, cost = "/".join(map(str, dict.fromkeys(move.days))), "–".join(f"{n:,}" for n in move.cost_cad)
        if move.by_distance:
            days, cost = "[by distance · selon la distance](#distances)", ""
        sources = ", ".join(f"[{one.id}]({one.address})" for one in move.sources)
        word = " ".join(filter(None, (sources, "assumed · supposé" if move.assumed else "")))
        rows = tables.setdefault((move.changes, move.note or Text("", "")), [])
        rows.append(f"| `{written(shown.id)}` | {shown.title.en} · {shown.title.fr} | {days} | {cost} | {word} |")
        listed |= {one.id: one for one in move.sources}
        if move.warning:
            rows.append(f"| | **{move.warning.en}** · **{move.warning.fr}** | | | |")
        if move.needs:
            rows.append(f"| | needs {move.needs.en} · il faut {move.needs.fr} | | | |")
        if move.on_request:
            rows.append("| | tried only if you ask for it · essayé seulement sur demande (`--also`) | | | |")
    for (changes, note), rows in tables.items():
        said = "\n\n".join(f"{text.en} · {text.fr}" for text in (changes, note) if text.en)
        heading = "| step · démarche | what · quoi | days · jours | CAD | source |\n|---|---|---|---|---|"
        parts.append(f"{said}\n\n{heading}\n" + "\n".join(rows))
    parts.append(_distances())
    listed |= {one.id: one for one in distance_sources()}
    cited = [f"- `{one.id}`: [{one.title.en} · {one.title.fr}]({one.address}), {one.seen}" for one in listed.values()]
    parts.append("## Sources\n\n" + "\n".join(cited))
    return "\n\n".join(parts) + "\n"


def _distances() -> str:
    """How long a level of a language takes from another one, and savings."""
    far = shipped_distances()
    rows = []
    for language in ("english", "french"):
        for now, then in ((0, 5), (0, 7), (0, 9), (5, 7), (6, 7), (7, 9), (8, 9)):
            before, after = (dict.fromkeys(ABILITIES, level) for level in (now, then))
            low, high = far.lessons.between(language, before, after)
            days = "/".join(map(str, far.lessons.days(language, before, after)))
            cost = "–".join(f"{n:,}" for n in far.lessons.cost(language, before, after))
            rare = far.lessons.rarely(language, before, after)
            said = f"{rare.text.en} · {rare.text.fr}" if rare else ""
            name = f"{WORDS[language].en} · {WORDS[language].fr}"
            rows.append(f"| {name} | {now} | {then} | {low}–{high} | {days} | {cost} | {said} |")
    week, month = (", ".join(map(str, one)) for one in (far.lessons.per_week, far.per_month_cad))
    return (
        "## Distances\n\n"
        "The days and the cost of a level follow from the lessons between the level that you have and the one to "
        "reach: the ability that is farthest counts. The hours of lessons have sources (those of the European levels, "
        "with a straight line between them, which is ours); the hours a week "
        f"({week}: quick, typical, slow), the price of a lesson ({far.lessons.lesson_cad} dollars) and what is saved "
        f"in a month ({month} dollars) are assumed.\n\n"
        "Les jours et le coût d'un niveau suivent des leçons entre votre niveau et celui à atteindre : l'habileté la "
        "plus éloignée compte. Les heures de leçons ont des sources (celles des niveaux européens, avec une ligne "
        "droite entre eux, qui est de nous); les heures par semaine "
        f"({week} : rapide, typique, lent), le prix d'une leçon ({far.lessons.lesson_cad} dollars) et l'épargne d'un "
        f"mois ({month} dollars) sont supposés.\n\n"
        "| language · langue | from · de | to · à | hours · heures | days · jours | CAD | what few reach · ce que peu "
        "atteignent |\n|---|---|---|---|---|---|---|\n" + "\n".join(rows)
    )


def described() -> dict[str, Any]:
    """The description of the API on the day of the pages."""
    from expressentry.web import Settings, create_app

    return create_app(Settings(today=lambda: DAY)).openapi()


def api() -> str:
    """The routes of the API: parameters, answers and errors."""
    told = described()
    parts = [f"# The API\n\n<!-- {MADE.en} -->", told["info"]["description"]]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            rows = [_parameter(one) for one in operation.get("parameters", ())]
            table = ["| parameter | in | required | what |", "|---|---|---|---|", *rows] if rows else []
            answers = ", ".join(sorted(operation["responses"]))
            parts.append(
                f"## `{method.upper()} {path}`\n\n{operation['summary']}.\n\n{operation['description']}\n\n"
                + ("\n".join(table) + "\n\n" if table else "")
                + f"Answers: {answers}"
            )
    return "\n\n".join(parts) + "\n"


def _parameter(one: dict[str, Any]) -> str:
    needed = "yes" if one.get("required") else ""
    return f"| `{one['name']}` | {one['in']} | {needed} | {one.get('description', '')} |"


def generate(check: bool) -> int:
    """Write the pages, or with `check` return 1 when one of them is not current."""
    stale = [name for name, text in pages().items() if not _same(HERE / name, text)]
    if check and stale:
        print(f"not current: {', '.join(stale)}; run `make docs`", file=sys.stderr)
        return 1
    HERE.mkdir(exist_ok=True)
    for name, text in pages().items():
        (HERE / name).write_text(text, encoding="utf-8")
    return 0


def _same(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


if __name__ == "__main__":
    sys.exit(generate("--check" in sys.argv[1:]))
