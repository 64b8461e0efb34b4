"""A profile: the dated facts of a person and a partner, as their papers have them. Nothing that can be computed.

    profile = read_profile(Path("anna.toml"))     # or a mapping; all that is wrong is said at once
    profile.person.work[0].start

`from` and `to` are the first and the last day, both included; no `to` means that it continues. An empty list says
"none"; a list that the law reads must be written, so that nothing is forgotten in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import ConfigDict, Field, PrivateAttr, ValidationError

from expressentry.errors import FactorsError
from expressentry.profile.documents import is_profile, read_document
from expressentry.profile.fields import (
    MOST,
    Country,
    Day,
    Facts,
    From,
    Hours,
    Level,
    Months,
    Name,
    Noc2016,
    Noc2021,
    Percent,
    Province,
    Relation,
    Result,
    Score,
    Since,
    Standing,
    To,
)
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.law.law import Law

__all__ = ["Profile", "is_profile", "read_profile"]

_ASKED: dict[str, Any] = {"required": ["test", "taken_on", "results_on", "listening", "reading", "writing", "speaking"]}


class Test(Facts):
    """One report of a language test: the four scores as printed."""

    __test__ = False  # not a test of this package, whatever its name
    model_config = ConfigDict(json_schema_extra=_ASKED)

    test: Annotated[
        Literal["celpip", "ielts", "pte", "tef", "tcf"],
        Text(
            "celpip: CELPIP-General; ielts: IELTS General Training; pte: PTE Core; tef: TEF Canada; tcf: TCF Canada",
            "celpip : CELPIP-General; ielts : IELTS General Training; pte : PTE Core; tef : TEF Canada; "
            "tcf : TCF Canada",
        ),
    ]
    taken_on: Annotated[Day, Text("day of the test", "jour de l'examen")]
    results_on: Annotated[
        Day,
        Text("day of the results; from it they hold for two years", "jour des résultats, valables deux ans dès lors"),
    ]
    listening: Annotated[Score, Text("listening", "compréhension de l'oral")] = None
    reading: Annotated[Score, Text("reading", "compréhension de l'écrit")] = None
    writing: Annotated[Score, Text("writing", "expression écrite")] = None
    speaking: Annotated[Score, Text("speaking", "expression orale")] = None
    one_skill_retake: Annotated[
        bool, Text("one ability was taken again (IELTS)", "une habileté a été reprise (IELTS)")
    ] = False


class Assessment(Facts):
    """An educational credential assessment of a foreign credential."""

    body: Annotated[Name, Text("who assessed it", "qui l'a évalué")]
    on: Annotated[Day, Text("day of the assessment; it holds for five years", "jour de l'évaluation, valable cinq ans")]
    result: Annotated[
        Result, Text("the completed Canadian credential it equals", "le diplôme canadien complété équivalent")
    ]


class Study(Facts):
    """How a program was studied in Canada."""

    to: Annotated[
        Day | None, Text("last day of study; left out: the day of completion", "dernier jour; omis : jour du diplôme")
    ] = None
    present_months: Annotated[Months, Text("months physically in Canada", "mois de présence effective au Canada")]
    full_time_months: Annotated[Months, Text("months of full-time study", "mois d'études à temps plein")]
    academic_years: Annotated[
        int,
        Field(ge=0, le=15),
        Text(
            "full-time academic years in good standing, on a study permit or without need of one",
            "années scolaires à temps plein en règle, avec un permis d'études ou sans en avoir besoin",
        ),
    ]
    distance_percent: Annotated[Percent, Text("share by distance", "part à distance")]
    language_percent: Annotated[
        Percent, Text("share of English or French as a second language", "part d'anglais ou de français langue seconde")
    ]
    must_return: Annotated[
        bool, Text("a scholarship obliges a return home", "une bourse oblige au retour dans le pays d'origine")
    ]
    relief_months: Annotated[
        Months,
        Text(
            "months from March 2020 to August 2022 studied online, outside Canada or part time; not in the numbers "
            "above",
            "mois de mars 2020 à août 2022 étudiés en ligne, hors du Canada ou à temps partiel; en plus des nombres "
            "ci-dessus",
        ),
    ] = 0


class Credential(Facts):
    """A diploma or degree, or a program that has led to none so far."""

    level: Annotated[
        Level,
        Text(
            "level of the program in its own country; professional: a degree needed for a licensed profession",
            "niveau du programme dans son pays; professional : diplôme exigé par une profession réglementée",
        ),
    ]
    country: Annotated[Country, Text("country of two letters, CA for Canada", "pays en deux lettres, CA : Canada")]
    completed_on: Annotated[
        Day | None, Text("day of the credential; left out: not completed", "jour du diplôme; omis : pas complété")
    ] = None
    assessments: Annotated[
        tuple[Assessment, ...] | None,
        Field(strict=False, max_length=MOST),
        Text("assessments of a foreign credential, [] for none", "évaluations d'un diplôme étranger, [] : aucune"),
    ] = None
    study: Annotated[Study | None, Text("study in Canada; left out: not known", "études au Canada; omis : inconnu")] = (
        None
    )


class Leave(Facts):
    """Days of a job on which no work was done: parental, sick or unpaid leave."""

    start: From
    end: To = None


class Job(Facts):
    """Work in one occupation, at one place, with the same hours; a change of any of these is a new entry."""

    noc2021: Annotated[Noc2021, Text("occupation, NOC 2021", "profession, CNP 2021")] = None
    noc2016: Annotated[Noc2016, Text("occupation, NOC 2016", "profession, CNP 2016")] = None
    start: From
    end: To = None
    hours_per_week: Annotated[Hours, Text("hours a week", "heures par semaine")]
    worked_in: Annotated[
        Country, Text("country where the work was done, CA for Canada", "pays où le travail était fait, CA : Canada")
    ]
    employer: Annotated[Name | None, Text("employer", "employeur")] = None
    employer_country: Annotated[
        Country | None,
        Text("employer's country; left out: where the work was done", "pays de l'employeur; omis : idem"),
    ] = None
    paid: Annotated[bool, Text("paid by wages or commission", "payé par salaire ou commission")] = True
    self_employed: Annotated[bool, Text("self-employed", "travailleur autonome")] = False
    publicly_funded_physician: Annotated[
        bool, Text("physician paid by the public, fee for service", "médecin rémunéré à l'acte par des fonds publics")
    ] = False
    full_time_student: Annotated[
        bool | None,
        Text("while a full-time student, co-op included", "durant des études à temps plein, stages compris"),
    ] = None
    qualified_on: Annotated[
        Day | None,
        Text(
            "trades: day from which the trade may be practised", "métiers : jour dès lequel le métier peut être exercé"
        ),
    ] = None
    recognized_military: Annotated[
        bool, Text("service in a recognized foreign military", "service dans une armée étrangère reconnue")
    ] = False
    leave: Annotated[
        tuple[Leave, ...], Field(strict=False, max_length=MOST), Text("days of leave", "jours de congé")
    ] = ()


class Status(Facts):
    """A permit or other standing in Canada."""

    kind: Annotated[
        Standing,
        Text(
            "employer_lmia: a permit for named employers on an LMIA; employer_exempt: the same without one, under "
            "s. 204(a), 204(c) or 205; employer_other: for named employers on other grounds; no_permit_needed: s. 186",
            "employer_lmia : permis pour des employeurs nommés avec EIMT; employer_exempt : sans EIMT, art. 204a), "
            "204c) ou 205; employer_other : pour des employeurs nommés à un autre titre; no_permit_needed : art. 186",
        ),
    ]
    start: From
    end: To = None
    employers: Annotated[
        tuple[Name, ...] | None,
        Field(strict=False, max_length=MOST),
        Text("employers named on the permit; left out: not known", "employeurs nommés au permis; omis : inconnu"),
    ] = None


class Certificate(Facts):
    """A certificate of qualification in a trade, by a province, a territory or a federal body."""

    noc2021: Annotated[Noc2021, Text("trade, NOC 2021", "métier, CNP 2021")] = None
    noc2016: Annotated[Noc2016, Text("trade, NOC 2016", "métier, CNP 2016")] = None
    authority: Annotated[Name, Text("province, territory or federal body", "province, territoire ou organisme fédéral")]
    issued_on: Annotated[Day, Text("day of issue", "jour de délivrance")]
    end: To = None


class Relative(Facts):
    """A relative in Canada, by blood, marriage, common-law partnership or adoption."""

    relation: Annotated[
        Relation, Text("what the relative is to the person; no cousins", "lien du parent avec la personne; ni cousin")
    ]
    birth_date: Annotated[Day | None, Text("day of birth; left out: not known", "naissance; omis : inconnue")] = None
    status: Annotated[
        Literal["citizen", "permanent_resident", "other"], Text("standing in Canada", "situation au Canada")
    ]
    lives_in_canada: Annotated[bool, Text("lives in Canada", "vit au Canada")]
    start: Since = None
    end: To = None


class Nomination(Facts):
    """A nomination by a province or territory."""

    kind: Annotated[
        Literal["enhanced", "base"], Text("enhanced: within Express Entry", "enhanced : dans Entrée express")
    ]
    province: Annotated[Province, Text("province or territory", "province ou territoire")]
    accepted_on: Annotated[
        Day | None, Text("day of acceptance; left out: not accepted", "jour de l'acceptation; omis : pas acceptée")
    ] = None
    expires_on: Annotated[Day | None, Text("last day it holds", "dernier jour de validité")] = None
    withdrawn_on: Annotated[Day | None, Text("day of withdrawal", "jour du retrait")] = None


class Offer(Facts):
    """A job offer; `from` is the day it was made, `to` the last day it stands."""

    noc2021: Annotated[Noc2021, Text("occupation, NOC 2021", "profession, CNP 2021")] = None
    noc2016: Annotated[Noc2016, Text("occupation, NOC 2016", "profession, CNP 2016")] = None
    employers: Annotated[
        tuple[Name, ...],
        Field(strict=False, min_length=1, max_length=2),
        Text("employers, at most two", "employeurs, deux au plus"),
    ]
    lmia: Annotated[bool, Text("approved on a labour market assessment", "approuvée par une EIMT")]
    start: From
    end: To = None
    hours_per_week: Annotated[Hours, Text("hours a week", "heures par semaine")]
    duration_months: Annotated[
        Months | None, Text("length in months; left out: no end", "durée en mois; omis : indéterminée")
    ] = None
    barred_employer: Annotated[
        bool,
        Text("an embassy, consulate or employer on the list of those barred", "ambassade, consulat ou employeur exclu"),
    ] = False
    canadian_forces: Annotated[
        bool, Text("from the Canadian Forces Recruiting Group", "du Groupe du recrutement des Forces canadiennes")
    ] = False


class Funds(Facts):
    """Money available on a day, until the next entry."""

    on: Annotated[Day, Text("day of the statement", "jour du relevé")]
    amount_cad: Annotated[int, Field(ge=0, le=10**9), Text("whole dollars", "dollars entiers")]


class Intent(Facts):
    """Where the person means to live."""

    quebec: Annotated[bool, Text("in Quebec", "au Québec")]


class Child(Facts):
    """A child of the person or the partner, coming or not."""

    birth_date: Annotated[Day, Text("day of birth", "date de naissance")]
    dependent: Annotated[
        bool | None, Text("a dependent child; left out: by age", "enfant à charge; omis : selon l'âge")
    ] = None


_LIST = Field(strict=False, max_length=MOST)


class Self(Facts):
    """What a person and a partner have in common."""

    tests: Annotated[tuple[Test, ...], _LIST, Text("language tests", "tests de langue")]
    credentials: Annotated[tuple[Credential, ...], _LIST, Text("credentials", "diplômes")]
    work: Annotated[tuple[Job, ...], _LIST, Text("jobs", "emplois")]
    relatives: Annotated[tuple[Relative, ...], _LIST, Text("relatives in Canada", "parenté au Canada")]
    status: Annotated[
        tuple[Status, ...] | None,
        _LIST,
        Text("permits and standing in Canada; left out: not known", "permis et statut au Canada; omis : inconnu"),
    ] = None


class Person(Self):
    """The person whose profile it is."""

    birth_date: Annotated[Day, Text("day of birth", "date de naissance")]
    certificates: Annotated[
        tuple[Certificate, ...], _LIST, Text("certificates of qualification", "certificats de compétence")
    ]
    first_language: Annotated[
        Literal["english", "french"] | None,
        Text("first official language; left out: the better one", "première langue officielle; omis : la meilleure"),
    ] = None


class Partner(Self):
    """The spouse or common-law partner."""

    birth_date: Annotated[Day | None, Text("day of birth", "date de naissance")] = None
    start: Since = None
    accompanying: Annotated[bool, Text("comes along", "vient aussi")]
    citizen_or_resident: Annotated[
        Literal["none", "citizen", "permanent_resident"], Text("standing in Canada", "situation au Canada")
    ]
    living_in_canada: Annotated[bool, Text("lives in Canada", "vit au Canada")]


class Profile(Facts):
    """The dated facts of one person, a partner and their family."""

    note: Annotated[Name | None, Text("a remark of your own", "une remarque de votre main")] = None
    person: Annotated[Person, Text("the person", "la personne")]
    partner: Annotated[Partner | None, Text("spouse or common-law partner", "époux ou conjoint de fait")] = None
    children: Annotated[tuple[Child, ...], Field(strict=False, max_length=28), Text("children", "enfants")]
    nominations: Annotated[tuple[Nomination, ...], _LIST, Text("nominations", "désignations")]
    job_offers: Annotated[tuple[Offer, ...], _LIST, Text("job offers", "offres d'emploi")]
    funds: Annotated[
        tuple[Funds, ...] | None, _LIST, Text("settlement funds; left out: not known", "fonds; omis : inconnus")
    ] = None
    intent: Annotated[Intent | None, Text("intent; left out: not known", "intention; omise : inconnue")] = None

    _prepared: Any = PrivateAttr(default=None)  # what `derive` computes once for all days


def read_profile(data: Mapping[str, Any] | Path, law: Law | None = None) -> Profile:
    """Read a profile from a mapping, or from a TOML or JSON file.

    Test scores are checked by the charts of the `law`, the shipped one where none is given. Raises FactorsError with
    everything that is wrong, FileError for a file that cannot be read. Places in a list count from 1: `person.work[1]`
    is the first job.

    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> read_profile(facts).person.birth_date
    datetime.date(1993, 4, 12)
    """
    from expressentry.law.load import load_law
    from expressentry.profile.consistency import check_profile, parts_of
    from expressentry.profile.validation import problems_of, sound_parts

    facts, law = read_document(data) if isinstance(data, Path) else data, law or load_law()
    try:
        profile = Profile.model_validate(facts)
    except ValidationError as error:
        found = problems_of(error, Profile)
        raise FactorsError([*found, *check_profile(sound_parts(facts, Profile), law)]) from None
    problems = check_profile(parts_of(profile), law)
    if problems:
        raise FactorsError(problems)
    return profile
