"""Many people: a row each, side by side, under two laws, or as lines of JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from expressentry.answers.basis import law_record
from expressentry.answers.facts import given
from expressentry.answers.why import CATEGORY, PROGRAM, WORDS
from expressentry.assess.compare import Comparison, Differences
from expressentry.assess.person.explain import Line
from expressentry.assess.person.readings import Assessment
from expressentry.errors import Problem
from expressentry.law.grid.tree import Node
from expressentry.law.rule_set import RuleSet
from expressentry.text import Lang, Text, same

if TYPE_CHECKING:
    from expressentry.answers.records.person import (
        ComparisonRecord,
        FlowRecord,
        GainsAndLossesRecord,
        GainsRecord,
        MovedRecord,
    )

Row = dict[str, Any]
"""A client in a table: its columns follow the categories of the day."""

_ORDER = ("fsw", "cec", "fst", "pnp")


def columns_on(rules: RuleSet) -> list[str]:
    """The columns of a table of clients on a day."""
    categories = [one.category for one in rules.categories]
    found = ["client", "crs", "crs_low", "crs_high", "rule_set", "current", "first_language", *_ORDER, "program"]
    return [*found, *categories, "missing", "doubts", "problems"]


def answered_row(name: str, found: Assessment, lang: Lang) -> Row:
    """The row of a client who could be assessed; `crs` is empty where readings differ.

    Where so much is open that not every reading was tried, that comes first among the doubts.
    """
    limit = () if found.bounded is None else (found.bounded,)
    return {
        "client": name,
        "crs": found.total,
        "crs_low": found.totals[0],
        "crs_high": found.totals[-1],
        "rule_set": found.rules.crs.id,
        "current": found.rules.established,
        "first_language": found.first_language,
        **{id_: PROGRAM[answer] for id_, answer in found.programs.items()},
        "program": found.program,
        **{id_: CATEGORY[answer] for id_, answer in found.categories.items()},
        "missing": " ".join(found.missing) or None,
        "doubts": "; ".join(one.say(lang) for one in (*limit, *(doubt.open for doubt in found.doubts))) or None,
        "problems": None,
    }


def failed_row(name: str, problems: Iterable[Problem], rules: RuleSet, lang: Lang) -> Row:
    """The row of a client who could not: everything empty but what is wrong."""
    told = " | ".join(problem.say(lang) for problem in problems)
    return {**dict.fromkeys(columns_on(rules)), "client": name, "problems": told}


def counted(done: int, failed: int) -> Text:
    """How many clients there were, and how many could not be done."""
    return Text("clients {n}, done {d}, failed {f}", "clients {n}, faits {d}, échoués {f}").fill(
        n=done + failed, d=done, f=failed
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """One row of people side by side: what is compared, the value of each person as data and in words."""

    id: str
    part: str
    title: Text
    values: tuple[Any, ...]
    told: tuple[Text, ...]

    @property
    def differs(self) -> bool:
        """Whether not all persons have the same value."""
        return any(value != self.values[0] for value in self.values)


def compare(people: Sequence[Assessment]) -> list[Compared]:
    """People side by side: every row, in the order in which an assessment has them."""
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
    """The lines of the grid, the sections first among their own; what was given is shown beside the points."""
    nodes = {node.id: node for node in people[0].rules.crs.root.walk()}
    for lines in zip(*(one.lines[1:] for one in people), strict=True):
        values, node = tuple(map(_value, lines)), nodes[lines[0].id]
        depth = lines[0].id.count(".")
        title = Text("{s}{t}", "{s}{t}").fill(s="  " * depth, t=lines[0].title)
        told = tuple(_points(line, node, one.first_language) for one, line in zip(people, lines, strict=True))
        yield Compared(lines[0].id, "lines", title, values, told)


def _value(line: Line) -> dict[str, Any] | None:
    return None if line.status == "not_applicable" else {"points": line.points, "given": line.given}


def _points(line: Line, node: Node, first_language: str) -> Text:
    if line.status == "not_applicable":
        return same("–")
    words = given(line, node, first_language)
    return Text("{n} ({g})", "{n} ({g})").fill(n=line.points, g=words) if words.en else same(line.points)


def _answers(people: Sequence[Assessment]) -> Iterator[Compared]:
    titles = {id_: one.program.title for id_, one in people[0].first.programs.items()}
    for id_, title in titles.items():
        programs = tuple(PROGRAM[one.programs[id_]] for one in people)
        yield Compared(id_, "programs", title, programs, tuple(WORDS[value] for value in programs))
    labels = {one.law.category: one.law.label for one in people[0].first.categories}
    for id_, label in labels.items():
        categories = tuple(CATEGORY[one.categories[id_]] for one in people)
        yield Compared(id_, "categories", label, categories, tuple(WORDS[value] for value in categories))
    open_ = tuple(len(one.doubts) for one in people)
    yield Compared("doubts", "doubts", Text("Open questions", "Questions ouvertes"), open_, tuple(map(same, open_)))


def comparison_record(names: Sequence[str], rules: RuleSet, rows: Iterable[Compared], lang: Lang) -> ComparisonRecord:
    """People side by side as plain data."""
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


MOVED_COLUMNS = (
    "client", "outcome", "crs_before", "crs_after", "change_low", "change_high",
    "programs_gained", "programs_lost", "programs_open",
    "categories_entered", "categories_left", "categories_open",
)  # fmt: skip


def moved_row(name: str, one: Comparison) -> MovedRecord:
    """One client under two laws; a score is empty where readings differ, `open` is what one of the laws leaves open."""
    gained, lost, open_ = (" ".join(ids) for ids in _parted(one.programs))
    entered, left, undecided = (" ".join(ids) for ids in _parted(one.categories))
    return {
        "client": name,
        "outcome": one.outcome,
        "crs_before": one.before.total,
        "crs_after": one.after.total,
        "change_low": one.changes[0],
        "change_high": one.changes[-1],
        "programs_gained": gained,
        "programs_lost": lost,
        "programs_open": open_,
        "categories_entered": entered,
        "categories_left": left,
        "categories_open": undecided,
    }


def _parted(moves: Differences) -> tuple[list[str], list[str], list[str]]:
    """Those that came, those that went, and those that one side leaves open."""
    came = [id_ for id_, (old, new) in moves.items() if old is False and new]
    went = [id_ for id_, (old, new) in moves.items() if old and new is False]
    return came, went, [id_ for id_ in moves if id_ not in (*came, *went)]


def gains_record(found: Sequence[Comparison]) -> GainsRecord:
    """How many gain, lose and stay, the mean change of those whose change is known, and who comes and goes where."""
    outcomes = Counter(one.outcome for one in found)
    known = [one.changes[0] for one in found if len(one.changes) == 1]
    return {
        "clients": len(found),
        "gains": outcomes["gains"],
        "loses": outcomes["loses"],
        "same": outcomes["same"],
        "cannot_tell": outcomes["cannot_tell"],
        "mean_change": round(sum(known) / len(known), 2) if known else None,
        "programs": _flows([one.programs for one in found]),
        "categories": _flows([one.categories for one in found]),
    }


def _flows(all_moves: Sequence[Differences]) -> dict[str, FlowRecord]:
    flows: dict[str, FlowRecord] = {}
    for moves in all_moves:
        came, went, open_ = _parted(moves)
        for id_ in (*came, *went, *open_):
            flow = flows.setdefault(id_, {"entered": 0, "left": 0, "open": 0})
            flow["entered"] += id_ in came
            flow["left"] += id_ in went
            flow["open"] += id_ in open_
    return flows


def gains_and_losses_record(
    found: Sequence[tuple[str, Comparison]],
    laws: tuple[RuleSet, RuleSet],
    failures: Sequence[str],
    on: date,
    lang: Lang,
) -> GainsAndLossesRecord:
    """Clients under two laws as plain data."""
    before, after = laws
    return {
        "as_of": on.isoformat(),
        "law": {"before": law_record(before, lang), "after": law_record(after, lang)},
        "summary": {**gains_record([one for _, one in found]), "failed": len(failures)},
        "clients": [moved_row(name, one) for name, one in found],
        "failures": list(failures),
    }
