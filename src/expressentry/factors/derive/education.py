"""Education: the level of credentials as assessed, and study in Canada."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from expressentry.dates import anniversary
from expressentry.factors.derive.model import Because, Choice, Doubt
from expressentry.law.evidence import Evidence, EvidenceOn
from expressentry.profile.countries import CANADA
from expressentry.profile.labels import entry_name
from expressentry.profile.model import Credential, Self, Study
from expressentry.text import Text

ORDER = ("none", "secondary", "one_year", "two_year", "three_year", "two_or_more", "masters", "doctoral")
POST_SECONDARY = ORDER[2:]
_ROW = {"professional": "masters", "under_one_year": "none"}
_LONG = ("three_year", "masters", "professional", "doctoral")
_SHORT = ("one_year", "two_year")
_UNKNOWN = ("two_year", *_LONG)


class _Education:
    """The credentials of one person, and a doubt for each Canadian one whose conditions of study are not known."""

    def __init__(self, whose: Self, owner: str, evidence: Evidence) -> None:
        self.evidence = evidence
        self.credentials = [(f"{owner}.credentials[{n}]", one) for n, one in enumerate(whose.credentials, 1)]
        self.doubts: dict[str, Doubt] = {}
        for field, one in self.credentials:
            if one.country == CANADA and one.study is None and one.completed_on and one.level in (*_SHORT, *_LONG):
                self.doubts[f"study:{field}"] = _study_doubt(field, one.completed_on)

    def counted(self, on: date) -> list[tuple[str, str]]:
        """The credentials that count on a day, each with the row of the grid that it reaches."""
        found = []
        for field, one in self.credentials:
            row = credential_row(one, on, self.evidence.on(on))
            if row is not None:
                found.append((field, row))
        return found

    def level(self, on: date) -> str:
        """The level of education."""
        rows = [row for _, row in self.counted(on) if row in POST_SECONDARY]
        best = max((row for _, row in self.counted(on)), key=ORDER.index, default="none")
        if len(rows) > 1 and any(ORDER.index(row) >= ORDER.index("three_year") for row in rows):
            return max(best, "two_or_more", key=ORDER.index)
        return best

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
        return chosen[f"study:{field}"] == "met" if one.study is None else study_counts(one.study, self.evidence.on(on))

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

    def why(self, on: date) -> dict[str, Because]:
        """The reasons of the level, of study that gives points, and of two years of study."""
        counted = [_LEVEL.fill(name=entry_name(field), row=_ROWS[row]) for field, row in self.counted(on)]
        text = Text("no credential counts on this day", "aucun diplôme ne compte ce jour-là")
        if counted:
            text = Text(
                "completed by this day: {listed}; one from abroad needs an assessment less than five years old",
                "terminés à ce jour : {listed}; un diplôme étranger doit avoir une évaluation de moins de cinq ans",
            ).fill(listed=Text(", ", ", ").join(counted))
        return {
            "education": Because(
                text, Text("instructions, ss. 9 to 11; IRPR 78", "instructions, art. 9 à 11; RIPR 78")
            ),
            "canadian_study": Because(_STUDY, Text("instructions, s. 30", "instructions, art. 30")),
            "canadian_study_2y": Because(_TWO_YEARS, Text("IRPR 83(1)(b) and (2)", "RIPR 83(1)b) et (2)")),
        }


def credential_row(credential: Credential, on: date, evidence: EvidenceOn) -> str | None:
    """The row of the grid that a credential reaches on a day; None where it does not count.

    A credential from abroad counts with an assessment of less than five years, the best of several. One of less than a
    year reaches the row `none`.
    """
    if credential.completed_on is None or credential.completed_on > on:
        return None
    if credential.country == CANADA:
        return _ROW.get(credential.level, credential.level)
    years = evidence.assessment_valid_years
    valid = [one.result for one in credential.assessments or () if one.on <= on < anniversary(one.on, years)]
    return max((_ROW.get(result, result) for result in valid), key=ORDER.index, default=None)


def study_counts(study: Study, evidence: EvidenceOn) -> bool:
    """Whether study in Canada meets the conditions; months of relief count as present and full time."""
    least = evidence.study_present_months
    present = study.present_months + study.relief_months >= least
    full_time = study.full_time_months + study.relief_months >= least
    distance = study.distance_percent <= evidence.study_distance_percent
    shares = distance and study.language_percent < evidence.study_language_percent
    return present and full_time and shares and not study.must_return


class PersonEducation(_Education):
    """The person's education."""

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of education."""
        return {
            "education": self.level(on),
            "canadian_study": self.study(on, chosen),
            "canadian_study_2y": self.two_years(on, chosen),
        }

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which credentials, by which rule."""
        return self.why(on)


class PartnerEducation(_Education):
    """The partner's education, where the law counts the partner."""

    def __init__(self, whose: Self, counts: Callable[[date], str], evidence: Evidence) -> None:
        super().__init__(whose, "partner", evidence)
        self._counts = counts

    def facts(self, on: date, chosen: Choice) -> dict[str, Any]:
        """The columns of the partner's education."""
        counts = self._counts(on)
        return {
            "partner_education": self.level(on) if counts == "accompanied" else None,
            "partner_canadian_study_2y": self.two_years(on, chosen) if counts else None,
        }

    def because(self, on: date, chosen: Choice) -> dict[str, Because]:
        """Which credentials, by which rule."""
        why = self.why(on)
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


_LEVEL = Text("{name} ({row})", "{name} ({row})")
_ROWS = {
    "none": Text("less than one year", "moins d'un an"),
    "secondary": Text("high school", "secondaire"),
    "one_year": Text("one year", "un an"),
    "two_year": Text("two years", "deux ans"),
    "three_year": Text("three years or more", "trois ans ou plus"),
    "masters": Text("master's or professional degree", "maîtrise ou diplôme professionnel"),
    "doctoral": Text("doctorate", "doctorat"),
}
"""The rows that one credential can reach, in few words."""

_STUDY = Text(
    "the highest Canadian credential from study in Canada, full time, for eight months or more, at most half by "
    "distance, less than half of it language courses, without a duty to return; the conditions are eased for months "
    "from March 2020 to August 2022",
    "le diplôme canadien le plus élevé obtenu par des études au Canada, à temps plein, pendant huit mois ou plus, au "
    "plus la moitié à distance, moins de la moitié en cours de langue, sans obligation de retour; les conditions sont "
    "assouplies pour les mois de mars 2020 à août 2022",
)
_TWO_YEARS = Text(
    "two academic years of full-time study in Canada; a credential is not needed",
    "deux années scolaires d'études à temps plein au Canada; un diplôme n'est pas nécessaire",
)
