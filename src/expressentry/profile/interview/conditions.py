"""When a question is needed: conditions on what was answered so far."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from expressentry.dates import day_or_none, gaps
from expressentry.law.law import Law
from expressentry.profile.consistency import NAMED
from expressentry.profile.countries import CANADA
from expressentry.profile.interview.model import Condition, Table

_STUDIED = ("one_year", "two_year", "three_year", "masters", "professional", "doctoral")


def given(key: str, *values: Any) -> Condition:
    """A key of the same table has one of these values."""
    return lambda table, whole, law: table.get(key) in values


def here(table: Table, whole: Table, law: Law) -> bool:
    """The work was done in Canada."""
    return table.get("worked_in") == CANADA


def abroad_and_completed(table: Table, whole: Table, law: Law) -> bool:
    """A foreign credential that was completed, and so can be assessed."""
    return table.get("country") != CANADA and "completed_on" in table


def studied_here(table: Table, whole: Table, law: Law) -> bool:
    """A Canadian post-secondary program of a year or more."""
    return table.get("country") == CANADA and table.get("level") in _STUDIED


def not_completed(table: Table, whole: Table, law: Law) -> bool:
    """The study of a program that was not completed: only then its last day says more than the credential does."""
    return "completed_on" not in _last_credential(table, whole)


def relieved(table: Table, whole: Table, law: Law) -> bool:
    """Study that may reach into the months of the pandemic's relief."""
    last = _day(table.get("to") or _last_credential(table, whole).get("completed_on"))
    return last is not None and last >= law.evidence.on(last).study_relief_first


def self_employed_physician(table: Table, whole: Table, law: Law) -> bool:
    """A self-employed physician in Canada, whose work may count all the same."""
    return here(table, whole, law) and bool(table.get("self_employed")) and physician(table, whole, law)


def physician(table: Table, whole: Table, law: Law) -> bool:
    """An occupation of physicians, as the law lists them."""
    return _listed(table, law, "physicians")


def military(table: Table, whole: Table, law: Law) -> bool:
    """An occupation of the armed forces, as the law lists them."""
    return _listed(table, law, "military")


def _listed(table: Table, law: Law, category: str) -> bool:
    """Whether an occupation is, or was, on the list of a category."""
    code = table.get("noc2021")
    return isinstance(code, str) and any(one.category == category for one in law.memberships(code))


def military_abroad(table: Table, whole: Table, law: Law) -> bool:
    """Service in the armed forces of another country."""
    return military(table, whole, law) and not here(table, whole, law)


def trade(table: Table, whole: Table, law: Law) -> bool:
    """A skilled trade of the trades class."""
    code = table.get("noc2021")
    return isinstance(code, str) and code in law.trades(2021)


def names_employers(table: Table, whole: Table, law: Law) -> bool:
    """A permit for named employers."""
    return table.get("kind") in NAMED


def partner_counts(table: Table, whole: Table, law: Law) -> bool:
    """A partner whom the law counts: comes too, and is neither a citizen nor a resident living in Canada."""
    if not table.get("accompanying") or table.get("citizen_or_resident") == "citizen":
        return False
    return table.get("citizen_or_resident") == "none" or not table.get("living_in_canada")


def permits_matter(table: Table, whole: Table, law: Law) -> bool:
    """Work in Canada, or a job offer there."""
    return any(here(job, whole, law) for job in table.get("work", ())) or bool(whole.get("job_offers"))


def partner_permits_matter(table: Table, whole: Table, law: Law) -> bool:
    """Work of the partner in Canada."""
    return any(here(job, whole, law) for job in table.get("work", ()))


def worked_between(permits: Sequence[Table], owner: Table) -> list[tuple[date, date]]:
    """The gaps between the permits of a person in which that person worked in Canada: first and last day of each."""
    jobs = [_span(job) for job in owner.get("work", ()) if job.get("worked_in") == CANADA]
    worked = [job for job in jobs if job is not None]
    held = [span for permit in permits if (span := _span(permit)) is not None]
    return [
        (first, last)
        for first, last in gaps(held)
        if any(start <= last and (end is None or end >= first) for start, end in worked)
    ]


def _span(table: Table) -> tuple[date, date | None] | None:
    """The first and the last day of a table, None where they cannot be read."""
    start, end = _day(table.get("from")), _day(table.get("to"))
    return None if start is None or (end is None and "to" in table) else (start, end)


def _last_credential(study: Table, whole: Table) -> Table:
    """The credential of a table of study: the one that holds this very table."""
    for owner in ("person", "partner"):
        for credential in whole.get(owner, {}).get("credentials", ()):
            if credential.get("study") is study:
                found: Table = credential
                return found
    return {}


def _day(value: object) -> date | None:
    return day_or_none(value) if isinstance(value, str) else None
