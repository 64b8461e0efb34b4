"""The questions about language tests, credentials and relatives, of the person and of a partner."""

from __future__ import annotations

from expressentry.profile import labels
from expressentry.profile.interview import conditions as when
from expressentry.profile.interview.model import Ask, Many, One
from expressentry.text import Text

_SCORE = Text(
    'The score printed on the report, not a CLB level. For TEF Canada: the column "Équivalence ancien score"',
    "La note imprimée sur l'attestation, et non un niveau NCLC. Pour le TEF Canada : la colonne "
    "« Équivalence ancien score »",
)
_SCHOOL = Text("The letter from the school, or a transcript", "La lettre de l'établissement, ou un relevé de notes")


def _score(ability: str, english: str, french: str) -> Ask:
    return Ask(
        ability,
        "number",
        Text("What is your {skill} score?", "Quelle est votre note {skill}?").fill(skill=Text(english, french)),
        _SCORE,
        of_partner=Text("What is your partner's {skill} score?", "Quelle est la note {skill} de votre conjoint?").fill(
            skill=Text(english, french)
        ),
    )


TESTS = Many(
    "tests",
    (
        Ask(
            "test",
            "word",
            Text("Which test did you take?", "Quel test avez-vous passé?"),
            Text(
                "The name is at the top of the report. IELTS Academic and PTE Academic do not count",
                "Le nom est en haut de l'attestation. IELTS Academic et PTE Academic ne comptent pas",
            ),
            labels=labels.TESTS,
            of_partner=Text("Which test did your partner take?", "Quel test votre conjoint a-t-il passé?"),
        ),
        Ask(
            "taken_on",
            "day",
            Text("When did you take the test?", "Quand avez-vous passé le test?"),
            Text("The test date on the report", "La date du test, sur l'attestation"),
            of_partner=Text("When did your partner take the test?", "Quand votre conjoint a-t-il passé le test?"),
        ),
        Ask(
            "results_on",
            "day",
            Text("When were the results issued?", "Quand les résultats ont-ils été délivrés?"),
            Text(
                "The date of the report. Results are valid for two years from that date",
                "La date de l'attestation. Les résultats sont valides deux ans à partir de cette date",
            ),
            of_partner=Text(
                "When were your partner's results issued?",
                "Quand les résultats de votre conjoint ont-ils été délivrés?",
            ),
        ),
        _score("listening", "listening", "en compréhension de l'oral"),
        _score("reading", "reading", "en compréhension de l'écrit"),
        _score("writing", "writing", "en expression écrite"),
        _score("speaking", "speaking", "en expression orale"),
        Ask(
            "one_skill_retake",
            "yes_no",
            Text("Did you retake one skill (One Skill Retake)?", "Avez-vous repris une habileté (One Skill Retake)?"),
            Text(
                "The report says so. We do not know yet whether such a report is accepted",
                "L'attestation l'indique. Nous ne savons pas encore si une telle attestation est acceptée",
            ),
            when=when.given("test", "ielts"),
            default=False,
            of_partner=Text(
                "Did your partner retake one skill (One Skill Retake)?",
                "Votre conjoint a-t-il repris une habileté (One Skill Retake)?",
            ),
        ),
    ),
    Text("Do you have language test results?", "Avez-vous des résultats de test de langue?"),
    Text("Do you have results of another language test?", "Avez-vous les résultats d'un autre test de langue?"),
    Text(
        "IELTS General Training, CELPIP-General, PTE Core, TEF Canada or TCF Canada. "
        "Give every report: we use the one that gives you most points",
        "IELTS General Training, CELPIP-General, PTE Core, TEF Canada ou TCF Canada. "
        "Donnez chaque attestation : nous prenons la plus avantageuse",
    ),
    of_partner=Text(
        "Does your partner have language test results?", "Votre conjoint a-t-il des résultats de test de langue?"
    ),
    another_of_partner=Text(
        "Does your partner have results of another language test?",
        "Votre conjoint a-t-il les résultats d'un autre test de langue?",
    ),
)

_ASSESSMENTS = Many(
    "assessments",
    (
        Ask(
            "body",
            "body",
            Text("Which organization assessed it?", "Quel organisme l'a évalué?"),
            Text(
                "The organization named on the report. Only those listed count; NNAS and others do not",
                "L'organisme nommé sur le rapport. Seuls ceux de la liste comptent; le SNEI ne compte pas",
            ),
        ),
        Ask(
            "on",
            "day",
            Text("When was it assessed?", "Quand a-t-il été évalué?"),
            Text(
                "The date of the report. An assessment is valid for five years",
                "La date du rapport. Une évaluation est valide cinq ans",
            ),
        ),
        Ask(
            "result",
            "word",
            Text("Which Canadian credential is it equal to?", "À quel diplôme canadien équivaut-il?"),
            Text('The line "Canadian equivalency" on the report', "La ligne « équivalence canadienne » du rapport"),
            labels=labels.RESULTS,
        ),
    ),
    Text(
        "Was this credential assessed for immigration (ECA)?", "Ce diplôme a-t-il été évalué pour l'immigration (EDE)?"
    ),
    Text("Is there another assessment of this credential?", "Y a-t-il une autre évaluation de ce diplôme?"),
    Text(
        "A credential from abroad gives points only with an ECA",
        "Un diplôme étranger ne donne des points qu'avec une EDE",
    ),
    when=when.abroad_and_completed,
    left_out=True,
)

_STUDY = One(
    "study",
    (
        Ask(
            "to",
            "day",
            Text("What was the last day of study?", "Quel a été le dernier jour d'études?"),
            _SCHOOL,
            when=when.not_completed,
        ),
        Ask(
            "present_months",
            "number",
            Text(
                "How many months did you spend in Canada for this program?",
                "Combien de mois avez-vous passés au Canada pour ce programme?",
            ),
            Text(
                "Whole months physically in Canada, as passport, tickets or lease show",
                "Mois entiers de présence au Canada, selon le passeport, les billets ou le bail",
            ),
            of_partner=Text(
                "How many months did your partner spend in Canada for this program?",
                "Combien de mois votre conjoint a-t-il passés au Canada pour ce programme?",
            ),
        ),
        Ask(
            "full_time_months",
            "number",
            Text("How many months did you study full time?", "Combien de mois avez-vous étudié à temps plein?"),
            Text(
                "The school's letter says which terms were full time",
                "La lettre de l'établissement indique les sessions à temps plein",
            ),
            of_partner=Text(
                "How many months did your partner study full time?",
                "Combien de mois votre conjoint a-t-il étudié à temps plein?",
            ),
        ),
        Ask(
            "academic_years",
            "number",
            Text(
                "How many full-time academic years did you complete in good standing?",
                "Combien d'années scolaires à temps plein avez-vous terminées en règle?",
            ),
            Text(
                "On a study permit, or without needing one. The transcript shows it",
                "Avec un permis d'études, ou sans en avoir besoin. Le relevé de notes l'indique",
            ),
            of_partner=Text(
                "How many full-time academic years did your partner complete in good standing?",
                "Combien d'années scolaires à temps plein votre conjoint a-t-il terminées en règle?",
            ),
        ),
        Ask(
            "distance_percent",
            "number",
            Text(
                "What percentage was online or by distance?",
                "Quel pourcentage était en ligne ou à distance?",
            ),
            Text("As stated by the school", "Selon l'établissement"),
            default=0.0,
        ),
        Ask(
            "language_percent",
            "number",
            Text(
                "What percentage was English or French as a second language?",
                "Quel pourcentage était de l'anglais ou du français langue seconde?",
            ),
            Text(
                "Courses that teach the language, not courses given in it",
                "Les cours qui enseignent la langue, et non ceux donnés dans cette langue",
            ),
            default=0.0,
        ),
        Ask(
            "must_return",
            "yes_no",
            Text(
                "Does a scholarship require you to return home?",
                "Une bourse vous oblige-t-elle à rentrer dans votre pays?",
            ),
            Text("The terms of the scholarship", "Les conditions de la bourse"),
            default=False,
            of_partner=Text(
                "Does a scholarship require your partner to return home?",
                "Une bourse oblige-t-elle votre conjoint à rentrer dans son pays?",
            ),
        ),
        Ask(
            "relief_months",
            "number",
            Text(
                "How many more months, from March 2020 to August 2022, were online, abroad or part time?",
                "Combien d'autres mois, de mars 2020 à août 2022, étaient en ligne, à l'étranger ou à temps partiel?",
            ),
            Text(
                "These months count as spent in Canada and full time. Do not count a month twice",
                "Ces mois comptent comme passés au Canada et à temps plein. Ne comptez pas un mois deux fois",
            ),
            when=when.relieved,
            default=0,
        ),
    ),
    Text(
        "Do you know how you studied: months, full time, distance?",
        "Savez-vous comment vous avez étudié : mois, temps plein, distance?",
    ),
    Text(
        "Points for study in Canada depend on it. If you do not know, we show both possible results",
        "Les points pour études au Canada en dépendent. Si vous ne le savez pas, nous montrons les deux résultats "
        "possibles",
    ),
    when=when.studied_here,
    of_partner=Text(
        "Do you know how your partner studied: months, full time, distance?",
        "Savez-vous comment votre conjoint a étudié : mois, temps plein, distance?",
    ),
)

CREDENTIALS = Many(
    "credentials",
    (
        Ask(
            "level",
            "word",
            Text("What level is this credential?", "Quel est le niveau de ce diplôme?"),
            Text(
                "The official length of the program, on the diploma or transcript",
                "La durée officielle du programme, sur le diplôme ou le relevé de notes",
            ),
            labels=labels.LEVELS,
            of_partner=Text(
                "What level is your partner's credential?", "Quel est le niveau du diplôme de votre conjoint?"
            ),
        ),
        Ask(
            "country",
            "country",
            Text("In which country did you study?", "Dans quel pays avez-vous étudié?"),
            Text("Where the school is", "Où est l'établissement"),
            of_partner=Text("In which country did your partner study?", "Dans quel pays votre conjoint a-t-il étudié?"),
        ),
        Ask(
            "completed_on",
            "day",
            Text("When did you complete it?", "Quand l'avez-vous terminé?"),
            Text("The date on the diploma", "La date sur le diplôme"),
            empty=Text("not completed", "pas terminé"),
            of_partner=Text(
                "When did your partner complete it?",
                "Quand votre conjoint l'a-t-il terminé?",
            ),
        ),
        _ASSESSMENTS,
        _STUDY,
    ),
    Text(
        "Do you have a diploma or degree, or did you study for one?",
        "Avez-vous un diplôme, ou avez-vous étudié pour en obtenir un?",
    ),
    Text(
        "Do you have another diploma, degree or program of study?",
        "Avez-vous un autre diplôme ou programme d'études?",
    ),
    Text(
        "Include high school. Two credentials can give more points than one",
        "Donnez aussi le secondaire. Deux diplômes peuvent valoir plus qu'un",
    ),
    of_partner=Text(
        "Does your partner have a diploma or degree, or did your partner study for one?",
        "Votre conjoint a-t-il un diplôme, ou a-t-il étudié pour en obtenir un?",
    ),
    another_of_partner=Text(
        "Does your partner have another diploma, degree or program of study?",
        "Votre conjoint a-t-il un autre diplôme ou programme d'études?",
    ),
)

RELATIVES = Many(
    "relatives",
    (
        Ask(
            "relation",
            "word",
            Text("How are they related to you?", "Quel est le lien de cette personne avec vous?"),
            Text(
                "By blood, marriage, common-law partnership or adoption. Cousins do not count",
                "Par le sang, le mariage, l'union de fait ou l'adoption. Les cousins ne comptent pas",
            ),
            labels=labels.RELATIONS,
            of_partner=Text(
                "How are they related to your partner?", "Quel est le lien de cette personne avec votre conjoint?"
            ),
        ),
        Ask(
            "status",
            "word",
            Text("What is their status in Canada?", "Quel est son statut au Canada?"),
            Text(
                "Canadian passport, citizenship certificate or PR card",
                "Passeport canadien, certificat de citoyenneté ou carte de RP",
            ),
            labels=labels.RESIDENCE,
        ),
        Ask(
            "lives_in_canada",
            "yes_no",
            Text("Do they live in Canada?", "Cette personne vit-elle au Canada?"),
            Text("A lease, a bill or a tax notice shows it", "Un bail, une facture ou un avis d'impôt l'indique"),
        ),
        Ask(
            "birth_date",
            "day",
            Text("What is their date of birth?", "Quelle est sa date de naissance?"),
            Text("A relative must be 18 or older", "Cette personne doit avoir 18 ans ou plus"),
            empty=Text("not known", "inconnue"),
        ),
    ),
    Text(
        "Do you have a parent, grandparent, child, grandchild, brother, sister, aunt, uncle, niece or nephew "
        "in Canada?",
        "Avez-vous de la famille au Canada : père, mère, grand-parent, enfant, petit-enfant, frère, sœur, tante, "
        "oncle, nièce ou neveu?",
    ),
    Text("Do you have another relative in Canada?", "Avez-vous un autre membre de la famille au Canada?"),
    Text(
        "Only citizens and permanent residents, 18 or older, who live in Canada",
        "Seulement les citoyens et résidents permanents de 18 ans ou plus qui vivent au Canada",
    ),
    of_partner=Text(
        "Does your partner have a parent, grandparent, child, grandchild, brother, sister, aunt, uncle, niece or "
        "nephew in Canada?",
        "Votre conjoint a-t-il de la famille au Canada : père, mère, grand-parent, enfant, petit-enfant, frère, sœur, "
        "tante, oncle, nièce ou neveu?",
    ),
    another_of_partner=Text(
        "Does your partner have another relative in Canada?",
        "Votre conjoint a-t-il un autre membre de la famille au Canada?",
    ),
)
