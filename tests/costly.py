"""Invented profiles within the schema that cost as much as can be: full lists, and every question left open."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any

from expressentry.law.load import load_law
from expressentry.noc.codes import noc2016, to_2021
from tests.profiles import degree, facts, job, offer, partner, permit, relative, report


@cache
def divided() -> tuple[str, ...]:
    """The occupations of the NOC 2016 that were divided into most."""
    return tuple(sorted((code for code in noc2016() if len(to_2021(code)) > 1), key=lambda code: -len(to_2021(code))))


@cache
def divided_trades() -> tuple[str, ...]:
    """Those of them that are skilled trades whichever part one takes."""
    law = load_law()
    trades = law.trades(2016), law.trades(2021)
    return tuple(one for one in divided() if one in trades[0] and all(part in trades[1] for part in to_2021(one)))


def _jobs(count: int, leaves: int, weeks: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        start = date(2010, 1, 1) + timedelta(days=97 * n)
        code = divided()[n % len(divided())] if n % 3 else divided_trades()[n % len(divided_trades())]
        one = job(start, noc2016=code, hours=0.5 + n % 7, worked_in="CA" if n % 2 else "IN")
        if n % 2:
            one |= {
                "employer_country": "US" if n % 4 == 1 else "CA",
                "employer": f"E{n % 5}",
                "self_employed": n % 6 == 1,
            }
        if leaves:
            days = [start + timedelta(days=9 * k + 7) for k in range(leaves)]
            one["leave"] = [{"from": day, "to": day + timedelta(days=2)} for day in days]
        if weeks:
            days = [start + timedelta(days=7 * k) for k in range(weeks)]
            one["varying_hours"] = [{"from": day, "hours_per_week": 1 + k % 40} for k, day in enumerate(days)]
        yield one


def _tests(count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        scores = [4.5 + 0.5 * ((n * (3 + at) + at) % 9) for at in range(4)]
        retake = {"one_skill_retake": True} if n % 2 else {}
        yield report(date(2025, 6, 1) + timedelta(days=5 * n), *scores, test="ielts", **retake)


def _credentials(count: int) -> Iterator[dict[str, Any]]:
    levels = ("two_year", "three_year", "masters", "one_year")
    for n in range(count):
        done = date(2012, 1, 1) + timedelta(days=40 * n)
        if n % 2:
            yield {"level": levels[n % 4], "country": "CA", "completed_on": done}
        else:
            yield degree(levels[n % 4], done, date(2022, 1, 1), "post_bachelors")


def _side(count: int, leaves: int, weeks: int) -> dict[str, Any]:
    born = {"birth_date": None}
    kin = [{**relative("sibling" if n % 2 else "parent"), **born} for n in range(count)]
    held = [date(2010, 1, 1) + timedelta(days=90 * n) for n in range(count)]
    return {
        "tests": list(_tests(count)),
        "credentials": list(_credentials(count)),
        "work": list(_jobs(count, leaves, weeks)),
        "relatives": [{key: value for key, value in one.items() if value is not None} for one in kin],
        "status": [permit(day, day + timedelta(days=80)) for day in held],
    }


def costly(count: int, *, leaves: int = 0, weeks: int = 0, with_partner: bool = True) -> dict[str, Any]:
    """A profile with so many entries in each list, and in each job so many leaves and weeks of other hours."""
    side = _side(count, leaves, weeks)
    found = facts(
        **side,
        certificates=[
            {"noc2016": divided_trades()[n % len(divided_trades())], "authority": "ON", "issued_on": date(2015, 1, 1)}
            for n in range(count)
        ],
        job_offers=[
            offer(date(2024, 1, 1) + timedelta(days=15 * n), noc2016=divided_trades()[n % len(divided_trades())],
                  employers=[f"E{n % 5}"], duration_months=40)
            for n in range(count)
        ],
        funds=[{"on": date(2024, 1, 1) + timedelta(days=30 * n), "amount_cad": 9000 + 700 * n} for n in range(count)],
        intent={"quebec": False},
    )  # fmt: skip
    del found["person"]["birth_date"]
    found["person"] = {"birth_date": date(1985, 6, 15), **found["person"]}
    found["person"]["work"] = [{k: v for k, v in one.items() if k != "noc2021"} for one in found["person"]["work"]]
    found["job_offers"] = [{k: v for k, v in one.items() if k != "noc2021"} for one in found["job_offers"]]
    if with_partner:
        found["partner"] = partner(**side)
    return found
