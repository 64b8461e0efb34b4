"""What nominee streams ask for besides documents: asked for the provinces that interest a person, where it is open.

The questions are those of the law (`stream_columns.toml`): which there are for a province follows from its streams.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import takewhile

from expressentry.law.law import Law
from expressentry.law.schema import Column
from expressentry.profile import labels
from expressentry.profile.countries import CANADA
from expressentry.profile.interview.model import Ask, Condition, Kind, Many, OfLaw, Table, always
from expressentry.profile.provinces import PROVINCE
from expressentry.text import Text

_KINDS: Mapping[str, Kind] = {"boolean": "yes_no", "integer": "number", "name": "word", "occupation": "noc"}
_NOT_KNOWN = Text("not known", "inconnu")
_OPEN_LEVELS = ("under_one_year", "two_year", "three_year", "professional")
"""Levels of a credential that may be of more than one kind."""
_OPEN_LENGTHS = ("masters", "professional", "doctoral")
"""Levels that do not say how long the program was."""


def _asked(name: str, condition: Condition) -> Condition:
    """A column that a stream of the province reads, and that is open.

    One that is the same for every province is asked for the first that needs it.
    """

    def needed(table: Table, whole: Table, law: Law) -> bool:
        reads = name in law.streams.asked_in(str(table.get(PROVINCE)))
        return reads and not _asked_before(name, table, whole, law) and condition(table, whole, law)

    return needed


def _asked_before(name: str, table: Table, whole: Table, law: Law) -> bool:
    """Whether the value is the same for every province, and was asked for one of those before."""
    if name not in law.streams.everywhere:
        return False
    before = takewhile(lambda one: one is not table, whole.get("provinces", ()))
    return any(name in law.streams.asked_in(str(one.get(PROVINCE))) for one in before)


def questions_of(law: Law) -> tuple[Ask, ...]:
    """A question for each column that a law declares with one."""
    streams = law.streams
    return tuple(
        Ask(
            name,
            "wage" if one.hours_a_year else _KINDS[streams.columns[name].kind],
            one.text,
            one.help or _help(streams.columns[name]),
            when=_asked(name, _WHEN[one.when]),
            labels=streams.columns[name].labels,
            empty=_NOT_KNOWN,
            hours_a_year=one.hours_a_year,
        )
        for name, one in streams.questions.items()
    )


def _help(column: Column) -> Text:
    """Below a question: what the answer is for, with its unit."""
    if column.unit is None:
        return column.title
    return Text("{t}, in {u}", "{t}, en {u}").fill(t=column.title, u=column.unit)


def _entries(whole: Table, name: str) -> Iterator[Table]:
    yield from whole.get("person", {}).get(name) or ()


def _jobs_here(whole: Table) -> list[Table]:
    return [job for job in _entries(whole, "work") if job.get("worked_in") == CANADA]


def _levels(whole: Table, *levels: str) -> bool:
    return any(one.get("level") in levels for one in _entries(whole, "credentials"))


def _in_canada(table: Table, whole: Table, law: Law) -> bool:
    return whole.get("person", {}).get("lives_in") in (None, CANADA)


def _offers(table: Table, whole: Table, law: Law) -> bool:
    """A job offer, or work in Canada that goes on: without either there is no offer of an employer there."""
    return bool(whole.get("job_offers")) or any("to" not in job for job in _jobs_here(whole))


def _offer(table: Table, whole: Table, law: Law) -> bool:
    return _offers(table, whole, law) and table.get("offer", "open") != "none"


def _open_level(table: Table, whole: Table, law: Law) -> bool:
    return _levels(whole, *_OPEN_LEVELS)


def _open_length(table: Table, whole: Table, law: Law) -> bool:
    return _levels(whole, *_OPEN_LENGTHS)


def _no_certificate(table: Table, whole: Table, law: Law) -> bool:
    return not any(True for _ in _entries(whole, "certificates"))


def _canadian_study(table: Table, whole: Table, law: Law) -> bool:
    return any(one.get("country") == CANADA for one in _entries(whole, "credentials"))


def _other_jobs(table: Table, whole: Table, law: Law) -> bool:
    """A job in another occupation than that of the nomination, whose work may be related to it."""
    return any(job.get("noc2021") != table.get("nominee_noc") for job in _entries(whole, "work"))


def _no_province(table: Table, whole: Table, law: Law) -> bool:
    return any("province" not in job for job in _jobs_here(whole))


def _canadian_work(table: Table, whole: Table, law: Law) -> bool:
    return bool(_jobs_here(whole))


def _relatives(table: Table, whole: Table, law: Law) -> bool:
    return any(True for _ in _entries(whole, "relatives"))


def _partner(table: Table, whole: Table, law: Law) -> bool:
    return "partner" in whole


def _family(table: Table, whole: Table, law: Law) -> bool:
    return _partner(table, whole, law) or bool(whole.get("children"))


_WHEN: Mapping[str, Condition] = {
    "always": always,
    "in_canada": _in_canada,
    "offers": _offers,
    "offer": _offer,
    "open_level": _open_level,
    "open_length": _open_length,
    "no_certificate": _no_certificate,
    "canadian_study": _canadian_study,
    "other_jobs": _other_jobs,
    "no_province": _no_province,
    "canadian_work": _canadian_work,
    "relatives": _relatives,
    "partner": _partner,
    "family": _family,
}

STREAMS = Many(
    "provinces",
    (
        Ask(
            PROVINCE,
            "word",
            Text("Which province or territory?", "Quelle province ou quel territoire?"),
            Text(
                "We ask only what its nominee streams need and your documents do not show. What is the same for every "
                "province is asked once",
                "Nous ne demandons que ce dont ses volets ont besoin et que vos documents ne montrent pas. Ce qui est "
                "pareil pour toutes les provinces n'est demandé qu'une fois",
            ),
            labels=labels.PROVINCES,
        ),
        OfLaw(questions_of),
    ),
    Text(
        "Are you interested in a nomination by a province or territory?",
        "Une désignation par une province ou un territoire vous intéresse-t-elle?",
    ),
    Text(
        "Does another province or territory interest you?", "Une autre province ou un autre territoire vous intéresse?"
    ),
    Text(
        "A nomination adds 600 points. If you answer no, we judge the streams by your documents alone",
        "Une désignation ajoute 600 points. Si vous répondez non, nous jugeons les volets selon vos seuls documents",
    ),
    left_out_on_no=True,
)
