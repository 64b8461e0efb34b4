"""Why something changes on a day: a cause in words, in both languages."""

from __future__ import annotations

from dataclasses import dataclass

from expressentry.text import Text

KINDS = ("age", "paper", "family", "work", "permit", "law", "fact", "open", "profile", "invitation")
"""What a cause is of; `fact` is a count that the papers lead to, `open` a question that begins or ends to matter."""


@dataclass(frozen=True, slots=True)
class Cause:
    """One reason: its kind, what happens in words, the place in the profile, and the rule behind it where there is one.

    `field` is a place of the profile (`person.tests[1]`), a column, or the id of a law; None where there is none.
    """

    kind: str
    text: Text
    field: str | None = None
    why: Text | None = None
