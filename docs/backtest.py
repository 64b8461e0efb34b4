"""Repeat the backtest of the forecasts and write what is kept of it: the chosen models, their scores, the tables.

python docs/backtest.py            the models, scores and reliability under src/expressentry/data/forecast
python docs/backtest.py --tables   only write the tables of the pages again, from what is kept
python docs/backtest.py --check    only say whether the tables of the pages follow from them
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Any

from expressentry import load_law, load_record
from expressentry.forecast.ahead import Published
from expressentry.forecast.backtest import (
    HORIZONS,
    Reliability,
    Score,
    choose,
    make_all,
    reliability,
    scores,
)
from expressentry.forecast.models import BASELINE, MODELS
from expressentry.forecast.models.reference import REFERENCE_INSTALLED
from expressentry.forecast.past import History
from expressentry.forecast.settings import FOLDER, Settings, load_settings
from expressentry.text import Lang, Text

DAY = date(2026, 10, 2)
PICTURES = Path(__file__).parent / "pictures"
PAGES: Mapping[Lang, Path] = {
    "en": Path(__file__).parent / "explanation" / "forecast.md",
    "fr": Path(__file__).parent / "explanation" / "forecast.fr.md",
}
_REFERENCE = ("autoets", "autoarima")
_EARLIER = {"general": (6.69, 3.65), "cec": (4.30, 3.14), "french": (14.9, 9.9), "pnp": (24.2, 22.7)}
"""The best CRPS of the earlier study of the same rounds: before the round, and with its size known."""
_LEAST, _MOST_OF_THEM = 12, 0.8
_REGIMES = {
    "all": Text("all", "toutes"),
    "chosen_on": Text("to 2025 (choice)", "jusqu'à 2025 (choix)"),
    "held_out": Text("2026 (untouched)", "2026 (intactes)"),
}
_START, _END = "<!-- tables, made by `make backtest` -->", "<!-- end of the tables -->"


def run() -> None:
    """Make all forecasts again, choose, and write."""
    settings = load_settings()
    history = History.of(load_record(), load_law())
    found = make_all(history, settings, told=_told)
    chosen = choose(found, settings)
    found += make_all(history, settings, {"published": Published(chosen)}, told=_told)
    write_chosen(chosen)
    table = scores(found, settings)
    if not REFERENCE_INSTALLED:  # the rows of a machine that had them are kept
        table += [one for one in read(Score, "scores.csv") if one.model in _REFERENCE]
    write(table, "scores.csv")
    write(reliability([one for one in found if one.model == "published" and one.horizon == 1]), "reliability.csv")


def pictures() -> None:
    """Draw the fans and the reliability that the page shows."""
    from expressentry.answers.context import Context
    from expressentry.answers.forecast import basis_of, forecast
    from expressentry.present.charts.forecast import fan_chart, fan_data, reliability_chart, reliability_data
    from expressentry.present.charts.save import save

    context = Context(load_law(), load_record())
    basis = basis_of(context, DAY, "crs-2025-03-25")
    drawings: tuple[tuple[Lang, bool, str], ...] = (("en", False, ""), ("fr", True, ".fr.dark"))
    for lang, dark, end in drawings:
        for series in ("cec", "french"):
            data = fan_data(forecast(context, basis, series, rounds=5), lang)
            drawn = fan_chart(data, lang, dark=dark)
            save(drawn, data, PICTURES / f"forecast-{series}{end}.png", lang, dark=dark)
        data = reliability_data(lang)
        save(
            reliability_chart(data, lang, dark=dark), data, PICTURES / f"forecast-reliability{end}.png", lang, dark=dark
        )


def _told(done: int, of: int) -> None:
    print(f"\r{done}/{of}", end="\n" if done == of else "", file=sys.stderr, flush=True)


def write_chosen(chosen: Mapping[str, tuple[str, str]]) -> None:
    """Write the chosen models."""
    lines = ["# Made by `make backtest`: for each period the model for the next round, and for rounds further on."]
    for name, (near, far) in chosen.items():
        lines.append(f'\n[period.{name}]\nnext = "{near}"\nfurther = "{far}"')
    (FOLDER / "chosen.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write(rows: Sequence[Score | Reliability], name: str) -> None:
    """Write a table, its numbers as short as they are worth."""
    with (FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([one.name for one in fields(rows[0])])
        for row in rows:
            writer.writerow([f"{v:.4f}" if isinstance(v, float) else v for v in asdict(row).values()])


def read(kind: type[Any], name: str) -> list[Any]:
    """Read a table back; none where it was never written."""
    if not (FOLDER / name).exists():
        return []
    kinds = {one.name: {"int": int, "float": float}.get(str(one.type), str) for one in fields(kind)}
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return [kind(**{key: kinds[key](value) for key, value in row.items()}) for row in csv.DictReader(file)]


def tables(lang: Lang = "en") -> str:
    """The tables of a page, from what is kept; the French page has the main ones."""
    settings, rows = load_settings(), read(Score, "scores.csv")
    by = {(one.model, one.type, one.horizon, one.regime): one for one in rows}
    titles = Text(
        "The published forecasts, one round ahead|With the size known|Beside the earlier study|All models, one round "
        "ahead|By horizon|Across changes of the points grid|Reliability",
        "Les prévisions publiées, une ronde à l'avance|La taille étant connue|À côté de l'étude antérieure",
    )
    made = [_published(settings, by, lang), _with_size(settings, by, lang), _beside(settings, by, lang)]
    if lang == "en":
        made += [_all_models(settings, rows), _horizons(settings, by), _changes(rows), _reliability()]
    parts = [
        "\n".join([f"### {title}\n", *lines]) for title, lines in zip(titles.say(lang).split("|"), made, strict=True)
    ]
    return "\n\n".join(parts) + "\n"


def _line(cells: Iterable[object]) -> str:
    return "| " + " | ".join(map(str, cells)) + " |"


def _head(*cells: str) -> list[str]:
    return [_line(cells), _line("---" for _ in cells)]


def _skill(one: Score, lang: Lang = "en") -> str:
    mark = "**" if one.skill_low > 0 else ""
    return _figures(f"{mark}{one.skill:+.2f}{mark} [{one.skill_low:+.2f}, {one.skill_high:+.2f}]", lang)


def _figures(told: str, lang: Lang) -> str:
    """Figures as a language writes them."""
    return told if lang == "en" else told.replace(",", ";").replace(".", ",")


_COLUMNS = Text(
    "of them|n|CRPS|last value|skill|MAE|in 80 %|in 95 %|80 % width",
    "dont|n|CRPS|dernière valeur|gain|EAM|dans 80 %|dans 95 %|largeur à 80 %",
)
_ROUNDS = Text("rounds", "rondes")


def _row(one: Score, regime: str, lang: Lang) -> list[object]:
    """The scores of a model on some of the rounds of a period; a coverage that is out of its bounds has a mark."""
    wrong = "" if 0.7 <= one.coverage80 <= 0.9 else " ✗"
    wrong95 = "" if one.coverage95 >= 0.9 else " ✗"
    return [
        _REGIMES[regime].say(lang),
        one.n,
        _figures(f"{one.crps:.2f}", lang),
        _figures(f"{one.crps_last_value:.2f}", lang),
        _skill(one, lang),
        _figures(f"{one.mae:.1f}", lang),
        f"{one.coverage80 * 100:.0f}{wrong}",
        f"{one.coverage95 * 100:.0f}{wrong95}",
        f"{one.width80:.0f}",
    ]


def _published(settings: Settings, by: Mapping[tuple[str, str, int, str], Score], lang: Lang) -> list[str]:
    found = _head(_ROUNDS.say(lang), *_COLUMNS.say(lang).split("|"))
    for period in settings.periods:
        for regime in _REGIMES:
            if one := by.get(("published", period.id, 1, regime)):
                found.append(_line([period.title.say(lang) if regime == "all" else "", *_row(one, regime, lang)]))
    return found


def _chosen_with_size(period: str, by: Mapping[tuple[str, str, int, str], Score]) -> str | None:
    """The model given the size with the largest skill to the end of 2025, of those that forecast most of the rounds.

    They do not forecast the same rounds, so each is compared with the last value on its own.
    """
    regime = "chosen_on" if (BASELINE, period, 1, "chosen_on") in by else "all"
    its = [by.get((name, period, 1, regime)) for name, one in MODELS.items() if one.knows]
    known = [one for one in its if one is not None and one.n >= _LEAST]
    many = [one for one in known if one.n >= _MOST_OF_THEM * max(one.n for one in known)]
    return max(many, key=lambda one: one.skill).model if many else None


def _with_size(settings: Settings, by: Mapping[tuple[str, str, int, str], Score], lang: Lang) -> list[str]:
    found = _head(_ROUNDS.say(lang), Text("model", "modèle").say(lang), *_COLUMNS.say(lang).split("|"))
    for period in settings.periods:
        name = _chosen_with_size(period.id, by)
        for regime in _REGIMES:
            if one := by.get((name or "", period.id, 1, regime)):
                first = [period.title.say(lang), f"`{name}`"] if regime == "all" else ["", ""]
                found.append(_line([*first, *_row(one, regime, lang)]))
    return found


def _beside(settings: Settings, by: Mapping[tuple[str, str, int, str], Score], lang: Lang) -> list[str]:
    heads = Text("known|earlier study|here|aim", "connu|étude antérieure|ici|cible")
    found = _head(_ROUNDS.say(lang), *heads.say(lang).split("|"))
    known = Text("nothing|the size", "rien|la taille").say(lang).split("|")
    for period in settings.periods:
        models = ("published", _chosen_with_size(period.id, by))
        for model, aim, word in zip(models, _EARLIER.get(period.id, ()), known, strict=False):
            crps = round(by[model or "", period.id, 1, "all"].crps, 2)
            told = _MET if crps <= aim else _MISSED.fill(n=_figures(f"{crps - aim:.2f}", lang))
            cells = [period.title.say(lang), word, _figures(f"{aim:.2f}", lang), _figures(f"{crps:.2f}", lang)]
            found.append(_line([*cells, told.say(lang)]))
    return found


_MET, _MISSED = Text("met", "atteinte"), Text("missed by {n}", "manquée de {n}")


def _all_models(settings: Settings, rows: Sequence[Score]) -> list[str]:
    names = [*MODELS, "published"]
    found = []
    for period in settings.periods:
        found += [f"\n**{period.title.en}**\n"]
        found += _head(
            "model", "n", "CRPS", "skill", "MAE", "median", "pinball 10/50/90", "in 80 %", "in 95 %", "Brier"
        )
        its = {one.model: one for one in rows if (one.type, one.horizon, one.regime) == (period.id, 1, "all")}
        for name in names:
            if name in its:
                one = its[name]
                losses = f"{one.pinball10:.2f} / {one.pinball50:.2f} / {one.pinball90:.2f}"
                found.append(
                    _line(
                        [
                            f"`{name}`",
                            one.n,
                            f"{one.crps:.2f}",
                            _skill(one),
                            f"{one.mae:.1f}",
                            f"{one.median_error:.1f}",
                            losses,
                            f"{one.coverage80 * 100:.0f}",
                            f"{one.coverage95 * 100:.0f}",
                            f"{one.brier:.3f}",
                        ]
                    )
                )
    return found


def _horizons(settings: Settings, by: Mapping[tuple[str, str, int, str], Score]) -> list[str]:
    found = _head("rounds", *(f"{one} ahead" for one in HORIZONS))
    for period in settings.periods:
        cells = []
        for horizon in HORIZONS:
            one = by.get(("published", period.id, horizon, "all"))
            cells.append("–" if one is None else f"{one.crps:.1f} / {one.crps_last_value:.1f} ({one.n})")
        found.append(_line([period.title.en, *cells]))
    return found


def _changes(rows: Sequence[Score]) -> list[str]:
    found = _head("rounds", "model", "n", "CRPS", "last value", "in 80 %", "in 95 %")
    for one in rows:
        if one.horizon == 1 and one.regime == "grid_change" and one.model in ("published", "last_value"):
            covered = [f"{share * 100:.0f}" for share in (one.coverage80, one.coverage95)]
            found.append(
                _line([one.type, f"`{one.model}`", one.n, f"{one.crps:.1f}", f"{one.crps_last_value:.1f}", *covered])
            )
    return found


def _reliability() -> list[str]:
    found = _head("probability given", "forecasts", "mean given", "came true")
    for one in read(Reliability, "reliability.csv"):
        if one.type == "all":
            found.append(_line([f"{one.low:.1f}–{one.low + 0.1:.1f}", one.n, f"{one.given:.2f}", f"{one.came:.2f}"]))
    return found


def renewed(page: str, lang: Lang) -> str:
    """A page with its tables."""
    before, _, rest = page.partition(_START)
    _, _, after = rest.partition(_END)
    return f"{before}{_START}\n\n{tables(lang)}\n{_END}{after}"


def current() -> bool:
    """Whether the tables of the pages are those that follow from what is kept."""
    pages = {lang: path.read_text(encoding="utf-8") for lang, path in PAGES.items()}
    return all(renewed(page, lang) == page for lang, page in pages.items())


if __name__ == "__main__":
    if sys.argv[1:] == ["--check"]:
        sys.exit(0 if current() else "docs/explanation/forecast.md is not current: make backtest")
    if sys.argv[1:] != ["--tables"]:
        run()
        pictures()
    for language, at in PAGES.items():
        at.write_text(renewed(at.read_text(encoding="utf-8"), language), encoding="utf-8")
