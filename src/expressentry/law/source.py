"""Reading a law file: closed keys, and every error with its file and line."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import tomli

from expressentry.dates import is_day
from expressentry.documents import OutOfBoundsError, load_toml, read_text, toml_problem
from expressentry.errors import ABSENT, LawError, Problem
from expressentry.suggest import did_you_mean, suggestion
from expressentry.text import Text, same

Word = TypeVar("Word", bound=str)
DATA = Path(__file__).parent.parent / "data" / "law"
_MOST_PROBLEMS, _MOST_PLACES = 1000, 100
_NTH = re.compile(r"(.+)\[([1-9]\d{0,4})\]")


def name_of(path: Path) -> str:
    """How a law file is called in errors: shipped ones by their place in the package, others as they were given."""
    return f"law/{path.relative_to(DATA)}" if path.is_relative_to(DATA) else str(path)


class Source:
    """One TOML file of law, its text, and the problems found in it so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = name_of(path)
        self.problems: list[Problem] = []
        self.text = read_text(path, self.name, Text("give a readable TOML file", "donner un fichier TOML lisible"))
        try:
            self.data: dict[str, Any] = load_toml(self.text)
        except OutOfBoundsError as error:
            raise LawError(Problem("not_toml", self.name, error.rule, error.fix)) from None
        except tomli.TOMLDecodeError as error:
            where = same(f"{self.name}:{min(error.lineno, len(self._lines))}")
            raise LawError(replace(toml_problem(error, self.text, self.name), where=where)) from None

    def line(self, path: Sequence[str]) -> int:
        """The line of a key, or of the nearest table around it; 1 when neither is found.

        `fixed[2]` is the second table of an array. Quoted keys are not looked into: for them the line is that of the
        nearest header before them. A key of a table within a line has that line.
        """
        lines = self._lines
        for cut in range(len(path), -1, -1):
            keys = path[cut:]
            start = self._header(path[:cut])
            if start is None and cut:
                continue
            begin = 0 if start is None else start + 1
            for n, text in enumerate(lines[begin:], begin):
                if text.startswith("["):
                    break
                if keys and keys[0] not in text:  # much quicker than the patterns, and most lines have other keys
                    continue
                if keys and re.match(rf"\s*{re.escape('.'.join(keys))}\s*[.=]", text):
                    return n + 1
                if keys and re.match(rf"\s*{re.escape(keys[0])}\s*=\s*{{.*\b{re.escape(keys[-1])}\b", text):
                    return n + 1
            if start is not None:
                return start + 1
        if len(path) == 1:  # a table that is there only by the tables in it
            within = re.compile(rf"\s*\[\[?\s*{re.escape(path[0])}\s*[.\]]")
            return next((n + 1 for n, text in enumerate(lines) if within.match(text)), 1)
        return self.line(path[:-1]) if path else 1

    def _header(self, path: Sequence[str]) -> int | None:
        """Where a table begins."""
        if not path:
            return None
        found = _NTH.fullmatch(path[-1])
        title = ".".join((*path[:-1], found[1] if found else path[-1]))
        header = f"[[{title}]]" if found else f"[{title}]"
        begin = (n for n, text in enumerate(self._lines) if text.strip() == header)
        return next(islice(begin, int(found[2]) - 1 if found else 0, None), None)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines()

    def wrong(self, code: str, path: Sequence[str], expected: Text, fix: Text, got: object = ABSENT) -> None:
        """Note a problem; reading goes on, so that all are found at once.

        Of a file of nothing but mistakes the first thousand are noted, and of the first hundred the line is looked up.
        """
        if len(self.problems) >= _MOST_PROBLEMS:
            return
        where = same(f"{self.name}:{self.line(path)}" if len(self.problems) < _MOST_PLACES else self.name)
        self.problems.append(Problem(code, ".".join(path), expected, fix, got, where))

    def finish(self) -> None:
        """Raise LawError if anything was wrong."""
        if self.problems:
            raise LawError(self.problems)


class Fields:
    """One table of a law file, taken key by key; what is left over at the end is an unknown key."""

    def __init__(self, source: Source, path: tuple[str, ...], data: Mapping[str, Any]) -> None:
        self.source, self.path, self.left = source, path, dict(data)
        self.asked: set[str] = set()

    def wrong(self, code: str, key: str, expected: Text, fix: Text, got: object = ABSENT) -> None:
        """Note a problem with one key of this table."""
        self.source.wrong(code, (*self.path, key), expected, fix, got)

    def take(self, key: str, kind: type | tuple[type, ...], expected: Text, *, required: bool) -> Any:
        """Take a value of a kind, or None with a problem noted; an absent optional key is None without one."""
        self.asked.add(key)
        value = self.left.pop(key, None)
        if value is None:
            if required:
                self.wrong("missing_key", key, Text("required", "obligatoire"), Text("add the key", "ajouter la clé"))
            return None
        right = is_day(value) if kind is date else isinstance(value, kind)
        if not right or (isinstance(value, bool) and kind is not bool):
            self.wrong("wrong_type", key, expected, Text("correct the value", "corriger la valeur"), value)
            return None
        return value

    def string(self, key: str, *, required: bool = True) -> str | None:
        """Take a string."""
        value: str | None = self.take(key, str, Text("expected a string", "chaîne attendue"), required=required)
        return value

    def day(self, key: str, *, required: bool = True) -> date | None:
        """Take a day."""
        value: date | None = self.take(
            key, date, Text("expected a day, YYYY-MM-DD", "jour attendu, AAAA-MM-JJ"), required=required
        )
        return value

    def flag(self, key: str) -> bool:
        """Take true or false; absent is false."""
        return bool(self.take(key, bool, Text("expected true or false", "true ou false attendu"), required=False))

    def choice(self, key: str, choices: Sequence[Word], default: Word | None = None) -> Word:
        """Take one word of a closed list."""
        value = self.string(key, required=default is None)
        if value is not None and value not in choices:
            one_of = Text("expected one of: {all}", "attendu, l'un de : {all}").fill(all=", ".join(choices))
            self.wrong("unknown_word", key, one_of, Text("use a word of the list", "prendre un mot de la liste"), value)
        return next((one for one in choices if one == value), default or choices[0])

    def text(self, key: str, *, required: bool = True) -> Text | None:
        """Take a wording in both languages: `{ en = "…", fr = "…" }`."""
        self.asked.add(key)
        value = self.left.pop(key, None)
        if value is None and not required:
            return None
        both = isinstance(value, dict) and set(value) == {"en", "fr"}
        if not both or not all(isinstance(v, str) and v.strip() for v in value.values()):
            expected = Text(
                "expected { en = …, fr = … }, neither empty", "attendu : { en = …, fr = … }, ni l'un ni l'autre vide"
            )
            fix = Text("write it in both languages", "l'écrire dans les deux langues")
            self.wrong("not_in_both_languages", key, expected, fix, ABSENT if value is None else value)
            return None
        return Text(value["en"], value["fr"])

    def tables(self) -> dict[str, dict[str, Any]]:
        """Take every remaining key whose value is a table."""
        found = {key: value for key, value in self.left.items() if isinstance(value, dict)}
        for key in found:
            del self.left[key]
        return found

    def close(self, more: Sequence[str] = ()) -> None:
        """Every key still here is unknown; the nearest of those asked for is suggested.

        Args:
            more: The keys of tables in it, which were taken together.
        """
        rule = Text("unknown key", "clé inconnue")
        for key, value in self.left.items():
            few = len(self.source.problems) < _MOST_PLACES
            near = suggestion(key, sorted(self.asked.union(more))) if few else None
            fix = Text("remove it or correct its name", "la retirer ou corriger son nom")
            self.wrong("unknown_key", key, rule, did_you_mean(near) if near else fix, value)
