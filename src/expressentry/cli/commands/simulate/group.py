"""`expressentry simulate`: its commands are in their own modules."""

from __future__ import annotations

from expressentry.cli.help import Group
from expressentry.text import Text

simulate = Group(
    "simulate",
    members={
        "population": (
            "expressentry.cli.commands.simulate.population:population",
            Text("Invented candidates that add up to the pool.", "Des candidats inventés qui font le bassin."),
        ),
    },
    about=Text(
        "Invented people in place of the candidates whom nobody knows. It needs the extra `lab`.",
        "Des personnes inventées à la place des candidats que personne ne connaît. Demande l'extra `lab`.",
    ),
    example="expressentry simulate population --size 10000 --seed 1 --on 2026-09-27 --out population.parquet",
)
