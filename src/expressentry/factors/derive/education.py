"""Education: the level of credentials as assessed, and study in Canada."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from expressentry.dates import months_on
from expressentry.factors.derive.assessors import Assessors, valid_assessments
from expressentry.factors.derive.crossing import Watched
from expressentry.factors.derive.model import Because, Choice, Doubt, Possible
from expressentry.law.evidence import EvidenceOn
from expressentry.law.law import Law
from expressentry.profile.countries import CANADA
from expressentry.profile.labels import RESULTS, entry_name
from expressentry.profile.model import Credential, CredentialAssessment, Individual, Study
from expressentry.text import Text

ORDER = ("none", "secondary", "one_year", "two_year", "three_year", "two_or_more", "masters", "doctoral")
POST_SECONDARY = ORDER[2:]
_ROW = {"professional": "masters", "under_one_year": "none"}
_LONG = ("three_year", "masters", "professional", "doctoral")
_SHORT = ("one_year", "two_year")
_UNKNOWN = ("two_year", *_LONG)
_AFTER_BACHELORS = ("post_bachelors", "postgraduate")
"""Results that the department's table reads as two credentials, the bachelor's before it being one of them."""

_STUDIES = ("none", "one_or_two_year", "three_year_or_more")
_LEAST = {"study": 1, "after_bachelors": 0}
"""For each kind of doubt over a credential, the place of the option in which it counts least."""

Accept = Callable[[CredentialAssessment, date, Choice], bool]
"""Whether an assessment counts on a day, its age aside."""


def row_of_level(level: str) -> str:
    """The row of the grid of a level of a credential, or of the result of an assessment."""
    return _ROW.get(level, level)


class _Education:
    """The credentials of one person, and a doubt for each of which not everything is known that counts."""

    steady = True

    def __init__(self, whose: Individual, owner: str, law: Law, assessors: Assessors) -> None:
        self.evidence, self.assessors = law.evidence, assessors
        self.credentials = [(f"{owner}.credentials[{n}]", one) for n, one in enumerate(whose.credentials, 1)]
        self.doubts: dict[str, Doubt] = dict(assessors.doubts)
        for field, one in self.credentials:
            if one.country == CANADA and one.study is None and one.completed_on and one.level in (*_SHORT, *_LONG):
                self.doubts[f"study:{field}"] = _study_doubt(field, one.completed_on)
            if after := [a for a in one.assessments or () if a.result in _AFTER_BACHELORS]:
                self.doubts[f"after_bachelors:{field}"] = _after_bachelors(field, after)

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """The work that decides which body must assess."""
        return self.assessors.watched(on, chosen)

    @property
    def pieces(self) -> int:
        """The credentials and their assessments, and the work on which it depends which of these count."""
        listed = sum(1 + len(one.assessments or ()) for _, one in self.credentials)
        work = self.assessors.work
        return listed + (listed + work.pieces if work and self.assessors.doubts else 0)

    def counted(self, on: date, chosen: Choice, accept: Accept | None = None) -> list[tuple[str, str]]:
        """The credentials that count on a day, each with the row of the grid that it reaches."""
        found = []
        for field, one in self.credentials:
            row = self._row(field, one, on, chosen, accept or self.assessors.accept)
            if row is not None:
                found.append((field, row))
        return found

    def _row(self, field: str, one: Credential, on: date, chosen: Choice, accept: Accept) -> str | None:
        if one.completed_on is None or one.completed_on > on:
            return None
        if one.country == CANADA:
            return row_of_level(one.level)
        table = chosen.get(f"after_bachelors:{field}") == "two"
        rows = [_row_of(a, one, two=table) for a in self._valid(one, on) if accept(a, on, chosen)]
        return max(rows, key=ORDER.index, default=None)

    def _valid(self, one: Credential, on: date) -> list[CredentialAssessment]:
        return valid_assessments(one, on, self.evidence.on(on))

    def level(self, on: date, chosen: Choice, accept: Accept | None = None) -> str:
        """The level of education."""
        counted = self.counted(on, chosen, accept)
        rows = [row for _, row in counted if row in POST_SECONDARY]
        best = max((row for _, row in counted), key=ORDER.index, default="none")
        if len(rows) > 1 and any(ORDER.index(row) >= ORDER.index("three_year") for row in rows):
            return max(best, "two_or_more", key=ORDER.index)
        return best

    def between_ends(self, on: date) -> tuple[tuple[str, ...], tuple[str, ...], tuple[bool, ...]]:
        """Every level, every Canadian credential, and whether two years of study, that a doubt may leave.

        One more credential, a higher result and study that counts never lower any of them, so that all lie between
        the end at which nothing that is open counts and the one at which all of it does.
        """
        least = {id_: list(doubt.options)[_LEAST[id_.partition(":")[0]]] for id_, doubt in self._own()}
        most = {id_: next(option for option in doubt.options if option != least[id_]) for id_, doubt in self._own()}
        surely = self.assessors.none_accepted if self.assessors.doubts else None
        low, high = self.level(on, least, surely), self.level(on, most, self.assessors.all_accepted)
        levels = ORDER[ORDER.index(low) : ORDER.index(high) + 1]
        low, high = self.study(on, least), self.study(on, most)
        studies = _STUDIES[_STUDIES.index(low) : _STUDIES.index(high) + 1]
        return levels, studies, tuple(dict.fromkeys((self.two_years(on, least), self.two_years(on, most))))

    def _own(self) -> list[tuple[str, Doubt]]:
        """The doubts over credentials themselves."""
        return [(id_, doubt) for id_, doubt in self.doubts.items() if id_.partition(":")[0] in _LEAST]

    def study(self, on: date, chosen: Choice) -> str:
        """The Canadian credential that gives additional points."""
        levels = {one.level for field, one in self.credentials if self._gives_points(field, one, on, chosen)}
        if levels & set(_LONG):
            return "three_year_or_more"
        return "one_or_two_year" if levels else "none"

    def _gives_points(self, field: str, one: Credential, on: date, chosen: Choice) -> bool:
        if one.country != CANADA or one.completed_on is None or one.completed_on > on:
            return False
        if one.level not in (*_SHORT, *_LONG):
            return False
        return (
            chosen[f"study:{field}"] == "met"
            if one.study is None
            else study_counts(one.study, one.completed_on, self.evidence.on(on))
        )

    def two_years(self, on: date, chosen: Choice) -> bool:
        """Two academic years of full-time study in Canada; a credential is not needed."""
        return any(self._two_years(field, one, on, chosen) for field, one in self.credentials)

    def _two_years(self, field: str, one: Credential, on: date, chosen: Choice) -> bool:
        if one.country != CANADA:
            return False
        if one.study is not None:
            last = one.study.to or one.completed_on
            return (
                one.study.academic_years >= self.evidence.on(on).study_academic_years
                and last is not None
                and last <= on
            )
        option = chosen.get(f"study:{field}")
        return one.level in _UNKNOWN and option == "met" and one.completed_on is not None and one.completed_on <= on

    def why(self, on: date, chosen: Choice) -> dict[str, Because]:
        """The reasons of the level, of study that gives points, and of two years of study."""
        rows = self.counted(on, chosen)
        counted = [_LEVEL.fill(name=entry_name(field), row=_ROWS[row]) for field, row in rows]
        text = Text("no credential counts on this day", "aucun diplôme ne compte ce jour-là")
        if counted:
            text = Text(
                "completed by this day: {listed}; one from abroad needs an assessment less than five years old",
                "terminés à ce jour : {listed}; un diplôme étranger doit avoir une évaluation de moins de cinq ans",
            ).fill(listed=Text(", ", ", ").join(counted))
        refused = [
            self.assessors.refusal(assessment, field, on)
            for field, one in self.credentials
            if field not in dict(rows)
            for assessment in self._valid(one, on)
        ]
        text = Text(". ", ". ").join([text, *dict.fromkeys(refused)])
        return {
            "education": Because(
                text, Text("instructions, ss. 9 to 11; IRPR 78", "instructions, art. 9 à 11; RIPR 78")
            ),
            "canadian_study": Because(_STUDY, Text("instructions, s. 30", "instructions, art. 30")),
            "canadian_study_2y": Because(_TWO_YEARS, Text("IRPR 83(1)(b) and (2)", "RIPR 83(1)b) et (2)")),
        }


def _row_of(assessment: CredentialAssessment, credential: Credential, *, two: bool) -> str:
    """The row that an assessment reaches; one after a bachelor's is read as two credentials, or by its own length."""
    if assessment.result not in _AFTER_BACHELORS:
        return row_of_level(assessment.result)
    own = credential.level if credential.level in _SHORT else _SHORT[0]
    return "two_or_more" if two else own


def study_counts(study: Study, completed_on: date, evidence: EvidenceOn) -> bool:
    """Whether study in Canada meets the conditions; where any part fell in the pandemic's relief, only two of them."""
    if study.must_return or study.language_percent >= evidence.study_language_percent:
        return False
    if relieved(study, completed_on, evidence):
        return True
    least = evidence.study_present_months
    enough = study.present_months >= least and study.full_time_months >= least
    return enough and study.distance_percent <= evidence.study_distance_percent


def relieved(study: Study, completed_on: date, evidence: EvidenceOn) -> bool:
    """Whether any part of a program lies in the months in which it may be by distance, abroad or part time.

    The profile gives such months, or the last day lies in them, or the months of study reach back into them.
    """
    if not evidence.study_relief:
        return False
    last = study.to or completed_on
    begun = months_on(last, -max(study.present_months, study.full_time_months))
    return study.relief_months > 0 or (last >= evidence.study_relief_first and begun <= evidence.study_relief_last)


class PersonEducation(_Education):
    """The person's education; `assessors` know which body the person's occupation needs."""

    def __init__(self, whose: Individual, law: Law, assessors: Assessors) -> None:
        super().__init__(whose, "person", law, assessors)

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of education."""
        return {
            "education": self.level(on, chosen),
            "canadian_study": self.study(on, chosen),
            "canadian_study_2y": self.two_years(on, chosen),
        }

    def possible(self, on: date) -> Possible:
        """Every value of the columns."""
        levels, studies, years = self.between_ends(on)
        return {"education": levels, "canadian_study": studies, "canadian_study_2y": years}

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which credentials, by which rule."""
        return self.why(on, chosen)


class PartnerEducation(_Education):
    """The partner's education, where the law counts the partner."""

    def __init__(self, whose: Individual, counts: Callable[[date], str], law: Law) -> None:
        super().__init__(whose, "partner", law, Assessors(law))
        self._counts = counts

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of the partner's education."""
        counts = self._counts(on)
        return {
            "partner_education": self.level(on, chosen) if counts == "accompanied" else None,
            "partner_canadian_study_2y": self.two_years(on, chosen) if counts else None,
        }

    def possible(self, on: date) -> Possible:
        """Every value of the columns, None where the law does not count the partner."""
        counts, (levels, _, years) = self._counts(on), self.between_ends(on)
        return {
            "partner_education": levels if counts == "accompanied" else (None,),
            "partner_canadian_study_2y": years if counts else (None,),
        }

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which credentials, by which rule."""
        why = self.why(on, chosen)
        return {"partner_education": why["education"], "partner_canadian_study_2y": why["canadian_study_2y"]}


def _study_doubt(field: str, since: date) -> Doubt:
    name = entry_name(field)
    return Doubt(
        f"study:{field}",
        Text(
            "how the study for {name} was done in Canada", "comment les études de {name} ont été faites au Canada"
        ).fill(name=name),
        Text(
            "for {name}: months in Canada, months full time, and the part by distance",
            "pour {name} : mois au Canada, mois à temps plein et part à distance",
        ).fill(name=name),
        {
            "met": Text("all conditions of study are met", "toutes les conditions d'études sont remplies"),
            "not_met": Text("a condition of study is not met", "une condition d'études n'est pas remplie"),
        },
        fields=(f"{field}.study",),
        place=Text("instructions, s. 30(3); IRPR 83(2)", "instructions, par. 30(3); RIPR 83(2)"),
        since=since,
    )


def _after_bachelors(field: str, assessments: list[CredentialAssessment]) -> Doubt:
    name, result = entry_name(field), RESULTS[assessments[0].result]
    return Doubt(
        f"after_bachelors:{field}",
        Text(
            "whether {name}, assessed as “{result}”, counts as two credentials by itself",
            "si {name}, évalué comme « {result} », compte à lui seul comme deux diplômes",
        ).fill(name=name, result=result),
        Text(
            "an assessment of the bachelor's degree that came before it",
            "une évaluation de la licence (bac + 3) qui l'a précédé",
        ),
        {
            "one": Text("one credential of its own length", "un seul diplôme, selon sa propre durée"),
            "two": Text(
                "two credentials, as a table of the department had it",
                "deux diplômes, comme le disait un tableau du ministère",
            ),
        },
        place=Text("instructions, s. 11", "instructions, art. 11"),
        since=min(one.on for one in assessments),
        fields=(field.partition("[")[0],),
    )


_LEVEL = Text("{name} ({row})", "{name} ({row})")
_ROWS = {
    "none": Text("less than one year", "moins d'un an"),
    "secondary": Text("high school", "secondaire"),
    "one_year": Text("one year", "un an"),
    "two_year": Text("two years", "deux ans"),
    "three_year": Text("three years or more", "trois ans ou plus"),
    "two_or_more": Text("two credentials, one of three years or more", "deux diplômes, dont un de trois ans ou plus"),
    "masters": Text("master's or professional degree", "maîtrise ou diplôme professionnel"),
    "doctoral": Text("doctorate", "doctorat"),
}
"""The rows that one credential can reach, in few words."""

_STUDY = Text(
    "the highest Canadian credential from study in Canada, full time, for eight months or more, at most half by "
    "distance, less than half of it language courses, without a duty to return; where any part of the program was "
    "between March 2020 and August 2022, it may be by distance, outside Canada or part time",
    "le diplôme canadien le plus élevé obtenu par des études au Canada, à temps plein, pendant huit mois ou plus, au "
    "plus la moitié à distance, moins de la moitié en cours de langue, sans obligation de retour; si une partie du "
    "programme a eu lieu entre mars 2020 et août 2022, il peut être à distance, hors du Canada ou à temps partiel",
)
_TWO_YEARS = Text(
    "two academic years of full-time study in Canada; a credential is not needed",
    "deux années scolaires d'études à temps plein au Canada; un diplôme n'est pas nécessaire",
)
