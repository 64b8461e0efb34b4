"""`expressentry pool` verify, events, publish, backup, restore."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from expressentry.cli.commands.pool.group import database_option, pool_of_run, server_of_run
from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, option
from expressentry.cli.support import LANG, print_csv, print_json, say
from expressentry.law.law import refuse_before_start
from expressentry.text import Text

_OUT = Text("Where it is written.", "Où il est écrit.")


@click.command(
    "verify",
    cls=Command,
    about=Text(
        """Check the chain of events, rebuild the pool from them, rank every round again on the pool
        just before it and compare; then compare the rebuilt pool with the tables. Exit status 1 where anything
        differs.

        With --scores the score of everyone in the pool is computed anew too, from the facts of the day: what a site
        that submits for people could have falsified.""",
        """Contrôler la chaîne d'événements, rebâtir le bassin, reclasser chaque ronde sur le
        bassin d'avant elle et comparer; puis comparer le bassin rebâti aux tables. Code de sortie 1 si quelque
        chose diffère.

        Avec --scores, la note de chacun dans le bassin est aussi recalculée, d'après les faits du jour : ce qu'un
        site qui soumet pour autrui aurait pu fausser.""",
    ),
    example="expressentry pool verify --scores --on 2026-10-01",
)
@option("--scores", is_flag=True, about=Text("Compute every score anew.", "Recalculer chaque note."))
@database_option
@day_option
@format_option("text", "json")
@lang_option
def pool_verify(scores: bool, database: str | None, on: date, form: str) -> None:
    """Verify the pool."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        found = pool.verify(scores_on=on if scores else None)
    wrong = [one.say(LANG.get()) for one in found.wrong]
    if form == "json":
        print_json({"ok": found.ok, "events": found.events, "rounds": found.rounds, "head": found.head, "wrong": wrong})
    else:
        wording = Text("events {n}, rounds {r}: {w}", "événements {n}, rondes {r} : {w}")
        ok = Text("all agrees", "tout concorde") if found.ok else Text("not in order", "pas en ordre")
        click.echo(say(wording.fill(n=found.events, r=found.rounds, w=ok)))
        click.echo(say(Text("head {h}", "tête {h}").fill(h=found.head)))
        for line in wrong:
            click.echo(line)
    if not found.ok:
        raise click.exceptions.Exit(1)


@click.command(
    "events",
    cls=Command,
    about=Text(
        """List the sealed events. `--format ndjson` exports them so that anyone can compute the chain again: each
        hash is SHA-256 over the hash before, seq, kind, at, actor, reason and body, joined by line feeds.""",
        """Lister les événements scellés. `--format ndjson` les exporte pour que chacun puisse recalculer la chaîne :
        chaque empreinte est SHA-256 sur l'empreinte d'avant, seq, kind, at, actor, reason et body, joints par des
        sauts de ligne.""",
    ),
    example="expressentry pool events",
)
@option("--after", type=click.IntRange(0), default=0, metavar="SEQ", about=Text("Only later.", "Seulement après."))
@database_option
@format_option("text", "json", "csv", "ndjson")
@lang_option
def pool_events(after: int, database: str | None, form: str) -> None:
    """List the events."""
    from expressentry.pool import ndjson
    from expressentry.pool.ops.status import EVENT_COLUMNS, event_record

    with pool_of_run(database) as pool:
        pool.seal_if_allowed()
        found = pool.events(after)
    if form == "ndjson":
        for line in ndjson(found):
            click.echo(line)
    elif form == "text":
        from expressentry.present.text.pool import print_events

        print_events(found, LANG.get())
    else:
        rows = [event_record(one) for one in found]
        (print_json(rows) if form == "json" else print_csv(rows, EVENT_COLUMNS))


@click.command(
    "publish",
    cls=Command,
    about=Text(
        """Write every round that invited anyone in the form of the department's data file, which
        `expressentry rounds update` reads: number, day, name, size, cut-off, tie-break, and the distribution of the
        pool just before it. The head of the chain at each round stands beside it.""",
        """Écrire chaque ronde qui a invité quelqu'un en la forme du fichier de données du ministère, que lit
        `expressentry rounds update` : numéro, jour, nom, nombre, note minimale, bris d'égalité, et la répartition du
        bassin juste avant. La tête de la chaîne à chaque ronde est à côté.""",
    ),
    example="expressentry pool publish --out rounds.json",
)
@option("--out", required=True, metavar="FILE", about=_OUT)
@option(
    "--number-from",
    type=click.IntRange(1, 9000),
    default=1,
    metavar="N",
    about=Text("The number published for the first round.", "Le numéro publié de la première ronde."),
)
@database_option
@format_option("text", "json")
@lang_option
def pool_publish(out: str, number_from: int, database: str | None, form: str) -> None:
    """Publish the rounds."""
    from expressentry.pool.ops.publish import feed, write_feed

    with pool_of_run(database) as pool:
        rows = feed(pool, number_from)
    write_feed(rows, Path(out))
    if form == "json":
        print_json({"rounds": len(rows), "file": out})
        return
    click.echo(say(Text("rounds written: {n}, to {f}", "rondes écrites : {n}, dans {f}").fill(n=len(rows), f=out)))


@click.command(
    "backup",
    cls=Command,
    about=Text(
        "Save the whole pool in one file, by pg_dump; submissions go on meanwhile.",
        "Sauvegarder tout le bassin en un fichier, par pg_dump; les soumissions continuent.",
    ),
    example="expressentry pool backup --out pool.dump",
)
@option("--out", required=True, metavar="FILE", about=_OUT)
@database_option
@format_option("text", "json")
@lang_option
def pool_backup(out: str, database: str | None, form: str) -> None:
    """Save the pool."""
    from expressentry.pool.ops.backup import backup

    with server_of_run(database) as server:
        size = backup(server.admin_url(), Path(out))
    if form == "json":
        print_json({"file": out, "bytes": size})
        return
    click.echo(say(Text("saved: {n} bytes, in {f}", "sauvegardé : {n} octets, dans {f}").fill(n=size, f=out)))


@click.command(
    "restore",
    cls=Command,
    about=Text(
        """Bring a saved pool back into a place where there is none, and verify it. With --check the file is only
        read: is it whole, and what is in it.""",
        """Rétablir un bassin sauvegardé là où il n'y en a pas, et le vérifier. Avec --check, le fichier est seulement
        lu : est-il entier, et que contient-il.""",
    ),
    example="expressentry pool restore pool.dump --check",
)
@click.argument("file")
@option("--check", is_flag=True, about=Text("Only read the file.", "Lire seulement le fichier."))
@database_option
@format_option("text", "json")
@lang_option
def pool_restore(file: str, check: bool, database: str | None, form: str) -> None:
    """Bring a pool back."""
    from expressentry.pool.ops.backup import contents, restore
    from expressentry.pool.server.roles import ROLES

    tables = contents(Path(file))
    if not check:
        if database:
            restore(database, Path(file))
        else:
            _restore_embedded(Path(file), tuple(ROLES.values()))
        with pool_of_run(database) as pool:
            found = pool.verify()
        if not found.ok:
            for one in found.wrong:
                click.echo(say(one), err=True)
            raise click.exceptions.Exit(1)
    if form == "json":
        print_json({"file": file, "tables": tables, "restored": not check})
        return
    done = Text("whole", "entier") if check else Text("restored and verified", "rétabli et vérifié")
    click.echo(say(Text("{f}: {n} tables, {d}", "{f} : {n} tables, {d}").fill(f=file, n=tables, d=done)))


def _restore_embedded(file: Path, roles: tuple[str, ...]) -> None:
    from expressentry.cli.support import home
    from expressentry.pool import open_embedded
    from expressentry.pool.ops.backup import restore

    folder = home() / "pool"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with open_embedded(folder) as server:
        for role in roles:
            server.ensure_role(role)
        restore(server.admin_url(), file)
