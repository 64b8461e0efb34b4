"""The instruments: what set a number, when, how sure we are, and the place in them that a number cites."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from expressentry.law.source import Fields, Source
from expressentry.text import Text, same

KINDS = (
    "ministerial_instruction",
    "public_policy",
    "program_update",
    "guidance",
    "consolidation",
    "consultation",
    "regulations",
    "act",
)
STATUSES = ("in_force", "published", "proposed", "unestablished")
CONFIDENCES = ("primary", "three_secondary", "one_source", "unverified")
ADD_INSTRUMENT = Text("add its record to the instruments", "ajouter sa fiche aux instruments")


@dataclass(frozen=True, slots=True)
class Instrument:
    """A text with legal effect, or announced to have it; `doubt` says in words what is not known of it."""

    id: str
    kind: str
    status: str
    title: Text
    in_force: date | None
    checked: date
    confidence: str
    address: str
    signed: date | None = None
    published: date | None = None
    doubt: Text | None = None
    replaces: str | None = None
    user: bool = False

    def record(self) -> dict[str, Any]:
        """The instrument as plain data, texts in both languages."""
        texts = {"title": self.title._asdict(), "doubt": self.doubt._asdict() if self.doubt else None}
        days = {key: day.isoformat() if day else None for key, day in self._days().items()}
        plain = {"id": self.id, "kind": self.kind, "status": self.status, "title": texts["title"]}
        return {**plain, **days, "confidence": self.confidence, "address": self.address, "doubt": texts["doubt"]}

    def _days(self) -> dict[str, date | None]:
        return {"signed": self.signed, "published": self.published, "in_force": self.in_force, "checked": self.checked}


@dataclass(frozen=True, slots=True)
class Cite:
    """Where a number comes from: an instrument and a place in it."""

    instrument: Instrument
    place: Text
    confidence: str
    doubt: Text | None = None


def read_instruments(
    source: Source, table: Mapping[str, Any], path: tuple[str, ...], *, user: bool
) -> dict[str, Instrument]:
    """Read the records of a table `id → record`."""
    return {id_: _read(Fields(source, (*path, id_), record), id_, user) for id_, record in table.items()}


def _read(fields: Fields, id_: str, user: bool) -> Instrument:
    status = fields.choice("status", STATUSES)
    instrument = Instrument(
        id=id_,
        kind=fields.choice("kind", KINDS),
        status=status,
        title=fields.text("title") or same(""),
        in_force=fields.day("in_force", required=status != "proposed"),
        checked=fields.day("checked") or date.min,
        confidence=fields.choice("confidence", CONFIDENCES),
        address=fields.string("address") or "",
        signed=fields.day("signed", required=False),
        published=fields.day("published", required=False),
        doubt=fields.text("doubt", required=False),
        replaces=fields.string("replaces", required=False),
        user=user,
    )
    fields.close()
    return instrument


_SHORT = {
    "act": Text("IRPA", "LIPR"),
    "regulations": Text("IRPR", "RIPR"),
    "ministerial_instruction": Text("instructions", "instructions"),
}


def provision(cite: Cite) -> Text:
    """The place that a cite names, with its instrument in short: "instructions, s. 15"."""
    one = cite.instrument
    short = one.title if one.kind == "act" and not one.id.startswith("irpa") else _SHORT.get(one.kind, one.title)
    return Text("{i}, {p}", "{i}, {p}").fill(i=short, p=cite.place)


def read_cite(
    fields: Fields, instrument: str, instruments: Mapping[str, Instrument], in_force: date | None, *, named: bool
) -> Cite:
    """Read `place`, `doubt` and `confidence` of a place whose instrument is named or inherited."""
    place = fields.text("place") or same("")
    doubt = fields.text("doubt", required=False)
    record = instruments.get(instrument)
    if record is None:
        record = next(iter(instruments.values()))
    if instrument and instrument not in instruments:
        rule = Text("unknown instrument", "instrument inconnu")
        fields.wrong("unknown_instrument", "instrument", rule, ADD_INSTRUMENT, instrument)
    begun = record.in_force or date.max
    if in_force is not None and begun > in_force:
        rule = Text("an instrument sets numbers from its own day on", "un texte fixe des nombres dès son propre jour")
        fix = Text("cite the instrument that set it", "citer le texte qui l'a fixé")
        fields.wrong("too_early", "instrument" if named else "place", rule, fix, record.id)
    confidence = fields.choice("confidence", CONFIDENCES, default=record.confidence)
    return Cite(record, place, confidence, doubt)
