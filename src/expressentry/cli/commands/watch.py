"""`expressentry watch`: what is new for people since last time; exit status 10 where there is news."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import click

from expressentry.advise.watch.news import AHEAD_DAYS, News, WatchedPerson
from expressentry.advise.watch.news import watch as watch_one
from expressentry.advise.watch.state import Seen, digest_of, key_of, read_state, state_text
from expressentry.cli.base import LANG, home, print_json
from expressentry.cli.help import Command
from expressentry.cli.laws import law_of_run, note_warnings
from expressentry.cli.options import day_option, format_option, lang_option, law_options, option
from expressentry.cli.people import read_person
from expressentry.cli.records import note_record_age, record_of_run
from expressentry.errors import ExpressEntryError, FileError, Problem, UsageError
from expressentry.text import Text, same

NEWS = 10
"""The exit status that says that there is news, so that cron or a mail program can carry it."""

_MOST_AHEAD = 3660
_PRIVATE = 0o600
_ABOUT = Text(
    """Say what is new for people since last time: rounds and whether they would have invited, cut-offs that passed the
    score, law, birthdays, tests and papers that died or soon will, scores, programs and categories that moved.

    Each PROFILE is a file of dated facts. What was seen is kept in a state file: digests, days and answers, no fact
    of a profile. Exit status 10 where there is news, 0 where there is none; the first run for a person begins the
    watch and is no news.""",
    """Dire ce qui est nouveau pour des gens depuis la dernière fois : rondes et si elles auraient invité, notes
    minimales qui passent le score, droit, anniversaires, tests et papiers périmés ou bientôt, notes, programmes et
    catégories qui ont changé.

    Chaque PROFILE est un fichier de faits datés. Ce qui a été vu est gardé dans un fichier d'état : empreintes,
    jours et réponses, aucun fait d'un profil. Code de sortie 10 s'il y a du nouveau, 0 sinon; la première fois pour
    une personne commence le suivi et n'est pas une nouvelle.""",
)


@click.command(
    "watch", cls=Command, about=_ABOUT, example="expressentry watch examples/people/engineer.toml --on 2026-10-01"
)
@click.argument("profiles", nargs=-1, required=True, metavar="PROFILE...")
@option(
    "--since",
    metavar="STATE",
    about=Text(
        "What was seen last time (watch.json in your folder).", "Ce qui a été vu (watch.json dans votre dossier)."
    ),
)
@option(
    "--ahead",
    type=int,
    default=AHEAD_DAYS,
    metavar="DAYS",
    about=Text("How far ahead days are told of (60).", "De combien de jours à l'avance prévenir (60)."),
)
@day_option
@law_options
@format_option("text", "json", "atom")
@lang_option
def watch(
    profiles: tuple[str, ...],
    since: str | None,
    ahead: int,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Say what is new, and remember it."""
    if not 0 <= ahead <= _MOST_AHEAD:
        rule = Text("a number of days from 0 to {n}", "un nombre de jours de 0 à {n}").fill(n=_MOST_AHEAD)
        raise UsageError(Problem("not_days", "ahead", rule, Text("for example 60", "par exemple 60"), ahead))
    record, law = record_of_run(on), law_of_run(laws, numbers)
    path = Path(since) if since is not None else home() / "watch.json"
    state, people = read_state(path), _people(profiles)
    found = {one.key: watch_one(one, on, record, law, state.get(one.key), ahead_days=ahead) for one in people}
    news = _sorted(one for watched in found.values() for one in watched.news)
    began = [one.name for one in people if found[one.key].began]
    coming = _sorted(one for watched in found.values() if watched.began for one in watched.ahead)
    _tell(news, coming, began, people, path, on, form)
    _remember(path, {**state, **{key: watched.seen for key, watched in found.items()}})
    if form == "text":
        note_warnings(law.on(on))
        note_record_age(record, on)
    if news:
        raise click.exceptions.Exit(NEWS)


def _people(profiles: Sequence[str]) -> list[WatchedPerson]:
    """Read everyone.

    Raises the first kind of error met, with the problems of all files.
    """
    found: dict[str, WatchedPerson] = {}
    errors: list[ExpressEntryError] = []
    for name in profiles:
        path = Path(name)
        try:
            person = WatchedPerson(path.stem, key_of(path), digest_of(path), read_person(name))
            found[person.key] = person
        except ExpressEntryError as error:
            errors.append(error)
    if errors:
        raise type(errors[0])([problem for error in errors for problem in error.problems])
    return list(found.values())


def _sorted(news: Iterable[News]) -> list[News]:
    """By day, each once: what is for everyone is told for each person."""
    once = {one.id: one for one in news}
    return sorted(once.values(), key=lambda one: one.day)


def _tell(
    news: list[News], coming: list[News], began: list[str], people: list[WatchedPerson], path: Path, on: date, form: str
) -> None:
    from expressentry.present.records.watch import atom, news_record, print_news

    if form == "atom":
        click.echo(atom(news, "|".join(sorted(one.key for one in people)), on, LANG.get()), nl=False)
    elif form == "json":
        told = {"news": news, "ahead": coming}
        rows = {name: [news_record(one, LANG.get()) for one in ones] for name, ones in told.items()}
        print_json({"as_of": on.isoformat(), "state": str(path), "began": began, **rows})
    else:
        print_news(news, coming, began, on, LANG.get())


def _remember(path: Path, state: dict[str, Seen]) -> None:
    """Write the state whole, for its owner alone; it comes last, so that news that nobody could read is told again."""
    from expressentry.present.tables import write_whole

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        fix = Text("name another file", "nommer un autre fichier")
        raise FileError(Problem("unwritable", str(path), same(error.strerror or error), fix)) from None
    write_whole(state_text(state), path, _PRIVATE)
