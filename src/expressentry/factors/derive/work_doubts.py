"""What is open about work, in the law or because a fact is missing: a doubt with its options, never a guess."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from expressentry.dates import START, long_day, long_days
from expressentry.factors.derive.adding_up import SERVING, adding_up
from expressentry.factors.derive.counting import ANY_EMPLOYER, LEAVE
from expressentry.factors.derive.jobs import Span, Task, codes, doubt_id, law_doubt
from expressentry.factors.derive.ledger import OPEN
from expressentry.factors.derive.model import LAW_IS_OPEN, Doubt
from expressentry.factors.derive.status import CLAIMANT, NONE, ImmigrationStatus
from expressentry.law.law import Law
from expressentry.noc.codes import Version, noc2016, noc2021
from expressentry.profile.labels import entry_names
from expressentry.profile.model import Certificate, Job, Offer
from expressentry.text import Text

_YES_NO_PERMIT = {
    "authorised": Text("it was authorised", "il était autorisé"),
    "not_authorised": Text("it was not authorised", "il n'était pas autorisé"),
}


def work_doubts(tasks: tuple[Task, ...], immigration: ImmigrationStatus, owner: str, law: Law) -> dict[str, Doubt]:
    """Every doubt that a person's jobs can raise, on any day."""
    return {doubt.id: doubt for doubt in _all(tasks, immigration, owner, law)}


def _all(tasks: tuple[Task, ...], immigration: ImmigrationStatus, owner: str, law: Law) -> Iterator[Doubt]:
    if not tasks:
        return
    yield year_doubt()
    abroad = [task for task in tasks if task.foreign_employer]
    if abroad:
        yield from _foreign_employer(min(task.job.start for task in abroad), law)
        if _asks(law, owner, "foreign_employer"):
            yield _any_employer(abroad)
    yield from adding_up(tasks, owner, law)
    yield from permit_doubts(tasks, immigration, owner)
    claimed = _spans(tasks, CLAIMANT)
    if claimed and _asks(law, owner, "refugee_claimant"):
        yield _claimant(claimed)
    studied = [
        (task, span) for task in tasks for span in task.spans if span.studies and task.job.full_time_student is None
    ]
    if studied:
        yield _student(studied, owner)
    if none := _spans(tasks, NONE):
        yield _unauthorised(none)
    unqualified = [task for task in tasks if task.job.qualified_on is None and _in_a_trade(task.job, law)]
    if unqualified:
        yield _qualified(unqualified)
    alone = [task for task in tasks if task.job.self_employed and _in_a_trade(task.job, law)]
    if alone:
        yield _self_employed(alone)
    served = [task for task in tasks if task.job.recognized_military]
    if any(task.job.end is not None for task in served):
        yield _serving(served)
    away = [task for task in tasks if task.job.leave]
    if away:
        yield _leave(away)
    yield from noc_doubts([(task.field, task.job) for task in tasks], law)


Found = list[tuple[Task, Span]]


def _spans(tasks: tuple[Task, ...], state: str) -> Found:
    return [(task, span) for task in tasks for span in task.spans if span.state == state]


def _since(found: Found) -> date:
    return date.fromordinal(min(span.start for _, span in found))


def _names(tasks: Iterable[Task]) -> Text:
    return entry_names(task.field for task in tasks)


def _places(tasks: Iterable[Task], key: str) -> tuple[str, ...]:
    """The places in the profile of a fact about some jobs."""
    return tuple(dict.fromkeys(f"{task.field}.{key}" for task in tasks))


@cache
def year_doubt() -> Doubt:
    """The doubt over what a year of work is."""
    return Doubt(
        "year_of_work",
        Text(
            "whether a year of work is 1,560 hours or twelve calendar months",
            "si une année de travail est de 1 560 heures ou de douze mois civils",
        ),
        LAW_IS_OPEN,
        {
            "hours": Text("1,560 hours, as the department counts", "1 560 heures, comme le ministère compte"),
            "calendar": Text("twelve calendar months", "douze mois civils"),
        },
        law=True,
        place=Text("IRPR 73(1), “full-time work”", "RIPR 73(1), « travail à temps plein »"),
    )


def _asks(law: Law, owner: str, key: str) -> bool:
    """Whether the law leaves something open in a measure of a person's work."""
    return any(row.whose == owner and row.counts == "work" and getattr(row, key) == "open" for row in law.measures.rows)


_FOREIGN = Text(
    "foreign work, as the department's guidance has it", "travail étranger, selon les consignes du ministère"
)
_NEITHER = Text(
    "neither: it was not done outside Canada, and not for an employer there",
    "ni l'un ni l'autre : il n'a été fait ni hors du Canada, ni pour un employeur du Canada",
)
_CANADIAN = Text("Canadian work, as the department answered in 2013", "travail canadien, selon une réponse de 2013")


def _foreign_employer(since: date, law: Law) -> Iterator[Doubt]:
    """Whether work in Canada for an employer abroad may be Canadian work depends on the day."""
    (switch,) = law.evidence.changes("foreign_employer_canadian")
    place = Text(
        "instructions, ss. 15 and 25, not read in full; IRPR 87.1(2)(a)",
        "instructions, art. 15 et 25, pas lus en entier; RIPR 87.1(2)a)",
    )
    before = {"canadian": _CANADIAN, "foreign": _FOREIGN, "neither": _NEITHER}
    for name, options, first, until in (
        ("foreign_employer_canadian", before, since, switch),
        ("foreign_employer", {"foreign": _FOREIGN, "neither": _NEITHER}, max(since, switch), None),
    ):
        kinds = Text("as Canadian work, as foreign work or", "comme travail canadien, comme travail étranger ou")
        if "canadian" not in options:
            kinds = Text("as foreign work or", "comme travail étranger ou")
        words = Text(
            "whether work done in Canada for an employer abroad counts {kinds} not at all",
            "si le travail fait au Canada pour un employeur à l'étranger compte {kinds} pas du tout",
        )
        yield Doubt(
            name,
            words.fill(kinds=kinds),
            LAW_IS_OPEN,
            options,
            law=True,
            place=place,
            since=first,
            until=until,
        )


def _any_employer(tasks: list[Task]) -> Doubt:
    return law_doubt(
        ANY_EMPLOYER,
        Text(
            "whether work in Canada for an employer abroad makes the year in Canada of the 67-point grid: {jobs}",
            "si le travail au Canada pour un employeur à l'étranger fait l'année au Canada de la grille de 67 points : "
            "{jobs}",
        ),
        {
            "counts": Text("it does: the regulations name no employer", "oui : le règlement ne nomme pas d'employeur"),
            "does_not": Text(
                "it does not: the department asks for a Canadian employer",
                "non : le ministère demande un employeur canadien",
            ),
        },
        Text("IRPR 83(1)(c) and (c.1)", "RIPR 83(1)c) et c.1)"),
        tasks,
    )


def permit_doubts(tasks: tuple[Task, ...], immigration: ImmigrationStatus, owner: str) -> Iterator[Doubt]:
    """A doubt for each gap between two permits, and one for all other days of which nothing is given."""
    open_: dict[str, Found] = {}
    for task in tasks:
        for span in task.spans:
            if span.doubt:
                open_.setdefault(span.doubt, []).append((task, span))
    for name, found in sorted(open_.items()):
        if immigration.entries is None:
            yield _status(name, found, owner, None)
        elif name in immigration.gaps:
            yield _status(name, found, owner, long_days(*immigration.gaps[name]))
        else:
            yield _status(name, found, owner, _all_days(found))


def _all_days(found: Found) -> Text:
    """The days of some spans in words, joined where they overlap or meet."""
    joined: list[list[int]] = []
    for start, end in sorted((span.start, span.end) for _, span in found):
        if joined and start <= joined[-1][1]:
            joined[-1][1] = max(end, joined[-1][1])
        else:
            joined.append([start, end])
    return Text(", ", ", ").join(_days(start, end) for start, end in joined)


def _days(start: int, end: int) -> Text:
    first = date.fromordinal(start)
    if end >= OPEN:
        return Text("from {d} on", "dès le {d}").fill(d=long_day(first))
    return long_days(first, date.fromordinal(end - 1))


def _status(name: str, found: Found, owner: str, days: Text | None) -> Doubt:
    """The doubt over days of work in Canada: those named, or all where no permits are given."""
    mine = owner == "person"
    if days is None:
        words = Text(
            "whether the work was authorised in Canada on every day: {jobs}",
            "si le travail était autorisé au Canada chaque jour : {jobs}",
        )
        missing = Text("your permits on those days", "vos permis à ces dates")
        if not mine:
            missing = Text("your partner's permits on those days", "les permis de votre conjoint à ces dates")
    else:
        words = Text(
            "whether the work was authorised in Canada {days}, where no permit is given: {jobs}",
            "si le travail était autorisé au Canada {days}, sans permis indiqué : {jobs}",
        )
        missing = _HELD if mine else _PARTNER_HELD
    named = {"days": days or "", "jobs": _names(task for task, _ in found)}
    return Doubt(
        _own(name, owner),
        words.fill(**named),
        missing.fill(**named),
        _YES_NO_PERMIT,
        place=Text("IRPR 87.1(3)(b) and 186(u) to (w)", "RIPR 87.1(3)b) et 186u) à w)"),
        since=_since(found),
        fields=(f"{owner}.status",),
    )


_HELD = Text(
    "what you held {days}: a permit, a right to work while you waited for one, or nothing ({jobs})",
    "ce que vous aviez {days} : un permis, le droit de travailler en attendant un permis, ou rien ({jobs})",
)
_PARTNER_HELD = Text(
    "what your partner held {days}: a permit, a right to work while waiting for one, or nothing ({jobs})",
    "ce que votre conjoint avait {days} : un permis, le droit de travailler en attendant un permis, ou rien ({jobs})",
)


def _claimant(found: Found) -> Doubt:
    return Doubt(
        "refugee_claimant",
        Text(
            "whether a refugee claimant's authorised work counts: {jobs}",
            "si le travail autorisé d'un demandeur d'asile compte : {jobs}",
        ).fill(jobs=_names(task for task, _ in found)),
        LAW_IS_OPEN,
        {"does_not": Text("it does not", "il ne compte pas"), "counts": Text("it counts", "il compte")},
        law=True,
        place=Text("instructions, s. 19, not read in full", "instructions, art. 19, pas lu en entier"),
        since=_since(found),
    )


def _student(found: Found, owner: str) -> Doubt:
    tasks = [task for task, _ in found]
    return Doubt(
        _own("student", owner),
        Text(
            "whether the work was done while a full-time student: {jobs}",
            "si le travail a été fait pendant des études à temps plein : {jobs}",
        ).fill(jobs=_names(tasks)),
        Text(
            "whether these jobs were held as a full-time student: {jobs}",
            "si ces emplois ont été occupés pendant des études à temps plein : {jobs}",
        ).fill(jobs=_names(tasks)),
        {
            "student": Text("a full-time student", "études à temps plein"),
            "not_student": Text("not a full-time student", "pas d'études à temps plein"),
        },
        place=Text("IRPR 87.1(3)(a)", "RIPR 87.1(3)a)"),
        since=_since(found),
        fields=_places(tasks, "full_time_student"),
    )


def _unauthorised(found: Found) -> Doubt:
    return Doubt(
        "unauthorised_work",
        Text(
            "whether unauthorised work in Canada counts for the 67-point grid, the trades and the categories",
            "si le travail non autorisé au Canada compte pour la grille de 67 points, les métiers et les catégories",
        ),
        LAW_IS_OPEN,
        {"does_not": Text("it does not", "il ne compte pas"), "counts": Text("it counts", "il compte")},
        law=True,
        place=Text("IRPR 75(2)(a) and 87.2(3) are silent", "RIPR 75(2)a) et 87.2(3) n'en disent rien"),
        since=_since(found),
    )


def _self_employed(tasks: list[Task]) -> Doubt:
    return law_doubt(
        "self_employed_trade",
        Text(
            "whether self-employed work counts for the skilled trades class: {jobs}",
            "si le travail autonome compte pour la catégorie des métiers spécialisés : {jobs}",
        ),
        {"counts": Text("it counts", "il compte"), "does_not": Text("it does not", "il ne compte pas")},
        Text("IRPR 87.2(3)(b) does not exclude it", "RIPR 87.2(3)b) ne l'exclut pas"),
        tasks,
    )


def _serving(tasks: list[Task]) -> Doubt:
    return law_doubt(
        SERVING,
        Text(
            "whether service in a foreign military that has ended counts: {jobs}",
            "si le service terminé dans une armée étrangère compte : {jobs}",
        ),
        {
            "serving": Text("only service that goes on counts", "seul le service en cours compte"),
            "ended": Text("service that has ended counts too", "le service terminé compte aussi"),
        },
        Text(
            "the department's page on categories, “is serving”; the instruction was not read",
            "la page du ministère sur les catégories, « sert » au présent; l'instruction n'a pas été lue",
        ),
        tasks,
    )


def _leave(tasks: list[Task]) -> Doubt:
    return law_doubt(
        LEAVE,
        Text(
            "whether a leave ends a run of continuous work: {jobs}",
            "si un congé met fin à une suite de travail continu : {jobs}",
        ),
        {
            "continues": Text(
                "the run continues, without the days of leave", "la suite continue, sans les jours de congé"
            ),
            "ends": Text("the leave ends the run", "le congé met fin à la suite"),
        },
        Text("IRPR 75(2)(a), “continuous”", "RIPR 75(2)a), « continue »"),
        tasks,
    )


def _in_a_trade(job: Job, law: Law) -> bool:
    versions: tuple[Version, ...] = (2016, 2021)
    return any(code in law.trades(version) for version in versions for code in codes(job, version))


def _qualified(tasks: list[Task]) -> Doubt:
    return Doubt(
        "trade_qualified",
        Text(
            "since when the trade could be practised independently: {jobs}",
            "depuis quand le métier pouvait être exercé de façon autonome : {jobs}",
        ).fill(jobs=_names(tasks)),
        Text("the date of qualification in the trade: {jobs}", "la date de qualification dans le métier : {jobs}").fill(
            jobs=_names(tasks)
        ),
        {
            "from_the_start": Text("from the first day of the job", "dès le premier jour de l'emploi"),
            "not_shown": Text("from a certificate on, or never", "dès un certificat, ou jamais"),
        },
        place=Text("IRPR 87.2(3)(b)", "RIPR 87.2(3)b)"),
        fields=_places(tasks, "qualified_on"),
        since=min(task.job.start for task in tasks),
    )


def noc_doubts(entries: Iterable[tuple[str, Job | Offer | Certificate]], law: Law) -> Iterator[Doubt]:
    """The doubts about occupations that are given in one version only and correspond to several in the other."""
    versions: tuple[Version, ...] = (2016, 2021)
    listed = list(entries)
    for version in versions:
        alike: dict[str, list[tuple[str, Job | Offer | Certificate]]] = {}
        for field, entry in listed:
            if len(codes(entry, version)) > 1:
                alike.setdefault(doubt_id(entry, version), []).append((field, entry))
        for found in alike.values():
            yield _noc(found, version, law)


def _noc(found: list[tuple[str, Job | Offer | Certificate]], version: Version, law: Law) -> Doubt:
    entry = found[0][1]
    names, since = entry_names(field for field, _ in found), min(_first_day(one) for _, one in found)
    titles = noc2021() if version == 2021 else noc2016()
    given = entry.noc2016 if version == 2021 else entry.noc2021
    (switch,) = law.evidence.changes("noc_version")
    return Doubt(
        doubt_id(entry, version),
        Text(
            "which occupation of the NOC {v} it is, {given} having been divided: {names}",
            "de quelle profession de la CNP {v} il s'agit, {given} ayant été divisé : {names}",
        ).fill(v=version, given=given, names=names),
        Text("the NOC {v} code: {names}", "le code de la CNP {v} : {names}").fill(v=version, names=names),
        {code: Text("{c} {t}", "{c} {t}").fill(c=code, t=titles[code].title) for code in codes(entry, version)},
        place=Text(
            "Statistics Canada, correspondence of the NOC 2016 and 2021",
            "Statistique Canada, correspondance des CNP 2016 et 2021",
        ),
        since=max(switch, since) if version == 2021 else max(START, since),
        until=switch if version == 2016 else None,
        fields=tuple(f"{field}.noc{version}" for field, _ in found),
    )


def _first_day(entry: Job | Offer | Certificate) -> date:
    return entry.issued_on if isinstance(entry, Certificate) else entry.start


def _own(name: str, owner: str) -> str:
    """The id of a doubt about one person's facts; the law's doubts are shared by both partners."""
    return name if owner == "person" else f"{name}:{owner}"
