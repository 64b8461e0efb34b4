"""People side by side, as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text as Styled

from expressentry.answers.clients import Compared
from expressentry.dates import long_day
from expressentry.law.rule_set import RuleSet
from expressentry.present.text.console import show, table
from expressentry.text import Lang, Text

_MARK = "≠"


def print_comparison(names: Sequence[str], rules: RuleSet, rows: Sequence[Compared], lang: Lang) -> None:
    """Write a comparison; rows that differ are marked."""
    headline = Text(
        "{n} side by side · {d} · {g} · {k} rows differ ({m})",
        "{n} côte à côte · {d} · {g} · {k} lignes diffèrent ({m})",
    )
    differing = sum(row.differs for row in rows)
    told = headline.fill(n=len(names), d=long_day(rules.day), g=rules.label, k=differing, m=_MARK)
    drawn = [
        [
            Styled(_MARK if row.differs else "", style="yellow"),
            Styled(
                row.title.say(lang),
                style="bold" if row.part == "score" or ("." not in row.id and row.part == "lines") else "",
            ),
            *(Styled(one.say(lang), style="" if row.differs else "dim") for one in row.told),
        ]
        for row in rows
    ]
    show(Styled(told.say(lang), style="bold"), table(["", "", *names], drawn))
