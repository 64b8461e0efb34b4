"""One simulation of one seed: day by day, and every round by the one ranking rule."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from expressentry.law.law import Law
from expressentry.rounds.ranking import Ranked, rank_round
from expressentry.rounds.windows import window_on
from expressentry.simulate.run.days import NEVER, day_of, number
from expressentry.simulate.run.draws import again
from expressentry.simulate.run.due import Calendar
from expressentry.simulate.run.people import Cast
from expressentry.simulate.run.plan import Planned
from expressentry.simulate.run.score import IN_THE_POOL, Scored, Scorer, law_of, stretches
from expressentry.simulate.run.state import Place, State
from expressentry.simulate.scenario.model import Scenario


@dataclass
class Found:
    """What a simulation gives: a row for each round and for each band of the pool, in the order of days."""

    rounds: list[dict[str, Any]] = field(default_factory=list)
    pool: list[dict[str, Any]] = field(default_factory=list)
    law_digests: list[str] = field(default_factory=list)


class Simulation:
    """People, law and rounds; `run` goes through the days, and can be asked to go on from where it stopped."""

    def __init__(
        self,
        scenario: Scenario,
        cast: Cast,
        law: Law,
        rounds: tuple[Planned, ...],
        rates: Mapping[str, float],
        bands: tuple[tuple[int, int], ...],
    ) -> None:
        self.scenario, self.cast, self.law, self.rates = scenario, cast, law, rates
        self.bands = bands
        self.rounds: dict[int, list[Planned]] = {}
        for one in rounds:
            self.rounds.setdefault(number(one.date), []).append(one)
        self.scorer = Scorer(cast, law, tuple(dict.fromkeys(one.invites for one in rounds)), scenario.columns)
        self.lists = tuple(dict.fromkeys(one.list for one in rounds))
        self.calendar = Calendar(cast.frame)
        self.state = State.empty(len(cast))
        self.found = Found()
        self.stretches = stretches(law, scenario.first, scenario.last)
        self.done = 0
        self.effective_sample: float | None = None
        self.residuals: list[dict[str, Any]] = []
        self.on_day: Callable[[int], None] | None = None
        self.on_invited: Callable[[Planned, Ranked, NDArray[np.integer]], None] | None = None

    def run(self, progress: Callable[[int], None] | None = None) -> Iterator[int]:
        """Go through the days; gives the number of stretches done after each, where a run may be interrupted."""
        while self.done < len(self.stretches):
            first, last = self.stretches[self.done]
            self._stretch(first, last, progress)
            self.done += 1
            yield self.done

    def _stretch(self, first: int, last: int, progress: Callable[[int], None] | None) -> None:
        rules = law_of(self.law, first)
        self.found.law_digests.append(rules.digest)
        scored = self._ahead(first, last)
        leaves = self._leaving(first, last)
        for day in range(first, last + 1):
            self._take_up(scored, day)
            self._leave(leaves, day)
            if day in self.rounds:
                self._note_pool(day)
            for one in self.rounds.get(day, ()):
                self._hold(one, day)
            self.state.check(day_of(day))
            if self.on_day is not None:
                self.on_day(day)
            if progress is not None:
                progress(1)
        if last == number(self.scenario.last):
            self._note_pool(last + 1)

    # ---- what falls due

    def _ahead(self, first: int, last: int) -> Scored:
        """The scores of everybody here, and of all who come, on each day of a stretch on which a fact changes."""
        rules, enters = law_of(self.law, first), self.cast.enters
        place = self.state.place
        here = np.flatnonzero((place == Place.POOL) | (place == Place.INVITED)).astype(np.int32)
        come = np.flatnonzero((enters >= first) & (enters <= last)).astype(np.int32)
        changed = self.done == 0 or self.found.law_digests[-2:-1] != self.found.law_digests[-1:]
        everyone = np.concatenate([here, come])
        rows, days = self.calendar.due(everyone, first - 1, last, rules, self.scorer.months)
        # Nobody is scored for a day on which the profile is over at the latest.
        known = (days >= enters[rows]) & (days < self.cast.expires[rows]) & (days < self.cast.withdraws[rows])
        start = [here] if changed else []
        rows = np.concatenate([rows[known], *start, come])
        days = np.concatenate([days[known], *(np.full(len(one), first, np.int32) for one in start), enters[come]])
        return self.scorer.score((rows, days), rules)

    def _leaving(self, first: int, last: int) -> dict[int, NDArray[np.intp]]:
        """Whose profile expires or is withdrawn on which day of a stretch."""
        when = np.minimum(self.cast.expires, self.cast.withdraws)
        rows = np.flatnonzero((when >= first) & (when <= last))
        rows = rows[np.argsort(when[rows], kind="stable")]
        days, starts = np.unique(when[rows], return_index=True)
        return dict(zip(days.tolist(), np.split(rows, starts[1:]), strict=True)) if len(rows) else {}

    def _take_up(self, scored: Scored, day: int) -> None:
        """Scores that change on a day; whoever comes enters if eligible, whoever no longer is leaves the pool."""
        at, state = scored.on(day), self.state
        rows = scored.rows[at]
        state.crs[rows], state.lists[rows] = scored.crs[at], scored.lists[at]
        eligible = (scored.lists[at] & IN_THE_POOL).astype(bool)
        new = (state.place[rows] == Place.OUTSIDE) & (self.cast.enters[rows] == day)
        state.place[rows[new & ~eligible]] = Place.REFUSED
        entering = rows[new & eligible]
        state.place[entering] = Place.POOL
        state.entries += len(entering)
        state.leave(rows[(state.place[rows] == Place.POOL) & ~eligible], Place.NOT_ELIGIBLE)

    def _leave(self, leaves: Mapping[int, NDArray[np.intp]], day: int) -> None:
        """Profiles that end; invitations that are taken up, declined or lapse."""
        state = self.state
        if day in leaves:
            rows = leaves[day][state.place[leaves[day]] == Place.POOL]
            expired = self.cast.expires[rows] <= day
            state.leave(rows[expired], Place.EXPIRED)
            state.leave(rows[~expired], Place.WITHDRAWN)
        ended = np.flatnonzero(state.returns == day)
        if not len(ended):
            return
        state.returns[ended] = NEVER
        fate = again(self.cast.fate[ended], state.invitations[ended])
        applies, declines = self.rates["applies"], self.rates["applies"] + self.rates["declines"]
        state.leave(ended[fate < applies], Place.APPLIED)
        back, lapsed = ended[(fate >= applies) & (fate < declines)], ended[fate >= declines]
        state.leave(lapsed, Place.LAPSED)
        state.place[back] = Place.POOL
        expired, withdrawn = self.cast.expires[back] <= day, self.cast.withdraws[back] <= day
        state.leave(back[expired], Place.EXPIRED)
        state.leave(back[withdrawn & ~expired], Place.WITHDRAWN)
        stays = back[~expired & ~withdrawn]
        state.leave(stays[(state.lists[stays] & IN_THE_POOL) == 0], Place.NOT_ELIGIBLE)

    # ---- rounds

    def _hold(self, one: Planned, day: int) -> None:
        """Hold a round; with candidates in Canada first, two: those here, and the rest if the number is not reached."""
        state, bit = self.state, self.scorer.bits[one.invites]
        here = np.flatnonzero((state.place == Place.POOL) & ((state.lists & bit) != 0))
        wanted = self._wanted(one, here)
        if not (self.scenario.rounds.canada_first and one.invites.federal):
            self._invite(one, day, here, wanted)
            return
        inside = self.cast.in_canada[here]
        left = wanted - self._invite(one, day, here[inside], wanted, "a")
        if left:
            self._invite(one, day, here[~inside], left, "b")

    def _wanted(self, one: Planned, here: NDArray[np.intp]) -> int:
        """How many simulated people a round invites; what does not divide is carried to the next of the list."""
        one_in = self.scenario.people.one_in
        if one.size is None:
            may = len(here) if one.down_to is None else int((self.state.crs[here] >= one.down_to).sum())
            most = may if one.at_most is None else min(may, one.at_most // one_in)
            return most if one.share is None else min(most, round(may * one.share))
        exact = one.size / one_in + self.state.carried.get(one.list, 0.0)
        whole = int(exact + 1e-9)
        self.state.carried[one.list] = exact - whole
        return whole

    def _invite(self, one: Planned, day: int, here: NDArray[np.intp], wanted: int, letter: str = "") -> int:
        """Rank those who may enter and invite the first; gives how many."""
        state, one_in = self.state, self.scenario.people.one_in
        ranked = rank_round(
            pl.Series(state.crs[here]),
            pl.Series(self.cast.submitted[here]).cast(pl.Datetime("us", "UTC")),
            wanted,
            key=pl.Series(here),
        )
        rows = here[ranked.invited.to_numpy()]
        before = state.count(Place.POOL)
        if self.on_invited is not None:
            self.on_invited(one, ranked, rows)
        state.place[rows] = Place.INVITED
        state.invitations[rows] += 1
        state.invited_on[rows] = day
        first = rows[state.first_invited[rows] == NEVER]
        state.first_invited[first], state.first_list[first] = day, self.lists.index(one.list)
        state.returns[rows] = self._ends(rows, day)
        self.found.rounds.append(
            {
                "date": day_of(day).isoformat(),
                "number": f"{one.number}{letter}",
                "list": one.list,
                "size": one.size if one.size is not None else wanted * one_in,
                "invited": len(rows) * one_in,
                "cutoff": ranked.cutoff,
                "tie_break": _written(ranked.tie_break),
                "pool_before": before * one_in,
            }
        )
        return len(rows)

    def _ends(self, rows: NDArray[np.intp], day: int) -> NDArray[np.int32]:
        """The day on which each invitation is taken up, declined or lapses."""
        fate = again(self.cast.fate[rows], self.state.invitations[rows])
        applies, declines = self.rates["applies"], self.rates["applies"] + self.rates["declines"]
        last = number(window_on(self.law, day_of(day)).last_at_most)
        declined = day + int(self.rates["declines_after_days"])
        found = np.where(fate < applies, last, np.where(fate < declines, min(declined, last), last + 1))
        return found.astype(np.int32)

    # ---- the pool

    def _note_pool(self, day: int) -> None:
        """The pool of a day, before its rounds, by published band."""
        state = self.state
        scores, one_in = state.crs[state.place == Place.POOL], self.scenario.people.one_in
        counts = np.bincount(scores, minlength=self.bands[0][1] + 1)
        shown = day_of(min(day, number(self.scenario.last))).isoformat()
        if self.found.pool and self.found.pool[-1]["date"] == shown:
            return
        for low, high in self.bands:
            inside = int(counts[low : high + 1].sum())
            self.found.pool.append({"date": shown, "band": f"{low}-{high}", "candidates": inside * one_in})


def _written(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat().replace("+00:00", "Z")
