// In: MariaDB's unpacked Debian packages.
// Out: how a data directory is made and the server started.
// Must not know: who asks for it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianProgram } from './bundle.ts';
import { serverUser } from './cache.ts';
import { cleanEnvironment, run } from './command.ts';
import { databaseName, type Instance, type Recipe, userName } from './recipe.ts';

const url = (instance: Instance, database: string): string =>
  `mariadb://${userName}:${instance.password}@127.0.0.1:${instance.port}/${database}`;

const share = (instance: Instance): string => join(instance.programs, 'usr/share/mariadb');

const common = (instance: Instance): readonly string[] => [
  ...debianProgram(instance.programs, 'usr/sbin/mariadbd'),
  '--no-defaults',
  `--basedir=${join(instance.programs, 'usr')}`,
  `--datadir=${instance.dataDir}`,
  // One that starts clears the folder of temporary tables, those of its neighbours too.
  `--tmpdir=${instance.dataDir}`,
  `--lc-messages-dir=${share(instance)}`,
  `--character-sets-dir=${join(share(instance), 'charsets')}`,
  '--innodb-log-file-size=32M',
];

/** The order of `mariadb-install-db`, which itself cannot run here: it knows no private loader. */
const scripts = [
  'mariadb_system_tables.sql',
  'mariadb_performance_tables.sql',
  'mariadb_system_tables_data.sql',
  'maria_add_gis_sp_bootstrap.sql',
  'mariadb_sys_schema.sql',
] as const;

async function initialise(instance: Instance): Promise<void> {
  const texts = await Promise.all(scripts.map((name) => readFile(join(share(instance), name), 'utf8')));
  const accounts = [
    'FLUSH PRIVILEGES;',
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${instance.password}';`,
    `CREATE USER '${userName}'@'%' IDENTIFIED BY '${instance.password}';`,
    `GRANT ALL ON *.* TO '${userName}'@'%' WITH GRANT OPTION;`,
    `CREATE DATABASE ${databaseName} CHARACTER SET utf8mb4;`,
  ];
  const before = [
    'CREATE DATABASE IF NOT EXISTS mysql;',
    'USE mysql;',
    'SET @auth_root_socket=NULL;',
    'SET @skip_auth_anonymous=1;',
  ];
  const input = [...before, ...texts, ...accounts, ''].join('\n');
  const argv = [...common(instance), '--bootstrap', '--enforce-storage-engine=', '--max-allowed-packet=8M'];
  await run(argv, { env: cleanEnvironment, user: serverUser, cwd: instance.dataDir, input });
}

const fast: readonly string[] = [
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=OFF',
  '--innodb-flush-method=nosync',
];

const argv = (instance: Instance): readonly string[] => [
  ...common(instance),
  `--port=${instance.port}`,
  '--bind-address=127.0.0.1',
  '--skip-name-resolve',
  `--socket=${join(instance.dataDir, 'mariadbd.sock')}`,
  `--pid-file=${join(instance.dataDir, 'mariadbd.pid')}`,
  '--max-connections=200',
  '--innodb-buffer-pool-size=128M',
  '--default-time-zone=+00:00',
  ...(instance.durable ? [] : fast),
];

export const mariadb: Recipe = {
  engine: 'mariadb',
  bundle: 'mariadb',
  gainsByMemory: true,
  initialise,
  argv,
  url: (instance) => url(instance, databaseName),
  adminUrl: (instance) => url(instance, 'mysql'),
};
