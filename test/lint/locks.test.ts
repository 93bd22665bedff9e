// What the pages of PostgreSQL's rules say about locks, on a real server: a statement is held open in its transaction, its
// locks are read from pg_locks, and somebody else tries to read and to write.

import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { FreshDatabase } from '../servers/index.ts';
import { freshDatabase, selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';

/** What others can do meanwhile. */
type Others = 'read and write' | 'read' | 'nothing';

interface Claim {
  readonly rule: string;
  readonly sql: string;
  /** Runs in the same transaction, before. */
  readonly first?: string;
  readonly table: string;
  /** The strongest lock on the table, as pg_locks says it. */
  readonly lock: string;
  readonly others: Others;
  /** Whether all rows are written anew: the table gets another file. */
  readonly rewrites?: boolean;
  /** From that major version on. */
  readonly from?: number;
}

const exclusive = { lock: 'AccessExclusiveLock', others: 'nothing' } as const;
const shareRow = { lock: 'ShareRowExclusiveLock', others: 'read' } as const;
const update = { lock: 'ShareUpdateExclusiveLock', others: 'read and write' } as const;
const alter = (rule: string, action: string, table = 'person') => ({
  rule,
  table,
  sql: `ALTER TABLE ${table} ${action}`,
});

const claims: readonly Claim[] = [
  {
    rule: 'pg-index-not-concurrent',
    sql: 'CREATE INDEX i ON person (mail)',
    table: 'person',
    lock: 'ShareLock',
    others: 'read',
  },
  { rule: 'pg-drop-index-not-concurrent', sql: 'DROP INDEX by_team', table: 'person', ...exclusive },
  {
    rule: 'pg-reindex-not-concurrent',
    sql: 'REINDEX TABLE person',
    table: 'person',
    lock: 'ShareLock',
    // The planner looks at every index of the table, and those are locked whole.
    others: 'nothing',
  },
  { ...alter('pg-add-unique-constraint', 'ADD UNIQUE (mail)'), ...exclusive, rewrites: false },
  { ...alter('pg-add-primary-key', 'ADD PRIMARY KEY (number)', 'log'), ...exclusive, rewrites: false },
  { ...alter('pg-add-exclusion', 'ADD EXCLUDE (team WITH =)'), ...exclusive, rewrites: false },
  { ...alter('pg-fk-validating', 'ADD FOREIGN KEY (team) REFERENCES team (id)'), ...shareRow },
  {
    rule: 'pg-fk-validating',
    sql: 'ALTER TABLE person ADD FOREIGN KEY (team) REFERENCES team (id)',
    table: 'team',
    ...shareRow,
  },
  { ...alter('pg-fk-validating', 'ADD FOREIGN KEY (team) REFERENCES team (id) NOT VALID'), ...shareRow },
  { ...alter('pg-fk-validating', 'VALIDATE CONSTRAINT fk_old'), ...update },
  { ...alter('pg-check-validating', 'ADD CHECK (team > 0)'), ...exclusive, rewrites: false },
  { ...alter('pg-check-validating', 'ADD COLUMN x integer CHECK (x > 0)'), ...exclusive, rewrites: false },
  { ...alter('pg-check-validating', 'VALIDATE CONSTRAINT ck_old'), ...update },
  {
    ...alter('pg-validate-while-locked', 'VALIDATE CONSTRAINT ck_new'),
    first: 'ALTER TABLE person ADD CONSTRAINT ck_new CHECK (team > 0) NOT VALID',
    ...exclusive,
  },
  { ...alter('pg-set-not-null-scan', 'ALTER COLUMN mail SET NOT NULL'), ...exclusive, rewrites: false },
  {
    ...alter('pg-volatile-default', 'ADD COLUMN x uuid DEFAULT gen_random_uuid()'),
    ...exclusive,
    rewrites: true,
  },
  {
    ...alter('pg-volatile-default', 'ADD COLUMN x timestamptz DEFAULT now()'),
    ...exclusive,
    rewrites: false,
  },
  {
    ...alter('pg-stored-generated-column', 'ADD COLUMN x text GENERATED ALWAYS AS (upper(mail)) STORED'),
    ...exclusive,
    rewrites: true,
  },
  {
    ...alter('pg-stored-generated-column', 'ADD COLUMN x text GENERATED ALWAYS AS (upper(mail)) VIRTUAL'),
    ...exclusive,
    rewrites: false,
    from: 18,
  },
  {
    ...alter('pg-add-identity-or-serial-column', 'ADD COLUMN x bigint GENERATED ALWAYS AS IDENTITY'),
    ...exclusive,
    rewrites: true,
  },
  { ...alter('pg-add-identity-or-serial-column', 'ADD COLUMN x bigserial'), ...exclusive, rewrites: true },
  { ...alter('pg-type-rewrite', 'ALTER COLUMN team TYPE bigint'), ...exclusive, rewrites: true },
  { ...alter('pg-type-rewrite', 'ALTER COLUMN mail TYPE varchar(60)'), ...exclusive, rewrites: true },
  { ...alter('pg-type-rewrite', 'ALTER COLUMN mail TYPE text'), ...exclusive, rewrites: false },
  { ...alter('pg-type-rewrite', 'ALTER COLUMN mail TYPE text USING mail'), ...exclusive, rewrites: false },
  {
    rule: 'pg-domain-constraint',
    sql: 'ALTER DOMAIN word ADD CONSTRAINT filled CHECK (length(VALUE) > 0)',
    table: 'spoken',
    lock: 'ShareLock',
    others: 'read',
  },
  { ...alter('pg-domain-constraint', 'ADD COLUMN x checked_word'), ...exclusive, rewrites: true },
  { ...alter('pg-detach-not-concurrent', 'DETACH PARTITION event_2020', 'event'), ...exclusive },
  {
    rule: 'pg-attach-scan',
    sql: "ALTER TABLE event ATTACH PARTITION old FOR VALUES FROM ('2010-01-01') TO ('2011-01-01')",
    table: 'old',
    ...exclusive,
  },
  {
    rule: 'pg-attach-scan',
    sql: "ALTER TABLE event ATTACH PARTITION old FOR VALUES FROM ('2010-01-01') TO ('2011-01-01')",
    table: 'event',
    ...update,
  },
  {
    rule: 'pg-partition-of-lock',
    sql: "CREATE TABLE event_2030 PARTITION OF event FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')",
    table: 'event',
    ...exclusive,
  },
  {
    rule: 'pg-vacuum-full-cluster',
    sql: 'CLUSTER person USING by_team',
    table: 'person',
    ...exclusive,
    rewrites: true,
  },
  { ...alter('pg-vacuum-full-cluster', 'SET UNLOGGED', 'log'), ...exclusive, rewrites: true },
];

const setup = `
CREATE TABLE team (id integer PRIMARY KEY);
CREATE TABLE person (id integer PRIMARY KEY, mail varchar(120), team integer);
CREATE INDEX by_team ON person (team);
ALTER TABLE person ADD CONSTRAINT fk_old FOREIGN KEY (team) REFERENCES team (id) NOT VALID;
ALTER TABLE person ADD CONSTRAINT ck_old CHECK (team < 1000) NOT VALID;
CREATE TABLE log (number bigint NOT NULL);
CREATE DOMAIN word AS text;
CREATE DOMAIN checked_word AS text CHECK (length(VALUE) > 0);
CREATE TABLE spoken (word word);
CREATE TABLE event (day date) PARTITION BY RANGE (day);
CREATE TABLE event_2020 PARTITION OF event FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE old (day date);
INSERT INTO team VALUES (1), (2);
INSERT INTO person SELECT n, 'm' || n, 1 + n % 2 FROM generate_series(1, 20) n;
DELETE FROM person WHERE id > 2;
INSERT INTO log VALUES (1);
INSERT INTO spoken VALUES ('a');
INSERT INTO event VALUES ('2020-05-05');
INSERT INTO old VALUES ('2010-05-05');
`;

const row: Readonly<Record<string, string>> = {
  team: 'INSERT INTO team VALUES (3)',
  person: "INSERT INTO person VALUES (3, 'm3', 1)",
  log: 'INSERT INTO log VALUES (2)',
  spoken: "INSERT INTO spoken VALUES ('b')",
  event: "INSERT INTO event VALUES ('2020-06-06')",
  old: "INSERT INTO old VALUES ('2010-06-06')",
};

const strengths = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
];

const engines = representatives(
  selectedEngines().filter((one) => one === 'postgres18' || one === 'postgres14'),
);

describe.each(engines)('locks on %s', (engine) => {
  let database: FreshDatabase;
  let holder: Client;
  let other: Client;
  const major = engine === 'postgres18' ? 18 : 14;

  beforeAll(async () => {
    database = await freshDatabase(engine);
    [holder, other] = [0, 1].map(() => new Client({ connectionString: database.url })) as [Client, Client];
    await Promise.all([holder.connect(), other.connect()]);
    await other.query(setup);
    // A lock that nobody holds is taken at once, however long the machine takes.
    await other.query("SET lock_timeout = '20ms'");
  });
  afterAll(async () => {
    await Promise.all([holder.end(), other.end()]);
    await database.drop();
  });

  /** True where the statement went through, false where it waited for a lock until its time was up. */
  async function passes(sql: string): Promise<boolean> {
    await other.query('BEGIN');
    try {
      await other.query(sql);
      return true;
    } catch (error) {
      if ((error as { code?: string }).code === '55P03') return false;
      throw error;
    } finally {
      await other.query('ROLLBACK');
    }
  }

  async function othersCan(table: string): Promise<Others> {
    // Other words each time, so that no plan is at hand.
    const reads = await passes(`SELECT count(*) FROM ${table}`);
    const writes = await passes(row[table] ?? '');
    if (reads) return writes ? 'read and write' : 'read';
    return 'nothing';
  }

  async function strongest(table: string): Promise<string | undefined> {
    const { rows } = await holder.query<{ mode: string }>(
      'SELECT mode FROM pg_locks WHERE pid = pg_backend_pid() AND relation = $1::regclass AND granted',
      [table],
    );
    return rows.map(({ mode }) => mode).toSorted((a, b) => strengths.indexOf(b) - strengths.indexOf(a))[0];
  }

  async function fileOf(table: string): Promise<string> {
    const { rows } = await holder.query<{ file: string }>('SELECT pg_relation_filenode($1) AS file', [table]);
    return rows[0]?.file ?? '';
  }

  const here = claims.filter(({ from = 0 }) => major >= from);
  test.each(here)('$rule: $sql, seen from $table', async (claim) => {
    const { table, lock, others, rewrites } = claim;
    await holder.query('BEGIN');
    try {
      const file = await fileOf(table);
      if (claim.first !== undefined) await holder.query(claim.first);
      await holder.query(claim.sql);
      const rewritten = (await fileOf(table)) !== file;
      expect({ lock: await strongest(table), others: await othersCan(table) }).toEqual({ lock, others });
      if (rewrites !== undefined) expect(rewritten).toBe(rewrites);
    } finally {
      await holder.query('ROLLBACK');
    }
  });

  /** A statement that cannot stand in a transaction is caught while it waits for somebody's. */
  async function whileWaiting(sql: string, look: () => Promise<void>): Promise<void> {
    const slow = new Client({ connectionString: database.url });
    await slow.connect();
    await slow.query('BEGIN');
    await slow.query('INSERT INTO person VALUES (99, NULL, 1)');
    const running = holder.query(sql);
    try {
      await expect.poll(async () => (await waiting()).length).toBeGreaterThan(0);
      await look();
    } finally {
      await slow.query('ROLLBACK');
      await slow.end();
      await running;
    }
  }

  async function waiting(): Promise<readonly string[]> {
    const { rows } = await other.query<{ mode: string }>(
      `SELECT own.mode FROM pg_locks own WHERE own.relation = 'person'::regclass AND own.granted
         AND own.mode = 'ShareUpdateExclusiveLock'
         AND EXISTS (SELECT FROM pg_locks wait WHERE wait.pid = own.pid AND NOT wait.granted)`,
    );
    return rows.map(({ mode }) => mode);
  }

  test.each([
    ['pg-index-not-concurrent', 'CREATE INDEX CONCURRENTLY beside ON person (mail)'],
    ['pg-reindex-not-concurrent', 'REINDEX INDEX CONCURRENTLY beside'],
    ['pg-drop-index-not-concurrent', 'DROP INDEX CONCURRENTLY beside'],
  ])('%s: %s lets others work while it waits', async (_rule, sql) => {
    await whileWaiting(sql, async () => {
      expect(await othersCan('person')).toBe('read and write');
    });
  });

  test('pg-set-not-null-scan: a valid check spares the scan', async () => {
    const scans = async () => {
      const { rows } = await holder.query<{ count: string }>(
        `SELECT pg_stat_get_xact_numscans('person'::regclass) AS count`,
      );
      return Number(rows[0]?.count);
    };
    const added = async (before: string) => {
      await holder.query('BEGIN');
      await holder.query(before);
      const start = await scans();
      await holder.query('ALTER TABLE person ALTER COLUMN mail SET NOT NULL');
      const end = await scans();
      await holder.query('ROLLBACK');
      return end - start;
    };
    expect(await added('SELECT 1')).toBeGreaterThan(0);
    expect(await added('ALTER TABLE person ADD CHECK (mail IS NOT NULL) NOT VALID')).toBeGreaterThan(0);
    expect(await added('ALTER TABLE person ADD CHECK (mail IS NOT NULL)')).toBe(0);
  });
});
