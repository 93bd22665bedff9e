// In: README.md, docs/, the code. Out: the documentation as a site, in site/, every link of it followed.
// Must not know: what a page says.

import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { npmTools } from '../test/servers/npm-tools.ts';
import { program } from './program.ts';
import { brokenLinks } from './site/links.ts';
import { stage } from './site/stage.ts';

const usage = `Usage: npm run site [-- [--base PATH] [--serve]]

Builds the documentation into site/, ready for any server of files, and follows every link. The generator is installed into
the cache on first use.

  --base PATH   the path that the site is served under (default /)
  --serve       do not build: show it at a local address, anew after each start`;

const target = join(import.meta.dirname, '../site');

/** Built inside the generator's folder, where it finds its packages. */
async function build(home: string, base: string): Promise<number> {
  const parent = join(home, 'work');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'site-'));
  try {
    await stage(folder, base);
    const code = await program('node', [vitepress(home), 'build', folder], folder);
    if (code !== 0) return code;
    const built = join(folder, '.vitepress/dist');
    const broken = await brokenLinks(built, base);
    for (const link of broken) console.error(`leads nowhere: ${link}`);
    if (broken.length > 0) return 1;
    await rm(target, { recursive: true, force: true });
    await cp(built, target, { recursive: true });
    console.log('The site is in site/.');
    return 0;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const vitepress = (home: string): string => join(home, 'node_modules/vitepress/bin/vitepress.js');

async function serve(home: string, base: string): Promise<number> {
  const folder = join(home, 'work/shown');
  await rm(folder, { recursive: true, force: true });
  await stage(folder, base);
  return program('node', [vitepress(home), 'dev', folder], folder);
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      base: { type: 'string', default: '/' },
      serve: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(usage);
    return 0;
  }
  const home = await npmTools(join(import.meta.dirname, 'site'));
  return values.serve ? serve(home, values.base) : build(home, values.base);
}

process.exitCode = await main();
