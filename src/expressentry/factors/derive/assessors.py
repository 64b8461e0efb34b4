"""Whose assessment of a credential counts: any designated body's, or that of the person's own profession."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import cast

from expressentry.dates import anniversary
from expressentry.factors.derive.crossing import Watched
from expressentry.factors.derive.jobs import codes
from expressentry.factors.derive.ledger import YearRule, clipped
from expressentry.factors.derive.model import Choice, Doubt
from expressentry.factors.derive.work import PersonWork
from expressentry.law.bodies import ProfessionBody
from expressentry.law.evidence import EvidenceOn
from expressentry.law.law import Law
from expressentry.noc.codes import Version
from expressentry.profile.countries import CANADA
from expressentry.profile.labels import entry_name, entry_names
from expressentry.profile.model import Credential, CredentialAssessment, Individual
from expressentry.text import Text


def valid_assessments(credential: Credential, on: date, evidence: EvidenceOn) -> list[CredentialAssessment]:
    """The assessments of a credential that are done and not yet five years old on a day, by any body."""
    years = evidence.assessment_valid_years
    return [one for one in credential.assessments or () if one.on <= on < anniversary(one.on, years)]


class Assessors:
    """Which assessments are accepted, with the doubts on which that depends; a partner may go to any body.

    The occupation that decides is the one named as primary in the application. A person with a year of continuous work
    in several may name any of them, so that a profession's own body is needed only where each of them has one.
    """

    def __init__(self, law: Law, whose: Individual | None = None, work: PersonWork | None = None) -> None:
        self.law, self.bodies, self.work = law, law.bodies, work
        self.credentials = [
            (f"person.credentials[{n}]", one)
            for n, one in enumerate(whose.credentials if whose else (), 1)
            if one.country != CANADA and one.assessments
        ]
        self.doubts: dict[str, Doubt] = {}
        if not self._counts or work is None:
            return
        self.doubts |= work.of_the_work
        if any(one.licensed for one in self._professions):
            self.doubts["licence"] = self._licence()
        for field, one in self.credentials:
            if any(a.result != "professional" for a in one.assessments or ()):
                self.doubts[f"other_field:{field}"] = self._other_field(field, one)

    @property
    def _counts(self) -> bool:
        """Whether it matters how long the person worked in which occupation."""
        return self.work is not None and bool(self.credentials) and bool(self._professions)

    def watched(self, on: date, chosen: Choice, *, asked: bool = False) -> tuple[Watched, ...]:
        """What is counted of the work, where the occupation decides which body must assess."""
        return self.work.watched(on, chosen) if self.work is not None and self._counts else ()

    @cached_property
    def usual(self) -> Choice:
        """The option of each doubt that holds where nothing else is assumed."""
        doubts = {**(self.work.of_the_work if self.work else {}), **self.doubts}
        return {doubt.id: next(iter(doubt.options)) for doubt in doubts.values()}

    def advised(self, on: date) -> str:
        """The body to go to: that of the profession, else any that assesses every credential."""
        own = {one.body for one in self.bodies.professions}
        needed = self.needed(on, self.usual)
        return needed[0].body if needed else next(code for code in self.bodies.on(on) if code not in own)

    def named(self, on: date) -> tuple[Text, ...]:
        """The names of the bodies of which one must assess; none where any designated body may."""
        return tuple(dict.fromkeys(self.bodies.name(one.body) for one in self.needed(on, self.usual)))

    @cached_property
    def _professions(self) -> list[ProfessionBody]:
        """The professions with a body of their own that any job may be in."""
        versions: tuple[Version, ...] = (2016, 2021)
        jobs = [task.job for task in self.work.tasks] if self.work else []
        found = {code for version in versions for job in jobs for code in codes(job, version)}
        return [one for one in self.bodies.professions if one.noc in found]

    def needed(self, on: date, chosen: Choice) -> list[ProfessionBody]:
        """The bodies of which one must assess; none where any designated body may."""
        if self.work is None or not self._professions:
            return []
        found = [self.bodies.of_profession(code, on) for code in self._primary(self.work, on, chosen)]
        needed = [one for one in found if one is not None]
        if len(needed) < len(found):
            return []
        if any(one.licensed for one in needed) and chosen.get("licence") == "not_needed":
            return []
        return needed

    def _primary(self, work: PersonWork, on: date, chosen: Choice) -> list[str]:
        """The occupations that may be named as primary: those of a continuous year, else all that were begun."""
        row, rule = self.law.measures.by_column["primary_continuous_years"], chosen.get("year_of_work", "hours")
        window = anniversary(on, -row.window_years).toordinal(), on.toordinal()
        works = work.counting(on, chosen).by_code(row)
        long = [
            code
            for code, one in works.items()
            if any(one.all.years(*clip, cast("YearRule", rule)) for clip in clipped(one.runs, window))
        ]
        return long or [code for code, one in works.items() if one.all.total(0, window[1])]

    def accept(self, assessment: CredentialAssessment, on: date, chosen: Choice) -> bool:
        """Whether an assessment counts on a day, its age aside."""
        if not self.bodies.designated(assessment.body, assessment.on):
            return False
        needed = self.needed(on, chosen)
        if not needed or self._of(needed, assessment) or any(assessment.on < one.others_before for one in needed):
            return True
        # Beside an assessment by the profession's body, those of other credentials may be by any.
        evidence = self.law.evidence.on(on)
        held = [(field, a) for field, one in self.credentials for a in valid_assessments(one, on, evidence)]
        if any(self._of(needed, a) for _, a in held):
            return True
        field = next((field for field, a in held if a is assessment), "")
        return chosen.get(f"other_field:{field}") == "counts" and assessment.result != "professional"

    def none_accepted(self, assessment: CredentialAssessment, on: date, chosen: Choice) -> bool:
        """The least that may count where it depends on something open: none."""
        return False

    def all_accepted(self, assessment: CredentialAssessment, on: date, chosen: Choice) -> bool:
        """The most that may count: whatever a designated body assessed."""
        return self.bodies.designated(assessment.body, assessment.on)

    def _of(self, needed: list[ProfessionBody], assessment: CredentialAssessment) -> bool:
        return self.bodies.code_of(assessment.body) in {one.body for one in needed}

    def refusal(self, assessment: CredentialAssessment, field: str, on: date) -> Text:
        """Why an assessment that is not too old does not count."""
        name = entry_name(field)
        if not self.bodies.designated(assessment.body, assessment.on):
            return _NOT_YET.fill(name=name, body=assessment.body, day=assessment.on)
        return _WRONG_BODY.fill(name=name, body=assessment.body, all=Text(" or ", " ou ").join(self.named(on)))

    def _names(self, *, licensed: bool) -> Text:
        """The bodies of the professions of the jobs."""
        found = [self.bodies.name(one.body) for one in self._professions if one.licensed or not licensed]
        return Text(" or ", " ou ").join(dict.fromkeys(found))

    def _licence(self) -> Doubt:
        jobs = self.work.tasks if self.work else ()
        licensed = {one.noc for one in self._professions if one.licensed}
        versions: tuple[Version, ...] = (2016, 2021)
        theirs = [task for task in jobs if any(set(codes(task.job, version)) & licensed for version in versions)]
        return Doubt(
            "licence",
            Text(
                "whether your work as a pharmacist in Canada will need a licence: {jobs}",
                "si votre travail de pharmacien au Canada exigera un permis d'exercice : {jobs}",
            ).fill(jobs=entry_names(task.field for task in theirs)),
            Text("an assessment by {body}", "une évaluation faite par : {body}").fill(body=self._names(licensed=True)),
            {
                "needed": Text("a licence is needed", "un permis d'exercice est exigé"),
                "not_needed": Text("no licence is needed", "aucun permis d'exercice n'est exigé"),
            },
            place=Text("IRPR 75(2.1)", "RIPR 75(2.1)"),
            since=min(one.on for _, credential in self.credentials for one in credential.assessments or ()),
            fields=tuple(f"{field}.assessments" for field, _ in self.credentials),
        )

    def _other_field(self, field: str, credential: Credential) -> Doubt:
        name = entry_name(field)
        return Doubt(
            f"other_field:{field}",
            Text(
                "whether {name} counts, being perhaps in another field than the profession that needs an assessment by "
                "{body}",
                "si {name} compte, étant peut-être d'un autre domaine que la profession qui exige une évaluation faite "
                "par : {body}",
            ).fill(name=name, body=self._names(licensed=False)),
            Text(
                "an assessment of your professional degree by {body}",
                "une évaluation de votre diplôme professionnel faite par : {body}",
            ).fill(body=self._names(licensed=False)),
            {
                "does_not": Text("it does not count", "il ne compte pas"),
                "counts": Text("it counts, being in another field", "il compte, étant d'un autre domaine"),
            },
            place=Text("IRPR 75(2.1); instructions, ss. 9 to 11", "RIPR 75(2.1); instructions, art. 9 à 11"),
            since=min(one.on for one in credential.assessments or ()),
            fields=(f"{field}.assessments",),
        )


_NOT_YET = Text(
    "{name}: {body} was not designated on {day}, the day of its assessment",
    "{name} : {body} n'était pas désigné le {day}, jour de son évaluation",
)
_WRONG_BODY = Text(
    "{name}: assessed by {body}, but your occupation needs an assessment by {all}",
    "{name} : évalué par {body}, mais votre profession exige une évaluation faite par : {all}",
)
