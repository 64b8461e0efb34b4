"""Skilled trades: which occupations are one, and which of a person's trades is the best for the trades class."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from expressentry.candidate.derive.jobs import codes
from expressentry.candidate.derive.ledger import Ledger, YearRule
from expressentry.candidate.profile import Certificate
from expressentry.dates import START
from expressentry.law.criteria import Known
from expressentry.law.occupations import SWITCH, Version, version_on
from expressentry.law.selection import selection_on

MINOR_DIGITS: Mapping[Version, int] = {2016: 3, 2021: 4}
"""The digits that name a minor group."""

YEARS_NEEDED = 2


def is_trade(code: str, version: Version) -> bool:
    """Whether an occupation is a skilled trade of the class, by the groups that the program names.

    >>> is_trade("72200", 2021), is_trade("72600", 2021), is_trade("62200", 2021)
    (True, False, True)
    """
    return code in _trades(version)


@cache
def _trades(version: Version) -> frozenset[str]:
    program = next(one for one in selection_on(SWITCH if version == 2021 else START).programs if one.program == "fst")
    conditions = [condition for criterion in program.criteria for condition in criterion.conditions()]
    named = next(one for one in conditions if isinstance(one, Known) and one.column.name == "trade_noc")
    return frozenset(code for code, allowed in zip(named.column.values, named.allowed, strict=True) if allowed)


def certified(certificates: tuple[Certificate, ...], code: str, on: date) -> bool:
    """Whether a certificate of qualification in a trade holds on a day."""
    version = version_on(on)
    return any(holds(one, on) and code in codes(one, version) for one in certificates)


def holds(certificate: Certificate, on: date) -> bool:
    """Whether a certificate holds on a day."""
    return certificate.issued_on <= on and (certificate.end is None or on <= certificate.end)


def best_trade(
    ledgers: Mapping[str, Ledger],
    certificates: tuple[Certificate, ...],
    window: tuple[int, int],
    on: date,
    rule: YearRule,
) -> dict[str, Any]:
    """The columns of the trade that goes furthest: two years first, then a certificate, then the most work."""
    best: tuple[tuple[int, bool, int, int], str] | None = None
    for code, ledger in sorted(ledgers.items()):
        units = ledger.total(*window)
        if not units:
            continue
        years = min(ledger.years(*window, rule), 5)
        rank = (min(years, YEARS_NEEDED), certified(certificates, code, on), years, units)
        if best is None or rank > best[0]:
            best = rank, code
    if best is None:
        return {"trade_noc": None, "trade_years_5y": 0, "trade_certificate": False}
    return {"trade_noc": best[1], "trade_years_5y": best[0][2], "trade_certificate": best[0][1]}
