"""`expressentry simulate`: the laboratory."""

from __future__ import annotations

from expressentry.cli.help import Group
from expressentry.text import Text

simulate = Group(
    "simulate",
    members={
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
            Text("Scenarios against a baseline.", "Des scénarios face à un scénario de référence."),
        ),
    },
    about=Text(
        "Simulate policies: people, law and rounds as a scenario supposes them.",
        "Simuler des politiques : les personnes, le droit et les rondes selon un scénario.",
    ),
    example="expressentry simulate run examples/scenario.toml --out results",
)
