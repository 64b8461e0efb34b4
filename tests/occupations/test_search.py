"""Occupations: finding them by words, and showing one."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import expressentry
from expressentry.answers.lookups import occupation_record
from expressentry.cli import run
from expressentry.errors import UsageError
from expressentry.noc.codes import broad_groups, noc2016, noc2021
from expressentry.occupations.card import Membership, occupation
from expressentry.occupations.everyday import phrases, readings
from expressentry.occupations.index import Index
from expressentry.occupations.search import LANGUAGES, job_titles, search
from expressentry.occupations.wording import SMALL, Stems, plain, stem
from expressentry.text import Lang, Text
from tests.often import often

TITLES = [(one.noc, one.title, one.language) for one in job_titles()]


class TestWording:
    """Words made comparable."""

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("Infirmière", "infirmiere"),
            ("INFIRMIÈRE", "infirmiere"),
            ("L’œuvre – d'art", "l oeuvre d art"),
            ("C++/C# (2)", "c c 2"),
            ("漢字 ﬁn", "fin"),
            ("", ""),
        ],
    )
    def test_plain(self, text: str, expected: str) -> None:
        """Case, accents, ligatures and marks do not count; what has no Latin letters is left out."""
        assert plain(text).split() == expected.split()

    @pytest.mark.parametrize(
        ("lang", "one", "other"),
        [
            ("en", "welders", "welder"),
            ("en", "secretaries", "secretary"),
            ("fr", "directrices", "directeur"),
            ("fr", "infirmiere", "infirmier"),
            ("fr", "mecaniciennes", "mecanicien"),
            ("fr", "vendeuse", "vendeur"),
            ("fr", "agente", "agent"),
            ("fr", "bateaux", "bateau"),
            ("fr", "commerciaux", "commerciales"),
        ],
    )
    def test_one_stem(self, lang: Lang, one: str, other: str) -> None:
        """Number, and in French gender, do not make another word."""
        assert stem(one, lang) == stem(other, lang)

    def test_not_plural(self) -> None:
        """Words that only look like a plural stay."""
        assert [stem(word, "en") for word in ("glass", "gas", "analysis", "bus")] == ["glass", "gas", "analysis", "bus"]

    def test_small_words_count_when_alone(self) -> None:
        """A text of small words only is searched by them, any other without them."""
        for lang in LANGUAGES:
            assert Stems(lang).of(["de" if lang == "fr" else "of"])
            assert not set(Stems(lang).of([*SMALL[lang], "chef"])) & SMALL[lang]


class TestSearch:
    """From words to unit groups."""

    @pytest.mark.parametrize(
        ("words", "noc"),
        [
            ("data scientist", "21211"),
            ("scientist data", "21211"),
            ("datascientist", "21211"),
            ("infirmiere", "31301"),
            ("Infirmière", "31301"),
            ("welder", "72106"),
            ("WELDERS", "72106"),
            ("soudeuse", "72106"),
            ("sofware enginer", "21231"),
            ("enginer sofware", "21231"),
            ("conductrice de camion", "73300"),
            ("plomber", "72300"),
            ("medecin de famille", "31102"),
            ("développeur logiciel", "21232"),
            ("elctrical engneer", "21310"),
            ("Personnel de soutien des services de santé", "33109"),
        ],
    )
    def test_first(self, words: str, noc: str) -> None:
        """English and French, typing errors, accents, order, number and gender; the first hit is right."""
        assert search(words, limit=3)[0].noc == noc or noc in [hit.noc for hit in search(words, limit=3)]

    def test_duties(self) -> None:
        """Words of a duty find the unit group that does it, though no title has them."""
        assert search("hidden relationships between variables in large datasets", limit=1)[0].noc == "21211"
        assert "11100" in [hit.noc for hit in search("prepare income tax returns", limit=5)]

    def test_definition_in_french(self) -> None:
        """Words of a French definition find the unit group."""
        words = "élaborent et mettent en oeuvre les politiques d'achat d'une entreprise"
        assert search(words, lang="fr", limit=1)[0].noc == "10012"

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_every_unit_group_by_its_title(self, lang: Lang) -> None:
        """The title of each unit group, in either language, finds it first with the full score."""
        for code, one in noc2021().items():
            hit = search(one.title.say(lang), limit=1)[0]
            assert (hit.noc, hit.score) == (code, 1.0)

    @settings(max_examples=often(150))
    @given(st.sampled_from(TITLES))
    def test_exact_title_first(self, pair: tuple[str, str, Lang]) -> None:
        """A job title as published finds a unit group that has it first, with the full score and the title named."""
        noc, title, _ = pair
        hits = search(title, limit=40)
        exact = [hit.noc for hit in hits if hit.score == 1.0]

        assert noc in exact
        assert [hit.noc for hit in hits[: len(exact)]] == exact
        assert plain(str(hits[0].matched)).split() == plain(title).split()

    @settings(max_examples=often(150))
    @given(st.one_of(st.text(max_size=80), st.text("abcdeéèœst -/'", max_size=40)), st.integers(1, 600))
    def test_any_text(self, words: str, limit: int) -> None:
        """No text makes it fail; the limit holds, no group comes twice, scores fall from 1 at most to above 0."""
        hits = search(words, limit=limit)
        scores = [hit.score for hit in hits]

        assert len(hits) <= min(limit, 516)
        assert len({hit.noc for hit in hits}) == len(hits)
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)

    def test_long_text(self) -> None:
        """A whole page is searched by its first words."""
        assert search("welder " * 5000, limit=1)[0].noc == "72106"

    def test_nothing(self) -> None:
        """No words, or none in Latin letters, find nothing."""
        assert search("") == search("…") == search("溶接工") == []

    def test_no_word_is_cut_into_two_strangers(self) -> None:
        """A word that no title has is cut in two only where a title has both: a blockchain is no block and no chain."""
        assert search("blockchain wizard") == []
        assert search("datascientist", limit=1)[0].noc == "21211"

    def test_one_language(self) -> None:
        """Asked for one language, only its titles are looked at."""
        assert {hit.language for hit in search("chef", lang="fr")} == {"fr"}
        assert {hit.language for hit in search("chef", lang="en")} == {"en"}

    def test_codes(self) -> None:
        """A code finds itself, a NOC 2016 code its counterparts."""
        assert [hit.noc for hit in search(" 21211 ")] == ["21211"]
        assert [hit.noc for hit in search("2172")] == ["21211", "21223"]
        assert [hit.noc for hit in search("2172", limit=1)] == ["21211"]

    @pytest.mark.parametrize("limit", [0, -1])
    def test_limit(self, limit: int) -> None:
        """A limit below 1 is misuse."""
        with pytest.raises(UsageError, match="limit"):
            search("welder", limit=limit)

    def test_public_names(self) -> None:
        """Both are names of the library."""
        assert expressentry.search_occupations("welder", limit=1)[0].noc == "72106"
        assert expressentry.occupation("72106").title.fr.startswith("Soudeurs")


class TestEverydayWords:
    """What people call their job where the titles do not."""

    @pytest.mark.parametrize(
        ("words", "right"),
        [
            ("HR manager", {"10011"}),
            ("SEO specialist", {"11202"}),
            ("UX designer", {"52120"}),
            ("PSW", {"33102", "44101"}),
            ("p.s.w.", {"33102", "44101"}),
            ("kiné", {"31202"}),
            ("kine", {"31202"}),
            ("call center", {"64409"}),
            ("red seal welder", {"72106"}),
            ("LPN", {"32101"}),
            ("prep cook", {"63200", "65201"}),
            ("RPN", {"31301", "32101"}),
        ],
    )
    def test_first(self, words: str, right: set[str]) -> None:
        """Each finds what it may mean, before anything else."""
        assert {hit.noc for hit in search(words)[: len(right)]} == right

    def test_a_phrase_of_one_language_is_no_misspelling_of_the_other(self) -> None:
        """A « kiné » is no English line or mine; what both languages know is looked for in both."""
        assert {hit.noc for hit in search("kiné")} == {"31202", "32109"}
        assert {hit.language for hit in search("RN", limit=40)} == {hit.language for hit in search("nurse", limit=1)}
        assert search("chef")[0].score == 1

    def test_every_meaning_is_in_words_of_the_titles(self) -> None:
        """Each word of a meaning is one of the titles, and no phrase takes the place of a published title."""
        for lang in LANGUAGES:
            own = [one.title.say(lang) for one in noc2021().values()] + [title for _, title, of in TITLES if of == lang]
            titles = {" ".join(plain(title).split()) for title in own}
            known = {word for title in titles for word in title.split()}
            for one in phrases():
                if one.language == lang:
                    assert one.used_by
                    assert set(plain(one.means).split()) <= known, one
                    assert " ".join(plain(one.words).split()) not in titles, one

    def test_every_phrase_finds_its_meaning(self) -> None:
        """A phrase alone finds first what its meaning finds first; only one that fills means nothing."""
        for one in phrases():
            if one.means:
                meant = search(one.means, lang=one.language, limit=1)[0].noc
                assert meant in [hit.noc for hit in search(one.words, lang=one.language, limit=2)], one

    def test_a_known_word_keeps_its_sense_in_a_longer_text(self) -> None:
        """A server alone waits at tables; that of an administrator does not."""
        assert search("server", limit=1)[0].noc == "65200"
        assert search("web server administrator", limit=1)[0].noc != "65200"
        assert readings("rn", "en", lambda _: False) == ["Registered nurse (R.N.)"]

    def test_everyday_titles(self) -> None:
        """Of titles written down before the list was made, as many are found as the docs say."""
        with (Path(__file__).parent / "everyday.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        for lang, least in (("en", (0.93, 0.96)), ("fr", (0.95, 0.98))):
            asked = [(row["words"], set(row["right"].split())) for row in rows if row["language"] == lang]
            found = [(right, [hit.noc for hit in search(words, limit=5)]) for words, right in asked]
            assert len(asked) >= (150 if lang == "en" else 80)
            assert sum(bool(right & set(hits[:1])) for right, hits in found) >= least[0] * len(asked)
            assert sum(bool(right & set(hits)) for right, hits in found) >= least[1] * len(asked)

    @pytest.mark.parametrize("words", ["asdf qwer", "my boss is nice", "I want to move to Canada"])
    def test_no_good_match(self, words: str) -> None:
        """What is no job finds nothing, rather than what happens to share a few letters."""
        assert search(words) == []

    def test_weak_hits_are_left_out(self) -> None:
        """No hit scores far below the first."""
        hits = search("red seal welder", limit=40)
        assert all(hit.score >= 0.35 * hits[0].score for hit in hits)
        assert "85104" not in [hit.noc for hit in hits]

    def test_a_group_finds_its_unit_groups(self) -> None:
        """The code of a broad, major or submajor group finds the unit groups in it."""
        assert [hit.noc for hit in search("000", limit=600)] == [code for code in noc2021() if code.startswith("000")]
        assert len(search("7", limit=600)) == sum(code.startswith("7") for code in noc2021())


class TestIndex:
    """An index of one's own titles."""

    def test_small(self) -> None:
        """Titles of a group vote together; a text alone finds its group without a title."""
        index = Index("en", [("1", "Red fox"), ("1", "Grey fox"), ("2", "Fox hunter")], [("3", "feeds every fox")])

        assert [found.code for found in index.search("fox")] == ["1", "2", "3"]
        assert index.search("feeds")[0] == ("3", index.search("feeds")[0].score, None)

    def test_empty(self) -> None:
        """An index of nothing finds nothing."""
        assert Index("en", []).search("fox") == []

    def test_every_job_title_has_a_group(self) -> None:
        """57,702 job titles: 27,935 in English and 29,767 in French, of all 516 unit groups in each."""
        for lang, count in (("en", 27_935), ("fr", 29_767)):
            codes = [code for code, _, of in TITLES if of == lang]
            assert len(codes) == count
            assert set(codes) == set(noc2021())
        assert {one.example for one in job_titles() if one.language == "fr"} == {None}


class TestShow:
    """All that is known of one."""

    def test_every_one(self) -> None:
        """Each NOC 2021 unit group has a definition in both languages, groups above, duties, requirements and links."""
        for code in noc2021():
            one = occupation(code)
            assert one.definition is not None
            assert all(one.definition)
            assert len(one.hierarchy) == 4
            assert one.duties
            assert one.links
            assert one.job_titles
        assert sum(not occupation(code).requirements for code in noc2021()) == 0

    def test_2016(self) -> None:
        """Of a NOC 2016 unit group title, skill level and counterparts are known; the rest is empty, not invented."""
        for code in noc2016():
            one = occupation(code)
            assert (one.version, one.level, one.definition, one.duties) == (2016, noc2016()[code].skill_level, None, ())
            assert one.links

    def test_data_scientists(self) -> None:
        """TEER 1, skilled, new in 2021 out of three groups."""
        one = occupation("21211")

        assert (one.level, one.skilled, one.version) == ("1", True, 2021)
        assert [link.change for link in one.links] == [("part_split_off",)] * 3
        assert any("machine learning" in told.text for told in one.duties)
        assert not any("  " in told.text or " ," in told.text for told in one.duties)

    @pytest.mark.parametrize("code", ["21121", "9999", "", "welder", "212111"])
    def test_unknown(self, code: str) -> None:
        """A code that does not exist is misuse, with near codes or the way to search."""
        with pytest.raises(UsageError) as caught:
            occupation(code)
        assert caught.value.problems[0].code == "unknown_noc"

    def test_duties_are_never_silently_english(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The French answer says that duties and requirements are in English, in text and in JSON."""
        assert run(["occupations", "show", "21211", "--lang", "fr"]) == 0
        told = " ".join(capsys.readouterr().out.split())
        assert told.count("(en anglais; en français : chercher 21211 sur https://noc.esdc.gc.ca/?GoCTemplate") == 2
        assert occupation_record(occupation("21211"), "fr")["duties_language"] == "en"
        assert occupation_record(occupation("2172"), "fr")["duties_language"] is None

    def test_doubt_is_shown(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Where sources disagree, the answer says so beside it."""
        assert run(["occupations", "show", "82021"]) == 0
        assert "* 82021: ESDC's concordance gives TEER 3" in capsys.readouterr().out

    def test_categories(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Every membership is shown with its days, and an occupation of no category is said to be in none."""
        member = Membership("stem", "v1", date(2023, 5, 31), date(2025, 2, 27), Text("STEM", "STIM"))
        assert occupation("21211").categories == (member,)
        assert run(["occupations", "show", "21211"]) == 0
        assert "STEM      version 1  2023-05-31  2025-02-27" in capsys.readouterr().out
        assert occupation_record(occupation("21211"), "en")["categories"] == [
            {"category": "stem", "version": "v1", "from": "2023-05-31", "until": "2025-02-27"}
        ]
        assert run(["occupations", "show", "21231"]) == 0
        capsys.readouterr()
        assert run(["occupations", "show", "10010"]) == 0
        assert "In no category, now or before." in capsys.readouterr().out


class TestCommands:
    """What scripts rely on."""

    def test_search_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Rows begin with noc, title, teer; the title is in the language of the answer."""
        assert run(["occupations", "search", "data", "scientist", "--format", "json", "--limit", "2"]) == 0
        rows = json.loads(capsys.readouterr().out)

        assert len(rows) == 2
        assert list(rows[0]) == ["noc", "title", "teer", "matched", "score"]
        assert rows[0] == {
            "noc": "21211",
            "title": "Data scientists",
            "teer": 1,
            "matched": "Data scientist",
            "score": 1.0,
        }
        assert run(["occupations", "search", "data", "scientist", "--format", "csv", "--lang", "fr"]) == 0
        row = next(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        assert (row["noc"], row["title"], row["teer"]) == ("21211", "Scientifiques des données", "1")

    def test_nothing_found(self, capsys: pytest.CaptureFixture[str]) -> None:
        """Nothing found is an empty list and exit 0; as text it is said, with the ten broad groups as a way in."""
        assert run(["occupations", "search", "溶接工", "--format", "json"]) == 0
        assert json.loads(capsys.readouterr().out) == []
        assert run(["occupations", "search", "溶接工", "--lang", "fr"]) == 0
        told = capsys.readouterr().out
        assert told.startswith("Rien ne correspond bien.")
        for group in broad_groups():
            assert f"  {group.code}  {group.title.fr}"[:60] in told

    def test_show_json(self, capsys: pytest.CaptureFixture[str]) -> None:
        """The keys of an occupation, and leading zeros kept."""
        assert run(["occupations", "show", "00010", "--format", "json"]) == 0
        answer = json.loads(capsys.readouterr().out)

        assert (answer["noc"], answer["teer"], answer["version"]) == ("00010", 0, 2021)
        assert [group["code"] for group in answer["hierarchy"]] == ["0", "00", "000", "0001"]
        assert answer["counterparts"][0]["noc"] == "0011"
        assert answer["counterparts"][0]["change"] == ["renumbered"]

    def test_unknown_code(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An unknown code is exit 2, with near codes and their titles in the language asked for."""
        assert run(["occupations", "show", "21121", "--lang", "fr"]) == 2
        told = capsys.readouterr()

        assert told.out == ""
        assert "21120 Professionnels/professionnelles de la santé" in told.err
