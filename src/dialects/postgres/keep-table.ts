import type { Renaming } from '../../dialect/keeping.ts';
import type { Table } from '../../schema/schema.ts';
import { quoteIdentifier, quoteLiteral, quoteRef } from './quote.ts';

// A table takes its indexes, constraints, sequences, triggers and statistics along under the names that they have in the
// schema: the table could not be made again. So all of them go; only the rows are wanted. DROP TABLE is tried first, and taken
// back: what depends on the table is refused as ever, instead of following it under its new name.

/** One kind of thing that a table has: which there are, and what ends one of them; `%s` is the table. */
interface Part {
  readonly rows: string;
  readonly end: string;
}

const parts: readonly Part[] = [
  {
    rows: 'SELECT tgname AS name FROM pg_catalog.pg_trigger WHERE tgrelid = kept AND NOT tgisinternal',
    end: 'DROP TRIGGER %2$I ON %1$s',
  },
  {
    rows: "SELECT rulename AS name FROM pg_catalog.pg_rewrite WHERE ev_class = kept AND rulename <> '_RETURN'",
    end: 'DROP RULE %2$I ON %1$s',
  },
  {
    rows: 'SELECT polname AS name FROM pg_catalog.pg_policy WHERE polrelid = kept',
    end: 'DROP POLICY %2$I ON %1$s',
  },
  {
    // Foreign keys before the keys that they may refer to.
    rows: "SELECT conname AS name FROM pg_catalog.pg_constraint WHERE conrelid = kept AND contype IN ('f', 'p', 'u', 'x', 'c') ORDER BY contype <> 'f'",
    end: 'ALTER TABLE %1$s DROP CONSTRAINT IF EXISTS %2$I',
  },
  {
    rows: 'SELECT indexrelid::regclass::text AS name FROM pg_catalog.pg_index WHERE indrelid = kept',
    end: 'DROP INDEX %2$s',
  },
  {
    rows: "SELECT quote_ident(n.nspname) || '.' || quote_ident(s.stxname) AS name FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace WHERE s.stxrelid = kept",
    end: 'DROP STATISTICS %2$s',
  },
  {
    rows: "SELECT attname AS name FROM pg_catalog.pg_attribute WHERE attrelid = kept AND attgenerated <> '' AND NOT attisdropped",
    end: 'ALTER TABLE %1$s DROP COLUMN %2$I',
  },
  {
    rows: "SELECT attname AS name FROM pg_catalog.pg_attribute WHERE attrelid = kept AND attidentity <> '' AND NOT attisdropped",
    end: 'ALTER TABLE %1$s ALTER COLUMN %2$I DROP IDENTITY',
  },
  {
    rows: 'SELECT attname AS name FROM pg_catalog.pg_attribute WHERE attrelid = kept AND atthasdef AND attnum > 0 AND NOT attisdropped',
    end: 'ALTER TABLE %1$s ALTER COLUMN %2$I DROP DEFAULT',
  },
  {
    rows: "SELECT d.objid::regclass::text AS name FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class c ON c.oid = d.objid WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = d.classid AND d.refobjid = kept AND d.deptype = 'a' AND c.relkind = 'S'",
    end: 'DROP SEQUENCE %2$s',
  },
];

const loop = ({ rows, end }: Part): string =>
  `  FOR part IN ${rows} LOOP\n    EXECUTE format(${quoteLiteral(end)}, kept, part.name);\n  END LOOP;`;

function statement(table: Table, side: string): string {
  const name = quoteRef(table);
  const body = [
    'DECLARE',
    `  kept CONSTANT regclass := ${quoteLiteral(name)};`,
    '  part record;',
    'BEGIN',
    `  BEGIN DROP TABLE ${name}; RAISE EXCEPTION USING ERRCODE = 'SFK01'; EXCEPTION WHEN SQLSTATE 'SFK01' THEN NULL; END;`,
    ...parts.map(loop),
    `  ALTER TABLE ${name} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY;`,
    `  ALTER TABLE ${name} RENAME TO ${quoteIdentifier(side)};`,
    'END',
  ].join('\n');
  let tag = '$kept$';
  while (body.includes(tag)) tag = `$${tag.slice(1, -1)}_$`;
  return `DO ${tag}\n${body} ${tag}`;
}

/** How a table of PostgreSQL is put aside. */
export const renaming: Renaming = {
  // An enum of the schema could not be dropped while a column has it.
  can: ({ columns, options }) =>
    columns.every(({ type }) => type.kind !== 'enum') &&
    options['inherits'] === undefined &&
    options['partitionBy'] === undefined,
  before: () => [],
  guards: () => [],
  statement,
};
