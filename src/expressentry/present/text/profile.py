"""What a profile says on a day, as text: the factors with their reasons, then what is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.answers.person import differences
from expressentry.dates import long_day
from expressentry.factors.derive import Derived
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text

_HEADINGS = Text("factor|value|why|source", "facteur|valeur|pourquoi|source")
_NONE = Text("not known", "inconnu")


def print_derived(derived: Derived, lang: Lang) -> None:
    """Write every factor of a day with its reason; then each doubt with what it changes."""
    title = Text("Factors on {day}", "Facteurs au {day}").fill(day=long_day(derived.on)).say(lang)
    rows = [
        [column, _value(derived.facts[column], lang), *_why(derived, column, lang)]
        for column in sorted(derived.because, key=lambda column: column.startswith("partner_"))
    ]
    show(Styled(title, style="bold"), table(_HEADINGS.say(lang).split("|"), _merged(rows)), *_open(derived, lang))


def _merged(rows: list[list[object]]) -> Iterator[list[object]]:
    """The rows, a reason that is that of the row above left away."""
    above: list[object] = []
    for row in rows:
        yield row if row[2:] != above else [*row[:2], "″", ""]
        above = row[2:]


def _why(derived: Derived, column: str, lang: Lang) -> list[object]:
    why = derived.because[column]
    return [why.text.say(lang), Styled(why.place.say(lang) if why.place else "", style="dim")]


def _open(derived: Derived, lang: Lang) -> Iterator[RenderableType]:
    if not derived.doubts:
        yield Text("Nothing is open.", "Rien n'est ouvert.").say(lang)
        return
    yield Styled(Text("Open:", "Ouvert :").say(lang), style="bold")
    for number, doubt in enumerate(derived.doubts, 1):
        place = f" [{doubt.place.say(lang)}]" if doubt.place else ""
        yield f"  {number}. {doubt.open.say(lang)}{place}"
        settles = Text("what would settle it: {missing}", "ce qui trancherait : {missing}")
        yield f"     {settles.fill(missing=doubt.missing).say(lang)}"
    yield Styled(Text("Readings:", "Lectures :").say(lang), style="bold")
    named = {doubt.id: doubt for doubt in derived.doubts}
    for reading in derived.readings:
        assumed = "; ".join(named[name].options[option].say(lang) for name, option in reading.assumed.items())
        changed = differences(derived.facts, reading.facts)
        yield f"  {assumed}: {_differ(changed, lang)}" if lang == "en" else f"  {assumed} : {_differ(changed, lang)}"
    if derived.bounded:
        yield _BOUNDED.say(lang)


def _differ(changed: Mapping[str, Any], lang: Lang) -> str:
    if not changed:
        return Text("the factors above", "les facteurs ci-dessus").say(lang)
    return ", ".join(f"{column} = {_value(value, lang)}" for column, value in changed.items())


def _value(value: Any, lang: Lang) -> str:
    if value is None:
        return _NONE.say(lang)
    if isinstance(value, bool):
        return (Text("yes", "oui") if value else Text("no", "non")).say(lang)
    if isinstance(value, list):
        return "\n".join(_months(one, lang) for one in value) or "–"
    return str(value)


def _months(one: Mapping[str, Any], lang: Lang) -> str:
    wording = Text(
        "{noc}: {months} months, run {run}, in Canada {canada_months}",
        "{noc} : {months} mois, suite {run}, au Canada {canada_months}",
    )
    return wording.fill(**one).say(lang)


_BOUNDED = Text(
    "So many doubts that not every combination of them was tried.",
    "Tant de doutes que leurs combinaisons n'ont pas toutes été essayées.",
)
