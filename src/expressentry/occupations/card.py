"""All that is known of one occupation."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from expressentry.errors import UsageError
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.noc.codes import (
    Doubt,
    Group,
    Link,
    Version,
    check_noc,
    doubts,
    hierarchy,
    links,
    noc2016,
    noc2021,
    skilled,
)
from expressentry.occupations.search import JobTitle, job_titles, rows
from expressentry.text import Text

FRENCH_START = "https://noc.esdc.gc.ca/?GoCTemplateCulture=fr-CA"
"""Where the department has duties and requirements in French: its start page, on which a code can be searched."""


class Sentence(NamedTuple):
    """A sentence in English about a unit group, or about the part of it that `profile` names."""

    profile: str
    text: str


class Membership(NamedTuple):
    """A category that lists the occupation, from a day until the first day on which it no longer does."""

    category: str
    version: str
    start: date
    until: date | None
    label: Text


class Occupation(NamedTuple):
    """One unit group of either version; what the sources do not have is empty."""

    noc: str
    version: Version
    title: Text
    level: str
    skilled: bool
    definition: Text | None
    hierarchy: tuple[Group, ...]
    duties: tuple[Sentence, ...]
    requirements: tuple[Sentence, ...]
    job_titles: tuple[JobTitle, ...]
    links: tuple[Link, ...]
    categories: tuple[Membership, ...]
    doubts: tuple[Doubt, ...]

    language: Literal["en"] = "en"
    """The language of duties and requirements: there are none in French."""

    def __repr__(self) -> str:
        return f"<Occupation: {self.noc} {self.title.en}>"


def occupation(code: str | int, law: Law | None = None) -> Occupation:
    """Show one occupation.

    Args:
        code: A NOC 2021 code of five digits, or a NOC 2016 code of four; as text where it begins with a zero.
        law: The law whose categories are shown; the shipped law by default.

    Raises:
        UsageError: There is no such code; the error names the codes near it.

    >>> occupation("21211").level, [link.noc2016 for link in occupation("21211").links]
    ('1', ['2171', '2172', '2173'])
    """
    code = _with_zeros(code) if isinstance(code, int) else code.strip()
    if code in noc2016():
        old = noc2016()[code]
        return Occupation(
            noc=code,
            version=2016,
            title=old.title,
            level=old.skill_level,
            skilled=skilled(code, 2016),
            definition=None,
            hierarchy=(),
            duties=(),
            requirements=(),
            job_titles=(),
            links=links(code),
            categories=(),
            doubts=doubts(code),
        )
    if problem := check_noc(code, 2016 if len(code) == len("2172") else 2021, "noc"):
        raise UsageError(problem)
    one = noc2021()[code]
    definition = next(Text(en, fr) for of, en, fr in rows("definitions.csv.gz") if of == code)
    return Occupation(
        noc=code,
        version=2021,
        title=one.title,
        level=str(one.teer),
        skilled=skilled(code, 2021),
        definition=definition,
        hierarchy=hierarchy(code),
        duties=_sentences("duties.csv.gz", code),
        requirements=_sentences("requirements.csv.gz", code),
        job_titles=tuple(job_titles(code)),
        links=links(code),
        categories=tuple(
            Membership(row.category, row.version, row.start, row.until, row.label)
            for row in (law or load_law()).memberships(code)
        ),
        doubts=doubts(code),
    )


def _with_zeros(number: int) -> str:
    """A code that came as a number: the zeros it began with are put back where only one code can be meant."""
    padded = {f"{number:05d}", f"{number:04d}"}
    known = [code for code in padded if code in noc2021() or code in noc2016()]
    return known[0] if len(known) == 1 else str(number)


def _sentences(name: str, code: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(profile, text) for of, profile, text in rows(name) if of == code)
