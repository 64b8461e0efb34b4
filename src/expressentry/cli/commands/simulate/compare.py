"""`expressentry simulate compare`: scenarios against a baseline, as a report."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from expressentry.cli.commands.simulate.run import GOES_ON
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, law_options, option, processes_option
from expressentry.cli.support import LANG, STOPPED, home, law_of_run, note, parse_numbers, print_json, progress, say
from expressentry.errors import Problem, UsageError, needs
from expressentry.files import check_writable
from expressentry.text import Text

_ENDINGS = (".html", ".json", ".pdf")


@click.command(
    "compare",
    cls=Command,
    about=Text(
        """Compare scenarios with a baseline: cut-offs and waiting times by type of round, and who gains and who loses
        by age, education, language, French, place of work, occupation and partner.

        Both are simulated with the same people and the same seeds. Each change has two bands: the lowest and the
        highest over the seeds, and over other calibrations of who arrives. The assumptions come first. --out ends in
        .html, .pdf or .json. --work keeps the runs, so that a comparison that was stopped goes on.""",
        """Comparer des scénarios à une référence : notes minimales et temps d'attente par type de ronde, et qui gagne
        ou perd selon l'âge, les études, la langue, le français, le lieu de travail, la profession et le conjoint.

        Tous sont simulés avec les mêmes personnes et les mêmes graines. Chaque écart a deux fourchettes : le plus petit
        et le plus grand sur les graines, et sur d'autres calibrages des arrivées. Les hypothèses viennent d'abord.
        --out finit par .html, .pdf ou .json. --work garde les simulations, pour reprendre une comparaison arrêtée.""",
    ),
    example="expressentry simulate compare examples/simulate/autumn.toml examples/simulate/education.toml --seeds 1 "
    "--no-calibrations --out report.html",
)
@click.argument("baseline", metavar="BASELINE")
@click.argument("scenarios", metavar="SCENARIO...", nargs=-1, required=True)
@option("--out", required=True, metavar="FILE", about=Text("The report.", "Le rapport."))
@option(
    "--seeds",
    type=click.IntRange(1, 1000),
    default=3,
    about=Text("How many seeds.", "Combien de graines."),
)
@option(
    "--no-calibrations",
    is_flag=True,
    about=Text("Leave out the other calibrations.", "Ne pas simuler les autres calibrages."),
)
@option("--work", metavar="FOLDER", about=Text("Where the runs are kept.", "Où les simulations sont gardées."))
@processes_option
@law_options
@format_option("text", "json")
@lang_option
def compare(
    baseline: str,
    scenarios: tuple[str, ...],
    out: str,
    seeds: int,
    no_calibrations: bool,
    work: str | None,
    processes: int | None,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Compare scenarios with a baseline."""
    needs("lab", "numpy", "scipy")
    law = law_of_run(laws, numbers)  # what is wrong in it is said before anything is read
    path = Path(out)
    if path.suffix.lower() not in _ENDINGS:
        expected = Text("a file name ending in {a}", "un nom de fichier finissant par {a}").fill(a=", ".join(_ENDINGS))
        raise UsageError(Problem.outside("out", expected, out, code="unknown_format"))
    if path.suffix.lower() == ".pdf":
        needs("report", "typst")
    check_writable(path)
    if work:
        STOPPED.set(GOES_ON)
    from expressentry.answers.context import history_of
    from expressentry.present.report.simulation import save_comparison
    from expressentry.simulate.compare.record import comparison
    from expressentry.simulate.compare.runs import compared_runs
    from expressentry.simulate.scenario.change import with_law_of_run
    from expressentry.simulate.scenario.read import read_scenario

    read = (read_scenario(one) for one in (baseline, *scenarios))
    first, *others = (with_law_of_run(one, laws, parse_numbers(numbers), home()) for one in read)
    with TemporaryDirectory() as folder:
        title = say(Text("Runs", "Simulations"))
        with ExitStack() as stack:
            found = compared_runs(
                first,
                others,
                range(1, seeds + 1),
                Path(work) if work else Path(folder),
                lambda total: stack.enter_context(progress(title, lambda: total)),
                processes,
                calibrations=not no_calibrations,
                history=history_of(home()),
            )
    levels = law.columns.by_name["education"].labels
    record = comparison(found, LANG.get())
    save_comparison(record, path, LANG.get(), law.round_names, levels)
    note(Text("Written: {f}", "Écrit : {f}").fill(f=out))
    if form == "json":
        print_json(record)
        return
    from expressentry.present.text.simulate import print_comparison

    print_comparison(record, law.round_names, LANG.get())
