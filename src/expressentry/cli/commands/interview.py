"""`expressentry profile new`: questions and answers on a terminal or through a pipe."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, option, with_law
from expressentry.cli.support import LANG, home, note, print_json, say
from expressentry.errors import FileError, Problem, UsageError
from expressentry.files import write_atomically
from expressentry.law.law import Law
from expressentry.profile.interview import Interview, Step
from expressentry.profile.interview.answers import YES_NO, value_of
from expressentry.profile.interview.saving import InterviewDraft
from expressentry.text import Text

HITS = 5
BACK = ("back", "retour")


@click.command(
    "new",
    cls=Command,
    about=Text(
        """Answer questions about a person's documents, only those that matter, and get FILE (profile.toml unless
        given; a name that ends in .json gives JSON).

        `?` tells you which document to look at, `back` goes back one question. Your answers are kept if you press
        Ctrl-C or close the terminal: run the same command to continue. Answers can come through a pipe, one per line.
        --example asks nothing and writes a complete profile to standard output, for you to edit.""",
        """Répondre à des questions sur les documents d'une personne, seulement celles qui comptent, et obtenir FILE
        (profile.toml par défaut; un nom qui finit en .json donne du JSON).

        `?` dit quel document regarder, `retour` revient d'une question. Vos réponses sont gardées si vous faites
        Ctrl-C ou fermez le terminal : relancez la même commande pour continuer. Les réponses peuvent venir d'un tube,
        une par ligne. --example ne demande rien et écrit un profil complet sur la sortie standard, à modifier.""",
    ),
    example="expressentry profile new --example",
)
@click.argument("file", default="profile.toml")
@option(
    "--example",
    is_flag=True,
    about=Text("Write an example instead of asking.", "Écrire un exemple au lieu de demander."),
)
@option("--restart", is_flag=True, about=Text("Start again, without the draft.", "Recommencer, sans le brouillon."))
@with_law
@format_option("text", "json")
@lang_option
def profile_new(file: str, example: bool, restart: bool, law: Law, form: str) -> None:
    """Make a profile."""
    if example:
        _print_example(form)
        return
    target = Path(file)
    if target.suffix.lower() not in (".toml", ".json"):
        rule = Text("a name that ends in .toml or .json", "un nom qui finit en .toml ou .json")
        raise UsageError(Problem("unknown_format", "file", rule, Text("rename it", "le renommer"), file))
    draft = InterviewDraft(home() / "drafts", target)
    if restart:
        draft.remove()
    _ask_to_overwrite(target)
    interview = Interview(draft.read(), law=law)
    if interview.answers:
        note(_TAKEN_UP.fill(n=len(interview.answers)))
    try:
        Conversation(interview, draft).hold()
        _write(interview, target, law)
    except KeyboardInterrupt:
        note("\n" + say(_STOPPED.fill(file=file)))
        raise click.exceptions.Exit(130) from None
    except EOFError:
        rule = Text("the answers end before the questions do", "les réponses finissent avant les questions")
        raise FileError(Problem("ended", file, rule, _STOPPED.fill(file=file))) from None
    draft.remove()
    if form == "json":
        print_json({"file": file, "ok": True})
        return
    click.echo(say(_WRITTEN.fill(file=file)))


class Conversation:
    """Questions on standard error, answers from standard input."""

    def __init__(self, interview: Interview, draft: InterviewDraft) -> None:
        self.interview, self.draft = interview, draft
        self.offered: list[str] = []

    def hold(self) -> None:
        """Ask until all is asked; after each answer the draft is kept."""
        note(_HINT)
        while (step := self.interview.step) is not None:
            _show(step)
            self._take(step)

    def _take(self, step: Step) -> None:
        """Take lines until one of them is an answer, or goes back."""
        while True:
            typed = read_line().strip()
            if typed == "?":
                note("  " + say(step.ask.help))
                continue
            if typed.lower() in BACK:
                self.interview.back()
            elif not self._answer(step, typed):
                continue
            self.offered = []
            self.draft.write(self.interview.answers)
            return

    def _answer(self, step: Step, typed: str) -> bool:
        if step.ask.kind == "noc" and typed and not self._picked(typed) and not _a_code(typed):
            self._search(typed)
            return False
        problems = self.interview.answer(self._picked(typed) or value_of(step.ask, typed))
        for problem in problems:
            note(problem.say(LANG.get()))
        return not problems

    def _picked(self, typed: str) -> str | None:
        """The occupation of that number among those offered last."""
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) == 1 else 0
        return self.offered[number - 1] if 0 < number <= len(self.offered) else None

    def _search(self, words: str) -> None:
        from expressentry.occupations.search import search

        hits = search(words, limit=HITS)
        self.offered = [hit.noc for hit in hits]
        for number, hit in enumerate(hits, 1):
            note(f"  {number}  {hit.noc}  {say(hit.title)}")
        note(_PICK if hits else _NOTHING)


def _a_code(typed: str) -> bool:
    return any(letter.isdigit() for letter in typed)


def read_line() -> str:
    """One line; EOFError where there is no more."""
    if sys.stdin.isatty():
        click.echo("> ", nl=False, err=True)
        return input()
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line


def _show(step: Step) -> None:
    """The question, and the words it takes."""
    yes_no = f" [{say(_YES_NO)}]" if step.ask.kind == "yes_no" else ""
    note(f"\n{say(step.ask.text)}{yes_no}")
    width = max((len(word) for word in step.ask.labels), default=0)
    for number, (word, label) in enumerate(step.ask.labels.items(), 1):
        note(f"  {number:>2}  {word:<{width}}  {say(label)}")


def _ask_to_overwrite(target: Path) -> None:
    """Never write over a file without a yes."""
    if not target.exists():
        return
    note(say(_EXISTS.fill(file=target)) + f" [{say(_YES_NO)}]")
    try:
        wanted = YES_NO.get(read_line().strip().lower(), False)
    except EOFError:
        wanted = False
    if not wanted:
        fix = Text("name another file", "nommer un autre fichier")
        raise FileError(
            Problem(
                "exists", str(target), Text("it exists and was not replaced", "il existe et n'a pas été remplacé"), fix
            )
        )


def _write(interview: Interview, target: Path, law: Law) -> None:
    """Write the file whole, after reading its text as that of any other file is read."""
    import json

    import tomli

    from expressentry.profile.interview.saving import profile_toml
    from expressentry.profile.read import read_profile

    text, read = profile_toml(read_profile(interview.facts, law), LANG.get()), tomli.loads
    if target.suffix.lower() == ".json":
        text, read = json.dumps(interview.facts, ensure_ascii=False, indent=2) + "\n", json.loads
    read_profile(read(text), law)
    write_atomically(target, text)


def _print_example(form: str) -> None:
    from expressentry.profile.interview.example import EXAMPLE
    from expressentry.profile.interview.saving import profile_toml
    from expressentry.profile.read import read_profile

    if form == "json":
        print_json(EXAMPLE)
        return
    click.echo(profile_toml(read_profile(EXAMPLE), LANG.get()), nl=False)


_YES_NO = Text("yes/no", "oui/non")
_HINT = Text(
    "? tells you which document to look at; back goes back one question; Ctrl-C keeps your answers for later.",
    "? dit quel document regarder; retour revient d'une question; Ctrl-C garde vos réponses pour plus tard.",
)
_TAKEN_UP = Text(
    "Continuing your draft; answers kept: {n} (--restart starts again).",
    "Reprise de votre brouillon; réponses gardées : {n} (--restart recommence).",
)
_STOPPED = Text(
    "your answers are kept; run `expressentry profile new {file}` to continue",
    "vos réponses sont gardées; lancez `expressentry profile new {file}` pour continuer",
)
_EXISTS = Text("{file} exists. Replace it?", "{file} existe. Le remplacer?")
_PICK = Text("Which one? Its number, a code, or other words.", "Laquelle? Son numéro, un code, ou d'autres mots.")
_NOTHING = Text("Nothing found: try other words, or a code.", "Rien trouvé : essayez d'autres mots, ou un code.")
_WRITTEN = Text(
    "{file}: written and checked\nNext: expressentry profile show {file}",
    "{file} : écrit et vérifié\nEnsuite : expressentry profile show {file}",
)
