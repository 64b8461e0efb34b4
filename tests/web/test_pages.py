"""Every page in both languages: the same structure, links that lead somewhere, what must stand beside a number."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markupsafe import escape

from expressentry import load_law, load_record
from expressentry.dates import anniversary
from expressentry.noc.codes import broad_groups
from expressentry.present.charts.data import density
from expressentry.web.pages import charts
from expressentry.web.pages.charts import data_of
from expressentry.web.pages.feeds import series
from expressentry.web.pages.right import peer_errors
from tests.web.serving import DAY, PAGES, Caller, made

ATOM = "{http://www.w3.org/2005/Atom}"
EACH = pytest.mark.parametrize("path", PAGES)
BAD_DAYS = ("since=1+May", "since=soon", "until=05/04/2024", "since=2024-02-30", "since=0")
NO_SCORES = ("-3", "1201", "99999999999999999999", "00012345", "0" * 4_400, "²")
ANSWERS = {"age": "29", "education": "masters", "language": "english", "level": "9"}


class Structure(HTMLParser):
    """The elements of a page with what scripts, styles and readers hold on to; and its links."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, ...]] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        given = dict(attrs)
        self.found.append((tag, given.get("id") or "", given.get("class") or "", given.get("name") or ""))
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))


def shape(html: str, path: str) -> list[tuple[str, ...]]:
    """The elements of a page; without job titles, without hits, without the note that duties are in English only."""
    found = Structure(html).found
    if path.startswith("/occupations?"):
        return [one for one in found if one[0] not in ("tr", "th", "td", "a", "span", "li")]
    differ = path.startswith("/occupations/")
    return [one for one in found if not differ or (one[0] != "li" and one[2] not in ("small soft", "official"))]


@EACH
def test_both_languages_have_one_structure(call: Caller, path: str) -> None:
    """English and French pages have the same elements, but for what occupations and searches list in one."""
    english, french = (call.get(f"/{lang}{path}") for lang in ("en", "fr"))

    assert (english.status_code, french.status_code) == (200, 200)
    assert '<html lang="en">' in english.text
    assert '<html lang="fr">' in french.text
    assert french.headers["content-language"] == "fr"
    assert shape(english.text, path) == shape(french.text, path)
    assert re.findall(r"<h2 id", english.text) == re.findall(r"<h2 id", french.text)


@EACH
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_page_is_whole(call: Caller, lang: str, path: str) -> None:
    """A page has one title, one first heading, its disclaimer twice, the switch of language, and ids that are one."""
    html, bare = call.get(f"/{lang}{path}").text, path.partition("?")[0]
    found = Structure(html)
    disclaimer = {"en": "Not a Government of Canada product", "fr": "Pas un produit du gouvernement du Canada"}[lang]
    other = {"en": "fr", "fr": "en"}[lang]

    assert html.count("<h1") == 1
    assert html.count(disclaimer) == 2
    assert sum(link == f"/{other}{path}".replace("&", "&") for link in found.links) == 2
    assert len(found.ids) == len(set(found.ids))
    assert re.search(r'<meta name="description" content="[^"]{30,}', html)
    assert re.search(r'<meta property="og:title" content="[^"]+', html)
    assert re.search(r'<meta property="og:description" content="[^"]{30,}', html)
    assert f'<meta property="og:locale" content="{lang}_CA">' in html
    assert f'<link rel="canonical" href="http://test/{lang}{bare}">' in html
    for one in ("en", "fr"):
        assert f'<link rel="alternate" hreflang="{one}" href="http://test/{one}{bare}">' in html
    assert "{{" not in html
    assert "Text(" not in html


def test_every_link_leads_somewhere(call: Caller) -> None:
    """All links of a page of each kind lead to a page, and their marks to a place in it."""
    seen: dict[str, Structure] = {}
    wanted = {
        link for path in PAGES for link in Structure(call.get(f"/en{path}").text).links if not link.startswith("http")
    }
    for link in sorted(wanted):
        address, _, mark = link.partition("#")
        if not address or address.startswith("?"):
            continue
        if re.match(r"/(en|fr)/(occupations|rounds|pool)/", address) and hash(address) % 12:
            continue  # pages of one kind: some of each
        if address not in seen:
            answer = call.get(address)
            assert answer.status_code == 200, link
            seen[address] = Structure(answer.text) if "html" in answer.headers["content-type"] else Structure("")
        assert not mark or mark in seen[address].ids, link


def test_what_is_not_sure_stands_by_the_number(call: Caller, late: Caller) -> None:
    """The age of the record and law that is not established are told on the pages that show such numbers."""
    for path in ("", "/law", "/law/crs-2025-03-25", "/how-right"):
        assert "3 November 2026" in late.get(f"/en{path}").text
        assert "3 novembre 2026" in late.get(f"/fr{path}").text
    for path in ("", "/rounds", "/pool", "/categories"):
        assert late.get(f"/en{path}").text.count("Rounds since 1 October 2026 are missing.") == 1
        assert late.get(f"/fr{path}").text.count("Les rondes depuis le 1er octobre 2026 manquent.") == 1
        assert "are missing." not in call.get(f"/en{path}").text


def test_new_rules_are_said_in_plain_words(late: Caller) -> None:
    """Rules that we could not read are announced once on a page, with the rules that are used instead."""
    english = (
        "New rules are reported since 3 November 2026; we could not read them. This uses the rules of 25 March 2025."
    )
    french = "De nouvelles règles sont annoncées depuis le 3 novembre 2026; nous n'avons pas pu les lire."

    assert late.get("/en").text.count(english) == 1
    assert unescape(late.get("/fr").text).count(french) == 1
    assert late.post("/en/quick", data=ANSWERS).text.count(english) == 1


class TestFourQuestions:
    """The form of the first page."""

    def test_a_first_score(self, call: Caller) -> None:
        """Four answers give the score of a person who has just these, with rules and day, and what it leaves out."""
        html = call.post("/en/quick", data=ANSWERS).text

        assert '<span class="big">419</span>' in html
        assert "if you apply alone, with no work counted. You cannot enter the pool on this alone." in html
        assert '<a href="/en/law/crs-2025-03-25">The rules of 25 March 2025</a>' in html
        assert re.search(r'<span class="num">\+\d+</span> French: NCLC \d+ in all four abilities', html)

    def test_in_french(self, call: Caller) -> None:
        """Someone tested in French says so, and gets the points of French: more than for the same levels of English."""
        told = [
            int(re.findall(r'<span class="big">(\d+)</span>', call.post("/fr/quick", data=given).text)[0])
            for given in (ANSWERS, {**ANSWERS, "language": "french"})
        ]
        assert told[1] == told[0] + 25

    def test_only_steps_that_a_person_can_take(self, call: Caller) -> None:
        """A certificate in a trade is offered to nobody who named no trade; neither is a sibling, nor a nomination."""
        html = call.post("/en/quick", data=ANSWERS).text
        steps = html.partition("What would add most")[2].partition("</ul>")[0]

        assert steps.count("<li>") > 2
        assert not re.search(r"certificate of qualification|sibling|nomination", steps, re.IGNORECASE)

    @pytest.mark.parametrize(
        ("lang", "says"), [("en", "in nursing, engineering or teaching"), ("fr", "en soins infirm")]
    )
    def test_a_professional_degree_is_said(self, call: Caller, lang: str, says: str) -> None:
        """A nurse does not take a bachelor's for the professional degree of a licensed profession."""
        assert says in call.get(f"/{lang}").text

    def test_one_promise_and_one_button(self, call: Caller) -> None:
        """The first page promises one thing, and its first button leads to it; nothing cuts what is typed."""
        html = call.get("/en").text

        assert "<h1>Check your Express Entry score</h1>" in html
        assert html.index('href="/en/candidate">Full check') < html.index("<form")
        assert html.count('class="button"') == 1
        assert int(re.findall(r'name="age"[^>]*maxlength="(\d+)"', html)[0]) >= 4

    def test_law_not_established_is_said_there(self, late: Caller) -> None:
        """On a day whose law is not established the score says so beside itself."""
        html = late.post("/fr/quick", data=ANSWERS).text

        assert "3 novembre 2026" in html.partition('id="answer"')[2].partition("</section>")[0]

    @pytest.mark.parametrize(
        "wrong",
        [
            {"age": "", "education": "", "level": "", "language": ""},
            {"age": "200"},
            {"age": "29.5"},
            {"language": "spanish"},
            {"age": "<script>"},
            {"level": "11"},
            {"education": ""},
        ],
    )
    def test_problems(self, call: Caller, wrong: dict[str, str]) -> None:
        """A missing or impossible answer: 422, a summary on top that links to the field, the field marked."""
        answer = call.post("/fr/quick", data={**ANSWERS, **wrong})

        assert answer.status_code == 422
        for name in wrong:
            assert f'<a href="#{name}">' in answer.text
            assert f'id="{name}-error"' in answer.text
        assert "<script>" not in answer.text

    def test_answers_are_not_kept(self, call: Caller) -> None:
        """No cookie is set, the answer is not to be stored, and the next visitor sees nothing of it."""
        answer = call.post("/en/quick", data=ANSWERS)

        assert "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
        assert call.get("/fr/quick").headers["location"] == "/fr"
        assert "selected" not in call.get("/en").text


class TestRounds:
    """The list and its filter."""

    def test_filter(self, call: Caller) -> None:
        """Filters join; what is asked stays in the form; an empty field asks nothing."""
        html = call.get("/en/rounds?type=category&category=stem&since=2024-01-01&until=&cutoff_min=").text

        assert "1 rounds" in html
        assert html.index("<table>") < html.index("<figure>")
        assert 'href="/en/rounds/293"' in html
        assert '<option value="stem" selected>' in html

    def test_charts_and_files_follow_the_filter(self, call: Caller) -> None:
        """Charts, CSV and JSON are of the rounds that the filter finds, however its days were typed."""
        html = call.get("/en/rounds?category=stem&since=2023-12&until=April+2024").text
        asked = "?category=stem&amp;since=2023-12-01&amp;until=2024-04-30"

        assert "2 rounds from 8 December 2023 to 11 April 2024" in html
        assert f"/en/charts/cutoffs.narrow.light.svg{asked}" in html
        assert f'href="/en/rounds.csv{asked}"' in html
        listed = list(csv.DictReader(io.StringIO(call.get(f"/en/rounds.csv{unescape(asked)}").text)))
        assert [row["number"] for row in listed] == ["293", "274"]
        assert [row["number"] for row in call.get(f"/api/v1/rounds{unescape(asked)}").json()] == ["293", "274"]
        assert "STEM" in call.get(f"/en/charts/cutoffs.wide.dark.svg{unescape(asked)}").text
        assert "Healthcare" not in call.get(f"/en/charts/cutoffs.wide.dark.svg{unescape(asked)}").text

    def test_every_round_as_csv(self, call: Caller) -> None:
        """Without a filter the file has every round, the newest first."""
        listed = list(csv.DictReader(io.StringIO(call.get("/fr/rounds.csv").text)))

        assert [row["number"] for row in listed] == [one.number for one in reversed(load_record().rounds)]

    def test_no_rounds(self, call: Caller) -> None:
        """Where no round matches, the page says so and draws nothing."""
        html = call.get("/en/rounds?type=pnp&cutoff_max=100").text

        assert "No rounds match. Remove a filter." in html
        assert "<figure>" not in html
        assert call.get("/en/charts/cutoffs.wide.light.svg?type=pnp&cutoff_max=100").status_code == 404

    def test_what_is_wrong_is_above(self, call: Caller) -> None:
        """The message about a filter that cannot be read comes before everything else on the page."""
        html = call.get("/en/rounds?since=soon").text

        assert html.index('role="alert"') < html.index("<h1")
        assert 'href="#since"' in html

    @pytest.mark.parametrize("query", [*BAD_DAYS, *(f"cutoff_min={one}" for one in NO_SCORES), "type=x"])
    def test_wrong_filter(self, call: Caller, query: str) -> None:
        """A filter that cannot be read is said, and the page still shows."""
        answer = call.get(f"/en/rounds?{query}")

        assert answer.status_code == 400
        assert 'role="alert"' in answer.text

    def test_every_round_has_its_page(self, call: Caller) -> None:
        """Each number of the record, 91a and 91b too, has a page with its cut-off."""
        for one in [*list(load_record())[::15], load_record().round("91b")]:
            assert f'<dd class="big">{one.cutoff}</dd>' in call.get(f"/fr/rounds/{one.number}").text

    def test_unknown(self, call: Caller) -> None:
        """A number that is none is a page of 404 that says which there are; 91 names its two."""
        assert call.get("/en/rounds/99999").status_code == 404
        assert "91a, 91b" in call.get("/en/rounds/91").text


def test_charts_are_drawn_and_told(call: Caller) -> None:
    """A chart is a picture of this site with a sentence and a table that say the same; names are a closed list."""
    html = call.get("/fr/rounds").text
    source = re.search(r'<img src="(/fr/charts/cut[^"]+)" alt="([^"]+)"', html)
    assert source is not None
    answer = call.get(source[1])

    assert answer.headers["content-type"] == "image/svg+xml"
    assert "Notes minimales" in answer.text
    assert source[2].startswith("446 rondes") or "rondes du" in source[2]
    assert "La même chose en tableau" in html
    assert call.get("/fr/charts/../style.wide.light.svg").status_code == 404
    for name in ("cutoffs.wide.pink", "cutoffs.tall.light", "other.wide.light"):
        assert call.get(f"/fr/charts/{name}.svg").status_code == 404


def test_a_phone_gets_the_last_years_and_the_legend(call: Caller) -> None:
    """The narrow drawing is as wide as a phone, begins four years before its last round, and has every group named."""
    drawn = call.get("/en/charts/cutoffs.narrow.light.svg").text
    state = call.app.state.known
    rows = data_of(state, "cutoffs", "en", narrow=True).rows

    assert int(re.findall(r'<svg[^>]* width="(\d+)', drawn)[0]) <= 370
    assert date.fromisoformat(rows[0]["date"]) > anniversary(date.fromisoformat(rows[-1]["date"]), -4)
    assert rows[-1]["number"] == state.record.newest.number
    for name in {row["group"] for row in rows}:
        assert name in drawn
    assert 'media="(max-width: 40rem)"' in call.get("/en/rounds").text


def test_charts_are_drawn_before_the_first_visitor(monkeypatch: pytest.MonkeyPatch) -> None:
    """An app that draws ahead has every picture of everything; a visitor gets it as it is."""
    app = made()
    monkeypatch.setattr(charts, "draw", lambda _, name, lang, __, *how: f"{name} {lang} {how}".encode())
    asyncio.run(charts.draw_ahead(app.state.known))

    assert len(app.state.known.pictures) == 4 * 2 * 2 * 2
    monkeypatch.setattr(charts, "draw", None)
    answer = Caller(app).get("/fr/charts/pool.narrow.dark.svg")
    assert answer.text == "pool fr (True, True)"


def test_pictures_of_filters_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of pictures of filtered rounds only the newest are kept; those of everything stay."""
    app = made()
    monkeypatch.setattr(charts, "draw", lambda *_, **__: b"<svg/>")
    caller = Caller(app)
    caller.get("/en/charts/cutoffs.wide.light.svg")
    for score in range(300, 400):
        caller.get(f"/en/charts/cutoffs.wide.light.svg?cutoff_min={score}")

    assert len(app.state.known.pictures) == 1 + 64
    assert "cutoffs.wide.light.en" in app.state.known.pictures


def test_bands_of_the_pool_by_their_width(call: Caller) -> None:
    """A band of 50 points is not five times as high as one of 10 with as many candidates for each point."""
    day = load_record().pool[-1]
    html = call.get("/en/pool").text

    assert density(351, 400, 47_298) == 9_460
    assert density(491, 500, 12_745) == 12_745
    for low, high, count in day.finest:
        assert f'<td class="num">{count:,}</td><td class="num">{density(low, high, count):,}</td>' in html
    rows = data_of(call.app.state.known, "pool", "en").rows
    assert all(row["density"] == density(row["crs_low"], row["crs_high"], row["candidates"]) for row in rows)
    assert re.search(r"<summary>Show the 12\d days</summary>", html)


@pytest.mark.parametrize("score", NO_SCORES)
def test_what_is_no_score(call: Caller, score: str) -> None:
    """What is typed as a score and is none is told at its field, however many figures it has, and the answer is 400."""
    for place in ("pool", f"pool/{load_record().pool[0].as_of}"):
        answer = call.get(f"/en/{place}?score={score}")

        assert answer.status_code == 400
        assert '<span class="field-error" id="score-error">a score from 0 to 1200</span>' in answer.text


def test_three_heads_for_the_last_round_of_a_category(call: Caller) -> None:
    """Number, date and cut-off of the last round have a column each."""
    html = call.get("/en/categories").text

    assert html.count('<th scope="col"') == 6
    last = load_record().last_round("french", on=DAY)
    assert last is not None
    assert f'<a href="/en/rounds/{last.number}">{last.number}</a></td>' in html
    assert f'</td><td class="num">{last.cutoff}</td>' in html


def test_a_page_that_is_not_there(call: Caller) -> None:
    """The page of 404 says so in plain words and leads home."""
    for lang, words, home in (("en", "Page not found", "home page"), ("fr", "Page introuvable", "page d'accueil")):
        answer = call.get(f"/{lang}/nothing/here")

        assert answer.status_code == 404
        assert f"<h1>{words}</h1>" in answer.text
        assert home in unescape(answer.text)
        assert "openapi" not in answer.text
    assert "This round does not exist" in call.get("/en/rounds/99999").text
    assert "(number)" not in call.get("/en/rounds/99999").text


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/en/", "/en"),
        ("/fr/rounds/293/", "/fr/rounds/293"),
        ("/en/pool/?score=491&x=%0d%0a", "/en/pool?score=491&x=%0d%0a"),
        ("/api/v1/law/", "/api/v1/law"),
    ],
)
def test_a_slash_too_many(call: Caller, path: str, to: str) -> None:
    """An address with a slash at its end leads to the page without it, on this site."""
    answer = call.get(path)

    assert (answer.status_code, answer.headers["location"]) == (308, to)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/\\example.org/", "/en//", "/%2f%2fexample.org/", "/en/%0d%0aX:y/"])
def test_no_way_to_another_host(call: Caller, path: str) -> None:
    """What could lead elsewhere is not found; and nothing that is sent leads on."""
    assert call.get(path).status_code == 404
    assert call.post("/en/rounds/", content=b"").status_code in (404, 405)


@EACH
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_days_are_written_in_words(call: Caller, lang: str, path: str) -> None:
    """Days are written one way, in words; only ids and addresses have them as data. English has no « »."""
    html = call.get(f"/{lang}{path}").text
    html = re.sub(r'<(code|pre)\b.*?</\1>|<(\w+) class="[^"]*(?:mono|anchor)[^"]*".*?</\2>', "", html, flags=re.DOTALL)
    text = unescape(re.sub(r"<[^>]*>", " ", html))

    assert not re.search(r"(?<![\w-])\d{4}-\d\d-\d\d(?!T\d)", text)
    assert lang == "fr" or "«" not in text


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("name", list(series(load_law().round_names)))
def test_feeds(call: Caller, name: str, lang: str) -> None:
    """A feed of each kind is Atom (RFC 4287) with all that must be in it; the newest comes first, ids are one."""
    answer = call.get(f"/{lang}/feeds/{name}.atom")
    root = ElementTree.fromstring(answer.text)
    entries = root.findall(f"{ATOM}entry")
    updated = [entry.findtext(f"{ATOM}updated") or "" for entry in entries]
    links = {one.get("rel", "alternate"): str(one.get("href")) for one in root.findall(f"{ATOM}link")}
    own = f"http://test/{lang}/feeds/{name}.atom"

    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert (root.tag, root.get("{http://www.w3.org/XML/1998/namespace}lang")) == (f"{ATOM}feed", lang)
    assert root.findtext(f"{ATOM}id") == links["self"] == own
    assert root.findtext(f"{ATOM}title")
    assert root.findtext(f"{ATOM}author/{ATOM}name")
    assert call.get(links["alternate"].removeprefix("http://test")).status_code == 200
    assert updated == sorted(updated, reverse=True)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", one) for one in updated)
    assert root.findtext(f"{ATOM}updated") == (updated[0] if updated else root.findtext(f"{ATOM}updated"))
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)
    for entry in entries[:3]:
        link = entry.find(f"{ATOM}link")
        assert entry.findtext(f"{ATOM}title")
        assert entry.findtext(f"{ATOM}summary") or entry.findtext(f"{ATOM}content")
        assert link is not None
        assert call.get(str(link.get("href")).removeprefix("http://test")).status_code == 200


def test_map_and_robots(call: Caller) -> None:
    """The map of the site names every kind of page in both languages, and each of a sample exists."""
    found = re.findall(r"<loc>http://test([^<]+)</loc>", call.get("/sitemap.xml").text)

    assert len(found) == len(set(found)) > 2000
    assert "Sitemap: http://test/sitemap.xml" in call.get("/robots.txt").text
    for path in found[::97]:
        assert call.get(path).status_code == 200


def test_the_first_page_is_in_the_readers_language(call: Caller) -> None:
    """`/` leads to the language that the browser likes better."""
    for accept, lang in (("fr-CA,fr;q=0.9,en;q=0.5", "fr"), ("en;q=0.9,fr;q=0.3", "en"), ("", "en"), ("de", "en")):
        answer = call.get("/", headers={"Accept-Language": accept})

        assert (answer.status_code, answer.headers["location"]) == (302, f"/{lang}")
        assert answer.headers["vary"] == "Accept-Language"


def test_how_right_we_are(call: Caller) -> None:
    """The page has every class of error of others, and every doubt of ours."""
    html = call.get("/fr/how-right").text

    assert len(peer_errors()) == 37
    for one in peer_errors():
        assert re.sub("['&]", ".", one.what.fr)[:20] in re.sub("&#39;|['&]", ".", html).replace("\xa0", " ")
    assert "mi-2026-11-03" in html


def test_search_without_javascript(call: Caller) -> None:
    """A form finds an occupation in either language, typing errors included; a code finds itself."""
    for words in ("infirmiere", "registered nurse", "31301"):
        assert 'href="/en/occupations/31301"' in call.get("/en/occupations", params={"q": words}).text


def test_no_good_match_leads_to_the_broad_groups(call: Caller) -> None:
    """Where nothing matches well the page says so, and has the ten broad groups by their names as a way in."""
    for lang, words in (("en", "No good match"), ("fr", "Rien ne correspond bien")):
        html = call.get(f"/{lang}/occupations?q=zzzzqqqq").text

        assert words in html
        assert html.count("<details>") == 10
        for group in broad_groups():
            assert str(escape(group.title.say("fr" if lang == "fr" else "en"))) in html
        assert f'href="/{lang}/occupations/72106"' in html
    assert "Codes from" not in call.get("/en/occupations").text


def test_english_duties_are_said_to_be_so(call: Caller) -> None:
    """The French page of an occupation says that duties are in English, and leads to where they are in French."""
    html = call.get("/fr/occupations/63200").text

    assert html.count("En anglais seulement ici") == 2
    assert html.count('href="https://noc.esdc.gc.ca/?GoCTemplateCulture=fr-CA"') == 2
    assert "noc.esdc.gc.ca" not in call.get("/en/occupations/63200").text
