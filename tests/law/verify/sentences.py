"""Sentences in the manner of the department's pages, made from the criteria of a day, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape

from expressentry.law.criteria.categories import CategoryVersion
from expressentry.law.criteria.model import Abilities, Known, Points
from expressentry.law.law import Law
from expressentry.law.schema import MonthsTest
from expressentry.text import Lang, Text

PROGRAM_TITLES = {
    "cec": Text(
        "Who can apply: Canadian Experience Class (Express Entry)",
        "Qui peut présenter une demande : Catégorie de l’expérience canadienne (Entrée express)",
    ),
    "fsw": Text(
        "Who can apply: Federal Skilled Worker Program (Express Entry)",
        "Qui peut présenter une demande : Programme des travailleurs qualifiés (fédéral) (Entrée express)",
    ),
    "fst": Text(
        "Who can apply: Federal Skilled Trades Program (Express Entry)",
        "Qui peut présenter une demande : Programme des métiers spécialisés (fédéral) (Entrée express)",
    ),
}


def items(sentences: Sequence[Text], lang: Lang) -> str:
    """A list of sentences in HTML."""
    return "<ul>" + "".join(f"<li>{escape(one.say(lang))}</li>" for one in sentences) + "</ul>\n"


def conditions(version: CategoryVersion) -> list[Text]:
    """What a category asks for."""
    found: list[Text] = []
    for condition in (one for criterion in version.criteria for one in criterion.conditions()):
        if isinstance(condition, MonthsTest):
            found += _experience(condition, (version.window_months or 0) // 12)
        elif isinstance(condition, Abilities):
            said = Text(
                "have French results of at least NCLC {n} in all four language abilities",
                "avoir obtenu au moins NCLC {n} aux quatre habiletés en français",
            )
            found.append(said.fill(n=condition.levels[0][0]))
        elif isinstance(condition, Known):
            found.append(_YEARS[condition.column.name])
    return found


def _experience(condition: MonthsTest, years: int) -> list[Text]:
    continuous = condition.measure == "run"
    work = Text(
        "have at least {n} {c}months of full-time work experience, or as much part-time (30 hours a week or more)",
        "avoir au moins {n} mois d’expérience de travail {c}à temps plein, ou autant à temps partiel "
        "(30 heures par semaine ou plus)",
    ).fill(n=condition.least, c=Text("continuous ", "continue ") if continuous else Text("", ""))
    breaks = Text("it does not need to be continuous", "elle n’a pas à être continue")
    where = Text("the work was done in Canada or abroad", "le travail a été fait au Canada ou à l’étranger")
    if condition.measure == "canada_months":
        where = Text("the work was done in Canada", "le travail a été fait au Canada")
    window = Text("within the past {y} years, in one occupation listed", "au cours des {y} dernières années")
    return [work, window.fill(y=years), *([] if continuous else [breaks]), where]


_YEARS = {
    "military_years": Text(
        "is serving in a recognized foreign military with a minimum of ten years of continuous service",
        "servir dans une force armée étrangère reconnue, avec au moins dix ans de service continu",
    ),
    "military_offer_years": Text(
        "have an offer of the Canadian Forces Recruiting Group for full-time work of 3 years or more",
        "avoir une offre du Groupe de recrutement des Forces canadiennes à temps plein de 3 ans ou plus",
    ),
    "education": Text(
        "have a post-secondary credential of 2 years or more, assessed if foreign",
        "avoir un diplôme postsecondaire de 2 ans ou plus, évalué s’il est étranger",
    ),
}


def program(id_: str, law: Law, day: date, lang: Lang) -> str:
    """The page of who can apply under a program."""
    asked = next(one for one in law.on(day).selection.programs if one.program == id_)
    levels = [
        one for c in asked.criteria for one in c.conditions() if isinstance(one, Abilities) and one.levels[0][0] != 1
    ]
    points = [one.least for c in asked.criteria for one in c.conditions() if isinstance(one, Points)]
    said = {"cec": _cec, "fsw": _fsw, "fst": _fst}[id_](levels, points)
    general = [
        Text("Your test must be less than two years old", "Votre test doit dater de moins de 2 ans"),
        Text(
            "You can work more or less than 15 hours/week as long as it adds up",
            "Vous pouvez travailler moins de 15 heures/semaine si le total y est",
        ),
        Text("Work can be in more than one job, since 2016", "Le travail peut être fait dans plus d’un emploi"),
    ]
    return items([*said, *general], lang)


def _cec(levels: Sequence[Abilities], points: Sequence[int]) -> list[Text]:
    by_teer = levels[0].levels
    return [
        Text(
            "at least 1 year of skilled work experience in Canada in the last 3 years (1,560 hours)",
            "au moins un an d’expérience de travail qualifié au Canada dans les 3 dernières années (1 560 heures)",
        ),
        Text(
            "30 hours/week for 12 months = 1 year full time (1,560 hours)",
            "30 heures/semaine pendant 12 mois = 1 an à temps plein (1 560 heures)",
        ),
        Text(
            "a level of CLB {a} for TEER 0 or TEER 1 jobs, or CLB {b} for TEER 2 or TEER 3 jobs",
            "un niveau NCLC {a} pour les emplois FEER 0 ou FEER 1, ou NCLC {b} pour les emplois FEER 2 ou FEER 3",
        ).fill(a=by_teer[0][0], b=by_teer[2][0]),
    ]


def _fsw(levels: Sequence[Abilities], points: Sequence[int]) -> list[Text]:
    return [
        Text(
            "one continuous year of work within the last ten years, 1,560 hours in all",
            "un an de travail continu au cours des dix dernières années, 1 560 heures au total",
        ),
        Text("CLB {n} in all four abilities", "NCLC {n} aux quatre habiletés").fill(n=levels[0].levels[0][0]),
        Text("at least {n} points out of 100", "au moins {n} points sur 100").fill(n=points[0]),
        Text("an assessment less than five years old", "une évaluation de moins de cinq ans"),
    ]


def _fst(levels: Sequence[Abilities], points: Sequence[int]) -> list[Text]:
    listening, reading, _, _ = levels[0].levels[0]
    return [
        Text(
            "at least 2 years of work experience (3,120 hours) in a trade within the 5 years before you apply",
            "au moins deux ans d’expérience de travail (3 120 heures) dans un métier, dans les 5 années précédant "
            "la demande",
        ),
        Text(
            "CLB {a} for speaking and listening, and CLB {b} for reading and writing",
            "NCLC {a} en expression orale et en compréhension de l’oral, et NCLC {b} en compréhension de l’écrit et en "
            "expression écrite",
        ).fill(a=listening, b=reading),
        Text(
            "a valid job offer of at least 1 year, or a certificate of qualification",
            "une offre d’emploi valide d’au moins un an, ou un certificat de compétence",
        ),
    ]
