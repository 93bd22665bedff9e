// In: Redis's unpacked Debian packages.
// Out: how a Redis that keeps nothing is started.
// Must not know: who asks for it.

import { debianProgram } from './bundle.ts';
import type { Instance, Recipe } from './recipe.ts';

const url = (instance: Instance): string => `redis://:${instance.password}@127.0.0.1:${instance.port}/0`;

const settings = (instance: Instance): Readonly<Record<string, string>> => ({
  port: String(instance.port),
  bind: '127.0.0.1',
  dir: instance.dataDir,
  requirepass: instance.password,
  save: '',
  appendonly: instance.durable ? 'yes' : 'no',
  // The process keeps its command line, by which it is known to be ours.
  'set-proc-title': 'no',
});

export const redis: Recipe = {
  engine: 'redis',
  bundle: 'redis',
  initialise: () => Promise.resolve(),
  argv: (instance) => [
    ...debianProgram(instance.programs, 'usr/bin/redis-server'),
    ...Object.entries(settings(instance)).flatMap(([name, value]) => [`--${name}`, value]),
  ],
  url,
  adminUrl: url,
};
