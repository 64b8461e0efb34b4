"""A second calculator of four provinces, written from the published tables alone and not from the law's files.

A person is a mapping of columns, all of them known. Nothing here reads the grids of the package.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Person = Mapping[str, Any]


def lowest(person: Person, language: str) -> int:
    """The lowest ability of a language, 0 without a test."""
    return min(person[f"{language}_{one}"] or 0 for one in ("listening", "reading", "writing", "speaking"))


def by_band(value: int, *bands: tuple[int, int]) -> int:
    """The points of the last band whose first value is not above a value."""
    points = 0
    for first, given in bands:
        if value >= first:
            points = given
    return points


def orders(person: Person) -> list[tuple[str, str]]:
    """Which language may come first."""
    both = [("english", "french"), ("french", "english")]
    return [one for one in both if person["first_language"] in (None, one[0])]


def saskatchewan(person: Person) -> int:
    """The grid of 110 points, 30 of them for adaptability."""
    levels = {"none": 0, "secondary": 0, "under_two_years": 12, "two_years": 15, "associate": 15}
    levels |= {"bachelor": 20, "postgraduate": 20, "masters": 23, "doctoral": 23}
    education = levels[person["highest_credential"]]
    if person["trade_certificate_held"] and education < 20:
        education = 20
    work = 2 * person["related_years_5y"] + {0: 0, 1: 0, 2: 2, 3: 3, 4: 4, 5: 5}[person["related_years_6_10"]]
    language = 0
    for first, second in orders(person):
        one = {4: 12, 5: 14, 6: 16, 7: 18}.get(min(lowest(person, first), 8), 20 if lowest(person, first) >= 8 else 0)
        two = max(0, 2 * (min(lowest(person, second), 8) - 3))
        language = max(language, one + two)
    years = person["age"]
    age = 0
    if 18 <= years <= 21 or 46 <= years <= 50:
        age = 8
    elif 22 <= years <= 34:
        age = 12
    elif 35 <= years <= 45:
        age = 10
    ties = 20 if person["relative_parent_or_sibling"] or person["relative_close"] else 0
    ties += 5 if person["work_here_months_5y"] >= 12 else 0
    ties += 5 if person["study_here_years"] >= 1 else 0
    return int(education + work + language + age + ties)


def _manitoba_age(years: int, table: list[int], middle: int) -> int:
    """Ages 18 to 20 and 46 to 49 by the table, 21 to 45 the middle, 50 and more nothing."""
    edges = dict(zip((18, 19, 20, 46, 47, 48, 49), table, strict=True))
    return middle if 21 <= years <= 45 else edges.get(years, 0)


def manitoba_ranking(person: Person) -> int:
    """Ranking points: 1000, less up to 200 for risk."""
    best = 0
    for first, second in orders(person):
        total = 0
        for ability in ("listening", "reading", "writing", "speaking"):
            total += by_band(person[f"{first}_{ability}"] or 0, (4, 12), (5, 17), (6, 20), (7, 22), (8, 25))
        best = max(best, total + (25 if lowest(person, second) >= 5 else 0))
    language = min(best, 125)
    age = _manitoba_age(person["age"], [20, 30, 40, 40, 30, 20, 10], 75)
    work = (0, 40, 50, 60, 75, 75)[person["work_years_5y"]] + (100 if person["licence"] == "held" else 0)
    education = by_band(person["program_years"], (1, 70), (2, 100), (3, 110))
    education = max(education, 70 if person["trade_certificate_held"] else 0, 115 if person["two_programs"] else 0)
    if person["highest_credential"] in ("masters", "doctoral"):
        education = 125
    ties = [200] if person["relative_parent_or_sibling"] or person["relative_close"] else [0]
    ties.append(100 if person["work_here_months"] >= 6 else 0)
    ties.append(100 if person["graduate_here_years"] >= 2 else 50 if person["graduate_here_years"] else 0)
    ties.append(50 if person["relative_friend"] else 0)
    demand = person["employer_months"] >= 6 and person["offer"] == "permanent"
    demand = demand or person["strategic_invitation"]
    regional = 50 if person["regional_tie"] and max(ties) else 0
    adaptability = min(500, (500 if demand else 0) + max(ties) + regional)
    risk = (100 if person["work_other_province_months"] else 0) + (100 if person["study_other_province"] else 0)
    return language + age + min(work, 175) + education + adaptability - risk


def manitoba_assessment(person: Person) -> int:
    """Assessment points of workers abroad: 100."""
    language = 0
    for first, second in orders(person):
        one = by_band(lowest(person, first), (4, 12), (5, 14), (6, 16), (7, 18), (8, 20))
        language = max(language, one + (5 if lowest(person, second) >= 5 else 0))
    age = _manitoba_age(person["age"], [4, 6, 8, 8, 6, 4, 2], 10)
    work = (0, 8, 10, 12, 15, 15)[person["work_years_5y"]]
    education = by_band(person["program_years"], (1, 14), (2, 20))
    education = max(education, 14 if person["trade_certificate_held"] else 0, 23 if person["two_programs"] else 0)
    if person["highest_credential"] in ("masters", "doctoral"):
        education = 25
    ties = 0
    if person["relative_parent_or_sibling"] or person["relative_close"] or person["strategic_invitation"]:
        ties = 20
    elif person["work_here_months"] >= 6 or person["graduate_here_years"] >= 2:
        ties = 12
    elif person["graduate_here_years"] == 1 or person["relative_friend"]:
        ties = 10
    return language + age + work + education + ties + (5 if person["regional_tie"] else 0)


def british_columbia(person: Person) -> int:
    """Registration points: 200."""
    months, here = person["related_months"], person["credential_where"]
    experience = min(20, 4 * (months // 12)) if months >= 12 else (1 if months else 0)
    experience += 10 if person["related_canada_months"] >= 12 else 0
    experience += 10 if person["works_there"] else 0
    kinds = {"under_two_years": 5, "two_years": 5, "associate": 5, "bachelor": 15, "postgraduate": 15}
    level = (kinds | {"masters": 22, "doctoral": 27}).get(person["highest_credential"])
    education = 0 if level is None else level + {"here": 8, "other_province": 6, "abroad": 0}[here]
    education += 5 if person["designation"] else 0
    english, french = lowest(person, "english"), lowest(person, "french")
    language = max(0, min(30, 5 * (max(english, french) - 3))) + (10 if min(english, french) >= 4 else 0)
    wage = person["offer_wage"]
    wage_points = 0 if wage < 16 else min(wage, 70) - 15
    area = {"metro_vancouver": 0, "near_vancouver": 5, "rest": 15}[person["bc_area"]]
    area += 10 if person["regional_tie"] and person["bc_area"] != "metro_vancouver" else 0
    return min(40, experience) + min(40, education) + min(40, language) + wage_points + area


def alberta(person: Person) -> int:
    """Points of the expression of interest of workers: 100."""
    kinds = {"under_two_years": 4, "two_years": 4, "associate": 4, "bachelor": 7, "postgraduate": 7}
    points = (kinds | {"masters": 10, "doctoral": 12}).get(person["highest_credential"], 0)
    points = max(points, 7) if person["trade_certificate_held"] else points
    points += {"here": 10, "other_province": 6, "abroad": 0}[person["credential_where"]]
    english, french = lowest(person, "english"), lowest(person, "french")
    points += max(by_band(english, (4, 5), (5, 8), (6, 10)), by_band(french, (4, 3), (5, 5), (6, 8)))
    points += 3 if english >= 4 and french >= 4 else 0
    points += 11 if person["work_months"] >= 12 else 7 if person["work_months"] >= 6 else 3
    points += 10 if person["work_here_months"] >= 6 else 6 if person["work_other_province_months"] >= 6 else 0
    age = person["age"]
    points += 0 if age < 18 else 3 if age < 21 else 5 if age < 35 else 4 if age < 50 else 3
    points += 8 if person["relative_parent_or_sibling"] or person["relative_child"] else 0
    points += 10 if person["offer"] == "permanent" else 0
    points += 6 if person["ab_sector"] else 0
    points += 5 if person["ab_area"] == "rest" and person["offer"] != "none" else 0
    points += 10 if person["licence"] == "held" else 0
    return points


BY_GRID = {
    "sk-2026-06-20": ("sk-ee", saskatchewan),
    "mb-ranking-2026-04-20": ("mb-swo", manitoba_ranking),
    "mb-assessment-2026-06-20": ("mb-swo", manitoba_assessment),
    "bc-2026-06-10": ("bc-sw", british_columbia),
    "ab-2025-08-07": ("ab-aees-tech", alberta),
}
"""For each grid a stream that counts by it, and the calculator."""
