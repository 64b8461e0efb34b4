"""What if the rules changed? The shipped scenarios, simulated ahead, with a person's own score drawn into them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from expressentry.errors import Problem, UsageError
from expressentry.present.report.simulation import DIMENSIONS, value_namer
from expressentry.present.text.simulate import band, list_namer, shown
from expressentry.rounds.eligibility import LISTS
from expressentry.simulate.scenario.compared import comparisons_of, shipped_comparisons
from expressentry.simulate.scenario.described import described
from expressentry.simulate.scenario.read import read_scenario
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, whole_number
from expressentry.web.pages.render import lang_of_path, page
from expressentry.web.request import state_of

router = APIRouter()
HIGHEST = 1200
UNUSABLE = frozenset({"pnp", "physicians", "military"})
"""Lists whose simulated cut-offs rest on the lowest score of a few people, or on too few: not drawn, and nobody's
score is held against them."""
_WIDTH, _LEFT, _RIGHT, _ROW = 480, 12, 12, 44


@dataclass(frozen=True, slots=True)
class Own:
    """A person's score, and the lists of rounds that the person may enter; None and none where they are not given."""

    score: int | None
    lists: frozenset[str]

    @property
    def query(self) -> str:
        """What is given, as the query of a link; empty where no score is."""
        if self.score is None:
            return ""
        return f"?score={self.score}" + (f"&lists={','.join(sorted(self.lists))}" if self.lists else "")


@router.get("/scenarios")
async def scenarios(request: Request) -> Response:
    """Every shipped scenario with what it does to the cut-offs of the rounds that matter."""
    own, problems = _own(request)
    lang = lang_of_path(request)
    listed = [
        {
            "id": id_,
            "documented": described(read_scenario(id_), lang),
            "rows": _shown_rows(comparisons_of(id_)[0], own),
            "numbers": comparisons_of(id_)[0]["numbers"],
            "values": len(comparisons_of(id_)),
        }
        for id_ in dict.fromkeys(one["scenario"] for one in shipped_comparisons())
    ]
    values = {"listed": listed, "problems": problems, **_values(request, own)}
    return page(request, "scenarios.html", values, status=400 if problems else 200)


@router.get("/scenarios/{scenario}")
async def scenario(request: Request, scenario: str) -> Response:
    """One scenario: what it supposes, cut-offs, waiting times, who gains and who loses."""
    known = list(dict.fromkeys(one["scenario"] for one in shipped_comparisons()))
    if scenario not in known:
        near = suggestion(scenario[:60], known)
        fix = did_you_mean(near) if near else Text("one of: {a}", "l'un de : {a}").fill(a=", ".join(known))
        rule = Text("no scenario with this name", "aucun scénario de ce nom")
        raise UsageError(Problem("unknown_id", "scenario", rule, fix, scenario[:60]))
    own, problems = _own(request)
    lang = lang_of_path(request)
    found, asked = comparisons_of(scenario), read_scenario(scenario)
    values = {
        "documented": described(asked, lang),
        "first": asked.first,
        "last": asked.last,
        "baseline": described(read_scenario(found[0]["baseline"]), lang),
        "several": [
            {"one": one, "cutoffs": _judged(one, own), "picture": cutoffs_drawing(one, own), "changes_law": _law(one)}
            for one in found
        ],
        "dimensions": DIMENSIONS,
        "problems": problems,
        **_values(request, own),
    }
    return page(request, "scenario.html", values, status=400 if problems else 200)


def _values(request: Request, own: Own) -> dict[str, Any]:
    state, lang = state_of(request), lang_of_path(request)
    levels = state.law.columns.by_name["education"].labels
    list_name, value_name = list_namer(state.law.round_names), value_namer(levels)
    return {
        "own": own,
        "typed": request.query_params.get("score", "").strip()[:60],
        "list_name": list_name,
        "by_list": lambda row: list_name(row["list"]),
        "by_group": lambda row: value_name(row["dimension"], row["group"]),
        "figure": lambda value: shown(value, lang),
        "range_of": lambda ends: band(ends, lang),
    }


def _own(request: Request) -> tuple[Own, list[Problem]]:
    """The score and the lists that are given, and what is wrong with them."""
    given = request.query_params.get("score", "").strip()
    named = frozenset(request.query_params.get("lists", "")[:400].split(","))
    lists = named & {*LISTS, *state_of(request).law.categories}
    if not given:
        return Own(None, frozenset()), []
    score = whole_number(given, HIGHEST)
    if score is None:
        rule = Text("a whole number from 0 to {n}", "un nombre entier de 0 à {n}").fill(n=HIGHEST)
        fix = Text("give the CRS score", "donner la note du SCG")
        return Own(None, frozenset()), [Problem("out_of_range", "score", rule, fix, given[:60])]
    return Own(score, lists), []


def _law(one: Mapping[str, Any]) -> bool:
    """Whether the scenario changes the law, so that the score of today may be another under it."""
    return bool(one["digests"]["scenario"]["law"] != one["digests"]["baseline"]["law"])


def _judged(one: Mapping[str, Any], own: Own) -> list[dict[str, Any]]:
    """The rows of cut-offs, each with what the person's score is against it; not where the score may be another."""
    return [{**row, "said": None if _law(one) else standing(own, row)} for row in one["cutoffs"] if _known(row)]


def _known(row: Mapping[str, Any]) -> bool:
    """Whether rounds of a list are held without or with the scenario."""
    return row["baseline"] is not None or row["value"] is not None


def _shown_rows(one: Mapping[str, Any], own: Own) -> list[dict[str, Any]]:
    """The cut-offs of the rounds that a person may enter, or of those that come or go and that there are most of."""
    rows = [row for row in _judged(one, own) if row["list"] not in UNUSABLE]
    if own.lists:
        return [row for row in rows if row["list"] in own.lists]
    return sorted(rows, key=lambda row: (row["change"] is not None, -max(one["rounds"].get(row["list"], [0]))))[:3]


def standing(own: Own, row: Mapping[str, Any]) -> Text | None:
    """What a person's score is against a mean cut-off without and with the scenario; only for rounds that are open."""
    if own.score is None or row["list"] not in own.lists - UNUSABLE or not _known(row):
        return None
    before, after = (None if row[key] is None else own.score >= row[key] for key in ("baseline", "value"))
    return _STANDING[before, after]


_STANDING: Mapping[tuple[bool | None, bool | None], Text] = {
    (True, True): Text("your score is enough with both", "votre note suffit dans les deux cas"),
    (False, False): Text("your score is too low with both", "votre note est trop basse dans les deux cas"),
    (True, False): Text(
        "your score is enough now, and too low with it", "votre note suffit aujourd'hui, et plus avec lui"
    ),
    (False, True): Text(
        "your score is too low now, and enough with it", "votre note est trop basse aujourd'hui, et suffit avec lui"
    ),
    (None, True): Text(
        "no such rounds now; your score is enough with it",
        "pas de telles rondes aujourd'hui; votre note suffit avec lui",
    ),
    (None, False): Text(
        "no such rounds now; your score is too low with it",
        "pas de telles rondes aujourd'hui; votre note est trop basse avec lui",
    ),
    (True, None): Text(
        "your score is enough now; no such rounds with it",
        "votre note suffit aujourd'hui; pas de telles rondes avec lui",
    ),
    (False, None): Text(
        "your score is too low now; no such rounds with it",
        "votre note est trop basse aujourd'hui; pas de telles rondes avec lui",
    ),
}


@dataclass(frozen=True, slots=True)
class Mark:
    """A list of rounds in the picture: its place, from which cut-off to which, and between which; None: no rounds."""

    name: str
    y: int
    before: float | None
    after: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Picture:
    """Cut-offs without and with a scenario as an SVG has them; `own` is where the person's score is."""

    width: int
    height: int
    marks: Sequence[Mark]
    ticks: Sequence[tuple[float, int]]
    own: float | None


def cutoffs_drawing(one: Mapping[str, Any], own: Own) -> Picture:
    """Place the mean cut-offs of every list on one scale of points.

    Args:
        one: A comparison.
        own: The person's score, which is on the scale too.
    """
    rows = [row for row in one["cutoffs"] if _known(row) and row["list"] not in UNUSABLE]
    ends = [(row, *_ends(row)) for row in rows]
    points = [
        edge for row, low, high in ends for edge in (low, high, row["baseline"], row["value"]) if edge is not None
    ]
    points += [own.score] if own.score is not None else []
    low, high = (min(points, default=0) // 50 * 50, max(points, default=1) // 50 * 50 + 50)
    scale = (_WIDTH - _LEFT - _RIGHT) / (high - low)

    def at(value: float) -> float:
        return round(_LEFT + (value - low) * scale, 1)

    def mark(place: int, row: Mapping[str, Any], least: float, most: float) -> Mark:
        before, after = (None if row[key] is None else at(row[key]) for key in ("baseline", "value"))
        return Mark(row["list"], 34 + _ROW * place, before, after, at(least), at(most))

    marks = [mark(place, *one) for place, one in enumerate(ends)]
    step = 50 if high - low <= 400 else 100
    ticks = [(at(value), int(value)) for value in _range(low, high, step)]
    return Picture(_WIDTH, 34 + _ROW * len(rows) + 14, marks, ticks, None if own.score is None else at(own.score))


def _ends(row: Mapping[str, Any]) -> tuple[float, float]:
    """Between which cut-offs the scenario leaves a list, over seeds and calibrations."""
    if row["change"] is None:
        alone = row["value"] if row["baseline"] is None else row["baseline"]
        return alone, alone
    changes = [row["change"], *(row["seeds"] or []), *(row["calibrations"] or [])]
    return row["baseline"] + min(changes), row["baseline"] + max(changes)


def _range(low: float, high: float, step: int) -> Iterable[float]:
    first = int(-(-low // step) * step)
    return range(first, int(high) + 1, step)
