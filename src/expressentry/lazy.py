"""Public names that are loaded when they are first used, so that one score needs no Polars and no database."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy(package: str, places: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]], list[str]]:
    """Make `__getattr__`, `__dir__` and `__all__` of a package from the table of its public names.

    Args:
        package: The package's name, `__name__` there.
        places: For each public name the module below the package that has it, as in `"law.load"`, or as in
            `"occupations.search:search"` where it has another name there.

    Returns:
        The two functions that Python looks for in a package, and its public names in order.

    >>> _, names, _ = lazy("expressentry", {"Text": "text", "Problem": "errors"})
    >>> names()
    ['Problem', 'Text']
    """
    public = sorted(places)

    def load(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module, _, there = places[name].partition(":")
        value = getattr(import_module(f"{package}.{module}"), there or name)
        setattr(sys.modules[package], name, value)
        return value

    return load, lambda: public, public
