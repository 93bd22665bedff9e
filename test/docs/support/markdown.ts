// The pages as data: fenced snippets, links, headings. In: a file. Out: Page. Must not know what a snippet means.

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export const root: string = join(import.meta.dirname, '../../..');

/** A fenced snippet. `words`: what stands behind the language, `key=value` or a bare word. */
export interface Snippet {
  readonly language: string;
  readonly words: readonly string[];
  readonly text: string;
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

export interface Page {
  /** Relative to the repository. */
  readonly file: string;
  readonly text: string;
  readonly snippets: readonly Snippet[];
  readonly links: readonly Link[];
  readonly anchors: ReadonlySet<string>;
}

/** The value of `key=value` behind a snippet's language. */
export function wordOf(snippet: Snippet, key: string): string | null {
  const found = snippet.words.find((word) => word.startsWith(`${key}=`));
  return found === undefined ? null : found.slice(key.length + 1);
}

function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}

interface Prose {
  readonly line: number;
  readonly text: string;
}

function cut(text: string): { readonly snippets: readonly Snippet[]; readonly prose: readonly Prose[] } {
  const snippets: Snippet[] = [];
  const prose: Prose[] = [];
  let open: { language: string; words: readonly string[]; line: number; lines: string[] } | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const fence = /^```(\S*) *(.*)$/.exec(line);
    if (open !== null && fence) {
      const { language, words, line: start, lines } = open;
      snippets.push({ language, words, line: start, text: `${lines.join('\n')}\n` });
      open = null;
    } else if (open !== null) open.lines.push(line);
    else if (fence) {
      const words = (fence[2] ?? '').split(' ').filter((word) => word !== '');
      open = { language: fence[1] ?? '', words, line: index + 1, lines: [] };
    } else prose.push({ line: index + 1, text: line });
  }
  return { snippets, prose };
}

const withoutCode = (line: string) => line.replaceAll(/`[^`]*`/g, '');

/** Reads a page. */
export function readPage(file: string): Page {
  const text = readFileSync(join(root, file), 'utf8');
  const { snippets, prose } = cut(text);
  const links = prose.flatMap((line) =>
    [...withoutCode(line.text).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => ({
      target: match[1] ?? '',
      line: line.line,
    })),
  );
  const headings = prose.flatMap(({ text: line }) => /^#{1,6} (.+)$/.exec(line)?.[1] ?? []);
  return { file, text, snippets, links, anchors: new Set(headings.map(anchorOf)) };
}

/** Markdown files below a folder of the repository, without the schemas, which are no pages. */
export function markdownFiles(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md') && !entry.parentPath.endsWith('schemas'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

/** Every page that this repository shows to people. */
export function allPages(): readonly Page[] {
  const files = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...markdownFiles('docs')];
  return files.map(readPage);
}
