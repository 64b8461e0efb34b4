-- Acts: the tables that decide change only by events, and only as an event of its kind may change them. Whoever runs
-- a pool, or a site for it, has these functions and no right to write a table.
-- depends: 0003.roles

-- Each kind of event: whether the web may record it about its person; how old its instant may be when it is recorded (a
-- re-scoring and the upkeep of a day record many under the instant at which they began); in which states those must be
-- whom it names, to which it moves them, and what becomes of an open invitation; and how its body is written, to the
-- letter, with the keys of its digests and names, whose length is checked besides: nothing else is ever stored, so that
-- whoever verifies can read every event.
create table pool.event_kind (
  kind text primary key,
  by_web boolean not null,
  age interval not null,
  moves_from pool.interest_state[] not null,
  moves_to pool.interest_state[] not null,
  closes pool.invitation_state,
  digests text[] not null,
  names text[] not null,
  body text not null
);
insert into pool.event_kind values
  ('rule_set_opened', false, '1 day', '{}', '{}', null, '{}', '{digest,name}',
    '^\{"digest":"[ !#-\[\]-~]+","law_day":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","name":"[ !#-\[\]-~]+","rehearsal":(true|false),"rule_set":[1-9][0-9]{0,18}\}$'),
  ('rescored', false, '1 day', '{in_pool,invited}', '{}', null, '{digest}', '{}',
    '^\{"batch":[1-9][0-9]{0,18},"candidates":[1-9][0-9]{0,18},"digest":"[0-9a-f]+","last":[1-9][0-9]{0,18},"rule_set":[1-9][0-9]{0,18}\}$'),
  ('law_in_force', false, '1 day', '{}', '{}', null, '{}', '{}',
    '^\{"rule_set":[1-9][0-9]{0,18}\}$'),
  ('submitted', true, '1 minute', '{}', '{in_pool}', null, '{answer,factors,key,profile}', '{}',
    '^\{"answer":"[0-9a-f]+","expires_on":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","factors":"[0-9a-f]+","interest":[1-9][0-9]{0,18},"key":"[0-9a-f]+","nominations":\[(\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\](,\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\])*)?\],"person":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}","profile":"[0-9a-f]+","review_on":(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),"standings":\{"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\](,"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\])*\},"submitted_at":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z"\}$'),
  ('refused', true, '1 minute', '{}', '{}', null, '{answer,key}', '{why}',
    '^\{"answer":"[0-9a-f]+","crs":(null|(0|[1-9][0-9]{0,3})),"key":"[0-9a-f]+","person":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}","why":"[ !#-\[\]-~]+"\}$'),
  ('updated', true, '1 minute', '{in_pool}', '{}', null, '{factors,profile}', '{}',
    '^\{"factors":"[0-9a-f]+","interest":[1-9][0-9]{0,18},"nominations":\[(\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\](,\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\])*)?\],"profile":"[0-9a-f]+","review_on":(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),"standings":\{"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\](,"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\])*\}\}$'),
  ('nominated', false, '1 minute', '{in_pool,invited}', '{}', null, '{factors,profile}', '{}',
    '^\{"factors":"[0-9a-f]+","interest":[1-9][0-9]{0,18},"nominations":\[(\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\](,\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\])*)?\],"profile":"[0-9a-f]+","review_on":(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),"standings":\{"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\](,"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\])*\}\}$'),
  ('nomination_withdrawn', false, '1 minute', '{in_pool,invited}', '{}', null, '{factors,profile}', '{}',
    '^\{"factors":"[0-9a-f]+","interest":[1-9][0-9]{0,18},"nominations":\[(\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\](,\["[ !#-\[\]-~]+",(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}")\])*)?\],"profile":"[0-9a-f]+","review_on":(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),"standings":\{"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\](,"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\])*\}\}$'),
  ('due', false, '1 day', '{in_pool,invited}', '{}', null, '{factors}', '{}',
    '^\{"day":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","factors":"[0-9a-f]+","interest":[1-9][0-9]{0,18},"review_on":(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),"standings":\{"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\](,"[1-9][0-9]{0,3}":\[(true|false),(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),\[("[a-z_0-9]{1,60}"(,"[a-z_0-9]{1,60}")*)?\]\])*\}\}$'),
  ('reviewed', false, '1 day', '{in_pool,invited}', '{}', null, '{}', '{}',
    '^\{"day":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","reviews":\[\[[1-9][0-9]{0,18},(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),"[0-9a-f]+"\](,\[[1-9][0-9]{0,18},(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"),"[0-9a-f]+"\])*\]\}$'),
  ('withdrawn', true, '1 minute', '{in_pool}', '{withdrawn}', null, '{}', '{}',
    '^\{"interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"state":"[a-z_]{1,20}"\}$'),
  ('expired', false, '1 day', '{in_pool}', '{expired}', null, '{}', '{}',
    '^\{"day":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"state":"[a-z_]{1,20}"\}$'),
  ('ineligible', true, '1 day', '{in_pool}', '{ineligible}', null, '{}', '{}',
    '^\{"interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"state":"[a-z_]{1,20}"\}$'),
  ('lapsed', false, '1 day', '{invited}', '{lapsed}', 'lapsed', '{}', '{}',
    '^\{"day":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"invitations":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"state":"[a-z_]{1,20}"\}$'),
  ('accepted', true, '1 minute', '{invited}', '{applied}', 'accepted', '{}', '{}',
    '^\{"interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"invitation":[1-9][0-9]{0,18},"state":"[a-z_]{1,20}"\}$'),
  ('declined', true, '1 minute', '{invited}', '{in_pool,expired,ineligible}', 'declined', '{}', '{}',
    '^\{"interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"invitation":[1-9][0-9]{0,18},"state":"[a-z_]{1,20}"\}$'),
  ('cancelled', false, '1 minute', '{invited}', '{in_pool,expired,ineligible}', 'cancelled', '{}', '{}',
    '^\{"interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"invitation":[1-9][0-9]{0,18},"state":"[a-z_]{1,20}"\}$'),
  ('barred', false, '1 minute', '{}', '{}', null, '{key}', '{}',
    '^\{"key":"[0-9a-f]+","person":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}","until":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}"\}$'),
  ('left_by_bar', false, '1 minute', '{in_pool,invited}', '{barred}', 'cancelled', '{}', '{}',
    '^\{"interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"invitation":(null|[1-9][0-9]{0,18}),"state":"[a-z_]{1,20}"\}$'),
  ('left_by_erasure', false, '1 minute', '{in_pool,invited}', '{withdrawn}', 'declined', '{}', '{}',
    '^\{"interests":\[[1-9][0-9]{0,18}(,[1-9][0-9]{0,18})*\],"invitation":(null|[1-9][0-9]{0,18}),"state":"[a-z_]{1,20}"\}$'),
  ('erased', false, '1 minute', '{}', '{}', null, '{}', '{}',
    '^\{"person":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"\}$'),
  ('round', false, '1 minute', '{in_pool}', '{invited}', null, '{invited_digest,next_digest}', '{rule_set_digest}',
    '^\{"answer_by":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","as_of":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z","cutoff":(null|(0|[1-9][0-9]{0,3})),"first_invitation":[1-9][0-9]{0,18},"invited":(0|[1-9][0-9]{0,9}),"invited_digest":"[0-9a-f]+","next_digest":"[0-9a-f]+","number":[1-9][0-9]{0,18},"places":\[(\[[1-9][0-9]{0,18},(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z"\](,\[[1-9][0-9]{0,18},(0|[1-9][0-9]{0,3}),(null|"[a-z]{3}"),"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z"\])*)?\],"request_id":"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}","rule_set":[1-9][0-9]{0,18},"rule_set_digest":"[ !#-\[\]-~]+","terms":\{"day":"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}","kind":"[ !#-\[\]-~]+","of":(null|"[ !#-\[\]-~]+"),"size":(0|[1-9][0-9]{0,9})\},"tie_break":(null|"[2-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{6}Z")\}$');

-- Events about to be written.
create type pool.written as (nth integer, kind text, at timestamptz, actor text, reason text, body jsonb);

-- The digest of something personal, as events have it.
create function pool.salted(salt text, text text) returns text language sql immutable parallel safe as $$
  select encode(sha256(convert_to(salt || E'\n' || text, 'UTF8')), 'hex')
$$;

-- JSON in one form only, as whoever verifies writes it before a digest: keys in their order, each number in one way.
create function pool.canonical(value jsonb, comma text, colon text, depth integer default 0) returns text
  language plpgsql immutable set search_path = pool, pg_temp set extra_float_digits = 1 as $$
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
end $$;

-- The body of a submission without nominations, written once more from its values: quicker than to compare the letters
-- with the pattern of its kind, and submissions come by the thousand. Nothing where it is not written so.
create function pool.rewritten(e pool.written) returns text language sql stable set search_path = pool, pg_temp as $$
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
$$;

-- Refuse events that are not written as their kind is, whose instant is not now, or that are of somebody else.
create function pool.check_events(events pool.written[], texts text[]) returns void
  language plpgsql stable security definer set search_path = pool, pg_temp as $$
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

-- Submitted: a new expression of interest, of a person who is not barred; under its own stamp, for a term.
create function pool.enter(events pool.written[]) returns void
  language plpgsql security definer set search_path = pool, pg_temp as $$
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

-- Whom an event names are in a state in which that can happen; they move as its kind moves them, and an open invitation
-- ends as its kind ends it.
create function pool.move(events pool.written[]) returns void
  language plpgsql security definer set search_path = pool, pg_temp as $$
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

-- What the events have a digest of, and the next day on which to look again: facts and factors of those whom they name,
-- in the same order.
create function pool.keep(events pool.written[], kept bigint[], facts text[], salt text[], schema_version smallint,
  factors text[]) returns void language plpgsql security definer set search_path = pool, pg_temp as $$
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

-- Scores as the events have them, under every rule set that is in force or being scored.
create function pool.put_scores(events pool.written[]) returns void
  language plpgsql security definer set search_path = pool, pg_temp as $$
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

-- What else events do: to persons, and to rule sets.
create function pool.settle(e pool.written) returns void
  language plpgsql security definer set search_path = pool, pg_temp as $$
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

create function pool.write_events(events pool.written[], texts text[]) returns void
  language sql security definer set search_path = pool, pg_temp as $$
  insert into inbox (kind, at, actor, reason, body)
    select e.kind, e.at, e.actor, e.reason, texts[e.nth]::json from unnest(events) e order by e.nth
$$;

-- The answers to submissions, in the order of their events.
create function pool.put_answers(events pool.written[], ids uuid[], persons uuid[], digests text[], answers jsonb[],
  interests bigint[]) returns void language plpgsql security definer set search_path = pool, pg_temp as $$
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

-- Let events happen: checked first, then done, then written. `kept` are those of whom they have a digest; the last five are
-- the answers to the submissions among them.
create function pool.record(kind text[], at timestamptz[], actor text[], reason text[], body text[], kept bigint[],
  facts text[], salt text[], schema_version smallint, factors text[], client_id uuid[] default '{}',
  person uuid[] default '{}', digest text[] default '{}', answer jsonb[] default '{}', interest bigint[] default '{}')
  returns void language plpgsql security definer set search_path = pool, pg_temp as $$
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

-- Issue a round: it invites the first of its list in the order of rank, whoever asks, and nobody else. No plan is kept: one
-- for any number of places reads the scores of everyone, which a session would do from its sixth round on.
create function pool.issue(at timestamptz, actor text, reason text, body text, terms_digest text,
  out event bigint, out head text) language plpgsql security definer set search_path = pool, pg_temp
  set plan_cache_mode = force_custom_plan as $$
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

-- Make the pool, once.
create function pool.open_pool(trying boolean) returns void language sql security definer
  set search_path = pool, pg_temp as $$
  insert into opening (rehearsal) values (trying)
$$;

-- The numbers of expressions of interest about to be submitted.
create function pool.next_interests(many integer) returns setof bigint
  language sql volatile security definer set search_path = pool, pg_temp as $$
  select nextval('interest_id_seq') from generate_series(1, least(many, 20000))
$$;

-- Persons by their keys, made where that is asked, locked in the order of their keys.
create function pool.lock_persons(keys text[], make boolean)
  returns table (id uuid, key text, salt text, barred_until date, live bigint)
  language plpgsql security definer set search_path = pool, pg_temp as $$
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

-- Expressions of interest, locked in the order of their numbers; of others than its person the web finds none.
create function pool.lock_interests(ids bigint[])
  returns table (id bigint, person uuid, state text, submitted_at timestamptz, expires_on date, due date)
  language plpgsql security definer set search_path = pool, pg_temp as $$
#variable_conflict use_column
begin
  return query select i.id, i.person, i.state::text, i.submitted_at, i.expires_on, i.due from interest i
    where i.id = any(ids)
      and (acts_for_all() or i.person = (select p.id from person p where p.key = acting_for()))
    order by i.id for no key update;
end $$;

-- Submissions that these ids already name; of another person's only that there is one.
create function pool.answered(ids uuid[])
  returns table (client_id uuid, person uuid, digest text, answer jsonb, interest bigint)
  language sql volatile security definer set search_path = pool, pg_temp as $$
  select s.client_id, p.id, case when p.id is null then '' else s.digest end,
      case when p.id is null then '{}' else s.answer end, case when p.id is null then null else s.interest end
    from submission s
      left join person p on p.id = s.person and (acts_for_all() or p.key = acting_for())
    where s.client_id = any(ids)
$$;

-- Add scores of a re-scoring where there is none and the candidate is still live; return whose. The bounds keep the join
-- from reading all candidates for each batch; a plan made for any bounds would read them all, so none is kept.
create function pool.add_scores(law smallint, ids bigint[], eligible boolean[], crs smallint[], programs text[],
  lists text[]) returns setof bigint language plpgsql security definer set search_path = pool, pg_temp
  set plan_cache_mode = force_custom_plan as $$
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

create function pool.keep_batch(law smallint, first bigint, last bigint, digest text, rows bytea) returns void
  language plpgsql security definer set search_path = pool, pg_temp as $$
begin
  if digest is distinct from encode(sha256(rows), 'hex') then
    raise exception 'the digest is not of these rows' using errcode = 'EE002';
  end if;
  insert into rescore_batch (rule_set, first_interest, last_interest, digest, rows)
    values (law, first, last, digest, rows);
end $$;

create function pool.chain_head() returns table (seq bigint, hash text)
  language sql stable security definer set search_path = pool, pg_temp as $$
  select e.seq, e.hash from event e order by e.seq desc limit 1
$$;

revoke all on all functions in schema pool from public;
grant select on pool.event_kind to expressentry_operator, expressentry_auditor;
grant execute on function pool.lock_persons, pool.lock_interests, pool.answered, pool.next_interests,
  pool.record to expressentry_web, expressentry_operator;
grant execute on function pool.open_pool, pool.issue, pool.add_scores, pool.keep_batch to expressentry_operator;
grant execute on function pool.chain_head to expressentry_operator, expressentry_sealer, expressentry_auditor;
