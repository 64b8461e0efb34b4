"""Fetching a feed: HTTPS only, a limit on time and on size, a conditional request, no redirect to elsewhere.

Only a server on this machine (127.0.0.1, ::1, localhost) may speak plain HTTP. An address, or a redirect, that leads
to a private network is refused, unless the address given is itself on this machine; a name is looked up for that, and
one private address among several is enough. A name that leads elsewhere a moment later (rebinding) gains nothing: the
server there would have to show a certificate of that name before anything is sent to it. What began over HTTPS
is never led on to plain HTTP, not even on this machine.

A certificate is checked against the authorities of `SSL_CERT_FILE` or `SSL_CERT_DIR`, where one of them is set, else
against those that come with certifi.

An answer that comes packed, though none was asked for, is unpacked once, and the limit counts what comes out; packed
twice, or in another way, it is refused.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from expressentry.errors import FileError, Problem, UsageError
from expressentry.rounds.feed import MOST_BYTES
from expressentry.text import Text

if TYPE_CHECKING:
    import httpx

ADDRESS = "https://www.canada.ca/content/dam/ircc/documents/json/ee_rounds_123_en.json"
"""Where the department publishes its rounds; the same in French ends in `_fr.json`."""

DEPARTMENT = "www.canada.ca"
TOTAL_SECONDS = 60.0
READ_SECONDS = 15.0
_MOST_REDIRECTS = 3
_LOCAL = ("127.0.0.1", "::1", "localhost")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses of IPv4 as a network of IPv6 alone reaches them."""

_OK, _NOT_MODIFIED, _REDIRECTS = 200, 304, (301, 302, 303, 307, 308)
_LATER = Text("try again later, or give a file", "réessayer plus tard, ou donner un fichier")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came back: from which address after all redirects, the bytes, None where nothing changed, and the marks.

    The marks are the server's, for the next request.
    """

    address: str
    data: bytes | None
    etag: str | None = None
    last_modified: str | None = None


def fetch(
    address: str = ADDRESS,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    total_seconds: float = TOTAL_SECONDS,
    read_seconds: float = READ_SECONDS,
    most_bytes: int = MOST_BYTES,
) -> Fetched:
    """Fetch a feed; with the marks of an earlier answer, only if it changed since.

    Raises UsageError for an address that is not allowed, FileError for everything that can go wrong on the way.
    """
    import httpx

    _allowed(address, local=_is_local(address))
    marks = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    headers = {"User-Agent": "expressentry", "Accept-Encoding": "identity"}
    headers |= {name: mark for name, mark in marks.items() if mark}

    async def whole() -> Fetched:
        timeout = httpx.Timeout(read_seconds)
        async with (
            asyncio.timeout(total_seconds),
            httpx.AsyncClient(
                timeout=timeout,
                # No proxy for this machine; the authorities that the environment names hold here too.
                trust_env=not _is_local(address),
                verify=httpx.create_ssl_context(),
                headers=headers,
            ) as client,
        ):
            return await _get(client, address, most_bytes)

    try:
        return asyncio.run(whole())
    except (TimeoutError, httpx.TimeoutException):
        rule = Text("no complete answer within {n} seconds", "pas de réponse complète en {n} secondes")
        raise FileError(Problem("too_slow", address, rule.fill(n=f"{total_seconds:g}"), _LATER)) from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        rule = Text("cannot be fetched ({e})", "téléchargement impossible ({e})").fill(
            e=str(error) or type(error).__name__
        )
        raise FileError(Problem("unreachable", address, rule, _LATER)) from None


async def _get(client: httpx.AsyncClient, address: str, most_bytes: int) -> Fetched:
    """Follow at most three redirects, each to an allowed address, and read no more than the limit."""
    local, at = _is_local(address), address
    for _ in range(_MOST_REDIRECTS + 1):
        async with client.stream("GET", at) as answer:
            if answer.status_code in _REDIRECTS and "location" in answer.headers:
                before, at = at, _joined(at, answer.headers["location"])
                _allowed(at, local=local and (_scheme(before) == "http" or _scheme(at) == "https"))
                continue
            marks = answer.headers.get("etag"), answer.headers.get("last-modified")
            if answer.status_code == _NOT_MODIFIED:
                return Fetched(at, None, *marks)
            if answer.status_code != _OK:
                rule = Text("the server answered {n}", "le serveur a répondu {n}").fill(n=answer.status_code)
                raise FileError(Problem("http_status", address, rule, _LATER))
            content = _Content(address, answer.headers.get("content-encoding", ""), most_bytes)
            async for part in answer.aiter_raw():
                content.take(part)
            return Fetched(at, content.whole(), *marks)
    rule = Text("at most {n} redirects", "au plus {n} redirections").fill(n=_MOST_REDIRECTS)
    raise FileError(Problem("too_many_redirects", address, rule, _LATER))


class _Content:
    """The bytes of an answer, unpacked as they come; no more is ever held than the limit."""

    def __init__(self, address: str, packing: str, most: int) -> None:
        self._address, self._most, self._got, self._parts = address, most, 0, list[bytes]()
        kind = packing.strip().lower()
        if kind not in ("", "identity", "gzip", "x-gzip", "deflate"):
            raise self._refused(_PACKING.fill(k=packing[:40]))
        self._unpack = None if kind in ("", "identity") else zlib.decompressobj(_GZIP_OR_ZLIB)

    def take(self, part: bytes) -> None:
        """Take the next bytes of the answer.

        Raises FileError where there are too many, or they cannot be unpacked.
        """
        if self._unpack is None:
            self._keep(part)
            return
        while part:
            try:
                self._keep(self._unpack.decompress(part, self._most - self._got + 1))
            except zlib.error:
                raise self._refused(_NOT_PACKED) from None
            if self._unpack.unused_data:
                raise self._refused(_NOT_PACKED)
            part = self._unpack.unconsumed_tail

    def whole(self) -> bytes:
        """All of the answer.

        Raises FileError where the end is missing.
        """
        if self._unpack is not None and not self._unpack.eof:
            raise self._refused(_NOT_PACKED)
        return b"".join(self._parts)

    def _keep(self, part: bytes) -> None:
        self._got += len(part)
        if self._got > self._most:
            rule = Text("at most {n} bytes", "au plus {n} octets").fill(n=self._most)
            raise FileError(Problem("too_large", self._address, rule, _LATER))
        self._parts.append(part)

    def _refused(self, rule: Text) -> FileError:
        return FileError(Problem("packed", self._address, rule, _LATER))


_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_PACKING = Text("packed in a way that is not read here ({k})", "compressé d'une façon qui n'est pas lue ici ({k})")
_NOT_PACKED = Text("cannot be unpacked", "impossible à décompresser")


def _joined(address: str, location: str) -> str:
    """Where a redirect leads; what cannot be read leads nowhere that is allowed."""
    try:
        return urljoin(address, location)
    except ValueError:
        return location


def is_address(text: str) -> bool:
    """Whether what a user gave is an address and not a file."""
    return "://" in text


def _host(address: str) -> str | None:
    """The host that an address names; None where it names none, or is no address at all."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _scheme(address: str) -> str:
    return address.partition(":")[0].lower()


def _is_local(address: str) -> bool:
    return _host(address) in _LOCAL


def _allowed(address: str, *, local: bool) -> None:
    """Refuse anything but HTTPS to a public host; from this machine to this machine anything goes over HTTP too."""
    scheme, host = _scheme(address), _host(address)
    if local and _is_local(address) and scheme in ("http", "https"):
        return
    fix = Text("give an https address, or a file", "donner une adresse https, ou un fichier")
    if scheme != "https" or not host:
        raise UsageError(
            Problem(
                "not_https",
                "address",
                Text("only https addresses are accepted", "seules les adresses https sont acceptées"),
                fix,
                address,
            )
        )
    if not all(_is_public(place) for place in _places(host)):
        rule = Text(
            "addresses of a private network are not accepted", "les adresses d'un réseau privé ne sont pas acceptées"
        )
        raise UsageError(Problem("private_address", "address", rule, fix, address))


def _is_public(place: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the open Internet, and so is the one that it wraps, where it wraps one."""
    inner: ipaddress.IPv4Address | None = None
    if isinstance(place, ipaddress.IPv6Address):
        inner = place.ipv4_mapped or place.sixtofour or (place.teredo or (None, None))[1]
        if place in _NAT64:
            inner = ipaddress.IPv4Address(int(place) & 0xFFFFFFFF)
    return place.is_global and not place.is_multicast and (inner is None or _is_public(inner))


def _places(host: str) -> list[ipaddress.IPv4Address | ipaddress.IPv6Address]:
    """The addresses of a host; none where this machine cannot tell and a proxy may."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return []
    return [ipaddress.ip_address(str(place[4][0]).partition("%")[0]) for place in found]
