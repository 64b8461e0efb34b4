"""What the wheel has beside the package: the examples. A checkout has them already, and gets no second copy."""

from __future__ import annotations

from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Examples(BuildHookInterface[Any]):
    """Puts the files of `examples` into the package's data."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add the files, unless the installation is one that stays in the checkout."""
        if version != "editable":
            names = self.config["examples"]
            build_data["force_include"] |= {f"examples/{name}": f"expressentry/data/examples/{name}" for name in names}
