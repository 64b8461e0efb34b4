"""Family: ages, who counts as a partner, how many the family is, and relatives in Canada."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from expressentry.errors import FactorsError
from tests.profiles import BORN, DAY, could_say, derived, made, partner, relative, says

D = date


class TestAge:
    """Completed years."""

    @pytest.mark.parametrize(
        ("birth", "day", "age"),
        [
            (BORN, D(2026, 4, 11), 32),
            (BORN, D(2026, 4, 12), 33),
            (D(1996, 2, 29), D(2026, 2, 28), 29),
            (D(1996, 2, 29), D(2026, 3, 1), 30),
            (D(1996, 2, 29), D(2024, 2, 28), 27),
            (D(1996, 2, 29), D(2024, 2, 29), 28),
        ],
    )
    def test_birthdays(self, birth: date, day: date, age: int) -> None:
        """A year older on the birthday itself; born on 29 February, on 1 March of a common year."""
        assert says(day, "age", birth_date=birth) == age

    @pytest.mark.parametrize("day", [D(1993, 4, 11), D(2120, 1, 1)])
    def test_outside_a_life(self, day: date) -> None:
        """A day before the birth, or more than 120 years after it, is refused."""
        with pytest.raises(FactorsError, match=r"person\.birth_date"):
            derived(day)


class TestPartner:
    """Who counts."""

    @pytest.mark.parametrize(
        ("changes", "accompanied", "abroad"),
        [
            ({}, True, False),
            ({"living_in_canada": True}, True, False),
            ({"accompanying": False}, False, False),
            ({"citizen_or_resident": "citizen"}, False, False),
            ({"citizen_or_resident": "permanent_resident"}, False, True),
            ({"citizen_or_resident": "permanent_resident", "living_in_canada": True}, False, False),
            ({"citizen_or_resident": "permanent_resident", "accompanying": False}, False, False),
        ],
    )
    def test_status(self, changes: dict[str, Any], accompanied: bool, abroad: bool) -> None:
        """A partner who comes too and is neither citizen nor resident counts; a resident abroad in one grid only."""
        who = partner(**changes)

        assert says(DAY, "accompanied", partner=who) is accompanied
        assert says(DAY, "partner_resident_abroad", partner=who) is abroad
        assert says(DAY, "family_size", partner=who) == 2

    def test_from_the_wedding_on(self) -> None:
        """There is no partner before there was one."""
        who = partner(**{"from": D(2025, 5, 5)})

        assert says(D(2025, 5, 4), "accompanied", partner=who) is False
        assert says(D(2025, 5, 4), "family_size", partner=who) == 1
        assert says(D(2025, 5, 5), "accompanied", partner=who) is True

    def test_until_the_last_day(self) -> None:
        """Divorced, separated or widowed: alone from the next day on, in every count."""
        who = partner(**{"from": D(2019, 8, 20), "to": D(2026, 2, 1)}, relatives=[relative()])

        for day, together in ((D(2026, 2, 1), True), (D(2026, 2, 2), False)):
            assert says(day, "accompanied", partner=who) is together
            assert says(day, "family_size", partner=who) == 1 + together
            assert says(day, "sibling_in_canada", partner=who) is together
            assert (says(day, "partner_education", partner=who) is not None) is together

    def test_declared_otherwise_from_a_day_on(self) -> None:
        """Whether the partner comes is as declared last, whatever the order in which it is written."""
        changes = [{"from": D(2026, 9, 1), "accompanying": True}, {"from": D(2026, 3, 1), "accompanying": False}]
        who = partner(changes=changes)

        for day, comes in ((D(2026, 2, 28), True), (D(2026, 3, 1), False), (D(2026, 8, 31), False), (DAY, True)):
            assert says(day, "accompanied", partner=who) is comes
            assert says(day, "family_size", partner=who) == 2

    def test_a_partner_who_becomes_a_resident(self) -> None:
        """Counted until then; the other facts stay as they were."""
        who = partner(changes=[{"from": DAY, "citizen_or_resident": "permanent_resident", "living_in_canada": True}])

        assert says(D(2026, 9, 30), "accompanied", partner=who) is True
        assert says(DAY, "accompanied", partner=who) is False
        assert says(DAY, "partner_resident_abroad", partner=who) is False

    @pytest.mark.parametrize(
        ("changes", "field", "code"),
        [
            ({"from": D(2020, 1, 1), "to": D(2019, 1, 1)}, "partner.to", "impossible_day"),
            (
                {"changes": [{"from": DAY, "accompanying": a} for a in (True, False)]},
                "partner.changes[2].from",
                "twice",
            ),
            ({"changes": [{"from": DAY}]}, "partner.changes[1]", "nothing_changes"),
        ],
    )
    def test_what_cannot_be(self, changes: dict[str, Any], field: str, code: str) -> None:
        """An end before the beginning, and one day declared twice, also where something else is unreadable."""
        for more in ({}, {"birth_date": "soon"}):
            with pytest.raises(FactorsError) as caught:
                made(partner=partner(**changes, **more))
            assert (code, field) in [(one.code, one.field) for one in caught.value.problems]

    @pytest.mark.parametrize(
        ("facts", "english", "french"),
        [
            ({"accompanying": False}, "does not come with you", "ne vient pas avec vous"),
            ({"citizen_or_resident": "citizen"}, "is a Canadian citizen", "est citoyen canadien"),
            (
                {"citizen_or_resident": "permanent_resident", "living_in_canada": True},
                "is a permanent resident who lives in Canada",
                "est un résident permanent qui vit au Canada",
            ),
        ],
    )
    def test_the_true_reason(self, facts: dict[str, Any], english: str, french: str) -> None:
        """A partner who does not count: the reason is the one that holds, and no list of all there are."""
        why = derived(DAY, partner=partner(**facts)).because["accompanied"].text

        assert why == (f"your partner {english}", f"votre conjoint {french}")


class TestFamilySize:
    """How many."""

    def test_children(self) -> None:
        """Children count from their birth until 22, coming or not; what is said of one goes before the age."""
        children = [{"birth_date": D(2004, 10, 2)}, {"birth_date": D(2026, 10, 1)}, {"birth_date": D(2027, 1, 1)}]

        assert says(DAY, "family_size", children=children) == 3
        assert says(D(2026, 10, 2), "family_size", children=children) == 2
        assert says(DAY, "family_size", children=[{"birth_date": D(1990, 1, 1), "dependent": True}]) == 2
        assert says(DAY, "family_size", children=[{"birth_date": D(2010, 1, 1), "dependent": False}]) == 1

    def test_children_who_join_and_leave(self) -> None:
        """From their first day in the family to their last one in it."""
        child = {"birth_date": D(2015, 1, 1), "from": D(2024, 5, 1), "to": D(2026, 2, 1)}

        sizes = [says(day, "family_size", children=[child]) for day in (D(2024, 4, 30), D(2024, 5, 1), D(2026, 2, 1))]
        assert sizes == [1, 2, 2]
        assert says(D(2026, 2, 2), "family_size", children=[child]) == 1
        with pytest.raises(FactorsError, match=r"children\[1\]\.to"):
            made(children=[{**child, "to": D(2024, 4, 1)}])

    @pytest.mark.parametrize(("day", "size"), [(D(2017, 10, 23), 1), (D(2017, 10, 24), 2)])
    def test_age_of_dependents(self, day: date, size: int) -> None:
        """Before 24 October 2017 a dependent child was under 19."""
        assert says(day, "family_size", children=[{"birth_date": D(1998, 1, 1)}]) == size


class TestRelatives:
    """Relatives in Canada."""

    def test_sibling(self) -> None:
        """A sister who is grown up, a citizen, and lives in Canada counts in both grids."""
        assert says(DAY, "sibling_in_canada", relatives=[relative()]) is True
        assert says(DAY, "relative_in_canada", relatives=[relative()]) is True
        assert says(DAY, "sibling_in_canada") is False

    @pytest.mark.parametrize(
        "change",
        [{"status": "other"}, {"lives_in_canada": False}, {"birth_date": D(2010, 1, 1)}, {"from": D(2026, 10, 2)}],
    )
    def test_conditions(self, change: dict[str, Any]) -> None:
        """Each condition is needed."""
        assert says(DAY, "sibling_in_canada", relatives=[relative(**change)]) is False

    def test_eighteen(self) -> None:
        """On the eighteenth birthday."""
        child = relative(birth_date=D(2008, 10, 1))

        assert says(D(2026, 9, 30), "sibling_in_canada", relatives=[child]) is False
        assert says(D(2026, 10, 1), "sibling_in_canada", relatives=[child]) is True

    def test_an_aunt(self) -> None:
        """Other relatives count for the 67-point grid only."""
        assert says(DAY, "sibling_in_canada", relatives=[relative("aunt_or_uncle")]) is False
        assert says(DAY, "relative_in_canada", relatives=[relative("aunt_or_uncle")]) is True

    def test_of_the_partner(self) -> None:
        """The accompanying partner's count too, and those of one who stays do not."""
        assert says(DAY, "sibling_in_canada", partner=partner(relatives=[relative()])) is True
        stays = partner(relatives=[relative()], accompanying=False)
        assert says(DAY, "sibling_in_canada", partner=stays) is False
        assert says(DAY, "relative_in_canada", partner=stays) is False

    def test_of_a_resident_abroad(self) -> None:
        """The relatives of a partner whom only the 67-point grid counts count only there."""
        who = partner(relatives=[relative()], citizen_or_resident="permanent_resident")

        assert says(DAY, "sibling_in_canada", partner=who) is False
        assert says(DAY, "relative_in_canada", partner=who) is True

    def test_birth_not_known(self) -> None:
        """Without a birth date both are read."""
        unknown = {key: value for key, value in relative().items() if key != "birth_date"}

        assert could_say(DAY, "sibling_in_canada", relatives=[unknown]) == [True, False]
        assert derived(DAY, relatives=[unknown]).doubts[0].fields == ("person.relatives[1].birth_date",)
        assert derived(DAY, relatives=[unknown, relative()]).doubts == ()
