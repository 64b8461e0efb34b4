"""What each client has cost in a window of time: its requests, and the processor time that they took.

Ours, and not the library `limits`: its store in memory knows no bound on the clients it remembers and no clock but the
wall's, and where it would gain, several processes that share a Redis, the site is one process. Both cost about 5 µs a
request.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Generator
from ipaddress import IPv4Address, ip_address
from typing import TYPE_CHECKING, Any

from starlette.types import Scope

if TYPE_CHECKING:
    from expressentry.web.state import Limits


class Spending:
    """Counts what each client has used of its requests; processor time counts as further requests, when it is known.

    `held_bytes` are what all bodies of many people hold together that are not scored yet.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits, self.clock = limits, clock
        self.used: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self.held_bytes = 0

    def count(self, client: str) -> bool:
        """Count a request; whether the client had one left.

        Requests that are refused do not count: a client that waits for the end of the window is served again.
        """
        begun, used = self._now(client)
        allowed = int(used) + 1 <= self.limits.requests
        self._keep(client, begun, used + 1 if allowed else used)
        return allowed

    def spend(self, client: str, seconds: float) -> None:
        """Count processor time that was used for a client."""
        if self.limits.requests and client:
            begun, used = self._now(client)
            self._keep(client, begun, used + seconds / self.limits.cost_seconds)

    def left(self, client: str) -> tuple[int, int]:
        """How many requests are left, and the seconds until the window ends."""
        begun, used = self._now(client)
        reset = max(1, round(begun + self.limits.window_seconds - self.clock()))
        return max(self.limits.requests - int(used), 0), reset

    def _now(self, client: str) -> tuple[float, float]:
        now = self.clock()
        begun, used = self.used.get(client, (now, 0.0))
        return (now, 0.0) if now - begun >= self.limits.window_seconds else (begun, used)

    def _keep(self, client: str, begun: float, used: float) -> None:
        self.used[client] = (begun, used)
        self.used.move_to_end(client)
        while len(self.used) > self.limits.clients:
            self.used.popitem(last=False)


def client_of(scope: Scope) -> str:
    """The client of a request."""
    return address_of(scope["client"][0] if scope.get("client") else "")


def address_of(host: str) -> str:
    """A client by its address without a port, of IPv6 by the network of 64 bits that one household has.

    What is no address, as a proxy may pass on, is one client together.

    >>> address_of("192.0.2.1:4711"), address_of("2001:db8::1") == address_of("[2001:db8::2]:80"), address_of("x")
    ('192.0.2.1', True, 'unknown')
    """
    try:
        address = ip_address(_without_port(host))
    except ValueError:
        return "unknown"
    if not isinstance(address, IPv4Address):
        if address.ipv4_mapped is None:
            return f"{int(address) >> 64:x}"
        address = address.ipv4_mapped
    return str(address)


def _without_port(host: str) -> str:
    """An address as proxies write it, without the port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0] if host.count(":") == 1 else host


class Metered:
    """An awaitable that runs a coroutine and adds up the processor time of its own steps, and of no other's."""

    def __init__(self, coroutine: Coroutine[Any, Any, Any]) -> None:
        self.coroutine, self.seconds = coroutine, 0.0

    def __await__(self) -> Generator[Any, Any, Any]:
        """Run the coroutine."""
        step, given = self.coroutine.send, None
        while True:
            begun = time.thread_time()
            try:
                asked = step(given)
            except StopIteration as end:
                return end.value
            finally:
                self.seconds += time.thread_time() - begun
            try:
                step, given = self.coroutine.send, (yield asked)
            except BaseException as error:  # a cancellation
                step, given = self.coroutine.throw, error
