"""What pydantic finds wrong, as problems in both languages; and what is right beside it, so that all is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from expressentry.errors import ABSENT, Problem, listed
from expressentry.profile.countries import country_problem
from expressentry.profile.fields import FIRST_DAY, LAST_DAY
from expressentry.suggest import did_you_mean, shortened, suggestion
from expressentry.text import Text

Location = Sequence[str | int]
STRICT = ConfigDict(strict=True)


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every problem that pydantic found, with its field, value, rule and fix."""
    found = error.errors(include_url=False)
    return listed(found, lambda one: _problem(one, model), "more", "profile")


def place(location: Location) -> str:
    """Write a place in a profile; entries of a list count from 1.

    >>> place(("person", "work", 0, "from"))
    'person.work[1].from'
    """
    path = ""
    for part in location:
        part = part if isinstance(part, int) else shortened(part)
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "profile"


def key_of(name: str, field: FieldInfo) -> str:
    """The key of a field in a file: `from`, which Python keeps for itself, and not its name here."""
    return field.alias or name


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The table that a field holds, one or several; None for a field of plain values."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for one in get_args(annotation) if (found := model_in(one)) is not None), None)


def choices_in(annotation: Any) -> tuple[str, ...]:
    """The words that a field takes; none where it takes others than a closed list."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    return next((found for one in get_args(annotation) if (found := choices_in(one))), ())


def _field_at(model: type[BaseModel], location: Location) -> tuple[type[BaseModel], FieldInfo | None]:
    """The table in which a place lies, and the field there where there is one."""
    table, field = model, None
    for part in location:
        if isinstance(part, int):
            continue
        if field is not None:
            table = model_in(field.annotation) or table
        fields = {key_of(name, one): one for name, one in table.model_fields.items()}
        field = fields.get(part)
    return table, field


def _problem(found: ErrorDetails, model: type[BaseModel]) -> Problem:
    location, kind, value = found["loc"], found["type"], found["input"]
    table, field = _field_at(model, location)
    name = place(location)
    if kind == "extra_forbidden":
        return _unknown_key(name, str(location[-1]), value, table)
    if kind == "missing":
        listed = field is not None and get_origin(field.annotation) is tuple
        fix = (_ADD_LIST if listed else _ADD).fill(what=meaning_of(field))
        return Problem("missing", name, Text("required", "obligatoire"), fix)
    choices = choices_in(field.annotation) if field is not None else ()
    if kind == "literal_error" and choices:
        near = suggestion(value, choices) if isinstance(value, str) else None
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(choices))
        return Problem.outside(name, rule, value, did_you_mean(near) if near else _ONE, code="unknown_word")
    if kind == "not_a_country":
        return country_problem(name, value)
    if kind in _LIMITS:
        rule, limit, fix = _LIMITS[kind]
        shown = ABSENT if isinstance(value, Mapping | list | tuple) else value
        return Problem("out_of_range", name, rule.fill(limit=plain(found["ctx"][limit])), fix, shown)
    code, expected, how = _EXPECTED.get(kind, _NO_FORM)
    return Problem.outside(name, expected, value, how, code=code)


def plain(number: float) -> str:
    """A number as a person writes it.

    >>> plain(168.0), plain(0.5), plain(10**9)
    ('168', '0.5', '1000000000')
    """
    return f"{number:g}" if number < 10**6 else f"{int(number)}"


def meaning_of(field: FieldInfo | None) -> Text:
    """What a field means, in both languages."""
    return next((one for one in field.metadata if isinstance(one, Text)), _IT) if field is not None else _IT


def _unknown_key(name: str, key: str, value: object, table: type[BaseModel]) -> Problem:
    known = [key_of(one, field) for one, field in table.model_fields.items()]
    near = suggestion(key, known)
    fix = did_you_mean(near) if near else _KNOWN.fill(all=", ".join(known))
    shown = ABSENT if isinstance(value, Mapping | list) else value
    return Problem("unknown_key", name, Text("unknown key", "clé inconnue"), fix, shown)


def sound_parts(facts: Mapping[str, Any], model: type[BaseModel], at: Location = ()) -> Iterator[tuple[str, Any, Any]]:
    """The sound tables of a profile that as a whole is not: place, table, and the birth date of whose it is."""
    birth = _birth_date(facts, model)
    for name, field in model.model_fields.items():
        table = model_in(field.annotation)
        value = facts.get(key_of(name, field))
        if table is None or value is None:
            continue
        if isinstance(value, list | tuple):
            for position, one in enumerate(value):
                if (read := _read(table, one)) is not None:
                    yield place((*at, name, position)), read, birth
        elif isinstance(value, Mapping) and not at:
            if (read := _read(table, value)) is not None:
                yield name, read, birth
            yield from sound_parts(value, table, (name,))


def _read(table: type[BaseModel], entry: object) -> Any:
    """What can be read of one table: each field that cannot is None."""
    if not isinstance(entry, Mapping):
        return None
    values = {key_of(name, field): _value(name, field, entry) for name, field in table.model_fields.items()}
    return table.model_construct(**values)


def _value(name: str, field: FieldInfo, entry: Mapping[str, Any]) -> Any:
    """One field, its default where it is not given, None where it is wrong."""
    if (key := key_of(name, field)) not in entry:
        return None if field.is_required() else field.default
    try:
        return TypeAdapter(field.rebuild_annotation(), config=STRICT).validate_python(entry[key])
    except ValidationError:
        return None


def _birth_date(facts: Mapping[str, Any], model: type[BaseModel]) -> Any:
    """The birth date of a table, None where it has none or a wrong one."""
    field = model.model_fields.get("birth_date")
    return None if field is None else _value("birth_date", field, facts)


_IT = Text("it", "le")
_ADD = Text("add it: {what}", "l'ajouter : {what}")
_ADD_LIST = Text("add it: {what}; [] means none", "l'ajouter : {what}; [] veut dire « aucun »")
_ONE = Text("use one of them", "choisir l'un d'eux")
_KNOWN = Text("use one of the keys here: {all}", "prendre l'une des clés d'ici : {all}")

Expected = tuple[str, Text, Text | None]
"""The code of a problem, what was expected, and the fix where giving that is not enough to say."""

_TRUE_FALSE: Expected = ("wrong_type", Text("true or false", "true ou false"), None)
_FIGURES = Text("write its figures alone, without quotation marks", "écrire ses chiffres seuls, sans guillemets")
_WHOLE: Expected = ("wrong_type", Text("a whole number", "un nombre entier"), _FIGURES)
_NOT_WHOLE: Expected = ("wrong_type", Text("a whole number", "un nombre entier"), None)
_NUMBER: Expected = ("wrong_type", Text("a number", "un nombre"), None)
_TEXT: Expected = ("wrong_type", Text("text", "du texte"), Text("write it in quotes", "l'écrire entre guillemets"))
_TABLE: Expected = ("wrong_type", Text("a table of facts", "une table de faits"), None)
_LIST: Expected = ("wrong_type", Text("a list; [] means none", "une liste; [] veut dire « aucun »"), None)
_EXPECTED: Mapping[str, Expected] = {
    "not_a_day": (
        "not_a_day",
        Text("a day written YYYY-MM-DD", "un jour écrit AAAA-MM-JJ"),
        Text("write it like 1996-07-15", "l'écrire comme 1996-07-15"),
    ),
    "day_out_of_range": (
        "out_of_range",
        Text("a day from {a} to {b}", "un jour du {a} au {b}").fill(a=FIRST_DAY, b=LAST_DAY),
        Text("check the year", "vérifier l'année"),
    ),
    "bool_type": _TRUE_FALSE,
    "int_type": _WHOLE,
    "int_from_float": _NOT_WHOLE,
    "float_type": _NUMBER,
    "finite_number": _NUMBER,
    "string_type": _TEXT,
    "literal_error": _TEXT,
    "tuple_type": _LIST,
    "model_type": _TABLE,
    "model_attributes_type": _TABLE,
    "dict_type": _TABLE,
}
_NO_FORM: Expected = ("wrong_value", Text("of the expected form", "de la forme attendue"), None)

_CORRECT = Text("correct the value", "corriger la valeur")
_FEWER = Text("leave some out", "en retirer")
_MORE = Text("add one, or leave the list out", "en ajouter une, ou omettre la liste")
_SHORTER = Text("shorten it", "le raccourcir")
_LEAVE_OUT = Text("leave it out, or write something", "l'omettre, ou écrire quelque chose")
_LIMITS: Mapping[str, tuple[Text, str, Text]] = {
    "greater_than": (Text("must be more than {limit}", "doit dépasser {limit}"), "gt", _CORRECT),
    "greater_than_equal": (Text("must be at least {limit}", "doit être d'au moins {limit}"), "ge", _CORRECT),
    "less_than_equal": (Text("must be at most {limit}", "doit être d'au plus {limit}"), "le", _CORRECT),
    "too_long": (Text("at most {limit} entries", "au plus {limit} entrées"), "max_length", _FEWER),
    "too_short": (Text("at least {limit} entry", "au moins {limit} entrée"), "min_length", _MORE),
    "string_too_long": (Text("at most {limit} characters", "au plus {limit} caractères"), "max_length", _SHORTER),
    "string_too_short": (Text("at least {limit} character", "au moins {limit} caractère"), "min_length", _LEAVE_OUT),
}
