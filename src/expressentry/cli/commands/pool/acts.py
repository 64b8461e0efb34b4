"""`expressentry pool` update, nomination, cancel, bar, erase: acts that the operator does in somebody's name."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, get_args

import click

from expressentry.cli.commands.pool.group import act_options, actor_option, pool_of_run, reason_option
from expressentry.cli.help import Command, Group
from expressentry.cli.options import DAY, moment, option, word
from expressentry.cli.support import print_json, say
from expressentry.law.law import refuse_before_start
from expressentry.pool.acts.pool import Pool
from expressentry.profile.fields import Province
from expressentry.text import Text, same


@click.command(
    "update",
    cls=Command,
    about=Text(
        """Replace the facts of a candidate in the pool by those of PROFILE; the stamp stays, the score is computed
        anew. Nominations are the province's: those known to the pool stay.

        INTEREST is the number that `pool submit` gave.""",
        """Remplacer les faits d'un candidat du bassin par ceux de PROFILE; l'horodatage reste, la note est recalculée.
        Les désignations sont à la province : celles que le bassin connaît restent.

        INTEREST est le numéro qu'a donné `pool submit`.""",
    ),
    example="expressentry pool update 4 examples/people/graduate.toml --on 2026-10-01",
)
@click.argument("interest", type=int)
@click.argument("profile")
@actor_option()
@act_options
def pool_update(
    interest: int, profile: str, actor: str, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """Replace a candidate's facts."""
    from expressentry.profile.read import read_document

    refuse_before_start(on)
    facts = read_document(Path(profile))
    with pool_of_run(database) as pool:
        pool.update(interest, facts, moment(on, at), actor)
        _tell_standing(pool, interest, form)


pool_nomination = Group(
    "nomination",
    members={
        "add": (
            "expressentry.cli.commands.pool.acts:nomination_add",
            Text("The candidate accepted it.", "Le candidat l'a acceptée."),
        ),
        "end": (
            "expressentry.cli.commands.pool.acts:nomination_end",
            Text("The province withdrew it.", "La province l'a retirée."),
        ),
    },
    about=Text(
        "Nominations within Express Entry: added on acceptance, ended by the province only.",
        "Désignations dans Entrée express : ajoutées à l'acceptation, retirées par la province seule.",
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
        """Add a nomination that the candidate accepted on the day: 600 points, and only rounds that invite nominees.

        INTEREST is the number that `pool submit` gave, PROVINCE two letters: ON, BC and so on.""",
        """Ajouter une désignation que le candidat a acceptée ce jour : 600 points, et les seules rondes qui invitent
        des candidats désignés.

        INTEREST est le numéro qu'a donné `pool submit`, PROVINCE deux lettres : ON, BC, etc.""",
    ),
    example="expressentry pool nomination add 5 ON --on 2026-10-01",
)
@option("--expires", type=DAY, about=Text("The last day it holds.", "Le dernier jour où elle vaut."))
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
        _tell_standing(pool, interest, form)


@click.command(
    "end",
    cls=Command,
    about=Text(
        """End a nomination that its province withdrew on the day: the 600 points go. Whoever is then eligible for no
        program leaves the pool.""",
        """Mettre fin à une désignation que sa province a retirée ce jour : les 600 points partent. Qui n'est alors
        admissible à aucun programme quitte le bassin.""",
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
        _tell_standing(pool, interest, form)


@click.command(
    "cancel",
    cls=Command,
    about=Text(
        """Cancel an open invitation that was issued in error: a new fact, nothing is deleted. The candidate is back in
        the pool with the same stamp.

        INVITATION is the number that `pool round show` and `pool show` tell.""",
        """Annuler une invitation ouverte faite par erreur : un fait nouveau, rien n'est effacé. Le candidat est de
        retour dans le bassin avec le même horodatage.

        INVITATION est le numéro que disent `pool round show` et `pool show`.""",
    ),
    example="expressentry pool cancel 2 --reason wrong-list --on 2026-10-01",
)
@click.argument("invitation", type=int)
@reason_option
@actor_option()
@act_options
def pool_cancel(
    invitation: int, reason: str, actor: str, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """Cancel an invitation."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        pool.cancel(invitation, moment(on, at), actor, reason)
        row = pool.store.look(lambda tx: tx.invitation(invitation))
    assert row is not None
    if form == "json":
        print_json({"invitation": row.id, "interest": row.interest, "round": row.round, "state": row.state})
        return
    wording = Text(
        "invitation {i} of round {r} is cancelled; tell candidate {n}",
        "l'invitation {i} de la ronde {r} est annulée; avisez le candidat {n}",
    )
    click.echo(say(wording.fill(i=row.id, r=row.round, n=row.interest)))


@click.command(
    "bar",
    cls=Command,
    about=Text(
        """Bar a person for misrepresentation (IRPA 10.1(4)) until a day: what is live ends, an open invitation too,
        and until that day every submission of theirs is refused.

        PERSON is your key of the person, as given to `pool submit`.""",
        """Exclure une personne pour fausses déclarations (LIPR 10.1(4)) jusqu'à un jour : ce qui est en cours prend
        fin, une invitation ouverte aussi, et d'ici là toute soumission de sa part est refusée.

        PERSON est votre clé de la personne, telle que donnée à `pool submit`.""",
    ),
    example="expressentry pool bar paul --until 2031-10-01 --reason final-decision --on 2026-10-01",
)
@click.argument("person")
@option("--until", type=DAY, required=True, about=Text("The first day after it.", "Le premier jour d'après."))
@reason_option
@actor_option()
@act_options
def pool_bar(
    person: str, until: date, reason: str, actor: str, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """Bar a person."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        ended = pool.bar(person, until, moment(on, at), actor, reason)
    if form == "json":
        print_json({"person": person, "until": str(until), "ended": ended})
        return
    tail = Text("; candidate {n} is out", "; le candidat {n} est sorti").fill(n=ended) if ended else same("")
    click.echo(say(Text("{p}: barred until {d}{t}", "{p} : exclu jusqu'au {d}{t}").fill(p=person, d=until, t=tail)))


@click.command(
    "erase",
    cls=Command,
    about=Text(
        """Erase what is personal of someone, at their request: facts, factors, findings and your key of the person.
        Whoever is in the pool leaves it. Numbers and scores in the events stay, and the chain stays whole. There is no
        way back, and older backups still have it.""",
        """Effacer ce qui est personnel de quelqu'un, à sa demande : faits, facteurs, constats et votre clé de la
        personne. Qui est dans le bassin le quitte. Numéros et notes des événements restent, et la chaîne reste
        entière. C'est sans retour, et les anciennes sauvegardes l'ont encore.""",
    ),
    example="expressentry pool erase noor --reason on-request --on 2026-10-01",
)
@click.argument("person")
@reason_option
@actor_option()
@act_options
def pool_erase(
    person: str, reason: str, actor: str, database: str | None, on: date, at: datetime | None, form: str
) -> None:
    """Erase a person."""
    refuse_before_start(on)
    with pool_of_run(database) as pool:
        erased = pool.erase(person, moment(on, at), actor, reason)
    if form == "json":
        print_json({"person": person, "erased": erased})
        return
    done = Text("{p}: erased", "{p} : effacé") if erased else Text("{p}: nothing is known", "{p} : rien n'est connu")
    click.echo(say(done.fill(p=person)))


def _tell_standing(pool: Pool, interest: int, form: str) -> None:
    """Say how a candidate stands after an act."""
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
