-- Who may do what. Roles belong to the whole server, so they are made where they are absent; none can log in until it
-- is given a password.
-- depends: 0002.rounds

do $$
declare name text;
begin
  foreach name in array array['operator', 'web', 'sealer', 'auditor'] loop
    if not exists (select from pg_roles where rolname = 'expressentry_' || name) then
      execute format('create role expressentry_%s nologin', name);
    end if;
  end loop;
end $$;

-- Limits, for whoever connects without this package too: the package sets those of each act itself. A client that stands
-- still, whose statement does not end or whose network is gone is cut, and its act undone. No role can take all
-- connections. An owner who did not make the roles may not set this: then whoever made them did.
do $$
declare one record; change text;
begin
  for one in select * from (values ('operator', 12, 10), ('web', 30, 10), ('sealer', 4, 10), ('auditor', 12, 900))
    as given (role, connections, idle) loop
    foreach change in array array[
      'connection limit ' || one.connections,
      'set idle_in_transaction_session_timeout = ''' || one.idle || 's''',
      'set lock_timeout = ''20s''',
      'set statement_timeout = ''30s''',
      'set tcp_keepalives_idle = 30',
      'set tcp_keepalives_interval = 10',
      'set tcp_keepalives_count = 3',
      'set tcp_user_timeout = 60000',
      'set client_connection_check_interval = ''5s'''
    ] loop
      begin
        execute format('alter role expressentry_%s %s', one.role, change);
      exception when insufficient_privilege or invalid_parameter_value then
        raise notice 'not set: % of expressentry_%', change, one.role;
      end;
    end loop;
  end loop;
end $$;

revoke all on schema pool from public;
revoke all on all functions in schema pool from public;
grant usage on schema pool to expressentry_operator, expressentry_web, expressentry_sealer, expressentry_auditor;

-- The web writes for one person at a time, named in the setting pool.person; row security holds it to that person.
grant insert on pool.gate to expressentry_web;
grant select on pool.rule_set to expressentry_web;
grant select, insert, update (key) on pool.person to expressentry_web;
grant select, insert, update (state, due) on pool.interest to expressentry_web;
grant select, insert on pool.submission to expressentry_web;
grant select, insert, update on pool.profile, pool.factors to expressentry_web;
grant select, insert, update (eligible, crs, program, lists) on pool.standing to expressentry_web;
grant select on pool.round to expressentry_web;
grant select, update (state) on pool.invitation to expressentry_web;
grant insert on pool.inbox to expressentry_web;

-- Whoever cannot issue rounds writes events of people, about the one for whom it acts, and no others.
create function pool.check_inbox() returns trigger language plpgsql as $$
begin
  if not has_table_privilege('pool.gate', 'update') and exists (
    select from written w where kind not in
        ('submitted', 'refused', 'updated', 'ineligible', 'withdrawn', 'accepted', 'declined')
      or coalesce(json_typeof(w.body), '') <> 'object'
      or w.body ->> 'person' is not null
        and not exists (select from pool.person p where p.id = (w.body ->> 'person')::uuid)
      or w.body ->> 'interest' is not null
        and not exists (select from pool.interest i where i.id = (w.body ->> 'interest')::bigint)
      or exists (
        select from json_array_elements_text(coalesce(w.body -> 'interests', '[]')) as n
        where not exists (select from pool.interest i where i.id = n::bigint))
  ) then
    raise exception 'an event of somebody else' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
revoke all on function pool.check_inbox from public;
create trigger check_inbox after insert on pool.inbox referencing new table as written
  for each statement execute function pool.check_inbox();

-- The operator runs the pool; what is append-only it cannot change either.
grant insert, update on pool.gate, pool.seal_gate to expressentry_operator;
grant select, insert, update on pool.person, pool.interest, pool.profile, pool.factors to expressentry_operator;
grant select, insert, update (eligible, crs, program, lists) on pool.standing to expressentry_operator;
grant delete on pool.profile, pool.factors to expressentry_operator;
grant select, insert, update on pool.submission to expressentry_operator;
grant select on pool.entry to expressentry_operator;
grant select, update (state) on pool.rule_set to expressentry_operator;
grant select, insert on pool.round, pool.rescore_batch, pool.inbox to expressentry_operator;
grant select, insert, update (state) on pool.invitation to expressentry_operator;
grant select on pool.event to expressentry_operator;
grant execute on function pool.open_rule_set, pool.clear_rule_set, pool.seal to expressentry_operator;

-- The sealer chains events and sees nothing else.
grant select on pool.inbox, pool.event to expressentry_sealer;
grant execute on function pool.seal to expressentry_sealer;

-- The auditor reads all that is not personal.
grant select on pool.rule_set, pool.interest, pool.standing, pool.entry, pool.round, pool.invitation,
  pool.rescore_batch, pool.inbox, pool.event to expressentry_auditor;
grant execute on function pool.hash_event, pool.counted, pool.instant_text to expressentry_auditor, expressentry_operator;

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

create policy own on pool.person to expressentry_web using (key = current_setting('pool.person', true));
create policy own on pool.interest to expressentry_web using (person in (select id from pool.person));
create policy own on pool.submission to expressentry_web using (person in (select id from pool.person));
create policy own on pool.profile to expressentry_web using (interest in (select id from pool.interest));
create policy own on pool.factors to expressentry_web using (interest in (select id from pool.interest));
create policy own on pool.standing to expressentry_web using (interest in (select id from pool.interest));
create policy own on pool.invitation to expressentry_web using (interest in (select id from pool.interest));
