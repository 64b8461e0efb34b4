"""A directed search for what costs most of each route: it climbs from the dearest requests found so far.

    found = climb(ROUTES["plan"], seconds=60)       Dearest(cpu, mib, status, shape) for every request that was tried

A request is made from a shape, a number for each of a few knobs (how many jobs, tests, relatives, leaves, letters …);
a step changes some numbers of one of the dearest shapes. Each search runs in a process of its own, so that the memory
it tells is that of this route, and a request without end ends with it.
"""

from __future__ import annotations

import gc
import json
import multiprocessing
import random
import resource
import time
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from expressentry.law.load import load_law
from expressentry.profile.interview.answers_by_id import ask, typed_of
from expressentry.profile.interview.engine import Step
from expressentry.web.pages.candidate.carried import Carried, pack
from tests.costly import costly
from tests.web.serving import Caller, made

Shape = dict[str, int]
Request = tuple[str, str, dict[str, Any]]
LISTS = ("tests", "credentials", "work", "relatives", "status")
WHOLE = ("certificates", "job_offers", "funds")
PERSON: Mapping[str, int] = {
    **dict.fromkeys((*LISTS, *WHOLE), 60),
    **{f"partner.{name}": 60 for name in LISTS},
    "leaves": 16,
    "weeks": 240,
    "partner": 1,
}
"""The knobs of a profile and the largest number of each."""
ASKED: Mapping[str, int] = {"from": 9, "years": 20, "size": 3, "series": 7, "target": 12, "all": 1}
TEXT: Mapping[str, int] = {"letters": 300, "kind": 4, "seed": 1000}
PAIR: Mapping[str, int] = {"a": 40, "b": 40}
ASSUMED = "crs-2025-03-25"
SERIES = ("", "general", "cec", "french", "health", "stem", "trades", "pnp")


@dataclass(frozen=True, slots=True)
class Route:
    """A route, the knobs of what is sent to it, and how a shape becomes a request."""

    knobs: Mapping[str, int]
    make: Callable[[Shape], Request]


@dataclass(frozen=True, slots=True)
class Dearest:
    """What one request took: seconds of processor, MiB beside what the process had, the answer's status."""

    cpu: float
    mib: float
    status: int
    shape: Shape


def profile_of(shape: Shape) -> dict[str, Any]:
    """A profile with as many entries in each list as the shape says."""
    whole = deepcopy(_full(min(shape["leaves"], 16), min(shape["weeks"], 240), bool(shape["partner"])))
    for side, stem in (("person", ""), ("partner", "partner.")):
        for name in LISTS if side in whole else ():
            whole[side][name] = whole[side][name][: shape[stem + name]]
    for table in (whole, whole["person"]):
        table |= {name: table[name][: shape[name]] for name in WHOLE if name in table}
    return whole


@cache
def _full(leaves: int, weeks: int, partner: bool) -> dict[str, Any]:
    return costly(60, leaves=leaves, weeks=weeks, with_partner=partner)


def _posted(path: str, query: Callable[[Shape], str]) -> Callable[[Shape], Request]:
    def make(shape: Shape) -> Request:
        body = json.dumps(profile_of(shape), default=str).encode()
        more = {"content": body, "headers": {"Content-Type": "application/json"}}
        return "POST", f"/api/v1/{path}?{query(shape)}", more

    return make


def _day(shape: Shape) -> str:
    return f"on={2017 + shape['from']}-10-01"


def _of_timeline(shape: Shape) -> str:
    return f"{_day(shape)}&until={min(2017 + shape['from'] + shape['years'], 2036)}-09-30"


def _of_plan(shape: Shape) -> str:
    target = f"&target={100 * shape['target']}" if shape["target"] else ""
    series = f"&series={SERIES[shape['series']]}" if shape["series"] else ""
    return f"{_day(shape)}&size={1 + shape['size']}{target or series}"


def _of_chances(shape: Shape) -> str:
    assume = f"&assume={ASSUMED}" if shape["all"] else ""
    return f"on={2017 + shape['from']}-10-01&months={1 + shape['target'] % 12}{assume}"


def _carried(path: str) -> Callable[[Shape], Request]:
    def make(shape: Shape) -> Request:
        typed, left = typed_of(json.loads(json.dumps(profile_of(shape), default=str)), load_law())
        for _ in range(6):  # an answer leads to further questions
            asked = ask(typed, complete=True, most=600)
            typed |= {one.id: _any_answer(one) for one in asked.steps if not asked.answered(one)}
        mode = "all" if shape["all"] else "one"
        form = {"a": pack(Carried(typed, tuple(left), mode)), "mode": mode, "size": str(1 + shape["size"])}
        form |= {"years": str(1 + shape["years"] % 3), "months": "12", "raise": "1"}
        return "POST", f"/en/candidate{path}", {"data": form}

    return make


def _any_answer(step: Step) -> str:
    """An answer to a question that the profile leaves open, so that the pages come to theirs."""
    if step.gate or step.ask.kind == "yes_no":
        return "no"
    if step.ask.empty is not None:
        return ""
    noc = "72106" if "certificates" in step.place else "21231"
    day = "1985-06-15" if step.place.endswith("birth_date") else "2020-01-01"
    found = {"day": day, "number": "1", "money": "1", "country": "IN", "noc": noc}
    return found.get(step.ask.kind) or next(iter(step.ask.labels), "x")


def text_of(shape: Shape) -> str:
    """Words to search for: titles, misspelt titles, one letter, many short words, or letters at random."""
    chance, known, letters = random.Random(shape["seed"]), _names(), shape["letters"]
    match shape["kind"]:
        case 0:
            words = " ".join(chance.sample(known, min(12, len(known))))
        case 1:
            words = " ".join("".join(islice(cycle(word), 1, len(word))) for word in chance.sample(known, 12))
        case 2:
            words = "e" * letters
        case 3:
            words = " ".join(chance.choice("aeinorst") for _ in range(letters))
        case _:
            words = "".join(chance.choice("abcdeilmnorstu é") for _ in range(letters))
    return words[:letters] or "x"


@cache
def _names() -> list[str]:
    lines = (Path(__file__).parents[1] / "occupations/everyday.csv").read_text(encoding="utf-8").splitlines()
    return [line.split(",")[1] for line in lines[1:]]


def _search(path: str) -> Callable[[Shape], Request]:
    return lambda shape: ("GET", path, {"params": {"q": text_of(shape)}})


def _search_in_form(shape: Shape) -> Request:
    name = "person.work[1].noc2021"
    word = pack(Carried({"person.work[1]?": "yes"}))
    return "POST", "/en/candidate/search", {"data": {"a": word, "at": name, f"{name}~words": text_of(shape)}}


def _diff(path: str) -> Callable[[Shape], Request]:
    def make(shape: Shape) -> Request:
        days = [one.isoformat() for one in load_law().days]
        return "GET", path, {"params": {"a": days[shape["a"] % len(days)], "b": days[shape["b"] % len(days)]}}

    return make


ROUTES: Mapping[str, Route] = {
    "assess": Route({**PERSON, **ASKED}, _posted("assess", _day)),
    "timeline": Route({**PERSON, **ASKED}, _posted("timeline", _of_timeline)),
    "timeline with streams": Route(
        {**PERSON, **ASKED}, _posted("timeline", lambda shape: f"{_of_timeline(shape)}&streams=true")
    ),
    "replay": Route({**PERSON, **ASKED}, _posted("replay", lambda shape: f"on={2017 + shape['from']}-10-01")),
    "plan": Route({**PERSON, **ASKED}, _posted("plan", _of_plan)),
    "chances": Route({**PERSON, **ASKED}, _posted("chances", _of_chances)),
    "nominee streams": Route({**PERSON, **ASKED}, _posted("provinces/assess", _day)),
    "forecasts": Route(ASKED, lambda shape: ("GET", f"/api/v1/forecasts?{_day(shape)}&assume={ASSUMED}", {})),
    "page of questions": Route({**PERSON, **ASKED}, _carried("")),
    "page of the answer": Route({**PERSON, **ASKED}, _carried("/answer")),
    "page of what if": Route({**PERSON, **ASKED}, _carried("/what-if")),
    "page of the streams": Route({**PERSON, **ASKED}, _carried("/streams")),
    "page of the plan": Route({**PERSON, **ASKED}, _carried("/plan")),
    "page of chances": Route({**PERSON, **ASKED}, _carried("/chances")),
    "report": Route({**PERSON, **ASKED}, _carried("/report")),
    "file": Route({**PERSON, **ASKED}, _carried("/file")),
    "occupations": Route(TEXT, _search("/api/v1/occupations")),
    "page of occupations": Route(TEXT, _search("/fr/occupations")),
    "search in the form": Route(TEXT, _search_in_form),
    "difference of law": Route(PAIR, _diff("/api/v1/law/diff")),
    "page of a difference": Route(PAIR, _diff("/en/law/diff")),
}


def climb(name: str, seconds: float, seed: int = 0) -> list[Dearest]:
    """Search for the dearest requests of a route for so long, in a process of its own; the dearest first."""
    receive, send = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=_climb, args=(name, seconds, seed, send))
    process.start()
    send.close()
    try:
        found: list[Dearest] = receive.recv()
    finally:
        process.join(10)
        process.kill()
    return found


def _climb(name: str, seconds: float, seed: int, send: Any) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 120, int(seconds) + 130))
    route, chance, call = ROUTES[name], random.Random(seed), Caller(made())
    begins = [_begin(route.knobs, *parts) for parts in ((4, 0, 0), (8, 0, 240), (60, 6, 0), (2, 2, 2), (12, 3, 9))]
    _measured(call, route, begins[0])
    tried, end = list[Dearest](), time.monotonic() + seconds
    while begins or time.monotonic() < end:
        shape = begins.pop() if begins else _changed(chance, route.knobs, chance.choice(_best(tried)).shape)
        tried.append(_measured(call, route, shape))
    send.send(sorted(tried, key=lambda one: -one.cpu))


def _begin(knobs: Mapping[str, int], entries: int, leaves: int, weeks: int) -> Shape:
    """A shape to begin with: so many entries in each list, and in each job so many leaves and weeks of other hours."""
    counts = {knob: min(entries, most) if most == 60 else most for knob, most in knobs.items()}
    if "target" in counts:
        counts["target"] = 0
    return counts | {knob: n for knob, n in (("leaves", leaves), ("weeks", weeks)) if knob in knobs}


def _best(tried: list[Dearest]) -> list[Dearest]:
    """From these a step goes on: those that take most time, and those that take most memory."""
    return sorted(tried, key=lambda one: -one.cpu)[:4] + sorted(tried, key=lambda one: -one.mib)[:2]


def _changed(chance: random.Random, knobs: Mapping[str, int], shape: Shape) -> Shape:
    made_ = dict(shape)
    for knob in chance.sample(sorted(knobs), min(len(knobs), chance.randint(1, 4))):
        near = shape[knob] + chance.randint(-3, 3)
        made_[knob] = max(0, min(knobs[knob], chance.choice((near, near, chance.randint(0, knobs[knob])))))
    return made_


def _measured(call: Caller, route: Route, shape: Shape) -> Dearest:
    method, path, more = route.make(shape)
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is that of this request alone
    before, begun = _resident("VmRSS"), time.process_time()
    status = call(method, path, **more).status_code
    return Dearest(time.process_time() - begun, (_resident("VmHWM") - before) / 1024, status, shape)


def _resident(kind: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(kind)).split()[1])
