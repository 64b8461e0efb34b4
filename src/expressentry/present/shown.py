"""Answers of the library as text and as HTML tables, to be looked at at a prompt or in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stdout
from html import escape
from importlib.util import find_spec
from io import StringIO
from typing import Any

from expressentry.law.instruments import Cite
from expressentry.law.verify.links import link
from expressentry.text import Lang

_MOST_ROWS = 50

Table = tuple[str, Sequence[str], Iterable[Sequence[object]]]
"""A caption, headings and rows."""


def text_of(answer: object, lang: Lang) -> str:
    """What the command line prints of an answer; its one line where it prints nothing of the kind."""
    write = _TEXTS.get(type(answer).__name__)
    if write is None:
        return repr(answer)
    with redirect_stdout(StringIO()) as written:
        write(answer, lang)
    return written.getvalue().rstrip("\n")


def html_of(answer: object) -> str:
    """An answer as an HTML table; its text where it is no table."""
    make = _TABLES.get(type(answer).__name__)
    if make is None:
        return f"<pre>{escape(str(answer))}</pre>"
    caption, headings, rows = make(answer)
    drawing = _drawn(answer)
    head = "".join(f"<th>{escape(one)}</th>" for one in headings)
    body = "".join(f"<tr>{''.join(f'<td>{_cell(one)}</td>' for one in row)}</tr>" for row in rows)
    top = f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
    return f"{drawing}<table>{top}<tbody>{body}</tbody></table>"


def _drawn(answer: object) -> str:
    """The chart of an answer that has one, where what draws it is installed; it is data beside the table."""
    draw = _CHARTS.get(type(answer).__name__)
    if draw is None or find_spec("altair") is None or find_spec("vl_convert") is None:
        return ""
    from expressentry.present.charts.save import as_svg

    return as_svg(draw(answer), "en").decode()


def _cell(value: object) -> str:
    if isinstance(value, Cite):
        where = escape(f"{value.instrument.id}, {value.place.en}")
        return f'<a href="{escape(link(value, "en"))}">{where}</a>'
    return "" if value is None else escape(str(value))


def _person(answer: Any, lang: Lang) -> None:
    from expressentry.present.text.person import print_person
    from expressentry.rounds.load import load_record

    print_person(answer, load_record(), lang)


def _derived(answer: Any, lang: Lang) -> None:
    from expressentry.law.load import load_law
    from expressentry.present.text.profile import print_derived

    print_derived(answer, load_law().on(answer.on).crs.columns, lang)


def _plans(answer: Any, lang: Lang) -> None:
    from expressentry.present.text.plan import print_plans

    print_plans(answer, lang)


def _invited(answer: Any, lang: Lang) -> None:
    from expressentry.present.text.invited import print_invited

    print_invited(answer.profile, answer, answer.received, None, lang)


def _replay(answer: Any, lang: Lang) -> None:
    from expressentry.present.text.rounds import print_replay

    print_replay(answer, [one for one in answer.rounds if one.answer is not False], lang)


def _rounds(answer: Any, lang: Lang) -> None:
    from expressentry.present.text.rounds import print_rounds

    print_rounds(answer.rounds[: -_MOST_ROWS - 1 : -1], lang)


def _timeline(answer: Any, lang: Lang) -> None:
    from expressentry.present.text.timeline import print_timeline

    print_timeline(answer.first, answer, answer, answer.until, lang)


_TEXTS: dict[str, Callable[[Any, Lang], None]] = {
    "Assessment": _person,
    "Derived": _derived,
    "Plans": _plans,
    "Invited": _invited,
    "Replay": _replay,
    "Record": _rounds,
    "TimelineEvents": _timeline,
}


def _person_table(answer: Any) -> Table:
    from expressentry.answers.why import PROGRAM, WORDS
    from expressentry.present.text.console import headline, shown_lines

    programs = {id_: one.program.title.en for id_, one in answer.first.programs.items()}
    lines = [(line.title.en, line.points, line.maximum, line.cites[0]) for line in shown_lines(answer.first)]
    found = [(title, WORDS[PROGRAM[answer.programs[id_]]].en, "", "") for id_, title in programs.items()]
    return headline(answer, "en").plain, ("", "points", "of", "source"), [*lines, *found]


def _timeline_chart(answer: Any) -> Any:
    from expressentry.present.charts.timeline import timeline_chart, timeline_data

    return timeline_chart(timeline_data(answer.first, answer, answer.until, "en"), "en")


def _timeline_table(answer: Any) -> Table:
    from expressentry.present.text.timeline import score, signed

    rows = [
        (one.date, score(one.after.totals).en, signed(one), "; ".join(cause.text.en for cause in one.causes))
        for one in answer
    ]
    return answer._in_short(), ("day", "points", "change", "what happens"), rows


def _plan_chart(answer: Any) -> Any:
    from expressentry.present.charts.plan import plan_chart, plan_data

    return plan_chart(plan_data(answer, "en"), "en")


def _plans_table(answer: Any) -> Table:
    rows = [
        (one.plan.crs, one.plan.ready_on, "–".join(map(str, one.plan.cost_cad)), " + ".join(_titles(one.plan)))
        for one in answer.front
    ]
    return answer._in_short(), ("points", "ready", "cost CAD", "steps"), rows


def _titles(plan: Any) -> list[str]:
    return [step.move.title.en for step in plan.steps] or ["nothing"]


def _replay_table(answer: Any) -> Table:
    from expressentry.rounds.replay import INVITED

    rows = [
        (
            one.round.number,
            one.round.date,
            one.round.label.en,
            one.round.cutoff,
            INVITED[one.answer].replace("_", " "),
            one.reason.en,
        )
        for one in reversed(answer.rounds)
    ]
    return answer._in_short(), ("round", "date", "kind", "cut-off", "answer", "why"), rows


def _record_table(answer: Any) -> Table:
    newest = answer.rounds[: -_MOST_ROWS - 1 : -1]
    rows = [(one.number, one.date, one.label.en, one.invitations, one.cutoff) for one in newest]
    return f"{answer._in_short()}; the newest {len(rows)}", ("round", "date", "kind", "invitations", "cut-off"), rows


def _derived_table(answer: Any) -> Table:
    from expressentry.law.load import load_law
    from expressentry.law.schema import value_of

    columns = load_law().on(answer.on).crs.columns
    rows = [
        (
            columns[name].title.en,
            _listed(answer.facts[name]) or value_of(columns[name], answer.facts[name]).en,
            why.text.en,
        )
        for name, why in answer.because.items()
    ]
    return answer._in_short(), ("factor", "value", "why"), rows


def _listed(value: object) -> str:
    """Months in each occupation, which is a list."""
    return ", ".join(f"{one['noc']}: {one['months']}" for one in value) if isinstance(value, list) else ""


def _invited_table(answer: Any) -> Table:
    from expressentry.answers.invitation import reason, word

    rows = [(check.title.en, word(check).en, reason(answer, check).en) for check in answer.checks]
    return answer._in_short(), ("requirement", "finding", "why"), rows


def _pool_table(answer: Any) -> Table:
    rows = [(f"{low}–{high}", candidates) for low, high, candidates in answer.finest]
    return answer._in_short(), ("score", "candidates"), rows


_TABLES: dict[str, Callable[[Any], Table]] = {
    "Assessment": _person_table,
    "Derived": _derived_table,
    "Invited": _invited_table,
    "PoolDay": _pool_table,
    "Plans": _plans_table,
    "Replay": _replay_table,
    "Record": _record_table,
    "TimelineEvents": _timeline_table,
}
_CHARTS: dict[str, Callable[[Any], Any]] = {"Plans": _plan_chart, "TimelineEvents": _timeline_chart}
