-- name: is_readable
-- Whether the role that asks may read a table.
select has_table_privilege(%(table)s::text, 'select');

-- name: rows_rule_set
-- Rule sets as text.
select id::text, name, law_day::text, digest, state::text from pool.rule_set t order by t.id;

-- name: rows_person
-- Persons as text; of the key a salted digest, as events have it, and nothing of a person erased.
select id::text, case when key is not null or salt is not null
    then encode(sha256(convert_to(coalesce(salt, '') || E'\n' || coalesce(key, ''), 'UTF8')), 'hex') end,
    barred_until::text
  from pool.person t order by t.id;

-- name: rows_interest
-- Expressions of interest as text.
select id::text, person::text, state::text, pool.instant_text(submitted_at), expires_on::text, due::text
  from pool.interest t order by t.id;

-- name: rows_submission
-- Submissions as text, with the salt of the person.
select s.person::text, s.client_id::text, p.salt, s.digest, s.answer::text, s.interest::text
  from pool.submission s left join pool.person p on p.id = s.person order by s.person, s.client_id;

-- name: rows_profile
-- Facts as submitted, as text.
select interest::text, salt, schema_version::text, facts::text from pool.profile t order by t.interest;

-- name: rows_factors
-- What the grids see as text, with the salt of the profile.
select f.interest::text, p.salt, jsonb_strip_nulls(to_jsonb(f) - 'interest')::text
  from pool.factors f left join pool.profile p on p.interest = f.interest order by f.interest;

-- name: rows_standing
-- Standings under the rule sets in force and in building, as text.
select s.interest::text, s.rule_set::text, s.eligible::text, s.crs::text, pool.instant_text(s.submitted_at),
    s.program::text, array_to_string(s.lists, ' ')
  from pool.standing s
  where s.rule_set in (select id from pool.rule_set where state <> 'retired') order by s.interest, s.rule_set;

-- name: rows_entry
-- Entries under the rule sets in force and in building, as text.
select interest::text, rule_set::text, list, crs::text, pool.instant_text(submitted_at)
  from pool.entry t
  where t.rule_set in (select id from pool.rule_set where state <> 'retired')
  order by t.interest, t.rule_set, t.list collate "C", t.crs;

-- name: rows_round
-- Rounds as text.
select number::text, request_id::text, kind, list, size::text, day::text, terms_digest, pool.instant_text(as_of), actor,
    rule_set::text, rule_set_digest, invited::text, cutoff::text, pool.instant_text(tie_break), invited_digest,
    next_digest, event::text, head
  from pool.round t order by t.number;

-- name: rows_invitation
-- Invitations as text.
select id::text, round::text, interest::text, place::text, crs::text, program::text, state::text, answer_by::text
  from pool.invitation t order by t.id;

-- name: rows_rescore_batch
-- Batches of re-scorings, with the digest of their rows.
select rule_set::text, first_interest::text, last_interest::text,
    case when digest = encode(sha256(rows), 'hex') then digest else digest || ' ' || encode(sha256(rows), 'hex') end
  from pool.rescore_batch t order by t.rule_set, t.first_interest;

-- name: keep_scores
-- Before the snapshot: partitions of scores are not dropped as long as this reads.
lock table pool.standing, pool.entry in access share mode;

-- name: limit_roles
-- Set the limits of the roles again.
select pool.limit_roles();

-- name: owns_schema
-- A row where the role that asks owns the schema, or may do what its owner may.
select from pg_namespace where nspname = 'pool' and pg_has_role(nspowner, 'usage');

-- name: catalog
-- Every object of the schema as a line; partitions are named without the number of their rule set.
with home as (select oid, nspowner, nspacl from pg_namespace where nspname = 'pool'),
relation as (
  select c.*, regexp_replace(c.relname, '^(standing|entry)_\d+', '\1_#') as shown
  from pg_class c, home where c.relnamespace = home.oid and c.relkind <> 'i' and c.relkind <> 'I'
),
routine as (
  select p.*, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')' as shown
  from pg_proc p, home where p.pronamespace = home.oid
),
granted as (
  select 'schema' as kind, 'pool' as shown, (aclexplode(coalesce(nspacl, acldefault('n', nspowner)))).* from home
  union all
  select 'relation', shown, (aclexplode(coalesce(relacl, acldefault(case relkind when 'S' then 's' else 'r' end::"char",
    relowner)))).* from relation
  union all
  select 'column', r.shown || '.' || a.attname, (aclexplode(a.attacl)).*
    from relation r join pg_attribute a on a.attrelid = r.oid where a.attacl is not null
  union all
  select 'function', shown, (aclexplode(coalesce(proacl, acldefault('f', proowner)))).* from routine
),
owned as (
  select 'relation' as kind, shown, relowner as owner from relation
  union all select 'function', shown, proowner from routine
  union all select 'type', typname, typowner from pg_type t, home where t.typnamespace = home.oid and t.typtype = 'e'
)
select 'relation ' || shown || ' ' || relkind::text || ' persistence ' || relpersistence::text
    || ' security ' || relrowsecurity::text || ' ' || relforcerowsecurity::text
    || coalesce(' options ' || reloptions::text, '') || coalesce(' bound ' || nullif(regexp_replace(
      pg_get_expr(relpartbound, oid), '\d+', '#'), ''), '')
  from relation
union all
select 'column ' || r.shown || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attnotnull then ' not null' else '' end || ' identity' || a.attidentity::text
    || ' generated' || a.attgenerated::text || coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
  from relation r join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum where r.relkind <> 'S'
union all
select 'constraint ' || r.shown || ' ' || pg_get_constraintdef(k.oid)
    || case when k.convalidated then '' else ' unvalidated' end
  from relation r join pg_constraint k on k.conrelid = r.oid where k.contype not in ('n', 't')
union all
select 'index ' || regexp_replace(pg_get_indexdef(i.indexrelid), 'INDEX \S+ ON (ONLY )?(pool\.)(standing|entry)_\d+',
    'INDEX ON \1\2\3_#') || case when i.indisvalid and i.indisready then '' else ' invalid' end
  from relation r join pg_index i on i.indrelid = r.oid
union all
select 'trigger ' || r.shown || ' ' || t.tgenabled::text || ' ' || pg_get_triggerdef(t.oid)
  from relation r join pg_trigger t on t.tgrelid = r.oid where not t.tgisinternal
union all
select 'internal trigger ' || r.shown || ' ' || t.tgenabled::text
  from relation r join pg_trigger t on t.tgrelid = r.oid where t.tgisinternal and t.tgenabled <> 'O'
union all
select 'rule ' || r.shown || ' ' || pg_get_ruledef(w.oid) from relation r join pg_rewrite w on w.ev_class = r.oid
union all
select 'policy ' || r.shown || ' ' || p.polname || ' ' || p.polcmd::text || ' ' || p.polpermissive::text || ' to '
    || (select string_agg(case when o = 0 then 'public' else pg_get_userbyid(o) end, ',' order by pg_get_userbyid(o))
      from unnest(p.polroles) o)
    || coalesce(' using ' || pg_get_expr(p.polqual, p.polrelid), '')
    || coalesce(' check ' || pg_get_expr(p.polwithcheck, p.polrelid), '')
  from relation r join pg_policy p on p.polrelid = r.oid
union all
select 'function ' || pg_get_functiondef(oid) from routine where prokind in ('f', 'p')
union all
select 'aggregate ' || shown from routine where prokind not in ('f', 'p')
union all
select 'type ' || typname
    || coalesce(' ' || (select string_agg(enumlabel, ',' order by enumsortorder) from pg_enum where enumtypid = t.oid), '')
  from pg_type t, home where t.typnamespace = home.oid and t.typtype not in ('c', 'b')
union all
select 'event kind ' || to_json(k)::text from pool.event_kind k
union all
select 'grant ' || g.kind || ' ' || g.shown || ' ' || g.privilege_type || ' to '
    || case when g.grantee = 0 then 'public' else pg_get_userbyid(g.grantee) end
    || case when g.is_grantable then ' grantable' else '' end
  from granted g, home where g.grantee <> home.nspowner
union all
select 'owner ' || o.kind || ' ' || o.shown || ' ' || pg_get_userbyid(o.owner)
  from owned o, home where o.owner <> home.nspowner
union all
select 'default privileges ' || d.defaclobjtype::text || ' ' || d.defaclacl::text
  -- A role of the pool makes nothing, so that what it gives away of what it will make says nothing.
  from pg_default_acl d, home where d.defaclnamespace in (home.oid, 0)
    and pg_get_userbyid(d.defaclrole) not like 'expressentry\_%'
union all
select 'role ' || rolname || ' superuser ' || rolsuper::text || ' bypasses ' || rolbypassrls::text || ' makes '
    || (rolcreaterole or rolcreatedb or rolreplication)::text
    || coalesce(' member of ' || (select string_agg(pg_get_userbyid(roleid), ',' order by roleid)
      from pg_auth_members m where m.member = r.oid), '')
  from pg_roles r where rolname like 'expressentry\_%'
union all
select 'limit ' || rolname || ' connections ' || rolconnlimit::text from pg_roles where rolname like 'expressentry\_%'
union all
-- Of the settings some are for a superuser to give, and some for one system only: these may be missing.
select 'limit ' || rolname || ' ' || one
  from pg_db_role_setting s join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) as one
  where rolname like 'expressentry\_%'
    and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
    and split_part(one, '=', 1) not in ('tcp_keepalives_idle', 'tcp_keepalives_interval', 'tcp_keepalives_count',
      'tcp_user_timeout', 'client_connection_check_interval', 'temp_file_limit', 'log_min_messages');
