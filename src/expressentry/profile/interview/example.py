"""An example of a whole profile: an invented welder in Canada with a partner and a child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EXAMPLE: Mapping[str, Any] = {
    "note": "an invented person: change every fact",
    "children": [{"birth_date": "2021-05-30"}],
    "nominations": [],
    "job_offers": [],
    "funds": [{"on": "2026-09-01", "amount_cad": 25000}],
    "intent": {"quebec": False},
    "person": {
        "birth_date": "1992-03-18",
        "lives_in": "CA",
        "tests": [
            {
                "test": "ielts",
                "taken_on": "2025-11-08",
                "results_on": "2025-11-21",
                "listening": 7,
                "reading": 6.5,
                "writing": 6,
                "speaking": 6.5,
            }
        ],
        "credentials": [
            {
                "level": "two_year",
                "country": "PH",
                "completed_on": "2012-04-02",
                "assessments": [{"body": "WES", "on": "2025-06-12", "result": "two_year"}],
            }
        ],
        "work": [
            {
                "noc2021": "72106",
                "from": "2012-07-02",
                "to": "2023-01-31",
                "hours_per_week": 48,
                "worked_in": "PH",
                "qualified_on": "2012-06-15",
            },
            {
                "noc2021": "72106",
                "from": "2023-03-06",
                "hours_per_week": 40,
                "worked_in": "CA",
                "employer": "Prairie Steelworks",
                "full_time_student": False,
                "qualified_on": "2012-06-15",
                "leave": [{"from": "2025-01-06", "to": "2025-02-14"}],
            },
        ],
        "certificates": [{"noc2021": "72106", "authority": "AB", "issued_on": "2024-10-11"}],
        "relatives": [
            {
                "relation": "aunt_or_uncle",
                "birth_date": "1969-12-01",
                "status": "citizen",
                "lives_in_canada": True,
            }
        ],
        "status": [
            {
                "kind": "employer_lmia",
                "from": "2023-03-01",
                "to": "2027-02-28",
                "employers": ["Prairie Steelworks"],
            }
        ],
    },
    "partner": {
        "birth_date": "1993-09-14",
        "accompanying": True,
        "citizen_or_resident": "none",
        "living_in_canada": False,
        "tests": [],
        "credentials": [{"level": "secondary", "country": "PH", "completed_on": "2011-03-25", "assessments": []}],
        "work": [],
        "relatives": [],
    },
}
"""Facts as a JSON file has them."""
