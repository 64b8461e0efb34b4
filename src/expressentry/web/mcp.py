"""The assistant's server (Model Context Protocol): the functions of the API as tools, every answer with citations."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError

from expressentry.dates import parse_day, parse_instant
from expressentry.errors import ExpressEntryError, Problem, UsageError
from expressentry.law.law import refuse_before_start
from expressentry.present.records.person import law_record
from expressentry.present.records.rounds import record_record
from expressentry.text import Lang, Text
from expressentry.web import answers
from expressentry.web.problems import problem_record

if TYPE_CHECKING:
    from expressentry.web.state import State

Answer = dict[str, Any]
INSTRUCTIONS = """Facts about Canada's Express Entry, computed from the law as data. Quote the `cites` of an answer
(instrument, place, url) beside each number, and its `law.warnings` and `record` dates. `cannot_tell` means that a fact
is missing, and `missing` says which: ask the person for it instead of guessing. Never invent a score or a cut-off.
This is not a Government of Canada product, and no legal advice: say so."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool: what it does, and how it is made for a state."""

    about: Text
    make: Callable[[State], Callable[..., Answer]]


def create_server(state: State) -> MCPServer[Any]:
    """Make the server over law and record of a state."""
    server: MCPServer[Any] = MCPServer("expressentry", instructions=INSTRUCTIONS, version=version("expressentry"))
    for name, tool in TOOLS.items():
        server.add_tool(tool.make(state), name=name, description=tool.about.en, structured_output=True)
    return server


def _guarded(job: Callable[[], Any], lang: Lang) -> Any:
    """Run a job; what is wrong goes to the assistant as data, all of it.

    Raises ToolError.
    """
    try:
        return job()
    except ExpressEntryError as error:
        problems = [problem_record(one, lang) for one in error.problems]
        raise ToolError(json.dumps({"problems": problems}, ensure_ascii=False)) from None


def _day(state: State, text: str | None, name: str = "on") -> date:
    """A day, today where none is named.

    Raises UsageError.
    """
    if text is None:
        return state.today()
    try:
        day = parse_day(text)
    except ValueError:
        rule = Text("a day written YYYY-MM-DD", "un jour écrit AAAA-MM-JJ")
        fix = Text("for example 2026-10-01", "par exemple 2026-10-01")
        raise UsageError(Problem("not_a_day", name, rule, fix, text)) from None
    refuse_before_start(day)
    return day


def _with_sources(state: State, on: date, lang: Lang, **answer: Any) -> Answer:
    """An answer with the law and the record that it rests on."""
    law = law_record(state.rules(on), lang)
    return {**answer, "law": law, "record": record_record(state.record, on)}


def _assess(state: State) -> Callable[..., Answer]:
    def assess(facts: dict[str, Any], on: str | None = None, lang: Lang = "en", brief: bool = False) -> Answer:
        return _guarded(  # type: ignore[no-any-return]
            lambda: answers.assess(state, answers.facts_of(facts), _day(state, on), lang, brief=brief), lang
        )

    return assess


def _replay(state: State) -> Callable[..., Answer]:
    def replay(
        profile: dict[str, Any],
        on: str | None = None,
        submitted: str | None = None,
        last: int | None = None,
        lang: Lang = "en",
    ) -> Answer:
        def job() -> Answer:
            try:
                instants = (parse_instant(submitted),) if submitted else ()
            except ValueError:
                rule = Text("an instant in UTC: YYYY-MM-DDTHH:MM:SSZ", "un instant UTC : AAAA-MM-JJTHH:MM:SSZ")
                fix = Text("for example 2024-02-20T15:00:00Z", "par exemple 2024-02-20T15:00:00Z")
                raise UsageError(Problem("not_an_instant", "submitted", rule, fix, submitted)) from None
            person = answers.person_of(profile)
            return answers.replayed(state, person, _day(state, on), lang, submitted=instants, last=last)

        return _guarded(job, lang)  # type: ignore[no-any-return]

    return replay


def _timeline(state: State) -> Callable[..., Answer]:
    def timeline(profile: dict[str, Any], on: str | None = None, until: str | None = None, lang: Lang = "en") -> Answer:
        def job() -> Answer:
            last = _day(state, until, "until") if until else None
            return answers.timeline(state, answers.person_of(profile), _day(state, on), lang, until=last)

        return _guarded(job, lang)  # type: ignore[no-any-return]

    return timeline


def _plan(state: State) -> Callable[..., Answer]:
    def plan(profile: dict[str, Any], on: str | None = None, target: int | None = None, lang: Lang = "en") -> Answer:
        def job() -> Answer:
            day = _day(state, on)
            found = answers.plan(state, answers.person_of(profile), day, lang, target=target)
            return _with_sources(state, day, lang, **found)

        return _guarded(job, lang)  # type: ignore[no-any-return]

    return plan


def _convert(state: State) -> Callable[..., Answer]:
    def convert(
        test: Literal["celpip", "ielts", "pte", "tef", "tcf"],
        taken_on: str,
        listening: float,
        reading: float,
        writing: float,
        speaking: float,
        lang: Lang = "en",
    ) -> Answer:
        scores = {"listening": listening, "reading": reading, "writing": writing, "speaking": speaking}
        shown = {ability: f"{score:g}" for ability, score in scores.items()}
        return _guarded(  # type: ignore[no-any-return]
            lambda: answers.converted(state, test, _day(state, taken_on, "taken_on"), shown, lang), lang
        )

    return convert


def _occupations(state: State) -> Callable[..., Answer]:
    def occupations(words: str, limit: int = 10, lang: Lang = "en") -> Answer:
        most = max(1, min(limit, 100))
        return _guarded(  # type: ignore[no-any-return]
            lambda: _with_sources(state, state.today(), lang, occupations=answers.occupations(words[:200], lang, most)),
            lang,
        )

    return occupations


def _occupation(state: State) -> Callable[..., Answer]:
    def occupation(code: str, lang: Lang = "en") -> Answer:
        return _guarded(lambda: answers.one_occupation(state, code[:20], lang), lang)  # type: ignore[no-any-return]

    return occupation


def _categories(state: State) -> Callable[..., Answer]:
    def categories(key: str | None = None, on: str | None = None, lang: Lang = "en") -> Answer:
        def job() -> Answer:
            day = _day(state, on)
            if key is not None:
                return _with_sources(state, day, lang, **answers.category(state, key, day, lang))
            return _with_sources(state, day, lang, categories=answers.categories(state, day, lang))

        return _guarded(job, lang)  # type: ignore[no-any-return]

    return categories


def _rounds(state: State) -> Callable[..., Answer]:
    def rounds(
        type: str | None = None,  # noqa: A002
        category: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: int = 20,
        lang: Lang = "en",
    ) -> Answer:
        def job() -> Answer:
            first = _day(state, since, "since") if since else None
            last = _day(state, until, "until") if until else None
            found = answers.rounds_between(state, kind=type, category=category, since=first, until=last)
            rows = answers.rounds_list(state, found[: max(1, min(limit, 1000))], lang)
            return _with_sources(state, last or state.today(), lang, rounds=rows)

        return _guarded(job, lang)  # type: ignore[no-any-return]

    return rounds


def _round(state: State) -> Callable[..., Answer]:
    def one_round(number: str, lang: Lang = "en") -> Answer:
        return _guarded(lambda: answers.one_round(state, number, lang), lang)  # type: ignore[no-any-return]

    return one_round


def _pool(state: State) -> Callable[..., Answer]:
    def pool(on: str | None = None, score: int | None = None, lang: Lang = "en") -> Answer:
        return _guarded(lambda: answers.pool(state, _day(state, on), lang, score), lang)  # type: ignore[no-any-return]

    return pool


def _law(state: State) -> Callable[..., Answer]:
    def law(id: str | None = None, lang: Lang = "en") -> Answer:  # noqa: A002
        def job() -> Answer:
            if id is None:
                return _with_sources(state, state.today(), lang, instruments=answers.instruments(state, lang))
            return answers.one_law(state, id, lang)

        return _guarded(job, lang)  # type: ignore[no-any-return]

    return law


def _law_diff(state: State) -> Callable[..., Answer]:
    def law_diff(a: str, b: str, lang: Lang = "en") -> Answer:
        return _guarded(  # type: ignore[no-any-return]
            lambda: _with_sources(state, state.today(), lang, changes=answers.law_changes(state, a, b, lang)), lang
        )

    return law_diff


TOOLS: dict[str, Tool] = {
    "assess": Tool(
        Text(
            "One person's CRS score with every point cited, programs and categories, on a day (YYYY-MM-DD). `facts` "
            "are dated facts with a table `person`, or the factors of that day; a wrong call names all it needs.",
            "La note SCG d'une personne avec chaque point cité, programmes et catégories, un jour donné.",
        ),
        _assess,
    ),
    "replay": Tool(
        Text(
            "Which past rounds would have invited a person of dated facts; `submitted` decides ties.",
            "Quelles rondes passées auraient invité une personne de faits datés.",
        ),
        _replay,
    ),
    "timeline": Tool(
        Text(
            "Every day on which something changes for a person of dated facts, with the cause.",
            "Chaque jour où quelque chose change pour une personne de faits datés, avec la cause.",
        ),
        _timeline,
    ),
    "plan": Tool(
        Text(
            "What a person of dated facts can do: combinations of moves and what each brings.",
            "Ce que peut faire une personne de faits datés : combinaisons de gestes et ce qu'elles apportent.",
        ),
        _plan,
    ),
    "convert": Tool(
        Text(
            "The levels (CLB, NCLC) that a language test report comes to.",
            "Les niveaux (NCLC, CLB) d'une attestation de test de langue.",
        ),
        _convert,
    ),
    "occupations": Tool(
        Text(
            "Occupations of the NOC 2021 that a few words may mean.",
            "Les professions de la CNP 2021 que quelques mots désignent.",
        ),
        _occupations,
    ),
    "occupation": Tool(
        Text(
            "One occupation by its code, with the categories that list it or did.",
            "Une profession par son code, avec ses catégories.",
        ),
        _occupation,
    ),
    "categories": Tool(
        Text("The categories of a day, or one by its key.", "Les catégories d'un jour, ou une seule."), _categories
    ),
    "rounds": Tool(
        Text("Rounds of invitations, the newest first, filtered.", "Les rondes d'invitations, avec filtres."), _rounds
    ),
    "round": Tool(
        Text("One round by its number (91a and 91b are two).", "Une ronde par son numéro (91a et 91b en sont deux)."),
        _round,
    ),
    "pool": Tool(
        Text("The pool on a day, and where a score stands in it.", "Le bassin un jour, et la place d'une note."), _pool
    ),
    "law": Tool(
        Text("Every instrument; or one instrument or grid by its id.", "Chaque texte; ou un texte ou une grille."), _law
    ),
    "law_diff": Tool(
        Text("What changed from grid A to grid B.", "Ce qui a changé de la grille A à la grille B."), _law_diff
    ),
}
