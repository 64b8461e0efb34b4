"""`expressentry examples`: the files that help and the documentation name, for those who have no checkout."""

from __future__ import annotations

from pathlib import Path

import click

import expressentry
from expressentry.cli.help import Command
from expressentry.cli.options import format_option, lang_option, option
from expressentry.cli.support import print_rows, say
from expressentry.files import PUBLIC, write_into_folder
from expressentry.text import Text

EXAMPLES = {
    "people/engineer.toml": (
        Text("a software engineer abroad", "une ingénieure en logiciel à l'étranger"),
        "assess",
    ),
    "people/nurse.toml": (
        Text("a nurse whose first official language is French", "une infirmière de langue française"),
        "timeline",
    ),
    "people/couple.toml": (Text("a couple", "un couple"), "plan"),
    "people/electrician.toml": (
        Text("an electrician who works in Canada", "un électricien qui travaille au Canada"),
        "timeline",
    ),
    "people/graduate.toml": (
        Text("a graduate of a Canadian college", "une diplômée d'un collège canadien"),
        "assess",
    ),
    "engineer.toml": (Text("factors of one day, without dates", "les facteurs d'un jour, sans dates"), "assess"),
    "people.csv": (Text("a table of factors", "une table de facteurs"), "score"),
    "provinces/sk-ee-met.toml": (
        Text("a person for a nominee stream", "une personne pour un volet provincial"),
        "provinces assess",
    ),
    "province_rounds.csv": (
        Text("rounds of provinces of your own", "vos propres rondes de provinces"),
        "provinces update",
    ),
    "ee_rounds_excerpt.json": (
        Text("a part of the department's file of rounds", "un extrait du fichier des rondes du ministère"),
        "rounds update",
    ),
    "pages/proof-of-funds.html": (
        Text("a page of the department", "une page du ministère"),
        "law verify --page",
    ),
    "simulate/autumn.toml": (Text("a scenario", "un scénario"), "simulate run"),
    "simulate/education.toml": (
        Text("the same with rounds for education", "le même avec des rondes pour l'éducation"),
        "simulate run",
    ),
    "law/high-wage-2026-11-03.toml": (
        Text("a law file; its figures are inventions", "un fichier de droit; ses chiffres sont inventés"),
        "law check",
    ),
    "law/stream-2027-01-01.toml": (
        Text("a nominee stream as a law file, invented", "un volet provincial en fichier de droit, inventé"),
        "law check",
    ),
    "notebooks/ten_years_of_rounds.py": (
        Text("a notebook: cut-offs since 2015", "un carnet : les notes minimales depuis 2015"),
        "marimo edit",
    ),
    "notebooks/who_gains_from_a_reform.py": (
        Text("a notebook: five people under two laws", "un carnet : cinq personnes sous deux droits"),
        "marimo edit",
    ),
}
"""Each file: what it is, and a command that takes it. People in them are invented."""


@click.command(
    "examples",
    cls=Command,
    about=Text(
        """List the example files that help pages name, or write them with --out. The people in them are invented.

        A file that is already there is left as it is.""",
        """Lister les fichiers d'exemple que nomment les pages d'aide, ou les écrire avec --out. Les personnes y sont
        inventées.

        Un fichier déjà présent est laissé tel quel.""",
    ),
    example="expressentry examples --out examples",
)
@option("--out", metavar="FOLDER", about=Text("The folder to write to.", "Le dossier où écrire."))
@format_option("text", "json", "csv")
@lang_option
def examples(out: str | None, form: str) -> None:
    """List or write the examples."""
    new = set(EXAMPLES) if out is None else _write(Path(out))
    if form != "text":
        rows = [
            {"file": name, "about": say(about), "command": command, "written": out is not None and name in new}
            for name, (about, command) in EXAMPLES.items()
        ]
        print_rows(rows, form)
        return
    folder = "examples" if out is None else out
    from expressentry.present.text.console import show, table

    kept = Text(" (left as it was)", " (laissé tel quel)")
    show(
        table(
            (say(Text("File", "Fichier")), say(Text("What it is", "Contenu")), say(Text("Try", "À essayer"))),
            [
                (f"{folder}/{name}", say(about) + (say(kept) if name not in new else ""), _typed(command))
                for name, (about, command) in EXAMPLES.items()
            ],
        )
    )
    if out is None:
        click.echo(say(Text("Write them: ", "Les écrire : ")) + "expressentry examples --out examples")


def _typed(command: str) -> str:
    """A command as it is typed; those of marimo are its own."""
    return command if command.startswith("marimo ") else f"expressentry {command}"


def shipped() -> Path:
    """The folder of the examples: beside the data of an installed package, or in the checkout."""
    package = Path(expressentry.__file__).parent
    installed = package / "data/examples"
    return installed if installed.is_dir() else package.parents[1] / "examples"


def _write(folder: Path) -> set[str]:
    """Write the files that are not there; return which."""
    new = {name for name in EXAMPLES if not (folder / name).exists()}
    for name in sorted(new):
        write_into_folder(folder / name, (shipped() / name).read_bytes(), mode=PUBLIC)
    return new
