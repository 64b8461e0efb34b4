"""Reading the department's own data file of rounds, `ee_rounds_123_en.json` or `_fr`, as it is published.

What a round needs (number, day, name, size, cut-off) must be readable in every row, or the whole file is refused. The
rest (times, programs, the distribution) may be odd: it is read where possible, and what had to be presumed, or could
not be read, is reported.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from expressentry.dates import START
from expressentry.documents import OutOfBoundsError, decode, load_json
from expressentry.errors import FileError, Problem, RecordError
from expressentry.law.load import load_law
from expressentry.law.round_names import UNKNOWN, RoundNames
from expressentry.rounds.parse_values import read_day, read_instant, read_number
from expressentry.rounds.record import TOTAL, PoolDay, Round, number_order
from expressentry.text import Lang, Text

MOST_BYTES = 20_000_000
"""A file larger than this is not a feed: in August 2026 the feed had 0.8 million bytes."""

# What dd1 to dd18 stand for; the sums of every distribution published so far prove it.
LAYOUT = (
    (601, 1200), (501, 600), (451, 500), (491, 500), (481, 490), (471, 480), (461, 470), (451, 460), (401, 450),
    (441, 450), (431, 440), (421, 430), (411, 420), (401, 410), (351, 400), (301, 350), (0, 300), TOTAL,
)  # fmt: skip
_NUMBER = re.compile(r"[0-9]{1,4}[a-z]?")
_FIX = Text("give the file as the department publishes it", "donner le fichier tel que le ministère le publie")


@dataclass(frozen=True, slots=True)
class Remark:
    """Something odd in a feed, about a round (its number) or a distribution (its day)."""

    subject: str
    text: Text


@dataclass
class Feed:
    """A feed as read: rounds and distributions oldest first, the raw rows by number, and what was odd."""

    rounds: dict[str, Round] = field(default_factory=dict)
    pool: dict[date, PoolDay] = field(default_factory=dict)
    raw: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    lang: Lang = "en"

    @property
    def newest(self) -> date:
        """The day of its last round."""
        return max(one.date for one in self.rounds.values())


def read_feed(
    data: bytes,
    source: str = "feed",
    seen: date | None = None,
    lang: Lang | None = None,
    names: RoundNames | None = None,
) -> Feed:
    """Read a feed.

    Args:
        data: The file as published.
        source: The id of the source that its rows are marked with.
        seen: The day on which its rows were checked, else the day of its newest round.
        lang: Its language, else the one that its words show.
        names: The names of rounds under the law that is used, else under the shipped law.

    Raises:
        RecordError: Something that is needed cannot be read; everything that is wrong is listed.
    """
    rows, names = _rows(data), names or load_law().round_names
    feed, problems = Feed(), list[Problem]()
    found = [_round(row, at, source, names, feed.remarks, problems) for at, row in enumerate(rows, 1)]
    read = [(one, row) for one, row in zip(found, rows, strict=True) if one is not None]
    for one, _ in read:
        if one.number in feed.rounds:
            rule = Text("is twice in the feed", "figure deux fois dans le fichier")
            problems.append(Problem("number_twice", "drawNumber", rule, _FIX, one.number))
        feed.rounds[one.number] = one
    if problems:
        raise RecordError(problems)
    seen = seen or feed.newest
    read.sort(key=lambda pair: number_order(pair[0].number))
    feed.raw = {one.number: row for one, row in read}
    feed.rounds = {one.number: replace(one, checked=seen) for one, _ in read}
    feed.lang = lang or ("fr" if any(map(_is_french, rows)) else "en")
    _out_of_order(feed)
    for number, row in feed.raw.items():
        _distribution(row, feed.rounds[number], feed)
    return feed


def _is_french(row: Mapping[str, Any]) -> bool:
    return bool(re.search(r"\b(programme|catégorie|candidats)\b", f"{row['drawName']} {row.get('drawText2')}".lower()))


def _rows(data: bytes) -> list[Mapping[str, Any]]:
    """The rows of a feed. The French file was Windows-1252 in September 2026 and UTF-8 in October; neither says so."""
    if len(data) > MOST_BYTES:
        raise _refused("too_large", Text("at most {n} bytes", "au plus {n} octets").fill(n=MOST_BYTES), len(data))
    try:
        text = decode(data, "feed")
    except FileError:
        text = data.decode("cp1252", errors="replace")
    if text.lstrip().startswith("<"):
        raise _refused("page_not_data", Text("JSON, not a web page", "du JSON, pas une page Web"), text.lstrip()[:40])
    try:
        rows = load_json(text)["rounds"]
    except OutOfBoundsError as error:
        raise RecordError(Problem("not_json", "feed", error.rule, _FIX)) from None
    except ValueError as error:
        raise _refused("not_json", Text("whole JSON ({e})", "du JSON entier ({e})").fill(e=error), text[-40:]) from None
    except (KeyError, TypeError):
        rows = None
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        rule = Text('an object with "rounds", a list of objects', 'un objet avec "rounds", une liste d\'objets')
        raise _refused("not_a_feed", rule, text[:40])
    return rows


def _refused(code: str, rule: Text, value: object) -> RecordError:
    return RecordError(Problem(code, "feed", rule, _FIX, value))


def _round(
    row: Mapping[str, Any], at: int, source: str, names: RoundNames, remarks: list[Remark], problems: list[Problem]
) -> Round | None:
    """One row, or None with its problems noted."""
    where = Text("row {n}", "ligne {n}").fill(n=f"{at} (#{row.get('drawNumber')})")
    before = len(problems)

    def take(key: str, read: Any, rule: Text) -> Any:
        try:
            return read(str(row[key]).strip()) if row.get(key) is not None else read("")
        except ValueError:
            problems.append(Problem("unreadable_value", key, rule, _FIX, row.get(key), where))
            return None

    number = take("drawNumber", _number, Text("a round number", "un numéro de ronde"))
    day = take("drawDate", _day, Text("a day since {d}", "un jour depuis le {d}").fill(d=START))
    name = take("drawName", _filled, Text("a name", "un nom"))
    size = take("drawSize", _above_zero, Text("a number above 0", "un nombre au-dessus de 0"))
    cutoff = take("drawCRS", _points, Text("0 to {n}", "0 à {n}").fill(n=TOTAL[1]))
    if len(problems) > before:
        return None
    own, own_doubt = _instant(row, "drawDateTime", number, day, remarks)
    tie, tie_doubt = _instant(row, "drawCutOff", number, day, remarks)
    named = names.read(name)
    if named.type == UNKNOWN:
        wording = Text(
            "#{n}: unknown name {v!r}; kept as type unknown", "#{n} : nom inconnu {v!r}; conservé avec le type unknown"
        )
        remarks.append(Remark(number, wording.fill(n=number, v=name)))
    if own is not None and tie is not None and tie > own:
        wording = Text(
            "#{n}: the tie-break {t} is later than the round {r}",
            "#{n} : le bris d'égalité {t} est postérieur à la ronde {r}",
        )
        remarks.append(Remark(number, wording.fill(n=number, t=tie, r=own)))
    doubts = [doubt for doubt in (own_doubt, tie_doubt) if doubt]
    doubt = Text(" ".join(d.en for d in doubts), " ".join(d.fr for d in doubts)) if doubts else None
    return Round(
        number=number,
        date=day,
        at=own,
        type=named.type,
        category=named.category,
        version=named.version,
        name=name,
        first_name=None,
        programs=str(row.get("drawText2") or "").strip() or None,
        invitations=size,
        cutoff=cutoff,
        tie_break=tie,
        source=source,
        checked=day,
        doubt=doubt,
        names=names,
    )


def _number(text: str) -> str:
    if not _NUMBER.fullmatch(text.lower()):
        raise ValueError(text)
    return text.lower()


def _day(text: str) -> date:
    day = read_day(text)
    if day < START:
        raise ValueError(text)
    return day


def _filled(text: str) -> str:
    if not text:
        raise ValueError(text)
    return text


def _above_zero(text: str) -> int:
    number = read_number(text)
    if number == 0:
        raise ValueError(text)
    return number


def _points(text: str) -> int:
    points = read_number(text)
    if points > TOTAL[1]:
        raise ValueError(text)
    return points


def _instant(
    row: Mapping[str, Any], key: str, number: str, day: date, remarks: list[Remark]
) -> tuple[Any, Text | None]:
    """An instant that may be absent or odd; what was presumed is a doubt, what could not be read a remark."""
    raw = str(row.get(key) or "").strip()
    if not raw:
        return None, None
    try:
        read = read_instant(raw, day, own=key == "drawDateTime")
    except ValueError:
        wording = Text("#{n}: {k} {v!r} cannot be read; left empty", "#{n} : {k} {v!r} illisible; laissé vide")
        remarks.append(Remark(number, wording.fill(n=number, k=key, v=raw)))
        return None, None
    if read.doubt:
        remarks.append(Remark(number, Text("#{n}: {d}", "#{n} : {d}").fill(n=number, d=read.doubt)))
    return read.value, read.doubt


def _out_of_order(feed: Feed) -> None:
    """Say which rounds are dated before a round of a lower number."""
    last: Round | None = None
    for one in feed.rounds.values():
        if last is not None and one.date < last.date:
            wording = Text("#{n} of {a} is dated before #{m} of {b}", "#{n} du {a} est datée avant #{m} du {b}")
            remark = wording.fill(n=one.number, a=one.date, m=last.number, b=last.date)
            feed.remarks.append(Remark(one.number, remark))
        last = one


def _distribution(row: Mapping[str, Any], one: Round, feed: Feed) -> None:
    """The distribution published with a round; zeros everywhere mean that none was given."""
    cells = [str(row.get(f"dd{at}") or "").strip() or "0" for at in range(1, len(LAYOUT) + 1)]
    if not any(re.search("[1-9]", cell) for cell in cells):
        return
    try:
        as_of = read_day(str(row.get("drawDistributionAsOn") or ""))
        bands = dict(zip(LAYOUT, map(read_number, cells), strict=True))
    except ValueError as error:
        wording = Text("#{n}: its distribution cannot be read ({e})", "#{n} : sa répartition est illisible ({e})")
        feed.remarks.append(Remark(one.number, wording.fill(n=one.number, e=error)))
        return
    if bands[TOTAL] == 0:
        wording = Text(
            "#{n}: a distribution without a total; not used", "#{n} : une répartition sans total; non utilisée"
        )
        feed.remarks.append(Remark(one.number, wording.fill(n=one.number)))
        return
    known = feed.pool.get(as_of)
    if known is not None and known.bands != bands:
        wording = Text(
            "#{n}: the distribution of {d} differs from that of #{m}; the later one is used",
            "#{n} : la répartition du {d} diffère de celle de #{m}; la plus récente est utilisée",
        )
        feed.remarks.append(Remark(str(as_of), wording.fill(n=one.number, d=as_of, m=known.rounds[-1])))
    numbers = (*(known.rounds if known else ()), one.number)
    doubt = _sums(bands)
    if doubt and known is None:
        feed.remarks.append(Remark(str(as_of), Text("{d}: {t}", "{d} : {t}").fill(d=as_of, t=doubt)))
    feed.pool[as_of] = PoolDay(as_of, bands, numbers, one.source, one.checked, doubt)


def _sums(bands: Mapping[tuple[int, int], int]) -> Text | None:
    """Where a published sum is not the sum of its parts."""
    wrong = []
    for band, published in bands.items():
        inner = {b: n for b, n in bands.items() if b != band and band[0] <= b[0] and b[1] <= band[1]}
        outer = [n for b, n in inner.items() if not any(c != b and c[0] <= b[0] and b[1] <= c[1] for c in inner)]
        if outer and sum(outer) != published:
            wrong.append(f"{band[0]}-{band[1]}: {published:,} ≠ {sum(outer):,}")
    return (
        Text("published sums do not add up ({w})", "des sommes publiées ne tombent pas juste ({w})").fill(
            w="; ".join(wrong)
        )
        if wrong
        else None
    )
