// A share of the any-state matrix; `npm run matrix` runs all of it.

import { describe, expect, test } from 'vitest';
import { selectedEngines } from '../servers/index.ts';
import { proveTodobox } from './todobox.ts';
import { equalTokenStates, states } from './todobox-states.ts';

const share: Readonly<Record<string, number>> = { sqlite: 15, postgres18: 97, mysql9: 145, mariadb: 145 };
const engines = selectedEngines().filter((engine) => engine in share);

test('the states are all that there can be', () => {
  // No table at all; else password_hash, oauth_provider, token_created_at there or not, a column without or with its
  // index or not at all, twice: and each with six recorded revisions.
  expect(states).toHaveLength((1 + 2 ** 3 * 3 ** 2) * 6);
  expect(equalTokenStates).toHaveLength(2 ** 3 * 3 * 6);
});

describe.concurrent.each(engines)('%s', (engine) => {
  test('whatever state the database is in, it ends at the model', { timeout: 300_000 }, async () => {
    const proofs = await proveTodobox(engine, share[engine] ?? 1);
    expect(proofs.flatMap(({ problems }) => problems)).toEqual([]);
    const [repaired, allButDrops, plain, equalTokens] = proofs;
    expect(repaired?.ends).toEqual({ 'the model': repaired?.states });
    expect(allButDrops?.states).toBeGreaterThan(0);
    expect(plain?.ends['the model']).toBeGreaterThan(0);
    expect(['the model', 'plan/drift']).toEqual(expect.arrayContaining(Object.keys(plain?.ends ?? {})));
    expect(equalTokens?.ends).toEqual({ 'plan/rows': equalTokens?.states });
  });
});
