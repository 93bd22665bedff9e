// In: Redis's unpacked Debian packages.
// Out: how a Redis that keeps nothing is started.
// Must not know: who asks for it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianProgram } from './bundle.ts';
import { giveToServer } from './cache.ts';
import type { Instance, Recipe } from './recipe.ts';

const url = (instance: Instance): string => `redis://:${instance.password}@127.0.0.1:${instance.port}/0`;

const configFile = (instance: Instance): string => join(instance.dataDir, 'redis.conf');

async function configure(instance: Instance): Promise<void> {
  const settings = [
    `port ${instance.port}`,
    'bind 127.0.0.1',
    `dir ${instance.dataDir}`,
    `requirepass ${instance.password}`,
    'save ""',
    `appendonly ${instance.durable ? 'yes' : 'no'}`,
    // The process keeps its command line, by which it is known to be ours.
    'set-proc-title no',
  ];
  await writeFile(configFile(instance), `${settings.join('\n')}\n`, { mode: 0o600 });
  await giveToServer(instance.dataDir);
}

export const redis: Recipe = {
  engine: 'redis',
  bundle: 'redis',
  initialise: () => Promise.resolve(),
  configure,
  argv: (instance) => [...debianProgram(instance.programs, 'usr/bin/redis-server'), configFile(instance)],
  url,
  adminUrl: url,
};
