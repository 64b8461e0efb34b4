-- name: weak_gate
-- Before any write: beside other writers, never beside a round.
lock table pool.gate in row exclusive mode;

-- name: strong_gate
-- Before the snapshot of a round or of a new law: waits for every writer, and keeps them out.
lock table pool.gate in share row exclusive mode;

-- name: aside
-- Before what can wait: whoever asks for a lock holds up those who ask later, so it is given up soon.
set local lock_timeout = '200ms';

-- name: rule_sets
-- The rule sets in force and in building, the one in force first.
select id, name, law_day, digest, state::text from pool.rule_set where state <> 'retired' order by state = 'building';

-- name: persons
-- Persons locked in the order of their keys, made where that is asked, each with the live expression of interest.
select id, key, salt, barred_until, live from pool.lock_persons(%(keys)s::text[], %(make)s);

-- name: answered
-- Submissions that clients' ids already name; of another person's only that there is one.
select client_id, person, digest, answer, interest from pool.answered(%(client_ids)s::uuid[]);

-- name: next_interests
-- Numbers for new expressions of interest.
select pool.next_interests(%(many)s);

-- name: open_pool
-- Make the pool, or a rehearsal of one.
select pool.open_pool(%(rehearsal)s);

-- name: opening
-- Whether the pool is a rehearsal.
select rehearsal from pool.opening;

-- name: interests
-- Lock expressions of interest in the order of their numbers.
select id, person, state, submitted_at, expires_on, due from pool.lock_interests(%(ids)s::bigint[]);

-- name: facts
-- The facts as submitted.
select interest, facts from pool.profile where interest = any(%(ids)s);

-- name: profiles
-- Facts as submitted, with their salts.
select interest, salt, schema_version, facts from pool.profile where interest = any(%(ids)s);

-- name: standings
-- Standings under the rule sets in force and in building.
select s.interest, s.rule_set, s.eligible, s.crs, s.program::text, s.lists
  from pool.standing s join pool.rule_set r on r.id = s.rule_set and r.state <> 'retired'
  where s.interest = any(%(ids)s);

-- name: to_review
-- Some who are to be looked at, found by their day, locked in order.
select id from (
  select id from pool.interest where state in ('in_pool', 'invited') and due <= %(day)s
    and id <> all(%(without)s::bigint[]) order by due limit %(most)s
) as found order by id;

-- name: expiring
-- Some whose term is over, found by their day.
select id from pool.interest where state = 'in_pool' and expires_on <= %(day)s order by expires_on limit %(most)s;

-- name: needs_review
-- Whether anyone in the pool is due, or over their term.
select exists (select from pool.interest where state = 'in_pool' and expires_on <= %(day)s)
  or exists (select from pool.interest where state in ('in_pool', 'invited') and state = 'in_pool' and due <= %(day)s);

-- name: token
-- Sign for whom the web may act, and for how long.
select pool.token(%(person)s, %(seconds)s);

-- name: look_at
-- Expressions of interest, for whoever only reads.
select id, person, state::text, submitted_at, expires_on, due from pool.interest where id = any(%(ids)s) order by id;
