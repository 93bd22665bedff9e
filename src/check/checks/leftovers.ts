import { displayRef } from '../../schema/schema.ts';
import type { Check } from '../input.ts';
import { finding } from '../make-finding.ts';

/** Indexes that a failed concurrent build left behind. */
export const invalidIndexes: Check = ({ live }) =>
  live.tables.flatMap((table) =>
    table.indexes
      .filter(({ valid }) => !valid)
      .map((index) =>
        finding(
          'leftover/invalid-index',
          `index ${index.name} on ${displayRef(table)} is invalid: its build failed`,
          {
            object: { kind: 'index', namespace: table.namespace, table: table.name, name: index.name ?? '' },
            facts: { unique: index.unique },
            cure: 'surefoot repair',
          },
        ),
      ),
  );

// Ours, Alembic's, gh-ost's and pt-online-schema-change's.
const temporary = /^(_surefoot_|_alembic_tmp_|_.+_(gho|ghc|del|new|old)$)/;

/** Tables that a rebuild or an online tool left behind. */
export const temporaryTables: Check = ({ live }) =>
  live.tables
    .filter(({ name }) => temporary.test(name))
    .map((table) =>
      finding(
        'leftover/temporary-table',
        `table ${displayRef(table)} looks like what an interrupted rebuild leaves`,
        {
          object: { kind: 'table', namespace: table.namespace, table: null, name: table.name },
          cure: 'look into it, and drop it if nothing uses it',
        },
      ),
    );

/** Throw-away databases of runs that were killed. */
export const scratchDatabases: Check = ({ scratchDatabases: left }) =>
  left.map(({ name, madeAt, drop }) => {
    const made = new Date(madeAt).toISOString();
    return finding('leftover/scratch-database', `database ${name} was left by a run of ${made}`, {
      facts: { database: name, madeAt: made },
      cure: drop,
    });
  });
