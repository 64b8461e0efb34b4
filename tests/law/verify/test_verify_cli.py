"""`expressentry law verify` on the command line."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from expressentry.answers.published import page_changes
from expressentry.cli import run
from expressentry.cli.commands.law_verify import keep_comparing
from expressentry.errors import FileError, Problem
from expressentry.law.load import load_law
from expressentry.law.verify import known
from expressentry.law.verify.pages.compare import KINDS
from expressentry.law.verify.statutes import MOST_BYTES
from expressentry.rounds.fetch import Fetched
from expressentry.text import LANGS, Text
from tests.law.verify.department import make
from tests.law.verify.xml import cited, statutes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with small statutes that say what the law cites."""
    for name, data in statutes(cited(load_law())).items():
        (tmp_path / name).write_bytes(data)
    return tmp_path


class _Server(BaseHTTPRequestHandler):
    """The Department of Justice's collection, and what is not it; pages of the immigration department."""

    files: ClassVar[dict[str, bytes]] = {}

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        """Answer as the path says."""
        top, _, name = self.path.strip("/").partition("/")
        data, status, headers = self.files.get(name, b""), 200 if name in self.files else 404, {}
        if top == "missing":
            status = 404
        elif top == "elsewhere":
            status, headers = 302, {"Location": "http://192.0.2.1/" + name}
        elif top == "large":
            data = b" " * (MOST_BYTES + 1)
        elif top == "page":
            data = b"<html><p>no statute</p></html>"
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            for key, value in headers.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(data)


@pytest.fixture
def server() -> Iterator[str]:
    """The address of a server on this machine with small statutes."""
    small = statutes(cited(load_law()))
    _Server.files = {
        one.files.say(lang): small[f"{id_}-{lang}.xml"] for id_, one in known.statutes().items() for lang in LANGS
    }
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


class TestStatutes:
    """With `--statutes`."""

    def test_the_same_is_status_0(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A law that agrees says so, in both languages, and as data."""
        assert run(["law", "verify", "--statutes", str(folder)]) == 0
        assert "The law agrees with the statutes." in capsys.readouterr().out
        assert run(["law", "verify", "--statutes", str(folder), "--lang", "fr"]) == 0
        assert "Le droit concorde avec les lois." in capsys.readouterr().out
        assert run(["law", "verify", "--statutes", str(folder), "--format", "json"]) == 0

        found = json.loads(capsys.readouterr().out)
        assert found["sound"] is True
        age = next(one for one in found["citations"] if one["id"] == "fsw.age")
        assert age["provisions"] == ["81"]
        assert age["url"] == "https://laws-lois.justice.gc.ca/eng/regulations/SOR-2002-227/section-81.html"

    def test_a_difference_is_status_3(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """A figure that is not there is named with its place and the language."""
        file = folder / "irpr-fr.xml"
        file.write_text(file.read_text("utf-8").replace("12 points, 18 ans", "13 points, 18 ans"), "utf-8")

        assert run(["law", "verify", "--statutes", str(folder)]) == 3
        assert "12: not in these words (fr)" in capsys.readouterr().out

    def test_the_result_is_kept_in_the_users_folder(
        self, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """With --record it is written there and answers cite it; without it nothing is; the package stays as it is."""
        home, own = tmp_path / "home", known.COMPARED.read_bytes()
        monkeypatch.setenv("EXPRESSENTRY_HOME", str(home))
        assert run(["law", "verify", "--statutes", str(folder)]) == 0
        assert not home.exists()
        assert run(["law", "verify", "--statutes", str(folder), "--record", "--on", "2027-01-05"]) == 0
        kept = home / "compared.toml"
        assert "on = 2027-01-05" in kept.read_text("utf-8")
        kept.write_text(kept.read_text("utf-8").replace("consolidated = 2026-06-14", "consolidated = 2026-12-24"))
        capsys.readouterr()
        assert run(["law", "show", "irpr"]) == 0
        assert "with the text current to 2026-12-24" in capsys.readouterr().out

        assert known.COMPARED.read_bytes() == own

    @pytest.mark.parametrize(
        ("change", "cited"),
        [
            (("on = 2026-11-28", "on = 2026-11-27"), "2026-06-14"),
            (("on = 2026-11-28", "on = 'soon'"), "2026-06-14"),
            (("[irpa]", "[irpa"), "2026-06-14"),
            (("[figures]", "[numbers]"), "2026-06-14"),
            (("earlier = 8", "earlier = 9"), "2026-12-24"),
        ],
    )
    def test_an_older_or_broken_record_is_not_cited(
        self, change: tuple[str, str], cited: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The newer of the two comparisons is cited; a file that cannot be read says nothing."""
        text = known.COMPARED.read_text("utf-8").replace("2026-06-14", "2026-12-24").replace(*change)
        (tmp_path / "compared.toml").write_text(text, "utf-8")
        known.look_in(tmp_path)
        try:
            assert str(known.compared()["irpr"]["consolidated"]) == cited
        finally:
            known.look_in(None)

    def test_at_an_address(self, server: str, capsys: pytest.CaptureFixture[str]) -> None:
        """The four files are fetched below an address, with the same care as a feed of rounds."""
        assert run(["law", "verify", "--statutes", f"{server}/xml/"]) == 0
        assert "The law agrees with the statutes." in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("at", "told"),
        [
            ("/missing", "the server answered 404"),
            ("/elsewhere", "only https addresses are accepted"),
            ("/large", "at most"),
            ("/page", "no act or regulation"),
        ],
    )
    def test_an_address_that_harms(self, at: str, told: str, server: str, capsys: pytest.CaptureFixture[str]) -> None:
        """A file that is missing, leads elsewhere, is too large, or is no statute is an error, and nothing else."""
        assert run(["law", "verify", "--statutes", f"{server}{at}"]) in (1, 2)
        assert told in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("given", "told"),
        [
            ([], "--statutes"),
            (["--statutes", "nowhere"], "no such folder"),
            (["--statutes", "http://example.org/"], "only https addresses"),
        ],
    )
    def test_what_is_missing_is_said(self, given: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing to compare with, no folder, and an address that is not allowed are errors."""
        assert run(["law", "verify", *given]) in (1, 2)
        assert told in capsys.readouterr().err


class TestPages:
    """With `--page`."""

    def test_the_three_answers(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """The same is 0, a difference 3 with both values, a page that was not understood 4 with what was expected."""
        file = tmp_path / "page.html"
        data = make("crs", load_law(), date(2026, 6, 22), "en")
        file.write_bytes(data)
        assert run(["law", "verify", "--page", str(file)]) == 0
        assert "The page and the law agree." in capsys.readouterr().out

        file.write_bytes(data.replace(b"<td>600</td>", b"<td>500</td>"))
        assert run(["law", "verify", "--page", str(file), "--format", "json"]) == 3
        (row,) = [one for one in json.loads(capsys.readouterr().out)["rows"] if one["finding"] != "same"]
        assert (row["place"], row["page"], row["law"]) == ("additional.nomination", "500", "600")

        file.write_bytes(data.replace(b"<td>600</td>", b"<td>many</td>"))
        assert run(["law", "verify", "--page", str(file), "--lang", "fr"]) == 4
        told = capsys.readouterr().out
        assert "un nombre de points à la ligne « Provincial or territorial nomination »" in told
        assert "La page et le droit concordent." not in told

    @pytest.mark.parametrize("kind", KINDS)
    def test_what_is_not_compared_is_named(self, kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        """Beside every result, as text and as data: nobody takes it for more than it is."""
        file = tmp_path / "page.html"
        file.write_bytes(make(kind, load_law(), date(2026, 6, 22), "en"))
        run(["law", "verify", "--page", str(file)])
        assert "Not compared: " in capsys.readouterr().out
        run(["law", "verify", "--page", str(file), "--format", "json", "--lang", "fr"])
        assert re.search("phrases|mots", json.loads(capsys.readouterr().out)["not_compared"])

    def test_again_and_again(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """With --every a result is shown when it is another; a failure is said once, and does not stop the next."""
        same = make("funds", load_law(), date(2026, 6, 22), "en")
        other = same.replace(b"15,263", b"15,632")
        answers = iter([same, same, None, None, other, other, same, other])
        asked: list[str] = []

        def fetch(address: str, **_: Any) -> Fetched:
            asked.append(address)
            data = next(answers)
            if data is None:
                raise FileError(Problem("unreachable", address, Text("cannot be fetched", ""), Text("later", "")))
            return Fetched(address, data)

        monkeypatch.setattr("expressentry.answers.verify.fetch", fetch)
        monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path))
        address = "https://www.canada.ca/proof-funds.html"
        status = keep_comparing(address, lambda _: len(asked) == 8, load_law(), "text", 3600)

        told = capsys.readouterr()
        assert status == 3
        assert [told.out.count(one) for one in ("The page and the law agree", "The page and the law differ")] == [2, 2]
        assert told.err.count("cannot be fetched") == 1
        (change,) = page_changes(tmp_path, load_law())
        assert change.day == date(2026, 6, 22)

    def test_two_at_once_is_misuse(self, tmp_path: Path) -> None:
        """One comparison a run, and only that with the statutes is kept."""
        assert run(["law", "verify", "--statutes", "a", "--every", "24"]) == 2
        assert run(["law", "verify", "--page", "a", "--every", "24", "--draft", "b"]) == 2
        assert run(["law", "verify", "--page", "a", "--every", "0.1"]) == 2
        assert run(["law", "verify", "--page", "a", "--statutes", "b"]) == 2
        assert run(["law", "verify", "--page", "a", "--record"]) == 2
        assert run(["law", "verify", "--page", str(tmp_path / "none.html")]) == 1
