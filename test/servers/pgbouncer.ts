// In: PgBouncer's unpacked Debian packages and a PostgreSQL behind it.
// Out: how a pooler in transaction mode is started.
// Must not know: who asks for it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianProgram } from './bundle.ts';
import { giveToServer } from './cache.ts';
import type { Instance, Recipe } from './recipe.ts';

const configFile = (instance: Instance): string => join(instance.dataDir, 'pgbouncer.ini');

function backendOf(instance: Instance): URL {
  if (!instance.backendUrl) throw new Error('PgBouncer needs a PostgreSQL server behind it');
  return new URL(instance.backendUrl);
}

async function configure(instance: Instance): Promise<void> {
  const backend = backendOf(instance);
  const users = join(instance.dataDir, 'users.txt');
  const config = [
    '[databases]',
    `* = host=${backend.hostname} port=${backend.port || '5432'}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${instance.port}`,
    'unix_socket_dir =',
    'auth_type = plain',
    `auth_file = ${users}`,
    `admin_users = ${backend.username}`,
    'pool_mode = transaction',
    'default_pool_size = 20',
    'max_client_conn = 500',
    'ignore_startup_parameters = extra_float_digits',
  ];
  await writeFile(users, `"${backend.username}" "${decodeURIComponent(backend.password)}"\n`, {
    mode: 0o600,
  });
  await writeFile(configFile(instance), `${config.join('\n')}\n`, { mode: 0o600 });
  await giveToServer(instance.dataDir);
}

function url(instance: Instance, database?: string): string {
  const pooled = backendOf(instance);
  pooled.hostname = '127.0.0.1';
  pooled.port = String(instance.port);
  if (database !== undefined) pooled.pathname = `/${database}`;
  return pooled.href;
}

export const pgbouncer: Recipe = {
  engine: 'pgbouncer',
  bundle: 'pgbouncer',
  backend: 'postgres18',
  initialise: () => Promise.resolve(),
  configure,
  argv: (instance) => [...debianProgram(instance.programs, 'usr/sbin/pgbouncer'), configFile(instance)],
  url: (instance) => url(instance),
  adminUrl: (instance) => url(instance, 'pgbouncer'),
};
