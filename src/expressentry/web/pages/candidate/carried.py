"""What a visitor carries from page to page: the answers, packed into one field of the form. Nothing is kept here.

The field is plain and compressed, not signed: whatever comes back is read as a stranger's, every time.
"""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from expressentry.documents import load_json
from expressentry.errors import Problem
from expressentry.law.law import Law
from expressentry.profile.interview.answers_by_id import ExtraFact, Questionnaire, ask
from expressentry.text import Text
from expressentry.web.problems import RequestError

MODES = ("one", "all")
_MARK = "1"
_MOST_BYTES = 128 * 1024
"""What a packed field may hold unpacked: many times the answers of a long life."""
_MOST_LETTERS = 500
_MOST_LEFT = 500
_MOST_QUESTIONS = 600
"""Several times those of a long life; a page of more is no page to fill in."""


@dataclass(frozen=True, slots=True)
class Carried:
    """Answers as typed, facts of a file that no question asks for, and whether one question a page is wanted."""

    typed: Mapping[str, str] = field(default_factory=dict)
    left: tuple[ExtraFact, ...] = ()
    mode: str = "one"

    def asked(self, law: Law, *, whole: bool = False) -> Questionnaire:
        """The questions that these answers lead to.

        Raises RequestError where they are more than a page can ask.
        """
        found = ask(self.typed, law, complete=whole, extra=self.left, most=_MOST_QUESTIONS)
        if found.cut:
            rule = _TOO_MANY.fill(n=_MOST_QUESTIONS)
            raise RequestError(422, Problem("too_many_questions", "a", rule, _FEWER))
        return found

    def with_(self, typed: Mapping[str, str]) -> Carried:
        """The same with other answers beside or in place of those that are there."""
        return replace(self, typed={**self.typed, **typed})


def pack(carried: Carried) -> str:
    """Write answers as one word of letters that an address takes."""
    data = {"a": carried.typed, "m": carried.mode, **({"k": carried.left} if carried.left else {})}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return _MARK + base64.urlsafe_b64encode(zlib.compress(text.encode(), 9)).rstrip(b"=").decode()


def unpack(word: str) -> Carried:
    """Read answers from a word, or from a link that ends in it; an empty word has none.

    Raises RequestError for what this site did not write.

    >>> unpack(pack(Carried({"person.birth_date": "1993-04-12"}))).typed
    {'person.birth_date': '1993-04-12'}
    """
    word = word.strip().rpartition("#")[2].removeprefix("a=")
    if not word:
        return Carried()
    try:
        if word[0] != _MARK:
            raise ValueError
        packed = base64.b64decode(word[1:] + "=" * (-len(word[1:]) % 4), altchars=b"-_", validate=True)
        opened = zlib.decompressobj()
        text = opened.decompress(packed, _MOST_BYTES)
        if not opened.eof:
            raise ValueError
        data = load_json(text)
        typed, left, mode = data["a"], data.get("k", []), data.get("m")
        if not isinstance(typed, dict) or mode not in MODES or len(left) > _MOST_LEFT:
            raise ValueError
        kept = tuple((_path(path), value) for path, value in left)
        return Carried({str(name): _text(text) for name, text in typed.items()}, kept, mode)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, zlib.error):
        raise RequestError(400, Problem("not_answers", "a", _RULE, _FIX)) from None


def opened(link: str) -> Carried:
    """The answers of a link.

    Raises RequestError for a link without answers, or one that this site did not write.
    """
    found = unpack(link)
    if not found.typed and not found.left:
        raise RequestError(400, Problem("not_answers", "a", _RULE, _FIX))
    return found


def short(text: str) -> str:
    """An answer no longer than any can be."""
    return text[:_MOST_LETTERS]


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError
    return short(text)


def _path(path: object) -> tuple[str | int, ...]:
    if not isinstance(path, list) or not path or not all(map(_is_part, path)):
        raise TypeError
    return tuple(path)


def _is_part(part: object) -> bool:
    """Whether it is the name of a fact or the place of an entry."""
    return isinstance(part, str) or (type(part) is int and part >= 0)


_RULE = Text("this link is incomplete, or not from this site", "ce lien est incomplet ou ne vient pas d'ici")
_FIX = Text("copy the whole link, or open a file", "copier le lien entier, ou ouvrir un fichier")
_TOO_MANY = Text("more than {n} questions", "plus de {n} questions")
_FEWER = Text(
    "remove entries, or use a file with the command line or the API",
    "retirer des entrées, ou utiliser un fichier avec la ligne de commande ou l'API",
)
