"""What pydantic finds wrong, as our problems in both languages; and what is sound beside it, so that all is checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from expressentry.errors import ABSENT, Problem
from expressentry.profile.fields import FIRST_DAY, LAST_DAY
from expressentry.suggest import suggestion
from expressentry.text import Text

Location = Sequence[str | int]
STRICT = ConfigDict(strict=True)


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Every problem that pydantic found, with field, value, rule and fix."""
    return [_problem(found, model) for found in error.errors(include_url=False)]


def place(location: Location) -> str:
    """Write a place in a profile; entries of a list count from 1.

    >>> place(("person", "work", 0, "from"))
    'person.work[1].from'
    """
    path = ""
    for part in location:
        path += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if path else part
    return path or "profile"


def key_of(name: str, field: FieldInfo) -> str:
    """The key of a field in a file: `from`, not the name that Python can bear."""
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
    meaning = meaning_of(field)
    if kind == "missing":
        listed = field is not None and get_origin(field.annotation) is tuple
        fix = _GIVE_LIST if listed else _GIVE
        return Problem("missing", name, Text("required", "obligatoire"), fix.fill(what=meaning))
    choices = choices_in(field.annotation) if field is not None else ()
    if kind == "literal_error" and choices:
        near = suggestion(value, choices) if isinstance(value, str) else None
        rule = Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(choices))
        fix = _DID_YOU_MEAN.fill(near=near) if near else Text("use one of them", "prendre l'un d'eux")
        return Problem("unknown_word", name, rule, fix, value)
    code, rule = _rule(kind, found.get("ctx", {}))
    return Problem(code, name, rule, _GIVE.fill(what=meaning), value)


def meaning_of(field: FieldInfo | None) -> Text:
    """What a field asks, in both languages."""
    return next((one for one in field.metadata if isinstance(one, Text)), _IT) if field is not None else _IT


def _unknown_key(name: str, key: str, value: object, table: type[BaseModel]) -> Problem:
    known = [key_of(one, field) for one, field in table.model_fields.items()]
    near = suggestion(key, known)
    fix = _DID_YOU_MEAN.fill(near=near) if near else _KNOWN.fill(all=", ".join(known))
    shown = ABSENT if isinstance(value, Mapping | list) else value
    return Problem("unknown_key", name, Text("unknown key", "clé inconnue"), fix, shown)


def _rule(kind: str, limits: Mapping[str, Any]) -> tuple[str, Text]:
    if kind in _LIMITS:
        wording, key = _LIMITS[kind]
        return "out_of_range", wording.fill(limit=limits.get(key))
    return _RULES.get(kind, ("wrong_value", Text("not of the expected form", "pas de la forme attendue")))


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
            yield from sound_parts(value, table, (name,))


def _read(table: type[BaseModel], entry: object) -> Any:
    """What is sound of one table: each field that cannot be read is None."""
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
_GIVE = Text("give: {what}", "donner : {what}")
_GIVE_LIST = Text("give: {what}; [] says none", "donner : {what}; [] dit « aucun »")
_DID_YOU_MEAN = Text("did you mean {near}", "vouliez-vous dire {near}")
_KNOWN = Text("the keys here: {all}", "les clés ici : {all}")
_DAY = Text("a day written YYYY-MM-DD", "un jour écrit AAAA-MM-JJ")
_TRUE_FALSE = Text("true or false", "true ou false")
_WHOLE = Text("a whole number", "un nombre entier")
_TABLE = Text("a table", "une table")
_LIST = Text("a list", "une liste")
_RULES = {
    "not_a_day": ("not_a_day", _DAY),
    "day_out_of_range": (
        "out_of_range",
        Text("a day from {a} to {b}", "un jour du {a} au {b}").fill(a=FIRST_DAY, b=LAST_DAY),
    ),
    "bool_type": ("wrong_type", _TRUE_FALSE),
    "int_type": ("wrong_type", _WHOLE),
    "int_from_float": ("wrong_type", _WHOLE),
    "float_type": ("wrong_type", Text("a number", "un nombre")),
    "finite_number": ("wrong_type", Text("a number", "un nombre")),
    "string_type": ("wrong_type", Text("text", "du texte")),
    "literal_error": ("wrong_type", Text("text", "du texte")),
    "tuple_type": ("wrong_type", _LIST),
    "model_type": ("wrong_type", _TABLE),
    "model_attributes_type": ("wrong_type", _TABLE),
    "dict_type": ("wrong_type", _TABLE),
    "string_pattern_mismatch": ("wrong_value", Text("two capital letters: CA, FR, IN", "deux majuscules : CA, FR, IN")),
}
_LIMITS = {
    "greater_than": (Text("more than {limit}", "plus de {limit}"), "gt"),
    "greater_than_equal": (Text("at least {limit}", "au moins {limit}"), "ge"),
    "less_than_equal": (Text("at most {limit}", "au plus {limit}"), "le"),
    "too_long": (Text("at most {limit} entries", "au plus {limit} entrées"), "max_length"),
    "too_short": (Text("at least {limit} entry", "au moins {limit} entrée"), "min_length"),
    "string_too_long": (Text("at most {limit} letters", "au plus {limit} lettres"), "max_length"),
    "string_too_short": (Text("at least {limit} letter", "au moins {limit} lettre"), "min_length"),
}
