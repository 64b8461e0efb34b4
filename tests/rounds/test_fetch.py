"""Fetching from a real server on this machine, which also misbehaves."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from expressentry.errors import ExpressEntryError, FileError, RecordError, UsageError
from expressentry.rounds import fetch as fetching
from expressentry.rounds.feed import MOST_BYTES
from expressentry.rounds.fetch import fetch
from expressentry.rounds.load import load_record
from expressentry.rounds.updates import bring_from, manifest_of
from tests.feeds import NEW, as_bytes, feed_bytes, row

SHIPPED = load_record()
DAY = date(2026, 11, 24)
FEED = as_bytes([row()])
CHUNK = 1 << 16
HUGE = 200_000_000


@cache
def packed(how: str) -> bytes:
    """Bytes that are far too many once they are unpacked; made once."""
    blanks = b" " * (MOST_BYTES + CHUNK)
    if how == "deflate":
        return zlib.compress(blanks, 1)
    return gzip.compress(blanks, 1) if how == "gzip" else gzip.compress(gzip.compress(blanks * 3, 1))


class Server(BaseHTTPRequestHandler):
    """One behaviour a path."""

    sent: ClassVar[dict[str, int]] = {}
    asked: ClassVar[list[dict[str, str]]] = []

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""

    def answer(self, data: bytes, status: int = 200, length: int | None = None, **headers: str) -> None:
        """Send one answer."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        """Answer as the path says; whoever hangs up is let go."""
        type(self).asked.append({name.lower(): value for name, value in self.headers.items()})
        with suppress(BrokenPipeError, ConnectionResetError):
            getattr(self, f"get_{self.path.strip('/').replace('-', '_')}")()

    def get_feed(self) -> None:
        """A feed with its marks, sent only to those who do not have it."""
        if self.headers.get("If-None-Match") == '"one"':
            self.send_response(304)
            self.end_headers()
            return
        self.answer(FEED, ETag='"one"', Last_Modified="Wed, 14 Oct 2026 15:00:00 GMT")

    def get_whole(self) -> None:
        """The department's feed of August 2026."""
        self.answer(feed_bytes(NEW))

    def get_french(self) -> None:
        """Windows-1252, without a word about it."""
        self.answer(as_bytes([row(drawName="Professions de l’éducation (Version 2)")], "cp1252"))

    def get_zipped(self) -> None:
        """Compressed though nobody asked."""
        self.answer(gzip.compress(FEED), Content_Encoding="gzip")

    def get_bomb(self) -> None:
        """Small on the wire, far too large inside."""
        self.answer(packed("gzip"), Content_Encoding="gzip")

    def get_deflated(self) -> None:
        """Compressed in the other way that HTTP has always had."""
        self.answer(zlib.compress(FEED), Content_Encoding="deflate")

    def get_deflated_bomb(self) -> None:
        """The same, far too large inside."""
        self.answer(packed("deflate"), Content_Encoding="deflate")

    def get_stacked(self) -> None:
        """A bomb in a bomb."""
        self.answer(packed("stacked"), Content_Encoding="gzip, gzip")

    def get_stacked_unsaid(self) -> None:
        """A bomb in a bomb that says that it is one."""
        self.answer(packed("stacked"), Content_Encoding="gzip")

    def get_brotli(self) -> None:
        """Packed by what nobody asked for, and what only some can unpack."""
        self.answer(b"\x0b\x02\x80{}\x03", Content_Encoding="br")

    def get_fifty(self) -> None:
        """Packed fifty times, it says."""
        self.answer(b"xxxx", Content_Encoding=", ".join(["gzip"] * 50))

    def get_nonsense(self) -> None:
        """Not packed at all."""
        self.answer(b"xxxx", Content_Encoding="deflate")

    def get_half_packed(self) -> None:
        """Whole by its length, cut inside what is packed."""
        self.answer(gzip.compress(FEED)[:-9], Content_Encoding="gzip")

    def get_more_behind(self) -> None:
        """Something behind what was packed."""
        self.answer(gzip.compress(FEED) + b"more", Content_Encoding="gzip")

    def get_elsewhere(self) -> None:
        """On another host, which on this machine is the same."""
        self.answer(b"", 302, Location=f"http://localhost:{self.headers['Host'].rpartition(':')[2]}/feed")

    def get_404(self) -> None:
        """Not there."""
        self.answer(b"<html>not found</html>", 404)

    def get_500(self) -> None:
        """Broken."""
        self.answer(b"", 500)

    def get_page(self) -> None:
        """A page of maintenance with status 200."""
        self.answer(b"<!DOCTYPE html><html><body>maintenance</body></html>", Content_Type="application/json")

    def get_empty(self) -> None:
        """Nothing, with status 200."""
        self.answer(b"")

    def get_truncated(self) -> None:
        """Less than was promised."""
        self.answer(FEED[:200], length=len(FEED))

    def get_cut(self) -> None:
        """Whole by its length, cut inside."""
        self.answer(FEED[:200])

    def get_slow(self) -> None:
        """A byte now and then, each in time, without end."""
        self.send_response(200)
        self.end_headers()
        for _ in range(200):
            self.wfile.write(b" ")
            self.wfile.flush()
            time.sleep(0.05)

    def get_silent(self) -> None:
        """Headers, then nothing."""
        self.send_response(200)
        self.end_headers()
        self.wfile.flush()
        time.sleep(2)

    def get_large(self) -> None:
        """Two hundred million bytes, counted as they go."""
        self.send_response(200)
        self.end_headers()
        for _ in range(HUGE // CHUNK):
            self.wfile.write(b" " * CHUNK)
            self.sent["large"] = self.sent.get("large", 0) + CHUNK

    def get_moved(self) -> None:
        """Elsewhere on this server."""
        self.answer(b"", 302, Location="/feed")

    def get_loop(self) -> None:
        """To itself."""
        self.answer(b"", 302, Location="/loop")

    def get_to_file(self) -> None:
        """To a file of the machine."""
        self.answer(b"", 302, Location="file:///etc/passwd")

    def get_to_http(self) -> None:
        """To another host, in the clear."""
        self.answer(b"", 302, Location="http://192.0.2.1/feed")

    def get_to_nowhere(self) -> None:
        """To an address that is none."""
        self.answer(b"", 302, Location="https://[x/feed")

    def get_to_wrapped(self) -> None:
        """Into a private network, by an address of IPv6 that wraps it."""
        self.answer(b"", 302, Location="https://[64:ff9b::a00:1]/feed")

    def get_to_private(self) -> None:
        """Into a private network."""
        self.answer(b"", 302, Location="https://10.0.0.1/feed")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a running server."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        running.daemon_threads = True
        thread = threading.Thread(target=running.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@contextmanager
def whole_at_most(most: int) -> Iterator[None]:
    """Fail where the block holds more memory at once; what the server of the test holds is there before."""
    import tracemalloc

    tracemalloc.start()
    try:
        yield
    finally:
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < most


class TestFetching:
    """What is let in."""

    def test_whole(self, server: str) -> None:
        """The bytes as sent, with the server's marks."""
        found = fetch(f"{server}/feed")

        assert found.data == FEED
        assert (found.etag, found.last_modified) == ('"one"', "Wed, 14 Oct 2026 15:00:00 GMT")

    def test_conditional(self, server: str) -> None:
        """With the mark of the last answer an unchanged feed is not sent again."""
        assert fetch(f"{server}/feed", etag='"one"', last_modified="Wed, 14 Oct 2026 15:00:00 GMT").data is None
        assert Server.asked[-1]["if-modified-since"] == "Wed, 14 Oct 2026 15:00:00 GMT"

    @pytest.mark.parametrize("path", ["moved", "zipped", "deflated", "elsewhere"])
    def test_ways_that_are_fine(self, server: str, path: str) -> None:
        """A redirect on the same server, and an answer compressed unasked."""
        assert fetch(f"{server}/{path}").data == FEED

    @pytest.mark.parametrize(
        ("path", "code"),
        [
            ("404", "http_status"),
            ("500", "http_status"),
            ("truncated", "unreachable"),
            ("bomb", "too_large"),
            ("deflated-bomb", "too_large"),
            ("stacked", "packed"),
            ("brotli", "packed"),
            ("fifty", "packed"),
            ("nonsense", "packed"),
            ("half-packed", "packed"),
            ("more-behind", "packed"),
            ("large", "too_large"),
            ("loop", "too_many_redirects"),
            ("to-file", "not_https"),
            ("to-http", "not_https"),
            ("to-nowhere", "not_https"),
            ("to-private", "private_address"),
            ("to-wrapped", "private_address"),
            ("silent", "too_slow"),
            ("slow", "too_slow"),
        ],
    )
    def test_ways_that_are_not(self, server: str, path: str, code: str) -> None:
        """Each misbehaviour has its own error, in both languages."""
        with pytest.raises(ExpressEntryError) as caught:
            # Only what is about time is given little of it: on a busy machine the others must not run out.
            fetch(
                f"{server}/{path}",
                total_seconds=1.5 if code == "too_slow" else 60,
                read_seconds=0.5 if code == "too_slow" else 30,
            )

        assert [problem.code for problem in caught.value.problems] == [code]
        assert caught.value.say("en") != caught.value.say("fr")

    @pytest.mark.parametrize("path", ["stacked", "stacked-unsaid", "bomb", "deflated-bomb"])
    def test_no_more_is_held_than_the_limit(self, server: str, path: str) -> None:
        """What would fill the memory once it is unpacked is never unpacked."""
        for how in ("deflate", "gzip", "stacked"):
            packed(how)  # so that only what is fetched is counted
        with suppress(FileError), whole_at_most(5_000_000):
            fetch(f"{server}/{path}", most_bytes=1_000_000)

    def test_large_is_not_read_to_its_end(self, server: str) -> None:
        """Of two hundred million bytes little more than the limit is taken."""
        Server.sent["large"] = 0
        with pytest.raises(FileError, match="bytes"):
            fetch(f"{server}/large", most_bytes=1_000_000)

        assert Server.sent["large"] < 20_000_000

    @pytest.mark.parametrize(
        "address",
        [
            "http://www.canada.ca/feed.json",
            "ftp://www.canada.ca/feed.json",
            "file:///feed.json",
            "https://10.1.2.3/feed.json",
            "https://192.168.0.1/feed.json",
            "https://169.254.169.254/latest/meta-data",
            "https://[fc00::1]/feed.json",
            "https:///feed.json",
            "https://[x/feed.json",
            "http://[x/feed.json",
            "gopher://www.canada.ca/feed.json",
            "data://feed.json",
            "https:\\\\10.0.0.1\\feed.json",
            "https://www.canada.ca@10.0.0.1/feed.json",
            "http://127.0.0.1@www.canada.ca/feed.json",
            "https://2130706433/feed.json",
            "https://0x7f.1/feed.json",
            "https://127.1/feed.json",
            "https://0.0.0.0/feed.json",
            "https://100.64.0.1/feed.json",
            "https://224.0.0.1/feed.json",
            "https://[::]/feed.json",
            "https://[fe80::1]/feed.json",
            "https://[::ffff:10.0.0.1]/feed.json",
            "https://[64:ff9b::a00:1]/feed.json",
            "https://[2002:a00:1::]/feed.json",
        ],
    )
    def test_addresses_that_are_misuse(self, address: str) -> None:
        """Only https, and only to public hosts; nothing is sent before that is known."""
        with pytest.raises(UsageError):
            fetch(address)

    @pytest.mark.parametrize(
        "places", [["10.0.0.1"], ["127.0.0.1"], ["1.1.1.1", "192.168.1.1"], ["fd00::1"], ["169.254.169.254"]]
    )
    def test_names_that_lead_inside(self, monkeypatch: pytest.MonkeyPatch, places: list[str]) -> None:
        """A name is looked up before anything is sent; one private address among several is enough to refuse it."""
        found = [(0, 0, 0, "", (place, 0)) for place in places]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        with pytest.raises(UsageError) as caught:
            fetch("https://feed.example.org/feed.json")

        assert caught.value.problems[0].code == "private_address"

    @pytest.mark.parametrize("address", ["https://a b/", "https://example.invalid:99999/", "https://10.0.0.1.\n/"])
    def test_addresses_that_lead_nowhere(self, address: str) -> None:
        """An address that cannot be one is an error in words, and never a failure."""
        with pytest.raises(ExpressEntryError):
            fetch(address)

    def test_nobody_there(self) -> None:
        """A port where nobody listens is an error that says so."""
        with pytest.raises(FileError) as caught:
            fetch("http://127.0.0.1:9/feed")

        assert caught.value.problems[0].code == "unreachable"


class TestBringing:
    """From a server into the user's folder."""

    def test_new_then_unchanged(self, server: str, tmp_path: Path) -> None:
        """The first fetch brings the round; the second asks with the mark and is told that nothing changed."""
        first = bring_from(f"{server}/feed", SHIPPED, tmp_path, DAY)
        before = (tmp_path / "manifest.json").read_bytes()
        second = bring_from(f"{server}/feed", load_record(tmp_path), tmp_path, DAY)

        assert [one.number for one in first.new] == ["448"]
        assert Server.asked[-1]["if-none-match"] == '"one"'
        assert (second.new, second.news) == ([], False)
        assert "not changed" in second.remarks[0].en
        assert (tmp_path / "manifest.json").read_bytes() == before
        assert load_record(tmp_path).newest.number == "448"

    def test_another_address_is_asked_without_the_mark(self, server: str, tmp_path: Path) -> None:
        """The mark of one address is not shown to another."""
        bring_from(f"{server}/feed", SHIPPED, tmp_path, DAY)
        bring_from(f"{server}/french", load_record(tmp_path), tmp_path, DAY)

        assert "if-none-match" not in Server.asked[-1]

    def test_encoding_unsaid(self, server: str, tmp_path: Path) -> None:
        """Windows-1252 without a word about it is read."""
        found = bring_from(f"{server}/french", SHIPPED, tmp_path, DAY)

        assert (found.new[0].category, found.new[0].version) == ("education", "v2")

    def test_any_other_server_is_as_old_as_its_newest_round(self, server: str, tmp_path: Path) -> None:
        """Only the department's own host makes the record as of today."""
        assert bring_from(f"{server}/feed", SHIPPED, tmp_path, DAY).record.as_of == date(2026, 10, 14)

    def test_the_department_makes_it_as_of_today(
        self, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What its own host sends was seen today; when it says unchanged, that was seen today too."""
        monkeypatch.setattr(fetching, "DEPARTMENT", "127.0.0.1")
        bring_from(f"{server}/feed", SHIPPED, tmp_path, DAY)
        assert load_record(tmp_path).as_of == DAY
        bring_from(f"{server}/feed", load_record(tmp_path), tmp_path, date(2026, 12, 24))

        assert load_record(tmp_path).as_of == date(2026, 12, 24)
        assert len(manifest_of(tmp_path)["updates"]) == 2

    def test_what_the_department_only_sends_on_to(
        self, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What came from elsewhere is not the department's, and its source is where it came from."""
        monkeypatch.setattr(fetching, "DEPARTMENT", "127.0.0.1")
        found = bring_from(f"{server}/elsewhere", SHIPPED, tmp_path, DAY)
        assert (found.source.confidence, found.source.seen) == ("one_source", date(2026, 10, 14))
        assert "localhost" in found.source.address
        assert bring_from(f"{server}/feed", SHIPPED, tmp_path / "own", DAY).source.confidence == "primary"

    @pytest.mark.parametrize("path", ["page", "empty", "cut", "404", "truncated", "bomb"])
    def test_bad_answers_change_nothing(self, server: str, tmp_path: Path, path: str) -> None:
        """After an answer that is no feed every file is as it was."""
        bring_from(f"{server}/feed", SHIPPED, tmp_path, DAY)
        before = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
        with pytest.raises((FileError, RecordError)):
            bring_from(f"{server}/{path}", load_record(tmp_path), tmp_path, DAY)

        assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == before

    def test_published_feed(self, server: str, tmp_path: Path) -> None:
        """The department's feed of August 2026 brings nothing that the shipped record lacks."""
        found = bring_from(f"{server}/whole", SHIPPED, tmp_path, DAY)

        assert (found.new, found.differences) == ([], [])
        assert load_record(tmp_path).rounds == SHIPPED.rounds
