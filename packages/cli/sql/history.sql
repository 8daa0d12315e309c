-- Keeps what a fleet did in PostgreSQL, one set of rows for each run of `netdrift digest`:
--
--   psql --file history.sql < digest.jsonl
--
-- The quote and the delimiter are characters that no row holds, so that each line is one value. A run is one transaction: all of its rows have
-- its time in `taken`. `digest_changes` tells since when an address of a node does something else.

\set ON_ERROR_STOP on
\set QUIET on
set client_min_messages = warning;

begin;

create table if not exists digest (taken timestamptz not null default now(), row jsonb not null);
create index if not exists digest_node on digest ((row ->> 'node'), taken);

\copy digest (row) from pstdin with (format csv, quote e'\x01', delimiter e'\x02')

create or replace view digest_changes as
select taken, node, frontend, does_before, does
from (
  select taken, row ->> 'node' as node, row ->> 'frontend' as frontend, row ->> 'does' as does,
    lag(row ->> 'does') over (partition by row ->> 'node', row ->> 'frontend' order by taken) as does_before
  from digest where row ->> 'type' = 'frontend'
) as told
where does_before <> does;

commit;
