// What mysqldump and mysql, or mariadb-dump and mariadb, need to be told.
// In: an address, the facts of a server. Out: arguments, an option file, SQL. Must not know processes or files.

import type { Connection } from '../../dialect/connection.ts';
import type { ServerFacts } from '../../dialect/dialect.ts';
import type {
  ConnectedSessions,
  Login,
  NativeProgram,
  ServerAddress,
  ServerTls,
  ToolBackup,
  ToolRequest,
} from '../../dialect/native-backup.ts';
import { textOf } from '../../dialect/rows.ts';
import { keptJournal, mysqlScript } from './backup-script.ts';
import { countRows } from './count-rows.ts';
import { grantsOf } from './grants.ts';
import { isUnwritten, writeMark } from './write-mark.ts';

type FlavorName = 'mysql' | 'mariadb';

/** `mysqldump  Ver 9.4.0 for Linux`, `mysqldump  Ver 10.13 Distrib 5.7.44`, `mariadb-dump from 11.8.6-MariaDB, client 10.19`. */
function readVersion(text: string, flavor: FlavorName): readonly number[] | null {
  const isMariadb = /MariaDB/i.test(text);
  if (isMariadb !== (flavor === 'mariadb')) return null;
  const match = /(?:Distrib|from) (\d+)\.(\d+)\.(\d+)/.exec(text) ?? /\bVer (\d+)\.(\d+)\.(\d+)/.exec(text);
  return match === null ? null : match.slice(1, 4).map(Number);
}

const program = (flavor: FlavorName, names: readonly string[]): NativeProgram => ({
  names,
  readVersion: (text) => readVersion(text, flavor),
});

const programs: Readonly<
  Record<FlavorName, { readonly dumper: NativeProgram; readonly client: NativeProgram }>
> = {
  mysql: { dumper: program('mysql', ['mysqldump']), client: program('mysql', ['mysql']) },
  mariadb: {
    dumper: program('mariadb', ['mariadb-dump', 'mysqldump']),
    client: program('mariadb', ['mariadb', 'mysql']),
  },
};

const escapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
};

/** A value of an option file: in quotes a `#` begins no comment. */
function optionValue(text: string): string {
  return `"${text.replace(/[\\"\n\r\t\b]/g, (char) => escapes[char] ?? char)}"`;
}

const mysqlModes: Readonly<Record<ServerTls['mode'], string>> = {
  prefer: 'PREFERRED',
  require: 'REQUIRED',
  'verify-ca': 'VERIFY_CA',
  'verify-full': 'VERIFY_IDENTITY',
};

type Options = readonly (readonly [name: string, value: string | null])[];

function tlsMode(tls: ServerTls | null, flavor: FlavorName): Options {
  // Without TLS the password is sent under the server's own key, as the driver does it.
  if (flavor === 'mysql')
    return [
      ['ssl-mode', tls === null ? 'DISABLED' : mysqlModes[tls.mode]],
      ['get-server-public-key', null],
    ];
  if (tls === null) return [['skip-ssl', null]];
  const isVerified = tls.mode === 'verify-ca' || tls.mode === 'verify-full';
  return [
    ['ssl', null],
    [isVerified ? 'ssl-verify-server-cert' : 'loose-disable-ssl-verify-server-cert', null],
  ];
}

function tlsOptions(tls: ServerTls | null, flavor: FlavorName): Options {
  const files = [
    ['ssl-ca', tls?.ca ?? null],
    ['ssl-cert', tls?.cert ?? null],
    ['ssl-key', tls?.key ?? null],
  ] as const;
  return [...tlsMode(tls, flavor), ...files.filter(([, file]) => file !== null)];
}

function section(name: string, options: Options): string {
  const lines = options.map(([key, value]) => (value === null ? key : `${key}=${optionValue(value)}`));
  return [`[${name}]`, ...lines, ''].join('\n');
}

function placeOf(server: ServerAddress): Options {
  return server.socket === null
    ? [
        ['protocol', 'TCP'],
        ['host', server.host],
        ['port', String(server.port)],
      ]
    : [['socket', server.socket]];
}

/** A login for programs that read option files but know few options. */
export function clientOptions(server: ServerAddress): string {
  const options: Options = [
    ...placeOf(server).filter(([name]) => name !== 'protocol'),
    ...(server.user === null ? [] : [['user', server.user] as const]),
    ...(server.password === null ? [] : [['password', server.password] as const]),
    ...(['ca', 'cert', 'key'] as const).flatMap((name) => {
      const file = server.tls?.[name] ?? null;
      return file === null ? [] : [[`ssl-${name}`, file] as const];
    }),
  ];
  return section('client', options);
}

function login(server: ServerAddress, facts: ServerFacts, flavor: FlavorName): Login {
  const who = [
    ['user', server.user],
    ['password', server.password ?? ''],
  ] as const;
  const client: Options = [
    ...placeOf(server),
    ...who.filter(([, value]) => value !== null),
    ['default-character-set', 'utf8mb4'],
    ...tlsOptions(server.tls, flavor),
  ];
  const connecting: Options = [
    ['database', facts.database],
    ['connect-timeout', String(Math.max(1, Math.ceil(server.connectTimeoutMs / 1000)))],
  ];
  return {
    // MySQL's programs read the user's own login path besides every option file.
    env: { MYSQL_TEST_LOGIN_FILE: '/nonexistent' },
    optionFile: `${section('client', client)}${section('mysql', connecting)}`,
  };
}

/** It replaces every option file of the machine, and must come first. */
const options = ({ optionFile }: ToolRequest): readonly string[] =>
  optionFile === null ? ['--no-defaults'] : [`--defaults-file=${optionFile}`];

const dumpFlags: Readonly<Record<FlavorName, readonly string[]>> = {
  mysql: ['--set-gtid-purged=OFF', '--column-statistics=0'],
  mariadb: [],
};

function dumpArguments(request: ToolRequest, flavor: FlavorName): readonly string[] {
  const { database } = request.facts;
  return [
    ...options(request),
    '--single-transaction',
    '--quick',
    '--routines',
    '--triggers',
    '--events',
    '--hex-blob',
    '--no-tablespaces',
    '--skip-add-locks',
    '--max-allowed-packet=1G',
    ...dumpFlags[flavor],
    `--ignore-table=${database}.${request.names.lock}`,
    `--ignore-table=${database}.${keptJournal}`,
    '--',
    database,
  ];
}

const sessionsSql = `SELECT id AS id, CONCAT(user, '@', host) AS user, CONCAT_WS(' ', command, info) AS doing
FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY id`;

async function sessions(connection: Connection): Promise<ConnectedSessions> {
  const { rows } = await connection.query(sessionsSql);
  const found = rows.map((row) => ({
    id: textOf(row, 'id') ?? '',
    user: (textOf(row, 'user') ?? '').replace(/:\d+$/, ''),
    doing: (textOf(row, 'doing') ?? '').slice(0, 200),
  }));
  return { sessions: found, isComplete: (await grantsOf(connection)).has('PROCESS') };
}

const definersSql = ['views.table', 'routines.routine', 'triggers.trigger', 'events.event']
  .map((source) => {
    const [table = '', kind = ''] = source.split('.');
    return `SELECT definer AS name FROM information_schema.${table} WHERE ${kind}_schema = DATABASE()`;
  })
  .join(' UNION ');

async function inventory(connection: Connection) {
  const { rows } = await connection.query(definersSql);
  return { definers: rows.map((row) => textOf(row, 'name') ?? '').sort() };
}

/** Saved as SQL; restored by the client, statement by statement, since there are no transactions for DDL. */
export function backupFor(flavor: FlavorName): ToolBackup {
  return {
    kind: 'tools',
    extension: 'sql',
    ...programs[flavor],
    reader: null,
    versionParts: 2,
    login: (server, facts) => login(server, facts, flavor),
    dumpArguments: (request) => dumpArguments(request, flavor),
    clientArguments: (request) => [
      ...options(request),
      '--batch',
      '--binary-mode',
      '--max-allowed-packet=1G',
    ],
    reading: null,
    snapshot: null,
    counter: countRows,
    keptJournal,
    createHome: null,
    sessions,
    inventory,
    mark: writeMark,
    isUnwritten,
    script: mysqlScript,
  };
}
