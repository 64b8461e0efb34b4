"""What to do first about documents: renew those that expire soon, have a credential assessed that does not count yet.

Both are measured on the same day with and without the documents, so that no birthday is in the difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from expressentry.assess.person.readings import Assessment, assess_profile
from expressentry.dates import anniversary, long_day
from expressentry.profile.labels import SHORT_LEVELS, credential_name, results_name
from expressentry.text import Text, same

if TYPE_CHECKING:
    from expressentry.factors.derive.refused import Unassessed
    from expressentry.profile.model import CredentialAssessment, Profile, Test


@dataclass(frozen=True, slots=True)
class DocumentStep:
    """What to do about documents, the points that this adds or keeps, and whether a program rests on it."""

    text: Text
    points: int
    keeps_program: bool = False


def assess_words(one: Unassessed) -> Text:
    """To have a credential assessed, and by whom where only some bodies may."""
    wording = Text("have your {y} {l} assessed{b}", "faites évaluer votre diplôme de {y} ({l}){b}")
    by = Text(" by {b}", " par : {b}").fill(b=Text(" or ", " ou ").join(one.bodies)) if one.bodies else same("")
    year = one.credential.completed_on.year if one.credential.completed_on else ""
    return wording.fill(y=year, l=SHORT_LEVELS[one.credential.level], b=by)


def assess_step(found: Assessment) -> DocumentStep | None:
    """To have the highest credential assessed that counts only then; None where that adds nothing."""
    if found.profile is None:
        return None
    from expressentry.advise.moves.credential import assessed
    from expressentry.factors.derive.days import prepared
    from expressentry.factors.derive.refused import to_be_assessed

    day, law = found.rules.day, found.rules.law
    one = to_be_assessed(found.profile, day, law)
    if one is None:
        return None
    body = prepared(found.profile, law).assessors.advised(day)
    then = assessed(found.profile, "person", one.credential, body, day)
    points = _again(found, then).totals[0] - found.totals[0]
    return DocumentStep(assess_words(one), points) if points > 0 else None


def renewal(found: Assessment) -> DocumentStep | None:
    """To renew documents that expire before a renewal begun today is sure to be done; None where none of them counts.

    They are taken away one after the other, as they expire: what another document gives too is not lost.
    """
    if found.profile is None:
        return None
    texts, lost, keeps_program = [], 0, False
    for _, text, document in sorted(_expiring(found.profile, found), key=lambda one: one[0]):
        assert found.profile is not None
        after = _again(found, _without(found.profile, document))
        closes = any(answer is True and after.programs[id_] is not True for id_, answer in found.programs.items())
        if closes or after.totals[0] < found.totals[0]:
            texts.append(text)
            lost += found.totals[0] - after.totals[0]
            keeps_program = keeps_program or closes
        found = after
    return DocumentStep(_THEN.join(texts), lost, keeps_program) if texts else None


_THEN = Text("; ", "; ")
_TEST_AGAIN = Text(
    "take a language test again, because {w} expire on {d}", "repassez un test de langue, car {w} expirent le {d}"
)
_ASSESS_AGAIN = Text(
    "have {w} assessed again, because the assessment expires on {d}",
    "faites réévaluer {w}, car l'évaluation expire le {d}",
)


def _expiring(profile: Profile, found: Assessment) -> Iterator[tuple[date, Text, Test | CredentialAssessment]]:
    """The documents of the person that expire soon: on which day, and what to do."""
    day, evidence = found.rules.day, found.rules.law.evidence.on(found.rules.day)
    for test in profile.person.tests:
        ends = anniversary(test.results_on, evidence.language_valid_years)
        if test.results_on <= day < ends <= day + _longest("english_again"):
            name = results_name("person", test.test, test.results_on)
            yield ends, _TEST_AGAIN.fill(w=name, d=long_day(ends)), test
    for credential in profile.person.credentials:
        for assessment in credential.assessments or ():
            ends = anniversary(assessment.on, evidence.assessment_valid_years)
            if assessment.on <= day < ends <= day + _longest("{who}assess_{position}"):
                name = credential_name("person", credential.level, credential.completed_on)
                yield ends, _ASSESS_AGAIN.fill(w=name, d=long_day(ends)), assessment


def _longest(step: str) -> timedelta:
    """The time that a step takes where it takes long; that of a test is the same in both languages."""
    from expressentry.advise.moves.model import shipped_moves

    return timedelta(days=shipped_moves()[step].days[-1])


def _without(profile: Profile, document: Test | CredentialAssessment) -> Profile:
    """The profile before, or after, the time of one document."""
    from expressentry.advise.moves.case import with_documents

    tests = tuple(each for each in profile.person.tests if each is not document)
    credentials = tuple(
        one.model_copy(update={"assessments": tuple(each for each in one.assessments if each is not document)})
        if one.assessments
        else one
        for one in profile.person.credentials
    )
    return with_documents(profile, "person", tests=tests, credentials=credentials)


def _again(found: Assessment, profile: Profile) -> Assessment:
    return assess_profile(profile, found.rules.day, found.rules.law)
