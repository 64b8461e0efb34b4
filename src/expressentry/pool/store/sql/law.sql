-- name: open_rule_set
-- Make a rule set in building, with its partitions.
select pool.open_rule_set(%(name)s, %(law_day)s, %(digest)s);

-- name: clear_rule_set
-- Remove the standings of a retired rule set.
select pool.clear_rule_set(%(rule_set)s::smallint);

-- name: unscored
-- Some who are live and have no standing yet under a rule set.
select i.id from pool.interest i
  where i.id > %(after)s and i.state in ('in_pool', 'invited')
    and not exists (select from pool.standing s where s.rule_set = %(rule_set)s and s.interest = i.id)
  order by i.id limit %(most)s;

-- name: add_scores
-- Add standings where there is none and the candidate is still live; return whose.
select pool.add_scores(%(rule_set)s::smallint, %(interest)s::bigint[], %(eligible)s::bool[], %(crs)s::smallint[],
  %(program)s::text[], %(lists)s::text[]);

-- name: keep_batch
-- Keep the rows of a batch.
select pool.keep_batch(%(rule_set)s::smallint, %(first)s, %(last)s, %(digest)s, %(rows)s);

-- name: batch
-- The rows of a batch kept.
select rows from pool.rescore_batch where rule_set = %(rule_set)s and first_interest = %(first)s;

-- name: ineligible
-- Those in the pool whom a rule set does not find eligible.
select i.id from pool.interest i join pool.standing s on s.rule_set = %(rule_set)s and s.interest = i.id
  where i.state = 'in_pool' and not s.eligible order by i.id;

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
