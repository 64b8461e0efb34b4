"""The section and the page that a question belongs to, and the entry it is about, in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from expressentry.profile.interview import Step
from expressentry.text import Text, inner

_ENTRY = re.compile(r"^(.*?)\[(\d+)\]")
_OWNERS = {"person": None, "partner": Text("Your partner", "Votre conjoint"), "intent": None}
_NAMES = {
    "birth_date": Text("You", "Vous"),
    "lives_in": Text("You", "Vous"),
    "tests": Text("Language tests", "Tests de langue"),
    "credentials": Text("Education", "Études"),
    "work": Text("Work", "Travail"),
    "certificates": Text("Certificates of trades", "Certificats de métiers"),
    "relatives": Text("Family in Canada", "Famille au Canada"),
    "partner": Text("Your partner", "Votre conjoint"),
    "children": Text("Children", "Enfants"),
    "nominations": Text("Nominations", "Désignations"),
    "job_offers": Text("Job offers", "Offres d'emploi"),
    "status": Text("Permits and status in Canada", "Permis et statut au Canada"),
    "funds": Text("Funds", "Fonds"),
    "quebec": Text("Where you will live", "Où vous vivrez"),
    "provinces": Text("Nominee streams of the provinces", "Volets des candidats des provinces"),
}
_ONE = {
    "tests": Text("Language test", "Test de langue"),
    "credentials": Text("Education", "Études"),
    "work": Text("Job", "Emploi"),
    "certificates": Text("Certificate", "Certificat"),
    "relatives": Text("Family member", "Membre de la famille"),
    "children": Text("Child", "Enfant"),
    "nominations": Text("Nomination", "Désignation"),
    "job_offers": Text("Job offer", "Offre d'emploi"),
    "provinces": Text("Province", "Province"),
    "status": Text("Permit or status", "Permis ou statut"),
    "funds": Text("Statement of funds", "Relevé de fonds"),
}
"""What one entry of a list is called."""

HEADINGS = (*dict.fromkeys(_NAMES.values()), *_ONE.values())
"""Every title of a section and of a page."""

_OF_PARTNER = Text("Your partner: {what}", "Votre conjoint : {what}")
_NUMBERED = Text("{what} {n}", "{what} {n}")


@dataclass(frozen=True, slots=True)
class Section:
    """Questions that belong together; `entry` names the entry of a list, which can be removed as a whole."""

    title: Text
    entry: str | None
    steps: tuple[Step, ...]

    @property
    def inner(self) -> Text:
        """The title inside a sentence."""
        return inner(self.title)

    @property
    def slim(self) -> bool:
        """Whether it only asks for one more entry of a list, and needs no title of its own."""
        return len(self.steps) == 1 and is_another(self.steps[0])


@dataclass(frozen=True, slots=True)
class Topic:
    """Questions that are asked on one page."""

    title: Text
    steps: tuple[Step, ...]

    @property
    def id(self) -> str:
        """The id of its first question."""
        return self.steps[0].id


def title_of(step: Step) -> Text:
    """The section of a question, with the number of the entry it is about."""
    owner, what = _parts(step.place)
    entry = entry_of(step)
    if _of_partner_alone(step):
        what = "partner"
    title = _ONE[what] if entry else _NAMES[what]
    if owner == "partner" and what != "partner":
        title = _OF_PARTNER.fill(what=inner(title))
    number = int(entry.rstrip("]").rpartition("[")[2]) if entry else 0
    return _NUMBERED.fill(what=title, n=number) if entry else title


def part_of(step: Step) -> tuple[int, int]:
    """Which part of the questions a question belongs to, and of how many: a partner is one part."""
    owner, what = _parts(step.place)
    titles = list(dict.fromkeys(_NAMES.values()))
    return titles.index(_NAMES["partner" if owner == "partner" else what]) + 1, len(titles)


def entry_of(step: Step) -> str | None:
    """The entry of a list that a question is about (`person.work[2]`); None for a gate before it."""
    found = _ENTRY.match(step.place)
    if found is None or (step.gate and step.place == found[0]) or _of_partner_alone(step):
        return None
    return found[0]


def is_another(step: Step) -> bool:
    """Whether a question asks for one more entry of a list that has one."""
    return step.gate and step.place.endswith("]") and not step.place.endswith("[1]")


def sections(steps: Sequence[Step]) -> Iterator[Section]:
    """The questions by section, in their order."""
    held: list[Step] = []
    for step in steps:
        if held and _key(held[-1]) != _key(step):
            yield _section(held)
            held = []
        held.append(step)
    if held:
        yield _section(held)


def topics(steps: Sequence[Step]) -> list[Topic]:
    """The questions as pages: one a page for each entry of a list with all that is asked about it, else one a section.

    Whether there is anything to list is a page of its own; whether there is another is asked where the last one ends.
    """
    held: list[list[Step]] = []
    for step in steps:
        if held and (is_another(step) or _page(step) == _page(held[-1][0])):
            held[-1].append(step)
        else:
            held.append([step])
    return [Topic(title_of(one[0]), tuple(one)) for one in held]


def topic_of(found: Sequence[Topic], id_: str) -> Topic | None:
    """The page with a question; None where these answers do not lead to it."""
    return next((topic for topic in found if any(step.id == id_ for step in topic.steps)), None)


def _page(step: Step) -> str:
    """What names the page of a question: the outermost entry it is about, the gate that it is, or its section."""
    alone = step.gate and not _of_partner_alone(step)
    return entry_of(step) or (step.id if alone else title_of(step).en)


def _section(steps: list[Step]) -> Section:
    return Section(title_of(steps[0]), entry_of(steps[0]), tuple(steps))


def _key(step: Step) -> tuple[Text, str | None]:
    return title_of(step), entry_of(step)


def _of_partner_alone(step: Step) -> bool:
    """Whether a question is about the partner as such: whether they come, since when, and what changes."""
    owner, what = _parts(step.place)
    return owner == "partner" and what not in _ONE


def _parts(place: str) -> tuple[str, str]:
    """Whose a place is, and the kind of table there."""
    names = re.sub(r"\[\d+\]", "", place).split(".")
    if names[0] in _OWNERS and len(names) > 1:
        return names[0], names[1]
    return "", names[0]
