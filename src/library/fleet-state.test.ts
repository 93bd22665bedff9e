import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { beginState } from './fleet-state.ts';

test('runs that follow on one another are in their order by name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'surefoot-fleet-'));
  try {
    const begun: string[] = [];
    for (let i = 0; i < 8; i++) {
      const state = await beginState(folder, { verb: 'upgrade', to: 'heads', total: 1 });
      begun.push(`${state.run}.jsonl`);
      await state.close();
      await sleep(2);
    }
    expect((await readdir(join(folder, '.surefoot/fleet'))).toSorted()).toEqual(begun);
  } finally {
    await rm(folder, { recursive: true });
  }
});
