// In: MySQL's unpacked Debian packages.
// Out: how a data directory is made and the server started.
// Must not know: who asks for it.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianProgram } from './bundle.ts';
import { giveToServer, serverUser } from './cache.ts';
import { cleanEnvironment, run } from './command.ts';
import { databaseName, type Instance, type Recipe, userName } from './recipe.ts';

const url = (instance: Instance, database: string): string =>
  `mysql://${userName}:${instance.password}@127.0.0.1:${instance.port}/${database}`;

const common = (instance: Instance): readonly string[] => [
  ...debianProgram(instance.programs, 'usr/sbin/mysqld'),
  '--no-defaults',
  `--basedir=${join(instance.programs, 'usr')}`,
  `--datadir=${instance.dataDir}`,
  `--lc-messages-dir=${join(instance.programs, 'usr/share/mysql')}`,
  `--character-sets-dir=${join(instance.programs, 'usr/share/mysql/charsets')}`,
  `--plugin-dir=${join(instance.programs, 'usr/lib/mysql/plugin')}`,
  '--secure-file-priv=NULL',
  '--innodb-redo-log-capacity=64M',
];

async function initialise(instance: Instance): Promise<void> {
  const script = `${instance.dataDir}.sql`;
  const statements = [
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${instance.password}';`,
    `CREATE USER '${userName}'@'%' IDENTIFIED BY '${instance.password}';`,
    `GRANT ALL ON *.* TO '${userName}'@'%' WITH GRANT OPTION;`,
    `CREATE DATABASE ${databaseName} CHARACTER SET utf8mb4;`,
  ];
  await writeFile(script, statements.join('\n'), { mode: 0o600 });
  await giveToServer(script);
  try {
    const argv = [...common(instance), '--initialize-insecure', `--init-file=${script}`];
    await run(argv, { env: cleanEnvironment, user: serverUser, cwd: instance.dataDir });
  } finally {
    await rm(script, { force: true });
  }
}

const fast: readonly string[] = [
  '--skip-log-bin',
  '--innodb-flush-log-at-trx-commit=0',
  '--innodb-doublewrite=OFF',
  '--innodb-flush-method=O_DIRECT_NO_FSYNC',
];

const argv = (instance: Instance): readonly string[] => [
  ...common(instance),
  `--port=${instance.port}`,
  '--bind-address=127.0.0.1',
  '--mysqlx=OFF',
  '--skip-name-resolve',
  `--socket=${join(instance.dataDir, 'mysqld.sock')}`,
  `--pid-file=${join(instance.dataDir, 'mysqld.pid')}`,
  '--max-connections=200',
  '--innodb-buffer-pool-size=128M',
  '--default-time-zone=+00:00',
  ...(instance.durable ? [] : fast),
];

export const mysql9: Recipe = {
  engine: 'mysql9',
  bundle: 'mysql9',
  gainsByMemory: true,
  initialise,
  argv,
  url: (instance) => url(instance, databaseName),
  adminUrl: (instance) => url(instance, 'mysql'),
};
