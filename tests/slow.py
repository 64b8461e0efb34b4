"""Renew slow.txt, the tests that `make quick` leaves out, from what all of them took.

Measured on an idle machine, then written (the first line of slow.txt has the command):

    .venv/bin/pytest -n auto -m "not (browser or db or docs or long)" --junitxml=.venv/tests.xml
    .venv/bin/python -m tests.slow .venv/tests.xml

The first test that needs a thing pays for making it, and which one is first depends on those that run. So a second
report, of the tests that were left, may be named too; the longer time counts.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parent.parent
LIST = ROOT / "tests/slow.txt"
LEFT = 40
"""The seconds that all tests left in `make quick` may take together, on as many cores as there are."""
HEAD = """\
# Tests that `make quick` leaves out: those that take longest, all parameters of one together, until what is left takes
# {seconds} s on one core. Written by `python -m tests.slow`, from a run of all of them.
"""


def seconds_of(report: Path) -> dict[str, float]:
    """The seconds that each test took, all its parameters together, from a file of JUnit; examples in modules apart."""
    found = defaultdict[str, float](float)
    for case in ElementTree.parse(report).iter("testcase"):
        place, name = case.attrib["classname"].split("."), case.attrib["name"].partition("[")[0]
        parts = next((n for n in range(len(place), 0, -1) if (ROOT / f"{'/'.join(place[:n])}.py").exists()), 0)
        if parts and place[0] == "tests":
            found["::".join(("/".join(place[:parts]) + ".py", *place[parts:], name))] += float(case.attrib["time"])
    return found


def slowest(seconds: Mapping[str, float], left: float = LEFT) -> list[str]:
    """The tests without which the others take no more than so many seconds: as few as that needs."""
    taken, total = list[str](), sum(seconds.values())
    for test, time in sorted(seconds.items(), key=lambda one: (-one[1], one[0])):
        if total <= left:
            break
        taken.append(test)
        total -= time
    return sorted(taken)


if __name__ == "__main__":
    longest: dict[str, float] = {}
    for report in sys.argv[1:]:
        longest |= {test: max(time, longest.get(test, 0)) for test, time in seconds_of(Path(report)).items()}
    LIST.write_text(HEAD.format(seconds=LEFT) + "\n".join(slowest(longest)) + "\n", encoding="utf-8")
