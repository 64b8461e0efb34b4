"""What the app is told when it is made: the clock, the user's folder, its public address and its limits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on everything a client can send or make the app do.

    `requests` are counted a `window_seconds` for each client; a request that computes for long counts for
    `heavy_cost` of them. 0 requests mean no limit.
    """

    body_bytes: int = 256 * 1024
    batch_bytes: int = 32 * 1024 * 1024
    batch_rows: int = 100_000
    body_seconds: float = 10
    answer_seconds: float = 30
    batch_seconds: float = 300
    requests: int = 600
    window_seconds: int = 60
    heavy_cost: int = 10
    clients: int = 20_000
    workers: int = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """How an app is set up.

    `today` is the clock: it says which day an answer is for where none was asked for. `home` is the folder of what a
    user adds (rounds and law), None for the shipped data alone. `address` is the public address of the site, without a
    slash at its end; without one, links that must be absolute follow the request.
    """

    today: Callable[[], date]
    home: Path | None = None
    address: str | None = None
    limits: Limits = field(default_factory=Limits)
    log: bool = False
