"""The questions about jobs and permits, of the person and of a partner."""

from __future__ import annotations

from dataclasses import replace

from expressentry.profile import labels
from expressentry.profile.interview import conditions as when
from expressentry.profile.interview.model import Ask, Condition, Many
from expressentry.text import Text

NOC = Ask(
    "noc2021",
    "noc",
    Text("What is the occupation?", "Quelle est la profession?"),
    Text(
        "Choose by the duties, not by the job title: compare those in the letter with the ones that "
        "`expressentry occupations show CODE` lists",
        "Choisissez selon les tâches, non selon le titre du poste : comparez celles de la lettre avec celles que donne "
        "`expressentry occupations show CODE`",
    ),
)
_JOB_NOC = replace(
    NOC,
    text=Text("What was your occupation in this job?", "Quelle était votre profession dans cet emploi?"),
    of_partner=Text("What was your partner's occupation in this job?", "Quelle était la profession de votre conjoint?"),
)
HOURS = Text("How many hours a week?", "Combien d'heures par semaine?")

_OTHER_HOURS = Many(
    "varying_hours",
    (
        Ask(
            "from",
            "day",
            Text("What was the first day with other hours?", "Quel a été le premier jour avec d'autres heures?"),
            Text("Pay slips, or the employer's letter", "Les fiches de paie, ou la lettre de l'employeur"),
        ),
        Ask(
            "to",
            "day",
            Text("What was the last day with these hours?", "Quel a été le dernier jour avec ces heures?"),
            Text("The day before the hours changed again", "La veille du changement suivant"),
            empty=Text(
                "until they change again, or the job ends", "jusqu'au changement suivant, ou la fin de l'emploi"
            ),
        ),
        Ask(
            "hours_per_week",
            "number",
            Text("How many hours a week on those days?", "Combien d'heures par semaine ces jours-là?"),
            Text("As on the pay slips", "Selon les fiches de paie"),
        ),
    ),
    Text("Were the hours different in some weeks?", "Les heures étaient-elles différentes certaines semaines?"),
    Text("Were they different in other weeks too?", "Étaient-elles différentes d'autres semaines aussi?"),
    Text(
        "Only if they fell below 30 a week, or were below 30 before. A week without work is leave",
        "Seulement si elles ont été sous 30 par semaine avant ou pendant. Une semaine sans travail est un congé",
    ),
)

_LEAVE = Many(
    "leave",
    (
        Ask(
            "from",
            "day",
            Text("What was the first day of the leave?", "Quel a été le premier jour du congé?"),
            Text("Pay slips, or the employer's letter", "Les fiches de paie, ou la lettre de l'employeur"),
        ),
        Ask(
            "to",
            "day",
            Text(
                "What was the last day of the leave?",
                "Quel a été le dernier jour du congé?",
            ),
            Text("The day before the return to work", "La veille du retour au travail"),
            empty=Text("it continues", "il continue"),
        ),
    ),
    Text(
        "Did you take leave from this job (parental, sick or unpaid)?",
        "Avez-vous pris congé de cet emploi (parental, maladie, sans solde)?",
    ),
    Text("Did you take another leave?", "Avez-vous pris un autre congé?"),
    Text(
        "Leave is not counted as work; paid holidays are",
        "Un congé ne compte pas comme travail; les vacances payées, oui",
    ),
    of_partner=Text(
        "Did your partner take leave from this job (parental, sick or unpaid)?",
        "Votre conjoint a-t-il pris congé de cet emploi (parental, maladie, sans solde)?",
    ),
    another_of_partner=Text("Did your partner take another leave?", "Votre conjoint a-t-il pris un autre congé?"),
)

_WORK = (
    _JOB_NOC,
    Ask(
        "from",
        "day",
        Text("When did you start this job?", "Quand avez-vous commencé cet emploi?"),
        Text(
            "The date in the reference letter. A change of occupation or place is another job",
            "La date dans la lettre d'emploi. Un changement de profession ou de lieu est un autre emploi",
        ),
        of_partner=Text("When did your partner start this job?", "Quand votre conjoint a-t-il commencé cet emploi?"),
    ),
    Ask(
        "to",
        "day",
        Text(
            "What was your last day of work?",
            "Quel a été votre dernier jour de travail?",
        ),
        Text(
            "The date in the letter, or on the last pay slip",
            "La date dans la lettre, ou sur la dernière fiche de paie",
        ),
        empty=Text("the job continues", "l'emploi continue"),
        of_partner=Text(
            "What was your partner's last day of work?",
            "Quel a été le dernier jour de travail de votre conjoint?",
        ),
    ),
    Ask(
        "hours_per_week",
        "number",
        Text("How many hours a week, usually?", "Combien d'heures par semaine, d'habitude?"),
        Text(
            "As in the reference letter. 30 hours are full time",
            "Selon la lettre d'emploi. 30 heures font un temps plein",
        ),
        of_partner=Text(
            "How many hours a week did your partner usually work?",
            "Combien d'heures par semaine votre conjoint travaillait-il d'habitude?",
        ),
    ),
    _OTHER_HOURS,
    Ask(
        "worked_in",
        "country",
        Text("In which country did you work?", "Dans quel pays avez-vous travaillé?"),
        Text(
            "Where you were when you worked, not where the employer is",
            "Où vous étiez en travaillant, et non où est l'employeur",
        ),
        of_partner=Text("In which country did your partner work?", "Dans quel pays votre conjoint a-t-il travaillé?"),
        help_of_partner=Text(
            "Where your partner was when working, not where the employer is",
            "Où votre conjoint était en travaillant, et non où est l'employeur",
        ),
    ),
    Ask(
        "province",
        "word",
        Text(
            "In which province or territory did you work?",
            "Dans quelle province ou quel territoire avez-vous travaillé?",
        ),
        Text(
            "Nominee streams count work by province",
            "Les volets des candidats comptent le travail par province",
        ),
        labels=labels.WORK_PROVINCES,
        empty=Text("not given", "non donné"),
        when=when.here,
    ),
    Ask(
        "employer",
        "text",
        Text("What is the employer's name?", "Quel est le nom de l'employeur?"),
        Text(
            "Write it as on the permit, if the permit names employers",
            "Écrivez-le comme sur le permis, si le permis nomme des employeurs",
        ),
        empty=Text("not given", "non donné"),
        when=when.here,
    ),
    Ask(
        "employer_country",
        "country",
        Text("In which country is the employer?", "Dans quel pays est l'employeur?"),
        Text(
            "We do not know whether remote work for an employer abroad counts as Canadian work",
            "Nous ne savons pas si le télétravail pour un employeur à l'étranger compte comme travail canadien",
        ),
        empty=Text("Canada", "Canada"),
        when=when.here,
    ),
    Ask(
        "paid",
        "yes_no",
        Text("Was it paid by wages or commission?", "Était-il payé par salaire ou commission?"),
        Text("Unpaid and volunteer work does not count", "Le travail non payé ou bénévole ne compte pas"),
        default=True,
    ),
    Ask(
        "self_employed",
        "yes_no",
        Text("Were you self-employed?", "Étiez-vous travailleur autonome?"),
        Text(
            "Self-employed work in Canada does not count, except for some physicians",
            "Le travail autonome au Canada ne compte pas, sauf pour certains médecins",
        ),
        when=when.here,
        default=False,
        of_partner=Text(
            "Was your partner self-employed?",
            "Votre conjoint était-il travailleur autonome?",
        ),
    ),
    Ask(
        "publicly_funded_physician",
        "yes_no",
        Text("Were you paid from public funds, fee for service?", "Étiez-vous payé à l'acte, par des fonds publics?"),
        Text("The province's billing statements show it", "Les relevés de facturation de la province l'indiquent"),
        when=when.self_employed_physician,
        default=False,
        of_partner=Text(
            "Was your partner paid from public funds, fee for service?",
            "Votre conjoint était-il payé à l'acte, par des fonds publics?",
        ),
    ),
    Ask(
        "full_time_student",
        "yes_no",
        Text(
            "Were you a full-time student while you did this job (co-op included)?",
            "Étiez-vous aux études à temps plein pendant cet emploi (stages compris)?",
        ),
        Text(
            "Such work in Canada does not count. If you do not know, we show both possible results",
            "Ce travail au Canada ne compte pas. Si vous ne le savez pas, nous montrons les deux résultats possibles",
        ),
        when=when.here,
        empty=Text("I do not know", "Je ne sais pas"),
        of_partner=Text(
            "Was your partner a full-time student while doing this job (co-op included)?",
            "Votre conjoint était-il aux études à temps plein pendant cet emploi (stages compris)?",
        ),
    ),
    Ask(
        "qualified_on",
        "day",
        Text(
            "When did you become qualified to practise this trade on your own?",
            "Depuis quand pouvez-vous exercer ce métier de façon autonome?",
        ),
        Text(
            "The date on the licence or certificate of the country where you worked",
            "La date sur la licence ou le certificat du pays où vous avez travaillé",
        ),
        empty=Text("not known", "inconnu"),
        when=when.trade,
        of_partner=Text(
            "When did your partner become qualified to practise this trade alone?",
            "Depuis quand votre conjoint peut-il exercer ce métier de façon autonome?",
        ),
        help_of_partner=Text(
            "The date on the licence or certificate of the country where your partner worked",
            "La date sur la licence ou le certificat du pays où votre conjoint a travaillé",
        ),
    ),
    Ask(
        "recognized_military",
        "yes_no",
        Text(
            "Was it service in a recognized foreign military?", "Était-ce un service dans une armée étrangère reconnue?"
        ),
        Text("The record of service", "Les états de service"),
        when=when.military_abroad,
        default=False,
    ),
    _LEAVE,
)

WORK = Many(
    "work",
    _WORK,
    Text("Have you worked in the last ten years?", "Avez-vous travaillé au cours des dix dernières années?"),
    Text("Do you have another job to add?", "Avez-vous un autre emploi à ajouter?"),
    Text(
        "Add each occupation and place separately, in Canada and abroad",
        "Ajoutez séparément chaque profession et chaque lieu, au Canada et à l'étranger",
    ),
    of_partner=Text(
        "Has your partner worked in the last ten years?",
        "Votre conjoint a-t-il travaillé au cours des dix dernières années?",
    ),
    another_of_partner=Text(
        "Does your partner have another job to add?", "Votre conjoint a-t-il un autre emploi à ajouter?"
    ),
)

_STATUS = (
    Ask(
        "kind",
        "word",
        Text("What kind of permit or status was it?", "Quel genre de permis ou de statut était-ce?"),
        Text(
            'The line "case type" and the conditions on the permit',
            "La ligne « type de cas » et les conditions du permis",
        ),
        labels=labels.PERMITS,
    ),
    Ask(
        "from",
        "day",
        Text("What was its first day?", "Quel a été son premier jour?"),
        Text("The date of issue on the permit", "La date de délivrance du permis"),
    ),
    Ask(
        "to",
        "day",
        Text("What is its last day?", "Quel est son dernier jour?"),
        Text("The expiry date on the permit", "La date d'expiration du permis"),
        empty=Text("it continues", "il continue"),
    ),
    Ask(
        "employers",
        "texts",
        Text(
            "Which employers does it name, separated by commas?",
            "Quels employeurs nomme-t-il, séparés par des virgules?",
        ),
        Text("As printed on the permit", "Comme ils sont imprimés sur le permis"),
        empty=Text("not known", "inconnu"),
        when=when.names_employers,
    ),
)

_BETWEEN = Ask(
    "kind",
    "word",
    Text("What did you hold {days}?", "Qu'aviez-vous {days}?"),
    Text(
        "You worked on days between two permits. If you held a permit then, go back and add it. If you had applied for "
        "a work permit before a study permit ended, work was allowed without a permit; if you had applied to renew a "
        "work permit before it ended, choose maintained status",
        "Vous avez travaillé entre deux permis. Si vous aviez un permis, revenez l'ajouter. Si vous aviez demandé un "
        "permis de travail avant la fin d'un permis d'études, le travail était autorisé sans permis; si vous aviez "
        "demandé à renouveler un permis de travail avant sa fin, choisissez le statut maintenu",
    ),
    labels={kind: labels.PERMITS[kind] for kind in ("no_permit_needed", "maintained", "visitor", "none")},
    empty=Text("I do not know", "Je ne sais pas"),
    of_partner=Text("What did your partner hold {days}?", "Qu'avait votre conjoint {days}?"),
    help_of_partner=Text(
        "Your partner worked on days between two permits. If there was a permit then, go back and add it. After an "
        "application for a work permit before a study permit ended, work was allowed without a permit; after one to "
        "renew a work permit before it ended, choose maintained status",
        "Votre conjoint a travaillé entre deux permis. S'il y avait un permis, revenez l'ajouter. Après une demande de "
        "permis de travail faite avant la fin d'un permis d'études, le travail était autorisé sans permis; après une "
        "demande de renouvellement faite avant la fin d'un permis de travail, choisissez le statut maintenu",
    ),
)


def status(condition: Condition) -> Many:
    """The questions about permits, where work in Canada makes them matter."""
    return Many(
        "status",
        _STATUS,
        Text(
            "Have you held a permit or another status in Canada?",
            "Avez-vous eu un permis ou un autre statut au Canada?",
        ),
        Text("Have you held another permit or status?", "Avez-vous eu un autre permis ou statut?"),
        Text(
            "Cover all the time of work in Canada. Without any permit, the work is not counted",
            "Couvrez toute la période de travail au Canada. Sans aucun permis, le travail n'est pas compté",
        ),
        when=condition,
        left_out=True,
        of_partner=Text(
            "Has your partner held a permit or another status in Canada?",
            "Votre conjoint a-t-il eu un permis ou un autre statut au Canada?",
        ),
        another_of_partner=Text(
            "Has your partner held another permit or status?", "Votre conjoint a-t-il eu un autre permis ou statut?"
        ),
        between=_BETWEEN,
    )
