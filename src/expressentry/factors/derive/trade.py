"""Skilled trades: which occupations are one, and which of a person's trades is the best for the trades class."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from expressentry.factors.derive.jobs import codes
from expressentry.factors.derive.ledger import Ledger, YearRule
from expressentry.law.law import Law
from expressentry.noc.codes import Version
from expressentry.profile.model import Certificate

MINOR_DIGITS: Mapping[Version, int] = {2016: 3, 2021: 4}
"""The digits that name a minor group."""


def certified(certificates: tuple[Certificate, ...], code: str, law: Law, on: date) -> bool:
    """Whether a certificate of qualification in a trade is valid on a day."""
    version = law.noc_version(on)
    return any(holds(one, on) and code in codes(one, version) for one in certificates)


def holds(certificate: Certificate, on: date) -> bool:
    """Whether a certificate is valid on a day."""
    return certificate.issued_on <= on and (certificate.end is None or on <= certificate.end)


def best_trade(
    ledgers: Mapping[str, Ledger],
    certificates: tuple[Certificate, ...],
    window: tuple[int, int],
    law: Law,
    on: date,
    rule: YearRule,
) -> dict[str, Any]:
    """The columns of the trade that goes furthest: two years first, then a certificate, then the most work."""
    if not ledgers:
        return {"trade_noc": None, "trade_years_5y": 0, "trade_certificate": False}
    needed, most = law.evidence.on(on).trade_years_needed, law.measures.by_column["trade_years_5y"].cap
    best: tuple[tuple[int, bool, int, int], str] | None = None
    for code, ledger in sorted(ledgers.items()):
        units = ledger.total(*window)
        if not units:
            continue
        years = min(ledger.years(*window, rule), most)
        rank = (min(years, needed), certified(certificates, code, law, on), years, units)
        if best is None or rank > best[0]:
            best = rank, code
    if best is None:
        return {"trade_noc": None, "trade_years_5y": 0, "trade_certificate": False}
    return {"trade_noc": best[1], "trade_years_5y": best[0][2], "trade_certificate": best[0][1]}
