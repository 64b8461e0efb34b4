"""The names of rounds are data: a category that a law adds is read, listed and labelled without new code."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from expressentry.law.load import load_law
from expressentry.law.round_names import Named, RoundNames, read_round_names
from expressentry.law.source import DATA, Source
from expressentry.rounds.feed import read_feed
from expressentry.rounds.frames import rounds_frame
from expressentry.rounds.record import Record
from expressentry.text import Text
from tests.feeds import as_bytes, row


def with_welders() -> RoundNames:
    """The names of rounds under a law with one category more."""
    welders = replace(
        load_law().categories["trades"][0],
        category="welders",
        category_title=Text("Welding occupations", "Professions du soudage"),
        title=Text("Welding occupations", "Professions du soudage"),
        label=Text("Welders", "Soudeurs"),
        round_name=Text("Welding occupations", "Professions du soudage"),
        feed={"en": ("Welding jobs, 2027-Version 1",), "fr": ("Emplois du soudage, 2027-Version 1",)},
    )
    names = Source(DATA / "round_names.toml")
    return read_round_names(names, {**load_law().categories, "welders": (welders,)})


def test_an_added_category() -> None:
    """Its rounds are read by every name in its file, in both languages and any version; it is listed last."""
    names = with_welders()

    assert names.read("Welding Jobs, 2027-Version 1") == Named("category", "welders", "v1")
    assert names.read("Professions du soudage (Version 2)") == Named("category", "welders", "v2")
    assert names.version_of("Emplois du soudage 2027-Version 1") == ("welders", "v1")
    assert list(names.categories) == [*load_law().round_names.categories, "welders"]
    assert names.label("category", "welders", "v1").fr == "Soudeurs (version 1)"


def test_an_added_category_in_a_feed() -> None:
    """A feed with a round of it is typed, labelled and put in a frame; under the shipped law its name is not known."""
    data = as_bytes([row(drawName="Welding jobs, 2027-Version 1")])
    (known,) = read_feed(data, names=with_welders()).rounds.values()
    (unknown,) = read_feed(data).rounds.values()
    frame = rounds_frame(Record((known,), (), (), date(2026, 10, 14), {}))

    assert (known.type, known.category, known.version, known.label.en) == (
        "category",
        "welders",
        "v1",
        "Welders (version 1)",
    )
    assert unknown.type == "unknown"
    assert frame["category"].to_list() == ["welders"]
