"""News sent on: by mail, to a phone, to a chat or to a program, through the library `apprise`.

A message goes to one receiver and is about one event. It waits in the state of the watch from before it is sent until
its receiver has taken it, so that none is lost. Between the receiver's answer and the writing of the state nothing can
be promised: who is ended just then sends the message again, with the same id (`X-Event-Id`), by which a receiver can
tell. Receivers whose services take no headers get no id.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from expressentry.advise.watch.news import News
from expressentry.advise.watch.state import Message
from expressentry.answers.timeline import urn
from expressentry.errors import Problem, UsageError, needs
from expressentry.text import Text

KINDS = ("round", "invited", "threshold", "law", "page", "ahead")
"""The kinds of news that are worth a message: the person's own file and answers are known to whom they are sent."""
EVENT = "X-Event-Id"
"""The header that holds the id of an event, where the service takes headers."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """Somebody to send to: by which digest the state knows the address, and what sends."""

    key: str
    scheme: str
    _sender: Any

    def send(self, message: Message) -> bool:
        """Send a message; whether the receiver took it."""
        headers = getattr(self._sender, "headers", None)
        if isinstance(headers, dict):
            headers[EVENT] = message.event
        try:
            return bool(self._sender.notify(body=message.text, title=message.title))
        except Exception:  # of any of a hundred services; its words could repeat the address, with its password
            return False


def receivers(addresses: Sequence[str]) -> list[Receiver]:
    """Read addresses as `apprise` writes them: mailto://…, ntfy://…, json://….

    A receiver that sends on to another address has not taken the message: followed, it would be lost (302) or come to
    somebody whom nobody named (307). An address that has `redirect=yes` is followed all the same.

    Raises:
        UsageError: `apprise` is not installed, or an address is none of its own; the address is not repeated, for it
            may hold a password.
    """
    needs("notify", "apprise", field="notify")
    from apprise import Apprise, AppriseAsset

    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it would log addresses with their passwords
    asset = AppriseAsset(http_redirects=False)
    found, problems = [], []
    for number, address in enumerate(dict.fromkeys(addresses), 1):
        sender = Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
        if sender is None:
            problems.append(Problem("not_a_receiver", f"notify {number}", _NONE, _LIKE))
        else:
            key = hashlib.sha256(address.encode()).hexdigest()[:16]
            found.append(Receiver(key, address.partition(":")[0], sender))
    if problems:
        raise UsageError(problems)
    return found


_NONE = Text("not an address that can be sent to", "pas une adresse à laquelle on peut envoyer")
_LIKE = Text(
    "for example mailto://user:password@example.org, ntfy://ntfy.sh/topic, json://localhost:8080/news",
    "par exemple mailto://user:password@example.org, ntfy://ntfy.sh/topic, json://localhost:8080/news",
)


def messages(news: Iterable[News], to: Sequence[Receiver], write: Callable[[News], tuple[str, str]]) -> list[Message]:
    """The messages to send for news, for each receiver in turn.

    Args:
        news: What is new; what does not matter to anybody watched is left out.
        to: The receivers.
        write: Gives the title and the text of a piece of news.
    """
    kept = [one for one in news if one.kind in KINDS]
    return [Message(each.key, urn(one.id), *write(one)) for each in to for one in kept]


def deliver(outbox: Sequence[Message], to: Sequence[Receiver], keep: Callable[[Sequence[Message]], None]) -> int:
    """Send every message that waits for one of these receivers, and keep after each what still waits.

    Where a receiver does not take one, the rest for it waits for the next time too. Returns how many were not taken.
    """
    waiting, known, away = list(outbox), {one.key: one for one in to}, set[str]()
    for message in outbox:
        receiver = known.get(message.receiver)
        if receiver is None or receiver.key in away:
            continue
        if receiver.send(message):
            waiting.remove(message)
            keep(waiting)
        else:
            away.add(receiver.key)
    return sum(one.receiver in known for one in waiting)
