// In: `before` or `after` a packing by npm. Out: dist/ and the published manifest, or the working tree's manifest again.
// Must not know: what is packed.

import { build } from './build.ts';
import { placePublishedManifest, restoreManifest } from './published-manifest.ts';

async function before(): Promise<number> {
  await restoreManifest();
  const code = await build();
  if (code !== 0) return code;
  try {
    await placePublishedManifest();
    return 0;
  } catch (error) {
    await restoreManifest();
    throw error;
  }
}

const when = process.argv[2];
if (when === 'before') process.exitCode = await before();
else if (when === 'after') await restoreManifest();
else throw new Error('say `before` or `after`');
