"""Facts as the pool keeps them: their text, their digests, and what cannot be kept."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from expressentry.errors import FactorsError, Problem
from expressentry.law.schema import months_text
from expressentry.pool.acts.model import Scored, canonical, first_review
from expressentry.pool.acts.refusals import refusal
from expressentry.text import Text

MOST_BYTES = 1_000_000
"""The size of the largest profile that is taken."""
MOST_KEY = 200
"""The most characters of a key of a person."""


def facts_text(facts: Mapping[str, Any]) -> str:
    """Facts as JSON, days written YYYY-MM-DD and scores as numbers, as a person writes them."""
    return json.dumps(facts, sort_keys=True, ensure_ascii=False, default=_plain)


def canonical_facts(facts: Mapping[str, Any]) -> str:
    """Facts as JSON in one form only: the order of keys, and 8 or 8.0, make no difference.

    >>> canonical_facts({"b": 8, "a": 6.5}) == canonical_facts({"a": 6.5, "b": 8.0})
    True
    """
    text = facts_text(facts)
    # Only a whole number written as a fraction has another form, and it ends so; most facts have none.
    return facts_text(_canonical(facts)) if ".0" in text or "e+" in text else text


def _canonical(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _canonical(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(one) for one in value]
    if isinstance(value, float | Decimal):
        number = float(value)
        return int(number) if number.is_integer() else number  # which is 0 for -0.0 too
    return value


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def new_salt() -> str:
    """A salt that nobody can guess."""
    return secrets.token_hex(16)


def salted(salt: str, text: str) -> str:
    """Digest of something personal that gives nothing away without its salt."""
    return hashlib.sha256(f"{salt}\n{text}".encode(errors="surrogatepass")).hexdigest()


def profile_digest(salt: str, schema_version: int, facts: Mapping[str, Any]) -> str:
    """Digest of facts as submitted; the server may keep 8.0 as 8 and -0.0 as 0, which makes no difference."""
    return salted(salt, f"{schema_version} {canonical_facts(facts)}")


def factors_row(scored: Mapping[int, Scored]) -> dict[str, Any]:
    """What the grid in force, the first, sees as columns have it: whether it is sure, and each fact that there is."""
    one = next(iter(scored.values()))
    cells = {name: _cell(value) for name, value in one.factors.items()}
    return {"sure": one.sure, **{name: cell for name, cell in cells.items() if cell is not None}}


def factors_digest(salt: str, row: Mapping[str, Any]) -> str:
    """Digest of what the grids see, from its columns."""
    return salted(salt, canonical(row))


def facts_told(scored: Mapping[int, Scored], salt: str, row: Mapping[str, Any]) -> dict[str, str | None]:
    """What events say of facts beside the scores: the next day of review, and the digest of what the grids see."""
    review_on = first_review(scored.values())
    return {"review_on": str(review_on) if review_on else None, "factors": factors_digest(salt, row)}


def answer_digest(salt: str, client_id: object, key: str, answer: Mapping[str, Any]) -> str:
    """Digest of a submission with the answer that it got; `key` is the digest of what was submitted."""
    return salted(salt, canonical([str(client_id), key, answer]))


def nominations_told(facts: Mapping[str, Any]) -> list[list[str | None]]:
    """The nominations of facts as events have them: the province, and the day on which it withdrew it."""
    days = ((one["province"], one.get("withdrawn_on")) for one in facts.get("nominations") or ())
    return [[str(province), None if day is None else str(day)] for province, day in days]


def _cell(value: object) -> object:
    """A fact as a column has it; a list of months in the form in which tables have it."""
    return months_text(value) if isinstance(value, list) else value


def stored_text(facts: Mapping[str, Any]) -> str:
    """The facts as they are stored, which is what is digested: one form of each number, as PostgreSQL gives it back.

    Raises:
        FactorsError: They are too large, or have characters that PostgreSQL cannot store.
    """
    text = canonical_facts(facts)
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise FactorsError(Problem("not_text", "facts", _TEXT, _RETYPE)) from None
    if "\\u0000" in text and any("\0" in one for one in _texts(facts)):
        raise FactorsError(Problem("not_text", "facts", _TEXT, _RETYPE))
    if size > MOST_BYTES:
        rule = Text("at most {n} bytes", "au plus {n} octets").fill(n=MOST_BYTES)
        fix = Text("give only the facts that are asked", "ne donner que les faits demandés")
        raise FactorsError(Problem("too_large", "facts", rule, fix, size))
    return text


def check_key(person: str) -> None:
    """Refuse a key of a person that is empty, too long, or not printable.

    Raises:
        UsageError: It is one of these.
    """
    if not (0 < len(person) <= MOST_KEY and person.isprintable()):
        rule = Text("1 to {n} printable characters", "1 à {n} caractères imprimables").fill(n=MOST_KEY)
        fix = Text("give your own key of the person", "donner votre clé de la personne")
        raise refusal("not_a_key", "person", rule, fix, person)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from (name, *_texts(one))
    elif isinstance(value, Sequence):
        for one in value:
            yield from _texts(one)


def nomination_refused() -> FactorsError:
    """The error for a nomination among the facts that a candidate gives; it is worth 600 points."""
    rule = Text("only the province adds a nomination", "seule la province ajoute une désignation")
    fix = Text(
        "leave it out; it comes with `expressentry pool nomination add`",
        "l'omettre; elle vient avec `expressentry pool nomination add`",
    )
    return FactorsError(Problem("not_a_province", "nominations", rule, fix))


_TEXT = Text("has characters that are not text", "contient des caractères qui ne sont pas du texte")
_RETYPE = Text("type it again", "le retaper")
