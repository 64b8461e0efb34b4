"""A report as one HTML page that needs no network and no script: the same blocks as the PDF."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

_STYLE = """
body { font-family: "DejaVu Sans", "Liberation Sans", Helvetica, Arial, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 60rem; margin: 1.5rem auto; padding: 0 1rem; line-height: 1.45; }
h1, h2, h3 { color: #1f4e79; line-height: 1.2; }
.over, .under, footer { color: #595959; }
table { border-collapse: collapse; margin: 0.5rem 0 1.5rem; }
th, td { padding: 0.2rem 0.8rem 0.2rem 0; border-bottom: 1px solid #e3e3e3; text-align: left; vertical-align: top; }
th.right, td.right { text-align: right; }
svg { max-width: 100%; height: auto; }
.scroll { overflow-x: auto; }
"""
_ROW, _LABEL, _WIDTH = 22, 300, 380
"""The chart in pixels: a row's height, the room for its label, and for its bar."""


def page(data: Mapping[str, Any]) -> str:
    """The page of a report."""
    sections = "".join(
        f"<section>{_title(one['title'])}{''.join(_block(block) for block in one['blocks'])}</section>"
        for one in data["sections"]
    )
    return f"""<!DOCTYPE html>
<html lang="{data["lang"]}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(data["title"])}</title>
<style>{_STYLE}</style>
</head>
<body>
<header><p class="over">{escape(data["over"])}</p><h1>{escape(data["heading"])}</h1>
<p class="under">{escape(data["under"])}</p></header>
<main>{sections}</main>
<footer><p>{escape(data["footer"])}</p></footer>
</body>
</html>
"""


def _title(title: str | None) -> str:
    return "" if title is None else f"<h2>{escape(title)}</h2>"


def _block(block: Mapping[str, Any]) -> str:
    kind = block["kind"]
    if kind == "heading":
        return f"<h3>{escape(block['text'])}</h3>"
    if kind == "list":
        return f"<ul>{''.join(f'<li>{_cell(one)}</li>' for one in block['items'])}</ul>"
    if kind == "table":
        return _table(block)
    if kind == "changes":
        return _changes(block)
    return f"<p>{_cell(block['text'])}</p>"


def _cell(value: str | Mapping[str, Any]) -> str:
    return escape(value if isinstance(value, str) else value["text"])


def _table(block: Mapping[str, Any]) -> str:
    def row(cells: list[Any], tag: str) -> str:
        scope = ' scope="col"' if tag == "th" else ""
        sides = [' class="right"' if at in block["right"] else "" for at in range(len(cells))]
        made = (f"<{tag}{scope}{side}>{_cell(one)}</{tag}>" for one, side in zip(cells, sides, strict=True))
        return f"<tr>{''.join(made)}</tr>"

    body = "".join(row(cells, "td") for cells in block["rows"])
    return (
        f'<div class="scroll"><table><thead>{row(block["headings"], "th")}</thead><tbody>{body}</tbody></table></div>'
    )


def _changes(block: Mapping[str, Any]) -> str:
    """Bars from zero with their bands, as a drawing; the table below has the same numbers."""
    items, low = block["items"], float(block["low"])
    span = float(block["high"]) - low

    def x(value: float) -> float:
        return round(_LABEL + (value - low) / span * _WIDTH, 1)

    drawn = [f'<line x1="{x(0)}" y1="0" x2="{x(0)}" y2="{_ROW * len(items)}" stroke="#8a8a8a"/>']
    for at, one in enumerate(items):
        top = at * _ROW
        left, right = sorted((x(0), x(one["value"])))
        drawn += [
            f'<text x="{_LABEL - 8}" y="{top + 15}" text-anchor="end" font-size="12">{escape(one["label"])}</text>',
            f'<rect x="{left}" y="{top + 6}" width="{round(right - left, 1)}" height="10" fill="#1f4e79"/>',
            f'<line x1="{x(one["low"])}" y1="{top + 11}" x2="{x(one["high"])}" y2="{top + 11}" stroke="#d55e00" '
            'stroke-width="2.5"/>',
        ]
    below = _ROW * len(items) + 14
    for at, text in block["ends"]:
        drawn.append(f'<text x="{x(at)}" y="{below}" text-anchor="middle" font-size="11">{escape(text)}</text>')
    size = f'viewBox="0 0 {_LABEL + _WIDTH + 30} {below + 4}" width="{_LABEL + _WIDTH + 30}"'
    return f'<svg role="img" aria-label="{escape(block["alt"])}" {size}>{"".join(drawn)}</svg>'
