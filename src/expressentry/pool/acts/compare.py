"""The tables of a pool against the pool rebuilt from its events: every column of every row that decides.

Both sides are rows of text in the order of their keys, so that the tables stream by and no value can stop the reader.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import Any, NamedTuple

from expressentry.pool.acts.events import terms_of
from expressentry.pool.acts.facts import answer_digest, factors_digest, profile_digest
from expressentry.pool.acts.model import LIVE, canonical
from expressentry.pool.acts.ports import Tx
from expressentry.pool.acts.rebuild import Rebuilt
from expressentry.text import Text

Row = tuple[str | None, ...]
MOST = 1000
"""So many differences of a table are told."""


class Table(NamedTuple):
    """A table: what it is called, and a row of it; how it is rebuilt; which columns are its key, and what others are.

    The first `numbers` columns of the `key` are numbers. `read` brings the rows of the table into the form of those
    rebuilt. `free` tells of a row whether it decides nothing, and may be there without an event.
    """

    name: Text
    row: Text
    rebuilt: Callable[[Rebuilt], Iterable[Row]]
    numbers: int
    key: int
    columns: tuple[Text, ...]
    read: Callable[[Iterator[Row]], Iterator[Row]] = iter
    free: Callable[[Row], bool] = lambda _: False


def differences(tx: Tx, pool: Rebuilt) -> Iterator[Text]:
    """Where the tables differ from the pool rebuilt; tables that the role that asks cannot read are left out."""
    for name, table in TABLES.items():
        if tx.is_readable(name):
            told = (_told(table, *pair) for pair in _unequal(table, table.rebuilt(pool), table.read(tx.rows(name))))
            for n, (what, _) in enumerate(groupby(told)):
                if n == MOST:
                    yield Text("and more of these", "et d'autres encore")
                    break
                yield what


def unread(tx: Tx) -> list[Text]:
    """What the role that asks cannot read, and what is therefore not compared."""
    return [table.name for name, table in TABLES.items() if not tx.is_readable(name)]


def _unequal(table: Table, expected: Iterable[Row], found: Iterable[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows that are on one side only, or not the same on both."""

    def key(row: Row) -> list[Any]:
        numbers, names = row[: table.numbers], row[table.numbers : table.key]
        return [*(int(one or 0) for one in numbers), *(one or "" for one in names)]

    one, other = iter(expected), iter(found)
    a, b = next(one, None), next(other, None)
    while a is not None or b is not None:
        if a == b:
            a, b = next(one, None), next(other, None)
        elif b is None or (a is not None and key(a) < key(b)):
            yield a, None
            a = next(one, None)
        elif a is None or key(b) < key(a):
            if not table.free(b):
                yield None, b
            b = next(other, None)
        else:
            yield a, b
            a, b = next(one, None), next(other, None)


def _told(table: Table, expected: Row | None, found: Row | None) -> Text:
    row = expected or found
    assert row is not None
    where = table.row.fill(n=row[0])
    if found is None:
        return Text("{w}: missing", "{w} : absent").fill(w=where)
    if expected is None:
        return Text("{w}: without an event", "{w} : sans événement").fill(w=where)
    what = [
        column for column, a, b in zip(table.columns, expected[table.key :], found[table.key :], strict=True) if a != b
    ]
    wording = Text("{w}: {c} differs from the events", "{w} : {c} diffère des événements")
    return wording.fill(w=where, c=Text(", ", ", ").join(what))


def _text(*values: object) -> Row:
    return tuple(None if one is None else str(one).lower() if isinstance(one, bool) else str(one) for one in values)


def _rule_sets(pool: Rebuilt) -> Iterator[Row]:
    for id_, one in pool.rule_sets.items():
        yield _text(id_, one.name, one.law_day, one.digest, one.state)


def _persons(pool: Rebuilt) -> Iterator[Row]:
    for id_, one in sorted(pool.persons.items()):
        yield _text(id_, None if one.erased else one.key, one.barred_until)


def _interests(pool: Rebuilt) -> Iterator[Row]:
    for id_, one in sorted(pool.candidates.items()):
        yield _text(id_, one.person, one.state, one.submitted_at, one.expires_on, one.review_on)


def _kept(pool: Rebuilt) -> Iterator[tuple[int, Any]]:
    """Those whose facts must be there: all but the erased."""
    return ((id_, one) for id_, one in sorted(pool.candidates.items()) if not pool.persons[one.person].erased)


def _profiles(pool: Rebuilt) -> Iterator[Row]:
    return (_text(id_, one.profile.hex()) for id_, one in _kept(pool))


def _factors(pool: Rebuilt) -> Iterator[Row]:
    return (_text(id_, one.factors.hex()) for id_, one in _kept(pool))


def _standings(pool: Rebuilt) -> Iterator[Row]:
    for id_, one in sorted(pool.candidates.items()):
        for rule_set, s in sorted(one.scores.items()) if one.state in LIVE else ():
            yield _text(id_, rule_set, s.eligible, s.crs, one.submitted_at, s.program, " ".join(s.lists))


def _entries(pool: Rebuilt) -> Iterator[Row]:
    for id_, one in sorted(pool.candidates.items()):
        for rule_set, s in sorted(one.scores.items()) if one.state == "in_pool" else ():
            for name in sorted(s.lists):
                yield _text(id_, rule_set, name, s.crs, one.submitted_at)


def _rounds(pool: Rebuilt) -> Iterator[Row]:
    for event, body in pool.rounds:
        terms = terms_of(body["terms"])
        yield _text(
            body["number"], body["request_id"], terms.kind, terms.list, terms.size, terms.day, terms.digest,
            body["as_of"], event.actor, body["rule_set"], body["rule_set_digest"], body["invited"], body["cutoff"],
            body["tie_break"], body["invited_digest"], body["next_digest"], event.seq, event.hash,
        )  # fmt: skip


def _invitations(pool: Rebuilt) -> Iterator[Row]:
    for id_, one in sorted(pool.invitations.items()):
        yield _text(id_, one.round, one.interest, one.place, one.crs, one.program, one.state, one.answer_by)


def _batches(pool: Rebuilt) -> Iterator[Row]:
    return (_text(*key, *batch) for key, batch in sorted(pool.batches.items()))


def _submissions(pool: Rebuilt) -> Iterator[Row]:
    """What was answered: of a person erased no more than the answer, of others a digest of the whole."""
    for id_, person in sorted(pool.persons.items()):
        told: list[tuple[str, int | None]] = []
        for digest, why, crs, interest in person.answers:
            answer: dict[str, Any] = {
                "answer": "refused" if why else "accepted",
                "reason": why,
                "crs": crs,
                "findings": [],
            }
            told.append((canonical(answer if person.erased else [digest, why, crs]), interest))
        yield from sorted((_text(id_, *one) for one in told), key=_by_text)


def _by_text(row: Row) -> list[str]:
    return [one or "" for one in row]


def _read_submissions(rows: Iterator[Row]) -> Iterator[Row]:
    for _, of_person in groupby(rows, key=lambda row: row[0]):
        yield from sorted(map(_of_submission, of_person), key=_by_text)


def _of_submission(row: Row) -> Row:
    person, client_id, salt, digest, answer, interest = row
    read = _read(answer)
    if not isinstance(read, dict):
        return person, "", interest
    if salt is None:
        return person, canonical(read), interest
    whole = answer_digest(salt, client_id, digest or "", read)
    return person, canonical([whole, read.get("reason"), read.get("crs")]), interest


def _of_profile(row: Row) -> Row:
    interest, salt, version, facts = row
    read = _read(facts)
    known = isinstance(read, dict) and salt is not None
    return interest, profile_digest(salt or "", int(version or 0), read) if known else None


def _of_factors(row: Row) -> Row:
    interest, salt, factors = row
    read = _read(factors)
    return interest, None if salt is None or not isinstance(read, dict) else factors_digest(salt, read)


def _read(text: str | None) -> Any:
    try:
        return json.loads(text or "")
    except (ValueError, RecursionError):
        return None


_OF = Text("candidate", "candidat")
_PERSON = Text("person", "personne")
_SUBMITTED = Text("submission time", "heure de soumission")
_STATE = Text("state", "état")
_CRS = Text("score", "note")
_PROGRAM = Text("program", "programme")
_DIGEST = Text("digest", "empreinte")
_ANSWER_BY = Text("last day to answer", "dernier jour pour répondre")
_ROUND = Text("round", "ronde")
_RULE_SET = Text("rule set", "ensemble de règles")

TABLES = {
    "rule_set": Table(
        Text("rule sets", "ensembles de règles"), Text("rule set {n}", "ensemble de règles {n}"), _rule_sets, 1, 1,
        (Text("name", "nom"), Text("day of the law", "jour de la loi"), _DIGEST, _STATE),
    ),
    "person": Table(
        Text("people", "personnes"), Text("person {n}", "personne {n}"), _persons, 0, 1,
        (Text("key", "clé"), Text("end of the bar", "fin de l'exclusion")),
        free=lambda row: row[2] is None,
    ),
    "interest": Table(
        Text("candidates", "candidats"), Text("candidate {n}", "candidat {n}"), _interests, 1, 1,
        (_PERSON, _STATE, _SUBMITTED, Text("end of the term", "fin du terme"),
         Text("day of review", "jour de révision")),
    ),
    "submission": Table(
        Text("answers", "réponses"), Text("answer to person {n}", "réponse à la personne {n}"), _submissions, 0, 3, (),
        read=_read_submissions,
    ),
    "profile": Table(
        Text("facts", "faits"), Text("candidate {n}: facts", "candidat {n} : faits"), _profiles, 1, 1, (_DIGEST,),
        read=lambda rows: map(_of_profile, rows),
    ),
    "factors": Table(
        Text("derived facts", "faits dérivés"), Text("candidate {n}: derived facts", "candidat {n} : faits dérivés"),
        _factors, 1, 1, (_DIGEST,), read=lambda rows: map(_of_factors, rows),
    ),
    "standing": Table(
        Text("scores", "notes"), Text("candidate {n}: score", "candidat {n} : note"), _standings, 2, 2,
        (Text("eligibility", "admissibilité"), Text("points", "points"), _SUBMITTED, _PROGRAM, Text("lists", "listes")),
    ),
    "entry": Table(
        Text("lists", "listes"), Text("candidate {n}: list", "candidat {n} : liste"), _entries, 2, 3,
        (_CRS, _SUBMITTED),
    ),
    "round": Table(
        Text("rounds", "rondes"), Text("round {n}", "ronde {n}"), _rounds, 1, 1,
        (
            Text("request", "demande"), Text("kind", "genre"), Text("list", "liste"), Text("size", "nombre"),
            Text("day", "jour"), Text("terms", "termes"), Text("instant", "instant"), Text("actor", "acteur"),
            _RULE_SET,
            Text("digest of the rule set", "empreinte de l'ensemble de règles"), Text("invited", "invités"),
            Text("cut-off", "note minimale"), Text("tie-break", "bris d'égalité"),
            Text("list of the invited", "liste des invités"),
            Text("first candidate not invited", "premier candidat non invité"), Text("event", "événement"),
            Text("head of the chain", "tête de la chaîne"),
        ),
    ),
    "invitation": Table(
        Text("invitations", "invitations"), Text("invitation {n}", "invitation {n}"), _invitations, 1, 1,
        (_ROUND, _OF, Text("place", "rang"), _CRS, _PROGRAM, _STATE, _ANSWER_BY),
    ),
    "rescore_batch": Table(
        Text("batches of re-scorings", "lots de recalculs"),
        Text("batch of rule set {n}", "lot de l'ensemble de règles {n}"), _batches, 2, 2,
        (Text("last candidate", "dernier candidat"), _DIGEST),
    ),
}  # fmt: skip
"""The tables that decide; the columns are those of the statements `rows_…`."""
