import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Engine } from '../servers/index.ts';
import { selectedEngines } from '../servers/index.ts';
import { representatives } from '../support/share.ts';
import { prove } from './proof.ts';

const modelOf = (engine: Engine): string => {
  if (engine === 'sqlite') return 'sqlite';
  if (engine.startsWith('mysql')) return 'mysql';
  return engine.startsWith('mariadb') ? 'mariadb' : 'postgres';
};

const path = (name: string): string => fileURLToPath(new URL(`./models/typeorm/${name}.ts`, import.meta.url));

describe.each(representatives(selectedEngines()))('%s', (engine) => {
  test('every type, default, key and index comes back as it was declared', async () => {
    const proof = await prove(engine, path(modelOf(engine)));
    expect(proof).toMatchObject({ inexpressible: [], afterUpgrade: [], difference: [], findings: [] });
  });
});
