"""The pool in plain words: no store, no events, one ranking rule; what both stores are held against."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from expressentry.dates import anniversary
from expressentry.pool.acts.model import CandidateScore, RoundRow, Terms
from tests.pool.fake_law import DAY, LAWS, law_number, next_review, noon, score

LIVE = ("in_pool", "invited")
WINDOW = timedelta(days=60)
NO_WINDOW = date(2026, 7, 10)
"""A day for which the window is not established."""


@dataclass
class Candidate:
    """What the model knows of an expression of interest."""

    person: str
    facts: dict[str, Any]
    submitted_at: datetime
    since: date
    looked: date
    state: str = "in_pool"
    answer_by: date | None = None
    invitation: int | None = None
    erased: bool = False


def is_due(one: Candidate, day: date) -> bool:
    """Whether the facts of a candidate change by a day."""
    review_on = next_review(one.facts, one.looked)
    return review_on is not None and review_on <= day


@dataclass
class Sent:
    """A submission as it was sent, and what came of it."""

    client_id: UUID
    person: str
    facts: dict[str, Any]
    answer: str
    reason: str | None
    interest: int | None
    erased: bool = False


@dataclass
class Asked:
    """A round as it was asked for, and the one that each store has."""

    request_id: UUID
    terms: Terms
    as_of: datetime
    rows: Sequence[RoundRow]


@dataclass
class Upkeep:
    """What a day's upkeep must have done."""

    lapsed: int = 0
    expired: int = 0
    looked_at: int = 0
    ineligible: int = 0


@dataclass
class Plain:
    """The pool in plain words."""

    day: date = DAY
    seconds: int = 0
    law_day: date = DAY
    building: date | None = None
    complete: bool = False
    """Whether everyone is scored under the law in building."""
    candidates: dict[int, Candidate] = field(default_factory=dict)
    touched: set[int] = field(default_factory=set)
    """Those who must have a score under the law in building, because they changed since it was opened."""
    barred: dict[str, date] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)
    rounds: list[Asked] = field(default_factory=list)
    invitations: int = 0
    told: Counter[str] = field(default_factory=Counter)
    """How many events of each kind there must be; of those that name several candidates, how many candidates."""

    def now(self) -> datetime:
        """The next instant."""
        self.seconds += 1
        return noon(self.day, self.seconds)

    def live(self, person: str) -> int | None:
        """The live expression of interest of a person."""
        found = (
            n for n, one in self.candidates.items() if one.person == person and not one.erased and one.state in LIVE
        )
        return next(found, None)

    def some(self, pick: int, *states: str) -> int | None:
        """One of the candidates in some states."""
        found = [n for n, one in self.candidates.items() if one.state in states and not one.erased]
        return found[pick % len(found)] if found else None

    def score(self, one: Candidate) -> CandidateScore:
        """As the facts were when last looked at, under the law in force."""
        return score(one.facts, one.looked, self.law_day)

    def to_come(self, one: Candidate) -> CandidateScore:
        """As the facts are on the first day of the law in building, or on a later one."""
        assert self.building is not None
        return score(one.facts, max(self.day, self.building), self.building)

    def ranked(self, list_: str) -> list[int]:
        """The one ranking rule, written once more."""
        inside = [n for n, one in self.candidates.items() if one.state == "in_pool" and list_ in self.score(one).lists]
        return sorted(inside, key=lambda n: (-self.score(self.candidates[n]).crs, self.candidates[n].submitted_at, n))

    def submit(self, sent: Sent, at: datetime, interest: int | None) -> None:
        """Accept or refuse; the store says under which number."""
        if self.day < self.barred.get(sent.person, date.min):
            sent.answer, sent.reason = "refused", "barred"
        elif self.live(sent.person) is not None:
            sent.answer, sent.reason = "refused", "already_live"
        elif not score(sent.facts, self.day, self.law_day).eligible:
            sent.answer, sent.reason = "refused", "not_eligible"
        else:
            assert interest is not None
            assert interest not in self.candidates
            sent.interest = interest
            self.candidates[interest] = Candidate(sent.person, sent.facts, at, self.day, self.day)
            self.touched.add(interest)
        self.told["submitted" if sent.answer == "accepted" else "refused"] += 1
        self.sent.append(sent)

    def change(self, n: int, facts: dict[str, Any], kind: str) -> bool:
        """New facts; whoever is no longer eligible leaves. Returns whether they may go on."""
        one = self.candidates[n]
        one.facts, one.looked = facts, self.day
        self.touched.add(n)
        self.told[kind] += 1
        if one.state == "in_pool" and not self.score(one).eligible:
            self.leave(n, "ineligible", "ineligible")
            return False
        return True

    def leave(self, n: int, state: str, kind: str) -> None:
        """Change the state of a candidate."""
        self.candidates[n].state = state
        self.told[kind] += 1

    def back(self, n: int, kind: str) -> None:
        """Come back with the same stamp, if the profile still holds."""
        one = self.candidates[n]
        if anniversary(one.since, 1) <= self.day:
            self.leave(n, "expired", kind)
        else:
            self.leave(n, "in_pool" if self.score(one).eligible else "ineligible", kind)

    def edges(self, only_invited: bool = False) -> list[date]:
        """The days ahead on which something changes for someone, or for everyone."""
        ones = [one for one in self.candidates.values() if one.state in (LIVE[only_invited:])]
        days = {date.fromisoformat(one.facts[name]) for one in ones for name in ("drops", "ends") if one.facts[name]}
        if only_invited:  # while their invitation is open
            days = {one for one in days if one <= max(x.answer_by or self.day for x in ones)} if ones else set()
        else:
            days |= {anniversary(one.since, 1) for one in ones} | {*LAWS, NO_WINDOW, *self.barred.values()}
            days |= {one.answer_by + timedelta(days=1) for one in ones if one.answer_by and one.state == "invited"}
        return sorted(one for one in days if one > self.day)

    def has_overdue_invitations(self) -> list[int]:
        """Those whose window has passed and who have not lapsed yet."""
        return [n for n, one in self.candidates.items() if one.state == "invited" and (one.answer_by or DAY) < self.day]

    def is_stale(self, day: date) -> bool:
        """Whether anyone in the pool is due, or over their term, on a day."""
        return any(
            one.state == "in_pool" and (anniversary(one.since, 1) <= day or is_due(one, day))
            for one in self.candidates.values()
        )

    def upkeep(self) -> Upkeep:
        """What the day brings."""
        done = Upkeep()
        for n in self.has_overdue_invitations():
            self.leave(n, "lapsed", "lapsed")
            done.lapsed += 1
        for n, one in self.candidates.items():
            if one.state == "in_pool" and anniversary(one.since, 1) <= self.day:
                self.leave(n, "expired", "expired")
                done.expired += 1
        for n, one in self.candidates.items():
            if one.state in LIVE and is_due(one, self.day):
                one.looked = self.day
                done.looked_at += 1
                self.touched.add(n)
                if one.state == "in_pool" and not self.score(one).eligible:
                    self.leave(n, "ineligible", "ineligible")
                    done.ineligible += 1
        return done

    def begin(self, on: date) -> str:
        """Open the law of a day: `building`, or why not."""
        if law_number(on) == law_number(self.law_day):
            return "in_force"
        if self.building is not None and law_number(on) != law_number(self.building):
            return "other_building"
        if self.building is None:
            self.building, self.touched, self.complete = on, set(), False
            self.told["rule_set_opened"] += 1
        return "building"

    def waits(self) -> bool:
        """Whether everyone is scored under a law whose day has not come."""
        return self.building is not None and self.complete and self.day < self.building

    def finish(self) -> tuple[bool, int]:
        """Everyone is scored: the law takes force if its day has come. Returns whether, and how many leave by it."""
        assert self.building is not None
        self.touched, self.complete = {n for n, one in self.candidates.items() if one.state in LIVE}, True
        if self.day < self.building:
            return False, 0
        self.law_day, self.building, out = self.building, None, 0
        self.told["law_in_force"] += 1
        for n in self.touched:
            one = self.candidates[n]
            one.looked = self.day
            if one.state == "in_pool" and not self.score(one).eligible:
                self.leave(n, "ineligible", "ineligible")
                out += 1
        return True, out

    def refused(self, terms: Terms, as_of: datetime) -> str | None:
        """Why a round is refused."""
        last = self.rounds[-1] if self.rounds else None
        if last is not None and (terms.day < last.terms.day or as_of < last.as_of):
            return "before_last"
        if law_number(terms.day) != law_number(self.law_day):
            return "other_law"
        if self.is_stale(terms.day):
            return "stale"
        return "no_window" if terms.day.month == 7 else None

    def invite(self, asked: Asked) -> None:
        """Invite the first of a list."""
        self.told["round"] += 1
        self.rounds.append(asked)
        for n in self.ranked(asked.terms.list)[: asked.terms.size]:
            self.invitations += 1
            one = self.candidates[n]
            one.state, one.invitation, one.answer_by = "invited", self.invitations, asked.terms.day + WINDOW

    def bar(self, person: str, until: date) -> None:
        """Out, and no way in; said twice it is done once."""
        live = self.live(person)
        if live is None and self.barred.get(person) == until:
            return
        self.barred[person] = until
        self.told["barred"] += 1
        if live is not None:
            self.leave(live, "barred", "left_by_bar")

    def erase(self, person: str) -> None:
        """Forget a person."""
        live = self.live(person)
        if live is not None:
            self.leave(live, "withdrawn", "left_by_erasure")
        for one in self.candidates.values():
            one.erased = one.erased or one.person == person
        for sent in self.sent:
            sent.erased = sent.erased or sent.person == person
        self.barred.pop(person, None)
        self.told["erased"] += 1

    def known(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """The facts that a pool still holds."""
        return ((n, one.facts) for n, one in self.candidates.items() if not one.erased)

    def nominees(self) -> list[int]:
        """Those live whom a province named."""
        return [
            n
            for n, one in self.candidates.items()
            if one.state in LIVE and not one.erased and any("withdrawn_on" not in x for x in one.facts["nominations"])
        ]

    def coming(self) -> date | None:
        """The day of the law that is being scored, or of the next one."""
        return self.building or next((one for one in LAWS if one > self.law_day), None)

    def unscored(self) -> int:
        """How many may have no score yet under the law that is to come."""
        live = {n for n, one in self.candidates.items() if one.state in LIVE}
        return len(live - self.touched if self.building else live)

    def may_issue(self) -> bool:
        """Whether a round of now is not refused."""
        return self.refused(Terms("general", 1, self.day), noon(self.day, 10**6)) is None

    def falling(self) -> list[int]:
        """Those in the pool who will not be eligible on a day within the window of a round of now."""
        until = str(self.day + WINDOW)
        return [n for n in self.ranked("general") if str(self.day) < (self.candidates[n].facts["ends"] or "") <= until]

    def fallen(self) -> list[int]:
        """Those invited who cannot come back into the pool."""
        return [
            n
            for n, one in self.candidates.items()
            if one.state == "invited" and not one.erased and not self.score(one).eligible
        ]

    def lasting(self) -> list[int]:
        """Those in the pool who stay eligible up to the end of their term, which is still ahead."""
        found = {n: anniversary(self.candidates[n].since, 1) for n in self.ranked("general")}
        return [
            n
            for n, end in found.items()
            if end - timedelta(days=20) > self.day and (self.candidates[n].facts["ends"] or "9999") > str(end)
        ]
