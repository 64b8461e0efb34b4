"""`law verify` over HTTPS: a server on this machine, with certificates of an authority of our own."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme

from expressentry.cli import run
from expressentry.errors import FileError
from expressentry.law.load import load_law
from expressentry.law.verify import known
from expressentry.rounds.fetch import fetch
from expressentry.text import LANGS
from tests.law.verify.xml import cited, statutes

FUNDS = Path(__file__).parents[3] / "examples/pages/proof-of-funds.html"


@cache
def files() -> dict[str, bytes]:
    """Small statutes by their path in the collection, and a page."""
    small = statutes(cited(load_law()))
    acts = known.statutes().items()
    found = {f"/{one.files.say(lang)}": small[f"{id_}-{lang}.xml"] for id_, one in acts for lang in LANGS}
    return {**found, "/funds.html": FUNDS.read_bytes()}


class _Server(BaseHTTPRequestHandler):
    """Files; below `/plain` each leads to the same server without encryption, below `/again` to itself."""

    def log_message(self, *_: Any) -> None:
        """Stay quiet."""

    def do_GET(self) -> None:
        """Answer as the path says."""
        top, _, rest = self.path.removeprefix("/").partition("/")
        scheme = {"plain": "http", "again": "https"}.get(top)
        data = files().get(self.path, b"")
        with suppress(BrokenPipeError, ConnectionResetError):
            self.send_response(302 if scheme else 200 if data else 404)
            if scheme:
                self.send_header("Location", f"{scheme}://{self.headers['Host']}/{rest}")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)


class _Quiet(ThreadingHTTPServer):
    """A server to which clients that refuse its certificate are no news."""

    def handle_error(self, *_: Any) -> None:
        """Stay quiet."""


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    """An authority that nobody knows by itself."""
    return trustme.CA()


@contextmanager
def encrypted(certificate: trustme.LeafCert) -> Iterator[str]:
    """The address of a server that shows a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    running = _Quiet(("127.0.0.1", 0), _Server)
    # The handshake is made where the connection is read, so that one that fails stops no other.
    running.socket = context.wrap_socket(running.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"https://localhost:{running.server_port}"
    running.shutdown()
    running.server_close()
    thread.join()


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[str]:
    """A server whose certificate is of this machine's name."""
    with encrypted(authority.issue_cert("localhost")) as address:
        yield address


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is the one that the environment names; a proxy is named too, of no use for this machine."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")


WHAT = [
    ("--statutes", "", "The law agrees with the statutes."),
    ("--page", "/funds.html", "The page and the law agree."),
]


@pytest.mark.usefixtures("trusted")
class TestKnownAuthority:
    """A certificate of an authority that is known here."""

    @pytest.mark.parametrize("through", ["", "/again"])
    @pytest.mark.parametrize(("option", "at", "says"), WHAT)
    def test_is_accepted(
        self, option: str, at: str, says: str, through: str, server: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """Statutes and a page are fetched and compared, through a redirect over HTTPS too."""
        assert run(["law", "verify", option, f"{server}{through}{at}"]) == 0
        assert says in capsys.readouterr().out

    @pytest.mark.parametrize(("option", "at", "says"), WHAT)
    def test_is_not_led_to_plain_http(
        self, option: str, at: str, says: str, server: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """What began over HTTPS stays there, even on this machine."""
        assert run(["law", "verify", option, f"{server}/plain{at}"]) == 2
        told = capsys.readouterr()
        assert "only https addresses are accepted" in told.err
        assert says not in told.out

    def test_of_another_name_is_refused(self, authority: trustme.CA) -> None:
        """The certificate of another host, though by the same authority."""
        with encrypted(authority.issue_cert("www.canada.ca")) as address, pytest.raises(FileError) as caught:
            fetch(f"{address}/funds.html")

        assert "hostname mismatch" in caught.value.say().lower()

    def test_expired_is_refused(self, authority: trustme.CA) -> None:
        """One that was valid until 2020."""
        first, last = (datetime(year, 1, 1, tzinfo=UTC) for year in (2019, 2020))
        old = authority.issue_cert("localhost", not_before=first, not_after=last)
        with encrypted(old) as address, pytest.raises(FileError) as caught:
            fetch(f"{address}/funds.html")

        assert "expired" in caught.value.say().lower()


class TestUnknownAuthority:
    """A certificate of an authority that is not known."""

    @pytest.mark.parametrize(("option", "at", "says"), WHAT)
    def test_is_refused(self, option: str, at: str, says: str, server: str, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing is compared, and the error says why."""
        assert run(["law", "verify", option, f"{server}{at}"]) == 1
        told = capsys.readouterr()
        assert "certificate verify failed" in told.err.lower()
        assert says not in told.out

    def test_there_is_no_way_round(self, server: str) -> None:
        """Asked without encryption, the server gives nothing."""
        with pytest.raises(FileError):
            fetch(server.replace("https", "http") + "/funds.html")
