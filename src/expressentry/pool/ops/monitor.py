"""Whether a pool is looked after: the law of the day in force, the day's upkeep done, events sealed in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from expressentry.pool.acts.ports import Tx
from expressentry.pool.open import Pool
from expressentry.text import Lang, Text

PATIENCE = timedelta(minutes=1)
"""How long an event may wait for the sealer, which comes every second."""


def health_record(pool: Pool, day: date, at: datetime, lang: Lang) -> dict[str, Any]:
    """What must be so on a day, and whether it is; stops nobody."""

    def work(tx: Tx) -> dict[str, tuple[bool, Text, Text]]:
        in_force, law = pool._active(tx)[0], pool.scorer.law(day)
        waiting, oldest = tx.unsealed()
        return {
            "law": (in_force.digest == law.digest, _LAW.fill(r=in_force.name, d=day, l=law.name), _RESCORE),
            "upkeep": (not (tx.stale(day) or tx.late(day)), _UPKEEP.fill(d=day), _EXPIRE),
            "sealer": (oldest is None or at - oldest <= PATIENCE, _SEALER.fill(n=waiting), _SEAL),
        }

    found = pool.store.look(work)
    checks = [
        {"check": name, "ok": ok, "what": what.say(lang), "fix": None if ok else fix.say(lang)}
        for name, (ok, what, fix) in found.items()
    ]
    return {"ok": all(one["ok"] for one in checks), "checks": checks}


_LAW = Text("rule set {r} in force; the law of {d} is {l}", "règles {r} en vigueur; le droit du {d} est {l}")
_RESCORE = Text("run `expressentry pool rescore`", "lancer `expressentry pool rescore`")
_UPKEEP = Text("upkeep up to {d}", "entretien jusqu'au {d}")
_EXPIRE = Text("run `expressentry pool expire`", "lancer `expressentry pool expire`")
_SEALER = Text("events that wait for the sealer: {n}", "événements en attente du scelleur : {n}")
_SEAL = Text("start `expressentry pool seal --every 1`", "démarrer `expressentry pool seal --every 1`")
