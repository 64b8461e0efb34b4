"""Funds and intent: what is not given is unknown, never zero."""

from __future__ import annotations

from datetime import date
from typing import Any

from expressentry.factors.derive.combine import between
from expressentry.factors.derive.jobs import code_of, codes
from expressentry.factors.derive.model import Because, Choice, Doubt, Possible, Uncounted
from expressentry.factors.derive.trade import holds
from expressentry.factors.derive.work_doubts import noc_doubts
from expressentry.law.law import Law
from expressentry.profile.labels import entry_names
from expressentry.profile.model import Profile
from expressentry.text import Text


class Money(Uncounted):
    """Settlement funds by day, and the province of intent."""

    def __init__(self, profile: Profile) -> None:
        self.funds = sorted(profile.funds or (), key=lambda one: one.on)
        self.intent = profile.intent
        self.doubts: dict[str, Doubt] = {}
        self.pieces = len(self.funds)

    def possible(self, on: date) -> Possible:
        """The one value of each: nothing is open."""
        return between(self.facts(on, {}))

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The last amount stated by a day, None before the first; and the intent, None where it was not given."""
        amounts = [one.amount_cad for one in self.funds if one.on <= on]
        return {
            "funds_cad": amounts[-1] if amounts else None,
            "intends_quebec": None if self.intent is None else self.intent.quebec,
        }

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which statement."""
        days = [one.on for one in self.funds if one.on <= on]
        text = Text("no amount is given for this day", "aucun montant n'est donné pour ce jour")
        if days:
            text = Text("the statement of {day}", "le relevé du {day}").fill(day=days[-1])
        intent = (
            Text("not given", "pas donné") if self.intent is None else Text("as you answered", "selon votre réponse")
        )
        return {
            "funds_cad": Because(text, Text("IRPR 76(1)(b)(i)", "RIPR 76(1)b)(i)")),
            "intends_quebec": Because(intent, Text("IRPR 75(1), 87.1(1), 87.2(3)", "RIPR 75(1), 87.1(1), 87.2(3)")),
        }


class Certificates(Uncounted):
    """Certificates of qualification in a trade."""

    def __init__(self, profile: Profile, law: Law) -> None:
        self.law, self.certificates = law, profile.person.certificates
        fields = [(f"person.certificates[{n}]", one) for n, one in enumerate(self.certificates, 1)]
        self.doubts: dict[str, Doubt] = {doubt.id: doubt for doubt in noc_doubts(fields, law)}
        self.pieces = len(fields)

    def held(self, on: date, chosen: Choice) -> list[str]:
        """The certificates in a skilled trade that are valid on a day; a licence in another profession is not one."""
        version = self.law.noc_version(on)
        trades, listed = self.law.trades(version), enumerate(self.certificates, 1)
        held = [(n, one) for n, one in listed if holds(one, on)]
        return [f"person.certificates[{n}]" for n, one in held if code_of(one, version, chosen) in trades]

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """Whether any certificate is valid."""
        return {"certificate_of_qualification": bool(self.held(on, chosen))}

    def possible(self, on: date) -> Possible:
        """Held where every occupation of a certificate is a skilled trade, perhaps where one of them is."""
        version = self.law.noc_version(on)
        trades, held = self.law.trades(version), [one for one in self.certificates if holds(one, on)]
        ends = (any(how(code in trades for code in codes(one, version)) for one in held) for how in (all, any))
        return between(*({"certificate_of_qualification": held} for held in ends))

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which certificate."""
        held = self.held(on, chosen)
        text = Text(
            "no certificate in a skilled trade is valid on this day",
            "aucun certificat dans un métier spécialisé n'est valide ce jour-là",
        )
        if held:
            text = Text("{all}: issued and still valid", "{all} : délivré et encore valide").fill(all=entry_names(held))
        place = Text("instructions, certificate of qualification", "instructions, certificat de compétence")
        return {"certificate_of_qualification": Because(text, place)}
