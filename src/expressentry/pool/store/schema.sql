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

CREATE FUNCTION pool.check_inbox() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION pool.open_rule_set(new_name text, new_day date, new_digest text) RETURNS smallint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pool', 'pg_temp'
    AS $$
declare new_id smallint;
begin
  select coalesce(max(id), 0) + 1 into new_id from rule_set;
  insert into rule_set (id, name, law_day, digest) values (new_id, new_name, new_day, new_digest);
  execute format('create table pool.standing_%s partition of pool.standing for values in (%s)', new_id, new_id);
  execute format('create table pool.entry_%s partition of pool.entry for values in (%s)', new_id, new_id);
  return new_id;
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

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pool.rescore_batch FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_change();

CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON pool.round FOR EACH STATEMENT EXECUTE FUNCTION pool.refuse_change();

CREATE TRIGGER check_inbox AFTER INSERT ON pool.inbox REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION pool.check_inbox();

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

CREATE POLICY everyone ON pool.interest TO expressentry_operator, expressentry_auditor USING (true);

CREATE POLICY everyone ON pool.invitation TO expressentry_operator, expressentry_auditor USING (true);

CREATE POLICY everyone ON pool.person TO expressentry_operator USING (true);

CREATE POLICY everyone ON pool.profile TO expressentry_operator USING (true);

CREATE POLICY everyone ON pool.standing TO expressentry_operator, expressentry_auditor USING (true);

CREATE POLICY everyone ON pool.submission TO expressentry_operator USING (true);

ALTER TABLE pool.factors ENABLE ROW LEVEL SECURITY;

ALTER TABLE pool.interest ENABLE ROW LEVEL SECURITY;

ALTER TABLE pool.invitation ENABLE ROW LEVEL SECURITY;

CREATE POLICY own ON pool.factors TO expressentry_web USING ((interest IN ( SELECT interest.id
   FROM pool.interest)));

CREATE POLICY own ON pool.interest TO expressentry_web USING ((person IN ( SELECT person.id
   FROM pool.person)));

CREATE POLICY own ON pool.invitation TO expressentry_web USING ((interest IN ( SELECT interest.id
   FROM pool.interest)));

CREATE POLICY own ON pool.person TO expressentry_web USING ((key = current_setting('pool.person'::text, true)));

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
GRANT USAGE ON SCHEMA pool TO expressentry_sealer;
GRANT USAGE ON SCHEMA pool TO expressentry_auditor;

REVOKE ALL ON FUNCTION pool.check_inbox() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.check_interest() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.check_invitation() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.check_sealed() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.clear_rule_set(old_id smallint) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.clear_rule_set(old_id smallint) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.counted(part text) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.counted(part text) TO expressentry_auditor;
GRANT ALL ON FUNCTION pool.counted(part text) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.follow_new_standing() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.follow_standing() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.follow_state() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.hash_event(before text, seq bigint, inbox bigint, kind text, at timestamp with time zone, actor text, reason text, body json) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.hash_event(before text, seq bigint, inbox bigint, kind text, at timestamp with time zone, actor text, reason text, body json) TO expressentry_auditor;
GRANT ALL ON FUNCTION pool.hash_event(before text, seq bigint, inbox bigint, kind text, at timestamp with time zone, actor text, reason text, body json) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.instant_text(at timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.instant_text(at timestamp with time zone) TO expressentry_auditor;
GRANT ALL ON FUNCTION pool.instant_text(at timestamp with time zone) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.open_rule_set(new_name text, new_day date, new_digest text) FROM PUBLIC;
GRANT ALL ON FUNCTION pool.open_rule_set(new_name text, new_day date, new_digest text) TO expressentry_operator;

REVOKE ALL ON FUNCTION pool.refuse_change() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.refuse_removal() FROM PUBLIC;

REVOKE ALL ON FUNCTION pool.seal() FROM PUBLIC;
GRANT ALL ON FUNCTION pool.seal() TO expressentry_operator;
GRANT ALL ON FUNCTION pool.seal() TO expressentry_sealer;

GRANT SELECT ON TABLE pool.entry TO expressentry_operator;
GRANT SELECT ON TABLE pool.entry TO expressentry_auditor;

GRANT SELECT ON TABLE pool.event TO expressentry_operator;
GRANT SELECT ON TABLE pool.event TO expressentry_sealer;
GRANT SELECT ON TABLE pool.event TO expressentry_auditor;

GRANT SELECT,INSERT,UPDATE ON TABLE pool.factors TO expressentry_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE pool.factors TO expressentry_operator;

GRANT INSERT ON TABLE pool.gate TO expressentry_web;
GRANT INSERT,UPDATE ON TABLE pool.gate TO expressentry_operator;

GRANT INSERT ON TABLE pool.inbox TO expressentry_web;
GRANT SELECT,INSERT ON TABLE pool.inbox TO expressentry_operator;
GRANT SELECT ON TABLE pool.inbox TO expressentry_sealer;
GRANT SELECT ON TABLE pool.inbox TO expressentry_auditor;

GRANT SELECT,INSERT ON TABLE pool.interest TO expressentry_web;
GRANT SELECT,INSERT,UPDATE ON TABLE pool.interest TO expressentry_operator;
GRANT SELECT ON TABLE pool.interest TO expressentry_auditor;

GRANT UPDATE(state) ON TABLE pool.interest TO expressentry_web;

GRANT UPDATE(due) ON TABLE pool.interest TO expressentry_web;

GRANT SELECT ON TABLE pool.invitation TO expressentry_web;
GRANT SELECT,INSERT ON TABLE pool.invitation TO expressentry_operator;
GRANT SELECT ON TABLE pool.invitation TO expressentry_auditor;

GRANT UPDATE(state) ON TABLE pool.invitation TO expressentry_web;
GRANT UPDATE(state) ON TABLE pool.invitation TO expressentry_operator;

GRANT SELECT,INSERT ON TABLE pool.person TO expressentry_web;
GRANT SELECT,INSERT,UPDATE ON TABLE pool.person TO expressentry_operator;

GRANT UPDATE(key) ON TABLE pool.person TO expressentry_web;

GRANT SELECT,INSERT,UPDATE ON TABLE pool.profile TO expressentry_web;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE pool.profile TO expressentry_operator;

GRANT SELECT,INSERT ON TABLE pool.rescore_batch TO expressentry_operator;
GRANT SELECT ON TABLE pool.rescore_batch TO expressentry_auditor;

GRANT SELECT ON TABLE pool.round TO expressentry_web;
GRANT SELECT,INSERT ON TABLE pool.round TO expressentry_operator;
GRANT SELECT ON TABLE pool.round TO expressentry_auditor;

GRANT SELECT ON TABLE pool.rule_set TO expressentry_web;
GRANT SELECT ON TABLE pool.rule_set TO expressentry_operator;
GRANT SELECT ON TABLE pool.rule_set TO expressentry_auditor;

GRANT UPDATE(state) ON TABLE pool.rule_set TO expressentry_operator;

GRANT INSERT,UPDATE ON TABLE pool.seal_gate TO expressentry_operator;

GRANT SELECT,INSERT ON TABLE pool.standing TO expressentry_web;
GRANT SELECT,INSERT ON TABLE pool.standing TO expressentry_operator;
GRANT SELECT ON TABLE pool.standing TO expressentry_auditor;

GRANT UPDATE(eligible) ON TABLE pool.standing TO expressentry_web;
GRANT UPDATE(eligible) ON TABLE pool.standing TO expressentry_operator;

GRANT UPDATE(crs) ON TABLE pool.standing TO expressentry_web;
GRANT UPDATE(crs) ON TABLE pool.standing TO expressentry_operator;

GRANT UPDATE(program) ON TABLE pool.standing TO expressentry_web;
GRANT UPDATE(program) ON TABLE pool.standing TO expressentry_operator;

GRANT UPDATE(lists) ON TABLE pool.standing TO expressentry_web;
GRANT UPDATE(lists) ON TABLE pool.standing TO expressentry_operator;

GRANT SELECT,INSERT ON TABLE pool.submission TO expressentry_web;
GRANT SELECT,INSERT,UPDATE ON TABLE pool.submission TO expressentry_operator;
