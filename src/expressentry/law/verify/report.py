"""The comparison of a law with the statutes: every citation, every figure, every amendment, each with its finding."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from expressentry.errors import Problem, UsageError
from expressentry.law.law import Law
from expressentry.law.verify import known
from expressentry.law.verify.citations import Reference, references, resolve
from expressentry.law.verify.figures import Asked, Place, has, places
from expressentry.law.verify.statutes import Path, Provision, Statute
from expressentry.text import LANGS, Lang, Text

Statutes = Mapping[tuple[str, Lang], Statute]
FOUND, ELSEWHERE, EARLIER, MISSING = "found", "elsewhere", "earlier", "missing"
"""In the place cited; not there, for a known reason; of words that no longer hold; not there, and nobody knows why."""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place of the law and the provisions that it names; without a place one that answers name in their words.

    `finding` is found or missing; `lang` is the language in which it is missing.
    """

    place: Place | None
    statute: str
    written: Text
    paths: tuple[Path, ...]
    finding: str
    lang: Lang | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a place and whether both languages have it in the provisions cited."""

    place: Place
    figure: Asked
    finding: str
    lang: Lang | None = None
    why: Text | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """A provision whose words are newer than a day: `changed` after it was last checked, else after the rule began."""

    place: Place
    statute: str
    path: Path
    day: date
    than: date
    changed: bool
    what: Text | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Everything that was compared, with the days to which the statutes are consolidated."""

    consolidated: Mapping[str, date]
    citations: tuple[Citation, ...]
    figures: tuple[Figure, ...]
    amended: tuple[Amended, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is missing, and nothing changed since it was last checked."""
        findings = {*(one.finding for one in self.citations), *(one.finding for one in self.figures)}
        return MISSING not in findings and not any(one.changed for one in self.amended)


def by_name(found: Iterable[Statute]) -> dict[tuple[str, Lang], Statute]:
    """Statutes by short name and language.

    Raises UsageError where one of the four is missing.
    """
    numbers = {one.number: id_ for id_, one in known.statutes().items()}
    named = {(numbers[one.number], one.lang): one for one in found if one.number in numbers}
    needed = [(id_, lang) for id_ in known.statutes() for lang in LANGS]
    missing = [key for key in needed if key not in named]
    if missing:
        titles = Text(", ", ", ").join(
            Text("{t} ({l})", "{t} ({l})").fill(t=known.statutes()[id_].title, l=lang) for id_, lang in missing
        )
        raise UsageError(Problem("missing_statute", "statutes", _BOTH, _ADD.fill(all=titles)))
    return named


def compare(law: Law, statutes: Statutes) -> Compared:
    """Compare every citation of the Act and the Regulations with their words."""
    citations: list[Citation] = []
    figures: list[Figure] = []
    amended: dict[tuple[str, str, Path, bool], Amended] = {}
    for place in places(law):
        found = _cited(place, statutes)
        citations += found
        sound = [one for one in found if one.finding == FOUND]
        if not sound:
            continue
        usual = known.statute_of(place.cite.instrument)
        if any(one.statute == usual for one in sound) or not usual:
            figures += _figures(place, statutes, usual)
        for change in _amended(place, sound, statutes):
            amended.setdefault((place.id, change.statute, change.path, change.changed), change)
    citations += _named(statutes)
    days = {id_: min(statutes[id_, lang].consolidated for lang in LANGS) for id_ in known.statutes()}
    return Compared(days, tuple(citations), tuple(figures), tuple(amended.values()))


def _cited(place: Place, statutes: Statutes) -> list[Citation]:
    """The citations of a place: in both languages the same provisions, and each of them there."""
    usual = known.statute_of(place.cite.instrument)
    written = place.cite.place
    both = {lang: references(written.say(lang), usual) for lang in LANGS}
    return _pair(place, both, statutes)


def _pair(place: Place, both: Mapping[Lang, list[Reference]], statutes: Statutes) -> list[Citation]:
    found: list[Citation] = []
    ids = list(dict.fromkeys(one.statute for lang in LANGS for one in both[lang]))
    for id_ in ids:
        paths = {
            lang: [
                path for one in both[lang] if one.statute == id_ for path in resolve(one, statutes[id_, lang]) or [()]
            ]
            for lang in LANGS
        }
        wrong = next((lang for lang in LANGS if not paths[lang] or () in paths[lang]), None)
        if wrong is None and paths["en"] != paths["fr"]:
            wrong = "fr"
        finding = FOUND if wrong is None else MISSING
        found.append(Citation(place, id_, place.cite.place, tuple(paths["en"]), finding, wrong))
    return found


def _named(statutes: Statutes) -> Iterator[Citation]:
    """Provisions that answers name in their words."""
    for en, fr in known.named_in_words().items():
        both: dict[Lang, list[Reference]] = {"en": references(en, None), "fr": references(fr, None)}
        for id_ in {one.statute for one in both["en"]}:
            paths = {lang: [path for one in both[lang] for path in resolve(one, statutes[id_, lang])] for lang in LANGS}
            finding = FOUND if paths["en"] and paths["en"] == paths["fr"] else MISSING
            yield Citation(None, id_, Text(en, fr), tuple(paths["en"]), finding)


def _figures(place: Place, statutes: Statutes, usual: str | None) -> Iterator[Figure]:
    """Each figure of a place, looked for in the words of both languages."""
    ended = place.until is not None
    texts: dict[Lang, tuple[str, ...]] = {}
    for lang in LANGS:
        texts[lang] = tuple(
            sentence
            for one in references(place.cite.place.say(lang), usual)
            for sentence in _sentences(one, statutes[one.statute, lang])
        )
    for figure in place.figures:
        lacking = next((lang for lang in LANGS if not has(figure, texts[lang], lang)), None)
        if lacking is None:
            yield Figure(place, figure, FOUND)
        elif ended:
            yield Figure(place, figure, EARLIER, lacking, _EARLIER)
        else:
            why = known.reason(place.id, lacking)
            yield Figure(place, figure, MISSING if why is None else ELSEWHERE, lacking, why)


def _sentences(one: Reference, statute: Statute) -> Iterator[str]:
    """The words that a reference means, with those that lead to them; of a defined term only its definition."""
    for path in resolve(one, statute):
        defined = statute.definitions.get((path, one.about)) if one.about else None
        if defined is not None:
            yield from defined.units
            continue
        for depth in range(1, len(path)):
            yield statute.provisions[path[:depth]].units[0]
        yield from statute.provisions[path].units


def _amended(place: Place, citations: Iterable[Citation], statutes: Statutes) -> Iterator[Amended]:
    """Provisions of a place that holds today whose words are newer than its check, or than its first day."""
    if place.until is not None:
        return
    for citation in citations:
        statute = statutes[citation.statute, "en"]
        for path in citation.paths:
            provision = _narrowed(place, citation.statute, path, statute)
            other = statutes[citation.statute, "fr"].provisions[path]
            whole = provision is statute.provisions[path]
            day = max((d for d in (provision.amended, other.amended if whole else None) if d), default=None)
            if day is None:
                continue
            checked, began = place.cite.instrument.checked, place.start
            what = known.amendment(citation.statute, day)
            if day > checked:
                yield Amended(place, citation.statute, path, day, checked, True, what)
            elif day > began:
                yield Amended(place, citation.statute, path, day, began, False, what)


def _narrowed(place: Place, id_: str, path: Path, statute: Statute) -> Provision:
    usual = known.statute_of(place.cite.instrument)
    for one in references(place.cite.place.en, usual):
        if one.statute == id_ and one.about and (path, one.about) in statute.definitions:
            return statute.definitions[path, one.about]
    return statute.provisions[path]


def record(found: Compared, on: date) -> str:
    """The result as the text of `compared.toml`."""
    lines = ["# The last comparison with the statutes, written by program.", ""]
    for id_, day in found.consolidated.items():
        cited = [one for one in found.citations if one.statute == id_]
        lines += [f"[{id_}]", f"on = {on}", f"consolidated = {day}"]
        lines += [f"citations = {len(cited)}", f"found = {sum(one.finding == FOUND for one in cited)}", ""]
    lines += ["[figures]"]
    for finding in (FOUND, ELSEWHERE, EARLIER, MISSING):
        lines.append(f"{finding} = {sum(one.finding == finding for one in found.figures)}")
    sound = sorted({one.place.id for one in found.citations if one.finding == FOUND and one.place is not None})
    bad = {one.place.id for one in found.figures if one.finding == MISSING}
    lines += ["", "[places]", "found = [", *(f'  "{id_}",' for id_ in sound if id_ not in bad), "]", ""]
    return "\n".join(lines)


_EARLIER = Text(
    "the rule has ended; its words are no longer in the text", "la règle a pris fin; ses mots ne sont plus là"
)
_BOTH = Text(
    "the Act and the Regulations are needed, in English and in French",
    "il faut la Loi et le Règlement, en anglais et en français",
)
_ADD = Text("add: {all}", "ajouter : {all}")
