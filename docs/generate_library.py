"""The reference page of the library: every public name, and the records that they give, with their members."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from functools import cached_property
from types import ModuleType, UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel

import expressentry
import expressentry.pool
import expressentry.spark
import expressentry.web

PACKAGES: tuple[ModuleType, ...] = (expressentry, expressentry.pool, expressentry.spark, expressentry.web)


def library(made: str) -> str:
    """The public names of each package with signatures, docstrings and members, then the records that they give."""
    parts = [f"# The library\n\n<!-- {made} -->"]
    shown: list[type] = []
    for package in PACKAGES:
        parts.append(f"## `{package.__name__}`\n\n```text\n{inspect.getdoc(package)}\n```")
        for name in package.__all__:
            thing = getattr(package, name)
            parts.append(_entry(name, thing))
            shown += [thing] if inspect.isclass(thing) else []
    parts.append("## Records that these give\n\nThey are made by the functions above; import them only to name a type.")
    given = [one for one in records(shown) if one not in shown]
    for one in sorted(given, key=lambda one: (one.__name__, one.__module__)):
        parts.append(_entry(f"{one.__module__}.{one.__name__}", one))
    return "\n\n".join(parts) + "\n"


def records(shown: list[type]) -> list[type]:
    """The classes of ours that public functions and members of public classes are annotated with, and theirs."""
    functions = [
        thing for package in PACKAGES for thing in map(package.__getattr__, package.__all__) if inspect.isroutine(thing)
    ]
    found = list(shown)
    for function in functions:
        found += [one for one in _named(function.__annotations__.get("return", ""), function) if one not in found]
    for one in found:  # grows while it is read
        for _, type_, _ in members(one):
            found += [other for other in _named(type_, one) if other not in found]
    return found


def members(one: type) -> Iterator[tuple[str, str, str]]:
    """The fields, properties and public methods of a class: name, type or signature, first sentence."""
    if issubclass(one, BaseModel):
        for name, model_field in one.model_fields.items():
            yield name, _plain(model_field.annotation), model_field.description or ""
    elif dataclasses.is_dataclass(one):
        yield from (
            (each.name, _plain(each.type), _said_of(each.name, one))
            for each in dataclasses.fields(one)
            if each.name[0] != "_"
        )
    elif issubclass(one, tuple):
        yield from ((name, _plain(type_), _said_of(name, one)) for name, type_ in one.__annotations__.items())
    ours = [base for base in reversed(one.__mro__) if base.__module__.startswith("expressentry")]
    for name, value in {key: value for base in ours for key, value in vars(base).items()}.items():
        if name.startswith("_"):
            continue
        if isinstance(value, (property, cached_property)):
            code = cast("Callable[..., Any]", value.func if isinstance(value, cached_property) else value.fget)
            yield name, _plain(code.__annotations__.get("return", "")), _first(code)
        elif inspect.isfunction(value):
            yield f"{name}{_signature(value)}", "", _first(value)
        elif isinstance(value, (classmethod, staticmethod)):
            yield f"{name}{_signature(value.__func__)}", "", _first(value.__func__)


def _entry(name: str, thing: Any) -> str:
    call = f"```python\n{name}{_signature(thing)}\n```\n\n" if inspect.isroutine(thing) else ""
    text = f"### `{name}`\n\n{call}```text\n{inspect.getdoc(thing)}\n```"
    rows = [*members(thing)] if inspect.isclass(thing) else []
    if not rows:
        return text
    cells = ((member.replace("|", "\\|"), type_.replace("|", "\\|"), about) for member, type_, about in rows)
    lines = [f"| `{member}` | {f'`{type_}`' if type_ else ''} | {about} |" for member, type_, about in cells]
    return text + "\n\n| member | type | |\n|---|---|---|\n" + "\n".join(lines)


def _signature(function: Callable[..., Any]) -> str:
    found = re.sub(r"'([^']*)'", r"\1", str(inspect.signature(function)))
    return re.sub(r"\bexpressentry\.[\w.]+\.(\w+)", r"\1", re.sub(r"\(self(, )?", "(", found))


def _plain(type_: object) -> str:
    """A type as it is written, without modules and without what checks it."""
    origin, inner = get_origin(type_), get_args(type_)
    if origin is Annotated:
        return _plain(inner[0])
    if origin in (Union, UnionType):
        return " | ".join(map(_plain, inner))
    if inner and inspect.isclass(origin) and any("Annotated" in str(one) for one in inner):
        return f"{origin.__name__}[{', '.join('...' if one is ... else _plain(one) for one in inner)}]"
    text = type_.__name__ if inspect.isclass(type_) and not inner else str(type_)
    return re.sub(r"\b(?:[a-z_]\w*\.)+(?=[A-Za-z])", "", text).replace("NoneType", "None")


def _said_of(name: str, one: type) -> str:
    """The clauses of a class's docstring that speak of a field."""
    clauses = re.split(r"(?<=[.;])\s+", " ".join((one.__doc__ or "").split()))
    return " ".join(clause for clause in clauses if f"`{name}`" in clause).replace("|", "\\|").rstrip(";")


def _first(thing: object) -> str:
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split()).replace("|", "\\|")


def _named(written: object, where: Any) -> Iterator[type]:
    """The classes of ours that an annotation names, looked up where it is written."""
    for word in dict.fromkeys(re.findall(r"\b[A-Z]\w+", str(written))):
        found = _look_up(word, sys.modules[where.__module__])
        if inspect.isclass(found) and found.__module__.startswith("expressentry") and word[0] != "_":
            yield found


def _look_up(word: str, module: ModuleType) -> object:
    """A name in a module, or among what it imports for types only."""
    if hasattr(module, word):
        return getattr(module, word)
    for node in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(node, ast.ImportFrom) and node.module and any(alias.name == word for alias in node.names):
            return getattr(__import__(node.module, fromlist=[word]), word)
    return None
