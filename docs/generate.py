"""Write the reference pages from the code and the law; with --check only say whether they are current."""

from __future__ import annotations

import inspect
import io
import json
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import expressentry
from expressentry import factors_schema, load_law
from expressentry.cli import main, run
from expressentry.cli.help import Group
from expressentry.law.tree import Grid
from expressentry.words import Lang, Text

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
        "library.md": library(),
        "record.md": record(),
        "factors.schema.json": schema,
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
        only = f"\n- only when · seulement quand: `{column.when}`" if column.when else ""
        labels = "".join(f"\n  - `{value}`: {label.en} · {label.fr}" for value, label in column.labels.items())
        days = "all · toutes" if len(asked) == len(law_.grids) else ", ".join(asked)
        parts.append(
            f"## `{name}`\n\n{column.title.en} · {column.title.fr}\n\n{column.meaning.en}\n\n{column.meaning.fr}\n\n"
            f"- {rule.en} · {rule.fr}{labels}\n- empty · vide: {empty}{only}\n- grids · grilles: {days}"
        )
    return "\n\n".join(parts) + "\n"


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
    for change in expressentry.diff_grids(before, after):
        what = f"{change.what.en} · {change.what.fr}"
        figures = ["–" if points is None else str(points) for points in (change.before, change.after)]
        rows.append(f"| `{change.id}` | {what} | {figures[0]} | {figures[1]} | `{change.instrument.id}` |")
    return "\n".join(rows)


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


def library() -> str:
    """The public names with their signatures and docstrings."""
    parts = [f"# The library\n\n<!-- {MADE.en} -->", f"```text\n{inspect.getdoc(expressentry)}\n```"]
    for name in expressentry.__all__:
        thing: Any = getattr(expressentry, name)
        signature = str(inspect.signature(thing)) if inspect.isfunction(thing) else ""
        parts.append(f"## `{name}`\n\n```python\n{name}{signature}\n```\n\n```text\n{inspect.getdoc(thing)}\n```")
    return "\n\n".join(parts) + "\n"


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
