"""Rounds, distributions, positions in the pool and updates as text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text as Styled

from expressentry.dates import long_day
from expressentry.law.rule_set import RuleSet
from expressentry.present.text.console import show, table
from expressentry.present.text.law import confidence_words
from expressentry.rounds.merge import WHY, Update
from expressentry.rounds.position import Position
from expressentry.rounds.record import PoolDay, Record, Round
from expressentry.rounds.replay import INVITED, Replay, Replayed
from expressentry.text import Lang, Text, same, thousands

if TYPE_CHECKING:
    from expressentry.present.charts.data import ChartData

_MOST_DOUBTS = 8
_HEADINGS = Text(
    "number|date|round|invitations|cut-off|tie-break (UTC)",
    "numéro|date|ronde|invitations|note minimale|bris d'égalité (UTC)",
)


def number(value: int, lang: Lang) -> str:
    """A whole number with the thousands separator of the language."""
    return thousands(value).say(lang).replace(" ", "\u202f")


def clock(one: Round) -> str:
    """The tie-break to the second."""
    return f"{one.tie_break:%Y-%m-%d %H:%M:%S}" if one.tie_break else "–"


def _row(one: Round, lang: Lang, mark: str = "") -> list[object]:
    invitations = number(one.invitations, lang)
    return [f"{one.number}{mark}", one.date, one.label.say(lang), invitations, one.cutoff, clock(one)]


def print_rounds(rounds: Sequence[Round], lang: Lang) -> None:
    """Write a list of rounds, its sum, and the doubts there are."""
    rows = [_row(one, lang, "*" if one.doubt else "") for one in rounds]
    wording = Text("rounds: {n}, invitations: {i}", "rondes : {n}, invitations : {i}")
    total = wording.fill(n=number(len(rounds), lang), i=number(sum(one.invitations for one in rounds), lang))
    doubted = [one for one in rounds if one.doubt]
    notes: list[RenderableType] = [
        Styled(f"* {one.number}: {one.doubt.say(lang)}", style="dim") for one in doubted if one.doubt
    ]
    if len(doubted) > _MOST_DOUBTS:
        more = Text(
            "* {n} rounds have a doubt: `expressentry rounds show NUMBER` shows it; JSON and CSV have them all.",
            "* {n} rondes ont un doute : `expressentry rounds show NUMÉRO` l'affiche; JSON et CSV les ont tous.",
        )
        notes = [Styled(more.fill(n=len(doubted)).say(lang), style="dim")]
    show(table(_HEADINGS.say(lang).split("|"), rows, right=(3, 4)), total.say(lang), *notes)


def print_round(record: Record, one: Round, rules: RuleSet, lang: Lang) -> None:
    """Write one round: what was invited, the law of its day, the pool before it, its neighbours, its source."""
    head = Text("Round {n} · {day} · {label}", "Ronde {n} · {day} · {label}")
    title = head.fill(n=one.number, day=long_day(one.date), label=one.label).say(lang)
    pool = record.pool_before(one)
    parts: list[RenderableType] = [Styled(title, style="bold"), table(("", ""), _facts(record, one, rules, lang))]
    if pool is not None:
        parts += [Styled("\n" + _pool_head(pool, lang), style="bold"), _bands(pool, lang, one.cutoff)]
    before, after = record.neighbours(one)
    if before or after:
        wording = Text("\nRounds of the same kind before and after", "\nRondes du même genre avant et après")
        rows = [_row(other, lang) for other in (before, one, after) if other is not None]
        parts += [Styled(wording.say(lang), style="bold"), table(_HEADINGS.say(lang).split("|"), rows, right=(3, 4))]
    show(*parts)


def _facts(record: Record, one: Round, rules: RuleSet, lang: Lang) -> list[tuple[str, object]]:
    """The rows of one round, the empty ones left out."""
    source = record.sources[one.source]
    name = one.name
    if one.first_name:
        wording = Text("{n} (first published as {f})", "{n} (d'abord publié comme {f})")
        name = wording.fill(n=one.name, f=one.first_name).say(lang)
    rows: list[tuple[Text, object]] = [
        (Text("invitations", "invitations"), number(one.invitations, lang)),
        (Text("cut-off", "note minimale"), one.cutoff),
        (Text("tie-break (UTC)", "bris d'égalité (UTC)"), clock(one)),
        (Text("issued (UTC)", "lancée (UTC)"), f"{one.at:%Y-%m-%d %H:%M:%S}" if one.at else None),
        (Text("name", "nom"), name),
        (Text("programs", "programmes"), one.programs),
        (Text("category", "catégorie"), one.label.say(lang) if one.category else None),
        (Text("CRS rules", "règles du SCG"), rules.label.say(lang)),
        (Text("source", "source"), f"{source.title.say(lang)} ({confidence_words(source.confidence).say(lang)})"),
        (Text("checked", "vérifié"), one.checked),
        (Text("rounds known to", "rondes connues jusqu'au"), record.as_of),
        (Text("doubt", "doute"), one.doubt.say(lang) if one.doubt else None),
    ]
    past = [(Text("earlier value", "valeur antérieure"), f"{e.field} {e.value} ({e.source})") for e in one.earlier]
    return [(heading.say(lang), value) for heading, value in (*rows, *past) if value is not None]


def _pool_head(pool: PoolDay, lang: Lang) -> str:
    wording = Text("Pool as of {day}: {n} candidates", "Bassin au {day} : {n} candidats")
    total = pool.total if pool.total is not None else sum(count for *_, count in pool.finest)
    return wording.fill(day=long_day(pool.as_of), n=same(number(total, lang))).say(lang)


def _bands(pool: PoolDay, lang: Lang, mark: int | None = None) -> RenderableType:
    """The ranges, highest first, with the number of candidates in them or above; that of a score is marked."""
    rows, so_far = [], 0
    for low, high, count in pool.finest:
        so_far += count
        here = "←" if mark is not None and low <= mark <= high else ""
        rows.append([f"{low}–{high}", number(count, lang), number(so_far, lang), here])
    headings = Text("CRS|candidates|this range or higher|", "SCG|candidats|cette tranche ou plus|")
    return table(headings.say(lang).split("|"), rows, right=(1, 2))


def print_pool(pool: PoolDay, lang: Lang) -> None:
    """Write one distribution."""
    doubt = [Styled(f"* {pool.doubt.say(lang)}", style="dim")] if pool.doubt else []
    show(Styled(_pool_head(pool, lang), style="bold"), _bands(pool, lang), *doubt)


def print_standing(found: Position, pool: PoolDay, year: Sequence[Position], lang: Lang) -> None:
    """Write the position of a score, and its position in each month of the year before."""
    head = Text("CRS {s} in the pool of {day}", "SCG {s} dans le bassin du {day}")
    rank = Text(
        "rank {a} to {b} of {n}; between {p} % and {q} % of candidates score lower",
        "rang {a} à {b} sur {n}; entre {p} % et {q} % des candidats ont moins de points",
    )
    why = Text(
        "These are bounds: only the number of candidates from {a} to {b} is published, not their scores and submission "
        "times.",
        "Ce sont des bornes : seul le nombre de candidats de {a} à {b} est publié, non leurs notes ni leurs dates de "
        "soumission.",
    )
    month_ends = {one.as_of.replace(day=1): one for one in year}
    rows = [
        [
            one.as_of,
            *(number(bound, lang) for bound in one.rank),
            number(one.total, lang),
            *(percent(bound, lang) for bound in one.lower),
        ]
        for one in month_ends.values()
    ]
    headings = Text(
        "as of|best rank|worst rank|pool|% lower, at least|at most",
        "en date du|meilleur rang|pire rang|bassin|% plus bas, au moins|au plus",
    )
    doubt = [Styled(f"* {pool.doubt.say(lang)}", style="dim")] if pool.doubt else []
    show(
        Styled(head.fill(s=found.score, day=long_day(found.as_of)).say(lang), style="bold"),
        rank.fill(
            a=number(found.rank[0], lang),
            b=number(found.rank[1], lang),
            n=number(found.total, lang),
            p=percent(found.lower[0], lang),
            q=percent(found.lower[1], lang),
        ).say(lang),
        Styled(why.fill(a=found.band[0], b=found.band[1]).say(lang), style="dim"),
        table(headings.say(lang).split("|"), rows, right=range(1, 6)),
        *doubt,
    )


def percent(value: float, lang: Lang) -> str:
    """A share to a tenth, with the decimal mark of the language."""
    return f"{value:.1f}" if lang == "en" else f"{value:.1f}".replace(".", ",")


def print_update(update: Update, lang: Lang) -> None:
    """Write what an update brought: new rounds, what differs and which value is used, and what was odd."""
    wording = Text(
        "Rounds known to number {n} of {day}; new rounds: {a}, distributions: {b}, differences: {c}",
        "Rondes connues jusqu'au numéro {n} du {day}; nouvelles rondes : {a}, répartitions : {b}, différences : {c}",
    )
    newest = update.record.newest
    parts: list[RenderableType] = [
        wording.fill(
            n=newest.number,
            day=long_day(newest.date),
            a=len(update.new),
            b=len(update.new_pool),
            c=len(update.differences),
        ).say(lang)
    ]
    if update.new:
        rows = [_row(one, lang) for one in update.new]
        parts.append(table(_HEADINGS.say(lang).split("|"), rows, right=(3, 4)))
    if update.differences:
        used = {"feed": Text("feed", "fichier"), "record": Text("record", "historique")}
        headings = Text("of|field|record|feed|used|why", "de|champ|historique|fichier|retenu|raison")
        rows = [
            [d.subject, d.field, d.record or "–", d.feed, used[d.used].say(lang), WHY[d.why].say(lang)]
            for d in update.differences
        ]
        parts.append(table(headings.say(lang).split("|"), rows))
    show(*parts)


def print_chart(data: ChartData, lang: Lang) -> None:
    """Write what a chart shows: a sentence, a short table, the source."""
    right = range(1, len(data.table[0]))
    drawn = table(data.headings.say(lang).split("|"), data.table, right=right)
    show(data.summary.say(lang), drawn, data.credit.say(lang))


REPLAYED = {
    "invited": Text("invited", "invité"),
    "not_invited": Text("not invited", "non invité"),
    "cannot_tell": Text("one more fact needed", "il manque un fait"),
}
_REPLAY_STYLE = {True: "green", False: "dim", None: "yellow"}


def print_replay(found: Replay, shown: list[Replayed], lang: Lang) -> None:
    """Write the rounds shown, after what became of all that were replayed."""
    headings = Text("number|date|round|cut-off|score|answer|why", "numéro|date|ronde|note min.|note|réponse|raison")
    rows = [
        [
            one.round.number,
            one.round.date,
            one.round.label.say(lang),
            one.round.cutoff,
            "–".join(map(str, dict.fromkeys((one.scores[0], one.scores[-1])))),
            Styled(REPLAYED[INVITED[one.answer]].say(lang), style=_REPLAY_STYLE[one.answer]),
            one.reason.say(lang),
        ]
        for one in shown
    ]
    drawn = [table(headings.say(lang).split("|"), rows, right=(3, 4))] if rows else []
    bounded = [found.bounded.say(lang)] if found.bounded else []
    show(_replay_headline(found).say(lang), *bounded, *_nearest_miss(found, lang), *drawn)


def _nearest_miss(found: Replay, lang: Lang) -> list[str]:
    """Where no round would have invited: the one that came nearest, or that none could be entered."""
    if found.invited or not found.rounds:
        return []
    nearest = found.nearest
    if nearest is None and any(one.answer is None for one in found.rounds):
        return []
    if nearest is None:
        told = Text(
            "None of these rounds was one that you could enter", "Vous n'auriez pu entrer dans aucune de ces rondes"
        )
        why = found.rounds[-1]
        return [_TOLD.fill(t=told, n=why.round.number, d=long_day(why.round.date), r=why.reason).say(lang)]
    told = Text("The nearest miss: round {n} of {d} ({l}): {r}", "La plus proche : la ronde {n} du {d} ({l}) : {r}")
    one = nearest.round
    return [told.fill(n=one.number, d=long_day(one.date), l=one.label, r=nearest.reason).say(lang)]


_TOLD = Text("{t}; for example round {n} of {d}: {r}", "{t}; par exemple la ronde {n} du {d} : {r}")


def _replay_headline(found: Replay) -> Text:
    if found.since is None:
        return Text(
            "No round: a profile cannot be submitted without a language test.",
            "Aucune ronde : un profil ne peut pas être soumis sans test de langue.",
        )
    open_ = sum(one.answer is None for one in found.rounds)
    wording = Text(
        "Would have invited: {n} of {m} rounds since {day}, the first test result; one more fact needed: {o}",
        "Auraient invité : {n} sur {m} rondes depuis le {day}, premier résultat de test; il manque un fait : {o}",
    )
    return wording.fill(n=len(found.invited), m=len(found.rounds), day=long_day(found.since), o=open_)
