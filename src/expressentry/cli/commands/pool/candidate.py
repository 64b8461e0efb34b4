"""`expressentry pool` update, nomination, cancel, bar, erase: what the operator does to one candidate or person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, get_args

import click

from expressentry.cli.commands.pool.group import (
    act_options,
    actor_option,
    meant_option,
    pool_of_run,
    pool_that_is_meant,
    reason_option,
    server_of_run,
)
from expressentry.cli.help import Command, Group, complete_files
from expressentry.cli.options import DAY, moment, option, word
from expressentry.cli.support import dated_facts, print_json, say
from expressentry.law.law import refuse_before_start
from expressentry.pool.open import Pool
from expressentry.profile.fields import Province
from expressentry.text import Text, same


@click.command(
    "update",
    cls=Command,
    about=Text(
        """Replace the facts of a candidate in the pool with those of PROFILE. The submission time stays, the score is
        computed again. Nominations belong to the province: those that the pool knows stay.

        INTEREST is the number from `pool submit`.""",
        """Remplacer les faits d'un candidat du bassin par ceux de PROFILE. L'heure de soumission reste, la note est
        recalculée. Les désignations relèvent de la province : celles que le bassin connaît restent.

        INTEREST est le numéro donné par `pool submit`.""",
    ),
    example="expressentry pool update 4 me.toml --on 2026-10-01",
)
@click.argument("interest", type=int)
@click.argument("profile", shell_complete=complete_files)
@actor_option()
@act_options
def pool_update(
    interest: int, profile: str, actor: str, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """Replace a candidate's facts."""
    refuse_before_start(on)
    facts = dated_facts(profile)
    with pool_of_run(database) as pool:
        pool.update(interest, facts, moment(on, at), actor)
        _show_state(pool, interest, form)


pool_nomination = Group(
    "nomination",
    members={
        "add": (
            "expressentry.cli.commands.pool.candidate:nomination_add",
            Text("Add a nomination that was accepted.", "Ajouter une désignation acceptée."),
        ),
        "end": (
            "expressentry.cli.commands.pool.candidate:nomination_end",
            Text("End a nomination that was withdrawn.", "Mettre fin à une désignation retirée."),
        ),
    },
    about=Text(
        "Add or end a nomination under Express Entry. Only a province can end one.",
        "Ajouter une désignation dans Entrée express, ou y mettre fin. Seule la province peut y mettre fin.",
    ),
    example="expressentry pool nomination add 5 ON --on 2026-10-01",
)


def _nomination(function: Any) -> Any:
    function = actor_option("province")(act_options(function))
    function = click.argument("province", type=word(*get_args(Province)), metavar="PROVINCE")(function)
    return click.argument("interest", type=int)(function)


@click.command(
    "add",
    cls=Command,
    about=Text(
        """Add a nomination that the candidate accepted on the day. It gives 600 points; from then on only rounds for
        nominees can invite the candidate.

        INTEREST is the number from `pool submit`. PROVINCE is two letters: ON, BC and so on.""",
        """Ajouter une désignation que le candidat a acceptée ce jour. Elle donne 600 points; dès lors, seules les
        rondes qui invitent des candidats désignés peuvent inviter ce candidat.

        INTEREST est le numéro donné par `pool submit`. PROVINCE est un code de deux lettres : ON, BC, etc.""",
    ),
    example="expressentry pool nomination add 5 ON --on 2026-10-01",
)
@option("--expires", type=DAY, about=Text("The last day on which it is valid.", "Le dernier jour où elle est valide."))
@_nomination
def nomination_add(
    interest: int,
    province: str,
    expires: date | None,
    actor: str,
    database: str | None,
    on: date,
    at: datetime | None,
    form: str,
) -> None:
    """Add a nomination."""
    refuse_before_start(on)
    nomination = {"kind": "enhanced", "province": province, "accepted_on": str(on)}
    nomination |= {"expires_on": str(expires)} if expires else {}
    with pool_of_run(database) as pool:
        pool.nominate(interest, nomination, moment(on, at), actor)
        _show_state(pool, interest, form)


@click.command(
    "end",
    cls=Command,
    about=Text(
        """End a nomination that the province withdrew on the day. The candidate loses the 600 points, and leaves the
        pool if eligible for no program without them.""",
        """Mettre fin à une désignation que la province a retirée ce jour. Le candidat perd les 600 points, et quitte
        le bassin s'il n'est alors admissible à aucun programme.""",
    ),
    example="expressentry pool nomination end 6 BC --on 2026-10-01",
)
@_nomination
def nomination_end(
    interest: int, province: str, actor: str, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """End a nomination."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        pool.withdraw_nomination(interest, province, moment(on, at), actor)
        _show_state(pool, interest, form)


@click.command(
    "cancel",
    cls=Command,
    about=Text(
        """Cancel an open invitation that was issued in error. Nothing is deleted: the cancellation is a new event. The
        candidate returns to the pool with the same submission time.

        INVITATION is the number shown by `pool round show` and `pool show`.""",
        """Annuler une invitation ouverte, envoyée par erreur. Rien n'est supprimé : l'annulation est un nouvel
        événement. Le candidat retourne dans le bassin avec la même heure de soumission.

        INVITATION est le numéro affiché par `pool round show` et `pool show`.""",
    ),
    example="expressentry pool cancel 2 --reason wrong-list --on 2026-10-01",
)
@click.argument("invitation", type=int)
@reason_option
@actor_option()
@meant_option
@act_options
def pool_cancel(
    invitation: int,
    reason: str,
    actor: str,
    database: str | None,
    on: date,
    at: datetime | None,
    form: str,
    meant: date | None,
) -> None:
    """Cancel an invitation."""
    refuse_before_start(on)
    with pool_that_is_meant(database, on, at, meant) as pool:
        pool.cancel(invitation, moment(on, at), actor, reason)
        row = pool.store.read(lambda tx: tx.invitation(invitation))
    assert row is not None
    if form == "json":
        print_json({"invitation": row.id, "interest": row.interest, "round": row.round, "state": row.state})
        return
    wording = Text(
        "invitation {i} of round {r} is cancelled; inform candidate {n}",
        "l'invitation {i} de la ronde {r} est annulée; informez le candidat {n}",
    )
    click.echo(say(wording.fill(i=row.id, r=row.round, n=row.interest)))


@click.command(
    "bar",
    cls=Command,
    about=Text(
        """Bar a person for misrepresentation (IRPA 10.1(4)) until a day. Their expression of interest and any open
        invitation end, and until that day the pool refuses every submission for this person.

        PERSON is your key of the person, as given to `pool submit`.""",
        """Exclure une personne pour fausses déclarations (LIPR 10.1(4)) jusqu'à un jour. Sa déclaration d'intérêt et
        toute invitation ouverte prennent fin, et le bassin refuse jusqu'à ce jour toute soumission pour elle.

        PERSON est votre clé de la personne, telle que donnée à `pool submit`.""",
    ),
    example="expressentry pool bar paul --until 2031-10-01 --reason final-decision --on 2026-10-01",
)
@click.argument("person")
@option("--until", type=DAY, required=True, about=Text("The first day after the bar.", "Le premier jour d'après."))
@reason_option
@actor_option()
@meant_option
@act_options
def pool_bar(
    person: str,
    until: date,
    reason: str,
    actor: str,
    database: str | None,
    on: date,
    at: datetime | None,
    form: str,
    meant: date | None,
) -> None:
    """Bar a person."""
    refuse_before_start(on)
    with pool_that_is_meant(database, on, at, meant) as pool:
        ended = pool.bar(person, until, moment(on, at), actor, reason)
    if form == "json":
        print_json({"person": person, "until": str(until), "ended": ended})
        return
    tail = (
        Text("; candidate {n} has left the pool", "; le candidat {n} a quitté le bassin").fill(n=ended)
        if ended
        else same("")
    )
    click.echo(say(Text("{p}: barred until {d}{t}", "{p} : exclu jusqu'au {d}{t}").fill(p=person, d=until, t=tail)))


@click.command(
    "erase",
    cls=Command,
    about=Text(
        """Delete a person's personal data, at their request: facts, factors, findings and your key of the person. A
        person who is in the pool leaves it. Numbers and scores in the events stay, and the chain stays whole. This
        cannot be undone. Older backups still have the data. Where the role owns the pool, as on the embedded server,
        the deleted rows are cleared from the tables too.""",
        """Supprimer les données personnelles d'une personne, à sa demande : faits, facteurs, constats et votre clé de
        la personne. Si elle est dans le bassin, elle le quitte. Les numéros et les notes des événements restent, et la
        chaîne reste entière. Cette opération est irréversible. Les anciennes sauvegardes contiennent encore les
        données. Si le rôle possède le bassin, comme sur le serveur intégré, les lignes supprimées sont aussi retirées
        des tables.""",
    ),
    example="expressentry pool erase noor --reason on-request --on 2026-10-01",
)
@click.argument("person")
@reason_option
@actor_option()
@meant_option
@act_options
def pool_erase(
    person: str,
    reason: str,
    actor: str,
    database: str | None,
    on: date,
    at: datetime | None,
    form: str,
    meant: date | None,
) -> None:
    """Erase a person."""
    refuse_before_start(on)
    from expressentry.pool.store.schema import vacuum_erased

    with pool_that_is_meant(database, on, at, meant) as pool:
        erased = pool.erase(person, moment(on, at), actor, reason)
        with server_of_run(database) as server:
            cleared = erased and vacuum_erased(server.admin_url())
    if form == "json":
        print_json({"person": person, "erased": erased, "cleared": cleared})
        return
    done = (
        Text("{p}: deleted", "{p} : données supprimées")
        if erased
        else Text("{p}: no such person here", "{p} : personne inconnue ici")
    )
    click.echo(say(done.fill(p=person)))
    if erased and not cleared:
        click.echo(say(_NOT_CLEARED))


_NOT_CLEARED = Text(
    "the server still has the deleted rows in its files; as the owner, run `vacuum`",
    "le serveur a encore les lignes supprimées dans ses fichiers; lancer `vacuum` sous le propriétaire",
)


def _show_state(pool: Pool, interest: int, form: str) -> None:
    """Show the state and the score of a candidate after an act."""
    from expressentry.pool.ops.status import candidate_record
    from expressentry.present.text.pool import STATES

    record = candidate_record(pool, interest)
    crs = next((one["crs"] for one in record["standings"]), None)
    if form == "json":
        print_json({"interest": interest, "state": record["state"], "crs": crs})
        return
    score = same("") if crs is None else Text(", CRS {c}", ", SCG {c}").fill(c=crs)
    wording = Text("candidate {n}: {s}{c}", "candidat {n} : {s}{c}")
    click.echo(say(wording.fill(n=interest, s=STATES[record["state"]], c=score)))
