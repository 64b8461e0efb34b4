"""Skilled trades: certificates of qualification in one, and the digits that name groups of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from expressentry.factors.derive.jobs import codes
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
