"""People under two laws as rows, as a summary, and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich.text import Text as Styled

from expressentry.assess.compare import OUTCOMES, Comparison, Differences
from expressentry.law.rule_set import RuleSet
from expressentry.present.records.person import law_record
from expressentry.present.text.console import show, table
from expressentry.present.text.why import CATEGORY, PROGRAM
from expressentry.text import Lang, Text, same

COLUMNS = (
    "client", "outcome", "crs_before", "crs_after", "change_low", "change_high",
    "programs_gained", "programs_lost", "programs_open",
    "categories_entered", "categories_left", "categories_open",
)  # fmt: skip
WORDS = {
    "gains": Text("gains", "gagne"),
    "loses": Text("loses", "perd"),
    "same": Text("same", "pareil"),
    "cannot_tell": Text("cannot tell", "indéterminé"),
}
_STYLE = {"gains": "green", "loses": "red", "same": "dim", "cannot_tell": "yellow"}


def moved_row(name: str, one: Comparison) -> dict[str, Any]:
    """One person; a score is empty where readings differ. `open`: what cannot be told under one of the laws."""
    programs, categories = _parted(one.programs), _parted(one.categories)
    return {
        "client": name,
        "outcome": one.outcome,
        "crs_before": one.before.total,
        "crs_after": one.after.total,
        "change_low": one.changes[0],
        "change_high": one.changes[-1],
        **{f"programs_{way}": " ".join(programs[at]) for at, way in enumerate(("gained", "lost", "open"))},
        **{f"categories_{way}": " ".join(categories[at]) for at, way in enumerate(("entered", "left", "open"))},
    }


def _parted(moves: Differences) -> tuple[list[str], list[str], list[str]]:
    """Those that came, those that went, and those that cannot be told on one side."""
    came = [id_ for id_, (old, new) in moves.items() if old is False and new]
    went = [id_ for id_, (old, new) in moves.items() if old and new is False]
    return came, went, [id_ for id_ in moves if id_ not in (*came, *went)]


def summary(found: Sequence[Comparison]) -> dict[str, Any]:
    """How many gain, lose and stay, the mean change of those whose change is known, and who comes and goes where."""
    outcomes = Counter(one.outcome for one in found)
    known = [one.changes[0] for one in found if len(one.changes) == 1]
    return {
        "clients": len(found),
        **{outcome: outcomes[outcome] for outcome in OUTCOMES},
        "mean_change": round(sum(known) / len(known), 2) if known else None,
        "programs": _flows([one.programs for one in found]),
        "categories": _flows([one.categories for one in found]),
    }


def _flows(all_moves: Sequence[Differences]) -> dict[str, dict[str, int]]:
    flows: dict[str, Counter[str]] = {}
    for moves in all_moves:
        for way, ids in zip(("entered", "left", "open"), _parted(moves), strict=True):
            for id_ in ids:
                flows.setdefault(id_, Counter())[way] += 1
    return {id_: {way: counts[way] for way in ("entered", "left", "open")} for id_, counts in flows.items()}


def changes_record(
    found: Sequence[tuple[str, Comparison]], laws: Sequence[RuleSet], failures: Sequence[str], on: str, lang: Lang
) -> dict[str, Any]:
    """Everything as plain data."""
    return {
        "as_of": on,
        "law": {side: law_record(rules, lang) for side, rules in zip(("before", "after"), laws, strict=True)},
        "summary": {**summary([one for _, one in found]), "failed": len(failures)},
        "clients": [moved_row(name, one) for name, one in found],
        "failures": list(failures),
    }


def print_changes(
    found: Sequence[tuple[str, Comparison]], names: Sequence[Text], lang: Lang, *, everyone: bool
) -> None:
    """Write the summary, and a row for everyone for whom something moves."""
    told = summary([one for _, one in found])
    wording = Text(
        "{a} → {b}: of {clients} clients {gains} gain, {loses} lose, {same} keep their score, cannot be told: "
        "{cannot_tell}",
        "{a} → {b} : sur {clients} clients, {gains} gagnent, {loses} perdent, {same} gardent leur note, indéterminés : "
        "{cannot_tell}",
    )
    counts = {key: told[key] for key in ("clients", *OUTCOMES)}
    parts: list[Any] = [Styled(wording.fill(a=names[0], b=names[1], **counts).say(lang), style="bold")]
    parts += [_flow(id_, flow).say(lang) for part in ("programs", "categories") for id_, flow in told[part].items()]
    rows = [_row(name, one, lang) for name, one in found if everyone or one.differs]
    if rows:
        headings = Text(
            "client|outcome|before|after|change|programs, categories",
            "client|issue|avant|après|écart|programmes, catégories",
        )
        parts.append(table(headings.say(lang).split("|"), rows, right=(2, 3, 4)))
    show(*parts)


def _flow(id_: str, flow: Mapping[str, int]) -> Text:
    wording = Text(
        "{i}: {e} enter, {l} leave, cannot be told: {o}", "{i} : {e} entrent, {l} sortent, indéterminés : {o}"
    )
    return wording.fill(i=id_, e=flow["entered"], l=flow["left"], o=flow["open"])


def _row(name: str, one: Comparison, lang: Lang) -> list[object]:
    words = [_move(id_, sides, PROGRAM, lang) for id_, sides in one.programs.items()]
    words += [_move(id_, sides, CATEGORY, lang) for id_, sides in one.categories.items()]
    low, high = one.changes[0], one.changes[-1]
    change = f"{low:+}" if low == high else f"{low:+}…{high:+}"
    return [
        name,
        Styled(WORDS[one.outcome].say(lang), style=_STYLE[one.outcome]),
        _score(one.before.totals),
        _score(one.after.totals),
        change,
        "; ".join(words),
    ]


def _move(id_: str, sides: tuple[bool | None, bool | None], words: Mapping[Any, str], lang: Lang) -> str:
    from expressentry.present.text.why import WORDS as FINDINGS

    old, new = (FINDINGS[words[side]] for side in sides)
    return Text("{i}: {a} → {b}", "{i} : {a} → {b}").fill(i=same(id_), a=old, b=new).say(lang)


def _score(totals: Sequence[int]) -> str:
    return "–".join(map(str, dict.fromkeys((totals[0], totals[-1]))))
