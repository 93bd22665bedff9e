// In: README.md and docs/. Out: the pages of the site, by the place each has there; links lead from place to place.
// Must not know: what the site is built with.

import { readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { markdownFiles, readPage, root } from '../../test/docs/support/markdown.ts';

/** A page of the site. `place`: its file there, so that folders are served by their `index.md`. */
export interface SitePage {
  readonly place: string;
  readonly text: string;
}

const besides: ReadonlyMap<string, string> = new Map([
  ['README.md', 'index.md'],
  ['docs/README.md', 'contents.md'],
  ['CHANGELOG.md', 'changelog.md'],
  ['CONTRIBUTING.md', 'contributing.md'],
  ['ARCHITECTURE.md', 'architecture.md'],
]);

/** Where a page of the repository stands on the site; null for what is no page. */
export function placeOf(file: string): string | null {
  const known = besides.get(file);
  if (known !== undefined) return known;
  if (!file.startsWith('docs/') || !file.endsWith('.md')) return null;
  return file.slice('docs/'.length).replace(/(^|\/)README\.md$/, '$1index.md');
}

/** What pages link to, besides pages: it is served as it is. */
const assets = /^docs\/schemas\/.+\.json$/;

export const assetOf = (file: string): string | null =>
  assets.test(file) ? file.slice('docs/'.length) : null;

function linkFrom(file: string, target: string): string | null {
  const [path = '', anchor] = target.split('#');
  if (/^[a-z]+:/.test(target) || path === '') return target;
  const there = posix.normalize(posix.join(posix.dirname(file), path));
  const place = placeOf(there) ?? assetOf(there);
  return place === null ? null : `/${place}${anchor === undefined ? '' : `#${anchor}`}`;
}

/** Links to places of the site; what only the repository has loses its link and keeps its words. */
const relink = (file: string, line: string): string =>
  line.replaceAll(/(`[^`]*`)|\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)/g, (all, code, text, target) => {
    if (code !== undefined) return all;
    const link = linkFrom(file, target);
    return link === null ? text : `[${text}](${link})`;
  });

/** No page has HTML: a bracket is a bracket, and what stands in comments is for the tests. */
const withoutHtml = (line: string): string =>
  line
    .replaceAll(/<!--.*?-->/g, '')
    .replaceAll(/(`+[^`]*`+)|</g, (_, code: string | undefined) => code ?? '&lt;');

/** The words behind a fence's language are for the tests; a file's name is for the reader, too. */
function fence(line: string): string {
  const [, language = '', words = ''] = /^```(\S+) +(.*)$/.exec(line) ?? [];
  if (language === '') return line;
  const file = /(?:^| )file=(\S+)/.exec(words)?.[1];
  const caption = file === undefined ? '' : `<div class="file">${file}</div>\n\n`;
  return `${caption}\`\`\`${language}`;
}

function forSite(file: string, text: string): string {
  let isCode = false;
  const lines = text.split('\n').map((line) => {
    if (/^```/.test(line)) {
      isCode = !isCode;
      return isCode ? fence(line) : line;
    }
    return isCode ? line : withoutHtml(relink(file, line));
  });
  return lines.join('\n');
}

/** Every page. */
export function sitePages(): readonly SitePage[] {
  const files = [...besides.keys(), ...markdownFiles('docs').filter((file) => !besides.has(file))];
  return files.map((file) => ({ place: placeOf(file) ?? file, text: forSite(file, readPage(file).text) }));
}

/** Files that are served as they are, with their place on the site. */
export const siteAssets = (): readonly { readonly from: string; readonly place: string }[] =>
  readdirSync(join(root, 'docs/schemas')).flatMap((name) => {
    const from = `docs/schemas/${name}`;
    const place = assetOf(from);
    return place === null ? [] : [{ from: join(root, from), place }];
  });
