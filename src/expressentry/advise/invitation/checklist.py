"""What an application after an invitation needs, with dates; what none of our sources gives is marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from expressentry.advise.invitation.decide import Invited
from expressentry.dates import anniversary
from expressentry.law.criteria.programs import funds_needed
from expressentry.law.rule_set import RuleSet
from expressentry.law.schema import dollars
from expressentry.profile.countries import CANADA
from expressentry.profile.labels import credential_name, results_name
from expressentry.profile.model import Individual, Profile
from expressentry.text import Text

_EXEMPT = ("a", "b", "d")
"""Cases of arranged employment in which no funds are required (IRPR 76(1)(b))."""

_EXEMPT_TRADES = ("ii", "iii", "v")


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One thing the application needs, with the last day on which it is valid, where there is one.

    `sourced` is whether the law or a document of the person names it; `place` is where.
    """

    id: str
    text: Text
    last: date | None = None
    place: Text | None = None
    sourced: bool = True
    field: str | None = None


def checklist(profile: Profile, found: Invited) -> tuple[ChecklistItem, ...]:
    """Everything the application needs: what documents and law give, then the rest, marked as not established."""
    return (*_sourced(profile, found), *_UNSOURCED)


def _sourced(profile: Profile, found: Invited) -> Iterator[ChecklistItem]:
    words = Text("the complete application, received", "la demande complète, reçue")
    instrument = found.at_invitation.rules.instruments[found.window.instrument]
    yield ChecklistItem("application", words, found.window.last, instrument.title)
    facts = found.at_receipt.facts
    counts = True in facts["accompanied"] or True in facts["partner_resident_abroad"]
    for owner, whose in profile.individuals().items():
        if owner == "person" or counts:
            yield from _documents(whose, owner, found.received, found.at_receipt.rules)
    yield from _funds(found)
    if "pnp" in found.programs:
        for at, one in enumerate(profile.nominations, 1):
            if one.kind == "enhanced" and one.accepted_on is not None and one.withdrawn_on is None:
                text = Text("the nomination ({p})", "la désignation ({p})").fill(p=one.province)
                yield ChecklistItem("nomination", text, one.expires_on, _S28, field=f"nominations[{at}]")
    if facts["arranged_employment"] != ("none",) or facts["fst_offer"] != ("none",):
        text = Text("the job offer that counts", "l'offre d'emploi qui compte")
        yield ChecklistItem("job_offer", text, None, Text("IRPR 82(2), 87.2(3)(d)", "RIPR 82(2), 87.2(3)d)"))


def _documents(whose: Individual, owner: str, received: date, rules: RuleSet) -> Iterator[ChecklistItem]:
    """Every test and assessment that is valid on the day of receipt, with its last day, and Canadian credentials.

    A credential from abroad without an assessment counts for nothing, and the application does not need it.
    """
    evidence, bodies = rules.evidence, rules.law.bodies
    for at, test in enumerate(whose.tests, 1):
        until = anniversary(test.results_on, evidence.language_valid_years)
        if test.results_on <= received < until:
            field = f"{owner}.tests[{at}]"
            text = results_name(owner, test.test, test.results_on)
            yield ChecklistItem("test", text, until - timedelta(days=1), _S74, field=field)
    for at, one in enumerate(whose.credentials, 1):
        if one.completed_on is None or one.completed_on > received:
            continue
        field, name = f"{owner}.credentials[{at}]", credential_name(owner, one.level, one.completed_on)
        if one.country == CANADA:
            yield ChecklistItem("credential", name, None, _S75, field=field)
            continue
        for assessment in one.assessments or ():
            until = anniversary(assessment.on, evidence.assessment_valid_years)
            if assessment.on <= received < until:
                text = Text("{c} and its assessment by {b}", "{c} et son évaluation par {b}")
                yield ChecklistItem(
                    "assessment",
                    text.fill(c=name, b=bodies.code_of(assessment.body) or assessment.body),
                    until - timedelta(days=1),
                    _S75,
                    field=field,
                )


def _funds(found: Invited) -> Iterator[ChecklistItem]:
    """The amount in the table of the day of the invitation, where the program requires funds."""
    facts, rules = found.at_receipt.facts, found.at_receipt.rules
    asks = [name for name in found.programs if name in ("fsw", "fst", "pnp")]
    exempt = facts["arranged_employment"][0] in _EXEMPT or facts["fst_offer"][0] in _EXEMPT_TRADES
    if not asks or exempt:
        return
    size = max(facts["family_size"])
    amount = funds_needed(rules.selection.funds, size)
    needed = (
        dollars(amount)
        if amount is not None
        else Text("an amount that we do not know", "un montant que nous ne connaissons pas")
    )
    text = Text(
        "proof of {a} for a family of {n} (table of {d}; not required for the CEC)",
        "preuve de {a} pour une famille de {n} (table du {d}; non exigée pour la CEC)",
    ).fill(a=needed, n=size, d=rules.selection.funds.start)
    yield ChecklistItem("funds", text, None, Text("IRPR 76(1)(b), 87.2(5)", "RIPR 76(1)b), 87.2(5)"))


def _unsourced(id_: str, en: str, fr: str) -> ChecklistItem:
    return ChecklistItem(id_, Text(en, fr), sourced=False)


_S28 = Text("instructions, s. 28", "instructions, art. 28")
_S74 = Text("IRPR 74, 79(2)", "RIPR 74, 79(2)")
_S75 = Text("IRPR 75(2)(e)", "RIPR 75(2)e)")
_UNSOURCED = (
    _unsourced("proof_of_work", "proof of the work that counts", "preuve du travail qui compte"),
    _unsourced("police", "police certificates", "certificats de police"),
    _unsourced("medical", "an immigration medical examination", "examen médical aux fins de l'immigration"),
    _unsourced("biometrics", "biometrics", "données biométriques"),
    _unsourced("identity", "passport, photographs, civil status", "passeport, photos, état civil"),
    _unsourced("fees", "fees", "frais"),
)
"""What applications are known to need; none of our sources gives form, amount and day."""
