"""The person, the partner and the family: age, who counts, how many they are, and relatives in Canada."""

from __future__ import annotations

from datetime import date
from typing import Any

from expressentry.dates import completed_years
from expressentry.errors import FactorsError, Problem
from expressentry.factors.derive.combine import between
from expressentry.factors.derive.model import Because, Choice, Doubt, Possible, Uncounted
from expressentry.law.evidence import Evidence
from expressentry.profile.labels import entry_name
from expressentry.profile.model import Child, Partner, Profile, Relative
from expressentry.text import Text

OLDEST = 120
"""No age above is believed."""


class Family(Uncounted):
    """Everything that birth dates and status in Canada say."""

    def __init__(self, profile: Profile, evidence: Evidence) -> None:
        self.evidence = evidence
        self.person, self.partner, self.children = profile.person, profile.partner, profile.children
        self.relatives = [(f"person.relatives[{n}]", one) for n, one in enumerate(self.person.relatives, 1)]
        theirs = self.partner.relatives if self.partner else ()
        self.partner_relatives = [(f"partner.relatives[{n}]", one) for n, one in enumerate(theirs, 1)]
        self.doubts: dict[str, Doubt] = {
            f"adult:{field}": _adult(field)
            for field, one in (*self.relatives, *self.partner_relatives)
            if one.birth_date is None and one.lives_in_canada and one.status != "other"
        }

    def partner_on(self, on: date) -> Partner | None:
        """The partner, from the first day as partners to the last."""
        return self.partner if self.partner is not None and self.partner.is_one(on) else None

    def counts(self, on: date) -> str:
        """How the law counts the partner: `accompanied`, `resident_abroad` (67-point grid only), or not at all."""
        partner = self.partner_on(on)
        if partner is None or not partner.comes(on):
            return ""
        status = partner.stated("citizen_or_resident", on)
        if status == "none":
            return "accompanied"
        abroad = status == "permanent_resident" and not partner.stated("living_in_canada", on)
        return "resident_abroad" if abroad else ""

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of the family."""
        age = completed_years(self.person.birth_date, on)
        if not 0 <= age <= OLDEST:
            rule = Text(
                "the day asked about must lie between the birth and the age of {n}",
                "le jour demandé doit se situer entre la naissance et l'âge de {n} ans",
            ).fill(n=OLDEST)
            fix = Text("ask about another day", "demander un autre jour")
            raise FactorsError(Problem("out_of_range", "person.birth_date", rule, fix, self.person.birth_date))
        counts = self.counts(on)
        theirs = self.partner_relatives if counts else []
        siblings = theirs if counts == "accompanied" else []
        return {
            "age": age,
            "accompanied": counts == "accompanied",
            "partner_resident_abroad": counts == "resident_abroad",
            "family_size": 1 + (self.partner_on(on) is not None) + len(self.dependents(on)),
            "sibling_in_canada": any(
                one.relation == "sibling" and self._lives_here(one, field, on, chosen)
                for field, one in (*self.relatives, *siblings)
            ),
            "relative_in_canada": any(
                self._lives_here(one, field, on, chosen) for field, one in (*self.relatives, *theirs)
            ),
        }

    @property
    def pieces(self) -> int:
        """The relatives and children."""
        return len(self.relatives) + len(self.partner_relatives) + len(self.children)

    def possible(self, on: date) -> Possible:
        """From all relatives of unknown age being adults to none: one more relative never takes a fact away."""
        return between(*(self.facts(on, dict.fromkeys(self.doubts, option)) for option in ("adult", "minor")))

    def _size(self, on: date) -> Text:
        """Who the family is, in words."""
        wording = _SIZES[self.partner_on(on) is not None, bool(self.dependents(on))]
        return wording.fill(n=len(self.dependents(on)))

    def dependents(self, on: date) -> list[Child]:
        """The dependent children of a day, coming or not: born, in the family, and not yet left it."""
        limit = self.evidence.on(on).dependent_child_under
        born = [
            child
            for child in self.children
            if max(child.birth_date, child.start or child.birth_date) <= on and (child.end is None or on <= child.end)
        ]
        return [
            child
            for child in born
            if (completed_years(child.birth_date, on) < limit if child.dependent is None else child.dependent)
        ]

    def _lives_here(self, one: Relative, field: str, on: date, chosen: Choice) -> bool:
        if not one.lives_in_canada or one.status == "other":
            return False
        if (one.start is not None and on < one.start) or (one.end is not None and on > one.end):
            return False
        if one.birth_date is None:
            return chosen[f"adult:{field}"] == "adult"
        return completed_years(one.birth_date, on) >= self.evidence.on(on).relative_adult_age

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which facts of the family, by which rule."""
        sibling = Text("instructions, sibling in Canada", "instructions, frère ou sœur au Canada")
        partner = self.partner_on(on)
        counts = _NO_PARTNER if partner is None else _COUNTS.get(self.counts(on)) or _why_not(partner, on)
        return {
            "age": Because(
                Text("born on {day}", "naissance le {day}").fill(day=self.person.birth_date),
                Text("completed years on the day; IRPR 81", "années révolues ce jour-là; RIPR 81"),
            ),
            "accompanied": Because(counts, Text("instructions, definitions", "instructions, définitions")),
            "partner_resident_abroad": Because(counts, Text("IRPR 83(1)", "RIPR 83(1)")),
            "family_size": Because(self._size(on), Text("IRPR 76(1)(b)", "RIPR 76(1)b)")),
            "sibling_in_canada": Because(_SIBLING, sibling),
            "relative_in_canada": Because(_RELATIVE, Text("IRPR 83(5)", "RIPR 83(5)")),
        }


def _adult(field: str) -> Doubt:
    name = entry_name(field)
    return Doubt(
        f"adult:{field}",
        Text("whether {name} is 18 or older", "si {name} a 18 ans ou plus").fill(name=name),
        Text("the date of birth of {name}", "la date de naissance de {name}").fill(name=name),
        {"adult": Text("18 or older", "18 ans ou plus"), "minor": Text("under 18", "moins de 18 ans")},
        place=Text("IRPR 83(5)", "RIPR 83(5)"),
        fields=(f"{field}.birth_date",),
    )


_NO_PARTNER = Text("no partner on this day", "pas de conjoint ce jour-là")
_COUNTS = {
    "accompanied": Text(
        "your partner comes with you and is neither a Canadian citizen nor a permanent resident",
        "votre conjoint vient avec vous et n'est ni citoyen canadien ni résident permanent",
    ),
    "resident_abroad": Text(
        "your partner is a permanent resident who lives outside Canada: only the 67-point grid counts your partner",
        "votre conjoint est un résident permanent qui vit hors du Canada : seule la grille de 67 points le compte",
    ),
}


def _why_not(partner: Partner, on: date) -> Text:
    """Why a partner does not count on a day."""
    if not partner.comes(on):
        return Text("your partner does not come with you", "votre conjoint ne vient pas avec vous")
    if partner.stated("citizen_or_resident", on) == "citizen":
        return Text("your partner is a Canadian citizen", "votre conjoint est citoyen canadien")
    return Text(
        "your partner is a permanent resident who lives in Canada",
        "votre conjoint est un résident permanent qui vit au Canada",
    )


_SIZES = {
    (False, False): Text("you alone", "vous seul"),
    (True, False): Text("you and your partner, who may come or not", "vous et votre conjoint, qu'il vienne ou non"),
    (False, True): Text(
        "you and your dependent children, who may come or not: {n}",
        "vous et vos enfants à charge, qu'ils viennent ou non : {n}",
    ),
    (True, True): Text(
        "you, your partner and the dependent children, who may come or not: {n}",
        "vous, votre conjoint et les enfants à charge, qu'ils viennent ou non : {n}",
    ),
}
"""Who counts for funds, by whether there is a partner and whether there are dependent children."""

_SIBLING = Text(
    "your brothers and sisters, and those of a partner who comes with you: 18 or older, citizen or permanent resident, "
    "living in Canada",
    "vos frères et sœurs, et ceux d'un conjoint qui vient avec vous : 18 ans ou plus, citoyens ou résidents "
    "permanents, vivant au Canada",
)
_RELATIVE = Text(
    "your relatives, and those of a partner who comes with you: 18 or older, citizen or permanent resident, living in "
    "Canada",
    "votre famille, et celle d'un conjoint qui vient avec vous : 18 ans ou plus, citoyens ou résidents permanents, "
    "vivant au Canada",
)
