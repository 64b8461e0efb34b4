"""The day of receipt: the facts of that day under the law of the invitation, with either of the two ages.

A birthday after the invitation cannot harm as to the score, the category and the criteria of the instructions (IRPA
11.2(2)(a)), and it may help: the better of the two ages counts there. The class itself asks for the age on the day of
the application (IRPR 77 and 81); a public policy lets an officer leave the birthday out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from expressentry.advise.timeline.reasons import changed_values
from expressentry.advise.timeline.snapshot import DaySnapshot, DaySnapshots
from expressentry.assess.person.criteria import Answer, some
from expressentry.assess.person.readings import Assessor
from expressentry.errors import FactorsError
from expressentry.factors.derive import derive
from expressentry.text import Text


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answers on the day of receipt: `now` with the age of that day, `as_invited` with that of the invitation.

    `birthday_left_out` is whether a public policy of that day lets an officer leave the birthday out of the points of a
    class.
    """

    now: DaySnapshot
    as_invited: DaySnapshot
    birthday_left_out: bool

    @property
    def totals(self) -> tuple[int, ...]:
        """The scores that count: in each reading the better of the two ages."""
        pairs = zip(self.now.found.readings, self.as_invited.found.readings, strict=True)
        return tuple(sorted({max(one.total, other.total) for one, other in pairs}))

    def category(self, name: str) -> Answer:
        """Membership of a category, with the better of the two ages."""
        return some((self.now.categories[name], self.as_invited.categories[name]))

    def program(self, name: str) -> Answer:
        """Eligibility for a program: by the age on receipt; open where only the birthday harms and may be left out."""
        answer, without = self.now.programs[name], self.as_invited.programs[name]
        excused = self.birthday_left_out and answer is False and without is not False
        return None if excused else answer


def on_receipt(assessor: Assessor, day: date, received: date) -> Receipt:
    """Assess the facts of the day of receipt under the law of the invitation, with both ages."""
    age = derive(assessor.profile, day, assessor.law).facts["age"]
    derived = derive(assessor.profile, received, assessor.law)
    younger = replace(
        derived,
        readings=tuple(replace(r, facts={**r.facts, "age": age}) for r in derived.readings),
        possible=derived.possible and {**derived.possible, "age": (age,)},
    )
    rules, snapshots = assessor.law.on(day), DaySnapshots()
    if assessor.law.noc_version(day) != assessor.law.noc_version(received):
        # Occupations then have the codes of another NOC: the criteria of the later day read them, on the same grid.
        rules = replace(rules, day=received)
    now, as_invited = (snapshots.of(assessor.under(one, rules)) for one in (derived, younger))
    return Receipt(now, as_invited, assessor.law.evidence.on(received).birthday_leaves_points)


def lost_points(assessor: Assessor, before: DaySnapshot, after: DaySnapshot) -> Iterator[tuple[int, Text]]:
    """What lowered the score: for each fact that changed, the points that its change alone costs, the most first.

    Each is tried: the score of the day of receipt with this fact as it was when invited.
    """
    then, now = before.found.first, after.found.first
    if then.reading is None or now.reading is None:
        return
    old, new, columns = then.reading.facts, now.reading.facts, after.rules.crs.columns
    groups: dict[str, list[str]] = {}
    for name, value in new.items():
        if old.get(name) != value and name in columns.by_name and name != "age":
            groups.setdefault(_group(name), []).append(name)
    found = []
    for names in groups.values():
        as_before = {**new, **{name: old.get(name) for name in names}}
        try:
            total = assessor.assess_facts(as_before, after.rules).total
        except FactorsError:  # the fact cannot have been so beside the others
            continue
        if total > now.total:
            main = "accompanied" if "accompanied" in names else names[0]
            found.append((now.total - total, changed_values(main, before, after, columns)))
    yield from sorted(found, key=lambda one: one[0])


def _group(name: str) -> str:
    """What changes together: the partner with all that is theirs, and the abilities of one report."""
    owner = name.partition("_")[0]
    return "partner" if name == "accompanied" else owner if owner in ("partner", "english", "french") else name
