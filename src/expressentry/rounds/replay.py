"""Would this person have been invited: past rounds replayed under the law, charts and lists of the day of each.

    replay(profile, record)                        every round since the person could have been in the pool
    replay(profile, record, submitted=[instant])   exact at the tie-break

Each round is answered invited, not invited, or undetermined, with the reason and, where the person could enter it, the
margin to the cut-off.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from expressentry.assess.person.criteria import Answer, every
from expressentry.assess.person.readings import Assessment, Assessor
from expressentry.assess.person.score import AssessedReading
from expressentry.dates import as_instant
from expressentry.law.law import Law
from expressentry.law.rule_set import RuleSet
from expressentry.profile.read import as_profile
from expressentry.rounds.eligibility import RoundEligibility, eligibility
from expressentry.rounds.record import Record, Round
from expressentry.rounds.windows import left_pool, profile_ends
from expressentry.shown import Shown
from expressentry.text import Text

if TYPE_CHECKING:
    from expressentry.profile.model import Profile

_DAY = timedelta(days=1)

MOST_EFFORT = 600_000
"""So many pieces of a profile are read at most: every round for one with some open questions, the newest else."""

INVITED = {True: "invited", False: "not_invited", None: "cannot_tell"}


@dataclass(frozen=True, slots=True)
class Replayed:
    """One round for one person.

    `scores` are the different CRS scores of the readings on that day; `entry` whether the person could enter the round;
    `margins` the scores less the cut-off, empty where the person could not enter; `reason` says why in words.
    """

    round: Round
    answer: Answer
    reason: Text
    scores: tuple[int, ...]
    entry: Answer
    margins: tuple[int, ...]


@dataclass(frozen=True, slots=True, repr=False)
class Replay(Shown):
    """Every round since `since`, the first day on which the person could have been in the pool; None: never.

    `left_out` are rounds since that day, the oldest, that were not replayed, as too many questions are open.
    """

    since: date | None
    rounds: tuple[Replayed, ...]
    before: int
    left_out: int = 0

    def _in_short(self) -> str:
        return f"{len(self.invited)} of {len(self.rounds)} rounds would have invited"

    @property
    def total(self) -> int | None:
        """The CRS score on the day of the newest round, None where readings differ or no round was replayed."""
        scores = self.rounds[-1].scores if self.rounds else ()
        return scores[0] if len(scores) == 1 else None

    @property
    def bounded(self) -> Text | None:
        """That older rounds were left out, and why; None where every one was replayed."""
        return _LEFT_OUT.fill(n=self.left_out) if self.left_out else None

    @property
    def invited(self) -> tuple[Replayed, ...]:
        """The rounds that would have invited the person."""
        return tuple(one for one in self.rounds if one.answer)

    @property
    def nearest(self) -> Replayed | None:
        """Of the rounds that the person could enter and that did not invite, the one that came nearest."""
        return nearest_miss(self.rounds)


_LEFT_OUT = Text(
    "The {n} oldest rounds were not looked at: so many questions are open that each round takes long. Answer some of "
    "them, or ask about fewer rounds",
    "Les {n} rondes les plus anciennes n'ont pas été examinées : tant de questions sont ouvertes que chaque ronde "
    "demande beaucoup de calculs. Répondez à quelques-unes, ou demandez moins de rondes",
)


def nearest_miss(replayed: Iterable[Replayed]) -> Replayed | None:
    """Of the rounds that did not invite although the person could enter, the nearest; the newest of equals."""
    missed = [one for one in replayed if one.entry is not False and one.answer is False and one.margins]
    return max(missed, key=lambda one: (one.margins[-1], one.round.date), default=None)


def replay(
    profile: Profile,
    record: Record,
    *,
    submitted: Sequence[datetime | str] = (),
    rounds: Iterable[Round] | None = None,
    law: Law | None = None,
) -> Replay:
    """Replay a person through the rounds of the record, or those given.

    `submitted` are the instants (UTC) at which the profile was submitted, each good for twelve months; without one the
    person is taken to be in the pool throughout, and the answer at the cut-off is `cannot_tell` where a tie-break
    decided. Where very many questions are open, only the newest rounds are replayed.

    Rounds before the first result of a language test are left out: without one no profile can be submitted.
    Raises FactorsError for facts that are wrong.
    """
    profile, known = as_profile(profile), list(record.rounds if rounds is None else rounds)
    results = [test.results_on for test in profile.person.tests]
    since = min(results, default=None)
    if since is None:
        return Replay(None, (), len(known))
    after = [one for one in known if one.date >= since]
    assessor, instants = Assessor(profile, law), sorted(map(as_instant, submitted))
    found: list[Replayed] = []
    enough = assessor.up_to(MOST_EFFORT)
    for one in reversed(after):  # the newest matter most
        if assessor.effort > enough:
            break
        found.append(replayed(one, assessor.on(one.date), instants))
    return Replay(since, tuple(reversed(found)), len(known) - len(after), len(after) - len(found))


def scores(profile: Profile, days: Iterable[date], law: Law | None = None) -> list[tuple[date, int]]:
    """The CRS score on each day from the first result of a language test on, in the usual reading of the facts.

    Of a profile with very many open questions, that of the last days only.
    """
    since = min((test.results_on for test in profile.person.tests), default=date.max)
    assessor = Assessor(profile, law)
    found: list[tuple[date, int]] = []
    enough = assessor.up_to(MOST_EFFORT)
    for day in sorted((day for day in days if day >= since), reverse=True):
        if assessor.effort > enough:
            break
        found.append((day, assessor.on(day).first.total))
    return found[::-1]


def replayed(one: Round, found: Assessment, submitted: Sequence[datetime] = ()) -> Replayed:
    """Replay one round for a person assessed on its day: every reading judged, and what they agree on."""
    picked = [_choice(one, reading) for reading in found.readings]
    may_enter = picked[0][1].answer if len({entry.answer for _, entry in picked}) == 1 else None
    totals = tuple(sorted({reading.total for reading, _ in picked}))
    margins = tuple(score - one.cutoff for score in totals) if may_enter is not False else ()
    live, gone = _live(one, submitted, found.first.rules)
    if gone is not None and live is None:
        return Replayed(one, False, gone, totals, may_enter, margins)
    judged = [_judged(one, reading, entry, live, gone) for reading, entry in picked]
    answers = {answer for answer, _ in judged}
    if len(answers) == 1:
        return Replayed(one, *_noted(one, judged[0], live, found.first.rules), totals, may_enter, margins)
    doubts = Text("; ", "; ").join(doubt.open for doubt in found.doubts)
    reason = Text("depends on an open question: {d}", "dépend d'une question en suspens : {d}").fill(d=doubts)
    return Replayed(one, None, reason, totals, may_enter, margins)


_RISING = (False, None, True)


def _choice(one: Round, reading: AssessedReading) -> tuple[AssessedReading, RoundEligibility]:
    """Of the ways to choose among test reports, the one with which the person enters the round with most points."""
    tried = [(choice, eligibility(one, choice)) for choice in reading.choices]
    return max(tried, key=lambda pair: (_RISING.index(pair[1].answer), pair[0].total))


def _noted(one: Round, judged: tuple[Answer, Text], live: datetime | None, rules: RuleSet) -> tuple[Answer, Text]:
    """The answer, with a word on the one day on which it rests on how a profile's year is counted."""
    answer, reason = judged
    if answer and live is not None and one.date == profile_ends(rules.law, live) - _DAY:
        reason = _ANNIVERSARY.fill(r=reason)
    return answer, reason


_ANNIVERSARY = Text(
    "{r}; the round was on the last day of the profile, the anniversary of its submission (instructions, s. 4(1)(b))",
    "{r}; la ronde a eu lieu le dernier jour du profil, l'anniversaire de sa soumission (instructions, al. 4(1)b))",
)


def _live(one: Round, submitted: Sequence[datetime], rules: RuleSet) -> tuple[datetime | None, Text | None]:
    """The submission that was in the pool at a round; else why there was none. Both None: nothing was said of it."""
    if not submitted:
        return None, None
    before = [instant for instant in submitted if instant <= _latest(one)]
    if not before:
        return None, Text("not yet submitted", "pas encore soumis")
    live = before[-1]
    left = left_pool(rules.law, live)
    if left <= (one.at or datetime.combine(one.date, time(), UTC)):
        return None, Text("the profile had expired after twelve months", "le profil avait expiré après douze mois")
    if one.at is None and left <= _latest(one):
        return live, Text(
            "the profile expired on the day of the round, whose time is not published",
            "le profil a expiré le jour de la ronde, dont l'heure n'est pas publiée",
        )
    if one.at is None and live.astimezone(UTC).date() == one.date:
        return live, Text(
            "submitted on the day of the round, whose time is not published",
            "soumis le jour de la ronde, dont l'heure n'est pas publiée",
        )
    return live, None


def _latest(one: Round) -> datetime:
    """The instant of a round; where it is not published, the end of its day."""
    return one.at or datetime.combine(one.date, time.max, UTC)


def _judged(
    one: Round, reading: AssessedReading, may: RoundEligibility, live: datetime | None, open_: Text | None
) -> tuple[Answer, Text]:
    """Whether an assessment is invited, and why."""
    margin = reading.total - one.cutoff
    high, why = _high_enough(one, margin, live, reading.rules)
    if may.answer is False:
        return False, may.reason
    if high is False:
        return False, why
    if may.answer is None:
        return None, may.reason
    if open_ is not None:
        return None, open_
    return every((may.answer, high)), why


def _high_enough(one: Round, margin: int, live: datetime | None, rules: RuleSet) -> tuple[Answer, Text]:
    """Whether a score was high enough, to the second of the tie-break."""
    if margin > 0:
        return True, Text("{n} above the cut-off", "{n} au-dessus de la note minimale").fill(n=margin)
    if margin < 0:
        return False, Text("{n} below the cut-off", "{n} au-dessous de la note minimale").fill(n=-margin)
    return _tie(one, live, rules)


def _tie(one: Round, live: datetime | None, rules: RuleSet) -> tuple[Answer, Text]:
    """Whether a score equal to the cut-off was invited; before there was a rule everyone at it was."""
    if not rules.evidence.tie_break:
        return True, Text("at the cut-off, which invited all", "à la note minimale, qui invitait tous")
    if one.tie_break is None:
        return None, Text(
            "at the cut-off, and no tie-break was published", "à la note minimale, sans règle d'égalité publiée"
        )
    if live is None:
        return None, Text(
            "at the cut-off; the instant of submission decides (--submitted)",
            "à la note minimale; l'instant de soumission décide (--submitted)",
        )
    gap = Text("{a} against {b} UTC", "{a} contre {b} UTC").fill(a=_instant(live), b=_instant(one.tie_break))
    if live <= one.tie_break:
        return True, Text("at the cut-off, by the tie-break: {g}", "à la note minimale, par l'égalité : {g}").fill(
            g=gap
        )
    return False, Text("at the cut-off, after the tie-break: {g}", "à la note minimale, après l'égalité : {g}").fill(
        g=gap
    )


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
