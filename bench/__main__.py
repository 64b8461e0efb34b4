"""Run every benchmark, or those named: `python -m bench one files advise_plan`."""

from __future__ import annotations

import sys
from importlib import import_module

for name in sys.argv[1:] or (
    "one",
    "files",
    "openfisca",
    "ranking",
    "occupations",
    "programs",
    "advise",
    "advise_plan",
    "choices",
    "report",
    "batch",
    "web",
    "pool",
    "provinces",
    "simulate",
    "spark",
    "provinces",
):
    import_module(f"bench.{name}").bench()
