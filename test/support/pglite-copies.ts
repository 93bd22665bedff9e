// In: every file of tests. Out: databases of PGlite in memory are copies of one that was made for this machine.
// Must not know: who opens one.

import { openAsBlob } from 'node:fs';
import type { PGlite } from '@electric-sql/pglite';
import { expect } from 'vitest';
import { emptyPglite } from '../../src/drivers/pglite-template.ts';

const archive = process.env['SUREFOOT_PGLITE'];
// How the first one is made, and the second copied, is tried there.
const isTried = expect.getState().testPath?.endsWith('src/drivers/pglite.test.ts') === true;

if (archive !== undefined && !isTried) {
  const data = await openAsBlob(archive);
  const given = { dumpDataDir: async () => data } as unknown as PGlite;
  for (const _ of ['made', 'copied']) await emptyPglite(async () => given, {});
}
