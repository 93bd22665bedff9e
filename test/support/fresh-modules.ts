// In: the modules that tests write. Out: each is loaded anew once it says something else, as a new process loads it.
// Must not know: what is in them.

import { readFileSync, realpathSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = pathToFileURL(realpathSync(tmpdir())).href;
const editions = new Map<string, readonly string[]>();

/** How often the file has changed since it was loaded first. */
function editionOf(url: string): number {
  const text = readFileSync(fileURLToPath(url), 'latin1');
  const known = editions.get(url) ?? [];
  if (known.includes(text)) return known.indexOf(text);
  editions.set(url, [...known, text]);
  return known.length;
}

/** From now on; a file that never changes keeps its URL. */
export function loadFresh(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context);
      if (!found.url.startsWith(`${folder}/`) || found.url.includes('?')) return found;
      const edition = editionOf(found.url);
      return edition === 0 ? found : { ...found, url: `${found.url}?edition=${edition}` };
    },
  });
}
