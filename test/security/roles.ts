// The accounts that a careful project has, and what each is granted. In: nothing. Out: roles with their grants and verbs.
// Must not know: how a grant is tried. docs/security.md is written from this, test/security tries it.

import type { Engine } from '../servers/index.ts';

export type RoleName = 'application' | 'reader' | 'backup' | 'deployer';

/** `{role}` and `{database}` stand for names. */
export interface Grant {
  readonly sql: string;
  /** What for. */
  readonly why: string;
  /** Where it is missed when it is not granted; everywhere, if nothing is said. */
  readonly felt?: readonly Engine[];
}

export interface Role {
  readonly name: RoleName;
  readonly summary: string;
  readonly verbs: readonly string[];
  readonly postgres: readonly Grant[];
  readonly mysql: readonly Grant[];
}

const own = ['surefoot_version', 'surefoot_journal', 'surefoot_lock'] as const;
const connect: Grant = { sql: 'GRANT CONNECT ON DATABASE {database} TO {role}', why: 'to come in' };
const usage: Grant = { sql: 'GRANT USAGE ON SCHEMA public TO {role}', why: 'to see into the schema' };

/** Where PGlite is of the server's version, it does this in its place. */
const temporary: Grant = {
  sql: 'GRANT TEMPORARY ON DATABASE {database} TO {role}',
  why: 'a temporary schema, where a server that is not of the newest version spells views and functions as history says them',
  felt: ['postgres14'],
};

/** A server knows no schema inside a database: what it spells its own way is made in a database beside it, and read back. */
const scratch: Grant = {
  sql: 'GRANT ALL ON `surefoot\\_scratch\\_%`.* TO {role}',
  why: 'a throw-away database, where the server spells views and checks as history says them',
};

const application: Role = {
  name: 'application',
  summary: 'asks at its start whether it may go on',
  verbs: ['assertReady', 'current', 'wait'],
  postgres: [
    connect,
    usage,
    {
      sql: 'GRANT SELECT ON surefoot_version, surefoot_journal TO {role}',
      why: 'what is recorded, and what ran',
    },
  ],
  mysql: own.slice(0, 2).map((table) => ({
    sql: `GRANT SELECT ON {database}.${table} TO {role}`,
    why: table === 'surefoot_version' ? 'what is recorded' : 'what ran',
  })),
};

const reader: Role = {
  name: 'reader',
  summary: 'looks, and can change nothing: pull requests, nightly checks',
  verbs: [
    'status',
    'history',
    'log',
    'plan',
    'check',
    'report',
    'studio',
    'stats',
    'lint',
    'dump',
    'migrate',
  ],
  postgres: [
    connect,
    usage,
    {
      sql: 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}',
      why: 'what is recorded, what ran; and, for a plan, whether rows are in the way',
    },
  ],
  mysql: [
    { sql: 'GRANT SELECT ON {database}.* TO {role}', why: 'a table that one may not read does not exist' },
    { sql: 'GRANT SHOW VIEW ON {database}.* TO {role}', why: 'the text of views' },
    { sql: 'GRANT TRIGGER ON {database}.* TO {role}', why: 'the text of triggers' },
    scratch,
  ],
};

const backup: Role = {
  name: 'backup',
  summary: 'saves the database',
  verbs: ['backup'],
  postgres: [
    connect,
    usage,
    { sql: 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}', why: 'all rows' },
    { sql: 'GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}', why: 'where each stands' },
  ],
  mysql: [
    { sql: 'GRANT SELECT ON {database}.* TO {role}', why: 'all rows' },
    { sql: 'GRANT SHOW VIEW ON {database}.* TO {role}', why: 'views' },
    {
      sql: 'GRANT TRIGGER ON {database}.* TO {role}',
      why: 'triggers, if there are any: an account without it does not see them',
    },
    { sql: 'GRANT EVENT ON {database}.* TO {role}', why: 'events' },
  ],
};

const deployer: Role = {
  name: 'deployer',
  summary: 'changes the schema',
  verbs: ['upgrade', 'downgrade', 'stamp', 'repair', 'unlock', 'redo', 'resume', 'kept'],
  postgres: [
    connect,
    usage,
    { sql: 'GRANT CREATE ON SCHEMA public TO {role}', why: 'it owns what it makes, and so may change it' },
    temporary,
  ],
  mysql: [
    ...['SELECT', 'INSERT', 'UPDATE', 'DELETE'].map((right) => ({
      sql: `GRANT ${right} ON {database}.* TO {role}`,
      why: right === 'SELECT' ? 'to look first' : "Surefoot's own tables, and data steps",
    })),
    ...['CREATE', 'ALTER', 'DROP'].map((right) => ({
      sql: `GRANT ${right} ON {database}.* TO {role}`,
      why: 'tables, columns, indexes',
    })),
    { sql: 'GRANT REFERENCES ON {database}.* TO {role}', why: 'foreign keys, on MySQL', felt: ['mysql9'] },
    {
      sql: 'GRANT LOCK TABLES ON {database}.* TO {role}',
      why: 'to keep the values of a column before it is dropped',
    },
    { sql: 'GRANT CREATE VIEW ON {database}.* TO {role}', why: 'views, if you have them' },
    { sql: 'GRANT TRIGGER ON {database}.* TO {role}', why: 'triggers, if you have them' },
    scratch,
  ],
};

export const roles: readonly Role[] = [application, reader, backup, deployer];
