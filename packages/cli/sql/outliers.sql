-- Which nodes of a fleet differ from the others, and in what: the same as `netdrift diff --nodes`, on rows of `netdrift digest`.
--
--   netdrift digest captures/*.tar.gz > digest.jsonl
--   duckdb < outliers.sql
--
-- Reads digest.jsonl of the folder in which it runs, and makes the table `outliers`: a row for each group of nodes that is not the largest.
-- `outlier` is true where more than half of the nodes agree, of three or more. A node that is not whole is in `incomplete` alone.

create or replace temp table digest as
select * from read_json('digest.jsonl', format = 'newline_delimited', columns = {
  type: 'varchar', node: 'varchar', mode: 'varchar', version: 'varchar', scheduler: 'varchar', cluster_cidr: 'varchar',
  masquerade_all: 'varchar', masquerade_bit: 'varchar', complete: 'boolean', troubles: 'varchar[]',
  service: 'varchar', frontend: 'varchar', does: 'varchar', own: 'boolean'
});

create or replace temp table whole as select * from digest where type = 'node' and complete;

create or replace temp table incomplete as select node, troubles from digest where type = 'node' and not complete order by node;

-- What a node does at an address, for addresses that no node keeps endpoints of its own for.
create or replace temp table does as
select frontend, service, node, does from digest semi join whole using (node)
where type = 'frontend' and frontend not in (select frontend from digest where type = 'frontend' and own);

create or replace temp table groups as
with present as (
  select frontend as subject, any_value(service) as service, does, count(*) as size, list(node order by node) as nodes from does group by frontend, does
),
-- Only addresses that some node lacks are looked up node by node.
lacking as (
  select subject, any_value(service) as service from present group by subject having sum(size) < (select count(*) from whole)
),
absent as (
  select subject, service, 'not there' as does, count(*) as size, list(node order by node) as nodes
  from (select lacking.subject, lacking.service, whole.node from lacking, whole) anti join (select frontend as subject, node from does) using (subject, node)
  group by subject, service
),
settings as (
  select setting as subject, cast(null as varchar) as service, value as does, count(*) as size, list(node order by node) as nodes
  from (unpivot (select node, mode as "proxy mode", version as "version of kube-proxy", scheduler, cluster_cidr as "cluster CIDR",
                        masquerade_all as "masquerade all", masquerade_bit as "masquerade bit" from whole)
        on columns(* exclude node) into name setting value value)
  group by setting, value
)
select * from present union all select * from absent union all select * from settings;

create or replace temp table outliers as
select subject, ranked.service, ranked.does, ranked.nodes, most.does as others_do, most.size as others, ranked.total as total,
       most.size * 2 > ranked.total and ranked.total > 2 as outlier
from (select *, sum(size) over (partition by subject) as total, row_number() over (partition by subject order by size desc, does) as rank from groups) as ranked
join (select subject, does, size from groups qualify row_number() over (partition by subject order by size desc, does) = 1) as most using (subject)
where ranked.rank > 1;

select * from outliers order by subject, does;
select * from incomplete;
