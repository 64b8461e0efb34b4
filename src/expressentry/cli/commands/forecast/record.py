"""`expressentry forecast backtest`, `publish` and `score`: the record of forecasts, past and running."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, now, option, with_law
from expressentry.cli.support import LANG, context_of_run, home, note, print_json, print_rows, say
from expressentry.errors import Problem, UsageError, needs
from expressentry.law.law import Law
from expressentry.text import Text

_FILE = Text(
    "The file of published forecasts (in the user's folder unless given).",
    "Le fichier des prévisions publiées (dans le dossier de l'utilisateur par défaut).",
)


@click.command(
    "backtest",
    cls=Command,
    about=Text(
        """Repeat every forecast of the past as it would have been made: each model sees only the rounds before the day
        of its forecast, and everything in it is fitted on them again. The table shows the score (CRPS, in points; less
        is better), beside that of the last cut-off repeated. With no --type this takes some minutes.""",
        """Refaire chaque prévision du passé comme elle l'aurait été : chaque modèle ne voit que les rondes d'avant le
        jour de sa prévision, et tout y est ajusté de nouveau sur elles. Le tableau montre le score (CRPS, en points;
        moins vaut mieux), à côté de celui de la dernière note répétée. Sans --type, cela prend quelques minutes.""",
    ),
    example="expressentry forecast backtest --type few --horizon 1",
)
@option(
    "--type",
    "periods",
    multiple=True,
    metavar="TYPE",
    about=Text("Only this type. Can be repeated.", "Seulement ce type. Répétable."),
)
@option(
    "--horizon",
    "horizons",
    type=int,
    multiple=True,
    metavar="ROUNDS",
    about=Text("Only so many rounds ahead. Can be repeated.", "Seulement tant de rondes à venir. Répétable."),
)
@option(
    "--model",
    "names",
    multiple=True,
    metavar="MODEL",
    about=Text("Only this model. Can be repeated.", "Seulement ce modèle. Répétable."),
)
@with_law
@format_option("text", "json", "csv")
@lang_option
def backtest(periods: tuple[str, ...], horizons: tuple[int, ...], names: tuple[str, ...], law: Law, form: str) -> None:
    """Repeat the forecasts of the past."""
    needs("lab", "numpy", "scipy", field="forecast")
    from dataclasses import replace

    from expressentry.answers.forecast import score_rows
    from expressentry.forecast.ahead import Published, chosen_models
    from expressentry.forecast.backtest import HORIZONS, make_all, scores
    from expressentry.forecast.models import BASELINE, MODELS
    from expressentry.forecast.past import History
    from expressentry.forecast.settings import load_settings
    from expressentry.present.text.forecast import print_scores

    settings = load_settings()
    known = {one.id: one for one in settings.periods}
    models = {**MODELS, "published": Published(chosen_models())}
    wrong = [
        *_unknown("type", periods, known),
        *_unknown("model", names, models),
        *_unknown("horizon", horizons, HORIZONS),
    ]
    if wrong:
        raise UsageError(wrong)
    wanted = [one for name, one in models.items() if not names or name in (*names, BASELINE)]
    settings = replace(settings, periods=tuple(one for name, one in known.items() if not periods or name in periods))
    history = History.of(context_of_run(law).record, law)
    label = say(Text("Forecasts repeated", "Prévisions refaites"))
    with click.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def told(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        made = make_all(history, settings, {one.id: one for one in wanted}, horizons or HORIZONS, told)
    table = scores(made, settings)
    if form == "text":
        print_scores(table, models, LANG.get())
    else:
        print_rows(score_rows(table), form)


def _unknown(field: str, given: tuple[object, ...], known: Iterable[object]) -> list[Problem]:
    names = list(known)
    rule = Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(map(str, names)))
    return [Problem.outside(field, rule, one, code="unknown_word") for one in given if one not in names]


def _path(given: str | None) -> Path:
    return Path(given) if given else home() / "forecasts" / "forecasts.csv"


@click.command(
    "publish",
    cls=Command,
    about=Text(
        """Add the forecasts of the next round of each type to a file, with the instant, before the rounds. Each row has
        a hash over itself and the row before it: a row changed later shows. Publish the hash that is printed, and
        anyone can check that the file is as it was.""",
        """Ajouter à un fichier les prévisions de la prochaine ronde de chaque type, avec l'instant, avant les rondes.
        Chaque ligne a une empreinte d'elle-même et de la précédente : une ligne modifiée ensuite se voit. Publiez
        l'empreinte affichée, et chacun peut vérifier que le fichier est resté tel quel.""",
    ),
    example="expressentry forecast publish --to forecasts.csv --on 2026-10-02",
)
@option("--to", "path", metavar="FILE", about=_FILE)
@option(
    "--assume",
    metavar="GRID",
    about=Text("Assume that these points apply.", "Supposer que ces points s'appliquent."),
)
@day_option
@with_law
@format_option("text", "json")
@lang_option
def publish(path: str | None, assume: str | None, on: date, law: Law, form: str) -> None:
    """Add forecasts to a file."""
    needs("lab", "numpy", "scipy", field="forecast")
    from expressentry.answers.forecast import basis_of, forecast, types_of
    from expressentry.forecast.chain import append
    from expressentry.forecast.published import rows_of

    context = context_of_run(law, on)
    basis = basis_of(context, on, assume)
    found = [one for name in types_of(basis) for one in forecast(context, basis, name).ahead]
    to, at = _path(path), now()
    if path is None:
        to.parent.mkdir(parents=True, exist_ok=True)
    rows = rows_of(found, on, at, basis.assumed)
    head = append(to, rows)
    if form == "json":
        print_json(
            {
                "file": str(to),
                "published_at": at.isoformat(timespec="seconds"),
                "reference_date": on.isoformat(),
                "assumption": basis.assumed,
                "types": [one.series for one in found],
                "rows": len(rows),
                "chain": head,
            }
        )
        return
    wording = Text(
        "{n} forecasts written to {f}; end of the chain: {h}", "{n} prévisions écrites dans {f}; fin de la chaîne : {h}"
    )
    click.echo(say(wording.fill(n=len(found), f=to, h=head)))
    if basis.assumption:
        note(basis.assumption)


@click.command(
    "score",
    cls=Command,
    about=Text(
        """Check the chain of a file of published forecasts, and score each against its round. A forecast published on
        the day of its round or after it is shown and not counted.

        With --chain the file must have every end of the chain that was published. Only that shows that rows are missing
        at its end, or that the whole file was made again.""",
        """Vérifier la chaîne d'un fichier de prévisions publiées, et comparer chacune à sa ronde. Une prévision publiée
        le jour de sa ronde ou après est montrée sans être comptée.

        Avec --chain, le fichier doit avoir chaque fin de chaîne publiée. Cela seul montre que des lignes manquent à la
        fin, ou que tout le fichier a été refait.""",
    ),
    example="expressentry forecast score",
)
@option("--file", "path", metavar="FILE", about=_FILE)
@option(
    "--chain",
    "ends",
    multiple=True,
    metavar="HASH",
    about=Text("An end of the chain that was published. Can be repeated.", "Une fin de chaîne publiée. Répétable."),
)
@with_law
@format_option("text", "json")
@lang_option
def score(path: str | None, ends: tuple[str, ...], law: Law, form: str) -> None:
    """Score published forecasts."""
    needs("lab", "numpy", "scipy", field="forecast")
    from expressentry.forecast.chain import read
    from expressentry.forecast.past import History
    from expressentry.forecast.published import running
    from expressentry.forecast.published import score as scored
    from expressentry.present.text.forecast import print_running

    # Where nothing was published yet there is nothing to score; a file that was named must be there.
    rows = read(_path(path), ends) if path is not None or ends or _path(None).exists() else []
    found = scored(rows, History.of(context_of_run(law).record, law))
    table = running(found)
    if form == "text":
        print_running(found, table, LANG.get())
        return
    forecasts = [{**asdict(one), "round": one.round.number if one.round else None} for one in found]
    chain = rows[-1]["chain"] if rows else None
    print_json({"chain": chain, "forecasts": forecasts, "running": [asdict(one) for one in table]})
