"""Each notebook runs whole, in both languages, and what it shows is what the library says."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from pathlib import Path
from typing import Any

import marimo
import polars as pl
import pytest

from expressentry import load_record

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "examples/notebooks").glob("*.py"))
pytestmark = pytest.mark.filterwarnings("default")  # marimo is not ours


@cache
def shown(name: str) -> dict[str, Any]:
    """What the cells of a notebook define."""
    path = ROOT / "examples/notebooks" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"notebook_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    app: marimo.App = module.app
    _, defined = app.run()
    return dict(defined)


def test_ten_years() -> None:
    """Every round is counted once; a score of 490 reaches the cut-offs that it reaches."""
    reached: pl.DataFrame = shown("ten_years_of_rounds")["reached"]
    rounds = load_record().rounds

    assert reached["rounds"].sum() == len(rounds)
    assert reached["reached"].sum() == sum(one.cutoff <= 490 for one in rounds)
    assert reached["invitations"].sum() == sum(one.invitations for one in rounds)


def test_reform() -> None:
    """Without the points for French nobody gains, who has them loses just those, and some rise in rank all the same."""
    found = shown("who_gains_from_a_reform")
    change, summary, factors = found["change"], found["summary"].row(0, named=True), found["factors"]
    seven = pl.min_horizontal([f"french_{one}" for one in ("listening", "reading", "writing", "speaking")]) >= 7
    paid = factors.select(seven.fill_null(False)).to_series()

    assert summary["people"] == len(factors) == summary["gain"] + summary["lose"] + summary["same"]
    assert summary["gain"] == 0
    assert summary["lose"] == paid.sum() > 0
    assert set(change.filter(pl.col("change") != 0)["change"]) <= {-25, -50}
    assert found["passed"].row(0, named=True)["rise"] > 0


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_both_languages(path: Path) -> None:
    """A notebook asks for the language, and each wording of its own has both."""
    text = path.read_text(encoding="utf-8")

    assert 'mo.ui.dropdown({"English": "en", "français": "fr"}' in text
    assert len(re.findall(r'"en": ', text)) == len(re.findall(r'"fr": ', text))
    assert path.stem in (ROOT / "docs/how-to/in-your-tools.md").read_text(encoding="utf-8")
