"""(a) Four factors and the whole CRS on a frame in memory, against OpenFisca-Core on the same rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import polars as pl
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from bench.measure import alternate, report
from bench.people import people
from expressentry import load_law, score_frame
from expressentry.law.grid.tree import Grid

DAY = date(2026, 10, 1)
MONTH = "2026-10"
ROWS = 5_000_000
ABILITIES = tuple(f"english_{ability}" for ability in ("listening", "reading", "writing", "speaking"))
PARTS = ("core.age", "core.education", "core.first_language", "core.canadian_work")


def four_factors(folder: Path) -> Path:
    """A law file with the four factors and nothing else, English first."""
    text = load_law().grid("crs-2025-03-25").text.replace("crs-2025-03-25", "crs-2026-10-01")
    text = text.replace("in_force = 2025-03-25", "in_force = 2026-10-01").replace('each = "first"', 'each = "english"')
    head, *places = text.split("\n[")
    kept = [place for place in places if place.startswith(("core]", *(f"{part}]" for part in PARTS)))]
    file = folder / "four.toml"
    file.write_text("\n[".join([head, *kept]), encoding="utf-8")
    return file


def tuned(grid: Grid, frame: pl.DataFrame) -> Callable[[], Any]:
    """OpenFisca with the same tables as arrays that its formulas index: no scale, no choice, no Python loop."""
    cells = {node.id: np.array(node.leaf.cells, dtype=np.int16) for node in grid.root.walk() if node.leaf}
    person = build_entity("person", "people", "", is_person=True)
    system = TaxBenefitSystem([person])
    levels = Enum("Level", [(name, name) for name in grid.columns["education"].values])  # type: ignore[call-overload]

    def given(name: str, kind: type, **more: Any) -> None:
        attrs = {"value_type": kind, "entity": person, "definition_period": DateUnit.MONTH, "label": name, **more}
        system.add_variable(type(name, (Variable,), attrs))

    for name in ("age", "canadian_work_years", *ABILITIES):
        given(name, int)
    given("accompanied", bool)
    given("education", Enum, possible_values=levels, default_value=next(iter(levels)))

    def formula(people_: Any, period: Any) -> Any:
        case = people_("accompanied", period).astype(np.int8)
        total = cells["core.age"][case, people_("age", period)]
        total = total + cells["core.education"][case, people_("education", period).view(np.ndarray)]
        total = total + cells["core.canadian_work"][case, people_("canadian_work_years", period)]
        for ability in ABILITIES:
            total = total + cells["core.first_language"][case, people_(ability, period)]
        return total

    given("points", int, formula=formula)
    arrays = {name: frame[name].cast(pl.Int32).to_numpy() for name in ("age", "canadian_work_years", *ABILITIES)}
    accompanied = frame["accompanied"].to_numpy()
    education = EnumArray(frame["education"].to_physical().to_numpy().astype(np.int16), levels)

    def run() -> Any:
        simulation = SimulationBuilder().build_default_simulation(system, frame.height)
        for name, array in arrays.items():
            simulation.set_input(name, MONTH, array)
        simulation.set_input("accompanied", MONTH, accompanied)
        simulation.set_input("education", MONTH, education)
        return simulation.calculate("points", MONTH)

    return run


def bench() -> None:
    """Compare on the same rows; the totals of the four factors must agree."""
    with TemporaryDirectory() as folder:
        law = load_law(four_factors(Path(folder)))
    grid = law.on(DAY).crs
    frame = people(load_law().on(DAY).crs, ROWS)
    four = frame.select(grid.inputs.keys())
    peer = tuned(grid, four)
    if not np.array_equal(peer(), score_frame(four, DAY, law=law)["crs"].to_numpy()):
        raise SystemExit("the peer and the engine disagree")
    jobs = {
        "peer": peer,
        "four": lambda: score_frame(four, DAY, law=law),
        "whole": lambda: score_frame(frame, DAY),
    }
    taken = alternate(jobs, 7, burst=3)
    speed = {name: f"{ROWS / seconds / 1e6:.1f} million rows a second" for name, seconds in taken.items()}
    threads = f"{pl.thread_pool_size()} threads; OpenFisca 1: {speed['peer']}"
    ratio = taken["peer"] / taken["four"]
    report(
        "(a) four factors, times OpenFisca tuned",
        ratio,
        "×",
        "≥ 10",
        met=ratio >= 10,
        more=f"{speed['four']}, {threads}",
    )
    ratio = taken["peer"] / taken["whole"]
    report("(a) whole CRS, both orders, times the same", ratio, "×", "≥ 3", met=ratio >= 3, more=speed["whole"])
