"""The factors of a profile on a day, as text: each with its reason, then what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.answers.facts import fact
from expressentry.answers.person import differences
from expressentry.assess.person.readings import BOUNDED
from expressentry.dates import long_day
from expressentry.factors.derive import Derived
from expressentry.law.schema import Column, Columns
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text

_HEADINGS = Text("factor|value|why|source", "facteur|valeur|raison|source")


def print_derived(derived: Derived, columns: Columns, lang: Lang) -> None:
    """Write every factor of a day with its reason; then each open question with what it changes."""
    title = Text("Factors on {day}", "Facteurs au {day}").fill(day=long_day(derived.on)).say(lang)
    rows = [
        [
            columns[column].title.say(lang),
            _value(columns[column], derived.facts[column], lang),
            *_why(derived, column, lang),
        ]
        for column in sorted(derived.because, key=lambda column: column.startswith("partner_"))
    ]
    show(
        Styled(title, style="bold"),
        table(_HEADINGS.say(lang).split("|"), _merged(rows)),
        *_open(derived, columns, lang),
    )


def _merged(rows: list[list[object]]) -> Iterator[list[object]]:
    """The rows; a reason that is that of the row above is left out."""
    above: list[object] = []
    for row in rows:
        yield row if row[2:] != above else [*row[:2], "″", ""]
        above = row[2:]


def _why(derived: Derived, column: str, lang: Lang) -> list[object]:
    why = derived.because[column]
    return [why.text.say(lang), Styled(why.place.say(lang) if why.place else "", style="dim")]


def _open(derived: Derived, columns: Columns, lang: Lang) -> Iterator[RenderableType]:
    if not derived.doubts:
        yield Text("There is no open question.", "Il n'y a aucune question ouverte.").say(lang)
        return
    yield Styled(Text("Open questions:", "Questions ouvertes :").say(lang), style="bold")
    for number, doubt in enumerate(derived.doubts, 1):
        place = f" [{doubt.place.say(lang)}]" if doubt.place else ""
        yield f"  {number}. {doubt.open.say(lang)}{place}"
        settles = Text("what would answer it: {missing}", "ce qui y répondrait : {missing}")
        yield f"     {settles.fill(missing=doubt.missing).say(lang)}"
    yield Styled(Text("What each answer gives:", "Ce que donne chaque réponse :").say(lang), style="bold")
    named = {doubt.id: doubt for doubt in derived.doubts}
    told = set()
    for reading in derived.readings:  # readings that differ only in what is said nowhere are one line
        assumed = "; ".join(named[name].options[option].say(lang) for name, option in reading.assumed.items())
        changed = differences(derived.facts, reading.facts)
        line = "  " + Text("{a}: {d}", "{a} : {d}").fill(a=assumed, d=_differ(changed, columns, lang)).say(lang)
        if line not in told:
            told.add(line)
            yield line
    if derived.bounded:
        yield BOUNDED.say(lang)


def _differ(changed: Mapping[str, Any], columns: Columns, lang: Lang) -> str:
    if not changed:
        return Text("the factors above", "les facteurs ci-dessus").say(lang)
    wording = Text("{t} = {v}", "{t} = {v}")
    parts = [wording.fill(t=columns[name].title, v=fact(columns[name], value)) for name, value in changed.items()]
    return Text("; ", "; ").join(parts).say(lang)


def _value(column: Column, value: Any, lang: Lang) -> str:
    """A value in words; each occupation with months on a line of its own."""
    return "\n".join(fact(column, value).say(lang).split("; "))
