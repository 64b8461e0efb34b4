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
grant execute on function pool.hash_event to expressentry_auditor, expressentry_operator;

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
