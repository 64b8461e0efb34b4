"""Setting a report by typst: one compiler a process, only the fonts that it brings, the day of the report as its time.

The fonts of a machine are asked only for letters that these lack, so that the same input gives the same bytes anywhere.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from expressentry.advise.dossier import Dossier
from expressentry.errors import Problem, UsageError
from expressentry.present.report.document import report_data
from expressentry.text import Lang, Text

if TYPE_CHECKING:
    from typst import Compiler

_STANDARD: Literal["ua-1"] = "ua-1"
"""A PDF of version 1.7 with the rules of PDF/UA-1: tagged, titled, in a language, nothing without words."""

TEMPLATE = Path(__file__).with_name("report.typ")
_NO_LETTER = re.compile(r'the text `"?(.+?)"?` could not be displayed')


def report_pdf(dossier: Dossier, lang: Lang = "en", *, name: str | None = None) -> bytes:
    """Set the report of a dossier as a tagged PDF: the same bytes for the same dossier, language and name.

    Raises UsageError for a name with a letter that no font here has.
    """
    return set_pdf(report_data(dossier, lang, name=name))


def set_pdf(data: dict[str, Any]) -> bytes:
    """Set any report, made of the same blocks, as a tagged PDF.

    Raises:
        UsageError: It has a letter that no font here has.
    """
    try:
        return _set(data, own=True)
    except _LetterError:
        pass
    try:
        return _set(data, own=False)
    except _LetterError as error:
        rule = Text("no font on this machine has this letter", "aucune police de cette machine n'a cette lettre")
        fix = Text(
            "install a font that has it, or write it in Latin letters",
            "installer une police, ou l'écrire en lettres latines",
        )
        raise UsageError(Problem("no_letter", "name", rule, fix, str(error))) from None


class _LetterError(Exception):
    """The fonts asked lack a letter."""


def _set(data: dict[str, Any], *, own: bool) -> bytes:
    from typst import TypstError

    year, month, day = data["date"]
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    midnight = int(datetime(year, month, day, tzinfo=UTC).timestamp())
    try:
        made = _compiler(own).compile(format="pdf", sys_inputs=inputs, pdf_standards=_STANDARD, timestamp=midnight)
    except TypstError as error:
        found = _NO_LETTER.search(str(error))
        if found is None:
            raise
        raise _LetterError(found[1]) from None
    assert isinstance(made, bytes)
    return made


@cache
def _compiler(own: bool) -> Compiler:
    from typst import Compiler

    return Compiler(input=str(TEMPLATE), ignore_system_fonts=own)
