"""The questions about language tests and credentials, of the person and of a partner."""

from __future__ import annotations

from expressentry.profile import labels
from expressentry.profile.interview import conditions as when
from expressentry.profile.interview.model import Ask, Many, One
from expressentry.text import Text

_SCORE = Text(
    "the score printed on the report, not a level; for TEF Canada the column « Équivalence ancien score »",
    "la note imprimée sur l'attestation, non un niveau; pour le TEF Canada la colonne « Équivalence ancien score »",
)

TESTS = Many(
    "tests",
    (
        Ask(
            "test",
            "word",
            Text("Which test?", "Quel test?"),
            Text(
                "its name stands at the top of the report; IELTS Academic and PTE Academic do not count",
                "son nom est en haut de l'attestation; IELTS Academic et PTE Academic ne comptent pas",
            ),
            labels=labels.TESTS,
        ),
        Ask(
            "taken_on",
            "day",
            Text("Day of the test?", "Jour de l'examen?"),
            Text(
                "the day of the sitting, on the report; it chooses the conversion chart",
                "le jour de la séance, sur l'attestation; il choisit le tableau de conversion",
            ),
        ),
        Ask(
            "results_on",
            "day",
            Text("Day of the results?", "Jour des résultats?"),
            Text(
                "the date of the report; results hold for two years from it",
                "la date de l'attestation; les résultats valent deux ans dès lors",
            ),
        ),
        Ask("listening", "number", Text("Score in listening?", "Note de compréhension de l'oral?"), _SCORE),
        Ask("reading", "number", Text("Score in reading?", "Note de compréhension de l'écrit?"), _SCORE),
        Ask("writing", "number", Text("Score in writing?", "Note d'expression écrite?"), _SCORE),
        Ask("speaking", "number", Text("Score in speaking?", "Note d'expression orale?"), _SCORE),
        Ask(
            "one_skill_retake",
            "yes_no",
            Text(
                "Was one ability taken again (One Skill Retake)?",
                "Une habileté a-t-elle été reprise (One Skill Retake)?",
            ),
            Text(
                "the report says so; whether it is accepted is open",
                "l'attestation le dit; qu'elle soit acceptée reste ouvert",
            ),
            when=when.given("test", "ielts"),
            default=False,
        ),
    ),
    Text("Is there a report of a language test?", "Y a-t-il une attestation de test de langue?"),
    Text("Another report of a language test?", "Une autre attestation de test de langue?"),
    Text(
        "IELTS General Training, CELPIP-General, PTE Core, TEF Canada, TCF Canada; "
        "list every report of the last years: the one that pays most is used",
        "IELTS General Training, CELPIP-General, PTE Core, TEF Canada, TCF Canada; "
        "donner chaque attestation des dernières années : celle qui rapporte le plus est employée",
    ),
)

_ASSESSMENTS = Many(
    "assessments",
    (
        Ask(
            "body",
            "text",
            Text("Who assessed it?", "Qui l'a évalué?"),
            Text("the body named on the assessment report", "l'organisme nommé sur le rapport d'évaluation"),
        ),
        Ask(
            "on",
            "day",
            Text("Day of the assessment?", "Jour de l'évaluation?"),
            Text("the date of the report; it holds for five years", "la date du rapport; il vaut cinq ans"),
        ),
        Ask(
            "result",
            "word",
            Text("Which completed Canadian credential does it equal?", "À quel diplôme canadien complété équivaut-il?"),
            Text("the line « Canadian equivalency » of the report", "la ligne « équivalence canadienne » du rapport"),
            labels=labels.RESULTS,
        ),
    ),
    Text("Was it assessed for immigration (ECA)?", "A-t-il été évalué pour l'immigration (EDE)?"),
    Text("Another assessment of the same credential?", "Une autre évaluation du même diplôme?"),
    Text(
        "without an assessment a foreign credential counts for nothing",
        "sans évaluation un diplôme étranger ne compte pour rien",
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
            Text("Last day of study?", "Dernier jour d'études?"),
            Text("the letter of the institution, or a transcript", "la lettre de l'établissement, ou un relevé"),
            when=when.not_completed,
        ),
        Ask(
            "present_months",
            "number",
            Text("How many months of it were spent in Canada?", "Combien de mois en ont été passés au Canada?"),
            Text(
                "whole months physically in Canada: stamps, tickets, lease",
                "mois entiers de présence au Canada : tampons, billets, bail",
            ),
        ),
        Ask(
            "full_time_months",
            "number",
            Text("How many months were full time?", "Combien de mois étaient à temps plein?"),
            Text(
                "the letter of the institution says which terms were full time",
                "la lettre de l'établissement dit quelles sessions étaient à temps plein",
            ),
        ),
        Ask(
            "academic_years",
            "number",
            Text(
                "How many full-time academic years in good standing?",
                "Combien d'années scolaires à temps plein en règle?",
            ),
            Text(
                "on a study permit or without need of one; the transcript",
                "avec un permis d'études ou sans en avoir besoin; le relevé de notes",
            ),
        ),
        Ask(
            "distance_percent",
            "number",
            Text("Share by distance, in percent? (empty: 0)", "Part à distance, en pour cent? (vide : 0)"),
            Text(
                "courses taken online, as the institution states them", "cours suivis en ligne, selon l'établissement"
            ),
            default=0.0,
        ),
        Ask(
            "language_percent",
            "number",
            Text(
                "Share of English or French as a second language, in percent? (empty: 0)",
                "Part d'anglais ou de français langue seconde, en pour cent? (vide : 0)",
            ),
            Text("courses of language, not in a language", "cours de langue, non dans une langue"),
            default=0.0,
        ),
        Ask(
            "must_return",
            "yes_no",
            Text(
                "Does a scholarship oblige to return home? (empty: no)",
                "Une bourse oblige-t-elle au retour? (vide : non)",
            ),
            Text("the terms of the award", "les conditions de la bourse"),
            default=False,
        ),
        Ask(
            "relief_months",
            "number",
            Text(
                "Months of March 2020 to August 2022 online, abroad or part time, beside those? (empty: 0)",
                "Mois de mars 2020 à août 2022 en ligne, à l'étranger ou à temps partiel, en plus? (vide : 0)",
            ),
            Text(
                "months of the pandemic count as present and full time; do not count a month twice",
                "les mois de la pandémie comptent comme présents et à temps plein; ne pas compter un mois deux fois",
            ),
            when=when.relieved,
            default=0,
        ),
    ),
    Text(
        "Do you know how it was studied: months, full time, distance?",
        "Savez-vous comment il a été étudié : mois, temps plein, distance?",
    ),
    Text(
        "the points for study in Canada depend on it; without it both readings are shown",
        "les points d'études au Canada en dépendent; sans cela les deux lectures sont montrées",
    ),
    when=when.studied_here,
)

CREDENTIALS = Many(
    "credentials",
    (
        Ask(
            "level",
            "word",
            Text("What level is it, in its own country?", "De quel niveau est-il, dans son pays?"),
            Text(
                "how long the program is officially, on the diploma or transcript",
                "la durée officielle du programme, sur le diplôme ou le relevé",
            ),
            labels=labels.LEVELS,
        ),
        Ask(
            "country",
            "country",
            Text("Country? Two letters, CA for Canada", "Pays? Deux lettres, CA pour le Canada"),
            Text("where the institution is: IN, FR, PH, BR, MA, …", "où est l'établissement : IN, FR, PH, BR, MA, …"),
        ),
        Ask(
            "completed_on",
            "day",
            Text("Day of the credential? (empty: not completed)", "Jour du diplôme? (vide : pas complété)"),
            Text("the date on the diploma", "la date sur le diplôme"),
        ),
        _ASSESSMENTS,
        _STUDY,
    ),
    Text("Is there a diploma, degree or program of study?", "Y a-t-il un diplôme ou un programme d'études?"),
    Text("Another diploma, degree or program of study?", "Un autre diplôme ou programme d'études?"),
    Text(
        "from secondary school on; two of them may pay more than one",
        "dès l'école secondaire; deux peuvent rapporter plus qu'un",
    ),
)
