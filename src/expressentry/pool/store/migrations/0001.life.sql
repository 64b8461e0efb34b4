-- The life of an expression of interest: people, submissions, profiles, factors, standings, entries.
create schema pool;

-- in_pool     submitted and eligible; the only state in which one may be invited
--   -> invited      by a round (IRPA 10.3(1)(e))
--   -> withdrawn    by the person
--   -> expired      twelve months after submission
--   -> ineligible   a test, an assessment or the law no longer makes eligible for any program
--   -> barred       misrepresentation (IRPA 10.1(4))
-- invited     an invitation is open
--   -> applied      the person accepts
--   -> in_pool      the person declines, or the invitation is cancelled: back with the same stamp (IRPA 10.1(7))
--   -> expired, ineligible   the same, where the profile no longer holds
--   -> lapsed       no answer within the window: this expression of interest is over (IRPA 10.1(6))
--   -> withdrawn    erased on request while invited
--   -> barred       misrepresentation
-- every other state is the end
create type pool.interest_state as enum
  ('in_pool', 'invited', 'applied', 'withdrawn', 'expired', 'ineligible', 'lapsed', 'barred');

-- open        waits for an answer
--   -> accepted     the person accepts within the window
--   -> declined     the person declines, or asks to be erased
--   -> lapsed       the window has passed
--   -> cancelled    issued in error, or the person is barred: a new fact, never a deletion
create type pool.invitation_state as enum ('open', 'accepted', 'declined', 'lapsed', 'cancelled');

-- building    the pool is being scored under it; submissions write to it too
--   -> in_force     by one row, behind the gate
-- in_force    rounds rank by it
--   -> retired      its successor has taken force
create type pool.rule_set_state as enum ('building', 'in_force', 'retired');

create type pool.program as enum ('pnp', 'cec', 'fsw', 'fst');

-- Whoever writes takes its weak lock (row exclusive) first, a round the strong one (share row exclusive). Always empty.
create table pool.gate (shut boolean not null check (false));

create table pool.rule_set (
  id smallint primary key,
  name text not null,
  law_day date not null,
  digest text not null,
  state pool.rule_set_state not null default 'building'
);
create unique index one_rule_set_in_force on pool.rule_set ((true)) where state = 'in_force';
create unique index one_rule_set_in_building on pool.rule_set ((true)) where state = 'building';

create table pool.person (
  id uuid primary key default gen_random_uuid(),
  key text unique,              -- the operator's own key of the person; empty once erased
  salt text default replace(gen_random_uuid()::text, '-', ''), -- goes with the key; so its digest in events says nothing
  barred_until date
);

create table pool.interest (
  id bigint generated always as identity primary key,
  person uuid not null references pool.person,
  state pool.interest_state not null default 'in_pool',
  submitted_at timestamptz not null,
  expires_on date not null,     -- the first day on which it no longer holds
  due date                      -- the next day on which a fact may change; empty: none is known
);
create unique index one_live_interest on pool.interest (person) where state in ('in_pool', 'invited');
create index interest_due on pool.interest (due) where state in ('in_pool', 'invited');
create index interest_expiry on pool.interest (expires_on) where state = 'in_pool';

create table pool.submission (
  client_id uuid primary key,   -- made by the client: sent twice, the answer comes twice and the act is done once
  person uuid not null references pool.person,
  digest text not null,
  answer jsonb not null,
  interest bigint references pool.interest
);
create index submission_of_person on pool.submission (person);

create table pool.profile (
  interest bigint primary key references pool.interest,
  schema_version smallint not null,
  facts jsonb not null,         -- as submitted
  salt text not null            -- goes with the facts, so that the digest in an event tells nothing once they are gone
);

-- What the grids see, as last derived; the columns are those of docs/reference/factors.md.
create table pool.factors (
  interest bigint primary key references pool.interest,
  sure boolean not null,        -- one reading of the facts, and one way to choose the reports
  age smallint,
  accompanied boolean,
  education text,
  first_language text,
  english_listening smallint,
  english_reading smallint,
  english_writing smallint,
  english_speaking smallint,
  french_listening smallint,
  french_reading smallint,
  french_writing smallint,
  french_speaking smallint,
  canadian_work_years smallint,
  foreign_work_years smallint,
  certificate_of_qualification boolean,
  canadian_study text,
  sibling_in_canada boolean,
  provincial_nomination boolean,
  job_offer text,
  partner_education text,
  partner_canadian_work_years smallint,
  partner_listening smallint,
  partner_reading smallint,
  partner_writing smallint,
  partner_speaking smallint,
  primary_continuous_years smallint,
  work_years_10y smallint,
  canadian_work_1y boolean,
  cec_years_3y smallint,
  cec_main_teer smallint,
  trade_noc text,
  trade_years_5y smallint,
  trade_certificate boolean,
  fst_offer text,
  arranged_employment text,
  family_size smallint,
  funds_cad bigint,
  intends_quebec boolean,
  relative_in_canada boolean,
  canadian_study_2y boolean,
  partner_resident_abroad boolean,
  partner_canadian_study_2y boolean,
  partner_canadian_work_any boolean,
  category_months text,
  military_years smallint,
  military_offer_years smallint
);

-- A partition is made with its rule set, so it is the key to it: no row can name another. That the candidate exists is
-- checked by the trigger `follow_new_standing`, once a statement; a foreign key would look up each row of a re-scoring.
create table pool.standing (
  rule_set smallint not null,
  interest bigint not null,
  eligible boolean not null,
  crs smallint not null check (crs between 0 and 1200),
  submitted_at timestamptz not null,
  program pool.program,         -- the one that an invitation names; empty where the order of the day does not settle it
  lists text[] not null,        -- what a round may invite from
  primary key (rule_set, interest),
  check (eligible or lists = '{}')
) partition by list (rule_set);

-- Those who may be invited now, in the order of their rank. Nobody may write here: rows come from standings, by the
-- triggers below, so that a second key to the candidate would only cost time.
create table pool.entry (
  rule_set smallint not null,
  list text not null,
  crs smallint not null,
  submitted_at timestamptz not null,
  interest bigint not null
) partition by list (rule_set);
create unique index entry_rank on pool.entry (rule_set, list, crs desc, submitted_at, interest);

-- Legal changes of state only, and the stamp stays.
create function pool.check_interest() returns trigger language plpgsql as $$
begin
  if new.id <> old.id or new.person <> old.person or new.submitted_at <> old.submitted_at or new.expires_on <> old.expires_on then
    raise exception 'an expression of interest keeps its person, its stamp and its term' using errcode = 'check_violation';
  end if;
  if new.state <> old.state and not (
    old.state = 'in_pool' and new.state in ('invited', 'withdrawn', 'expired', 'ineligible', 'barred')
    or old.state = 'invited'
      and new.state in ('applied', 'in_pool', 'expired', 'ineligible', 'lapsed', 'withdrawn', 'barred')
  ) then
    raise exception 'no way from % to %', old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger check_interest before update on pool.interest for each row execute function pool.check_interest();

-- An expression of interest that is over stays; standings rest on that.
create function pool.refuse_removal() returns trigger language plpgsql as $$
begin
  raise exception 'an expression of interest is never removed' using errcode = 'check_violation';
end $$;
create trigger refuse_removal before delete or truncate on pool.interest
  for each statement execute function pool.refuse_removal();

-- Entries follow the state: they are there while in the pool; standings go when it is over.
create function pool.follow_state() returns trigger language plpgsql security definer
  set search_path = pool, pg_temp as $$
begin
  delete from entry e using before b, after a, standing s, unnest(s.lists) l
    where b.id = a.id and b.state = 'in_pool' and a.state <> 'in_pool' and s.interest = a.id
      and e.rule_set = s.rule_set and e.list = l and e.crs = s.crs and e.submitted_at = s.submitted_at
      and e.interest = s.interest;
  insert into entry (rule_set, list, crs, submitted_at, interest)
    select s.rule_set, l, s.crs, s.submitted_at, s.interest
    from before b join after a on b.id = a.id join standing s on s.interest = a.id, unnest(s.lists) l
    where b.state <> 'in_pool' and a.state = 'in_pool';
  delete from standing s using before b, after a
    where b.id = a.id and b.state in ('in_pool', 'invited') and a.state not in ('in_pool', 'invited')
      and s.interest = a.id;
  return null;
end $$;
create trigger follow_state after update on pool.interest referencing old table as before new table as after
  for each statement execute function pool.follow_state();

-- The bounds keep the joins from reading all candidates for each batch of a re-scoring, the order the index quick.
create function pool.follow_new_standing() returns trigger language plpgsql security definer
  set search_path = pool, pg_temp as $$
declare first bigint; last bigint;
begin
  select min(interest), max(interest) into first, last from after;
  if exists (select from after s where not exists (
    select from interest i where i.id = s.interest and i.id between first and last)) then
    raise exception 'a standing without an expression of interest' using errcode = 'foreign_key_violation';
  end if;
  insert into entry (rule_set, list, crs, submitted_at, interest)
    select s.rule_set, unnest(s.lists), s.crs, s.submitted_at, s.interest from (
      select s.* from after s
      join interest i on i.id = s.interest and i.id between first and last and i.state = 'in_pool'
      order by s.crs desc, s.submitted_at
    ) s;
  return null;
end $$;
create trigger follow_new_standing after insert on pool.standing referencing new table as after
  for each statement execute function pool.follow_new_standing();

create function pool.follow_standing() returns trigger language plpgsql security definer
  set search_path = pool, pg_temp as $$
begin
  delete from entry e using before s, unnest(s.lists) l
    where e.rule_set = s.rule_set and e.list = l and e.crs = s.crs and e.submitted_at = s.submitted_at
      and e.interest = s.interest;
  insert into entry (rule_set, list, crs, submitted_at, interest)
    select s.rule_set, l, s.crs, s.submitted_at, s.interest
    from after s join interest i on i.id = s.interest and i.state = 'in_pool', unnest(s.lists) l;
  return null;
end $$;
create trigger follow_standing after update on pool.standing
  referencing old table as before new table as after
  for each statement execute function pool.follow_standing();

-- A rule set to build: its row and its partitions. Each is made as a table of its own and attached, which stops neither
-- readers nor writers of the others; one made as a partition would wait for all who read.
create function pool.open_rule_set(new_name text, new_day date, new_digest text) returns smallint
  language plpgsql security definer set search_path = pool, pg_temp as $$
declare new_id smallint; parent text;
begin
  select coalesce(max(id), 0) + 1 into new_id from rule_set;
  insert into rule_set (id, name, law_day, digest) values (new_id, new_name, new_day, new_digest);
  foreach parent in array array['standing', 'entry'] loop
    execute format('create table pool.%s_%s (like pool.%s including all, check (rule_set = %s))',
      parent, new_id, parent, new_id);
    execute format('alter table pool.%s attach partition pool.%s_%s for values in (%s)', parent, parent, new_id, new_id);
    execute format('alter table pool.%s_%s drop constraint %s_%s_rule_set_check', parent, new_id, parent, new_id);
  end loop;
  return new_id;
end $$;

-- The partitions of a rule set that has retired go; its row stays. That waits for readers: give it a lock_timeout.
create function pool.clear_rule_set(old_id smallint) returns void
  language plpgsql security definer set search_path = pool, pg_temp as $$
begin
  if exists (select from rule_set where id = old_id and state = 'retired') then
    execute format('drop table if exists pool.standing_%s', old_id);
    execute format('drop table if exists pool.entry_%s', old_id);
  end if;
end $$;
