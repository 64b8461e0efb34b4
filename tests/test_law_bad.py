"""One file for each way to be wrong: each is refused with its code, file and line, and nothing else is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expressentry import LawError, check_law
from expressentry.law.lists import read_list

BAD = Path(__file__).parent / "law" / "bad"
LISTS = {
    "list_gap": ("gap", 3),
    "list_overlap": ("overlap", 3),
    "list_two_open": ("overlap", 3),
    "list_starts_late": ("gap", 2),
    "list_ends": ("gap", 3),
    "list_unknown_instrument": ("unknown_instrument", 3),
    "list_wrong_day": ("wrong_list_row", 3),
}


@pytest.mark.parametrize("file", sorted(BAD.glob("*.toml")), ids=lambda file: file.stem)
def test_grid(file: Path) -> None:
    """A wrong law file says what is wrong, and where."""
    expected = re.search(r"# expect: (\w+) at line (\d+)", file.read_text(encoding="utf-8"))
    assert expected is not None

    with pytest.raises(LawError) as refused:
        check_law([file])

    found = [(problem.code, problem.where.en if problem.where else "") for problem in refused.value.problems]
    assert found == [(expected[1], f"{file}:{expected[2]}")]
    assert all(problem.say("fr") != problem.say("en") for problem in refused.value.problems)


@pytest.mark.parametrize("file", sorted(BAD.glob("*.csv")), ids=lambda file: file.stem)
def test_list(file: Path) -> None:
    """A wrong list says what is wrong, and where."""
    code, line = LISTS[file.stem]

    with pytest.raises(LawError) as refused:
        read_list(file, ["mi-2015-01-01", "mi-2016-11-19"])

    assert [(p.code, p.where.en if p.where else "") for p in refused.value.problems] == [(code, f"{file}:{line}")]


def test_shipped_law_is_right() -> None:
    """What is shipped passes its own check."""
    assert check_law().grids == 5
