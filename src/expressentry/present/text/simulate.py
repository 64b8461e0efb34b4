"""Scenarios and runs as text for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.dates import long_days
from expressentry.present.text.console import show, table
from expressentry.present.text.rounds import number
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from expressentry.law.round_names import RoundNames
    from expressentry.simulate.scenario.model import Scenario

_SCENARIOS = Text("scenario|what it is|against", "scénario|ce que c'est|face à")
_RUNS = Text(
    "seed|entered|applied|let the invitation lapse|withdrew|no longer eligible|expired|still here",
    "graine|entrés|demande présentée|invitation devenue caduque|retirés|plus admissibles|expirés|encore là",
)
"""Who entered is who left, in each way, and who is still here."""
_LEFT = ("applied", "lapsed", "withdrawn", "not_eligible", "expired")
HEADINGS = Text(
    "{of}|baseline|scenario|change|over seeds|over calibrations",
    "{of}|référence|scénario|écart|sur les graines|sur les calibrages",
)
"""Of a table of changes."""
_CUTOFFS = Text("{s}: mean cut-off by type of round", "{s} : note minimale moyenne par type de ronde")
_ASSUMES = Text("What it supposes", "Ce qu'il suppose")
_SILENT = Text("What it does not say", "Ce qu'il ne dit pas")


def print_scenarios(scenarios: Sequence[Scenario], lang: Lang) -> None:
    """Write the list of scenarios."""
    rows = [[one.id, one.title.say(lang), one.baseline or "–"] for one in scenarios]
    show(table(_SCENARIOS.say(lang).split("|"), rows))


def print_scenario(scenario: Scenario, lang: Lang) -> None:
    """Write the documentation of a scenario."""
    show(*_documentation(scenario, lang))


def print_run(scenario: Scenario, summaries: Sequence[Mapping[str, Any]], folder: str, lang: Lang) -> None:
    """Write what a run supposed and the books of each of its seeds."""
    rows = [
        [
            one["seed"],
            number(one["entries"], lang),
            *(number(one["exits"][how], lang) for how in _LEFT),
            number(one["stock"], lang),
        ]
        for one in summaries
    ]
    where = Text("Results: {f}", "Résultats : {f}").fill(f=folder).say(lang)
    show(*_documentation(scenario, lang), table(_RUNS.say(lang).split("|"), rows, right=range(1, 8)), where)


def print_comparison(record: Mapping[str, Any], names: RoundNames, lang: Lang) -> None:
    """Write by how much each scenario moves the cut-offs; the report has the rest."""
    name, parts = list_namer(names), list[RenderableType]()
    for scenario in record["scenarios"]:
        rows = [
            [
                name(row["list"]).say(lang),
                *(shown(row[key], lang) for key in ("baseline", "value", "change")),
                *(band(row[key], lang) for key in ("seeds", "calibrations")),
            ]
            for row in record["cutoffs"]
            if row["scenario"] == scenario["name"]
        ]
        headings = HEADINGS.fill(of=Text("round", "ronde")).say(lang).split("|")
        parts += [
            Styled(_CUTOFFS.fill(s=titled(scenario)).say(lang), style="bold"),
            table(headings, rows, right=(1, 2, 3, 4, 5)),
            "",
        ]
    show(*parts)


def titled(scenario: Mapping[str, Any]) -> str:
    """The title of a scenario that is documented, with the values of its open numbers."""
    titles = scenario["number_titles"]
    told = ", ".join(f"{titles.get(name, name)} = {value}" for name, value in scenario["numbers"].items())
    return f"{scenario['title']} ({told})" if told else str(scenario["title"])


def shown(value: float | None, lang: Lang) -> str:
    """A figure of a comparison."""
    if value is None:
        return "–"
    if abs(value) >= 1000:
        return number(round(value), lang)
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if lang == "fr" else text


def band(ends: Sequence[float] | None, lang: Lang) -> str:
    """The lowest and the highest of a change."""
    return "–" if ends is None else f"{shown(ends[0], lang)} … {shown(ends[1], lang)}"


def list_namer(names: RoundNames) -> Callable[[str], Text]:
    """The name of a list of rounds by its key."""

    def name(of: str) -> Text:
        return names.label("category", of, None) if of in names.categories else names.label(of, None, None)

    return name


def _documentation(scenario: Scenario, lang: Lang) -> list[RenderableType]:
    days = long_days(scenario.first, scenario.last).say(lang)
    found: list[RenderableType] = [
        Styled(scenario.title.say(lang), style="bold"),
        f"{days[:1].upper()}{days[1:]}. {scenario.reference.say(lang)}",
    ]
    for heading, texts in ((_ASSUMES, scenario.assumptions), (_SILENT, scenario.does_not_say)):
        found.append(Styled(f"\n{heading.say(lang)}", style="bold"))
        found += [f"- {one.say(lang)}" for one in texts]
    return [*found, ""]
