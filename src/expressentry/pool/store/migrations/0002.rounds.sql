-- Rounds and what comes of them: invitations, batches of a new law, events and their chain.
-- depends: 0001.life

create table pool.round (
  number integer primary key check (number > 0),
  request_id uuid not null unique,
  kind text not null,
  list text not null,
  size integer not null check (size >= 0),
  day date not null,
  terms_digest text not null,
  as_of timestamptz not null,
  actor text not null,
  rule_set smallint not null references pool.rule_set,
  rule_set_digest text not null,
  invited integer not null check (invited between 0 and size),
  cutoff smallint,
  tie_break timestamptz,
  invited_digest text not null,
  next_digest text not null,    -- of the first who was not invited
  event bigint not null unique, -- it ranked the pool as it was just before this event
  head text not null,           -- of the chain, this event included: published with the round
  check ((cutoff is null) = (invited = 0)),
  check ((tie_break is null) = (invited = 0))
);

create table pool.invitation (
  id bigint primary key check (id > 0), -- the next one behind the gate, as a round's number: events name it
  round integer not null references pool.round,
  interest bigint not null references pool.interest,
  place integer not null check (place > 0),
  crs smallint not null,
  program pool.program,
  state pool.invitation_state not null default 'open',
  answer_by date not null,      -- the last day of the window
  unique (round, place)
);
create unique index one_open_invitation on pool.invitation (interest) where state = 'open';
create index invitation_window on pool.invitation (answer_by) where state = 'open';

create function pool.check_invitation() returns trigger language plpgsql as $$
begin
  if old.state <> 'open' or (new.round, new.interest, new.place, new.crs, new.answer_by)
    is distinct from (old.round, old.interest, old.place, old.crs, old.answer_by) then
    raise exception 'an invitation is answered once, and nothing else in it changes' using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger check_invitation before update on pool.invitation
  for each row execute function pool.check_invitation();

-- The rows of a batch of a re-scoring; its event has their digest.
create table pool.rescore_batch (
  rule_set smallint not null references pool.rule_set,
  first_interest bigint not null,
  last_interest bigint not null,
  digest text not null,
  rows bytea not null,
  primary key (rule_set, first_interest)
);

-- Events as they are written, in the act's own transaction: durable at commit.
create table pool.inbox (
  id bigint generated always as identity primary key,
  kind text not null,
  at timestamptz not null,
  actor text not null,
  reason text not null,
  body json not null,
  check (at >= '2000-01-01Z' and at < '10000-01-01Z')
);

-- Events sealed: each hash covers the one before.
create table pool.event (
  seq bigint primary key check (seq > 0),
  kind text not null,
  at timestamptz not null,
  actor text not null,
  reason text not null,
  body json not null,
  inbox bigint not null unique,
  hash text not null,
  check (at >= '2000-01-01Z' and at < '10000-01-01Z')
);

-- One sealer at a time. Always empty.
create table pool.seal_gate (shut boolean not null check (false));

create function pool.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on pool.event
  for each statement execute function pool.refuse_change();
create trigger append_only before update or delete or truncate on pool.rescore_batch
  for each statement execute function pool.refuse_change();
create trigger append_only before update or delete or truncate on pool.round
  for each statement execute function pool.refuse_change();
create trigger no_update before update or truncate on pool.inbox
  for each statement execute function pool.refuse_change();

-- An event leaves the inbox only for the chain.
create function pool.check_sealed() returns trigger language plpgsql as $$
begin
  if exists (select from gone g where not exists (select from pool.event e where e.inbox = g.id)) then
    raise exception 'inbox is append-only' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create trigger sealed_first after delete on pool.inbox referencing old table as gone
  for each statement execute function pool.check_sealed();

-- An instant as events have it; one that no calendar of ours has as PostgreSQL writes it, for whoever verifies to tell.
create function pool.instant_text(at timestamptz) returns text language sql stable parallel safe as $$
  select case when at >= '0001-01-01Z' and at < '10000-01-01Z'
    then to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else at::text end
$$;

-- A part of an event after its length in bytes, so that nothing can move from one part to the next.
create function pool.counted(part text) returns text language sql stable parallel safe as $$
  select octet_length(convert_to(part, 'UTF8')) || ':' || part
$$;

-- The hash of an event: over the hash before it and everything that the event has.
create function pool.hash_event(
  before text, seq bigint, inbox bigint, kind text, at timestamptz, actor text, reason text, body json
) returns text language sql stable parallel safe as $$
  select encode(sha256(convert_to(
    pool.counted(before) || pool.counted(seq::text) || pool.counted(inbox::text) || pool.counted(kind)
    || pool.counted(pool.instant_text(at)) || pool.counted(actor) || pool.counted(reason) || pool.counted(body::text),
    'UTF8')), 'hex')
$$;

-- Chains what is in the inbox, in the order in which it was written; returns how many. One sealer at a time.
create function pool.seal() returns bigint language plpgsql security definer set search_path = pool, pg_temp as $$
declare last bigint; head text; one record; done bigint := 0;
begin
  lock table seal_gate in share row exclusive mode;
  select e.seq, e.hash into last, head from event e order by e.seq desc limit 1;
  last := coalesce(last, 0);
  head := coalesce(head, repeat('0', 64));
  for one in select * from inbox order by id loop
    last := last + 1;
    head := hash_event(head, last, one.id, one.kind, one.at, one.actor, one.reason, one.body);
    insert into event values (last, one.kind, one.at, one.actor, one.reason, one.body, one.id, head);
    done := done + 1;
  end loop;
  if done > 0 then
    delete from inbox i using event e where e.inbox = i.id;
  end if;
  return done;
end $$;
