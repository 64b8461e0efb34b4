"""The shapes of answers about synthetic populations."""

from __future__ import annotations

from typing import NotRequired

from typing_extensions import TypedDict

from expressentry.answers.records.common import Day, RuleSetRecord


class ArchetypeShareRecord(TypedDict):
    """One kind of candidate: its share of the drawn people, and of the candidates that they stand for."""

    id: str
    title: str
    drawn: float
    weighted: float
    basis: str


class TargetRecord(TypedDict):
    """A count that was published, the range that agrees with it, what the population has, and by how much it misses.

    `kind` is band, program, margin, invited or round; `use` is must, fit or held_out; `basis` is a source or
    "assumption"; `day` is that of the figure.
    """

    id: str
    kind: str
    title: str
    wanted: int
    low: int
    high: int | None
    reached: int
    missed: int
    use: str
    basis: str
    day: Day


class LeftOpenRecord(TypedDict):
    """A share that the figures leave open: lowest and highest with only the bands fitted, and with everything."""

    id: str
    title: str
    share: float
    by_bands: list[float]
    by_all: list[float]


class FigureSourceRecord(TypedDict):
    """Where figures come from."""

    id: str
    title: str
    address: str
    confidence: str


class PopulationRecord(TypedDict):
    """A synthetic population and how far it can be believed."""

    as_of: Day
    law: RuleSetRecord
    version: str
    seed: int
    people: int
    candidates: int
    bands_of: Day
    effective_sample: float
    largest_weight: float
    archetypes: list[ArchetypeShareRecord]
    targets: list[TargetRecord]
    held_out: list[TargetRecord]
    left_open: list[LeftOpenRecord]
    sources: list[FigureSourceRecord]
    out: NotRequired[str]
