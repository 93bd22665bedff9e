// The SQL around a dump that is loaded: one transaction, so that a failure leaves everything as it was.
// In: names, the lock's token. Out: SQL for psql. Must not know where the dump is.

import { insertKept } from '../../dialect/kept-entries.ts';
import type { RestoreGround, RestoreScript } from '../../dialect/native-backup.ts';
import { quoteIdentifier, quoteLiteral } from './quote.ts';

const kept = 'pg_temp.surefoot_kept_journal';

const array = (values: readonly string[]): string => `ARRAY[${values.map(quoteLiteral).join(', ')}]::text[]`;

/** True for what an extension made, and for what is a part of something else (the sequence of an identity). */
const isMember = (catalogue: string, oid: string): string =>
  `EXISTS (SELECT FROM pg_catalog.pg_depend m WHERE m.classid = 'pg_catalog.${catalogue}'::regclass AND m.objid = ${oid} AND m.refobjid <> m.objid AND m.deptype IN ('e', 'i'))`;

/** Where objects of a namespace are kept: catalogue, its column of the namespace, and which of its rows are objects by themselves. */
const catalogues: readonly (readonly [catalogue: string, namespace: string, condition: string])[] = [
  ['pg_class', 'relnamespace', `o.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND o.oid <> lock_table`],
  ['pg_proc', 'pronamespace', 'true'],
  [
    'pg_type',
    'typnamespace',
    `o.typtype IN ('e', 'd', 'r', 'b', 'c') AND o.typcategory <> 'A' AND (o.typrelid = 0 OR (SELECT k.relkind FROM pg_catalog.pg_class k WHERE k.oid = o.typrelid) = 'c')`,
  ],
  ['pg_operator', 'oprnamespace', 'true'],
  ['pg_opclass', 'opcnamespace', 'true'],
  ['pg_opfamily', 'opfnamespace', 'true'],
  ['pg_collation', 'collnamespace', 'true'],
  ['pg_conversion', 'connamespace', 'true'],
  ['pg_ts_config', 'cfgnamespace', 'true'],
  ['pg_ts_dict', 'dictnamespace', 'true'],
  ['pg_ts_parser', 'prsnamespace', 'true'],
  ['pg_ts_template', 'tmplnamespace', 'true'],
  ['pg_statistic_ext', 'stxnamespace', 'true'],
];

const inNamespace = catalogues
  .map(
    ([
      catalogue,
      namespace,
      condition,
    ]) => `SELECT 'pg_catalog.${catalogue}'::regclass::oid AS catalogue, o.oid
      FROM pg_catalog.${catalogue} o WHERE o.${namespace} = one.oid AND ${condition} AND NOT ${isMember(catalogue, 'o.oid')}`,
  )
  .join('\n      UNION ALL ');

/** Objects of the database itself that a dump brings back, by catalogue and the word for them. */
const global: readonly (readonly [catalogue: string, name: string, word: string])[] = [
  ['pg_event_trigger', 'evtname', 'EVENT TRIGGER'],
  ['pg_publication', 'pubname', 'PUBLICATION'],
  ['pg_foreign_server', 'srvname', 'SERVER'],
  ['pg_foreign_data_wrapper', 'fdwname', 'FOREIGN DATA WRAPPER'],
];

const dropGlobal = global
  .map(
    ([
      catalogue,
      name,
      word,
    ]) => `  FOR command IN SELECT format('DROP ${word} IF EXISTS %I CASCADE', o.${name})
    FROM pg_catalog.${catalogue} o WHERE NOT ${isMember(catalogue, 'o.oid')} LOOP
    EXECUTE command;
  END LOOP;`,
  )
  .join('\n');

/**
 * Namespaces are dropped whole, with all that is in them; in that of the lock, and in `public`, which a dump does not
 * create, the objects are dropped one by one. The commands are written down before the first of them runs, since dropping
 * one object may take others away.
 */
function wipe({ facts, names, inventory }: RestoreGround, lock: string): string {
  const home = names.namespace ?? facts.namespace ?? 'public';
  const { extensions = [], namespaces = [] } = inventory;
  const stays = [home, ...(namespaces.includes('public') ? ['public'] : [])];
  return `DO $surefoot$
DECLARE
  one record;
  command text;
  commands text[];
  lock_table oid := ${quoteLiteral(lock)}::regclass;
BEGIN
  FOR command IN SELECT format('DROP EXTENSION IF EXISTS %I CASCADE', extname) FROM pg_catalog.pg_extension
    WHERE extname::text <> ALL (${array(extensions)}) LOOP
    EXECUTE command;
  END LOOP;
${dropGlobal}
  FOR command IN SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', nspname) FROM pg_catalog.pg_namespace n
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND nspname::text <> ALL (${array(stays)})
      AND NOT ${isMember('pg_namespace', 'n.oid')} LOOP
    EXECUTE command;
  END LOOP;
  FOR one IN SELECT oid FROM pg_catalog.pg_namespace WHERE nspname::text = ANY (${array(stays)}) LOOP
    SELECT array_agg(format('DROP %s IF EXISTS %s CASCADE',
        CASE i.type WHEN 'composite type' THEN 'type' WHEN 'statistics object' THEN 'statistics' ELSE i.type END, i.identity))
      INTO commands
      FROM (${inNamespace}) o, pg_catalog.pg_identify_object(o.catalogue, o.oid, 0) i;
    FOREACH command IN ARRAY coalesce(commands, '{}') LOOP
      EXECUTE command;
    END LOOP;
  END LOOP;
  PERFORM lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;
END
$surefoot$;${namespaces.includes('public') ? '\nCREATE SCHEMA IF NOT EXISTS public;' : ''}`;
}

/** Raises unless the lock is still ours, and keeps it until the end of the transaction. */
function fence(lock: string, { names, token }: RestoreGround): string {
  return `DO $surefoot$
BEGIN
  PERFORM 1 FROM ${lock} WHERE version_table = ${quoteLiteral(names.version)} AND token = ${quoteLiteral(token)} FOR KEY SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'another runner took the lock over';
  END IF;
END
$surefoot$;`;
}

/** What surrounds the dump. */
export function postgresScript(ground: RestoreGround): RestoreScript {
  const { names, facts, createTables } = ground;
  const home = quoteIdentifier(names.namespace ?? facts.namespace ?? 'public');
  const table = (name: string) => `${home}.${quoteIdentifier(name)}`;
  const [journal, lock] = [table(names.journal), table(names.lock)];
  const before = `\\set ON_ERROR_STOP on
SET client_min_messages = warning;
SET lock_timeout = '30s';
BEGIN;
${fence(lock, ground)}
CREATE TEMPORARY TABLE surefoot_kept_journal ON COMMIT DROP AS SELECT * FROM ${journal};
${wipe(ground, lock)}
SET LOCAL check_function_bodies = off;
`;
  const after = `
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', ${quoteLiteral(`${home}`)}, true);
${createTables.map((sql) => `${sql};`).join('\n')}
${insertKept({ journal, kept, overriding: 'OVERRIDING SYSTEM VALUE' })};
SELECT setval(pg_get_serial_sequence(${quoteLiteral(journal)}, 'id'), greatest((SELECT max(id) FROM ${journal}), 1));
COMMIT;
`;
  return { before, after, rewrite: null, onFailure: 'unchanged' };
}
