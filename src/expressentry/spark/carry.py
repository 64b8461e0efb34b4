"""The law of a job: packed where the job is made, opened on each worker, and refused where it is not the same.

    carried = carry(load_law().on(day))     small, and goes with the job
    rules_of(carried)                       on the worker: the rule set, or a refusal

Shipped law is not sent: a worker has its own, and the digest shows whether it is the same. What a user added is sent.
"""

from __future__ import annotations

import io
import os
import pickle
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.rule_set import RuleSet
from expressentry.law.source import DATA
from expressentry.text import Text
from expressentry.version import VERSION

_KEPT = 8
"""So many laws are kept open on a worker: the tasks of one job share one."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The law of a day on its way to a worker; `added` is empty where it is the shipped one."""

    day: date
    digest: str
    version: str
    added: bytes = b""


def carry(rules: RuleSet) -> Carried:
    """Pack the law of a day.

    >>> carry(load_law().on(date(2026, 10, 1))).added
    b''
    """
    if rules.law is load_law():
        return Carried(rules.day, rules.digest, VERSION)
    out = io.BytesIO()
    _Packer(out).dump(rules.law.pieces)
    return Carried(rules.day, rules.digest, VERSION, out.getvalue())


@lru_cache(maxsize=_KEPT)
def rules_of(carried: Carried) -> RuleSet:
    """Open the law of a day on a worker.

    Raises:
        UsageError: The worker runs another version, or the law has another digest here.
    """
    refuse_another("another_version", carried.version, VERSION)
    try:
        law = Law(_Opener(io.BytesIO(carried.added)).load()) if carried.added else load_law()
        rules = law.on(carried.day)
        digest = rules.digest
    except (ExpressEntryError, OSError) as error:  # a file is missing here, or says what cannot be read
        digest = str(error)
    refuse_another("another_law", carried.digest, digest)
    return rules


def refuse_another(code: str, sent: str, here: str) -> None:
    """Refuse a job that was made with another version, law or figures than there are here.

    Raises:
        UsageError: The two differ.
    """
    if sent != here:
        raise UsageError(Problem(code, "job", _RULES[code].fill(a=sent), _SAME, here))


def one_thread() -> None:
    """Let a worker use one core, for Spark starts one on each; called before Polars is imported, or without effect."""
    os.environ.setdefault("POLARS_MAX_THREADS", "1")


class _Packer(pickle.Pickler):
    """Writes files of the shipped law by their place in the package, which may be elsewhere on a worker."""

    def persistent_id(self, obj: Any) -> str | None:
        return str(obj.relative_to(DATA)) if isinstance(obj, Path) and obj.is_relative_to(DATA) else None


class _Opener(pickle.Unpickler):
    def persistent_load(self, pid: Any) -> Path:
        return DATA / str(pid)


_RULES = {
    "another_version": Text("the job was made by version {a}", "le travail a été fait par la version {a}"),
    "another_law": Text("the job was made under the law {a}", "le travail a été fait sous le droit {a}"),
    "other_figures": Text("the job was made with the figures {a}", "le travail a été fait avec les chiffres {a}"),
}
_SAME = Text(
    "install the same version on every worker, then start the workers again",
    "installer la même version sur chaque nœud, puis relancer les nœuds",
)
