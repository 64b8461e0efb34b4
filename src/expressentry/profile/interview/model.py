"""What questions are made of: one question, a few behind a yes, a table, and a list of tables as long as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import singledispatch
from typing import Any, Literal

from expressentry.law.law import Law
from expressentry.text import Text

Table = dict[str, Any]
Condition = Callable[[Table, Table, Law], bool]
"""Whether something is asked, from the answers in the same table so far, the whole profile so far and the law."""

Kind = Literal["day", "word", "yes_no", "number", "money", "wage", "text", "texts", "country", "noc", "body"]


def always(table: Table, whole: Table, law: Law) -> bool:
    """Ask in every case."""
    return True


@dataclass(frozen=True, slots=True)
class Ask:
    """One question, and in `help` which document answers it.

    Attributes:
        empty: What it means to answer nothing, where that is an answer; elsewhere the question must be answered.
        default: What a file means that leaves the key out; None where that says nothing.
        of_partner: The question as it is asked about the partner, where it says "you".
        hours_a_year: By what a wage of a year is divided, of the kind `wage`.
        help_of_partner: The same of the help.
    """

    key: str
    kind: Kind
    text: Text
    help: Text
    when: Condition = always
    labels: Mapping[str, Text] = field(default_factory=dict)
    empty: Text | None = None
    default: Any = None
    of_partner: Text | None = None
    help_of_partner: Text | None = None
    hours_a_year: int = 0


@dataclass(frozen=True, slots=True)
class OfLaw:
    """Questions of the same table that the law declares: made when they are first needed."""

    make: Callable[[Law], tuple[Ask, ...]]


@dataclass(frozen=True, slots=True)
class One:
    """A table: asked where the answer to `text` is yes, or in every case where there is no such question."""

    key: str
    asks: tuple[Item, ...]
    text: Text | None = None
    help: Text | None = None
    when: Condition = always
    of_partner: Text | None = None


@dataclass(frozen=True, slots=True)
class Rare:
    """Questions of the same table that few people need, asked where the answer to `text` is yes.

    `otherwise` are those that are asked where it is no.
    """

    asks: tuple[Item, ...]
    text: Text
    help: Text
    when: Condition = always
    of_partner: Text | None = None
    help_of_partner: Text | None = None
    otherwise: tuple[Item, ...] = ()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that its questions fill; the first one names the question whether there is any."""
        return tuple(item.key for item in self.asks if not isinstance(item, Rare | OfLaw))


@dataclass(frozen=True, slots=True)
class Many:
    """A list of tables. Where it is not asked it is `[]`, or left out where `[]` would say more than is known.

    `between` is asked of each gap between two entries in which there was work in Canada: its answer is the kind of a
    further entry, for those days.
    """

    key: str
    asks: tuple[Item, ...]
    text: Text
    another: Text
    help: Text
    when: Condition = always
    left_out: bool = False
    left_out_on_no: bool = False
    of_partner: Text | None = None
    another_of_partner: Text | None = None
    between: Ask | None = None


Item = Ask | Rare | One | Many | OfLaw


def for_partner(many: Many, condition: Condition | None = None) -> Many:
    """The same questions about the partner, under a condition of their own where one is given."""
    asked: Many = _for_partner(many)
    return asked if condition is None else replace(asked, when=condition)


@singledispatch
def _for_partner(item: Any) -> Any:
    """One item with every wording that speaks of the partner."""
    return replace(item, text=item.of_partner or item.text, help=item.help_of_partner or item.help)


@_for_partner.register
def _(item: Rare) -> Rare:
    text, help_ = item.of_partner or item.text, item.help_of_partner or item.help
    asks, otherwise = tuple(map(_for_partner, item.asks)), tuple(map(_for_partner, item.otherwise))
    return replace(item, text=text, help=help_, asks=asks, otherwise=otherwise)


@_for_partner.register
def _(item: One) -> One:
    return replace(item, text=item.of_partner or item.text, asks=tuple(map(_for_partner, item.asks)))


@_for_partner.register
def _(item: Many) -> Many:
    asked = replace(item, asks=tuple(map(_for_partner, item.asks)), between=item.between and _for_partner(item.between))
    return replace(asked, text=item.of_partner or item.text, another=item.another_of_partner or item.another)
