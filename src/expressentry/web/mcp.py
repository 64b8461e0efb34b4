"""The assistant's server (Model Context Protocol): the functions of the API as tools, every answer with citations.

A tool is a method of `Assistant`: its arguments are what an assistant gives, and the shape of its answer is the type
that it returns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from typing import Annotated, Any, Concatenate, Literal, ParamSpec, TypeVar, cast

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.tools import Tool
from pydantic import Field

from expressentry.advise.plan.request import PlanRequest
from expressentry.answers import law as laws
from expressentry.answers import lookups, plan, provinces, rounds, timeline
from expressentry.answers import person as people
from expressentry.answers.basis import law_record, reach_record
from expressentry.answers.context import Context, facts_of, person_of
from expressentry.answers.records.person import AssessmentRecord
from expressentry.answers.records.tools import (
    CategoriesToolRecord,
    ChancesToolRecord,
    ChangesToolRecord,
    DrawsToolRecord,
    ForecastsToolRecord,
    LawToolRecord,
    LevelsToolRecord,
    OccupationsToolRecord,
    OccupationToolRecord,
    PlansToolRecord,
    PoolToolRecord,
    ReplayToolRecord,
    RestsOnRecord,
    RoundsToolRecord,
    RoundToolRecord,
    StreamFindingsToolRecord,
    StreamsToolRecord,
    StreamToolRecord,
    TimelineToolRecord,
)
from expressentry.answers.streams import assess_provinces
from expressentry.dates import LIKE_A_DAY, as_day, as_instant, first_day, last_day
from expressentry.errors import ExpressEntryError, Problem, UsageError, needs
from expressentry.law.law import refuse_before_start
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Lang, Text
from expressentry.version import VERSION
from expressentry.web.mcp_tools import PROFILE_EXAMPLE, PROFILE_SCHEMA, ClosedTool, close, documents, refused

P = ParamSpec("P")
R = TypeVar("R")
_MOST_ROUNDS = 1000
_MOST_HITS = 100
_MOST_STREAMS = 50
_MOST_KEY = 60
INSTRUCTIONS = f"""Facts about Canada's Express Entry, computed from the law as data. A person is always the argument
`profile`: dated facts, whose schema is in `assess` and in {PROFILE_SCHEMA}, with an example in {PROFILE_EXAMPLE}.
Quote the `cites` of an answer (instrument, place, url) beside each number, and say its day (`as_of`), its
`law.warnings` and how far its `record` of rounds goes;
`assess` gives them for every line with `brief` false. `cannot_tell` means that a fact is missing, and `missing` says
which: ask the person for it instead of guessing. Never invent a score or a cut-off. This is not a Government of Canada
product, and no legal advice: say so."""

TOOLS: dict[str, Text] = {}
"""Each tool by its name, and what it does."""


def create_server(context: Context | Callable[[], Context], today: Callable[[], date]) -> MCPServer[Any]:
    """Make the server over a context, or over what gives the one to answer each call from; `today` is its clock."""
    now: Callable[[], Context] = (lambda: context) if isinstance(context, Context) else context
    assistant = Assistant(now, today)
    tools: list[Tool] = [
        ClosedTool.from_function(getattr(assistant, name), name=name, description=about.en, structured_output=True)
        for name, about in TOOLS.items()
    ]
    for one in tools:
        close(one.parameters, whole=one.name == "assess")
    # The library logs at INFO what a refused call was refused for, and that is what the person said.
    server: MCPServer[Any] = MCPServer(
        "expressentry", instructions=INSTRUCTIONS, version=VERSION, tools=tools, log_level="WARNING"
    )
    for one_document in documents(lambda: now().rules(today())):
        server.add_resource(one_document)
    return server


def tool(
    en: str, fr: str
) -> Callable[[Callable[Concatenate[Assistant, P], R]], Callable[Concatenate[Assistant, P], R]]:
    """List a method as a tool; what is wrong with a call goes to the assistant as data, all of it."""

    def listed(method: Callable[Concatenate[Assistant, P], R]) -> Callable[Concatenate[Assistant, P], R]:
        TOOLS[method.__name__] = Text(en, fr)

        @wraps(method)
        def answer(assistant: Assistant, /, *args: P.args, **given: P.kwargs) -> R:
            try:
                return method(Assistant(assistant.fixed(), assistant.today), *args, **given)
            except ExpressEntryError as error:
                raise refused(error.problems, "fr" if given.get("lang") == "fr" else "en") from None

        return answer

    return listed


class Assistant:
    """The tools, over the law and the record of one context, which is taken once for a call."""

    def __init__(self, now: Callable[[], Context], today: Callable[[], date]) -> None:
        self._now, self.today = now, today

    def fixed(self) -> Callable[[], Context]:
        """The context of one call."""
        context = self._now()
        return lambda: context

    @property
    def _context(self) -> Context:
        return self._now()

    @tool(
        "One person's CRS score, programs and categories on a day (YYYY-MM-DD); with `brief` false also every line of "
        "the score with its source, and the reasons. `profile` is a person's dated facts, or the factors of that day.",
        "La note SCG d'une personne, les programmes et les catégories, un jour donné; avec `brief` à false aussi "
        "chaque ligne de la note avec sa source, et les raisons.",
    )
    def assess(
        self, profile: dict[str, Any], on: str | None = None, lang: Lang = "en", brief: bool = True
    ) -> AssessmentRecord:
        """Assess one person."""
        record = people.brief_record if brief else people.assessment_record
        found = people.assess(self._context, facts_of(profile), self._day(on))
        return record(found, self._context.record, lang)

    @tool(
        "Which past rounds would have invited a person of dated facts; `submitted` decides ties.",
        "Quelles rondes passées auraient invité une personne, d'après ses faits datés.",
    )
    def replay(
        self,
        profile: dict[str, Any],
        on: str | None = None,
        submitted: str | None = None,
        last: Annotated[int, Field(ge=1)] | None = None,
        lang: Lang = "en",
    ) -> ReplayToolRecord:
        """Replay past rounds."""
        instants = (as_instant(submitted, "submitted"),) if submitted else ()
        person, day = person_of(profile, self._context.law), self._day(on)
        found = rounds.replay(self._context, person, day, submitted=instants, last=last)
        return {**rounds.replay_record(found, self._context.record, day, lang), **self._rests_on(day, lang)}

    @tool(
        "Every day on which something changes for a person of dated facts, with the cause; with `streams` also the "
        "days on which a nominee stream changes.",
        "Chaque jour où quelque chose change pour une personne, d'après ses faits datés, avec la cause; avec `streams` "
        "aussi les jours où un volet change.",
    )
    def timeline(
        self,
        profile: dict[str, Any],
        on: str | None = None,
        until: str | None = None,
        streams: bool = False,
        lang: Lang = "en",
    ) -> TimelineToolRecord:
        """List the days on which something changes."""
        day, last = self._day(on), self._day(until, "until") if until else None
        found = timeline.timeline(
            self._context, person_of(profile, self._context.law), day, until=last, streams=streams
        )
        return {**timeline.timeline_record(found, lang), **self._rests_on(day, lang)}

    @tool(
        "What a person of dated facts could do: combinations of steps, and the points that each adds.",
        "Ce qu'une personne pourrait faire, d'après ses faits datés : les combinaisons de démarches et leurs points.",
    )
    def plan(
        self, profile: dict[str, Any], on: str | None = None, target: int | None = None, lang: Lang = "en"
    ) -> PlansToolRecord:
        """Try combinations of steps."""
        day = self._day(on)
        found = plan.plan(self._context, person_of(profile, self._context.law), day, PlanRequest(target=target))
        return {**plan.plans_record(found, lang), **self._rests_on(day, lang)}

    @tool(
        "The levels (CLB, NCLC) that a language test report comes to.",
        "Les niveaux (NCLC, CLB) que donne une attestation de test de langue.",
    )
    def convert(
        self,
        test: Literal["celpip", "ielts", "pte", "tef", "tcf"],
        taken_on: str,
        listening: float,
        reading: float,
        writing: float,
        speaking: float,
        lang: Lang = "en",
    ) -> LevelsToolRecord:
        """Convert the four scores of one report."""
        scores = {"listening": listening, "reading": reading, "writing": writing, "speaking": speaking}
        shown = {ability: f"{score:g}" for ability, score in scores.items()}
        day = self._day(taken_on, "taken_on")
        found = lookups.convert(self._context.law, test, day, shown)
        return {**lookups.levels_record(found, lang), **self._rests_on(day, lang)}

    @tool(
        "Occupations of the NOC 2021 that a few words may mean.",
        "Les professions de la CNP 2021 que quelques mots peuvent désigner.",
    )
    def occupations(
        self, words: str, limit: Annotated[int, Field(ge=1, le=_MOST_HITS)] = 10, lang: Lang = "en"
    ) -> OccupationsToolRecord:
        """Search occupations."""
        found = lookups.find_occupations(words[:200], lang, limit)
        return {"occupations": found, **self._rests_on(self.today(), lang)}

    @tool(
        "One occupation by its code, with the categories that list it now or listed it before.",
        "Une profession par son code, avec les catégories qui la contiennent ou l'ont contenue.",
    )
    def occupation(self, code: str | int, lang: Lang = "en") -> OccupationToolRecord:
        """Show one occupation."""
        found = lookups.occupation_record(lookups.occupation(self._context.law, str(code)[:20]), lang)
        return {**found, **self._rests_on(self.today(), lang)}

    @tool("The categories of a day, or one by its key.", "Les catégories d'un jour, ou une seule par sa clé.")
    def categories(self, key: str | None = None, on: str | None = None, lang: Lang = "en") -> CategoriesToolRecord:
        """List categories, or show one."""
        day = self._day(on)
        rests_on = self._rests_on(day, lang)
        if key is None:
            listed = {"categories": lookups.category_rows(self._context, day, lang), **rests_on}
            return cast("CategoriesToolRecord", listed)
        return cast("CategoriesToolRecord", {**lookups.category(self._context, key, day, lang), **rests_on})

    @tool(
        "Rounds of invitations, the newest first, filtered: `type` is a type or a category, `since` and `until` a day, "
        "a month (2026-09) or a year.",
        "Les rondes d'invitations, la dernière d'abord, avec filtres : `type` est un type ou une catégorie, `since` et "
        "`until` un jour, un mois (2026-09) ou un an.",
    )
    def rounds(
        self,
        type: str | None = None,  # noqa: A002
        category: str | None = None,
        since: str | None = None,
        until: str | None = None,
        limit: Annotated[int, Field(ge=1, le=_MOST_ROUNDS)] = 20,
        lang: Lang = "en",
    ) -> RoundsToolRecord:
        """List rounds."""
        names = self._context.law.round_names
        _one_of("type", type, (*names.types, *names.categories))
        _one_of("category", category, names.categories)
        first = _period("since", since, first_day) if since else None
        last = _period("until", until, last_day) if until else None
        newest_first = reversed(self._context.record.rounds)
        found = rounds.find_rounds(newest_first, kind=type, category=category, since=first, until=last)
        rows = [rounds.round_row(one, lang) for one in found[:limit]]
        day = min(last or self.today(), self.today())
        return {"rounds": rows, **self._rests_on(day, lang)}

    @tool(
        "One round by its number (91a and 91b are two rounds), or `latest`.",
        "Une ronde par son numéro (91a et 91b sont deux rondes), ou `latest`.",
    )
    def round(self, number: str | int, lang: Lang = "en") -> RoundToolRecord:
        """Show one round."""
        found = rounds.one_round(self._context, str(number), lang)
        return {**found, "as_of": found["date"]}

    @tool(
        "When the next round of a type (or of every type) is likely, its size and its cut-off, as intervals, with the "
        "record of such forecasts beside the last cut-off repeated. Where rounds are missing or the law is not known "
        "there is none, unless `assume` names a points grid: say that assumption first.",
        "Quand la prochaine ronde d'un type (ou de chaque type) est probable, sa taille et sa note minimale, en "
        "intervalles, avec le bilan de telles prévisions. Si des rondes manquent ou si le droit n'est pas connu, il "
        "n'y en a que si `assume` nomme une grille de points : dire cette hypothèse d'abord.",
    )
    def forecast(
        self,
        type: str | None = None,  # noqa: A002
        on: str | None = None,
        horizon: Annotated[int, Field(ge=1, le=12)] = 1,
        assume: str | None = None,
        lang: Lang = "en",
    ) -> ForecastsToolRecord:
        """Forecast the next rounds."""
        needs("lab", "numpy", "scipy", field="forecast")
        from expressentry.answers import forecast as forecasts

        day = self._day(on)
        basis = forecasts.basis_of(self._context, day, assume)
        known = forecasts.types_of(basis)
        if type is not None:
            forecasts.check_type(type, known)
        found = [
            forecasts.forecast(self._context, basis, one, rounds=horizon)
            for one in (known if type is None else (type,))
        ]
        told = [forecasts.forecast_record(one, lang) for one in found]
        return {"forecasts": told, **self._rests_on(day, lang)}

    @tool(
        "The chance of an invitation of a person of dated facts by the end of each month, with its range, over all "
        "rounds that the person could enter, and what would raise it. `assume` as in `forecast`.",
        "La probabilité d'une invitation d'une personne, d'après ses faits datés, à la fin de chaque mois, avec son "
        "intervalle, et ce qui l'augmenterait. `assume` comme dans `forecast`.",
    )
    def chances(
        self,
        profile: dict[str, Any],
        on: str | None = None,
        months: Annotated[int, Field(ge=1, le=12)] = 6,
        assume: str | None = None,
        lang: Lang = "en",
    ) -> ChancesToolRecord:
        """Give the chance of an invitation."""
        needs("lab", "numpy", "scipy", field="forecast")
        from expressentry.answers import chances, forecast

        day, person = self._day(on), person_of(profile, self._context.law)
        basis = forecast.basis_of(self._context, day, assume)
        found = chances.chances(self._context, person, basis, months=months)
        return {**chances.chances_record(found, lang), **self._rests_on(day, lang)}

    @tool(
        "The pool on a day, and the rank of a score in it.",
        "Le bassin un jour donné, et le rang d'une note.",
    )
    def pool(self, on: str | None = None, score: int | None = None, lang: Lang = "en") -> PoolToolRecord:
        """Show the newest distribution of a day."""
        day = self._day(on)
        return {**self._rests_on(day, lang), **rounds.pool(self._context.record, day, lang, score)}

    @tool(
        "Every instrument; or one instrument, grid, program, category, rule, measure or list by its id.",
        "Chaque texte; ou un texte, une grille, un programme, une catégorie, une règle, une mesure, une liste.",
    )
    def law(self, id: str | None = None, lang: Lang = "en") -> LawToolRecord:  # noqa: A002
        """List instruments, or show one instrument, grid or other part of the law."""
        law = self._context.law
        found = {"instruments": laws.instruments(law, lang)} if id is None else laws.one_law(law, id, lang)
        return cast("LawToolRecord", {**found, **self._rests_on(self.today(), lang)})

    @tool("What changed from grid or day A to B.", "Ce qui a changé de la grille ou du jour A à B.")
    def law_diff(self, a: str, b: str, lang: Lang = "en") -> ChangesToolRecord:
        """Compare two grids, or the law of two days."""
        found = laws.law_changes(self._context.law, a, b, lang)
        return {"changes": found, **self._rests_on(self.today(), lang)}

    @tool(
        "The nominee streams of the provinces and territories of a day; `all` adds closed ones, and those not encoded "
        "with the reason. What changed after `checked` is not known.",
        "Les volets des candidats des provinces et territoires d'un jour; `all` ajoute les fermés et les non encodés.",
    )
    def provinces(self, on: str | None = None, all: bool = False, lang: Lang = "en") -> StreamsToolRecord:  # noqa: A002
        """List nominee streams."""
        day = self._day(on)
        rows = provinces.stream_rows(self._context.law, day, lang, every=all)
        return {"streams": rows, **self._rests_on(day, lang)}

    @tool(
        "What one nominee stream asks, its grid and its newest rounds, with sources.",
        "Ce que demande un volet des candidats, sa grille et ses dernières rondes, avec les sources.",
    )
    def province_stream(self, key: str, on: str | None = None, lang: Lang = "en") -> StreamToolRecord:
        """Show one nominee stream."""
        day = self._day(on)
        found = provinces.stream_record(self._context, key[:_MOST_KEY], day, lang)
        return {**found, **self._rests_on(day, lang)}

    @tool(
        "Every nominee stream for one person: met, not met, or cannot tell, with the reason, points, and the newest "
        "round. `streams` names streams or provinces. What streams ask besides is `provinces` in `profile`.",
        "Chaque volet des candidats pour une personne : rempli, non rempli ou indéterminé, avec la raison, les points "
        "et la dernière ronde.",
    )
    def province_assess(
        self,
        profile: dict[str, Any],
        on: str | None = None,
        streams: Annotated[list[str], Field(max_length=_MOST_STREAMS)] | None = None,
        lang: Lang = "en",
    ) -> StreamFindingsToolRecord:
        """Judge one person by nominee streams."""
        day = self._day(on)
        keys = [key[:_MOST_KEY] for key in streams or ()]
        found = assess_provinces(self._context, facts_of(profile), day, lang, keys)
        return {"streams": found, **self._rests_on(day, lang)}

    @tool(
        "Published rounds of the provinces up to a day, the newest first, of one province or one stream. A score is "
        "comparable in its own `scale` only.",
        "Les rondes publiées des provinces jusqu'à un jour, les plus récentes d'abord.",
    )
    def province_draws(
        self,
        province: str | None = None,
        stream: str | None = None,
        on: str | None = None,
        limit: Annotated[int, Field(ge=1, le=_MOST_ROUNDS)] = 20,
        lang: Lang = "en",
    ) -> DrawsToolRecord:
        """List published rounds of provinces."""
        day = self._day(on)
        found = provinces.find_draws(self._context, day, province, stream)
        return {"draws": [provinces.draw_record(one, lang) for one in found[:limit]], **self._rests_on(day, lang)}

    def _day(self, text: str | None, name: str = "on") -> date:
        """A day, today where none is named.

        Raises UsageError.
        """
        day = self.today() if text is None else as_day(text, name)
        refuse_before_start(day)
        return day

    def _rests_on(self, on: date, lang: Lang) -> RestsOnRecord:
        """The day of an answer, and the law and the record that it rests on."""
        law = law_record(self._context.rules(on), lang)
        return {"as_of": on.isoformat(), "law": law, "record": reach_record(self._context.record, on)}


def _one_of(name: str, given: str | None, known: Iterable[str]) -> None:
    """Refuse a word that a filter does not know: it would find nothing, and that would look like an answer."""
    listed = list(known)
    if given is not None and given not in listed:
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(listed))
        near = suggestion(given, listed)
        fix = did_you_mean(near) if near else Text("use one of them", "prendre l'un d'eux")
        raise UsageError(Problem.outside(name, rule, given, fix, code="unknown_word"))


def _period(name: str, text: str, read: Callable[[str], date]) -> date:
    """The first or the last day of what was asked for: a day, a month or a year.

    Raises UsageError.
    """
    try:
        return read(text)
    except ValueError:
        rule = Text("a day, a month or a year", "un jour, un mois ou un an")
        raise UsageError(Problem.outside(name, rule, text, LIKE_A_DAY, code="not_a_day")) from None
