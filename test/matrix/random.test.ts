// A share of the proofs on random schemas and chains, with fixed seeds; `npm run matrix` runs all of them.

import { describe, expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { proveChains } from './chains.ts';
import { proveRandomSchemas } from './random-schemas.ts';

const engines = representatives(selectedEngines());
const share: Readonly<Record<string, { readonly chains: number; readonly schemas: number }>> = {
  sqlite: { chains: 8, schemas: 30 },
  postgres18: { chains: 2, schemas: 3 },
  mysql9: { chains: 2, schemas: 3 },
  mariadb: { chains: 2, schemas: 3 },
};

describe.each(engines.filter((engine) => engine in share))('%s', (engine) => {
  const { chains = 0, schemas = 0 } = share[engine] ?? {};

  test('random chains: repair and upgrade end at the end, or nothing is touched', {
    timeout: 300_000,
  }, async () => {
    const [proof] = await proveChains(engine, { count: chains, seed: 1 });
    expect(proof?.problems).toEqual([]);
    expect(proof?.ends["the chain's end"]).toBeGreaterThan(0);
  });

  test('random schemas: no false alarm, and three changes are three', { timeout: 300_000 }, async () => {
    const [proof] = await proveRandomSchemas(engine, { count: schemas, seed: 1 });
    expect(proof?.problems).toEqual([]);
    expect(proof?.left?.out ?? 0).toBeLessThan(schemas / 3);
    expect(proof?.states).toBe(schemas);
  });
});
