"""The questions of a whole profile, in the order in which they are asked."""

from __future__ import annotations

from dataclasses import replace

from expressentry.profile import labels
from expressentry.profile.interview import conditions as when
from expressentry.profile.interview.background import CREDENTIALS, RELATIVES, TESTS
from expressentry.profile.interview.model import Ask, Item, Many, One, Rare, for_partner
from expressentry.profile.interview.provinces import STREAMS
from expressentry.profile.interview.work import HOURS, NOC, WORK, status
from expressentry.text import Text

_OFFER_LETTER = Text("The letter of offer", "La lettre d'offre")
_RESIDENCE_PAPERS = Text(
    "Canadian passport, citizenship certificate or PR card",
    "Passeport canadien, certificat de citoyenneté ou carte de RP",
)
_AS_BEFORE = Text("as before", "comme avant")
_NOMINATION_LETTER = Text("The letter of nomination", "La lettre de désignation")

PERSON = One(
    "person",
    (
        Ask(
            "birth_date",
            "day",
            Text("What is your date of birth?", "Quelle est votre date de naissance?"),
            Text("As on your passport", "Comme sur votre passeport"),
        ),
        Ask(
            "lives_in",
            "country",
            Text("Which country do you live in?", "Dans quel pays vivez-vous?"),
            Text("Where you live today, on any permit", "Où vous vivez aujourd'hui, quel que soit le permis"),
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
                        "Which province, territory or federal body issued it?",
                        "Quelle province, quel territoire ou quel organisme fédéral l'a délivré?",
                    ),
                    Text("The name on the certificate", "Le nom sur le certificat"),
                ),
                Ask(
                    "issued_on",
                    "day",
                    Text("When was it issued?", "Quand a-t-il été délivré?"),
                    Text("The date on the certificate", "La date sur le certificat"),
                ),
                Ask(
                    "to",
                    "day",
                    Text("When does it expire?", "Quand expire-t-il?"),
                    Text("The expiry date on the certificate", "La date d'expiration sur le certificat"),
                    empty=Text("it does not", "il n'expire pas"),
                ),
            ),
            Text(
                "Do you have a Canadian certificate of qualification in a trade?",
                "Avez-vous un certificat de compétence canadien dans un métier?",
            ),
            Text("Do you have another certificate of qualification?", "Avez-vous un autre certificat de compétence?"),
            Text(
                "Issued by a province, a territory or a federal body, for example a Red Seal. A licence from abroad "
                "does not count",
                "Délivré par une province, un territoire ou un organisme fédéral, par exemple le Sceau rouge. Une "
                "licence étrangère ne compte pas",
            ),
        ),
        RELATIVES,
    ),
)

# Nominee streams count the work of the person alone by province.
_PARTNER_WORK = replace(
    WORK, asks=tuple(one for one in WORK.asks if not (isinstance(one, Ask) and one.key == "province"))
)

_PARTNER_CHANGES = Many(
    "changes",
    (
        Ask(
            "from",
            "day",
            Text("From which day is something different?", "À partir de quel jour quelque chose est-il différent?"),
            Text("The day on which you declared it, or will", "Le jour où vous l'avez déclaré, ou le ferez"),
        ),
        Ask(
            "accompanying",
            "yes_no",
            Text(
                "From that day, does your partner come to Canada with you?",
                "À partir de ce jour, votre conjoint vient-il au Canada avec vous?",
            ),
            Text("Whether your partner is on your application", "Si votre conjoint est dans votre demande"),
            empty=_AS_BEFORE,
        ),
        Ask(
            "citizen_or_resident",
            "word",
            Text(
                "From that day, is your partner a Canadian citizen or permanent resident?",
                "À partir de ce jour, votre conjoint est-il citoyen canadien ou résident permanent?",
            ),
            _RESIDENCE_PAPERS,
            labels=labels.PARTNERS,
            empty=_AS_BEFORE,
        ),
        Ask(
            "living_in_canada",
            "yes_no",
            Text(
                "From that day, does your partner live in Canada?",
                "À partir de ce jour, votre conjoint vit-il au Canada?",
            ),
            Text("On any permit", "Quel que soit le permis"),
            empty=_AS_BEFORE,
        ),
    ),
    Text(
        "Does your partner's status, home, or coming with you change on a known day?",
        "Le statut, le domicile ou la venue de votre conjoint changent-ils un jour connu?",
    ),
    Text("Does one of these change again?", "L'un de ces faits change-t-il encore?"),
    Text(
        "For example, your partner became a permanent resident, or will come only from a later day",
        "Par exemple, votre conjoint est devenu résident permanent, ou ne viendra qu'à partir d'un autre jour",
    ),
)

PARTNER = One(
    "partner",
    (
        Ask(
            "accompanying",
            "yes_no",
            Text("Will your partner come to Canada with you?", "Votre conjoint viendra-t-il au Canada avec vous?"),
            Text("Whether your partner will be on your application", "Si votre conjoint sera dans votre demande"),
        ),
        Ask(
            "citizen_or_resident",
            "word",
            Text(
                "Is your partner a Canadian citizen or permanent resident?",
                "Votre conjoint est-il citoyen canadien ou résident permanent?",
            ),
            _RESIDENCE_PAPERS,
            labels=labels.PARTNERS,
        ),
        Ask(
            "living_in_canada",
            "yes_no",
            Text("Does your partner live in Canada?", "Votre conjoint vit-il au Canada?"),
            Text("At present, on any permit", "En ce moment, quel que soit le permis"),
        ),
        Ask(
            "birth_date",
            "day",
            Text("What is your partner's date of birth?", "Quelle est la date de naissance de votre conjoint?"),
            Text(
                "With it we can tell which of you should apply",
                "Avec elle, nous pouvons dire lequel de vous deux devrait présenter la demande",
            ),
            when=when.partner_counts,
        ),
        Rare(
            (
                Ask(
                    "from",
                    "day",
                    Text("From which day are you partners?", "À partir de quel jour êtes-vous conjoints?"),
                    Text(
                        "The wedding, or the day after a year of living together",
                        "Le mariage, ou le lendemain d'un an de vie commune",
                    ),
                    empty=Text("long ago", "depuis longtemps"),
                ),
                Ask(
                    "to",
                    "day",
                    Text("What is your last day as partners?", "Quel est votre dernier jour comme conjoints?"),
                    Text(
                        "The day before a separation, a divorce or becoming widowed",
                        "La veille d'une séparation, d'un divorce ou d'un veuvage",
                    ),
                    empty=Text("it continues", "cela continue"),
                ),
                _PARTNER_CHANGES,
            ),
            Text(
                "Did any of this change not long ago, or will it change?",
                "L'un de ces faits a-t-il changé récemment, ou va-t-il changer?",
            ),
            Text(
                "A wedding, a separation, a new status in Canada, or a partner who comes only from a later day",
                "Un mariage, une séparation, un nouveau statut au Canada, ou un conjoint qui ne vient que plus tard",
            ),
        ),
        *(for_partner(many, when.partner_counts) for many in (TESTS, CREDENTIALS, _PARTNER_WORK, RELATIVES)),
        for_partner(status(when.partner_permits_matter)),
    ),
    Text("Do you have a spouse or common-law partner?", "Avez-vous un époux ou un conjoint de fait?"),
    Text(
        "Married, or living together for a year or more, even if your partner does not come with you. Answer yes too "
        "if you will marry soon or separated not long ago",
        "Mariage, ou vie commune d'un an ou plus, même si votre conjoint ne vient pas avec vous. Répondez oui aussi si "
        "vous allez vous marier ou êtes séparé depuis peu",
    ),
)

_DECISION = Text("The decision letter", "La lettre de décision")
_OFFER = (
    NOC,
    Ask(
        "employers",
        "texts",
        Text(
            "Who is the employer? At most two, separated by a comma",
            "Qui est l'employeur? Deux au plus, séparés par une virgule",
        ),
        _OFFER_LETTER,
    ),
    Ask(
        "lmia",
        "yes_no",
        Text(
            "Is it supported by a labour market impact assessment (LMIA)?",
            "Est-elle appuyée par une étude d'impact sur le marché du travail (EIMT)?",
        ),
        Text("The employer has the decision letter", "L'employeur a la lettre de décision"),
    ),
    Ask(
        "lmia_issued_on",
        "day",
        Text("When was the LMIA issued?", "Quand l'EIMT a-t-elle été délivrée?"),
        _DECISION,
        empty=Text("on the day of the offer", "le jour de l'offre"),
        when=when.given("lmia", True),
    ),
    Ask(
        "lmia_expires_on",
        "day",
        Text("When does the LMIA expire?", "Quand l'EIMT expire-t-elle?"),
        _DECISION,
        empty=Text("not before the offer", "pas avant l'offre"),
        when=when.given("lmia", True),
    ),
    Ask("from", "day", Text("When was the offer made?", "Quand l'offre a-t-elle été faite?"), _OFFER_LETTER),
    Ask(
        "hours_per_week",
        "number",
        HOURS,
        Text(
            "As in the letter of offer. 30 hours are full time",
            "Selon la lettre d'offre. 30 heures font un temps plein",
        ),
    ),
    Rare(
        (
            Ask(
                "months_after_visa",
                "number",
                Text(
                    "How many months after you become a permanent resident?",
                    "Combien de mois après que vous devenez résident permanent?",
                ),
                _OFFER_LETTER,
            ),
        ),
        Text(
            "Does it last for some months after you become a permanent resident?",
            "Dure-t-elle quelques mois après que vous devenez résident permanent?",
        ),
        Text(
            "Answer yes only if the letter of offer counts the months so",
            "Répondez oui seulement si la lettre d'offre compte les mois ainsi",
        ),
        otherwise=(
            Ask(
                "duration_months",
                "number",
                Text("How many months is it for?", "Pour combien de mois est-elle?"),
                Text(
                    "From the day of the offer. The letter of offer", "À partir du jour de l'offre. La lettre d'offre"
                ),
                empty=Text("no end", "sans fin"),
            ),
        ),
    ),
    Ask(
        "publicly_funded_physician",
        "yes_no",
        Text(
            "Will you work as a physician paid from public funds?",
            "Travaillerez-vous comme médecin payé par des fonds publics?",
        ),
        Text("Then the offer may be of any length", "L'offre peut alors être de toute durée"),
        when=when.physician,
        default=False,
    ),
    Ask(
        "canadian_forces",
        "yes_no",
        Text(
            "Is it from the Canadian Forces Recruiting Group?",
            "Vient-elle du Groupe du recrutement des Forces canadiennes?",
        ),
        _OFFER_LETTER,
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
                Text("What is the child's date of birth?", "Quelle est la date de naissance de l'enfant?"),
                Text("Birth certificate or passport", "Acte de naissance ou passeport"),
            ),
        ),
        Text("Do you or your partner have children?", "Avez-vous des enfants, vous ou votre conjoint?"),
        Text("Is there another child?", "Y a-t-il un autre enfant?"),
        Text(
            "Settlement funds count children who do not come with you too",
            "Les fonds d'établissement comptent aussi les enfants qui ne viennent pas avec vous",
        ),
    ),
    Many(
        "nominations",
        (
            Ask(
                "kind",
                "word",
                Text("What kind of nomination is it?", "De quel genre de désignation s'agit-il?"),
                Text(
                    "The province's letter says whether it is within Express Entry",
                    "La lettre de la province indique si elle est dans Entrée express",
                ),
                labels=labels.NOMINATIONS,
            ),
            Ask(
                "province",
                "word",
                Text(
                    "Which province or territory nominated you?", "Quelle province ou quel territoire vous a désigné?"
                ),
                _NOMINATION_LETTER,
                labels=labels.PROVINCES,
            ),
            Ask(
                "accepted_on",
                "day",
                Text("When did you accept it?", "Quand l'avez-vous acceptée?"),
                Text("Your Express Entry account shows it", "Votre compte Entrée express l'indique"),
                empty=Text("not accepted", "pas acceptée"),
            ),
            Ask(
                "expires_on",
                "day",
                Text("When does it expire?", "Quand expire-t-elle?"),
                _NOMINATION_LETTER,
                empty=Text("not known", "inconnu"),
            ),
        ),
        Text("Has a province or territory nominated you?", "Une province ou un territoire vous a-t-il désigné?"),
        Text("Do you have another nomination?", "Avez-vous une autre désignation?"),
        Text(
            "A province's invitation is not yet a nomination",
            "Une invitation d'une province n'est pas encore une désignation",
        ),
    ),
    Many(
        "job_offers",
        _OFFER,
        Text("Do you have a job offer in Canada?", "Avez-vous une offre d'emploi au Canada?"),
        Text("Do you have another job offer?", "Avez-vous une autre offre d'emploi?"),
        Text(
            "In writing, with the occupation, the hours and the length",
            "Par écrit, avec la profession, les heures et la durée",
        ),
    ),
    One("person", (status(when.permits_matter),)),
    Many(
        "funds",
        (
            Ask(
                "on",
                "day",
                Text("What is the date of the statement?", "Quelle est la date du relevé?"),
                Text("The bank's letter", "La lettre de la banque"),
            ),
            Ask(
                "amount_cad",
                "money",
                Text("How much, in whole Canadian dollars?", "Combien, en dollars canadiens entiers?"),
                Text(
                    "Available and not borrowed, yours and your partner's together",
                    "Disponibles et non empruntés, les vôtres et ceux de votre conjoint ensemble",
                ),
            ),
        ),
        Text(
            "Do you know how much money you have to settle in Canada?",
            "Savez-vous de quels fonds vous disposez pour vous établir au Canada?",
        ),
        Text("Do you have a statement of another day?", "Avez-vous un relevé d'un autre jour?"),
        Text(
            "The skilled worker and trades programs require settlement funds. Without an answer, we cannot decide "
            "whether you qualify",
            "Les programmes des travailleurs qualifiés et des métiers spécialisés exigent des fonds. Sans réponse, "
            "nous ne pouvons pas dire si vous êtes admissible",
        ),
        left_out_on_no=True,
    ),
    One(
        "intent",
        (
            Ask(
                "quebec",
                "yes_no",
                Text("Do you plan to live in Quebec?", "Prévoyez-vous vivre au Québec?"),
                Text(
                    "Quebec selects its own immigrants. Express Entry is for the rest of Canada",
                    "Le Québec choisit lui-même ses immigrants. Entrée express est pour le reste du Canada",
                ),
            ),
        ),
    ),
    STREAMS,
)
"""Everything that is asked, in order."""
