"""What a profile says on a day, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expressentry.factors.derive import Because, Derived, Doubt
from expressentry.text import Lang


def derived_record(derived: Derived, lang: Lang = "en") -> dict[str, Any]:
    """The factors of a day with their reasons, what is open, and every reading of it."""
    return {
        "as_of": derived.on.isoformat(),
        "facts": dict(derived.facts),
        "because": {column: _because(why, lang) for column, why in derived.because.items()},
        "doubts": [_doubt(doubt, lang) for doubt in derived.doubts],
        "readings": [
            {
                "assumed": dict(reading.assumed),
                "differs": differences(derived.facts, reading.facts),
                "reports": [list(choice.reports) for choice in reading.report_choices],
            }
            for reading in derived.readings
        ],
        "bounded": derived.bounded,
    }


def differences(first: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of a reading that are not those of the first."""
    return {column: value for column, value in other.items() if value != first[column]}


def _because(why: Because, lang: Lang) -> dict[str, str | None]:
    return {"text": why.text.say(lang), "place": why.place.say(lang) if why.place else None}


def _doubt(doubt: Doubt, lang: Lang) -> dict[str, Any]:
    return {
        "id": doubt.id,
        "open": doubt.open.say(lang),
        "missing": doubt.missing.say(lang),
        "law": doubt.law,
        "place": doubt.place.say(lang) if doubt.place else None,
        "options": {name: option.say(lang) for name, option in doubt.options.items()},
    }
