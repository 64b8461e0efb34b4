"""The pool rebuilt from its events alone: every row that decides, and every event that no act of ours writes.

Each event happens again. It may change only what its kind may change (`kinds.MOVES`, `kinds.CHANGES`), from a state in
which it may; what it says of a day, a score or an invitation must be so in the pool as rebuilt up to then.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Any

from expressentry.pool.acts.events import rows_digest, terms_of, unpacked
from expressentry.pool.acts.kinds import CHANGES, MOVES, BodyError, is_instant, read_body
from expressentry.pool.acts.model import LIVE, CandidateScore, Event
from expressentry.pool.acts.ports import Tx
from expressentry.text import Text


@dataclass(slots=True)
class Candidate:
    """An expression of interest; days and instants are text, as events have them."""

    person: str
    submitted_at: str
    expires_on: str
    review_on: str | None
    profile: bytes
    factors: bytes
    derived_on: str
    nominations: list[list[str | None]]
    scores: dict[int, CandidateScore]
    state: str = "in_pool"
    invitation: int | None = None


@dataclass(slots=True)
class Known:
    """A person; `answers` are those to submissions: digest, why refused, CRS and candidate."""

    key: str
    barred_until: str | None = None
    live: int | None = None
    erased: bool = False
    candidates: list[int] = field(default_factory=list)
    answers: list[tuple[str, str | None, int | None, int | None]] = field(default_factory=list)


@dataclass(slots=True)
class Invited:
    """An invitation."""

    round: int
    interest: int
    place: int
    crs: int
    program: str | None
    answer_by: str
    state: str = "open"


@dataclass(slots=True)
class Rules:
    """A rule set."""

    name: str
    law_day: str
    digest: str
    state: str = "building"


class Rebuilt:
    """The pool as it becomes when the events happen again, one after the other."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx
        self.candidates: dict[int, Candidate] = {}
        self.persons: dict[str, Known] = {}
        self.rule_sets: dict[int, Rules] = {}
        self.rounds: list[tuple[Event, Mapping[str, Any]]] = []
        self.invitations: dict[int, Invited] = {}
        self.batches: dict[tuple[int, int], tuple[int, str]] = {}
        self.rehearsal = False
        self.in_force: int | None = None
        self.building: int | None = None
        self.wrong: list[Text] = []
        self._lists: dict[tuple[str, ...], tuple[str, ...]] = {}

    def apply(self, event: Event) -> None:
        """Let an event happen again; what no act of ours writes is noted in `wrong`."""
        try:
            body = read_body(event.kind, event.body)
            if not is_instant(event.at):
                raise BodyError(event.at)
        except BodyError:
            self.wrong.append(_named(event, Text("cannot be read", "ne peut être lu")))
            return
        self.wrong += [_named(event, what) for what in _APPLY[event.kind](self, event, body)]

    @property
    def active(self) -> list[int]:
        """The rule sets under which every change of a candidate is scored."""
        return [one for one in (self.in_force, self.building) if one is not None]

    def ranked(self, rule_set: int | None, list_: str, most: int) -> list[list[Any]]:
        """The first of a list in the order of rank, as events have places."""
        rows = (
            (-s.crs, one.submitted_at, id_, s.program)
            for id_, one in self.candidates.items()
            if one.state == "in_pool" and (s := one.scores.get(rule_set or 0)) is not None and list_ in s.lists
        )
        first = nsmallest(most, rows, key=lambda row: row[:3])
        return [[id_, -crs, program, submitted_at] for crs, submitted_at, id_, program in first]

    def counts(self, rule_set: int, list_: str) -> dict[int, int]:
        """How many of a list have each score."""
        found: dict[int, int] = {}
        for one in self.candidates.values():
            score = one.scores.get(rule_set) if one.state == "in_pool" else None
            if score is not None and list_ in score.lists:
                found[score.crs] = found.get(score.crs, 0) + 1
        return found

    def eligible(self, one: Candidate) -> bool:
        """Whether a candidate is eligible under the rule set in force."""
        score = one.scores.get(self.in_force or 0)
        return score is not None and score.eligible

    def _opened(self, _: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        if body["rule_set"] != len(self.rule_sets) + 1 or self.building is not None:
            yield _RULE_SET
            return
        self.rehearsal = body["rehearsal"] if not self.rule_sets else self.rehearsal
        self.building = body["rule_set"]
        self.rule_sets[body["rule_set"]] = Rules(body["name"], body["law_day"], body["digest"])

    def _came_into_force(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        new, old = body["rule_set"], self.in_force
        if new != self.building:
            yield _RULE_SET
            return
        if old is not None and self.rule_sets[new].law_day > event.at[:10]:
            yield Text("the day of the law had not come", "le jour de la loi n'était pas venu")
        if any(one.state in LIVE and new not in one.scores for one in self.candidates.values()):
            yield Text("not everyone had a score", "tous n'avaient pas de note")
        self.in_force, self.building = new, None
        self.rule_sets[new].state = "in_force"
        if old is not None:
            self.rule_sets[old].state = "retired"
            for one in self.candidates.values():
                one.scores.pop(old, None)

    def _rescored(self, _: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        rule_set, first = body["rule_set"], body["batch"]
        self.batches[rule_set, first] = body["last"], body["digest"]
        rows = self._tx.batch(rule_set, first)
        try:
            if rows is None or hashlib.sha256(rows).hexdigest() != body["digest"]:
                raise ValueError(first)
            found = unpacked(rows)
        except ValueError:
            changed = Text("the batch {n} of a re-scoring was changed", "le lot {n} d'un recalcul a été modifié")
            yield changed.fill(n=first)
            return
        if rule_set != self.building or (min(found), max(found), len(found)) != (
            first, body["last"], body["candidates"]
        ):  # fmt: skip
            yield _RULE_SET
        for id_, score in found.items():
            one = self.candidates.get(id_)
            if one is None or one.state not in CHANGES["rescored"] or rule_set in one.scores:
                yield _of(id_, _CANNOT)
            else:
                one.scores[rule_set] = self._shared(score)

    def _submitted(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        id_, person = body["interest"], self._person(body)
        if id_ in self.candidates or person.erased:
            yield _of(id_, _CANNOT)
            return
        if person.key != body["key"]:
            yield _of(id_, Text("the person has another key", "la personne a une autre clé"))
        if person.live is not None:
            yield _of(id_, Text("the person is in the pool already", "la personne est déjà dans le bassin"))
        if person.barred_until is not None and event.at[:10] < person.barred_until:
            yield _of(id_, Text("the person is barred", "la personne est exclue"))
        if body["submitted_at"] != event.at:
            yield _of(
                id_,
                Text(
                    "the submission time is not the instant of the act",
                    "l'heure de soumission n'est pas celle de l'acte",
                ),
            )
        one = Candidate(
            body["person"], body["submitted_at"], body["expires_on"], body["review_on"],
            bytes.fromhex(body["profile"]), bytes.fromhex(body["factors"]), event.at[:10], body["nominations"], {},
        )  # fmt: skip
        self.candidates[id_] = one
        yield from self._scored(id_, one, body["standings"])
        if one.nominations:
            yield _of(id_, _PROVINCE)
        score = one.scores.get(self.in_force or 0)
        if score is None or not score.eligible:
            yield _of(id_, Text("not eligible", "non admissible"))
        person.live = id_
        person.candidates.append(id_)
        person.answers.append((body["answer"], None, score.crs if score else None, id_))

    def _refused(self, _: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        person = self._person(body)
        if person.key != body["key"] or person.erased:
            yield Text("the person has another key", "la personne a une autre clé")
        person.answers.append((body["answer"], body["why"], body["crs"], None))

    def _new_facts(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        id_, one = body["interest"], self.candidates.get(body["interest"])
        if one is None or one.state not in CHANGES[event.kind]:
            yield _of(id_, _CANNOT)
            return
        if not _may_follow(event, one.nominations, body["nominations"]):
            yield _of(id_, _PROVINCE)
        one.profile, one.factors = bytes.fromhex(body["profile"]), bytes.fromhex(body["factors"])
        one.derived_on = event.at[:10]
        one.nominations, one.review_on = body["nominations"], body["review_on"]
        yield from self._scored(id_, one, body["standings"])

    def _due(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        yield from self._looked_at(event, body["day"], [[body["interest"], body["review_on"], body["factors"]]])
        one = self.candidates.get(body["interest"])
        if one is not None and one.state in LIVE:
            yield from self._scored(body["interest"], one, body["standings"])

    def _reviewed(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        return self._looked_at(event, body["day"], body["reviews"])

    def _looked_at(self, event: Event, day: str, reviews: Iterable[Sequence[Any]]) -> Iterator[Text]:
        for id_, review_on, factors in reviews:
            one = self.candidates.get(id_)
            if one is None or one.state not in CHANGES[event.kind]:
                yield _of(id_, _CANNOT)
            else:
                one.review_on, one.factors, one.derived_on = review_on, bytes.fromhex(factors), day

    def _left(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        """Candidates leave the pool, and with them their invitations, where they have one."""
        named = iter(body["invitations"] if event.kind == "lapsed" else ())
        for id_ in body["interests"]:
            one = self.candidates.get(id_)
            if one is None or not _may_move(event.kind, one.state, body["state"]):
                yield _of(id_, _CANNOT)
                continue
            invitation = one.invitation and self.invitations[one.invitation]
            if event.kind == "expired" and one.expires_on > body["day"]:
                yield _of(id_, Text("the profile had not expired", "le profil n'était pas échu"))
            if event.kind == "ineligible" and self.eligible(one):
                yield _of(id_, Text("eligible", "admissible"))
            if event.kind == "lapsed" and (
                next(named, None) != one.invitation or not invitation or invitation.answer_by >= body["day"]
            ):
                yield _of(id_, Text("the time to answer had not run out", "le délai pour répondre n'était pas écoulé"))
            if event.kind.startswith("left_by") and body["invitation"] != one.invitation:
                yield _of(id_, _INVITATION)
            if event.kind == "left_by_bar" and (self.persons[one.person].barred_until or "") <= event.at[:10]:
                yield _of(id_, Text("the person is not barred", "la personne n'est pas exclue"))
            self._close(one, {"lapsed": "lapsed", "left_by_bar": "cancelled"}.get(event.kind, "declined"))
            self._move(one, body["state"])

    def _answered(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        """An invitation is accepted, declined or cancelled."""
        id_, *others = body["interests"]
        one = self.candidates.get(id_)
        if one is None or others or not _may_move(event.kind, one.state, body["state"]):
            yield _of(id_, _CANNOT)
            return
        if one.invitation != body["invitation"]:
            yield _of(id_, _INVITATION)
        elif event.kind != "cancelled" and event.at[:10] > self.invitations[body["invitation"]].answer_by:
            yield _of(id_, Text("the time to answer had run out", "le délai pour répondre était écoulé"))
        back = "expired" if one.expires_on <= event.at[:10] else "in_pool" if self.eligible(one) else "ineligible"
        if event.kind != "accepted" and body["state"] != back:
            yield _of(id_, _CANNOT)
        self._close(one, event.kind)
        self._move(one, body["state"])

    def _barred(self, _: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        person = self._person(body)
        if person.key != body["key"] or person.erased:
            yield Text("the person has another key", "la personne a une autre clé")
        person.barred_until = body["until"]

    def _erased(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        person = self.persons.get(body["person"])
        if person is None:  # known by submissions that named another's id, and by nothing else
            person = self.persons[body["person"]] = Known("")
        if person.erased or person.live is not None or (person.barred_until or "") > event.at[:10]:
            yield Text("the person could not be erased", "la personne ne pouvait être effacée")
        person.erased = True

    def _round(self, event: Event, body: Mapping[str, Any]) -> Iterator[Text]:
        terms, number = body["terms"], body["number"]
        before = self.rounds[-1][1] if self.rounds else None
        ordered = before is None or (before["as_of"] <= body["as_of"] and before["terms"]["day"] <= terms["day"])
        if number != len(self.rounds) + 1 or not ordered or not event.seq:
            yield Text("round {n} does not follow the one before", "la ronde {n} ne suit pas la précédente").fill(
                n=number
            )
        ranked = self.ranked(self.in_force, terms_of(terms).list, terms["size"] + 1)
        invited, after = ranked[: terms["size"]], ranked[terms["size"] :]
        rules = self.rule_sets.get(body["rule_set"])
        agrees = {
            "rule_set": body["rule_set"] == self.in_force
            and rules is not None
            and rules.digest == body["rule_set_digest"],
            "invited": body["places"] == invited and body["invited"] == len(invited)
            and body["invited_digest"] == rows_digest(invited),
            "next": body["next_digest"] == rows_digest(after),
            "ends": [body["cutoff"], body["tie_break"]] == ([*invited[-1][1::2]] if invited else [None, None]),
            "numbers": body["first_invitation"] == len(self.invitations) + 1,
        }  # fmt: skip
        for name, one in agrees.items():
            if not one:
                wording = Text("round {n}: the {p} cannot be reproduced", "ronde {n} : non reproduit : {p}")
                yield wording.fill(n=number, p=_PARTS[name])
        self.rounds.append((event, body))
        for at, (id_, crs, program, _) in enumerate(body["places"]):
            self.invitations[body["first_invitation"] + at] = Invited(
                number, id_, at + 1, crs, program, body["answer_by"]
            )
            candidate = self.candidates.get(id_)
            if candidate is None or not _may_move("round", candidate.state, "invited"):
                yield _of(id_, _CANNOT)
            else:
                candidate.state, candidate.invitation = "invited", body["first_invitation"] + at

    def _person(self, body: Mapping[str, Any]) -> Known:
        return self.persons.setdefault(body["person"], Known(body["key"]))

    def _scored(self, id_: int, one: Candidate, scores: Mapping[str, Sequence[Any]]) -> Iterator[Text]:
        if sorted(map(int, scores)) != sorted(self.active):
            yield _of(id_, Text("not scored under each rule set", "sans note selon chaque ensemble de règles"))
        for rule_set, (eligible, crs, program, lists) in scores.items():
            if int(rule_set) in self.active:
                one.scores[int(rule_set)] = self._shared(CandidateScore(eligible, crs, program, tuple(lists)))

    def _shared(self, score: CandidateScore) -> CandidateScore:
        """The same score, its lists kept once for all candidates who are in the same."""
        return CandidateScore(
            score.eligible, score.crs, score.program, self._lists.setdefault(score.lists, score.lists)
        )

    def _close(self, one: Candidate, state: str) -> None:
        if one.invitation is not None:
            self.invitations[one.invitation].state, one.invitation = state, None

    def _move(self, one: Candidate, state: str) -> None:
        one.state = state
        if state not in LIVE:
            one.scores = {}
            self.persons[one.person].live = None


_APPLY: Mapping[str, Callable[[Rebuilt, Event, Mapping[str, Any]], Iterator[Text]]] = {
    "rule_set_opened": Rebuilt._opened,
    "rescored": Rebuilt._rescored,
    "law_in_force": Rebuilt._came_into_force,
    "submitted": Rebuilt._submitted,
    "refused": Rebuilt._refused,
    "due": Rebuilt._due,
    "reviewed": Rebuilt._reviewed,
    "barred": Rebuilt._barred,
    "erased": Rebuilt._erased,
    "round": Rebuilt._round,
    **dict.fromkeys(("updated", "nominated", "nomination_withdrawn"), Rebuilt._new_facts),
    **dict.fromkeys(("accepted", "declined", "cancelled"), Rebuilt._answered),
    **dict.fromkeys(("withdrawn", "expired", "ineligible", "lapsed", "left_by_bar", "left_by_erasure"), Rebuilt._left),
}


def _may_move(kind: str, before: str, after: str) -> bool:
    return before in MOVES[kind][0] and after in MOVES[kind][1]


def _may_follow(event: Event, before: list[list[str | None]], after: list[list[str | None]]) -> bool:
    """Whether nominations may become others by an event: a province adds one, or ends those of its own."""
    if event.kind == "nominated":
        return after[:-1] == before and len(after) == len(before) + 1
    if event.kind == "nomination_withdrawn":
        ended = [(a, b) for a, b in zip(before, after, strict=False) if a != b]
        return len(after) == len(before) and all(a[1] is None and b == [a[0], event.at[:10]] for a, b in ended)
    return after == before


def _named(event: Event, what: Text) -> Text:
    where = (
        Text("event {n}: {w}", "événement {n} : {w}")
        if event.seq
        else Text("an event that waits: {w}", "événement en attente : {w}")
    )
    return where.fill(n=event.seq, w=what)


def _of(candidate: int, what: Text) -> Text:
    return Text("candidate {n}: {w}", "candidat {n} : {w}").fill(n=candidate, w=what)


_CANNOT = Text("not possible in the state of then", "impossible dans l'état d'alors")
_PROVINCE = Text("only a province changes nominations", "seule une province change les désignations")
_INVITATION = Text("another invitation was open", "une autre invitation était ouverte")
_RULE_SET = Text("not the rule set that was being scored", "pas l'ensemble de règles en cours de calcul")
_PARTS = {
    "rule_set": Text("rule set", "ensemble de règles"),
    "invited": Text("list of the invited", "liste des invités"),
    "next": Text("first candidate not invited", "premier candidat non invité"),
    "ends": Text("cut-off or tie-break", "note minimale ou bris d'égalité"),
    "numbers": Text("numbers of the invitations", "numéros des invitations"),
}
