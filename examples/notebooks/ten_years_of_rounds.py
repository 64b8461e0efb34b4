"""Ten years of rounds: a marimo notebook, which runs as a script too. pip install "expressentry[charts]" marimo."""

import marimo

__generated_with = "0.25.2"

app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo
    import polars as pl

    from expressentry import load_record, rounds_frame
    from expressentry.present.charts.data import cutoffs, invitations
    from expressentry.present.charts.draw import cutoffs_chart, invitations_chart

    return cutoffs, cutoffs_chart, invitations, invitations_chart, load_record, mo, pl, rounds_frame


@app.cell
def _(mo):
    lang = mo.ui.dropdown({"English": "en", "français": "fr"}, value="English", label="Language · Langue")
    lang
    return (lang,)


@app.cell
def _(lang, load_record, mo):
    # No clock: the notebook says what the record says, up to its newest round.
    record = load_record()
    told = {
        "en": f"# Ten years of rounds\n\n{len(record.rounds)} rounds from {record.rounds[0].date} to {record.as_of}.",
        "fr": f"# Dix ans de rondes\n\n{len(record.rounds)} rondes du {record.rounds[0].date} au {record.as_of}.",
    }
    mo.md(told[lang.value])
    return (record,)


@app.cell
def _(cutoffs, cutoffs_chart, lang, mo, record):
    _data = cutoffs(record, record.as_of, None, lang.value)
    mo.vstack([cutoffs_chart(_data, lang.value), mo.md(_data.summary.say(lang.value))])
    return


@app.cell
def _(invitations, invitations_chart, lang, mo, record):
    _data = invitations(record, record.as_of, lang.value)
    mo.vstack([invitations_chart(_data, lang.value), mo.md(_data.summary.say(lang.value))])
    return


@app.cell
def _(lang, mo):
    own = mo.ui.slider(300, 900, value=490, label={"en": "Your score", "fr": "Votre note"}[lang.value], show_value=True)
    own
    return (own,)


@app.cell
def _(lang, mo, own, pl, rounds_frame):
    # A score that reaches the cut-off is needed, not enough: a round is for some programs or categories only.
    reached = (
        rounds_frame(lang=lang.value)
        .group_by(pl.col("date").dt.year().alias("year"), "type", pl.col("category").cast(pl.String).fill_null(""))
        .agg(
            pl.len().alias("rounds"),
            (pl.col("cutoff") <= own.value).sum().alias("reached"),
            pl.col("cutoff").min().alias("lowest"),
            pl.col("invitations").sum(),
        )
        .sort("year", "type", "category")
    )
    _said = {
        "en": "Rounds whose cut-off this score reaches, for those who could enter them:",
        "fr": "Les rondes dont cette note atteint la note minimale, pour qui pouvait y entrer :",
    }
    mo.vstack([mo.md(_said[lang.value]), reached])
    return (reached,)


if __name__ == "__main__":
    app.run()
