"""Questions about the law beside what is published: the statutes, the department's pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from expressentry.errors import FileError, Problem
from expressentry.files import PUBLIC, open_file, write_atomically, write_into_folder
from expressentry.law.verify import known
from expressentry.rounds.fetch import fetch, is_address
from expressentry.text import LANGS, Lang, Text

if TYPE_CHECKING:
    from expressentry.answers.records.verified import PageRecord, StatutesRecord
    from expressentry.law.law import Law
    from expressentry.law.verify.pages.model import Found
    from expressentry.law.verify.report import Compared, Statutes

_FILES = ("*.xml", "*.xml.gz")
_MOST_FILES = 40


def read_statutes(source: str) -> Statutes:
    """The Act and the Regulations in both languages, from a folder of XML files or from an address.

    At an address the files are those of the Department of Justice's collection, `eng/acts/I-2.5.xml` and so on.

    Raises:
        FileError: A file cannot be read or fetched, or is no statute.
        UsageError: One of the four is missing, or the address is not allowed.
    """
    from expressentry.law.verify.report import by_name
    from expressentry.law.verify.statutes import MOST_BYTES, read_statute

    if is_address(source):
        base = source.rstrip("/")
        names = [f"{base}/{one.files.say(lang)}" for one in known.statutes().values() for lang in LANGS]
        found = ((name, fetch(name, most_bytes=MOST_BYTES).data or b"") for name in names)
        return by_name(read_statute(data, name) for name, data in found)
    return by_name(read_statute(_bytes(path, MOST_BYTES, _GIVE_FOLDER), str(path)) for path in _files(Path(source)))


def _files(folder: Path) -> Sequence[Path]:
    if not folder.is_dir():
        raise FileError(Problem("not_a_folder", str(folder), _NO_FOLDER, _GIVE_FOLDER))
    found = sorted(path for pattern in _FILES for path in folder.rglob(pattern))
    if len(found) > _MOST_FILES:
        raise FileError(Problem("too_many_files", str(folder), _MANY.fill(n=_MOST_FILES), _GIVE_FOLDER))
    return found


def _bytes(path: Path, most: int, fix: Text) -> bytes:
    """A file, and one byte more than is allowed of one that is too large."""
    try:
        with open_file(path) as file:
            return file.read(most + 1)
    except OSError as error:
        rule = Text("cannot be read ({e})", "ne se lit pas ({e})").fill(e=error.strerror or error)
        raise FileError(Problem("unreadable", str(path), rule, fix)) from None


def verify_statutes(law: Law, source: str) -> Compared:
    """Compare every citation and figure of a law with the Act and the Regulations.

    Raises:
        FileError: A file cannot be read or fetched, or is no statute.
        UsageError: One of the four is missing, or the address is not allowed.
    """
    from expressentry.law.verify.report import compare

    return compare(law, read_statutes(source))


def record_statutes(found: Compared, on: date, folder: Path) -> Path:
    """Write the result into a user's folder, where answers find it; the package's own comparison stays as it is.

    Raises:
        FileError: The file cannot be written.
    """
    from expressentry.law.verify.report import record

    path = folder / known.KEPT
    write_into_folder(path, record(found, on), mode=PUBLIC)
    known.look_in(folder)
    return path


def statutes_record(found: Compared, lang: Lang) -> StatutesRecord:
    """The comparison as plain data, in one language."""
    return {
        "sound": found.sound,
        "consolidated": {id_: day.isoformat() for id_, day in found.consolidated.items()},
        "citations": [
            {
                "id": one.place.id if one.place else "",
                "place": one.written.say(lang),
                "statute": one.statute,
                "provisions": list(map(written, one.paths)),
                "url": known.statutes()[one.statute].link(one.paths[0][0], lang)
                if one.paths and one.paths[0]
                else None,
                "finding": one.finding,
                "lang": one.lang,
            }
            for one in found.citations
        ],
        "figures": [
            {
                "id": one.place.id,
                "place": one.place.cite.place.say(lang),
                "figure": one.figure.value,
                "unit": one.figure.unit,
                "finding": one.finding,
                "lang": one.lang,
                "why": one.why.say(lang) if one.why else None,
            }
            for one in found.figures
        ],
        "amended": [
            {
                "id": one.place.id,
                "statute": one.statute,
                "provision": written(one.path),
                "in_force": one.day.isoformat(),
                "than": one.than.isoformat(),
                "changed": one.changed,
                "what": one.what.say(lang) if one.what else None,
            }
            for one in found.amended
        ],
    }


def verify_page(law: Law, source: str) -> Found:
    """Compare a page of the department, saved or at its address, with the law of the page's own day.

    Raises:
        FileError: It cannot be read or fetched, or is no page that can be compared.
        UsageError: The address is not allowed.
    """
    from expressentry.law.verify.pages.compare import compare_page
    from expressentry.law.verify.pages.html import MOST_BYTES

    if is_address(source):
        data = fetch(source, most_bytes=MOST_BYTES).data or b""
    else:
        data = _bytes(Path(source), MOST_BYTES, _GIVE_PAGE)
    return compare_page(data, source, law)


def write_draft(found: Found, law: Law, source: str, path: Path, lang: Lang) -> None:
    """Write a draft of a law file from what differs on a page.

    Raises:
        FileError: There is a file already, or it cannot be written.
    """
    from expressentry.law.verify.draft import draft

    if path.exists():
        raise FileError(Problem("already_there", str(path), _TAKEN, _OTHER_NAME))
    write_atomically(path, draft(found, law, source if is_address(source) else Path(source).name, lang), mode=0o644)


def page_record(found: Found, lang: Lang) -> PageRecord:
    """The comparison of a page as plain data, in one language."""
    from expressentry.law.verify.pages.compare import NOT_COMPARED

    return {
        "page": found.kind,
        "lang": found.lang,
        "modified": found.day.isoformat() if found.day else None,
        "rule_set": found.law,
        "same": found.same,
        "rows": [
            {
                "table": one.table,
                "row": one.label,
                "column": one.column,
                "page": one.page,
                "law": one.law,
                "finding": one.finding,
                "place": one.place,
            }
            for one in found.rows
        ],
        "not_understood": [{"table": one.table, "expected": one.expected.say(lang)} for one in found.unread],
        "not_compared": NOT_COMPARED[found.kind].say(lang),
    }


def written(path: Iterable[str]) -> str:
    """A path as English statutes write it.

    >>> written(("87.2", "3", "d", "ii"))
    '87.2(3)(d)(ii)'
    """
    section, *labels = path or ("",)
    return section + "".join(f"({one})" for one in labels)


_GIVE_PAGE = Text(
    "save the department's page from a browser, or give its address",
    "enregistrer la page du ministère depuis un navigateur, ou donner son adresse",
)
_TAKEN = Text("exists already", "existe déjà")
_OTHER_NAME = Text("give another name", "donner un autre nom")
_NO_FOLDER = Text("no such folder", "dossier introuvable")
_MANY = Text("at most {n} files", "au plus {n} fichiers")
_GIVE_FOLDER = Text(
    "give a folder with the XML files of the Act and the Regulations, in English and in French",
    "donner un dossier avec les fichiers XML de la Loi et du Règlement, en anglais et en français",
)
