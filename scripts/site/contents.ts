// In: the index of the pages, and the code. Out: the site's table of contents; what the code has is there, page or no page.
// Must not know: what the site is built with.

import { verbs } from '../../src/cli/verbs.ts';
import { rules } from '../../src/lint/rules/index.ts';
import { handlers } from '../../src/operations/handlers.ts';
import { codes, pageOf } from '../../test/check/codes.ts';
import { errorEntries } from '../../test/docs/support/error-codes.ts';
import { readPage } from '../../test/docs/support/markdown.ts';

export interface Entry {
  readonly text: string;
  /** A page in docs/, with an anchor where it is a part of one. */
  readonly target: string;
}

export interface Group {
  readonly text: string;
  readonly items: readonly (Entry | Group)[];
  readonly isFolded: boolean;
}

const kebab = (kind: string): string => kind.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
const words = (kind: string): string => kebab(kind).replaceAll('-', ' ');

const folded = (text: string, items: readonly (Entry | Group)[]): Group => ({ text, items, isFolded: true });

/** The lists of docs/README.md: a group for each heading, an entry for each page of it. */
function indexed(): readonly Group[] {
  const groups: { text: string; items: Entry[]; isFolded: boolean }[] = [];
  for (const line of readPage('docs/README.md').text.split('\n')) {
    const heading = /^## (.+)$/.exec(line)?.[1] ?? /^(Start here|Look up):$/.exec(line)?.[1];
    if (heading !== undefined) groups.push({ text: heading, items: [], isFolded: false });
    const found = [...line.matchAll(/\[([^\]]+)\]\(((?!\.\.)[^)#]+\.md)\)/g)];
    for (const [, text = '', target = ''] of found) groups.at(-1)?.items.push({ text, target });
  }
  return groups.filter(({ items }) => items.length > 0);
}

const sources = ['define-schema', 'sql', 'drizzle', 'prisma', 'typeorm', 'mikro-orm', 'sequelize'];

function errorGroups(): readonly Group[] {
  const byArea = Map.groupBy(errorEntries, ({ code }) => code.split('/')[0] ?? '');
  return [...byArea].map(([area, entries]) =>
    folded(
      area,
      entries.map(({ code }) => ({ text: code, target: `errors/${code}.md` })),
    ),
  );
}

/** One entry for each page of findings, by its code or its family. */
function findingEntries(): readonly Entry[] {
  const pages = Map.groupBy(codes, pageOf);
  return [...pages].map(([page, [first = '', ...more]]) => ({
    text: more.length === 0 ? first : `${first.replace(/-[a-z]+$/, '')}-…`,
    target: `findings/${page}`,
  }));
}

const reference = (): readonly Group[] => [
  folded(
    'Models',
    sources.map((name) => ({ text: name, target: `sources/${name}.md` })),
  ),
  folded(
    'Verbs',
    verbs.map(({ name }) => ({ text: name, target: `cli.md#${name}` })),
  ),
  folded(
    'Operations',
    Object.keys(handlers).map((kind) => ({ text: words(kind), target: `operations/${kebab(kind)}.md` })),
  ),
  folded(
    'Rules',
    rules.map(({ id }) => ({ text: id, target: `rules/${id}.md` })),
  ),
  folded('Findings', findingEntries()),
  folded('Errors', errorGroups()),
];

/** The whole table of contents. */
export const contents = (): readonly Group[] => [...indexed(), ...reference()];

/** All entries of groups within groups. */
export const entriesOf = (items: readonly (Entry | Group)[]): readonly Entry[] =>
  items.flatMap((item) => ('items' in item ? entriesOf(item.items) : [item]));
