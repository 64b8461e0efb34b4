"""What questions are made of: one question, a table, and a list of tables asked as often as there are any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from expressentry.text import Text

Table = dict[str, Any]
Condition = Callable[[Table, Table], bool]
"""Whether something is asked, from the answers in the same table so far and the whole profile so far."""

Kind = Literal["day", "word", "yes_no", "number", "text", "texts", "country", "noc"]


def always(table: Table, whole: Table) -> bool:
    """Ask in every case."""
    return True


@dataclass(frozen=True, slots=True)
class Ask:
    """One question: `help` says which paper to look at; `default` is what an empty answer says, None leaves it out."""

    key: str
    kind: Kind
    text: Text
    help: Text
    when: Condition = always
    labels: Mapping[str, Text] = field(default_factory=dict)
    default: Any = None


@dataclass(frozen=True, slots=True)
class One:
    """A table: asked where the answer to `text` is yes, or in every case where there is no such question."""

    key: str
    asks: tuple[Item, ...]
    text: Text | None = None
    help: Text | None = None
    when: Condition = always


@dataclass(frozen=True, slots=True)
class Many:
    """A list of tables. Where it is not asked it is `[]`, or left out where `[]` would say more than is known."""

    key: str
    asks: tuple[Item, ...]
    text: Text
    another: Text
    help: Text
    when: Condition = always
    left_out: bool = False
    left_out_on_no: bool = False


Item = Ask | One | Many
