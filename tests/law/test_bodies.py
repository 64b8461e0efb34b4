"""Who may assess a credential from abroad: the designated bodies, and the professions with their own."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from expressentry.errors import FactorsError, LawError
from expressentry.law.load import load_law
from expressentry.noc.codes import noc2016, noc2021
from expressentry.profile.read import read_profile
from tests.profiles import facts

LAW = load_law()
BODIES = LAW.bodies
DAY = date(2026, 10, 1)


class TestBodies:
    """The list of a day, and a body by its name."""

    @pytest.mark.parametrize(
        ("code", "first"),
        [
            ("CES", date(2013, 4, 17)),
            ("WES", date(2013, 4, 17)),
            ("ICAS", date(2013, 4, 17)),
            ("MCC", date(2013, 4, 17)),
            ("PEBC", date(2014, 1, 6)),
            ("IQAS", date(2015, 8, 6)),
            ("ICES", date(2015, 8, 6)),
            ("CACB", date(2024, 5, 20)),
        ],
    )
    def test_each_from_its_designation(self, code: str, first: date) -> None:
        """Both sides of the day, and by every way to write it."""
        body = BODIES.on(first)[code]

        assert not BODIES.designated(code, first - timedelta(days=1))
        for written in (code, code.lower(), body.name.en, body.name.fr.upper()):
            assert BODIES.designated(written, first)

    def test_the_list_of_a_day(self) -> None:
        """A rule set has it, with names in both languages."""
        bodies = LAW.on(DAY).bodies

        assert list(bodies) == ["CES", "ICAS", "WES", "IQAS", "ICES", "MCC", "PEBC", "CACB"]
        assert all(one.name.en and one.name.fr for one in bodies.values())
        assert "CACB" not in LAW.on(date(2024, 5, 19)).bodies

    @pytest.mark.parametrize(
        ("written", "meant"),
        [("Medical Counsil", "MCC"), ("World Educaton Services", "WES"), ("NNAS", None), ("ECA", None), ("W", None)],
    )
    def test_another_body_is_refused(self, written: str, meant: str | None) -> None:
        """With what was meant, or with the whole list."""
        credential = {"level": "masters", "country": "IN", "completed_on": date(2015, 6, 1)}
        assessed = {**credential, "assessments": [{"body": written, "on": date(2024, 5, 1), "result": "masters"}]}
        with pytest.raises(FactorsError) as caught:
            read_profile(facts(credentials=[assessed]))
        (problem,) = caught.value.problems

        assert (problem.code, problem.field) == ("unknown_body", "person.credentials[1].assessments[1].body")
        assert ("did you mean" in problem.fix.en) is (meant is not None)
        for code in [meant] if meant else BODIES.on(DAY):
            assert code in problem.fix.en
            assert code in problem.fix.fr


class TestProfessions:
    """The occupations that need the assessment of one body."""

    @pytest.mark.parametrize(
        ("noc", "day", "body"),
        [
            ("31100", DAY, "MCC"),
            ("31101", DAY, "MCC"),
            ("31102", DAY, "MCC"),
            ("31120", DAY, "PEBC"),
            ("21200", DAY, "CACB"),
            ("21200", date(2024, 5, 19), None),
            ("3112", date(2022, 11, 15), "MCC"),
            ("3131", date(2022, 11, 15), "PEBC"),
            ("31301", DAY, None),
            ("31110", DAY, None),
        ],
    )
    def test_which(self, noc: str, day: date, body: str | None) -> None:
        """By the code in force; nurses and dentists have none."""
        found = BODIES.of_profession(noc, day)

        assert (found and found.body) == body
        assert bool(found and found.licensed) is (body == "PEBC")

    def test_codes_and_bodies_exist(self) -> None:
        """Every row names an occupation of its days and a body designated on its first."""
        for row in BODIES.professions:
            assert row.noc in (noc2016() if row.until == date(2022, 11, 16) else noc2021())
            assert BODIES.on(row.start)[row.body]

    def test_a_user_adds_one(self, tmp_path: Path) -> None:
        """A new designation by a law file; one without a name is refused by its line."""
        head = """
made_by = "eca-new"
in_force = 2027-01-01
[instruments.eca-new]
kind = "guidance"
status = "in_force"
title = { en = "A new body", fr = "Un nouvel organisme" }
in_force = 2027-01-01
checked = 2027-01-02
confidence = "one_source"
address = "https://example.org/"
[lists.designated_bodies]
"""
        rows = 'rows = [{ body = "NEW", name_en = "New Body", name_fr = "Nouvel organisme" }]'
        file = tmp_path / "body.toml"
        file.write_text(head + rows, encoding="utf-8")

        assert "NEW" in load_law(file).on(date(2027, 1, 1)).bodies
        file.write_text(head + 'rows = [{ body = "NEW" }]', encoding="utf-8")
        with pytest.raises(LawError, match="name_en"):
            load_law(file)
