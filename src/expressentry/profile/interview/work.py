"""The questions about jobs and permits, of the person and of a partner."""

from __future__ import annotations

from expressentry.profile import labels
from expressentry.profile.interview import conditions as when
from expressentry.profile.interview.model import Ask, Condition, Many
from expressentry.text import Text

_CONTINUES = Text(
    "the last day worked; an empty answer says that it goes on",
    "le dernier jour travaillé; une réponse vide dit que cela continue",
)


NOC = Ask(
    "noc2021",
    "noc",
    Text(
        "Which occupation? A code of the NOC 2021, or words to search",
        "Quelle profession? Un code de la CNP 2021, ou des mots à chercher",
    ),
    Text(
        "what was done decides, not the title of the job: compare the duties in the letter of reference with those of "
        "`expressentry occupations show CODE`",
        "ce qui était fait décide, non le titre du poste : comparer les fonctions de la lettre d'emploi avec celles "
        "de `expressentry occupations show CODE`",
    ),
)

_LEAVE = Many(
    "leave",
    (
        Ask(
            "from",
            "day",
            Text("First day of the leave?", "Premier jour du congé?"),
            Text("pay slips, or the employer's letter", "fiches de paie, ou lettre de l'employeur"),
        ),
        Ask(
            "to",
            "day",
            Text("Last day of the leave? (empty: it goes on)", "Dernier jour du congé? (vide : il continue)"),
            Text("the day before work began again", "la veille de la reprise"),
        ),
    ),
    Text(
        "Was there a leave without work: parental, sick, unpaid?",
        "Y a-t-il eu un congé sans travail : parental, maladie, sans solde?",
    ),
    Text("Another leave?", "Un autre congé?"),
    Text("days of leave are no work; holidays are", "les jours de congé ne sont pas du travail; les vacances le sont"),
)

_WORK = (
    NOC,
    Ask(
        "from",
        "day",
        Text("First day of the job?", "Premier jour de l'emploi?"),
        Text(
            "the letter of reference; a change of occupation, hours or place is another job",
            "la lettre d'emploi; un changement de profession, d'heures ou de lieu est un autre emploi",
        ),
    ),
    Ask(
        "to",
        "day",
        Text("Last day of the job? (empty: it goes on)", "Dernier jour de l'emploi? (vide : il continue)"),
        _CONTINUES,
    ),
    Ask(
        "hours_per_week",
        "number",
        Text("Hours a week?", "Heures par semaine?"),
        Text("the letter of reference; 30 are full time", "la lettre d'emploi; 30 sont un temps plein"),
    ),
    Ask(
        "worked_in",
        "country",
        Text(
            "In which country was the work done? Two letters, CA for Canada",
            "Dans quel pays le travail était-il fait? Deux lettres, CA pour le Canada",
        ),
        Text(
            "where the person sat or stood, not where the employer is",
            "où la personne se trouvait, non où est l'employeur",
        ),
    ),
    Ask(
        "employer",
        "text",
        Text("Employer? (empty: left out)", "Employeur? (vide : omis)"),
        Text(
            "as written on a permit, where it is for named employers",
            "comme écrit sur le permis, s'il est pour des employeurs nommés",
        ),
        when=when.here,
    ),
    Ask(
        "employer_country",
        "country",
        Text("Country of the employer? (empty: Canada)", "Pays de l'employeur? (vide : Canada)"),
        Text(
            "of remote work for an employer abroad it is open whether it counts as Canadian",
            "d'un travail à distance pour l'étranger il reste ouvert s'il compte comme canadien",
        ),
        when=when.here,
    ),
    Ask(
        "paid",
        "yes_no",
        Text("Paid by wages or commission? (empty: yes)", "Payé par salaire ou commission? (vide : oui)"),
        Text("unpaid and volunteer work does not count", "le travail non payé ou bénévole ne compte pas"),
        default=True,
    ),
    Ask(
        "self_employed",
        "yes_no",
        Text("Self-employed? (empty: no)", "Travail autonome? (vide : non)"),
        Text(
            "self-employed work in Canada does not count, physicians excepted",
            "le travail autonome au Canada ne compte pas, sauf des médecins",
        ),
        when=when.here,
        default=False,
    ),
    Ask(
        "publicly_funded_physician",
        "yes_no",
        Text("Paid by the public, fee for service?", "À l'acte, par des fonds publics?"),
        Text("billing statements of the province", "relevés de facturation de la province"),
        when=when.self_employed_physician,
        default=False,
    ),
    Ask(
        "full_time_student",
        "yes_no",
        Text("While a full-time student, co-op included?", "Durant des études à temps plein, stages compris?"),
        Text(
            "such work in Canada does not count; empty: left open, both readings are shown",
            "ce travail au Canada ne compte pas; vide : ouvert, les deux lectures sont montrées",
        ),
        when=when.here,
    ),
    Ask(
        "qualified_on",
        "day",
        Text(
            "Trades: from which day could it be practised independently? (empty: left open)",
            "Métiers : dès quel jour pouvait-il être exercé de façon autonome? (vide : ouvert)",
        ),
        Text(
            "the licence or certificate of the country of the work",
            "la licence ou le certificat du pays du travail",
        ),
        when=when.trade,
    ),
    Ask(
        "recognized_military",
        "yes_no",
        Text("In a recognized foreign military?", "Dans une armée étrangère reconnue?"),
        Text("the record of service", "les états de service"),
        when=when.military_abroad,
        default=False,
    ),
    _LEAVE,
)

WORK = Many(
    "work",
    _WORK,
    Text("Is there a job, now or in the last ten years?", "Y a-t-il un emploi, présent ou des dix dernières années?"),
    Text("Another job?", "Un autre emploi?"),
    Text(
        "one entry for each occupation, place and number of hours; abroad and in Canada",
        "une entrée par profession, lieu et nombre d'heures; à l'étranger et au Canada",
    ),
)

_STATUS = (
    Ask(
        "kind",
        "word",
        Text("What kind of permit or standing?", "Quel genre de permis ou de situation?"),
        Text(
            "the line « case type » and the conditions on the permit",
            "la ligne « type de cas » et les conditions du permis",
        ),
        labels=labels.STANDINGS,
    ),
    Ask(
        "from",
        "day",
        Text("First day?", "Premier jour?"),
        Text("the date of issue on the permit", "la date de délivrance du permis"),
    ),
    Ask(
        "to",
        "day",
        Text("Last day? (empty: it goes on)", "Dernier jour? (vide : il continue)"),
        Text("the expiry on the permit", "l'expiration du permis"),
    ),
    Ask(
        "employers",
        "texts",
        Text(
            "Employers named on it, divided by commas? (empty: not known)",
            "Employeurs nommés, séparés par des virgules? (vide : inconnu)",
        ),
        Text("as printed on the permit", "comme imprimés sur le permis"),
        when=when.names_employers,
    ),
)


def status(condition: Condition) -> Many:
    """The questions about permits, where work in Canada makes them matter."""
    return Many(
        "status",
        _STATUS,
        Text(
            "Was there a permit or other standing in Canada?", "Y a-t-il eu un permis ou une autre situation au Canada?"
        ),
        Text("Another permit or standing?", "Un autre permis ou une autre situation?"),
        Text(
            "for all the time of work in Canada; work on days without one counts for nothing",
            "pour tout le temps travaillé au Canada; le travail des jours sans permis ne compte pas",
        ),
        when=condition,
        left_out=True,
    )
