"""`expressentry pool` init, submit, answer, expire, rescore."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

import click

from expressentry.cli.commands.pool.group import act_options, pool_of_run
from expressentry.cli.help import Command
from expressentry.cli.options import moment, option, word
from expressentry.cli.support import LANG, note, print_json, say
from expressentry.errors import Problem, UsageError
from expressentry.law.law import refuse_before_start
from expressentry.text import Text


@click.command(
    "init",
    cls=Command,
    about=Text(
        """Make an empty pool under the law of a day, or bring the schema of one up to date. On a server of your own
        the role that connects must be allowed to make schemas and roles.""",
        """Créer un bassin vide selon le droit d'un jour, ou mettre à jour le schéma d'un bassin. Sur un serveur à
        vous, le rôle qui se connecte doit pouvoir créer schémas et rôles.""",
    ),
    example="expressentry pool init --on 2026-10-01",
)
@act_options
def pool_init(database: str | None, on: date, at: datetime | None, form: str) -> None:
    """Make an empty pool."""
    refuse_before_start(on)
    with pool_of_run(database, make=True) as pool:
        created = pool.init(on, moment(on, at), "operator")
        name = pool.store.look(lambda tx: tx.rule_sets()[0].name)
    if form == "json":
        print_json({"created": created, "rule_set": name})
        return
    made = Text("an empty pool was made", "un bassin vide a été créé")
    there = Text("the pool is there already", "le bassin existe déjà")
    click.echo(
        say(Text("{what}; rule set {name}", "{what}; ensemble de règles {name}")).format(
            what=say(made if created else there), name=name
        )
    )


def _id(text: str, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        fix = Text("leave it out, and it is made from the request", "l'omettre : il est tiré de la demande")
        raise UsageError(Problem("not_a_uuid", field, Text("a UUID", "un UUID"), fix, text)) from None


@click.command(
    "submit",
    cls=Command,
    about=Text(
        """Submit a person's profile: accepted into the pool, or refused with what is not met. Sent twice on a day
        it is done once: unless --id names the request, its id is made from person, file and day.

        PROFILE is a TOML or JSON file of dated facts, as `expressentry profile new` writes them.""",
        """Soumettre le profil d'une personne : accepté dans le bassin, ou refusé avec ce qui n'est pas rempli. Envoyé
        deux fois un même jour, il n'est traité qu'une fois : sans --id, l'identifiant est tiré de la personne, du
        fichier et du jour.

        PROFILE est un fichier TOML ou JSON de faits datés, comme les écrit `expressentry profile new`.""",
    ),
    example="expressentry pool submit examples/people/engineer.toml --person anna --on 2026-10-01",
)
@click.argument("profile")
@option("--person", required=True, metavar="KEY", about=Text("Your key of the person.", "Votre clé de la personne."))
@option("--id", "id_", metavar="UUID", about=Text("The id of the request.", "L'identifiant de la demande."))
@act_options
def pool_submit(
    profile: str, person: str, id_: str | None, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """Submit a profile."""
    from expressentry.pool.acts.model import digest
    from expressentry.profile.read import read_document

    refuse_before_start(on)
    facts = read_document(Path(profile))
    client_id = _id(id_, "id") if id_ else uuid5(NAMESPACE_URL, digest([person, str(on), repr(facts)]))
    with pool_of_run(database) as pool:
        found = pool.submit(client_id, person, facts, moment(on, at), "operator")
    if form == "json":
        findings = [finding.say(LANG.get()) for finding in found.findings]
        print_json({**asdict(found), "findings": findings, "id": str(client_id)})
    else:
        from expressentry.present.text.pool import print_submitted

        print_submitted(found, person, LANG.get())
    if found.answer == "differs":
        raise click.exceptions.Exit(1)


ANSWERS = ("accept", "decline", "withdraw")


@click.command(
    "answer",
    cls=Command,
    about=Text(
        """Take what a candidate says: accept or decline the open invitation, or withdraw from the pool. Who declines
        is back in the pool with the same stamp.

        INTEREST is the number that `pool submit` gave.""",
        """Prendre la réponse d'un candidat : accepter ou refuser l'invitation ouverte, ou se retirer du bassin. Qui
        refuse est de retour dans le bassin avec le même horodatage.

        INTEREST est le numéro qu'a donné `pool submit`.""",
    ),
    example="expressentry pool answer 1 accept --on 2026-10-02",
)
@click.argument("interest", type=int)
@click.argument("answer", type=word(*ANSWERS))
@act_options
def pool_answer(interest: int, answer: str, database: str | None, on: date, at: datetime | None, form: str) -> None:
    """Take an answer."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        act = {"accept": pool.accept, "decline": pool.decline, "withdraw": pool.withdraw}[answer]
        act(interest, moment(on, at), "operator")
        state = pool.store.act(lambda tx: tx.interests([interest])[0].state)
    if form == "json":
        print_json({"interest": interest, "state": state})
        return
    from expressentry.present.text.pool import STATES

    click.echo(say(Text("candidate {n}: {s}", "candidat {n} : {s}").fill(n=interest, s=STATES[state])))


@click.command(
    "expire",
    cls=Command,
    about=Text(
        """Do a day's upkeep: invitations lapse, profiles of twelve months expire, and those whose facts change by
        this day (a birthday, a dying test, a completed month or year) are scored again, and only those.""",
        """Faire l'entretien d'un jour : les invitations tombent, les profils de douze mois expirent, et ceux dont les
        faits changent d'ici ce jour (anniversaire, test échu, mois ou année complétés) sont recalculés, eux seuls.""",
    ),
    example="expressentry pool expire --on 2026-10-02",
)
@act_options
def pool_expire(database: str | None, on: date, at: datetime | None, form: str) -> None:
    """Do a day's upkeep."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        done = pool.daily(on, moment(on, at), "operator")
    if form == "json":
        print_json(asdict(done))
        return
    wording = Text(
        "lapsed {lapsed}, expired {expired}; looked at {looked_at}, changed {changed}, no longer eligible {ineligible}",
        "tombées {lapsed}, expirés {expired}; revus {looked_at}, changés {changed}, plus admissibles {ineligible}",
    )
    click.echo(say(wording.fill(**asdict(done))))


@click.command(
    "rescore",
    cls=Command,
    about=Text(
        """Score the whole pool under the law of a day, beside the scores in force; submissions go on meanwhile. It
        takes force by one row when its day has come. Stopped in the middle, it goes on when called again.""",
        """Calculer tout le bassin selon le droit d'un jour, à côté des notes en vigueur; les soumissions continuent.
        Le tout prend effet par une ligne quand son jour est venu. Interrompu, il reprend au prochain appel.""",
    ),
    example="expressentry pool rescore --on 2026-10-02",
)
@act_options
def pool_rescore(database: str | None, on: date, at: datetime | None, form: str) -> None:
    """Score the pool under the law of a day."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        done = pool.rescore(on, moment(on, at), "operator")
    if form == "json":
        print_json(None if done is None else asdict(done))
        return
    if done is None:
        note_ = Text("the law of {d} is in force here already", "le droit du {d} est déjà en vigueur ici")
        click.echo(say(note_.fill(d=on)))
        return
    wording = Text(
        "{rule_set}: scored {scored}, no longer eligible {ineligible}",
        "{rule_set} : calculés {scored}, plus admissibles {ineligible}",
    )
    click.echo(say(wording.fill(**asdict(done))))
    if not done.in_force:
        note(Text("It takes force when called on {d} or later.", "Prend effet à l'appel du {d} ou après.").fill(d=on))
