"""What the department's pages said is told where law is told."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from expressentry.answers.basis import cite_record
from expressentry.answers.published import is_own_page, keep_page, page_warnings
from expressentry.cli import run
from expressentry.law.load import load_law
from expressentry.law.verify.links import compared_until, link
from expressentry.law.verify.pages.compare import compare_page
from tests.law.verify.department import make

LAW = load_law()
NOW = date(2026, 6, 22)
ADDRESS = "https://www.canada.ca/en/proof-funds.html"


class TestKept:
    """The last comparison of each page."""

    def test_a_difference_is_told_until_it_is_gone(self, tmp_path: Path) -> None:
        """A page that differs is told with its day and how much differs; one that agrees is not told."""
        old = compare_page(make("funds", LAW, date(2024, 6, 1), "en", shown=NOW), "x", LAW)
        keep_page(tmp_path, old, LAW, ADDRESS, NOW)
        (warning,) = page_warnings(tmp_path, LAW)
        assert warning.code == "page_differs"
        assert warning.message.en == (
            "the department's page of settlement funds changed on 22 June 2026: figures that differ from the rules "
            "used here: 8"
        )
        assert "22 juin 2026" in warning.message.fr

        keep_page(tmp_path, compare_page(make("funds", LAW, NOW, "en"), "x", LAW), LAW, ADDRESS, NOW)
        assert page_warnings(tmp_path, LAW) == ()

    def test_with_other_law_the_comparison_says_nothing(self, tmp_path: Path) -> None:
        """Once the law of that day is another, the page has to be compared again."""
        old = compare_page(make("funds", LAW, date(2024, 6, 1), "en", shown=NOW), "x", LAW)
        keep_page(tmp_path, old, LAW, ADDRESS, NOW)
        file = tmp_path / "funds.toml"
        row = ", ".join(f'size_{n} = "{14000 + n}"' for n in range(1, 8))
        file.write_text(
            'in_force = 2026-01-01\nmade_by = "funds-2025"\n[lists.settlement_funds]\n'
            f'rows = [{{ {row}, each_more = "9" }}]\n'
        )

        assert page_warnings(tmp_path, load_law(file)) == ()

    @pytest.mark.parametrize("kept", ["", "[]", '{"crs": 1}', '{"crs": {"modified": "x"}}', "{"])
    def test_a_file_that_cannot_be_read_says_nothing(self, tmp_path: Path, kept: str) -> None:
        """What is kept can be made again, so a broken file is no error."""
        (tmp_path / "pages.json").write_text(kept)

        assert page_warnings(tmp_path, LAW) == ()
        assert page_warnings(None, LAW) == ()

    def test_only_the_departments_own_pages_are_kept(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """A file, or a page of somebody else, changes nothing of what others are told."""
        assert is_own_page(ADDRESS)
        assert not is_own_page("https://www.canada.ca.example.org/page.html")
        monkeypatch.setenv("EXPRESSENTRY_HOME", str(tmp_path))
        saved = tmp_path / "page.html"
        saved.write_bytes(make("funds", LAW, date(2024, 6, 1), "en", shown=NOW))

        assert run(["law", "verify", "--page", str(saved)]) == 3
        assert not (tmp_path / "pages.json").exists()


class TestLinks:
    """Where a citation can be read."""

    def test_a_place_of_a_statute_leads_to_its_section(self) -> None:
        """In the language asked for; a place of an instruction leads to its instrument, and has no comparison."""
        fsw = {node.id: node.cite for node in LAW.fsw_grids[0].root.walk()}
        crs = {node.id: node.cite for node in LAW.grids[-1].root.walk()}

        assert link(fsw["age"], "en") == "https://laws-lois.justice.gc.ca/eng/regulations/SOR-2002-227/section-81.html"
        assert link(fsw["age"], "fr") == (
            "https://laws-lois.justice.gc.ca/fra/reglements/DORS-2002-227/article-81.html"
        )
        pnp = next(one for one in LAW.programs if one.program == "pnp").cite
        assert link(pnp, "fr") == "https://laws-lois.justice.gc.ca/fra/lois/I-2.5/section-10.1.html"
        assert link(crs["core.age"], "fr") == crs["core.age"].instrument.address
        assert compared_until(crs["core.age"]) is None

    def test_answers_say_up_to_which_day_a_place_was_compared(self) -> None:
        """A cited place of the Regulations has the day of the consolidation."""
        cite = LAW.fsw_grids[0].root.children[0].cite

        assert cite_record(cite, "en")["compared"] == "2026-06-14"

    def test_law_show_says_it(self, capsys: pytest.CaptureFixture[str]) -> None:
        """An instrument and each place of a grid, in both languages."""
        run(["law", "show", "irpr"])
        run(["law", "show", "fsw-2015-01-01", "--lang", "fr"])
        told = capsys.readouterr().out

        assert "with the text current to 2026-06-14" in told
        assert "avec le texte à jour au 2026-06-14" in told
