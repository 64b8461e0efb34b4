"""Files as Windows, editors and people write them: read, or refused with line, column and reason in both languages."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from expressentry.documents import decode, parse_document, read_text
from expressentry.errors import FileError
from expressentry.profile.clients import list_clients
from expressentry.profile.read import read_document, read_profile

ENGINEER = Path(__file__).parents[1] / "examples/people/engineer.toml"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")


def refused(text: str, *, as_json: bool = False) -> tuple[str, str]:
    """What is said of a document, in English and in French."""
    with pytest.raises(FileError) as error:
        parse_document(text, "me.toml", as_json=as_json)
    return error.value.say("en"), error.value.say("fr")


class TestUnicode:
    """One text, however it was saved."""

    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_a_profile(self, encoding: str, tmp_path: Path) -> None:
        """A profile with a byte order mark, or in UTF-16 with and without one, is the same profile."""
        saved = tmp_path / "me.toml"
        saved.write_bytes(ENGINEER.read_text("utf-8").encode(encoding))

        assert read_profile(saved) == read_profile(ENGINEER)

    @pytest.mark.parametrize("encoding", ENCODINGS)
    def test_a_table(self, encoding: str, tmp_path: Path) -> None:
        """So is a CSV table of clients, and its first column keeps its name."""
        table = tmp_path / "clients.csv"
        table.write_bytes("client,age\nZoé,29\n".encode(encoding))

        [client] = list_clients(table)
        assert (client.name, dict(client.facts or {})) == ("Zoé", {"age": 29})

    @given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
    def test_every_text_in_utf8(self, text: str) -> None:
        """Text in UTF-8 is never taken for anything else."""
        assert decode(text.encode(), "x") == text.removeprefix("\ufeff")

    def test_latin(self) -> None:
        """Another encoding is refused with the line, and with how to save the file."""
        with pytest.raises(FileError) as error:
            decode("name = 1\ncity = 'Montréal'".encode("latin-1"), "me.toml")
        assert error.value.say("en").startswith("line 2: me.toml: not text in UTF-8. Fix: save it again as UTF-8")
        assert error.value.say("fr").startswith("ligne 2 : me.toml : pas du texte en UTF-8.")

    @pytest.mark.parametrize("data", [b"a = 1\nb = 'x\0y'", codecs.BOM_UTF16_LE + "a\n\0".encode("utf-16-le")])
    def test_nul(self, data: bytes) -> None:
        """NUL characters are named with their line, and never printed."""
        with pytest.raises(FileError, match=r"line 2: me\.toml: has a NUL character") as error:
            decode(data, "me.toml")
        assert "\0" not in str(error.value)

    def test_no_such_file(self, tmp_path: Path) -> None:
        """A missing file and a folder are said in both languages."""
        with pytest.raises(FileError) as error:
            read_text(tmp_path / "none.toml")
        assert "ce fichier n'existe pas" in error.value.say("fr")
        with pytest.raises(FileError, match="a folder, not a file"):
            read_document(tmp_path)


class TestPlaces:
    """What is wrong is said with file, line, column and reason."""

    def test_a_day_that_does_not_exist(self) -> None:
        """The day is named with its key, and not only where the reader stopped."""
        english, french = refused("[person]\nbirth_date = 2019-02-30\n")

        assert english == (
            "me.toml, line 2, column 14: birth_date: `2019-02-30` is not a real day written YYYY-MM-DD. "
            "Fix: for example 2026-10-01."
        )
        assert french.startswith("me.toml, ligne 2, colonne 14 : birth_date : `2019-02-30` n'est pas un jour réel")

    @pytest.mark.parametrize("written", ["2019-2-3", "2019-13-01", "[2019-01-01, 2019-02-30]"])
    def test_other_days(self, written: str) -> None:
        """A month without its zero, a month that does not exist, a day within a list."""
        assert "is not a real day written YYYY-MM-DD" in refused(f"day = {written}")[0]

    def test_words_and_amounts(self) -> None:
        """Yes, and an amount with separators, are answered with what to write."""
        assert "a: `yes` is not true or false." in refused("a = yes")[0]
        assert refused("amount_cad = 25,000")[0].endswith(
            "amount_cad: `25,000` is not a whole number without separators. Fix: write 25000."
        )

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("a = 1\na = 2\n", "line 2, column 6: TOML: the same key a second time, got `a = 2`"),
            ("a = 'x\n", "text without its quotation marks"),
            ("a", "a line without `=`"),
            ("[a\n", "a bracket that is not closed"),
        ],
    )
    def test_toml(self, text: str, reason: str) -> None:
        """Other mistakes have their reason in both languages."""
        english, french = refused(text)
        assert reason in english
        assert "Invalid" not in french
        assert "Expected" not in french

    def test_json(self) -> None:
        """JSON too."""
        english, french = refused('{"a": 1,\n}', as_json=True)
        assert english.startswith("me.toml, line 2, column 1: JSON: a key in double quotes is missing")
        assert french.startswith("me.toml, ligne 2, colonne 1 : JSON : il manque une clé entre guillemets")

    def test_neither_object(self) -> None:
        """A list is no person, and depth has an end."""
        assert "expected one object" in refused("[1]", as_json=True)[0]
        assert "nested too deeply" in refused("[" * 100_000, as_json=True)[0]
