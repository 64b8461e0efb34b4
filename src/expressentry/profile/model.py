"""A profile: the dated facts of a person and a partner, as their documents have them. Nothing that can be computed.

    profile = read_profile(Path("anna.toml"))     # or a mapping; all that is wrong is reported at once
    profile.person.work[0].start

`from` and `to` are the first and the last day, both included; without `to` it continues. An empty list means "none";
a list that the law reads must be given, so that nothing is forgotten in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from contextlib import suppress
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BeforeValidator, ConfigDict, Field, PrivateAttr

from expressentry.money import parse_dollars
from expressentry.profile.fields import (
    MOST,
    MOST_NAMES,
    MOST_WEEKS,
    Country,
    Day,
    From,
    Hours,
    Level,
    Months,
    Name,
    Noc2016,
    Noc2021,
    Percent,
    PermitKind,
    ProfileTable,
    Province,
    ProvinceFacts,
    Relation,
    Result,
    Score,
    Since,
    To,
    WorkProvince,
)
from expressentry.text import Text

_ASKED: dict[str, Any] = {"required": ["test", "taken_on", "results_on", "listening", "reading", "writing", "speaking"]}


class Test(ProfileTable):
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
    taken_on: Annotated[Day, Text("date of the test", "date du test")]
    results_on: Annotated[
        Day,
        Text("date of the results; valid for two years from it", "date des résultats, valides deux ans"),
    ]
    listening: Annotated[Score, Text("listening", "compréhension de l'oral")] = None
    reading: Annotated[Score, Text("reading", "compréhension de l'écrit")] = None
    writing: Annotated[Score, Text("writing", "expression écrite")] = None
    speaking: Annotated[Score, Text("speaking", "expression orale")] = None
    one_skill_retake: Annotated[bool, Text("one skill was retaken (IELTS)", "une habileté a été reprise (IELTS)")] = (
        False
    )


class CredentialAssessment(ProfileTable):
    """An educational credential assessment of a foreign credential."""

    body: Annotated[
        Name,
        Text(
            "who assessed it: a designated body by its code or name (WES, ICAS, IQAS, ICES, CES, MCC, PEBC, CACB)",
            "qui l'a évalué : un organisme désigné, par son code ou son nom (WES, ICAS, IQAS, ICES, CES, MCC, PEBC, "
            "CACB)",
        ),
    ]
    on: Annotated[Day, Text("date of the assessment; valid for five years", "date de l'évaluation, valide cinq ans")]
    result: Annotated[Result, Text("the Canadian credential it is equal to", "le diplôme canadien équivalent")]


class Study(ProfileTable):
    """How a program was studied in Canada."""

    to: Annotated[
        Day | None, Text("last day of study; left out: the date of completion", "dernier jour; omis : date du diplôme")
    ] = None
    present_months: Annotated[Months, Text("months physically in Canada", "mois de présence au Canada")]
    full_time_months: Annotated[Months, Text("months of full-time study", "mois d'études à temps plein")]
    academic_years: Annotated[
        int,
        Field(ge=0, le=15),
        Text(
            "full-time academic years in good standing, on a study permit or without needing one",
            "années scolaires à temps plein en règle, avec un permis d'études ou sans en avoir besoin",
        ),
    ]
    distance_percent: Annotated[Percent, Text("percentage online or by distance", "pourcentage en ligne ou à distance")]
    language_percent: Annotated[
        Percent,
        Text(
            "percentage of English or French as a second language",
            "pourcentage d'anglais ou de français langue seconde",
        ),
    ]
    must_return: Annotated[
        bool, Text("a scholarship requires a return home", "une bourse oblige à rentrer dans le pays d'origine")
    ]
    relief_months: Annotated[
        Months,
        Text(
            "months from March 2020 to August 2022 studied online, outside Canada or part time, besides those above",
            "mois de mars 2020 à août 2022 étudiés en ligne, hors du Canada ou à temps partiel, en plus des précédents",
        ),
    ] = 0


class Credential(ProfileTable):
    """A diploma or degree, or a program of study that is not completed."""

    level: Annotated[
        Level,
        Text(
            "level of the program in the country of study; professional: a degree for a licensed profession",
            "niveau du programme dans le pays d'études; professional : diplôme d'une profession réglementée",
        ),
    ]
    country: Annotated[Country, Text("country of two letters, CA for Canada", "pays en deux lettres, CA : Canada")]
    completed_on: Annotated[
        Day | None, Text("date of the credential; left out: not completed", "date du diplôme; omis : pas terminé")
    ] = None
    assessments: Annotated[
        tuple[CredentialAssessment, ...] | None,
        Field(strict=False, max_length=MOST_NAMES),
        Text(
            "assessments of a credential from abroad; [] means none", "évaluations d'un diplôme étranger; [] : aucune"
        ),
    ] = None
    study: Annotated[Study | None, Text("study in Canada; left out: not known", "études au Canada; omis : inconnu")] = (
        None
    )


class Leave(ProfileTable):
    """Leave from a job, which is not counted as work: parental, sick or unpaid leave."""

    start: From
    end: To = None


class WeeklyHours(ProfileTable):
    """Days of a job on which the hours a week are others than usual."""

    start: From
    end: Annotated[
        Day | None,
        Field(alias="to"),
        Text(
            "last day; left out: until the next entry, or the end of the job",
            "dernier jour; omis : jusqu'à l'entrée suivante, ou à la fin de l'emploi",
        ),
    ] = None
    hours_per_week: Annotated[Hours, Text("hours a week", "heures par semaine")]


class Job(ProfileTable):
    """Work in one occupation, at one place; a change of one of these is a new entry."""

    noc2021: Annotated[Noc2021, Text("occupation, NOC 2021", "profession, CNP 2021")] = None
    noc2016: Annotated[Noc2016, Text("occupation, NOC 2016", "profession, CNP 2016")] = None
    start: From
    end: To = None
    hours_per_week: Annotated[Hours, Text("hours a week", "heures par semaine")]
    varying_hours: Annotated[
        tuple[WeeklyHours, ...],
        Field(strict=False, max_length=MOST_WEEKS),
        Text(
            "where hours vary: the hours a week of some days, for example of each week; hours_per_week on all others",
            "si les heures varient : les heures par semaine de certains jours, par exemple de chaque semaine; "
            "hours_per_week pour les autres",
        ),
    ] = ()
    worked_in: Annotated[
        Country, Text("country where the work was done, CA for Canada", "pays où le travail a été fait, CA : Canada")
    ]
    province: Annotated[
        WorkProvince | None,
        Text(
            "province or territory where the work was done, for nominee streams; left out: not known",
            "province ou territoire où le travail a été fait, pour les volets des candidats; omis : inconnu",
        ),
    ] = None
    employer: Annotated[Name | None, Text("employer", "employeur")] = None
    employer_country: Annotated[
        Country | None,
        Text("employer's country; left out: where the work was done", "pays de l'employeur; omis : le même"),
    ] = None
    paid: Annotated[bool, Text("paid by wages or commission", "payé par salaire ou commission")] = True
    self_employed: Annotated[bool, Text("self-employed", "travailleur autonome")] = False
    publicly_funded_physician: Annotated[
        bool, Text("physician paid from public funds, fee for service", "médecin payé à l'acte par des fonds publics")
    ] = False
    full_time_student: Annotated[
        bool | None,
        Text("while a full-time student, co-op included", "durant des études à temps plein, stages compris"),
    ] = None
    qualified_on: Annotated[
        Day | None,
        Text(
            "trades: first day of being qualified to practise the trade",
            "métiers : premier jour où le métier peut être exercé",
        ),
    ] = None
    recognized_military: Annotated[
        bool, Text("service in a recognized foreign military", "service dans une armée étrangère reconnue")
    ] = False
    leave: Annotated[tuple[Leave, ...], Field(strict=False, max_length=MOST), Text("leave from the job", "congés")] = ()

    def goes_on(self, day: date) -> bool:
        """Whether the job has no last day, or one that is not before a day.

        A written end that lies ahead is not an end yet: a contract of two years goes on in its first.
        """
        return self.end is None or self.end >= day


class Status(ProfileTable):
    """A permit or another status in Canada."""

    kind: Annotated[
        PermitKind,
        Text(
            "employer_lmia: a permit for named employers with an LMIA; employer_exempt: without one, under s. 204(a), "
            "204(c) or 205; employer_other: for named employers on other grounds; no_permit_needed: s. 186",
            "employer_lmia : permis pour des employeurs nommés avec EIMT; employer_exempt : sans EIMT, art. 204a), "
            "204c) ou 205; employer_other : pour des employeurs nommés à un autre titre; no_permit_needed : art. 186",
        ),
    ]
    start: From
    end: To = None
    employers: Annotated[
        tuple[Name, ...] | None,
        Field(strict=False, max_length=MOST_NAMES),
        Text("employers named on the permit; left out: not known", "employeurs nommés sur le permis; omis : inconnu"),
    ] = None


class Certificate(ProfileTable):
    """A certificate of qualification in a trade, issued by a province, a territory or a federal body."""

    noc2021: Annotated[Noc2021, Text("trade, NOC 2021", "métier, CNP 2021")] = None
    noc2016: Annotated[Noc2016, Text("trade, NOC 2016", "métier, CNP 2016")] = None
    authority: Annotated[Name, Text("province, territory or federal body", "province, territoire ou organisme fédéral")]
    issued_on: Annotated[Day, Text("date of issue", "date de délivrance")]
    end: To = None


class Relative(ProfileTable):
    """A relative in Canada, by blood, marriage, common-law partnership or adoption."""

    relation: Annotated[
        Relation, Text("how they are related; cousins do not count", "lien de parenté; les cousins ne comptent pas")
    ]
    birth_date: Annotated[
        Day | None, Text("date of birth; left out: not known", "date de naissance; omise : inconnue")
    ] = None
    status: Annotated[Literal["citizen", "permanent_resident", "other"], Text("status in Canada", "statut au Canada")]
    lives_in_canada: Annotated[bool, Text("lives in Canada", "vit au Canada")]
    start: Since = None
    end: To = None


class Nomination(ProfileTable):
    """A nomination by a province or territory."""

    kind: Annotated[
        Literal["enhanced", "base"], Text("enhanced: within Express Entry", "enhanced : dans Entrée express")
    ]
    province: Annotated[Province, Text("province or territory", "province ou territoire")]
    accepted_on: Annotated[
        Day | None, Text("date of acceptance; left out: not accepted", "date d'acceptation; omise : pas acceptée")
    ] = None
    expires_on: Annotated[Day | None, Text("last day on which it is valid", "dernier jour de validité")] = None
    withdrawn_on: Annotated[Day | None, Text("date of withdrawal", "date du retrait")] = None


class Offer(ProfileTable):
    """A job offer; `from` is the day on which it was made, `to` the last day on which it is open."""

    noc2021: Annotated[Noc2021, Text("occupation, NOC 2021", "profession, CNP 2021")] = None
    noc2016: Annotated[Noc2016, Text("occupation, NOC 2016", "profession, CNP 2016")] = None
    employers: Annotated[
        tuple[Name, ...],
        Field(strict=False, min_length=1, max_length=2),
        Text("employers, at most two", "employeurs, deux au plus"),
    ]
    lmia: Annotated[bool, Text("supported by an LMIA", "appuyée par une EIMT")]
    lmia_issued_on: Annotated[
        Day | None,
        Text("date of the LMIA; left out: that of the offer", "date de l'EIMT; omise : celle de l'offre"),
    ] = None
    lmia_expires_on: Annotated[
        Day | None,
        Text(
            "last day on which the LMIA is valid; left out: as long as the offer",
            "dernier jour de validité de l'EIMT; omis : celui de l'offre",
        ),
    ] = None
    start: From
    end: To = None
    hours_per_week: Annotated[Hours, Text("hours a week", "heures par semaine")]
    duration_months: Annotated[
        Months | None,
        Text(
            "length of the work in months, from the day of the offer; left out: no end",
            "durée du travail en mois, dès le jour de l'offre; omise : indéterminée",
        ),
    ] = None
    months_after_visa: Annotated[
        Months | None,
        Text(
            "months that the work lasts after permanent residence is granted, where the offer counts them so",
            "mois que dure le travail après l'octroi de la résidence permanente, si l'offre les compte ainsi",
        ),
    ] = None
    publicly_funded_physician: Annotated[
        bool,
        Text(
            "work as a physician paid from public funds: the offer may be of any length",
            "travail de médecin payé par des fonds publics : l'offre peut être de toute durée",
        ),
    ] = False
    barred_employer: Annotated[
        bool,
        Text(
            "from an embassy, a consulate or a barred employer",
            "d'une ambassade, d'un consulat ou d'un employeur exclu",
        ),
    ] = False
    canadian_forces: Annotated[
        bool, Text("from the Canadian Forces Recruiting Group", "du Groupe du recrutement des Forces canadiennes")
    ] = False


def _dollars(given: object) -> object:
    """An amount that was typed as text, read as people write it; anything else is refused as what it is."""
    if isinstance(given, str):
        with suppress(ValueError):
            return parse_dollars(given)
    return given


class Funds(ProfileTable):
    """Money available from a day on, until the next entry."""

    on: Annotated[Day, Text("date of the statement", "date du relevé")]
    amount_cad: Annotated[
        int, Field(ge=0, le=10**9), BeforeValidator(_dollars), Text("whole dollars", "dollars entiers")
    ]


class Intent(ProfileTable):
    """Where the person plans to live."""

    quebec: Annotated[bool, Text("plans to live in Quebec", "prévoit vivre au Québec")]


class Child(ProfileTable):
    """A child of the person or the partner, whether coming to Canada or not."""

    birth_date: Annotated[Day, Text("date of birth", "date de naissance")]
    start: Annotated[
        Day | None,
        Field(alias="from"),
        Text("first day in the family; left out: from birth", "premier jour dans la famille; omis : dès la naissance"),
    ] = None
    end: Annotated[
        Day | None,
        Field(alias="to"),
        Text(
            "last day as a dependent child; left out: it continues",
            "dernier jour comme enfant à charge; omis : en cours",
        ),
    ] = None
    dependent: Annotated[
        bool | None, Text("a dependent child; left out: by age", "enfant à charge; omis : selon l'âge")
    ] = None


_LIST = Field(strict=False, max_length=MOST)


class Individual(ProfileTable):
    """What a person and a partner have in common."""

    tests: Annotated[tuple[Test, ...], _LIST, Text("language tests", "tests de langue")]
    credentials: Annotated[tuple[Credential, ...], _LIST, Text("credentials", "diplômes")]
    work: Annotated[tuple[Job, ...], _LIST, Text("jobs", "emplois")]
    relatives: Annotated[tuple[Relative, ...], _LIST, Text("relatives in Canada", "parenté au Canada")]
    status: Annotated[
        tuple[Status, ...] | None,
        _LIST,
        Text("permits and status in Canada; left out: not known", "permis et statut au Canada; omis : inconnus"),
    ] = None


class Person(Individual):
    """The person whose profile it is."""

    birth_date: Annotated[Day, Text("date of birth", "date de naissance")]
    certificates: Annotated[
        tuple[Certificate, ...], _LIST, Text("certificates of qualification", "certificats de compétence")
    ]
    first_language: Annotated[
        Literal["english", "french"] | None,
        Text("first official language; left out: the better one", "première langue officielle; omis : la meilleure"),
    ] = None
    lives_in: Annotated[
        Country | None, Text("country where the person lives; left out: not known", "pays de résidence; omis : inconnu")
    ] = None


class PartnerChange(ProfileTable):
    """What is otherwise from a day on: whether the partner comes, or the partner's status in Canada."""

    start: From
    accompanying: Annotated[
        bool | None, Text("comes to Canada too; left out: as before", "vient aussi au Canada; omis : inchangé")
    ] = None
    citizen_or_resident: Annotated[
        Literal["none", "citizen", "permanent_resident"] | None,
        Text("status in Canada; left out: as before", "statut au Canada; omis : inchangé"),
    ] = None
    living_in_canada: Annotated[
        bool | None, Text("lives in Canada; left out: as before", "vit au Canada; omis : inchangé")
    ] = None


class Partner(Individual):
    """The spouse or common-law partner, until they separate, divorce or one is widowed."""

    birth_date: Annotated[Day | None, Text("date of birth", "date de naissance")] = None
    start: Since = None
    end: Annotated[
        Day | None,
        Field(alias="to"),
        Text("last day as partners; left out: it continues", "dernier jour comme conjoints; omis : toujours en cours"),
    ] = None
    accompanying: Annotated[bool, Text("comes to Canada too", "vient aussi au Canada")]
    citizen_or_resident: Annotated[
        Literal["none", "citizen", "permanent_resident"], Text("status in Canada", "statut au Canada")
    ]
    living_in_canada: Annotated[bool, Text("lives in Canada", "vit au Canada")]

    changes: Annotated[
        tuple[PartnerChange, ...],
        _LIST,
        Text(
            "days from which one of these three was otherwise, as declared",
            "jours dès lesquels l'un de ces trois faits a changé, tel que déclaré",
        ),
    ] = ()

    def is_one(self, on: date) -> bool:
        """Whether they are partners on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)

    def stated(self, name: str, on: date) -> Any:
        """Whether the partner comes, the status in Canada, or whether the partner lives there, as it is on a day."""
        begun = [one for one in self.changes if one.start <= on and getattr(one, name) is not None]
        return getattr(max(begun, key=lambda one: one.start, default=self), name)

    def comes(self, on: date) -> bool:
        """Whether the partner comes along, as declared on a day."""
        return bool(self.stated("accompanying", on))


class _Kept(dict[Hashable, Any]):
    """What was made of a profile. It is no fact: two profiles of the same facts are equal whatever they keep."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Kept)

    __hash__ = None


Made = TypeVar("Made")


class Profile(ProfileTable):
    """The dated facts of one person, a partner and their family."""

    note: Annotated[Name | None, Text("your own note", "votre propre note")] = None
    person: Annotated[Person, Text("the person", "la personne")]
    partner: Annotated[Partner | None, Text("spouse or common-law partner", "époux ou conjoint de fait")] = None
    children: Annotated[tuple[Child, ...], Field(strict=False, max_length=28), Text("children", "enfants")]
    nominations: Annotated[tuple[Nomination, ...], _LIST, Text("nominations", "désignations")]
    job_offers: Annotated[tuple[Offer, ...], _LIST, Text("job offers", "offres d'emploi")]
    funds: Annotated[
        tuple[Funds, ...] | None, _LIST, Text("settlement funds; left out: not known", "fonds; omis : inconnus")
    ] = None
    intent: Annotated[Intent | None, Text("intent; left out: not known", "intention; omise : inconnue")] = None
    provinces: Annotated[
        ProvinceFacts | None,
        Text(
            "what nominee streams of a province or territory ask for; left out: not known",
            "ce que demandent les volets d'une province ou d'un territoire; omis : inconnu",
        ),
    ] = None

    def individuals(self) -> dict[str, Person | Partner]:
        """The person, and the partner where there is one, by the names with which places of the profile begin."""
        return {"person": self.person} | ({} if self.partner is None else {"partner": self.partner})

    def __repr__(self) -> str:
        """How much there is of it, and nothing that it says: a prompt is no place for a birth date."""
        person, partner = self.person, "with" if self.partner else "no"
        counted = f"{len(person.tests)} tests, {len(person.credentials)} credentials, {len(person.work)} jobs"
        return f"<Profile: {counted}, {partner} partner>"

    __str__ = __repr__

    _kept: _Kept = PrivateAttr(default_factory=lambda: _Kept())

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what is made of this profile once and used for every day, making it the first time.

        A profile does not change, so what depends on nothing but its facts and the key is kept with it.

        Args:
            key: What is made, and from what besides the profile.
            make: Makes it.
        """
        if key not in self._kept:
            self._kept[key] = make()
        made: Made = self._kept[key]
        return made

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Profile:
        """Return a copy, with some fields changed; nothing that was made of this profile goes with it."""
        copied = super().model_copy(update=update, deep=deep)
        copied._kept = _Kept()
        return copied


def build_models() -> None:
    """Build the readers of all tables now: for a program of several threads, in which two could begin at once."""
    waiting: list[type[ProfileTable]] = [ProfileTable]
    while waiting:
        one = waiting.pop()
        one.model_rebuild()
        waiting += one.__subclasses__()
