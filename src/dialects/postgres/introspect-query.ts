// The one query that reads a catalogue: every column of its one row is JSON text.
// In: the server's major version. Out: SQL with four parameters (namespaces, hidden tables, both JSON; the namespace to
// read as the default one, or null). Must not know what becomes of the rows.

import { keptPrefix } from '../../dialect/keeping.ts';

/** The parts of the answer, in the order in which the server works them out. */
export const answerParts = [
  'namespaces',
  'enums',
  'sequences',
  'tables',
  'columns',
  'constraints',
  'indexes',
  'views',
  'routines',
  'triggers',
  'unsupported',
] as const;
export type AnswerPart = (typeof answerParts)[number];

/**
 * Settings that change how the server spells its answers, pinned while it answers and put back after.
 * The search path holds the default namespace alone, so that names in it are bare and all others are qualified.
 */
const pins = `
  home as materialized (
    select case when $3::text = 'pg_temp' then (select nspname::text from pg_catalog.pg_namespace where oid = pg_my_temp_schema())
      else coalesce($3::text, current_schema()::text) end as name
  ),
  pins as materialized (
    select pin.name, coalesce(current_setting(pin.name), '') as was, pin.wanted
    from home, lateral (values
      ('search_path', coalesce(quote_ident(current_schema()), '""')),
      ('timezone', 'UTC'),
      ('datestyle', 'ISO, MDY'),
      ('intervalstyle', 'postgres'),
      ('bytea_output', 'hex'),
      ('extra_float_digits', '1'),
      ('quote_all_identifiers', 'off')
    ) as pin (name, wanted)
  ),
  pinned as materialized (
    select count(set_config(name, wanted, true)) as settings from pins
  )`;

const scope = `
  space as materialized (
    select n.oid, n.nspname, case when n.nspname = home.name then null else n.nspname::text end as ns
    from pg_catalog.pg_namespace n, home
    where n.nspname = home.name
       or (n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
           and ($1::text is null or n.nspname::text in (select jsonb_array_elements_text($1::text::jsonb))))
  ),
  member as materialized (
    select d.classid, d.objid from pg_catalog.pg_depend d where d.deptype = 'e'
  ),
  rel as materialized (
    select c.oid, s.ns, c.relname::text as name, c.relkind, c.relpersistence, c.reloptions, c.relispartition,
           c.relrowsecurity, c.relforcerowsecurity, c.relreplident,
           exists (select from pg_catalog.pg_inherits i where i.inhrelid = c.oid) and not c.relispartition as inherits
    from pg_catalog.pg_class c join space s on s.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S', 'c')
      and not exists (select from member m where m.classid = 'pg_class'::regclass and m.objid = c.oid)
      and not (s.nspname = (select coalesce($4::text, home.name) from home) and c.relkind = 'r'
               and (c.relname::text in (select jsonb_array_elements_text($2::text::jsonb))
                    or c.relname ~ '^${keptPrefix}(_[0-9]+)?$'))
  ),
  tab as materialized (
    select * from rel where relkind in ('r', 'p') and not relispartition
  )`;

const namespaces = `
  select json_agg(s.ns order by s.ns) from space s
  where s.ns is not null
    and not exists (select from member m where m.classid = 'pg_namespace'::regclass and m.objid = s.oid)`;

const enums = `
  select json_agg(json_build_object('ns', s.ns, 'name', t.typname, 'values', (
    select json_agg(e.enumlabel order by e.enumsortorder) from pg_catalog.pg_enum e where e.enumtypid = t.oid)))
  from pg_catalog.pg_type t join space s on s.oid = t.typnamespace
  where t.typtype = 'e'
    and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)`;

const sequences = `
  select json_agg(json_build_object('ns', r.ns, 'name', r.name, 'table', d.refobjid::text, 'column', d.refobjsubid,
    'owned', d.deptype, 'nextval', 'nextval(''' || replace(r.oid::regclass::text, '''', '''''') || '''::regclass)',
    'type', format_type(q.seqtypid, null), 'start', q.seqstart::text, 'increment', q.seqincrement::text,
    'minimum', q.seqmin::text, 'maximum', q.seqmax::text, 'cycle', q.seqcycle))
  from rel r join pg_catalog.pg_sequence q on q.seqrelid = r.oid
  left join pg_catalog.pg_depend d on d.classid = 'pg_class'::regclass and d.objid = r.oid and d.objsubid = 0
    and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and d.refobjsubid > 0
  where r.relkind = 'S'`;

const tables = `
  select json_agg(json_build_object('oid', t.oid::text, 'ns', t.ns, 'name', t.name, 'unlogged', t.relpersistence = 'u',
    'options', t.reloptions, 'rowSecurity', t.relrowsecurity, 'forceRowSecurity', t.relforcerowsecurity,
    'partitionBy', case when t.relkind = 'p' then pg_get_partkeydef(t.oid) end,
    'replicaIdentity', case t.relreplident when 'd' then null when 'f' then 'FULL' when 'n' then 'NOTHING' else 'an index' end,
    'inherits', case when t.inherits then (
      select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
      from pg_catalog.pg_inherits i where i.inhrelid = t.oid) end,
    'comment', obj_description(t.oid, 'pg_class')))
  from tab t`;

function columns(major: number): string {
  const unproven =
    major >= 18
      ? `(a.attrelid, a.attnum) in (
           select k.conrelid, k.conkey[1] from pg_catalog.pg_constraint k where k.contype = 'n' and not k.convalidated)`
      : 'false';
  return `
  select json_agg(json_build_object('table', a.attrelid::text, 'position', a.attnum, 'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod), 'notNull', a.attnotnull, 'unproven', ${unproven},
    'tuning', concat_ws(', ', case when a.attstorage <> y.typstorage then
        'STORAGE ' || case a.attstorage when 'p' then 'PLAIN' when 'e' then 'EXTERNAL' when 'm' then 'MAIN' else 'EXTENDED' end end,
      'COMPRESSION ' || case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end,
      case when a.attstattarget >= 0 then 'STATISTICS ' || a.attstattarget end, array_to_string(a.attoptions, ', ')),
    'enum', case when y.typtype = 'e' and es.oid is not null then json_build_object('ns', es.ns, 'name', y.typname) end,
    'default', pg_get_expr(f.adbin, f.adrelid), 'identity', a.attidentity, 'generated', a.attgenerated,
    'collation', case when a.attcollation <> y.typcollation then
      case when o.collnamespace = 'pg_catalog'::regnamespace or pg_collation_is_visible(o.oid) then o.collname::text
      else quote_ident(o.collnamespace::regnamespace::text) || '.' || quote_ident(o.collname) end end,
    'comment', h.description) order by a.attrelid, a.attnum)
  from tab t join pg_catalog.pg_attribute a on a.attrelid = t.oid
  join pg_catalog.pg_type y on y.oid = a.atttypid
  left join space es on es.oid = y.typnamespace
    and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = y.oid)
  left join pg_catalog.pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
  left join pg_catalog.pg_collation o on o.oid = a.attcollation
  left join pg_catalog.pg_description h on h.classoid = 'pg_class'::regclass and h.objoid = a.attrelid and h.objsubid = a.attnum
  where a.attnum > 0 and not a.attisdropped`;
}

const names = (keys: string, table: string) => `(
    select json_agg(a.attname order by u.ord) from unnest(${keys}) with ordinality as u (num, ord)
    join pg_catalog.pg_attribute a on a.attrelid = ${table} and a.attnum = u.num)`;

function constraints(major: number): string {
  const setColumns = major >= 15 ? 'k.confdelsetcols is not null' : 'false';
  const enforced = major >= 18 ? 'k.conenforced' : 'true';
  const period = major >= 18 ? 'k.conperiod' : 'false';
  const nulls = major >= 15 ? 'coalesce(x.indnullsnotdistinct, false)' : 'false';
  return `
  select json_agg(json_build_object('table', k.conrelid::text, 'name', k.conname, 'type', k.contype,
    'columns', ${names('k.conkey', 'k.conrelid')},
    'parent', case when k.contype = 'f' then json_build_object('ns', case when pn.nspname = home.name then null else pn.nspname end,
      'name', p.relname, 'columns', ${names('k.confkey', 'k.confrelid')}) end,
    'onDelete', k.confdeltype, 'onUpdate', k.confupdtype, 'deferrable', k.condeferrable, 'deferred', k.condeferred,
    'valid', k.convalidated, 'sql', case when k.contype = 'c' then pg_get_expr(k.conbin, k.conrelid) end,
    'nullsNotDistinct', ${nulls},
    'beyond', case
      when k.contype = 'x' then 'an exclusion constraint'
      when ${setColumns} then 'ON DELETE SET NULL of some columns only'
      when k.contype = 'f' and k.confmatchtype = 'f' then 'MATCH FULL'
      when not ${enforced} then 'NOT ENFORCED'
      when ${period} then 'WITHOUT OVERLAPS or PERIOD'
      when k.contype = 'c' and k.connoinherit then 'NO INHERIT'
      when k.contype = 'p' and k.condeferrable then 'a deferrable primary key'
      when k.contype in ('p', 'u') and x.indnatts <> x.indnkeyatts then 'INCLUDE' end) order by k.conrelid, k.conname)
  from home, tab t join pg_catalog.pg_constraint k on k.conrelid = t.oid
  left join pg_catalog.pg_index x on x.indexrelid = k.conindid and k.contype in ('p', 'u')
  left join pg_catalog.pg_class p on p.oid = k.confrelid
  left join pg_catalog.pg_namespace pn on pn.oid = p.relnamespace
  where k.contype in ('p', 'u', 'f', 'c', 'x') and k.conparentid = 0`;
}

/** Each part of an index. An expression has a collation of its own only if the definition says so; `indoption` holds DESC in bit 0 and NULLS FIRST in bit 1. */
const indexParts = `(
    select json_agg(json_build_object(
      'column', a.attname,
      'sql', case when x.indkey[n] = 0 then pg_get_indexdef(x.indexrelid, n + 1, false) end,
      'descending', x.indoption[n] & 1 = 1, 'nullsFirst', x.indoption[n] & 2 = 2,
      'collation', case when x.indcollation[n] <> 0 and case when a.attnum is null
          then position(pg_get_indexdef(x.indexrelid, n + 1, false) || ' COLLATE ' in pg_get_indexdef(x.indexrelid)) > 0
          else x.indcollation[n] <> a.attcollation end then
        case when o.collnamespace = 'pg_catalog'::regnamespace or pg_collation_is_visible(o.oid) then o.collname::text
        else quote_ident(o.collnamespace::regnamespace::text) || '.' || quote_ident(o.collname) end end,
      'operatorClass', case when not oc.opcdefault or ka.attoptions is not null then
        case when pg_opclass_is_visible(oc.oid) then quote_ident(oc.opcname)
        else quote_ident(oc.opcnamespace::regnamespace::text) || '.' || quote_ident(oc.opcname) end
        || coalesce(' (' || array_to_string(ka.attoptions, ', ') || ')', '') end) order by n)
    from generate_series(0, x.indnkeyatts - 1) as n
    join pg_catalog.pg_attribute ka on ka.attrelid = x.indexrelid and ka.attnum = n + 1
    join pg_catalog.pg_opclass oc on oc.oid = x.indclass[n]
    left join pg_catalog.pg_collation o on o.oid = x.indcollation[n]
    left join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[n] and x.indkey[n] <> 0)`;

function indexes(major: number): string {
  const nulls = major >= 15 ? 'x.indnullsnotdistinct' : 'false';
  return `
  select json_agg(json_build_object('table', x.indrelid::text, 'name', i.relname, 'unique', x.indisunique,
    'method', am.amname, 'valid', x.indisvalid, 'where', pg_get_expr(x.indpred, x.indrelid),
    'nullsNotDistinct', ${nulls}, 'parts', ${indexParts},
    'include', (select json_agg(a.attname order by n) from generate_series(x.indnkeyatts, x.indnatts - 1) as n
      join pg_catalog.pg_attribute a on a.attrelid = x.indrelid and a.attnum = x.indkey[n]),
    'options', i.reloptions) order by x.indrelid, i.relname)
  from tab t join pg_catalog.pg_index x on x.indrelid = t.oid
  join pg_catalog.pg_class i on i.oid = x.indexrelid
  join pg_catalog.pg_am am on am.oid = i.relam
  where not exists (select from pg_catalog.pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))`;
}

const views = `
  select json_agg(json_build_object('ns', r.ns, 'name', r.name, 'materialized', r.relkind = 'm',
    'sql', pg_get_viewdef(r.oid, true), 'options', r.reloptions))
  from rel r where r.relkind in ('v', 'm')`;

const routines = `
  select json_agg(json_build_object('ns', s.ns, 'name', p.proname, 'kind', p.prokind,
    'signature', oidvectortypes(p.proargtypes), 'sql', pg_get_functiondef(p.oid),
    'qualified', quote_ident(s.nspname) || '.' || quote_ident(p.proname),
    'bare', quote_ident(p.proname)))
  from pg_catalog.pg_proc p join space s on s.oid = p.pronamespace
  where p.prokind in ('f', 'p', 'w')
    and not exists (select from member m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)
    and not exists (select from pg_catalog.pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid
      and d.deptype = 'i')`;

const triggers = `
  select json_agg(json_build_object('ns', r.ns, 'table', r.name, 'name', g.tgname, 'sql', pg_get_triggerdef(g.oid, true),
    'enabled', g.tgenabled))
  from rel r join pg_catalog.pg_trigger g on g.tgrelid = r.oid
  where not g.tgisinternal and g.tgparentid = 0 and not r.relispartition and r.relkind <> 'f'`;

/** Objects beyond the model: kind, catalogue, and how to name them. */
const unsupported = `
  select json_agg(json_build_object('kind', u.kind, 'ns', u.ns, 'name', u.name, 'reason', u.reason) order by u.kind, u.ns, u.name)
  from (
    select 'partition' as kind, r.ns, r.name, 'a partition of ' || (
      select i.inhparent::regclass::text from pg_catalog.pg_inherits i where i.inhrelid = r.oid limit 1) as reason
    from rel r where r.relispartition and r.relkind in ('r', 'p')
    union all select 'foreign-table', r.ns, r.name, 'a foreign table' from rel r where r.relkind = 'f'
    union all select 'composite-type', r.ns, r.name, 'a composite type' from rel r where r.relkind = 'c'
    union all select case t.typtype when 'd' then 'domain' when 'r' then 'range-type' else 'base-type' end, s.ns,
      t.typname::text, 'a type that is not an enum'
    from pg_catalog.pg_type t join space s on s.oid = t.typnamespace
    where (t.typtype in ('d', 'r') or (t.typtype = 'b' and t.typelem = 0))
      and not exists (select from member m where m.classid = 'pg_type'::regclass and m.objid = t.oid)
    union all select 'aggregate', s.ns, p.proname::text || '(' || oidvectortypes(p.proargtypes) || ')', 'an aggregate'
    from pg_catalog.pg_proc p join space s on s.oid = p.pronamespace
    where p.prokind = 'a' and not exists (select from member m where m.classid = 'pg_proc'::regclass and m.objid = p.oid)
    union all select 'policy', r.ns, r.name || '.' || y.polname, 'a row security policy'
    from rel r join pg_catalog.pg_policy y on y.polrelid = r.oid
    union all select 'rule', r.ns, r.name || '.' || w.rulename, 'a rewrite rule'
    from rel r join pg_catalog.pg_rewrite w on w.ev_class = r.oid where w.rulename <> '_RETURN'
    union all select 'statistics', s.ns, e.stxname::text, 'extended statistics'
    from pg_catalog.pg_statistic_ext e join space s on s.oid = e.stxnamespace
    union all select 'index', r.ns, i.relname::text, 'an index of a materialized view'
    from rel r join pg_catalog.pg_index x on x.indrelid = r.oid join pg_catalog.pg_class i on i.oid = x.indexrelid
    where r.relkind = 'm'
    union all select 'collation', s.ns, c.collname::text, 'a collation'
    from pg_catalog.pg_collation c join space s on s.oid = c.collnamespace
    where not exists (select from member m where m.classid = 'pg_collation'::regclass and m.objid = c.oid)
    union all select 'operator', s.ns, o.oprname::text, 'an operator'
    from pg_catalog.pg_operator o join space s on s.oid = o.oprnamespace
    where not exists (select from member m where m.classid = 'pg_operator'::regclass and m.objid = o.oid)
    union all select 'operator-class', s.ns, o.opcname::text, 'an operator class'
    from pg_catalog.pg_opclass o join space s on s.oid = o.opcnamespace
    where not exists (select from member m where m.classid = 'pg_opclass'::regclass and m.objid = o.oid)
    union all select 'text-search-configuration', s.ns, c.cfgname::text, 'a text search configuration'
    from pg_catalog.pg_ts_config c join space s on s.oid = c.cfgnamespace
    where not exists (select from member m where m.classid = 'pg_ts_config'::regclass and m.objid = c.oid)
    union all select 'text-search-dictionary', s.ns, c.dictname::text, 'a text search dictionary'
    from pg_catalog.pg_ts_dict c join space s on s.oid = c.dictnamespace
    where not exists (select from member m where m.classid = 'pg_ts_dict'::regclass and m.objid = c.oid)
    union all select 'extension', null, e.extname::text, 'an extension'
    from pg_catalog.pg_extension e where e.extname <> 'plpgsql'
    union all select 'event-trigger', null, v.evtname::text, 'an event trigger'
    from pg_catalog.pg_event_trigger v
    where not exists (select from member m where m.classid = 'pg_event_trigger'::regclass and m.objid = v.oid)
    union all select 'publication', null, b.pubname::text, 'a publication' from pg_catalog.pg_publication b
  ) u`;

/** The query for a server of that major version. */
export function introspectQuery(major: number): string {
  const queries: Readonly<Record<AnswerPart, string>> = {
    namespaces,
    enums,
    sequences,
    tables,
    columns: columns(major),
    constraints: constraints(major),
    indexes: indexes(major),
    views,
    routines,
    triggers,
    unsupported,
  };
  const parts = answerParts.map((part) => `(${queries[part]})::text as "${part}"`);
  const restore = '(select count(set_config(name, was, true)) from pins) as restored';
  return `with ${pins},${scope}\nselect pinned.settings, ${parts.join(',\n')},\n${restore}\nfrom pinned`;
}
