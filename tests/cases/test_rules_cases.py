"""Cases of credentials, offers, family and certificates: what the law gives for each, worked out by hand."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expressentry.advise.invitation.decide import Invited, invited
from expressentry.advise.plan.request import PlanRequest
from expressentry.advise.plan.search import plan
from expressentry.answers.summary import summarize
from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.errors import FactorsError
from expressentry.profile.read import read_document, read_profile
from expressentry.rounds.load import load_record

HERE = Path(__file__).parent
RECORD = load_record()


def case(name: str, on: date) -> Assessment:
    """What a person of these files has on a day."""
    return assess_profile(read_profile(HERE / f"rules_{name}.toml"), on)


def points(found: Assessment, line: str) -> int:
    """The points of one line of the grid."""
    return next(one.points for one in found.lines if one.id == line)


def after(name: str, number: str, received: date) -> Invited:
    """An application received after an invitation of a round."""
    return invited(read_profile(HERE / f"rules_{name}.toml"), RECORD.round(number), received, RECORD)


class TestStudy:
    """The pandemic's relief: any part from March 2020 to August 2022 lifts presence, full time and distance."""

    @pytest.mark.parametrize("name", ["study_by_distance", "study_abroad", "study_half_abroad"])
    def test_fifteen_points(self, name: str) -> None:
        """With the true share by distance as without one."""
        found = case(name, date(2024, 3, 1))

        assert found.totals == (452,)
        assert points(found, "additional.canadian_study") == 15

    def test_not_before_the_notice(self) -> None:
        """The relief was announced at the end of July 2022."""
        first = {**case("study_by_distance", date(2022, 7, 28)).derived.facts}

        assert first["canadian_study"] == "none"
        assert case("study_by_distance", date(2022, 7, 29)).derived.facts["canadian_study"] == "one_or_two_year"


class TestBody:
    """A credential is assessed by the body of the profession."""

    def test_physician(self) -> None:
        """A medical degree that only a general body assessed: no points, and not a skilled worker; it is said why."""
        found = case("physician", date(2026, 10, 1))

        assert found.totals == (246,)
        assert points(found, "core.education") == 0
        assert found.programs["fsw"] is False
        assert "Medical Council of Canada" in found.derived.because["education"].text.en
        assert "Conseil médical du Canada" in found.derived.because["education"].text.fr

    def test_the_answer_says_why(self) -> None:
        """At its top, as the first step, and in the plan: the assessment by the profession's own body."""
        physician = read_profile(HERE / "rules_physician.toml")
        found = case("physician", date(2026, 10, 1))
        (remark,) = found.remarks
        told = summarize(found, RECORD).first
        effects = plan(physician, date(2026, 10, 1), PlanRequest(size=1)).effects
        (step,) = [one.step.move for one in effects if one.step.move.kind == "assessment"]

        assert (remark.code, remark.field) == ("not_accepted", "person.credentials[1].assessments[1]")
        assert "is not counted: it is by WES, but your occupation needs one by Medical Council" in remark.text.en
        assert told.en == "First: have your 2014 professional degree assessed by Medical Council of Canada."
        assert told.fr.endswith("(diplôme professionnel) par : Conseil médical du Canada.")
        assert step.title.en == "Have your 2014 professional degree assessed by Medical Council of Canada"

    @pytest.mark.parametrize(
        ("change", "on", "says"),
        [
            ({"body": "MCC"}, date(2026, 10, 1), None),
            ({"body": "MCC"}, date(2029, 5, 5), None),
            ({"body": "MCC"}, date(2029, 5, 6), "it is 5 years old or older"),
            ({"body": "ICES", "on": "2015-08-05"}, date(2016, 10, 1), "ICES was not designated on 5 August 2015"),
        ],
    )
    def test_other_reasons(self, change: dict[str, str], on: date, says: str | None) -> None:
        """An assessment too old, or of before the day from which its body may assess; one that counts is not named."""
        facts = read_document(HERE / "rules_physician.toml")
        facts["person"]["credentials"][0]["assessments"][0].update(change)
        found = assess_profile(read_profile(facts), on).remarks

        assert [says in one.text.en for one in found if says and one.code == "not_accepted"] == ([True] if says else [])
        assert bool(says) is any(one.code == "not_accepted" for one in found)


class TestCertificate:
    """A certificate of qualification is one in a skilled trade."""

    def test_nurse(self) -> None:
        """A registration as a nurse is refused, and what it is not is said."""
        with pytest.raises(FactorsError) as caught:
            case("nurse_registration", date(2024, 11, 1))
        (problem,) = caught.value.problems

        assert problem.code == "not_a_trade"
        assert "licence" in problem.fix.en


class TestOffers:
    """Each offer with its own days."""

    def test_a_year_after_the_visa(self) -> None:
        """Twelve months that began in January cannot last a year after a visa of June or later."""
        found = case("one_year_offer", date(2024, 6, 1))

        assert found.derived.facts["job_offer"] == found.derived.facts["arranged_employment"] == "none"
        assert len(found.totals) == 1
        assert points(found, "additional.job_offer") == 0

    def test_the_lmia_has_ended(self) -> None:
        """The offer stays, its assessment does not: 413 against 438."""
        found = after("lmia_ended", "73", date(2017, 11, 13))

        assert found.answer is False
        assert case("lmia_ended", date(2017, 10, 31)).totals == (463,)
        assert case("lmia_ended", date(2017, 11, 1)).totals == (413,)

    def test_in_another_trade(self) -> None:
        """Two years as a welder and an offer as a cook: not a member of the trades class."""
        found = case("offer_in_another_trade", date(2023, 10, 1))

        assert found.programs["fst"] is False
        assert found.derived.facts["trade_noc"] == "72106"
        assert found.derived.facts["fst_offer"] == "none"


class TestFamily:
    """A partner until a day, and one who was declared to come from a day on."""

    def test_divorced(self) -> None:
        """Scored with the partner to the last day, alone from the next one."""
        last, next_ = case("partner_until", date(2026, 2, 1)), case("partner_until", date(2026, 2, 2))

        assert (last.totals, next_.totals) == ((417,), (442,))
        assert (last.derived.facts["family_size"], next_.derived.facts["family_size"]) == (2, 1)

    def test_declared_later(self) -> None:
        """459 as declared at the invitation, 455 on receipt, 450 needed."""
        assert case("partner_comes_later", date(2015, 10, 2)).totals == (459,)
        assert case("partner_comes_later", date(2015, 11, 20)).totals == (455,)
        score = next(one for one in after("partner_comes_later", "18", date(2015, 11, 20)).checks if one.id == "score")
        assert score.answer is True
