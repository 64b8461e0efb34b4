-- name: weak_gate
-- Before any write: beside other writers, never beside a round.
lock table pool.gate in row exclusive mode;

-- name: strong_gate
-- Before the snapshot of a round or of a new law: waits for every writer, and keeps them out.
lock table pool.gate in share row exclusive mode;

-- name: rule_sets
-- The rule sets in force and in building, the one in force first.
select id, name, law_day, digest, state::text from pool.rule_set where state <> 'retired' order by state = 'building';

-- name: row_security
-- Whether rows of a table are kept from the role that asks.
select row_security_active(%(table)s::text);

-- name: new_persons
-- Make the persons that are new.
insert into pool.person (key) select unnest(%(keys)s::text[]) on conflict (key) do nothing;

-- name: persons
-- Lock persons in the order of their keys.
select id, key, salt, barred_until from pool.person where key = any(%(keys)s) order by key for no key update;

-- name: live_interests
-- The live expressions of interest of persons.
select person, id from pool.interest where person = any(%(persons)s) and state in ('in_pool', 'invited');

-- name: answered
-- Submissions that clients' ids already name.
select client_id, person, digest, answer, interest from pool.submission where client_id = any(%(client_ids)s);

-- name: add_interests
-- Store expressions of interest, in order.
insert into pool.interest (person, submitted_at, expires_on, due)
  select person, submitted_at, expires_on, due
  from unnest(%(person)s::uuid[], %(submitted_at)s::timestamptz[], %(expires_on)s::date[], %(due)s::date[])
    with ordinality as g (person, submitted_at, expires_on, due, n)
  order by n
  returning id;

-- name: add_profiles
-- Store facts as submitted.
insert into pool.profile (interest, schema_version, facts, salt)
  select * from unnest(%(interest)s::bigint[], %(schema_version)s::smallint[], %(facts)s::jsonb[], %(salt)s::text[]);

-- name: put_factors
-- Store what the grids see, or replace it.
insert into pool.factors select g.* from jsonb_populate_recordset(null::pool.factors, %(rows)s::jsonb) g
  on conflict (interest) do update set ({columns}) = row ({excluded});

-- name: add_standings
-- Store standings of new candidates.
insert into pool.standing (rule_set, interest, eligible, crs, submitted_at, program, lists)
  select rule_set, interest, eligible, crs, submitted_at, program::pool.program, lists::text[]
  from unnest(%(rule_set)s::smallint[], %(interest)s::bigint[], %(eligible)s::bool[], %(crs)s::smallint[],
    %(submitted_at)s::timestamptz[], %(program)s::text[], %(lists)s::text[])
    as g (rule_set, interest, eligible, crs, submitted_at, program, lists);

-- name: put_standings
-- Store standings, or replace them where they differ.
insert into pool.standing as s (rule_set, interest, eligible, crs, submitted_at, program, lists)
  select g.rule_set, g.interest, g.eligible, g.crs, i.submitted_at, g.program::pool.program,
    array(select jsonb_array_elements_text(g.lists))
  from unnest(%(rule_set)s::smallint[], %(interest)s::bigint[], %(eligible)s::bool[], %(crs)s::smallint[],
    %(program)s::text[], %(lists)s::jsonb[]) as g (rule_set, interest, eligible, crs, program, lists)
  join pool.interest i on i.id = g.interest
  on conflict (rule_set, interest) do update
    set eligible = excluded.eligible, crs = excluded.crs, program = excluded.program, lists = excluded.lists
    where (s.eligible, s.crs, s.program, s.lists)
      is distinct from (excluded.eligible, excluded.crs, excluded.program, excluded.lists);

-- name: put_due
-- Store the next day on which to look again.
update pool.interest i set due = g.due
  from unnest(%(interest)s::bigint[], %(due)s::date[]) as g (id, due)
  where i.id = g.id and i.due is distinct from g.due;

-- name: add_answers
-- Store the answers of submissions.
insert into pool.submission (client_id, person, digest, answer, interest)
  select * from unnest(%(client_id)s::uuid[], %(person)s::uuid[], %(digest)s::text[], %(answer)s::jsonb[],
    %(interest)s::bigint[]);

-- name: interests
-- Lock expressions of interest in the order of their numbers.
select id, person, state::text, submitted_at, expires_on, due from pool.interest
  where id = any(%(ids)s) order by id for no key update;

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

-- name: put_facts
-- Replace the facts of an expression of interest.
update pool.profile set facts = %(facts)s, salt = %(salt)s, schema_version = %(schema_version)s
  where interest = %(interest)s;

-- name: move
-- Change the state of expressions of interest; the triggers refuse what is not legal.
update pool.interest set state = %(state)s where id = any(%(ids)s);

-- name: to_review
-- Some who are to be looked at, found by their day, locked in order.
select id from (
  select id from pool.interest where state in ('in_pool', 'invited') and due <= %(day)s order by due limit %(most)s
) as found order by id;

-- name: expiring
-- Some whose term is over, found by their day.
select id from pool.interest where state = 'in_pool' and expires_on <= %(day)s order by expires_on limit %(most)s;

-- name: needs_review
-- Whether anyone in the pool is due, or over their term.
select exists (select from pool.interest where state = 'in_pool' and expires_on <= %(day)s)
  or exists (select from pool.interest where state in ('in_pool', 'invited') and state = 'in_pool' and due <= %(day)s);

-- name: bar
-- Bar a person until a day.
update pool.person set barred_until = %(until)s where id = %(person)s;

-- name: erase_facts
-- Remove the facts of a person.
delete from pool.profile where interest in (select id from pool.interest where person = %(person)s);

-- name: erase_factors
-- Remove what was derived from them.
delete from pool.factors where interest in (select id from pool.interest where person = %(person)s);

-- name: erase_answers
-- Remove what was answered to the person, and the clients' ids, which may be made from facts.
update pool.submission set answer = answer || '{"findings": []}', digest = '', client_id = gen_random_uuid()
  where person = %(person)s;

-- name: erase_key
-- Forget who it was.
update pool.person set key = null, salt = null where id = %(person)s;
