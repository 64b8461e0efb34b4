"""The shipped record: figures that must add up, anomalies carried as doubts, names, and where a score stands."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.dates import long_day
from expressentry.errors import UsageError
from expressentry.law.load import load_law
from expressentry.law.round_names import Named
from expressentry.rounds.frames import POOL, pool_frame, rounds_frame, rounds_schema
from expressentry.rounds.load import HISTORY, load_record
from expressentry.rounds.parse_values import read_day, read_instant, read_number
from expressentry.rounds.position import over_the_year, position
from expressentry.rounds.record import TOTAL, PoolDay

RECORD = load_record()
NAMES = load_law().round_names
YEARS = {
    2015: 31_063, 2016: 33_782, 2017: 86_023, 2018: 89_800, 2019: 85_300, 2020: 107_350,
    2021: 114_431, 2022: 46_539, 2023: 110_266, 2024: 98_903, 2025: 113_998, 2026: 135_215,
}  # fmt: skip


class TestRounds:
    """448 rounds, and what is odd about some."""

    def test_yearly_sums(self) -> None:
        """The invitations of each year add up to the running totals that others published."""
        found = Counter[int]()
        for one in RECORD:
            found[one.date.year] += one.invitations

        assert found == YEARS

    def test_numbers_have_no_gap(self) -> None:
        """1 to 90, 91a, 91b, 92 to 447."""
        expected = [*map(str, range(1, 91)), "91a", "91b", *map(str, range(92, 448))]

        assert [one.number for one in RECORD] == expected
        assert RECORD.newest.number == "447"
        assert RECORD.as_of == date(2026, 10, 1)

    def test_every_row_has_a_source_a_day_and_a_closed_type(self) -> None:
        """No row without its source and the day it was checked; types and categories are of the closed sets."""
        for one in RECORD:
            assert one.source in RECORD.sources
            assert one.checked >= RECORD.sources[one.source].seen
            assert one.type in NAMES.types
            assert one.type != "unknown"
            assert (one.type == "category") == (one.category is not None) == (one.version is not None)
            assert one.category is None or one.category in NAMES.categories
            assert 0 < one.cutoff <= 1200
            assert one.invitations > 0
        for day in (*RECORD.pool, *RECORD.quoted):
            assert day.source in RECORD.sources

    def test_columns_agree_with_the_names(self) -> None:
        """Type, category and version in the data are what the department's name says, now and as first published."""
        for one in RECORD:
            assert NAMES.read(one.name) == (one.type, one.category, one.version)
            assert one.first_name is None or NAMES.read(one.first_name) == (one.type, one.category, one.version)

    def test_tie_breaks_begin_with_77_and_precede_their_round(self) -> None:
        """None was published before round 77; each is no later than the round itself."""
        for one in RECORD:
            assert (one.tie_break is None) == (one.number.isdigit() and int(one.number) < 77)
            if one.tie_break and one.at:
                assert one.tie_break <= one.at

    def test_round_time_is_on_its_day_or_a_doubt_says_why(self) -> None:
        """Where the round's time in UTC falls on another day, the row says so."""
        other = [one.number for one in RECORD if one.at and one.at.date() != one.date]

        assert other == ["7", "8", "9", "11", "13", "104", "108", "139", "146", "148"]
        assert all(RECORD.round(number).doubt for number in other)

    def test_table_of_march_2024(self) -> None:
        """The rounds that the project began with, number 293 to the second."""
        table = {
            "288": (2850, 525, "2023-11-01T17:08:51"),
            "289": (975, 430, "2023-07-31T13:27:26"),
            "290": (1980, 524, "2024-02-25T14:42:38"),
            "291": (1500, 388, "2024-03-10T20:06:26"),
            "293": (4500, 491, "2024-02-25T11:55:12"),
        }
        for number, (invitations, cutoff, tie_break) in table.items():
            one = RECORD.round(number)
            instant = datetime.fromisoformat(tie_break).replace(tzinfo=UTC)
            assert (one.invitations, one.cutoff, one.tie_break) == (invitations, cutoff, instant)
        assert RECORD.round("293").label.en == "STEM (version 1)"

    def test_corrected_208(self) -> None:
        """Round 208 has 888 invitations, not the 681 that the feed repeats; the row says which and why."""
        one = RECORD.round("208")

        assert (one.invitations, dict(one.corrected)) == (888, {"invitations": "681"})
        assert one.tie_break == datetime(2021, 10, 7, 16, 38, 21, tzinfo=UTC)
        assert one.tie_break_raw == "October 7 at 16:38:21 UTC"
        assert one.doubt is not None
        assert "681" in one.doubt.en
        assert "2021" in one.doubt.fr

    @pytest.mark.parametrize("number", ["63", "64", "75", "76", "91a", "91b", "160", "208", "210", "262", "270", "288",
                                        "357", "417", "438", "447"])  # fmt: skip
    def test_known_anomalies_are_doubts(self, number: str) -> None:
        """Every known anomaly stands as a doubt beside its row, in both languages."""
        doubt = RECORD.round(number).doubt

        assert doubt is not None
        assert doubt.en != doubt.fr

    def test_91_is_two_rounds(self) -> None:
        """91 alone is answered with both."""
        with pytest.raises(UsageError, match="91a, 91b"):
            RECORD.round("91")
        assert RECORD.round("91A").type == "fst"
        assert RECORD.round("#91b").type == "pnp"

    @pytest.mark.parametrize("number", ["0", "448", "91c", "", "x", "2.5", "*"])
    def test_unknown_number(self, number: str) -> None:
        """A number that the record does not have is misuse."""
        with pytest.raises(UsageError, match="this round does not exist in our record"):
            RECORD.round(number)

    def test_programs(self) -> None:
        """Programs are told apart; those not known are None, never an empty list."""
        assert RECORD.round("1").program_ids == ("fsw", "cec", "fst", "pnp")
        assert RECORD.round("293").program_ids == ("fsw", "cec", "fst")
        assert RECORD.round("447").program_ids is None
        assert all(one.program_ids for one in RECORD if one.programs)

    def test_every_round_day_has_law(self) -> None:
        """Each round falls on a day with a rule set."""
        law = load_law()

        assert all(law.on(one.date).id for one in RECORD)


class TestSeries:
    """The last of a kind, its neighbours, and whether it sleeps."""

    def test_last_round(self) -> None:
        """The newest round of a category up to a day; of one version where asked; of a type."""
        day = date(2026, 10, 1)
        for series, version, on, number in (
            ("stem", None, day, "293"),
            ("stem", None, date(2024, 4, 10), "274"),
            ("healthcare", "v1", day, "327"),
            ("healthcare", None, day, "441"),
            ("cec", None, day, "446"),
        ):
            found = RECORD.last_round(series, version, on=on)
            assert found is not None
            assert found.number == number
        assert RECORD.last_round("stem", "v2", on=day) is None
        assert RECORD.last_round("stem", on=date(2023, 7, 4)) is None

    def test_dormant(self) -> None:
        """A category sleeps when a year has passed since its last round, or when none was ever held."""
        assert not RECORD.dormant("stem", on=date(2025, 4, 10))
        assert RECORD.dormant("stem", on=date(2025, 4, 11))
        assert RECORD.dormant("researchers", on=date(2026, 10, 1))
        assert RECORD.dormant("stem", "v3", on=date(2026, 10, 1))
        assert not RECORD.dormant("trades", on=date(2026, 10, 1))
        assert RECORD.dormant("french", on=date(2028, 2, 29))

    def test_neighbours(self) -> None:
        """The rounds of the same kind before and after; None at either end."""
        before, after = RECORD.neighbours(RECORD.round("274"))
        assert before is not None
        assert after is not None
        assert (before.number, after.number) == ("254", "293")
        assert RECORD.neighbours(RECORD.round("430")) == (None, None)

    def test_age(self) -> None:
        """A record is old on the thirty-first day after its end."""
        assert not RECORD.stale(date(2026, 10, 31))
        assert RECORD.stale(date(2026, 11, 1))


class TestPool:
    """126 distributions of the department's, and four that others quoted."""

    def test_sums(self) -> None:
        """Bands add up to subtotals, and these to the total, except on the one known day."""
        wrong = []
        for day in RECORD.pool:
            bands = sum(count for *_, count in day.finest)
            subtotals = [band for band in day.bands if day.kind(band) == "subtotal"]
            parts = {b: sum(n for low, high, n in day.finest if b[0] <= low and high <= b[1]) for b in subtotals}
            wrong += [(day.as_of, band) for band in subtotals if parts[band] != day.bands[band]]
            wrong += [(day.as_of, TOTAL)] if bands != day.total else []

        assert wrong == [(date(2023, 4, 26), (451, 500)), (date(2023, 4, 26), TOTAL)]
        odd = RECORD.pool_on(date(2023, 4, 26))
        assert odd is not None
        assert odd.doubt is not None
        assert "55,867" in odd.doubt.en

    def test_bands_are_a_partition(self) -> None:
        """The bands that add up cover every score from 0 to 1,200 once."""
        for day in RECORD.pool:
            edges = sorted((low, high) for low, high, _ in day.finest)
            assert (edges[0][0], edges[-1][1]) == TOTAL
            assert all(high + 1 == low for (_, high), (low, _) in pairwise(edges))

    def test_days(self) -> None:
        """One row a day, oldest first, each with the rounds that carried it."""
        days = [day.as_of for day in RECORD.pool]

        assert days == sorted(set(days))
        assert (len(days), days[0], days[-1]) == (126, date(2022, 1, 17), date(2026, 9, 27))
        assert all(number in RECORD.by_number for day in RECORD.pool for number in day.rounds)

    def test_the_last_days_have_their_subtotals(self) -> None:
        """The subtotals of August and September 2026 are known, and three rounds carried the last distribution."""
        last = {day.as_of: day for day in RECORD.pool[-3:]}

        assert [(day.bands[451, 500], day.bands[401, 450]) for day in last.values()] == [
            (74105, 60413),
            (72107, 61560),
            (73131, 62611),
        ]
        assert last[date(2026, 9, 27)].rounds == ("445", "446", "447")

    def test_before_a_round(self) -> None:
        """The distribution published with a round, else the newest of an earlier day; none before 2022."""
        with_it = RECORD.pool_before(RECORD.round("293"))
        other = RECORD.pool_before(RECORD.round("446"))
        assert with_it is not None
        assert other is not None
        assert (with_it.as_of, other.as_of) == (date(2024, 4, 9), date(2026, 9, 27))
        assert RECORD.pool_before(RECORD.round("100")) is None

    def test_quoted_are_apart(self) -> None:
        """What third parties quoted or filled in is not among the department's own."""
        assert [day.as_of.isoformat() for day in RECORD.quoted] == [
            "2019-04-12",
            "2020-02-14",
            "2022-06-06",
            "2022-07-18",
        ]
        assert all(day.doubt for day in RECORD.quoted)
        assert not {day.as_of for day in RECORD.quoted} & {day.as_of for day in RECORD.pool}


class TestStanding:
    """Bounds, never a false precision."""

    @given(st.integers(0, 1200), st.sampled_from(RECORD.pool), st.randoms())
    def test_bounds_hold_for_any_pool_behind_the_bands(self, score: int, day: PoolDay, chance: object) -> None:
        """However candidates lie within the bands, the true rank and share are inside the bounds."""
        found = position(score, day)
        for edge in (0, 1):  # everybody at the lower edge of their band, then everybody at the upper
            members = [(band[edge], band[2]) for band in day.finest]
            total = sum(count for _, count in members)
            more = sum(count for crs, count in members if crs > score)
            same = sum(count for crs, count in members if crs == score)
            less = sum(count for crs, count in members if crs < score)
            assert found.ahead[0] <= more
            assert more + same <= found.ahead[1]
            if total == day.total:
                assert found.lower[0] <= less / total * 100 <= found.lower[1]

    @given(st.integers(0, 1199), st.sampled_from(RECORD.pool))
    def test_more_points_never_rank_worse(self, score: int, day: PoolDay) -> None:
        """A higher score has bounds that are as good or better."""
        here, above = position(score, day), position(score + 1, day)

        assert above.ahead[0] <= here.ahead[0]
        assert above.ahead[1] <= here.ahead[1]
        assert above.lower[0] >= here.lower[0]

    def test_unplaced_candidates_widen(self) -> None:
        """Where the total counts candidates that no band shows, they may stand anywhere."""
        odd = RECORD.pool_on(date(2023, 4, 26))
        assert odd is not None
        found = position(491, odd)

        assert found.total == odd.total
        assert found.ahead[1] - found.ahead[0] == odd.bands[491, 500] + 180

    def test_ends(self) -> None:
        """Nobody is ahead of 1,200 for sure, and nobody below 0."""
        day = RECORD.pool[-1]

        assert position(1200, day).ahead[0] == 0
        assert position(0, day).lower[0] == 0
        assert position(1200, day).lower[1] == 100

    @pytest.mark.parametrize("score", [-1, 1201])
    def test_not_a_score(self, score: int) -> None:
        """A score outside 0 to 1,200 is refused."""
        with pytest.raises(UsageError):
            position(score, RECORD.pool[-1])

    def test_year(self) -> None:
        """The published days of the year before, oldest first, the last included."""
        found = over_the_year(491, RECORD.pool, date(2026, 9, 27))

        assert found[-1].as_of == date(2026, 9, 27)
        assert found[0].as_of >= date(2025, 9, 26)
        assert len(found) > 20


class TestFrames:
    """The same as typed frames."""

    def test_rounds(self) -> None:
        """One row a round with the declared types; sums as above."""
        frame = rounds_frame()
        sums = frame.group_by(pl.col("date").dt.year()).agg(pl.col("invitations").sum())

        assert dict(frame.schema) == {
            name: pl.Schema({name: kind})[name] for name, kind in rounds_schema(NAMES).items()
        }
        assert dict(sums.iter_rows()) == YEARS

    def test_pool(self) -> None:
        """One row a band; those of kind band add up to the totals, but for the day known."""
        frame = pool_frame()
        bands = frame.filter(pl.col("kind") == "band").group_by("as_of").agg(pl.col("candidates").sum())
        totals = frame.filter(pl.col("kind") == "total").select("as_of", total="candidates")
        wrong = bands.join(totals, on="as_of").filter(pl.col("candidates") != pl.col("total"))

        assert list(frame.columns) == list(POOL)
        assert wrong["as_of"].to_list() == [date(2023, 4, 26)]
        assert pool_frame(quoted=True).height == frame.height + sum(len(day.bands) for day in RECORD.quoted)

    def test_doubts_follow_the_language(self) -> None:
        """Doubts come in the language asked for."""
        english, french = (rounds_frame(lang=lang)["doubt"] for lang in ("en", "fr"))

        assert english.null_count() == french.null_count()
        assert not (english == french).any()


class TestNames:
    """The department's names, in every spelling."""

    def test_english_and_french(self) -> None:
        """Both languages, old and new version styles, case, hyphens and apostrophes."""
        for name, expected in {
            "No Program Specified": ("no_program", None, None),
            "Aucun programme spécifié": ("no_program", None, None),
            "GENERAL": ("general", None, None),
            "Federal Skilled Trades": ("fst", None, None),
            "Catégorie de l’expérience canadienne": ("cec", None, None),
            "Programme des candidats des provinces": ("pnp", None, None),
            "French language proficiency (2023-1)": ("category", "french", "v1"),
            "French language proficiency (2024-1)": ("category", "french", "v1"),
            "French-Language proficiency 2026-Version 2": ("category", "french", "v2"),
            "Compétence linguistique en français 2026-Version 2": ("category", "french", "v2"),
            "Healthcare and Social Services Occupations, 2026-Version 3": ("category", "healthcare", "v3"),
            "Professions de la santé et des services sociaux 2026-version 3": ("category", "healthcare", "v3"),
            "STEM occupations (Version 1)": ("category", "stem", "v1"),
            "Métiers spécialisés 2026-Version 3": ("category", "trades", "v3"),
            "Métiers (Version 2)": ("category", "trades", "v2"),
            "Métiers de l'agriculture et de l'agroalimentaire (Version 1)": ("category", "agriculture", "v1"),
            "Professions de l’éducation (Version 1)": ("category", "education", "v1"),
            "Médecins ayant de l’expérience de travail au Canada 2026-Version 1": ("category", "physicians", "v1"),
            "Cadres supérieurs/cadres supérieures ayant de l’expérience de travail au Canada 2026-version 1": (
                "category",
                "senior_managers",
                "v1",
            ),
            "Recrues militaires qualifiées, 2026-Version 1": ("category", "military", "v1"),
            "Transport Occupations, 2026-Version 2": ("category", "transport", "v2"),
            "STEM occupations": ("category", "stem", None),
        }.items():
            assert NAMES.read(name) == expected, name

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "Farm occupations (Version 1)",
            "STEM occupations (2026-1)",
            "General (Version 2)",
            "STEM",
            "Stem occupations and more (Version 1)",
        ],
    )
    def test_unknown_is_never_guessed(self, name: str) -> None:
        """A name that is not on the list is unknown, however near."""
        assert NAMES.read(name) == Named("unknown")

    @given(st.text(max_size=60))
    def test_any_text(self, name: str) -> None:
        """Any text has an answer of the closed set, and its label has both languages."""
        found = NAMES.read(name)

        assert found.type in NAMES.types
        assert all(NAMES.label(*found))
        assert NAMES.programs(name) is None or set(NAMES.programs(name) or ()) <= {"fsw", "cec", "fst", "pnp"}


class TestSpelling:
    """Numbers, days and instants as the department spells them."""

    @given(st.integers(0, 9_999_999))
    def test_numbers(self, value: int) -> None:
        """Comma, blank, narrow blank or nothing between thousands."""
        for text in (f"{value:,}", f"{value:,}".replace(",", " "), f"{value:,}".replace(",", "\u202f"), str(value)):
            assert read_number(text) == value

    @pytest.mark.parametrize("text", ["", "5,00", "1.5", "-3", "five", "5,000,", "٣"])
    def test_not_numbers(self, text: str) -> None:
        """Anything else is refused."""
        with pytest.raises(ValueError, match="not a whole number"):
            read_number(text)

    @given(st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1)))
    def test_instants(self, value: datetime) -> None:
        """Each spelling seen so far reads back to the second."""
        value, day = value.replace(microsecond=0, tzinfo=UTC), value.date()
        clock, english = f"{value:%H:%M:%S}", f"{value:%B}"
        french = long_day(day).fr.split()[1]
        suffix = "AM" if value.hour < 12 else "PM"
        for text in (
            f"{english} {day.day}, {day.year} at {clock} UTC",
            f" {english} {day.day:02d},{day.year} {clock} UTC",
            f"{english} {day.day}. {day.year} at {clock}",
            f"{english} {day.day}th, {day.year}, at  {clock} UTC ",
            f"{english} {day.day}, {day.year} at {day.isoformat()} {clock} UTC",
            f"{english} {day.day}, {day.year} at{clock} {suffix} UTC",
            f"{day.day} {french} {day.year} à {clock} UTC",
            f"Le {day.day} {french.upper()} {day.year} à {clock[:2]} h {clock[3:5]} min {clock[6:]} s UTC",
        ):
            assert read_instant(text, day, own=True) == (value, None), text

    def test_year_left_out(self) -> None:
        """Without a year it is the last such instant before the round, and that is a doubt."""
        here = read_instant("October 7 at 16:38:21 UTC", date(2021, 10, 27), own=False)
        before = read_instant("December 30 at 01:02:03 UTC", date(2022, 1, 5), own=False)

        assert (here.value.year, before.value.year) == (2021, 2021)
        assert here.doubt is not None

    def test_another_day(self) -> None:
        """The round's own time on another day takes the round's day; a tie-break may be months before."""
        own = read_instant("July 12, 2025 at 16:27:45 UTC", date(2025, 7, 22), own=True)
        tie = read_instant("July 12, 2024 at 16:27:45 UTC", date(2025, 7, 22), own=False)

        assert own.value == datetime(2025, 7, 22, 16, 27, 45, tzinfo=UTC)
        assert own.doubt is not None
        assert tie == (datetime(2024, 7, 12, 16, 27, 45, tzinfo=UTC), None)

    def test_days(self) -> None:
        """Days are read in both languages; without a year they are refused."""
        expected = date(2026, 8, 16)
        assert read_day("August 16, 2026") == read_day("16 août 2026") == read_day("2026-08-16") == expected
        with pytest.raises(ValueError, match="year"):
            read_day("August 16")

    @given(st.text(max_size=40))
    def test_any_text(self, text: str) -> None:
        """Any text is read or refused with ValueError, never anything else."""
        for read in (read_day, lambda t: read_instant(t, date(2026, 2, 28), own=True)):
            try:
                read(text)
            except ValueError:
                continue


def test_files_are_canonical() -> None:
    """The data files have one header each, sorted rows, and no empty line."""
    for name, key in (("rounds.csv", "date"), ("pool.csv", "as_of"), ("pool_quoted.csv", "as_of")):
        path: Path = HISTORY / name
        rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
        assert [row[key] for row in rows] == sorted(row[key] for row in rows)
        assert all(bool(row["doubt_en"]) == bool(row["doubt_fr"]) for row in rows)
        assert "\n\n" not in path.read_text(encoding="utf-8")
