"""The pages of scenarios: the shipped figures, both languages, and a person's own score drawn into them."""

from __future__ import annotations

import re
from datetime import date

import pytest
import tomli

from expressentry.assess.person.readings import assess_profile
from expressentry.present.text.simulate import shown
from expressentry.profile.read import read_profile
from expressentry.simulate.compare.ahead import compared_scenarios, current
from expressentry.simulate.run.setup import variants
from expressentry.simulate.scenario.compared import comparisons_of, shipped_comparisons
from expressentry.web.pages.candidate.answer import _for_scenarios
from expressentry.web.pages.scenarios import UNUSABLE, Own, cutoffs_drawing, standing
from tests.conftest import ROOT
from tests.web.serving import DAY, Caller

VERDICT = "your score is (?:enough|too low) (?:now|with)"
IDS = sorted({one["scenario"] for one in shipped_comparisons()})


class TestShipped:
    """The figures are those of the scenarios that ship."""

    def test_of_these_scenarios_and_this_law(self) -> None:
        """No comparison is missing, and none is of another scenario, baseline or law; else make them again."""
        assert current(shipped_comparisons()) == []

    def test_every_value_of_open_numbers(self) -> None:
        """A scenario with a range has a comparison for each of its values."""
        wanted = [one.id for _, several in compared_scenarios() for each in several for one in variants(each)]

        assert sorted(wanted) == sorted(one["scenario"] for one in shipped_comparisons())

    def test_a_changed_one_is_found(self) -> None:
        """Figures of another law are named."""
        first, *others = shipped_comparisons()
        other = {**first, "digests": {**first["digests"], "baseline": {"scenario": "0", "law": "0"}}}

        assert current([other, *others]) == [first["scenario"]]


class TestPages:
    """What a reader sees."""

    @pytest.mark.parametrize("lang", ["en", "fr"])
    @pytest.mark.parametrize("id_", IDS)
    def test_every_scenario(self, call: Caller, lang: str, id_: str) -> None:
        """Each has what it supposes before its figures, and a table of cut-offs."""
        answer = call.get(f"/{lang}/scenarios/{id_}")
        supposed = answer.text.find({"en": "What is supposed", "fr": "Ce qui est supposé"}[lang])

        assert answer.status_code == 200
        assert 0 < supposed < answer.text.find("<table>")
        assert re.findall(r"<h2>[^<]*_", answer.text) == []  # no name of a variable

    def test_own_score(self, call: Caller) -> None:
        """A score is drawn in and goes along to each scenario; a verdict is given only for rounds that are open."""
        listed = call.get("/en/scenarios?score=491&lists=cec").text
        one = call.get("/en/scenarios/stem-back?score=491&lists=cec").text
        alone = call.get("/en/scenarios/stem-back?score=491").text

        assert "/en/scenarios/stem-back?score=491&amp;lists=cec" in listed
        assert "you: 491" in one
        assert len(re.findall(VERDICT, one)) == 1
        assert "you: 491" in alone
        assert re.findall(VERDICT, alone) == []

    @pytest.mark.parametrize("score", ["1201", "-1", "x", "491.5", "9" * 50, "٤٩١"])
    def test_bad_score(self, call: Caller, score: str) -> None:
        """What is no score is named, and the page is shown without it."""
        answer = call.get("/en/scenarios", params={"score": score})

        assert answer.status_code == 400
        assert "a whole number from 0 to 1200" in answer.text
        assert "Your CRS score" in answer.text
        assert f'size="5" value="{score[:60]}"' in answer.text  # to be corrected, not typed again

    @pytest.mark.parametrize("lists", ['cec"><b>', "cec&amp;x=1", "javascript:1", "cec,zz", "zz" * 300])
    def test_lists_that_there_are_not(self, call: Caller, lists: str) -> None:
        """Only the names of lists go along in links and forms; anything else is left out."""
        answer = call.get("/en/scenarios", params={"score": "491", "lists": lists})
        carried = re.findall(r"/en/scenarios/[a-z0-9-]+\?score=491(?:&amp;lists=([^\"]*))?\"", answer.text)
        hidden = re.findall(r'name="lists" value="([^"]*)"', answer.text)

        assert answer.status_code == 200
        assert carried
        assert set(carried) | set(hidden) <= {"", "cec"}

    def test_unknown(self, call: Caller) -> None:
        """A scenario that does not exist is a page that says which does."""
        answer = call.get("/en/scenarios/stem-bak")

        assert answer.status_code == 404
        assert "stem-back" in answer.text


class TestDrawing:
    """The same points, at the places of their scores."""

    @pytest.mark.parametrize("at", range(len(shipped_comparisons())))
    def test_everything_is_inside(self, at: int) -> None:
        """Every mark, and a score however far away, is in the picture and in the right order."""
        one = shipped_comparisons()[at]
        for score in (None, 0, 491, 1200):
            picture = cutoffs_drawing(one, Own(score, frozenset()))
            rows = [row for row in one["cutoffs"] if row["list"] not in UNUSABLE]

            assert [mark.name for mark in picture.marks] == [row["list"] for row in rows]
            for mark, row in zip(picture.marks, rows, strict=True):
                drawn = [(row["baseline"], mark.before), (row["value"], mark.after)]
                assert all((points is None) == (place is None) for points, place in drawn)
                order = sorted((points, place) for points, place in drawn if points is not None and place is not None)
                places = (mark.low, *(place for _, place in order), mark.high, *([picture.own] if picture.own else []))
                assert order
                assert all(0 <= place <= picture.width for place in places)
                assert order[0][1] <= order[-1][1]
                assert 0 < mark.y < picture.height

    @pytest.mark.parametrize(
        ("score", "words"),
        [(500, "enough with both"), (450, "too low with both"), (485, "too low with it"), (None, None)],
    )
    def test_standing(self, score: int | None, words: str | None) -> None:
        """A cut-off is reached by the score that equals it, and one above is not."""
        said = standing(Own(score, frozenset({"cec"})), {"list": "cec", "baseline": 485.0, "value": 490.0})

        assert (said and words and words in said.en) or (said is None and words is None)
        assert standing(Own(500, frozenset()), {"list": "cec", "baseline": 485.0, "value": 490.0}) is None

    @pytest.mark.parametrize(
        ("score", "before", "after", "words"),
        [
            (457, None, 456.5, "no such rounds now; your score is enough with it"),
            (456, None, 456.5, "no such rounds now; your score is too low with it"),
            (457, 457.0, None, "your score is enough now; no such rounds with it"),
            (456, 457.0, None, "your score is too low now; no such rounds with it"),
        ],
    )
    def test_rounds_that_come_or_go(self, score: int, before: float | None, after: float | None, words: str) -> None:
        """Where only one side has rounds of a list, the verdict is about that side."""
        said = standing(Own(score, frozenset({"stem"})), {"list": "stem", "baseline": before, "value": after})

        assert said is not None
        assert said.en == words

    @pytest.mark.parametrize("path", ["/en/scenarios", "/en/scenarios/stem-back"])
    def test_rounds_brought_back_are_shown(self, call: Caller, path: str) -> None:
        """STEM rounds that only the scenario has are in the list, in the picture and in the table, with a verdict."""
        html = call.get(f"{path}?score=1200&lists=stem").text
        stem = next(one for one in comparisons_of("stem-back")[0]["cutoffs"] if one["list"] == "stem")

        assert stem["baseline"] is None
        assert shown(stem["value"], "en") in html
        assert "no such rounds now; your score is enough with it" in html


class TestFromTheAnswer:
    """What the answer page hands on."""

    def test_score_and_lists(self) -> None:
        """The score and every list that the person surely enters; nothing where the score is open."""
        whole = assess_profile(read_profile(ROOT / "examples/people/engineer.toml"), DAY)
        query = _for_scenarios(whole)

        assert query.startswith(f"?score={whole.total}&lists=")
        assert {"general", "fsw"} <= set(query.partition("lists=")[2].split(","))

    def test_nominee(self) -> None:
        """A nominee enters rounds for nominees and general ones, and no other."""
        facts = tomli.loads((ROOT / "examples/people/engineer.toml").read_text())
        facts["nominations"] = [{"kind": "enhanced", "province": "ON", "accepted_on": date(2026, 9, 1)}]

        assert _for_scenarios(assess_profile(read_profile(facts), DAY)).endswith("&lists=general,pnp")
