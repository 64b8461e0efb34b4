"""What the words of a profile mean, in both languages: for questions, forms, the schema and the reference."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from types import MappingProxyType

from expressentry.dates import long_day
from expressentry.law.languages import LANGUAGE_NAMES, NAMES
from expressentry.text import Text, same

Labels = Mapping[str, Text]

TESTS: Labels = MappingProxyType({test: same(name) for test, name in NAMES.items()})
LEVELS: Labels = MappingProxyType(
    {
        "secondary": Text(
            "secondary school (high school)", "études secondaires (dont le baccalauréat de fin de lycée)"
        ),
        "under_one_year": Text(
            "post-secondary program of less than one year", "programme postsecondaire de moins d'un an"
        ),
        "one_year": Text("post-secondary program of one year", "programme postsecondaire d'un an"),
        "two_year": Text("post-secondary program of two years", "programme postsecondaire de deux ans"),
        "three_year": Text(
            "bachelor's degree, or another program of three years or more",
            "licence, bachelor ou baccalauréat universitaire (bac + 3 ou plus), ou autre programme de trois ans ou "
            "plus",
        ),
        "masters": Text("master's degree", "maîtrise ou master"),
        "professional": Text(
            "professional degree, only in medicine, dentistry, veterinary medicine, optometry, chiropractic, law or "
            "pharmacy (not nursing, engineering or teaching)",
            "diplôme professionnel, seulement en médecine, médecine dentaire, médecine vétérinaire, optométrie, "
            "chiropratique, droit ou pharmacie (ni soins infirmiers, ni génie, ni enseignement)",
        ),
        "doctoral": Text("doctorate (PhD)", "doctorat"),
    }
)
SHORT_LEVELS: Labels = MappingProxyType(
    {
        "under_one_year": Text("program of less than a year", "programme de moins d'un an"),
        "secondary": Text("high school diploma", "études secondaires"),
        "one_year": Text("one-year diploma", "programme d'un an"),
        "two_year": Text("two-year diploma", "programme de deux ans"),
        "three_year": Text("bachelor's (or three-year program)", "licence, bachelor ou programme de trois ans"),
        "masters": Text("master's", "maîtrise ou master"),
        "professional": Text("professional degree", "diplôme professionnel"),
        "doctoral": Text("doctorate", "doctorat"),
    }
)
"""The levels of credentials, short enough for a sentence."""

RESULTS: Labels = MappingProxyType(
    {
        **LEVELS,  # first and in their order, so that a level has one number in both lists
        "post_bachelors": Text(
            "post-bachelor's certificate or diploma", "certificat ou diplôme obtenu après le baccalauréat universitaire"
        ),
        "postgraduate": Text(
            "graduate or postgraduate certificate or diploma (not a master's degree)",
            "certificat ou diplôme d'études supérieures (DESS; pas une maîtrise)",
        ),
        "none": Text("not equal to any Canadian credential", "n'équivaut à aucun diplôme canadien"),
    }
)
PERMITS: Labels = MappingProxyType(
    {
        "study_permit": Text("study permit", "permis d'études"),
        "post_graduation": Text("post-graduation work permit", "permis de travail postdiplôme"),
        "employer_lmia": Text(
            "work permit for named employers, with an LMIA", "permis de travail pour des employeurs nommés, avec EIMT"
        ),
        "employer_exempt": Text(
            "work permit for named employers, without an LMIA (s. 204(a), 204(c) or 205)",
            "permis de travail pour des employeurs nommés, sans EIMT (art. 204a), 204c) ou 205)",
        ),
        "employer_other": Text(
            "work permit for named employers, on other grounds",
            "permis de travail pour des employeurs nommés, à un autre titre",
        ),
        "open": Text("open work permit", "permis de travail ouvert"),
        "bridging": Text("bridging open work permit", "permis de travail ouvert transitoire"),
        "maintained": Text("maintained status (new permit applied for)", "statut maintenu (nouveau permis demandé)"),
        "no_permit_needed": Text("work allowed without a permit (s. 186)", "travail autorisé sans permis (art. 186)"),
        "refugee_claimant": Text("refugee claimant", "demandeur d'asile"),
        "visitor": Text("visitor", "visiteur"),
        "none": Text("no status", "aucun statut"),
    }
)
RELATIONS: Labels = MappingProxyType(
    {
        "parent": Text("father or mother", "père ou mère"),
        "grandparent": Text("grandparent", "grand-parent"),
        "child": Text("child", "enfant"),
        "grandchild": Text("grandchild", "petit-enfant"),
        "sibling": Text("brother or sister", "frère ou sœur"),
        "aunt_or_uncle": Text("aunt or uncle", "tante ou oncle"),
        "niece_or_nephew": Text("niece or nephew", "nièce ou neveu"),
    }
)
RESIDENCE: Labels = MappingProxyType(
    {
        "citizen": Text("Canadian citizen", "citoyen canadien"),
        "permanent_resident": Text("permanent resident of Canada", "résident permanent du Canada"),
        "other": Text("another status", "autre statut"),
    }
)
PARTNERS: Labels = MappingProxyType(
    {"none": Text("neither", "ni l'un ni l'autre"), **dict(list(RESIDENCE.items())[:2])}
)
NOMINATIONS: Labels = MappingProxyType(
    {
        "enhanced": Text("within Express Entry (enhanced)", "dans Entrée express (améliorée)"),
        "base": Text("outside Express Entry (base)", "hors d'Entrée express (de base)"),
    }
)
PROVINCES: Labels = MappingProxyType(
    {
        "AB": same("Alberta"),
        "BC": Text("British Columbia", "Colombie-Britannique"),
        "MB": same("Manitoba"),
        "NB": Text("New Brunswick", "Nouveau-Brunswick"),
        "NL": Text("Newfoundland and Labrador", "Terre-Neuve-et-Labrador"),
        "NS": Text("Nova Scotia", "Nouvelle-Écosse"),
        "NT": Text("Northwest Territories", "Territoires du Nord-Ouest"),
        "NU": same("Nunavut"),
        "ON": same("Ontario"),
        "PE": Text("Prince Edward Island", "Île-du-Prince-Édouard"),
        "SK": same("Saskatchewan"),
        "YT": same("Yukon"),
    }
)
WORK_PROVINCES: Labels = MappingProxyType(
    {
        **{code: PROVINCES[code] for code in PROVINCES if code < "QC"},
        "QC": Text("Quebec", "Québec"),
        **{code: PROVINCES[code] for code in PROVINCES if code > "QC"},
    }
)
ALL: tuple[Labels, ...] = (
    TESTS,
    LEVELS,
    RESULTS,
    PERMITS,
    RELATIONS,
    RESIDENCE,
    PARTNERS,
    NOMINATIONS,
    PROVINCES,
    WORK_PROVINCES,
    LANGUAGE_NAMES,
)


def labels_of(choices: tuple[str, ...]) -> Labels:
    """The meaning of each word of a closed list of a profile.

    >>> labels_of(("enhanced", "base"))["base"].fr
    "hors d'Entrée express (de base)"
    """
    return next(labels for labels in ALL if set(labels) == set(choices))


LEFT_OUT: Labels = MappingProxyType(
    {
        "intends_quebec": Text("whether you plan to live in Quebec", "si vous prévoyez vivre au Québec"),
        "funds_cad": Text("the settlement funds that you have", "les fonds d'établissement que vous avez"),
    }
)
"""How a fact is asked for that a profile may leave out, and programs need: the one that more of them need is first."""

_ENTRIES: Labels = MappingProxyType(
    {
        "tests": Text("test {n}", "test {n}"),
        "credentials": Text("credential {n}", "diplôme {n}"),
        "work": Text("job {n}", "emploi {n}"),
        "status": Text("permit or status {n}", "permis ou statut {n}"),
        "relatives": Text("relative {n}", "membre de la famille {n}"),
        "certificates": Text("certificate {n}", "certificat {n}"),
        "job_offers": Text("job offer {n}", "offre d'emploi {n}"),
        "nominations": Text("nomination {n}", "désignation {n}"),
    }
)
_ENTRY = re.compile(r"(?:(person|partner)\.)?(\w+)\[(\d+)\]")


def entry_name(place: str) -> Text:
    """An entry of a list as a person calls it, where the profile has it as a place.

    >>> entry_name("person.work[1]").en, entry_name("partner.tests[2]").fr
    ('job 1', 'test 2 de votre conjoint')
    """
    found = _ENTRY.fullmatch(place)
    if found is None or found[2] not in _ENTRIES:
        return same(place)
    name = _ENTRIES[found[2]].fill(n=found[3])
    return Text("your partner's {e}", "{e} de votre conjoint").fill(e=name) if found[1] == "partner" else name


def results_name(owner: str, test: str, results_on: date) -> Text:
    """The results of a language test as a person calls them: by their own day, from which they are valid.

    >>> results_name("partner", "ielts", date(2026, 3, 28)).en
    "your partner's IELTS results of 28 March 2026"
    """
    yours = Text("your {t} results of {d}", "vos résultats {t} du {d}")
    theirs = Text("your partner's {t} results of {d}", "les résultats {t} de votre conjoint du {d}")
    name = NAMES[test].removesuffix(" General Training").removesuffix("-General")
    return (theirs if owner == "partner" else yours).fill(t=name, d=long_day(results_on))


def credential_name(owner: str, level: str, completed_on: date | None) -> Text:
    """A credential as a person calls it: by its year and its level.

    >>> credential_name("partner", "masters", date(2017, 6, 1)).en, credential_name("person", "masters", None).fr
    ("your partner's 2017 master's", 'votre diplôme (maîtrise ou master)')
    """
    year = Text("{y} ", " de {y}").fill(y=completed_on.year) if completed_on else same("")
    yours = Text("your {y}{l}", "votre diplôme{y} ({l})")
    theirs = Text("your partner's {y}{l}", "le diplôme{y} de votre conjoint ({l})")
    return (theirs if owner == "partner" else yours).fill(y=year, l=SHORT_LEVELS[level])


def entry_names(places: Iterable[str]) -> Text:
    """Several entries, each once, in their order.

    >>> entry_names(["person.work[1]", "person.work[3]", "person.work[1]"]).fr
    'emploi 1, emploi 3'
    """
    return Text(", ", ", ").join(entry_name(place) for place in dict.fromkeys(places))
