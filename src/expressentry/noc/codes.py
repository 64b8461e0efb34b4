"""Occupations: unit groups of the NOC 2021 and the NOC 2016, and the way from one to the other.

    noc2021()["21211"].title      Text("Data scientists", "Scientifiques de données")
    teer("21211")                 1
    skill_level("2172")           "A"
    skilled("2172", 2016)         True
    to_2021("2172")               ("21211", "21223")
    hierarchy("21211")            broad, major, sub-major and minor group
    check_noc("2172", 2021, "noc")  a Problem that names 21211 and 21223

The standard library only; each list is read once, when first asked for.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeVar

from expressentry.errors import ABSENT, Problem, UsageError
from expressentry.suggest import did_you_mean
from expressentry.text import Text

FOLDER = Path(__file__).parent.parent / "data" / "noc"

Version = Literal[2016, 2021]
DIGITS: Mapping[Version, int] = MappingProxyType({2016: 4, 2021: 5})
_SKILLED_TEER = 3
_NEAR = 2
_V = TypeVar("_V")


class UnitGroup(NamedTuple):
    """An occupation of the NOC 2021; the TEER is the second digit of its code, 0 to 5."""

    code: str
    title: Text
    teer: int


class UnitGroup2016(NamedTuple):
    """An occupation of the NOC 2016; its skill level is 0, A, B, C or D."""

    code: str
    title: Text
    skill_level: str


class Group(NamedTuple):
    """A group above the unit groups of the NOC 2021: broad, major, submajor or minor."""

    code: str
    level: str
    title: Text


class Link(NamedTuple):
    """A unit group of 2016 and one of 2021 that share work; `change` says how, in words of `CHANGES`."""

    noc2016: str
    noc2021: str
    change: tuple[str, ...]


class Doubt(NamedTuple):
    """What is not sure of a code, or of its link to `other`."""

    code: str
    other: str
    doubt: Text


CHANGES: Mapping[str, Text] = MappingProxyType(
    {
        "renumbered": Text("a new code for the same group", "un nouveau code pour le même groupe"),
        "continues": Text(
            "the group goes on here, parts went elsewhere", "le groupe continue ici, des parties sont ailleurs"
        ),
        "part_transferred": Text("a part was moved to this group", "une partie est passée à ce groupe"),
        "part_split_off": Text("a part became this new group", "une partie est devenue ce nouveau groupe"),
        "broken_down": Text("the group was divided among new ones", "le groupe a été réparti entre de nouveaux"),
        "merged": Text("the group was merged into a new one", "le groupe a été fusionné dans un nouveau"),
        "taken_over": Text("the group was taken into this one", "le groupe a été absorbé par celui-ci"),
    }
)
"""How work moved from a unit group of 2016 to one of 2021, after Statistics Canada's correspondence."""


def read(name: str) -> list[list[str]]:
    """Read the rows of one of the lists, without its header."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


@cache
def noc2021() -> Mapping[str, UnitGroup]:
    """The 516 unit groups of the NOC 2021, version 1.0, by code.

    >>> noc2021()["21211"].title.en
    'Data scientists'
    """
    rows = read("noc2021.csv")
    return MappingProxyType({code: UnitGroup(code, Text(en, fr), int(teer)) for code, en, fr, teer in rows})


@cache
def noc2016() -> Mapping[str, UnitGroup2016]:
    """The 500 unit groups of the NOC 2016 by code; those of the NOC 2011 have the same codes.

    >>> noc2016()["2172"].skill_level
    'A'
    """
    rows = read("noc2016.csv")
    return MappingProxyType({code: UnitGroup2016(code, Text(en, fr), level) for code, en, fr, level in rows})


def teer(code: str) -> int:
    """The TEER of a NOC 2021 code, 0 to 5; UsageError when there is no such code."""
    return _known(noc2021(), code, 2021).teer


def skill_level(code: str) -> str:
    """The skill level of a NOC 2016 code: 0, A, B, C or D; UsageError when there is no such code."""
    return _known(noc2016(), code, 2016).skill_level


def skilled(code: str, version: Version) -> bool:
    """Whether an occupation is skilled: TEER 0 to 3 (NOC 2021), or skill level 0, A or B (NOC 2016).

    >>> skilled("65100", 2021), skilled("2172", 2016)
    (False, True)
    """
    return teer(code) <= _SKILLED_TEER if version == 2021 else skill_level(code) in ("0", "A", "B")


def _known(groups: Mapping[str, _V], code: str, version: Version) -> _V:
    if code in groups:
        return groups[code]
    raise UsageError(check_noc(code, version, "noc") or ())


@cache
def concordance() -> tuple[Link, ...]:
    """Every pair of unit groups of 2016 and 2021 that share work; how much of it is not known."""
    return tuple(Link(old, new, tuple(change.split())) for old, new, change in read("concordance.csv"))


@cache
def _by_code() -> dict[str, tuple[Link, ...]]:
    found: dict[str, list[Link]] = {}
    for link in concordance():
        found.setdefault(link.noc2016, []).append(link)
        found.setdefault(link.noc2021, []).append(link)
    return {code: tuple(links) for code, links in found.items()}


def links(code: str) -> tuple[Link, ...]:
    """The links of a code of either version to the other."""
    return _by_code().get(code, ())


def to_2021(code: str) -> tuple[str, ...]:
    """The NOC 2021 codes that share work with a NOC 2016 code; none for a code that does not exist.

    >>> to_2021("2172")
    ('21211', '21223')
    """
    return tuple(link.noc2021 for link in links(code) if link.noc2016 == code)


def to_2016(code: str) -> tuple[str, ...]:
    """The NOC 2016 codes that share work with a NOC 2021 code; none for a code that does not exist.

    >>> to_2016("21211")
    ('2171', '2172', '2173')
    """
    return tuple(link.noc2016 for link in links(code) if link.noc2021 == code)


@cache
def groups() -> Mapping[str, Group]:
    """The groups above the unit groups of the NOC 2021 by code: 10 broad, 45 major, 89 submajor, 162 minor."""
    return MappingProxyType({code: Group(code, level, Text(en, fr)) for code, level, en, fr in read("groups.csv")})


def broad_groups() -> tuple[Group, ...]:
    """The ten broad groups, whose codes are the first digits of all others.

    >>> len(broad_groups()), broad_groups()[7].title.en
    (10, 'Trades, transport and equipment operators and related occupations')
    """
    return tuple(group for group in groups().values() if group.level == "broad")


def units_of(group: str) -> tuple[UnitGroup, ...]:
    """The unit groups of the NOC 2021 in a group above them; none where there is no such group.

    >>> [one.code for one in units_of("000")][:2]
    ['00010', '00011']
    """
    return tuple(one for code, one in noc2021().items() if group in groups() and code.startswith(group))


def narrower(group: str = "") -> tuple[Group | UnitGroup, ...]:
    """The groups just inside a group, or the ten broad ones; a level with one group only is passed over.

    >>> [one.code for one in narrower()][:2], [one.code for one in narrower("21")], narrower("0")[0].code
    (['0', '1'], ['211', '212', '213'], '00010')
    """
    for digits in range(len(group) + 1, DIGITS[2021]):
        found = [one for code, one in groups().items() if len(code) == digits and code.startswith(group)]
        if len(found) > 1:
            return tuple(found)
    return units_of(group)


def hierarchy(code: str) -> tuple[Group, ...]:
    """The broad, major, submajor and minor group of a NOC 2021 code, in that order.

    >>> [group.code for group in hierarchy("21211")]
    ['2', '21', '212', '2121']
    """
    _known(noc2021(), code, 2021)
    return tuple(groups()[code[:digits]] for digits in range(1, DIGITS[2021]))


def doubts(code: str) -> tuple[Doubt, ...]:
    """What is not sure of a code of either version, or of one of its links."""
    return tuple(Doubt(one, other, Text(en, fr)) for one, other, en, fr in read("doubts.csv") if code in (one, other))


def all_doubts() -> tuple[Doubt, ...]:
    """What is not sure of any code or link."""
    return tuple(Doubt(one, other, Text(en, fr)) for one, other, en, fr in read("doubts.csv"))


def near_codes(code: str, version: Version, limit: int = 3) -> list[str]:
    """The codes of a version that a wrong code may stand for, the likeliest first; none when none is near.

    A lost or added digit, a wrong one, two that changed places, or two slips after a right beginning; of equals, the
    one that begins alike.

    >>> near_codes("21121", 2021)[0]
    '21120'
    """
    from rapidfuzz.distance import OSA

    known: Iterable[str] = noc2021() if version == 2021 else noc2016()
    found: list[tuple[int, int, str]] = []
    for one in known:
        slips = OSA.distance(code, one, score_cutoff=_NEAR)
        alike = next((at for at, (a, b) in enumerate(zip(code, one, strict=False)) if a != b), min(len(code), len(one)))
        if slips == 1 or (slips == _NEAR and alike >= _NEAR):
            found.append((slips, -alike, one))
    return [one for slips, _, one in sorted(found) if slips == min(found)[0]][:limit]


def check_noc(value: object, version: Version, field: str) -> Problem | None:
    """What is wrong with an occupation code of a version, or None when it is one.

    The problem of a code of the other version names its counterparts, that of an unknown one those near it.
    """
    if isinstance(value, str) and value in (noc2021() if version == 2021 else noc2016()):
        return None
    digits = DIGITS[version]
    rule = Text("a code of the NOC {v} ({n} digits)", "un code de la CNP {v} ({n} chiffres)").fill(v=version, n=digits)
    if value is ABSENT or not isinstance(value, (str, int)) or isinstance(value, bool):
        fix = Text('write it as text, for example "{e}"', "l'écrire comme texte, par exemple « {e} »")
        return Problem.outside(field, rule, value, fix.fill(e="21211" if version == 2021 else "2172"), code="not_a_noc")
    code = str(value).strip()
    other: Version = 2016 if version == 2021 else 2021
    if code in (noc2016() if version == 2021 else noc2021()):
        counterparts = to_2021(code) if version == 2021 else to_2016(code)
        rule = Text(
            "this is a code of the NOC {o}, not of the NOC {v}", "ceci est un code de la CNP {o}, non de la CNP {v}"
        ).fill(o=other, v=version)
        fix = Text("use one that corresponds to it: {all}", "prendre l'un de ceux qui y correspondent : {all}")
        return Problem("wrong_noc_version", field, rule, fix.fill(all=_titled(counterparts, version)), value)
    padded = code.zfill(digits)
    if padded in (noc2021() if version == 2021 else noc2016()):
        fix = Text('write it as text with its zeros, "{c}" ({t})', "l'écrire comme texte avec ses zéros, « {c} » ({t})")
        title = (noc2021() if version == 2021 else noc2016())[padded].title
        return Problem.outside(field, rule, value, fix.fill(c=padded, t=title), code="noc_without_zeros")
    near = near_codes(code, version)
    search = Text("find it with `expressentry occupations search`", "le trouver avec `expressentry occupations search`")
    fix = did_you_mean(_titled(near, version)) if near else search
    return Problem.outside(field, rule, value, fix, code="unknown_noc")


def _titled(codes: Iterable[str], version: Version) -> Text:
    """Codes with their titles, in both languages."""
    known: Mapping[str, UnitGroup | UnitGroup2016] = noc2021() if version == 2021 else noc2016()
    shown = [(code, known[code].title) for code in codes]
    return Text(
        "; ".join(f"{code} {title.en}" for code, title in shown),
        "; ".join(f"{code} {title.fr}" for code, title in shown),
    )


@cache
def codes_of(version: Version) -> tuple[str, ...]:
    """The codes of the unit groups of a version."""
    return tuple(noc2021() if version == 2021 else noc2016())
