// In: a folder of built pages. Out: the links in it that lead nowhere. Must not know: what built them.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';

interface Built {
  readonly links: readonly string[];
  readonly anchors: ReadonlySet<string>;
}

const unescaped = (text: string): string => text.replaceAll('&amp;', '&').replaceAll('&#39;', "'");

function read(html: string): Built {
  const links = [...html.matchAll(/<a\b[^>]*? href="([^"]*)"/g)].map(([, link = '']) => unescaped(link));
  const anchors = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => unescaped(id));
  return { links, anchors: new Set(anchors) };
}

/** The file that is served under a path. */
function fileOf(path: string, folder: string): string | null {
  const bare = path.replace(/^\/+/, '');
  const tries = bare === '' || bare.endsWith('/') ? [`${bare}index.html`] : [bare, `${bare}.html`];
  return tries.find((one) => existsSync(join(folder, one))) ?? null;
}

/** Links to pages, files and anchors of the site itself that are not there, each once, with the page it stands on. */
export async function brokenLinks(folder: string, base: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.html'));
  const built = new Map<string, Built>();
  for (const name of names) built.set(name, read(await readFile(join(folder, name), 'utf8')));
  const broken = new Set<string>();
  for (const [name, { links }] of built) {
    for (const link of links.filter((one) => !/^[a-z]+:/.test(one))) {
      const [path = '', anchor] = link.split('#');
      const absolute = path === '' ? null : posix.resolve(`/${posix.dirname(name)}`, path.replace(base, '/'));
      const file = absolute === null ? name : fileOf(absolute + (path.endsWith('/') ? '/' : ''), folder);
      const isThere = file !== null && (!anchor || built.get(file)?.anchors.has(decodeURIComponent(anchor)));
      if (!isThere) broken.add(`${name}: ${link}`);
    }
  }
  return [...broken];
}
