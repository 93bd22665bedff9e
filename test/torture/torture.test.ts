// A share of `npm run torture`: a few points of each scenario, one engine of a family.

import { describe, expect, test } from 'vitest';
import type { Proof } from '../matrix/proof.ts';
import { isServerEngine, selectedEngines } from '../servers/index.ts';
import { representatives, share } from '../support/share.ts';
import { proveCut } from './cut.ts';
import { proveFrozen } from './frozen.ts';
import { proveFuzz } from './fuzz.ts';
import { proveKilled } from './killed.ts';

// PGlite lives in one process.
const engines = representatives(selectedEngines()).filter((engine) => engine !== 'pglite');
const patience = 300_000;

function holds(proofs: readonly Proof[]): void {
  expect(proofs.flatMap(({ problems }) => problems)).toEqual([]);
  for (const { states } of proofs) expect(states).toBeGreaterThan(0);
}

describe.each(engines)('%s', (engine) => {
  test('a runner killed anywhere: the next one ends where an undisturbed one ends', {
    timeout: patience,
  }, async () => {
    holds(await proveKilled(engine, { count: share(40, 2), directions: ['upgrade'] }));
  });

  test('a runner frozen anywhere does no harm when it wakes', { timeout: patience }, async () => {
    holds(await proveFrozen(engine, { count: share(20, 1) }));
  });

  test('a version table, a journal and files that somebody has been in', { timeout: patience }, async () => {
    holds(await proveFuzz(engine, { count: share(300, engine === 'sqlite' ? 12 : 2) }));
  });
});

describe.skipIf(!engines.some(isServerEngine)).each(engines.filter(isServerEngine))('%s', (engine) => {
  test('the network cut before the answer: the catalogue tells', { timeout: patience }, async () => {
    holds(await proveCut(engine, { count: share(20, 1) }));
  });
});
