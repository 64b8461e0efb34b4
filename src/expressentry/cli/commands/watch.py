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
from expressentry.advise.watch.state import (
    Message,
    digest_of,
    key_of,
    read_outbox,
    read_reported,
    read_state,
    state_text,
)
from expressentry.answers.published import page_changes, page_warnings
from expressentry.answers.timeline import in_order, news_records
from expressentry.cli.commands.batch import report_failures
from expressentry.cli.help import Command
from expressentry.cli.many import Limits, Run, answer_all
from expressentry.cli.options import (
    day_option,
    format_option,
    is_today,
    lang_option,
    law_options,
    limits_options,
    option,
    today,
)
from expressentry.cli.people import named, people_argument, placed, profile_of
from expressentry.cli.repeating import period, repeat, until_ended
from expressentry.cli.support import (
    LANG,
    LAWS,
    context_of_run,
    home,
    note_record_age,
    note_warnings,
    print_json,
)
from expressentry.errors import FileError, Problem, UsageError
from expressentry.files import write_into_folder
from expressentry.profile.clients import Client
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.advise.watch.state import Seen
    from expressentry.answers.notify import Receiver
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
    continue, and the exit status is 1 where there is no news.

    With --notify, what matters is sent as messages, each once: a new round that somebody could enter, an invitation, a
    cut-off that passed the score, new law, and days ahead that change an answer or end a document. A message that is
    not taken is sent again at the next run. Nothing is written where nothing is new. With --every the command
    runs on.""",
    """Montrer ce qui est nouveau pour des personnes depuis la dernière fois : les rondes, et si elles auraient invité
    la personne; les notes minimales qui ont franchi la note; le droit nouveau; les anniversaires; les tests et les
    documents expirés ou qui expireront bientôt; les notes, programmes et catégories qui ont changé.

    Chaque PROFILE est un fichier de faits datés, ou un dossier de tels fichiers. Un fichier d'état retient des
    empreintes, des jours et des réponses, mais aucun fait d'un profil. Le code de sortie est 10 s'il y a du nouveau, 0
    sinon. La première fois pour une personne commence le suivi et ne compte pas comme une nouvelle. De plusieurs,
    celles qui ne peuvent pas être suivies sont nommées, les autres continuent, et le code de sortie est 1 s'il n'y a
    rien de nouveau.

    Avec --notify, ce qui importe est envoyé en messages, chacun une fois : une nouvelle ronde où quelqu'un pouvait
    entrer, une invitation, une note minimale qui a franchi la note, le droit nouveau, et les jours à venir qui changent
    une réponse ou terminent un document. Un message non reçu est renvoyé à la prochaine exécution. Rien n'est écrit si
    rien n'est nouveau. Avec --every, la commande continue.""",
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
@option(
    "--notify",
    "addresses",
    multiple=True,
    metavar="URL",
    envvar="EXPRESSENTRY_NOTIFY",
    about=Text(
        "Send what is new there: mailto://, ntfy://, json:// and others of apprise. Can be repeated.",
        "Y envoyer ce qui est nouveau : mailto://, ntfy://, json:// et d'autres d'apprise. Répétable.",
    ),
)
@option(
    "--every",
    type=period("1m", "7d"),
    about=Text("Run on, and look again after this time: 1h, 1d.", "Continuer, et regarder après ce temps : 1h, 1d."),
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
    addresses: tuple[str, ...],
    every: float | None,
    jobs: int | None,
    most_seconds: float | None,
    on: date,
    laws: tuple[str, ...],
    numbers: tuple[str, ...],
    form: str,
) -> None:
    """Show what is new, remember it, and send it on."""
    if not 0 <= ahead <= _MOST_AHEAD:
        rule = Text("a number of days from 0 to {n}", "un nombre de jours de 0 à {n}").fill(n=_MOST_AHEAD)
        raise UsageError(Problem("not_days", "ahead", rule, Text("for example 60", "par exemple 60"), ahead))
    if every is not None and not is_today(on):
        rule = Text("cannot be given together with --every", "ne se donne pas avec --every")
        raise UsageError(Problem("misuse", "on", rule, Text("leave it out", "l'omettre"), on))
    to: list[Receiver] = []
    if addresses:
        from expressentry.answers.notify import receivers

        to = receivers(addresses)
    path = Path(since) if since is not None else home() / "watch.json"

    told: set[Warned] = set()

    def turn(day: date) -> int:
        LAWS.set({})  # a law file that was added since the last time is read
        return _look(profiles, path, ahead, Run.of(day, laws, numbers), Limits(jobs, most_seconds), form, to, told)

    if every is not None:
        with until_ended() as wait:
            repeat(lambda: turn(today()), wait, every)
    elif status := turn(on):
        raise click.exceptions.Exit(status)


Warned = tuple[object, ...]
"""What the warnings of a day say: a command that runs on says the same once."""


def _look(
    profiles: Sequence[str],
    path: Path,
    ahead: int,
    run: Run,
    limits: Limits,
    form: str,
    to: Sequence[Receiver],
    told: set[Warned],
) -> int:
    """Show what is new, remember it and send it on; the exit status. `told` are the warnings that were shown before.

    Raises FileError where a receiver did not take what is sent.
    """
    law, on = run.law(), run.on
    record = context_of_run(law, on).record
    state, reported = read_state(path), read_reported(path)
    found, failures = _watched(profiles, run, ahead, state, limits)
    changes = page_changes(home(), law)
    pages = [News(one.id, "page", one.day, None, one.message) for one in changes if one.id not in reported and state]
    everything = [*pages, *(one for watched in found.values() for one in watched.result.news)]
    first = [one for watched in found.values() if watched.result.began for one in watched.result.ahead]
    news, coming = in_order(everything), in_order(first)
    began = [one.name for one in found.values() if one.result.began]
    if news or began or not to:
        _tell(news, coming, began, list(found), path, on, form)
    matters = {one.id for one in (*everything, *first) if one.matters}
    outbox = [*read_outbox(path), *_messages([one for one in (*news, *coming) if one.id in matters], to)]

    def keep(waiting: Sequence[Message]) -> None:
        seen = {**state, **{key: watched.result.seen for key, watched in found.items()}}
        # Durable: what a receiver has taken, or is still to get, must be known after a failure of power too.
        write_into_folder(path, state_text(seen, {one.id for one in changes}, waiting), durable=bool(to))

    # The state comes last, so that news that nobody could read comes again; it is for its owner alone. What is to be
    # sent is in it before it is sent.
    keep(outbox)
    report_failures(failures)
    pages_differ = page_warnings(home(), law)
    warned: Warned = (*law.on(on).warnings, *pages_differ, record.stale(on) and record.as_of)
    if form == "text" and warned not in told:
        told.add(warned)
        note_warnings(law.on(on), pages_differ)
        note_record_age(record, on)
    if to:
        _send(outbox, to, keep)
    return NEWS if news else 1 if failures else 0


def _messages(news: Sequence[News], to: Sequence[Receiver]) -> list[Message]:
    """The messages of news in the language of the run."""
    if not to:
        return []
    from expressentry.answers.notify import messages
    from expressentry.present.feeds import written

    return messages(news, to, lambda one: written(one, LANG.get()))


def _send(outbox: Sequence[Message], to: Sequence[Receiver], keep: Callable[[Sequence[Message]], None]) -> None:
    """Send what waits.

    Raises FileError where something still waits.
    """
    from expressentry.answers.notify import deliver

    left = deliver(outbox, to, keep)
    if left:
        rule = Text("{n} not taken by their receivers", "{n} non reçus par leurs destinataires").fill(n=left)
        fix = Text(
            "check the address; they are sent again at the next run",
            "vérifier l'adresse; ils seront renvoyés à la prochaine exécution",
        )
        raise FileError(Problem("not_delivered", "notify", rule, fix))


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
