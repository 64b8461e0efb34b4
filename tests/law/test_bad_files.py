"""One file for each way to be wrong: each is refused with its code, file and line, and nothing else is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from expressentry import LawError, load_law
from expressentry.law.check import check as check_law
from expressentry.law.criteria.programs import read_program
from expressentry.law.lists import read_list
from expressentry.law.source import Source

BAD = Path(__file__).parent / "bad"
BAD_PROGRAMS = BAD.with_name("bad_programs")
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


@pytest.mark.parametrize("file", sorted(BAD_PROGRAMS.glob("*.toml")), ids=lambda file: file.stem)
def test_program(file: Path, tmp_path: Path) -> None:
    """A wrong program says what is wrong with it or with one of its criteria, and where."""
    expected = re.search(r"# expect: (\w+) at line (\d+)", file.read_text(encoding="utf-8"))
    assert expected is not None
    named = tmp_path / "cec-2015-01-01.toml"  # the name of a program's file tells what it is
    named.write_text(file.read_text(encoding="utf-8"), encoding="utf-8")
    law = load_law()

    with pytest.raises(LawError) as refused:
        read_program(Source(named), law.columns, law.instruments)

    found = [(problem.code, problem.where.en if problem.where else "") for problem in refused.value.problems]
    assert [(code, where.rpartition(":")[2]) for code, where in found] == [(expected[1], expected[2])]
    assert all(problem.say("fr") != problem.say("en") for problem in refused.value.problems)


def test_shipped_law_is_right() -> None:
    """What is shipped passes its own check."""
    assert check_law().grids == 5
