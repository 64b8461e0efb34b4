"""Plain calculator of the programs and the categories, typed by hand from the regulations to check the engine.

It shares no code and no data with the package: every number below was entered here a second time.
It knows only two values. What is unknown is *tried*: each unknown fact takes its extremes (a name every value), every
combination is judged, and a finding is told only where all of them agree. Slow, and with nothing clever to be wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import Any

Person = dict[str, Any]

ABILITIES = ("listening", "reading", "writing", "speaking")
ORDERS = {"english": ("english", "french"), "french": ("french", "english")}

# ---- the 67-point grid (IRPR 78 to 83)

EDUCATION_POINTS = {
    "none": 0,
    "secondary": 5,
    "one_year": 15,
    "two_year": 19,
    "three_year": 21,
    "two_or_more": 22,
    "masters": 23,
    "doctoral": 25,
}
PASS_MARK = 67


def levels(person: Person, language: str) -> list[int]:
    """The four levels of a language; an ability without a test is below every level."""
    found = [person.get(f"{language}_{ability}") for ability in ABILITIES]
    return [-1 if level is None else int(level) for level in found]


def language_points(person: Person, order: str) -> int:
    """IRPR 79: 4, 5 or 6 for an ability of the first language; 4 in total for a second that reaches 5 throughout."""
    first, second = ORDERS[order]
    points = 0
    for level in levels(person, first):
        if level >= 9:
            points += 6
        elif level == 8:
            points += 5
        elif level == 7:
            points += 4
    return points + (4 if min(levels(person, second)) >= 5 else 0)


def work_points(years: int) -> int:
    """IRPR 80."""
    if years >= 6:
        return 15
    if years >= 4:
        return 13
    if years >= 2:
        return 11
    return 9 if years == 1 else 0


def age_points(age: int) -> int:
    """IRPR 81: 12 from 18 to 35, one less for each year from 36, nothing from 47."""
    if age < 18 or age > 46:
        return 0
    return 12 if age <= 35 else 12 - (age - 35)


def adaptability_points(person: Person) -> int:
    """IRPR 83, 10 at most."""
    points = 0
    if person["canadian_work_1y"]:
        points += 10
    if person["canadian_study_2y"]:
        points += 5
    if person["accompanied"] or person.get("partner_resident_abroad"):
        if min(levels(person, "partner")) >= 4:
            points += 5
        if person["partner_canadian_study_2y"]:
            points += 5
        if person["partner_canadian_work_any"]:
            points += 5
    if person["relative_in_canada"]:
        points += 5
    if person["arranged_employment"] != "none":
        points += 5
    return min(points, 10)


def fsw_points(person: Person, order: str) -> int:
    """The six factors of the grid, 100 at most."""
    return (
        language_points(person, order)
        + EDUCATION_POINTS[person["education"]]
        + work_points(person["work_years_10y"])
        + age_points(person["age"])
        + (0 if person["arranged_employment"] == "none" else 10)
        + adaptability_points(person)
    )


# ---- settlement funds: from a day on, for families of one to seven, and for each person more

FUNDS = (
    ("2015-01-01", (11931, 14853, 18260, 22170, 25145, 28359, 31574), None),
    ("2016-01-12", (12164, 15143, 18617, 22603, 25636, 28913, 32191), 3278),
    ("2017-01-27", (12300, 15312, 18825, 22856, 25923, 29236, 32550), 3314),
    ("2018-01-05", (12474, 15530, 19092, 23181, 26291, 29652, 33013), 3361),
    ("2019-01-17", (12669, 15772, 19390, 23542, 26701, 30114, 33528), 3414),
    ("2020-01-01", (12960, 16135, 19836, 24083, 27315, 30806, 34299), 3492),
    ("2021-07-15", (13213, 16449, 20222, 24553, 27847, 31407, 34967), 3560),
    ("2022-06-09", (13310, 16570, 20371, 24733, 28052, 31638, 35224), 3586),
    ("2023-04-25", (13757, 17127, 21055, 25564, 28994, 32700, 36407), 3706),
    ("2024-05-28", (14690, 18288, 22483, 27297, 30690, 34917, 38875), 3958),
    ("2025-07-28", (15263, 19001, 23360, 28362, 32168, 36280, 40392), 4112),
)


def funds_needed(on: date, family_size: int) -> int | None:
    """The amount for a family on a day; None where the table of the day does not say (2015, eight or more)."""
    _, seven, more = next(row for row in reversed(FUNDS) if date.fromisoformat(row[0]) <= on)
    if family_size <= 7:
        return seven[family_size - 1]
    return None if more is None else seven[6] + (family_size - 7) * more


def has_funds(person: Person, on: date) -> bool | None:
    """Whether the family has the amount of the day; None where the table does not say."""
    needed = funds_needed(on, person["family_size"])
    if needed is None:  # surely no less than for seven
        return False if person["funds_cad"] < FUNDS[0][1][6] else None
    return bool(person["funds_cad"] >= needed)


# ---- the programs

NOC_2021 = date(2022, 11, 16)
"""From this day on occupations are those of the NOC 2021."""


def is_trade(code: str, on: date) -> bool:
    """IRPR 87.2(1), the groups of the NOC 2016 and, from 16 November 2022, of the NOC 2021."""
    if on < NOC_2021:
        return code[:2] in ("72", "73", "82", "92") or code[:3] in ("632", "633")
    if code[:3] in ("726", "932"):
        return False
    return code[:2] in ("72", "73", "82", "83", "92", "93") or code[:4] == "6320" or code == "62200"


def all_of(*parts: bool | None) -> bool | None:
    """True when all are, false when one is not, None otherwise."""
    if any(part is False for part in parts):
        return False
    return None if any(part is None for part in parts) else True


def either_language(person: Person, least: tuple[int, int, int, int]) -> bool:
    """Whether the four levels of English, or the four of French, are reached."""
    return any(all(a >= b for a, b in zip(levels(person, one), least, strict=True)) for one in ORDERS)


def fsw_language(person: Person, order: str) -> bool | None:
    """IRPR 75(2)(d), "in either English or French"; the department's page: in the first. None where they differ."""
    tested = min(levels(person, ORDERS[order][0])) >= 1  # 79(1): the first language is one with a test
    by_regulations = tested and either_language(person, (7, 7, 7, 7))
    by_page = min(levels(person, ORDERS[order][0])) >= 7
    return by_regulations if by_regulations is by_page else None


def fsw(person: Person, on: date, order: str) -> bool | None:
    """IRPR 75 and 76; the duties are part of the work that is counted, the tests' age part of their levels."""
    freed = person["arranged_employment"] in ("a", "b", "d")
    return all_of(
        person["primary_continuous_years"] >= 1,
        fsw_language(person, order),
        person["education"] != "none",
        not person["intends_quebec"],
        fsw_points(person, order) >= PASS_MARK,
        True if freed else has_funds(person, on),
    )


def cec(person: Person, _on: date, _order: str) -> bool | None:
    """IRPR 87.1: English or French; the level follows the occupation with the most experience."""
    level = {0: 7, 1: 7, 2: 5, 3: 5}[person["cec_main_teer"]]  # work of TEER 4 or 5 is not counted at all
    high_enough = either_language(person, (level, level, level, level))
    return all_of(person["cec_years_3y"] >= 1, high_enough, not person["intends_quebec"])


def fst(person: Person, on: date, _order: str) -> bool | None:
    """IRPR 87.2; English or French."""
    offer = person["fst_offer"]
    return all_of(
        is_trade(person["trade_noc"], on),
        person["trade_years_5y"] >= 2,
        either_language(person, (5, 4, 4, 5)),
        person["trade_certificate"] or offer != "none",
        not person["intends_quebec"],
        True if offer in ("ii", "iii", "v") else has_funds(person, on),
    )


PROGRAMS: dict[str, Callable[[Person, date, str], bool | None]] = {"fsw": fsw, "cec": cec, "fst": fst}

# ---- the categories: the days, the occupations, and what is asked of the months

DAYS = {
    ("french", "v1"): ("2023-05-31", "2026-02-05"),
    ("french", "v2"): ("2026-02-06", "9999-12-31"),
    ("healthcare", "v1"): ("2023-05-31", "2025-02-26"),
    ("healthcare", "v2"): ("2025-02-27", "2026-02-17"),
    ("healthcare", "v3"): ("2026-02-18", "9999-12-31"),
    ("stem", "v1"): ("2023-05-31", "2025-02-26"),
    ("stem", "v2"): ("2025-02-27", "2026-02-17"),
    ("stem", "v3"): ("2026-02-18", "9999-12-31"),
    ("trades", "v1"): ("2023-05-31", "2025-02-26"),
    ("trades", "v2"): ("2025-02-27", "2026-02-17"),
    ("trades", "v3"): ("2026-02-18", "9999-12-31"),
    ("transport", "v1"): ("2023-05-31", "2025-02-26"),
    ("transport", "v2"): ("2026-02-18", "9999-12-31"),
    ("agriculture", "v1"): ("2023-05-31", "2025-02-26"),
    ("agriculture", "v2"): ("2025-02-27", "2026-02-17"),
    ("education", "v1"): ("2025-02-27", "2026-02-17"),
    ("education", "v2"): ("2026-02-18", "9999-12-31"),
    ("physicians", "v1"): ("2025-12-08", "9999-12-31"),
    ("senior_managers", "v1"): ("2026-02-18", "9999-12-31"),
    ("researchers", "v1"): ("2026-02-18", "9999-12-31"),
    ("military", "v1"): ("2026-02-18", "9999-12-31"),
}
_HEALTH_2025 = """31100 31101 31102 31103 31110 31111 31112 31120 31121 31200 31201 31202 31203 31209 31300 31301
31302 31303 32101 32102 32103 32104 32109 32111 32120 32121 32122 32123 32124 32129 32201 33101 33102 33103 41300
41301 42201"""
_STEM_2025 = "20011 21220 21300 21301 21310 21321 21331 22300 22301 22310 63100"
_TRADES_2025 = """22303 63200 70010 70011 72100 72102 72106 72200 72201 72300 72302 72310 72311 72320 72400 72401
72402 72422 72501 72999 73100 73110 73112 73113 82021"""
_TEACHERS = "41220 41221 42202 42203 43100"
LISTS = {
    ("healthcare", "v1"): """31100 31101 31102 31103 31110 31111 31112 31121 31200 31201 31202 31203 31204 31209 31300
31301 31302 31303 32101 32102 32103 32109 32120 32121 32122 32200 32201 32209 33101 33102 33103 33109 41301 41320
42203""",
    ("healthcare", "v2"): _HEALTH_2025,
    ("healthcare", "v3"): _HEALTH_2025,
    ("stem", "v1"): """20010 20011 20012 21200 21201 21202 21203 21210 21211 21220 21221 21222 21223 21230 21231 21232
21233 21234 21300 21310 21311 21321 21322 41400""",
    ("stem", "v2"): _STEM_2025,
    ("stem", "v3"): _STEM_2025,
    ("trades", "v1"): "72014 72106 72200 72300 72310 72400 72402 72405 72406 73200",
    ("trades", "v2"): _TRADES_2025,
    ("trades", "v3"): _TRADES_2025.replace("63200", "63201"),
    ("transport", "v1"): "70020 72403 72404 72600 72601 72602 72603 72604 73300 93200",
    ("transport", "v2"): "22313 72404 72410 72600",
    ("agriculture", "v1"): "63201 82030 82031",
    ("agriculture", "v2"): "63201",
    ("education", "v1"): _TEACHERS,
    ("education", "v2"): _TEACHERS,
    ("physicians", "v1"): "31100 31101 31102",
    ("senior_managers", "v1"): "00012 00013 00014 00015",
    ("researchers", "v1"): "41200 41201",
}
IN_CANADA = ("physicians", "senior_managers", "researchers")
TWELVE_MONTHS = date(2026, 2, 18)
"""From this day on twelve months, in pieces or not; before it six without a break."""


def versions(on: date) -> dict[str, str]:
    """The categories of a day with the version of each."""
    return {
        key: version
        for (key, version), (start, end) in DAYS.items()
        if date.fromisoformat(start) <= on <= date.fromisoformat(end)
    }


def member(person: Person, key: str, on: date) -> bool:
    """Whether a person belongs to a category of the day."""
    if key == "french":
        return min(levels(person, "french")) >= 7
    if key == "military":
        credential = person["education"] not in ("none", "secondary", "one_year")
        return bool(person["military_years"] >= 10 and person["military_offer_years"] >= 3 and credential)
    listed = LISTS[key, versions(on)[key]].split()
    for entry in person["category_months"]:
        if entry["noc"] not in listed:
            continue
        if key in IN_CANADA:
            enough = entry["canada_months"] >= 12
        elif on < TWELVE_MONTHS:
            enough = entry["run"] >= 6
        else:
            enough = entry["months"] >= 12
        if enough:
            return True
    return False


# ---- what is unknown is tried

_FLAGS = (False, True)
_TRIED: dict[str, tuple[Any, ...]] = {
    "primary_continuous_years": (0, 10),
    "work_years_10y": (0, 10),
    "canadian_work_1y": _FLAGS,
    "canadian_study_2y": _FLAGS,
    "partner_canadian_study_2y": _FLAGS,
    "partner_canadian_work_any": _FLAGS,
    "relative_in_canada": _FLAGS,
    "arranged_employment": ("none", "a", "b", "c", "d"),
    "family_size": (1, 7, 30),
    "funds_cad": (0, 10_000_000),
    "intends_quebec": _FLAGS,
    "cec_years_3y": (0, 3),
    "cec_main_teer": (0, 1, 2, 3),
    "trade_years_5y": (0, 5),
    "trade_certificate": _FLAGS,
    "fst_offer": ("none", "ii", "iii", "iv", "v"),
    "military_years": (0, 60),
    "military_offer_years": (0, 60),
}
READS = {
    "fsw": (
        "primary_continuous_years",
        "work_years_10y",
        "canadian_work_1y",
        "canadian_study_2y",
        "partner_canadian_study_2y",
        "partner_canadian_work_any",
        "relative_in_canada",
        "arranged_employment",
        "family_size",
        "funds_cad",
        "intends_quebec",
    ),
    "cec": ("cec_years_3y", "cec_main_teer", "intends_quebec"),
    "fst": (
        "trade_noc",
        "trade_years_5y",
        "trade_certificate",
        "fst_offer",
        "family_size",
        "funds_cad",
        "intends_quebec",
    ),
}
PARTNER_FACTS = ("partner_canadian_study_2y", "partner_canadian_work_any")


def unknown(person: Person, names: tuple[str, ...]) -> list[str]:
    """Which of the facts are unknown; a partner's only where a partner comes along."""
    partner = person["accompanied"] or person.get("partner_resident_abroad")
    return [name for name in names if person.get(name) is None and (partner or name not in PARTNER_FACTS)]


def tried(name: str, on: date) -> tuple[Any, ...]:
    """The values an unknown fact takes: extremes, or all of a short list."""
    if name == "trade_noc":
        return ("7231", "6513") if on < NOC_2021 else ("72310", "65200")
    if name == "category_months":
        codes = {code for (key, version), codes in LISTS.items() for code in codes.split()}
        return ([], [{"noc": code, "months": 36, "run": 36, "canada_months": 36} for code in sorted(codes)])
    return _TRIED[name]


def completions(person: Person, names: tuple[str, ...], on: date) -> Iterator[Person]:
    """The person with every combination of what is unknown among these facts."""
    open_facts = unknown(person, names)
    base = {**dict.fromkeys(PARTNER_FACTS, False), **{k: v for k, v in person.items() if v is not None}}
    for values in product(*(tried(name, on) for name in open_facts)):
        yield {**base, **dict(zip(open_facts, values, strict=True))}


def agreed(found: list[bool | None]) -> bool | None:
    """What all the readings say, None where they do not agree."""
    return found[0] if all(one is found[0] for one in found) else None


def program_finding(person: Person, program: str, on: date, order: str) -> bool | None:
    """A program with one order of the languages: true, false, or None for cannot tell."""
    return agreed([PROGRAMS[program](each, on, order) for each in completions(person, READS[program], on)])


SHARED = ("intends_quebec", "family_size", "funds_cad")
"""The only facts that two programs read."""


def nominee_finding(person: Person, on: date, order: str) -> bool | None:
    """An enhanced nomination, and one of the three programs.

    For each reading of what the programs share, each may come out in the ways that its own facts allow.
    """
    if not person["provincial_nomination"]:
        return False
    found: list[bool | None] = []
    for each in completions(person, SHARED, on):
        ways = [{judge(own, on, order) for own in completions(each, READS[id_], on)} for id_, judge in PROGRAMS.items()]
        found += [_any_of(list(one)) for one in product(*ways)]
    return agreed(found)


def _any_of(found: list[bool | None]) -> bool | None:
    if True in found:
        return True
    return None if None in found else False


def points_range(person: Person, on: date, order: str) -> tuple[int, int]:
    """The fewest and the most points of the grid over what is unknown."""
    names = tuple(name for name in READS["fsw"] if name not in ("family_size", "funds_cad", "intends_quebec"))
    found = [fsw_points(each, order) for each in completions(person, names, on)]
    return min(found), max(found)


def category_finding(person: Person, key: str, on: date) -> bool | None:
    """A category of the day: true, false, or None for cannot tell."""
    names: tuple[str, ...] = ("category_months",)
    if key == "french":
        names = ()
    elif key == "military":
        names = ("military_years", "military_offer_years")
    return agreed([member(each, key, on) for each in completions(person, names, on)])


def missing(person: Person, program: str, on: date, order: str) -> set[str]:
    """The unknown facts on which a finding that cannot be told rests: some change of the fact alone changes it."""
    if program_finding(person, program, on, order) is not None:
        return set()
    open_facts = unknown(person, READS[program])
    judge = PROGRAMS[program]
    rests: set[str] = set()
    for name in open_facts:
        others = tuple(fact for fact in READS[program] if fact != name)
        for each in completions({**person, name: tried(name, on)[0]}, others, on):
            found = {judge({**each, name: value}, on, order) for value in tried(name, on)}
            if len(found) > 1:
                rests.add(name)
                break
    return rests
