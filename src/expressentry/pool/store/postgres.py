"""The pool on PostgreSQL: each act is one transaction, tried again where it met another, and one line of the log."""

from __future__ import annotations

import json
import logging
import random
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg

from expressentry.errors import PoolError, Problem
from expressentry.pool.acts.ports import T, Tx
from expressentry.pool.acts.refusals import CLOCK, CLOCK_FIX, INIT
from expressentry.pool.server.connect import connect
from expressentry.pool.store.postgres_tx import PostgresTx
from expressentry.pool.store.schema import statements
from expressentry.text import Text, same

TRIES = 8
"""How often an act is begun again that met another one."""
LIMITS = {"weak": (20, 30, 10), "strong": (30, 300, 10), "look": (20, 900, 900)}
"""How many seconds an act may wait for a lock, run one statement, and stand still between two of its statements.

A client that stands still holds the gate: it is cut, so that a round waits for it no longer than this. A round may run
longer than other acts, and who only reads holds up nobody: verifying a large pool takes minutes.
"""
ASIDE_TRIES = 3
"""How often something is tried that can wait until another day."""
_LOCKED = "55P03"  # as SQL names it: a lock is not available
_AGAIN = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected, psycopg.errors.UniqueViolation)


class PostgresStore:
    """A store on a PostgreSQL server; one connection, one thread."""

    def __init__(self, url: str) -> None:
        self._connection: psycopg.Connection[Any] | None = None
        self._url = url

    def close(self) -> None:
        """End the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __del__(self) -> None:
        self.close()

    def clone(self) -> PostgresStore:
        """The same pool on a connection of its own."""
        return PostgresStore(self._url)

    def __enter__(self) -> PostgresStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def connection(self) -> psycopg.Connection[Any]:
        """The connection, opened when first needed and again when it was lost."""
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._url, autocommit=True)
            # A statement prepared keeps one plan for any values, which in a large pool may be to read everyone.
            self._connection.prepare_threshold = None
            self._connection.execute("set timezone to 'UTC'")
        return self._connection

    def write(self, work: Callable[[Tx], T], token: str | None = None) -> T:
        """Do one act beside others; `token` proves for whom the web acts."""
        return self._run(work, "weak", ("weak_gate",), "read committed", token)

    def write_exclusive(self, work: Callable[[Tx], T]) -> T:
        """Do one act while nobody else writes: the locks first, the snapshot after them.

        A role that lifted its own limits may hold the gate: its session is ended, and the act begun again.
        """
        gates = ("strong_gate", "seal_gate")
        try:
            return self._run(work, "strong", gates, "repeatable read", None)
        except PoolError as error:
            if error.problems[0].code != _LOCKED or not self._cut_long():
                raise
        return self._run(work, "strong", gates, "repeatable read", None)

    def write_aside(self, work: Callable[[Tx], T]) -> T | None:
        """Do what can wait, without the gate; where a lock does not come at once it is given up, a few times."""
        for left in reversed(range(ASIDE_TRIES)):
            try:
                return self._run(work, "weak", ("aside",), "read committed", None)
            except PoolError as error:
                if error.problems[0].code != _LOCKED:
                    raise
            if left:
                time.sleep(random.uniform(0.2, 0.4))
        return None

    def read(self, work: Callable[[Tx], T]) -> T:
        """Read one state of the pool, without a lock that stops anyone."""
        return self._run(work, "look", (), "repeatable read, read only", None)

    def seal(self) -> int:
        """Chain the events that wait, as a role that may do nothing else; only the sealer's own gate is taken.

        Sessions that hold a transaction open for longer than any act are ended before.
        """
        self._cut_long()
        return self._run(lambda tx: tx.seal(), "weak", (), "read committed", None)

    def _cut_long(self) -> int:
        """End sessions of roles that hold a transaction open for longer than any act, where the server allows it."""
        with suppress(psycopg.Error):
            ((found,),) = self.connection.execute(statements()["cut_long"]).fetchall()
            return int(found)
        return 0

    def token(self, person: str, seconds: int) -> str:
        """A token by which the web acts for a person, as the login or the operator; it holds for so many seconds."""
        values = {"person": person, "seconds": seconds}

        def work(_: Tx) -> str:
            ((found,),) = self.connection.execute(statements()["token"], values).fetchall()
            return str(found)

        return self._run(work, "weak", (), "read committed", None)

    def _run(self, work: Callable[[Tx], T], act: str, gates: Sequence[str], level: str, token: str | None) -> T:
        begun = time.perf_counter()
        first = ";".join([f"begin isolation level {level}", *_limits(act), *(statements()[gate] for gate in gates)])
        for left in reversed(range(TRIES)):
            connection = self.connection
            try:
                found, kinds = _transaction(connection, work, first, token)
            except _AGAIN as error:
                if not left or (isinstance(error, psycopg.errors.UniqueViolation) and left < TRIES - 2):
                    raise _cannot(error) from None
                time.sleep(random.uniform(0, 0.02) * (TRIES - left))
            except psycopg.Error as error:
                if connection.closed:
                    self._connection = None
                log_act(act, [], time.perf_counter() - begun, TRIES - left, error.sqlstate or "connection_lost")
                raise _cannot(error) from None
            else:
                if gates:
                    log_act(act, kinds, time.perf_counter() - begun, TRIES - left)
                return found
        raise AssertionError("unreachable")


def _limits(act: str) -> list[str]:
    """The statements that bound an act."""
    names = ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout")
    return [f"set local {name} = '{seconds}s'" for name, seconds in zip(names, LIMITS[act], strict=True)]


def _transaction(
    connection: psycopg.Connection[Any], work: Callable[[Tx], T], first: str, token: str | None
) -> tuple[T, list[str]]:
    """Run work in one transaction, begun by `first`; what fails leaves nothing. Returns the kinds of its events too."""
    try:
        connection.execute(first)
        if token is not None:
            connection.execute("select set_config('pool.token', %s, true)", [token])
        tx = PostgresTx(connection)
        found = work(tx)
        connection.execute("commit")
    except BaseException:
        with suppress(psycopg.Error):
            connection.execute("rollback")
        raise
    return found, sorted(tx.kinds)


def _cannot(error: psycopg.Error) -> PoolError:
    """The error for what the server refused; the act left nothing behind."""
    fixes = {
        psycopg.errors.InsufficientPrivilege: Text(
            "connect as a role that may do this", "se connecter sous un rôle qui peut le faire"
        ),
        psycopg.errors.DiskFull: Text("free space, and do it again", "libérer de l'espace, et recommencer"),
        psycopg.errors.UndefinedTable: INIT,
        psycopg.errors.InvalidSchemaName: INIT,
    }
    known = _OWN.get(error.sqlstate or "")
    if known is not None:
        code, rule, fix = known
        return PoolError(Problem(code, "database", rule.fill(why=_first_line(error)), fix))
    fix = next((text for kind, text in fixes.items() if isinstance(error, kind)), _REPEAT)
    return PoolError(Problem(error.sqlstate or "connection_lost", "database", _message(error), fix))


_REPEAT = Text(
    "nothing was done; do it again with the same id", "rien n'a été fait; recommencer avec le même identifiant"
)


_WORDS = {
    psycopg.errors.LockNotAvailable: Text(
        "others held the pool for longer than this act waits", "d'autres ont retenu le bassin plus que l'acte n'attend"
    ),
    psycopg.errors.QueryCanceled: Text("the act took longer than it may", "l'acte a duré plus qu'il ne peut"),
    psycopg.errors.IdleInTransactionSessionTimeout: Text(
        "this program stopped in the middle of the act, so the server ended it",
        "ce programme s'est arrêté au milieu de l'acte, que le serveur a donc interrompu",
    ),
}
"""What the server says when a limit is passed, in plain words."""


def _message(error: psycopg.Error) -> Text:
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words
    return same(_first_line(error))


def _first_line(error: psycopg.Error) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


_OWN = {
    "EE001": ("clock", CLOCK, CLOCK_FIX),
    "EE002": (
        "not_possible",
        Text("the pool takes no such act now: {why}", "le bassin ne prend pas cet acte maintenant : {why}"),
        Text("look at the candidate or the pool, and ask again", "revoir le candidat ou le bassin, et recommencer"),
    ),
    "EE003": (
        "no_token",
        Text("no valid token for this person: {why}", "aucun jeton valide pour cette personne : {why}"),
        Text(
            "let the person log in again, and use the new token",
            "faire reconnecter la personne, prendre le nouveau jeton",
        ),
    ),
}
"""What the functions of the pool refuse, by the code that they give it."""


LOGGER = logging.getLogger("expressentry.pool")
FIELDS = ("act", "events", "milliseconds", "tries", "error")


class JsonLines(logging.Formatter):
    """A record as a line of JSON: instant, level, and the fields of the pool."""

    def format(self, record: logging.LogRecord) -> str:
        """Write one line; only fields of the pool are written, so that no facts can slip in."""
        values = {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        instant = self.formatTime(record, "%Y-%m-%dT%H:%M:%S")
        return json.dumps({"at": instant, "level": record.levelname.lower(), **values})


def log_to(path: Path) -> None:
    """Send the lines to a file from now on, each line once."""
    if any(getattr(one, "baseFilename", None) == str(path.absolute()) for one in LOGGER.handlers):
        return
    handler = logging.FileHandler(path, encoding="utf-8", delay=True)
    handler.setFormatter(JsonLines())
    LOGGER.addHandler(handler)
    LOGGER.setLevel(logging.INFO)
    LOGGER.propagate = False


def log_act(act: str, events: list[str], seconds: float, tries: int, error: str | None = None) -> None:
    """Log an act: `weak`, `strong` or `look`, the kinds of its events, its time, how often it was begun."""
    if not LOGGER.isEnabledFor(logging.INFO):
        return
    values = {"act": act, "events": events, "milliseconds": round(seconds * 1000, 1), "tries": tries}
    LOGGER.log(logging.ERROR if error else logging.INFO, act, extra={**values, **({"error": error} if error else {})})
