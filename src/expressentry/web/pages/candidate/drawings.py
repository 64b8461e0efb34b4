"""Small pictures drawn into the page itself: a person's score may not be part of an address that a log keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from expressentry.advise.timeline.days import TimelineEvent
from expressentry.rounds.replay import Replayed

WIDTH, HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 12, 12, 28
_TICKS = 4
_COLUMNS = 6
_MARGIN = 20
"""The share of a picture that is left free after its last month, for the mark below it."""
_STEPS = (10, 20, 25, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Dot:
    """One mark: where it is, its kind (a class of the stylesheet) and what it says."""

    x: float
    y: float
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of days and points: a line, dots, the marks of both axes, and where there is one a range."""

    line: str
    dots: tuple[Dot, ...]
    rows: tuple[tuple[float, int], ...]
    columns: tuple[tuple[float, str], ...]
    band: str = ""
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class _Frame:
    first: date
    last: date
    low: int
    high: int

    def x(self, day: date) -> float:
        span = max((self.last - self.first).days, 1)
        return round(_LEFT + (day - self.first).days / span * (WIDTH - _LEFT - _RIGHT), 1)

    def y(self, points: float) -> float:
        share = (points - self.low) / max(self.high - self.low, 1)
        return round(HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM), 1)

    def drawing(self, line: str, dots: Iterator[Dot], months: Sequence[date] = ()) -> Drawing:
        """The picture, with lines at round points and marks at the first days of years or quarters, or at months."""
        step = next((one for one in _STEPS if (self.high - self.low) / one <= _TICKS), _STEPS[-1])
        at = range(-(-self.low // step) * step, self.high + 1, step)
        few = months[:: -(-len(months) // _COLUMNS)] if months else ()
        columns = [(self.x(one), f"{one:%Y-%m}") for one in few] or self._columns()
        return Drawing(line, tuple(dots), tuple((self.y(n), n) for n in at), tuple(columns))

    def _columns(self) -> Iterator[tuple[float, str]]:
        years = self.last.year - self.first.year
        months = (1,) if years > 2 else (1, 7)
        for year in range(self.first.year, self.last.year + 1):
            for month in months:
                day = date(year, month, 1)
                if self.first <= day <= self.last:
                    yield self.x(day), f"{year}" if months == (1,) else f"{year}-{month:02}"


def rounds_drawing(rounds: Sequence[Replayed]) -> Drawing | None:
    """The cut-offs of rounds that a person could enter, and the person's score on each of those days."""
    if not rounds:
        return None
    points = [n for one in rounds for n in (one.round.cutoff, one.scores[0])]
    frame = _Frame(rounds[0].round.date, rounds[-1].round.date, min(points) - 10, max(points) + 10)
    line = _steps([(one.round.date, one.scores[0]) for one in rounds], frame)
    dots = (
        Dot(
            frame.x(one.round.date),
            frame.y(one.round.cutoff),
            "yes" if one.answer else "open" if one.answer is None else "no",
            f"{one.round.number} · {one.round.date} · {one.round.cutoff}",
        )
        for one in rounds
    )
    return frame.drawing(line, dots)


def timeline_drawing(now: int, events: Sequence[TimelineEvent], first: date, last: date) -> Drawing:
    """The score from today on, and a dot on each day on which it changes."""
    days = [
        (first, now),
        *((one.date, one.after.crs) for one in events),
        (last, events[-1].after.crs if events else now),
    ]
    points = [n for _, n in days]
    frame = _Frame(first, last, min(points) - 10, max(points) + 10)
    dots = (
        Dot(frame.x(one.date), frame.y(one.after.crs), "no", f"{one.date} · {one.after.crs}")
        for one in events
        if one.after.crs != one.before.crs
    )
    return frame.drawing(_steps(days, frame), dots)


def chances_drawing(first: date, months: Sequence[tuple[date, float, float, float]]) -> Drawing:
    """The chance of an invitation by the end of each month in percent, and its range, from nothing today."""
    last = months[-1][0]
    frame = _Frame(first, last + (last - first) / _MARGIN, 0, 100)
    points = [(first, 0.0, 0.0, 0.0), *months]

    def path(values: Iterable[tuple[date, float]]) -> str:
        return "L".join(f"{frame.x(day)} {frame.y(chance * 100)}" for day, chance in values)

    high = path((day, top) for day, _, _, top in points)
    low = path((day, bottom) for day, _, bottom, _ in reversed(points))
    dots = (
        Dot(frame.x(day), frame.y(chance * 100), "no", f"{day:%Y-%m} · {round(chance * 100)} %")
        for day, chance, _, _ in months
    )
    line = f"M{path((day, chance) for day, chance, _, _ in points)}"
    return replace(frame.drawing(line, dots, months=[one[0] for one in months]), band=f"M{high}L{low}Z")


def _steps(days: Sequence[tuple[date, int]], frame: _Frame) -> str:
    """A line that holds a score until the day on which it is another."""
    path = f"M{frame.x(days[0][0])} {frame.y(days[0][1])}"
    for day, points in days[1:]:
        path += f"H{frame.x(day)}V{frame.y(points)}"
    return path
