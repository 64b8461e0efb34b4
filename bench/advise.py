"""(m) A timeline of three years, against the same by assessing every day."""

from __future__ import annotations

import time
from datetime import date, timedelta
from pathlib import Path

from bench.measure import report
from expressentry.advise.timeline.days import timeline
from expressentry.assess.person.readings import Assessor
from expressentry.profile.model import Profile
from expressentry.profile.read import read_profile

ROOT = Path(__file__).parent.parent
START, UNTIL = date(2026, 10, 1), date(2029, 10, 1)
TIMES = 5


def bench() -> None:
    """Time each of the people of the examples, in processor time, the quickest of five with a profile just read."""
    for path in sorted((ROOT / "examples/people").glob("*.toml")):
        timeline(read_profile(path), START, UNTIL)
        taken = min(_time(path, daily=False) for _ in range(TIMES))
        every = min(_time(path, daily=True) for _ in range(2))
        days = len(timeline(read_profile(path), START, UNTIL))
        more = f"{days} days with a change; every day assessed {every / taken:.1f} × as long"
        report(f"(m) timeline of three years, {path.stem}", taken * 1e3, "ms", "≤ 200", met=taken <= 0.2, more=more)


def _time(path: Path, *, daily: bool) -> float:
    profile = read_profile(path)
    begun = time.process_time()
    if daily:
        _every_day(profile)
    else:
        timeline(profile, START, UNTIL)
    return time.process_time() - begun


def _every_day(profile: Profile) -> None:
    assessor = Assessor(profile)
    for n in range((UNTIL - START).days + 1):
        found = assessor.on(START + timedelta(days=n))
        _ = found.totals, found.programs, found.categories
