"""`expressentry profile new`: questions and answers on a terminal or through a pipe."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from expressentry.cli.base import LANG, home, note, print_json, say
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, option
from expressentry.errors import FileError, Problem, UsageError
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
        """Ask for a person's papers, only for those that are needed, and write FILE (profile.toml unless given; a
        name that ends in .json gives JSON).

        `?` says which paper to look at, `back` goes one question back. Ctrl-C, or a terminal that closes, loses
        nothing: the same command takes up where you were. Answers can come through a pipe, one a line.
        --example asks nothing and writes a whole profile to standard output, to be changed by hand.""",
        """Demander les papiers d'une personne, seulement ceux qu'il faut, et écrire FILE (profile.toml par défaut;
        un nom qui finit en .json donne du JSON).

        `?` dit quel papier regarder, `retour` revient d'une question. Ctrl-C, ou un terminal qui se ferme, ne
        perd rien : la même commande reprend où vous étiez. Les réponses peuvent venir d'un tube, une par ligne.
        --example ne demande rien et écrit un profil entier sur la sortie standard, à changer à la main.""",
    ),
    example="expressentry profile new --example",
)
@click.argument("file", default="profile.toml")
@option(
    "--example",
    is_flag=True,
    about=Text("Write an example instead of asking.", "Écrire un exemple au lieu de demander."),
)
@option("--restart", is_flag=True, about=Text("Begin anew, without the draft.", "Recommencer, sans le brouillon."))
@format_option("text", "json")
@lang_option
def profile_new(file: str, example: bool, restart: bool, form: str) -> None:
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
    interview = Interview(draft.read())
    if interview.answers:
        note(_TAKEN_UP.fill(n=len(interview.answers)))
    try:
        Conversation(interview, draft).hold()
        _write(interview, target)
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
        raise FileError(Problem("exists", str(target), Text("not written over", "pas remplacé"), fix))


def _write(interview: Interview, target: Path) -> None:
    """Write the file whole, after what it will hold was read back as any other file is read."""
    import json

    import tomli

    from expressentry.files import write_atomically
    from expressentry.profile.interview.saving import profile_toml
    from expressentry.profile.read import read_profile

    text, back = profile_toml(read_profile(interview.facts), LANG.get()), tomli.loads
    if target.suffix.lower() == ".json":
        text, back = json.dumps(interview.facts, ensure_ascii=False, indent=2) + "\n", json.loads
    read_profile(back(text))
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
    "? says which paper to look at; back goes one question back; Ctrl-C keeps the answers for later.",
    "? dit quel papier regarder; retour revient d'une question; Ctrl-C garde les réponses pour plus tard.",
)
_TAKEN_UP = Text(
    "Taking up the draft; answers kept: {n} (--restart begins anew).",
    "Reprise du brouillon; réponses gardées : {n} (--restart recommence).",
)
_STOPPED = Text(
    "the answers so far are kept; `expressentry profile new {file}` takes them up",
    "les réponses sont gardées; `expressentry profile new {file}` les reprend",
)
_EXISTS = Text("{file} exists. Write over it?", "{file} existe. Le remplacer?")
_PICK = Text("Which one? Its number, a code, or other words.", "Laquelle? Son numéro, un code, ou d'autres mots.")
_NOTHING = Text("Nothing found: other words, or a code.", "Rien trouvé : d'autres mots, ou un code.")
_WRITTEN = Text(
    "{file}: written, read back, ok\nNext: expressentry profile show {file}",
    "{file} : écrit, relu, conforme\nEnsuite : expressentry profile show {file}",
)
