"""`expressentry pool` verify, heads, events, publish, backup, restore."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from expressentry.cli.commands.pool.group import database_option, pool_of_run, server_of_run
from expressentry.cli.help import Command, complete_files
from expressentry.cli.options import day_option, format_option, lang_option, option
from expressentry.cli.support import LANG, print_csv, print_file, print_json, say
from expressentry.law.law import refuse_before_start
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.pool.ops.backup import Saved

_OUT = Text("The file to write.", "Le fichier à écrire.")


@click.command(
    "verify",
    cls=Command,
    about=Text(
        """Check the chain of events, rebuild the pool from the events, rank every round again on the pool just before
        it, compare the rebuilt pool with the tables, and the schema with our own. The exit status is 1 if anything
        differs. What the role may not read is not compared, and named.

        With --heads, the chain must have every head that was published (`expressentry pool heads`). Only that shows
        that the owner of the server replaced the whole chain, or restored an older backup.

        With --scores, every score in the pool is also computed again from the facts of the day. A site that submits
        for people could have falsified their scores.""",
        """Vérifier la chaîne d'événements, rebâtir le bassin à partir des événements, reclasser chaque ronde dans le
        bassin juste avant elle, comparer le bassin rebâti aux tables, et le schéma au nôtre. Le code de sortie est 1
        si quelque chose diffère. Ce que le rôle ne peut lire n'est pas comparé, et est nommé.

        Avec --heads, la chaîne doit avoir chaque tête publiée (`expressentry pool heads`). Cela seul montre que le
        propriétaire du serveur a remplacé toute la chaîne, ou rétabli une sauvegarde plus ancienne.

        Avec --scores, chaque note du bassin est aussi recalculée d'après les faits du jour. Un site qui soumet pour
        d'autres personnes aurait pu fausser leurs notes.""",
    ),
    example="expressentry pool verify --scores --on 2026-10-01",
)
@option("--scores", is_flag=True, about=Text("Compute every score again.", "Recalculer chaque note."))
@option("--heads", metavar="FILE", about=Text("A file of published heads.", "Un fichier de têtes publiées."))
@database_option
@day_option
@format_option("text", "json")
@lang_option
def pool_verify(scores: bool, heads: str | None, database: str | None, on: date, form: str) -> None:
    """Verify the pool."""
    from expressentry.pool.ops.heads import read_heads

    refuse_before_start(on)
    published = read_heads(Path(heads)) if heads is not None else []
    with pool_of_run(database) as pool:
        found = pool.verify(published, on if scores else None)
    wrong, unread = ([one.say(LANG.get()) for one in texts] for texts in (found.wrong, found.unread))
    if form == "json":
        known = {"ok": found.ok, "events": found.events, "rounds": found.rounds, "head": found.head}
        print_json({**known, "heads": len(published), "wrong": wrong, "not_compared": unread})
    else:
        wording = Text("events {n}, rounds {r}: {w}", "événements {n}, rondes {r} : {w}")
        ok = (
            Text("everything agrees", "tout concorde")
            if found.ok
            else Text("something differs", "il y a des différences")
        )
        click.echo(say(wording.fill(n=found.events, r=found.rounds, w=ok)))
        click.echo(say(Text("head {h}", "tête {h}").fill(h=found.head)))
        if heads is not None:
            checked = Text("published heads checked: {n}", "têtes publiées vérifiées : {n}")
            click.echo(say(checked.fill(n=len(published))))
        for line in wrong:
            click.echo(line)
        if unread:
            skipped = Text("not compared, for this role: {w}", "non comparé, pour ce rôle : {w}")
            click.echo(say(skipped.fill(w=", ".join(unread))))
    if not found.ok:
        raise click.exceptions.Exit(1)


@click.command(
    "heads",
    cls=Command,
    about=Text(
        """Add the heads of the chain to a file: the head at each round, and the newest. Publish the file where others
        keep it; it only grows. A file with a head that this pool does not have is refused.""",
        """Ajouter les têtes de la chaîne à un fichier : la tête à chaque ronde, et la plus récente. Publier le fichier
        là où d'autres le gardent; il ne fait que grandir. Un fichier avec une tête que ce bassin n'a pas est
        refusé.""",
    ),
    example="expressentry pool heads --out heads.ndjson",
)
@option("--out", required=True, metavar="FILE", about=Text("The file that grows.", "Le fichier qui grandit."))
@database_option
@format_option("text", "json")
@lang_option
def pool_heads(out: str, database: str | None, form: str) -> None:
    """Publish the heads of the chain."""
    from expressentry.pool.ops.heads import add_heads

    with pool_of_run(database) as pool:
        added = add_heads(Path(out), pool.heads(), pool.hashes)
    if form == "json":
        print_json({"added": added, "file": out})
        return
    click.echo(say(Text("heads added: {n}, to {f}", "têtes ajoutées : {n}, à {f}").fill(n=added, f=out)))


@click.command(
    "events",
    cls=Command,
    about=Text(
        """List the sealed events. `--format ndjson` exports them so that anyone can compute the chain again: each
        hash is SHA-256 over the hash before it, seq, inbox, kind, at, actor, reason and body, each after its length
        in bytes and a colon.""",
        """Lister les événements scellés. `--format ndjson` les exporte pour que tous puissent recalculer la chaîne :
        chaque empreinte est le SHA-256 de l'empreinte précédente, seq, inbox, kind, at, actor, reason et body, chacun
        précédé de sa longueur en octets et d'un deux-points.""",
    ),
    example="expressentry pool events",
)
@option(
    "--after",
    type=click.IntRange(0),
    default=0,
    metavar="SEQ",
    about=Text("Only events after this one.", "Seulement les événements suivants."),
)
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
            print_file(f"{line}\n")
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
        """Write every round that invited anyone to a file like the department's, which `expressentry rounds update`
        can read: number, day, name, size, cut-off, tie-break, and how the scores in the pool were distributed just
        before it. Each round also has the head of the chain at that round.""",
        """Écrire chaque ronde qui a invité des candidats dans un fichier comme celui du ministère, que
        `expressentry rounds update` peut lire : numéro, jour, nom, nombre, note minimale, bris d'égalité, et
        répartition des notes du bassin juste avant la ronde. Chaque ronde a aussi la tête de la chaîne à ce moment.""",
    ),
    example="expressentry pool publish --out rounds.json",
)
@option("--out", required=True, metavar="FILE", about=_OUT)
@option(
    "--number-from",
    type=click.IntRange(1, 9000),
    default=1,
    metavar="N",
    about=Text("The number of the first round in the file.", "Le numéro de la première ronde dans le fichier."),
)
@database_option
@format_option("text", "json")
@lang_option
def pool_publish(out: str, number_from: int, database: str | None, form: str) -> None:
    """Publish the rounds."""
    from expressentry.cli.support import law_of_run
    from expressentry.pool.ops.publish import feed, write_feed

    with pool_of_run(database) as pool:
        rows = feed(pool, number_from, law_of_run())
    write_feed(rows, Path(out))
    if form == "json":
        print_json({"rounds": len(rows), "file": out})
        return
    click.echo(say(Text("rounds written: {n}, to {f}", "rondes écrites : {n}, dans {f}").fill(n=len(rows), f=out)))


@click.command(
    "backup",
    cls=Command,
    about=Text(
        "Save the whole pool in one file, with pg_dump; submissions go on meanwhile.",
        "Sauvegarder tout le bassin dans un fichier, avec pg_dump; les soumissions continuent.",
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
        """Restore a saved pool where there is none, and verify it. With --check the file is only read, to see whether
        it is whole and what is in it.""",
        """Rétablir un bassin sauvegardé là où il n'y en a pas, et le vérifier. Avec --check, le fichier est seulement
        lu, pour savoir s'il est entier et ce qu'il contient.""",
    ),
    example="expressentry pool restore pool.dump --check",
)
@click.argument("file", shell_complete=complete_files)
@option("--check", is_flag=True, about=Text("Only read the file.", "Lire seulement le fichier."))
@database_option
@format_option("text", "json")
@lang_option
def pool_restore(file: str, check: bool, database: str | None, form: str) -> None:
    """Restore a pool."""
    from expressentry.pool.ops.backup import read_saved
    from expressentry.pool.ops.restore import restore

    saved = read_saved(Path(file))
    if not check:
        if database:
            restore(database, saved)
        else:
            _restore_embedded(saved)
        with pool_of_run(database) as pool:
            found = pool.verify()
        if not found.ok:
            for one in found.wrong:
                click.echo(say(one), err=True)
            raise click.exceptions.Exit(1)
    if form == "json":
        print_json({"file": file, "tables": len(saved.tables), "restored": not check})
        return
    done = Text("whole", "entier") if check else Text("restored and verified", "rétabli et vérifié")
    click.echo(say(Text("{f}: {n} tables, {d}", "{f} : {n} tables, {d}").fill(f=file, n=len(saved.tables), d=done)))


def _restore_embedded(saved: Saved) -> None:
    from expressentry.cli.support import home
    from expressentry.pool import open_embedded
    from expressentry.pool.ops.restore import restore
    from expressentry.pool.server.connect import ROLES

    with open_embedded(home() / "pool") as server:
        for role in ROLES.values():
            server.ensure_role(role)
        restore(server.admin_url(), saved)
