"""Occupations: the lists, the concordance, and codes that are wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.errors import ABSENT, UsageError
from expressentry.noc import codes as noc
from expressentry.noc.codes import Version, check_noc


class TestLists:
    """Both versions of the classification, whole."""

    def test_counts(self) -> None:
        """516 unit groups in 2021 under 306 groups, 500 in 2016."""
        levels = [group.level for group in noc.groups().values()]

        assert len(noc.noc2021()) == 516
        assert len(noc.noc2016()) == 500
        assert {level: levels.count(level) for level in dict.fromkeys(levels)} == {
            "broad": 10,
            "major": 45,
            "submajor": 89,
            "minor": 162,
        }

    def test_both_languages(self) -> None:
        """Every title, of a unit group or of a group above, is in both languages."""
        titles = [one.title for kind in (noc.noc2021(), noc.noc2016(), noc.groups()) for one in kind.values()]

        assert len(titles) == 1322
        assert all(title.en.strip() and title.fr.strip() for title in titles)

    def test_teer_is_the_second_digit(self) -> None:
        """The TEER of every code is its second digit, 0 to 5."""
        assert all(one.teer == int(code[1]) <= 5 for code, one in noc.noc2021().items())
        assert (noc.teer("21211"), noc.teer("00010"), noc.teer("85100")) == (1, 0, 5)

    def test_skill_level_by_rule(self) -> None:
        """Level 0 begins with 0; else the second digit says A (0, 1), B (2, 3), C (4, 5) or D (6, 7)."""
        levels = [one.skill_level for one in noc.noc2016().values()]

        assert [levels.count(level) for level in "0ABCD"] == [48, 89, 211, 121, 31]
        for code, one in noc.noc2016().items():
            assert one.skill_level == ("0" if code[0] == "0" else "AABBCCDD"[int(code[1])])

    @pytest.mark.parametrize(
        ("code", "version", "expected"),
        [
            ("00010", 2021, True),
            ("73300", 2021, True),
            ("74100", 2021, False),
            ("65100", 2021, False),
            ("0011", 2016, True),
            ("2172", 2016, True),
            ("7237", 2016, True),
            ("7511", 2016, False),
            ("6611", 2016, False),
        ],
    )
    def test_skilled(self, code: str, version: Version, expected: bool) -> None:
        """Skilled is TEER 0 to 3 by the NOC 2021, and 0, A or B by the NOC 2016."""
        assert noc.skilled(code, version) is expected

    def test_hierarchy(self) -> None:
        """Every unit group stands under a broad, a major, a submajor and a minor group."""
        for code in noc.noc2021():
            assert [group.level for group in noc.hierarchy(code)] == ["broad", "major", "submajor", "minor"]
        assert noc.hierarchy("72106")[0].title.en == "Trades, transport and equipment operators and related occupations"

    def test_unknown_code_is_misuse(self) -> None:
        """A code that does not exist raises UsageError with the codes near it."""
        for ask in (noc.teer, noc.hierarchy):
            with pytest.raises(UsageError, match="21120"):
                ask("21121")
        with pytest.raises(UsageError, match="NOC 2021"):
            noc.skill_level("21211")


class TestConcordance:
    """From one version to the other."""

    def test_counts(self) -> None:
        """585 links: every group of both versions has one, 440 of 2016 have just one and 60 are split."""
        targets = [len(noc.to_2021(code)) for code in noc.noc2016()]

        assert len(noc.concordance()) == sum(targets) == 585
        assert (targets.count(1), sum(n > 1 for n in targets), min(targets)) == (440, 60, 1)
        assert all(noc.to_2016(code) for code in noc.noc2021())

    def test_both_ways(self) -> None:
        """What leads there leads back, and every link joins two codes that exist."""
        for link in noc.concordance():
            assert link.noc2016 in noc.to_2016(link.noc2021)
            assert link.noc2021 in noc.to_2021(link.noc2016)
            assert link.noc2016 in noc.noc2016()
            assert link.noc2021 in noc.noc2021()

    def test_split(self) -> None:
        """Systems analysts of 2016 became five groups, of which one goes on with the name."""
        assert noc.to_2021("2171") == ("21211", "21220", "21221", "21222", "21233")
        assert [link.noc2021 for link in noc.links("2171") if "continues" in link.change] == ["21222"]

    def test_changes_have_words(self) -> None:
        """Every change is a word with a text; a group goes on in one place at most, and then it had several."""
        words = [word for link in noc.concordance() for word in link.change]

        assert set(words) == set(noc.CHANGES)
        assert words.count("renumbered") == 428
        for code in noc.noc2016():
            assert sum("continues" in link.change for link in noc.links(code)) <= 1
            assert noc.links(code)[0].change == ("renumbered",) or "renumbered" not in str(noc.links(code))

    def test_unknown_leads_nowhere(self) -> None:
        """A code that does not exist has no counterparts, nor has one asked for the wrong way."""
        assert noc.to_2021("9999") == noc.to_2021("21211") == noc.to_2016("2172") == ()
        assert noc.links("") == ()

    def test_doubts(self) -> None:
        """Where the sources disagree it is said, beside either code, in both languages."""
        assert [one.other for one in noc.doubts("10012")] == ["10012"]
        assert len(noc.doubts("0433")) == 2
        assert "TEER 3" in noc.doubts("82021")[0].doubt.en
        assert noc.doubts("21211") == ()


class TestWrongCodes:
    """What is said of a code that is not one."""

    def test_right_codes(self) -> None:
        """Every code of a version is accepted for that version and no other."""
        assert all(check_noc(code, 2021, "noc") is None for code in noc.noc2021())
        assert all(check_noc(code, 2016, "noc") is None for code in noc.noc2016())

    @pytest.mark.parametrize(
        ("value", "version", "code", "near"),
        [
            ("2172", 2021, "wrong_noc_version", "21223"),
            ("21211", 2016, "wrong_noc_version", "2172"),
            ("21121", 2021, "unknown_noc", "21120"),
            ("2127", 2016, "unknown_noc", "2121"),
            ("212110", 2021, "unknown_noc", "21211"),
            (21211, 2021, "noc_without_zeros", "21211"),
            ("10", 2021, "noc_without_zeros", "00010"),
            (112, 2016, "noc_without_zeros", "0112"),
            ("hello", 2021, "unknown_noc", "occupations search"),
            ("", 2021, "unknown_noc", "occupations search"),
            (None, 2021, "not_a_noc", "21211"),
            (True, 2016, "not_a_noc", "2172"),
            (ABSENT, 2016, "not_a_noc", "2172"),
        ],
    )
    def test_problem(self, value: object, version: Version, code: str, near: str) -> None:
        """The field, the value, the rule, and as fix the codes that may be meant, in both languages."""
        problem = check_noc(value, version, "work[1].noc")

        assert problem is not None
        assert (problem.code, problem.field, problem.value) == (code, "work[1].noc", value)
        assert near in problem.fix.en
        assert near in problem.fix.fr
        assert str(version) in problem.rule.en

    def test_titles_beside_near_codes(self) -> None:
        """A code proposed is shown with its title in the language of the answer."""
        problem = check_noc("2172", 2021, "noc")

        assert problem is not None
        assert "21211 Data scientists" in problem.say("en")
        assert "21211 Scientifiques des données" in problem.say("fr")

    @given(st.sampled_from(sorted(noc.noc2021())), st.integers(0, 4), st.sampled_from("0123456789"))
    def test_one_wrong_digit(self, code: str, at: int, digit: str) -> None:
        """A code with one digit changed is a code, or near codes are proposed, all of which exist."""
        wrong = code[:at] + digit + code[at + 1 :]
        problem = check_noc(wrong, 2021, "noc")

        assert (problem is None) == (wrong in noc.noc2021())
        if problem is not None:
            assert 1 <= len(noc.near_codes(wrong, 2021)) <= 3
            assert set(noc.near_codes(wrong, 2021)) <= set(noc.noc2021())

    @given(
        st.one_of(st.text(max_size=12), st.integers(), st.floats(), st.none(), st.lists(st.text())),
        st.sampled_from([2016, 2021]),
    )
    def test_anything(self, value: object, version: Version) -> None:
        """Whatever the value, the answer is a problem that can be said in both languages, or none for a code."""
        problem = check_noc(value, version, "noc")

        assert (problem is None) == (value in list(noc.noc2021() if version == 2021 else noc.noc2016()))
        assert problem is None or (problem.say("en") and problem.say("fr"))
