"""The law beside the Act and the Regulations."""

from __future__ import annotations

import gzip
import os
import re
from copy import deepcopy
from datetime import date
from pathlib import Path as File

import pytest

import expressentry
from expressentry.errors import FileError, UsageError
from expressentry.law.law import Law
from expressentry.law.load import load_law
from expressentry.law.verify import known
from expressentry.law.verify.citations import Reference, references, resolve
from expressentry.law.verify.figures import Asked, has, number_words, places, tokens
from expressentry.law.verify.report import MISSING, Compared, Statutes, by_name, compare, record
from expressentry.law.verify.statutes import Statute, read_statute
from expressentry.text import LANGS
from tests.law.verify.xml import ROOTS, cited, statutes, xml

LAW = load_law()
CITED = cited(LAW)


def read(files: dict[str, bytes]) -> Statutes:
    """Statutes from files."""
    return by_name(read_statute(data, name) for name, data in files.items())


READ = read(statutes(CITED))


def small(body: str, lang: str = "en") -> Statute:
    """A regulation of one section."""
    whole = xml("Regulation", "SOR/2002-227", "en", {("1",): []}).decode()
    whole = re.sub(r"<Body>.*</Body>", f"<Body>{body}</Body>", whole).replace('xml:lang="en"', f'xml:lang="{lang}"')
    return read_statute(whole.encode(), "small.xml")


def wrong(found: Compared) -> list[str]:
    """The ids of what is missing."""
    cites = [one.place.id if one.place else "" for one in found.citations if one.finding == MISSING]
    return [*cites, *(one.place.id for one in found.figures if one.finding == MISSING)]


class TestReading:
    """Reading the XML."""

    def test_labels_make_paths(self) -> None:
        """Sections, subsections and paragraphs are found under their labels, in either language's form."""
        found = small(
            "<Section><Label>75</Label><Subsection><Label>(2)</Label><Text>If</Text>"
            "<Paragraph><Label>b.1)</Label><Text>one year</Text></Paragraph></Subsection></Section>",
            lang="fr",
        )

        assert set(found.provisions) == {("75",), ("75", "2"), ("75", "2", "b.1")}
        assert found.provisions["75", "2"].units == ("If", "one year")
        assert (found.number, found.lang, found.consolidated) == ("SOR/2002-227", "fr", date(2026, 6, 14))

    def test_days_are_those_of_the_words(self) -> None:
        """A provision has the day of its own words and the latest day below it."""
        dated = 'xmlns:lims="http://justice.gc.ca/lims" lims:inforce-start-date'
        found = small(
            f'<Section {dated}="2013-05-04"><Label>80</Label><Subsection {dated}="2023-11-24"><Label>(4)</Label>'
            "<Text>x</Text></Subsection></Section>"
        )

        assert found.provisions["80",].began == date(2013, 5, 4)
        assert found.provisions["80",].amended == date(2023, 11, 24)

    def test_what_is_beside_the_words_is_not_read(self) -> None:
        """Notes on history, and provisions that are not in force yet, are no words of a provision."""
        found = small(
            "<Section><Label>81</Label><Text>12 points</Text><HistoricalNote>99 points</HistoricalNote></Section>"
            "<Section><Label>81</Label><Text>13 points</Text></Section>"
        )

        assert found.provisions["81",].words == "12 points"

    def test_gzipped_and_plain_are_the_same(self) -> None:
        """A file may be gzipped."""
        data = xml("Regulation", "SOR/2002-227", "en", {("75", "2"): ["x"]})

        assert read_statute(gzip.compress(data), "a.xml.gz") == read_statute(data, "a.xml")

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "not_xml"),
            (b"<Regulation>", "not_xml"),
            (b"<html><body/></html>", "not_a_statute"),
            (b"\x1f\x8bnothing", "not_gzip"),
            (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><Regulation>&x;</Regulation>', "has_doctype"),
            (b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><Regulation/>', "has_doctype"),
            (xml("Regulation", "", "en", {("1",): []}), "not_a_statute"),
            (xml("Regulation", "SOR/1", "en", {("1",): []}).replace(b"2026-06-14", b"a day"), "not_a_statute"),
        ],
    )
    def test_other_files_are_refused(self, data: bytes, code: str) -> None:
        """What is no statute is refused, and so is a file that declares entities."""
        with pytest.raises(FileError) as caught:
            read_statute(data, "a.xml")

        assert [problem.code for problem in caught.value.problems] == [code]

    def test_a_file_that_unpacks_to_too_much_is_refused(self) -> None:
        """A small packed file may be a large one; no more than the limit is unpacked."""
        with pytest.raises(FileError, match="at most"):
            read_statute(gzip.compress(b" " * 30_000_000), "a.xml.gz")

    def test_entities_that_multiply_are_refused(self) -> None:
        """Entities within entities are refused and not unfolded."""
        grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
        data = f'<!DOCTYPE a [<!ENTITY a0 "x">{grown}]><Regulation>&a9;</Regulation>'.encode()

        with pytest.raises(FileError):
            read_statute(data, "a.xml")

    def test_a_deep_file_is_refused(self) -> None:
        """Elements that are nested thousands deep are refused."""
        with pytest.raises(FileError):
            read_statute(b"<a>" * 5000 + b"</a>" * 5000, "a.xml")

    def test_all_four_are_needed(self) -> None:
        """A language that is missing is named."""
        with pytest.raises(UsageError, match=r"Immigration and Refugee Protection Act \(fr\)"):
            read({name: data for name, data in statutes(CITED).items() if name != "irpa-fr.xml"})


class TestCitations:
    """From the words of a place to provisions."""

    @pytest.mark.parametrize(
        ("en", "fr", "paths"),
        [
            ("s. 83(1)(b) and (2)", "al. 83(1)b) et par. (2)", ["83.1.b", "83.2"]),
            ("ss. 82(2) and 87.2(3)(d), one year", "par. 82(2) et al. 87.2(3)d), un an", ["82.2", "87.2.3.d"]),
            ("s. 87.2(1) and (3)(b)", "par. 87.2(1) et al. (3)b)", ["87.2.1", "87.2.3.b"]),
            ("s. 87.1(2)(d), (e)", "al. 87.1(2)d) et e)", ["87.1.2.d", "87.1.2.e"]),
            ("s. 87.2(3)(d)(i)", "87.2(3)d)(i)", ["87.2.3.d.i"]),
            ("s. 83(1)(b.1)", "al. 83(1)b.1)", ["83.1.b.1"]),
            ("s. 75(2)(e); instructions, ss. 9 to 11", "al. 75(2)e); instructions, art. 9 à 11", ["75.2.e"]),
            ("as amended by SOR/2014-133", "modifié par DORS/2014-133", []),
            ("heading: age", "intertitre : âge", []),
            ("ss. 77 and 81: the age of 18", "art. 77 et 81 : l'âge de 18", ["77", "81"]),
        ],
    )
    def test_both_languages_name_the_same(self, en: str, fr: str, paths: list[str]) -> None:
        """The forms of both languages are read to the same provisions."""
        assert [".".join(one.path) for one in references(en, "irpr")] == paths
        assert [".".join(one.path) for one in references(fr, "irpr")] == paths

    def test_a_range_has_its_first_and_its_last(self) -> None:
        """All from the first to the last are meant, and none where one of them is missing."""
        statute = small(
            "<Section><Label>1</Label>"
            + "".join(f"<Paragraph><Label>({n})</Label></Paragraph>" for n in ("i", "ii", "iii", "iv"))
            + "</Section>"
        )

        assert resolve(Reference("irpr", ("1", "ii"), ("1", "iv")), statute) == [("1", n) for n in ("ii", "iii", "iv")]
        assert resolve(Reference("irpr", ("1", "ii"), ("1", "v")), statute) == []

    def test_names_of_statutes(self) -> None:
        """A statute that is named is the one meant; the instructions are none."""
        found = references("s. 12(3); IRPR 75(2)(d)", None)

        assert [(one.statute, one.path) for one in found] == [("irpr", ("75", "2", "d"))]
        assert references("exemption from s. 81 of the regulations", None)[0].statute == "irpr"


class TestFigures:
    """Numbers in digits and in words."""

    def test_every_number_word_is_read(self) -> None:
        """All numbers below one hundred are known in words, and none has two values."""
        assert set(number_words("en").values()) == set(range(100))
        assert set(number_words("fr").values()) == set(range(100))
        assert tokens("soixante et onze ans", "fr") == [71, "ans"]
        assert tokens("quatre-vingt-dix-neuf", "fr") == [99]

    @pytest.mark.parametrize(
        ("figure", "en", "fr"),
        [
            (Asked(10, "points"), "Ten points shall be awarded", "Dix points sont attribués"),
            (Asked(1, "years"), "a one-year program", "nécessitant une année d’étude"),
            (Asked(3, "years"), "within the three years before", "au cours des trois ans précédant"),
            (Asked(12, "points", beside=18), "12 points, 18 years or older", "12 points, âgé de dix-huit ans ou plus"),
            (Asked(4, "points", beside=5), "4 points if level 5 is met", "4 points au niveau 5"),
            (Asked(62200, "group"), "Unit Group 62200, chefs", "groupe de base 62200, chefs"),
            (Asked(3, "teer"), "TEER Category 0, 1, 2 or 3", "catégories FÉER 0, 1, 2 ou 3"),
            (Asked(24, "cap"), "up to a maximum of 24 points", "Le maximum de points dans sa langue est de 24"),
        ],
    )
    def test_a_figure_and_its_neighbours(self, figure: Asked, en: str, fr: str) -> None:
        """A figure is found in both languages, and neither one more nor one less is."""
        assert has(figure, (en,), "en")
        assert has(figure, (fr,), "fr")
        for other in (figure.value - 1, figure.value + 1):
            if (other, figure.unit) not in {(2, "teer"), (0, "years")}:
                moved = Asked(other, figure.unit, figure.beside)
                assert not has(moved, (en,), "en")
                assert not has(moved, (fr,), "fr")
        if figure.beside:
            assert not has(Asked(figure.value, figure.unit, figure.beside + 1), (en,), "en")

    def test_an_upper_end_sets_nothing(self) -> None:
        """A number that is not reached is not one from which points are given; an age of documents is a figure."""
        text = "12 points, 18 years of age or older but less than 36 years of age"

        assert has(Asked(12, "points", beside=18), (text,), "en")
        assert not has(Asked(12, "points", beside=36), (text,), "en")
        assert has(Asked(2, "years"), ("results that are less than two years old",), "en")

    def test_an_article_is_no_number(self) -> None:
        """The French article is written as the number one; only beside a unit is it one."""
        assert not has(Asked(1, "years"), ("un travailleur qualifié obtient cinq points",), "fr")


class TestComparison:
    """The shipped law beside small statutes that say what it cites."""

    def test_the_law_agrees_with_statutes_that_say_it(self) -> None:
        """Every citation and every figure is found, and no reason is needed."""
        found = compare(LAW, READ)

        assert wrong(found) == []
        assert len(found.citations) > 90
        assert sum(one.finding == "found" for one in found.figures) > 100
        assert found.sound

    def test_each_figure_of_the_selection_grid_is_looked_at(self) -> None:
        """A figure of the grid that moves by one in the statute, in either language, is missing, and nothing else."""
        grid = [one for one in places(LAW) if one.id.startswith("fsw.") and one.figures]
        assert len(grid) == 15
        for lang in LANGS:
            for place in grid:
                (reference, *_) = references(place.cite.place.say(lang), "irpr")
                paths = deepcopy(CITED["irpr", lang])
                number = str(place.figures[0].value)
                sentences = paths[reference.path]
                paths[reference.path] = [re.sub(rf"\b{number}\b", str(int(number) + 200), one) for one in sentences]

                data = xml("Regulation", "SOR/2002-227", lang, paths)
                found = compare(LAW, {**READ, ("irpr", lang): read_statute(data, "moved.xml")})

                assert place.id in wrong(found), (place.id, lang)
                assert not found.sound

    def test_a_paragraph_that_is_gone_is_told(self) -> None:
        """A provision that one language lacks is a citation not found there."""
        gone = deepcopy(CITED)
        del gone["irpr", "fr"]["83", "1", "e"]

        found = compare(LAW, read(statutes(gone)))

        assert [(one.place.id if one.place else "", one.lang) for one in found.citations if one.finding == MISSING] == [
            ("fsw.adaptability.arranged_employment", "fr")
        ]

    def test_words_newer_than_the_check_are_told_with_both_days(self) -> None:
        """A statute amended after it was last checked is a change; after the first day of a rule a note."""
        new = compare(LAW, read(statutes(CITED, irpr="2026-09-01")))
        old = compare(LAW, read(statutes(CITED, irpr="2022-11-16")))

        changed = [one for one in new.amended if one.changed]
        assert {(one.day, one.than) for one in changed if one.place.cite.instrument.id == "irpr"} == {
            (date(2026, 9, 1), date(2026, 7, 23))
        }
        assert not new.sound
        assert not any(one.changed for one in old.amended)
        assert (date(2022, 11, 16), date(2015, 1, 1)) in {(one.day, one.than) for one in old.amended}
        assert old.sound

    def test_added_law_is_compared_too(self, tmp_path: File) -> None:
        """A user's program that cites a paragraph that is not there is told."""
        file = tmp_path / "added.toml"
        file.write_text(
            'in_force = 2027-01-01\nmade_by = "irpr"\n[programs.cec-2027-01-01]\nextends = "cec-2015-01-01"\n'
            "[programs.cec-2027-01-01.criteria.work]\n"
            'place = { en = "s. 87.1(2)(z)", fr = "al. 87.1(2)z)" }\n',
            "utf-8",
        )
        law: Law = load_law(file)

        found = compare(law, READ)

        assert "program.cec.work" in wrong(found)

    def test_the_record_says_how_much_was_found(self) -> None:
        """What is kept names the consolidation, the day and each place that was found."""
        import tomli

        kept = tomli.loads(record(compare(LAW, READ), date(2026, 11, 28)))

        assert kept["irpr"]["consolidated"] == date(2026, 6, 14)
        assert kept["irpr"]["citations"] == kept["irpr"]["found"]
        assert "fsw.age" in kept["places"]["found"]

    def test_reasons_are_needed(self) -> None:
        """Every reason that is kept is one for a figure that the law sets."""
        import tomli

        ids = {one.id for one in places(LAW) if one.figures}
        written = tomli.loads((known.FOLDER / "statutes.toml").read_text("utf-8"))["elsewhere"]
        for one in written:
            assert any(known.reason(id_, one.get("lang", "en")) for id_ in ids), one["figure"]


def beside() -> File | None:
    """Where the published statutes are: named by EXPRESSENTRY_STATUTES, or in `shared/facts` beside the checkout."""
    named = os.environ.get("EXPRESSENTRY_STATUTES")
    checkout = File(__file__).parents[3]
    folders = [File(named)] if named else [above / "shared/facts/statutes" for above in checkout.parents]
    return next((folder for folder in folders if folder.is_dir()), None)


@pytest.fixture(scope="module")
def published() -> Statutes:
    """The statutes as the Department of Justice published them."""
    folder = beside()
    if folder is None:
        pytest.skip("THE PUBLISHED STATUTES ARE NOT BESIDE THE CHECKOUT: the law was not compared with them")
    return by_name(read_statute(file.read_bytes(), file.name) for file in sorted(folder.glob("*.xml.gz")))


class TestPublished:
    """The shipped law beside the statutes as published."""

    def test_every_citation_and_figure(self, published: Statutes) -> None:
        """All citations are found in both languages, all figures too or with a reason; the result kept is this one."""
        found = compare(LAW, published)

        assert wrong(found) == []
        assert (len(found.citations), len({(one.statute, p) for one in found.citations for p in one.paths})) == (
            102,
            62,
        )
        assert sum(one.finding == "found" for one in found.figures) == 105
        assert {one.place.id for one in found.figures if one.place.id.startswith("fsw.")} == {
            one.place.id for one in found.figures if one.place.id.startswith("fsw.") and one.finding == "found"
        }
        kept = record(found, date(2026, 1, 1)).replace("on = 2026-01-01", "")
        assert re.sub(r"on = \S+", "", known.COMPARED.read_text("utf-8")) == kept

    def test_every_amendment_is_explained(self, published: Statutes) -> None:
        """No words are newer than their check, and it is known what each later amendment did."""
        found = compare(LAW, published)

        assert not [one for one in found.amended if one.changed]
        assert {(one.statute, one.path, one.day) for one in found.amended if one.what is None} == set()

    def test_a_moved_figure_is_missing(self, published: Statutes, tmp_path: File) -> None:
        """A grid that says one point more or less than the regulations is found out, for every row of age and work."""
        for row in ("[36, 12]", "[36, 10]"):
            file = tmp_path / "wrong.toml"
            file.write_text(
                'in_force = 2027-01-01\nmade_by = "irpr"\n[fsw]\nextends = "fsw-2015-01-01"\n'
                'id = "fsw-2027-01-01"\nmade_by = "irpr"\n'
                'title = { en = "x", fr = "x" }\n'
                f'[fsw.age]\nplace = {{ en = "s. 81", fr = "art. 81" }}\nrows = [[0, 0], [18, 12], {row}, [47, 0]]\n',
                "utf-8",
            )
            assert "fsw.age" in wrong(compare(load_law(file), published))

    def test_the_page_is_that_of_this_comparison(self, published: Statutes) -> None:
        """docs/explanation/verified.md is what docs/verified.py writes."""
        from verified import PAGE, verified

        assert PAGE.read_text("utf-8") == verified(compare(LAW, published))

    def test_what_the_code_names_exists(self, published: Statutes) -> None:
        """Every provision that a text of the program names is in the statutes, in both languages."""
        source = File(expressentry.__file__).parent
        pattern = re.compile(r"\b(IRPA|LIPR|IRPR|RIPR)\s(\d+(?:\.\d+)?(?:\(?[0-9a-z.]{1,6}\))*)")
        wrong_ones = []
        for file in [*source.rglob("*.py"), *source.rglob("*.toml"), *source.rglob("*.csv")]:
            for name, rest in pattern.findall(file.read_text("utf-8")):
                for one in references(f"{name} {rest}", None):
                    for lang in LANGS:
                        if not resolve(one, published[one.statute, lang]):
                            wrong_ones.append((file.name, name, rest, lang))
        assert wrong_ones == []


def test_roots_are_those_of_the_known_statutes() -> None:
    """The small statutes have the numbers of those that places cite."""
    assert {id_: number for id_, (_, number) in ROOTS.items()} == {
        id_: one.number for id_, one in known.statutes().items()
    }
