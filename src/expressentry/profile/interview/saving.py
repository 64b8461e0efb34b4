"""What an interview leaves on disk: a draft after each answer, and at the end the profile as a TOML file.

The file is for its owner to read and change: days are days, and every key is followed by what it means.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from expressentry.documents import load_json, read_bytes
from expressentry.errors import FileError
from expressentry.files import write_into_folder
from expressentry.law.load import load_law
from expressentry.noc.codes import noc2016, noc2021
from expressentry.profile import labels
from expressentry.profile.interview.engine import GivenAnswer
from expressentry.profile.json_schema import TABLES, fields
from expressentry.profile.labels import labels_of
from expressentry.profile.model import Profile
from expressentry.profile.provinces import PROVINCE
from expressentry.profile.validation import choices_in, meaning_of, model_in
from expressentry.text import Lang, Text

_WIDEST = 44
PROVINCES = "provinces"
_HEAD = Text(
    "A profile of dated facts. After a change, check it with `expressentry profile check FILE`.\n"
    "Write days as YYYY-MM-DD. [] means none. from and to are the first and the last day.",
    "Un profil de faits datés. Après un changement, vérifiez-le avec `expressentry profile check FICHIER`.\n"
    "Écrivez les jours AAAA-MM-JJ. [] veut dire « aucun ». from et to sont le premier et le dernier jour.",
)


class InterviewDraft:
    """The answers so far for one file, in the user's own folder; files of the same name in two folders have two."""

    def __init__(self, folder: Path, target: Path) -> None:
        mark = hashlib.sha256(str(target.resolve()).encode()).hexdigest()[:8]
        self.path = folder / f"{target.stem}-{mark}.json"

    def read(self) -> list[GivenAnswer]:
        """The answers of an earlier sitting; none where there was none, or its draft cannot be read."""
        try:
            found: Any = load_json(read_bytes(self.path))
            return [(str(where), value) for where, value in found["answers"]]
        except (FileError, ValueError, KeyError, TypeError):
            return []

    def write(self, answers: list[GivenAnswer]) -> None:
        """Keep the answers: whole or not at all, readable by their owner only.

        Raises:
            FileError: The draft cannot be written.
        """
        text = json.dumps({"answers": answers}, ensure_ascii=False)
        write_into_folder(self.path, text, folder_mode=0o700, durable=True)

    def remove(self) -> None:
        """Forget the draft."""
        self.path.unlink(missing_ok=True)


def profile_toml(profile: Profile, lang: Lang = "en") -> str:
    """Write a profile as commented TOML; read again it is the same profile.

    >>> from expressentry.profile.read import read_profile
    >>> nobody = {"tests": [], "credentials": [], "work": [], "relatives": [], "certificates": []}
    >>> facts = {"person": {"birth_date": "1993-04-12", **nobody}, "children": [], "nominations": [], "job_offers": []}
    >>> "birth_date = 1993-04-12  # date of birth" in profile_toml(read_profile(facts)).splitlines()
    True
    """
    facts = profile.model_dump(by_alias=True, exclude_unset=True)
    head = [f"# {line}" for line in _HEAD.say(lang).splitlines()]
    return "\n".join([*head, "", *_Writer(lang).table(facts, Profile, "")]) + "\n"


class _Writer:
    """Writes tables; what a kind of table and its keys mean is written where they come first."""

    def __init__(self, lang: Lang) -> None:
        self.lang: Lang = lang
        self.said: set[str] = set()

    def table(self, facts: Mapping[str, Any], model: type[BaseModel], path: str) -> Iterator[str]:
        """The lines of one table: its own keys, then the tables in it."""
        plain, nested, stated = [], [], ()
        for key, field in fields(model):
            if facts.get(key) is None:
                continue
            table = model_in(field.annotation)
            if key == PROVINCES:
                stated = facts[key]
            elif table is not None and facts[key]:
                nested.append((f"{path}.{key}" if path else key, facts[key], table))
            else:
                plain.append((f"{key} = {_value(facts[key])}", self._comment(model, key, field, facts[key])))
        width = min(max((len(line) for line, _ in plain), default=0), _WIDEST)
        for line, comment in plain:
            yield f"{line:<{width}}  # {comment}" if comment else line
        for name, value, table in nested:
            several = isinstance(value, Sequence)
            for entry in value if several else [value]:
                yield ""
                if self._first(table.__name__):
                    yield f"# {TABLES[table.__name__].say(self.lang)}"
                yield f"[[{name}]]" if several else f"[{name}]"
                yield from self.table(entry, table, name)

        for entry in stated:
            yield from self._province(entry)

    def _province(self, entry: Mapping[str, Any]) -> Iterator[str]:
        """What is stated for one province: columns that the law declares, with what each value stands for."""
        columns = load_law().streams.columns
        yield ""
        if self._first(PROVINCES):
            yield f"# {meaning_of(Profile.model_fields[PROVINCES]).say(self.lang)}"
        yield f"[[{PROVINCES}]]"
        for key, value in entry.items():
            line = f"{key} = {_value(value)}"
            if key == PROVINCE:
                said = labels.PROVINCES[str(value)]
            elif columns[key].kind == "occupation":
                said = noc2021()[str(value)].title
            else:
                said = columns[key].labels.get(value) or columns[key].title
            yield f"{line:<{_WIDEST}}  # {said.say(self.lang)}"

    def _comment(self, model: type[BaseModel], key: str, field: FieldInfo, value: object) -> str:
        """What a word or a code stands for; of other keys what they mean, the first time."""
        words = choices_in(field.annotation)
        if words:
            return labels_of(words)[str(value)].say(self.lang)
        if key == "noc2021":
            return noc2021()[str(value)].title.say(self.lang)
        if key == "noc2016":
            return noc2016()[str(value)].title.say(self.lang)
        return meaning_of(field).say(self.lang) if self._first(f"{model.__name__}.{key}") else ""

    def _first(self, name: str) -> bool:
        first = name not in self.said
        self.said.add(name)
        return first


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        # JSON's escapes are TOML's too; of all that TOML forbids, JSON leaves one character as it is.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, Sequence):
        return f"[{', '.join(_value(one) for one in value)}]"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    return value.isoformat() if isinstance(value, date) else str(value)
