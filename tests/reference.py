"""Plain calculator of the Comprehensive Ranking System, typed by hand from the published tables to check the engine.

It shares no code and no data with the package: every number below was entered here a second time.
"""

import random
from typing import Any

VERSIONS = ("2015-01-01", "2016-11-19", "2017-06-06", "2020-10-20", "2025-03-25")

ABILITIES = ("listening", "reading", "writing", "speaking")

EDUCATION_LEVELS = (
    "none",
    "secondary",
    "one_year",
    "two_year",
    "three_year",
    "two_or_more",
    "masters",
    "doctoral",
)

# Ages 17 and under, and 45 and over, earn nothing and are left out.
AGE_ALONE = {
    18: 99,
    19: 105,
    20: 110,
    21: 110,
    22: 110,
    23: 110,
    24: 110,
    25: 110,
    26: 110,
    27: 110,
    28: 110,
    29: 110,
    30: 105,
    31: 99,
    32: 94,
    33: 88,
    34: 83,
    35: 77,
    36: 72,
    37: 66,
    38: 61,
    39: 55,
    40: 50,
    41: 39,
    42: 28,
    43: 17,
    44: 6,
}

AGE_ACCOMPANIED = {
    18: 90,
    19: 95,
    20: 100,
    21: 100,
    22: 100,
    23: 100,
    24: 100,
    25: 100,
    26: 100,
    27: 100,
    28: 100,
    29: 100,
    30: 95,
    31: 90,
    32: 85,
    33: 80,
    34: 75,
    35: 70,
    36: 65,
    37: 60,
    38: 55,
    39: 50,
    40: 45,
    41: 35,
    42: 25,
    43: 15,
    44: 5,
}

EDUCATION_ALONE = {
    "none": 0,
    "secondary": 30,
    "one_year": 90,
    "two_year": 98,
    "three_year": 120,
    "two_or_more": 128,
    "masters": 135,
    "doctoral": 150,
}

EDUCATION_ACCOMPANIED = {
    "none": 0,
    "secondary": 28,
    "one_year": 84,
    "two_year": 91,
    "three_year": 112,
    "two_or_more": 119,
    "masters": 126,
    "doctoral": 140,
}

EDUCATION_PARTNER = {
    "none": 0,
    "secondary": 2,
    "one_year": 6,
    "two_year": 7,
    "three_year": 8,
    "two_or_more": 9,
    "masters": 10,
    "doctoral": 10,
}

EDUCATION_TIER = {
    "none": 0,
    "secondary": 0,
    "one_year": 1,
    "two_year": 1,
    "three_year": 1,
    "two_or_more": 2,
    "masters": 2,
    "doctoral": 2,
}

# Language points are per ability; 10 stands for 10 and above, and a level not listed earns nothing.
FIRST_LANGUAGE_ALONE = {4: 6, 5: 6, 6: 9, 7: 17, 8: 23, 9: 31, 10: 34}
FIRST_LANGUAGE_ACCOMPANIED = {4: 6, 5: 6, 6: 8, 7: 16, 8: 22, 9: 29, 10: 32}
SECOND_LANGUAGE = {5: 1, 6: 1, 7: 3, 8: 3, 9: 6, 10: 6}
LANGUAGE_PARTNER = {5: 1, 6: 1, 7: 3, 8: 3, 9: 5, 10: 5}

# Canadian work in completed years; 5 stands for 5 and above.
CANADIAN_WORK_ALONE = {0: 0, 1: 40, 2: 53, 3: 64, 4: 72, 5: 80}
CANADIAN_WORK_ACCOMPANIED = {0: 0, 1: 35, 2: 46, 3: 56, 4: 63, 5: 70}
CANADIAN_WORK_PARTNER = {0: 0, 1: 5, 2: 7, 3: 8, 4: 9, 5: 10}


def number(person: dict[str, Any], key: str) -> int:
    """Return a whole number of the person, 0 where it is empty or absent."""
    value = person.get(key)
    if value is None:
        return 0
    return int(value)


def levels(person: dict[str, Any], prefix: str) -> list[int]:
    """Return the four ability levels under a prefix, with -1 for an ability that was not tested."""
    found = []
    for ability in ABILITIES:
        value = person.get(prefix + "_" + ability)
        if value is None:
            found.append(-1)
        else:
            found.append(int(value))
    return found


def language_points(table: dict[int, int], four: list[int]) -> int:
    """Return the sum of the points of four abilities."""
    points = 0
    for level in four:
        points = points + table.get(min(level, 10), 0)
    return points


def core_points(person: dict[str, Any], first: str, second: str) -> int:
    """Return the points of section A, the candidate's own core factors."""
    age = number(person, "age")
    education = person.get("education") or "none"
    work = min(number(person, "canadian_work_years"), 5)
    first_levels = levels(person, first)
    second_levels = levels(person, second)
    second_points = language_points(SECOND_LANGUAGE, second_levels)
    if person.get("accompanied"):
        points = AGE_ACCOMPANIED.get(age, 0)
        points = points + EDUCATION_ACCOMPANIED[education]
        points = points + language_points(FIRST_LANGUAGE_ACCOMPANIED, first_levels)
        points = points + min(second_points, 22)
        points = points + CANADIAN_WORK_ACCOMPANIED[work]
        return min(points, 460)
    points = AGE_ALONE.get(age, 0)
    points = points + EDUCATION_ALONE[education]
    points = points + language_points(FIRST_LANGUAGE_ALONE, first_levels)
    points = points + min(second_points, 24)
    points = points + CANADIAN_WORK_ALONE[work]
    return min(points, 500)


def partner_points(person: dict[str, Any]) -> int:
    """Return the points of section B, the accompanying partner's factors."""
    if not person.get("accompanied"):
        return 0
    education = person.get("partner_education") or "none"
    work = min(number(person, "partner_canadian_work_years"), 5)
    points = EDUCATION_PARTNER[education]
    points = points + min(language_points(LANGUAGE_PARTNER, levels(person, "partner")), 20)
    points = points + CANADIAN_WORK_PARTNER[work]
    return min(points, 40)


def pair_points(one: int, other: int) -> int:
    """Return the points of a pair of grades, each 0, 1 or 2."""
    if one == 0 or other == 0:
        return 0
    if one == 1 and other == 1:
        return 13
    if one == 2 and other == 2:
        return 50
    return 25


def transferability_points(person: dict[str, Any], first: str) -> int:
    """Return the points of section C, the combinations of skills."""
    lowest = min(levels(person, first))
    canadian_years = number(person, "canadian_work_years")
    foreign_years = number(person, "foreign_work_years")

    education = EDUCATION_TIER[person.get("education") or "none"]

    language = 0
    if lowest >= 7:
        language = 1
    if lowest >= 9:
        language = 2

    canadian = 0
    if canadian_years >= 1:
        canadian = 1
    if canadian_years >= 2:
        canadian = 2

    foreign = 0
    if foreign_years >= 1:
        foreign = 1
    if foreign_years >= 3:
        foreign = 2

    certificate = 0
    if person.get("certificate_of_qualification"):
        if lowest >= 5:
            certificate = 25
        if lowest >= 7:
            certificate = 50

    education_pairs = min(pair_points(education, language) + pair_points(education, canadian), 50)
    foreign_pairs = min(pair_points(foreign, language) + pair_points(foreign, canadian), 50)
    return min(education_pairs + foreign_pairs + certificate, 100)


def job_offer_points(person: dict[str, Any], version: str) -> int:
    """Return the points of a qualifying job offer in a version."""
    offer = person.get("job_offer") or "none"
    if offer not in ("none", "major_group_00", "other"):
        raise ValueError(offer)
    if offer == "none":
        return 0
    if version == "2015-01-01":
        return 600
    if version == "2025-03-25":
        return 0
    if offer == "major_group_00":
        return 200
    return 50


def canadian_study_points(person: dict[str, Any], version: str) -> int:
    """Return the points of a Canadian post-secondary credential in a version."""
    study = person.get("canadian_study") or "none"
    if study not in ("none", "one_or_two_year", "three_year_or_more"):
        raise ValueError(study)
    if version == "2015-01-01":
        return 0
    if study == "one_or_two_year":
        return 15
    if study == "three_year_or_more":
        return 30
    return 0


def sibling_points(person: dict[str, Any], version: str) -> int:
    """Return the points of a brother or sister in Canada in a version."""
    if version in ("2015-01-01", "2016-11-19"):
        return 0
    if person.get("sibling_in_canada"):
        return 15
    return 0


def french_points(person: dict[str, Any], version: str) -> int:
    """Return the bonus points of strong French in a version, whichever language is first."""
    if version in ("2015-01-01", "2016-11-19"):
        return 0
    if min(levels(person, "french")) < 7:
        return 0
    good_english = min(levels(person, "english")) >= 5
    if version == "2017-06-06":
        if good_english:
            return 30
        return 15
    if good_english:
        return 50
    return 25


def additional_points(person: dict[str, Any], version: str) -> int:
    """Return the points of section D, the additional factors."""
    points = 0
    if person.get("provincial_nomination"):
        points = points + 600
    points = points + job_offer_points(person, version)
    points = points + canadian_study_points(person, version)
    points = points + sibling_points(person, version)
    points = points + french_points(person, version)
    return min(points, 600)


def score_in_order(person: dict[str, Any], version: str, first: str, second: str) -> dict[str, Any]:
    """Return the score with the order of the two languages fixed."""
    core = core_points(person, first, second)
    partner = partner_points(person)
    transferability = transferability_points(person, first)
    additional = additional_points(person, version)
    return {
        "crs": min(core + partner + transferability + additional, 1200),
        "core": core,
        "partner": partner,
        "transferability": transferability,
        "additional": additional,
        "first_language_used": first,
    }


def score(person: dict[str, Any], version: str) -> dict[str, Any]:
    """Return the total, the four sections and the first language used, for a person under a version.

    Args:
        person: The flat factors; an absent key is the same as None.
        version: One of `VERSIONS`.

    Returns:
        The keys crs, core, partner, transferability, additional and first_language_used.

    Raises:
        ValueError: If the version or a named value is unknown.
    """
    if version not in VERSIONS:
        raise ValueError(version)
    given = person.get("first_language")
    if given not in (None, "english", "french"):
        raise ValueError(given)
    english_first = score_in_order(person, version, "english", "french")
    french_first = score_in_order(person, version, "french", "english")
    if given == "english":
        return english_first
    if given == "french":
        return french_first
    if french_first["crs"] > english_first["crs"]:
        return french_first
    return english_first


def random_age(rng: random.Random) -> int:
    """Return an age, mostly where its points change."""
    draw = rng.random()
    if draw < 0.04:
        return rng.choice((0, 1, 16, 17, 60, 99, 119, 120))
    if draw < 0.10:
        return rng.randint(0, 120)
    return rng.randint(15, 50)


def random_years(rng: random.Random) -> int:
    """Return a number of years of work, mostly where its points change."""
    draw = rng.random()
    if draw < 0.03:
        return rng.choice((10, 59, 60))
    if draw < 0.06:
        return rng.randint(0, 60)
    if draw < 0.25:
        return 0
    return rng.randint(0, 7)


def random_level(rng: random.Random) -> int:
    """Return one language level, mostly where its points change."""
    draw = rng.random()
    if draw < 0.05:
        return rng.choice((0, 12))
    if draw < 0.10:
        return rng.randint(0, 12)
    return rng.randint(3, 11)


def random_test(rng: random.Random, prefix: str, untested: float) -> dict[str, Any]:
    """Return four ability levels, close together or independent, with single ones or all of them untested."""
    test: dict[str, Any] = {}
    if rng.random() < untested:
        for ability in ABILITIES:
            test[prefix + "_" + ability] = None
        return test
    close_together = rng.random() < 0.6
    base = random_level(rng)
    for ability in ABILITIES:
        if close_together:
            level = base + rng.choice((0, 0, 0, 1, 1, -1))
            test[prefix + "_" + ability] = max(0, min(12, level))
        else:
            test[prefix + "_" + ability] = random_level(rng)
    if rng.random() < 0.12:
        test[prefix + "_" + rng.choice(ABILITIES)] = None
    if rng.random() < 0.03:
        test[prefix + "_" + rng.choice(ABILITIES)] = None
    return test


def random_person(rng: random.Random) -> dict[str, Any]:
    """Return a valid person drawn over the whole domain, mostly where points change."""
    person: dict[str, Any] = {}
    person["age"] = random_age(rng)
    person["accompanied"] = rng.random() < 0.45
    person["education"] = rng.choice(EDUCATION_LEVELS)
    person["first_language"] = rng.choice((None, None, None, None, None, None, "english", "french"))
    person.update(random_test(rng, "english", 0.10))
    person.update(random_test(rng, "french", 0.50))
    person["canadian_work_years"] = random_years(rng)
    person["foreign_work_years"] = random_years(rng)
    person["certificate_of_qualification"] = rng.random() < 0.25
    person["canadian_study"] = rng.choice(("none", "none", "one_or_two_year", "three_year_or_more"))
    person["sibling_in_canada"] = rng.random() < 0.25
    person["provincial_nomination"] = rng.random() < 0.12
    person["job_offer"] = rng.choice(("none", "none", "none", "major_group_00", "other"))
    if person["accompanied"]:
        person["partner_education"] = rng.choice(EDUCATION_LEVELS)
        person["partner_canadian_work_years"] = random_years(rng)
        person.update(random_test(rng, "partner", 0.25))
    return person
