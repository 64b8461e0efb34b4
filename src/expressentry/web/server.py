"""The server of the site: uvicorn's, with patience that ends and connections that nobody can use up.

A connection without a request under way waits for one: for so many seconds, and only as long as there is room. Where
there is none, who has waited longest goes, so that idle connections keep nobody out.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

from expressentry.web.spending import address_of

REQUEST_SECONDS = 10.0
"""For a request's line and headers to arrive, from the first byte or from the connection on."""
STALLED_SECONDS = 30.0
"""For a client to take what it is sent."""
MOST_CONNECTIONS = 1000
MOST_OF_CLIENT = 100
MOST_HEADER_BYTES = 32 * 1024


class Room:
    """The connections that there are: of each client, and those that wait for a request, the longest first.

    Behind a proxy all come from one address, and `most_of_client` is None.
    """

    def __init__(self, most: int = MOST_CONNECTIONS, most_of_client: int | None = MOST_OF_CLIENT) -> None:
        self.most, self.most_of_client = most, most_of_client
        self.open: dict[Patient, str] = {}
        self.waiting: dict[Patient, str] = {}
        self.of_client: Counter[str] = Counter()

    def enter(self, one: Patient, client: str) -> bool:
        """Take in a connection, in the place of one that waits where that must be; whether there was room."""
        if self.most_of_client is not None and self.of_client[client] >= self.most_of_client:
            self._make_room(client)
            if self.of_client[client] >= self.most_of_client:
                return False
        if len(self.open) >= self.most:
            self._make_room(None)
            if len(self.open) >= self.most:
                return False
        self.open[one] = client
        self.of_client[client] += 1
        return True

    def leave(self, one: Patient) -> None:
        """Forget a connection."""
        self.waiting.pop(one, None)
        client = self.open.pop(one, None)
        if client is not None:
            self.of_client[client] -= 1
            self.of_client += Counter()  # those with none are forgotten

    def _make_room(self, client: str | None) -> None:
        """End the connection that has waited longest, of one client or of all."""
        for one, whose in self.waiting.items():
            if client is None or whose == client:
                self.leave(one)
                one.transport.abort()
                return


class Patient(H11Protocol):
    """A connection that is closed when no request comes, or when its client takes nothing."""

    room = Room()
    request_seconds = REQUEST_SECONDS
    stalled_seconds = STALLED_SECONDS

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._timer: asyncio.TimerHandle | None = None
        self._stalled: asyncio.TimerHandle | None = None
        if not self.room.enter(self, address_of(self.client[0] if self.client else "")):
            transport.abort()
            return
        self._look()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self.room.leave(self)
        self._stop()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what came: a whole request ends the waiting, a part of one does not."""
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        """Wait for the next request."""
        super().on_response_complete()
        self._look()

    def timeout_keep_alive_handler(self) -> None:
        """Close what waited long enough, also where the client does not take the last of its answer."""
        super().timeout_keep_alive_handler()
        self._stall()

    def pause_writing(self) -> None:
        """The client takes less than it is sent: not for long."""
        super().pause_writing()
        self._stall()

    def resume_writing(self) -> None:
        """The client takes what it is sent."""
        super().resume_writing()
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _look(self) -> None:
        """Wait for a request, or stop waiting where there is one."""
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop()
            self.room.waiting.pop(self, None)
        elif self in self.room.open:
            self.room.waiting.setdefault(self, self.room.open[self])
            # Between requests uvicorn's own timer runs until the first byte of the next.
            if self._timer is None and self.timeout_keep_alive_task is None:
                self._timer = self.loop.call_later(self.request_seconds, self.transport.abort)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _stall(self) -> None:
        if self._stalled is None:
            self._stalled = self.loop.call_later(self.stalled_seconds, self.transport.abort)


def protocol(*, behind_proxy: bool, most: int = MOST_CONNECTIONS, **more: Any) -> type[Patient]:
    """The protocol of one server, with its own room; behind a proxy all connections are one client's.

    >>> protocol(behind_proxy=True, most=20).room.most
    20
    """
    return type("Patient", (Patient,), {"room": Room(most, None if behind_proxy else MOST_OF_CLIENT), **more})
