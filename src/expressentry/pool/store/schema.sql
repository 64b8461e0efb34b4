CREATE SCHEMA pool;

CREATE TYPE pool.interest_state AS ENUM (
    'in_pool',
    'invited',
    'applied',
    'withdrawn',
    'expired',
    'ineligible',
    'lapsed',
    'barred'
);

CREATE TYPE pool.invitation_state AS ENUM (
    'open',
    'accepted',
    'declined',
    'lapsed',
    'cancelled'
);

CREATE TYPE pool.program AS ENUM (
    'pnp',
    'cec',
    'fsw',
    'fst'
);

CREATE TYPE pool.rule_set_state AS ENUM (
    'building',
    'in_force',
    'retired'
);

CREATE TYPE pool.written AS (
	nth integer,
	kind text,
	at timestamp with time zone,
	actor text,
	reason text,
	body jsonb
);

CREATE FUNCTION pool.acting_for() RETURNS text
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $_$
declare parts text[] := regexp_match(current_setting('pool.token', true), '^(\d{1,12}):([0-9a-f]{64}):(.{1,200})$');
begin
  if parts is null or parts[1]::bigint < extract(epoch from clock_timestamp())
    -- Hashed once more, so that the time of the comparison tells nothing.
    or sha256(convert_to(parts[2], 'UTF8'))
      is distinct from sha256(convert_to(signature(parts[1] || ':' || parts[3]), 'UTF8')) then
    return null;
  end if;
  return parts[3];
end $_$;

CREATE FUNCTION pool.acts_for_all() RETURNS boolean
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  select has_table_privilege(session_user, 'pool.gate', 'update')
$$;

CREATE FUNCTION pool.add_scores(law smallint, ids bigint[], eligible boolean[], crs smallint[], programs text[], lists text[]) RETURNS SETOF bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
begin
  if not exists (select from rule_set where id = law and state = 'building') then
    raise exception 'no rule set is being scored' using errcode = 'EE002';
  end if;
  return query
    with given as materialized (
      select * from unnest(ids, add_scores.eligible, add_scores.crs, programs, add_scores.lists)
        as g (interest, eligible, crs, program, lists)
    ), live as (
      select i.id, i.submitted_at, g.eligible, g.crs, g.program::program, g.lists::text[]
      from given g join interest i on i.id = g.interest and i.state in ('in_pool', 'invited')
        and i.id between (select min(interest) from given) and (select max(interest) from given)
      order by i.id for share of i
    )
    insert into standing as s (rule_set, interest, eligible, crs, submitted_at, program, lists)
      select law, live.id, live.eligible, live.crs, live.submitted_at, live.program, live.lists from live
      on conflict (rule_set, interest) do nothing
      returning s.interest;
end $$;

CREATE FUNCTION pool.answered(ids uuid[]) RETURNS TABLE(client_id uuid, person uuid, digest text, answer jsonb, interest bigint)
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  select s.client_id, p.id, case when p.id is null then '' else s.digest end,
      case when p.id is null then '{}' else s.answer end, case when p.id is null then null else s.interest end
    from submission s
      left join person p on p.id = s.person and (acts_for_all() or p.key = acting_for())
    where s.client_id = any(ids)
$$;

CREATE FUNCTION pool.canonical(value jsonb, comma text, colon text, depth integer DEFAULT 0) RETURNS text
    LANGUAGE plpgsql IMMUTABLE
    SET search_path TO 'pool', 'pg_temp'
    SET extra_float_digits TO '1'
    AS $_$
begin
  if depth > 50 then
    raise exception 'more than 50 levels in one another' using errcode = 'EE002';
  end if;
  return case jsonb_typeof(value)
    when 'object' then '{' || coalesce((
      select string_agg(to_json(k)::text || colon || canonical(v, comma, colon, depth + 1), comma order by k collate "C")
      from jsonb_each(value) as e (k, v)), '') || '}'
    when 'array' then '[' || coalesce((
      select string_agg(canonical(v, comma, colon, depth + 1), comma order by n)
      from jsonb_array_elements(value) with ordinality as e (v, n)), '') || ']'
    when 'number' then case when value::text ~ '^-?[0-9]{1,18}$' then value::text else (value::text)::float8::text end
    else value::text end;
end $_$;

CREATE FUNCTION pool.chain_head() RETURNS TABLE(seq bigint, hash text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  select e.seq, e.hash from event e order by e.seq desc limit 1
$$;

CREATE FUNCTION pool.check_events(events pool.written[], texts text[]) RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare trying boolean := (select rehearsal from opening); wrong text; me uuid;
begin
  if trying is null then
    raise exception 'there is no pool' using errcode = 'undefined_table';
  end if;
  select coalesce(e.kind, '') into wrong from unnest(events) e left join event_kind k on k.kind = e.kind
    where k.kind is null or e.at is null
      or case when e.kind = 'submitted' and texts[e.nth] = rewritten(e) then false else texts[e.nth] !~ k.body end
      or exists (select from unnest(k.digests) as d (key) where length(e.body ->> d.key) <> 64)
      or exists (select from unnest(k.names) as d (key) where length(e.body ->> d.key) > 200)
      or coalesce(length(e.actor), 201) > 200 or coalesce(length(e.reason), 2001) > 2000
      or (e.actor || replace(e.reason, E'\n', '')) ~ '[[:cntrl:]]' limit 1;
  if found then
    raise exception 'not an event of its kind (%)', wrong using errcode = 'EE002';
  end if;
  select e.at::text into wrong from unnest(events) e join event_kind k on k.kind = e.kind
    where case when trying then e.at not between '2000-01-01Z' and '2200-01-01Z'
      else e.at not between now() - k.age and now() + interval '1 minute' end limit 1;
  if found then
    raise exception '% is not now; the clock of the server says %', wrong, now() using errcode = 'EE001';
  end if;
  if acts_for_all() then
    return;
  end if;
  select id into me from person where key = acting_for();
  if me is null or cardinality(events) > 20 or exists (
    select from unnest(events) e join event_kind k on k.kind = e.kind
    where not k.by_web or octet_length(texts[e.nth]) > 20000 or e.body ? 'person' and (e.body ->> 'person')::uuid <> me
      or e.kind <> 'submitted' and e.body ? 'interest'
        and not exists (select from interest i where i.id = (e.body ->> 'interest')::bigint and i.person = me)
      or e.body ? 'interests' and exists (
        select from jsonb_array_elements_text(e.body -> 'interests') as named (id)
        where not exists (select from interest i where i.id = named.id::bigint and i.person = me))
  ) then
    raise exception 'an event of somebody else' using errcode = 'insufficient_privilege';
  end if;
end $$;

CREATE FUNCTION pool.check_interest() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION pool.check_invitation() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if old.state <> 'open' or (new.round, new.interest, new.place, new.crs, new.answer_by)
    is distinct from (old.round, old.interest, old.place, old.crs, old.answer_by) then
    raise exception 'an invitation is answered once, and nothing else in it changes' using errcode = 'check_violation';
  end if;
  return new;
end $$;

CREATE FUNCTION pool.check_sealed() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if exists (select from gone g where not exists (select from pool.event e where e.inbox = g.id)) then
    raise exception 'inbox is append-only' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;

CREATE FUNCTION pool.clear_rule_set(old_id smallint) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
begin
  if exists (select from rule_set where id = old_id and state = 'retired') then
    execute format('drop table if exists pool.standing_%s', old_id);
    execute format('drop table if exists pool.entry_%s', old_id);
  end if;
end $$;

CREATE FUNCTION pool.counted(part text) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select octet_length(convert_to(part, 'UTF8')) || ':' || part
$$;

CREATE FUNCTION pool.cut_long() RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
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

CREATE FUNCTION pool.enter(events pool.written[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare in_force text := (select id::text from rule_set where state = 'in_force'); last bigint;
begin
  select last_value into last from interest_id_seq;
  if exists (
    select from unnest(events) e left join person p on p.id = (e.body ->> 'person')::uuid
    where e.kind = 'submitted' and (
      salted(p.salt, p.key) is distinct from e.body ->> 'key'
      or p.barred_until > (e.at at time zone 'UTC')::date
      or (e.body ->> 'submitted_at')::timestamptz <> e.at
      or (e.body ->> 'expires_on')::date not between e.at::date and (e.at + interval '25 months')::date
      or (e.body ->> 'interest')::bigint > last
      or (e.body -> 'standings' -> in_force ->> 0)::boolean is not true)
  ) then
    raise exception 'nobody may enter so' using errcode = 'EE002';
  end if;
  insert into interest (id, person, submitted_at, expires_on, due) overriding system value
    select (e.body ->> 'interest')::bigint, (e.body ->> 'person')::uuid, e.at, (e.body ->> 'expires_on')::date,
      (e.body ->> 'review_on')::date
    from unnest(events) e where e.kind = 'submitted' order by e.nth;
end $$;

CREATE FUNCTION pool.follow_new_standing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
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

CREATE FUNCTION pool.follow_standing() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
begin
  delete from entry e using before s, unnest(s.lists) l
    where e.rule_set = s.rule_set and e.list = l and e.crs = s.crs and e.submitted_at = s.submitted_at
      and e.interest = s.interest;
  insert into entry (rule_set, list, crs, submitted_at, interest)
    select s.rule_set, l, s.crs, s.submitted_at, s.interest
    from after s join interest i on i.id = s.interest and i.state = 'in_pool', unnest(s.lists) l;
  return null;
end $$;

CREATE FUNCTION pool.follow_state() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
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

CREATE FUNCTION pool.forget_tokens() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  delete from signing
$$;

CREATE FUNCTION pool.hash_event(before text, seq bigint, inbox bigint, kind text, at timestamp with time zone, actor text, reason text, body json) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select encode(sha256(convert_to(
    pool.counted(before) || pool.counted(seq::text) || pool.counted(inbox::text) || pool.counted(kind)
    || pool.counted(pool.instant_text(at)) || pool.counted(actor) || pool.counted(reason) || pool.counted(body::text),
    'UTF8')), 'hex')
$$;

CREATE FUNCTION pool.instant_text(at timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE PARALLEL SAFE
    AS $$
  select case when at >= '0001-01-01Z' and at < '10000-01-01Z'
    then to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') else at::text end
$$;

CREATE FUNCTION pool.issue(at timestamp with time zone, actor text, reason text, body text, terms_digest text, OUT event bigint, OUT head text) RETURNS record
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    SET plan_cache_mode TO 'force_custom_plan'
    AS $$
declare
  e pool.written := row(1, 'round', at, actor, reason, body::jsonb);
  last round;
  law rule_set;
  entered text;
  day date := (e.body -> 'terms' ->> 'day')::date;
  until date := (e.body ->> 'answer_by')::date;
  next integer := (e.body ->> 'number')::integer;
  today date := (now() at time zone 'UTC')::date;
  ranked jsonb;
  places text;
  rest text;
begin
  if not exists (select from pg_locks where pid = pg_backend_pid() and granted and relation = 'pool.gate'::regclass
      and mode in ('ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')) then
    raise exception 'a round is issued behind the gate' using errcode = 'EE002';
  end if;
  if not (select rehearsal from opening) and day not between today - 1 and today + 1 then
    raise exception '% is not today; the clock of the server says %', day, now() using errcode = 'EE001';
  end if;
  select * into last from round r order by r.number desc limit 1;
  select * into law from rule_set where state = 'in_force';
  entered := case e.body -> 'terms' ->> 'kind' when 'general' then 'general' when 'nominee' then 'pnp'
    else e.body -> 'terms' ->> 'of' end;
  select coalesce(jsonb_agg(jsonb_build_array(p.interest, p.crs, s.program, instant_text(p.submitted_at))
      order by p.crs desc, p.submitted_at, p.interest), '[]') into ranked
    from (select n.interest, n.crs, n.submitted_at from entry n where n.rule_set = law.id and n.list = entered
      order by n.crs desc, n.submitted_at, n.interest limit (e.body -> 'terms' ->> 'size')::bigint) p
    join standing s on s.rule_set = law.id and s.interest = p.interest;
  -- A pattern is slow on thousands of places: they are compared letter by letter, and the rest with the pattern.
  places := '"places":' || replace(ranked::text, ' ', '');
  rest := replace(body, places, '"places":[]');
  perform check_events(array[e], array[rest]);
  if body <> replace(rest, '"places":[]', places) or next <> coalesce(last.number, 0) + 1 or day < last.day or at < last.as_of
    or (e.body ->> 'as_of')::timestamptz <> at
    or (e.body ->> 'rule_set')::smallint <> law.id or e.body ->> 'rule_set_digest' <> law.digest
    or e.body -> 'places' <> ranked or (e.body ->> 'invited')::integer <> jsonb_array_length(ranked)
    or (e.body ->> 'first_invitation')::bigint <> (select coalesce(max(id), 0) + 1 from invitation)
    or until not between day and day + 366
    or exists (select from interest i where i.state = 'in_pool' and i.expires_on <= day)
    or exists (select from interest i
      where i.state in ('in_pool', 'invited') and i.state = 'in_pool' and i.due <= day) then
    raise exception 'not the round that the pool gives' using errcode = 'EE002';
  end if;
  perform seal();
  perform write_events(array[e], array[body]);
  perform seal();
  select h.seq, h.hash into event, head from event h order by h.seq desc limit 1;
  insert into round (number, request_id, kind, list, size, day, terms_digest, as_of, actor, rule_set, rule_set_digest,
      invited, cutoff, tie_break, invited_digest, next_digest, event, head)
    values (next, (e.body ->> 'request_id')::uuid, e.body -> 'terms' ->> 'kind', entered,
      (e.body -> 'terms' ->> 'size')::integer, day, terms_digest, at, actor, law.id, law.digest,
      (e.body ->> 'invited')::integer, (e.body ->> 'cutoff')::smallint, (e.body ->> 'tie_break')::timestamptz,
      e.body ->> 'invited_digest', e.body ->> 'next_digest', event, head);
  insert into invitation (id, round, interest, place, crs, program, answer_by)
    select (e.body ->> 'first_invitation')::bigint + p.nth - 1, next, (p.one ->> 0)::bigint, p.nth,
      (p.one ->> 1)::smallint, (p.one ->> 2)::program, until
    from jsonb_array_elements(ranked) with ordinality as p (one, nth);
  update interest i set state = 'invited' from jsonb_array_elements(ranked) as p (one) where i.id = (p.one ->> 0)::bigint;
end $$;

CREATE FUNCTION pool.keep(events pool.written[], kept bigint[], facts text[], salt text[], schema_version smallint, factors text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare told jsonb[];
begin
  -- Candidate, digest of the facts where they are new, digest of the factors, nominations, next day of review.
  told := array(
    select t.one from unnest(events) e cross join lateral (
      select 0, jsonb_build_array(e.body -> 'interest', e.body -> 'profile', e.body -> 'factors', e.body -> 'nominations',
        e.body -> 'review_on') where e.body ? 'factors'
      union all select row.nth, jsonb_build_array(row.one -> 0, null, row.one -> 2, null, row.one -> 1)
        from jsonb_array_elements(e.body -> 'reviews') with ordinality as row (one, nth)
    ) as t (nth, one) order by e.nth, t.nth);
  if cardinality(told) <> cardinality(kept) or exists (
    select from unnest(kept, facts, salt, factors) as g (interest, facts, salt, factors)
    where octet_length(g.facts) > 1000000 or octet_length(g.factors) > 100000 or length(g.salt) > 100
  ) or exists (
    select from unnest(told, kept, facts, salt, factors) as g (told, interest, facts, salt, factors)
      left join profile p on p.interest = g.interest
    where g.interest <> (g.told ->> 0)::bigint
      or g.told ->> 1 is distinct from salted(g.salt, keep.schema_version || ' ' || g.facts)
      or g.told ->> 2 is distinct from salted(coalesce(g.salt, p.salt), g.factors)
      or g.told ->> 3 <> '[]' and g.told -> 3 is distinct from (
        select jsonb_agg(jsonb_build_array(n -> 'province', (n ->> 'withdrawn_on')::date))
        from jsonb_array_elements(g.facts::jsonb -> 'nominations') as n)
  ) then
    raise exception 'not what the events have a digest of' using errcode = 'EE002';
  end if;
  -- A nomination is the province's act: the web stores those that are there already, and no other.
  if not acts_for_all() and exists (
    select from unnest(kept, facts) as g (interest, facts) left join profile p on p.interest = g.interest
    where coalesce(nullif(g.facts::jsonb -> 'nominations', '[]'), 'null')
      is distinct from coalesce(nullif(p.facts -> 'nominations', '[]'), 'null')
  ) then
    raise exception 'a nomination comes from the province' using errcode = 'insufficient_privilege';
  end if;
  -- Written in any other way they would not give their digest back. Whoever acts for all is not asked: many at once take
  -- too long for that.
  if not acts_for_all() and exists (
    select from unnest(facts, factors) as g (facts, factors)
    where g.facts <> canonical(g.facts::jsonb, ', ', ': ') or g.factors ~ '\\|:""'
      or g.factors is distinct from canonical(jsonb_strip_nulls(
        to_jsonb(jsonb_populate_record(null::factors, g.factors::jsonb)) - 'interest'), ',', ':')
  ) then
    raise exception 'facts are written in one form only' using errcode = 'EE002';
  end if;
  insert into profile as p (interest, schema_version, facts, salt)
    select g.interest, keep.schema_version, g.facts::jsonb, g.salt
    from unnest(kept, keep.facts, keep.salt) as g (interest, facts, salt) where g.facts is not null
    on conflict (interest) do update
      set facts = excluded.facts, salt = excluded.salt, schema_version = excluded.schema_version;
  delete from factors f where f.interest = any(kept);
  insert into factors
    select r.* from unnest(kept, keep.factors) as g (interest, factors),
      jsonb_populate_record(null::factors, g.factors::jsonb || jsonb_build_object('interest', g.interest)) r;
  update interest i set due = (t.one ->> 4)::date from unnest(told) as t (one)
    where i.id = (t.one ->> 0)::bigint and i.due is distinct from (t.one ->> 4)::date;
end $$;

CREATE FUNCTION pool.keep_batch(law smallint, first bigint, last bigint, digest text, rows bytea) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
begin
  if digest is distinct from encode(sha256(rows), 'hex') then
    raise exception 'the digest is not of these rows' using errcode = 'EE002';
  end if;
  insert into rescore_batch (rule_set, first_interest, last_interest, digest, rows)
    values (law, first, last, digest, rows);
end $$;

CREATE FUNCTION pool.limit_roles() RETURNS void
    LANGUAGE plpgsql
    SET search_path TO 'pool', 'pg_temp'
    AS $$
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

CREATE FUNCTION pool.lock_interests(ids bigint[]) RETURNS TABLE(id bigint, person uuid, state text, submitted_at timestamp with time zone, expires_on date, due date)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
#variable_conflict use_column
begin
  return query select i.id, i.person, i.state::text, i.submitted_at, i.expires_on, i.due from interest i
    where i.id = any(ids)
      and (acts_for_all() or i.person = (select p.id from person p where p.key = acting_for()))
    order by i.id for no key update;
end $$;

CREATE FUNCTION pool.lock_persons(keys text[], make boolean) RETURNS TABLE(id uuid, key text, salt text, barred_until date, live bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
#variable_conflict use_column
begin
  if not acts_for_all() and keys is distinct from array[acting_for()] then
    raise exception 'the token is not of this person, or has run out' using errcode = 'EE003';
  end if;
  if make then
    insert into person (key) select distinct k from unnest(keys) k where length(k) between 1 and 200 order by k
      on conflict (key) do nothing;
  end if;
  return query
    with locked as materialized (
      select p.id, p.key, p.salt, p.barred_until from person p where p.key = any(keys) order by p.key for no key update
    )
    select l.id, l.key, l.salt, l.barred_until, i.id from locked l
      left join interest i on i.person = l.id and i.state in ('in_pool', 'invited');
end $$;

CREATE FUNCTION pool.move(events pool.written[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare in_force smallint := (select id from rule_set where state = 'in_force'); wrong text;
begin
  perform from interest where id in (
    select (e.body ->> 'interest')::bigint from unnest(events) e where e.kind <> 'submitted'
    union select (row ->> 0)::bigint from unnest(events) e, jsonb_array_elements(e.body -> 'reviews') as row
    union select named.id::bigint from unnest(events) e, jsonb_array_elements_text(e.body -> 'interests') as named (id)
  ) order by id for no key update;
  select e.kind into wrong
    from unnest(events) e join event_kind k on k.kind = e.kind and k.moves_from <> '{}'
      cross join lateral (
        select e.body ->> 'interest', null::bigint where e.body ? 'interest'
        union all select row ->> 0, null from jsonb_array_elements(e.body -> 'reviews') as row
        union all select one.id, one.nth from jsonb_array_elements_text(e.body -> 'interests')
          with ordinality as one (id, nth)
      ) as named (id, nth)
      left join interest i on i.id = named.id::bigint
      left join invitation v on v.interest = i.id and v.state = 'open'
      left join standing s on s.rule_set = in_force and s.interest = i.id
      cross join lateral (select (e.at at time zone 'UTC')::date) as d (day)
    where i.id is null or not i.state = any(k.moves_from)
      or k.moves_to <> '{}' and not coalesce((e.body ->> 'state')::interest_state = any(k.moves_to), false)
      or e.body ? 'invitation' and v.id is distinct from (e.body ->> 'invitation')::bigint
      or e.body ? 'day' and (e.body ->> 'day')::date > d.day + 1
      or case e.kind
        when 'ineligible' then s.eligible is not false
        when 'expired' then i.expires_on > (e.body ->> 'day')::date
        when 'lapsed' then v.id is distinct from (e.body -> 'invitations' ->> (named.nth::int - 1))::bigint
          or v.answer_by >= (e.body ->> 'day')::date
        when 'accepted' then v.answer_by < d.day
        when 'declined' then v.answer_by < d.day
        else false end
      or e.kind in ('declined', 'cancelled') and e.body ->> 'state' <> case
        when i.expires_on <= d.day then 'expired' when s.eligible then 'in_pool' else 'ineligible' end
    limit 1;
  if found then
    raise exception 'no such change is possible now (%)', wrong using errcode = 'EE002';
  end if;
  if exists (select from unnest(events) e, jsonb_array_elements_text(e.body -> 'interests') as named (id)
      group by named.id having count(*) > 1) then
    raise exception 'somebody is named twice' using errcode = 'EE002';
  end if;
  update invitation v set state = k.closes
    from unnest(events) e join event_kind k on k.kind = e.kind,
      jsonb_array_elements_text(e.body -> 'interests') as named (id)
    where k.closes is not null and v.interest = named.id::bigint and v.state = 'open';
  update interest i set state = (e.body ->> 'state')::interest_state
    from unnest(events) e, jsonb_array_elements_text(e.body -> 'interests') as named (id)
    where i.id = named.id::bigint;
end $$;

CREATE FUNCTION pool.next_interests(many integer) RETURNS SETOF bigint
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  select nextval('interest_id_seq') from generate_series(1, least(many, 20000))
$$;

CREATE FUNCTION pool.open_pool(trying boolean) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  insert into opening (rehearsal) values (trying)
$$;

CREATE FUNCTION pool.open_rule_set(new_name text, new_day date, new_digest text) RETURNS smallint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
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

CREATE FUNCTION pool.put_answers(events pool.written[], ids uuid[], persons uuid[], digests text[], answers jsonb[], interests bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare in_force text := (select id::text from rule_set where state = 'in_force');
begin
  -- The web could store an answer that no event has, or leave one out, and whoever verifies would hear of it for ever.
  if not acts_for_all() and exists (
    select from (
      select e.body, row_number() over (order by e.nth) as nth from unnest(events) e where e.kind in ('submitted', 'refused')
    ) as told full join (
      select * from unnest(ids, persons, digests, answers, interests) with ordinality
        as g (id, person, digest, answer, interest, nth)
    ) as given using (nth) left join person p on p.id = given.person
    where told.body ->> 'answer' is distinct from salted(p.salt,
        canonical(jsonb_build_array(given.id::text, given.digest, given.answer), ',', ':'))
      or told.body ->> 'person' is distinct from given.person::text
      or told.body ->> 'interest' is distinct from given.interest::text
      or told.body ->> 'why' is distinct from given.answer ->> 'reason'
      or coalesce(told.body ->> 'crs', told.body -> 'standings' -> in_force ->> 1) is distinct from given.answer ->> 'crs'
      or jsonb_typeof(given.answer -> 'findings') is distinct from 'array' or octet_length(given.answer::text) > 100000
      or length(given.digest) <> 64
  ) then
    raise exception 'not the answer that the event has a digest of' using errcode = 'EE002';
  end if;
  insert into submission (client_id, person, digest, answer, interest)
    select * from unnest(ids, persons, digests, answers, interests);
end $$;

CREATE FUNCTION pool.put_scores(events pool.written[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare active text[] := array(select id::text from rule_set where state <> 'retired' order by id::text);
begin
  if exists (select from unnest(events) e where e.body ? 'standings'
      and array(select k from jsonb_object_keys(e.body -> 'standings') k order by k) <> active
      or length((e.body -> 'standings')::text) > 200 and (e.body -> 'standings')::text ~ '"[a-z_0-9]{61}') then
    raise exception 'not a score under each rule set' using errcode = 'EE002';
  end if;
  insert into standing as s (rule_set, interest, eligible, crs, submitted_at, program, lists)
    select r.id::smallint, i.id, (r.score ->> 0)::boolean, (r.score ->> 1)::smallint, i.submitted_at,
      (r.score ->> 2)::program, array(select jsonb_array_elements_text(r.score -> 3))
    from unnest(events) e join interest i on i.id = (e.body ->> 'interest')::bigint
      cross join lateral jsonb_each(e.body -> 'standings') as r (id, score)
    where e.body ? 'standings'
    on conflict (rule_set, interest) do update
      set eligible = excluded.eligible, crs = excluded.crs, program = excluded.program, lists = excluded.lists
      where (s.eligible, s.crs, s.program, s.lists)
        is distinct from (excluded.eligible, excluded.crs, excluded.program, excluded.lists);
end $$;

CREATE FUNCTION pool.random_key() RETURNS bytea
    LANGUAGE sql
    AS $$
  select string_agg(uuid_send(gen_random_uuid()), '') from generate_series(1, 4)
$$;

CREATE FUNCTION pool.record(kind text[], at timestamp with time zone[], actor text[], reason text[], body text[], kept bigint[], facts text[], salt text[], schema_version smallint, factors text[], client_id uuid[] DEFAULT '{}'::uuid[], person uuid[] DEFAULT '{}'::uuid[], digest text[] DEFAULT '{}'::text[], answer jsonb[] DEFAULT '{}'::jsonb[], interest bigint[] DEFAULT '{}'::bigint[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare events pool.written[]; one pool.written;
begin
  select array_agg(row(n::integer, k, t, a, r, b::jsonb)::written order by n) into events
    from unnest(kind, at, actor, reason, body) with ordinality as g (k, t, a, r, b, n);
  if events is null then
    return;
  end if;
  perform check_events(events, body);
  if 'round' = any(kind) then
    raise exception 'a round is issued, not recorded' using errcode = 'EE002';
  end if;
  if 'submitted' = any(kind) then
    perform enter(events);
  end if;
  if kind <> array_fill('submitted'::text, array[cardinality(kind)]) then
    perform move(events);
  end if;
  perform keep(events, kept, facts, salt, schema_version, factors);
  perform put_scores(events);
  perform put_answers(events, client_id, person, digest, answer, interest);
  foreach one in array events loop
    if one.kind in ('refused', 'barred', 'erased', 'rule_set_opened', 'rescored', 'law_in_force') then
      perform settle(one);
    end if;
  end loop;
  perform write_events(events, body);
end $$;

CREATE FUNCTION pool.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception '% is append-only', tg_table_name using errcode = 'insufficient_privilege';
end $$;

CREATE FUNCTION pool.refuse_removal() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'an expression of interest is never removed' using errcode = 'check_violation';
end $$;

CREATE FUNCTION pool.rewritten(e pool.written) RETURNS text
    LANGUAGE sql STABLE
    SET search_path TO 'pool', 'pg_temp'
    AS $_$
  select '{"answer":"' || (e.body ->> 'answer') || '","expires_on":"' || (e.body ->> 'expires_on')::date
    || '","factors":"' || (e.body ->> 'factors') || '","interest":' || (e.body ->> 'interest')::bigint
    || ',"key":"' || (e.body ->> 'key') || '","nominations":[],"person":"' || (e.body ->> 'person')::uuid
    || '","profile":"' || (e.body ->> 'profile')
    || '","review_on":' || coalesce('"' || (e.body ->> 'review_on')::date || '"', 'null')
    || ',"standings":' || replace((e.body -> 'standings')::text, ' ', '')
    || ',"submitted_at":"' || instant_text(e.at) || '"}'
  where translate((e.body ->> 'answer') || (e.body ->> 'factors') || (e.body ->> 'key') || (e.body ->> 'profile'),
      '0123456789abcdef', '') = ''
    and (e.body -> 'standings')::text ~
      '^\{"[1-9]": \[(true|false), [1-9][0-9]{0,3}, (null|"[a-z]+"), \[("[a-z_0-9]+"(, "[a-z_0-9]+")*)?\]\](, "[1-9]": \[(true|false), [1-9][0-9]{0,3}, (null|"[a-z]+"), \[("[a-z_0-9]+"(, "[a-z_0-9]+")*)?\]\])?\}$'
$_$;

CREATE FUNCTION pool.salted(salt text, text text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$
  select encode(sha256(convert_to(salt || E'\n' || text, 'UTF8')), 'hex')
$$;

CREATE FUNCTION pool.seal() RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
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

CREATE FUNCTION pool.settle(e pool.written) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare who person; law smallint := (e.body ->> 'rule_set')::smallint; day date := (e.at at time zone 'UTC')::date;
begin
  if e.body ? 'person' then
    select * into who from person where id = (e.body ->> 'person')::uuid;
  end if;
  if not coalesce(case e.kind
    when 'refused' then salted(who.salt, who.key) = e.body ->> 'key'
      and e.body ->> 'why' in ('barred', 'already_live', 'not_eligible') and coalesce((e.body ->> 'crs')::integer, 0) <= 1200
    when 'barred' then salted(who.salt, who.key) = e.body ->> 'key' and (e.body ->> 'until')::date > day
    when 'erased' then who.key is not null and (who.barred_until is null or who.barred_until <= day)
      and not exists (select from interest where person = who.id and state in ('in_pool', 'invited'))
    when 'rule_set_opened' then (e.body ->> 'rehearsal')::boolean = (select rehearsal from opening) and exists (
      select from rule_set where id = law and state = 'building' and name = e.body ->> 'name'
        and digest = e.body ->> 'digest' and law_day = (e.body ->> 'law_day')::date)
    when 'rescored' then exists (
      select from rescore_batch where rule_set = law and first_interest = (e.body ->> 'batch')::bigint
        and last_interest = (e.body ->> 'last')::bigint and digest = e.body ->> 'digest')
    when 'law_in_force' then exists (select from rule_set where id = law and state = 'building' and law_day <= day + 1)
      and not exists (select from interest i where state in ('in_pool', 'invited')
        and not exists (select from standing s where s.rule_set = law and s.interest = i.id))
  end, false) then
    raise exception 'no such change is possible now (%)', e.kind using errcode = 'EE002';
  end if;
  if e.kind = 'barred' then
    update person set barred_until = (e.body ->> 'until')::date where id = who.id;
  elsif e.kind = 'erased' then
    delete from profile where interest in (select id from interest where person = who.id);
    delete from factors where interest in (select id from interest where person = who.id);
    -- What was answered to the person goes too, and the clients' ids, which may be made from facts.
    update submission set answer = answer || '{"findings": []}', digest = '', client_id = gen_random_uuid()
      where person = who.id;
    update person set key = null, salt = null where id = who.id;
  elsif e.kind = 'law_in_force' then
    update rule_set set state = 'retired' where state = 'in_force';
    update rule_set set state = 'in_force' where id = law;
  end if;
end $$;

CREATE FUNCTION pool.signature(message text) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  select encode(sha256(outer_key || sha256(inner_key || convert_to(message, 'UTF8'))), 'hex') from signing
$$;

CREATE FUNCTION pool.token(person_key text, seconds integer) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare until text := (extract(epoch from clock_timestamp())::bigint + seconds)::text;
begin
  if coalesce(length(person_key), 0) not between 1 and 200 or coalesce(seconds, 0) not between 1 and 3600 then
    raise exception 'a token is for one person, and for an hour at most' using errcode = 'check_violation';
  end if;
  insert into signing (inner_key, outer_key) values (random_key(), random_key()) on conflict do nothing;
  return until || ':' || signature(until || ':' || person_key) || ':' || person_key;
end $$;

CREATE FUNCTION pool.write_events(events pool.written[], texts text[]) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
  insert into inbox (kind, at, actor, reason, body)
    select e.kind, e.at, e.actor, e.reason, texts[e.nth]::json from unnest(events) e order by e.nth
$$;

CREATE TABLE pool.entry (
    rule_set smallint NOT NULL,
    list text NOT NULL,
    crs smallint NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    interest bigint NOT NULL
)
PARTITION BY LIST (rule_set);

CREATE TABLE pool.event (
    seq bigint NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    body json NOT NULL,
    inbox bigint NOT NULL,
    hash text NOT NULL,
    CONSTRAINT event_at_check CHECK (((at >= '2000-01-01 00:00:00+00'::timestamp with time zone) AND (at < '10000-01-01 00:00:00+00'::timestamp with time zone))),
    CONSTRAINT event_seq_check CHECK ((seq > 0))
);

CREATE TABLE pool.event_kind (
    kind text NOT NULL,
    by_web boolean NOT NULL,
    age interval NOT NULL,
    moves_from pool.interest_state[] NOT NULL,
    moves_to pool.interest_state[] NOT NULL,
    closes pool.invitation_state,
    digests text[] NOT NULL,
    names text[] NOT NULL,
    body text NOT NULL
);

CREATE TABLE pool.factors (
    interest bigint NOT NULL,
    sure boolean NOT NULL,
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

CREATE TABLE pool.gate (
    shut boolean NOT NULL,
    CONSTRAINT gate_check CHECK (false)
);

CREATE TABLE pool.inbox (
    id bigint NOT NULL,
    kind text NOT NULL,
    at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    reason text NOT NULL,
    body json NOT NULL,
    CONSTRAINT inbox_at_check CHECK (((at >= '2000-01-01 00:00:00+00'::timestamp with time zone) AND (at < '10000-01-01 00:00:00+00'::timestamp with time zone)))
);

ALTER TABLE pool.inbox ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pool.inbox_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pool.interest (
    id bigint NOT NULL,
    person uuid NOT NULL,
    state pool.interest_state DEFAULT 'in_pool'::pool.interest_state NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    due date
);

ALTER TABLE pool.interest ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME pool.interest_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE pool.invitation (
    id bigint NOT NULL,
    round integer NOT NULL,
    interest bigint NOT NULL,
    place integer NOT NULL,
    crs smallint NOT NULL,
    program pool.program,
    state pool.invitation_state DEFAULT 'open'::pool.invitation_state NOT NULL,
    answer_by date NOT NULL,
    CONSTRAINT invitation_id_check CHECK ((id > 0)),
    CONSTRAINT invitation_place_check CHECK ((place > 0))
);

CREATE TABLE pool.opening (
    single boolean DEFAULT true NOT NULL,
    rehearsal boolean NOT NULL,
    CONSTRAINT opening_single_check CHECK (single)
);

CREATE TABLE pool.person (
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    key text,
    salt text DEFAULT replace((gen_random_uuid())::text, '-'::text, ''::text),
    barred_until date
);

CREATE TABLE pool.profile (
    interest bigint NOT NULL,
    schema_version smallint NOT NULL,
    facts jsonb NOT NULL,
    salt text NOT NULL
);

CREATE TABLE pool.rescore_batch (
    rule_set smallint NOT NULL,
    first_interest bigint NOT NULL,
    last_interest bigint NOT NULL,
    digest text NOT NULL,
    rows bytea NOT NULL
);

CREATE TABLE pool.round (
    number integer NOT NULL,
    request_id uuid NOT NULL,
    kind text NOT NULL,
    list text NOT NULL,
    size integer NOT NULL,
    day date NOT NULL,
    terms_digest text NOT NULL,
    as_of timestamp with time zone NOT NULL,
    actor text NOT NULL,
    rule_set smallint NOT NULL,
    rule_set_digest text NOT NULL,
    invited integer NOT NULL,
    cutoff smallint,
    tie_break timestamp with time zone,
    invited_digest text NOT NULL,
    next_digest text NOT NULL,
    event bigint NOT NULL,
    head text NOT NULL,
    CONSTRAINT round_check CHECK (((invited >= 0) AND (invited <= size))),
    CONSTRAINT round_check1 CHECK (((cutoff IS NULL) = (invited = 0))),
    CONSTRAINT round_check2 CHECK (((tie_break IS NULL) = (invited = 0))),
    CONSTRAINT round_number_check CHECK ((number > 0)),
    CONSTRAINT round_size_check CHECK ((size >= 0))
);

CREATE TABLE pool.rule_set (
    id smallint NOT NULL,
    name text NOT NULL,
    law_day date NOT NULL,
    digest text NOT NULL,
    state pool.rule_set_state DEFAULT 'building'::pool.rule_set_state NOT NULL
);

CREATE TABLE pool.seal_gate (
    shut boolean NOT NULL,
    CONSTRAINT seal_gate_check CHECK (false)
);

CREATE TABLE pool.signing (
    single boolean DEFAULT true NOT NULL,
    inner_key bytea NOT NULL,
    outer_key bytea NOT NULL,
    CONSTRAINT signing_single_check CHECK (single)
);

CREATE TABLE pool.standing (
    rule_set smallint NOT NULL,
    interest bigint NOT NULL,
    eligible boolean NOT NULL,
    crs smallint NOT NULL,
    submitted_at timestamp with time zone NOT NULL,
    program pool.program,
    lists text[] NOT NULL,
    CONSTRAINT standing_check CHECK ((eligible OR (lists = '{}'::text[]))),
    CONSTRAINT standing_crs_check CHECK (((crs >= 0) AND (crs <= 1200)))
)
PARTITION BY LIST (rule_set);

CREATE TABLE pool.submission (
    client_id uuid NOT NULL,
    person uuid NOT NULL,
    digest text NOT NULL,
    answer jsonb NOT NULL,
    interest bigint
);

ALTER TABLE ONLY pool.event
    ADD CONSTRAINT event_inbox_key UNIQUE (inbox);

ALTER TABLE ONLY pool.event_kind
    ADD CONSTRAINT event_kind_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY pool.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (seq);

ALTER TABLE ONLY pool.factors
    ADD CONSTRAINT factors_pkey PRIMARY KEY (interest);

ALTER TABLE ONLY pool.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pool.interest
    ADD CONSTRAINT interest_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pool.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pool.invitation
    ADD CONSTRAINT invitation_round_place_key UNIQUE (round, place);

ALTER TABLE ONLY pool.opening
    ADD CONSTRAINT opening_pkey PRIMARY KEY (single);

ALTER TABLE ONLY pool.person
    ADD CONSTRAINT person_key_key UNIQUE (key);

ALTER TABLE ONLY pool.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pool.profile
    ADD CONSTRAINT profile_pkey PRIMARY KEY (interest);

ALTER TABLE ONLY pool.rescore_batch
    ADD CONSTRAINT rescore_batch_pkey PRIMARY KEY (rule_set, first_interest);

ALTER TABLE ONLY pool.round
    ADD CONSTRAINT round_event_key UNIQUE (event);

ALTER TABLE ONLY pool.round
    ADD CONSTRAINT round_pkey PRIMARY KEY (number);

ALTER TABLE ONLY pool.round
    ADD CONSTRAINT round_request_id_key UNIQUE (request_id);

ALTER TABLE ONLY pool.rule_set
    ADD CONSTRAINT rule_set_pkey PRIMARY KEY (id);

ALTER TABLE ONLY pool.signing
    ADD CONSTRAINT signing_pkey PRIMARY KEY (single);

ALTER TABLE ONLY pool.standing
    ADD CONSTRAINT standing_pkey PRIMARY KEY (rule_set, interest);

ALTER TABLE ONLY pool.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (client_id);

CREATE UNIQUE INDEX entry_rank ON ONLY pool.entry USING btree (rule_set, list, crs DESC, submitted_at, interest);

CREATE INDEX interest_due ON pool.interest USING btree (due) WHERE (state = ANY (ARRAY['in_pool'::pool.interest_state, 'invited'::pool.interest_state]));

CREATE INDEX interest_expiry ON pool.interest USING btree (expires_on) WHERE (state = 'in_pool'::pool.interest_state);

CREATE INDEX invitation_window ON pool.invitation USING btree (answer_by) WHERE (state = 'open'::pool.invitation_state);

CREATE UNIQUE INDEX one_live_interest ON pool.interest USING btree (person) WHERE (state = ANY (ARRAY['in_pool'::pool.interest_state, 'invited'::pool.interest_state]));

CREATE UNIQUE INDEX one_open_invitation ON pool.invitation USING btree (interest) WHERE (state = 'open'::pool.invitation_state);

CREATE UNIQUE INDEX one_rule_set_in_building ON pool.rule_set USING btree ((true)) WHERE (state = 'building'::pool.rule_set_state);

CREATE UNIQUE INDEX one_rule_set_in_force ON pool.rule_set USING btree ((true)) WHERE (state = 'in_force'::pool.rule_set_state);

CREATE INDEX submission_of_person ON pool.submission USING btree (person);

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pool.event FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pool.opening FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pool.rescore_batch FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pool.round FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_change();

CREATE TRIGGER check_interest BEFORE UPDATE ON pool.interest FOR EACH ROW EXECUTE FUNCTION pool.check_interest();

CREATE TRIGGER check_invitation BEFORE UPDATE ON pool.invitation FOR EACH ROW EXECUTE FUNCTION pool.check_invitation();

CREATE TRIGGER follow_new_standing AFTER INSERT ON pool.standing REFERENCING NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION pool.follow_new_standing();

CREATE TRIGGER follow_standing AFTER UPDATE ON pool.standing REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION pool.follow_standing();

CREATE TRIGGER follow_state AFTER UPDATE ON pool.interest REFERENCING OLD TABLE AS before NEW TABLE AS after FOR EACH STATEMENT EXECUTE FUNCTION pool.follow_state();

CREATE TRIGGER no_update BEFORE UPDATE OR TRUNCATE ON pool.inbox FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_change();

CREATE TRIGGER refuse_removal BEFORE DELETE OR TRUNCATE ON pool.interest FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_removal();

CREATE TRIGGER sealed_first AFTER DELETE ON pool.inbox REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION pool.check_sealed();

ALTER TABLE ONLY pool.factors
    ADD CONSTRAINT factors_interest_fkey FOREIGN KEY (interest) REFERENCES pool.interest(id);

ALTER TABLE ONLY pool.interest
    ADD CONSTRAINT interest_person_fkey FOREIGN KEY (person) REFERENCES pool.person(id);

ALTER TABLE ONLY pool.invitation
    ADD CONSTRAINT invitation_interest_fkey FOREIGN KEY (interest) REFERENCES pool.interest(id);

ALTER TABLE ONLY pool.invitation
    ADD CONSTRAINT invitation_round_fkey FOREIGN KEY (round) REFERENCES pool.round(number);

ALTER TABLE ONLY pool.profile
    ADD CONSTRAINT profile_interest_fkey FOREIGN KEY (interest) REFERENCES pool.interest(id);

ALTER TABLE ONLY pool.rescore_batch
    ADD CONSTRAINT rescore_batch_rule_set_fkey FOREIGN KEY (rule_set) REFERENCES pool.rule_set(id);

ALTER TABLE ONLY pool.round
    ADD CONSTRAINT round_rule_set_fkey FOREIGN KEY (rule_set) REFERENCES pool.rule_set(id);

ALTER TABLE ONLY pool.submission
    ADD CONSTRAINT submission_interest_fkey FOREIGN KEY (interest) REFERENCES pool.interest(id);

ALTER TABLE ONLY pool.submission
    ADD CONSTRAINT submission_person_fkey FOREIGN KEY (person) REFERENCES pool.person(id);

CREATE POLICY everyone ON pool.factors TO expressentry_operator USING (true);

CREATE POLICY everyone ON pool.interest TO expressentry_auditor, expressentry_operator USING (true);

CREATE POLICY everyone ON pool.invitation TO expressentry_auditor, expressentry_operator USING (true);

CREATE POLICY everyone ON pool.person TO expressentry_operator USING (true);

CREATE POLICY everyone ON pool.profile TO expressentry_operator USING (true);

CREATE POLICY everyone ON pool.standing TO expressentry_auditor, expressentry_operator USING (true);

CREATE POLICY everyone ON pool.submission TO expressentry_operator USING (true);

ALTER TABLE pool.factors ENABLE ROW LEVEL SECURITY;

ALTER TABLE pool.interest ENABLE ROW LEVEL SECURITY;

ALTER TABLE pool.invitation ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON pool.interest TO expressentry_web USING ((person IN ( SELECT person.id
   FROM pool.person)));

CREATE POLICY own ON pool.invitation TO expressentry_web USING ((interest IN ( SELECT interest.id
   FROM pool.interest)));

CREATE POLICY own ON pool.person TO expressentry_web USING ((key = ( SELECT pool.acting_for() AS acting_for)));

CREATE POLICY own ON pool.profile TO expressentry_web USING ((interest IN ( SELECT interest.id
   FROM pool.interest)));

CREATE POLICY own ON pool.standing TO expressentry_web USING ((interest IN ( SELECT interest.id
   FROM pool.interest)));

CREATE POLICY own ON pool.submission TO expressentry_web USING ((person IN ( SELECT person.id
   FROM pool.person)));

ALTER TABLE pool.person ENABLE ROW LEVEL SECURITY;

ALTER TABLE pool.profile ENABLE ROW LEVEL SECURITY;

ALTER TABLE pool.standing ENABLE ROW LEVEL SECURITY;

ALTER TABLE pool.submission ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA pool TO expressentry_operator;
GRANT USAGE ON SCHEMA pool TO expressentry_web;
GRANT USAGE ON SCHEMA pool TO expressentry_login;
GRANT USAGE ON SCHEMA pool TO expressentry_sealer;
GRANT USAGE ON SCHEMA pool TO expressentry_auditor;

REVOKE ALL ON FUNCTION pool.acting_for() FROM PUBLIC;
GRANT ALL ON FUNCTION pool.acting_for() TO expressentry_operator;
GRANT ALL ON FUNCTION pool.acting_for() TO expressentry_web;
GRANT ALL ON FUNCTION pool.acting_for() TO expressentry_auditor;

REVOKE ALL ON FUNCTION pool.acts_for_all() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.add_scores(law smallint, ids bigint[], eligible boolean[], crs smallint[], programs text[], lists text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.add_scores(law smallint, ids bigint[], eligible boolean[], crs smallint[], programs text[], lists text[]) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.answered(ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.answered(ids uuid[]) TO expressentry_web;
GRANT ALL ON FUNCTION pool.answered(ids uuid[]) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.canonical(value jsonb, comma text, colon text, depth integer) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.chain_head() FROM PUBLIC;
GRANT ALL ON FUNCTION pool.chain_head() TO expressentry_operator;
GRANT ALL ON FUNCTION pool.chain_head() TO expressentry_sealer;
GRANT ALL ON FUNCTION pool.chain_head() TO expressentry_auditor;

REVOKE ALL ON FUNCTION pool.check_events(events pool.written[], texts text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.check_interest() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.check_invitation() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.check_sealed() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.clear_rule_set(old_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.clear_rule_set(old_id smallint) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.counted(part text) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.counted(part text) TO expressentry_auditor;
GRANT ALL ON FUNCTION pool.counted(part text) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.cut_long() FROM PUBLIC;
GRANT ALL ON FUNCTION pool.cut_long() TO expressentry_operator;
GRANT ALL ON FUNCTION pool.cut_long() TO expressentry_sealer;

REVOKE ALL ON FUNCTION pool.enter(events pool.written[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.follow_new_standing() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.follow_standing() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.follow_state() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.forget_tokens() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.hash_event(before text, seq bigint, inbox bigint, kind text, at timestamp with time zone, actor text, reason text, body json) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.hash_event(before text, seq bigint, inbox bigint, kind text, at timestamp with time zone, actor text, reason text, body json) TO expressentry_auditor;
GRANT ALL ON FUNCTION pool.hash_event(before text, seq bigint, inbox bigint, kind text, at timestamp with time zone, actor text, reason text, body json) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.instant_text(at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.instant_text(at timestamp with time zone) TO expressentry_auditor;
GRANT ALL ON FUNCTION pool.instant_text(at timestamp with time zone) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.issue(at timestamp with time zone, actor text, reason text, body text, terms_digest text, OUT event bigint, OUT head text) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.issue(at timestamp with time zone, actor text, reason text, body text, terms_digest text, OUT event bigint, OUT head text) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.keep(events pool.written[], kept bigint[], facts text[], salt text[], schema_version smallint, factors text[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.keep_batch(law smallint, first bigint, last bigint, digest text, rows bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.keep_batch(law smallint, first bigint, last bigint, digest text, rows bytea) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.limit_roles() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.lock_interests(ids bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.lock_interests(ids bigint[]) TO expressentry_web;
GRANT ALL ON FUNCTION pool.lock_interests(ids bigint[]) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.lock_persons(keys text[], make boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.lock_persons(keys text[], make boolean) TO expressentry_web;
GRANT ALL ON FUNCTION pool.lock_persons(keys text[], make boolean) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.move(events pool.written[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.next_interests(many integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.next_interests(many integer) TO expressentry_web;
GRANT ALL ON FUNCTION pool.next_interests(many integer) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.open_pool(trying boolean) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.open_pool(trying boolean) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.open_rule_set(new_name text, new_day date, new_digest text) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.open_rule_set(new_name text, new_day date, new_digest text) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.put_answers(events pool.written[], ids uuid[], persons uuid[], digests text[], answers jsonb[], interests bigint[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.put_scores(events pool.written[]) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.random_key() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.record(kind text[], at timestamp with time zone[], actor text[], reason text[], body text[], kept bigint[], facts text[], salt text[], schema_version smallint, factors text[], client_id uuid[], person uuid[], digest text[], answer jsonb[], interest bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.record(kind text[], at timestamp with time zone[], actor text[], reason text[], body text[], kept bigint[], facts text[], salt text[], schema_version smallint, factors text[], client_id uuid[], person uuid[], digest text[], answer jsonb[], interest bigint[]) TO expressentry_web;
GRANT ALL ON FUNCTION pool.record(kind text[], at timestamp with time zone[], actor text[], reason text[], body text[], kept bigint[], facts text[], salt text[], schema_version smallint, factors text[], client_id uuid[], person uuid[], digest text[], answer jsonb[], interest bigint[]) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.refuse_removal() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.rewritten(e pool.written) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.salted(salt text, text text) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.seal() FROM PUBLIC;
GRANT ALL ON FUNCTION pool.seal() TO expressentry_operator;
GRANT ALL ON FUNCTION pool.seal() TO expressentry_sealer;

REVOKE ALL ON FUNCTION pool.settle(e pool.written) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.signature(message text) FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.token(person_key text, seconds integer) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.token(person_key text, seconds integer) TO expressentry_login;
GRANT ALL ON FUNCTION pool.token(person_key text, seconds integer) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.write_events(events pool.written[], texts text[]) FROM PUBLIC;

GRANT SELECT ON TABLE pool.entry TO expressentry_operator;
GRANT SELECT ON TABLE pool.entry TO expressentry_auditor;

GRANT SELECT ON TABLE pool.event TO expressentry_operator;
GRANT SELECT ON TABLE pool.event TO expressentry_auditor;

GRANT SELECT ON TABLE pool.event_kind TO expressentry_operator;
GRANT SELECT ON TABLE pool.event_kind TO expressentry_auditor;

GRANT SELECT ON TABLE pool.factors TO expressentry_operator;

GRANT INSERT ON TABLE pool.gate TO expressentry_web;
GRANT INSERT,UPDATE ON TABLE pool.gate TO expressentry_operator;

GRANT SELECT ON TABLE pool.inbox TO expressentry_operator;
GRANT SELECT ON TABLE pool.inbox TO expressentry_auditor;

GRANT SELECT ON TABLE pool.interest TO expressentry_web;
GRANT SELECT ON TABLE pool.interest TO expressentry_operator;
GRANT SELECT ON TABLE pool.interest TO expressentry_auditor;

GRANT SELECT ON TABLE pool.invitation TO expressentry_web;
GRANT SELECT ON TABLE pool.invitation TO expressentry_operator;
GRANT SELECT ON TABLE pool.invitation TO expressentry_auditor;

GRANT SELECT ON TABLE pool.opening TO expressentry_web;
GRANT SELECT ON TABLE pool.opening TO expressentry_operator;
GRANT SELECT ON TABLE pool.opening TO expressentry_auditor;

GRANT SELECT ON TABLE pool.person TO expressentry_web;
GRANT SELECT ON TABLE pool.person TO expressentry_operator;

GRANT SELECT ON TABLE pool.profile TO expressentry_web;
GRANT SELECT ON TABLE pool.profile TO expressentry_operator;

GRANT SELECT ON TABLE pool.rescore_batch TO expressentry_operator;
GRANT SELECT ON TABLE pool.rescore_batch TO expressentry_auditor;

GRANT SELECT ON TABLE pool.round TO expressentry_web;
GRANT SELECT ON TABLE pool.round TO expressentry_operator;
GRANT SELECT ON TABLE pool.round TO expressentry_auditor;

GRANT SELECT ON TABLE pool.rule_set TO expressentry_web;
GRANT SELECT ON TABLE pool.rule_set TO expressentry_operator;
GRANT SELECT ON TABLE pool.rule_set TO expressentry_auditor;

GRANT INSERT,UPDATE ON TABLE pool.seal_gate TO expressentry_operator;

GRANT SELECT ON TABLE pool.standing TO expressentry_web;
GRANT SELECT ON TABLE pool.standing TO expressentry_operator;
GRANT SELECT ON TABLE pool.standing TO expressentry_auditor;

GRANT SELECT ON TABLE pool.submission TO expressentry_web;
GRANT SELECT ON TABLE pool.submission TO expressentry_operator;
