"""`expressentry watch`: what is new for people since last time; exit status 10 where there is news."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from expressentry.advise.watch.news import AHEAD_DAYS, News, WatchedPerson, WatchResult
from expressentry.advise.watch.news import watch as watch_one
from expressentry.advise.watch.state import digest_of, key_of, read_reported, read_state, state_text
from expressentry.answers.published import page_changes, page_warnings
from expressentry.answers.timeline import in_order, news_records
from expressentry.cli.commands.batch import report_failures
from expressentry.cli.help import Command
from expressentry.cli.many import Limits, Run, answer_all
from expressentry.cli.options import day_option, format_option, lang_option, law_options, limits_options, option
from expressentry.cli.people import named, people_argument, placed, profile_of
from expressentry.cli.support import (
    LANG,
    context_of_run,
    home,
    note_record_age,
    note_warnings,
    print_json,
)
from expressentry.errors import Problem, UsageError
from expressentry.files import write_into_folder
from expressentry.profile.clients import Client
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.advise.watch.state import Seen
    from expressentry.answers.records.advice import WatchRecord

NEWS = 10
"""The exit status where there is news, so that cron or a mail program can act on it."""

_MOST_AHEAD = 3660
_ABOUT = Text(
    """Show what is new for people since last time: rounds, and whether they would have invited the person; cut-offs
    that moved past the score; new law; birthdays; tests and documents that expired or soon will; scores, programs and
    categories that changed.

    Each PROFILE is a file of dated facts, or a folder of them. A state file remembers digests, days and answers, but no
    fact of a profile. The exit status is 10 if there is news and 0 if there is nothing new. The first run for a person
    starts the watch and does not count as news. Of several, those who cannot be watched are listed, the others
    continue, and the exit status is 1 where there is no news.""",
    """Montrer ce qui est nouveau pour des personnes depuis la dernière fois : les rondes, et si elles auraient invité
    la personne; les notes minimales qui ont franchi la note; le droit nouveau; les anniversaires; les tests et les
    documents expirés ou qui expireront bientôt; les notes, programmes et catégories qui ont changé.

    Chaque PROFILE est un fichier de faits datés, ou un dossier de tels fichiers. Un fichier d'état retient des
    empreintes, des jours et des réponses, mais aucun fait d'un profil. Le code de sortie est 10 s'il y a du nouveau, 0
    sinon. La première fois pour une personne commence le suivi et ne compte pas comme une nouvelle. De plusieurs,
    celles qui ne peuvent pas être suivies sont nommées, les autres continuent, et le code de sortie est 1 s'il n'y a
    rien de nouveau.""",
)


@click.command("watch", cls=Command, about=_ABOUT, example="expressentry watch me.toml --on 2026-10-01")
@people_argument
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
    about=Text("How many days ahead to look (60).", "Combien de jours à l'avance regarder (60)."),
)
@limits_options
@day_option
@law_options
@format_option("text", "json", "atom")
@lang_option
def watch(
    profiles: tuple[str, ...],
    since: str | None,
    ahead: int,
    jobs: int | None,
    most_seconds: float | None,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Show what is new, and remember it."""
    if not 0 <= ahead <= _MOST_AHEAD:
        rule = Text("a number of days from 0 to {n}", "un nombre de jours de 0 à {n}").fill(n=_MOST_AHEAD)
        raise UsageError(Problem("not_days", "ahead", rule, Text("for example 60", "par exemple 60"), ahead))
    run, path = Run.of(on, laws, numbers), Path(since) if since is not None else home() / "watch.json"
    law = run.law()
    record = context_of_run(law, on).record
    state, reported = read_state(path), read_reported(path)
    found, failures = _watched(profiles, run, ahead, state, Limits(jobs, most_seconds))
    changes = page_changes(home(), law)
    pages = [News(one.id, "page", one.day, None, one.message) for one in changes if one.id not in reported and state]
    news = in_order([*pages, *(one for watched in found.values() for one in watched.result.news)])
    began = [one.name for one in found.values() if one.result.began]
    coming = in_order(one for watched in found.values() if watched.result.began for one in watched.result.ahead)
    _tell(news, coming, began, list(found), path, on, form)
    seen = {**state, **{key: watched.result.seen for key, watched in found.items()}}
    # The state comes last, so that news that nobody could read comes again; it is for its owner alone.
    write_into_folder(path, state_text(seen, {one.id for one in changes}))
    report_failures(failures)
    if form == "text":
        note_warnings(law.on(on), page_warnings(home(), law))
        note_record_age(record, on)
    if news:
        raise click.exceptions.Exit(NEWS)
    if failures:
        raise click.exceptions.Exit(1)


@dataclass(frozen=True, slots=True)
class _Watched:
    """A person by name, and what is new."""

    name: str
    result: WatchResult


_Asked = tuple[Client, str, "Seen | None"]
"""A file, its key, and what was seen of it last time."""


def _watched(
    profiles: Sequence[str], run: Run, ahead: int, state: Mapping[str, Seen], limits: Limits
) -> tuple[dict[str, _Watched], list[tuple[str, tuple[Problem, ...]]]]:
    """What is new for everyone, by the key of the file, and who could not be watched; a file named twice is one person.

    Raises:
        UsageError: Somebody is a row of a table.
        ExpressEntryError: The only file is wrong.
    """
    listed = named(profiles, run.law().columns)
    for client in listed.clients:
        if client.row is not None:
            fix = Text("give each person a file", "donner un fichier à chaque personne")
            raise UsageError(Problem("not_a_file", client.name, Text("a row of a table", "une ligne d'une table"), fix))
    files = {key_of(client.path): client for client in listed.clients}
    asked: list[_Asked] = [(client, key, state.get(key)) for key, client in files.items()]
    begin = partial(_begin, ahead)
    if listed.alone:
        return {asked[0][1]: begin(run)(asked[0])}, []
    found, failures = {}, []
    for (client, key, _), one in zip(asked, answer_all(begin, run, asked, profiles[0], limits), strict=True):
        if isinstance(one, tuple):
            failures.append((client.name, tuple(placed(client, problem) for problem in one)))
        else:
            found[key] = one
    return found, failures


def _begin(ahead: int, run: Run) -> Callable[[_Asked], _Watched]:
    law = run.law()
    record = context_of_run(law, run.on).record

    def watched(asked: _Asked) -> _Watched:
        client, key, seen = asked
        person = WatchedPerson(client.name, key, digest_of(client.path), profile_of(client, law))
        return _Watched(client.name, watch_one(person, run.on, record, law, seen, ahead_days=ahead))

    return watched


def _tell(
    news: list[News], coming: list[News], began: list[str], keys: list[str], path: Path, on: date, form: str
) -> None:
    if form == "atom":
        from expressentry.present.feeds import atom

        click.echo(atom(news, "|".join(sorted(keys)), on, LANG.get()), nl=False)
    elif form == "json":
        record: WatchRecord = {
            "as_of": on.isoformat(),
            "state": str(path),
            "began": began,
            "news": news_records(news, LANG.get()),
            "ahead": news_records(coming, LANG.get()),
        }
        print_json(record)
    else:
        from expressentry.present.text.timeline import print_news

        print_news(news, coming, began, on, LANG.get())
