"""Feeds: quirks read, what is wrong refused whole, corrections never silent, the user's folder whole or untouched."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expressentry.errors import FileError, RecordError
from expressentry.rounds import updates
from expressentry.rounds.feed import MOST_BYTES, read_feed
from expressentry.rounds.load import load_record
from expressentry.rounds.merge import Update, merge
from expressentry.rounds.record import Record
from expressentry.rounds.updates import MANIFEST, bring, manifest_of, with_updates
from tests.feeds import EMPTY, NEW, OLD, as_bytes, feed_bytes, row, rows_of, source

SHIPPED = load_record()
ON = date(2026, 11, 24)
OWN = "https://www.canada.ca/feed.json"


def laid(record: Record, data: bytes, seen: date | None = None) -> Update:
    """Lay bytes on a record."""
    name = f"feed-{seen}"
    feed = read_feed(data, name, seen)
    return merge(record, feed, source(name, seen or feed.newest))


class TestPublishedFeeds:
    """The feed of April 2024, then that of August 2026, then the same again."""

    def test_old_then_new_then_new_again(self) -> None:
        """The second brings every renaming and the one correction; the third brings nothing."""
        old = laid(EMPTY, feed_bytes(OLD))
        new = laid(old.record, feed_bytes(NEW))
        again = laid(new.record, feed_bytes(NEW))

        assert (len(old.new), len(new.new), len(again.new)) == (292, 146, 0)
        assert Counter((d.field, d.used, d.why) for d in new.differences) == {
            ("name", "feed", "renamed"): 23,
            ("tie_break", "feed", "corrected"): 1,
        }
        corrected = next(d for d in new.differences if d.why == "corrected")
        assert (corrected.subject, corrected.record, corrected.feed) == (
            "262",
            "2023-08-01T12:59:52Z",
            "2023-07-04T19:36:18Z",
        )
        assert not again.news
        assert again.differences == []
        assert (again.record.rounds, again.record.pool) == (new.record.rounds, new.record.pool)

    def test_both_values_are_kept(self) -> None:
        """A renamed round keeps its first name, a corrected one the value that it replaced, with its source."""
        old = laid(EMPTY, feed_bytes(OLD), date(2024, 4, 6)).record
        new = laid(old, feed_bytes(NEW), date(2026, 8, 20)).record

        assert new.round("293").first_name is None
        assert new.round("254").first_name == "STEM occupations (2023-1)"
        assert [(e.field, e.value) for e in new.round("262").earlier] == [("tie_break", "2023-08-01T12:59:52Z")]
        assert new.round("262").earlier[0].source != new.round("262").source

    def test_new_feed_is_the_shipped_record(self) -> None:
        """Read afresh, the feed of August 2026 gives the shipped rows, but for the size that is corrected here."""
        fresh = laid(EMPTY, feed_bytes(NEW)).record
        fields = ("number", "date", "at", "type", "category", "version", "name", "programs", "cutoff", "tie_break")
        for one in fresh:
            shipped = SHIPPED.round(one.number)
            assert [getattr(one, f) for f in fields] == [getattr(shipped, f) for f in fields]
            assert one.number == "208" or one.invitations == shipped.invitations
        assert all(SHIPPED.pool_on(day.as_of).bands == day.bands for day in fresh.pool)  # type: ignore[union-attr]

    def test_on_the_shipped_record(self) -> None:
        """On the shipped record the newer feed brings nothing; of the older every difference is told, none taken."""
        new = laid(SHIPPED, feed_bytes(NEW))
        old = laid(SHIPPED, feed_bytes(OLD))

        assert (new.news, new.differences, new.remarks) == (False, [], [])
        assert Counter((d.field, d.used, d.why) for d in old.differences) == {
            ("name", "record", "older"): 23,
            ("tie_break", "record", "older"): 1,
        }
        assert [replace(one, earlier=()) for one in old.record] == list(SHIPPED)
        assert [e.value for e in old.record.round("262").earlier] == ["2023-08-01T12:59:52Z"]

    def test_filled_in_distributions_of_a_copy_are_not_taken(self) -> None:
        """Rounds that the record, seen later, has without a distribution do not get one from an older copy."""
        old = laid(SHIPPED, feed_bytes(OLD))

        assert old.new_pool == []
        assert sum("not used" in remark.en for remark in old.remarks) == 4

    def test_a_withdrawn_distribution_is_told(self) -> None:
        """A distribution that a later feed no longer has stays, and that is said."""
        new = laid(laid(EMPTY, feed_bytes(OLD)).record, feed_bytes(NEW))

        told = [remark.en for remark in new.remarks if "no longer in the feed" in remark.en]
        assert [words.split()[2].rstrip(":") for words in told] == ["2022-05-23", "2022-06-06", "2022-07-18"]

    def test_both_ways_through_a_folder(self, tmp_path: Path) -> None:
        """Old, new and new again through the user's folder: one record, and the folder gives it back."""
        record = SHIPPED
        for day in (OLD, NEW, NEW):
            record = bring(feed_bytes(day), record, tmp_path, day, ON).record
        loaded = load_record(tmp_path)

        assert (loaded.rounds, loaded.pool, loaded.as_of) == (record.rounds, record.pool, record.as_of)
        assert [replace(one, earlier=()) for one in loaded] == list(SHIPPED)
        assert len(list(tmp_path.glob("*.json"))) == 2


def french(one: dict[str, Any]) -> dict[str, Any]:
    """A row as the French feed has it: blanks between thousands, French names and days."""
    numbers = {key: str(value).replace(",", " ") for key, value in one.items() if key.startswith("dd")}
    return {
        **one,
        **numbers,
        "drawSize": one["drawSize"].replace(",", " "),
        "drawName": "Catégorie de l’expérience canadienne",
        "drawText2": "Catégorie de l’expérience canadienne",
        "drawDateTime": "14 octobre 2026 à 14:20:03 UTC",
        "drawCutOff": "1er mai 2026 à 10:00:00 UTC",
        "drawDistributionAsOn": "12 octobre 2026",
    }


CELLS = (
    "500 20,000 73,000 13,000 13,000 16,000 16,000 15,000 60,000 "
    "13,000 13,000 12,000 11,000 11,000 48,000 17,000 7,500 226,000"
)
BANDS = {f"dd{at}": cell for at, cell in enumerate(CELLS.split(), 1)}


class TestReading:
    """Quirks that are read, and slips that are refused."""

    def test_a_new_round(self) -> None:
        """A new row comes in whole, distribution included."""
        update = laid(SHIPPED, as_bytes([row(**BANDS)]))
        one, day = update.new[0], update.new_pool[0]

        assert (one.number, one.type, one.invitations, one.cutoff) == ("448", "cec", 1000, 515)
        assert one.tie_break == datetime(2026, 5, 1, 10, tzinfo=UTC)
        assert (day.as_of, day.total, day.bands[491, 500], day.rounds) == (
            date(2026, 10, 12),
            226_000,
            13_000,
            ("448",),
        )
        assert update.record.newest == one
        assert update.record.as_of == date(2026, 10, 14)

    @pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-8-sig"])
    def test_french_is_the_same_round(self, encoding: str) -> None:
        """The French feed, in either encoding, says the same; laid on the English one it brings nothing."""
        english = laid(SHIPPED, as_bytes([row(**BANDS)])).record
        update = laid(english, as_bytes([french(row(**BANDS))], encoding))

        assert read_feed(as_bytes([french(row())], encoding)).lang == "fr"
        assert not update.news
        assert update.differences == []

    def test_zeros_are_no_distribution(self) -> None:
        """Zeros everywhere, empty or absent cells mean that none was given."""
        none = {key: value for key, value in row().items() if not key.startswith("dd")}
        for one in (row(), {**none}, {**row(), "dd1": "", "dd2": None}):
            assert read_feed(as_bytes([one])).pool == {}

    def test_sums_that_do_not_add_up_are_said(self) -> None:
        """A distribution whose parts do not add up is kept as published, with the doubt."""
        feed = read_feed(as_bytes([row(**{**BANDS, "dd3": "73,180"})]))

        assert "73,180 ≠ 73,000" in feed.remarks[0].text.en
        assert feed.pool[date(2026, 10, 12)].doubt is not None

    def test_unknown_name_is_said_loudly(self) -> None:
        """A name not known is kept as unknown, and said."""
        feed = read_feed(as_bytes([row(drawName="Farm occupations, 2026-Version 1")]))

        assert feed.rounds["448"].type == "unknown"
        assert "unknown name" in feed.remarks[0].text.en

    def test_odd_times_are_left_empty_and_said(self) -> None:
        """A time that cannot be read is no reason to refuse a round."""
        feed = read_feed(as_bytes([row(drawDateTime="noon", drawCutOff="see notice")]))

        assert (feed.rounds["448"].at, feed.rounds["448"].tie_break) == (None, None)
        assert len(feed.remarks) == 2

    def test_contradictions_are_said(self) -> None:
        """A tie-break after its round, and a day before that of an earlier number."""
        late = row(drawCutOff="October 15, 2026 at 00:00:00 UTC")
        early = row("449", drawDate="2026-10-13", drawDateTime="October 13, 2026 at 10:00:00 UTC")

        told = " ".join(remark.text.en for remark in read_feed(as_bytes([early, late])).remarks)
        assert "later than the round" in told
        assert "#449 of 2026-10-13 is dated before #448" in told

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "not_json"),
            (b"<!DOCTYPE html><html><body>moved</body></html>", "page_not_data"),
            (b"\n  <html>", "page_not_data"),
            (b'{"rounds": [', "not_json"),
            (b"[" * 100_000, "not_json"),
            (b'{"rounds": [{"drawName": "\\ud800"}]}', "not_json"),
            (b'{"rounds": [{"drawNumber": ' + b"9" * 5000 + b"}]}", "not_json"),
            (b"null", "not_a_feed"),
            (b"[]", "not_a_feed"),
            (b'{"rounds": []}', "not_a_feed"),
            (b'{"rounds": {}}', "not_a_feed"),
            (b'{"rounds": [1]}', "not_a_feed"),
            (b'{"draws": []}', "not_a_feed"),
            (b"\xff\xfe{\x00}\x00", "not_a_feed"),
            (b" " * (MOST_BYTES + 1), "too_large"),
            (feed_bytes(NEW)[:400_000], "not_json"),
        ],
        ids=lambda value: value if isinstance(value, str) else "",
    )
    def test_what_is_no_feed(self, data: bytes, code: str) -> None:
        """A page, a cut file, another shape or too much of it is refused with its own code."""
        with pytest.raises(RecordError) as caught:
            read_feed(data)

        assert [problem.code for problem in caught.value.problems] == [code]

    def test_all_problems_at_once(self) -> None:
        """Every unreadable value of every row is named with its row."""
        bad = [
            row("x"),
            row("449", drawDate="2014-12-31"),
            row("450", drawSize="0", drawCRS="1201"),
            row("451", drawName=""),
            {key: value for key, value in row("452").items() if key != "drawCRS"},
        ]
        with pytest.raises(RecordError) as caught:
            read_feed(as_bytes(bad))

        assert [problem.field for problem in caught.value.problems] == [
            "drawNumber",
            "drawDate",
            "drawSize",
            "drawCRS",
            "drawName",
            "drawCRS",
        ]
        assert "row 3 (#450)" in caught.value.say()
        assert "ligne 3" in caught.value.say("fr")

    def test_a_number_twice(self) -> None:
        """Two rows of one number are refused."""
        with pytest.raises(RecordError, match="twice"):
            read_feed(as_bytes([row(), row()]))

    @given(
        st.dictionaries(
            st.sampled_from(sorted(row())),
            st.one_of(st.none(), st.text(max_size=30), st.integers(), st.lists(st.none(), max_size=2), st.booleans()),
            max_size=4,
        )
    )
    def test_any_row(self, changes: dict[str, Any]) -> None:
        """Whatever stands in a row, it is read or refused as a RecordError."""
        try:
            found = len(read_feed(as_bytes([{**row(**BANDS), **changes}])).rounds)
        except RecordError as error:
            found = len(error.problems)

        assert found >= 1


CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["440", "447", "208", "448", "450"]),
        st.fixed_dictionaries(
            {},
            optional={
                "drawSize": st.sampled_from(["681", "888", "1,234"]),
                "drawCRS": st.sampled_from(["400", "515"]),
                "drawName": st.sampled_from(["General", "STEM occupations (Version 1)", "Something new"]),
                "drawCutOff": st.sampled_from(["", "May 02, 2026 at 10:00:00 UTC", "odd"]),
                "dd18": st.sampled_from(["0", "226,001"]),
            },
        ),
        st.dates(date(2026, 8, 1), date(2026, 12, 1)),
        st.sampled_from(["feed.json", OWN]),
    ),
    min_size=1,
    max_size=5,
)


class TestLaying:
    """The publication seen later wins; nothing is lost."""

    def test_later_wins_and_keeps_the_earlier(self) -> None:
        """A correction seen later is used; the value that it replaced stands with the row."""
        changed = laid(SHIPPED, as_bytes([{**rows_of(NEW)[0], "drawSize": "5,001"}]), date(2026, 10, 20))
        one = changed.record.round("437")

        assert (one.invitations, one.earlier[0].value, one.earlier[0].source) == (5001, "5000", "feed-2026-08-20")
        assert [(d.used, d.why) for d in changed.differences] == [("feed", "corrected")]

    def test_earlier_does_not_win(self) -> None:
        """A feed seen before the row was last checked changes nothing, and what it says is kept and told."""
        changed = laid(SHIPPED, as_bytes([{**rows_of(NEW)[0], "drawSize": "5,001"}]), date(2026, 8, 19))

        assert changed.record.round("437").invitations == 5000
        assert changed.record.round("437").earlier[0].value == "5001"
        assert [(d.used, d.why) for d in changed.differences] == [("record", "older")]

    def test_what_the_record_corrects_stays(self) -> None:
        """The repeated 681 is no news; another value contradicts, is told and kept, and 888 stays."""
        by_number = {one["drawNumber"]: one for one in rows_of(NEW)}
        silent = laid(SHIPPED, as_bytes([by_number["208"]]), date(2026, 11, 1))
        other = laid(SHIPPED, as_bytes([{**by_number["208"], "drawSize": "700"}]), date(2026, 11, 1))

        assert silent.differences == []
        assert [(d.used, d.why, d.feed) for d in other.differences] == [("record", "contradictory", "700")]
        assert other.record.round("208").invitations == 888
        assert [e.value for e in other.record.round("208").earlier] == ["700"]

    def test_empty_places_are_filled(self) -> None:
        """Round times and programs that the record lacks are taken, and said."""
        full = row("446", drawDate="2026-09-29", drawSize="2,000", drawCRS="518",
                   drawDateTime="September 29, 2026 at 14:00:00 UTC",
                   drawCutOff="February 13, 2026 at 20:48:08 UTC")  # fmt: skip
        update = laid(SHIPPED, as_bytes([full]))

        assert {(d.field, d.why) for d in update.differences} == {("at", "filled"), ("programs", "filled")}
        assert update.record.round("446").program_ids == ("cec",)

    def test_rounds_that_a_feed_lacks(self) -> None:
        """They stay, and are told in ranges."""
        update = laid(
            SHIPPED, as_bytes([one for one in rows_of(NEW) if one["drawNumber"] not in ("2", "91a", "5", "6")])
        )

        assert update.missing == ["2", "5", "6", "91a"]
        assert [remark.en for remark in update.remarks] == ["not in the feed: rounds 2, 5-6, 91a; kept"]

    @settings(max_examples=60)
    @given(CHANGES)
    def test_any_sequence(self, tmp_path_factory: pytest.TempPathFactory, feeds: list[Any]) -> None:
        """After any sequence of feeds the last one again brings nothing, and the folder gives the record back."""
        folder = tmp_path_factory.mktemp("history")
        record = SHIPPED
        for number, changes, seen, name in feeds:
            data = as_bytes([row(number, **{**BANDS, **changes})])
            update = bring(data, record, folder, name, seen)
            record = update.record
            again = merge(record, read_feed(data, update.source.id, update.source.seen), update.source).record
            assert again.rounds == record.rounds
            assert again.pool == record.pool
        loaded = with_updates(SHIPPED, folder)

        assert loaded.rounds == record.rounds
        assert loaded.pool == record.pool
        assert loaded.as_of == record.as_of
        assert {one.source for one in loaded} <= loaded.sources.keys()

    def test_two_fields_keep_the_source_of_the_row(self) -> None:
        """Where two values of a row are corrected at once, both earlier values name where the row came from."""
        changed = laid(SHIPPED, as_bytes([{**rows_of(NEW)[0], "drawSize": "5,001", "drawCRS": "381"}]), ON)

        assert {e.source for e in changed.record.round("437").earlier} == {"feed-2026-08-20"}

    def test_the_departments_own_word_ends_the_doubt_of_a_copy(self, tmp_path: Path) -> None:
        """A row known from copies takes the department as its source, and loses the doubt; a file does not do that."""
        full = row("446", drawDate="2026-09-29", drawSize="2,000", drawCRS="518", drawDateTime="",
                   drawCutOff="February 13, 2026 at 20:48:08 UTC")  # fmt: skip
        copied = bring(as_bytes([full]), SHIPPED, tmp_path / "a", "feed.json", ON)
        own = bring(as_bytes([full]), SHIPPED, tmp_path / "b", OWN, ON)

        assert copied.record.round("446").doubt is not None
        assert copied.confirmed == []
        assert own.record.round("446").doubt is None
        assert own.confirmed == ["446"]
        assert load_record(tmp_path / "b").sources[own.record.round("446").source].confidence == "primary"

    def test_french_words_give_way_to_english(self, tmp_path: Path) -> None:
        """A round that came in French takes the English words when they come; that is no renaming."""
        first = bring(as_bytes([french(row(**BANDS))]), SHIPPED, tmp_path, "fr.json", ON).record
        second = bring(as_bytes([row(**BANDS)]), first, tmp_path, "en.json", ON)

        assert first.round("448").name.startswith("Catégorie")
        assert second.record.round("448").name == "Canadian Experience Class"
        assert second.record.round("448").first_name is None
        assert second.differences == []
        assert load_record(tmp_path).rounds == second.record.rounds

    def test_future_days_are_told_and_do_not_make_the_record_young(self, tmp_path: Path) -> None:
        """A round dated after the day asked is told, and the record is no younger than that day."""
        update = bring(as_bytes([row(drawDate="2062-10-14")]), SHIPPED, tmp_path, "feed.json", ON)

        assert update.record.as_of == ON
        assert any("dated after 2026-11-24: rounds 448" in remark.en for remark in update.remarks)


class TestFolder:
    """Whole or untouched."""

    DATA = as_bytes([row(**BANDS)])

    def content(self, folder: Path) -> dict[str, bytes]:
        """Every file of a folder."""
        return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}

    def test_published_rows_are_kept_as_published(self, tmp_path: Path) -> None:
        """The stored rows are those of the feed, letter by letter."""
        bring(self.DATA, SHIPPED, tmp_path, "feed.json", ON)
        stored = next(path for path in tmp_path.glob("*.json") if path.name != MANIFEST)

        assert json.loads(stored.read_bytes())["rounds"] == [row(**BANDS)]

    def test_bad_feed_changes_nothing(self, tmp_path: Path) -> None:
        """After a feed that is refused every file is as it was."""
        bring(self.DATA, SHIPPED, tmp_path, "feed.json", ON)
        before = self.content(tmp_path)
        for bad in (b"<html>", as_bytes([row("449"), row("x")]), self.DATA[:-20]):
            with pytest.raises(RecordError):
                bring(bad, load_record(tmp_path), tmp_path, "feed.json", ON)

        assert self.content(tmp_path) == before

    def test_failed_write_changes_nothing(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Where the manifest cannot be put in place the update is not there, and no temporary file stays."""
        bring(self.DATA, SHIPPED, tmp_path, "feed.json", ON)
        before = load_record(tmp_path)
        replace_ = Path.replace

        def full(self: Path, target: Path) -> Path:
            if target.name == MANIFEST:
                raise OSError(28, "No space left on device")
            return replace_(self, target)

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(FileError, match="No space"):
            bring(as_bytes([row("449")]), before, tmp_path, "feed.json", ON)
        monkeypatch.undo()

        assert load_record(tmp_path).rounds == before.rounds
        assert not list(tmp_path.glob(".*"))

    def test_days_without_news_do_not_pile_up(self, tmp_path: Path) -> None:
        """A year of the same feed is one stored file and two entries; the record is as old as the last look."""
        record = SHIPPED
        for day in range(1, 29):
            record = bring(self.DATA, record, tmp_path, OWN, date(2026, 11, day)).record

        assert len(manifest_of(tmp_path)["updates"]) == 2
        assert len(list(tmp_path.glob("*.json"))) == 2
        assert load_record(tmp_path).as_of == date(2026, 11, 28)

    @pytest.mark.parametrize(("limit", "most"), [("MOST_UPDATES", 3), ("MOST_KEPT_BYTES", 3000)])
    def test_a_server_that_changes_its_mind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int
    ) -> None:
        """Asked again and again, it fills so much of the disk and no more; what is kept can still be read."""
        monkeypatch.setattr(updates, limit, most)

        def ask_again() -> None:
            for n in range(20):
                data = as_bytes([row(drawCRS=str(500 + n), **BANDS)])
                bring(data, load_record(tmp_path), tmp_path, "feed.json", ON + timedelta(days=n))

        with pytest.raises(RecordError) as caught:
            ask_again()

        assert caught.value.problems[0].code == "too_much_kept"
        assert 2 <= len(list(tmp_path.glob("*.json"))) <= 4
        assert sum(path.stat().st_size for path in tmp_path.glob("2026*.json")) <= max(most, 4000)
        assert load_record(tmp_path).newest.number == "448"

    @pytest.mark.parametrize("harm", ["cut", "changed", "gone", "manifest cut", "manifest other"])
    def test_harmed_folder_is_said(self, tmp_path: Path, harm: str) -> None:
        """A stored file that is missing, cut or changed is an error that names it and the fix."""
        bring(self.DATA, SHIPPED, tmp_path, "feed.json", ON)
        stored = next(path for path in tmp_path.glob("*.json") if path.name != MANIFEST)
        if harm == "cut":
            stored.write_bytes(stored.read_bytes()[:-9])
        elif harm == "changed":
            stored.write_text(stored.read_text().replace("515", "415"))
        elif harm == "gone":
            stored.unlink()
        else:
            (tmp_path / MANIFEST).write_text("{" if harm == "manifest cut" else '{"updates": [{}]}')

        with pytest.raises(RecordError, match="rounds update"):
            load_record(tmp_path)

    def test_no_folder_is_the_shipped_record(self, tmp_path: Path) -> None:
        """Without a folder, or with an empty one, the record is the shipped one."""
        assert load_record(tmp_path / "none") is SHIPPED
        assert load_record(tmp_path).rounds == SHIPPED.rounds
