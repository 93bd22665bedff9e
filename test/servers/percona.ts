// In: nothing.
// Out: pt-online-schema-change with a Perl of its own, as one executable file.
// Must not know: what is altered with it.

import { chmod, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { debianProgram, installBundle } from './bundle.ts';
import { exclusively } from './exclusive.ts';

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Where Perl's own modules and those of packages are, below `usr`. */
async function moduleFolders(folder: string): Promise<readonly string[]> {
  const library = (await readdir(join(folder, 'usr/lib'))).find((name) => name.endsWith('-linux-gnu')) ?? '';
  const folders = [
    'share/perl5',
    'share/perl',
    `lib/${library}/perl5`,
    `lib/${library}/perl`,
    `lib/${library}/perl-base`,
  ];
  const found = await Promise.all(
    folders.map(async (name) => {
      const path = join(folder, 'usr', name);
      const versions = (await readdir(path).catch(() => [])).filter((one) => /^5\.\d+(?:\.\d+)?$/.test(one));
      return [path, ...versions.map((version) => join(path, version))];
    }),
  );
  return found.flat();
}

/** The program. Nothing of the machine's own Perl is used. */
export async function ptOnlineSchemaChange(): Promise<string> {
  const folder = await installBundle('percona');
  const path = join(folder, '.pt-online-schema-change');
  const argv = [...debianProgram(folder, 'usr/bin/perl'), join(folder, 'usr/bin/pt-online-schema-change')];
  const modules = (await moduleFolders(folder)).join(':');
  await exclusively('percona-wrapper', async () => {
    await writeFile(
      `${path}.new`,
      `#!/bin/sh\nPERL5LIB=${quoted(modules)} exec ${argv.map(quoted).join(' ')} "$@"\n`,
    );
    await chmod(`${path}.new`, 0o755);
    await rename(`${path}.new`, path);
  });
  return path;
}
