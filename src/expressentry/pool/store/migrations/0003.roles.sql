-- Who may do what. Roles belong to the whole server, so they are made where they are absent; none can log in until it
-- is given a password. No role writes a table that decides: acts are functions, in 0004.acts.sql.
-- depends: 0002.rounds

do $$
declare name text;
begin
  foreach name in array array['operator', 'web', 'login', 'sealer', 'auditor'] loop
    if not exists (select from pg_roles where rolname = 'expressentry_' || name) then
      execute format('create role expressentry_%s nologin', name);
    end if;
  end loop;
end $$;

-- Limits, for whoever connects without this package too: the package sets those of each act itself. A client that stands
-- still, whose statement does not end or whose network is gone is cut, and its act undone. No role can take all
-- connections, or fill the disk by sorting; what a role writes into the log of the server is nobody's text. A role may
-- change its own settings, so that they are set again whenever the schema is brought up to date, and compared by whoever
-- verifies. An owner who did not make the roles may not set this: then whoever made them did.
create function pool.limit_roles() returns void language plpgsql set search_path = pool, pg_temp as $$
declare one record; change text;
begin
  for one in select * from (values ('operator', 12, 10, '10GB'), ('web', 30, 10, '100MB'), ('login', 6, 10, '100MB'),
      ('sealer', 4, 10, '100MB'), ('auditor', 12, 900, '10GB'))
    as given (role, connections, idle, files) loop
    foreach change in array array[
      'connection limit ' || one.connections,
      'reset all',
      'set idle_in_transaction_session_timeout = ''' || one.idle || 's''',
      'set lock_timeout = ''20s''',
      'set statement_timeout = ''30s''',
      'set tcp_keepalives_idle = 30',
      'set tcp_keepalives_interval = 10',
      'set tcp_keepalives_count = 3',
      'set tcp_user_timeout = 60000',
      'set client_connection_check_interval = ''5s''',
      'set temp_file_limit = ''' || one.files || '''',
      'set log_min_messages = ''fatal'''
    ] loop
      begin
        execute format('alter role expressentry_%s %s', one.role, change);
      exception when insufficient_privilege or invalid_parameter_value then
        raise notice 'not set: % of expressentry_%', change, one.role;
      end;
    end loop;
  end loop;
end $$;
do $$ begin perform pool.limit_roles(); end $$;

-- No role makes temporary tables or large objects, holds advisory locks, of which a few thousand leave no room for the
-- locks of others, or writes into the log of changes; these are rights that only a superuser can take away.
do $$
declare one regprocedure;
begin
  execute format('revoke temporary on database %I from public', current_database());
  if (select rolsuper from pg_roles where rolname = current_user) then
    for one in select oid from pg_proc where pronamespace = 'pg_catalog'::regnamespace
      and (proname in ('lo_create', 'lo_creat', 'lo_from_bytea') or proname ~ '^pg_(try_)?advisory_'
        or proname = 'pg_logical_emit_message') loop
      execute format('revoke execute on function %s from public', one);
    end loop;
  end if;
end $$;

-- Ends the sessions of roles whose transaction has been open for longer than any act of theirs: a role can lift its limits
-- of time by a statement, and hold up a round for ever, but not this. The sealer asks for it each time it comes, a round
-- when it has waited too long. Works where the owner is a superuser, or a member of pg_signal_backend and
-- pg_read_all_stats. Returns how many.
create function pool.cut_long() returns integer language plpgsql security definer set search_path = pool, pg_temp as $$
declare cut integer := 0; one integer;
begin
  for one in select a.pid from pg_stat_activity a
    join (values ('expressentry_web', 40), ('expressentry_login', 40), ('expressentry_sealer', 40),
      ('expressentry_operator', 400)) as most (role, seconds) on most.role = a.usename
    where a.pid <> pg_backend_pid() and a.xact_start < clock_timestamp() - make_interval(secs => most.seconds) loop
    cut := cut + pg_terminate_backend(one)::integer;
  end loop;
  return cut;
exception when insufficient_privilege then
  return cut;
end $$;

revoke all on schema pool from public;
revoke all on all functions in schema pool from public;
grant usage on schema pool to
  expressentry_operator, expressentry_web, expressentry_login, expressentry_sealer, expressentry_auditor;

-- One row, made with the pool. A rehearsal takes the instants that it is given; a pool that is none goes by the clock of
-- the server, and nothing makes the one of the other.
create table pool.opening (
  single boolean primary key default true check (single),
  rehearsal boolean not null
);
create trigger append_only before update or delete or truncate on pool.opening
  for each statement execute function pool.refuse_change();

-- The two keys of the signature under a token, made when first needed; no role can read them.
create table pool.signing (
  single boolean primary key default true check (single),
  inner_key bytea not null,
  outer_key bytea not null
);

create function pool.random_key() returns bytea language sql volatile as $$
  select string_agg(uuid_send(gen_random_uuid()), '') from generate_series(1, 4)
$$;

-- A hash with two keys, one around the other, as HMAC has them.
create function pool.signature(message text) returns text language sql stable security definer
  set search_path = pool, pg_temp as $$
  select encode(sha256(outer_key || sha256(inner_key || convert_to(message, 'UTF8'))), 'hex') from signing
$$;

-- A token for one person: until when it holds (seconds since 1970), the signature, the key. The one who knows that it is
-- this person asks for it; whoever only shows pages cannot make one.
create function pool.token(person_key text, seconds integer) returns text
  language plpgsql security definer set search_path = pool, pg_temp as $$
declare until text := (extract(epoch from clock_timestamp())::bigint + seconds)::text;
begin
  if coalesce(length(person_key), 0) not between 1 and 200 or coalesce(seconds, 0) not between 1 and 3600 then
    raise exception 'a token is for one person, and for an hour at most' using errcode = 'check_violation';
  end if;
  insert into signing (inner_key, outer_key) values (random_key(), random_key()) on conflict do nothing;
  return until || ':' || signature(until || ':' || person_key) || ':' || person_key;
end $$;

-- All tokens that there are hold no longer; for after a backup went astray.
create function pool.forget_tokens() returns void language sql security definer set search_path = pool, pg_temp as $$
  delete from signing
$$;

-- Whom the web acts for, as the token in the setting `pool.token` proves; nobody without one that holds.
create function pool.acting_for() returns text language plpgsql stable security definer
  set search_path = pool, pg_temp as $$
declare parts text[] := regexp_match(current_setting('pool.token', true), '^(\d{1,12}):([0-9a-f]{64}):(.{1,200})$');
begin
  if parts is null or parts[1]::bigint < extract(epoch from clock_timestamp())
    -- Hashed once more, so that the time of the comparison tells nothing.
    or sha256(convert_to(parts[2], 'UTF8'))
      is distinct from sha256(convert_to(signature(parts[1] || ':' || parts[3]), 'UTF8')) then
    return null;
  end if;
  return parts[3];
end $$;

-- Whether who is connected acts for everyone, as whoever may issue rounds does, and not for one person only.
create function pool.acts_for_all() returns boolean language sql stable security definer
  set search_path = pool, pg_temp as $$
  select has_table_privilege(session_user, 'pool.gate', 'update')
$$;

-- The web acts for one person at a time; row security shows it no other.
grant insert on pool.gate to expressentry_web;
grant select on pool.rule_set, pool.opening, pool.round, pool.person, pool.interest, pool.submission, pool.profile,
  pool.standing, pool.invitation to expressentry_web;

-- The operator runs the pool.
grant insert, update on pool.gate, pool.seal_gate to expressentry_operator;
grant select on pool.rule_set, pool.opening, pool.round, pool.person, pool.interest, pool.submission, pool.profile,
  pool.factors, pool.standing, pool.entry, pool.invitation, pool.rescore_batch, pool.inbox, pool.event
  to expressentry_operator;
grant execute on function pool.open_rule_set, pool.clear_rule_set to expressentry_operator;

-- The login says for whom the web may act.
grant execute on function pool.token to expressentry_login, expressentry_operator;

-- The auditor reads all that is not personal.
grant select on pool.rule_set, pool.opening, pool.interest, pool.standing, pool.entry, pool.round, pool.invitation,
  pool.rescore_batch, pool.inbox, pool.event to expressentry_auditor;

grant execute on function pool.seal, pool.cut_long to expressentry_operator, expressentry_sealer;
grant execute on function pool.hash_event, pool.counted, pool.instant_text to expressentry_auditor, expressentry_operator;
grant execute on function pool.acting_for to
  expressentry_operator, expressentry_web, expressentry_auditor;

alter table pool.person enable row level security;
alter table pool.interest enable row level security;
alter table pool.submission enable row level security;
alter table pool.profile enable row level security;
alter table pool.factors enable row level security;
alter table pool.standing enable row level security;
alter table pool.invitation enable row level security;

create policy everyone on pool.person to expressentry_operator using (true);
create policy everyone on pool.interest to expressentry_operator, expressentry_auditor using (true);
create policy everyone on pool.submission to expressentry_operator using (true);
create policy everyone on pool.profile to expressentry_operator using (true);
create policy everyone on pool.factors to expressentry_operator using (true);
create policy everyone on pool.standing to expressentry_operator, expressentry_auditor using (true);
create policy everyone on pool.invitation to expressentry_operator, expressentry_auditor using (true);

create policy own on pool.person to expressentry_web using (key = (select pool.acting_for()));
create policy own on pool.interest to expressentry_web using (person in (select id from pool.person));
create policy own on pool.submission to expressentry_web using (person in (select id from pool.person));
create policy own on pool.profile to expressentry_web using (interest in (select id from pool.interest));
create policy own on pool.standing to expressentry_web using (interest in (select id from pool.interest));
create policy own on pool.invitation to expressentry_web using (interest in (select id from pool.interest));
