"""The engine: two evaluators that cannot differ, and a factor that no instrument has."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry import assess_person, load_law, score_frame
from expressentry.assess.frame.stages import picked, score_stages
from expressentry.assess.person.explain import section_points
from expressentry.assess.person.next_steps import next_steps
from expressentry.factors.table import code_name
from expressentry.law.grid.diff import diff as diff_grids
from expressentry.law.grid.tree import Codes, Grid, Node
from tests.people import ALONE, facts_of, people, table

GRIDS = [
    *load_law().grids,
    load_law(
        name="crs-proposal-2026-04", parameters=dict.fromkeys(("high_wage_1_3", "high_wage_1_5", "high_wage_2"), 7)
    )
    .on(date(2026, 11, 24))
    .crs,
]
LEAVES = [(grid, node) for grid in GRIDS for node in grid.root.walk() if node.leaf]


@pytest.mark.parametrize(("grid", "node"), LEAVES, ids=lambda part: part.id)
def test_every_cell_both_ways(grid: Grid, node: Node) -> None:
    """Every cell of every table, alone and accompanied, in both orders, is the same by both evaluators."""
    leaf = node.leaf
    assert leaf is not None
    for order in grid.orders:
        domains = [range(an_input.size) for an_input in leaf.inputs]
        people = []
        for case, *codes in product((0, 1), *domains):
            person: dict[str, int | None] = dict.fromkeys(grid.inputs, 0)
            for an_input, code in zip(leaf.inputs, codes, strict=True):
                person |= dict.fromkeys(an_input.members[order], code)
            people.append(person | {grid.cases: case, "first_language": list(grid.columns.orders).index(order)})
        rows = [{code_name(name): code for name, code in person.items()} for person in people]
        frame = pl.DataFrame(rows, schema=dict.fromkeys(map(code_name, grid.inputs), pl.UInt8)).lazy()
        stages, results = score_stages(grid)
        for stage in [*stages, picked(grid.orders)]:
            frame = frame.with_columns(**stage)
        gathered = frame.select(**results).select(section.id for section in grid.root.children).collect().rows()

        assert gathered == [sections_of(grid, person, order) for person in people]


def sections_of(grid: Grid, codes: Codes, order: str) -> tuple[int, ...]:
    """The sections by the one-person evaluator."""
    return tuple(section_points(grid, codes, order).values())


@settings(max_examples=150)
@given(data=st.data(), start=st.sampled_from(["2015-01-01", "2016-11-19", "2017-06-06", "2020-10-20", "2025-03-25"]))
def test_one_person_and_frame_agree(data: st.DataObject, start: str) -> None:
    """Any valid person has the same total, sections and first language by both paths, and the lines add up."""
    day = date.fromisoformat(start)
    grid = load_law().on(day).crs
    facts = data.draw(facts_of(grid))

    found = assess_person(facts, day)
    row = score_frame(table([facts], grid), day, sections=True).row(0, named=True)

    assert found.lines[0].points == found.total
    assert (row["crs"], row["first_language_used"]) == (found.total, found.first_language)
    assert {line.id: row[line.id] for line in found.sections} == {line.id: line.points for line in found.sections}
    for line in found.lines:
        children = [child.points for child in found.lines if child.parent == line.id]
        if children and line.status != "not_applicable":
            assert line.points == (sum(children) if line.uncapped is None else min(sum(children), line.points))
            assert line.uncapped in (None, sum(children))
        assert 0 <= line.points <= line.maximum
        assert line.cites[0].place.en
        assert line.cites[0].instrument.id


@settings(max_examples=60)
@given(data=st.data())
def test_next_steps_are_what_scoring_again_gives(data: st.DataObject) -> None:
    """A next step, taken, gives the total that it promised."""
    day = date(2026, 10, 1)
    facts = data.draw(facts_of(load_law().on(day).crs))
    found = assess_person(facts, day)

    for step in next_steps(found):
        raised = {**facts}
        column = found.rules.crs.columns[step.columns[0]]
        for name in step.columns:
            own = facts.get(name)
            higher = own is None or column.values.index(own) < column.values.index(step.value)
            raised[name] = step.value if higher or not column.ordered else own
        assert assess_person(raised, day).total == step.total
        assert step.change == step.total - found.first.total != 0


def test_a_grid_without_roles(tmp_path: Path) -> None:
    """A grid that never says `first` needs no order; both evaluators answer alike."""
    text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2027-01-01")
    text = text.replace("in_force = 2025-03-25", "in_force = 2027-01-01")
    text = text.replace('= "first"', '= "english"').replace('= "second"', '= "french"')
    (tmp_path / "law.toml").write_text(text, encoding="utf-8")
    law, day = load_law(tmp_path / "law.toml"), date(2027, 1, 1)
    grid = law.on(day).crs
    everyone = people(300, seed=4)
    scored = score_frame(table(everyone, grid), day, law=law)

    assert "first_language" not in grid.inputs
    assert set(scored["first_language_used"]) == {"english"}
    assert scored["crs"].to_list() == [assess_person(one, day, law).total for one in everyone]


class TestNewFactor:
    """A factor that no instrument has, by a TOML file alone."""

    FACTOR = """
[additional.high_wage]
title = { en = "High-wage occupation", fr = "Profession à haut salaire" }
place = { en = "s. 99", fr = "art. 99" }
table = "high_wage_tier"
rows = [["none", 0], ["tier_3", 10], ["tier_2", 25], ["tier_1", 50, 40]]

[columns.high_wage_tier]
type = "name"
values = ["none", "tier_3", "tier_2", "tier_1"]
ordered = true
empty = "refused"
title = { en = "High-wage tier", fr = "Palier de salaire" }
meaning = { en = "Tier of the occupation.", fr = "Palier de la profession." }
labels.none = { en = "none", fr = "aucun" }
labels.tier_3 = { en = "third tier", fr = "troisième palier" }
labels.tier_2 = { en = "second tier", fr = "deuxième palier" }
labels.tier_1 = { en = "first tier", fr = "premier palier" }
"""

    @pytest.fixture
    def law_file(self, tmp_path: Path) -> Path:
        """The grid of 2025 with one more factor."""
        text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2027-01-01")
        text = text.replace("in_force = 2025-03-25", "in_force = 2027-01-01")
        file = tmp_path / "new.toml"
        file.write_text(text + self.FACTOR, encoding="utf-8")
        return file

    def test_is_in_the_total_and_the_lines(self, law_file: Path) -> None:
        """One person gets the points, with a line and its source."""
        law, day = load_law(law_file), date(2027, 1, 1)
        person = {name: value for name, value in ALONE.items() if name != "job_offer"}
        found = assess_person({**person, "high_wage_tier": "tier_1"}, day, law)
        line = next(line for line in found.lines if line.id == "additional.high_wage")

        assert found.total == 469 + 50
        assert (line.given, line.points, line.maximum, line.cites[0].place.en) == ("tier_1", 50, 50, "s. 99")

    def test_is_in_the_batch(self, law_file: Path) -> None:
        """A frame must have the new column, and gets its points."""
        law, day = load_law(law_file), date(2027, 1, 1)
        grid = law.on(day).crs
        tiers = ["none", "tier_3", "tier_2", "tier_1"]
        rows = table([{**ALONE, "high_wage_tier": tier} for tier in tiers], grid)

        assert score_frame(rows, day, law=law)["crs"].to_list() == [469, 479, 494, 519]

    def test_is_in_the_diff(self, law_file: Path) -> None:
        """The diff names it."""
        law = load_law(law_file)
        changes = diff_grids(law.grid("crs-2025-03-25"), law.grid("crs-2027-01-01"))

        assert [(change.id, change.before, change.after) for change in changes] == [("additional.high_wage", None, 50)]
