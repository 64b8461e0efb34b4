"""People side by side: score, sections, lines, programs and categories, and where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from rich.text import Text as Styled

from expressentry.assess.person.explain import Line
from expressentry.assess.person.readings import Assessment
from expressentry.dates import long_day
from expressentry.present.records.person import law_record
from expressentry.present.text.console import show, table
from expressentry.present.text.why import CATEGORY, PROGRAM, WORDS
from expressentry.text import Lang, Text, same

_MARK = "≠"
_NONE = Text("–", "–")


@dataclass(frozen=True, slots=True)
class Compared:
    """One row: what is compared, the value of each person as data and in words, and whether they differ."""

    id: str
    part: str
    title: Text
    values: tuple[Any, ...]
    told: tuple[Text, ...]

    @property
    def differs(self) -> bool:
        """Whether not all persons have the same value."""
        return any(value != self.values[0] for value in self.values)


def compared(people: Sequence[Assessment]) -> list[Compared]:
    """Every row of a comparison, in the order in which an assessment tells them."""
    return [*_score(people), *_lines(people), *_answers(people)]


def _score(people: Sequence[Assessment]) -> Iterator[Compared]:
    totals = tuple(list(one.totals) for one in people)
    told = tuple(same("–".join(map(str, dict.fromkeys((one[0], one[-1]))))) for one in totals)
    yield Compared("crs", "score", Text("CRS score", "Note du SCG"), totals, told)
    used = tuple(one.first_language for one in people)
    labels = people[0].rules.crs.columns["first_language"].labels
    yield Compared(
        "first_language", "score", Text("First language", "Première langue"), used, tuple(labels[one] for one in used)
    )


def _lines(people: Sequence[Assessment]) -> Iterator[Compared]:
    """The lines of the grid, the sections first among their own; what was given stands beside the points."""
    for lines in zip(*(one.lines[1:] for one in people), strict=True):
        values = tuple(map(_value, lines))
        depth = lines[0].id.count(".")
        title = Text("{s}{t}", "{s}{t}").fill(s="  " * depth, t=lines[0].title)
        yield Compared(lines[0].id, "lines", title, values, tuple(map(_points, lines)))


def _value(line: Line) -> dict[str, Any] | None:
    return None if line.status == "not_applicable" else {"points": line.points, "given": line.given}


def _points(line: Line) -> Text:
    if line.status == "not_applicable":
        return _NONE
    if line.given is None:
        return same(line.points)
    given = line.given if isinstance(line.given, list) else [line.given]
    plain = " ".join("–" if one is None else str(one).lower() if isinstance(one, bool) else str(one) for one in given)
    return same(f"{line.points} ({plain})")


def _answers(people: Sequence[Assessment]) -> Iterator[Compared]:
    titles = {id_: one.program.title for id_, one in people[0].first.programs.items()}
    for id_, title in titles.items():
        values = tuple(PROGRAM[one.programs[id_]] for one in people)
        yield Compared(id_, "programs", title, values, tuple(WORDS[value] for value in values))
    labels = {one.law.category: one.law.label for one in people[0].first.categories}
    for id_, label in labels.items():
        values = tuple(CATEGORY[one.categories[id_]] for one in people)
        yield Compared(id_, "categories", label, values, tuple(WORDS[value] for value in values))
    open_ = tuple(len(one.doubts) for one in people)
    yield Compared("doubts", "doubts", Text("Open questions", "Questions ouvertes"), open_, tuple(map(same, open_)))


def comparison_record(names: Sequence[str], people: Sequence[Assessment], rows: Iterable[Compared], lang: Lang) -> Any:
    """A comparison as plain data."""
    rules = people[0].rules
    return {
        "as_of": rules.day.isoformat(),
        "law": law_record(rules, lang),
        "people": list(names),
        "rows": [
            {
                "id": row.id,
                "part": row.part,
                "title": row.title.say(lang).strip(),
                "values": list(row.values),
                "differs": row.differs,
            }
            for row in rows
        ],
    }


def print_comparison(names: Sequence[str], people: Sequence[Assessment], rows: Sequence[Compared], lang: Lang) -> None:
    """Write a comparison; rows that differ are marked."""
    rules = people[0].rules
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
