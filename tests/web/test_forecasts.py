"""Forecasts on the site, in the API and for the assistant: those of the command, and none without an assumption."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from expressentry.cli import run
from expressentry.errors import UsageError
from expressentry.web import forecasting
from tests.forecast.test_chances import FACTS
from tests.web.serving import LATE, Caller, made
from tests.web.test_assistant import asked

ASSUMED = "crs-2025-03-25"


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """What the command prints as JSON."""
    assert run(["forecast", *words, "--format", "json"]) == 0
    return json.loads(capsys.readouterr().out)


class TestSameAsTheCommand:
    """One function, three faces."""

    def test_a_type(self, call: Caller, capsys: pytest.CaptureFixture[str]) -> None:
        """The API, the assistant and the command give the same forecast of a type."""
        mine = printed(capsys, "cec", "--on", "2026-10-01", "--horizon", "2")
        told = call.get("/api/v1/forecasts/cec?on=2026-10-01&horizon=2&lang=en").json()
        tool = asked("forecast", type="cec", on="2026-10-01", horizon=2).structured_content

        assert told == mine
        assert tool["forecasts"] == [mine]

    def test_all_types_under_an_assumption(self, call: Caller, capsys: pytest.CaptureFixture[str]) -> None:
        """So they do for all types on a day of unknown law, under the assumption."""
        mine = printed(capsys, "--on", str(LATE), "--assume", ASSUMED)
        told = call.get(f"/api/v1/forecasts?on={LATE}&assume={ASSUMED}&lang=en").json()

        assert told == mine
        assert {one["assumption"] for one in told} == {ASSUMED}

    def test_chances(self, call: Caller, capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
        """And for the chances of a person."""
        path = tmp_path / "me.json"
        path.write_text(json.dumps(FACTS))
        mine = printed(capsys, str(path), "--on", "2026-10-02", "--months", "2", "--assume", ASSUMED)
        told = call.post(f"/api/v1/chances?on=2026-10-02&months=2&assume={ASSUMED}&lang=en", json=FACTS).json()

        assert told == mine


class TestNoneWithoutAnAssumption:
    """Where rounds are missing and law is not known."""

    @pytest.mark.parametrize("lang", ["en", "fr"])
    @pytest.mark.parametrize("path", ["/forecasts", "/forecasts/cec"])
    def test_why_and_a_way(self, late: Caller, lang: str, path: str) -> None:
        """The page says why there is no forecast, gives no date, and offers the assumption as a button."""
        html = late.get(f"/{lang}{path}").text

        assert {
            "en": "rounds since 1 October 2026 are missing",
            "fr": "les rondes depuis le 1er octobre 2026 manquent",
        }[lang] in html.replace("\u202f", " ").replace("\xa0", " ")
        assert f'name="assume" value="{ASSUMED}"' in html
        assert "2027" not in html

    @pytest.mark.parametrize("lang", ["en", "fr"])
    @pytest.mark.parametrize("path", ["/forecasts", "/forecasts/french"])
    def test_the_assumption_heads_the_answer(self, late: Caller, lang: str, path: str) -> None:
        """Under the assumption it stands above every number, and links keep it."""
        html = late.get(f"/{lang}{path}?assume={ASSUMED}").text
        told = {"en": "Assumed: the points of 25 March 2025", "fr": "Supposé"}[lang]

        assert html.index(told) < html.index('class="num"')
        assert html.index(told) < html.index('class="lead"')
        assert f"?assume={ASSUMED}" in html

    def test_the_api_refuses(self, late: Caller) -> None:
        """The API says the same as a problem, with the fix."""
        for path in ("", "/cec"):
            told = late.get(f"/api/v1/forecasts{path}?lang=en")
            assert (told.status_code, told.json()["code"]) == (400, "no_forecast")
            assert ASSUMED in told.json()["problems"][0]["fix"]

    def test_chances_need_it_too(self, late: Caller) -> None:
        """So does the page of chances; the button carries the answers."""
        from tests.web.site import word

        html = late.post("/en/candidate/chances", data={"a": word("graduate")}).text
        given = late.post("/en/candidate/chances", data={"a": word("graduate"), "assume": ASSUMED}).text

        assert "<svg" not in html
        assert f'name="assume" value="{ASSUMED}"' in html
        assert given.index("Assumed:") < given.index("<svg")


class TestPages:
    """What a page of a type shows."""

    def test_record_beside_the_last_value(self, call: Caller) -> None:
        """The table of the record has the scores of the forecasts and of the last cut-off repeated."""
        html = call.get(f"/en/forecasts/cec?assume={ASSUMED}").text
        record = call.get(f"/api/v1/forecasts/cec?assume={ASSUMED}").json()["record"]
        row = re.search(r'<tr><th scope="row">all</th>(.*?)</tr>', html)

        assert row is not None
        cells = re.findall(r"<td[^>]*>([^<]*)</td>", row[1])
        assert cells[:3] == [str(record["n"]), f"{record['crps']:.1f}", f"{record['crps_last_value']:.1f}"]

    def test_fan_with_what_came(self, call: Caller) -> None:
        """The fan is a picture in each width and tone, with its table; it follows the assumption."""
        html = call.get(f"/fr/forecasts/cec?assume={ASSUMED}").text
        found = re.findall(r'(?:src|srcset)="(/fr/charts/forecast-cec[^"]+)"', html)

        assert len(found) == 4
        drawn = call.get(found[-1])
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert int(re.findall(r'<svg[^>]* width="(\d+)', call.get(found[0]).text)[0]) <= 370
        assert int(re.findall(r'<svg[^>]* width="(\d+)', drawn.text)[0]) < 1000
        assert html.count("<td") > 40

    def test_how_often_it_came_true(self, call: Caller) -> None:
        """The index shows how often what was given came true, as a picture in each width and tone."""
        html = call.get(f"/fr/forecasts?assume={ASSUMED}").text
        found = re.findall(r'(?:src|srcset)="(/fr/charts/forecast-reliability[^"]+)"', html)

        assert len(found) == 4
        assert call.get(found[0]).headers["content-type"] == "image/svg+xml"
        assert "probabilité donnée" in call.get(found[-1]).text

    def test_a_drawn_picture_is_kept(self, call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        """A picture is drawn once, also where another forecast was worked out since."""
        path = f"/en/charts/forecast-cec.wide.light.svg?assume={ASSUMED}"
        first = call.get(path).text
        call.get(f"/en/forecasts/pnp?assume={ASSUMED}")
        monkeypatch.setattr("expressentry.web.pages.forecasts.draw", None)

        assert call.get(path).text == first

    def test_every_type_has_a_page(self, call: Caller) -> None:
        """Every type in the index leads to a page, also those without forecast, which say why."""
        html = call.get("/en/forecasts").text
        links = sorted(set(re.findall(r'href="(/en/forecasts/[a-z_]+)"', html)))

        assert len(links) >= 14
        for link in links:
            page = call.get(link)
            assert page.status_code == 200, link
            assert "likely" in page.text or "No round for a year" in page.text or "not known to us" in page.text, link

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/forecasts/nope", 404),
            ("/forecasts?assume=nope", 400),
            ("/forecasts/cec?assume=%3Cscript%3E", 400),
            ("/charts/forecast-nope.wide.light.svg", 404),
            ("/charts/forecast-cec.tall.light.svg", 404),
            ("/charts/forecast-fsw.wide.light.svg", 404),
        ],
    )
    def test_what_is_not_there(self, call: Caller, path: str, status: int) -> None:
        """What does not exist is refused, and nothing of it is repeated as markup."""
        told = call.get(f"/en{path}")

        assert told.status_code == status
        assert "<script>" not in told.text

    @pytest.mark.parametrize(
        "path", ["/forecasts/nope", "/forecasts/cec?horizon=13", "/forecasts/cec?until=2020-01-01"]
    )
    def test_bad_questions_of_the_api(self, call: Caller, path: str) -> None:
        """An unknown type, a horizon beyond the record, a day before: an error each."""
        assert call.get(f"/api/v1{path}").status_code in (400, 404)

    def test_without_what_works_them_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Without the extra the page and the API name it."""

        def refuse(*_: object, **__: object) -> None:
            from expressentry.errors import Problem
            from expressentry.text import same

            raise UsageError(Problem("extra_missing", "forecast", same("lab"), same("pip install 'expressentry[lab]'")))

        monkeypatch.setattr(forecasting, "needs", refuse)
        monkeypatch.setattr("expressentry.web.api.forecasts.needs", refuse)
        caller = Caller(made())

        assert caller.get("/en/forecasts").status_code == 503
        assert "expressentry[lab]" in caller.get("/en/forecasts").text
        assert caller.get("/api/v1/forecasts").json()["code"] == "extra_missing"

    def test_what_is_kept_is_bounded(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Forecasts of another day go, and so do the oldest where there are too many."""
        app = made()
        monkeypatch.setattr(forecasting, "work_out", lambda *_: forecasting.Found())
        state = app.state.known
        state.forecasts |= {("another day", at): None for at in range(5)}
        caller = Caller(app)
        for one in state.law.grids:
            for lang in ("en", "fr"):
                caller.get(f"/{lang}/forecasts?assume={one.id}")

        assert {key[0] for key in state.forecasts} == {state.today()}
        monkeypatch.setattr(forecasting, "_KEPT", 3)
        caller.get("/en/forecasts")
        assert len(state.forecasts) <= 3
