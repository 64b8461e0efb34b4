-- name: open_rule_set
-- Make a rule set in building, with its partitions.
select pool.open_rule_set(%(name)s, %(law_day)s, %(digest)s);

-- name: retire
-- The rule set in force has a successor.
update pool.rule_set set state = 'retired' where state = 'in_force';

-- name: take
-- One row: the new law is in force.
update pool.rule_set set state = 'in_force' where id = %(rule_set)s;

-- name: clear_rule_set
-- Remove the standings of a retired rule set.
select pool.clear_rule_set(%(rule_set)s::smallint);

-- name: unscored
-- Some who are live and have no standing yet under a rule set.
select i.id from pool.interest i
  where i.id > %(after)s and i.state in ('in_pool', 'invited')
    and not exists (select from pool.standing s where s.rule_set = %(rule_set)s and s.interest = i.id)
  order by i.id limit %(most)s;

-- name: add_missing_standings
-- Add standings where there is none and the candidate is still live; return whose.
with live as (
  select id, submitted_at from pool.interest
  where id = any(%(interest)s) and state in ('in_pool', 'invited') order by id for share
)
insert into pool.standing (rule_set, interest, eligible, crs, submitted_at, program, lists)
  select g.rule_set, g.interest, g.eligible, g.crs, live.submitted_at, g.program::pool.program,
    array(select jsonb_array_elements_text(g.lists))
  from unnest(%(rule_set)s::smallint[], %(interest)s::bigint[], %(eligible)s::bool[], %(crs)s::smallint[],
    %(program)s::text[], %(lists)s::jsonb[]) as g (rule_set, interest, eligible, crs, program, lists)
  join live on live.id = g.interest
  on conflict (rule_set, interest) do nothing
  returning interest;

-- name: keep_batch
-- Keep the rows of a batch.
insert into pool.rescore_batch (rule_set, first_interest, last_interest, digest, rows)
  values (%(rule_set)s, %(first)s, %(last)s, %(digest)s, %(rows)s);

-- name: batch
-- The rows of a batch kept.
select rows from pool.rescore_batch where rule_set = %(rule_set)s and first_interest = %(first)s;

-- name: ineligible
-- Those in the pool whom a rule set does not find eligible.
select i.id from pool.interest i join pool.standing s on s.rule_set = %(rule_set)s and s.interest = i.id
  where i.state = 'in_pool' and not s.eligible order by i.id for no key update of i;

-- name: states
-- The state of everyone.
select id, state::text from pool.interest;

-- name: all_standings
-- Every standing under the rule sets in force and in building.
select s.interest, s.rule_set, s.eligible, s.crs, s.program::text, s.lists
  from pool.standing s join pool.rule_set r on r.id = s.rule_set and r.state <> 'retired';

-- name: state_counts
-- How many expressions of interest are in each state.
select state::text, count(*) from pool.interest group by state order by state;

-- name: unsealed
-- How many events wait for the sealer, and the instant of the oldest.
select count(*), min(at) from pool.inbox;

-- name: sure_factors
-- Some who are live and not yet scored under a rule set, whose stored factors are sure and hold on a day; as CSV.
-- Each table is told where to begin: a merge of the three would read the two others from their first row.
copy (
  select {columns} from pool.interest i join pool.factors f on f.interest = i.id and f.interest > %(after)s and f.sure
  where i.id > %(after)s and i.state in ('in_pool', 'invited') and (i.due is null or i.due > %(day)s)
    and not exists (
      select from pool.standing s where s.rule_set = %(rule_set)s and s.interest = i.id and s.interest > %(after)s
    )
  order by i.id limit %(most)s
) to stdout (format csv, header);

-- name: given_standings
-- A place for standings scored in bulk; it goes with the transaction.
create temp table given (interest bigint, eligible boolean, crs smallint, program pool.program, lists text[])
  on commit drop;

-- name: copy_given
-- Standings scored in bulk.
copy given from stdin (format csv, null '\N');

-- name: add_given
-- Add them where there is none and the candidate is still live; return whose. The bounds keep the join from reading
-- all candidates for each batch.
with live as (
  select i.id, i.submitted_at, g.eligible, g.crs, g.program, g.lists
  from given g join pool.interest i on i.id = g.interest and i.state in ('in_pool', 'invited')
    and i.id between (select min(interest) from given) and (select max(interest) from given)
  order by i.id for share of i
)
insert into pool.standing (rule_set, interest, eligible, crs, submitted_at, program, lists)
  select %(rule_set)s, id, eligible, crs, submitted_at, program, lists from live
  on conflict (rule_set, interest) do nothing
  returning interest;
