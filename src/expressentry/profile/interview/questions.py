"""The questions of a whole profile, in the order in which they are asked."""

from __future__ import annotations

from expressentry.profile import labels
from expressentry.profile.interview import conditions as when
from expressentry.profile.interview.family import RELATIVES
from expressentry.profile.interview.model import Ask, Item, Many, One
from expressentry.profile.interview.study import CREDENTIALS, TESTS
from expressentry.profile.interview.work import NOC, WORK, status
from expressentry.text import Text


def _of_partner(many: Many) -> Many:
    """The same questions of a partner, where the law counts the partner."""
    return Many(many.key, many.asks, _OF_PARTNER.fill(text=many.text), many.another, many.help, when.partner_counts)


_OF_PARTNER = Text("The partner: {text}", "Le conjoint : {text}")

PERSON = One(
    "person",
    (
        Ask(
            "birth_date",
            "day",
            Text("Your day of birth? YYYY-MM-DD", "Votre date de naissance? AAAA-MM-JJ"),
            Text("as on the passport", "comme au passeport"),
        ),
        TESTS,
        CREDENTIALS,
        WORK,
        Many(
            "certificates",
            (
                NOC,
                Ask(
                    "authority",
                    "text",
                    Text(
                        "Issued by which province, territory or federal body?",
                        "Délivré par quelle province, quel territoire ou organisme fédéral?",
                    ),
                    Text("the name on the certificate", "le nom sur le certificat"),
                ),
                Ask(
                    "issued_on",
                    "day",
                    Text("Day of issue?", "Jour de délivrance?"),
                    Text("the date on the certificate", "la date sur le certificat"),
                ),
                Ask(
                    "to",
                    "day",
                    Text("Last day it holds? (empty: no end)", "Dernier jour de validité? (vide : sans fin)"),
                    Text("the expiry on the certificate", "l'expiration sur le certificat"),
                ),
            ),
            Text(
                "Is there a Canadian certificate of qualification in a trade?",
                "Y a-t-il un certificat de compétence canadien dans un métier?",
            ),
            Text("Another certificate of qualification?", "Un autre certificat de compétence?"),
            Text(
                "issued by a province, a territory or a federal body; a foreign licence is none",
                "délivré par une province, un territoire ou un organisme fédéral; pas une licence étrangère",
            ),
        ),
        RELATIVES,
    ),
)

PARTNER = One(
    "partner",
    (
        Ask(
            "accompanying",
            "yes_no",
            Text("Does the partner come to Canada with you?", "Le conjoint vient-il au Canada avec vous?"),
            Text("whether the partner will be on your application", "si le conjoint sera dans votre demande"),
        ),
        Ask(
            "citizen_or_resident",
            "word",
            Text("The partner's standing in Canada?", "La situation du conjoint au Canada?"),
            Text("passport, citizenship certificate or PR card", "passeport, certificat de citoyenneté ou carte de RP"),
            labels=labels.PARTNERS,
        ),
        Ask(
            "living_in_canada",
            "yes_no",
            Text("Does the partner live in Canada?", "Le conjoint vit-il au Canada?"),
            Text("now, whatever the permit", "à présent, quel que soit le permis"),
        ),
        *(_of_partner(many) for many in (TESTS, CREDENTIALS, WORK, RELATIVES)),
        status(when.partner_permits_matter),
    ),
    Text("Do you have a spouse or common-law partner?", "Avez-vous un époux ou conjoint de fait?"),
    Text(
        "married, or living together for a year or more; must be declared, coming or not",
        "mariage, ou vie commune d'un an ou plus; à déclarer, qu'il vienne ou non",
    ),
)

_OFFER = (
    NOC,
    Ask(
        "employers",
        "texts",
        Text("Employer? At most two, divided by a comma", "Employeur? Deux au plus, séparés par une virgule"),
        Text("the letter of offer", "la lettre d'offre"),
    ),
    Ask(
        "lmia",
        "yes_no",
        Text(
            "Approved on a labour market impact assessment (LMIA)?",
            "Approuvée par une étude d'impact sur le marché du travail (EIMT)?",
        ),
        Text("the employer has the decision letter", "l'employeur a la lettre de décision"),
    ),
    Ask("from", "day", Text("Day of the offer?", "Jour de l'offre?"), Text("the letter of offer", "la lettre d'offre")),
    Ask(
        "hours_per_week",
        "number",
        Text("Hours a week?", "Heures par semaine?"),
        Text("the letter of offer; 30 are full time", "la lettre d'offre; 30 sont un temps plein"),
    ),
    Ask(
        "duration_months",
        "number",
        Text("Length in months? (empty: no end)", "Durée en mois? (vide : indéterminée)"),
        Text("the letter of offer", "la lettre d'offre"),
    ),
    Ask(
        "canadian_forces",
        "yes_no",
        Text("From the Canadian Forces Recruiting Group?", "Du Groupe du recrutement des Forces canadiennes?"),
        Text("the letter of offer", "la lettre d'offre"),
        when=when.military,
        default=False,
    ),
)

QUESTIONS: tuple[Item, ...] = (
    PERSON,
    PARTNER,
    Many(
        "children",
        (
            Ask(
                "birth_date",
                "day",
                Text("The child's day of birth?", "La date de naissance de l'enfant?"),
                Text("birth certificate or passport", "acte de naissance ou passeport"),
            ),
        ),
        Text("Are there children, yours or your partner's?", "Y a-t-il des enfants, les vôtres ou ceux du conjoint?"),
        Text("Another child?", "Un autre enfant?"),
        Text(
            "settlement funds count those who do not come as well",
            "les fonds d'établissement comptent aussi ceux qui ne viennent pas",
        ),
    ),
    Many(
        "nominations",
        (
            Ask(
                "kind",
                "word",
                Text("Which kind?", "De quel genre?"),
                Text(
                    "the letter of the province says whether it is within Express Entry",
                    "la lettre de la province dit si elle est dans Entrée express",
                ),
                labels=labels.NOMINATIONS,
            ),
            Ask(
                "province",
                "word",
                Text("Which province or territory?", "Quelle province ou quel territoire?"),
                Text("the letter of nomination", "la lettre de désignation"),
                labels=labels.PROVINCES,
            ),
            Ask(
                "accepted_on",
                "day",
                Text(
                    "Day you accepted it? (empty: not accepted)", "Jour où vous l'avez acceptée? (vide : pas acceptée)"
                ),
                Text("your account of Express Entry", "votre compte d'Entrée express"),
            ),
            Ask(
                "expires_on",
                "day",
                Text("Last day it holds? (empty: not known)", "Dernier jour de validité? (vide : inconnu)"),
                Text("the letter of nomination", "la lettre de désignation"),
            ),
        ),
        Text("Has a province or territory nominated you?", "Une province ou un territoire vous a-t-il désigné?"),
        Text("Another nomination?", "Une autre désignation?"),
        Text(
            "an invitation to apply to a province is no nomination yet",
            "une invitation d'une province n'est pas encore une désignation",
        ),
    ),
    Many(
        "job_offers",
        _OFFER,
        Text("Is there an offer of a job in Canada?", "Y a-t-il une offre d'emploi au Canada?"),
        Text("Another job offer?", "Une autre offre d'emploi?"),
        Text("in writing, with occupation, hours and length", "écrite, avec profession, heures et durée"),
    ),
    One("person", (status(when.permits_matter),)),
    Many(
        "funds",
        (
            Ask(
                "on",
                "day",
                Text("Day of the statement?", "Jour du relevé?"),
                Text("the bank's letter", "la lettre de la banque"),
            ),
            Ask(
                "amount_cad",
                "number",
                Text("How much, in whole Canadian dollars?", "Combien, en dollars canadiens entiers?"),
                Text(
                    "available and not borrowed, yours and your partner's together",
                    "disponibles et non empruntés, les vôtres et ceux du conjoint ensemble",
                ),
            ),
        ),
        Text("Do you know what funds you have to settle?", "Savez-vous de quels fonds d'établissement vous disposez?"),
        Text("A statement of another day?", "Un relevé d'un autre jour?"),
        Text(
            "the skilled worker and trades programs ask for funds; without an answer they cannot tell",
            "les programmes des travailleurs et des métiers les demandent; sans réponse ils ne peuvent conclure",
        ),
        left_out_on_no=True,
    ),
    One(
        "intent",
        (
            Ask(
                "quebec",
                "yes_no",
                Text("Do you mean to live in Quebec?", "Pensez-vous vivre au Québec?"),
                Text(
                    "Quebec selects for itself; Express Entry is for the rest of Canada",
                    "le Québec choisit lui-même; Entrée express est pour le reste du Canada",
                ),
            ),
        ),
    ),
)
"""Everything that is asked, in order."""
