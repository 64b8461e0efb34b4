"""A chart as a file: SVG, PNG, or one HTML page that needs no network."""

from __future__ import annotations

import json
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expressentry.errors import Problem, UsageError
from expressentry.files import PUBLIC, write_atomically
from expressentry.present.charts.data import ChartData
from expressentry.present.charts.style import FONT, tones_of
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    import altair as alt

ENDINGS = (".svg", ".png", ".html")


def save(chart: alt.VConcatChart, data: ChartData, path: Path, lang: Lang, *, dark: bool = False) -> None:
    """Write a chart as SVG, PNG or one HTML page with everything in it.

    Raises:
        UsageError: The file has another ending.
        FileError: The file cannot be written.
    """
    import vl_convert

    check_ending(path)
    spec = chart.to_dict()
    locale = _locale(lang)
    ending = path.suffix.lower()
    if ending == ".svg":
        content = as_svg(chart, lang)
    elif ending == ".png":
        content = vl_convert.vegalite_to_png(spec, scale=1.5, **locale)
    else:
        content = _page(spec, data, lang, tones_of(dark)).encode()
    write_atomically(path, content, mode=PUBLIC)


def as_svg(chart: alt.VConcatChart, lang: Lang) -> bytes:
    """Draw a chart as SVG."""
    import vl_convert

    return vl_convert.vegalite_to_svg(chart.to_dict(), **_locale(lang)).encode()


def _locale(lang: Lang) -> dict[str, Any]:
    """How numbers and months are written; the short months of the Canadian French table are not those in use."""
    import vl_convert

    return {
        "format_locale": vl_convert.get_format_locale("fr-CA" if lang == "fr" else "en-CA"),
        "time_format_locale": vl_convert.get_time_format_locale("fr-FR" if lang == "fr" else "en-CA"),
    }


def check_ending(path: Path) -> None:
    """Refuse a file whose ending names no picture that can be written."""
    if path.suffix.lower() not in ENDINGS:
        rule = Text("a file name ending in {a}", "un nom de fichier finissant par {a}").fill(a=", ".join(ENDINGS))
        raise UsageError(
            Problem("unknown_format", "out", rule, Text("choose one of these", "choisir l'une d'elles"), str(path))
        )


def _page(spec: dict[str, Any], data: ChartData, lang: Lang, tones: dict[str, str]) -> str:
    """One page: the chart, its sentence and its table; scripts and data inside, nothing fetched."""
    import vl_convert

    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in data.headings.say(lang).split("|"))
    rows = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in data.table)
    locale = _locale(lang)
    options = {
        "renderer": "svg",
        "actions": False,
        "formatLocale": locale["format_locale"],
        "timeFormatLocale": locale["time_format_locale"],
    }
    embed = f'vegaEmbed("#chart", {json.dumps(spec)}, {json.dumps(options)});'.replace("</", "<\\/")
    return f"""<!DOCTYPE html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(data.title.say(lang))}</title>
<style>
body {{ font-family: {FONT}; background: {tones["background"]}; color: {tones["ink"]}; margin: 1.5rem; }}
td, th {{ padding: 0.15rem 1rem 0.15rem 0; text-align: right; }}
td:first-child, th:first-child {{ text-align: left; }}
</style>
</head>
<body>
<div id="chart" role="img" aria-label="{escape(data.summary.say(lang))}"></div>
<p>{escape(data.summary.say(lang))}</p>
<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>
<script>{vl_convert.javascript_bundle(embed)}</script>
</body>
</html>
"""
