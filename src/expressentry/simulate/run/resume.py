"""A run that was stopped, and how it goes on: one file in the folder of its results.

Anyone who may write there could write the results too; so the file is bounded, and looked at whole before anything of
it is used, and one that does not fit the simulation is refused.
"""

from __future__ import annotations

import io
import json
import os
import zipfile
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from expressentry.documents import load_json
from expressentry.errors import Problem, ScenarioError
from expressentry.files import is_there, open_file
from expressentry.simulate.run.engine import Simulation
from expressentry.simulate.run.state import EXITS, Place, State
from expressentry.text import Text
from expressentry.version import VERSION

RESUME = ".unfinished.npz"
_ARRAYS = ("place", "crs", "lists", "invitations", "invited_on", "returns", "first_invited", "first_list")
_BOOKS_BYTES, _PERSON_BYTES = 64 * 2**20, 64
"""The books of twelve years, and what is kept of a person, at most."""


def stopped(simulation: Simulation, key: str) -> bytes:
    """Everything from which a run can go on."""
    state, found = simulation.state, simulation.found
    books = {
        "key": key,
        "done": simulation.done,
        "entries": state.entries,
        "exits": {int(how): number for how, number in state.exits.items()},
        "carried": state.carried,
        "rounds": found.rounds,
        "pool": found.pool,
        "law_digests": found.law_digests,
    }
    out = io.BytesIO()
    np.savez(out, books=np.frombuffer(json.dumps(books).encode(), np.uint8), **{n: getattr(state, n) for n in _ARRAYS})
    return out.getvalue()


def resumed(simulation: Simulation, path: Path, key: str) -> int:
    """Take up a run that was stopped; gives the number of days already done.

    Raises:
        ScenarioError: The file cannot be read, or is of another scenario, seed or version.
    """
    if not is_there(path):
        return 0
    try:
        with open_file(path, links=False) as file:
            books, arrays = _read(file, len(simulation.cast))
        of = str(books["key"])
        if of == key:
            _take_up(simulation, books, arrays)
    except (OSError, ValueError, *_DOES_NOT_FIT, *_NO_ZIP):
        raise ScenarioError(Problem("unreadable", str(path), _DAMAGED, _REMOVE)) from None
    if of != key:
        rule = _OTHER if of.partition(" ")[0] == VERSION else _VERSION
        raise ScenarioError(Problem("another_run", str(path), rule, _REMOVE))
    return simulation.stretches[simulation.done - 1][1] - simulation.stretches[0][0] + 1


_NO_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError)
"""What the reader of such a file raises for one that is none."""
_DOES_NOT_FIT = (KeyError, TypeError, AttributeError, AssertionError, MemoryError)


def _read(file: BinaryIO, people: int) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    if os.fstat(file.fileno()).st_size > _BOOKS_BYTES + _PERSON_BYTES * people:
        raise ValueError("larger than such a file is")
    with zipfile.ZipFile(file) as packed:
        members = packed.infolist()
        if any(one.compress_type != zipfile.ZIP_STORED for one in members):
            raise ValueError("compressed, which we never do")  # and which could unpack to anything
        if sorted(one.filename for one in members) != sorted(f"{name}.npy" for name in ("books", *_ARRAYS)):
            raise ValueError("other members")
    file.seek(0)
    with np.load(file, allow_pickle=False) as kept:
        books: dict[str, Any] = load_json(bytes(kept["books"]))
        return books, {name: kept[name] for name in _ARRAYS}


def _take_up(simulation: Simulation, books: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> None:
    """Put what is kept into a simulation that has not begun.

    Raises ValueError, TypeError, KeyError or AssertionError where it does not fit.
    """
    empty = State.empty(len(simulation.cast))
    for name, array in arrays.items():
        wanted: NDArray[Any] = getattr(empty, name)
        if (array.dtype, array.shape) != (wanted.dtype, wanted.shape):
            raise ValueError(name)
    rows = [*books["rounds"], *books["pool"]]
    exits = {Place(int(how)): number for how, number in books["exits"].items()}
    counts = [books["done"], books["entries"], *exits.values()]
    if (
        any(type(one) is not int or one < 0 for one in counts)
        or not 0 < books["done"] < len(simulation.stretches)
        or set(exits) != set(EXITS)
        or any(not isinstance(one, dict) for one in rows)
        or any(not isinstance(one, str) for one in books["law_digests"])
        or any(type(one) not in (int, float) for one in books["carried"].values())
    ):
        raise ValueError("books")
    state = State(**arrays, entries=books["entries"], exits=exits, carried=dict(books["carried"]))
    state.check("taken up")
    simulation.state, simulation.done = state, books["done"]
    simulation.found.rounds, simulation.found.pool = books["rounds"], books["pool"]
    simulation.found.law_digests = books["law_digests"]


_REMOVE = Text("remove this file, or give another folder", "enlever ce fichier, ou donner un autre dossier")
_DAMAGED = Text("an unfinished run that cannot be read", "une simulation inachevée qui ne se lit pas")
_OTHER = Text(
    "an unfinished run of another scenario or seed",
    "une simulation inachevée d'un autre scénario ou d'une autre graine",
)
_VERSION = Text("an unfinished run of another version", "une simulation inachevée d'une autre version")
