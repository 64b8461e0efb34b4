"""The questions about relatives in Canada, of the person and of a partner."""

from __future__ import annotations

from expressentry.profile import labels
from expressentry.profile.interview.model import Ask, Many
from expressentry.text import Text

RELATIVES = Many(
    "relatives",
    (
        Ask(
            "relation",
            "word",
            Text("What relation is it?", "Quel est le lien de parenté?"),
            Text(
                "by blood, marriage, common-law partnership or adoption; cousins do not count",
                "par le sang, le mariage, l'union de fait ou l'adoption; les cousins ne comptent pas",
            ),
            labels=labels.RELATIONS,
        ),
        Ask(
            "status",
            "word",
            Text("Standing in Canada?", "Situation au Canada?"),
            Text("passport, citizenship certificate or PR card", "passeport, certificat de citoyenneté ou carte de RP"),
            labels=labels.RESIDENCE,
        ),
        Ask(
            "lives_in_canada",
            "yes_no",
            Text("Living in Canada?", "Vit au Canada?"),
            Text("a lease, a bill, a tax notice", "un bail, une facture, un avis d'impôt"),
        ),
        Ask(
            "birth_date",
            "day",
            Text("Day of birth? (empty: not known)", "Date de naissance? (vide : inconnue)"),
            Text("must be 18 or older", "doit avoir 18 ans ou plus"),
        ),
    ),
    Text(
        "Is there a brother, sister, parent, child, aunt, uncle, niece or nephew in Canada?",
        "Y a-t-il un frère, une sœur, un parent, un enfant, une tante, un oncle, une nièce ou un neveu au Canada?",
    ),
    Text("Another relative in Canada?", "Un autre parent au Canada?"),
    Text(
        "citizens and permanent residents, 18 or older, living in Canada",
        "citoyens et résidents permanents, 18 ans ou plus, vivant au Canada",
    ),
)
