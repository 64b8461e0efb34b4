"""`expressentry law verify`: the law beside the statutes and the department's pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from expressentry.cli.help import Command
from expressentry.cli.options import day_option, format_option, lang_option, option, today, with_law
from expressentry.cli.repeating import period, repeat, until_ended
from expressentry.cli.support import LANG, home, print_json, say
from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law, refuse_before_start
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.law.verify.pages.model import Found

DIFFERS, NOT_UNDERSTOOD = 3, 4
"""The exit status where the law and what is published differ, and where a page was not understood."""


@click.command(
    "verify",
    cls=Command,
    about=Text(
        """Compare the law with what is published.

        --statutes reads the Act and the Regulations as the Department of Justice publishes them (XML, English and
        French): every citation must be there, and every figure in the words cited. --page reads a page of the
        immigration department, saved or at its address, in either language: the criteria of the Comprehensive Ranking
        System, language tests, proof of funds, category-based rounds, who can apply under each of the three programs.
        Of sentences the figures are compared, by the words beside them. It is compared with the law of the page's own
        day. The result for a page at the department's own address is kept: the site and watch show it. With --every,
        the page is compared again and again until SIGTERM or Ctrl-C, and a result is shown where it is another than
        before; a page that cannot be read for a while is tried again. Exit status: 0 the same, 3 something differs, 4 a
        page was not understood.""",
        """Comparer le droit avec ce qui est publié.

        --statutes lit la Loi et le Règlement tels que le ministère de la Justice les publie (XML, anglais et
        français) : chaque citation doit s'y trouver, et chaque chiffre dans les mots cités. --page lit une page du
        ministère de l'Immigration, enregistrée ou à son adresse, dans l'une ou l'autre langue : critères du Système de
        classement global, tests de langue, preuve de fonds, rondes fondées sur les catégories, qui peut présenter une
        demande dans chacun des trois programmes. Des phrases, ce sont les chiffres qui sont comparés, selon les mots
        qui les entourent. Elle est comparée avec le droit du jour de la page. Le résultat pour une page à l'adresse
        même du ministère est gardé : le site et watch le montrent. Avec --every, la page est comparée encore et encore
        jusqu'à SIGTERM ou Ctrl-C, et un résultat est montré quand il change; une page qui ne se lit pas pour un temps
        est réessayée. État de sortie : 0 pareil, 3 quelque chose diffère, 4 page pas comprise.""",
    ),
    example="expressentry law verify --page examples/pages/proof-of-funds.html",
)
@option(
    "--statutes",
    metavar="FOLDER|URL",
    about=Text("The Act and the Regulations as XML.", "La Loi et le Règlement en XML."),
)
@option(
    "--page",
    metavar="FILE|URL",
    about=Text("A page of the department.", "Une page du ministère."),
)
@option(
    "--draft",
    metavar="FILE",
    about=Text(
        "Write a draft of a law file from what differs on the page.",
        "Écrire un brouillon de fichier de droit à partir de ce qui diffère sur la page.",
    ),
)
@option(
    "--every",
    type=period("1h", "7d", "h"),
    about=Text(
        "Compare the page again every so many hours: 6, or 6h, 1d.",
        "Comparer la page de nouveau toutes les tant d'heures : 6, ou 6h, 1d.",
    ),
)
@option(
    "--record",
    is_flag=True,
    about=Text(
        "Keep the result in EXPRESSENTRY_HOME: sources then say up to which day they were compared.",
        "Garder le résultat dans EXPRESSENTRY_HOME : les sources disent alors jusqu'à quand elles ont été comparées.",
    ),
)
@day_option
@with_law
@format_option("text", "json")
@lang_option
def law_verify(
    statutes: str | None,
    page: str | None,
    draft: str | None,
    every: float | None,
    record: bool,
    on: date,
    law: Law,
    form: str,
) -> None:
    """Compare the law with what is published."""
    refuse_before_start(on)
    if (statutes is None) == (page is None):
        raise UsageError(Problem("missing_argument", "--statutes, --page", _NEEDED, _GIVE))
    for name, given in (("--draft", draft), ("--every", every)):
        if given is not None and page is None:
            raise UsageError(Problem("misuse", name, _ONLY_PAGES, _LEAVE_OUT))
    if draft is not None and every is not None:
        raise UsageError(Problem("misuse", "--draft", _ONCE, _LEAVE_OUT))
    if statutes is not None:
        status = _statutes(statutes, on if record else None, law, form)
    elif record:
        raise UsageError(Problem("misuse", "--record", _ONLY_STATUTES, _LEAVE_OUT))
    elif every is not None:
        with until_ended() as wait:
            status = keep_comparing(page or "", wait, law, form, every)
    else:
        found = _compared(page or "", on, law)
        status = _told(found, form)
        if draft is not None and not found.same:
            _draft(found, law, page or "", draft)
    click.get_current_context().exit(status)


def _statutes(source: str, kept_on: date | None, law: Law, form: str) -> int:
    from expressentry.answers import verify as answers
    from expressentry.present.text.verify import print_compared

    found = answers.verify_statutes(law, source)
    if form == "json":
        print_json(answers.statutes_record(found, LANG.get()))
    else:
        print_compared(found, LANG.get())
    if kept_on is not None:
        path = answers.record_statutes(found, kept_on, home())
        click.echo(say(_KEPT.fill(p=path)), err=True)
    return 0 if found.sound else DIFFERS


def _compared(source: str, on: date, law: Law) -> Found:
    """Compare a page, and keep the result where it is one of the department's own."""
    from expressentry.answers.published import is_own_page, keep_page
    from expressentry.answers.verify import verify_page

    found = verify_page(law, source)
    if is_own_page(source):
        keep_page(home(), found, law, source, on)
    return found


def _told(found: Found, form: str) -> int:
    """Write a comparison of a page; its exit status."""
    from expressentry.answers.verify import page_record
    from expressentry.present.text.verify import print_page

    if form == "json":
        print_json(page_record(found, LANG.get()))
    else:
        print_page(found, LANG.get())
    return 0 if found.same else NOT_UNDERSTOOD if found.unread else DIFFERS


def _draft(found: Found, law: Law, source: str, path: str) -> None:
    from expressentry.answers.verify import write_draft

    write_draft(found, law, source, Path(path), LANG.get())
    click.echo(say(_WRITTEN.fill(p=path)), err=True)


def keep_comparing(source: str, wait: Callable[[float], bool], law: Law, form: str, seconds: float) -> int:
    """Compare a page again and again; the exit status of the last comparison.

    A result is written where it is another than the one before.
    """
    status, before = 0, None

    def turn() -> None:
        nonlocal status, before
        found = _compared(source, today(), law)
        if found != before:
            status, before = _told(found, form), found

    repeat(turn, wait, seconds)
    return status


_NEEDED = Text("one of the two is required", "l'un des deux est obligatoire")
_GIVE = Text("give a folder, a file or an address", "donner un dossier, un fichier ou une adresse")
_ONLY_STATUTES = Text("is for statutes", "vaut pour les lois")
_ONLY_PAGES = Text("is for pages", "vaut pour les pages")
_WRITTEN = Text(
    "draft in {p}: compare every figure with the page, answer its notes, then run law check",
    "brouillon dans {p} : comparer chaque chiffre avec la page, répondre aux notes, puis lancer law check",
)
_ONCE = Text("is for one comparison", "vaut pour une seule comparaison")
_LEAVE_OUT = Text("leave it out", "l'omettre")
_KEPT = Text("kept in {p}", "gardé dans {p}")
