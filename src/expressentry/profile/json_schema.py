"""The JSON Schema of a profile file, for editors, forms and other programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pydantic import BaseModel

from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.streams import PROVINCES
from expressentry.profile import model as profile
from expressentry.profile.labels import labels_of
from expressentry.profile.model import Profile
from expressentry.profile.provinces import stated_columns
from expressentry.profile.validation import key_of, meaning_of, plain
from expressentry.text import Lang, Text

SCHEMA = "$schema"
"""The key by which a JSON file may name its schema."""

TABLES: Mapping[str, Text] = MappingProxyType(
    {
        "Profile": Text("A profile of dated facts", "Un profil de faits datés"),
        "Person": Text("The person", "La personne"),
        "Partner": Text("The spouse or common-law partner", "L'époux ou le conjoint de fait"),
        "PartnerChange": Text(
            "What is different about the partner from a day on", "Ce qui change pour le conjoint à partir d'un jour"
        ),
        "Test": Text("A language test report", "Une attestation de test de langue"),
        "Credential": Text("A diploma, degree or program of study", "Un diplôme ou un programme d'études"),
        "CredentialAssessment": Text(
            "An educational credential assessment (ECA) of a foreign credential",
            "Une évaluation d'un diplôme étranger (EDE)",
        ),
        "Study": Text("Study in Canada for this credential", "Les études au Canada pour ce diplôme"),
        "Job": Text(
            "Work in one occupation, at one place. If one of these changes, add a new entry; hours may vary",
            "Le travail dans une profession, en un lieu. Si l'un change, ajoutez une entrée; les heures peuvent varier",
        ),
        "WeeklyHours": Text(
            "Weeks with other hours than those of the job", "Des semaines aux heures autres que celles de l'emploi"
        ),
        "Leave": Text("Leave from a job", "Un congé d'un emploi"),
        "Status": Text("A permit or another status in Canada", "Un permis ou un autre statut au Canada"),
        "Certificate": Text(
            "A certificate of qualification in a trade, issued in Canada",
            "Un certificat de compétence dans un métier, délivré au Canada",
        ),
        "Relative": Text("A relative in Canada", "Un membre de la famille au Canada"),
        "Nomination": Text(
            "A nomination by a province or territory", "Une désignation d'une province ou d'un territoire"
        ),
        "Offer": Text("A job offer in Canada", "Une offre d'emploi au Canada"),
        "Funds": Text(
            "Settlement funds from a day on, until the next entry",
            "Les fonds d'établissement à partir d'un jour, jusqu'à l'entrée suivante",
        ),
        "Intent": Text("Where the person plans to live", "Où la personne prévoit vivre"),
        "Child": Text(
            "A child of the person or the partner, coming to Canada or not",
            "Un enfant de la personne ou du conjoint, qu'il vienne au Canada ou non",
        ),
    }
)
"""What each table of a profile is."""


def profile_schema(lang: Lang = "en") -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a profile file; everything it refuses, `read_profile` refuses too.

    `read_profile` checks more: days in their order, scores on their scales, occupations that exist.

    >>> profile_schema("fr")["$defs"]["Test"]["properties"]["taken_on"]["title"]
    'date du test'
    """
    schema = Profile.model_json_schema()
    for name, model in tables(Profile):
        table = schema if model is Profile else schema["$defs"][name]
        table["title"] = TABLES[name].say(lang)
        table.pop("description", None)
        for key, field in fields(model):
            described = table["properties"][key]
            _drop_null_default(described)
            meaning = meaning_of(field)
            words = [f"\n- {word}: {label.say(lang)}" for word, label in words_of(described)]
            said = f"{meaning.say(lang)} ({rule_of(described).say(lang)}){''.join(words)}"
            described |= {"title": meaning.say(lang), "description": said}
    schema["properties"]["provinces"]["items"] = province_schema(lang)
    schema["properties"] = {SCHEMA: {"type": "string"}, **schema["properties"]}
    return {SCHEMA: "https://json-schema.org/draft/2020-12/schema", **schema}


def province_schema(lang: Lang, law: Law | None = None) -> dict[str, Any]:
    """The JSON Schema of what is stated for one province: the columns that the law of its streams declares."""
    streams = (law or load_law()).streams
    title = Text("Province or territory", "Province ou territoire")
    stated: dict[str, Any] = {"province": {"title": title.say(lang), "enum": list(PROVINCES)}}
    for name in stated_columns(streams):
        column = streams.columns[name]
        meaning = [column.meaning.say(lang), *([_ONCE.say(lang)] if name in streams.everywhere else [])]
        said = {"title": column.title.say(lang), "description": " ".join(meaning)}
        if column.kind == "boolean":
            stated[name] = {**said, "type": "boolean"}
        elif column.kind == "integer":
            stated[name] = {**said, "type": "integer", "minimum": column.values[0], "maximum": column.values[-1]}
        elif column.kind == "occupation":
            stated[name] = {**said, "type": "string", "pattern": "^[0-9]{5}$"}
        else:
            stated[name] = {**said, "enum": list(column.values)}
    return {"type": "object", "additionalProperties": False, "required": ["province"], "properties": stated}


_ONCE = Text(
    "The same for every province: state it for one of them.",
    "Pareil pour toutes les provinces : à dire pour l'une d'elles.",
)


def tables(model: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Every table of a profile by name, the outer ones first."""
    found = {model.__name__: model}
    for name in TABLES:
        found.setdefault(name, getattr(profile, name))
    yield from found.items()


def fields(model: type[BaseModel]) -> Iterator[tuple[str, Any]]:
    """The keys of a table as a file has them, with their fields."""
    for name, field in model.model_fields.items():
        yield key_of(name, field), field


def _form(described: Mapping[str, Any]) -> Mapping[str, Any]:
    """The part of a key's schema that says what it takes where it is given."""
    found: Mapping[str, Any] = next(one for one in described.get("anyOf", [described]) if one.get("type") != "null")
    return found


def words_of(described: Mapping[str, Any]) -> list[tuple[str, Text]]:
    """The words that a key takes, each with its meaning; none where it takes others than a closed list."""
    words = tuple(_form(described).get("enum", ()))
    return [(word, labels_of(words)[word]) for word in words]


def rule_of(described: Mapping[str, Any]) -> Text:
    """What a key takes, in words, from its part of the schema."""
    one = _form(described)
    kind = one.get("type", "object")
    if "enum" in one:
        return Text("one of: {all}", "l'un de : {all}").fill(all=", ".join(one["enum"]))
    if kind in ("integer", "number"):
        return _number(one)
    if kind == "array":
        items = one["items"]
        kind = "tables" if "$ref" in items or items.get("type") == "object" else "texts"
    return _KINDS[one.get("format") or one.get("pattern") or kind]


def _number(one: Mapping[str, Any]) -> Text:
    kind = Text("a whole number", "un nombre entier") if one["type"] == "integer" else Text("a number", "un nombre")
    high = one.get("maximum")
    if high is None:
        return kind
    if "exclusiveMinimum" in one:
        wording = Text("{kind} above {low}, at most {high}", "{kind} de plus de {low}, au plus {high}")
        return wording.fill(kind=kind, low=plain(one["exclusiveMinimum"]), high=plain(high))
    wording = Text("{kind} from {low} to {high}", "{kind} de {low} à {high}")
    return wording.fill(kind=kind, low=plain(one["minimum"]), high=plain(high))


def _drop_null_default(described: dict[str, Any]) -> None:
    """TOML has no null, so an editor must not offer one."""
    if described.get("default", 0) is None:
        del described["default"]


_KINDS = {
    "object": Text("a table", "une table"),
    "tables": Text("a list of tables", "une liste de tables"),
    "texts": Text("a list of texts", "une liste de textes"),
    "boolean": Text("true or false", "true ou false"),
    "string": Text("text", "du texte"),
    "date": Text("a day YYYY-MM-DD", "un jour AAAA-MM-JJ"),
    "^[A-Z]{2}$": Text("two capital letters", "deux majuscules"),
    "^[0-9]{5}$": Text("five digits in quotes", "cinq chiffres entre guillemets"),
    "^[0-9]{4}$": Text("four digits in quotes", "quatre chiffres entre guillemets"),
}
