"""For a monitor: whether everything is done that a pool needs, and its figures as OpenMetrics."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.refusals import UPKEEP
from expressentry.pool.open import Pool
from expressentry.text import Lang, Text

PATIENCE = timedelta(minutes=1)
"""How long an event may wait for the sealer, which comes every second."""


def health_record(pool: Pool, day: date, at: datetime, lang: Lang) -> dict[str, Any]:
    """What must be done by a day, and whether it is: the law in force, the upkeep, the sealing. Nobody waits for it."""

    def work(tx: Tx) -> dict[str, tuple[bool, Text, Text]]:
        in_force, law = pool.active_rule_sets(tx)[0], pool.scorer.law(day)
        waiting, oldest = tx.unsealed()
        return {
            "law": (in_force.digest == law.digest, _LAW.fill(r=in_force.name, d=day, l=law.name), _RESCORE),
            "upkeep": (not (tx.needs_review(day) or tx.has_overdue_invitations(day)), _UPKEEP.fill(d=day), UPKEEP),
            "sealer": (oldest is None or at - oldest <= PATIENCE, _SEALER.fill(n=waiting), _SEAL),
        }

    found = pool.store.read(work)
    checks = [
        {"check": name, "ok": ok, "what": what.say(lang), "fix": None if ok else fix.say(lang)}
        for name, (ok, what, fix) in found.items()
    ]
    return {"ok": all(one["ok"] for one in checks), "checks": checks}


_LAW = Text("rule set in force: {r}; rule set of {d}: {l}", "ensemble de règles en vigueur : {r}; celui du {d} : {l}")
_RESCORE = Text("run `expressentry pool rescore`", "lancer `expressentry pool rescore`")
_UPKEEP = Text("upkeep done up to {d}", "entretien fait jusqu'au {d}")
_SEALER = Text("events waiting for the sealer: {n}", "événements en attente du scelleur : {n}")
_SEAL = Text("start `expressentry pool seal --every 1`", "démarrer `expressentry pool seal --every 1`")


def openmetrics(record: Mapping[str, Any]) -> str:
    """A status record as an OpenMetrics page; there is no personal data in it."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.exposition import choose_encoder
    from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric
    from prometheus_client.registry import Collector

    class Status(Collector):
        def collect(self) -> Iterator[Metric]:
            states = GaugeMetricFamily(f"{_PREFIX}_candidates", "Candidates by state.", labels=["state"])
            for state, candidates in sorted(record["candidates"].items()):
                states.add_metric([state], candidates)
            yield states
            yield CounterMetricFamily(f"{_PREFIX}_rounds", "Rounds issued.", record["rounds"])
            yield CounterMetricFamily(f"{_PREFIX}_events", "Events sealed.", record["events"])
            yield GaugeMetricFamily(
                f"{_PREFIX}_unsealed_events", "Events that wait for the sealer.", record["unsealed"]
            )
            building = int(record["building"] is not None)
            yield GaugeMetricFamily(f"{_PREFIX}_rescoring", "Whether another law is being scored.", building)
            if record["oldest_unsealed"] is not None:  # a gauge of nothing is left out, not zero
                oldest = datetime.fromisoformat(record["oldest_unsealed"]).timestamp()
                name, about = f"{_PREFIX}_oldest_unsealed_event_timestamp", "When the oldest of them happened."
                yield GaugeMetricFamily(name, about, oldest, unit="seconds")

    page = CollectorRegistry()
    page.register(Status())
    encode, _ = choose_encoder("application/openmetrics-text; version=1.0.0")
    return encode(page).decode()


_PREFIX = "expressentry_pool"
