"""Who gains from a reform: a marimo notebook, which runs as a script too. pip install "expressentry[lab]" marimo."""

import marimo

__generated_with = "0.25.2"

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo

    lang = mo.ui.dropdown({"English": "en", "français": "fr"}, value="English", label="Language · Langue")
    gone = mo.ui.dropdown(
        {
            "French · Français": "additional.french",
            "Sibling · Frère ou sœur": "additional.sibling",
            "Canadian study · Études au Canada": "additional.canadian_study",
        },
        value="French · Français",
        label="Points that end · Points qui prennent fin",
    )
    mo.hstack([lang, gone], justify="start")
    return gone, lang, mo


@app.cell
def _(gone, mo):
    from datetime import date
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from expressentry import load_law

    day = date(2026, 10, 1)
    # A reform is one file of law: what it ends, and an invented instrument that says so. Everything else stays.
    text = f"""
extends = "crs-2025-03-25"
id = "crs-reform"
in_force = {day}
made_by = "reform"
title = {{ en = "A reform", fr = "Une réforme" }}
remove = ["{gone.value}"]

[instruments.reform]
kind = "ministerial_instruction"
status = "in_force"
title = {{ en = "An invented reform", fr = "Une réforme inventée" }}
in_force = {day}
checked = {day}
confidence = "unverified"
address = "nowhere"
doubt = {{ en = "Invented.", fr = "Inventé." }}
"""
    with TemporaryDirectory() as _folder:
        _file = Path(_folder) / "reform.toml"
        _file.write_text(text, encoding="utf-8")
        reform = load_law(_file)
    law = load_law()
    mo.md(f"```toml{text}```")
    return day, law, reform


@app.cell
def _(day, law, mo):
    from expressentry.simulate.facts import factors_on
    from expressentry.simulate.population.make import uncalibrated

    # Invented people: what is known of the pool in docs/explanation/simulation.md, without its calibration.
    people = uncalibrated(2000, 1, day, law)
    factors = factors_on(people, day, law.on(day)).select(*law.on(day).crs.inputs).with_row_index("person", 1)
    mo.md(f"{factors.height} people · personnes")
    return (factors,)


@app.cell
def _(day, factors, law, mo, reform):
    import polars as pl

    from expressentry import score_frame

    before = score_frame(factors, day, law=law)
    after = score_frame(factors, day, law=reform)
    change = before.select("person", before="crs").with_columns(after=after["crs"])
    change = change.with_columns(change=pl.col("after") - pl.col("before"))
    summary = change.select(
        people=pl.len(),
        gain=(pl.col("change") > 0).sum(),
        lose=(pl.col("change") < 0).sum(),
        same=(pl.col("change") == 0).sum(),
        mean_change=pl.col("change").mean().round(2),
    )
    mo.vstack([summary, change.filter(pl.col("change") != 0).sort("change").head(20)])
    return change, summary


@app.cell
def _(change, factors, lang, mo):
    # A score alone invites nobody: what counts is the rank, and so who passes whom.
    ranked = change.with_columns(
        rank_before=change["before"].rank("min", descending=True),
        rank_after=change["after"].rank("min", descending=True),
    )
    passed = ranked.select(
        rise=(ranked["rank_after"] < ranked["rank_before"]).sum(),
        fall=(ranked["rank_after"] > ranked["rank_before"]).sum(),
    )
    _said = {
        "en": "Ranks: who loses no points may still rise, because others fall.",
        "fr": "Rangs : qui ne perd aucun point peut monter, parce que d'autres descendent.",
    }
    mo.vstack([mo.md(_said[lang.value]), passed, factors.head(5)])
    return (passed,)


if __name__ == "__main__":
    app.run()
