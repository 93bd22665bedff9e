// Many runners at once on an empty database: each step runs once, and all of them end well. In: an engine. Out: a proof.

import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Proof } from '../matrix/proof.ts';
import { type Engine, ensureServers, freshDatabase } from '../servers/index.ts';
import { testProject } from '../support/revisions.ts';
import { startRunner } from './kill.ts';
import type { Outcome } from './proof.ts';
import { collect } from './proof.ts';
import { doneEntries } from './state.ts';

const todobox = join(import.meta.dirname, '../../examples/todobox/migrations');
const steps = 5;

/** The database as it is seen through the pooler. */
async function pooledUrl(url: string): Promise<string> {
  const { pgbouncer } = await ensureServers(['pgbouncer']);
  const pooled = new URL(pgbouncer.url);
  pooled.pathname = new URL(url).pathname;
  return pooled.href;
}

export type CrowdPlace = Engine | 'pgbouncer';

export async function proveCrowd(place: CrowdPlace, { count = 50 } = {}): Promise<readonly Proof[]> {
  using project = testProject();
  cpSync(todobox, join(project.folder, 'migrations'), { recursive: true });
  const database = await freshDatabase(place === 'pgbouncer' ? 'postgres18' : place);
  try {
    const url = place === 'pgbouncer' ? await pooledUrl(database.url) : database.url;
    const runners = Array.from({ length: count }, () => startRunner({ url, folder: project.folder }));
    const ended = await Promise.all(runners.map((runner) => runner.ended));
    const outcomes = ended.map(
      ({ code, output }): Outcome =>
        code === 0 ? { end: 'fine' } : { end: 'failed', problem: output.slice(-800) },
    );
    const entries = await doneEntries(project.surefoot({ url: database.url }));
    const moved = entries.filter((entry) => entry.startsWith('moved'));
    const isOnce = moved.length === steps && new Set(entries).size === entries.length;
    const claim = `${count} runners at once on an empty database: each step once, all exit 0`;
    const proof = collect(claim, outcomes);
    return isOnce ? [proof] : [{ ...proof, problems: [...proof.problems, entries.join('\n')] }];
  } finally {
    await database.drop();
  }
}
