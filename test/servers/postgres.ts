// In: PostgreSQL's npm binaries.
// Out: how a cluster is made and started.
// Must not know: who asks for it.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { giveToServer, serverUser } from './cache.ts';
import { cleanEnvironment, run } from './command.ts';
import { databaseName, type Instance, type Recipe, userName } from './recipe.ts';

const program = (instance: Instance, name: string): string => join(instance.programs, 'native', 'bin', name);

const url = (instance: Instance, database: string): string =>
  `postgres://${userName}:${instance.password}@127.0.0.1:${instance.port}/${database}`;

const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '64MB',
  timezone: 'UTC',
  log_timezone: 'UTC',
  max_prepared_transactions: '10',
} as const;

const fast = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_wal_size: '4GB',
} as const;

async function initialise(instance: Instance): Promise<void> {
  const passwordFile = `${instance.dataDir}.password`;
  await writeFile(passwordFile, instance.password, { mode: 0o600 });
  await giveToServer(passwordFile);
  const options = { env: cleanEnvironment, user: serverUser };
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C';
  try {
    await run(
      [
        program(instance, 'initdb'),
        '-D',
        instance.dataDir,
        `--username=${userName}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        `--locale=${locale}`,
        '--no-sync',
      ],
      options,
    );
    const single = [program(instance, 'postgres'), '--single', '-D', instance.dataDir, 'postgres'];
    await run(single, { ...options, input: `create database ${databaseName}\n` });
  } finally {
    await rm(passwordFile, { force: true });
  }
}

function argv(instance: Instance): readonly string[] {
  const chosen = { ...settings, ...(instance.durable ? {} : fast), port: String(instance.port) };
  const flags = Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return [program(instance, 'postgres'), '-D', instance.dataDir, ...flags];
}

const recipe = (engine: 'postgres14' | 'postgres18'): Recipe => ({
  engine,
  bundle: engine,
  initialise,
  argv,
  url: (instance) => url(instance, databaseName),
  adminUrl: (instance) => url(instance, 'postgres'),
});

export const postgres14 = recipe('postgres14');
export const postgres18 = recipe('postgres18');
