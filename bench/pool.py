"""The live pool at a million candidates: a round, submissions beside rounds, bulk submission, a new law."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any
from uuid import uuid4

import psycopg

from bench.measure import alternate, report
from expressentry.pool import LawScorer, Pool, PostgresStore, Submission, Terms, migrate, open_embedded
from expressentry.pool.acts.model import CandidateScore, Scored
from expressentry.profile.read import read_document

DAY = date(2026, 10, 1)
AT = datetime(2026, 10, 1, 8, tzinfo=UTC)
LATER = date(2026, 10, 2)
PEOPLE = int(os.environ.get("BENCH_POOL", "1000000"))
ROUND = 5000
CLIENTS, RATE = 8, 500
"""So many clients submit so many profiles a second, all of them together."""
EXAMPLE = Path(__file__).parent.parent / "examples/people/engineer.toml"

# A million people as if submitted: the same tables, keys and indexes, filled without the acts.
FILL = """
set session_replication_role = replica;
insert into pool.person (key) select 'p' || n from generate_series(1, {n}) n;
insert into pool.interest (person, submitted_at, expires_on, due)
  select id, '2026-01-01'::timestamptz + random() * interval '270 days', '2026-12-31', '2026-11-01' from pool.person;
insert into pool.standing (rule_set, interest, eligible, crs, submitted_at, program, lists)
  select 1, id, true, (greatest(100, least(1200, 430 + 60 * (random() + random() + random() - 1.5))))::smallint,
    submitted_at, 'cec',
    array['general', 'cec']
      || case when id % 8 = 0 then array['stem'] when id % 8 = 1 then array['french'] else '{{}}' end
  from pool.interest;
insert into pool.entry (rule_set, list, crs, submitted_at, interest)
  select s.rule_set, l, s.crs, s.submitted_at, s.interest from pool.standing s, unnest(s.lists) l;
"""
FACTORS = """
set session_replication_role = replica;
insert into pool.factors (interest, sure, age, accompanied, education, english_listening, english_reading,
    english_writing, english_speaking, canadian_work_years, foreign_work_years, certificate_of_qualification, job_offer,
    canadian_study, sibling_in_canada, provincial_nomination, cec_years_3y, cec_main_teer, intends_quebec,
    primary_continuous_years, work_years_10y, family_size, funds_cad, category_months)
  select id, true, 20 + id % 26, false, 'masters', 7 + id % 4, 8, 9, 7 + id % 3, id % 5, id % 4, false, 'none', 'none',
    false, false, 1, 1, false, 1, 1 + id % 6, 1, 20000, '21231:36:36:0'
  from pool.interest;
"""
PEER = """
create schema peer;
create table peer.interest (like pool.interest including all);
create table peer.standing (like pool.standing_1 including all);
create table peer.entry (like pool.entry_1 including all);
create table peer.round (like pool.round including all);
create table peer.invitation (like pool.invitation including all);
insert into peer.interest overriding system value select * from pool.interest;
insert into peer.standing select * from pool.standing_1;
insert into peer.entry select * from pool.entry_1;
alter table peer.interest add foreign key (person) references pool.person;
alter table peer.invitation add foreign key (interest) references peer.interest;
alter table peer.invitation add foreign key (round) references peer.round;
"""
PEER_ROUND = """
begin;
insert into peer.round (number, request_id, kind, list, size, day, terms_digest, as_of, actor, rule_set,
    rule_set_digest, invited, cutoff, tie_break, invited_digest, next_digest, event, head)
  select coalesce(max(number), 0) + 1, gen_random_uuid(), 'general', 'general', {n}, '2026-10-01', '', now(), '', 1, '',
    {n}, 1, now(), '', '', coalesce(max(number), 0) + 1, '' from peer.round;
create temp table first on commit drop as
  select e.interest, e.crs, e.submitted_at, s.program, row_number() over () as place
  from (select * from peer.entry where rule_set = 1 and list = 'general'
        order by crs desc, submitted_at, interest limit {n}) e
  join peer.standing s on s.rule_set = 1 and s.interest = e.interest;
analyze first;
insert into peer.invitation (id, round, interest, place, crs, program, answer_by)
  select (select coalesce(max(id), 0) from peer.invitation) + place, (select max(number) from peer.round),
    interest, place, crs, program, '2026-12-01' from first;
update peer.interest i set state = 'invited' from first f where i.id = f.interest;
delete from peer.entry e using first f, peer.standing s, unnest(s.lists) l
  where s.rule_set = 1 and s.interest = f.interest and e.rule_set = 1 and e.list = l and e.crs = s.crs
    and e.submitted_at = s.submitted_at and e.interest = s.interest;
commit;
"""


class Ready(LawScorer):
    """Scores known beforehand: what is measured is the store."""

    def __init__(self, scored: Scored) -> None:
        super().__init__()
        self.scored = scored

    def score(self, facts: Any, day: date, law_days: Any) -> list[Scored]:
        """The same for everyone."""
        return [self.scored for _ in law_days]


def filled(url: str, people: int, *more: str) -> None:
    """A pool of so many people."""
    begun = time.perf_counter()
    migrate(url)
    with PostgresStore(url) as store:
        Pool(store, LawScorer()).init(DAY, AT, "bench", rehearsal=True)
    with psycopg.connect(url, autocommit=True) as owner:
        for statements in (FILL.format(n=people), *more, "vacuum analyze", "checkpoint"):
            owner.execute(statements.encode())
    print(f"    filled with {people:,} in {time.perf_counter() - begun:.0f} s", flush=True)


def rounds(url: str) -> None:
    """A round against the same SQL into tables with the same keys, without digest, event or check."""
    with PostgresStore(url) as store, psycopg.connect(url, autocommit=True) as peer:
        pool = Pool(store, LawScorer())
        issue = partial(_issue, pool, Terms("general", ROUND, DAY))
        plain = partial(peer.execute, PEER_ROUND.format(n=ROUND).encode())
        taken = alternate({"plain": plain, "issue": issue}, 12)
    ratio = taken["issue"] / taken["plain"]
    more = f"{taken['issue'] * 1000:.0f} ms, plain {taken['plain'] * 1000:.0f} ms; {PEOPLE:,} candidates"
    report(f"a round of {ROUND:,}, times the same SQL unchecked", ratio, "×", "≤ 1.5", met=ratio <= 1.5, more=more)


def _issue(pool: Pool, terms: Terms) -> None:
    found = pool.issue(uuid4(), terms, datetime.now(UTC), "bench")
    assert found.answer == "issued", found.reason


def growth(url: str, larger: str) -> None:
    """A round in a pool ten times as large."""
    with PostgresStore(url) as one, PostgresStore(larger) as other:
        pools = {"one": Pool(one, LawScorer()), "ten": Pool(other, LawScorer())}
        terms = Terms("general", ROUND, DAY)
        taken = alternate({name: partial(_issue, pool, terms) for name, pool in pools.items()}, 12)
    ratio = taken["ten"] / taken["one"]
    more = f"{taken['ten'] * 1000:.0f} ms at {10 * PEOPLE:,}, {taken['one'] * 1000:.0f} ms at {PEOPLE:,}"
    report("a round in a pool ten times as large", ratio, "×", "≤ 1.5", met=ratio <= 1.5, more=more)


def beside(url: str) -> None:
    """Rounds while 500 submissions a second come in: none fails, none waits more than a second."""
    facts, scored = read_document(EXAMPLE), _scored()
    waits: list[float] = []
    stop = Event()

    def submit(part: int) -> None:
        rng = Random(part)
        with PostgresStore(url) as store:
            pool = Pool(store, Ready(scored))
            begun, sent = time.perf_counter(), 0
            while not stop.is_set():
                late = begun + sent * CLIENTS / RATE - time.perf_counter()
                if late > 0:
                    time.sleep(late)
                at = time.perf_counter()
                pool.submit(uuid4(), f"b{part} {rng.random()}", facts, AT)
                waits.append(time.perf_counter() - at)
                sent += 1

    threads = [Thread(target=submit, args=(part,)) for part in range(CLIENTS)]
    for thread in threads:
        thread.start()
    begun, failed = time.perf_counter(), 0
    with PostgresStore(url) as store:
        pool = Pool(store, LawScorer())
        done = 0
        while time.perf_counter() - begun < 20:
            try:
                _issue(pool, Terms("category", ROUND, DAY, "stem"))
            except Exception:
                failed += 1
            done += 1
            time.sleep(1)
    stop.set()
    for thread in threads:
        thread.join()
    rate = len(waits) / (time.perf_counter() - begun)
    more = f"{done} rounds, {failed} failed; {rate:.0f} submissions a second, median wait {median(waits) * 1000:.0f} ms"
    met = failed == 0 and max(waits) <= 1
    report("the longest wait of a submission beside rounds", max(waits), "s", "≤ 1, no round fails", met=met, more=more)


def _scored() -> Scored:
    facts = read_document(EXAMPLE)
    (found,) = LawScorer().score(facts, DAY, [DAY])
    return Scored(CandidateScore(True, 467, "fsw", ("fsw", "general")), found.factors, True, found.review_on)


def bulk(url: str) -> None:
    """Submission in bulk: into the store, and with validation and scoring."""
    facts, count = read_document(EXAMPLE), 5000
    with PostgresStore(url) as store:
        for what, scorer, number in (("store", Ready(_scored()), count), ("all", LawScorer(), 300)):
            pool = Pool(store, scorer)
            rates = []
            for turn in range(4):
                given = [Submission(uuid4(), f"{what} {turn} {n}", facts) for n in range(number)]
                begun = time.perf_counter()
                for start in range(0, number, 1000):
                    pool.submit_many(given[start : start + 1000], AT)
                rates.append(number / (time.perf_counter() - begun))
            rate = median(rates)
            if what == "store":
                report("profiles a second into the store", rate, "/s", "≥ 5,000", met=rate >= 5000)
            else:
                report("profiles a second with validation and scoring", rate, "/s", "≥ 800", met=rate >= 800)


def law(url: str) -> None:
    """A new law against COPY out, COPY in and the two indexes."""
    with psycopg.connect(url, autocommit=True) as owner:
        begun = time.perf_counter()
        with suppress(psycopg.errors.UndefinedTable):
            owner.execute("drop table peer.again")
        owner.execute("create table peer.again (like pool.standing_1); create table peer.ranks (like pool.entry_1)")
        with owner.cursor().copy("copy (select * from pool.factors) to stdout") as out:
            size = sum(len(part) for part in out)
        for source, target in (("standing_1", "again"), ("entry_1", "ranks")):
            with owner.cursor().copy(f"copy pool.{source} to stdout".encode()) as out:
                data = [bytes(part) for part in out]
            with owner.cursor().copy(f"copy peer.{target} from stdin".encode()) as into:
                for part in data:
                    into.write(part)
        owner.execute("create unique index on peer.again (rule_set, interest)")
        owner.execute("create unique index on peer.ranks (rule_set, list, crs desc, submitted_at, interest)")
        plain = time.perf_counter() - begun
        people = (owner.execute("select count(*) from pool.standing_1").fetchone() or (0,))[0]
    with PostgresStore(url) as store:
        begun = time.perf_counter()
        done = Pool(store, LawScorer()).rescore(date(2024, 4, 11), AT, "bench")
        ours = time.perf_counter() - begun
    assert done is not None
    more = f"{ours:.1f} s for {people:,} ({size / 1e6:.0f} MB of factors), COPY and indexes {plain:.1f} s"
    report("a new law, times COPY out, in and indexes", ours / plain, "×", "≤ 3", met=ours / plain <= 3, more=more)


def bench() -> None:
    """One server with one pool, and a second one ten times as large."""
    with TemporaryDirectory() as name, open_embedded(Path(name) / "server") as server:
        url = server.admin_url()
        filled(url, PEOPLE, FACTORS, PEER)
        rounds(url)
        beside(url)
        bulk(url)
        with psycopg.connect(url, autocommit=True) as owner:
            owner.execute("create database larger")
            filled(server.admin_url("larger"), 10 * PEOPLE)
            growth(url, server.admin_url("larger"))
            owner.execute("drop database larger")
            owner.execute("checkpoint")
        law(url)
