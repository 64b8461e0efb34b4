"""`expressentry pool` init, submit, answer, expire, rescore: what runs a pool."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

import click

from expressentry.cli.commands.pool.group import act_options, meant_option, pool_of_run, pool_that_is_meant, uuid_of
from expressentry.cli.help import Command, complete_files
from expressentry.cli.options import is_today, moment, option, word
from expressentry.cli.support import LANG, dated_facts, note, print_json, say
from expressentry.law.law import refuse_before_start
from expressentry.text import Text


@click.command(
    "init",
    cls=Command,
    about=Text(
        """Make an empty pool under the rules of the day, or update the schema of a pool. On another server than the
        embedded one, the role that connects must be allowed to create schemas and roles.

        With --on or --at the pool is a rehearsal: it takes whatever days and instants you give. A pool made without
        them goes by the clock of its server, and refuses acts of other days.""",
        """Créer un bassin vide selon les règles du jour, ou mettre à jour le schéma d'un bassin. Sur un autre
        serveur que le serveur intégré, le rôle qui se connecte doit pouvoir créer des schémas et des rôles.

        Avec --on ou --at, le bassin est une répétition : il prend les jours et les instants que vous donnez. Un bassin
        créé sans ces options suit l'horloge de son serveur, et refuse les actes d'autres jours.""",
    ),
    example="expressentry pool init --on 2026-10-01",
)
@act_options
def pool_init(database: str | None, on: date, at: datetime | None, form: str) -> None:
    """Make an empty pool."""
    refuse_before_start(on)
    with pool_of_run(database, make=True) as pool:
        created = pool.init(on, moment(on, at), "operator", rehearsal=at is not None or not is_today(on))
        rehearsal = pool.is_rehearsal()
        name = pool.store.read(lambda tx: tx.rule_sets()[0].name)
    if form == "json":
        print_json({"created": created, "rule_set": name, "rehearsal": rehearsal})
        return
    made = Text("an empty pool was made", "un bassin vide a été créé")
    there = Text("there is a pool already", "le bassin existe déjà")
    click.echo(
        say(Text("{what}; rule set {name}", "{what}; ensemble de règles {name}")).format(
            what=say(made if created else there), name=name
        )
    )
    if rehearsal:
        note(_REHEARSAL if created else _REHEARSAL_STAYS)


_REHEARSAL = Text(
    "This pool is a rehearsal: it takes the days that you give. For a real one leave out --on and --at.",
    "Ce bassin est une répétition : il prend les jours donnés. Pour un vrai bassin, omettre --on et --at.",
)
_REHEARSAL_STAYS = Text(
    "This pool is a rehearsal, and stays one. For a real one name another database, or another EXPRESSENTRY_HOME.",
    "Ce bassin est une répétition, et le reste. Pour un vrai bassin, nommer une autre base de données, ou un autre "
    "EXPRESSENTRY_HOME.",
)


@click.command(
    "submit",
    cls=Command,
    about=Text(
        """Submit a person's profile. It is accepted into the pool, or refused with the criteria that are not met. The
        same profile submitted twice on a day is taken once: without --id, the id of the request is made from the
        person, the facts and the day.

        PROFILE is a TOML or JSON file with dated facts, as `expressentry profile new` writes them.""",
        """Soumettre le profil d'une personne. Il est accepté dans le bassin, ou refusé avec les critères non remplis.
        Le même profil soumis deux fois le même jour ne compte qu'une fois : sans --id, l'identifiant de la demande est
        tiré de la personne, des faits et du jour.

        PROFILE est un fichier TOML ou JSON de faits datés, comme en écrit `expressentry profile new`.""",
    ),
    example="expressentry pool submit me.toml --person anna --on 2026-10-01",
)
@click.argument("profile", shell_complete=complete_files)
@option("--person", required=True, metavar="KEY", about=Text("Your key of the person.", "Votre clé de la personne."))
@option("--id", "id_", metavar="UUID", about=Text("The id of the request.", "L'identifiant de la demande."))
@act_options
def pool_submit(
    profile: str, person: str, id_: str | None, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """Submit a profile."""
    from expressentry.pool.acts.submissions import request_id

    refuse_before_start(on)
    facts = dated_facts(profile)
    client_id = uuid_of(id_, "id") if id_ else request_id(person, on, facts)
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
        """Record a candidate's answer: accept or decline the open invitation, or withdraw from the pool. Candidates
        who decline return to the pool with the same submission time.

        INTEREST is the number from `pool submit`.""",
        """Enregistrer la réponse d'un candidat : accepter ou refuser l'invitation ouverte, ou se retirer du bassin. Un
        candidat qui refuse retourne dans le bassin avec la même heure de soumission.

        INTEREST est le numéro donné par `pool submit`.""",
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
        state = pool.store.write(lambda tx: tx.interests([interest])[0].state)
    if form == "json":
        print_json({"interest": interest, "state": state})
        return
    from expressentry.present.text.pool import STATES

    click.echo(say(Text("candidate {n}: {s}", "candidat {n} : {s}").fill(n=interest, s=STATES[state])))


@click.command(
    "expire",
    cls=Command,
    about=Text(
        """Do a day's upkeep: invitations without an answer lapse, profiles expire after twelve months, and candidates
        whose facts have changed (a birthday, an expired test, a completed month or year) are scored again.""",
        """Faire l'entretien d'un jour : les invitations sans réponse deviennent caduques, les profils expirent après
        douze mois, et les candidats dont les faits ont changé (un anniversaire, un test expiré, un mois ou une année
        d'expérience de plus) sont recalculés.""",
    ),
    example="expressentry pool expire --on 2026-10-01",
)
@meant_option
@act_options
def pool_expire(database: str | None, on: date, at: datetime | None, form: str, meant: date | None) -> None:
    """Do a day's upkeep."""
    refuse_before_start(on)
    with pool_that_is_meant(database, on, at, meant) as pool:
        done = pool.upkeep(on, moment(on, at), "operator")
    if form == "json":
        print_json(asdict(done))
        return
    wording = Text(
        "lapsed {lapsed}, expired {expired}; reviewed {looked_at}, changed {changed}, no longer eligible {ineligible}",
        "caduques {lapsed}, expirés {expired}; revus {looked_at}, changés {changed}, non admissibles {ineligible}",
    )
    click.echo(say(wording.fill(**asdict(done))))


@click.command(
    "rescore",
    cls=Command,
    about=Text(
        """Score the whole pool under the rules of a day, beside the scores in force; submissions go on meanwhile. The
        new scores come into force, all at once, when that day has come. If the command is stopped, run it again: it
        goes on where it was.""",
        """Recalculer tout le bassin selon les règles d'un jour, à côté des notes en vigueur; les soumissions
        continuent. Les nouvelles notes entrent en vigueur, toutes à la fois, quand ce jour est venu. Si la commande
        est interrompue, la relancer : elle reprend où elle en était.""",
    ),
    example="expressentry pool rescore --on 2026-10-02",
)
@meant_option
@act_options
def pool_rescore(database: str | None, on: date, at: datetime | None, form: str, meant: date | None) -> None:
    """Score the pool under the law of a day."""
    refuse_before_start(on)
    with pool_that_is_meant(database, on, at, meant) as pool:
        done = pool.rescore(on, moment(on, at), "operator")
    if form == "json":
        print_json(None if done is None else asdict(done))
        return
    if done is None:
        note_ = Text("the rules of {d} are in force here already", "les règles du {d} sont déjà en vigueur ici")
        click.echo(say(note_.fill(d=on)))
        return
    wording = Text(
        "{rule_set}: scored {scored}, no longer eligible {ineligible}",
        "{rule_set} : calculés {scored}, non admissibles {ineligible}",
    )
    click.echo(say(wording.fill(**asdict(done))))
    if not done.in_force:
        when = Text(
            "Run this again on {d} or later: the scores then come into force.",
            "Relancer la commande le {d} ou après : les notes entreront alors en vigueur.",
        )
        note(when.fill(d=on))
