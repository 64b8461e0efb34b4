"""Text in both official languages, side by side, so that neither can be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Lang = Literal["en", "fr"]
LANGS: tuple[Lang, ...] = ("en", "fr")
YES_NO: Mapping[str, bool] = MappingProxyType(
    dict.fromkeys(("yes", "y", "oui", "o", "true", "vrai"), True)
    | dict.fromkeys(("no", "n", "non", "false", "faux"), False)
)
"""Yes and no as people write them, in small letters."""


class Text(NamedTuple):
    """One wording in English and in French.

    >>> Text("grid of {day}", "grille du {day}").fill(day=Text("1 May", "1er mai")).say("fr")
    'grille du 1er mai'
    """

    en: str
    fr: str

    def say(self, lang: Lang = "en") -> str:
        """Return the wording in one language."""
        return self.fr if lang == "fr" else self.en

    def join(self, parts: Iterable[object]) -> Text:
        """Join parts with this wording between them, each part in its own language.

        >>> Text(" or ", " ou ").join(["a", Text("none", "aucun")]).fr
        'a ou aucun'
        """
        listed = [part if isinstance(part, Text) else same(part) for part in parts]
        return Text(self.en.join(part.en for part in listed), self.fr.join(part.fr for part in listed))

    def fill(self, **values: object) -> Text:
        """Fill the blanks of both wordings; a value that is itself a Text is filled in its own language."""
        return Text(
            self.en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
            self.fr.format(**{k: v.fr if isinstance(v, Text) else v for k, v in values.items()}),
        )


FLAG_WORDS: Mapping[bool, Text] = MappingProxyType({True: Text("yes", "oui"), False: Text("no", "non")})
"""A flag in words."""


def thousands(number: int) -> Text:
    """A whole number with what separates its thousands.

    >>> thousands(15263)
    Text(en='15,263', fr='15 263')
    """
    grouped = f"{number:,}"
    return Text(grouped, grouped.replace(",", " "))


def same(wording: object) -> Text:
    """A wording that is the same in both languages: an id, a number, a file name."""
    return Text(str(wording), str(wording))


def inner(title: Text) -> Text:
    """A title within a sentence: its first letter small, unless it begins an abbreviation or an English proper name.

    >>> inner(Text("Level of education", "CNP de l'emploi")).en, inner(Text("English: CLB 7", "Anglais : NCLC 7")).en
    ('level of education', 'English: CLB 7')
    """
    en, fr = (word if word[1:2].isupper() else word[:1].lower() + word[1:] for word in title)
    return Text(title.en if title.en.startswith(_PROPER) else en, fr)


_PROPER = ("English", "French", "Canad")


def capital(text: Text) -> Text:
    """A wording that begins a sentence or is a title: its first letter large.

    >>> capital(Text("English", "anglais")).fr
    'Anglais'
    """
    en, fr = (word[:1].upper() + word[1:] for word in text)
    return Text(en, fr)


def whole_number(text: str, most: int = 10**18) -> int | None:
    """The whole number that plain figures are, up to a highest one; None for any other text, however long it is.

    >>> whole_number("491", 1200), whole_number("0491", 1200), whole_number("1201", 1200), whole_number("0" * 9_999, 9)
    (491, 491, None, None)
    >>> whole_number("²", 9), whole_number("-1", 9), whole_number("", 9)
    (None, None, None)
    """
    # Python refuses to read thousands of figures, and reads figures of other scripts.
    if not _FIGURES.fullmatch(text):
        return None
    number = int(text)
    return number if number <= most else None


_FIGURES = re.compile("[0-9]{1,18}")


def visible(text: str, *, lines: bool = False) -> str:
    r"""Text with the characters escaped that a terminal would obey, or that would turn or hide other text.

    These are the control characters (C0, C1, DEL), the marks that change the direction of writing, separators of lines,
    halves of characters and what is no character; with `lines`, line feeds and tabs stay. Escapes are those of JSON.
    All that is left may be in XML and in a calendar too.

    >>> print(visible("Zoé\x1b[2J"), visible("a\nb"))
    Zoé\u001b[2J a\u000ab
    """
    if text.isascii() and text.isprintable():
        return text
    return (_UNSEEN_BUT_LINES if lines else _UNSEEN).sub(_escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def web_address(address: str) -> str:
    """The address, where it leads to a page of the web; nothing where it is a file, or would run something.

    Addresses of sources come from files of law and of rounds, which anybody may have written.

    >>> web_address("https://www.canada.ca/a"), web_address("rounds.json"), web_address("javascript:alert(1)")
    ('https://www.canada.ca/a', '', '')
    """
    return address if _WEB.match(address) else ""


_WEB = re.compile(r"https?://[^\s\\]", re.IGNORECASE)
HALF = re.compile("[\ud800-\udfff]")
"""Half of a character, as JSON and names of files can hand it over; no text in any encoding has one."""
_TURNING = "\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff"
_UNSEEN = re.compile(f"[\x00-\x1f\x7f-\x9f{_TURNING}]")
_UNSEEN_BUT_LINES = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_TURNING}]")


def french_spaces(text: str) -> str:
    r"""French as it is set: no line breaks before a colon or a dollar sign, within a number or behind a quotation mark.

    >>> french_spaces("Total : 15 263 $")
    'Total\xa0: 15\xa0263\xa0$'
    """
    return _NO_BREAK.sub("\u00a0", text)


_NO_BREAK = re.compile(r" (?=[:;?!»%$](?:\s|$|\)|\.|,))|(?<=«) |(?<=\d) (?=\d{3}\b)")
