"""`expressentry profile new`: questions and answers on a terminal or through a pipe."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from expressentry.cli.help import Command, complete_files
from expressentry.cli.options import format_option, lang_option, option, today, with_law
from expressentry.cli.support import LANG, home, note, print_file, print_json, say
from expressentry.errors import FileError, Problem, UsageError
from expressentry.files import write_atomically
from expressentry.law.law import Law
from expressentry.noc.codes import groups, narrower
from expressentry.profile.interview import Interview, Step
from expressentry.profile.interview.answers import converted, value_of
from expressentry.profile.interview.saving import InterviewDraft
from expressentry.profile.interview.wording import answered, in_words
from expressentry.profile.remarks import remarks_so_far, unborn
from expressentry.text import YES_NO, Text, whole_number

HITS = 5
BACK = ("back", "retour")


@click.command(
    "new",
    cls=Command,
    about=Text(
        """Answer questions about a person's documents, only those that matter, and get FILE (profile.toml unless
        given; a name that ends in .json gives JSON).

        `?` tells you which document to look at, `back` goes back one question. At the end you see all
        your answers. They are kept if you press
        Ctrl-C or close the terminal: run the same command to continue. Answers can come through a pipe, one per line.
        --example asks nothing and writes a complete profile to standard output, for you to edit.""",
        """Répondre à des questions sur les documents d'une personne, seulement celles qui comptent, et obtenir FILE
        (profile.toml par défaut; un nom qui finit en .json donne du JSON).

        `?` dit quel document regarder, `retour` revient d'une question. À la fin, vous voyez
        toutes vos réponses. Elles sont gardées si vous faites
        Ctrl-C ou fermez le terminal : relancez la même commande pour continuer. Les réponses peuvent venir d'un tube,
        une par ligne. --example ne demande rien et écrit un profil complet sur la sortie standard, à modifier.""",
    ),
    example="expressentry profile new --example",
)
@click.argument("file", shell_complete=complete_files, default="profile.toml")
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
        Conversation(interview, draft, today()).hold()
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

    def __init__(self, interview: Interview, draft: InterviewDraft, on: date) -> None:
        self.interview, self.draft, self.on = interview, draft, on
        self.offered: list[str] = []
        self.gone_back = False

    def hold(self) -> None:
        """Ask until all is asked and the answers were seen together; after each answer the draft is kept."""
        note(_HINT)
        while True:
            step = self.interview.step
            if step is None:
                if self._seen():
                    return
                continue
            _show(step, self.interview.law)
            self._show_earlier(step)
            self._take(step)

    def _seen(self) -> bool:
        """Show every answer; whether they are right, else the last question is asked again."""
        note(_SUMMARY)
        for step, value in answered(self.interview):
            note(_LINE.fill(question=step.ask.text, answer=in_words(step, value, self.interview.law)))
        for remark in remarks_so_far(self.interview.facts, self.on):
            note(_ODD.fill(remark=remark.text))
        note(say(_RIGHT) + f" [{say(_YES_NO)}]")
        while (right := YES_NO.get(typed := read_line().strip().lower())) is None and typed not in BACK:
            note(_YES_OR_BACK)
        if right:
            return True
        self.interview.back()
        self.gone_back = True
        return False

    def _show_earlier(self, step: Step) -> None:
        """After going back: what was answered here before."""
        if self.gone_back and (earlier := self.interview.earlier.get(step.id)) is not None:
            note(_EARLIER.fill(answer=in_words(step, earlier, self.interview.law)))

    def _take(self, step: Step) -> None:
        """Take lines until one of them is an answer, or goes back."""
        while True:
            typed = read_line().strip()
            if typed == "?":
                note("  " + say(step.ask.help))
                continue
            if typed.lower() in BACK:
                self.interview.back()
                self.gone_back = True
            elif not self._answer(step, typed):
                continue
            self.offered = []
            self.draft.write(self.interview.answers)
            return

    def _answer(self, step: Step, typed: str) -> bool:
        picked = self._picked(typed)
        if picked is not None and picked in groups():
            self._look_in(picked)
            return False
        if step.ask.kind == "noc" and typed and not picked and not _a_code(typed):
            self._search(typed)
            return False
        earlier = dict(self.interview.answers)
        problems = self.interview.answer(picked or self._value(step, typed))
        if not problems and (problems := unborn(self.interview.facts, self.on)):
            self.interview.back()
        for problem in problems:
            note(_told(problem, step))
        if not problems and (said := converted(step.ask, typed)) is not None:
            note(f"  {say(said)}.")
        for remark in remarks_so_far(self.interview.facts, self.on):
            if not problems and remark.field == step.place and step.id not in earlier:
                note(_ODD.fill(remark=remark.text))
        return not problems

    def _value(self, step: Step, typed: str) -> Any:
        bodies = self.interview.law.bodies.all
        if step.ask.kind == "body" and (number := whole_number(typed, len(bodies))):
            return bodies[number - 1].code
        return value_of(step.ask, typed)

    def _picked(self, typed: str) -> str | None:
        """The occupation, or the group of occupations, of that number among those offered last."""
        number = whole_number(typed, len(self.offered))
        return self.offered[number - 1] if number else None

    def _search(self, words: str) -> None:
        from expressentry.occupations.search import search

        hits = search(words, limit=HITS)
        self.offered = [hit.noc for hit in hits]
        for number, hit in enumerate(hits, 1):
            note(f"  {number}  {hit.noc}  {say(hit.title)}")
        note(_PICK if hits else _NOTHING)
        if not hits:
            self._look_in("")

    def _look_in(self, group: str) -> None:
        """Offer what is in a group of occupations, or the ten broad groups."""
        inside = narrower(group)
        self.offered = [one.code for one in inside]
        for number, one in enumerate(inside, 1):
            note(f"  {number:>2}  {one.code}  {say(one.title)}")
        note(_PICK)


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


def _show(step: Step, law: Law) -> None:
    """The question, how to answer it, and the words it takes."""
    ask = step.ask
    how = [say(_HOW[ask.kind])] if ask.kind in _HOW else []
    if ask.empty is not None:
        how.append(say(_EMPTY.fill(what=ask.empty)))
    note(f"\n{say(ask.text)}" + (f" [{'; '.join(how)}]" if how else ""))
    labels = {one.code: one.name for one in law.bodies.all} if ask.kind == "body" else ask.labels
    for number, label in enumerate(labels.values(), 1):
        note(f"  {number:>2}  {say(label)}")


def _told(problem: Problem, step: Step) -> str:
    """What is wrong, without the name of the key that the question fills."""
    if problem.code == "unknown_word" and step.ask.labels:
        return say(_BY_NUMBER.fill(n=len(step.ask.labels)))
    text = problem.say(LANG.get())
    text = text.removeprefix(problem.field).lstrip(" :")
    return text[:1].upper() + text[1:]


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
    print_file(profile_toml(read_profile(EXAMPLE), LANG.get()))


_YES_NO = Text("yes/no", "oui/non")
_HOW = {
    "yes_no": _YES_NO,
    "word": Text("type a number", "tapez un numéro"),
    "body": Text("type a number; others are not counted", "tapez un numéro; les autres ne comptent pas"),
    "day": Text("YYYY-MM-DD", "AAAA-MM-JJ"),
    "country": Text("the name, or its code of two letters", "le nom, ou son code de deux lettres"),
    "noc": Text("words to search for, or a code of five digits", "des mots à chercher, ou un code de cinq chiffres"),
    "wage": Text("a number", "un nombre"),
    "texts": Text("separate several with commas", "séparez-en plusieurs par des virgules"),
}
_EMPTY = Text('Enter alone means "{what}"', "Entrée seule veut dire « {what} »")
_BY_NUMBER = Text("Type a number from 1 to {n}.", "Tapez un numéro de 1 à {n}.")
_SUMMARY = Text("\nYour answers:", "\nVos réponses :")
_LINE = Text("  {question} {answer}", "  {question} {answer}")
_RIGHT = Text(
    "Is everything right? No goes back to the last question.", "Tout est-il exact? Non revient à la dernière question."
)
_YES_OR_BACK = Text("Answer yes or no.", "Répondez oui ou non.")
_EARLIER = Text("  Your earlier answer: {answer}", "  Votre réponse précédente : {answer}")
_ODD = Text("  Please check: {remark}.", "  À vérifier : {remark}.")
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
_NOTHING = Text(
    "No good match: try other words, or choose one of the ten broad groups.",
    "Rien ne correspond bien : essayez d'autres mots, ou choisissez une des dix grandes catégories.",
)
_WRITTEN = Text(
    "{file}: written and checked\nNext: expressentry profile show {file}",
    "{file} : écrit et vérifié\nEnsuite : expressentry profile show {file}",
)
