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
        "run": (
            "expressentry.cli.commands.simulate.run:run",
            Text("A scenario, day by day.", "Un scénario, jour par jour."),
        ),
        "scenarios": (
            "expressentry.cli.commands.simulate.run:scenarios",
            Text("The shipped scenarios.", "Les scénarios livrés."),
        ),
        "compare": (
            "expressentry.cli.commands.simulate.compare:compare",
            Text("Scenarios against a baseline.", "Des scénarios face à une référence."),
        ),
    },
    about=Text(
        """Invented people in place of the candidates whom nobody knows, rounds and law as a scenario supposes them. It
        needs the extra `lab`.""",
        """Des personnes inventées à la place des candidats que personne ne connaît, des rondes et un droit selon un
        scénario. Demande l'extra `lab`.""",
    ),
    example="expressentry simulate population --size 10000 --seed 1 --on 2026-09-27 --out population.parquet",
)
