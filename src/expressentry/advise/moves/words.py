"""Each move in the person's own facts: what it is called, how long it takes from the present level, its cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from expressentry.advise.moves import credential, language, permit, savings, work
from expressentry.advise.moves.case import PlanningCase
from expressentry.advise.moves.distance import Rare
from expressentry.advise.moves.model import WORDS, YEARS, Move, shipped_distances
from expressentry.dates import long_day
from expressentry.law.languages import ABILITIES
from expressentry.law.schema import dollars
from expressentry.noc.codes import noc2021
from expressentry.profile.countries import countries
from expressentry.text import Text


def own(case: PlanningCase, move: Move) -> Move:
    """A possible move with the person's own title, days and cost; days that the user gave are the user's."""
    found = _OWN[move.kind](case, move) if move.kind in _OWN else move
    days = case.days.get(move.id)
    return found if days is None else replace(found, days=(days, days, days))


def _test(case: PlanningCase, move: Move) -> Move:
    """A test: time and cost by the distance from the levels held, and what most people do not reach."""
    spoken, now = language.language(case, move), language.levels_now(case, move)
    then, lessons = language.raised(move, now), shipped_distances().lessons
    low, high = lessons.between(spoken, now, then)
    note = Text("about {a} to {b} hours of lessons", "environ {a} à {b} heures de leçons").fill(a=low, b=high)
    if low == high:
        note = Text("about {a} hours of lessons", "environ {a} heures de leçons").fill(a=low)
    rare: Rare | None = None if move.kind == "ability" else lessons.rarely(spoken, now, then)
    return replace(
        move,
        title=_test_title(move, spoken, now),
        days=lessons.days(spoken, now, then),
        cost_cad=lessons.cost(spoken, now, then),
        note=note if high else None,
        caution=rare.text if rare else None,
    )


def _test_title(move: Move, spoken: str, now: Mapping[str, int]) -> Text:
    if move.kind == "ability":
        ability, level = move.given["ability"], now[move.given["ability"]]
        wording = Text("{l}, {a}: from level {x} to {y}", "{l}, {a} : du niveau {x} au niveau {y}")
        return wording.fill(l=WORDS[spoken], a=WORDS[ability], x=level, y=level + 1)
    four = ", ".join(str(now[ability]) for ability in ABILITIES)
    held = Text("now {f}", "aujourd'hui {f}").fill(f=four) if any(now.values()) else Text("no test yet", "aucun test")
    wording = Text(
        "{l}: level {n} or higher in all four abilities ({h})", "{l} : niveau {n} ou plus aux quatre habiletés ({h})"
    )
    if move.kind == "partner_test":
        wording = Text(
            "Your partner's {l}: level {n} or higher in all four abilities ({h})",
            "{l} de votre conjoint : niveau {n} ou plus aux quatre habiletés ({h})",
        )
    return wording.fill(l=WORDS[spoken], n=move.given["level"], h=held)


def _again(case: PlanningCase, move: Move) -> Move:
    report = language.best(case, "person", move.given["language"])
    assert report is not None
    wording = Text("Renew your {l} test (results of {d})", "Repasser votre test {l} (résultats du {d})")
    spoken = {"english": Text("English", "d'anglais"), "french": Text("French", "de français")}
    return replace(move, title=wording.fill(l=spoken[move.given["language"]], d=long_day(report.start)))


def _assessment(case: PlanningCase, move: Move) -> Move:
    held, bodies = credential.assessed_before(case, move), credential.bodies_needed(case, move)
    if bodies:
        by = Text("{t} by {b}", "{t} par : {b}")
        return replace(move, title=by.fill(t=move.title, b=Text(" or ", " ou ").join(bodies)))
    again = Text("{t} again", "{t}, de nouveau").fill(t=move.title)
    return replace(move, title=again) if held else move


def _work(case: PlanningCase, move: Move) -> Move:
    """A job that goes on needs nobody's consent, and no time to be found."""
    years, theirs = YEARS[move.given["years"]], move.given["who"] == "partner"
    place = Text("in Canada", "au Canada") if move.given["canada"] else _abroad(case, move.given["who"])
    if work.goes_on(case, move):
        stay = Text("Keep your present job {p}: {y}", "Garder votre emploi actuel {p} : {y}")
        stays = Text("Your partner keeps the present job {p}: {y}", "Votre conjoint garde son emploi actuel {p} : {y}")
        title = (stays if theirs else stay).fill(p=place, y=years)
        goes_on = Text("the present job continues", "l'emploi actuel continue")
        return replace(move, title=title, changes=goes_on, days=(0, 0, 0), needs=None, note=None, assumed=False)
    find = Text("Find a full-time job {p} and work: {y}", "Trouver un emploi à temps plein {p} et travailler : {y}")
    finds = Text(
        "Your partner finds a full-time job {p} and works: {y}",
        "Votre conjoint trouve un emploi {p} et travaille : {y}",
    )
    return replace(
        move, title=(finds if theirs else find).fill(p=place, y=years), changes=_NEW_JOB[move.given["canada"]]
    )


_NEW_JOB: Mapping[bool, Text] = {
    True: Text(
        "a new full-time job, with a permit; other jobs end",
        "un nouvel emploi à temps plein, avec un permis; les autres emplois finissent",
    ),
    False: Text("a new full-time job; other jobs end", "un nouvel emploi à temps plein; les autres emplois finissent"),
}


def _abroad(case: PlanningCase, who: str) -> Text:
    """Where work outside Canada is done, as far as it is known."""
    code, home = case.country_abroad(who), case.profile.person.lives_in
    if code is None:
        return Text("outside Canada", "hors du Canada")
    if who == "person" and code == home:
        return Text("where you live ({c})", "là où vous vivez ({c})").fill(c=countries()[code])
    return Text("outside Canada ({c})", "hors du Canada ({c})").fill(c=countries()[code])


def _degree(case: PlanningCase, move: Move) -> Move:
    """Study beside work, where the person is."""
    place = _abroad(case, "person")
    titles = {
        "one_year": Text(
            "A second credential: a one-year program {p} while you work, and its assessment",
            "Un second diplôme : un programme d'un an {p}, en travaillant, et son évaluation",
        ),
        "masters": Text(
            "A master's degree {p} while you work, and its assessment",
            "Une maîtrise {p}, en travaillant, et son évaluation",
        ),
    }
    wording = titles.get(move.given["level"])
    return replace(move, title=wording.fill(p=place)) if wording else move


def _permit(case: PlanningCase, move: Move) -> Move:
    last = permit.last_permit(case.profile.person)
    assert last is not None
    assert last.end is not None
    wording = Text("Extend your work permit, which ends on {d}", "Prolonger votre permis de travail, qui finit le {d}")
    return replace(move, title=wording.fill(d=long_day(last.end)))


def _certificate(case: PlanningCase, move: Move) -> Move:
    code = credential.trade_of(case)
    wording = Text(
        "A certificate of qualification in your trade ({t})", "Un certificat de compétence dans votre métier ({t})"
    )
    return replace(move, title=wording.fill(t=noc2021()[code].title)) if code and code in noc2021() else move


def _savings(case: PlanningCase, move: Move) -> Move:
    """The amount, and the months in which it is put aside."""
    short, needed = savings.missing(case), savings.required(case, case.start)
    wording = Text(
        "Save {a} more, to have {b} in settlement funds",
        "Épargner {a} de plus, pour avoir {b} de fonds d'établissement",
    )
    title = wording.fill(a=dollars(short), b=dollars(needed or 0))
    return replace(move, title=title, days=shipped_distances().saving(short))


def _listed(case: PlanningCase, move: Move) -> Move:
    names, chosen = case.law.round_names.categories, case.category
    wording = Text("A job in an occupation of the category {c}", "Un emploi dans une profession de la catégorie {c}")
    return replace(move, title=wording.fill(c=names[chosen])) if chosen and chosen in names else move


_OWN: Mapping[str, Callable[[PlanningCase, Move], Move]] = {
    "ability": _test,
    "floor": _test,
    "partner_test": _test,
    "again": _again,
    "assessment": _assessment,
    "work": _work,
    "degree": _degree,
    "permit": _permit,
    "certificate": _certificate,
    "savings": _savings,
    "listed_job": _listed,
}
