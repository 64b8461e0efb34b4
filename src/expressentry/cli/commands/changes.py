"""`expressentry changes`: who gains and who loses when the law changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

import click

from expressentry.assess.compare import Comparison, compare, under_day, under_grid
from expressentry.cli.commands.batch import report_failures
from expressentry.cli.help import Command
from expressentry.cli.many import Limits, Run, answer_all
from expressentry.cli.options import day_option, format_option, lang_option, limits_options, option
from expressentry.cli.people import named, people_argument
from expressentry.cli.support import LANG, law_of_run, note_warnings, print_csv, print_json
from expressentry.dates import day_or_id, long_day
from expressentry.errors import Problem
from expressentry.law.law import unknown_id
from expressentry.law.rule_set import RuleSet
from expressentry.profile.clients import Client
from expressentry.text import Text

_ABOUT = Text(
    """Show who gains, who loses and who keeps the same score when the law changes from A to B, and who enters or leaves
    a program or a category.

    PROFILE is a file, a folder of files, or a CSV or NDJSON table of factors. A and B are grids (crs-2020-10-20), which
    change the score alone; or days, which change grid, programs and categories; or law files or proposals, as with
    --law in other commands. Both sides use the facts of --on: only the law changes. Clients who cannot be assessed are
    listed, and the exit status is 1.""",
    """Montrer qui gagne, qui perd et qui garde la même note quand le droit passe de A à B, et qui entre dans un
    programme ou une catégorie ou en sort.

    PROFILE est un fichier, un dossier de fichiers, ou une table CSV ou NDJSON de facteurs. A et B sont des grilles
    (crs-2020-10-20), qui changent la note seule; ou des jours, qui changent grille, programmes et catégories; ou des
    fichiers de droit ou des projets, comme avec --law dans les autres commandes. Les faits sont ceux de --on des deux
    côtés : seul le droit change. Les clients qui ne peuvent pas être évalués sont nommés, et le code de sortie est
    1.""",
)


@click.command(
    "changes",
    cls=Command,
    about=_ABOUT,
    example="expressentry changes me.toml --law crs-2020-10-20 crs-2025-03-25 --on 2026-10-01",
)
@people_argument
@option(
    "--law",
    "laws",
    nargs=2,
    required=True,
    metavar="A B",
    about=Text("The law before and after: grid or day.", "Le droit avant et après : grille ou jour."),
)
@option(
    "--set",
    "numbers",
    multiple=True,
    metavar="NAME=N",
    about=Text("A number that a proposal leaves open.", "Un nombre qu'un projet laisse ouvert."),
)
@option(
    "--all",
    "everyone",
    is_flag=True,
    about=Text("Also clients for whom nothing changes.", "Aussi les clients pour qui rien ne change."),
)
@limits_options
@day_option
@format_option("text", "json", "csv")
@lang_option
def changes(
    profiles: tuple[str, ...],
    laws: tuple[str, str],
    numbers: tuple[str, ...],
    everyone: bool,
    jobs: int | None,
    most_seconds: float | None,
    on: date,
    form: str,
) -> None:
    """Compare people under two laws."""
    law_of_run().on(on)  # refuses a day before the law
    pair = _rules(laws[0], numbers, on), _rules(laws[1], numbers, on)
    found: list[tuple[str, Comparison]] = []
    failures: list[tuple[str, tuple[Problem, ...]]] = []
    listed = named(profiles, pair[0].crs.columns.with_more(pair[1].crs.columns.by_name)).clients
    answers = answer_all(
        partial(_begin, laws), Run.of(on, (), numbers), listed, profiles[0], Limits(jobs, most_seconds)
    )
    for client, one in zip(listed, answers, strict=True):
        if isinstance(one, tuple):
            failures.append((client.name, one))
        else:
            found.append((client.name, one))
    _tell(found, failures, laws, pair, on, form, everyone=everyone)
    report_failures(failures)
    for rules in pair:
        note_warnings(rules)
    if failures:
        raise click.exceptions.Exit(1)


def _begin(laws: tuple[str, str], run: Run) -> Callable[[Client], Comparison]:
    law, pair = law_of_run(), tuple(_rules(name, run.numbers, run.on) for name in laws)
    return lambda client: compare(client.read(law), run.on, pair)


def _tell(
    found: list[tuple[str, Comparison]],
    failures: list[tuple[str, tuple[Problem, ...]]],
    laws: tuple[str, str],
    pair: tuple[RuleSet, RuleSet],
    on: date,
    form: str,
    *,
    everyone: bool,
) -> None:
    from expressentry.answers.clients import MOVED_COLUMNS, gains_and_losses_record, moved_row

    if form == "json":
        print_json(gains_and_losses_record(found, pair, [name for name, _ in failures], on, LANG.get()))
    elif form == "csv":
        print_csv([moved_row(name, one) for name, one in found if everyone or one.differs], MOVED_COLUMNS)
    else:
        from expressentry.present.text.clients import print_changes

        names = [_label(name, rules) for name, rules in zip(laws, pair, strict=True)]
        print_changes(found, pair, names, LANG.get(), everyone=everyone)


def _label(name: str, rules: RuleSet) -> Text:
    """A law in words: its grid, or the day."""
    day = day_or_id(name, "law")
    return rules.label if day is None else Text("law of {d}", "droit du {d}").fill(d=long_day(day))


def _rules(name: str, numbers: tuple[str, ...], on: date) -> RuleSet:
    """The law that a grid, a day, a file or a proposal names."""
    day, law = day_or_id(name, "law"), law_of_run()
    if day is not None:
        return under_day(law, day, on)
    known = {grid.id: grid for grid in law.grids}
    if name in known:
        return under_grid(law, known[name], on)
    if not name.endswith(".toml") and name not in law.proposals:
        raise unknown_id(name, [*known, *law.proposals, "YYYY-MM-DD"])
    named = law_of_run((name,), numbers)
    own = [grid for grid in named.grids if grid.user and not (grid.id in known and known[grid.id].user)]
    grid = named.named or (own[-1] if own else None)
    rules = named.on(on)
    return rules if grid is None or rules.crs is grid else under_grid(named, grid, on)
