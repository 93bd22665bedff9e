// A new PostgreSQL in memory makes its catalogue first, which takes a second or more: who wants several gets copies of one.
// In: how to make one. Out: an empty one. Must not know what it is for.

import type { PGlite, PGliteOptions } from '@electric-sql/pglite';

type Make = (options: PGliteOptions) => Promise<PGlite>;

/** How long a copy that nobody asks for is kept: it is of 40 MB. */
const patience = 60_000;

interface Template {
  readonly data: Blob | File;
  readonly expiry: NodeJS.Timeout;
}

let template: Template | null = null;
let made = 0;

function keep(data: Template['data']): void {
  if (template) clearTimeout(template.expiry);
  const expiry = setTimeout(() => {
    template = null;
    made = 0;
  }, patience);
  template = { data, expiry: expiry.unref() };
}

/** An empty database in memory. The first is made, the second made and copied, the others are copies. */
export async function emptyPglite(make: Make, options: PGliteOptions): Promise<PGlite> {
  if (template) {
    keep(template.data);
    return await make({ ...options, loadDataDir: template.data });
  }
  made += 1;
  const instance = await make(options);
  if (made > 1) keep(await instance.dumpDataDir('none'));
  return instance;
}
