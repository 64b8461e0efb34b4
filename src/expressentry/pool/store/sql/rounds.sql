-- name: rank
-- The first of a list in the order of rank: the highest score, then the earliest submission, then the lowest number.
with first as (
  select crs, submitted_at, interest from pool.entry
  where rule_set = %(rule_set)s and list = %(list)s
  order by crs desc, submitted_at, interest limit %(most)s
)
select f.interest, f.crs, f.submitted_at, s.program::text
  from first f join pool.standing s on s.rule_set = %(rule_set)s and s.interest = f.interest
  order by f.crs desc, f.submitted_at, f.interest;

-- name: counts
-- How many of a list have each score.
select crs, count(*) from pool.entry where rule_set = %(rule_set)s and list = %(list)s group by crs;

-- name: rounds
-- Rounds, the first first.
select number, request_id, kind, list, size, day, as_of, actor, rule_set, rule_set_digest, invited, cutoff, tie_break,
    invited_digest, next_digest, event, head
  from pool.round
  where (%(request_id)s::uuid is null or request_id = %(request_id)s)
  order by number;

-- name: last_round
-- The newest round.
select number, request_id, kind, list, size, day, as_of, actor, rule_set, rule_set_digest, invited, cutoff, tie_break,
    invited_digest, next_digest, event, head
  from pool.round order by number desc limit 1;

-- name: invitations
-- One invitation, the open one of a candidate, or those of a round.
select id, round, interest, place, crs, program::text, state::text, answer_by from pool.invitation
  where (%(id)s::bigint is not null and id = %(id)s)
    or (%(interest)s::bigint is not null and interest = %(interest)s and state = 'open')
    or (%(round)s::integer is not null and round = %(round)s)
  order by id;

-- name: last_invitation
-- The number of the newest invitation.
select coalesce(max(id), 0) from pool.invitation;

-- name: open_invitation
-- The open invitation of a candidate.
select id, round, interest, place, crs, program::text, state::text, answer_by from pool.invitation
  where interest = %(interest)s and state = 'open';

-- name: overdue_invitations
-- Some of the open invitations whose window has passed.
select id, round, interest, place, crs, program::text, state::text, answer_by from pool.invitation
  where state = 'open' and answer_by < %(day)s order by answer_by limit %(most)s;

-- name: has_overdue_invitations
-- Whether any open invitation is past its window.
select exists (select from pool.invitation where state = 'open' and answer_by < %(day)s);

-- name: record
-- Let events happen, and write them to the inbox.
-- Long texts go in binary form, which needs no quoting.
select pool.record(%(kind)b::text[], %(at)s::timestamptz[], %(actor)b::text[], %(reason)b::text[], %(body)b::text[],
  %(interest)s::bigint[], %(facts)b::text[], %(salt)b::text[], %(schema_version)s::smallint, %(factors)b::text[],
  %(client_id)s::uuid[], %(person)s::uuid[], %(digest)s::text[], %(answer)s::jsonb[], %(answered)s::bigint[]);

-- name: issue
-- Let a round happen.
select event, head from pool.issue(%(at)s, %(actor)s, %(reason)s, %(body)s, %(terms_digest)s);

-- name: seal
-- Chain what is in the inbox.
select pool.seal();

-- name: cut_long
-- End sessions of roles that hold a transaction open for longer than any act.
select pool.cut_long();

-- name: seal_gate
-- Before the snapshot of an act that seals: no other sealer.
lock table pool.seal_gate in share row exclusive mode;

-- name: head
-- Number and hash of the last event of the chain.
select seq, hash from pool.chain_head();

-- name: waiting
-- The events that wait for the sealer.
select kind, pool.instant_text(at), actor, reason, body::text, id from pool.inbox order by id;

-- name: events
-- The sealed events after a number.
select kind, pool.instant_text(at), actor, reason, body::text, inbox, seq, hash from pool.event where seq > %(after)s order by seq;
