"""The Act and the Regulations as the Department of Justice publishes them: every provision under its path of labels.

lxml reads them: it is kept, quick, and reads the department's pages too. It resolves no entity, loads no document type,
fetches nothing, and is given no more than `MOST_BYTES`.
"""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from expressentry.dates import parse_day
from expressentry.errors import FileError, Problem
from expressentry.text import LANGS, Lang, Text

MOST_BYTES = 24_000_000
"""The Regulations have 1.6 million; more than this is no statute."""

_LIMS = "{http://justice.gc.ca/lims}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PROVISIONS = ("Section", "Subsection", "Paragraph", "Subparagraph", "Clause", "Subclause")
_BELOW = (*_PROVISIONS, "Definition", "Item", "List", "TableGroup", "table", "tgroup", "thead", "tbody", "row")
_OTHER_TEXT = ("HistoricalNote", "RelatedOrNotInForce", "Footnote")
"""What is printed beside a provision and is not its words."""

_DEFINED: Mapping[Lang, str] = {"en": "DefinedTermEn", "fr": "DefinedTermFr"}
Path = tuple[str, ...]
"""The labels from the section down, without brackets: `("75", "2", "d")`."""


@dataclass(frozen=True, slots=True)
class Provision:
    """One section, subsection, paragraph or definition; `units` are its own words and those of each part below it.

    `began` is the day from which its own words are in force, `amended` the latest such day in it or below it.
    """

    path: Path
    units: tuple[str, ...] = field(repr=False)
    began: date | None
    amended: date | None

    @property
    def words(self) -> str:
        """Everything that the provision says."""
        return "\n".join(self.units)


@dataclass(frozen=True, slots=True)
class Statute:
    """One act or regulation in one language, consolidated to a day."""

    number: str
    lang: Lang
    consolidated: date
    provisions: Mapping[Path, Provision] = field(repr=False)
    definitions: Mapping[tuple[Path, str], Provision] = field(repr=False)
    sections: tuple[str, ...] = field(repr=False)

    def below(self, path: Path) -> list[str]:
        """The labels right below a provision, in the order of the text; without a path those of the sections."""
        if not path:
            return list(self.sections)
        return [known[-1] for known in self.provisions if known[:-1] == path]


def read_statute(data: bytes, name: str) -> Statute:
    """Read one act or regulation, gzipped or plain.

    Raises FileError where it is too large, no XML, declares entities, or is no consolidated act or regulation.
    """
    from lxml import etree  # only this command pays for it

    plain = _plain(data, name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root: Any = etree.fromstring(plain, parser)
    except etree.XMLSyntaxError as error:
        raise _refused("not_xml", name, _NOT_XML.fill(m=str(error)[:200])) from None
    if root.getroottree().docinfo.doctype:
        # The department publishes none; a document type is where entities are declared.
        raise _refused("has_doctype", name, _DOCTYPE)
    number, lang = _number(root), next((one for one in LANGS if one == root.get(_LANG)), None)
    day = root.get(f"{_LIMS}current-date")
    if root.tag not in ("Statute", "Regulation") or not number or lang is None or not day:
        raise _refused("not_a_statute", name, _NOT_A_STATUTE)
    try:
        consolidated = parse_day(day)
    except ValueError:
        raise _refused("not_a_statute", name, _NOT_A_STATUTE) from None
    provisions: dict[Path, Provision] = {}
    definitions: dict[tuple[Path, str], Provision] = {}
    for element in root.iterfind("Body//Section"):
        if not any(one.tag == "Section" for one in element.iterancestors()):
            _add(element, (), lang, provisions, definitions)
    sections = tuple(path[0] for path in provisions if len(path) == 1)
    return Statute(number, lang, consolidated, provisions, definitions, sections)


def _plain(data: bytes, name: str) -> bytes:
    """The bytes, unpacked where they are gzipped, up to the limit."""
    if data[:2] == b"\x1f\x8b":
        try:
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(MOST_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise _refused("not_gzip", name, _NOT_GZIP.fill(m=error)) from None
    if len(data) > MOST_BYTES:
        raise _refused("too_large", name, _TOO_LARGE.fill(n=MOST_BYTES))
    return data


def _number(root: Any) -> str:
    """The number of an act (I-2.5) or of a regulation (SOR/2002-227), the same in both languages."""
    found = root.findtext("Identification/InstrumentNumber") or root.findtext(
        "Identification/Chapter/ConsolidatedNumber"
    )
    return (found or "").strip().replace("DORS/", "SOR/")


def label(text: str) -> str:
    """A label as paths have it: no bracket, no final point.

    >>> label("(b.1)"), label("b)"), label("75")
    ('b.1', 'b', '75')
    """
    return text.strip().strip("()").rstrip(".").strip()


def _add(
    element: Any, above: Path, lang: Lang, provisions: dict[Path, Provision], definitions: dict[Any, Provision]
) -> None:
    written = element.findtext("Label")
    if not written:
        return
    path = (*above, label(written))
    # The first of a path is the text in force: what is printed after it is not in force yet.
    provisions.setdefault(path, _provision(element, path))
    for one in element.iterfind("Definition"):
        terms = ["".join(term.itertext()).strip() for term in one.iterfind(f"Text/{_DEFINED[lang]}")]
        for term in terms:
            definitions.setdefault((path, term.casefold()), _provision(one, path))
    for child in element:
        if child.tag in _PROVISIONS:
            _add(child, path, lang, provisions, definitions)


def _provision(element: Any, path: Path) -> Provision:
    days = [day for one in element.iter() if (day := _day(one)) is not None]
    return Provision(path, tuple(_units(element)), _day(element), max(days, default=None))


def _day(element: Any) -> date | None:
    """The day from which an element is in force, where it says one that is a day."""
    written = element.get(f"{_LIMS}inforce-start-date")
    try:
        return parse_day(written) if written else None
    except ValueError:
        return None


def _units(element: Any) -> Iterator[str]:
    """The own words of an element, then those of each part below it, in the order of the text."""
    own: list[str] = []
    below: list[Any] = []
    for child in element:
        if not isinstance(child.tag, str) or child.tag in _OTHER_TEXT or child.tag == "Label":
            continue
        if child.tag in _BELOW:
            below.append(child)
        else:
            own.append(" ".join("".join(child.itertext()).split()))
    yield " ".join(one for one in own if one)
    for one in below:
        yield from _units(one)


def _refused(code: str, name: str, rule: Text) -> FileError:
    return FileError(Problem(code, name, rule, _GIVE))


_NOT_XML = Text("cannot be read as XML ({m})", "ne se lit pas comme du XML ({m})")
_DOCTYPE = Text(
    "declares a document type, which no statute does", "déclare un type de document, ce qu'aucune loi ne fait"
)
_NOT_A_STATUTE = Text(
    "no act or regulation as the Department of Justice publishes them",
    "ni une loi ni un règlement tels que le ministère de la Justice les publie",
)
_NOT_GZIP = Text("cannot be unpacked ({m})", "ne se décompresse pas ({m})")
_TOO_LARGE = Text("at most {n} bytes", "au plus {n} octets")
_GIVE = Text(
    "give the XML files of laws-lois.justice.gc.ca, in English and in French",
    "donner les fichiers XML de laws-lois.justice.gc.ca, en anglais et en français",
)
