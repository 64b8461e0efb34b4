"""Reading what a place cites: the instrument it names or inherits, the place in it, and how sure that is."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from expressentry.law.instruments import CONFIDENCES, Cite, Instrument
from expressentry.law.source import Fields
from expressentry.text import Text, same

ADD_INSTRUMENT = Text("add its record to the instruments", "ajouter sa fiche aux instruments")


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
