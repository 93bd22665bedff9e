// In: the environment that build-once.ts left. Out: where the built package stands. Must not know: how it was built.

import { join } from 'node:path';

/** The folder of the built package. */
export function builtPackage(): string {
  const folder = process.env['SUREFOOT_BUILT'];
  if (folder === undefined) throw new Error('test/support/build-once.ts has not run');
  return folder;
}

/** The entry of its command line. */
export const builtBin = (): string => join(builtPackage(), 'dist/cli/bin.js');
