"""Facts that hang together: a normal copula, and how its uniform numbers become values."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtr

from expressentry.simulate.data import FACTS, Points, Shares

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@cache
def _root(pairs: tuple[tuple[str, str, float], ...]) -> Numbers:
    """The root of the matrix of correlations; the nearest such matrix, where the pairs contradict each other."""
    matrix = np.eye(len(FACTS))
    for a, b, value in pairs:
        matrix[FACTS.index(a), FACTS.index(b)] = matrix[FACTS.index(b), FACTS.index(a)] = value
    values, vectors = np.linalg.eigh(matrix)
    # The symmetric root, of which there is one alone, without its last bits: the eigenvectors themselves, and with
    # them everybody who is drawn, would depend on the machine.
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    scaled: Numbers = np.round(root / np.sqrt((root**2).sum(axis=1, keepdims=True)), 12)
    return scaled


def together(rng: np.random.Generator, size: int, pairs: tuple[tuple[str, str, float], ...]) -> dict[str, Numbers]:
    """For each fact uniform numbers between 0 and 1, one a person, that hang together by the given correlations."""
    root, normal = _root(pairs), rng.standard_normal((len(FACTS), size))
    return {fact: np.round(ndtr((root[at][:, None] * normal).sum(axis=0)), 12) for at, fact in enumerate(FACTS)}


def along(points: Points, uniform: Numbers) -> Numbers:
    """Values of a distribution that is given by points."""
    values, shares = zip(*points, strict=True)
    found: Numbers = np.interp(uniform, shares, values)
    return found


def below(points: Points, value: Numbers) -> Numbers:
    """What a curve gives for values: its second number for the first."""
    values, found = zip(*points, strict=True)
    read: Numbers = np.interp(value, values, found)
    return read


def one_of(shares: Sequence[float] | Shares, uniform: Numbers) -> NDArray[np.intp]:
    """Positions in a list of shares, lowest first."""
    parts = list(shares.values()) if hasattr(shares, "values") else list(shares)
    edges = np.cumsum(parts)
    return np.searchsorted(edges[:-1] / edges[-1], uniform, side="right")
